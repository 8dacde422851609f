"""What 合计 is by the columns beside it, and what a label is by the rows beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carbonacct.balances.label.headers import Header, read_header
from carbonacct.balances.label.siblings import find_whole, read_by_siblings
from carbonacct.balances.path.totals import _name_total_of_totals, name_wholes
from carbonacct.balances.words.mapping import Mapping

WORDS = Mapping()
NOTHING = (None, None, "", False)
OPEN = (None, None, "", True)  # total energy, if its unit says so
HOMES = (None, None, "households", False)


def read(texts):
    """Return the headers of columns, as a table prints them."""
    return [read_header(text, WORDS) for text in texts]


def whole(*texts):
    """Return what the one 合计 among some headers says: product, flow, weak flow, whether it stays open."""
    headers = read(texts)
    (place,) = (k for k, header in enumerate(headers) if header.is_whole)
    found = name_wholes(headers)
    assert (
        found[:place] + found[place + 1 :] == headers[:place] + headers[place + 1 :]
    )  # the others stay
    one = found[place]
    return one.product, one.flow, one.weak, one.is_whole


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        # The dim in which its siblings differ; before or behind them all, not between.
        ("合计|城镇居民|农村居民", HOMES),
        ("城镇居民|农村居民|合计", HOMES),
        ("城镇居民|合计|农村居民", NOTHING),
        ("小计|汽油|柴油", ("oil_products", None, "", False)),
        ("项目|合计|原煤|焦炭", ("coal_and_coke_total", None, "", False)),
        ("合计|原煤消费量|焦炭消费量", ("coal_and_coke_total", None, "total_consumption", False)),
        # Products of which no one holds all, and one alone: total energy, if the unit is one of energy.
        ("项目|合计|原煤|柴油", OPEN),
        ("合计|原煤", OPEN),
        ("合计|未知|原煤", OPEN),
        # Flows of which none holds all, or one holds the other; supply and plants have signs.
        ("合计|工业|纺织业", NOTHING),
        ("合计|生产量|进口量", NOTHING),
        ("合计|发电投入|供热投入", NOTHING),
        ("合计|工业|原煤", NOTHING),
        # Years, other years and coverages are no parts.
        ("合计|2018|2019", NOTHING),
        ("合计|2018 原煤|2018 焦炭", NOTHING),
        ("合计|市辖区原煤|原煤", NOTHING),
        ("合计|实物量|标准量", NOTHING),
        # The corner over the labels of rows is no column of amounts: a year, or a flow over its branches.
        ("2021 (ktoe)|合计|原煤|焦炭", ("coal_and_coke_total", None, "", False)),
        ("Industry|合计|原煤|焦炭", ("coal_and_coke_total", None, "", False)),
        ("Industry|合计|城镇居民|农村居民", NOTHING),
        ("2018|合计|城镇居民|农村居民", NOTHING),
        ("原煤|合计|柴油", NOTHING),
        ("工业|合计", NOTHING),
    ],
)
def test_a_total_is_the_whole_of_its_siblings(headers, says):
    """合计 | 城镇 | 农村 is households; what is not known stays unknown, and total energy is asked for a unit."""
    assert whole(*headers.split("|")) == says


def test_a_total_alone_is_what_the_title_says():
    """Without any column of amounts beside it, it holds those of the title."""
    for headers in (["合计"], ["项目", "合计"], ["地区", "合计(吨标准煤)"]):
        found = name_wholes(read(headers))[-1]
        assert (found.word, found.is_whole) == ("physical", False)


def test_several_subtotals_are_of_what_nobody_said():
    """小计 | 原煤 | 焦炭 | 小计 | 汽油: neither holds all columns; one that says what of is no open one."""
    found = name_wholes(read(["小计", "原煤", "焦炭", "小计", "汽油", "柴油"]))
    assert [found[k].product or found[k].is_whole for k in (0, 3)] == [False, False]
    (first, *_) = name_wholes(read(["合计", "城镇居民", "农村居民"]))
    assert first.weak == "households"


COAL, OIL = ("raw_coal", "coke"), ("gasoline", "diesel")


@pytest.mark.parametrize(
    ("sum_of", "others", "says"),
    [
        # A heading above: 煤品 over 小计 | 原煤 | 焦炭, where coke is no part of coal.
        (
            Header("煤品小计", "coal_total", is_whole=True),
            [("煤品原煤", "raw_coal"), ("煤品焦炭", "coke")],
            "coal_and_coke_total",
        ),
        (
            Header("煤品小计", "coal_total", is_whole=True),
            [("煤品原煤", "raw_coal"), ("煤品洗精煤", "cleaned_coal")],
            "coal_total",
        ),
        (
            Header("煤品小计", "coal_total", is_whole=True),
            [("原煤", "raw_coal"), ("焦炭", "coke")],
            "coal_total",
        ),
        (
            Header("煤品小计", "coal_total", is_whole=True),
            [("煤品原煤", "raw_coal"), ("煤品未知", None)],
            "coal_total",
        ),
        (
            Header("小计", "coal_total", is_whole=True),
            [("原煤", "raw_coal"), ("焦炭", "coke")],
            "coal_total",
        ),
        (
            Header("煤品总合计", "coal_total", is_whole=True),
            [("煤品原煤", "raw_coal"), ("煤品焦炭", "coke")],
            "coal_and_coke_total",
        ),
        (
            Header("煤品小计", "coal_total", is_whole=True),
            [("煤品无烟煤", "anthracite"), ("煤品烟煤", "bituminous_coal")],
            "coal_total",
        ),
    ],
)
def test_a_heading_that_holds_more_than_its_own_word(sum_of, others, says):
    """The sum below 煤品 is of all columns below it; of columns elsewhere, or that nobody knows, it takes nothing."""
    assert (
        name_wholes([sum_of, *(Header(text, product) for text, product in others)])[0].product
        == says
    )


@pytest.mark.parametrize(
    ("sum_of", "others", "says"),
    [
        # The product of the sum is that of its parts, or its own.
        (
            Header("合计", is_whole=True),
            [("raw_coal", "households_urban"), ("raw_coal", "households_rural")],
            ("raw_coal", "households"),
        ),
        (
            Header("合计", "coke", is_whole=True),
            [("coke", "households_urban"), ("coke", "households_rural")],
            ("coke", "households"),
        ),
        (
            Header("合计", "coke", is_whole=True),
            [("raw_coal", "households_urban"), ("raw_coal", "households_rural")],
            ("coke", ""),
        ),
        # Two dims that differ leave both open; the one of the parts that is known of all stays.
        (
            Header("合计", is_whole=True),
            [("raw_coal", "households_urban"), ("coke", "households_rural")],
            (None, ""),
        ),
        (
            Header("合计", is_whole=True),
            [("raw_coal", "industry"), ("coke", "industry")],
            ("coal_and_coke_total", ""),
        ),
        (Header("合计", is_whole=True), [("raw_coal", "industry"), (None, "industry")], (None, "")),
        (Header("合计", is_whole=True), [("raw_coal", "industry"), ("raw_coal", None)], (None, "")),
        # A sum that names a flow already is of nothing else.
        (
            Header("合计", flow="industry", is_whole=True),
            [("raw_coal", None), ("coke", None)],
            (None, ""),
        ),
        (
            Header("合计", weak="industry", is_whole=True),
            [("raw_coal", None), ("coke", None)],
            (None, "industry"),
        ),
    ],
)
def test_a_total_over_products_and_flows(sum_of, others, says):
    """One dim differs, and the other is shared."""
    found = name_wholes([sum_of, *(Header("x", product, flow) for product, flow in others)])[0]
    assert (found.product, found.weak) == says
    assert not found.is_whole


def test_columns_of_plants_have_no_total():
    """What goes in and what comes out is no sum, not even where one column says nothing of it."""
    others = [Header("a", "raw_coal", direction="input"), Header("b", "coke")]
    assert name_wholes([Header("合计", is_whole=True), *others])[0] == Header("合计")


def test_each_subtotal_that_says_what_of_has_its_own_parts():
    """小计 below 原煤 and 小计 below 焦炭 are of these; a flow over columns of products is no corner."""
    homes = ("households_urban", "households_rural")
    groups = [
        [Header("小计", product, is_whole=True), *(Header(flow, product, flow) for flow in homes)]
        for product in ("raw_coal", "coke")
    ]
    found = name_wholes([*groups[0], *groups[1]])
    assert [(found[k].product, found[k].weak) for k in (0, 3)] == [
        ("raw_coal", "households"),
        ("coke", "households"),
    ]
    over = [Header("工业", flow="industry"), Header("合计", is_whole=True), *groups[0][1:]]
    assert name_wholes(over)[1] == Header("合计")


def test_a_total_of_one_flow_keeps_it():
    """Of products of one flow the sum is of that flow."""
    first = name_wholes(
        [
            Header("合计", is_whole=True),
            Header("a", "raw_coal", "industry"),
            Header("b", "coke", "industry"),
        ]
    )[0]
    assert (first.product, first.flow) == ("coal_and_coke_total", "industry")
    weak = [Header("a", "raw_coal", weak="industry"), Header("b", "coke", weak="transport")]
    assert name_wholes([Header("合计", is_whole=True), *weak])[0].weak == ""


@pytest.mark.parametrize(
    ("year", "coverage", "says"), [(2018, "", "households"), (2019, "", ""), (2018, "urban", "")]
)
def test_a_total_of_a_year_is_of_the_columns_of_that_year(year, coverage, says):
    """Beside columns of other years or areas its own are its parts; with none of its own it has none."""
    own = [
        Header(flow, flow=flow, year=year, coverage=coverage)
        for flow in ("households_urban", "households_rural")
    ]
    later = [Header(flow, flow=flow, year=2020) for flow in ("households_urban", "industry")]
    found = name_wholes([Header("合计", year=2018, is_whole=True), *own, *later])[0]
    assert (found.weak, found.is_whole) == (says, False)


@pytest.mark.parametrize(
    ("kind", "parts", "says"),
    [
        ("flow", ["households_urban", "households_rural"], "households"),
        ("flow", ["households_urban"], ""),
        ("flow", ["households_urban", ""], ""),
        ("flow", [], ""),
        ("flow", ["industry.textile", "industry.chemicals", "industry.mining"], "industry"),
        ("flow", ["industry.textile", "households_urban"], "final_consumption"),
        (
            "flow",
            ["industry.textile", "industry.chemicals", "households_urban"],
            "final_consumption",
        ),
        ("flow", ["households_urban", "households_rural", "industry.textile"], "final_consumption"),
        ("flow", ["thermal_power", "heating"], ""),
        ("flow", ["production", "imports"], ""),
        ("flow", ["industry", "production"], ""),
        # A part of one of them is no sibling of it.
        ("flow", ["industry", "industry.textile"], ""),
        ("flow", ["industry", "industry.textile", "transport"], "final_consumption"),
        ("product", ["raw_coal", "coal_total"], ""),
        ("product", ["gasoline", "diesel"], "oil_products"),
        ("product", ["gasoline", "crude_oil"], "oil_total"),
        ("product", ["diesel", "electricity"], ""),
    ],
)
def test_the_innermost_that_holds_all(kind, parts, says):
    """Of flows only uses add up so; one alone, or with its own part, is no sum. The order says nothing."""
    assert find_whole(kind, parts) == find_whole(kind, parts[::-1]) == says


OTHERS = ("其他行业", "other_services")
INDUSTRY, TEXTILE, CHEMICALS = (
    ("工业", "industry"),
    ("纺织业", "industry.textile"),
    ("化学工业", "industry.chemicals"),
)
TRANSPORT, HOMES_ROW = ("交通运输", "transport"), ("居民", "households")
FARMING, CROPS = ("一、农、林、牧、渔业", "farming"), ("1、农业", "farming")
LOSS, FINAL = ("损失", "losses"), ("终端消费", "final_consumption")
NON_ENERGY = ("Non-energy use", "feedstock")


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        # All others are parts of industry, or hold it; alone it is what it says.
        ([INDUSTRY, TEXTILE, OTHERS], {OTHERS: "industry.other_branches"}),
        ([FINAL, INDUSTRY, TEXTILE, OTHERS], {OTHERS: "industry.other_branches"}),
        ([OTHERS], {}),
        ([FINAL, OTHERS], {}),
        ([INDUSTRY, OTHERS, TRANSPORT], {}),
        # Below the flow at another level, with nothing but its parts between.
        (
            [
                ("一、工业", "industry"),
                ("1.纺织业", "industry.textile"),
                ("2.其他行业", "other_services"),
                ("二、交通", "transport"),
            ],
            {("2.其他行业", "other_services"): "industry.other_branches"},
        ),
        (
            [
                ("一、工业", "industry"),
                ("1.居民", "households"),
                ("2.其他行业", "other_services"),
                ("二、交通", "transport"),
            ],
            {},
        ),
        (
            [
                ("一、工业", "industry"),
                ("1.纺织业", "industry.textile"),
                ("二、交通", "transport"),
                ("三、其他行业", "other_services"),
            ],
            {},
        ),
        # Directly behind a part of its own level, and nothing outside at this level.
        (
            [
                ("一、交通", "transport"),
                ("1.纺织业", "industry.textile"),
                ("2.其他行业", "other_services"),
            ],
            {("2.其他行业", "other_services"): "industry.other_branches"},
        ),
        (
            [
                ("1.交通", "transport"),
                ("1.纺织业", "industry.textile"),
                ("2.其他行业", "other_services"),
            ],
            {},
        ),
        (
            [
                ("一、交通", "transport"),
                ("(1)纺织业", "industry.textile"),
                ("2.其他行业", "other_services"),
            ],
            {},
        ),
        (
            [
                ("1.纺织业", "industry.textile"),
                ("一、交通", "transport"),
                ("2.其他行业", "other_services"),
            ],
            {},
        ),
        (
            [
                ("一、工业", "industry"),
                ("(1)纺织业", "industry.textile"),
                ("1.其他行业", "other_services"),
                ("二、交通", "transport"),
            ],
            {("1.其他行业", "other_services"): "industry.other_branches"},
        ),
        (
            [
                ("一、交通", "transport"),
                ("1.纺织业", "industry.textile"),
                ("2.其他行业", "other_services"),
                ("3.居民", "households"),
            ],
            {},
        ),
        (
            [
                ("1.纺织业", "industry.textile"),
                ("2.其他行业", "other_services"),
                ("3.交通", "transport"),
            ],
            {},
        ),
        (
            [("一、工业", "industry"), ("1.其他行业", "other_services"), ("二、交通", "transport")],
            {},
        ),
        (
            [FARMING, CROPS, ("2、林业", "farming.forestry"), ("二、工业", "industry")],
            {CROPS: "farming.crops"},
        ),
    ],
)
def test_other_branches_stand_among_the_parts_of_industry(labels, found):
    """其他行业 is another thing in a table of industry, and below industry in one of all sectors."""
    assert read_by_siblings(labels) == found


def test_a_table_about_generation_has_its_own_words():
    """Below a title of generation 水电 is a part of it, whatever stands beside it."""
    hydro, homes = ("水电", "production.hydro"), ("居民", "households")
    assert read_by_siblings([hydro, homes], "generation") == {hydro: "generation.hydro"}
    assert read_by_siblings([hydro, homes]) == read_by_siblings([hydro, homes], "production") == {}


@pytest.mark.parametrize(
    ("labels", "is_outside"),
    [
        ([INDUSTRY, TRANSPORT, NON_ENERGY], True),
        ([INDUSTRY, TEXTILE, NON_ENERGY, TRANSPORT], False),
        ([INDUSTRY, NON_ENERGY, TRANSPORT], False),
        ([TRANSPORT, INDUSTRY, TEXTILE, NON_ENERGY], True),
        ([NON_ENERGY, INDUSTRY, TRANSPORT], True),
        ([NON_ENERGY, TRANSPORT, TEXTILE], True),
        ([TRANSPORT, NON_ENERGY, HOMES_ROW], True),
        ([TRANSPORT, INDUSTRY, NON_ENERGY, HOMES_ROW], False),
        ([INDUSTRY, TEXTILE, NON_ENERGY], False),
        ([INDUSTRY, TEXTILE, NON_ENERGY, LOSS], False),
        ([INDUSTRY, FINAL, NON_ENERGY], False),
        ([INDUSTRY, TRANSPORT, ("其中:Non-energy use", "feedstock")], False),
    ],
)
def test_non_energy_use_stands_in_industry_or_beside_it(labels, is_outside):
    """Beside the sectors it is a row of its own, unless it is a marked part or directly behind industry."""
    assert (
        labels[-1] in read_by_siblings(labels) or NON_ENERGY in read_by_siblings(labels)
    ) is is_outside


@pytest.mark.parametrize(
    ("labels", "is_over"),
    [
        (["households", "other_services"], True),
        (["households", "other_services", "industry"], True),
        (["households", "industry"], False),
        (["households"], False),
    ],
)
def test_other_sectors_over_their_members(labels, is_over):
    """Over two of them, and behind none, it is all of them."""
    first, others = ("Other sectors", "final_unspecified"), [(flow, flow) for flow in labels]
    found = read_by_siblings([first, *others])
    assert (found.get(first) == "other_final_sectors") is is_over
    assert first not in read_by_siblings([("farming", "farming"), first, *others])


@pytest.mark.parametrize(
    ("others", "weak"),
    [
        (["household", "household"], "household"),
        (["household"], ""),  # one total of a fuel says too little
        (["household", "industry"], ""),  # they are not of one flow
        (["", ""], ""),
        (["household", "household", "household"], "household"),
    ],
)
@pytest.mark.parametrize("beside", [0, 1])
def test_the_total_of_all_fuels_is_of_the_flow_of_the_totals_of_fuels(others, weak, beside):
    """All fuels - Total behind Coal - Total and Oil - Total; beside another column of all fuels it is not told."""
    fuels = ["coal_total", "oil_total", "natural_gas"]
    heads = [Header(one, product=one, is_whole=True) for one in fuels[: len(others)]]
    found = [replace(one, weak=of) for one, of in zip(heads, others, strict=True)]
    whole = Header("all", product="total_energy", is_whole=True)
    more = [Header("all fuels", product="total_energy")] * beside
    named = _name_total_of_totals([*heads, whole, *more], [*found, whole, *more])
    assert [one.weak for one in named] == [*others, "" if beside else weak, *[""] * beside]
    own = replace(whole, weak="transport")
    assert (
        _name_total_of_totals([*heads, whole], [*found, own])[-1].weak == "transport"
    )  # as it was told
