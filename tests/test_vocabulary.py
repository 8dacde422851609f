"""The words of the balance: each label finds one id, and the tables of words agree with one another."""

from __future__ import annotations

import csv
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import did_you_mean
from carbonacct.near_words import find_languages, near_names
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
        # The place of the table and elsewhere, whatever their rank.
        ("调往市外量", "moved_out"),
        ("外县调入", "moved_in"),
        ("本县生产", "production"),
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
    plants = "industry.transformation"
    for flow in vocabulary.flows().values():
        if (
            flow.id.startswith("industry.")
            and flow.part == "sum"
            and not flow.id.startswith(plants)
        ):
            assert flow.category.startswith(("1.A.1", "1.A.2")), flow.id


def test_plants_within_industry_have_the_category_of_their_kind():
    """Those that burn fall under 1.A.1.a; what coke ovens or refineries take in is no fuel that is burnt."""
    known, whole = vocabulary.flows(), "industry.transformation"
    for flow in known.values():
        if flow.id.startswith(whole) and not flow.id.endswith(vocabulary.REMAINDER):
            kind = flow.id.removeprefix(f"{whole}.") if flow.id != whole else "transformation"
            assert flow.category == known[kind].category, flow.id


def test_a_letter_in_brackets_is_a_footnote_unless_it_is_a_unit():
    """Electricity [a] is electricity; of Coal [t] nobody may lose the unit, which the title need not have."""
    letters = string.ascii_letters
    units = {letter for letter in letters if is_unit(letter) or is_ambiguous(letter)}
    assert {letter for letter in letters if fold(f"Coal [{letter}]") != "coal"} == units


def test_flows_and_products_have_names_in_both_languages():
    """Reports say them in the language of their reader."""
    entries = [*vocabulary.flows().values(), *vocabulary.products().values()]
    assert [entry.id for entry in entries if not (entry.name_zh and entry.name_en)] == []


def test_what_is_left_of_a_flow_or_product_is_a_part_of_it():
    """Its remainder is added to the printed parts, with the sign, category and unit of the whole.

    What a subtotal leaves is part of what that stands in, or of its first member where it stands above the blocks.
    """
    flows, products = vocabulary.flows(), vocabulary.products()
    rest = flows["exports.remainder"]
    assert (rest.parent, rest.part, rest.sign, rest.members) == ("exports", "sum", -1, ())
    assert flows["imports.remainder"].sign == 1
    assert flows["industry.remainder"].category == flows["industry"].category == "1.A.2"
    assert flows["industry.manufacturing.remainder"].parent == "industry"
    assert flows["final_uses.remainder"].parent == "final_consumption"
    assert rest.name_en == f"{flows['exports'].name_en}, not attributed"
    assert rest.name_zh == f"{flows['exports'].name_zh}（未分出部分）"
    left = products["kerosene.remainder"]
    assert (left.parent, left.unit, left.group) == ("kerosene", "t", products["kerosene"].group)
    assert {vocabulary.base_of(flow) for flow in flows} == {
        flow for flow in flows if not flow.endswith(".remainder")
    }


def test_a_tree_of_a_table_comes_before_that_of_the_vocabulary():
    """What a table prints as the part of another is one there; what it does not place keeps its place."""
    own = {"farming": "industry", "plant a": "farming"}
    assert list(vocabulary.climb_flows("plant a", own)) == [
        "plant a",
        "farming",
        "industry",
        "final_consumption",
    ]
    assert vocabulary.is_within("farming", "industry", own)
    assert not vocabulary.is_within("farming", "industry")
    assert vocabulary.is_within("industry", "final_consumption", own)
    assert vocabulary.is_within("industry", "industry")
    assert (vocabulary.parent_of("farming", own), vocabulary.parent_of("farming", {})) == (
        "industry",
        "final_consumption",
    )
    assert not vocabulary.is_product_within("naphtha", "lpg")
    assert vocabulary.is_product_within("coke", "coke", {"naphtha": "lpg"})
    assert not vocabulary.is_product_within("coke", "lpg", {"naphtha": "lpg"})


def test_a_part_of_a_member_is_finer_than_the_group():
    """A subtotal holds its members and their parts, and no other row of the same whole."""
    assert vocabulary.is_finer("industry.coal_mining", "secondary_industry")
    assert vocabulary.is_finer("secondary_industry", "secondary_industry")
    assert not vocabulary.is_finer("final_consumption", "secondary_industry")
    assert not vocabulary.is_finer("farming", "secondary_industry")


def test_only_power_and_heat_were_made_of_other_fuels():
    """Fuels, and what is left of them, burn."""
    products = vocabulary.products()
    assert {product for product in products if vocabulary.is_electricity_or_heat(product)} == {
        product for product, of in products.items() if of.group in ("electricity", "heat")
    }
    assert vocabulary.is_electricity_or_heat("electricity")


@pytest.mark.parametrize(
    ("label", "city"),
    [
        ("河北唐山", "tangshan"),
        ("河北省唐山市", "tangshan"),
        ("山东唐山", None),
        ("河北北京", None),
        ("唐山河北", None),
    ],
)
def test_a_city_behind_its_own_province_is_that_city(label, city):
    """Behind another province it is nothing known, and a province is no city."""
    assert vocabulary.resolve("area", label) == city


@pytest.mark.parametrize(
    ("label", "own", "flow"),
    [
        ("工业 Foo", {}, "industry"),
        ("工业 Foo", {"foo": "transport"}, "transport"),
        ("Foo 甲", {"foo": "transport", "甲": "transport"}, "transport"),
        ("Foo 甲", {"foo": "transport", "甲": "industry"}, None),
        ("工业", {"工业": "transport"}, "transport"),
        ("工业 Industry", {"工业": "transport"}, "transport"),
        ("工业 Construction", {"工业": "transport"}, None),
        ("Foo 甲", {"foo": "transport"}, "transport"),
    ],
)
def test_words_of_a_mapping_come_first_where_the_halves_of_a_label_agree(label, own, flow):
    """A person's own word counts before the vocabulary's, of a whole label and of one half."""
    assert vocabulary.resolve("flow", label, own) == flow


def test_a_label_of_several_words_is_found_without_its_endings():
    """Where what is left is a label of one flow or product alone; names of areas are not cut."""
    assert vocabulary.resolve("flow", "Textile industries") == "industry.textile"
    assert vocabulary.resolve("product", "Crude oils") == "crude_oil"
    assert (
        vocabulary.resolve("flow", "Public lightings") is None
    )  # two flows are called so, of two publishers
    assert vocabulary.resolve("area", "Hebei provinces") is None


def test_one_of_several_labels_is_meant_only_where_it_is_one():
    """By the label itself, its id or another name; of two that name one area neither is chosen."""
    assert vocabulary.find_name("area", "重庆市", ["北京", "Chongqing"]) == "Chongqing"
    assert vocabulary.find_name("area", "重庆", ["北京", "chongqing"]) == "chongqing"
    assert vocabulary.find_name("area", "重庆市", ["Chongqing", "重庆"]) == "重庆市"
    assert vocabulary.find_name("area", "重庆", ["Chongqing", "重庆"]) == "重庆"
    assert vocabulary.find_name("area", "某地", ["某县", "重庆"]) == "某地"


@pytest.mark.parametrize(
    ("label", "own", "half"),
    [
        ("工业 Foo", [], "foo"),
        ("工业 Foo", [{"foo": "industry"}], ""),
        ("工业 Foo", [{"工业foo": "industry"}], ""),
        ("甲 Foo", [], ""),
        ("甲 Industry", [], "甲"),
        ("工业", [], ""),
        ("Foo", [], ""),
    ],
)
def test_the_half_of_a_label_that_nobody_knows_is_told(label, own, half):
    """Only of two halves, and only where the other is known."""
    assert vocabulary.unread_half(label, *own) == half


@pytest.mark.parametrize(
    ("label", "level"),
    [
        ("A. Imports", (0, "A.")),
        ("  B. Exports", (2, "A.")),
        (" (b) Exports", (1, "(a)")),
        ("12.1 供热", (0, "")),
        ("十二、供热", (0, "一、")),
        ("　二、供热", (1, "一、")),
        ("3、供热", (0, "0、")),
        ("#供热", (0, "#")),
        ("供热", (0, "")),
    ],
)
def test_labels_of_one_level_have_one_kind_of_number(label, level):
    """Whatever the number is: its kind and the indentation tell the level."""
    assert vocabulary.level_of(label) == level


@pytest.mark.parametrize(
    ("label", "depth"),
    [
        ("其中", 1),
        ("#a", 1),
        ("##a", 2),
        ("# # #a", 3),
        ("of which: a", 1),
        ("其中:#a", 1),
        ("二、a", 0),
        ("a其中", 0),
        ("", 0),
    ],
)
def test_marks_before_a_label_tell_how_deep_it_lies(label, depth):
    """One level for each #, one for the words; numbering tells nothing of that."""
    assert vocabulary.of_which_depth(label) == depth


@pytest.mark.parametrize(
    ("label", "halves"),
    [
        ("工业industry", ("工业", "industry")),
        ("原煤(万吨)coal(10ktn)", ("原煤(万吨)(10)", "coal(10ktn)")),
        ("工业()industry()", ("工业", "industry")),
        ("工业", ("工业",)),
        ("industry(b)", ("industry(b)",)),
        ("2015", ("2015",)),
    ],
)
def test_a_label_in_two_scripts_has_two_halves(label, halves):
    """Any other is one; digits go with both, empty brackets with neither."""
    assert vocabulary.split_scripts(label) == halves


def test_an_area_lies_in_what_lies_above_it():
    """A province in its country; areas have names in both languages."""
    assert vocabulary.list_above("hebei") == ["hebei", "CN"]
    assert (vocabulary.name("area", "hebei", "zh"), vocabulary.name("area", "hebei")) == (
        "河北",
        "Hebei",
    )
    assert (vocabulary.name("product", "coke", "zh"), vocabulary.name("flow", "coking")) == (
        "焦炭",
        "Coking",
    )
    assert vocabulary.name_alone("households_urban", "zh") != vocabulary.name(
        "flow", "households_urban", "zh"
    )
    assert vocabulary.name_alone("industry") == vocabulary.name("flow", "industry")


@given(st.sampled_from(sorted({*vocabulary.words_of("flow"), *vocabulary.words_of("product")})))
def test_folding_what_is_folded_changes_nothing(word):
    """A word is looked up as it is kept, with marks, numbers, blanks and width around it or not."""
    assert fold(word) == word
    assert fold(f"　 {word.upper()} ") == word
    assert fold(f"（一）{word}②") == word or word[0].isdigit()


@pytest.mark.parametrize("here", ["本地区", "本市", "全县", "本自治州", "本区"])
@pytest.mark.parametrize("elsewhere", ["省外", "市外", "外县", "外区"])
def test_rows_of_supply_name_the_place_by_any_rank(here, elsewhere):
    """A county prints 可供本县消费的能源量 and 县外调入量; what comes from abroad (国外, 外国) is none of it."""
    for label, flow in (
        (f"可供{here}消费的能源量", "primary_supply"),
        (f"{here}生产量", "production"),
        (f"{here}调出量", "moved_out"),
        (f"{elsewhere}调入量", "moved_in"),
        (f"从{elsewhere}调入量", "moved_in"),
    ):
        assert vocabulary.resolve("flow", label) == flow, label
    assert vocabulary.resolve("flow", "国外调入量") != "moved_in"
    assert vocabulary.resolve("product", f"{here}原煤") is None


@pytest.mark.parametrize(
    ("label", "flow"),
    [
        ("库存增(-)、减(+)", "stock_change"),
        ("可供本地区消费的能源", "primary_supply"),
        ("一次能源生产", "production"),
        ("加工转换投入产出", "transformation"),
        ("终端消费", "final_consumption"),
        ("煤炭消费", None),  # a product, whatever ends it
    ],
)
def test_the_amount_at_the_end_of_a_row_may_be_left_out(label, flow):
    """量 behind a row of the balance is printed or not."""
    assert vocabulary.resolve("flow", label) == flow


def test_german_labels_are_no_english_words():
    """A German balance's unknown word (Landesamt, AGEB) does not suggest English names, nor the reverse."""
    beside = [
        "Umw-Einsatz: Kokereien",
        "Umw-Einsatz: Raffinerien",
        "Gewinnung im Inland",
        "Haushalte",
    ]
    assert find_languages("Fackelverluste", beside) == {"de"}
    english = ["Coking", "Refining", "Industry", "Households"]
    assert find_languages("Flaring", english) == {"en"}
    assert "Umw-" not in near_names("flow", "Own use coking", english)


@pytest.mark.parametrize(
    ("two", "one"),
    [
        ("煤和油", "煤油"),
        ("煤、气", "煤气"),
        ("Gas and oil", "Gas oil"),
        ("Coal/gas consumption", "Coal gas consumption"),
    ],
)
def test_two_fuels_are_no_third(two, one):
    """However the print joins them, they fold alike, and not as the fuel that both words together name."""
    assert fold(two) == fold(re.sub(r"和|、| and |/", " & ", two)) != fold(one)
    assert "+" in fold(two)
    assert not re.search("和|and", fold(two))


def test_every_row_of_a_table_has_the_cells_of_its_head():
    """A comma without quotes would move what stands behind it into the next column."""
    apart = []
    for path in sorted(data_folder().rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
        apart += [f"{path.name}: {row}" for row in rows if len(row) != len(rows[0])]
    assert not apart
