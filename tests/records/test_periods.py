"""Months and quarters: what a heading names, and which periods make up a year."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.records.periods import YEAR, missing_months, read_months, tile_year

CHINESE = dict(
    enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], start=1)
)
MONTHS = st.integers(1, 12)


@given(
    MONTHS,
    st.sampled_from(["{}月", "{}月份", "2020年{}月", "甲市{}月 原煤产量", "2020-{}月"]),
    st.booleans(),
)
def test_a_month_in_words_or_digits(month, text, in_words):
    """Alone, behind a year, before what is counted."""
    assert read_months(text.format(CHINESE[month] if in_words else month)) == (month, month)


@given(st.tuples(MONTHS, MONTHS), st.sampled_from("-—–~至到"), st.booleans(), st.booleans())
def test_a_range_of_months(span, dash, is_said_twice, in_words):
    """From one month to another, whatever the dash."""
    first, last = ((CHINESE[month] if in_words else month) for month in span)
    text = f"2020年{first}{'月' if is_said_twice else ''}{dash}{last}月累计"
    assert read_months(text) == span


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("第一季度", (1, 3)),
        ("二季度", (4, 6)),
        ("3季度", (7, 9)),
        ("四季累计", (10, 12)),
        ("四季合计", (10, 12)),
        ("四季 (吨)", (10, 12)),
        ("第4季", (10, 12)),
        ("Q3 2019", (7, 9)),
        ("2019 Q1", (1, 3)),
        ("前二季度", (1, 6)),
        ("前三个季度", (1, 9)),
        ("前3季度", (1, 9)),
        ("1-2季度", (1, 6)),
        ("一至三季度", (1, 9)),
        ("2—3季度", (4, 9)),
        ("上半年", (1, 6)),
        ("2020年下半年", (7, 12)),
        ("1-12月", YEAR),
    ],
)
def test_quarters_and_halves(text, months):
    """One, the first two or three, from one to another, and half a year."""
    assert read_months(text) == months


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2019年",
        "2018-2019年",
        "全年",
        "每月",
        "13月",
        "0月",
        "Q5",
        "Q12",
        "2020年5月1日",  # a day
        "2020年5月公布",  # when it was published
        "5月份 印发",
        "2019年12月31日",
        "四季青镇能源消费量",  # a town
        "四季豆产量",  # beans
        "三季稻",
        "四季花",
        "双季稻",
    ],
)
def test_what_names_no_part_of_a_year(text):
    """Years, days, dates of publication, and words in which a numeral stands before 季."""
    assert read_months(text) is None


PERIODS = st.lists(st.tuples(MONTHS, MONTHS).map(lambda span: (min(span), max(span))), max_size=12)


@given(PERIODS)
def test_periods_that_make_up_a_year_hold_each_month_once(periods):
    """The periods found run from January to December without a gap, and are as few as possible."""
    found = tile_year(periods)
    months = [month for first, last in found or [] for month in range(first, last + 1)]
    if found is not None:
        assert months == list(range(1, 13))
        assert set(found) <= set(periods)
        assert missing_months(found) == []
    counts = {0: 0}
    for end in range(1, 13):
        ways = [
            counts[first - 1] + 1 for first, last in periods if last == end and first - 1 in counts
        ]
        if ways:
            counts[end] = min(ways)
    assert (len(found) if found is not None else None) == counts.get(12)


@given(PERIODS)
def test_months_that_no_period_holds(periods):
    """Those that are not between any first and last month."""
    lacking = missing_months(periods)
    assert all(not first <= month <= last for month in lacking for first, last in periods)
    assert all(
        any(first <= month <= last for first, last in periods)
        for month in set(range(1, 13)) - set(lacking)
    )


def test_a_year_is_taken_whole_where_it_is_printed():
    """Before its halves, and halves before quarters."""
    quarters, halves = [(1, 3), (4, 6), (7, 9), (10, 12)], [(1, 6), (7, 12)]
    assert tile_year([*quarters, *halves, YEAR]) == [YEAR]
    assert tile_year([*quarters, *halves]) == halves
    assert tile_year([(1, 6), *quarters]) == [(1, 6), (7, 9), (10, 12)]
    assert tile_year([(1, 9)]) is None
    assert missing_months([(1, 9), (11, 11)]) == [10, 12]
