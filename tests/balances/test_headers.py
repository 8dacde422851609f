"""What one header says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carbonacct import vocabulary
from carbonacct.balances.label.headers import Header, read_header, year_of, years_in
from carbonacct.balances.label.labels import read_label, take_units
from carbonacct.balances.path.headings import inherit
from carbonacct.balances.path.label_facts import read_row_label
from carbonacct.balances.words.mapping import Mapping


@pytest.mark.parametrize(
    ("text", "product", "units"),
    [
        ("原煤(万吨)", "raw_coal", ("万吨",)),
        ("原　煤（万吨）", "raw_coal", ("万吨",)),
        ("其他洗煤 (万吨) Other Washed Coal (104 tn)", "other_washed_coal", ("万吨", "104 tn")),
        ("热力1)(百亿千焦)", "heat", ("百亿千焦",)),
        ("热力（百亿千焦）2)", "heat", ("百亿千焦",)),
        ("原煤¹（万吨）", "raw_coal", ("万吨",)),
        ("天然气①(亿立方米)", "natural_gas", ("亿立方米",)),
        ("电力(亿千瓦·小时)", "electricity", ("亿千瓦·小时",)),
        ("Electricity (108 kW•h)", "electricity", ("108 kW•h",)),
        ("热力_x000D_(百亿千焦)", "heat", ("百亿千焦",)),
        ("2.1. 原煤", "raw_coal", ()),
        ("煤炭合计", "coal_total", ()),
        ("天然气 (亿米³)", "natural_gas", None),
    ],
)
def test_products(text, product, units):
    """Numbering, footnotes, width, two languages and broken superscripts do not hide product and unit."""
    header = read_header(text, Mapping())
    assert header.product == product
    if units is not None:
        assert header.units == units


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("项 目", "label"),
        ("Item", "label"),
        ("项目 Item", "label"),
        ("能源名称", "label"),
        ("能源品种", "product"),
        ("计量单位", "unit"),
        ("年份", "year"),
        ("地区", "area"),
        ("实物量", "physical"),
        ("折标准煤", "standard"),
        ("比上年增长(%)", "skip"),
        ("代码", "skip"),
        ("Share of total (%)", "skip"),
        ("胡言", None),
    ],
)
def test_words_of_columns(text, word):
    """A header may say what its column holds."""
    assert read_header(text, Mapping()).word == word


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("工业", "industry"),
        ("四、终端消费量", "final_consumption"),
        ("7.3.1 电力、热力生产和供应业", "industry.power_heat_supply"),
    ],
)
def test_flows(text, flow):
    """A header may name a flow, with numbering of any depth, with or without a last dot."""
    assert read_header(text, Mapping()).flow == flow


def test_a_mapping_comes_first():
    """A table's own words win, the second column of a name has its own, and a sign travels along."""
    words = Mapping(
        products={"煤#2": "coke", "煤": "raw_coal"}, flows={"出货": "exports"}, signs={"出货": -1}
    )
    assert read_header("煤", words).product == "raw_coal"
    assert read_header("煤", words, occurrence=2).product == "coke"
    assert (read_header("出货", words).flow, read_header("出货", words).sign) == ("exports", -1)


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        (2007, 2007),
        (2007.0, 2007),
        ("2007", 2007),
        ("2007年", 2007),
        ("２００７", 2007),
        ("2007.0", 2007),
        (2007.5, None),
        (1948, None),
        (2101, None),
        ("2019-2020", None),
        ("20071", None),
        (True, None),
        (None, None),
        ("约2007年左右", None),
    ],
)
def test_years(cell, year):
    """A cell is a year, or it is not."""
    assert year_of(cell) == year


def test_years_in_a_title():
    """All years of a title, but no part of a longer number."""
    assert years_in("表6-22 2015—2019年 12007 吨") == [2015, 2019]


def test_take_units_leaves_what_is_no_unit():
    """Brackets that hold no unit belong to the name; ambiguous units are taken, to be refused later."""
    assert take_units("外省(区、市)调入量", Mapping()) == ("外省(区、市)调入量", ())
    assert take_units("Coal (ton)", Mapping())[1] == ("ton",)


@pytest.mark.parametrize("kind", ["flow", "product"])
def test_a_word_says_the_same_over_a_column_and_beside_a_row(kind):
    """Every known spelling names one id wherever it stands; a header with a product names no flow."""
    words = Mapping()
    for text, identifier in vocabulary.words_of(kind).items():
        label, row, header = (
            read_label(text, words),
            read_row_label(text, words),
            read_header(text, words),
        )
        assert (
            getattr(label, kind)
            == getattr(row, kind)
            == (identifier if not label.is_half_known else "")
        ), text
        if not header.year and header.word is None:
            assert (header.product or "", header.flow or "") == (
                label.product,
                "" if label.product else label.flow,
            ), text


def test_a_label_of_which_a_half_is_not_known_says_nothing_beside_a_row():
    """LNG 公交 says more than LNG; an English half beside a known Chinese one may be its translation."""
    words = Mapping()
    assert (read_label("LNG 公交", words).product, read_row_label("LNG 公交", words).product) == (
        "lng",
        "",
    )
    assert read_row_label("工业 Feedstock only", words).flow == "industry"
    assert (read_label("第一产业4", words).flow, read_row_label("第一产业4", words).flow) == (
        "",
        "primary_industry",
    )


@pytest.mark.parametrize("whole", [{"flow": "total_consumption"}, {"weak": "use"}])
def test_a_part_has_the_product_of_its_whole(whole):
    """# Households behind electricity, whether that names its row or only says that it is a use."""
    electricity = Header("Electricity", product="electricity", units=("kWh",), **whole)
    part = Header("# Households", flow="households", of_which=1)
    assert inherit(part, [electricity]) == replace(part, product="electricity", units=("kWh",))
    assert inherit(part, [Header("Electricity", product="electricity")]) == part
    assert inherit(replace(part, of_which=0), [electricity]).product is None


@pytest.mark.parametrize(
    ("printed", "product", "unit"),
    [
        ("汽油/吨", "gasoline", "吨"),
        ("原煤/万吨", "raw_coal", "万吨"),
        ("天然气 / 万m3", "natural_gas", "万m3"),
        ("煤炭消费量/万吨", "coal_total", "万吨"),
        ("Coal/10^4 t", "coal_total", "10^4 t"),
        ("Gasoline/t", "gasoline", "t"),
        ("热力/(10^6 kJ)", "heat", "10^6 kJ"),
        ("天然气-万立方米", "natural_gas", "万立方米"),
    ],
)
def test_a_quantity_stands_over_its_unit(printed, product, unit):
    """GB 3101 prints quantity/unit in the heads of tables; 汽油/吨 was taken for a rate and left out."""
    label = read_label(printed, Mapping())
    assert (label.product or label.joined.product, label.units) == (product, (unit,))


@pytest.mark.parametrize(
    "printed", ["吨标准煤/万元", "电/热", "Coal/Peat", "吨煤/万元", "产值/万元"]
)
def test_a_slash_between_other_things_parts_no_unit(printed):
    """A rate, two products, money."""
    assert not read_label(printed, Mapping()).units
