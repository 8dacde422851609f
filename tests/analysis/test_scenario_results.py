"""What follows from paths: tables, peaks, budgets and charts, by hand on paths that are written down."""

from __future__ import annotations

import math

import numpy as np
import pytest

from carbonacct import Asked, find_envelope, summarise_paths
from carbonacct.analysis.scenario import Path
from carbonacct.analysis.scenario_results import (
    TABLES,
    analyse_paths,
    find_table,
    tabulate_course,
    tabulate_paths,
    tabulate_sectors,
)
from carbonacct.errors import PanelError


def make(net, *, name="s", removals=None, earlier=None, sectors=None):
    """Return a path of draws by year from 2020 on; the first row is the middle."""
    whole = np.array(net, float)
    taken = np.zeros_like(whole) if removals is None else np.array(removals, float)
    years = np.arange(2020, 2020 + whole.shape[1])
    held = {
        key: np.array(values, float) for key, values in (sectors or {"industry": whole[0]}).items()
    }
    return Path(name, "甲市", "CO2", (1,), years, held, whole - taken, taken, earlier or {})


DRAWN = make([[4, 6, 5, 3], [4, 8, 7, 6], [4, 5, 6, 7], [4, 3, 2, 1]])


def test_the_table_of_paths():
    """Gross, removals and net of the middle, and the bounds of nine draws in ten; without draws the middle itself."""
    path = make([[4, 2], [4, 1], [4, 3]], removals=[[-1, -2], [-1, -3], [-1, -1]])
    table = tabulate_paths([path, make([[1, 2]], name="t")])
    assert list(table) == [
        "scenario",
        "area",
        "year",
        "gas",
        "gross",
        "removals",
        "net",
        "lower",
        "upper",
        "unit",
    ]
    own = table[table["scenario"] == "s"]
    assert own[["year", "gross", "removals", "net"]].to_numpy().tolist() == [
        [2020, 5, -1, 4],
        [2021, 4, -2, 2],
    ]
    assert own[["lower", "upper"]].to_numpy() == pytest.approx(
        np.array([[4, 4], [1.1, 2.9]])
    )  # 5 and 95 % of 1 and 3
    other = table[table["scenario"] == "t"]
    assert other["lower"].tolist() == other["upper"].tolist() == other["net"].tolist() == [1, 2]
    assert table.index.tolist() == [0, 1, 2, 3]


def test_the_table_of_sectors():
    """Each sector by year, in the order in which paths have them."""
    table = tabulate_sectors([make([[3, 5]], sectors={"industry": [2, 3], "transport": [1, 2]})])
    assert table[["year", "sector", "value"]].to_numpy().tolist() == [
        [2020, "industry", 2],
        [2021, "industry", 3],
        [2020, "transport", 1],
        [2021, "transport", 2],
    ]
    assert set(table["unit"]) == {"t"}
    assert table.index.tolist() == [0, 1, 2, 3]


def test_peaks_and_chances_by_hand():
    """The peak of each draw is its own; of a path that ends in its maximum no peak is known."""
    row = summarise_paths([DRAWN], Asked(peak_by=2021, budget=14)).iloc[0]
    assert (row["peak_year"], row["peak"], row["peak_state"]) == (2021, 6, "passed")
    assert (row["peak_year_lower"], row["peak_year_upper"]) == pytest.approx((2020.1, 2022.8))
    assert (row["peak_lower"], row["peak_upper"]) == pytest.approx((4.3, 7.9))
    assert row["chance_passed"] == pytest.approx(2 / 3)
    assert row["chance_by_2021"] == pytest.approx(2 / 3)
    assert row["cumulative"] == 14  # 6 + 5 + 3: the base year has been emitted
    assert row["chance_budget"] == pytest.approx(1 / 3)
    assert (row["budget"], row["draws"]) == (14, 3)
    assert math.isnan(row["neutral_year"])
    assert row["chance_neutral"] == 0


def test_without_draws_a_chance_is_whether_it_holds():
    """1 or 0 of the middle, which a budget may meet to the tonne."""
    path = make([[4, 6, 5]])
    row = summarise_paths([path], Asked(budget=11)).iloc[0]
    assert (row["chance_passed"], row["chance_budget"], row["draws"]) == (1, 1, 0)
    assert summarise_paths([path], Asked(budget=10.9))["chance_budget"].item() == 0
    plain = summarise_paths([path])
    assert not {"budget", "chance_budget"} & set(plain)
    assert not [name for name in plain if name.startswith("chance_by")]


def test_one_draw_is_its_own_range():
    """The middle is none of the draws."""
    path = make([[4, 6, 5], [4, 3, 9]])
    assert tabulate_paths([path])[["lower", "upper"]].to_numpy().tolist() == [
        [4, 4],
        [3, 3],
        [9, 9],
    ]
    row = summarise_paths([path], Asked(budget=11.5)).iloc[0]
    assert (row["chance_budget"], row["chance_passed"], row["draws"]) == (0, 0, 1)


@pytest.mark.parametrize("year", [2019, 2023, 2024])
def test_a_peak_by_a_year_without_one_behind_it_is_refused(year):
    """Before the paths, in their last year, or after it."""
    with pytest.raises(PanelError, match=f"a peak by {year}: the paths go from 2020 to 2023"):
        summarise_paths([DRAWN], Asked(peak_by=year))
    assert summarise_paths([DRAWN], Asked(peak_by=2020))["chance_by_2020"].item() == pytest.approx(
        1 / 3
    )
    assert summarise_paths([DRAWN], Asked(peak_by=2022))["chance_by_2022"].item() == pytest.approx(
        2 / 3
    )


@pytest.mark.parametrize(
    ("net", "year"),
    [
        ([2, 1, 0, -1], 2022),
        ([2, -1, 1, -1], 2023),
        ([-1, -2, -3, 0], 2020),
        ([2, 1, 0, 1], None),
        ([0, 0, 0, 0], 2020),
    ],
)
def test_the_neutral_year_lasts(net, year):
    """From it on net emissions are zero or below to the end of the path."""
    row = summarise_paths([make([net])]).iloc[0]
    assert row["neutral_year"] == year if year else math.isnan(row["neutral_year"])
    assert row["chance_neutral"] == (year is not None)


@pytest.mark.parametrize(
    ("net", "earlier", "state"),
    [
        ([4, 3, 2], {}, "base"),
        ([2, 3, 4], {}, "rising"),
        ([2, 4, 3], {}, "passed"),
        ([2, 4, 3], {2019: 4.0}, "passed"),  # as high as before
        ([2, 4, 3], {2018: 4.1, 2019: 1.0}, "earlier"),
    ],
)
def test_the_state_of_a_peak(net, earlier, state):
    """In the base year, in the last, between them, or before the paths began."""
    assert summarise_paths([make([net], earlier=earlier)])["peak_state"].item() == state


def test_the_envelope_by_hand():
    """The lowest and highest middle of each year with its scenario, and the widest bounds."""
    low, high = make([[4, 1, 5], [4, 0, 4], [4, 2, 6]], name="low"), make([[4, 3, 2]], name="high")
    envelope = find_envelope([low, high])
    assert envelope["lowest"].tolist() == [4, 1, 2]
    assert envelope["lowest_scenario"].tolist() == ["low", "low", "high"]
    assert envelope["highest"].tolist() == [4, 3, 5]
    assert envelope["highest_scenario"].tolist() == ["low", "high", "low"]
    assert envelope["lower"].tolist() == pytest.approx([4, 0.1, 2])
    assert envelope["upper"].tolist() == pytest.approx([4, 3, 5.9])


def test_the_course_that_charts_show():
    """The inventory up to the base year, then each path with its sums; a peak only once it has passed."""
    rising = make([[3, 4, 9]], name="rising")
    course = tabulate_course([make([[4, 6, 5, 3]], earlier={2018: 2.0, 2017: 1.0}), rising])
    before = course[course["kind"] == "inventory"]
    assert before[["year", "net"]].to_numpy().tolist() == [[2017, 1], [2018, 2], [2020, 4]]
    assert not before["is_peak"].any()
    own = course[course["scenario"] == "s"]
    assert own["cumulative"].tolist() == [0, 6, 11, 14]
    assert own["is_peak"].tolist() == [False, True, False, False]
    assert not course.loc[course["scenario"] == "rising", "is_peak"].any()
    assert course.index.tolist() == list(range(len(course)))
    drawn = tabulate_course([DRAWN])
    own = drawn[drawn["kind"] == "scenario"]
    assert own["cumulative_lower"].tolist() == pytest.approx([0, 3.2, 5.6, 7.2])
    assert own["cumulative_upper"].tolist() == pytest.approx([0, 7.7, 14.6, 20.7])
    assert own[["lower", "upper"]].iloc[1].tolist() == pytest.approx([3.2, 7.7])


@pytest.mark.parametrize("show", TABLES)
def test_each_table_is_found_by_its_name(show):
    """And is what its own function gives; with it what charts show, and what a page says of it."""
    analysis = analyse_paths(show, [DRAWN], Asked(budget=5), model="m")
    assert analysis.kind == f"scenario-{show}"
    assert analysis.words == {
        "area": "甲市",
        "gas": "CO2",
        "base": "2020",
        "draws": "3",
        "budget": "5",
    }
    assert analysis.frame.equals(find_table(show, [DRAWN], Asked(budget=5), model="m"))
    assert analysis.series.equals(tabulate_course([DRAWN]))
    first = {
        "paths": "scenario",
        "sectors": "scenario",
        "peaks": "scenario",
        "envelope": "year",
        "iamc": "Model",
        "leap": "BranchID",
    }
    assert analysis.frame.columns[0] == first[show]
    assert "budget" not in analyse_paths(show, [DRAWN], Asked(), model="m").words


def test_a_table_that_is_none_is_named():
    """With its near names."""
    with pytest.raises(
        PanelError,
        match=r"no table 'peak' of scenarios; did you mean peaks.* known: paths, sectors",
    ):
        find_table("peak", [DRAWN], Asked())
