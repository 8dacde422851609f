"""One printed cell: a number, or which kind of nothing."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import ErrorCell


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12.5", 12.5),
        (" 12.5 ", 12.5),
        ("-12.5", -12.5),
        ("−12.5", -12.5),
        ("－12.5", -12.5),
        ("–3", -3.0),
        ("+7", 7.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1,234.5", 1234.5),
        ("1，234．5", 1234.5),
        ("１２３４", 1234.0),
        ("20 908", 20908.0),
        ("1 234 567.8", 1234567.8),
        ("(12.5)", -12.5),
        ("（5）", -5.0),
        ("(5)", -5.0),
        ("123.4①", 123.4),
        ("123.4*", 123.4),
        ("123.4**", 123.4),
        ("123.4 1)", 123.4),
        ("123.4(1)", 123.4),
        ("123.4（1）", 123.4),
        ("123.4¹", 123.4),
        ("12†", 12.0),
        ("1e3", 1000.0),
        ("12.5_x000D_", 12.5),
        (7, 7.0),
        (0.1, 0.1),
        (0, 0.0),
        ("0.00", 0.0),
        ("-0", -0.0),
    ],
)
def test_numbers(cell, number):
    """All ways to print a number give that number."""
    assert values.read_value(cell) == (number, values.NUMBER)
    assert values.is_number(cell)


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("", "blank"),
        (None, "blank"),
        (" ", "blank"),
        ("\u3000", "blank"),
        ("\xa0", "blank"),
        ("-", "mark"),
        ("—", "mark"),
        ("－", "mark"),
        ("--", "mark"),
        ("…", "mark"),
        ("...", "mark"),
        ("*", "mark"),
        ("①", "mark"),
        ("x", "mark"),
        ("×", "mark"),
        ("空", "mark"),
        ("NO", "NO"),
        ("NE", "NE"),
        ("NA", "NA"),
        ("IE", "IE"),
        ("C", "C"),
        ("-5,07", "unreadable"),
        ("1,23", "unreadable"),
        ("1.2.3", "unreadable"),
        ("E85", "unreadable"),  # a fuel, no exponent
        ("12a", "unreadable"),
        ("nan", "unreadable"),
        ("NaN", "unreadable"),
        ("inf", "unreadable"),
        ("-Infinity", "unreadable"),
        ("1e999", "unreadable"),
        ("9" * 400, "unreadable"),
        ("5%", "unreadable"),
        ("#DIV/0!", "unreadable"),
        ("万吨", "unreadable"),
        ("一", "unreadable"),
        (math.nan, "unreadable"),
        (math.inf, "unreadable"),
        (True, "unreadable"),
        (dt.date(2007, 1, 1), "unreadable"),
        (ErrorCell("#N/A"), "unreadable"),
        ("1" + " " * 300 + "2", "unreadable"),
        (" " * 300, "blank"),
    ],
)
def test_nothings(cell, status):
    """Zero, blank, a mark, a notation key and an unreadable cell stay apart."""
    number, found = values.read_value(cell)
    assert math.isnan(number)
    assert values.STATUS_NAMES[found] == status


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_reads_back(number):
    """A float written in full reads back equal."""
    assert values.read_value(repr(number)) == (number, values.NUMBER)


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    """Any text is a number or one of the nothings, and only blanks are blank."""
    number, status = values.read_value(text)
    assert math.isnan(number) == (status != values.NUMBER)
    assert (status == values.BLANK) <= (not any(char.isalnum() for char in text))


@given(st.integers(0, 10**12), st.integers(0, 3))
def test_separators_and_width_change_nothing(number, decimals):
    """Thousands separators, full-width digits and footnotes leave the number."""
    value = number / 10**decimals
    plain, grouped = f"{value:.{decimals}f}", f"{value:,.{decimals}f}"
    full = grouped.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    assert (
        len(
            {
                values.read_value(text)
                for text in (plain, grouped, full, grouped + "②", f" {plain}\u3000")
            }
        )
        == 1
    )


def test_printed():
    """A cell is shown as a person would read it in print."""
    assert [values.printed(cell) for cell in (" a ", 1.5, 3, ErrorCell("#REF!"))] == [
        "a",
        "1.5",
        "3",
        "#REF!",
    ]
