"""Labels that name a product and no use, or a use and no product: what is asked of them, and what they may be."""

from __future__ import annotations

import pytest

from carbonacct.balances.account.guess import find_frame
from carbonacct.balances.account.half_named import (
    HalfNamed,
    _without_brackets,
    list_without,
    read_half,
)
from carbonacct.balances.proposals.half_candidates import (
    lacks_half,
    rank_behind_rest,
    rank_halves,
    rank_sums,
)
from carbonacct.balances.words.mapping import LEFT_OUT, SUM, Mapping
from carbonacct.sheets.raw_sheets import Unknown
from tests.balances.test_leftovers import page

WORDS = Mapping()
USE, PLACE = "重庆能源消费 2019", "重庆市 2019"


@pytest.mark.parametrize(
    ("text", "flow", "product"),
    [
        ("天然气", "", "natural_gas"),
        ("Natural gas", "", "natural_gas"),
        ("电", "", "electricity"),
        ("工业", "industry", ""),
        ("Residential", "households", ""),
        ("家庭用量", "households", ""),
        ("居民用气", "households", ""),  # which gas is not said
        ("供气总量(万立方米)", "network_supply", ""),
        ("消费量", "total_consumption", ""),
        # Both, and neither.
        ("工业用电量", "", ""),
        ("用电量", "", ""),
        ("煤炭消费量", "", ""),
        ("发电用煤", "", ""),
        ("佚名", "", ""),
        ("合计", "", ""),
    ],
)
def test_what_a_label_names_alone(text, flow, product):
    """A use or a product; the example names both, with a usual one for what lacks."""
    half = read_half(text, WORDS)
    assert half == HalfNamed(flow, product)
    assert half.example == f"{flow or 'total_consumption'} + {product or 'natural_gas'}"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("家庭用量(万立方米)(全市)", "家庭用量"),
        ("工业(万吨)", "工业"),
        ("天然气(一)", "天然气"),
        ("(全市)", "(全市)"),  # nothing is left of it
    ],
)
def test_brackets_that_say_nothing_are_no_part_of_a_name(text, bare):
    """A line of a mapping file names the header without its unit and its coverage."""
    assert _without_brackets(text, WORDS) == bare


def stop_of(text):
    """Return a page, what it asks (kind, text, cells) and the messages."""
    found = page(text)
    asked = [one for stop in found.stops for one in stop.unknown]
    return found, asked, [str(stop.error) for stop in found.stops]


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        # A product among uses below headers of products: its numbers would be of two.
        (
            f"{USE} / 项目|原煤(万吨)|焦炭(万吨) / 工业|3|4 / 天然气|1|2",
            [("flow", "天然气", ((3, 0),))],
            (
                "A4: row '天然气' names a product, beside labels that name uses, and the other labels of its numbers "
                "name products too; name whose use it is, or pass it over in a mapping file"
            ),
        ),
        # A product among uses, where nothing else names one: it lacks the use.
        (
            f"{PLACE} / 项目|数量(万千瓦时) / 工业用电量|3 / 居民|4 / 电力|5",
            [("flow", "电力", ((4, 0),))],
            (
                "A5: row '电力' names a product and no use, beside labels that name uses; say whose use it is in the "
                "label, or give it both ids in a mapping file (flow,电力,total_consumption + electricity)"
            ),
        ),
        # More products than uses: each label is asked for what it lacks.
        (
            f"{PLACE} / 项目|2018(万吨)|2019(万吨) / 原煤|3|3 / 焦炭|5|5 / 工业|4|4",
            [
                ("flow", "原煤", ((2, 0),)),
                ("flow", "焦炭", ((3, 0),)),
                ("product", "工业", ((4, 0),)),
            ],
            (
                "B3: no row, header ('2018') or title says which flow this is; give its label an id in a mapping file "
                "(--mapping), or both if it names a product as well (farming + diesel)"
            ),
        ),
        # A use among uses of products, in a unit that several can have.
        (
            f"{PLACE} / 项目|数量(万吨) / 工业用煤|3 / 居民用焦炭|5 / 商业|4",
            [("product", "商业", ((4, 0),))],
            (
                "B5: no row, header or title says which product these 1e4 t are of; name it in the header or the "
                "title, or give its label both ids in a mapping file (farming + diesel)"
            ),
        ),
    ],
)
def test_what_lacks_is_asked_with_what_to_write(text, asked, said):
    """Row by row, in the order of the table."""
    _, found, messages = stop_of(text)
    assert [(one.kind, one.text, one.cells) for one in found] == asked
    assert messages[0].partition("!")[2] == said


def test_numbers_without_a_use_are_asked_by_their_headers_of_amounts_or_by_their_products():
    """数量 is one line for all of them; without it each label of a product is asked."""
    for text, wanted in (
        (f"{PLACE} / 项目|数量(万吨) / 原煤|3 / 焦炭|4", [("数量", ((1, 1),))]),
        (
            f"{PLACE} / 项目|甲|乙 / 原煤(万吨)|3|3 / 焦炭(万吨)|4|4",
            [("原煤", ((2, 0),)), ("焦炭", ((3, 0),))],
        ),
        (
            f"{PLACE} / 项目|原煤(万吨)|焦炭(吨) / 甲|3|3 / 乙|4|4",
            [("原煤", ((1, 1),)), ("焦炭", ((1, 2),))],
        ),
    ):
        found = list_without("flow", find_frame(page(text), WORDS), WORDS)
        assert [(one.kind, one.text, one.cells) for one in found] == [
            ("flow", *each) for each in wanted
        ]
    found = list_without(
        "product", find_frame(page(f"{PLACE} / 项目|甲(万吨) / 工业|3 / 交通|4"), WORDS), WORDS
    )
    assert [(one.kind, one.text) for one in found] == [("product", "工业"), ("product", "交通")]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # Below headers of products: no number of it counts, or it is of a use that the rows do not have.
        (
            f"{USE} / 项目|原煤(万吨)|焦炭(万吨) / 工业|3|4 / 天然气|1|2",
            [LEFT_OUT, "households", "other_services", "transport"],
        ),
        (
            f"{USE} / 项目|原煤(万吨)|焦炭(万吨) / 居民生活|3|4 / 天然气|1|2",
            [LEFT_OUT, "industry", "other_services", "transport"],
        ),
        # The usual uses, that of its network, then those of the rows above.
        (
            f"{PLACE} / 项目|数量(万立方米) / 建筑业用煤气|3 / 天然气|4",
            [
                "total_consumption + natural_gas",
                "final_consumption + natural_gas",
                "network_supply + natural_gas",
                "construction + natural_gas",
                "industry + natural_gas",
            ],
        ),
        # Coal comes by no network.
        (
            f"{PLACE} / 项目|数量(万吨) / 建筑业用煤|3 / 焦炭|4",
            [
                "total_consumption + coke",
                "final_consumption + coke",
                "construction + coke",
                "industry + coke",
            ],
        ),
        # A product that its unit can measure, those that the table names last.
        (f"{USE} / 项目|原煤(万吨)|数量(万吨) / 工业|3|4", ["coal_total", "oil_total", "coke"]),
        (
            f"{USE} / 项目|天然气(万立方米)|数量(万立方米) / 工业|3|4",
            ["other_gas", "lpg", "gasoline"],
        ),
    ],
)
def test_what_a_half_named_label_may_be(text, first):
    """Best first, each with what the label itself names."""
    found, (*_, asked), _ = stop_of(text)
    assert lacks_half(found, asked)
    ranked = rank_halves(found, asked)
    assert list(ranked)[: len(first)] == first
    shares = list(ranked.values())
    assert shares == sorted(shares, reverse=True)
    assert rank_behind_rest(found, asked) == {}  # all of it is known


@pytest.mark.parametrize(
    ("kind", "text", "first"),
    [
        ("flow", "公建用电", "+ electricity"),
        ("flow", "公共建筑用电", "services"),
        ("product", "公建用电", "+ electricity"),
        ("flow", "佚", None),
        ("unit", "公建用电", None),
    ],
)
def test_a_label_that_ends_in_words_of_use(kind, text, first):
    """Whose use it is comes before them, and the product from them."""
    found = page(f"{PLACE} / 项目|数量(万千瓦时) / 工业用电|3 / {text}|4")
    ranked = rank_behind_rest(found, Unknown(kind, text, ((3, 0),)))
    assert (first in next(iter(ranked))) if first else ranked == {}


def test_objects_add_up_by_the_branch_of_their_row_where_rows_name_one():
    """A column of branches beside them; without one they are all of one use."""
    asked = Unknown("column", "怪名", ((1, 0),))
    with_branch = rank_sums(page(f"{PLACE} / 怪名|行业|电力 / 甲厂|工业|3 / 乙厂|建筑业|4"), asked)
    assert list(with_branch)[:2] == [SUM, "other_services"]
    assert SUM not in rank_sums(page(f"{PLACE} / 怪名|行业|电力 / 甲厂|红|3 / 乙厂|蓝|4"), asked)
