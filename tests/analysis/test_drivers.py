"""Drivers of a scenario: when a rate holds, what a range draws, which fuel is in a mix, what closes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import Assumed, Basis, Driver, project_scenarios
from carbonacct.analysis.drivers import DriverLine, Held
from carbonacct.errors import PanelError
from tests.analysis.test_scenario import BASE, FLAT, drive, follow, record

YEARS = np.arange(2020, 2031)
STILL = FLAT[1]  # removals as they are


def rest(sector, term, of):
    """Return the driver of what others leave."""
    return Driver("", sector, term, of, "rest", (), "a document", f"a.csv:{sector} rest")


def hold(*drivers, draws=0, error=0.0, seed=0, gas="CO2", years=YEARS):
    """Return drivers over years from 2020 on."""
    return Held(drivers, years, Basis(year=2020, gas=gas, draws=draws, error=error, seed=seed))


def test_a_rate_holds_up_to_its_year():
    """2 % up to 2022, then -1 %; what ended in the base year or before says nothing any more."""
    driver = drive("all", "activity", "rate", {2018: 0.5, 2020: 0.3, 2022: 0.02, 2030: -0.01})
    ratio = hold(driver).ratio(driver)[0]
    assert ratio.tolist() == pytest.approx(
        [1, 1.02, 1.02**2, *(1.02**2 * 0.99**n for n in range(1, 9))]
    )


def test_a_level_runs_straight_between_its_years():
    """Over that of the base year, which may lie between two given ones."""
    driver = drive("all", "activity", "level", {2010: 100.0, 2030: 300.0})
    assert hold(driver).ratio(driver)[0].tolist() == pytest.approx([1 + n / 20 for n in range(11)])


def test_removals_run_straight_from_those_of_the_base_year():
    """From -10 over -20 in 2025 to -15 in 2030; a number of the base year or before is not asked."""
    driver = drive(
        "land", "removals", "amount", {2015: -90.0, 2020: -50.0, 2025: -20.0, 2030: -15.0}
    )
    held = hold(driver)
    assert held.amount(driver, np.array([[-10.0]]))[0].tolist() == pytest.approx(
        [-10, -12, -14, -16, -18, -20, -19, -18, -17, -16, -15]
    )
    assert held.amounts == (driver,)
    assert held.ratio(driver).tolist() == [[0.0] * 11]  # added, and not scaled


@settings(max_examples=40)
@given(st.lists(st.floats(-0.4, 0.4), min_size=3, max_size=3), st.integers(0, 99))
def test_a_range_is_drawn_as_a_triangle(numbers, seed):
    """Every draw lies in the range, at the quantile of a triangular distribution; first the middle."""
    lower, middle, upper = sorted(numbers)
    driver = drive("all", "activity", "rate", {2021: (lower, middle, upper)})
    ratio = hold(driver, draws=400, seed=seed, years=np.arange(2020, 2022)).ratio(driver)
    drawn = np.sort(ratio[1:, 1] - 1)
    assert ratio[0].tolist() == pytest.approx([1, 1 + middle])
    assert (drawn >= lower - 1e-12).all()
    assert (drawn <= upper + 1e-12).all()
    if upper - lower > 1e-6:
        below = np.where(
            drawn < middle,
            (drawn - lower) ** 2 / ((upper - lower) * max(middle - lower, 1e-300)),
            1 - (upper - drawn) ** 2 / ((upper - lower) * max(upper - middle, 1e-300)),
        )
        assert np.abs(below - (np.arange(400) + 0.5) / 400).max() < 0.1


def test_one_draw_is_one_quantile_of_all_years():
    """A draw that grows fast grows fast throughout: it lies as deep in the range of each year."""
    driver = drive("all", "activity", "rate", {2025: (0.0, 0.01, 0.02), 2030: (0.0, 0.02, 0.04)})
    ratio = hold(driver, draws=50).ratio(driver)
    steps = ratio[1:, 1:] / ratio[1:, :-1] - 1
    assert steps[:, 0] * 2 == pytest.approx(steps[:, -1])
    other = drive("industry", "activity", "rate", {2030: (0.0, 0.01, 0.02)})
    apart = hold(driver, other, draws=50).ratio(other)[1:, 1] - 1
    assert np.abs(apart - steps[:, 0]).max() > 1e-3  # each driver draws for itself


def test_the_error_of_the_base_year_is_never_below_nothing():
    """Half of a 95 % interval is 1.96 deviations; a draw below zero is none."""
    error = hold(draws=5000, error=0.99).draw_error()
    assert error.shape == (5001, 1)
    assert error[0, 0] == 1
    assert error.min() == 0
    assert np.mean(np.abs(error[1:] - 1) < 0.99) == pytest.approx(0.95, abs=0.01)
    assert (hold(draws=5).draw_error() == 1).all()
    assert (
        hold(draws=9, error=0.5, seed=1).draw_error()
        != hold(draws=9, error=0.5, seed=2).draw_error()
    )[1:].all()


def test_the_fuel_of_an_entry_in_a_mix():
    """Its own name before its group, the group before all others; of the nearest sector that has a mix."""
    raw, coal, others = (
        drive("industry", "fuel_mix", "share", {2020: share, 2030: share}, of)
        for share, of in ((0.2, "raw_coal"), (0.3, "coal"), (0.5, "*"))
    )
    far = drive("all", "fuel_mix", "share", {2020: 1.0, 2030: 1.0}, "*")
    held = hold(raw, coal, others, far)
    lines = {
        product: DriverLine("energy", "industry.steel", product, "emission", 1.0)
        for product in ("raw_coal", "coke", "diesel")
    }
    assert [held.find(line) for line in lines.values()] == [(raw,), (coal,), (others,)]
    assert held.find(DriverLine("energy", "transport", "diesel", "emission", 1.0)) == (far,)
    assert hold(raw).find(lines["diesel"]) == ()
    assert held.find(DriverLine("land", "forest_growth", "", "removal", -1.0)) == ()


def test_what_an_entry_lies_in():
    """A flow, what it is a part of, its sector, all: a label that nobody knows lies in what its dots say."""
    assert (
        DriverLine("energy", "industry.steel", "coke", "emission", 1.0).wholes[0]
        == "industry.steel"
    )
    assert DriverLine("energy", "industry.steel", "coke", "emission", 1.0).wholes[-2:] == (
        "energy",
        "all",
    )
    assert DriverLine("processes", "made.up.source", "", "emission", 1.0).wholes == (
        "made.up.source",
        "made.up",
        "made",
        "processes",
        "all",
    )
    line = DriverLine("energy", "industry.steel", "", "emission", 1.0)
    assert (line.label, line.top) == ("industry.steel", "industry")


def test_names_of_a_table_are_sectors_and_fuels():
    """工业 is industry, 煤合计 all coal; a name that is an id stays."""
    named = drive("工业", "fuel_mix", "share", {2020: 0.4, 2030: 0.4}, "煤合计")
    line = DriverLine("energy", "industry", "raw_coal", "emission", 1.0)
    assert hold(named).find(line) == (named,)
    land = drive("land", "removals", "rate", {2030: 0.0})
    assert hold(land).find(DriverLine("land", "forest_growth", "", "removal", -1.0)) == (land,)


INDUSTRY = [
    ("industry", "raw_coal", "emission", 60.0),
    ("industry", "natural_gas", "emission", 40.0),
]


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"coal": {2020: 0.6, 2030: 0.5}, "gas": {2020: 0.4, 2030: 0.5}}, ""),
        ({"coal": {2020: 0.6, 2030: 0.5}, "gas": {2020: 0.4, 2030: 0.5 - 5e-7}}, ""),
        (
            {"coal": {2020: 0.6, 2030: 0.5}, "gas": {2020: 0.4, 2030: 0.5 - 2e-6}},
            "shares add up to 1 in 2030",
        ),
        (
            {"coal": {2020: 0.6, 2030: 0.7}, "gas": {2020: 0.4, 2030: 0.4}},
            "shares add up to 1.1 in 2030",
        ),
        (
            {"coal": {2020: 0.6, 2030: (0.4, 0.5, 0.6)}, "gas": {2020: 0.4, 2030: 0.5}},
            "and ranges do not close",
        ),
        ({"coal": {2020: 0.6, 2030: 0.9}, "*": None}, ""),
        ({"coal": {2020: 0.6, 2030: 1.0}, "*": None}, ""),
        (
            {"coal": {2020: 1.0, 2030: 0.9}, "*": None},
            "shares reach 1 in 2020 and leave nothing for the rest",
        ),
        (
            {"coal": {2020: 0.6, 2030: (0.9, 0.95, 1.01)}, "*": None},
            "shares reach 1.01 in 2030 and leave nothing",
        ),
        ({"*": None}, "one rest stands beside shares that are given; 1 do here"),
        (
            {"coal": {2020: 0.6, 2030: 0.5}, "gas": None, "*": None},
            "one rest stands beside shares that are given; 2 do",
        ),
        (
            {"coal": {2020: (0.5, 0.6, 0.7), 2030: 0.5}, "*": None},
            "needs its share of the base year 2020, one number",
        ),
        (
            {"coal": {2021: 0.6, 2030: 0.5}, "*": None},
            "needs its share of the base year 2020, one number",
        ),
        ({"coal": {2019: 0.6, 2030: 0.5}, "*": None}, ""),
        (
            {"coal": {2020: 0.6, 2029: 0.5}, "*": None},
            "industry fuel_mix ends in 2029; say what holds until 2030",
        ),
        (
            {"coal": {2020: 0.0, 2030: 0.5}, "*": None},
            "industry coal has no share in the base year",
        ),
        ({"coal": {2020: 0.6, 2030: 0.5}, "solar": {2020: 0.0, 2030: 0.2}, "*": None}, ""),
    ],
)
def test_shares_that_close(shares, message):
    """Shares add up to the whole in every year, or one rest takes what they leave; with a range one must."""
    mix = [
        rest("industry", "fuel_mix", of)
        if numbers is None
        else drive("industry", "fuel_mix", "share", numbers, of)
        for of, numbers in shares.items()
    ]
    drivers = [FLAT[0], *mix]
    if not message:
        path = follow(drivers, entries=INDUSTRY)
        assert path.net[0, 0] == pytest.approx(100)
        return
    with pytest.raises(PanelError) as caught:
        follow(drivers, entries=INDUSTRY)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("gas", "of", "is_said"),
    [
        ("CO2", "solar_pv", False),
        ("CO2", "wood", False),  # its CO2 is a memo
        ("CH4", "wood", True),  # its methane counts, and the inventory has none of it
        ("CO2", "diesel", True),
    ],
)
def test_what_emits_nothing_may_be_in_a_mix_alone(gas, of, is_said):
    """A share of what emits nothing scales no entry, and no word is lost about it."""
    entries = [("industry", "raw_coal", "emission", 60.0)]
    inventory = record(entries)
    inventory.entries["gas"] = gas
    drivers = [
        FLAT[0],
        drive("industry", "fuel_mix", "share", {2020: 0.2, 2030: 0.4}, of),
        rest("industry", "fuel_mix", "*"),
    ]
    basis = Basis(gas=gas, draws=0)
    if is_said:
        with pytest.raises(
            PanelError, match=f"industry fuel_mix {of} scales no entry of the base year"
        ):
            project_scenarios(inventory, {"s": drivers}, basis)
    else:
        (path,) = project_scenarios(inventory, {"s": drivers}, basis)
        assert path.net[0, -1] == pytest.approx(60 * 0.6 / 0.8)


def test_a_driver_of_an_unknown_sector_is_named_although_it_would_add():
    """A rest, or removals, of a sector that nobody knows is a slip."""
    for driver in (
        rest("indusrty", "structure", ""),
        drive("lnad", "removals", "amount", {2030: -5.0}),
    ):
        share = drive("industry", "structure", "share", {2020: 0.4, 2030: 0.4})
        drivers = [FLAT[0], STILL, driver, *([share] if driver.term == "structure" else [])]
        with pytest.raises(PanelError, match=f"{driver.sector} {driver.term} scales no entry"):
            follow(drivers)


def test_numbers_are_of_the_middle_where_nothing_is_drawn():
    """Without draws a range changes nothing."""
    wide, narrow = (
        follow([drive("all", "activity", "rate", {2030: numbers}), STILL], BASE)
        for numbers in ((-0.1, 0.02, 0.2), (0.02, 0.02, 0.02))
    )
    assert wide.net.tolist() == narrow.net.tolist()
    assert len(wide.net) == 1
    assert Assumed(2030, -0.1, 0.02, 0.2) in wide.drivers[0].numbers
