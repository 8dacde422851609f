"""Numbers of pages in the declared unit: units, rounding, what is passed over and what is asked."""

from __future__ import annotations

import pytest

from carbonacct.errors import UnitError
from carbonacct.sectors.sources.activity_names import names_of
from carbonacct.sectors.sources.activity_numbers import AreasAndYears
from carbonacct.sectors.sources.page_numbers import _choose_unit, is_page_of, read_page_numbers
from tests.sectors.sources.made_pages import printed

NAMES = names_of("provincial-2011")
HEADS = ["牲畜年末存栏"]
CEMENT = ["主要工业产品产量"]


def read(*numbers, area=None, year=None, areas=(), years=()):
    """Return what numbers of a page say."""
    return read_page_numbers(NAMES, numbers, AreasAndYears(area, year, areas), years=years)


def carbide(value="4.2", units=(("万吨",),), **options):
    """Return a printed output of carbide."""
    return printed(["电石"], [], title=CEMENT, units=units, value=value, **options)


@pytest.mark.parametrize(
    ("places", "declared", "found"),
    [
        ([["万吨"]], "t", ("万吨", 1e4)),
        ([["吨"], ["万吨"]], "t", ("吨", 1.0)),  # the nearest place counts
        ([[], ["万吨"]], "t", ("万吨", 1e4)),
        ([["千公顷", "万吨"]], "t", ("万吨", 1e4)),  # of a list the one that measures it
        ([[], ["千公顷", "万吨"]], "ha", ("千公顷", 1e3)),
        ([["吨", "公吨"]], "t", ("吨", 1.0)),  # two words of one unit
        ([], "1", ("", 1.0)),
        ([[]], "1", ("", 1.0)),
        ([["%"]], "1", ("%", 0.01)),
    ],
)
def test_the_unit_that_counts(places, declared, found):
    """The nearest that measures the activity."""
    unit, scale = _choose_unit(places, declared)
    assert (unit, scale) == (found[0], pytest.approx(found[1]))


@pytest.mark.parametrize(
    ("places", "declared", "said"),
    [
        ([], "t", "no unit is printed; write t beside the number or into the title"),
        ([[]], "t", "no unit is printed; write t beside the number or into the title"),
        ([["公顷"]], "t", "the unit is 公顷, and t is wanted; correct the unit"),
        # A unit beside the number that does not fit is wrong, whatever the title lists.
        ([["公顷"], ["万吨"]], "t", "the unit is 公顷, and t is wanted; correct the unit"),
        ([["吨", "万吨"]], "t", "吨, 万吨 both measure t; write one of them beside the number"),
        ([[], ["公顷", "亩"]], "t", "the unit is 公顷, 亩, and t is wanted; correct the unit"),
    ],
)
def test_units_that_do_not_do_are_refused(places, declared, said):
    """None, one of something else, or two that differ."""
    with pytest.raises(UnitError) as caught:
        _choose_unit(places, declared)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("text", "unit", "value", "rounding"),
    [
        ("4.2", "万吨", 42_000.0, 500.0),  # half of 0.1 x 10^4 t
        ("4.20", "万吨", 42_000.0, 50.0),
        ("4", "万吨", 40_000.0, 5_000.0),
        ("42130", "吨", 42_130.0, 0.5),
        ("1,234.5", "吨", 1_234.5, 0.05),
    ],
)
def test_a_print_is_known_to_half_of_its_last_digit(text, unit, value, rounding):
    """In the declared unit."""
    (found,) = read(carbide(text, units=[[unit]])).numbers
    assert found.value == pytest.approx(value)
    assert found.origin.rounding == pytest.approx(rounding)
    assert (found.origin.printed, found.origin.where, found.origin.is_page) == (
        f"{text} {unit}",
        "p.csv!A1",
        True,
    )
    assert (found.symbol, found.area, found.year, found.notation) == (
        "carbide_output",
        "重庆",
        2020,
        "",
    )


def test_a_key_needs_no_unit():
    """NO is NO in any unit."""
    (found,) = read(carbide("NO", units=())).numbers
    assert (found.notation, found.origin.printed) == ("NO", "NO")


def test_labels_that_may_be_left_out_are_filled_in():
    """Pigs however they are kept are a whole of the ways; forest of which no species is said is all species."""
    (whole,) = read(printed(["猪"], [], title=HEADS, units=[["万头"]])).wholes
    assert whole.number.labels == (("animal", "pigs"), ("mode", "unspecified"))
    (forest,) = read(printed(["乔木林"], ["蓄积量"], units=[["万立方米"]])).numbers
    assert forest.labels == (("species", "all"),)
    told = read(printed(["猪"], ["农户饲养"], title=HEADS, units=[["万头"]]))
    assert [one.labels for one in told.numbers] == [(("animal", "pigs"), ("mode", "household"))]


def test_faults_say_the_cell():
    """A unit that does not measure it; an amount below nothing."""
    made = read(carbide(units=[["公顷"]]), carbide("-4"))
    assert made.faults == [
        "p.csv!A1: the unit is 公顷, and t carbide is wanted; correct the unit",
        "p.csv!A1: carbide_output is -40000 t carbide; it cannot be below 0; correct it",
    ]
    assert not made.numbers


@pytest.mark.parametrize(
    ("number", "options", "area", "year"),
    [
        ({}, {}, "重庆", 2020),
        (
            {"area": "", "of_title": "四川"},
            {},
            "四川",
            2020,
        ),  # a label's area stands before the title's
        ({"area": "重庆", "of_title": "四川"}, {}, "重庆", 2020),
        ({"area": ""}, {"area": "云南"}, "云南", 2020),
        ({"year": 0}, {"year": 2007}, "重庆", 2007),
        ({"year": 2019}, {"year": 2007}, "重庆", 2019),
    ],
)
def test_the_area_and_year_of_a_number(number, options, area, year):
    """What the page says, and what is given where it says nothing."""
    (found,) = read(carbide(**number), **options).numbers
    assert (found.area, found.year) == (area, year)


def test_what_names_no_area_or_year_is_asked_once():
    """With the first of its cells and the option that says it."""
    made = read(carbide(area=""), carbide(area=""), carbide(year=0))
    assert [fault.partition("; ")[2] for fault in made.faults] == [
        "write it into the title or a column, or give --area",
        "write one into the title or a column, or give --year",
    ]
    assert not made.numbers


@pytest.mark.parametrize(
    ("rows", "columns", "shown"),
    [
        (["贸易", "货物"], ["甲", "乙", "丙"], "贸易 甲 乙"),
        ([], ["甲", "乙", "丙"], "甲 乙"),
        (["甲"], ["甲", "乙"], "甲 乙"),
        ([], [], "12.5"),
    ],
)
def test_what_is_passed_over_is_named_by_its_nearest_labels(rows, columns, shown):
    """One of its row and two of its column, each once; a number without any by itself."""
    (finding,) = read(printed(rows, columns, units=[["万吨"]])).findings
    assert finding.message.endswith(f"are passed over: {shown}")


def test_the_year_before_is_one_year_back():
    """上年 of a page of 2020 is 2019; of a page without a year it is asked."""
    before = printed(["电石"], ["上年"], title=CEMENT, units=[["万吨"]])
    assert [one.year for one in read(before).numbers] == [2019]
    assert read(printed(["电石"], ["上年"], title=CEMENT, units=[["万吨"]], year=0)).faults


def test_other_areas_and_years_are_passed_over_and_listed():
    """Beside a balance of Chongqing 2007, that area and year count, but for what looks back over years."""
    made = read(carbide(area="四川"), carbide(), carbide(year=2007), areas=["重庆"], years=[2007])
    assert [(one.area, one.year) for one in made.numbers] == [("重庆", 2007)]
    assert [(one.severity, one.message) for one in made.findings] == [
        ("info", "1 numbers of other areas are passed over: 四川"),
        ("info", "1 numbers of other years are passed over: 2020"),
    ]


@pytest.mark.parametrize(
    ("method", "years"), [("ipcc-2006", [2000, 2007]), ("provincial-2011", [2007])]
)
def test_what_looks_back_keeps_its_other_years(method, years):
    """Waste that decays counts for years after it was deposited; waste that counts in its own year does not."""
    names = names_of(method)
    word = {"ipcc-2006": "历年填埋量", "provincial-2011": "卫生填埋量"}[method]
    numbers = [printed([word], [], units=[["吨"]], year=year) for year in (2000, 2007)]
    made = read_page_numbers(names, numbers, AreasAndYears(None, None), years=[2007])
    assert [one.year for one in made.numbers] + [one.number.year for one in made.wholes] == years


def test_what_is_passed_over_is_told_by_reason():
    """Rates, words that are no activity of the method, and words that are known to be none, each with its number."""
    made = read(
        printed(["布"], ["产量"]),
        printed(["绸"], ["产量"]),
        printed(["电石"], ["比上年增长"], title=CEMENT),
        printed(["薯类"], ["产量"], units=[["万吨"]]),
        printed(["猪"], ["出栏"], title=HEADS),
    )
    assert not made.numbers
    assert not made.faults
    said = {one.message.partition(":")[0]: one for one in made.findings}
    assert "2 numbers of labels that are no activity of provincial-2011 are passed over" in said
    assert said["1 rates and shares are passed over"].rule == "activity-passed"
    refused = said["薯类 产量"]
    assert (refused.rule, refused.severity) == ("activity-not-used", "warning")
    assert "grain equivalent (5:1)" in refused.message
    assert refused.action == "give what is missing in an activity table"
    other = next(one for one in made.findings if "alive at the end of the year" in one.message)
    assert (other.rule, other.severity, other.action) == ("activity-passed", "info", refused.action)
    assert said["1 rates and shares are passed over"].action == ""


def test_a_word_that_is_none_may_be_the_whole_of_an_activity():
    """Pig iron output is no activity; beside the pig iron used in steel it does not replace a missing one."""
    (whole,) = read(printed(["生铁"], ["产量"], units=[["万吨"]], value="30")).wholes
    assert (whole.parts, whole.dim, whole.number.value) == (("pig_iron_to_steel",), "", 3e5)
    assert whole.why.startswith("steel loses the carbon of the pig iron that is used")


@pytest.mark.parametrize(
    ("numbers", "is_page"),
    [
        ([], False),
        ([printed(["布"], ["产量"])], False),
        ([printed(["生铁"], ["产量"])], False),
        (
            [printed(["水泥"], ["产值"]), printed(["水泥"], ["增长率"])],
            False,
        ),  # money and rates of one
        ([printed(["水泥"], ["产量"])], True),
        ([printed(["布"], ["产量"]), printed(["猪"], [], title=HEADS)], True),
        ([printed(["早稻"], [], units=[["千公顷"]])], True),  # it may be one
    ],
)
def test_a_page_is_one_where_some_number_is_an_activity(numbers, is_page):
    """Or may be; words that are none make no page."""
    assert is_page_of(NAMES, numbers) is is_page
