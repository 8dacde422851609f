"""Completeness of made-up records: numbers, keys, what is above and below, and why something lacks."""

from __future__ import annotations

import math

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.inventory.entry_columns import make_entries, sector_of
from carbonacct.sectors.coverage import _find_reason, find_coverage
from carbonacct.sectors.energy.notation import Noted
from carbonacct.sectors.sector_official import _grid_of, _within, read_coverage


def record(*rows, area="A", year=2020):
    """Return a record of entries (category, gas, value or key)."""
    categories, gases, numbers = map(list, zip(*rows, strict=True))
    return ca.Inventory(
        make_entries(
            {
                "area": area,
                "year": year,
                "sector": [sector_of(one) for one in categories],
                "flow": [f"source {n}" for n in range(len(rows))],
                "category": categories,
                "gas": gases,
                "value": [np.nan if isinstance(one, str) else float(one) for one in numbers],
                "notation": [one if isinstance(one, str) else "" for one in numbers],
            }
        )
    )


def covered(*rows):
    """Return value, key, where it is included and the reason by category and gas."""
    frame = find_coverage(record(*rows), []).set_index(["category", "gas"])
    return frame[["value", "key", "complete", "included_in", "reason_en"]]


@pytest.mark.parametrize(
    ("rows", "category", "value", "key", "complete"),
    [
        ([("2.A.1", "CO2", 5.0)], "2.A.1", 5.0, "", True),
        ([("2.A.1", "CO2", 5.0), ("2.A.1", "CO2", 3.0)], "2.A.1", 8.0, "", True),
        # The category above is the sum of those below it; what is not estimated stays beside the number.
        ([("2.A.1", "CO2", 5.0)], "2.A", 5.0, "NE", False),
        ([("2.A.1", "CO2", 5.0), ("2.A.2", "CO2", 2.0)], "2.A", 7.0, "NE", False),
        ([("2.A.1", "CO2", "NO"), ("2.B.5", "CO2", 1.0)], "2.A.1", math.nan, "NO", False),
        ([("2.A.1", "CO2", "NO"), ("2.A.1", "CO2", 4.0)], "2.A.1", 4.0, "", True),
        ([("2.A.1", "CO2", "NE"), ("2.A.1", "CO2", 4.0)], "2.A.1", 4.0, "NE", False),
        ([("2.A.1", "CO2", "C"), ("2.B.5", "CO2", 1.0)], "2.A.1", math.nan, "C", False),
        ([("2.B.5", "CO2", 0.0)], "2.B.5", 0.0, "", True),
    ],
)
def test_numbers_and_keys_of_a_category(rows, category, value, key, complete):
    """Of CO2 of one area and year."""
    found = covered(*rows).loc[(category, "CO2")]
    assert found["value"] == pytest.approx(value, nan_ok=True)
    assert (found["key"], found["complete"]) == (key, complete)


def test_what_stands_in_one_number_with_the_category_above():
    """All landfills as 4.A: each kind of site is included there, and says so; a sibling is not."""
    found = covered(("4.A", "CH4", 9.0))
    for kind in ("4.A.1", "4.A.2", "4.A.3"):
        row = found.loc[(kind, "CH4")]
        assert (row["key"], row["included_in"], row["reason_en"]) == (
            "IE",
            "4.A",
            "it is one number with the category above",
        )
        assert math.isnan(row["value"])
    assert (found.loc[("4.A", "CH4"), "value"], found.loc[("4.A", "CH4"), "key"]) == (9.0, "")
    assert found.loc[("4.C", "CH4"), "included_in"] == ""
    below = covered(("4.A.1", "CH4", 9.0))
    assert below.loc[("4.A.2", "CH4"), ["key", "included_in"]].to_list() == ["NE", ""]


@pytest.mark.parametrize(
    ("code", "own", "held_in", "reason"),
    [
        ("2.A.1", {}, {}, "absent"),
        ("2.A.1", {}, {"2.A.1": "2.A"}, "above"),
        ("2.A.1", {"2.A.1": Noted(keys=frozenset({"NE"}))}, {}, "lacking"),
        ("2.A.1", {"2.A.1": Noted(keys=frozenset({"NO"}))}, {}, "stated"),
        ("2.A.1", {"2.A.1": Noted(5.0, frozenset({"NE"}))}, {}, "lacking"),
        ("2.A", {"2.A.1": Noted(keys=frozenset({"NE"}))}, {}, "absent"),
        ("2.A.1", {"2.A.1": Noted(5.0)}, {}, "absent"),
    ],
)
def test_why_a_category_has_a_key(code, own, held_in, reason):
    """Not given, in one number with another, a factor that lacks, or as the compiler says."""
    assert _find_reason(code, own, held_in) == reason


def test_each_area_year_and_gas_has_its_own_rows():
    """A gas that only one of two years has is not estimated in the other; memo items make no gas."""
    frames = [record(("2.A.1", "CO2", 5.0), year=2019), record(("4.A", "CH4", 2.0), year=2020)]
    both = ca.join_inventories(frames)
    found = find_coverage(both, []).set_index(["year", "category", "gas"])
    assert found.loc[(2019, "2.A.1", "CO2"), "value"] == 5.0
    assert found.loc[(2020, "2.A.1", "CO2"), "key"] == "NE"
    assert found.loc[(2020, "4.A", "CH4"), "value"] == 2.0
    assert found.index.is_unique
    alone = record(("2.A.1", "CO2", 5.0))
    memo = ca.Inventory(
        make_entries(
            {
                "area": "A",
                "year": 2020,
                "sector": "energy",
                "flow": "f",
                "category": "1.D.3",
                "gas": "N2O",
                "kind": "memo",
                "value": [1.0],
            }
        )
    )
    assert set(find_coverage(ca.join_inventories([alone, memo]), [])["gas"]) == {"CO2"}


def test_what_tables_read_of_it():
    """Whether there is a number, and the keys, of each cell."""
    found = read_coverage(record(("2.A.1", "CO2", 5.0), ("2.B.5", "CO2", "NO")), [])
    assert found["A", 2020, "2.A.1", "CO2"][:2] == (True, frozenset())
    assert found["A", 2020, "2.B.5", "CO2"][:2] == (False, frozenset({"NO"}))
    assert found["A", 2020, "2.A", "CO2"][:2] == (True, frozenset({"NE"}))


def test_parts_of_some_areas_and_years_and_the_grid_that_was_chosen():
    """The rest goes; of several choices the grid, of none nothing."""
    both = ca.join_inventories([record(("2.A.1", "CO2", 5.0), year=year) for year in (2019, 2020)])
    assert _within(both, {("A", 2020)}).entries["year"].to_list() == [2020]
    assert _within(both, {("B", 2020)}).entries.empty
    assert _grid_of(both) is None
    made = ca.compile_sectors(
        "docs/tables/beijing_2007.csv", method="provincial-2011", grid="nation"
    )
    assert _grid_of(made) == "nation"
