"""Rules that fill activities of other sectors, on a table of them alone: which series, their intervals, what stays."""

from __future__ import annotations

import math
from functools import cache
from types import SimpleNamespace

import pandas as pd
import pytest

from carbonacct.projects.driver_bases import DriverBasis
from carbonacct.projects.entry_table import list_entries
from carbonacct.projects.filled_rows import read_fill
from carbonacct.projects.filled_sources import fill_sources
from carbonacct.projects.splice_rules import Splice
from carbonacct.projects.store import Store, digest_of
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import compile_sources

HEAD = "area,year,activity,item,value,unit\n"
CLINKER = "".join(
    f"甲,{year},clinker_output,,{amount},t\n"
    for year, amount in ((2017, 110), (2018, 130), (2020, 150))
)
PIGS = "".join(
    f"甲,{year},livestock,{item},{heads},head\n"
    for item, by_year in (("pigs", {2018: 100, 2020: 300}), ("horses", {2018: 10, 2020: 30}))
    for year, heads in by_year.items()
)
FACTOR = 0.538  # t CO2/t of clinker, provincial guideline of 2011, 2.1


def rule(technique="interpolation", **more):
    """Return a rule of activities of 2019."""
    held = {"years": (2019,), "because": "lost", "level": "activity"} | more
    return Splice(technique=technique, **held)


@cache
def read(home, text):
    """Return the activities of a table, read once for all tests."""
    file = home / digest_of(text.encode()) / "a.csv"
    file.parent.mkdir()
    file.write_text(HEAD + text, encoding="utf-8")
    return read_activities([file], "provincial-2011")


@cache
def list_printed(home, text):
    """Return the entries of a table as it is."""
    return list_entries(compile_sources(read(home, text)))


def open_table(folder, text, **more):
    """Return what a filling asks of a project with one table of activities."""
    asked = {
        "making": True,
        "drivers": None,
        "declaration": SimpleNamespace(bases=[DriverBasis("d.csv")]),
        "program": "p",
        "store": Store(folder / "store"),
        "scanner": SimpleNamespace(find=lambda file: file),
        "sources_runs": lambda: [("", SimpleNamespace(entries="e", key=text))],
        "read_sources": lambda _: read(folder.parent, text),
        "compile_activities": lambda activities, _: compile_sources(activities),
        "takes_fuel_out": lambda flows: "no flow" in flows,
        "progress": str,
    } | more
    return SimpleNamespace(**asked)


def fill(folder, text, asked, **more):
    """Return what a rule makes of a table, and what is said."""
    return fill_sources(list_printed(folder.parent, text), asked, open_table(folder, text, **more))


@pytest.mark.parametrize("percent", [0.0, 2.0])
def test_a_filled_activity_has_the_factor_and_an_interval(tmp_path, percent):
    """140 t half way; without 2018 its place is 123.3, 6.7 off: t(1) = 12.7062; beside 2 % of the larger print."""
    made, findings = fill(tmp_path, CLINKER, rule(percent=percent))
    (row,) = made.to_dict("records")
    assert (row["flow"], row["year"]) == ("cement", 2019)
    assert row["value"] == pytest.approx(140 * FACTOR)
    lower, upper, because = read_fill(row["where"])
    half = math.hypot(12.7062047 * (130 - (110 + 40 / 3)), 150 * percent / 100) * FACTOR
    assert (row["value"] - lower, upper - row["value"]) == (pytest.approx(half),) * 2
    assert because == "lost"
    assert row["factors"].startswith("clinker_factor 0.538")
    assert findings == []


def test_a_line_of_two_prints_is_not_sure_and_an_activity_is_not_below_zero(tmp_path):
    """Two prints leave no year out, so that there is no interval; where there is, it ends at nothing."""
    two = CLINKER.partition("\n")[2]
    (row,) = fill(tmp_path, two, rule())[0].to_dict("records")
    assert all(math.isnan(one) for one in read_fill(row["where"])[:2])
    steep = CLINKER.replace("110", "1000")  # 430 off its line: 12.7 x 546.7 is more than there is
    (row,) = fill(tmp_path, steep, rule())[0].to_dict("records")
    lower, upper, _ = read_fill(row["where"])
    assert lower == 0.0
    assert upper > 140 * FACTOR


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"flow": "enteric_fermentation"},
            {("enteric_fermentation", "pigs"), ("enteric_fermentation", "horses")},
        ),
        ({"flow": "enteric_fermentation", "product": "pigs"}, {("enteric_fermentation", "pigs")}),
        ({"flow": "cement"}, {("cement", "")}),
        ({"flow": "lime"}, set()),
    ],
)
def test_a_rule_fills_the_sources_and_items_that_it_names(tmp_path, more, expected):
    """Of three series each by itself: 200 pigs and 20 horses half way."""
    made, _ = fill(tmp_path, PIGS + CLINKER, rule(**more))
    assert set(map(tuple, made.reindex(columns=["flow", "product"]).values)) == expected


def test_what_is_printed_stays_and_what_is_not_estimated_does_not(tmp_path):
    """An entry of the filled year with a number or another key is a print; NE is the want of the activity."""
    workshop = open_table(tmp_path, CLINKER)
    entries = list_printed(tmp_path.parent, CLINKER)
    filled, _ = fill_sources(entries, rule(), workshop)
    for notation, stays in (("", True), ("NO", True), ("NE", False)):
        there = filled.assign(notation=notation, status="")
        again, _ = fill_sources(pd.concat([entries, there]), rule(), workshop)
        assert again.empty == stays
    # A table that prints the year leaves no gap, whatever an entry says.
    printed = CLINKER + "甲,2019,clinker_output,,141,t\n"
    assert fill(tmp_path, printed, rule())[0].empty


def test_what_was_made_is_kept_and_a_status_makes_nothing(tmp_path):
    """Under the run, the rule and, where a rule asks them, the drivers; a run that is refused gives nothing."""
    made, _ = fill(tmp_path, CLINKER, rule())
    kept, _ = fill(tmp_path, CLINKER, rule(), making=False)
    pd.testing.assert_frame_equal(kept, made)
    later = SimpleNamespace(find=lambda file: f"later {file}")
    assert len(fill(tmp_path, CLINKER, rule(), making=False, scanner=later)[0]) == 1
    assert fill(tmp_path, CLINKER, rule(percent=1.0), making=False)[0].empty
    refused = [("", SimpleNamespace(entries="", key="k"))]
    assert fill(tmp_path, CLINKER, rule(), sources_runs=lambda: refused)[0].empty
    asked = rule("surrogate", surrogate="gdp")
    drivers = pd.DataFrame({"area": "", "year": [2018, 2019, 2020], "gdp": [50.0, 60.0, 100.0]})
    (row,) = fill(tmp_path, CLINKER, asked, drivers=drivers)[0].to_dict("records")
    assert row["value"] == pytest.approx((130 * 60 / 50 + 150 * 60 / 100) / 2 * FACTOR)
    stale = fill(tmp_path, CLINKER, asked, drivers=drivers, making=False, scanner=later)
    assert stale[0].empty


def test_a_surrogate_says_how_it_goes_with_what_it_fills(tmp_path):
    """Of the area, once for all of its series; one that fills nothing has none."""
    drivers = pd.DataFrame({"area": "", "year": [2018, 2019, 2020], "gdp": [50.0, 60.0, 100.0]})
    asked = rule("surrogate", surrogate="gdp", flow="enteric_fermentation")
    _, findings = fill(tmp_path, PIGS, asked, drivers=drivers)
    (said,) = [str(one.message) for one in findings]
    assert said.startswith("甲: gdp fills 2 series, with n = 2 printed years")
    _, findings = fill(tmp_path, PIGS, rule("surrogate", surrogate="none"), drivers=drivers)
    assert [str(one.message).partition(":")[0] for one in findings] == [
        "甲 heads horses unspecified",
        "甲 heads pigs unspecified",
    ]


def test_carbon_that_energy_counts_is_left_out_with_a_reason(tmp_path):
    """A source whose carbon is a part of fuels is named, where its activity is printed; others are filled."""
    taken = {"takes_fuel_out": lambda flows: bool({*flows} & {"cement", "ammonia"})}
    made, findings = fill(tmp_path, CLINKER + PIGS, rule(), **taken)
    assert "cement" not in set(made["flow"])
    assert [str(one.message).partition(" is")[0] for one in findings] == ["cement"]


def test_a_long_gap_is_said_with_the_series(tmp_path):
    """Beyond five years a line is no guess."""
    early = "甲,2010,clinker_output,,90,t\n" + CLINKER
    made, findings = fill(tmp_path, early, rule())
    assert len(made) == 1
    (said,) = [str(one.message) for one in findings]
    assert said == "甲 clinker_output: 2011-2016 stays empty: 6 years are more than 5"
