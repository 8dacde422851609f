"""The numbers of a table as it prints them, and what turns each into the amount."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.printed_amounts import _find_conversion, list_printed_amounts
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import inventory_of

ROWS = {
    "moved_in": {"raw_coal": 150, "natural_gas": 4, "electricity": 7},
    "thermal_power": {"raw_coal": -100, "natural_gas": ""},
    "industry": {"raw_coal": 50, "natural_gas": 4, "electricity": 7},
}


def by_cell(inventory):
    """Return the printed amounts by flow and product."""
    return {(one.flow, one.product): one for one in list_printed_amounts(inventory)}


def test_every_number_is_listed_once_with_its_place_and_its_role(tmp_path):
    """A blank is no number; the conversion turns what is printed into the amount."""
    found = by_cell(ca.compile_inventory(table(tmp_path, ROWS), method="ipcc-2006"))
    assert len(found) == 7
    assert ("thermal_power", "natural_gas") not in found
    for (flow, product), one in found.items():
        assert one.printed == ROWS[flow][product]
        assert one.amount == pytest.approx(one.printed * one.conversion, rel=1e-15)
        assert (one.area, one.year) == ("重庆", 2021)
    assert [one.where for one in found.values()] == [
        f"table.csv!{cell}" for cell in ("B3", "C3", "D3", "B4", "B5", "C5", "D5")
    ]
    coal = found["thermal_power", "raw_coal"]
    assert (coal.printed, coal.printed_unit, coal.conversion, coal.amount, coal.unit) == (
        -100,
        "1e4 t",
        1e4,
        -1e6,
        "t",
    )
    assert (coal.where, coal.role) == ("table.csv!B4", "combustion")
    gas, power = found["industry", "natural_gas"], found["industry", "electricity"]
    assert (gas.printed_unit, gas.conversion, gas.unit) == ("1e8 m3", 1e8, "m3")
    assert (power.conversion, power.unit) == (1e8, "kWh")
    assert found["moved_in", "raw_coal"].role == "supply"


def test_a_number_that_was_read_from_no_cell_is_its_own_print():
    """Of a balance that was made of numbers the amount is what there is."""
    found = by_cell(inventory_of({"industry": {"raw_coal": 50}}))["industry", "raw_coal"]
    assert (found.printed, found.amount, found.conversion, found.where) == (5e5, 5e5, 1.0, "")
    assert found.printed_unit == found.unit == "t"


@pytest.mark.parametrize(("printed", "conversion"), [(-100, 1e4), (100, -1e4)])
def test_the_sign_is_part_of_the_conversion(tmp_path, printed, conversion):
    """Some yearbooks print what a plant takes in without its sign: the amount is the same input."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"重庆能源平衡表(实物量)-2021\n项目,原煤(万吨)\n火力发电,{printed}\n工业,50\n",
        encoding="utf-8",
    )
    one = by_cell(ca.compile_inventory(path, method="ipcc-2006"))["thermal_power", "raw_coal"]
    assert (one.printed, one.conversion, one.amount) == (printed, conversion, -1e6)


def test_an_amount_that_is_no_multiple_of_its_print_has_no_conversion():
    """What more than a factor of units was done with is said by none."""
    assert np.isnan(_find_conversion(100.0, ("raw_coal", "1e4 t"), 999_999.0))
    assert np.isnan(_find_conversion(100.0, ("raw_coal", ""), 101.0))
    assert _find_conversion(100.0, ("raw_coal", ""), 100.0) == 1.0
