"""What an error of a table is worth in t CO2."""

from __future__ import annotations

import re

import pytest

import carbonacct as ca
from tests.sectors.energy.building import table, write_table

DIESEL = 3.09590964  # t CO2/t, provincial-2011, by hand
ROWS = {
    "final_consumption": {"diesel": 100, "electricity": 50},
    "industry": {"diesel": 40, "electricity": 20},
    "transport": {"diesel": 60, "electricity": 30},
}


def errors(balance):
    """Return the errors of the inventory of a table."""
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    return [finding for finding in inventory.findings if finding.severity == "error"]


@pytest.mark.parametrize(("printed", "off"), [(69, 9), (51, -9), (70.5, 10.5)])
def test_an_error_says_what_it_is_worth(tmp_path, printed, off):
    """A cell that counts: its difference by its factor, positive where too much is emitted; check alone knows no factor."""
    balance = table(tmp_path, {**ROWS, "transport": {"diesel": printed, "electricity": 30}})
    (finding,) = errors(balance)
    assert finding.message.endswith(" t CO2")
    (worth,) = re.findall(r", worth (-?[\d,]+) t CO2$", finding.message)
    sign = 1 if finding.gaps[0].flow != "final_consumption" else -1
    assert float(worth.replace(",", "")) == pytest.approx(sign * off * 1e4 * DIESEL, abs=1)
    assert all("t CO2" not in str(found) for found in ca.check_balance(balance))


def test_what_has_no_factor_is_not_valued(tmp_path):
    """Electricity is no fuel: the error stands, without tonnes."""
    (finding,) = errors(table(tmp_path, {**ROWS, "transport": {"diesel": 60, "electricity": 38.5}}))
    assert finding.gaps[0].product == "electricity"
    assert "worth" not in finding.message


def test_a_total_of_products_has_the_mean_factor_of_its_products(tmp_path):
    """The total of a row does not count; its difference is valued as its products are."""
    rows = {
        "final_consumption": {"oil_total": 150, "diesel": 100, "gasoline": 50},
        "industry": {"oil_total": 77.5, "diesel": 40, "gasoline": 30},
        "transport": {"oil_total": 80, "diesel": 60, "gasoline": 20},
    }
    (finding,) = errors(table(tmp_path, rows))
    assert (finding.gaps[0].flow, finding.gaps[0].product, round(finding.gaps[0].amount)) == (
        "industry",
        "oil_total",
        75000,
    )
    mean = (40 * DIESEL + 30 * 2.92505598) / 70
    assert f"worth {7.5e4 * mean:,.0f} t CO2" in finding.message


def test_what_goes_into_a_plant_is_valued_as_burnt(tmp_path):
    """An input is printed negative: too much of it emits too much."""
    rows = {
        "transformation": {"raw_coal": -150, "coke": 20},
        "thermal_power": {"raw_coal": -210, "coke": ""},
        "coking": {"raw_coal": -40, "coke": 20},
    }
    (finding,) = errors(table(tmp_path, rows))
    assert [gap.amount for gap in finding.gaps] == [-1e6]
    assert "worth 1,860,833 t CO2" in finding.message


def test_years_of_one_cause_are_one_finding_worth_all_of_them(tmp_path):
    """The same row, the same kind, in two years of one balance: one line that lists them."""
    wrong = {**ROWS, "transport": {"diesel": 69, "electricity": 30}}
    files = [
        write_table(tmp_path / f"{year}.csv", wrong, title=f"重庆能源平衡表(实物量)-{year}") for year in (2020, 2021)
    ]
    (finding,) = errors(ca.read_balance(*files))
    assert "; so it is in 2 years: 2020, 2021, worth " in finding.message
    assert [gap.year for gap in finding.gaps] == [2020, 2021]
