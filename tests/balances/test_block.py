"""The cells of one table: what its row and column contradict, or is no use, is refused by its cell."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.balances.join.block import join
from carbonacct.balances.label.titles import Title
from carbonacct.balances.path.row_reader import RowKey
from carbonacct.balances.split.grid import read_grid
from carbonacct.balances.words.mapping import LEFT_OUT
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import MisreadError, Sheet
from tests.balances.test_laid_forms import amounts, make_rows


def lay(keys, columns, numbers, *, labels=None, direction=""):
    """Return the block of a table: a title, a header, and a row for each key."""
    header = ["项目", *(column.header.text for column in columns)]
    names = labels or [f"行{n}" for n in range(len(keys))]
    sheet = Sheet(
        "a.csv",
        "表",
        [["标题"], header, *([name, *row] for name, row in zip(names, numbers, strict=True))],
    )
    return join(
        sheet,
        read_grid(sheet),
        make_rows(keys, columns),
        Title("甲市", "title", direction=direction),
    )


def refuse(*told, **more):
    """Return what refuses a table."""
    with pytest.raises(MisreadError) as caught:
        lay(*told, **more)
    return caught.value


INDUSTRY, HOMES = RowKey(flow="industry"), RowKey(flow="households")
COAL = amounts("t", product="raw_coal", text="原煤")
OF_STEEL = amounts(
    "t",
    product="raw_coal",
    flow="industry.ferrous_smelting",
    text="黑色金属原煤",
    direction="input",
)
TRADE = amounts("t", product="coke", flow="wholesale_retail", text="商业焦炭")


def test_a_table_has_its_numbers_their_status_and_their_place():
    """As the grid reads them, row by row."""
    block = lay(
        [INDUSTRY, HOMES],
        [COAL, amounts("t", product="coke", text="焦炭")],
        [[5.0, "-"], ["", "1,000"]],
    )
    np.testing.assert_array_equal(block.printed, [[5, np.nan], [np.nan, 1000]])
    assert block.status.tolist() == [[values.NUMBER, values.MARK], [values.BLANK, values.NUMBER]]
    assert (block.address(0, 0), block.address(1, 1)) == ("a.csv!表!B3", "a.csv!表!C4")
    assert block.cells_of(block.status == values.NUMBER) == ((2, 1), (3, 2))


def test_an_amount_of_two_flows_is_refused():
    """The first column that holds one; each column that contradicts a row may be its product alone, or passed over."""
    farms = amounts("t", flow="farming", text="农业")
    error = refuse([INDUSTRY, HOMES], [COAL, TRADE, farms], [[1.0, "", 3.0], [2.0, 7.0, 0.0]])
    assert (error.row, error.column) == (3, 2)
    assert (
        "the row is of households and the column '商业焦炭' of wholesale_retail, and neither is a part of the other"
        in error.text
    )
    assert "ignore_column,商业焦炭,,,why" in error.text
    found = [(one.label.kind, one.label.text, one.label.cells, one.ids) for one in error.answers]
    assert found == [
        ("product", "商业焦炭", ((1, 2),), ("coke", LEFT_OUT)),
        ("flow", "农业", ((1, 3),), (LEFT_OUT,)),
    ]
    assert [str(one.why) for one in error.answers] == [
        "contradicts the row of C4",
        "contradicts the row of D3",
    ]


def test_an_amount_of_two_products_is_refused():
    """The first row that holds one: the column may be passed over."""
    power = RowKey(flow="industry", product="electricity", unit="kWh")
    column = amounts(product="raw_coal", text="原煤")
    error = refuse(
        [power, power],
        [column],
        [
            [
                "",
            ],
            [4.0],
        ],
    )
    assert (error.row, error.column) == (3, 1)
    assert (
        "the row is of electricity and the column '原煤' of raw_coal, and neither holds the other"
        in error.text
    )
    assert [(one.label.kind, one.ids) for one in error.answers] == [("product", (LEFT_OUT,))]
    (alone,) = refuse([power], [column], [[4.0]]).answers
    assert alone.label.cells == ((1, 1),)  # its header, also above a single row


@pytest.mark.parametrize("cell", ["", 0.0, "-"])
def test_a_cell_that_holds_no_amount_contradicts_nothing(cell):
    """A blank, a zero or a mark."""
    block = lay([INDUSTRY, HOMES], [COAL, TRADE], [[1.0, cell], [2.0, cell]])
    assert block.printed[:, 0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("keys", "columns", "label", "place"),
    [
        (
            [RowKey(flow="network_sale")],
            [amounts("t", product="gasoline", text="汽油")],
            "销售量(吨)",
            (2, 0),
        ),
        (
            [RowKey()],
            [amounts("t", product="gasoline", flow="network_sale", text="汽油销售量")],
            "汽油销售量",
            (2, 1),
        ),
    ],
)
def test_what_no_network_delivers_is_no_use_where_it_is_sold(keys, columns, label, place):
    """The label that says so is asked: of the row, or of the column."""
    error = refuse(keys, columns, [[5.0]], labels=["销售量(吨)"])
    name = label.removesuffix("(吨)")
    assert error.text.startswith(f"'{name}' of gasoline is no use of the area")
    assert (error.row, error.column) == (2, 1)
    assert [(one.kind, one.text, one.cells) for one in error.unknown] == [("flow", name, (place,))]


@pytest.mark.parametrize(
    ("keys", "columns", "label", "place"),
    [
        ([RowKey(flow="industry.ferrous_smelting")], [COAL], "黑色金属", (2, 0)),
        ([RowKey()], [OF_STEEL], "黑色金属原煤", (2, 1)),
    ],
)
def test_what_a_branch_transforms_is_asked(keys, columns, label, place):
    """In a table of inputs it does not burn: the label says of which plants it is."""
    error = refuse(keys, columns, [[5.0]], labels=["黑色金属"], direction="input")
    assert f"{label!r} does not say of which plants" in error.text
    assert (error.row, error.column) == (2, 1)
    assert [(one.kind, one.text, one.cells) for one in error.unknown] == [("flow", label, (place,))]
    assert lay(keys, columns, [[""]], labels=["黑色金属"], direction="input").printed.shape == (
        1,
        1,
    )
