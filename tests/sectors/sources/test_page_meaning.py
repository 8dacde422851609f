"""The meaning of a number of a yearbook's page: activity, other known word, rate, question or unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sectors.sources.activity_list import list_asked
from carbonacct.sectors.sources.activity_names import names_of
from carbonacct.sectors.sources.page_meaning import find_page_meaning
from tests.sectors.sources.made_pages import printed

NAMES = names_of("provincial-2011")
PIGS, GOATS = (("animal", "pigs"),), (("animal", "goats"),)
LIVESTOCK, SOWN, PRODUCTS = "牲畜年末存栏", "主要农作物播种面积", "主要工业产品产量"


def meaning(*args, **options):
    """Return kind, symbol and labels of a number's meaning."""
    found = find_page_meaning(NAMES, printed(*args, **options))
    return found.kind, found.symbol, dict(found.labels)


@pytest.mark.parametrize(
    ("row", "column", "title", "symbol", "labels"),
    [
        # The row is the item and the title says what is counted of it; or the label says both.
        (["猪"], [], [LIVESTOCK], "heads", {"animal": "pigs"}),
        (["猪年末存栏"], [], [], "heads", {"animal": "pigs"}),
        (["猪"], ["年末存栏"], [], "heads", {"animal": "pigs"}),
        (["年末存栏"], ["猪"], [], "heads", {"animal": "pigs"}),
        (["Pigs"], [], ["Year-end number of livestock"], "heads", {"animal": "pigs"}),
        # The nearest label stands before the title.
        (["猪"], ["年末存栏"], ["牲畜出栏"], "heads", {"animal": "pigs"}),
        (["水泥"], [], [PRODUCTS], "cement_output", {}),
        (["水泥熟料"], ["产量"], [], "clinker_output", {}),
        (["早稻"], [], [SOWN], "rice_area", {"rice": "early"}),
        # An inner label may be a word only together with an outer one, before it or behind it.
        (["熟料", "水泥"], ["产量"], [], "clinker_output", {}),
        (
            ["中压法", "硝酸"],
            ["产量"],
            [],
            "nitric_acid_output",
            {"nitric_process": "medium_pressure"},
        ),
        # What stands on the other side may be a label of the activity.
        (["猪"], ["农户饲养"], [LIVESTOCK], "heads", {"animal": "pigs", "mode": "household"}),
        # Of a title alone, where labels say years and places.
        ([], [], ["水泥产量"], "cement_output", {}),
    ],
)
def test_an_activity_by_its_words(row, column, title, symbol, labels):
    """Item and what is counted of it, wherever each is said."""
    assert meaning(row, column, title=title) == ("activity", symbol, labels)


@pytest.mark.parametrize(
    ("row", "column", "title", "kind"),
    [
        (["猪"], ["比上年增长"], [LIVESTOCK], "rate"),
        (["猪出栏"], [], [], "other"),
        (["猪"], ["出栏"], [LIVESTOCK], "other"),
        (["早稻"], ["受灾面积"], [SOWN], "other"),
        (["生铁"], ["产量"], [], "refused"),
        (["粮食"], ["产量"], [], "refused"),
        (["布"], ["产量"], [], "unknown"),
        (["恐龙"], [], [LIVESTOCK], "unknown"),
        ([], [], [], "unknown"),
        ([], [], ["水泥", PRODUCTS], "unknown"),  # a line that counts nothing names no item
        ([], [], ["综合"], "unknown"),
        # Something else stands beside the item: what it is nobody knows.
        (["猪"], ["恐龙"], [LIVESTOCK], "unknown"),
    ],
)
def test_what_is_no_activity(row, column, title, kind):
    """A rate, an amount of something else, a word that is none, or nothing that is known."""
    assert meaning(row, column, title=title)[0] == kind


def test_why_something_is_none():
    """The reason that the vocabulary has."""
    slaughtered = find_page_meaning(NAMES, printed(["猪"], ["出栏"], title=[LIVESTOCK]))
    assert "are not those alive at the end of the year" in slaughtered.why
    iron = find_page_meaning(NAMES, printed(["生铁"], ["产量"]))
    assert (iron.kind, bool(iron.why)) == ("refused", True)


@pytest.mark.parametrize(
    ("units", "kind"),
    [
        ([["万头"], ["%"]], "rate"),  # 猪, 万头 in the row's unit, % in the head of the column
        ([["%"], ["%"]], "activity"),
        ([["%"]], "activity"),
        ([["万头"], ["万头"]], "activity"),
        ([["万头"]], "activity"),
        ([], "activity"),
    ],
)
def test_a_percentage_behind_a_unit_is_a_rate(units, kind):
    """Growth printed beside an amount: its head has the sign, the row the unit of the amount."""
    assert meaning(["猪"], [], title=[LIVESTOCK], units=units)[0] == kind


@pytest.mark.parametrize(
    ("row", "column", "options", "area"),
    [
        (["猪"], ["渝北区"], {}, "渝北区"),
        (["渝北区"], ["猪"], {}, "渝北区"),
        (
            ["猪"],
            ["渝北"],
            {},
            None,
        ),  # no word of a place, and the page does not say that rows are areas
        (["猪"], ["渝北"], {"areas_said": True}, "渝北"),
        (["猪"], ["渝北区", "万州区"], {}, None),  # of two places it cannot be
    ],
)
def test_a_place_beside_the_item(row, column, options, area):
    """A label that is a place says whose number it is; one that is none leaves it unknown."""
    found = find_page_meaning(NAMES, printed(row, column, title=[LIVESTOCK], **options))
    assert (found.kind, found.area) == (("activity", area) if area else ("unknown", ""))


def test_the_year_before_that_of_the_page():
    """上年 above a column: the number is of the year before."""
    now, before = (
        find_page_meaning(NAMES, printed(["猪"], column, title=[LIVESTOCK]))
        for column in (["本年"], ["上年"])
    )
    assert (now.kind, now.years_back) == ("activity", 0)
    assert (before.kind, before.years_back, before.labels) == ("activity", 1, PIGS)


def test_a_word_that_may_be_several_things_is_asked():
    """Nothing says whether the area is sown: a question with what it may be."""
    found = find_page_meaning(NAMES, printed(["早稻"], [], units=[["千公顷"]]))
    assert found.kind == "asked"
    assert (
        found.why
        == "nothing says what is counted; write 播种面积 into the title or the label if it is that"
    )
    assert (
        find_page_meaning(NAMES, printed(["早稻"], [])).kind == "unknown"
    )  # without a unit it may be anything
    assert (
        find_page_meaning(NAMES, printed(["早稻"], [], units=[["万吨"]])).kind == "unknown"
    )  # tonnes of it are no area


def test_the_unit_decides_between_what_a_title_names():
    """播种面积和产量: hectares are the area, tonnes the output; what measures both or none is asked or unknown."""
    title = ["主要农作物播种面积和产量"]
    area = find_page_meaning(NAMES, printed(["单季稻"], [], title=title, units=[["千公顷"]]))
    assert (area.kind, area.symbol) == ("activity", "rice_area")
    tonnes = find_page_meaning(NAMES, printed(["小麦"], [], title=title, units=[["万吨"]]))
    assert (tonnes.kind, tonnes.symbol, tonnes.labels) == (
        "activity",
        "crop_yield",
        (("crop", "wheat"),),
    )
    unclear = find_page_meaning(
        NAMES, printed(["单季稻"], [], title=title, units=[["千公顷", "万吨"]])
    )
    assert unclear.kind == "asked"
    assert unclear.why.startswith(
        "title and labels speak of 播种面积, 产量; write beside the number which"
    )
    assert find_page_meaning(NAMES, printed(["单季稻"], [], title=title)).kind == "asked"


@given(
    st.sampled_from(["猪", "山羊", "绵羊", "家禽"]),
    st.sampled_from(["年末存栏", "年底数", "存栏头数"]),
    st.booleans(),
    st.booleans(),
)
def test_item_and_amount_mean_one_thing_wherever_they_stand(item, amount, turned, joined):
    """Row and column may be turned, or said in one label."""
    labels = [[item + amount], []] if joined else [[item], [amount]]
    found = meaning(*(labels[::-1] if turned else labels))
    assert found == meaning([item], [], title=[LIVESTOCK])
    assert found[0] == "activity"


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006"])
def test_the_name_of_an_activity_means_no_other_one(method):
    """As the only label of a number it is that activity where it says an amount, and else nothing that is known."""
    names = names_of(method)
    for asked in list_asked(method):
        found = find_page_meaning(names, printed([asked.about.zh], []))
        says_amount = asked.about.zh.endswith(("产量", "数量", "使用量", "施用量", "消费量"))
        assert found.symbol == asked.about.id or (found.symbol == "" and not says_amount), (
            asked.about.zh
        )
        assert (found.kind == "activity") == (found.symbol != ""), asked.about.zh


ITEMS = {  # of a list of products, animals or crops: what stands in the row, and what it is the amount of
    "产量": {
        "水泥熟料": "clinker_output",
        "电石": "carbide_output",
        "己二酸": "adipic_acid_output",
    },
    "年末存栏": {"猪": "heads", "山羊": "heads", "奶牛": "heads", "马": "heads"},
    "播种面积": {"早稻": "rice_area", "单季稻": "rice_area", "双季晚稻": "rice_area"},
}


@pytest.mark.parametrize(
    ("topic", "item"), [(topic, item) for topic, items in ITEMS.items() for item in items]
)
def test_an_item_under_each_way_to_say_what_is_counted(topic, item):
    """In the label, the head of the column, the row above, or the title: one activity, with the same labels."""
    symbol = ITEMS[topic][item]
    ways = [
        meaning([item + topic]),
        meaning([item], [topic]),
        meaning([topic], [item]),
        meaning([item, topic]),
        meaning([item], [], title=[topic]),
        meaning([item], [], title=[f"12-3 分区县{topic}(2020年)"]),
    ]
    assert {(kind, one) for kind, one, _ in ways} == {("activity", symbol)}
    assert all(labels == ways[0][2] for _, _, labels in ways)


@pytest.mark.parametrize("word", ["增长", "比上年增长(%)", "占全市比重", "指数"])
@pytest.mark.parametrize("item", ["猪", "水泥"])
def test_a_rate_beside_an_item_is_no_amount(word, item):
    """Whichever of row and column says it."""
    for row, column in (([item], [word]), ([word], [item]), ([item, word], [])):
        assert meaning(row, column, title=[LIVESTOCK if item == "猪" else PRODUCTS])[0] in {
            "rate",
            "unknown",
        }
