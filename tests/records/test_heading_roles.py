"""What a heading says by itself: a year of any calendar, the end of a year, a total, what its column holds."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.records.heading_roles import (
    column_word,
    end_of_year,
    find_years,
    fiscal_year,
    heading_of,
    names_part,
    subtotal_words,
    total_words,
    whole_words,
    year_of,
    years_in,
)

FORMS = [
    "{}",
    "{}年",
    "{}年度",
    "{}.0",
    "{}*",
    "{}年1-12月",
    "{}年1—12月累计",
    "FY{}",
    "{}(快报数)",
    "{}年（快报数）",
    "{}年初步核算",
]
SPACED = ["{} p", "{} (1)", "{} (P)", "{} provisional", "{} est.", "FY {}", " {} ", "{} [2]"]


@given(st.integers(1949, 2099), st.sampled_from([*FORMS, *SPACED]))
def test_a_year_as_it_is_printed(year, form):
    """With its word, a flag, a footnote, or that it is not final; full-width as well."""
    text = form.format(year)
    assert year_of(text) == year
    assert year_of(text.replace("0", "０").replace("(", "（").replace(")", "）")) == year


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2019-20", 2019),  # begins in 2019
        ("2019/20", 2019),
        ("2019/2020", 2019),
        ("2019–20", 2019),
        ("1999-00", 1999),
        ("FY19", 2019),
        ("FY'19", 2019),
        ("FY2019-20", 2019),
        ("2019-20 (P)", 2019),
        ("平成元年", 1989),
        ("平成31年", 2019),
        ("令和2年度", 2020),
        ("昭和64年", 1989),
        ("民国108年", 2019),
        ("民國108年", 2019),
        ("2019-2020", None),  # two years
        ("2019-21", None),
        ("2019/21", None),
        ("19-20", None),
        ("'19", None),
        ("2019年1-11月", None),
        ("2019a", None),
        ("2019x", None),
        ("2019abc", None),
        ("12019", None),
        ("2101", None),
        ("1850", None),
        ("", None),
        ("200", None),
        ("2019 was a good year, was it", None),
        (2019, 2019),
        (2019.0, 2019),
        (2019.5, None),
        (1949, 1949),
        (1948, None),  # rather an amount
        (2100, 2100),
        (2101, None),
        (True, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_what_is_a_year_and_what_is_none(text, year):
    """A fiscal year by the one in which it begins, an era by its founding; a number only where it is likely one."""
    assert year_of(text) == year


def test_a_fiscal_year_needs_a_mark_or_its_second_year():
    """2019 alone is a calendar year."""
    assert [
        fiscal_year(text) for text in ("2019", "2019-20", "2019-2020", "2019/2020", "FY2019-2020")
    ] == [
        None,
        2019,
        None,
        2019,
        2019,
    ]


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("2019-12-31", 2019),
        ("2019-12", 2019),
        ("2019/12/31", 2019),
        ("2019年12月31日", 2019),
        ("2019年12月", 2019),
        ("12/2019", 2019),
        ("12/31/2019", 2019),
        ("31/12/2019", 2019),
        ("31.12.2019", 2019),
        ("Dec-2019", 2019),
        ("December 2019", 2019),
        (" 2019-12-31 00:00:00 ", 2019),
        (dt.date(2019, 12, 1), 2019),
        (dt.datetime(2019, 12, 31), 2019),  # noqa: DTZ001 - as a workbook holds it
        (dt.date(2019, 11, 30), None),
        ("2019-12-30", None),
        ("2019-11-30", None),
        ("11/2019", None),
        (2019, None),
        ("", None),
    ],
)
def test_the_end_of_a_year_is_the_year(cell, year):
    """As exports of annual series date them."""
    assert end_of_year(cell) == year


def test_years_in_running_text():
    """Four digits that stand alone, of either width; from 1950 on."""
    assert years_in("1949, 1950, 2019-2020 年, 12019, 20190, ２０１８") == [1950, 2019, 2020, 2018]
    assert find_years(["地区", "2018年", 2019, "x", "2020 p", None]) == {1: 2018, 2: 2019, 4: 2020}


def test_words_for_wholes():
    """合计 holds all, 小计 some, 全市 the area itself; 其他 is none of them."""
    assert {"合计", "总计"} <= total_words()
    assert subtotal_words() <= total_words() <= whole_words()
    assert "合计" not in subtotal_words()
    assert {"全市", "全省", "全市合计"} <= whole_words()
    assert "其他" not in whole_words()


@pytest.mark.parametrize(
    ("area", "is_part"),
    [
        ("厦门", True),
        ("合计", False),
        ("全市", False),
        ("全国合计", False),
        ("全市 合计", False),
        ("", False),
    ],
)
def test_what_names_a_part_of_an_area(area, is_part):
    """A place, and not the area as a whole."""
    assert names_part(area) is is_part


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("单位", "unit"),
        ("Unit", "unit"),
        ("地区", "area"),
        ("年份", "year"),
        ("合计", None),
        ("水泥", None),
    ],
)
def test_what_a_column_holds(text, kind):
    """By its heading, in one language or both; a total heads numbers."""
    assert column_word(text) == heading_of(text) == kind
    if kind == "unit":
        assert heading_of("单位 Unit") == "unit"
        assert column_word("单位 Unit") in {None, "unit"}
