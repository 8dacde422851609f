"""Two inventories side by side: what is the same is not listed, and what changed adds up to the change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.inventory.entry_columns import IDENTITY
from carbonacct.inventory.entry_comparison import find_changes
from tests.inventory.entries import make

CELL = st.one_of(st.sampled_from(["NO", "NE", "IE"]), st.integers(-5, 5))
SIDE = st.dictionaries(st.sampled_from(["cement", "lime", "glass", "rice"]), CELL, max_size=4)
CODES = {"cement": "2.A.1", "lime": "2.A.2", "glass": "2.A.3", "rice": "3.C.7"}


def side_of(cells, **more):
    """Return the entries of sources with their values or keys."""
    return make(
        *((flow, CODES[flow], "CO2", value) for flow, value in cells.items()), **more
    ).entries


def number(cell):
    """Return what a cell counts: a key and nothing at all count nothing."""
    return cell if isinstance(cell, int) else 0


@settings(max_examples=8)
@given(SIDE, SIDE)
def test_what_changed_is_listed_and_nothing_else(before, after):
    """A number, a key, or an entry that one side alone has; each with both sides and the difference."""
    found = find_changes(side_of(before), side_of(after)).set_index("flow")
    assert set(found.index) == {
        flow for flow in before.keys() | after.keys() if before.get(flow, ()) != after.get(flow, ())
    }
    for flow, row in found.iterrows():
        for side, cells in (("before", before), ("after", after)):
            cell = cells.get(flow, "")
            assert row[f"notation_{side}"] == (cell if isinstance(cell, str) else "")
            assert row[side] == cell if isinstance(cell, int) else np.isnan(row[side])
        assert row["change"] == number(after.get(flow)) - number(before.get(flow))
    assert found["change"].sum() == sum(map(number, after.values())) - sum(
        map(number, before.values())
    )


@settings(max_examples=8)
@given(SIDE, SIDE)
def test_the_way_back_has_the_other_sign(before, after):
    """Sides change places, differences their sign."""
    there = find_changes(side_of(before), side_of(after)).sort_values("flow", ignore_index=True)
    back = find_changes(side_of(after), side_of(before)).sort_values("flow", ignore_index=True)
    assert there["flow"].tolist() == back["flow"].tolist()
    assert (there["change"] == -back["change"]).all()
    pd.testing.assert_series_equal(there["before"], back["after"], check_names=False)
    assert there["notation_before"].tolist() == back["notation_after"].tolist()


@pytest.mark.parametrize(
    ("name", "value"),
    [("area", "乙"), ("year", 2021), ("scope", 2), ("kind", "memo"), ("product", "x")],
)
def test_an_entry_is_another_where_one_label_is(name, value):
    """What is of another place, year, scope, kind or item is gone there and new here, and no change of one entry."""
    found = find_changes(side_of({"cement": 5}), side_of({"cement": 5}, **{name: value}))
    assert len(found) == 2
    assert sorted(found["change"]) == [-5, 5]
    assert list(found.columns) == [
        *IDENTITY,
        "before",
        "after",
        "change",
        "notation_before",
        "notation_after",
    ]


def test_methods_and_activities_are_no_change():
    """The number of an entry is the same by whatever way it was found."""
    assert find_changes(
        side_of({"cement": 5}), side_of({"cement": 5}, method="other", activity=9.0)
    ).empty


def test_an_entry_without_a_number_and_without_a_key():
    """It is the same as another like it; a number in its place, or no entry at all, is a change."""
    nothing = side_of({"cement": float("nan")})
    assert find_changes(nothing, nothing).empty
    for other in (side_of({"cement": 5}), side_of({})):
        for sides in ((nothing, other), (other, nothing)):
            assert len(find_changes(*sides)) == 1
