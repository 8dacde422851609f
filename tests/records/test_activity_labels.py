"""Printed labels by themselves: words, units in brackets, years and areas; what a word counts; what heads a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.records.activity_labels import (
    name_area,
    noted_units,
    read_label,
    split_unit,
    units_of,
)
from carbonacct.records.counted_topics import (
    amount_topics,
    find_subjects,
    names_of_topic,
    read_words,
    spellings,
    why_no_activity,
)
from carbonacct.records.quantity_headings import QuantityWords, panel_words, split_heading


@pytest.mark.parametrize(
    ("text", "words", "units", "year", "area"),
    [
        ("水泥产量(万吨)", "水泥产量", ("万吨",), 0, ""),
        ("水泥产量（ 万吨 ）", "水泥产量", ("万吨",), 0, ""),
        ("猪(头)(万元)", "猪 (万元)", ("头",), 0, ""),  # money is no unit of an activity
        ("小麦(冬)", "小麦(冬)", (), 0, ""),
        ("粮食作物(千公顷) 2019", "粮食作物", ("千公顷",), 2019, ""),
        ("2019年产量", "产量", (), 2019, ""),
        ("2018-2019年产量", "2018-2019年产量", (), 0, ""),  # two years are none
        ("2019年", "", (), 2019, ""),
        ("2019-20", "", (), 2019, ""),
        ("万吨", "", ("万吨",), 0, ""),
        ("厦门", "厦门", (), 0, "厦门"),
        ("厦门 Xiamen", "厦门 Xiamen", (), 0, "厦门"),
        ("Beijing", "Beijing", (), 0, "Beijing"),
        ("Cement (10 000 tons)", "Cement", ("10 000 tons",), 0, ""),
    ],
)
def test_what_a_label_says(text, words, units, year, area):
    """Its words without units and year; a name is an area where the vocabulary has it."""
    assert read_label(text) == (words, units, year, area)


@pytest.mark.parametrize(
    ("text", "units", "noted"),
    [
        ("单位：万吨", ("万吨",), ("万吨",)),
        ("(单位:万吨)", ("万吨",), ("万吨",)),
        ("计量单位：吨、万元", ("吨",), ("吨", "万元")),
        ("计算单位：头，只", ("头", "只"), ("头", "只")),
        ("单位：万吨 千公顷", ("万吨", "千公顷"), ("万吨", "千公顷")),
        ("Unit: 10 000 tons", ("10 000 tons",), ("10 000 tons",)),
        ("units: kt (fresh)", ("kt",), ("kt",)),
        ("产量(吨)(万吨)", ("吨", "万吨"), ()),
        ("产量（冬）", (), ()),
        ("单位", (), ()),
        ("", (), ()),
    ],
)
def test_units_that_a_line_prints(text, units, noted):
    """Behind 单位, whether known or money; else in brackets, unless those are not asked."""
    assert noted_units(text) == noted
    assert units_of(text) == units
    assert units_of(text, noted=True) == (units if noted else ())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("万吨", ("万吨",)),
        ("万吨 10 000 tons", ("万吨", "10 000 tons")),
        ("千公顷(1000 ha)", ("千公顷(1000 ha)",)),
        ("吨/公顷", ("吨/公顷",)),
        ("万吨 furlong", ()),
        ("水泥", ()),
        ("", ()),
    ],
)
def test_a_unit_in_two_languages(text, parts):
    """Both halves are units, or it is none."""
    assert split_unit(text) == parts


@pytest.mark.parametrize(
    ("words", "area"),
    [
        ("厦门市", "厦门市"),
        ("厦门市 Xiamen", "厦门市"),
        ("Xiamen", "Xiamen"),
        ("水泥", ""),
        ("", ""),
    ],
)
def test_an_area_is_named_in_one_language(words, area):
    """The Chinese name where both are printed."""
    assert name_area(words) == area


@pytest.mark.parametrize(
    ("label", "item", "topics"),
    [
        ("水泥产量", "水泥", ["产量"]),
        ("年末存栏数", "", ["年末存栏"]),
        ("猪年末存栏", "猪", ["年末存栏"]),
        ("粮食播种面积", "粮食", ["播种面积"]),
        ("硝酸(折100%)产量", "硝酸", ["产量"]),
        ("其中：水泥", "水泥", []),
        ("肉猪出栏头数", "肉猪", ["出栏"]),
        ("学生数", "学生数", []),  # without a topic the word counts nothing away
        ("全市", "", [""]),
        ("上年", "", [""]),
    ],
)
def test_what_a_label_counts(label, item, topics):
    """The item that is left when the words of what is counted are taken out, the longest first."""
    words = read_words(label)
    assert (words.item, [topic.id for topic in words.topics]) == (item, topics)


def test_what_is_no_activity_says_why():
    """Slaughter is not the herd; a rate or an amount needs no word."""
    assert why_no_activity("肉猪出栏头数").startswith("animals that are slaughtered")
    assert why_no_activity("猪年末存栏") == why_no_activity("比上年增长") == ""
    assert "产量" in amount_topics()
    assert "增长" not in amount_topics()
    assert "产量" in names_of_topic("产量")
    assert names_of_topic("出栏") == ()
    assert len(set(amount_topics())) == len(amount_topics())
    assert find_subjects("水泥产量") == ()


def test_an_item_is_looked_up_in_several_ways():
    """Whole, without its brackets, what stands in them, and each language alone; each once."""
    found = spellings("水泥(熟料) cement")
    assert found[:2] == ("水泥(熟料) cement", "水泥 cement")
    assert {"熟料", "cement", "水泥"} <= set(found)
    assert len(set(found)) == len(found)
    assert spellings("水泥") == ("水泥",)


WORDS = {"人口": "population", "gdp": "gdp", "产值(现价)": "output"}


@pytest.mark.parametrize(
    ("heading", "name", "unit"),
    [
        ("gdp", "gdp", ""),
        ("GDP(亿元)", "gdp", "亿元"),
        (" 人口 （ 万人 ） ", "population", "万人"),
        ("产值（现价）", "output", ""),  # the brackets belong to the name
        ("面积(公顷)", "", ""),
        ("(万人)", "", ""),
    ],
)
def test_what_heads_a_column(heading, name, unit):
    """A known quantity and the unit behind it; of what is not known no unit is said."""
    assert QuantityWords(WORDS).find(heading) == (name, unit)


def test_other_columns_may_be_kept_under_their_names():
    """A panel of drivers holds what nobody declared."""
    assert QuantityWords(WORDS, keeps_others=True).find("面积(公顷)") == ("面积", "公顷")
    assert QuantityWords(WORDS, keeps_others=True).find("人口(人)") == ("population", "人")


@given(st.text("ab人口 ", min_size=1, max_size=5), st.sampled_from(["亿元", "t CO2", "10 000 t"]))
def test_a_heading_is_its_name_and_its_unit(name, unit):
    """Whatever the brackets; without any there is no unit."""
    if name.strip():
        assert (
            split_heading(f"{name}({unit})")
            == split_heading(f" {name} （{unit} ）")
            == (name.strip(), unit)
        )
        assert split_heading(name) == (name.strip(), "")


def test_words_of_panels_are_ids_and_names():
    """Area and year in both languages."""
    known = panel_words()
    assert (known["area"], known["地区"], known["年份"], known["year"]) == (
        "area",
        "area",
        "year",
        "year",
    )
