"""Uses that a table prints negative."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca


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
