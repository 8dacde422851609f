"""Which names of a file are activities of a method, and whether a file holds any."""

from __future__ import annotations

import pytest

from carbonacct.sectors.sources.activity_names import names_of
from carbonacct.sectors.sources.activity_recognition import (
    holds_activities,
    partition_words,
    sort_names,
)
from carbonacct.sheets.raw_sheets import read_sheets
from tests.sectors.sources.building import write_table

METHOD = "provincial-2011"


def sheets(folder, *names):
    """Return the sheets of a long table of some names."""
    return read_sheets(write_table(folder, *((name, "", 1, "t") for name in names)))


def test_names_are_sorted_in_their_order(tmp_path):
    """Activities, words that are no activity and a partition of areas are known; dinosaurs are not."""
    partition = next(iter(partition_words(names_of(METHOD)).values()))
    names = ["恐龙", "水泥熟料产量", "gdp", "生铁产量", partition, "水泥熟料产量"]
    assert sort_names(sheets(tmp_path, *names), METHOD) == (
        ["水泥熟料产量", "生铁产量", partition],
        ["恐龙", "gdp"],
    )


@pytest.mark.parametrize("method", [METHOD, "ipcc-2006"])
def test_partitions_are_those_that_the_method_asks_for(method):
    """By id and by every word for it; a partition of another method is none."""
    known = names_of(method)
    asked = set(partition_words(known).values())
    assert ("climate_zones" in asked) == (method == "ipcc-2006")
    assert ("wastewater_regions" in asked) == (method == METHOD)
    assert all(known.find(name) == () for name in asked)


def test_a_long_table_holds_activities_whatever_its_names(tmp_path):
    """The columns say so: a wrong name is told by the reader, and is no reason to take the file for another."""
    assert holds_activities(sheets(tmp_path, "恐龙"), METHOD)
    (tmp_path / "other.csv").write_text("area,year,gdp\n重庆,2020,1\n", encoding="utf-8")
    assert not holds_activities(read_sheets(tmp_path / "other.csv"), METHOD)


def test_without_a_method_one_that_knows_a_name_is_enough(tmp_path):
    """A word that one method has and another has not."""
    ours, other = (names_of(method) for method in (METHOD, "ipcc-2006"))
    name = next(
        one for one in sorted(ours.meanings) if not other.find(one) and not other.why_not(one)
    )
    assert sort_names(sheets(tmp_path, name, "恐龙")) == ([name], ["恐龙"])
    assert sort_names(sheets(tmp_path, name), "ipcc-2006") == ([], [name])
