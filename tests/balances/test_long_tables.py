"""Long tables: read once for each kind of row, the same as read row by row, and up to the limit that is promised."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.path import label_facts
from carbonacct.balances.path import rows as rows_module
from carbonacct.balances.sheet_stages import read_page
from carbonacct.balances.words import mapping
from carbonacct.data import MAX_CELLS
from carbonacct.errors import TableError
from carbonacct.sheets.raw_sheets import read_text_sheets

AREAS = ["Norway", "Ireland", "奥地利", "France"]
FLOWS = ["Imports", "Industry", "Households", "损失量", "Exports"]
PRODUCTS = {"Coal": "kt", "Diesel": "kt", "Natural gas": "TJ", "Electricity": "GWh", "汽油": "万吨"}


def table(rows, columns, seed=0, *, extra=""):
    """Return the text of a long table with so many rows, its columns in an order."""
    every = [
        {"Country": area, "TIME_PERIOD": str(year), "Flow": flow, "Product": product, "Unit": unit}
        for year in range(1950, 2100)
        for area in AREAS
        for flow in FLOWS
        for product, unit in PRODUCTS.items()
    ][:rows]
    random.Random(seed).shuffle(every)
    lines = [",".join(columns)]
    lines += [
        ",".join(row.get(name, f"{n + 0.5}") for name in columns) for n, row in enumerate(every)
    ]
    return "\n".join(lines) + extra


def read_both(text, monkeypatch):
    """Return the rows of a table as they are read for long tables, and one by one."""
    page = read_page(read_text_sheets("a.csv", text)[0])
    with monkeypatch.context() as patch:
        patch.setattr(rows_module, "read_long_rows", lambda *_, **__: None)
        slow = read_page(read_text_sheets("a.csv", text)[0])
    return page.blocks[0].rows, slow.blocks[0].rows


@settings(max_examples=15)
@given(
    columns=st.permutations(["Country", "TIME_PERIOD", "Flow", "Product", "Unit", "OBS_VALUE"]),
    seed=st.integers(0, 99),
)
def test_rows_that_say_all_are_read_as_rows_are(columns, seed):
    """Columns in any order, rows in any order: the same keys, whichever way."""
    with pytest.MonkeyPatch.context() as patch:
        fast, slow = read_both(table(1100, columns, seed), patch)
    assert fast.at == slow.at
    assert fast.keys == slow.keys
    assert (fast.parents, fast.product_parents) == (slow.parents, slow.product_parents)


@pytest.mark.parametrize(
    "extra",
    [
        "\nNorway,1990,,Diesel,kt,5",  # takes its flow from above
        "\nNorway,1990,#Industry,Diesel,kt,5",
        "\n,1990,Industry,Coal,kt,5",
        "\nNorway,1990,回收能,Coal,kt,5",
    ],
)
def test_rows_that_hang_on_others_are_read_one_by_one(monkeypatch, extra):
    """A blank, a mark or a row whose place matters: the table is read from top to bottom."""
    columns = ["Country", "TIME_PERIOD", "Flow", "Product", "Unit", "OBS_VALUE"]
    fast, slow = read_both(table(1100, columns, extra=extra), monkeypatch)
    assert fast.keys == slow.keys
    assert fast.parents == slow.parents


def test_an_unknown_label_among_many_is_named(tmp_path):
    """However long the table is."""
    columns = ["Country", "TIME_PERIOD", "Flow", "Product", "Unit", "OBS_VALUE"]
    path = tmp_path / "a.csv"
    path.write_text(table(1100, columns, extra="\nNorway,1990,Gadgets,Coal,kt,5"), encoding="utf-8")
    with pytest.raises(TableError, match=r"a.csv!C1102: row 'Gadgets'"):
        ca.read_balance(path)


def test_as_many_cells_as_are_promised(tmp_path):
    """Nearly two million cells are read, every number of them; more are refused before they are cut."""
    width, path = 6, tmp_path / "a.csv"
    count = MAX_CELLS // width - 10
    names = [f"Area {n}" for n in range(count // (100 * 25) + 1)]
    kinds = [(flow, product, unit) for flow in FLOWS for product, unit in PRODUCTS.items()]
    with path.open("w", encoding="utf-8") as stream:
        stream.write("area,year,flow,product,unit,value\n")
        every = (
            (area, year, *kind) for area in names for year in range(1950, 2050) for kind in kinds
        )
        for n, row in zip(range(count), every, strict=False):
            stream.write(f"{','.join(map(str, row))},{n % 997}\n")
    balance = ca.read_balance(path)
    assert int(balance.amounts.notnull().sum()) == count
    with path.open("a", encoding="utf-8") as stream:
        stream.write("Area 1,2050,Industry,Coal,kt,1\n" * 20)
    with pytest.raises(TableError, match=f"more than {MAX_CELLS} cells"):
        ca.read_balance(path)


LABELS = [
    "一、可供消费的能源总量",
    "回收能",
    "二、加工转换投入(-)产出(+)量",
    "1.火力发电",
    "2.供热",
    "#炼焦",
    "三、损失量",
    "四、终端消费量",
    "1.农、林、牧、渔业",
    "2.工业",
    "#用作原料、材料",
    "其中:用作原料",
    "纺织业",
    "其他行业",
    "3.建筑业",
    "煤炭消费量",
    "合计",
    "甲乙丙",
    "消费量增长(%)",
    "城镇",
    "Industry",
    "transformation input",
    "Total",
    "",
]


@settings(max_examples=40)
@example(rows=[("2.工业", False), ("", True), ("3.建筑业", True)], title="6-1 能源平衡表")
@example(
    rows=[("2.工业", False), ("甲乙丙", True), ("#用作原料、材料", True)], title="6-1 能源平衡表"
)
@given(
    rows=st.lists(st.tuples(st.sampled_from(LABELS), st.booleans()), min_size=2, max_size=14),
    title=st.sampled_from(["6-1 能源平衡表", "6-2 工业能源消费量", "6-3 煤炭消费量"]),
)
def test_a_label_that_says_all_leaves_the_rows_below_as_any_other_does(rows, title):
    """Rows under one column of labels: the same keys, notes and stops whether plain labels are looked up or read."""
    lines = [
        f"{title},,",
        "项目,原煤(万吨),焦炭(万吨)",
        *(f"{label},{'5,7' if full else ','}" for label, full in rows),
    ]
    pages = []
    for plain in (None, {}):
        with pytest.MonkeyPatch.context() as patch:
            for kept in (rows_module._kept_stub, rows_module._kept_rows, mapping._no_words):
                kept.cache_clear()
            if plain is not None:
                patch.setattr(label_facts.LabelFacts, "plain", plain)
            pages.append(read_page(read_text_sheets("a.csv", "\n".join(lines))[0]))
    for kept in (rows_module._kept_stub, rows_module._kept_rows, mapping._no_words):
        kept.cache_clear()
    fast, slow = (
        [replace(table.rows, columns=None) for table in page.tables if table.rows] for page in pages
    )
    assert [vars(each) for each in fast] == [vars(each) for each in slow]
    assert [str(stop.error) for stop in pages[0].stops] == [
        str(stop.error) for stop in pages[1].stops
    ]
