"""Scenarios: each entry by its drivers, shares that close, draws, and what follows from paths."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import (
    Asked,
    Assumed,
    Basis,
    Driver,
    project_scenarios,
    read_assumptions,
    summarise_paths,
)
from carbonacct.cli import main
from carbonacct.errors import PanelError
from carbonacct.inventory.entry_columns import make_entries
from carbonacct.inventory.record import Inventory
from carbonacct.report.frames import format_csv

# flow, product, kind, t: a plant, an industry of two fuels, electricity brought in, a forest.
ENTRIES = [
    ("thermal_power", "raw_coal", "emission", 50.0),
    ("industry", "raw_coal", "emission", 60.0),
    ("industry", "natural_gas", "emission", 30.0),
    ("moved_in", "electricity", "scope2", 20.0),
    ("forest_growth", "", "removal", -10.0),
]
HEAD = "scenario,sector,term,of,until,as,value,lower,upper,source\n"
BASE = Basis(gas="CO2", draws=0)


def record(entries=ENTRIES, *, years=(2020,), values=None):
    """Return an inventory of one area."""
    rows = [(*entry, year) for year in years for entry in entries]
    columns = {
        "flow": np.array([row[0] for row in rows], object),
        "product": np.array([row[1] for row in rows], object),
        "kind": np.array([row[2] for row in rows], object),
        "value": np.array([row[3] for row in rows], float)
        if values is None
        else np.array(values, float),
        "year": np.array([row[4] for row in rows]),
        "scope": np.array([2 if row[2] == "scope2" else 1 for row in rows]),
        "sector": np.array(["land" if row[2] == "removal" else "energy" for row in rows], object),
    }
    return Inventory(make_entries({**columns, "area": "甲市", "gas": "CO2"}))


def drive(sector, term, form, numbers, of=""):
    """Return a driver: {until: number or (lower, middle, upper)}."""
    ranges = {
        year: one if isinstance(one, tuple) else (one, one, one) for year, one in numbers.items()
    }
    held = tuple(Assumed(year, *one) for year, one in ranges.items())
    return Driver("", sector, term, of, form, held, "a document", f"a.csv:{sector} {term} {of}")


def follow(drivers, basis=BASE, entries=ENTRIES):
    """Return the path of one scenario."""
    (path,) = project_scenarios(record(entries), {"s": drivers}, basis)
    return path


FLAT = [
    drive("all", "activity", "rate", {2030: 0.0}),
    drive("land", "removals", "rate", {2030: 0.0}),
]


def test_each_term_scales_what_it_is_of():
    """Activity and efficiency all energy, structure and mix their sector, the grid scope 2, removals themselves."""
    drivers = [
        drive("all", "activity", "level", {2020: 200.0, 2030: 300.0}),
        drive("industry", "efficiency", "rate", {2030: -0.05}),
        drive("industry", "structure", "share", {2020: 0.4, 2030: 0.3}),
        Driver("", "thermal_power", "structure", "", "rest", (), "a document", "a.csv:rest"),
        drive("industry", "fuel_mix", "share", {2020: 0.5, 2030: 0.25}, "raw_coal"),
        drive("industry", "fuel_mix", "share", {2020: 0.0, 2030: 0.4}, "太阳能"),
        Driver("", "industry", "fuel_mix", "*", "rest", (), "a document", "a.csv:mix"),
        drive("all", "grid_factor", "level", {2020: 0.6, 2030: 0.3}),
        drive("land", "removals", "amount", {2030: -25.0}),
    ]
    path = follow(drivers, Basis(gas="CO2", draws=0, scopes=(1, 2)))
    held = {name: values[-1] for name, values in path.sectors.items()}
    assert held["thermal_power"] == pytest.approx(50 * 1.5 * 0.7 / 0.6)
    industry = 1.5 * 0.95**10 * 0.75 * (60 * 0.25 / 0.5 + 30 * 0.35 / 0.5)
    assert held["industry"] == pytest.approx(industry)
    assert held["moved_in"] == pytest.approx(20 * 1.5 * 0.5)
    assert held["removals"] == pytest.approx(-25.0)
    assert path.net[0, 5] - path.gross[0, 5] == pytest.approx(-17.5)  # half way from -10 to -25
    assert path.net[0, 0] == pytest.approx(150.0)  # the base year is the inventory


def test_the_nearest_sector_drives():
    """Of one term: the flow before what it lies in, that before the sector, all at last."""
    entries = [
        ("industry.cement", "raw_coal", "emission", 1.0),
        ("industry.steel", "raw_coal", "emission", 1.0),
        ("transport", "diesel", "emission", 1.0),
    ]
    drivers = [
        drive("all", "activity", "rate", {2021: 0.0}),
        drive("industry", "activity", "rate", {2021: 1.0}),
        drive("industry.steel", "activity", "rate", {2021: 3.0}),
    ]
    path = follow(drivers, entries=entries)
    assert path.net[0].tolist() == [3.0, 2.0 + 4.0 + 1.0]
    both = [
        *drivers,
        drive("all", "activity", "rate", {2021: 0.5}, "population"),
    ]  # another name: both count
    assert follow(both, entries=entries).net[0, 1] == pytest.approx(7 * 1.5)


@settings(max_examples=30, deadline=None)
@given(
    rates=st.lists(st.floats(-0.2, 0.2), min_size=3, max_size=3),
    shares=st.tuples(st.floats(0.05, 0.9), st.floats(0.0, 0.9)),
    seed=st.integers(0, 99),
)
def test_the_base_year_is_given_back_and_terms_multiply(rates, shares, seed):
    """Whatever is assumed and drawn; and the path is the entries times the product of the ratios."""
    a, e, r = rates
    drivers = [
        drive("all", "activity", "rate", {2030: (a - 0.01, a, a + 0.01)}),
        drive("all", "efficiency", "rate", {2030: (e, e, e + 0.05)}),
        drive("industry", "structure", "share", {2020: shares[0], 2030: shares[1]}),
        Driver("", "thermal_power", "structure", "", "rest", (), "a document", "a.csv:rest"),
        drive("land", "removals", "rate", {2030: r}),
    ]
    path = follow(drivers, Basis(gas="CO2", draws=20, seed=seed))
    assert np.allclose(path.net[:, 0], 130.0, rtol=1e-12)
    both = (1 + a) ** 10 * (1 + e) ** 10
    expected = (
        both * (90 * shares[1] / shares[0] + 50 * (1 - shares[1]) / (1 - shares[0]))
        - 10 * (1 + r) ** 10
    )
    assert path.net[0, -1] == pytest.approx(expected, rel=1e-9)
    assert np.allclose(sum(path.sectors.values()), path.net[0], rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(share=st.floats(0.01, 0.99), fall=st.floats(0.005, 0.2), rise=st.floats(-0.004, 0.1))
def test_the_neutral_year_is_that_of_the_closed_form(share, fall, rise):
    """Constant rates meet after ln(gross/removals) / ln((1+s)/(1-r)) years, the next whole one."""
    exact = math.log(1 / share) / math.log((1 + rise) / (1 - fall))
    assume(abs(exact - round(exact)) > 1e-6)
    last = 2021 + math.ceil(exact)  # slow rates meet late
    entries = [
        ("industry", "raw_coal", "emission", 1e8),
        ("forest_growth", "", "removal", -1e8 * share),
    ]
    drivers = [
        drive("all", "activity", "rate", {last: -fall}),
        drive("land", "removals", "rate", {last: rise}),
    ]
    row = summarise_paths([follow(drivers, entries=entries)]).iloc[0]
    assert row["neutral_year"] == 2020 + math.ceil(exact)
    assert row["chance_neutral"] == 1.0


def test_peak_budget_and_chances():
    """The year of the maximum with its state, the sum of the years after the start, and shares of draws."""
    rising = [drive("all", "activity", "rate", {2025: 0.05, 2030: (-0.1, -0.05, 0.1)}), FLAT[1]]
    path = follow(rising, Basis(gas="CO2", draws=2000))
    row = summarise_paths([path], Asked(peak_by=2025, budget=path.net[0, 1:].sum())).iloc[0]
    assert (row["peak_year"], row["peak_state"]) == (2025, "passed")
    # triangular from -0.1 over -0.05 to 0.1: below zero with 1 - 0.1^2 / (0.2 x 0.15) = 2/3
    assert row["chance_passed"] == pytest.approx(2 / 3, abs=0.03)
    assert row["chance_by_2025"] == row["chance_passed"]
    assert row["cumulative"] == pytest.approx(path.net[0, 1:].sum())
    assert 0.1 < row["chance_budget"] < 0.5  # the distribution leans to the upper end
    states = {
        "rising": {2030: 0.01},
        "base": {2030: -0.01},
        "passed": {2022: 0.01, 2030: -0.01},
    }
    for state, rates in states.items():
        assert (
            summarise_paths([follow([drive("all", "activity", "rate", rates), FLAT[1]])])[
                "peak_state"
            ].item()
            == state
        )
    earlier = record(
        [("industry", "raw_coal", "emission", 1.0)], years=(2019, 2020), values=[5.0, 4.0]
    )
    (path,) = project_scenarios(
        earlier, {"s": [drive("all", "activity", "rate", {2022: 0.01})]}, BASE
    )
    assert summarise_paths([path])["peak_state"].item() == "earlier"
    with pytest.raises(PanelError, match=r"^a peak by 2030: the paths go from 2020 to 2030"):
        summarise_paths([follow(FLAT)], Asked(peak_by=2030))


def test_scenarios_share_their_draws_and_the_error_of_the_base_year():
    """What is assumed alike is drawn alike, so a difference is one of assumptions; the envelope holds both."""
    shared = drive("all", "activity", "rate", {2030: (0.01, 0.02, 0.06)})
    cut = drive("all", "efficiency", "rate", {2030: -0.03})
    plain, strong = project_scenarios(
        record(),
        {"plain": [shared, FLAT[1]], "strong": [shared, cut, FLAT[1]]},
        Basis(gas="CO2", draws=500),
    )
    assert np.allclose(strong.gross[:, -1] / plain.gross[:, -1], 0.97**10)
    envelope = ca.find_envelope([plain, strong]).iloc[-1]
    assert (envelope["lowest_scenario"], envelope["highest_scenario"]) == ("strong", "plain")
    wide = follow(FLAT, Basis(gas="CO2", draws=4000, error=0.1))
    assert wide.net[1:].std(axis=0) == pytest.approx(np.full(11, 130 * 0.1 / 1.96), rel=0.05)
    planned = follow(
        [FLAT[0], drive("land", "removals", "amount", {2030: -30.0})],
        Basis(gas="CO2", draws=50, error=0.1),
    )
    assert (planned.removals[:, -1] == -30.0).all()  # what is planned has no error of the base year
    assert np.ptp(planned.removals[:, 0]) > 0
    with pytest.raises(PanelError, match="draws are 0 or more"):
        follow(FLAT, Basis(gas="CO2", draws=-1))
    again = follow(FLAT, Basis(gas="CO2", draws=4000, error=0.1))
    assert (wide.net == again.net).all()


@pytest.mark.parametrize(
    ("drivers", "message"),
    [
        ([FLAT[0]], "scenario 's': forest_growth have no assumption"),
        (
            [*FLAT, drive("transport", "activity", "rate", {2030: 0.1})],
            "transport activity scales no entry of the base year",
        ),
        (
            [*FLAT, drive("all", "efficiency", "rate", {2025: 0.1})],
            "all efficiency ends in 2025; say what holds until 2030",
        ),
        (
            [*FLAT, drive("all", "efficiency", "level", {2025: 1.0, 2030: 2.0})],
            "all efficiency needs its level of the base year 2020",
        ),
        (
            [*FLAT, drive("industry", "structure", "share", {2020: 0.4, 2030: 0.3})],
            "shares add up to 0.3 in 2030",
        ),
        (
            [*FLAT, drive("industry", "fuel_mix", "share", {2020: 1.0, 2030: 1.0}, "raw_coal")],
            "the mix lacks industry natural_gas",
        ),
        (
            [
                *FLAT,
                drive("industry", "fuel_mix", "share", {2020: 0.5, 2030: (0.5, 0.9, 1.1)}, "coal"),
                Driver("", "industry", "fuel_mix", "*", "rest", (), "", "a.csv:9"),
            ],
            "shares reach 1.1 in 2030 and leave nothing for the rest",
        ),
        (
            [*FLAT, drive("industry", "fuel_mix", "share", {2020: 0.0, 2030: 0.1}, "diesel")],
            "industry diesel has no share in the base year",
        ),
        (
            [*FLAT, drive("industry", "fuel_mix", "share", {2020: 0.5, 2030: 0.1}, "raw_cole")],
            "no product 'raw_cole'; did you mean raw_coal",
        ),
        (
            [*FLAT, drive("lnad", "removals", "amount", {2030: -1.0})],
            "lnad removals scales no entry of the base year; did you mean land",
        ),
    ],
)
def test_what_does_not_fit_is_said(drivers, message):
    """With the line of the assumption."""
    with pytest.raises(PanelError) as caught:
        follow(drivers)
    assert message in str(caught.value)


def test_the_inventory_must_have_the_base_year():
    """One area, one gas, a year that is there, and no part without a number."""
    scenarios = {"s": FLAT}
    for basis, message in (
        (Basis(), "a scenario is of one gas or of all by a metric"),
        (Basis(gas="CO2", area="乙市"), "no area '乙市'; the inventory has 甲市"),
        (Basis(gas="CO2", year=2015), "the inventory has no CO2 of 甲市 2015; it has 2020"),
        (Basis(gas="CO2", year=2020), "甲市 2020 has no number of industry raw_coal"),
    ):
        values = [50, math.nan if basis.year == 2020 else 60, 30, 20, -10]
        with pytest.raises(PanelError, match=message):
            project_scenarios(record(values=values), scenarios, basis)


def test_what_is_taken_of_an_inventory():
    """The last year unless another is named; NO and IE are no entries; earlier entries stay known."""
    years = record(years=(2018, 2020), values=[1, 2, 3, 4, -1, 50, 60, 30, 20, -10])
    (path,) = project_scenarios(years, {"s": FLAT}, BASE)
    assert (path.years[0], path.net[0, 0], path.earlier) == (2020, 130, {2018: 5})
    (early,) = project_scenarios(years, {"s": FLAT}, Basis(gas="CO2", draws=0, year=2018))
    assert (early.years[0], early.net[0, 0], early.earlier) == (2018, 5, {})
    (both,) = project_scenarios(years, {"s": FLAT}, Basis(gas="CO2", draws=0, scopes=(1, 2)))
    assert (both.net[0, 0], both.earlier) == (150, {2018: 9})
    keys = record()
    keys.entries["notation"] = ["", "", "NO", "", ""]
    (without,) = project_scenarios(keys, {"s": FLAT}, BASE)
    assert without.net[0, 0] == 100
    for until in (2019, 2020):
        with pytest.raises(
            PanelError, match="assumptions end before 2020 is over; give some until a later year"
        ):
            project_scenarios(
                record(), {"s": [drive("all", "activity", "rate", {until: 0.0})]}, BASE
            )
    for basis in (
        Basis(gas="CO2", error=1.0),
        Basis(gas="CO2", error=-0.1),
        Basis(gas="CO2", draws=-1),
    ):
        with pytest.raises(
            PanelError, match="draws are 0 or more, and an error is a share below 1"
        ):
            project_scenarios(record(), {"s": FLAT}, basis)


def test_the_table_of_assumptions(tmp_path):
    """Lines without a scenario are of all; a scenario's own stand in their place; percentages and ranges are read."""
    path = tmp_path / "a.csv"
    path.write_text(
        HEAD + ",all,activity,,2025,rate,5%,4%,6%,plan\n,all,activity,,2030,rate,,0.01,0.03,plan\n"
        "强化,all,activity,,2030,rate,0,,,other\n基准,all,efficiency,,2030,rate,-0.03,,,trend\n",
        encoding="utf-8",
    )
    found = read_assumptions(path)
    assert list(found) == ["强化", "基准"]
    assert [driver.source for driver in found["强化"]] == ["other"]
    shared = found["基准"][0]
    assert shared.numbers == (Assumed(2025, 0.04, 0.05, 0.06), Assumed(2030, 0.01, 0.02, 0.03))
    assert (shared.where, shared.source, found["基准"][1].term) == ("a.csv:2", "plan", "efficiency")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (",all,activty,,2030,rate,1%,,,plan", "a.csv:2: no term 'activty'; did you mean activity"),
        (
            ",all,activity,,2030,share,1%,,,plan",
            "a.csv:2: activity is given as rate, level, not as 'share'",
        ),
        (",all,activity,,2030,rate,1%,,,", "a.csv:2: source is missing"),
        (",all,activity,,30,rate,1%,,,plan", "a.csv:2: until is '30', no year"),
        (",all,activity,,2030,rate,5,,,plan", "a.csv:2: 500% a year; rates are fractions"),
        (",all,activity,,2030,rate,-50%,,,plan", "a.csv:2: -50% a year; rates are fractions"),
        (",all,activity,,2030,rate,,40%,50%,plan", "a.csv:2: 50% a year; rates are fractions"),
        (
            ",all,activity,,2030,rate,1%,,2%,plan",
            "a.csv:2: give value, or lower and upper, or all three",
        ),
        (
            ",all,activity,,2030,rate,3%,1%,2%,plan",
            "a.csv:2: the range 0.01 to 0.02 does not hold 0.03",
        ),
        (",all,activity,,2030,rate,,2%,1%,plan", "a.csv:2: the range 0.02 to 0.01 does not hold"),
        (",industry,structure,,2030,share,-0.1,,,plan", "a.csv:2: a share lies between 0 and 1"),
        (",industry,structure,,2030,share,,0.9,1.1,plan", "a.csv:2: a share lies between 0 and 1"),
        (
            ",industry,structure,,,rest,0.5,,,plan",
            "a.csv:2: a rest is what others leave; leave value empty",
        ),
        (",all,activity,,20300,rate,1%,,,plan", "a.csv:2: until is '20300', no year"),
        (",all,activity,,,rate,1%,,,plan", "a.csv:2: until is '', no year"),
        (",all,activity,,2030,,1%,,,plan", "a.csv:2: as is missing; fill it in"),
        (",all,activity,,2030,level,,-1,2,plan", "a.csv:2: a level is above zero"),
        (",all,activity,,2030,rate,much,,,plan", "a.csv:2: value is 'much', no number"),
        (
            ",all,activity,,2030,rate,3%,4%,5%,plan",
            "a.csv:2: the range 0.04 to 0.05 does not hold 0.03",
        ),
        (
            ",all,activity,,2030,rate,,4%,,plan",
            "a.csv:2: give value, or lower and upper, or all three",
        ),
        (",industry,structure,,2030,share,40,,,plan", "a.csv:2: a share lies between 0 and 1"),
        (",industry,fuel_mix,,2030,share,0.4,,,plan", "a.csv:2: a fuel mix names the product"),
        (
            ",industry,structure,,2030,rest,,,,plan",
            "a.csv:2: a rest is what others leave; leave until empty",
        ),
        (",land,removals,,2030,amount,5,,,plan", "a.csv:2: removals are zero or below"),
        (
            ",land,removals,trees,2030,amount,-5,,,plan",
            "a.csv:2: removals are of a sector as a whole",
        ),
        (",all,activity,,2030,level,0,,,plan", "a.csv:2: a level is above zero"),
        (
            ",all,activity,,2030,rate,1%,,,p\n,all,activity,,2030,rate,2%,,,p",
            "a.csv:3: there are two lines of all activity until 2030",
        ),
        (
            ",all,activity,,2020,level,1,,,p\n,all,activity,,2030,rate,2%,,,p",
            "a.csv:3: is given as rate, and as level in line 2",
        ),
    ],
)
def test_a_line_that_cannot_be_used(tmp_path, line, message):
    """File, line, what is wrong and what to write; all lines at once."""
    path = tmp_path / "a.csv"
    path.write_text(f"{HEAD}{line}\n,all,efficiency,,soon,rate,1%,,,plan\n", encoding="utf-8")
    with pytest.raises(PanelError) as caught:
        read_assumptions(path)
    lines = str(caught.value).split("\n")
    assert lines[0].startswith(message)
    assert "until is 'soon', no year" in lines[-1]


@pytest.mark.parametrize(
    ("line", "numbers"),
    [
        (",all,activity,,2030,rate,49.9%,,,plan", (0.499, 0.499, 0.499)),
        (",all,activity,,2030,rate,,1％,3%,plan", (0.01, 0.02, 0.03)),
        (",all,activity,,2030,rate,2%,2%,2%,plan", (0.02, 0.02, 0.02)),
        (",industry,structure,,2030,share,,0,1,plan", (0, 0.5, 1)),
        (",land,removals,,2030,amount,0,,,plan", (0, 0, 0)),
        (",land,removals,,2030,amount,,-2e6,-1e6,plan", (-2e6, -1.5e6, -1e6)),
        (",all,activity,,2030,level,0.001,,,plan", (0.001, 0.001, 0.001)),
    ],
)
def test_a_line_of_numbers(tmp_path, line, numbers):
    """A range without a middle has its mean; percentages, with either sign, are fractions."""
    (tmp_path / "a.csv").write_text(f"{HEAD}{line}\n", encoding="utf-8")
    ((driver,),) = read_assumptions(tmp_path / "a.csv").values()
    (held,) = driver.numbers
    assert (held.until, held.lower, held.middle, held.upper) == (2030, *map(pytest.approx, numbers))


def test_a_table_of_assumptions_that_is_none(tmp_path):
    """No file, no lines, a column that lacks: said with the columns that there are."""
    path = tmp_path / "a.csv"
    with pytest.raises(PanelError, match=r"a\.csv: cannot be read \(No such file"):
        read_assumptions(path)
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(
        PanelError, match=r"a\.csv: has no assumptions; the columns are scenario,sector,term"
    ):
        read_assumptions(path)
    path.write_text("sector,term,as,value\nall,activity,rate,1%\n", encoding="utf-8")
    with pytest.raises(
        PanelError, match=r"a\.csv:1: no column 'source'; the columns are scenario,sector,term"
    ):
        read_assumptions(path)


def test_the_command(tmp_path, capsys):
    """A line for each answer; the table that is asked for in a file."""
    (tmp_path / "i.csv").write_text(format_csv(record().to_frame()), encoding="utf-8")
    lines = (
        ",all,activity,,2025,rate,2%,,,plan\n,all,activity,,2030,rate,-4%,,,plan\n"
        ",land,removals,,2030,amount,-2e2,,,plan\n"
    )
    (tmp_path / "a.csv").write_text(HEAD + lines, encoding="utf-8")
    words = [
        "scenario",
        str(tmp_path / "i.csv"),
        "--assumptions",
        str(tmp_path / "a.csv"),
        "--gas",
        "CO2",
        "--draws",
        "10",
    ]
    out = tmp_path / "out.csv"
    assert (
        main(
            [
                *words,
                "--lang",
                "en",
                "--peak-by",
                "2025",
                "--budget",
                "1e3",
                "--show",
                "peaks",
                "-o",
                str(out),
            ]
        )
        == 0
    )
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "甲市: highest in 2020, the start (0.00 Mt)"
    assert said[1] == "甲市: the peak is in 2025 or before in 100% of draws"
    assert said[3] == "甲市: within 0.0 Mt in 100% of draws"
    assert (
        said[4]
        == "甲市: net emissions are zero or below to the end in 100% of draws; in the middle from 2027"
    )
    assert pd.read_csv(out)["neutral_year"].item() == 2027
    assert main([*words, "--lang", "zh"]) == 0
    assert capsys.readouterr().out.startswith("甲市：2020 年（起始年）最高")
    assert main([*words[:3], "nothing.csv", "--gas", "CO2"]) == 2
    assert capsys.readouterr().err.startswith("nothing.csv: cannot be read")
