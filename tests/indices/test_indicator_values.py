"""What each leaf of an index is, from the numbers of a table: worked values, and why a cell has none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from carbonacct.errors import IndexDataError
from carbonacct.indices.index_panel import panel_from_frame
from carbonacct.indices.index_series import find_states, rate_trend
from carbonacct.indices.indicator_values import compute_values
from tests.indices.building import declare

SHARE = 'x|value = { op = "ratio", of = ["gva_tertiary", "gdp"] }'
YEARS = [2018, 2019, 2020]


def values_of(index, **columns):
    """Return what the leaves of a table are."""
    length = max(len(column) for column in columns.values() if isinstance(column, list))
    held = {"area": "甲", "year": YEARS[:length]} | columns
    return compute_values(index, panel_from_frame(pd.DataFrame(held), index))


def of(found, array="value", area="甲", indicator="x"):
    """Return the numbers or words of one leaf and area over the years."""
    return getattr(found, array).sel(indicator=indicator, area=area).values.tolist()


@pytest.mark.parametrize(
    ("value", "columns", "wanted"),
    [
        # Of 100, 110 and 121: 10 % a year, over two years as well (their mean rate, not their sum).
        ('op = "change", of = ["gdp"]', {"gdp": [100, 110, 121]}, [None, 10, 10]),
        ('op = "change", of = ["gdp"], span = 2', {"gdp": [100, 110, 121]}, [None, None, 10]),
        # A cut is that of the whole span: of 100 to 81, 19 %.
        ('op = "cut", of = ["co2"]', {"co2": [100, 90, 81]}, [None, 10, 10]),
        ('op = "cut", of = ["co2"], span = 2', {"co2": [100, 90, 81]}, [None, None, 19]),
        # Of an intensity: 10/100, 9/120, 9/90.
        (
            'op = "cut", of = ["co2", "gdp"]',
            {"co2": [10, 9, 9], "gdp": [100, 120, 90]},
            [None, 25, 100 * (1 - 0.1 / 0.075)],
        ),
        (
            'op = "change", of = ["co2", "gdp"]',
            {"co2": [10, 9, 9], "gdp": [100, 120, 90]},
            [None, -25, 100 / 3],
        ),
        # In percent of a target: 10 of 5, of 20; nothing of a target that is none.
        (
            'op = "cut-completion", of = ["co2"], target = "goal"',
            {"co2": [100, 90, 81], "goal": [5, 5, 20]},
            [None, 200, 50],
        ),
        (
            'op = "change-completion", of = ["gdp"], target = "goal"',
            {"gdp": [100, 110, 121], "goal": [5, 0, 4]},
            [None, None, 250],
        ),
        # A ratio in its own unit, here %.
        (
            'op = "ratio", of = ["gva_tertiary", "gdp"]',
            {"gva_tertiary": [40, 55], "gdp": [80, 50]},
            [50, 110],
        ),
        (
            'op = "ratio", of = ["gva_tertiary", "gdp"]',
            {"gva_tertiary": [40, 0], "gdp": [0, 50]},
            [None, 0],
        ),
    ],
)
def test_each_way_to_a_value_by_hand(tmp_path, value, columns, wanted):
    """Rates and cuts over a span of years, completion of a target, a ratio."""
    goal = (
        'input = [{ id = "goal", zh = "目标", en = "goal", unit = "%" }]'
        if "goal" in columns
        else ""
    )
    found = values_of(declare(tmp_path, f"x|value = {{ {value} }}", more=goal), **columns)
    assert of(found) == pytest.approx(
        [np.nan if one is None else one for one in wanted], nan_ok=True
    )
    assert of(found, "rated") == pytest.approx(of(found), nan_ok=True)


def test_a_span_is_of_years_and_not_of_rows(tmp_path):
    """2018 lies two years before 2020 whether 2019 stands between them or not; the year before 2020 is then lacking."""
    for span, wanted in ((2, 10.0), (1, np.nan)):
        index = declare(tmp_path, f'x|value = {{ op = "change", of = ["gdp"], span = {span} }}')
        found = values_of(index, year=[2018, 2020], gdp=[100.0, 121.0])
        assert of(found)[1] == pytest.approx(wanted, nan_ok=True)


def said(found, rule):
    """Return message and action of the findings of a rule."""
    return [(one.severity, one.message, one.action) for one in found.findings if one.rule == rule]


def test_a_cell_without_a_number_says_what_to_give(tmp_path):
    """What lacks, divides by zero or is too short: each names its first cell and its own remedy."""
    index = declare(tmp_path, SHARE, 'y|value = { op = "cut", of = ["co2", "gdp"] }', "z")
    found = values_of(
        index,
        area=["甲", "甲", "乙", "乙"],
        year=[2019, 2020, 2019, 2020],
        gva_tertiary=[1.0, None, 1.0, 1.0],
        gdp=[10.0, 10.0, 0.0, None],
        co2=[5.0, 4.0, 5.0, 5.0],
        z=[1.0, None, 1.0, 1.0],
    )
    assert of(found, "status") == ["computed", "missing"]
    assert of(found, "status", "乙") == ["undefined", "missing"]
    assert of(found, "status", indicator="y") == ["too-short", "computed"]
    assert of(found, "status", indicator="z") == ["supplied", "missing"]
    assert said(found, "missing-value") == [
        (
            "error",
            "x (名x) has no number in 2 of 4 cells, first 甲 2020",
            "give gva_tertiary, or x itself",
        ),
        ("error", "y (名y) has no number in 1 of 4 cells, first 乙 2020", "give gdp, or y itself"),
        ("error", "z (名z) has no number in 1 of 4 cells, first 甲 2020", "give z"),
    ]
    assert said(found, "undefined-value")[0] == (
        "error",
        "x (名x) has no number in 1 of 4 cells, first 乙 2019",
        "ratio of these numbers is a division by zero: check gva_tertiary and gdp",
    )
    assert said(found, "series-too-short") == [
        ("warning", "y (名y) has no number in 2 of 4 cells, first 甲 2019", "add the row of 2018")
    ]


def test_a_trend_needs_three_years(tmp_path):
    """The first two years have none, and the remedy is rows and not one row."""
    found = values_of(
        declare(tmp_path, 'x|value = { op = "trend", of = ["co2"] }'), co2=[3.0, 2.0, 1.0]
    )
    assert of(found, "status") == ["too-short", "too-short", "computed"]
    ((severity, message, action),) = said(found, "series-too-short")
    assert (severity, action) == ("warning", "a trend needs three years: add rows")
    assert message == "x (名x) has no number in 2 of 3 cells, first 甲 2018"
    assert of(found)[2] < 0


@pytest.mark.parametrize(
    ("own", "is_said"),
    [
        (50.0, False),
        (50.2, False),  # 0.5 % of 50 and a rounding of 0.05
        (50.3, False),
        (50.31, True),
        (49.69, True),
    ],
)
def test_a_number_of_ones_own_agrees_with_what_it_is_computed_from(tmp_path, own, is_said):
    """To half a percent and a tenth's rounding; beyond that reading stops at the cell, with both numbers."""
    index = declare(tmp_path, SHARE)
    if not is_said:
        found = values_of(index, gva_tertiary=[40.0], gdp=[80.0], x=[own])
        assert (of(found), of(found, "status")) == ([50.0], ["computed"])
        return
    with pytest.raises(IndexDataError) as caught:
        values_of(index, gva_tertiary=[40.0], gdp=[80.0], x=[own])
    assert str(caught.value) == (
        f"table!E2: x is {own:g}, ratio of gva_tertiary and gdp gives 50; clear the cell or correct the amounts"
    )


def test_a_number_of_ones_own_stands_where_nothing_is_computed(tmp_path):
    """It is what the rule rates as well; a number that an inventory gave is said to be of it."""
    index = declare(tmp_path, SHARE)
    frame = pd.DataFrame(
        {"area": "甲", "year": YEARS, "gva_tertiary": [40.0, None, 40.0], "gdp": 80.0}
    )
    panel = panel_from_frame(frame.assign(x=[None, 30.0, None]), index)
    brought = panel.status.copy(deep=True)
    brought.loc[{"area": "甲", "year": 2020, "input": "gdp"}] = "inventory"
    found = compute_values(index, replace(panel, status=brought))
    assert of(found) == of(found, "rated") == [50.0, 30.0, 50.0]
    assert of(found, "status") == ["computed", "supplied", "inventory"]


@pytest.mark.parametrize(("part", "is_said"), [(-1, True), (0, False), (100, False), (101, True)])
def test_a_share_lies_within_its_whole(tmp_path, part, is_said):
    """Below 0 or above 100 % the units are in doubt, at the cell of the part."""
    mine = ", ".join(
        f'{{ id = "{name}", zh = "{name}", en = "{name}", unit = "t" }}'
        for name in ("part", "whole")
    )
    index = declare(
        tmp_path, 'x|value = { op = "ratio", of = ["part", "whole"] }', more=f"input = [{mine}]"
    )
    found = values_of(index, part=[50.0, float(part)], whole=[100.0, 100.0])
    doubts = [one for one in found.findings if one.rule == "share-beyond-whole"]
    wanted = [(f"x of 甲 2019 is {part} %, part over whole", "table!C3", "check the units of both")]
    assert [(one.message, one.where, one.action) for one in doubts] == (wanted if is_said else [])


@pytest.mark.parametrize(
    ("own", "is_said"), [(4.0, False), (4.02, False), (4.021, True), (3.979, True)]
)
def test_an_amount_agrees_to_half_a_percent_alone(tmp_path, own, is_said):
    """A rate is printed with one decimal and has room for it; 4 t a head have none."""
    index = declare(
        tmp_path, 'x|unit = "t CO2/person"|value = { op = "ratio", of = ["co2", "population"] }'
    )
    if is_said:
        with pytest.raises(
            IndexDataError, match="ratio of co2 and population gives 4; clear the cell"
        ):
            values_of(index, co2=[800.0], population=[200.0], x=[own])
    else:
        assert of(values_of(index, co2=[800.0], population=[200.0], x=[own])) == [4.0]


@pytest.mark.parametrize(
    ("whole", "wanted"), [(0.5, 50.0), (1.0, 25.0), (0.001, 25_000.0), (0.0, None)]
)
def test_whatever_is_above_0_divides(tmp_path, whole, wanted):
    """A part of one is a whole as well."""
    mine = ", ".join(
        f'{{ id = "{name}", zh = "{name}", en = "{name}", unit = "t" }}'
        for name in ("part", "whole")
    )
    index = declare(
        tmp_path, 'x|value = { op = "ratio", of = ["part", "whole"] }', more=f"input = [{mine}]"
    )
    found = of(values_of(index, part=[0.25], whole=[whole]))
    assert found == pytest.approx([np.nan if wanted is None else wanted], nan_ok=True)


def test_a_trend_up_to_each_year_is_that_of_mann_and_kendall():
    """Of n falling values S is -n (n - 1) / 2, z = (S + 1) / sqrt(n (n - 1) (2 n + 5) / 18); a gap has none."""
    years = np.arange(2010, 2016)
    falling = np.array([[9.0, 7, 5, 3, 2, 1], [1, 1, 1, 1, 1, 1], [9, 7, np.nan, 3, 2, 1]])
    found = rate_trend(falling, years)
    assert np.isnan(found[:, :2]).all()
    for last in range(2, 6):
        n = last + 1
        wanted = (1 - n * (n - 1) / 2) / np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
        assert found[0, last] == pytest.approx(wanted)
        assert found[1, last] == 0
    assert np.isnan(found[2, 2])
    assert found[2, 5] < 0


@pytest.mark.parametrize(
    ("pressure", "driver", "elasticity", "state"),
    [
        # Tapio (2005): pressure over driver, each in parts of what it was.
        ((100, 99), (50, 55), -0.1, "strong_decoupling"),
        ((100, 105), (50, 55), 0.5, "weak_decoupling"),
        ((100, 110), (50, 55), 1.0, "expansive_coupling"),
        ((100, 120), (50, 55), 2.0, "expansive_negative_decoupling"),
        ((100, 80), (50, 45), 2.0, "recessive_decoupling"),
        ((100, 90), (50, 45), 1.0, "recessive_coupling"),
        ((100, 95), (50, 45), 0.5, "weak_negative_decoupling"),
        ((100, 105), (50, 45), -0.5, "strong_negative_decoupling"),
        # Amounts below one are amounts.
        ((0.5, 0.525), (0.1, 0.11), 0.5, "weak_decoupling"),
        # Nothing to divide by.
        ((100, 105), (50, 50), None, "driver_unchanged"),
        ((0, 105), (50, 55), None, ""),
        ((100, 105), (0, 55), None, ""),
        ((100, np.nan), (50, 55), None, ""),
    ],
)
def test_states_of_decoupling(pressure, driver, elasticity, state):
    """The elasticity and its state; none where one of the four numbers lacks or divides by nothing."""
    arrays = [np.array([float(side)]) for side in (pressure[0], driver[0], pressure[1], driver[1])]
    found, states = find_states(*arrays)
    assert found == pytest.approx([np.nan if elasticity is None else elasticity], nan_ok=True)
    assert states.tolist() == [state]
