"""A trace as people read it: both languages, rows, the carbon of a gas, why a cell has no number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import CellNotFoundError
from carbonacct.sectors.energy.tracing import shared_trace, trace_cell
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import inventory_of, panel_of

TITLES = {
    "heat": "General principles for calculation of the comprehensive energy consumption, GB/T 2589-2008, 附录A",
    "guide": "Guidelines for the Compilation of Provincial Greenhouse Gas Inventories (trial), 2011 (trial)",
    "ipcc": "2006 IPCC Guidelines for National Greenhouse Gas Inventories, 2006",
}
FORMULA = "1900100 t x 42.652 GJ/t x 0.0202 t C/GJ x 0.98 x 3.66666666666667 t CO2/t C = 5882537.90189707 t CO2"
# Chongqing 2007, China Energy Statistical Yearbook 2008, table 6-22, by the guideline of 2011.
ENGLISH = f"""重庆 2007 · Transport, storage and post · Diesel · provincial-2011
emissions: 5882537.90189707 t CO2
formula: {FORMULA}
activity: 190.01 1e4 t  [chongqing_2007.csv!N28]
net_calorific_value: 42652 kJ/kg  (柴油; {TITLES["heat"]}; corroborated)  [gb-t-2589-2008/net_calorific_value.csv:11]
    10200 kcal/kg
carbon_content: 20.2 t C/TJ  (柴油; {TITLES["guide"]}; corroborated)  [provincial-2011/carbon_content.csv:11]
oxidation_factor: 0.98 dimensionless  (液体燃料; {TITLES["guide"]}; corroborated)\
  [provincial-2011/oxidation_factor.csv:20]
carbon_to_co2: 3.66666666666667 t CO2/t C  (ratio of molecular weights; {TITLES["ipcc"]}; corroborated)\
  [ipcc-2006/carbon_to_co2.csv:2]
    the ratio that turns Table 1.3 into Table 1.4"""
CHINESE = f"""重庆 2007 · 交通运输、仓储和邮政业 · 柴油 · provincial-2011
排放：5882537.90189707 t CO2
公式：{FORMULA}
活动水平：190.01 1e4 t  [chongqing_2007.csv!N28]
平均低位发热量：42652 kJ/kg（柴油；综合能耗计算通则，GB/T 2589-2008，附录A；两处互证）\
  [gb-t-2589-2008/net_calorific_value.csv:11]
    10200 kcal/kg
单位热值含碳量：20.2 t C/TJ（柴油；省级温室气体清单编制指南［试行］，2011［试行］；两处互证）\
  [provincial-2011/carbon_content.csv:11]
碳氧化率：0.98 无量纲（液体燃料；省级温室气体清单编制指南［试行］，2011［试行］；两处互证）\
  [provincial-2011/oxidation_factor.csv:20]
碳换算为二氧化碳：3.66666666666667 t CO2/t C（分子量之比；2006年IPCC国家温室气体清单指南，2006；两处互证）\
  [ipcc-2006/carbon_to_co2.csv:2]
    由表 1.3 换算成表 1.4 的比值"""


@pytest.fixture(scope="module")
def diesel():
    """Return the trace of diesel of transport in Chongqing 2007."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    return ca.trace(inventory, flow="transport", product="diesel")


@pytest.mark.parametrize(("lang", "text"), [("en", ENGLISH), ("zh", CHINESE)])
def test_the_whole_text_of_a_trace(diesel, lang, text):
    """Cell, formula, and each factor as printed with its document, in either language."""
    assert diesel.to_text(lang) == text


class Origin:
    """How an amount came about, in words that are no message of the program."""

    def to_text(self):
        """Return them."""
        return "half of the province"


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        ({}, ([], [])),
        (
            {"passed_on": (("steel", 40.0), ("lead", 2.5)), "deduction": 42.5},
            (
                ["counts in steel: 40 t", "counts in lead: 2.5 t"],
                ["计入steel：40 t", "计入lead：2.5 t"],
            ),
        ),
        # What counts elsewhere is a part of what is taken out; the rest of that is feedstock or refuelling abroad.
        (
            {"passed_on": (("steel", 40.0),), "deduction": 100.0},
            (
                ["counts in steel: 40 t", "taken out: 60 t  []"],
                ["计入steel：40 t", "扣除：60 t  []"],
            ),
        ),
        (
            {"deduction": 70.0, "moved": -70.0, "moved_by": "0.5; survey"},
            (["counts in transport: 70 t  [0.5; survey]"], ["计入交通运输：70 t  [0.5; survey]"]),
        ),
        (
            {"deduction": -70.0, "moved": 70.0, "moved_by": "0.5; survey"},
            (
                ["motor fuel of other rows: 70 t  [0.5; survey]"],
                ["并入机动车用油：70 t  [0.5; survey]"],
            ),
        ),
        (
            {
                "deduction": 80.0,
                "moved": -70.0,
                "moved_by": "s",
                "where": ("a.csv!B2", "a.csv!B3", "a.csv!B4"),
            },
            (
                ["taken out: 10 t  [a.csv!B3; a.csv!B4]", "counts in transport: 70 t  [s]"],
                ["扣除：10 t  [a.csv!B3; a.csv!B4]", "计入交通运输：70 t  [s]"],
            ),
        ),
        (
            {"origin": Origin()},
            (["came about: half of the province"], ["数据由来：half of the province"]),
        ),
    ],
)
def test_where_the_rest_of_an_amount_counts(diesel, changed, lines):
    """Beside cell, formula and factors: other sectors, transport, what is taken out, how the amount came about."""
    changed = {"where": ("",), **changed}
    for lang, expected in zip(("en", "zh"), lines, strict=True):
        whole = replace(diesel, **changed).to_text(lang).splitlines()
        plain = replace(diesel, where=("",)).to_text(lang).splitlines()
        at = 4
        assert whole[at : len(whole) - len(plain) + at] == expected
        assert whole[len(whole) - len(plain) + at :] == plain[at:]


def test_a_sign_of_what_is_taken_out_and_a_scale_are_in_the_formula(diesel):
    """Amount x share - deduction; what comes in is added; without either the amount stands alone."""
    for changed, begins in (
        ({"deduction": 10.0}, "(1900100 t - 10 t) x 42.652 GJ/t"),
        ({"deduction": -10.0}, "(1900100 t + 10 t) x 42.652 GJ/t"),
        ({"share": 0.5}, "1900100 t x 0.5 x 42.652 GJ/t"),
        ({"share": 0.5, "deduction": 0.5}, "(1900100 t x 0.5 - 0.5 t) x 42.652 GJ/t"),
    ):
        found = replace(diesel, **changed)
        assert found.formula().startswith(begins)
        activity = 1900100 * changed.get("share", 1) - changed.get("deduction", 0)
        assert found.activity == activity
        assert found.recompute() == pytest.approx(activity * 42.652 * 0.0202 * 0.98 * 44 / 12)


def test_the_rows_of_a_trace(diesel):
    """The result, what it is made of, and the documents; the factors multiply to the value."""
    rows = diesel.list_rows()
    assert [(row["depth"], row["name"]) for row in rows] == [
        (0, "emissions"),
        (1, "amount"),
        (1, "share"),
        (1, "deduction"),
        (1, "net_calorific_value"),
        (1, "carbon_content"),
        (1, "oxidation_factor"),
        (1, "carbon_to_co2"),
    ]
    assert {
        (row["area"], row["year"], row["flow"], row["product"], row["gas"]) for row in rows
    } == {("重庆", 2007, "transport", "diesel", "CO2")}
    assert rows[0]["formula"] == FORMULA
    assert [row["unit"] for row in rows[:4]] == ["t CO2", "t", "1", "t"]
    assert [row["document"] for row in rows[4:]] == [
        TITLES["heat"],
        TITLES["guide"],
        TITLES["guide"],
        TITLES["ipcc"],
    ]
    product = np.prod([row["value"] for row in rows if row["depth"] and row["name"] != "deduction"])
    assert product == pytest.approx(rows[0]["value"], rel=1e-12)


def test_numbers_that_were_read_from_no_file_are_traced_too(tmp_path):
    """What is taken out has no cell to name; text and rows are there all the same."""
    rows = {"industry": {"raw_coal": 30}, "feedstock": {"raw_coal": 4}}
    found = ca.trace(inventory_of(rows), flow="industry", product="raw_coal")
    assert found.where == ("",)
    lines = found.to_text().splitlines()
    assert lines[2].startswith("formula: (300000 t - 40000 t) x 20.908 GJ/t x 0.0946 t CO2/GJ = ")
    assert lines[3:5] == ["activity: 300000 t", "taken out: 40000 t  []"]
    assert found.list_rows()[3]["value"] == 40_000
    read = ca.trace(
        ca.compile_inventory(table(tmp_path, rows), method="ipcc-2006"),
        flow="industry",
        product="raw_coal",
    )
    assert read.where == ("table.csv!B3", "table.csv!B4")
    assert read.printed == "30 1e4 t"
    assert "taken out: 40000 t  [table.csv!B4]" in read.to_text()
    assert "扣除：40000 t  [table.csv!B4]" in read.to_text("zh")


def test_a_coefficient_that_divides_is_said_as_its_inverse(tmp_path):
    """Coal equivalent that is turned back into tonnes: GB/T 2589, 0.9714 tce/t of coke."""
    rows = {"final_consumption": {"coke": 3}, "industry": {"coke": 3}}
    made = ca.compile_inventory(
        table(tmp_path, rows, units={"coke": "万吨标准煤"}), method="ipcc-2006"
    )
    found = ca.trace(made, flow="industry", product="coke")
    assert "30000 tce / 0.9714 tce/t x " in found.formula()
    assert [row["name"] for row in found.list_rows()][4] == "1/coal_equivalent_coefficient"
    assert not any(step.divides for step in found.steps[1:])


SMELTING = {
    "industry.ferrous_smelting": {"coke": 100, "blast_furnace_gas": 2, "raw_coal": 1},
    "industry": {"coke": 100, "blast_furnace_gas": 3, "raw_coal": 1},
}
GAS = {"blast_furnace_gas": "亿立方米"}


def test_carbon_of_a_gas_names_the_cells_of_the_gas(tmp_path):
    """Coke from which blast furnace gas is made: the cells where the gas burns; other fuels name none of them."""
    made = ca.compile_inventory(table(tmp_path, SMELTING, units=GAS), method="provincial-2011")
    coke = ca.trace(made, flow="industry.ferrous_smelting", product="coke")
    assert coke.deduction > 0
    assert coke.where[0] == "table.csv!B3"
    assert coke.where[1:]
    assert all(place.startswith("table.csv!C") for place in coke.where[1:])
    assert len(ca.trace(made, flow="industry.ferrous_smelting", product="raw_coal").where) == 1
    fuel = ca.compile_inventory(
        table(tmp_path, SMELTING, units=GAS), method="provincial-2011", carbon_pool="fuel"
    )
    assert ca.trace(fuel, flow="industry.ferrous_smelting", product="coke").deduction == 0


def test_a_remainder_is_traced_to_the_difference_of_its_cells(tmp_path):
    """What industry has beside its printed branches: the whole less each part, and the number that they leave."""
    rows = {
        "industry": {"diesel": 50, "coke": 8},
        "industry.chemicals": {"diesel": 10},
        "industry.textile": {"diesel": 15, "coke": 1},
    }
    made = ca.compile_inventory(table(tmp_path, rows), method="ipcc-2006")
    found = ca.trace(made, flow="industry.remainder", product="diesel")
    whole, *parts = found.where[0].split(" - ")
    assert (whole, sorted(parts)) == ("table.csv!B3", ["table.csv!B4", "table.csv!B5"])
    assert found.amount == pytest.approx(25e4)
    assert ca.trace(made, flow="industry.remainder", product="coke").where == (
        "table.csv!C3 - table.csv!C5",
    )
    assert ca.trace(made, flow="industry.textile", product="coke").where == ("table.csv!C5",)


FLOWS = {
    "industry": {"wood": 3, "electricity": 1, "diesel": 2},
    "moved_in": {"electricity": 1},
    "feedstock": {"diesel": 1},
}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("industry", "wood", "CO2"),
            "has no number in the inventory: CO2 of biomass is a memo item and not in the total",
        ),
        (
            ("industry", "electricity", "CO2"),
            "electricity counts where it is brought in, with a factor of its grid and year",
        ),
        (("feedstock", "wood", "CO2"), "the table has no number there"),
        (("feedstock", "diesel", "CO2"), "its role in ipcc-2006 is feedstock"),
        (("industry", "diesel", "SF6"), "the inventory has no gas 'SF6'; it has CO2, CH4, N2O"),
        (
            ("industry", "deisel", "CO2"),
            "the inventory has no product 'deisel'; did you mean diesel",
        ),
        (
            ("industrry", "diesel", "CO2"),
            "the inventory has no flow 'industrry'; did you mean industry",
        ),
    ],
)
def test_why_a_cell_has_no_trace(words, why):
    """The reason, or near names of the same dim."""
    flow, product, gas = words
    with pytest.raises(CellNotFoundError) as caught:
        ca.trace(inventory_of(FLOWS, gases=["all"]), flow=flow, product=product, gas=gas)
    assert why in str(caught.value)


def test_methane_of_biomass_has_a_trace():
    """Its CO2 alone is a memo item: 3 x 10^4 t of wood, 15.6 GJ/t, 30 kg CH4/TJ.

    IPCC 2006, Vol. 2, tables 1.2 and 2.3.
    """
    found = ca.trace(inventory_of(FLOWS, gases=["all"]), flow="industry", product="wood", gas="CH4")
    assert found.value == pytest.approx(3e4 * 15.6 * 30e-6)


def test_a_shared_trace_is_made_once():
    """Reports get one record, of the cell that they ask for."""
    made = ca.compile_inventory(
        panel_of(
            {
                ("重庆", 2020): {"transport": {"diesel": 1}},
                ("四川", 2021): {"transport": {"diesel": 2}},
            }
        ),
        method="ipcc-2006",
    )
    words = {"flow": "transport", "product": "diesel", "gas": "CO2"}
    one = shared_trace(made, area="四川", year=2021, **words)
    assert one is shared_trace(made, area="四川", year=2021, **words)
    assert one.amount == 2e4
    assert shared_trace(made, area="重庆", year=2020, **words).amount == 1e4
    assert trace_cell(made, (1, 1, 0, 0, 0)).value == one.value
    with pytest.raises(
        CellNotFoundError, match="the inventory has 2 areas; name one of 重庆, 四川"
    ):
        ca.trace(made, flow="transport", product="diesel")
    with pytest.raises(
        CellNotFoundError, match="the inventory has 2 years; name one of 2020, 2021"
    ):
        ca.trace(made, flow="transport", product="diesel", area="重庆")
