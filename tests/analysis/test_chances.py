"""How sure a verdict is: the share of draws in which a target is where its verdict asks it to be."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from carbonacct.analysis.chances import find_chance
from carbonacct.analysis.goals import Goal

LEVEL = Goal("g", "A", "co2", "level", "at_most", 2021, value=100.0)
DRAWN = {
    2019: np.array([100.0, 100.0, 200.0, 100.0]),
    2020: np.array([80.0, 95.0, 99.0, 120.0]),
    2021: np.array([90.0, 50.0, 160.0, 110.0]),
}


def chance(drawn=DRAWN, *, to=2020, path=math.nan, status="met", **fields):
    """Return the chance of a verdict on a target that differs so from the level."""
    return find_chance(replace(LEVEL, **fields), drawn, {"to": to, "path": path, "status": status})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"statistic": "level"}, 0.75),
        ({"bound": "at_least"}, 0.25),
        ({"bound": "range", "lower": 90.0, "upper": 100.0}, 0.5),
        ({"bound": "about", "tolerance": 5.0}, 0.5),
        ({"tolerance": 30.0}, 1.0),
        ({"drawn": {2020: DRAWN[2020]}}, 0.75),
        # Base year and year judged are of one draw: 90/100, 50/100, 160/200, 110/100.
        (
            {"statistic": "cut", "bound": "at_least", "value": 0.2, "base_year": 2019, "to": 2021},
            0.5,
        ),
        ({"statistic": "rise", "value": 0.05, "base_year": 2019, "to": 2021}, 0.75),
        ({"statistic": "added", "value": -20.0, "base_year": 2019, "to": 2021}, 0.5),
        # sqrt(0.9) - 1 = -5.1 %, sqrt(0.5) - 1 = -29 %, sqrt(0.8) - 1 = -10.6 %, sqrt(1.1) - 1 = 4.9 %
        ({"statistic": "rate", "value": -0.052, "base_year": 2019, "to": 2021}, 0.5),
        # Of both years after the base: 170, 145, 259, 230.
        ({"statistic": "cumulative", "value": 200.0, "base_year": 2019, "to": 2021}, 0.5),
        ({"statistic": "cumulative", "value": 200.0, "base_year": 2020, "to": 2021}, 1.0),
        ({"statistic": "cumulative", "value": 200.0, "base_year": 2018}, 0.5),
        ({"statistic": "cumulative", "value": 250.0, "to": 2021}, 0.25),
        # The highest of each draw: 2019, 2019, 2019, 2020.
        ({"statistic": "peak_year", "value": 2019, "to": 2021}, 0.75),
        ({"statistic": "peak_year", "value": 2020, "bound": "at_least", "to": 2021}, 0.25),
    ],
)
def test_the_share_of_draws_of_each_statistic_and_bound(fields, expected):
    """Worked out by hand from four draws of three years."""
    assert chance(**fields) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("met", 0.75), ("missed", 0.75), ("on_path", 0.5), ("behind", 0.5), ("open", None)],
)
def test_what_is_on_its_way_is_held_against_its_path(status, expected):
    """Met and missed against the number, 100, on the path and behind against the path, 97; open has no chance."""
    found = chance(status=status, path=97.0)
    assert math.isnan(found) if expected is None else found == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"drawn": {}},
        {"to": 2022},
        {"statistic": "cut", "value": 0.1, "base_year": 2018},
        {"statistic": "cumulative", "base_year": 2017, "to": 2021},
        {"statistic": "cumulative", "base_year": 2020, "to": 2022},
        {"statistic": "peak_year", "drawn": {}},
    ],
)
def test_a_year_without_draws_gives_no_chance(fields):
    """The year judged, the base year and all years between for what is added up: each is needed."""
    assert math.isnan(chance(**fields))
