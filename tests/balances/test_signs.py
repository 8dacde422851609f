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


@pytest.mark.parametrize("use", ["energy_own_use", "own_use_and_losses", "losses", "non_energy_use"])
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


@pytest.mark.parametrize("label", ["加工转换投入(-)产出(+)", "二、加工转换投入(-)产出(+)量", "加工转换投入产出合计"])
def test_inputs_and_outputs_in_one_label_are_the_plants_as_a_whole(tmp_path, label):
    """The row has what goes in and what comes out: its signs are kept."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"某省能源平衡表(标准量) 2016 单位:万吨标准煤\n项目,煤炭,电力\n{label},-1700,700\n火力发电,-1700,700\n工业,2800,500\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path, area="某省")
    assert balance.amounts.sel(flow="transformation", product="electricity").item() > 0
    assert balance.amounts.sel(flow="thermal_power", product="electricity").item() > 0


@pytest.mark.parametrize(("fuel", "flows"), [("-20", ["electricity_generation_total"]), ("0", ["generation"])])
def test_a_row_of_generation_that_holds_fuels_is_of_plants(tmp_path, fuel, flows):
    """What leaves the balance under it went into the plants; where it is positive, the table asks."""
    path = tmp_path / "t.csv"
    text = "Energy balance of Norway 2019 (TJ)\nFlow,Coal,Electricity\nElectricity generation,{},15\n"
    path.write_text(text.format(fuel), encoding="utf-8")
    assert ca.read_balance(path).flows == flows
    path.write_text(text.format("20"), encoding="utf-8")
    with pytest.raises(TableError, match="nothing says whether that went into the plants"):
        ca.read_balance(path)
