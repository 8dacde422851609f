"""What headings name, and which of them may be the name of something at all."""

from __future__ import annotations

import pytest

from carbonacct.balances.path.closed_headings import _is_translation, _list_dims, is_label
from carbonacct.balances.words.mapping import Mapping

WORDS = Mapping()


@pytest.mark.parametrize(
    ("cell", "dims"),
    [
        ("工业", ["flow"]),
        ("消费量", ["flow"]),  # of whatever the rows use
        ("供气总量", ["flow"]),
        ("原煤", ["product"]),
        ("工业用煤", ["product", "flow"]),
        ("Natural gas", ["product"]),
        ("佚名", []),
        ("", []),
        (5.0, []),
    ],
)
def test_what_a_heading_names(cell, dims):
    """A use, a product, both or neither; a number is no name."""
    assert _list_dims(cell, WORDS) == dims


@pytest.mark.parametrize(
    ("text", "may_name"),
    [
        ("工业", True),
        ("佚名", True),
        ("合计", False),
        ("Total", False),
        ("", False),
        ("注:说明", False),
        ("  ", False),
    ],
)
def test_what_may_be_the_name_of_something(text, may_name):
    """Neither a total nor a note nor nothing."""
    assert is_label(text) is may_name


@pytest.mark.parametrize(
    ("rows", "is_one"),
    [
        ([["原油"], ["Crude Oil"]], True),
        ([["Crude Oil"], ["原油"]], True),
        ([["原油"], ["Zzz"]], True),  # it says no more
        ([["工业"], ["Crude Oil"]], False),  # it says what the other does not
        ([["Oil"], ["Crude Oil"]], False),
        ([["原油"], ["原煤"]], False),
        ([["原油"]], False),
    ],
)
def test_a_translation_says_no_more_than_what_it_translates(rows, is_one):
    """Latin letters beside a Chinese heading of the same column."""
    at = next(
        (i for i, (cell,) in enumerate(rows) if cell.isascii() and cell != "Oil"), len(rows) - 1
    )
    assert _is_translation(rows, at, 0, WORDS) is is_one
