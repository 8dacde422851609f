"""Coal equivalent by a named edition (yearbook 2008 appendix 4, GB/T 2589-2008 and -2020)."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import MethodError, TableError
from tests.factors.building import write_edition
from tests.sectors.energy.building import table


@pytest.mark.parametrize(
    ("method", "raw_coal", "gas"),
    [
        ("yearbook-tables", 0.7143, 1.27612),
        ("yearbook-2008", 0.7143, 1.33),
        ("gb-t-2589-2008", 0.7143, 1.33),
        ("gb-t-2589-2020", 0.7143, 1.27612),
    ],
)
def test_coefficients_of_the_edition(tmp_path, method, raw_coal, gas):
    """Raw coal is 0.7143 kgce/kg in all; natural gas is 1.33 in the yearbook 2008.

    GB/T 2589-2008 lists no gas, GB/T 2589-2020 a range, the tables of 2019 a number.
    """
    rows = {
        "final_consumption": {"raw_coal": 2, "natural_gas": 3},
        "industry": {"raw_coal": 2, "natural_gas": 3},
    }
    frame, findings = ca.to_coal_equivalent(table(tmp_path, rows), method=method)
    values = frame[frame["flow"] == "industry"].set_index("product")["value"]
    assert values["raw_coal"] == pytest.approx(2e4 * raw_coal)
    assert values["natural_gas"] == pytest.approx(3e8 * gas / 1000)
    assert list(frame.columns) == ["area", "year", "flow", "product", "value", "unit"]
    assert set(frame["unit"]) == {"tce"}
    carried = [
        finding.message for finding in findings if "no tables of the year" in finding.message
    ]
    said = (
        "coal_equivalent_coefficient of natural_gas in 2021 is that of yearbook-tables-2019: no tables of the year "
        "give one"
    )
    assert carried == ([said] if gas == 1.27612 else [])


def test_a_coefficient_of_another_edition_is_said(tmp_path):
    """GB/T 2589-2008 lists no natural gas: the yearbook's coefficient is taken and named.

    An overlay is the user's own, used or not.
    """
    rows = {
        "final_consumption": {"raw_coal": 2, "natural_gas": 3},
        "industry": {"raw_coal": 2, "natural_gas": 3},
    }
    balance = table(tmp_path, rows)
    _, findings = ca.to_coal_equivalent(balance, method="gb-t-2589-2008")
    assert [(f.rule, f.severity, f.message) for f in findings] == [
        (
            "other-edition",
            "info",
            "natural_gas: gb-t-2589-2008 lists no coefficient, that of yearbook-2008 is taken",
        )
    ]
    assert findings[0].where.startswith("yearbook-2008/coal_equivalent_coefficient.csv:")
    mine = {"value": "1.2", "unit": "kgce/m3", "status": "single"}
    overlay = write_edition(
        tmp_path / "mine",
        coal_equivalent_coefficient=[
            {"product": product, **mine} for product in ("natural_gas", "coke_oven_gas")
        ],
    )
    frame, findings = ca.to_coal_equivalent(balance, method="gb-t-2589-2008", overlay=overlay)
    assert frame[frame["product"] == "natural_gas"]["value"].tolist() == pytest.approx(
        [3e8 * 1.2e-3] * 2
    )
    assert [(f.rule, f.where) for f in findings] == [
        ("overlay-unused", "mine/coal_equivalent_coefficient.csv:3")
    ]


@pytest.mark.parametrize("name", ["chongqing_2007", "beijing_2007"])
@pytest.mark.parametrize("method", ["yearbook-2008", "gb-t-2589-2008", "gb-t-2589-2020"])
def test_every_cell_of_a_real_table_has_its_equivalent(name, method):
    """Each number of a fuel has one row, signed as the balance is; columns in coal equivalent stay as they are."""
    balance = ca.read_balance(f"docs/tables/{name}.csv")
    frame, _ = ca.to_coal_equivalent(balance, method=method)
    totals = {"coal_total", "oil_total"}
    amounts = balance.amounts.sel(
        product=[product for product in balance.products if product not in totals]
    )
    assert len(frame) == int(amounts.notnull().sum())
    other = frame[frame["product"] == "other_energy"].set_index("flow")["value"]
    for flow, value in other.items():
        assert value == balance.amounts.sel(flow=flow, product="other_energy").item()


def test_the_standard_table_of_2019_follows_from_the_physical_one(real_tables):
    """Nation 2019: table 5-2 (standard quantity) is table 5-1 by the yearbook's coefficients, within rounding.

    That holds of coke, crude oil, gasoline, diesel and LPG.
    """
    folder = real_tables / "china_ebt_2019"
    physical = ca.read_balance(
        folder / "national_2019_physical_5-1_bilingual_3panels.xlsx", area="中国"
    )
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
                assert cells[flow, product] == pytest.approx(
                    printed, abs=75 + 1e-4 * abs(printed)
                ), (flow, product)
                compared += 1
    assert compared >= 30


def test_an_inventory_method_is_refused_and_an_unreadable_cell_stops(tmp_path):
    """The other kind of method, and text in a number, are one line each."""
    rows = {
        "final_consumption": {"raw_coal": 2, "coke": 1},
        "industry": {"raw_coal": "x2", "coke": 1},
    }
    known = "gb-t-2589-2008, gb-t-2589-2020, yearbook-2008, yearbook-tables"
    with pytest.raises(
        MethodError, match=f"^ceads makes an inventory, not coal equivalent; known here: {known}$"
    ):
        ca.to_coal_equivalent(table(tmp_path, rows), method="ceads")
    with pytest.raises(TableError, match=r"table\.csv!B4: the cell is not a number"):
        ca.to_coal_equivalent(table(tmp_path, rows), method="gb-t-2589-2008")


def test_a_range_alone_is_no_number(tmp_path):
    """Coal slurry is published as 0.2857 to 0.4286: it has no number and says so; the others have theirs."""
    rows = {
        "final_consumption": {"coal_slurry": 2, "coke": 3},
        "industry": {"coal_slurry": 2, "coke": 3},
    }
    balance = table(tmp_path, rows, units={"coal_slurry": "万吨"})
    frame, findings = ca.to_coal_equivalent(balance, method="gb-t-2589-2020")
    assert set(frame["product"]) == {"coke"}
    [found] = [finding for finding in findings if finding.rule == "no-coefficient"]
    assert (
        found.message
        == "coal_slurry is published as 0.2857 to 0.4286 kgce/kg, and no table shows what was used; its cells "
        "have no number"
    )
    mine = {"product": "coal_slurry", "value": "0.4", "unit": "kgce/kg", "status": "single"}
    overlay = write_edition(tmp_path / "mine", coal_equivalent_coefficient=[mine])
    frame, findings = ca.to_coal_equivalent(balance, method="gb-t-2589-2020", overlay=overlay)
    assert frame[frame["product"] == "coal_slurry"]["value"].tolist() == pytest.approx([8e3] * 2)
    assert "no-coefficient" not in {finding.rule for finding in findings}


# Industry 2007, tables 4-2 (10^4 t, 10^8 m3, 10^10 kJ) and 5-3 (10^4 tce) of the China Energy Statistical Yearbook
# 2008.
INDUSTRY_2007 = {
    "raw_coal": (42743.51, 30978.76),
    "cleaned_coal": (2141.02, 1926.91),
    "other_washed_coal": (5122.97, 2690.58),
    "coke": (29814.21, 28961.52),
    "coke_oven_gas": (434.18, 2667.17),
    "other_gas": (657.24, 1890.11),
    "other_coking_products": (600.89, 693.43),
    "crude_oil": (984.12, 1405.91),
    "gasoline": (574.37, 845.13),
    "kerosene": (45.24, 66.57),
    "diesel": (1491.37, 2173.07),
    "fuel_oil": (1932.16, 2760.28),
    "lpg": (480.50, 823.72),
    "refinery_gas": (865.30, 1359.73),
    "other_petroleum_products": (6031.19, 7905.69),
    "natural_gas": (400.28, 5323.67),
    "heat": (186028.20, 6343.56),
    "electricity": (22569.10, 27737.41),
}


@pytest.mark.parametrize("method", ["yearbook-2008", "yearbook-tables"])
def test_table_5_3_of_2007_follows_from_table_4_2(tmp_path, method):
    """Each product of industry within 0.1 % of what the yearbook prints in standard quantity."""
    made = {
        flow: {product: pair[0] for product, pair in INDUSTRY_2007.items()}
        for flow in ("final_consumption", "industry")
    }
    units = {
        product: "亿立方米" if product.endswith("gas") and product != "refinery_gas" else "万吨"
        for product in INDUSTRY_2007
    }
    units |= {"heat": "百亿千焦", "electricity": "亿千瓦小时"}
    balance = table(tmp_path, made, title="2007年全国能源平衡表（实物量）", units=units)
    frame, _ = ca.to_coal_equivalent(balance, method=method)
    found = frame[frame["flow"] == "industry"].set_index("product")["value"]
    assert set(found.index) == set(INDUSTRY_2007)
    for product, (_, printed) in INDUSTRY_2007.items():
        assert found[product] == pytest.approx(printed * 1e4, rel=1e-3), product


@pytest.mark.parametrize("method", ["yearbook-2008", "yearbook-tables"])
def test_the_printed_table_5_3_of_2007(real_tables, method):
    """The same from the files as published, cell by cell."""
    folder = real_tables / "china_ebt_2007"
    frame, _ = ca.to_coal_equivalent(
        ca.read_balance(folder / "4-2_China_physical_2007.xls"), method=method
    )
    standard = ca.read_balance(folder / "5-3_industry_final_energy_std_2007.xls")
    found = frame[frame["flow"] == "industry"].set_index("product")["value"]
    compared = [product for product in standard.products if product in found.index]
    assert len(compared) == 18
    for product in compared:
        assert found[product] == pytest.approx(
            standard.amounts.sel(flow="industry", product=product).item(), rel=1e-3
        ), product


def test_table_5_2_of_2019_follows_from_table_5_1(real_tables):
    """Every cell of the standard table of 2019 within its last digit or 0.1 %, but for three misprints."""
    folder = real_tables / "china_ebt_2019"
    physical = ca.read_balance(
        folder / "national_2019_physical_5-1_bilingual_3panels.xlsx", area="中国"
    )
    standard = ca.read_balance(folder / "national_2019_standard_5-2_and_4-2.xlsx", area="中国")
    frame, _ = ca.to_coal_equivalent(physical, method="yearbook-tables")
    away = {}
    for row in frame.to_dict("records"):
        if (
            row["flow"] in standard.flows
            and row["product"] in standard.products
            and row["product"] != "electricity"
        ):
            printed = standard.amounts.sel(flow=row["flow"], product=row["product"]).item()
            if abs(row["value"] - printed) > 250 + 1e-3 * abs(printed):
                away[row["flow"], row["product"]] = round(row["value"] / printed, 3)
    # Rows that mix uses have no coefficient of raw coal; gangue is washed at 0.22 and burnt at 0.2; two cells lost
    # their point.
    mixed = {flow for flow, product in away if product == "raw_coal"}
    assert mixed == {
        "primary_supply",
        "transformation",
        "final_consumption",
        "stock_change",
        "statistical_difference",
    }
    gangue = {
        (flow, "gangue") for flow in ("transformation", "coal_washing", "statistical_difference")
    }
    lost = {("transformation", "white_spirit"), ("statistical_difference", "lng")}
    assert {cell for cell in away if cell[1] != "raw_coal"} == gangue | lost
