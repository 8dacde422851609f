"""The words of the balance: each label finds one id, and the tables of words agree with one another."""

from __future__ import annotations

import re
import string

import pytest

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import did_you_mean
from carbonacct.near_words import near_names
from carbonacct.records.area_names import find_area
from carbonacct.units import is_ambiguous, is_unit
from carbonacct.vocabulary import fold

CONTRACT_FLOWS = [
    "farming",
    "industry",
    "feedstock",
    "construction",
    "transport",
    "wholesale_retail",
    "other_services",
    "households_urban",
    "households_rural",
    "thermal_power",
    "heating",
    "coal_washing",
    "coking",
    "refining",
    "gas_works",
    "briquette_making",
    "losses",
    "final_consumption",
    "statistical_difference",
    "total_consumption",
    "production",
    "recovery",
    "moved_in",
    "imports",
    "bunkers_abroad",
    "moved_out",
    "exports",
    "bunkers_home",
    "stock_change",
    "primary_supply",
]
CONTRACT_PRODUCTS = [
    "coal_total",
    "raw_coal",
    "cleaned_coal",
    "other_washed_coal",
    "briquettes",
    "gangue",
    "coke",
    "coke_oven_gas",
    "blast_furnace_gas",
    "converter_gas",
    "other_gas",
    "other_coking_products",
    "oil_total",
    "crude_oil",
    "gasoline",
    "kerosene",
    "diesel",
    "fuel_oil",
    "naphtha",
    "lubricants",
    "paraffin_wax",
    "white_spirit",
    "bitumen",
    "petroleum_coke",
    "lpg",
    "refinery_gas",
    "other_petroleum_products",
    "natural_gas",
    "lng",
    "heat",
    "electricity",
    "other_energy",
]


def test_the_ids_that_programs_rely_on():
    """The flows and products of the command line contract exist, under these ids."""
    assert set(CONTRACT_FLOWS) <= set(vocabulary.flows())
    assert set(CONTRACT_PRODUCTS) <= set(vocabulary.products())


def test_parents_members_and_categories_exist():
    """Every parent and member is a flow (a product), every category is an IPCC code, every area's grid is an area."""
    flows, products, areas = vocabulary.flows(), vocabulary.products(), vocabulary.areas()
    for flow in flows.values():
        assert flow.parent in flows or not flow.parent
        assert set(flow.members) <= set(flows)
        assert flow.part in {"", "sum", "of", "group"}
        assert not flow.category or re.fullmatch(r"1\.[ABC](\.\w+)*", flow.category)
        assert bool(flow.parent) == bool(flow.part) or flow.part == "group"
    for product in products.values():
        assert product.parent in products or not product.parent
        assert product.unit in {"t", "m3", "GJ", "kWh", "tce"}
    for area in areas.values():
        assert area.grid in areas or not area.grid
        assert area.parent in areas or not area.parent


def test_no_flow_or_product_is_its_own_ancestor():
    """The trees have roots."""
    for table in (vocabulary.flows(), vocabulary.products()):
        for start in table:
            seen, at = set(), start
            while at:
                assert at not in seen, start
                seen.add(at)
                at = table[at].parent


@pytest.mark.parametrize("kind", ["flow", "product", "area"])
def test_every_name_and_alias_finds_its_own_id(kind):
    """Each id, name and alias resolves to the row it stands in: no word is claimed twice."""
    rows = read_rows(data_folder() / "vocabulary" / f"{kind}s.csv")
    for row in rows:
        for word in (row["id"], row["name_zh"], row["name_en"], *row["aliases"].split("|")):
            if vocabulary.fold(word):
                assert vocabulary.resolve(kind, word) == row["id"], word


@pytest.mark.parametrize(
    ("label", "flow"),
    [
        ("一、可供本地区消费的能源量", "primary_supply"),
        ("（一）　火力发电", "thermal_power"),
        ("  2.供 热", "heating"),
        ("    #用作原料、材料", "feedstock"),
        ("其中：用作原料、材料", "feedstock"),
        ("7.出口量(-)", "exports"),
        ("9.库存增(-)、减(+)量", "stock_change"),
        ("5.我轮、机在外国加油量", "bunkers_abroad"),
        ("Chinese Airplanes & Ships in Refueling Abroad", "bunkers_abroad"),
        ("4.交通运输、仓储及邮电通迅业", "transport"),
        ("５．批发、零售业和住宿、餐饮业①", "wholesale_retail"),
        ("  6.生活消费", "households"),
        ("2.1. 火力发电", "thermal_power"),
        ("黑色金属冶炼及压延加工业", "industry.ferrous_smelting"),
        ("Smelting and Pressing of Ferrous Metals", "industry.ferrous_smelting"),
        ("工业 Industry", "industry"),
        ("无此行业", None),
        ("工业 Construction", None),
    ],
)
def test_labels_of_several_editions(label, flow):
    """Numbering, marks, full-width forms and both languages lead to one flow; halves that disagree lead to none."""
    assert vocabulary.resolve("flow", label) == flow


def test_near_names_are_offered():
    """A misspelt label is answered with what it may mean."""
    assert "原煤" in near_names("product", "原媒")
    assert did_you_mean("zzz", ["abc"]) == ""


@pytest.mark.parametrize(
    ("texts", "area"),
    [
        (["6-22  重庆能源平衡表(实物量)-2007"], "重庆"),
        (["ENERGY BALANCE OF INNER MONGOLIA-2007"], "Inner Mongolia"),
        (["6-26  陕西能源平衡表"], "陕西"),
        (["ENERGY BALANCE OF SHAANXI-2007"], "Shaanxi"),
        (["4-2  中国能源平衡表(实物量) -2007"], "中国"),
        (["内蒙古自治区能源平衡表"], "内蒙古自治区"),
        (["能源平衡表"], None),
    ],
)
def test_areas_in_titles(texts, area):
    """The longest name that stands in a title is the area, as printed."""
    assert find_area(texts) == area


def test_names_in_both_languages():
    """name() gives Chinese or English, and the id of what it does not know."""
    assert vocabulary.name("flow", "coking", "zh") == "炼焦"
    assert vocabulary.name("product", "lpg") == "LPG"
    assert vocabulary.name("area", "某地") == "某地"


def test_industry_sub_sectors_have_categories_of_manufacturing_or_energy():
    """Every sub-sector of industry falls under 1.A.1 or 1.A.2, so that totals by category are the whole."""
    for flow in vocabulary.flows().values():
        if flow.id.startswith("industry.") and flow.part == "sum":
            assert flow.category.startswith(("1.A.1", "1.A.2")), flow.id


def test_a_letter_in_brackets_is_a_footnote_unless_it_is_a_unit():
    """Electricity [a] is electricity; of Coal [t] nobody may lose the unit, which the title need not have."""
    letters = string.ascii_letters
    units = {letter for letter in letters if is_unit(letter) or is_ambiguous(letter)}
    assert {letter for letter in letters if fold(f"Coal [{letter}]") != "coal"} == units
