"""Coal equivalent by a named edition (yearbook 2008 appendix 4, GB/T 2589-2008 and -2020)."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import MethodError, TableError
from tests.factors.building import write_edition
from tests.inventory.building import table


@pytest.mark.parametrize(
    ("method", "raw_coal", "gas"),
    [("yearbook-2008", 0.7143, 1.33), ("gb-t-2589-2008", 0.7143, 1.33), ("gb-t-2589-2020", 0.7143, 1.215)],
)
def test_coefficients_of_the_edition(tmp_path, method, raw_coal, gas):
    """Raw coal 0.7143 kgce/kg in all; natural gas 1.33 in the yearbook 2008 (GB/T 2589-2008 lists none), the middle of 1.1 to 1.33 in GB/T 2589-2020."""
    rows = {"final_consumption": {"raw_coal": 2, "natural_gas": 3}, "industry": {"raw_coal": 2, "natural_gas": 3}}
    frame, findings = ca.to_coal_equivalent(table(tmp_path, rows), method=method)
    values = frame[frame["flow"] == "industry"].set_index("product")["value"]
    assert values["raw_coal"] == pytest.approx(2e4 * raw_coal)
    assert values["natural_gas"] == pytest.approx(3e8 * gas / 1000)
    assert list(frame.columns) == ["area", "year", "flow", "product", "value", "unit"]
    assert set(frame["unit"]) == {"tce"}
    assert any(finding.rule == "range-midpoint" for finding in findings) == (gas == 1.215)


def test_a_coefficient_of_another_edition_is_said(tmp_path):
    """GB/T 2589-2008 lists no natural gas: the yearbook's coefficient is taken and named; an overlay is the user's own, used or not."""
    rows = {"final_consumption": {"raw_coal": 2, "natural_gas": 3}, "industry": {"raw_coal": 2, "natural_gas": 3}}
    balance = table(tmp_path, rows)
    _, findings = ca.to_coal_equivalent(balance, method="gb-t-2589-2008")
    assert [(f.rule, f.severity, f.message) for f in findings] == [
        ("other-edition", "info", "natural_gas: gb-t-2589-2008 lists no coefficient, that of yearbook-2008 is taken")]  # fmt: skip
    assert findings[0].where.startswith("yearbook-2008/coal_equivalent_coefficient.csv:")
    mine = {"value": "1.2", "unit": "kgce/m3", "status": "single"}
    overlay = write_edition(tmp_path / "mine", coal_equivalent_coefficient=[{"product": product, **mine} for product in ("natural_gas", "coke_oven_gas")])
    frame, findings = ca.to_coal_equivalent(balance, method="gb-t-2589-2008", overlay=overlay)
    assert frame[frame["product"] == "natural_gas"]["value"].tolist() == pytest.approx([3e8 * 1.2e-3] * 2)
    assert [(f.rule, f.where) for f in findings] == [("overlay-unused", "mine/coal_equivalent_coefficient.csv:3")]


@pytest.mark.parametrize("name", ["chongqing_2007", "beijing_2007"])
@pytest.mark.parametrize("method", ["yearbook-2008", "gb-t-2589-2008", "gb-t-2589-2020"])
def test_every_cell_of_a_real_table_has_its_equivalent(name, method):
    """Each number of a fuel has one row, signed as the balance is; columns in coal equivalent stay as they are."""
    balance = ca.read_balance(f"docs/tables/{name}.csv")
    frame, _ = ca.to_coal_equivalent(balance, method=method)
    totals = {"coal_total", "oil_total"}
    amounts = balance.amounts.sel(product=[product for product in balance.products if product not in totals])
    assert len(frame) == int(amounts.notnull().sum())
    other = frame[frame["product"] == "other_energy"].set_index("flow")["value"]
    for flow, value in other.items():
        assert value == balance.amounts.sel(flow=flow, product="other_energy").item()


def test_the_standard_table_of_2019_follows_from_the_physical_one(real_tables):
    """5-2 (standard quantity) of the nation 2019 is 5-1 by the yearbook's coefficients: coke, crude oil, gasoline, diesel and LPG to the printed rounding."""
    folder = real_tables / "china_ebt_2019"
    physical = ca.read_balance(folder / "national_2019_physical_5-1_bilingual_3panels.xlsx", area="中国")
    standard = ca.read_balance(folder / "national_2019_standard_5-2_and_4-2.xlsx", area="中国")
    frame, _ = ca.to_coal_equivalent(physical, method="yearbook-2008")
    cells = frame.set_index(["flow", "product"])["value"]
    compared = 0
    for product in ("coke", "crude_oil", "gasoline", "kerosene", "diesel", "fuel_oil"):
        for flow in (
            "imports",
            "exports",
            "thermal_power",
            "final_consumption",
            "industry",
            "transport",
            "construction",
        ):
            printed = standard.amounts.sel(flow=flow, product=product).item()
            if not np.isnan(printed):
                assert cells[flow, product] == pytest.approx(printed, abs=75 + 1e-4 * abs(printed)), (flow, product)
                compared += 1
    assert compared >= 30


def test_an_inventory_method_is_refused_and_an_unreadable_cell_stops(tmp_path):
    """The other kind of method, and text in a number, are one line each."""
    rows = {"final_consumption": {"raw_coal": 2, "coke": 1}, "industry": {"raw_coal": "x2", "coke": 1}}
    with pytest.raises(MethodError, match="makes an inventory"):
        ca.to_coal_equivalent(table(tmp_path, rows), method="ceads")
    with pytest.raises(TableError, match=r"table\.csv!B4: the cell is not a number"):
        ca.to_coal_equivalent(table(tmp_path, rows), method="gb-t-2589-2008")
