"""Titles that the commas of a file without quotes have cut into cells."""

from __future__ import annotations

import pytest

from carbonacct.balances.label.cut_titles import mend_cut_title
from carbonacct.sheets.raw_sheets import Sheet

TITLE = ["5-12 Coal", " Oil", " Natural Gas by Sector"]
BODY = [["Sector", "2019", "2020"], ["Industry", "1", "2"]]
WHOLE = ["5-12 Coal, Oil, Natural Gas by Sector", "", ""]


def first(rows, delimiter=","):
    """Return the first text of a sheet and whether the rest stayed as it was."""
    sheet = Sheet("a.csv", "", rows, delimiter=delimiter)
    found = mend_cut_title(sheet)
    at = next((i for i, row in enumerate(rows) if any(row)), 0)
    assert found.rows[:at] + found.rows[at + 1 :] == rows[:at] + rows[at + 1 :]
    return found.rows[at] if rows else []


@pytest.mark.parametrize("above", [[], [["", "", ""]], [["", "", ""], ["", "", ""]]])
@pytest.mark.parametrize(
    ("title", "mended"),
    [
        (TITLE, WHOLE),
        ([*TITLE[1:], ""], [" Oil, Natural Gas by Sector", "", ""]),
        ([*TITLE, "", ""], [*WHOLE, "", ""]),
        (["Use of coal", " gas use", " and heat"], ["Use of coal, gas use, and heat", "", ""]),
        (TITLE[:1], TITLE[:1]),  # nothing goes on
        (["5-12 Coal", "Oil", "Gas"], ["5-12 Coal", "Oil", "Gas"]),  # columns of fuels
        (["5-12 Coal", " Oil", "Gas"], ["5-12 Coal", " Oil", "Gas"]),  # not to the end
        (
            ["Table 5", " by sector", ""],
            ["Table 5", " by sector", ""],
        ),  # no fuel that would be that of all
        (
            ["Coal consumption", " by sector", ""],
            ["Coal consumption", " by sector", ""],
        ),  # the whole names it
        (["5-12 Coal", " ", " Oil"], ["5-12 Coal", " ", " Oil"]),  # a blank goes on with nothing
    ],
)
def test_the_first_row_is_whole_again(above, title, mended):
    """Where its cells go on behind a blank, to the last that has a text."""
    assert first([*above, title, *BODY]) == mended


def test_a_table_with_a_blank_behind_each_comma_is_none():
    """Then the cells of its body begin so as well; their first columns may be indented."""
    for body in ([" 2019", " 2020"], ["2019", " 2020"], [" 2019", "2020"]):
        assert first([TITLE, ["Sector", *body]]) == TITLE
    assert first([TITLE, [" Sector", "2019", "2020"]]) == WHOLE


@pytest.mark.parametrize("delimiter", ["", ";", "\t"])
def test_only_commas_cut_sentences(delimiter):
    """A file of other delimiters stays; so does an empty one."""
    assert first([TITLE, *BODY], delimiter) == TITLE
    assert first([], ",") == []
    assert first([["", ""]], ",") == ["", ""]
