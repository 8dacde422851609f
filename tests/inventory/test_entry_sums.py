"""Sums of entries: what a part without a number makes of them, and weights of gases."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.inventory.entry_columns import number_groups
from carbonacct.inventory.entry_comparison import find_changes
from carbonacct.inventory.entry_sums import add_up_entries, weigh_entries
from carbonacct.inventory.metrics import find_gwp
from tests.inventory.entries import make

STRENGTH = ["NO", "IE", "NE", "C"]
PARTS = st.lists(st.one_of(st.integers(-50, 50), st.sampled_from(STRENGTH)), min_size=1, max_size=6)


def add_up(inventory, *keys, known_only=False):
    """Return sums of an inventory by keys."""
    return add_up_entries(inventory.entries.copy(), list(keys), known_only=known_only)


@given(PARTS, st.booleans())
def test_a_sum_has_a_number_or_the_strongest_key_of_its_parts(parts, known_only):
    """NE and C void a sum unless one asks for what is known; NO and IE count nothing beside a number."""
    row = add_up(
        make(*(("f", "2.A.1", "CO2", part) for part in parts)), "gas", known_only=known_only
    ).iloc[0]
    keys = [part for part in parts if isinstance(part, str)]
    numbers = [part for part in parts if not isinstance(part, str)]
    is_void = not numbers or (bool({"NE", "C"} & set(keys)) and not known_only)
    assert row["unit"] == "t"
    if is_void:
        assert math.isnan(row["value"])
        assert row["notation"] == max(keys, key=STRENGTH.index)
    else:
        assert row["value"] == sum(numbers)
        assert row["notation"] == ""


def test_sums_stand_in_the_order_of_their_first_entries():
    """Whatever the words of the labels; labels that no entry has make no sum."""
    inventory = make(
        ("b", "4.A", "CH4", 1),
        ("a", "2.A.1", "CO2", 2),
        ("b", "4.A", "CO2", 3),
        ("b", "4.B", "CH4", 4),
    )
    sums = add_up(inventory, "flow", "gas")
    assert sums[["flow", "gas", "value"]].to_numpy().tolist() == [
        ["b", "CH4", 5],
        ["a", "CO2", 2],
        ["b", "CO2", 3],
    ]
    assert list(sums) == ["flow", "gas", "value", "unit", "notation"]
    assert not isinstance(sums["flow"].dtype, pd.CategoricalDtype)
    part = inventory.select(gas="CO2")
    assert add_up(part, "category")["category"].tolist() == ["2.A.1", "4.A"]


def test_each_entry_has_the_weight_of_its_gas_and_category():
    """AR6: methane of a mine 29.8, of animals 27; a number that is not there has no weight."""
    rows = [
        ("mines", "1.B.1", "CH4", 2),
        ("pigs", "3.A.1", "CH4", 3),
        ("coal", "1.A.2", "CO2", 5),
        ("soils", "3.C.4", "N2O", 7),
        ("sheep", "3.A.1", "CH4", "NE"),
    ]
    weighted = weigh_entries(make(*rows).entries, "AR6GWP100")
    assert weighted.tolist() == pytest.approx([2 * 29.8, 3 * 27, 5, 7 * 273, math.nan], nan_ok=True)
    order = np.array([3, 0, 4, 2, 1])
    assert weigh_entries(
        make(*(rows[at] for at in order)).entries, "AR6GWP100"
    ).tolist() == pytest.approx(weighted[order].tolist(), nan_ok=True)
    assert weigh_entries(make(*rows).select(gas="N2O").entries, "AR5GWP100").tolist() == [
        7 * find_gwp("AR5GWP100", "N2O")
    ]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (5, 7, (5, 7, 2, "", "")),
        (5, "NE", (5, None, -5, "", "NE")),
        ("NE", 7, (None, 7, 7, "NE", "")),
        ("NE", "NO", (None, None, 0, "NE", "NO")),
        (5, None, (5, None, -5, "", "")),
        (None, 7, (None, 7, 7, "", "")),
        ("NE", None, (None, None, 0, "NE", "")),
        (5, 5, None),
        (0, 0, None),
        (math.nan, 7, (None, 7, 7, "", "")),  # an entry that has neither a number nor a key
        (5, math.nan, (5, None, -5, "", "")),
        (math.nan, None, (None, None, 0, "", "")),
        (math.nan, math.nan, None),
        ("NE", "NE", None),
    ],
)
def test_what_changed_between_two_inventories(before, after, change):
    """Numbers, keys, entries that are gone and that came; what is the same is not listed."""
    same = ("same", "1.A.2", "CO2", 1)
    sides = [
        make(same, *([("f", "2.A.1", "CO2", value)] if value is not None else [])).entries
        for value in (before, after)
    ]
    found = find_changes(*sides)
    if change is None:
        assert found.empty
        return
    assert list(found)[-5:] == ["before", "after", "change", "notation_before", "notation_after"]
    assert "index" not in found
    (row,) = found.to_dict("records")
    assert (row["flow"], row["notation_before"], row["notation_after"]) == ("f", *change[3:])
    numbers = [row["before"], row["after"], row["change"]]
    assert numbers == pytest.approx(
        [math.nan if one is None else one for one in change[:3]], nan_ok=True
    )


def test_entries_are_told_apart_by_all_their_labels():
    """The same source in another year, area, scope or kind is another entry."""
    one = make(("f", "2.A.1", "CO2", 5)).entries
    for label in ({"area": "乙"}, {"year": 2021}, {"scope": 2}, {"kind": "memo"}, {"product": "x"}):
        found = find_changes(one, make(("f", "2.A.1", "CO2", 5), **label).entries)
        assert sorted(found["change"]) == [-5, 5]


def test_changes_stand_by_label():
    """In the order of area, year and source, whichever inventory has them and wherever it has them."""
    sides = (["d", "a"], ["c", "d", "b"])
    found = find_changes(
        *(
            make(*((flow, "2.A.1", "CO2", n) for n, flow in enumerate(flows))).entries
            for flows in sides
        )
    )
    assert found["flow"].tolist() == ["a", "b", "c", "d"]
    assert found["change"].tolist() == [-1, 2, 0, 1]


@pytest.mark.parametrize("kind", [object, "category"])
def test_what_is_blank_is_a_group_of_its_own(kind):
    """A blank beside a word is neither that word nor the last word of the group before."""
    table = pd.DataFrame({"a": ["x", "x", "y", "y"], "b": ["p", "q", "p", None]}).astype(kind)
    assert [part.tolist() for part in number_groups(table, ["a", "b"])] == [[0, 1, 2, 3]] * 2
    assert [len(part) for part in number_groups(table.iloc[:0], ["a", "b"])] == [0, 0]
