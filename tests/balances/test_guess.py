"""What a label that nobody knows probably is: by the numbers around it, and by what stands beside it."""

from __future__ import annotations

import pytest

from carbonacct.balances.account.guess import find_frame, guess_labels, is_unit
from carbonacct.balances.proposals.candidates import (
    LabelSurroundings,
    find_like,
    list_kin,
    rank_ids,
)
from carbonacct.balances.proposals.hanging import (
    count_numbers,
    find_beside,
    rank_columns,
    sum_sizes,
)
from carbonacct.balances.sheet_stages import read_page
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import Sheet

WORDS = Mapping()


def read(text):
    """Return a sheet as its stages see it: ``/`` between rows, ``|`` between cells; no table may be found in it."""
    rows = [line.split("|") for line in text.split("/")]
    return read_page(
        Sheet(
            "a.csv", "", [[float(c) if c.lstrip("-").isdigit() else c for c in row] for row in rows]
        )
    )


def ask(text):
    """Return what is asked of a sheet: kind, label and how often it stands there."""
    return [f"{one.kind} {one.text} {len(one.cells)}" for one in guess_labels(read(text), WORDS)]


ROWS = "怪丁|1|2/怪戊|3|4"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        # Above the numbers products, beside them flows, if nothing says otherwise.
        (
            f"怪丙|怪甲|怪乙/{ROWS}",
            ["product 怪甲 1", "product 怪乙 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        ("标题|||/项目|怪甲|焦炭/工业|1|2/怪乙|3|4", ["product 怪甲 1", "flow 怪乙 1"]),
        # One known product beside the numbers, one flow above them, or units beside them turn it round.
        ("怪丙|怪甲|怪乙/原煤|1|2/怪戊|3|4", ["flow 怪甲 1", "flow 怪乙 1", "product 怪戊 1"]),
        (f"怪丙|工业|怪乙/{ROWS}", ["flow 怪乙 1", "product 怪丁 1", "product 怪戊 1"]),
        (
            "怪丙|怪甲|怪乙/怪丁(万吨)|1|2/怪戊|3|4",
            ["flow 怪甲 1", "flow 怪乙 1", "product 怪丁 1", "product 怪戊 1"],
        ),
        (
            f"怪丙|怪甲(万吨)|怪乙/{ROWS}",
            ["product 怪甲 1", "product 怪乙 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        (
            "怪丙|怪甲(万吨)|怪乙/怪丁(万吨)|1|2/怪戊|3|4",
            ["product 怪甲 1", "product 怪乙 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        # Years above the numbers: flows, or the products of what the title is about.
        (f"怪丙|2018|2019/{ROWS}", ["flow 怪丁 1", "flow 怪戊 1"]),
        ("怪丙|2018|2019/原煤|1|2/怪戊|3|4", ["product 怪戊 1"]),
        (f"工业能源|||/怪丙|2018|2019/{ROWS}", ["product 怪丁 1", "product 怪戊 1"]),
        # The same label is asked once; notes and units are no labels, months are.
        ("怪丙|怪甲|怪甲/怪丁|1|2/怪丁|3|4", ["product 怪甲 2", "flow 怪丁 2"]),
        ("怪丙|怪甲|注:说明/怪丁|1|2/资料来源:局|3|4", ["product 怪甲 1", "flow 怪丁 1"]),
        (
            f"怪丙|2019年1月|2019年2月/{ROWS}",
            ["product 2019年1月 1", "product 2019年2月 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        (
            f"x|怪甲|怪乙/|万吨|吨/{ROWS}",
            ["product 怪甲 1", "product 怪乙 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        (
            f"x|怪甲|怪乙/|(万吨)|(吨)/{ROWS}",
            ["product 怪甲 1", "product 怪乙 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        # Of several rows of headings the lowest text; a line of one text above them is the title.
        (
            f"怪头|||/怪丙|怪甲|怪乙/怪己|怪庚|怪辛/{ROWS}",
            ["product 怪庚 1", "product 怪辛 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        (ROWS, ["flow 怪丁 1", "flow 怪戊 1"]),
        (f"说明文字/{ROWS}", ["flow 怪丁 1", "flow 怪戊 1"]),
        # Labels in columns: what these hold is asked, and names of places are no labels.
        (
            "怪地|怪名|怪数/重庆|怪甲|1/重庆|怪乙|2/上海|怪甲|3",
            ["column 怪地 1", "column 怪名 1", "column 怪数 1"],
        ),
        (
            "怪地|怪名|怪数|怪数2|怪数3/江州市|怪甲|1|2|3/重庆|怪乙|2|3|4",
            ["product 怪数 1", "product 怪数2 1", "product 怪数3 1", "flow 怪甲 1", "flow 怪乙 1"],
        ),
        # A column of remarks, and one with a number now and then, hold no amounts of their own.
        (
            "怪丙|怪甲|怪乙|备注文字/怪丁|1|2|怪话/怪戊|3|4|",
            ["product 怪甲 1", "product 怪乙 1", "flow 怪丁 1", "flow 怪戊 1"],
        ),
        (
            "怪丙|怪甲|怪乙/怪丁|1|/怪戊|3|/怪己|4|5/怪壬|4|",
            ["product 怪甲 1", "flow 怪丁 1", "flow 怪戊 1", "flow 怪己 1", "flow 怪壬 1"],
        ),
        # Codes of areas tell no more than the areas beside them, whose header says what they are.
        (
            "Local Authority|LA Code|怪甲|怪乙|怪数3/怪乡|S12|1|2|3/怪镇|S13|2|3|4",
            ["product 怪甲 1", "product 怪乙 1", "product 怪数3 1"],
        ),
        ("怪甲/怪乙", []),
    ],
)
def test_what_is_asked_of_labels_around_numbers(text, asked):
    """Each label that is not known, as the product, flow or column that it probably is."""
    assert ask(text) == asked


def test_the_frame_of_a_table():
    """Header, first row of numbers, columns of texts and of numbers; names of places are areas."""
    frame = find_frame(read("怪头|||/||/怪丙|怪甲|怪乙/怪己|怪庚|怪辛/怪丁|1|2/怪戊|3|4"))
    assert (frame.header, frame.first, frame.stubs, frame.data) == (2, 4, (0,), (1, 2))
    assert (sorted(frame.heads), sorted(frame.labels)) == ([(3, 1), (3, 2)], [(4, 0), (5, 0)])
    long = find_frame(read("怪地|怪名|怪数/江州市|怪甲|1/河州市|怪乙|2/上海|怪甲|3"))
    assert (long.is_long, long.areas, sorted(long.labels)) == (
        True,
        ("江州市", "河州市", "上海"),
        [(1, 1), (2, 1), (3, 1)],
    )
    assert find_frame(read("怪甲/怪乙")) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("万吨", True), ("(万吨)", True), ("原煤(万吨)", False), ("原煤", False), (5.0, False)],
)
def test_a_unit_and_nothing_else(text, is_one):
    """In brackets or not; a label with its unit is no unit."""
    assert is_unit(text, WORDS) is is_one


KNOWN = (
    "重庆能源平衡表 2019||||/项目|原煤(万吨)|怪甲(万吨)|占比|焦炭(万吨)/终端消费量|10|20|30|40/"
    "工业|1|2|3|4/怪乙|5|6|7|-8/建筑业|2|2|3|1"
)


@pytest.mark.parametrize(
    ("cells", "count", "size"),
    [
        ([(1, 2)], 4, 30),  # below a head
        ([(4, 0)], 3, 19),  # of a row, without signs; the column of shares holds no amounts
        ([(1, 3)], 0, 0),
        ([(2, 1)], 1, 10),  # a number itself
        ([(1, 2), (4, 0)], 6, 43),  # each once
    ],
)
def test_what_hangs_on_a_label(cells, count, size):
    """Its numbers, and their share in the sum of all."""
    page = read(KNOWN)
    assert count_numbers(page, tuple(cells)) == count
    assert sum_sizes(page, tuple(cells)) == pytest.approx(size / 101)


def test_what_is_known_beside_a_label():
    """The nearest of its kind before and behind it, all that the table has, and the unit of its column."""
    page = read(KNOWN)
    products, flows = (
        frozenset({"raw_coal", "coke"}),
        frozenset({"final_consumption", "industry", "construction"}),
    )
    chinese = frozenset({"zh"})
    assert find_beside(page, "product", (1, 2)) == LabelSurroundings(
        "raw_coal", "coke", products, "1e4 t", chinese
    )
    assert find_beside(page, "product", (1, 1)) == LabelSurroundings(
        "", "coke", products, "1e4 t", chinese
    )
    assert find_beside(page, "flow", (4, 0)) == LabelSurroundings(
        "industry", "construction", flows, languages=chinese
    )
    assert find_beside(page, "flow", (5, 0)) == LabelSurroundings(
        "industry", "", flows, languages=chinese
    )
    assert find_beside(read("怪甲/怪乙"), "flow", (0, 0)) == LabelSurroundings(
        languages=frozenset({"zh", "ja"})
    )
    assert sum_sizes(read("怪甲/怪乙"), ((0, 0),)) == 0


@pytest.mark.parametrize(
    ("text", "column", "holds"),
    [
        ("怪地|怪名|怪数/重庆|工业|1/上海|工业|2/北京|建筑业|3", 0, {"area": 1.0}),
        ("怪地|怪名|怪数/重庆|工业|1/上海|工业|2/北京|建筑业|3", 1, {"flow": 1.0}),
        ("怪地|怪名|怪数/重庆|工业|1/上海|工业|2/北京|建筑业|3", 2, {}),
        ("怪|怪名|怪数/万吨|工业|1/吨|工业|2", 0, {"unit": 1.0}),
        ("怪|怪名|怪数/原煤|工业|1/怪物|工业|2", 0, {"product": 0.5}),
        ("怪|怪名|怪数/怪物|工业|1/怪兽|工业|2", 0, {}),
        # Four of five cells below are texts, or it is a column of numbers; blanks are none.
        ("怪|怪名/重庆|1/上海|2/|3/|4/北京|5/天津|5/7|5", 0, {"area": 1.0}),
        ("怪|怪名/重庆|1/上海|2/北京|5/7|5", 0, {}),
        # Years beside one column of texts are numbers as likely.
        ("怪|怪数/2018|1/2019|2", 0, {}),
        ("怪|怪名|怪类|怪数/2018|工业|原煤|1/2019|工业|原煤|2", 0, {"year": 1.0}),
        ("怪|怪名|怪类|怪数/2018|工业|原煤|1/5|工业|原煤|2", 0, {}),
    ],
)
def test_what_a_column_holds(text, column, holds):
    """By the cells below its header: years, or texts that are mostly areas, units, flows or products."""
    page = read(text)
    assert rank_columns(page, "column", ((0, column),)) == holds


def rank(kind, label, **beside):
    """Return what a label may mean, best first."""
    return rank_ids(kind, label, LabelSurroundings(**beside))


def test_letters_alone_make_nothing_certain():
    """A known word is 0.8 sure; one with additions 0.5 and half its share of letters; unlike words 0."""
    assert rank("product", "原煤")["raw_coal"] == pytest.approx(0.8)
    assert next(iter(rank("product", "汽油（车用）"))) == "gasoline"
    assert find_like("flow", "工业品")["industry"] == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert find_like("product", "zzz") == rank("product", "zzz") == {}
    assert all(0.4 <= like <= 1 for like in find_like("product", "车用汽油品").values())


def test_an_id_in_use_is_less_likely():
    """Two labels are mostly two things: three tenths as sure."""
    free = rank("product", "原煤")["raw_coal"]
    assert rank("product", "原煤", used=frozenset({"raw_coal"}))["raw_coal"] == pytest.approx(
        0.3 * free
    )
    assert list(rank("product", "原煤").values()) == sorted(
        rank("product", "原煤").values(), reverse=True
    )


def test_letters_and_place_make_each_other_surer():
    """Two doubts are multiplied: 1 - (1 - 0.8 a)(1 - 0.5 b)."""
    place = rank("flow", "zzz", before="industry", behind="transport")
    letters = find_like("flow", "建筑工")
    both = rank("flow", "建筑工", before="industry", behind="transport")
    assert len(place) == 5
    assert place["construction"] == pytest.approx(0.5 / 5**0.5)
    assert both["construction"] == pytest.approx(
        1 - (1 - 0.8 * letters["construction"]) * (1 - place["construction"])
    )


def test_many_ids_between_two_labels_say_nothing():
    """Up to eight do; of the wrong order none."""
    assert (
        rank("flow", "zzz", before="industry")
        == rank("flow", "zzz", before="transport", behind="industry")
        == {}
    )
    assert len(rank("flow", "zzz", behind="transport")) == 8


@pytest.mark.parametrize(
    ("kind", "beside", "first"),
    [
        ("product", {}, ["coal_total", "oil_total", "natural_gas", "electricity", "heat"]),
        ("product", {"unit": "t"}, ["coal_total", "oil_total"]),
        ("product", {"before": "gasoline", "unit": "t"}, ["kerosene", "diesel"]),
        ("flow", {}, ["primary_supply", "transformation"]),
        ("flow", {"before": "households_urban"}, ["households_rural", "households.space_heating"]),
    ],
)
def test_the_kin_of_the_labels_beside(kind, beside, first):
    """From the label before on; with none beside, flows of the top and the products that most tables have."""
    found = list_kin(kind, LabelSurroundings(**beside))
    assert found[: len(first)] == first


def test_a_product_that_the_unit_cannot_measure_is_none():
    """No electricity in tonnes; of a row the unit says nothing."""
    assert (
        rank("product", "电力", unit="kWh")["electricity"] == rank("product", "电力")["electricity"]
    )
    assert "electricity" not in rank("product", "电力", unit="1e4 t")
    assert rank("flow", "建筑业", unit="1e4 t") == rank("flow", "建筑业")


@pytest.mark.parametrize(
    ("label", "identifier", "like"),
    [
        (
            "Diesel xyzzy qqqq",
            "diesel",
            0.7 + 0.3 * 6 / 15,
        ),  # the first word, as far as it is of the whole
        ("Xyzzy diesel", "diesel", 0.5 + 0.5 * 6 / 11),  # a known word with something added
        ("diesel", "diesel", 1.0),
    ],
)
def test_how_like_a_label_is(label, identifier, like):
    """The first of several words, or the longest known word inside it."""
    assert find_like("product", label)[identifier] == pytest.approx(like)


@pytest.mark.parametrize(
    ("unit", "products"),
    [("t", ["coal_total", "oil_total"]), ("m3", ["natural_gas"]), ("TJ", None), ("", None)],
)
def test_without_labels_beside_the_unit_chooses_of_the_main_products(unit, products):
    """Those that it measures, and no others; energy measures all."""
    main = ["coal_total", "oil_total", "natural_gas", "electricity", "heat"]
    assert list_kin("product", LabelSurroundings(unit=unit)) == (products or main)


def test_a_header_has_two_cells_at_least():
    """Two cells above the numbers are a header; one is a title."""
    assert ask("怪丙|怪甲/怪丁|1/怪戊|2") == ["product 怪甲 1", "flow 怪丁 1", "flow 怪戊 1"]
    assert ask("|怪甲/怪丁|1/怪戊|2") == ["flow 怪丁 1", "flow 怪戊 1"]


def test_numbers_far_below_a_column_of_names_do_not_make_it_one_of_numbers():
    """A sheet of several small tables: what is asked of the first is said of its rows, whatever stands below."""
    below = "/".join(["标题"] + [f"{n}|" for n in range(11, 41)])
    assert "product 怪丁 1" in ask(f"|2018|2019/原煤|1|2/焦炭|3|4/怪丁|5|6/{below}")


@pytest.mark.parametrize(
    ("kind", "cell", "holds"),
    [
        # A header of a column of uses; what is asked for as a use in a row is no header.
        ("column", (1, 1), {"flow": 1.0}),
        ("flow", (1, 1), {"flow": 1.0}),
        ("flow", (2, 1), {}),
        ("column", (1, 0), {}),
    ],
)
def test_what_a_column_of_a_table_that_reads_holds(kind, cell, holds):
    """Below the header of a table, or in its rows."""
    page = read("重庆能源消费 2019|||/怪名|项目|原煤(万吨)/江津区|工业|1/合川区|建筑业|2")
    assert page.blocks
    assert rank_columns(page, kind, (cell,)) == holds
