"""What an error of a table is worth in t CO2."""

from __future__ import annotations

import re

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import Finding, Gap
from carbonacct.sectors.energy.worth import value_findings
from tests.sectors.energy.building import table, write_table
from tests.sectors.energy.made_balances import balance_of

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
    """A counted cell: its difference by its factor, positive if too much is emitted; check has no factor."""
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
        write_table(tmp_path / f"{year}.csv", wrong, title=f"重庆能源平衡表(实物量)-{year}")
        for year in (2020, 2021)
    ]
    (finding,) = errors(ca.read_balance(*files))
    assert "; so it is in 2 years: 2020, 2021, worth " in finding.message
    assert [gap.year for gap in finding.gaps] == [2020, 2021]


COAL = 20.908 * 26.1e-3 * 0.93 * 44 / 12  # t CO2/t, provincial-2011


def value(*gaps, severity="error", counted=(), factors=None):
    """Return what a finding with differences (flow, product, amount) is worth, and its last words."""
    flows = ("final_consumption", "industry", "transport", "production", "thermal_power")
    amounts = {"oil_total": 9, "diesel": 3, "gasoline": 1, "raw_coal": 2, "electricity": 1}
    balance = balance_of(dict.fromkeys(flows, amounts) | {"thermal_power": {"raw_coal": -2}})
    place = (
        {flow: f for f, flow in enumerate(balance.flows)},
        {one: p for p, one in enumerate(balance.products)},
    )
    factor, counts = np.full(balance.amounts.shape, np.nan), np.zeros(balance.amounts.shape, bool)
    for (flow, product), number in (factors or {}).items():
        factor[0, 0, place[0][flow], place[1][product]] = number
    for flow, product in counted:
        counts[0, 0, place[0][flow], place[1][product]] = True
    cells = tuple(Gap("重庆", 2022, flow, product, amount) for flow, product, amount in gaps)
    before = Finding("sum-of-parts", severity, "it is off", gaps=cells)
    (found,) = value_findings(
        [before], balance, ca.load_method("provincial-2011"), counts, factor=factor
    )
    assert (found is before) == (found.worth is None)
    return found.worth, found.message.partition(", worth ")[2]


OIL = {("industry", "diesel"): 3.0, ("transport", "diesel"): 3.0, ("industry", "gasoline"): 2.0}


@pytest.mark.parametrize(
    ("gaps", "options", "expected"),
    [
        # Of cells that count the sum, whatever else is off; of others the largest.
        ([("industry", "diesel", 10), ("transport", "diesel", -4)], {"counted": list(OIL)}, 18),
        (
            [("industry", "diesel", 10), ("transport", "diesel", -40)],
            {"counted": [("industry", "diesel")]},
            30,
        ),
        ([("industry", "diesel", 10), ("transport", "diesel", -40)], {}, -120),
        # A total has the mean of its products in its row by their amounts, 3 to 1, else in final consumption.
        ([("industry", "oil_total", 8)], {}, 8 * (3 * 3.0 + 2.0) / 4),
        ([("transport", "oil_total", 8)], {}, 8 * 3.0),
        (
            [("production", "oil_total", 8)],
            {"factors": {("final_consumption", "gasoline"): 2.0}},
            16,
        ),
        # A fuel that burns nowhere has the factor of the method; what goes into a plant is negative.
        ([("production", "raw_coal", 10)], {}, 10 * COAL),
        ([("thermal_power", "raw_coal", -10)], {}, 10 * COAL),
        ([("production", "raw_coal", 10), ("industry", "electricity", 99)], {}, 10 * COAL),
    ],
)
def test_differences_by_hand(gaps, options, expected):
    """In t CO2, positive where too much is emitted."""
    worth, words = value(*gaps, **{"factors": OIL, **options})
    assert worth == pytest.approx(expected)
    assert words == f"{expected:,.0f} t CO2"


@pytest.mark.parametrize(
    ("gaps", "options"),
    [
        ([("industry", "electricity", 10)], {}),
        (
            [("production", "oil_total", 8)],
            {},
        ),  # no product of it has a factor there, nor in final consumption
        ([("industry", "diesel", 10)], {"severity": "warning"}),
        ([("production", "raw_coal", 10)], {"severity": "warning"}),
        ([], {}),
    ],
)
def test_what_is_not_valued_stays_as_it_is(gaps, options):
    """Without a factor or a difference, or what is no error."""
    assert value(*gaps, **{"factors": OIL, **options}) == (None, "")


@pytest.mark.parametrize(
    ("amount", "words"), [(0.5, "less than 1 t CO2"), (0.6, "1 t CO2"), (-0.6, "-1 t CO2")]
)
def test_less_than_a_tonne_is_said_so(amount, words):
    """And no difference of 0 t is printed."""
    assert value(("industry", "diesel", amount), factors={("industry", "diesel"): 1.0}) == (
        amount,
        words,
    )
