"""What a row takes from those above it: its blank keys, the unit, the product of parts and the direction of plants."""

from __future__ import annotations

import pytest

from carbonacct.balances.path.above import LabelsAbove, Scope


def cut(text):
    """Return rows: ``/`` between rows, ``|`` between cells."""
    return [line.split("|") for line in text.split("/")]


def fill(text, *groups):
    """Return the rows of a table with their blank keys filled, as text."""
    cells = cut(text)
    above = LabelsAbove(cells, [j for places in groups for j in places])
    return "/".join("|".join(above.fill(row, *groups)) for row in cells)


@pytest.mark.parametrize(
    ("text", "groups", "filled"),
    [
        # A blank takes the label above, cell by cell.
        ("甲|煤|1/|油|2/乙|煤|3", [(0,)], "甲|煤|1/甲|油|2/乙|煤|3"),
        ("|煤|1/甲|油|2", [(0,)], "|煤|1/甲|油|2"),
        ("甲|煤|1/ |油|2", [(0,)], "甲|煤|1/甲|油|2"),
        # Within one outer label: a new province ends what its cities filled, the same one does not.
        ("省|市|1/|市二|2/省二||3/|市三|4", [(0, 1)], "省|市|1/省|市二|2/省二||3/省二|市三|4"),
        ("省|市|1/省||2/||3", [(0, 1)], "省|市|1/省|市|2/省|市|3"),
        ("省|市|区/省二||/||区二", [(0, 1, 2)], "省|市|区/省二||/省二||区二"),
        # Keys of another kind are not ended.
        ("省|工业|1/省二||2", [(0,), (1,)], "省|工业|1/省二|工业|2"),
        # Other columns stay.
        ("甲|煤|1/||", [(0,)], "甲|煤|1/甲||"),
    ],
)
def test_blank_keys_take_the_label_above(text, groups, filled):
    """Filled from top to bottom, the outer keys first."""
    assert fill(text, *groups) == filled


@pytest.mark.parametrize(
    ("text", "row", "places", "lacks"),
    [
        ("甲|煤/|油/乙|煤", 1, (0,), True),
        ("甲|煤/乙|油", 1, (0,), False),
        ("|煤/|油", 1, (0,), False),  # no row has any
        ("甲||1/||2", 1, (0, 1), True),
        ("甲|煤|1/|油|2", 1, (0, 1), False),  # it has one of them
    ],
)
def test_a_row_that_lacks_the_keys_of_others(text, row, places, lacks):
    """None of some keys, of which another row has one."""
    cells = cut(text)
    above = LabelsAbove(cells, (0, 1))
    assert above.is_lacking(cells[row], places) is lacks
    assert above.has_blanks is any(cell == "" for line in cells for cell in line[:2])


@pytest.mark.parametrize(
    ("unit", "product", "found"),
    [
        (("1e4 t", "raw_coal"), "coke", "1e4 t"),
        (("1e4 t", "raw_coal"), "electricity", ""),  # 万吨 below 原煤 is none of electricity
        (("1e4 t", "raw_coal"), "natural_gas", ""),
        (("1e4 tce", "raw_coal"), "electricity", "1e4 tce"),  # coal equivalent measures all
        (("TJ", "heat"), "electricity", ""),
        (("", "raw_coal"), "coke", ""),
        (("1e4 t", ""), "coke", ""),
        (("1e4 t", "raw_coal"), "", ""),
    ],
)
def test_the_unit_above_holds_for_what_it_measures_alike(unit, product, found):
    """A product kept in the same unit as the one that it is printed for."""
    above = LabelsAbove([], ())
    above.unit = unit
    assert above.unit_for(product) == found


def products_of(*rows):
    """Return the products of rows, each (product, marks of a part, flow, whether its label joins them)."""
    scope = Scope()
    return [
        scope.product_of(product, depth, flow=flow, is_named=named)
        for product, depth, flow, named in rows
    ]


GAS_OF_USE = ("natural_gas", 0, "total_consumption", True)


@pytest.mark.parametrize(
    ("rows", "products"),
    [
        # 用气总量 / #工业 / #居民: parts are of the product of their whole.
        (
            [GAS_OF_USE, ("", 1, "industry", False), ("", 1, "households", False)],
            ["natural_gas"] * 3,
        ),
        # 居民生活 behind 其中:工业 is a use of it as well; a production is not, nor a row without a part above.
        (
            [GAS_OF_USE, ("", 1, "industry", False), ("", 0, "households", False)],
            ["natural_gas"] * 3,
        ),
        (
            [GAS_OF_USE, ("", 1, "industry", False), ("", 0, "production", False)],
            ["natural_gas", "natural_gas", ""],
        ),
        ([GAS_OF_USE, ("", 0, "households", False)], ["natural_gas", ""]),
        ([GAS_OF_USE, ("", 1, "", False), ("", 0, "", False)], ["natural_gas", "natural_gas", ""]),
        # A label that names the product alone has no parts below it.
        ([("natural_gas", 0, "", False), ("", 1, "industry", False)], ["natural_gas", ""]),
        # Another product, or a row that is no part and of no product, ends it.
        (
            [GAS_OF_USE, ("lpg", 0, "total_consumption", True), ("", 1, "industry", False)],
            ["natural_gas", "lpg", "lpg"],
        ),
        (
            [GAS_OF_USE, ("", 0, "industry", False), ("", 1, "industry", False)],
            ["natural_gas", "", ""],
        ),
        (
            [GAS_OF_USE, ("", 1, "industry", False), ("lpg", 0, "households", True)],
            ["natural_gas", "natural_gas", "lpg"],
        ),
        # A part of a part is of it too; a part that is a whole of parts has only deeper ones.
        (
            [
                ("lpg", 1, "industry", True),
                ("", 1, "households", False),
                ("", 2, "households", False),
            ],
            ["lpg", "", "lpg"],
        ),
        # A whole that is one use: a finer one of it.
        (
            [
                ("lpg", 0, "industry", True),
                ("", 1, "industry.textile", False),
                ("", 0, "industry.chemicals", False),
            ],
            ["lpg"] * 3,
        ),
        (
            [
                ("lpg", 0, "industry", True),
                ("", 1, "industry.textile", False),
                ("", 0, "households", False),
            ],
            ["lpg", "lpg", ""],
        ),
    ],
)
def test_parts_are_of_the_product_of_their_whole(rows, products):
    """And so are further uses behind them, as far as they lie in the use of the whole."""
    assert products_of(*rows) == products


def directions_of(*rows, has_plants=True):
    """Return the directions of rows, each (flow, its own direction)."""
    scope = Scope(has_plants=has_plants)
    return [scope.direction_of(*row) for row in rows]


@pytest.mark.parametrize(
    ("rows", "directions"),
    [
        # Below 加工转换投入 all plants take in, below its output they give, until a row of something else.
        ([("transformation.input", ""), ("thermal_power", ""), ("coking", "")], ["input"] * 3),
        (
            [("transformation.input", ""), ("transformation.output", ""), ("coking", "")],
            ["input", "output", "output"],
        ),
        ([("transformation.input", ""), ("industry", ""), ("coking", "")], ["input", "", ""]),
        ([("transformation.input", ""), ("", ""), ("coking", "")], ["input", "input", "input"]),
        ([("transformation.input", ""), ("transformation", ""), ("coking", "")], ["input"] * 3),
        (
            [("transformation.input", ""), ("coking", "output")],
            ["input", "output"],
        ),  # its own counts
        # Intermediate consumption is input, but what is lost in washing is no input of it.
        (
            [("intermediate_consumption", ""), ("thermal_power", ""), ("coal_washing", "")],
            ["input", "input", ""],
        ),
        ([("transformation.input", ""), ("coal_washing", "")], ["input", "input"]),
        (
            [("intermediate_consumption", ""), ("transformation.input", ""), ("coal_washing", "")],
            ["input"] * 3,
        ),
        ([("thermal_power", "")], [""]),
    ],
)
def test_plants_have_the_direction_of_the_row_above(rows, directions):
    """Until a row that is no plant."""
    assert directions_of(*rows) == directions
    if any(directions):
        assert directions_of(*rows, has_plants=False) == [direction for _, direction in rows]
