"""Labels that join several words, and paths of vendors: what they say together, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import vocabulary
from carbonacct.balances.words.compounds import (
    Compound,
    direct,
    find_direction,
    finer_product,
    read_compound,
    read_joined,
    read_path,
)

FIELDS = ("flow", "weak", "product", "direction", "area")


def say(compound):
    """Return what a compound says, a word a dim; None where it says nothing."""
    if compound is None:
        return None
    return " ".join(
        f"{field}={getattr(compound, field)}" for field in FIELDS if getattr(compound, field)
    )


COAL_USED = "weak=total_consumption product=coal_total"


@pytest.mark.parametrize(
    ("label", "says"),
    [
        # A product and what becomes of it, in any order; brackets say nothing.
        ("煤炭消费量", COAL_USED),
        ("消费煤炭", COAL_USED),
        ("煤炭消费总量", COAL_USED),
        ("【煤炭】消费量", COAL_USED),
        ("工业用电", "flow=industry product=electricity"),
        ("工业用煤", "flow=industry product=coal_total"),
        ("工业原煤消费量", "flow=industry product=raw_coal"),
        ("电力损失量", "flow=losses product=electricity"),
        # The finer of two words of one dim; two of which neither is a part of the other say nothing.
        ("纺织业工业用电", "flow=industry.textile product=electricity"),
        ("原煤煤炭消费量", "weak=total_consumption product=raw_coal"),
        ("全社会用电量", "flow=total_consumption product=electricity"),
        ("工业全社会用电量", "flow=industry product=electricity"),
        ("工业居民用电", None),
        ("原煤柴油消费量", None),
        # What plants send out is used by those whose name stands before it.
        ("工业供热", "flow=industry product=heat"),
        ("居民供暖", "flow=households product=heat"),
        ("供热工业", None),
        ("供热", None),
        # Words of supply stand at the end alone; what is used is not what is supplied.
        ("煤炭进口量", "flow=imports product=coal_total"),
        ("进口煤炭", None),
        ("煤炭进口消费量", None),
        # What a network delivers is used there; of what is sold otherwise nobody knows.
        ("天然气销售量", "flow=network_sale product=natural_gas"),
        ("电力供应量", "flow=network_supply product=electricity"),
        ("汽油销售量", None),
        ("煤炭销售量", None),
        # What a plant consumes goes into it; in and out at once is the plant.
        ("火力发电用煤", "flow=thermal_power.input product=coal_total direction=input"),
        ("火力发电消费量", "flow=thermal_power.input direction=input"),
        ("火力发电原煤消费量", "flow=thermal_power.input product=raw_coal direction=input"),
        ("火力发电产出量", "flow=thermal_power.output direction=output"),
        ("炼焦投入原煤", "flow=coking.input product=raw_coal direction=input"),
        ("加工转换投入", "flow=transformation.input direction=input"),
        ("加工转换投入(-)产出(+)", "flow=transformation"),
        ("中间消费煤炭", "flow=intermediate_consumption product=coal_total direction=input"),
        ("火力发电中间消费", "flow=thermal_power.input direction=input"),
        ("工业中间消费", None),
        # One word is no compound, nor are two that only stand side by side; nothing may be left over.
        ("原煤", None),
        ("消费量", None),
        ("用煤", None),
        ("工业柴油", None),
        ("x煤炭消费量", None),
        # In Latin letters a user and what it burns: the word before waste may say where it comes from.
        ("Residential electricity", "flow=households product=electricity"),
        ("Transport diesel", "flow=transport product=diesel"),
        ("Industrial consumption of coal", "flow=industry product=coal_total"),
        ("Industrial waste", None),
        ("Industrial waste heat", None),
        ("Industrial residential electricity", None),
        ("Industrial coal electricity", None),
        ("Thermal power coal", None),
    ],
)
def test_a_label_is_covered_by_words_from_end_to_end(label, says):
    """Each word says one thing, and all of them one together."""
    assert say(read_compound(label)) == says


def test_very_short_and_very_long_labels_are_no_compounds():
    """Two letters hold no two words; what is longer than sixty is a sentence."""
    assert read_compound("用煤") is None
    long = "煤炭消费量"
    assert say(read_compound(long + " " * 80)) == COAL_USED  # blanks are none
    texts = ["工业" * n + long for n in (27, 28)]
    assert [len(text) for text in texts] == [59, 61]
    assert [say(read_compound(text)) for text in texts] == [
        "flow=industry product=coal_total",
        None,
    ]


def test_own_words_of_a_table_stand_in_compounds():
    """A mapping file's word for a flow or a product is one as well, of any block, and as short as it likes."""
    assert (
        say(read_compound("甲煤消费量", {}, {"甲煤": "anthracite"}))
        == "weak=total_consumption product=anthracite"
    )
    assert (
        say(read_compound("甲厂用电", {"甲厂": "industry.textile"}))
        == "flow=industry.textile product=electricity"
    )
    assert read_compound("甲煤消费量") is None
    assert (
        say(read_compound("甲处煤炭消费量", {"甲处": "imports"})) is None
    )  # supply is no use, by whatever word


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("北京:煤平衡表:终端消费量:工业", "flow=industry product=coal_total area=北京"),
        ("终端消费量:工业:纺织业", "flow=industry.textile"),
        ("综合能源平衡表:工业", "flow=industry"),
        ("电力平衡表:发电量", "flow=generation product=electricity"),
        ("Energy balance: Industry: Coal", "flow=industry product=coal_total"),
        ("煤炭:原煤:工业", "flow=industry product=raw_coal"),
        ("火力发电:消费量:煤炭", "flow=thermal_power.input product=coal_total direction=input"),
        ("炼焦:投入量:原煤", "flow=coking.input product=raw_coal direction=input"),
        ("炼焦:产出量:焦炭", "flow=coking.output product=coke direction=output"),
        ("工业用电:北京", "flow=industry product=electricity area=北京"),
        # Any mark between steps.
        ("北京>工业", "flow=industry area=北京"),
        ("工业→纺织业", "flow=industry.textile"),
        ("工业 - 纺织业", "flow=industry.textile"),
        # An unknown step, two that exclude each other, two areas, or one step alone.
        ("北京:煤平衡表:其他用途", None),
        ("工业:交通", None),
        ("煤炭:柴油", None),
        ("北京:上海:工业", None),
        ("北京:", None),
        ("北京", None),
        ("Industry / Textile", None),
    ],
)
def test_a_path_from_the_outer_to_the_inner(path, says):
    """Every step is known, and the inner flow or product lies inside the outer one."""
    assert say(read_path(path)) == says


def test_a_path_has_two_hundred_letters_at_most():
    """A longer text is no path, whatever it is made of."""
    for length, says in ((200, "flow=industry area=北京"), (201, None)):
        assert say(read_path("北京:工业" + " " * (length - len("北京:工业")))) == says


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("煤平衡表", "product=coal_total"),
        ("电力平衡", "product=electricity"),
        ("煤炭消费量", COAL_USED),
        ("北京:工业", "flow=industry area=北京"),
        ("综合能源平衡表", None),
        ("工业平衡表", None),
        ("原煤", None),
    ],
)
def test_the_table_of_a_product_names_it(label, says):
    """煤平衡表 is about coal; one of all energy, or of a sector, about no product."""
    assert say(read_joined(label, {}, {})) == says


def test_a_direction_alone():
    """投入量 over products: what plants take in; a word that names a plant as well is none."""
    assert [find_direction(word) for word in ("投入量", "产出量", "消费量", "原煤", "")] == [
        "input",
        "output",
        "",
        "",
        "",
    ]
    assert direct("coking", "output") == "coking.output"
    assert direct("industry", "output") == "industry"


PRODUCTS = sorted(vocabulary.products())


@settings(max_examples=200)
@given(
    one=st.sampled_from(PRODUCTS), other=st.sampled_from(PRODUCTS), third=st.sampled_from(PRODUCTS)
)
def test_the_finer_of_two_products(one, other, third):
    """It is one of the two, a part of both, in either order; where none is, nothing that follows helps."""
    found = finer_product(one, other)
    assert finer_product(other, one) == found
    assert finer_product(one, one) == finer_product("", one) == one
    if found == "?":
        assert not vocabulary.is_product_within(one, other)
        assert not vocabulary.is_product_within(other, one)
        assert finer_product(found, third) == "?"
    else:
        assert found in {one, other}
        assert vocabulary.is_product_within(found, one)
        assert vocabulary.is_product_within(found, other)


def test_a_path_says_no_more_than_its_steps():
    """A silent step (平衡表) adds nothing."""
    assert read_path("平衡表:工业") == read_path("综合能源平衡表:工业") == Compound(flow="industry")
