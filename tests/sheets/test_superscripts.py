"""Footnotes that are raised behind a number or a word: set apart, so that no digit joins the number."""

from __future__ import annotations

import pytest

from carbonacct.sheets.superscripts import find_footnotes, join_raised, set_apart

RAISED = '<rPr><vertAlign val="superscript"/></rPr>'


def _string(*runs: tuple[str, bool]) -> bytes:
    """Return a shared text of a workbook from its runs and whether each is raised."""
    inner = "".join(f"<r>{RAISED * is_raised}<t>{text}</t></r>" for text, is_raised in runs)
    return f"<si>{inner}</si>".encode()


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([("123.45", False), ("1)", True)], {"123.451)": "123.45 [1]"}),
        ([("12", False), (".5", False), ("a", True)], {"12.5a": "12.5 [a]"}),
        ([(" 7 ", False), ("*", True)], {" 7 *": "7 [*]"}),
        ([("(5)", False), ("12", True)], {"(5)12": "(5) [12]"}),
        ([("1&#46;5", False), ("†", True)], {"1.5†": "1.5 [†]"}),
        ([("5", False), ("1", True), ("", False)], {"51": "5 [1]"}),  # an empty run says nothing
        ([("5", False), ("1", True), (" t", False)], {}),  # what goes on behind it is no footnote
        ([("1", True), ("5", False)], {}),
        ([("10", False), ("123", True)], {}),  # no footnote has three digits
        ([("m", False), ("3", True)], {}),
        ([("5", False), ("1", False)], {}),
    ],
)
def test_a_raised_run_behind_a_number_is_its_footnote(runs, expected):
    """Any other text keeps its letters; a text beside it changes nothing."""
    assert find_footnotes(_string(*runs)) == expected
    both = _string(("99", False)) + _string(*runs) + _string(("8", False), ("2", True))
    assert find_footnotes(both) == expected | {"82": "8 [2]"}


def test_a_long_text_is_no_number():
    """What has thousands of letters is not looked at; the others are."""
    long = _string(("1" * 2000, False), ("1", True))
    assert find_footnotes(long + _string(("8", False), ("2", True))) == {"82": "8 [2]"}


@pytest.mark.parametrize(
    ("plain", "raised", "behind", "joined"),
    [
        ("1,234.5 ", "2", "", "1,234.5 [2]"),
        ("1,234.5", "(b)", "  ", "1,234.5 [b]"),
        ("10", "4", " t", "104"),  # a power of ten
        ("Coke", "1", "", "Coke [1]"),
        ("Other (coal)", "1", " t", "Other (coal) [1]"),
        ("CO", "2", "", "CO2"),
        ("万m", "3", "", "万m3"),
        ("Coke", "123", "", "Coke123"),
    ],
)
def test_an_exponent_stays_and_a_footnote_is_set_apart(plain, raised, behind, joined):
    """Of a number unless words follow, and of a word of four letters; an index or exponent of a sign is part of it."""
    assert join_raised(plain, raised, behind) == joined


def test_the_cells_that_hold_such_a_text_get_it_apart():
    """Numbers and other texts stay."""
    rows = [["51", 51, "511"], [None, "51"]]
    set_apart(rows, {"51": "5 [1]"})
    assert rows == [["5 [1]", 51, "511"], [None, "5 [1]"]]
