"""What is beside a total and what is part of it: inventories of small tables, worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import carbonacct as ca

TABLES = Path(__file__).parents[1] / "data" / "kinds_of_tables"

# TJ x kg CO2/TJ of the 2006 Guidelines: oil 73,300 (as crude oil), gas 56,100.
TONNES = {
    "non_energy_beside_sectors.csv": 41.868 * (3000 * 73.3 + 1000 * 56.1),
    "final_with_non_energy.csv": 41.868 * (3000 * 73.3 + 1000 * 56.1),
    "transport_blank_over_road.csv": 1000 * 74.1 + 500 * 69.3,
    # 都市ガス is natural gas (56.1), made of liquefied natural gas; LPG 63.1.
    "japan_fuel_oils_beside_lpg.csv": 155_300 * 56.1 + 16_000 * 63.1 + 115_000 * 73.3,
}


@pytest.mark.parametrize("file", TONNES)
def test_what_burns_is_counted_once(file):
    """Non-energy use beside the sectors does not burn, LPG is added to fuel oils.

    A row that is blank over its parts is their heading.
    """
    inventory = ca.compile_inventory(TABLES / file, method="ipcc-2006")
    assert math.isclose(inventory.total().item().magnitude, TONNES[file], rel_tol=1e-4)
    assert "error" not in {finding.severity for finding in inventory.findings}


def test_a_blank_in_a_column_of_another_product_is_none(tmp_path):
    """Only an amount contradicts: the row of electricity may stand in a table of fuels with its cell blank."""
    path = tmp_path / "balance.csv"
    text = (TABLES / "product_against_column.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("Public electricity,300", "Public electricity,"), encoding="utf-8")
    assert (
        float(ca.read_balance(path).amounts.sel(flow="industry", product="coal_total").item())
        == 700_000
    )


def test_a_subtotal_without_members_is_a_part():
    """Manufacturing, printed without its branches, is a part of the enterprises: every sum of the prefecture closes."""
    balance = ca.read_balance(TABLES / "japan_prefecture.csv", area="神奈川県")
    assert not [finding for finding in ca.check_balance(balance) if finding.severity == "error"]
