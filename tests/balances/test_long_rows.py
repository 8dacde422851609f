"""Rows that are read once for each kind give the keys that reading them one by one gives, or are read one by one."""

from __future__ import annotations

import pytest

from carbonacct.balances.path import long_rows
from carbonacct.balances.path import rows as rows_module
from carbonacct.balances.sheet_stages import read_page
from carbonacct.sheets.raw_sheets import read_text_sheets

HEAD = "Country,TIME_PERIOD,Flow,Product,Unit,OBS_VALUE"


def read_both(monkeypatch, text, most=3):
    """Return a table's rows read as a long table and one by one, and whether the first way served."""
    gone = []

    def watch(*arguments, **options):
        found = long_rows.read_long_rows(*arguments, **options)
        gone.append(found is not None)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(long_rows, "_LONG", most)
        patch.setattr(
            rows_module, "MOST_KEPT", 0
        )  # of small tables the rows are remembered instead
        patch.setattr(rows_module, "read_long_rows", watch)
        fast = read_page(read_text_sheets("a.csv", text)[0])
        patch.setattr(rows_module, "read_long_rows", lambda *_, **__: None)
        slow = read_page(read_text_sheets("a.csv", text)[0])
    return fast.blocks[0].rows, slow.blocks[0].rows, any(gone)


@pytest.mark.parametrize(
    ("lines", "is_gone"),
    [
        # Each row says all: any order, areas and years that come again, what goes in and out of plants by name.
        (
            [
                "Ireland,2018,Industry,Coal,kt,1",
                "Ireland,2019,Industry,Coal,kt,2",
                "Norway,2018,Households,Diesel,kt,3",
                "Norway,2018,Industry,Coal,kt,4",
            ],
            True,
        ),
        (
            [
                "Ireland,2018,Transformation input,Coal,kt,1",
                "Ireland,2018,Industry,Coal,kt,2",
                "Ireland,2018,Industry,Diesel,kt,3",
            ],
            True,
        ),
        (
            [
                "Ireland,2018,Industry,Coal,kt,1",
                "Ireland,2018,Households,Coal,kt,",
                "Ireland,2018,Exports,Coal,kt,-3",
            ],
            True,
        ),
        # A row that may depend on those above it: a blank cell, a mark, a label that is not known, a note.
        (
            [
                "Ireland,2018,Industry,Coal,kt,1",
                ",2018,Households,Coal,kt,2",
                "Ireland,2019,Industry,Coal,kt,3",
            ],
            False,
        ),
        (
            [
                "Ireland,2018,Industry,Coal,kt,1",
                "Ireland,,Households,Coal,kt,2",
                "Ireland,2019,Industry,Coal,kt,3",
            ],
            False,
        ),
        (
            [
                "Ireland,2018,Industry,Coal,kt,1",
                "Ireland,2018,,Diesel,kt,2",
                "Ireland,2019,Industry,Coal,kt,3",
            ],
            False,
        ),
        (
            [
                "Ireland,2018,Industry,Oil products,kt,1",
                "Ireland,2018,Industry,of which: Diesel,kt,2",
                "Ireland,2019,Industry,Coal,kt,3",
            ],
            False,
        ),
        (
            [
                "Ireland,2018,Industry,Coal,kt,1",
                "Ireland,2018,Wizardry,Coal,kt,2",
                "Ireland,2019,Industry,Coal,kt,3",
            ],
            False,
        ),
        # Fewer rows than pay.
        (["Ireland,2018,Industry,Coal,kt,1", "Ireland,2018,Households,Coal,kt,2"], False),
    ],
)
def test_rows_that_say_all_are_read_once_for_each_kind(monkeypatch, lines, is_gone):
    """The same keys, whichever way; what is not said in each row is read one by one."""
    fast, slow, gone = read_both(monkeypatch, "\n".join([HEAD, *lines]))
    assert gone is is_gone
    # The name of an input says its direction.
    keys = [
        key if not key.flow.endswith(".input") else key._replace(direction="") for key in slow.keys
    ]
    assert list(fast.keys) == keys
    assert fast.at == slow.at
    assert (fast.parents, fast.product_parents) == (slow.parents, slow.product_parents)


def test_a_table_without_a_column_of_products_is_read_one_by_one(monkeypatch):
    """Its rows hang on those above them."""
    text = "Balance of Ireland 2018\nFlow,Coal (kt),Diesel (kt)\nIndustry,1,2\nHouseholds,3,4\nTransport,5,6\n"
    fast, slow, gone = read_both(monkeypatch, text)
    assert not gone
    assert fast.keys == slow.keys
