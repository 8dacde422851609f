"""Two inventories of unlike depth, entry beside entry: what each is compared under."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.projects.aligning import align

SAME = {"area": "A", "year": 2020, "sector": "energy", "scope": 1, "kind": "emission", "gas": "CO2"}
FLOWS = ["industry", "industry.chemicals", "industry.textile", "transport", "final_consumption"]
PRODUCTS = ["coal_total", "raw_coal", "coke", "diesel"]


def entries(*pairs, **context):
    """Return entries of (flow, product), each of one context."""
    columns = [*SAME, "flow", "product"]
    return pd.DataFrame(
        [SAME | context | dict(zip(("flow", "product"), pair, strict=True)) for pair in pairs],
        columns=columns,
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # What both have stands beside itself, and what nobody above has stands alone.
        ([("industry", "coke")], [("industry", "coke")], [("industry", "coke")]),
        ([("transport", "coke")], [("industry", "coke")], [("industry", "coke")]),
        # Branches against their row, kinds against their total, and both at once.
        ([("industry", "coke")], [("industry.textile", "coke")], [("industry", "coke")]),
        ([("industry", "coal_total")], [("industry", "raw_coal")], [("industry", "coal_total")]),
        (
            [("industry", "coal_total")],
            [("industry.textile", "raw_coal")],
            [("industry", "coal_total")],
        ),
        # The nearest above: the kind of the branch before that of all industry.
        (
            [
                ("industry.textile", "coal_total"),
                ("industry", "coal_total"),
                ("industry", "raw_coal"),
            ],
            [
                ("industry.textile", "raw_coal"),
                ("industry", "coal_total"),
                ("industry.textile", "coal_total"),
            ],
            [
                ("industry.textile", "coal_total"),
                ("industry", "coal_total"),
                ("industry.textile", "coal_total"),
            ],
        ),
        # The row above has no partner of its own, and goes on to the kind above it.
        (
            [("industry", "raw_coal"), ("industry", "coal_total")],
            [("industry.textile", "raw_coal"), ("industry", "coal_total")],
            [("industry", "coal_total"), ("industry", "coal_total")],
        ),
        # A label that the vocabulary does not have stands for itself.
        ([("industry", "coke")], [("somewhere", "coke")], [("somewhere", "coke")]),
    ],
)
def test_an_entry_goes_with_the_nearest_above_it(before, after, expected):
    """Of the later side, against the earlier."""
    assert align(entries(*before), entries(*after))[1] == expected


@pytest.mark.parametrize(
    "change", [{"area": "B"}, {"year": 2021}, {"scope": 2}, {"kind": "memo"}, {"gas": "CH4"}]
)
def test_entries_of_another_context_are_not_compared(change):
    """Another area, year, scope, kind or gas has no partner here."""
    before, after = entries(("industry", "coke")), entries(("industry.textile", "coke"), **change)
    assert align(before, after)[1] == [("industry.textile", "coke")]


pairs = st.lists(
    st.tuples(st.sampled_from(FLOWS), st.sampled_from(PRODUCTS)), max_size=6, unique=True
)


@given(pairs, pairs)
def test_both_sides_are_compared_alike(before, after):
    """The comparison is symmetric; a side against itself is itself; each pair compared is on a side."""
    one, other = align(entries(*before), entries(*after))
    assert align(entries(*after), entries(*before)) == (other, one)
    assert align(entries(*before), entries(*before)) == (before, before)
    assert {*one, *other} <= {*before, *after}
    for pair in {*before} & {*after}:
        assert one[before.index(pair)] == other[after.index(pair)] == pair
