"""The words of the page are whole in both languages, each is used, and no template lets a text through as it is."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from carbonacct.projects.output_plan import Output
from carbonacct.texts import say
from carbonacct.web.page_rendering import render
from carbonacct.web.page_texts import tell
from carbonacct.web.web_words import FILES, load_words, word
from tests.test_architecture import ROOT

_CODE = "\n".join(
    path.read_text(encoding="utf-8") for path in [*FILES.glob("*.html"), *FILES.parent.glob("*.py")]
)


def names_of(text):
    """Return the names of the values in a text."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("section", load_words())
def test_both_languages_say_the_same(section):
    """Each text has Chinese and English, with the same values in it."""
    for key, pair in load_words()[section].items():
        assert len(pair) == 2, key
        zh, en = pair
        assert names_of(zh) == names_of(en), key
        assert zh, key
        assert en, key
        known = {"English", "中文"}
        if zh not in known and not re.fullmatch(r"[A-Za-z{}0-9 ./()CO]*", zh):
            assert re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", zh), (
                key
            )  # marks as well: 、 between names
        assert en in known or not re.search(r"[\u4e00-\u9fff]", en.replace("重庆", "")), key


def test_every_word_that_is_asked_for_is_there():
    """Each word that a template or a refusal names has its text, and each section is used."""
    asked = set(re.findall(r"""t\(["'](\w+\.\w+)["']""", _CODE)) | set(
        re.findall(r"""WebError\(\s*\d+, "(\w+\.\w+)""", _CODE)
    )
    assert len(asked) > 100
    for key in sorted(one for one in asked if not one.endswith("_") and one != "section.key"):
        assert word(key, "zh", **dict.fromkeys(names_of(word(key, "zh")), "x")), key
    for section in load_words():
        assert re.search(rf"""["']{section}["'.]""", _CODE), section


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_names_its_own_places_and_not_options(lang):
    """What the command line asks for by options that reading names, the page asks for by what stands on it."""
    for template in (
        "pass --area if it is another",
        "pass --year if it is another",
        "no year is named; pass --year",
    ):
        told = tell(say(template), lang)
        assert "--" not in told, told
        assert word("option.year", lang) in told
    assert tell(say("take Approach 2 (--approach 2)"), "zh") == "请以方法二为准（--approach 2）"


def test_no_template_lets_a_text_through():
    """Texts of tables are escaped: no template switches that off or puts one in a style or script."""
    for path in FILES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup|<script>|\sstyle=|\son\w+=", text), (
            path.name
        )
    assert "Markup" not in _CODE
    shown = render("error.html", "en", text="<script>")
    assert "&lt;script&gt;" in shown


def test_states_have_words():
    """Each state that an output may have is said."""
    described = Output.__doc__ or ""
    states = re.findall(r"``(\w+)``", described.partition("state\n")[2].partition("message")[0])
    assert len(states) == 7
    for state in states:
        assert word(f"state.{state}", "zh")


def test_the_page_loads_when_it_is_asked_for():
    """Neither the package nor the other commands load the page; the server itself loads no tables of pandas."""
    script = (
        "import sys, contextlib\nfrom carbonacct.cli.main import _build_parser\n"
        "with contextlib.suppress(SystemExit): _build_parser().parse_args(['--help'])\nprint([n for n in "
        "sys.modules if n.startswith('carbonacct.web')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.rstrip().endswith("[]")
    script = (
        "import sys, carbonacct.web.serving\nprint([n for n in ('pandas', 'xarray', 'pint', 'scipy', 'openpyxl') "
        "if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_what_the_page_loads_is_small():
    """Templates, words, style and script together: no library is needed."""
    assert sum(path.stat().st_size for path in Path(FILES).iterdir()) < 150_000
