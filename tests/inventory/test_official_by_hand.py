"""Official tables of a few rows that are written down here: which row takes an entry, which key an empty cell bears."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.errors import FactorDataError
from carbonacct.inventory.joining import join_inventories
from carbonacct.inventory.official.filling import NO_COLUMN, RowQuality, fill_layout, kind_of_gas
from carbonacct.inventory.official.layouts import OfficialLayout, Row, Selector, read_layout
from carbonacct.inventory.official.notation_keys import Covered
from carbonacct.inventory.official.placing import MEMO, NO_ROW, OTHER_SECTOR, SCOPE2, place_entries
from tests.inventory.entries import make


def lay_out(*rows, gases=("CO2", "CH4"), unit="t", **more):
    """Return a layout of rows."""
    return OfficialLayout(
        "mine", "表", "t", "表", "t", "r", "single", unit, gases, tuple(rows), **more
    )


def row(code, level=0, *, of=(), **more):
    """Return a row that takes categories, or what else its selector names."""
    chosen = {name: more.pop(name) for name in ("sources", "items", "fuel", "kind") if name in more}
    selectors = (Selector(of=of, **chosen),) if of or chosen else ()
    return Row(code, code, code, level, more.pop("selectors", selectors), **more)


def placed(layout, *labels, **more):
    """Return the code of the row of an entry (flow, category), or why it has none."""
    entries = make((*labels, "CO2", 1), **more).entries
    place = int(place_entries(entries, layout)[0])
    return layout.rows[place].code if place >= 0 else place


TREE = lay_out(
    row("all", of=("1",)),
    row("fuel", 1, of=("1.A",)),
    row("industry", 2, of=("1.A.2",)),
    row("cement", 2, of=("1.A.2",), sources=("kilns",)),
    row("coal", 2, of=("1.A.2",), items=("raw_coal",)),
    row("wood", 2, of=("1.A",), fuel="biomass"),
    row("brought in", kind="scope2"),
    row("stoves", sources=("stoves",)),
)


@pytest.mark.parametrize(
    ("labels", "more", "found"),
    [
        (("f", "1.A.2.f"), {}, "industry"),
        (("f", "1.A.2"), {}, "industry"),
        (("f", "1.A.20"), {}, "fuel"),  # begins alike and is no part of it
        (("f", "1.B"), {}, "all"),
        (("kilns", "1.A.2"), {}, "cement"),
        (("kilns.remainder", "1.A.2"), {}, "cement"),
        (("kilns", "1.A.4"), {}, "fuel"),
        (("f", "1.A.2"), {"product": "raw_coal"}, "coal"),
        (("f", "1.A.2"), {"product": "raw_coal,washed"}, "coal"),
        (("kilns", "1.A.2"), {"product": "raw_coal"}, "cement"),  # a source says more than an item
        (("f", "1.A.4"), {"product": "wood"}, "wood"),
        (
            ("f", "1.A.2"),
            {"product": "wood"},
            "industry",
        ),  # a nearer category says more than a fuel
        (("f", "2.A.1"), {}, NO_ROW),
        (("stoves", "2.A.1"), {}, "stoves"),
        (("stoves", "1"), {}, "all"),  # any category says more than a source
        (("moved_in", ""), {"kind": "scope2"}, "brought in"),
        (("f", "1.A.2"), {"kind": "memo"}, MEMO),
        (("f", "1.A.2"), {"kind": "removal"}, "industry"),
    ],
)
def test_the_nearest_row_takes_an_entry(labels, more, found):
    """By its category, then its source, its item and its fuel."""
    assert placed(TREE, *labels, **more) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [("1.A.2.f", "both"), ("1.A.2", "both"), ("1.A.4", "fuel"), ("1.B", "both"), ("2.C.1", "both")],
)
def test_of_several_categories_of_a_row_the_nearest_counts(code, found):
    """A row of all energy, and of manufacturing in particular, leaves fuel to another row but for manufacturing."""
    layout = lay_out(row("both", of=("1", "1.A.2", "2.C")), row("fuel", of=("1.A",)))
    assert placed(layout, "f", code) == found


def test_what_stands_in_no_row_has_its_reason():
    """Of another sector, scope 2 or a memo item where the table has no row of them, no row, no column."""
    layout = lay_out(row("a", of=("2.A",)), gases=("CO2",), sectors=("processes",))
    assert placed(layout, "f", "1.A.2") == OTHER_SECTOR
    assert placed(layout, "f", "2.B") == NO_ROW
    assert placed(layout, "moved_in", "", kind="scope2") == SCOPE2
    assert placed(layout, "f", "2.A.1", kind="memo") == MEMO
    assert placed(lay_out(row("a", of=("2.A",))), "f", "1.A.2") == NO_ROW
    table = fill_layout(make(("f", "2.A.1", "CO2", 3), ("g", "2.A.1", "N2O", 4)), layout)
    assert table.placed.row.tolist() == [0, NO_COLUMN]
    assert table.listed[["flow", "gas", "value", "reason"]].to_numpy().tolist() == [
        ["g", "N2O", 4, NO_COLUMN]
    ]
    assert table.listed["reason_en"].tolist() == ["the table has no column of the gas"]
    assert len(place_entries(make().entries, layout)) == 0
    assert len({OTHER_SECTOR, SCOPE2, MEMO, NO_ROW, NO_COLUMN}) == 5


def cells(table, gas="CO2"):
    """Return the cells of a column by code."""
    at = next(at for at, one in enumerate(table.columns) if one.gas == gas)
    return {one.code: table.cell(0, place, at) for place, one in enumerate(table.layout.rows)}


def test_a_row_holds_what_stands_below_it():
    """Down to the next of its level; a row that sums others holds those, and ends the one above it."""
    layout = lay_out(
        row("1", of=("1",)),
        row("1a", 1, of=("1.A",)),
        row("1b", 1, of=("1.B",)),
        row("2", of=("2",)),
        row("both", 1, sums=("1", "2")),
        row("2a", 1, of=("2.A",)),
    )
    assert layout.within(0) == [0, 1, 2]
    assert layout.within(3) == [3]  # the sum stands between
    assert layout.within(4) == [0, 1, 2, 3]
    assert [layout.above(place) for place in range(6)] == [-1, 0, 0, -1, 3, 3]
    held = cells(
        fill_layout(
            make(("f", "1.A.2", "CO2", 1), ("f", "1.B.1", "CO2", 2), ("f", "2.A.1", "CO2", 4)),
            layout,
        )
    )
    assert (held["1"], held["1a"], held["1b"]) == (3, 1, 2)
    assert held["2a"] == 4


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("f", "1.A.2", "CO2", 5)], {"whole": 5, "a": 5, "b": "NE", "c": "NA"}),
        ([("f", "1", "CO2", 5)], {"whole": 5, "a": "IE", "b": "IE", "c": "NA"}),
        ([("f", "1", "CO2", 0)], {"whole": 0, "a": "NE", "b": "NE", "c": "NA"}),
        ([("f", "1", "CO2", "NO")], {"whole": "NO", "a": "NO", "b": "NO", "c": "NA"}),
        (
            [("f", "1.A", "CO2", "C"), ("g", "1.B", "CO2", 2)],
            {"whole": "2,C", "a": "C", "b": 2, "c": "NA"},
        ),
        (
            [("f", "1.A", "CO2", "NE"), ("g", "1.A", "CO2", 2)],
            {"whole": "2,NE", "a": "2,NE", "b": "NE", "c": "NA"},
        ),
        (
            [("f", "1.A", "CO2", "NO"), ("g", "1.A", "CO2", 2)],
            {"whole": 2, "a": 2, "b": "NE", "c": "NA"},
        ),
    ],
)
def test_why_a_cell_has_no_number(rows, found):
    """Held undivided above it, stated, not estimated; a category that emits none of a gas has NA."""
    layout = lay_out(
        row("whole", of=("1",)),
        row("a", 1, of=("1.A",)),
        row("b", 1, of=("1.B",)),
        row("c", of=("3.C.7",)),
    )
    assert cells(fill_layout(make(*rows), layout)) == found


def test_a_table_has_words_of_its_own():
    """A key that it prints by gas, a row that holds another's part, and another word for a key."""
    layout = lay_out(
        row("a", of=("2.A",), keys={"CH4": "NA"}),
        row("b", of=("2.B",), part_of="a"),
        row("c", of=("2.C",)),
        renames={"NE": "未估算"},
    )
    table = fill_layout(make(("f", "2.A.1", "CO2", 5)), layout)
    assert cells(table) == {"a": 5, "b": "IE", "c": "未估算"}
    assert cells(table, "CH4")["a"] == "NA"
    other = fill_layout(make(("f", "2.C.1", "CO2", 5)), layout)
    assert cells(other) == {"a": "未估算", "b": "未估算", "c": 5}


def test_what_is_known_of_the_categories_of_a_row():
    """By coverage: one that has a number elsewhere is not estimated here; else the keys that are known, or NE."""
    layout = lay_out(row("a", of=("2.A",)), row("b", of=("2.B",)), gases=("CO2",))
    inventory = make(("f", "2.A.1", "CO2", 5))
    known = ("甲", 2020, "2.B", "CO2")
    for coverage, key in (
        ({}, "NE"),
        ({known: Covered(has_number=False, keys=frozenset({"NO"}))}, "NO"),
        ({known: Covered(has_number=False, keys=frozenset({"NO", "IE"}))}, "IE,NO"),
        ({known: Covered(has_number=False, keys=frozenset({"NA", "NO"}))}, "NO"),
        ({known: Covered(has_number=False, keys=frozenset())}, "NA"),
        ({known: Covered(has_number=True, keys=frozenset({"NO"}))}, "NE"),
        ({("乙", 2020, "2.B", "CO2"): Covered(has_number=False, keys=frozenset({"NO"}))}, "NE"),
    ):
        assert cells(fill_layout(inventory, layout, coverage=coverage))["b"] == key
    # Of several categories one with a number is enough: that number stands nowhere in the table.
    both = lay_out(row("a", of=("2.A",)), row("b", of=("2.B", "2.C")), gases=("CO2",))
    beside = {
        known: Covered(has_number=False, keys=frozenset({"NO"})),
        ("甲", 2020, "2.C", "CO2"): Covered(has_number=True, keys=frozenset()),
    }
    assert cells(fill_layout(inventory, both, coverage=beside))["b"] == "NE"


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        # A heading takes nothing itself: its cell has the keys of what stands below it.
        ((row("h"), row("a", 1, of=("1.A",), keys={"CO2": "NO"})), "NO"),
        ((row("h", sums=("a",)), row("a", of=("1.A",), keys={"CO2": "NO"})), "NO"),
        # One that takes categories of its own lacks those as well.
        ((row("h", of=("1",)), row("a", 1, of=("1.A",), keys={"CO2": "NO"})), "NE,NO"),
        # One with nothing below it, of which nothing is known.
        ((row("h"), row("a", of=("1.A",), keys={"CO2": "NO"})), "NE"),
    ],
)
def test_the_key_of_a_row_above_others(rows, key):
    """It has its own where it takes something itself, and theirs."""
    layout = lay_out(*rows, row("4", of=("4",)), gases=("CO2",))
    assert cells(fill_layout(make(("f", "4.A", "CO2", 5)), layout)) == {"h": key, "a": "NO", "4": 5}


def test_areas_and_years_stand_in_the_order_of_the_inventory():
    """That in which they were given, each with its own numbers."""
    given = [("乙", 2021, 3.0), ("乙", 2020, 5.0), ("甲", 2021, 7.0)]
    parts = [
        make(("f", "2.A.1", "CO2", value), area=area, year=year) for area, year, value in given
    ]
    table = fill_layout(join_inventories(parts), lay_out(row("a", of=("2.A",)), gases=("CO2",)))
    assert table.periods == (("乙", 2021), ("乙", 2020), ("甲", 2021))
    assert [table.cell(period, 0, 0) for period in range(3)] == [3, 5, 7]


def test_optional_rows_are_shown_where_they_hold_an_entry():
    """In the year that has one."""
    layout = lay_out(row("a", of=("2.A",)), row("b", of=("2.B",), optional=True), gases=("CO2",))
    table = fill_layout(
        make(("f", "2.A.1", "CO2", 5), ("f", "2.B.1", "CO2", 6), year=np.array([2019, 2020])),
        layout,
    )
    assert [table.shown_rows(period) for period in range(2)] == [[0], [0, 1]]
    assert table.to_frame()[["year", "code"]].to_numpy().tolist() == [
        [2019, "a"],
        [2020, "a"],
        [2020, "b"],
    ]
    long = table.to_long()
    assert long[["year", "code", "gas", "unit"]].to_numpy().tolist() == [
        [2019, "a", "CO2", "t"],
        [2020, "a", "CO2", "t"],
        [2020, "b", "CO2", "t"],
    ]
    assert long["notation"].tolist() == ["", "NE", ""]
    assert table.entries_of(1, 1, 0).tolist() == [1]
    assert table.entries_of(0, 1, 0).tolist() == []
    assert repr(table) == "<OfficialTable mine: 2 x 2 x 1, 0 listed>"


def test_units_and_equivalents():
    """Kt of the gas itself; HFCs and all gases in CO2e where there is a metric, else each gas in t."""
    inventory = make(
        ("f", "2.B.9.a", "HFC23", 2), ("f", "2.A.1", "CO2", 5e3), ("f", "2.A.1", "CH4", "NE")
    )
    layout = lay_out(row("a", of=("2",)), gases=("CO2", "CH4", "HFCs"), unit="kt")
    plain = fill_layout(inventory, layout)
    assert [one.name for one in plain.columns] == ["CO2_kt", "CH4_kt", "HFC23_t"]
    assert [cells(plain, gas)["a"] for gas in ("CO2", "CH4", "HFC23")] == [5, "NE", 2]
    weighted = fill_layout(inventory, layout, gwp="AR5GWP100")
    assert [one.name for one in weighted.columns] == [
        "CO2_kt",
        "CH4_kt",
        "HFCs_kt",
        "CO2e (AR5GWP100)_kt",
    ]
    assert cells(weighted, "HFCs")["a"] == pytest.approx(2 * 12400 / 1e3)
    assert cells(weighted, "CO2e (AR5GWP100)")["a"] == "29.8,NE"
    assert weighted.entries_of(0, 0, 3).tolist() == [0, 1, 2]
    assert weighted.entries_of(0, 0, 0).tolist() == [1]
    each = lay_out(row("a", of=("2",)), gases=("CO2", "HFCs"), each_gas=True)
    assert [one.name for one in fill_layout(inventory, each, gwp="AR5GWP100").columns] == [
        "CO2_t",
        "HFC23_t",
        "CO2e (AR5GWP100)_t",
    ]
    assert [kind_of_gas(gas) for gas in ("HFC134a", "CF4", "C2F6", "SF6", "CO2")] == [
        "HFCs",
        "PFCs",
        "PFCs",
        "SF6",
        "CO2",
    ]


def test_the_quality_that_a_table_states():
    """Four columns at the right end, blank where nothing is known; a table that states none has none."""
    inventory = make(("f", "2.A.1", "CO2", 5))
    plain = fill_layout(inventory, lay_out(row("a", of=("2.A",))))
    assert plain.quality_of(0, 0) == ()
    assert "factor_quality" not in plain.to_frame()
    stating = fill_layout(
        inventory, lay_out(row("a", of=("2.A",)), row("b", of=("2.B",)), states_quality=True)
    )
    stating.__dict__["quality"] = {(0, 0): RowQuality("H", "M", "printed", "default")}
    frame = stating.to_frame()
    assert list(frame)[-4:] == [
        "activity_quality",
        "factor_quality",
        "activity_reason",
        "factor_reason",
    ]
    assert frame.iloc[:, -4:].to_numpy().tolist() == [["H", "M", "printed", "default"], [""] * 4]


LAYOUT = """title_zh = "表"
title_en = "t"
sheet_zh = "表"
sheet_en = "t"
reference = "r"
status = "single"
unit = "kt"
gases = ["CO2"]
"""


def test_a_layout_from_its_file(tmp_path):
    """Rows with what they take, a second selector, and defaults for the rest."""
    path = tmp_path / "mine.toml"
    path.write_text(
        LAYOUT
        + 'rows = [{code = "1", zh = "一", en = "one", of = ["2.A"], also = {kind = "memo"}, level = 1},\n'
        '{code = "s", zh = "和", en = "sum", sum = ["1"]}, {code = "n", zh = "无", en = "none"}]\n',
        encoding="utf-8",
    )
    layout = read_layout(path)
    assert layout.id == "mine"
    assert layout.rows[0].selectors == (Selector(of=("2.A",)), Selector(kind="memo"))
    assert (layout.rows[0].level, layout.rows[1].sums, layout.rows[1].selectors) == (1, ("1",), ())
    assert layout.rows[2] == Row("n", "无", "none")
    assert (layout.sectors, layout.notes_zh, layout.each_gas, layout.renames) == ((), (), False, {})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "rows is missing"),
        (
            'rows = [{code = "1", zh = "一", en = "one", kind = "scope4"}]',
            "row 1: kind is 'scope4'; known: direct, scope2",
        ),
        (
            'rows = [{code = "1", zh = "一", en = "one", also = {fuel = "peat"}}]',
            "row 1: fuel is 'peat'; known: fossil",
        ),
        (
            'rows = [{code = "1", zh = "一", en = "one", part_of = "9"}]',
            "row 1: names 9, which is no row",
        ),
        ('rows = [{zh = "一", en = "one"}]', "row ?: code is missing"),
        ('rows = []\nsector = ["waste"]', "'sector' is not one of its keys; did you mean sectors"),
        (
            (
                'rows = [{code = "1", zh = "一", en = "a", of = ["2.A"]}, '
                '{code = "2", zh = "二", en = "b", also = {of = ["2.A"]}}]'
            ),
            "row 2: takes 2.A, which row 1 takes already",
        ),
        (
            'rows = [{code = "1", zh = "一", en = "a", sum = ["2"]}, {code = "2", zh = "二", en = "b", sum = ["1"]}]',
            "rows 1 -> 2 -> 1 add up one another; name in sum rows that do not lead back",
        ),
        (
            'rows = [{code = "0", zh = "零", en = "n", sum = ["1"]}, {code = "1", zh = "一", en = "a", sum = ["1"]}]',
            "rows 1 -> 1 add up one another; name in sum rows that do not lead back",
        ),
    ],
)
def test_faults_of_a_layout(tmp_path, text, fault):
    """Named with the file and the row; a selector beside the first is checked as well."""
    path = tmp_path / "mine.toml"
    path.write_text(LAYOUT + text + "\n", encoding="utf-8")
    with pytest.raises(FactorDataError) as caught:
        read_layout(path)
    assert str(caught.value).splitlines()[0].startswith(f"mine.toml: {fault}")


def test_two_rows_may_take_one_category_where_something_tells_them_apart(tmp_path):
    """A source, an item, a fuel or a kind."""
    path = tmp_path / "mine.toml"
    rows = [
        'of = ["2.A"]',
        *(
            f'of = ["2.A"], {one}'
            for one in ('sources = ["x"]', 'items = ["y"]', 'fuel = "fossil"', 'kind = "memo"')
        ),
    ]
    lines = ",\n".join(
        f'{{code = "{n}", zh = "一", en = "a", {one}}}' for n, one in enumerate(rows)
    )
    path.write_text(f"{LAYOUT}rows = [{lines}]\n", encoding="utf-8")
    assert len(read_layout(path).rows) == 5


@pytest.mark.parametrize(("count", "more"), [(6, ""), (7, " and 1 more"), (9, " and 3 more")])
def test_sums_without_a_place_are_named_up_to_the_sixth(count, more):
    """All are counted; what has a key is named by it."""
    layout = lay_out(row("a", of=("2.A",)), gases=("CO2",))
    rows = [(f"s{n}", "2.B", "CO2", n + 1 if n else "NE") for n in range(count)]
    (said,) = fill_layout(make(("f", "2.A.1", "CO2", 3), *rows), layout).findings()
    named = ", ".join(f"s{n} (2.B) {f'{n + 1} t' if n else 'NE'} CO2" for n in range(6))
    assert said.message == f"mine of 甲 2020 has no place for {count} sums: {named}{more}"
