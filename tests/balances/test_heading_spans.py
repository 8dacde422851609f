"""How far a heading reaches over the columns on its right: ``/`` between rows of a header, ``|`` between cells."""

from __future__ import annotations

import pytest

from carbonacct.balances.split.heading_spans import spread_headings
from carbonacct.balances.words.mapping import Mapping

WORDS = Mapping()


def spread(text, *, above=0):
    """Return a header with its headings carried on, its first row, and the cells that got a text."""
    rows = [row.split("|") for row in text.split("/")]
    start, cells = spread_headings(rows, WORDS, (0, above, len(rows)))
    return "/".join("|".join(row) for row in rows), start, cells


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A flow over products, a product over flows, a weak flow over a product and a year.
        ("项目|工业|/|原煤|焦炭", "项目|工业|工业/|原煤|焦炭"),
        ("项目|原煤|/|工业|农业", "项目|原煤|原煤/|工业|农业"),
        ("项目|供热总量|/|蒸汽|热水", "项目|供热总量|供热总量/|蒸汽|热水"),
        ("项目|消费量|/|原煤|2018", "项目|消费量|消费量/|原煤|2018"),
        # Over years that come again, as far as the next heading.
        ("项目|原煤||焦炭|/|2018|2019|2018|2019", "项目|原煤|原煤|焦炭|焦炭/|2018|2019|2018|2019"),
        # Over 合计 and what it is the total of.
        ("项目|工业||/|合计|原煤|焦炭", "项目|工业|工业|工业/|合计|原煤|焦炭"),
        # Over what its own column repeats it says nothing more: it stands over that alone.
        ("项目|原煤|/|原煤|工业", None),
        ("项目|工业|/|工业|原煤", None),
        # A heading that is not known, or over a unit, or over names that are not known.
        ("项目|胡言|/|原煤|焦炭", None),
        ("项目|原煤|/|吨|工业", None),
        ("项目|工业|/|胡言|乱语", None),
        # Nothing below it, and nothing to carry.
        ("项目|工业|/|原煤|", None),
        ("项目|工业|农业/|原煤|焦炭", None),
    ],
)
def test_where_a_heading_holds(text, found):
    """It says more than those below it, which name another thing; each cell that got its text is told."""
    rows, start, cells = spread(text)
    assert rows == (found or text)
    assert start == 0
    before, after = ([row.split("|") for row in one.split("/")] for one in (text, rows))
    changed = [
        (i, j) for i, row in enumerate(after) for j, cell in enumerate(row) if cell != before[i][j]
    ]
    assert sorted(cells) == changed


def test_a_row_above_years_that_come_again_is_part_of_the_header():
    """Where two texts at least stand over them; one is a title."""
    years = "项目|2018|2019|2018|2019"
    assert spread(f"|原煤||焦炭|/{years}", above=1)[1:] == (0, [(0, 2), (0, 4)])
    assert spread(f"|原煤|||/{years}", above=1)[1:] == (1, [])
    assert spread(f"|原煤||焦炭|/{years}", above=0)[1:] == (0, [(0, 2), (0, 4)])


def test_a_heading_ends_where_another_begins_above_it():
    """Below 工业 and 农业 a product holds in its own group alone."""
    rows, _, _ = spread("项目|工业||农业|/|原煤|||/|2018|2019|2018|2019")
    assert rows.split("/")[:2] == ["项目|工业|工业|农业|农业", "|原煤|原煤||"]
