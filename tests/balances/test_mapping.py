"""Mapping files: a table's own words."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.words.mapping import (
    _MAX_MEMORY,
    _layout_marks,
    _read_marks,
    layouts,
    read_mapping,
    read_words,
    words_for,
)
from carbonacct.errors import TableError

TABLE = "6-22 重庆能源平衡表-2015\n项目,大块煤(万担),焦炭(万吨)\n一号工厂,1,2\n上面,,\n其中项,3,4\n备注行,9,9\n"


def write(tmp_path, text, name="words.csv"):
    """Write a mapping file."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_words_of_all_kinds(tmp_path):
    """Flows, products, units, rows to leave out and names that hold below another row, with a sign."""
    words = write(
        tmp_path,
        "kind,name,id,sign,note\nflow,一号工厂,industry,,\nflow,上面,final_consumption,,\nflow,上面>其中项,construction,"
        "-1,printed the other way\n"
        "product,大块煤,raw_coal,,\nunit,万担,500 t,,\nignore_row,备注行,,,\narea,重庆,渝,,\n",
    )
    table = write(tmp_path, TABLE, "t.csv")
    balance = ca.read_balance(table, mapping=words)
    assert balance.areas == ["渝"]
    assert float(balance.amounts.sel(flow="industry", product="raw_coal").item()) == 500
    assert float(balance.amounts.sel(flow="construction", product="coke").item()) == -4e4
    assert [f.rule for f in balance.findings] == ["left-out"]
    assert ca.read_balance(table, mapping=read_mapping(words)).amounts.equals(balance.amounts)


def test_names_stand_for_ids_and_chinese_leaves_out(tmp_path):
    """A flow or product of a mapping is given by any of its names, and a row is left out in Chinese as well."""
    ids = (
        "flow,一号工厂,industry,,\nflow,上面>其中项,construction,,\nproduct,大块煤,raw_coal,,\n"
        "flow,备注行,pass over,,sum\n"
    )
    names = "flow,一号工厂,工业,,\nflow,上面>其中项,Construction,,\nproduct,大块煤,原煤,,\nflow,备注行,略过,,sum\n"
    found = [
        read_mapping(write(tmp_path, f"kind,name,id,sign,note\n{lines}", name))
        for name, lines in (("ids.csv", ids), ("names.csv", names))
    ]
    assert found[0] == found[1]
    assert found[1].flows["一号工厂"] == "industry"
    assert found[1].ignored_rows == {"备注行"}


def test_all_faults_at_once_with_their_lines(tmp_path):
    """Every fault of a mapping file is named with its line, with near names."""
    words = write(
        tmp_path,
        "kind,name,id,sign\nflow,工厂,industrry,\ncolour,a,b,\nunit,万担,many,\nproduct,,raw_coal,\nflow,x,industry,5\n",
    )
    with pytest.raises(TableError) as caught:
        read_mapping(words)
    message = str(caught.value)
    assert "\n" not in message
    for part in (
        "words.csv:2: flow 'industrry' does not exist; did you mean industry",
        "words.csv:3: kind 'colour'",
        "words.csv:4: 'many'",
        "words.csv:5: a product without a name",
        "words.csv:6: sign '5'",
    ):
        assert part in message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be opened"),
        (b"a,b\n1,2\n", "starts with the line kind,name,id"),
        (b"\xff\xfe\xfa", "cannot be read"),
        (b"", "starts with the line"),
    ],
)
def test_a_mapping_that_points_nowhere(tmp_path, content, message):
    """A file that is missing or is no mapping is one line that says so."""
    path = tmp_path / "words.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TableError, match=message) as caught:
        read_mapping(path)
    assert "\n" not in str(caught.value)


def test_shipped_layouts_load():
    """Each shipped layout names what it applies to, and none applies to a table of other words."""
    assert len(layouts()) >= 13
    assert all(layout.match and all(layout.match) for layout in layouts())
    assert words_for(["项目", "原煤", "工业"], None).flows == {}


def test_a_layout_is_told_by_its_marks_before_it_is_read(tmp_path):
    """The purpose of a layout is read first, also in Chinese kinds; a misspelt kind is an error."""
    assert _layout_marks() == [list(layout.match) for layout in layouts()]
    own = write(tmp_path, "类别,名称,编码\n适用于,甲表,\n项目,工业,industry\n")
    assert _read_marks(own) == list(read_mapping(own).match)
    wrong = write(tmp_path, "kind,name,id\nmtach,甲表,\n")
    with pytest.raises(TableError, match="kind 'mtach' is not one of"):
        _read_marks(wrong)


def test_words_are_kept_for_the_next_table():
    """The same texts give the same words again, with all that was looked up under them."""
    assert words_for(["电力能源平衡表"], None) is words_for(["电力能源平衡表"], None)


def test_memory_is_bounded():
    """What is remembered under a mapping does not grow without end."""
    words = words_for([], None)
    for number in range(_MAX_MEMORY + 10):
        words.remember(("test", number), lambda: 1)
    assert len(words.memory) <= _MAX_MEMORY


def test_what_is_remembered_belongs_to_its_words(tmp_path):
    """One table read with two mappings in turn, and with none, gives what each reading gives alone."""
    table = write(
        tmp_path, "重庆能源平衡表 2015\n项目,其他煤(万吨),焦炭(万吨)\n工业,1,2\n其他,3,4\n", "t.csv"
    )
    first = write(
        tmp_path, "kind,name,id\nproduct,其他煤,raw_coal\nflow,其他,other_services\n", "first.csv"
    )
    second = write(
        tmp_path,
        "kind,name,id\nproduct,其他煤,other_washed_coal\nflow,其他,construction\nunit,万吨,1e3 t\n",
        "second.csv",
    )
    for _ in range(2):
        balance = ca.read_balance(table, mapping=first)
        assert (balance.flows, balance.products) == (
            ["industry", "other_services"],
            ["raw_coal", "coke"],
        )
        balance = ca.read_balance(table, mapping=second)
        assert (balance.flows, balance.products) == (
            ["industry", "construction"],
            ["other_washed_coal", "coke"],
        )
        assert balance.amounts.values.ravel().tolist() == [1e3, 2e3, 3e3, 4e3]
        with pytest.raises(TableError, match="其他煤"):
            ca.read_balance(table)


def test_tables_of_one_shape_share_nothing_that_can_change(tmp_path):
    """What is written on one balance does not reach the next that has the same rows and columns."""
    table = write(tmp_path, "重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2\n", "t.csv")
    one = ca.read_balance(table)
    one.amounts["flow"].attrs["note"] = "mine"
    one.amounts.values[:] = 0
    other = ca.read_balance(table)
    assert other.amounts["flow"].attrs == {}
    assert other.amounts.values.ravel().tolist() == [1e4, 2e4]


@pytest.mark.parametrize(
    "text",
    [
        "项目,数值(吨)\n煤炭:库存变化量,7\n煤炭:终端消费量,100\n",
        "年份,煤炭:库存变化量(吨),煤炭:终端消费量(吨)\n2019,7,100\n",
    ],
    ids=["row", "column"],
)
def test_a_sign_holds_inside_a_label_that_joins_several_things(tmp_path, text):
    """Gas Oil/ Diesel Oil - Stock changes of the United Nations: the word of the mapping is a step of the label."""
    table = write(tmp_path, "某市能源平衡表（2019年）\n" + text, "t.csv")
    words = write(tmp_path, "kind,name,id,sign,note\nflow,库存变化量,stock_change,-1,into stocks\n")
    amounts = ca.read_balance(table, mapping=words).amounts.sel(product="coal_total")
    assert float(amounts.sel(flow="stock_change").item()) == -7
    assert float(amounts.sel(flow="final_consumption").item()) == 100


def test_a_row_of_a_fuel_whose_use_a_mapping_says_keeps_its_fuel(tmp_path):
    """天然气 alone among sectors names no use: a mapping gives it, and the label still says what is used."""
    table = tmp_path / "page.csv"
    table.write_text(
        "2021年绍兴市能源消费情况,,\n,单位,2021年\n全社会用电量,亿千瓦时,220.4\n居民生活,亿千瓦时,30.0\n天然气,亿立方米,14.5\n",
        encoding="utf-8",
    )
    words = write(tmp_path, "kind,name,id\nflow,天然气,final_consumption\n")
    found = (
        ca.read_balance(table, mapping=words).quantity("natural_gas").sel(flow="final_consumption")
    )
    assert found.item().to("m3").magnitude == 1.45e9


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("unit,万担,", "unit '万担' has no id yet; choose one"),
        ("unit,万担,pass over", "a unit cannot be passed over: give '万担' one"),
        (
            "flow,楼宇,",
            "flow '楼宇' has no id yet; choose one (see the lists in the documentation), or write pass over",
        ),
        ("sheet,表2,", "sheet '表2' has no id yet; choose one (read), or write pass over"),
        (
            "flow,楼宇,pass over",
            "'楼宇' is passed over without a reason; write it into the column note",
        ),
        ("sheet,表2,industry", "a sheet has the id read or pass over, not 'industry'"),
        ("column,类别,industri", "a column holds "),
        ("decimal,7,,", "decimal '7' has no mark yet; write . or , into id"),
        ("decimal,7,;", "decimal ';' is not , or ."),
        ("basis,middle,", "basis 'middle' is not gross or net"),
        ("mark,§,nothing", "'nothing' is not a kind of nothing: "),
        ("product,佚名,raw_cole", "product 'raw_cole' does not exist; did you mean raw_coal"),
        (
            "flow,佚名,qqqqqqqq",
            "flow 'qqqqqqqq' does not exist; see the list of flows in the documentation",
        ),
    ],
)
def test_a_fault_of_a_line_is_said_with_its_line(tmp_path, line, fault):
    """What is wrong and what may stand there; a line below it that is right is no fault."""
    words = write(tmp_path, f"kind,name,id,sign,note\n{line}\nflow,工厂,industry,,\n")
    with pytest.raises(TableError) as caught:
        read_mapping(words)
    assert f"words.csv:2: {fault}" in str(caught.value)
    assert "words.csv:3" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "flow,楼宇,pass over,,a part of industry",
        "sheet,表2,pass over,,another year",
        "sheet,表2,read,,",
        "column,类别,area,,",
        "column,类别,industry,,",
        "decimal,7,.,,",
        "basis,gross,,,",
        "mark,§,,,",
    ],
)
def test_lines_that_have_no_fault(tmp_path, line):
    """Of each kind one that may stand so."""
    read_mapping(write(tmp_path, f"kind,name,id,sign,note\n{line}\n"))


def test_a_layout_that_is_known_by_a_code_or_by_its_words(tmp_path):
    """A code is a word of the sheet and no part of one; words stand anywhere in a text, whatever the spaces."""
    folder = tmp_path / "layouts"
    folder.mkdir()
    for name, mark, flow in (("code", "QXZV9", "industry"), ("words", "某某 年报", "transport")):
        lines = f"kind,name,id,sign,note\nmatch,{mark},,,\nflow,胡言{name},{flow},,\n"
        (folder / f"{name}.csv").write_text(lines, encoding="utf-8")
    own = read_words(None, folder)
    for texts, flows in {
        ("Table QXZV9 of 2019",): {"胡言code": "industry"},
        ("table qxzv9",): {"胡言code": "industry"},
        ("QXZV91",): {},
        ("某某年报 2019",): {"胡言words": "transport"},
        ("x", "某某 年报", "QXZV9"): {"胡言code": "industry", "胡言words": "transport"},
        ("某某",): {},
    }.items():
        found = words_for(texts, own).flows
        assert {word: flow for word, flow in found.items() if word.startswith("胡言")} == flows
