"""A heading that is merged over columns stands over each of them; one that is alone in its row is a title."""

from __future__ import annotations

import pytest

from carbonacct.balances.split.regions import split
from carbonacct.sheets.raw_sheets import Sheet

DATA = " / 项目|x|y|z / 工业|3|4|5"


def spread(text, merged):
    """Return the first row as it is laid out, and the cells that took a text."""
    rows = [line.split("|") for line in text.split(" / ")]
    found = split(Sheet("a.csv", "", rows, merged=tuple(merged)), None)
    return "|".join(found.sheet.rows[0]), list(found.spread)


@pytest.mark.parametrize(
    ("head", "merged", "laid_out", "cells"),
    [
        ("|煤炭||焦炭", [((0, 1), (0, 2))], "|煤炭|煤炭|焦炭", [(0, 2)]),
        ("|煤炭||", [((0, 1), (0, 3))], "|煤炭||", []),  # alone in its row
        ("|煤炭|甲|焦炭", [((0, 1), (0, 2))], "|煤炭|甲|焦炭", []),  # a text of its own stays
        (
            "|2018||焦炭",
            [((0, 1), (0, 2))],
            "|2018|2018|焦炭",
            [(0, 2)],
        ),  # a year is a heading, another number none
        ("|7||焦炭", [((0, 1), (0, 2))], "|7||焦炭", []),
        ("|||焦炭", [((0, 1), (0, 2))], "|||焦炭", []),
        ("|煤炭||焦炭", [((0, 1), (1, 1))], "|煤炭||焦炭", []),  # over rows alone
        (
            "项目|煤炭",
            [((0, 1), (0, 3))],
            "项目|煤炭|煤炭|煤炭",
            [(0, 2), (0, 3)],
        ),  # beyond the end of its row
        ("|煤炭||焦炭", [((0, 1), (50, 2))], "|煤炭|煤炭|焦炭", [(0, 2)]),
        (
            "|煤炭||焦炭",
            [((0, 1), (51, 2))],
            "|煤炭||焦炭",
            [],
        ),  # no heading is so high, or so wide
        ("项目|煤炭", [((0, 1), (0, 62))], "项目|煤炭||", []),
        # Beyond the cells of the sheet.
        ("|煤炭||焦炭", [((9, 1), (9, 2)), ((0, 9), (0, 11))], "|煤炭||焦炭", []),
    ],
)
def test_a_merged_heading_stands_over_each_of_its_columns(head, merged, laid_out, cells):
    """Fifty rows and sixty columns at most."""
    assert spread(head + DATA, merged) == (laid_out, cells)


def test_sixty_columns_are_spread():
    """The widest heading."""
    row, cells = spread("项目|煤炭" + DATA, [((0, 1), (0, 61))])
    assert row == "项目|" + "|".join(["煤炭"] * 61)
    assert cells == [(0, j) for j in range(2, 62)]
