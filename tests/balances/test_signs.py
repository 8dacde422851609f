"""Uses that a table prints negative."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import TableError


def make(**numbers):
    """Return a balance of natural gas in TJ."""
    frame = pd.DataFrame(numbers.items(), columns=["flow", "value"])
    return ca.make_balance(frame.assign(area="A", year=2019, product="natural_gas", unit="TJ"))


def amounts(balance):
    """Return what it holds of each row, in TJ."""
    return (balance.amounts.sel(product="natural_gas", area="A", year=2019) / 1e3).to_series()


@pytest.mark.parametrize(
    "use", ["energy_own_use", "own_use_and_losses", "losses", "non_energy_use"]
)
def test_a_use_printed_negative_is_a_use(use):
    """It becomes positive, and one finding says so."""
    balance = make(**{use: -1000, "industry": 5000})
    assert amounts(balance).to_dict() == {use: 1000, "industry": 5000}
    assert [finding.rule for finding in balance.findings] == ["printed-negative"]


def test_a_block_with_both_signs_stays():
    """Own use of coal mines is negative, of coking positive: a warning names it."""
    balance = make(**{"energy_own_use.coal_mining": -5, "energy_own_use.coking": 7})
    assert sorted(amounts(balance)) == [-5, 7]
    found = ca.compile_inventory(balance, method="provincial-2011").findings
    assert "negative-consumption" in {finding.rule for finding in found}


def test_other_rows_keep_their_sign():
    """Exports, plants, stocks and sectors mean their sign, or are a fault."""
    numbers = {"exports": -3.0, "stock_change": -2.0, "thermal_power": -4.0, "industry": -1.0}
    assert amounts(make(**numbers)).to_dict() == numbers


def test_area_years_are_judged_alone():
    """One year prints own use negative, the next positive: both are a use."""
    frame = pd.DataFrame({"year": [2018, 2019], "value": [-1000, 1000]})
    frame = frame.assign(area="A", flow="energy_own_use", product="natural_gas", unit="TJ")
    balance = ca.make_balance(frame)
    assert (balance.amounts.values > 0).all()
    (finding,) = balance.findings
    assert "2018" in finding.where


@pytest.mark.parametrize(("output", "said"), [("700", 1), ("-700", 0), ("0.5", 0)])
def test_inputs_of_both_signs_are_said(tmp_path, output, said):
    """A row of inputs whose numbers have both signs may hold what comes out; a small correction is none."""
    path = tmp_path / "t.csv"
    path.write_text(
        "某省能源平衡表(标准量) 2016 单位:万吨标准煤\n项目,煤炭,电力\n火力发电投入量,-1700,"
        + output
        + "\n工业,2800,500\n",
        encoding="utf-8",
    )
    rules = [one.rule for one in ca.read_balance(path, area="某省").findings]
    assert rules.count("mixed-signs") == said


def test_of_both_signs_the_first_number_of_each_is_named(tmp_path):
    """A zero has neither."""
    path = tmp_path / "t.csv"
    path.write_text(
        "某省能源平衡表(标准量) 2016 单位:万吨标准煤\n项目,焦炭,煤炭,电力\n火力发电投入量,0,-30,700\n工业,1,28,500\n",
        encoding="utf-8",
    )
    (found,) = [
        one for one in ca.read_balance(path, area="某省").findings if one.rule == "mixed-signs"
    ]
    assert "700 in t.csv!D3 and -30 in t.csv!C3" in found.message
    assert found.where == "t.csv!D3"


@pytest.mark.parametrize(
    "label", ["加工转换投入(-)产出(+)", "二、加工转换投入(-)产出(+)量", "加工转换投入产出合计"]
)
def test_inputs_and_outputs_in_one_label_are_the_plants_as_a_whole(tmp_path, label):
    """The row has what goes in and what comes out: its signs are kept."""
    path = tmp_path / "t.csv"
    path.write_text(
        (
            f"某省能源平衡表(标准量) 2016 单位:万吨标准煤\n项目,煤炭,电力\n{label},-1700,700\n火力发电,-1700,700\n"
            "工业,2800,500\n"
        ),
        encoding="utf-8",
    )
    balance = ca.read_balance(path, area="某省")
    assert balance.amounts.sel(flow="transformation", product="electricity").item() > 0
    assert balance.amounts.sel(flow="thermal_power", product="electricity").item() > 0


@pytest.mark.parametrize(
    ("fuel", "flows"), [("-20", ["electricity_generation_total"]), ("0", ["generation"])]
)
def test_a_row_of_generation_that_holds_fuels_is_of_plants(tmp_path, fuel, flows):
    """What leaves the balance under it went into the plants; where it is positive, the table asks."""
    path = tmp_path / "t.csv"
    text = (
        "Energy balance of Norway 2019 (TJ)\nFlow,Coal,Electricity\nElectricity generation,{},15\n"
    )
    path.write_text(text.format(fuel), encoding="utf-8")
    assert ca.read_balance(path).flows == flows
    path.write_text(text.format("20"), encoding="utf-8")
    with pytest.raises(TableError, match="nothing says whether that went into the plants"):
        ca.read_balance(path)


def make_plants(*rows):
    """Return a balance of (year, flow, product, number) in TJ."""
    frame = pd.DataFrame(rows, columns=["year", "flow", "product", "value"])
    return ca.make_balance(frame.assign(area="A", unit="TJ"))


def held(balance, flow, product, year=2019):
    """Return what a balance holds of a cell, in TJ."""
    return balance.amounts.sel(area="A", year=year, flow=flow, product=product).item() / 1e3


NOTHING = float("nan")


@pytest.mark.parametrize("plants", ["thermal_power", "chp", "heating", "industrial_power"])
@pytest.mark.parametrize(
    ("others", "sign"),
    [
        ([("industry", "raw_coal", 50.0)], -1),  # a table of use alone
        ([("primary_supply", "raw_coal", 150.0)], 1),  # with these the signs are those of the print
        ([("imports", "raw_coal", 150.0)], 1),
        ([("transformation", "raw_coal", -100.0)], 1),
        ([("primary_supply", "raw_coal", NOTHING), ("transformation", "raw_coal", NOTHING)], -1),
        ([("primary_supply", "diesel", 150.0)], 1),  # of any product
    ],
)
def test_positive_fuels_of_plants_are_inputs_where_nothing_gives_signs(plants, others, sign):
    """Coal 100 of a plant goes in, its heat comes out, and one finding says what was turned."""
    rows = [(plants, "raw_coal", 100.0), (plants, "heat", 40.0), (plants, "diesel", 0.0), *others]
    balance = make_plants(*((2019, *row) for row in rows))
    assert held(balance, plants, "raw_coal") == sign * 100
    assert held(balance, plants, "heat") == 40
    rules = [finding.rule for finding in balance.findings]
    assert rules.count("printed-positive") == (sign < 0)
    for flow, product, number in others:
        assert held(balance, flow, product) == pytest.approx(number, nan_ok=True)


def test_fuels_of_both_signs_stay_as_printed():
    """Which of them is wrong nobody knows; a second row of plants is judged alone."""
    rows = [
        ("thermal_power", "raw_coal", 100.0),
        ("thermal_power", "diesel", -5.0),
        ("heating", "raw_coal", 30.0),
    ]
    balance = make_plants(*((2019, *row) for row in rows))
    assert (
        held(balance, "thermal_power", "raw_coal"),
        held(balance, "thermal_power", "diesel"),
    ) == (100, -5)
    assert held(balance, "heating", "raw_coal") == -30


def test_plants_of_each_year_are_judged_alone():
    """One year prints them positive, one negative, and one beside its supply: that one stays."""
    rows = [
        (2017, "thermal_power", "raw_coal", 100.0),
        (2018, "thermal_power", "raw_coal", -100.0),
        (2019, "thermal_power", "raw_coal", 100.0),
        (2019, "primary_supply", "raw_coal", 200.0),
    ]
    balance = make_plants(*rows)
    assert [held(balance, "thermal_power", "raw_coal", year) for year in (2017, 2018, 2019)] == [
        -100,
        -100,
        100,
    ]
    (finding,) = [one for one in balance.findings if one.rule == "printed-positive"]
    assert "2017" in finding.where


def test_a_block_is_turned_as_a_whole_and_zero_is_of_no_sign():
    """Own use with parts that are negative, zero or blank is a use; losses beside it are another block."""
    rows = [
        ("energy_own_use", -12.0),
        ("energy_own_use.coal_mining", -5.0),
        ("energy_own_use.coking", 0.0),
        ("losses", 3.0),
    ]
    balance = make_plants(*((2019, flow, "natural_gas", number) for flow, number in rows))
    assert [held(balance, flow, "natural_gas") for flow, _ in rows] == [12, 5, 0, 3]
    (finding,) = balance.findings
    assert finding.message.startswith("energy_own_use is printed negative")


@pytest.mark.parametrize(
    ("numbers", "said"), [("5,7", "2 cells"), ("5,0", "1 cell"), ("-5,-7", ""), (",0", "")]
)
def test_exports_that_are_printed_positive_leave_and_are_told(tmp_path, numbers, said):
    """Each number that is turned counts, zeros and blanks do not; the finding has the first cell."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"Energy balance of Norway 2019 (TJ)\nFlow,Coal,Natural gas\nExports,{numbers}\nIndustry,1,2\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path)
    assert (balance.amounts.sel(flow="exports").fillna(0).values <= 0).all()
    told = [one for one in balance.findings if one.rule == "printed-positive"]
    assert [(said in one.message, one.where) for one in told] == (
        [(True, "t.csv!B3")] if said else []
    )


def test_what_is_turned_has_numbers_of_that_sign():
    """Zeros are turned by nothing and told nowhere, numbers below one are; a year of both signs stays."""
    plants = make_plants(
        (2019, "thermal_power", "raw_coal", 0.0005), (2019, "heating", "raw_coal", 0.0)
    )
    assert held(plants, "thermal_power", "raw_coal") == -0.0005
    assert [one.rule for one in plants.findings] == ["printed-positive"]
    both = [(2018, "losses", "natural_gas", -5.0), (2018, "losses", "coke", 7.0)]
    zeros = make_plants(*both, (2019, "losses", "natural_gas", 0.0))
    assert (held(zeros, "losses", "natural_gas", 2018), zeros.findings) == (-5, ())
    (finding,) = make_plants(*both, (2019, "losses", "natural_gas", -0.0005)).findings
    assert "2019" in finding.where
