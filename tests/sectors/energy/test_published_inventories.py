"""Published inventories and hand-computed rows: China 2014, and stationary energy in the GPC's reporting form."""

from __future__ import annotations

import csv
import math

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.inventory.metrics import find_gwp
from carbonacct.sectors.energy.notation import KEYS, Noted, add_noted

SECTORS = [
    "1.  能源活动",
    "2.  工业生产过程",
    "3.  农业活动",
    "4.  土地利用、土地利用变化和林业",
    "5.  废弃物处理",
]
PARTS = {
    "总量（包括LULUCF）": SECTORS,
    "1.  能源活动": ["燃料燃烧", "逃逸排放"],
    "燃料燃烧": ["能源工业", "制造业和建筑业", "交通运输", "其他行业", "其他"],
    "逃逸排放": ["固体燃料", "油气系统"],
    "2.  工业生产过程": [
        "非金属矿物制品",
        "化学工业",
        "金属冶炼",
        "卤烃和六氟化硫生产",
        "卤烃和六氟化硫消费",
    ],
    "3.  农业活动": [
        "动物肠道发酵",
        "动物粪便管理",
        "水稻种植",
        "农业土壤",
        "限定性热带草原烧荒",
        "农业废弃物田间焚烧",
    ],
    "4.  土地利用、土地利用变化和林业": [
        "林地",
        "农地",
        "草地",
        "湿地",
        "建设用地",
        "其他用地",
        "林产品",
    ],
    "5.  废弃物处理": ["固体废弃物处理", "废水处理"],
}


def read_cell(text):
    """Return the number and the keys that a cell prints."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    keys = frozenset(word for word in words if word in KEYS)
    return Noted(math.nan, keys) if keys or not words else Noted(float(words[0]))


@pytest.mark.parametrize("gas", ["CO2", "CH4", "N2O"])
def test_the_national_inventory_of_2014_adds_up(real_tables, gas):
    """Third National Communication, 2014: categories are the sums of their parts within printed digits."""
    with (real_tables / "china_inventory" / "china_national_inventory_2014_10kt.csv").open(
        encoding="utf-8-sig", newline=""
    ) as stream:
        cells = {row["category"]: read_cell(row[f"{gas}_10kt"]) for row in csv.DictReader(stream)}
    checked = 0
    for whole, parts in PARTS.items():
        found = add_noted(cells[part] for part in parts)
        if math.isnan(cells[whole].value):
            assert math.isnan(found.value)
            continue
        checked += 1
        assert found.value == pytest.approx(
            cells[whole].value, abs=0.05 * (len(parts) + 1) + 1e-9
        ), whole
    assert checked == {"CO2": 6, "CH4": 8, "N2O": 6}[gas]
    # What the sum lacks is said: cropland and grassland are included elsewhere, wetlands are not estimated.
    land = add_noted(cells[part] for part in PARTS[SECTORS[3]])
    assert str(land) == {"CO2": "-115091", "CH4": "172,IE", "N2O": "IE,NE"}[gas]


def read_stationary(folder):
    """Return the hand-computed rows of stationary energy."""
    return pd.read_csv(folder / "gpc_ecrf" / "stationary_energy_manual_data_v1.csv").dropna(
        subset=["Final_emissions_CO2e_manually_tonnes"]
    )


def test_stationary_energy_by_hand(real_tables):
    """GPC, stationary energy: fuel x factor, weighted by AR5 over 100 years, by hand to two decimals."""
    rows = read_stationary(real_tables)
    weight = {
        gas: find_gwp("AR5GWP100", gas, origin="non-fossil" if gas == "CH4" else "")
        for gas in ("CO2", "CH4", "N2O")
    }
    found = (
        sum(rows[f"{gas.lower()}_global_api"] * weight[gas] for gas in weight)
        * rows["total_fuel_value"]
        / 1e3
    )
    assert len(rows) == 56
    assert (found - rows["Final_emissions_CO2e_manually_tonnes"]).abs().max() <= 0.005 + 1e-9


FLOWS = {
    "I.1.1": "households_urban",
    "I.2.1": "wholesale_retail",
    "I.3.1": "industry",
    "I.4.1": "thermal_power",
    "I.6.1": "other_services",
}
FUELS = {
    "anthracite": "anthracite",
    "sub-bituminous-coal": "sub_bituminous_coal",
    "lignite": "lignite",
    "bitumen": "bitumen",
    "firewood": "wood",
    "charcoal": "charcoal",
    "other-primary-solid-biomass": "other_solid_biomass",
}
# These rows take calorific values that table 1.2 does not give: 15.6 for peat (9.76), 20.3 for wood waste (15.6), 28.8
# for coking coal (28.2).
OTHERS = {"peat", "wood-wood-waste", "coking-coal"}


def test_the_factors_of_the_rows_per_kilogram(real_tables):
    """CO2 (of biomass as memo item), CH4 and N2O of 100 kg by IPCC 2006 have the digits of the rows."""
    rows = read_stationary(real_tables)
    rows = rows[rows["units_in_GlobalAPI"] == "kg/kg"].assign(
        fuel=lambda frame: frame["fuel_type"].str.removeprefix("fuel-type-")
    )
    assert set(rows["fuel"]) == set(FUELS) | OTHERS
    rows = rows[rows["fuel"].isin(FUELS)]
    cells = pd.DataFrame(
        {
            "area": "R",
            "year": 2022,
            "flow": rows["subsector"].map(FLOWS),
            "product": rows["fuel"].map(FUELS),
            "value": rows["total_fuel_value"] / 1e3,
            "unit": "t",
        }
    )
    cells.loc[cells["flow"] == "thermal_power", "value"] *= -1
    inventory = ca.compile_inventory(
        ca.make_balance(cells.drop_duplicates()), method="ipcc-2006", gases=["all"]
    )
    made = pd.concat([inventory.to_frame(), ca.find_memo_items(inventory)]).set_index(
        ["flow", "product", "gas"]
    )["value"]
    for row in rows.to_dict("records"):
        for gas in ("CO2", "CH4", "N2O"):
            found = made[FLOWS[row["subsector"]], FUELS[row["fuel"]], gas]
            assert found == pytest.approx(
                row[f"{gas.lower()}_global_api"] * row["total_fuel_value"] / 1e3, rel=5e-3
            ), (
                row["subsector"],
                row["fuel"],
                gas,
            )
