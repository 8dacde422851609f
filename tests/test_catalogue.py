"""Every sentence of the program is a template, stands in the catalogue, and is said in Chinese."""

import ast
import csv
import json
import re
import subprocess
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import catalogue
from carbonacct.catalogue import in_language, tell_note
from carbonacct.cli import main
from carbonacct.cli.main import _build_parser
from carbonacct.cli.speaking import Manner, speaking
from carbonacct.data import read_rows
from carbonacct.errors import Finding, StoppedError, TableError, describe_finding, read_finding
from carbonacct.factors.method_names import method_ids
from carbonacct.texts import Both, Text, describe_text, join_texts, read_text, say

ROOT = Path(__file__).parent.parent
PROGRAM = sorted((ROOT / "carbonacct").rglob("*.py"))
MESSAGES = ROOT / "factors" / "messages"
LATIN = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Words that no id, option, file or unit is: one of them in Chinese is English that was left.
ENGLISH = re.compile(
    r"(?<![\w./,'=*-])(?:the|an|of|is|are|was|were|and|not|no|it|its|be|been|with|has|have|give|write|must|"
    r"which|that|this"
    r"|these|than|where|there|more|add|correct|known|see|use|used|needs|keep|cannot)(?![\w./,'=*-])"
)
SHORT = {"more", " of {gas}", " of {product}"}  # a counter, and what Chinese says by its brackets
TABLE = ROOT / "docs" / "tables" / "chongqing_2007.csv"


def _calls(tree, names):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = (
                node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            )
            if name in names:
                yield node


def _names_of_say(tree):
    """Return what a module calls `say` of `carbonacct.texts`."""
    imports = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "carbonacct.texts"
    ]
    return {one.asname or one.name for node in imports for one in node.names if one.name == "say"}


def _literals(node, tree):
    """Return the templates of an expression: a literal, one of two, or a name assigned in the module."""
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body, tree), *_literals(node.orelse, tree)]
    if isinstance(node, ast.Name):
        given = [
            one.value
            for one in ast.walk(tree)
            if isinstance(one, ast.Assign)
            and node.id in {getattr(to, "id", "") for to in one.targets}
        ]
        found = [
            text
            for value in given
            if isinstance(value, (ast.Constant, ast.IfExp))
            for text in _literals(value, tree)
        ]
        assert found, f"line {node.lineno}: a template is a literal"
        return [text for text in found if isinstance(text, str)]
    assert isinstance(node, ast.Constant), f"line {node.lineno}: a template is a literal"
    return [node.value]


def _templates():
    found = set()
    for path in PROGRAM:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = _names_of_say(tree)
        for call in _calls(tree, {*names, "say"}):
            if ast.unparse(call.func) in {*names, "texts.say"}:
                found |= set(_literals(call.args[0], tree))
    return found


def _rows(name):
    with (MESSAGES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _fields(template):
    return sorted(
        (name, conversion or "") for _, name, _, conversion in Formatter().parse(template) if name
    )


def _literal_text(template):
    return "".join(literal for literal, *_ in Formatter().parse(template))


def test_the_catalogue_has_every_template_and_no_other():
    """A sentence without Chinese fails here, and Chinese that nothing says."""
    assert {row[0] for row in _rows("zh.csv")} == _templates()


@pytest.mark.parametrize("name", ["zh.csv", "words.csv"])
def test_the_catalogue_is_sorted_and_says_each_sentence_once(name):
    """Two people who add sentences change different lines."""
    keys = [row[0] for row in _rows(name)]
    assert keys == sorted(set(keys))


def test_both_languages_have_the_same_places():
    """What is missing in Chinese would be lost, what is new would raise."""
    wrong = [row for row in _rows("zh.csv") if _fields(row[0]) != _fields(row[1])]
    assert wrong == []


def test_chinese_keeps_no_english():
    """A Latin word of the Chinese is in the English too (id, option, unit), and is no English word."""
    for english, chinese in _rows("zh.csv"):
        kept = set(LATIN.findall(_literal_text(chinese)))
        assert kept <= set(LATIN.findall(_literal_text(english))), chinese
        assert not ENGLISH.search(_literal_text(chinese)), chinese
    for _, chinese in _rows("words.csv"):
        assert CHINESE.search(chinese), chinese


def test_a_sentence_has_chinese():
    """Where the English has words that are no ids, the Chinese has characters."""
    for english, chinese in _rows("zh.csv"):
        words = [
            word for word in ENGLISH.findall(_literal_text(english)) if word not in {"the", "of"}
        ]
        if words and english not in SHORT:
            assert CHINESE.search(chinese), english


def test_what_is_raised_and_found_is_a_text():
    """An error or a finding made of a plain literal or f-string could not be said in Chinese."""
    errors = {
        name for name in _names_of_errors() if name not in {"AssertionError", "AttributeError"}
    }
    for path in PROGRAM:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in _calls(tree, errors):
            for said in call.args[:1]:
                assert not isinstance(said, (ast.JoinedStr, ast.Constant)), (
                    f"{path.name}:{call.lineno}"
                )
        for call in _calls(tree, {"Finding"}):
            texts = [
                *call.args[2:3],
                *call.args[4:5],
                *(k.value for k in call.keywords if k.arg in {"message", "action"}),
            ]
            for said in texts:
                plain = isinstance(said, ast.JoinedStr) or (
                    isinstance(said, ast.Constant) and said.value
                )
                assert not plain, f"{path.name}:{call.lineno}"


def _names_of_errors():
    tree = ast.parse((ROOT / "carbonacct" / "errors.py").read_text(encoding="utf-8"))
    return {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    }


def test_reasons_of_methods_have_chinese():
    """What a method's file says of its own choices stands in findings."""
    reasons = set()
    for path in (ROOT / "factors" / "methods").rglob("*.toml"):
        reasons |= set(
            re.findall(
                r'^(?:covers_)?reason = "(.*)"$', path.read_text(encoding="utf-8"), re.MULTILINE
            )
        )
    assert reasons
    assert {
        one for one in reasons if one not in catalogue.words() and not CHINESE.search(one)
    } == set()


def test_values_are_said_by_their_names():
    """A product is called by its name; what is quoted is printed so and stays."""
    text = say("{product} of {flow}", product="raw_coal", flow="industry")
    assert in_language(text, "zh") == "工业的原煤"
    assert in_language(text, "en") == "raw_coal of industry"
    quoted = say("no product {product!r}; {near}", product="raw_coal", near=say("add it"))
    assert in_language(quoted, "zh") == "没有品种“raw_coal”；请补上"


def test_texts_within_texts_and_lists():
    """Nested texts and joined ones are in one language, their separators too."""
    inner = say("known: {known}", known=join_texts(", ", ["raw_coal", "coke"]))
    text = say("no product {product!r}; {near}", product="x", near=inner)
    assert in_language(text, "zh") == "没有品种“x”；可用：原煤、焦炭"
    assert in_language(join_texts("; ", [say("add it"), say("none")]), "zh") == "请补上；无"
    assert in_language(join_texts(", ", []), "zh") == ""


def test_numbers_keep_their_form():
    """The format of a number is that of the template."""
    assert in_language(say("{co2:,.0f} t CO2", co2=1234567.8), "zh") == "1,234,568 吨二氧化碳"


def test_what_another_package_says_stays():
    """A text that is not ours is passed on."""
    assert (
        in_language("Excel file format cannot be determined", "zh")
        == "Excel file format cannot be determined"
    )
    assert (
        in_language(say("{what} of the twelfth of never", what="coke"), "zh")
        == "焦炭 of the twelfth of never"
    )


def test_a_text_stays_one_through_errors_and_findings():
    """str() of an error, of several, and of a finding know their templates."""
    error = TableError(
        say(
            "{path}: cannot be opened ({strerror}); check the path",
            path="a.csv",
            strerror="Permission denied",
        )
    )
    assert (
        in_language(str(error), "zh")
        == in_language(str(StoppedError([error])), "zh")
        == "a.csv：无法打开（没有权限）；请检查路径"
    )
    finding = Finding(
        "r", "warning", say("no reference approach: {error}", error=error), "b!c", say("add it")
    )
    assert (
        in_language(str(finding), "zh")
        == "b!c：没有参考方法：a.csv：无法打开（没有权限）；请检查路径；请补上"
    )
    assert (
        str(finding)
        == "b!c: no reference approach: a.csv: cannot be opened (Permission denied); check the path; add it"
    )
    assert isinstance(str(error) + " more", Text)
    assert isinstance("before " + str(error), Text)


def test_findings_travel_as_data():
    """JSON of a finding carries rule, place, template and values, and reads back equal and bilingual."""
    reason = Both("a wide range", "宽范围")
    text = say(
        "{area} {year} emits {ratio:.4g} {unit}; {reason} is {lower} to {upper}",
        area="重庆",
        year=2007,
        ratio=1.23456,
        unit="t",
        reason=reason,
        lower=0,
        upper=float("inf"),
    )
    finding = Finding("implausible", "warning", text, "a!b", say("add it"))
    held = json.loads(json.dumps(describe_finding(finding)))
    assert held["said"]["message"]["values"]["ratio"] == 1.23456
    assert (held["rule"], held["where"]) == ("implausible", "a!b")
    again = read_finding(held)
    assert again == finding
    assert (
        in_language(str(again), "zh")
        == in_language(str(finding), "zh")
        == "a!b：重庆 2007 年排放 1.235 t；合理范围为 0 到 inf（宽范围）；请补上"
    )


@given(st.lists(st.text(max_size=5), max_size=4), st.sampled_from([", ", "; ", " and ", "\n"]))
def test_a_list_in_english_is_as_joined(words, separator):
    """English stays the same to the letter, and a list reads back from data."""
    text = join_texts(separator, words)
    assert str(text) == separator.join(words)
    assert in_language(text, "en") == separator.join(words)
    assert read_text(json.loads(json.dumps(describe_text(text)))) == text


def test_a_run_in_chinese_says_nothing_in_english(capsys, tmp_path):
    """Findings on the terminal, in the page, the workbook and the chapter are Chinese."""
    outputs = [tmp_path / f"清单.{kind}" for kind in ("html", "xlsx", "docx")]
    words = [word for path in outputs for word in ("-o", str(path))]
    assert (
        main(["inventory", str(TABLE), "--method", "provincial-2011", "--lang", "zh", *words]) == 0
    )
    said = capsys.readouterr()
    english = re.compile(r"\b[a-z]+ [a-z]+ [a-z]+\b")
    assert english.search(said.out + said.err) is None
    assert "没有列出原煤的因子" in said.out
    assert "没有列出原煤的因子" in outputs[0].read_text(encoding="utf-8")
    findings = pd.read_excel(outputs[1], sheet_name="检查发现", engine="calamine").fillna("")
    assert (
        not findings[["内容", "处理"]]
        .apply(lambda column: column.str.contains(english))
        .any(axis=None)
    )


def test_faults_in_chinese(capsys):
    """Words that are not understood, files that are not there, help: all in the language asked for."""
    with pytest.raises(SystemExit):
        main(["inventory", "--lang", "zh"])
    assert capsys.readouterr().err.startswith(
        "carbonacct inventory：缺少参数：FILE、--method（可用：ceads、"
    )
    with pytest.raises(SystemExit):
        main(["--lang", "zh", "inventroy"])
    assert (
        capsys.readouterr().err
        == "carbonacct：没有命令“inventroy”；是否指 inventory？说明见 carbonacct --help\n"
    )
    assert main(["check", "没有.csv", "--lang", "zh"]) == 2
    assert capsys.readouterr().err == "没有.csv：无法打开（没有这个文件或文件夹）；请检查路径\n"
    with pytest.raises(SystemExit):
        main(["check", "--lang", "zh", "--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("用法：carbonacct check ")
    assert re.search(r"[a-z]+ [a-z]+ [a-z]+ [a-z]+", shown) is None


def test_what_is_typed_stays_as_it_is_typed(tmp_path, capsys):
    """A name of a column, an id or a table that a message offers can be typed as the message prints it."""
    panel, inventory = tmp_path / "panel.csv", tmp_path / "inventory.csv"
    panel.write_text("hello,world\n1,2\n", encoding="utf-8")
    inventory.write_text("area,sector\nx,1\n", encoding="utf-8")
    zh = ["--lang", "zh"]
    assert main(["decompose", str(panel), "--identity", "kaya", *zh]) == 2
    assert "现有列：hello、world" in capsys.readouterr().err
    assert (
        main(
            [
                "decoupling",
                "docs/tables/countries_1990_2016.csv",
                "--pressure",
                "co2",
                "--driver",
                "gpd",
                *zh,
            ]
        )
        == 2
    )
    assert "是否指 gdp？" in capsys.readouterr().err
    assert main(["neutrality", str(inventory), "--gas", "CO2", *zh]) == 2
    assert "没有列 year、flow、product、" in capsys.readouterr().err
    assert (
        main(
            [
                "official",
                "docs/tables/chongqing_2007.csv",
                "--method",
                "provincial-2011",
                "--table",
                "provncial",
                *zh,
            ]
        )
        == 2
    )
    assert "是否指 provincial、provincial-land、" in capsys.readouterr().err


def test_every_option_is_explained():
    """No option of any command stands in the help without a word about it, in either language."""
    for lang in ("en", "zh"):
        with speaking(Manner(lang)):
            parser = _build_parser()
            commands = next(one for one in parser._actions if "check" in (one.choices or ()))
        bare = {
            (name, option.option_strings[0])
            for name, command in commands.choices.items()
            for option in command._actions
            if option.option_strings and not option.help
        }
        assert bare == set(), lang


def test_known_methods_stand_beside_the_option_that_takes_them(capsys):
    """What else is missing is not followed by the list of methods."""
    with pytest.raises(SystemExit):
        main(["--lang", "en", "trace", "table.csv"])
    said = capsys.readouterr().err
    assert re.search(r"required: --method \(one of ceads, .*\), --flow; ", said)


def test_every_help_is_in_chinese():
    """No option of any command is explained in English to a reader of Chinese."""
    with speaking(Manner("zh")):
        parser = _build_parser()
        commands = next(action for action in parser._actions if "check" in (action.choices or ()))
        shown = {name: command.format_help() for name, command in commands.choices.items()}
    for name, text in shown.items():
        left = re.search(
            r"(?<![-\w/.'\"=*{])[a-z]{2,} (?:the|of|is|a|in|that|and|to|with) [a-z]+", text
        )
        assert left is None, (name, left)


def test_the_environment_says_the_language(monkeypatch, capsys):
    """LC_ALL before LANG; --lang before both."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    assert main(["check", "没有.csv"]) == 2
    assert "无法打开" in capsys.readouterr().err
    assert main(["check", "没有.csv", "--lang", "en"]) == 2
    assert "cannot be opened" in capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main(["check", "没有.csv"]) == 2
    assert "cannot be opened" in capsys.readouterr().err


def test_english_is_what_it_was():
    """The English of a finding is its text, without a catalogue."""
    inventory = ca.compile_inventory(TABLE, method="provincial-2011")
    assert [in_language(str(one), "en") for one in inventory.findings] == [
        str(one) for one in inventory.findings
    ]


def test_chinese_words_where_an_id_is(capsys):
    """A gas and a product by their Chinese names."""
    assert main(["factors", "--method", "provincial-2011", "--product", "柴油"]) == 0
    named = capsys.readouterr().out
    assert main(["factors", "--method", "provincial-2011", "--product", "diesel"]) == 0
    assert capsys.readouterr().out == named
    words = ["inventory", str(TABLE), "-o", "-", "--method"]
    assert main([*words, "省级指南", "--gas", "甲烷"]) == 0
    methane = capsys.readouterr().out
    assert main([*words, "provincial-2011", "--gas", "CH4"]) == 0
    assert capsys.readouterr().out == methane


def test_quiet_and_excel(capsys, tmp_path):
    """--quiet says nothing of success; --excel puts the mark before CSV, which reads back equal."""
    plain, marked = tmp_path / "a.csv", tmp_path / "b.csv"
    words = ["inventory", str(TABLE), "--method", "ceads", "--quiet"]
    assert main([*words, "-o", str(plain)]) == 0
    assert main([*words, "-o", str(marked), "--excel"]) == 0
    assert capsys.readouterr() == ("", "")
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    assert ca.read_inventory(marked).entries.equals(ca.read_inventory(plain).entries)
    assert main(["check", "没有.csv", "--quiet", "--lang", "en"]) == 2
    assert "cannot be opened" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("inv", "inventory"), ("inventory --me", "--method"), ("completion f", "fish")],
)
def test_bash_completes(capsys, typed, offered):
    """The script of bash offers commands, options and choices."""
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    words = ["carbonacct", *typed.split()]
    asked = (
        f"{script}\nCOMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; _carbonacct; "
        'echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert offered in done.stdout.split()


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_know_every_command(capsys, shell):
    """Each command and its options stand in the script."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    parser = _build_parser()
    commands = next(action for action in parser._actions if "check" in (action.choices or ()))
    assert all(name in script for name in commands.choices)
    assert ("-l grid" if shell == "fish" else "--grid") in script


def test_every_note_of_a_factor_is_said_in_chinese_with_its_numbers():
    """Each clause of the notes of all editions is in the catalogue; its numbers stand there as they were."""
    skipped = {"vocabulary", "published", "messages", "layouts", "reports", "methods"}
    files = [
        file
        for file in sorted((ROOT / "factors").rglob("*.csv"))
        if file.relative_to(ROOT).parts[1] not in skipped
    ]
    rows = [row for file in files for row in read_rows(file)]
    notes, items = ({row.get(name, "") for row in rows} for name in ("note", "item"))
    numbers = re.compile(r"\d[\d.,]*\d|\d")
    known = set()
    for note in notes - {""}:
        told = tell_note(note, "zh")
        assert numbers.findall(told) == numbers.findall(note)
        assert not ENGLISH.search(told), note
        for clause in note.split("; "):
            key = numbers.sub("#", clause)
            known.add(key)
            assert clause.startswith("cells: ") or key in catalogue.notes(), clause
    foreign = {item for item in items if item.isascii() and re.search("[A-Za-z]{3}", item)}
    known |= {numbers.sub("#", item) for item in foreign}
    assert {item for item in foreign if tell_note(item, "zh") == item} == set()
    assert set(catalogue.notes()) <= known  # a line that no note needs is an old one


def test_what_methods_assume_of_roles_is_said_in_both_languages():
    """A reason of a method's file stands inside a sentence: it has Chinese among the words."""
    known = {row[0] for row in _rows("words.csv")}
    reasons = {reason for name in method_ids() for reason in ca.load_method(name).assumed.values()}
    assert reasons
    assert reasons <= known


def test_a_place_of_several_years_keeps_its_language_in_the_store():
    """What a project keeps of a finding is said in Chinese with Chinese marks between the places."""
    found = Finding("r", "info", "x", join_texts(", ", ["重庆 2007", "重庆 2008"]))
    again = read_finding(json.loads(json.dumps(describe_finding(found))))
    assert in_language(str(again), "zh") == "重庆 2007、重庆 2008：x"
