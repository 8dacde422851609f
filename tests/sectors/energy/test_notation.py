"""How notation keys add: the laws of sums that lack something."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import NotationError
from carbonacct.sectors.energy.notation import KEYS, Noted, add_noted

NUMBERS = st.integers(-1000, 1000).map(lambda value: Noted(float(value)))
ONLY_KEYS = st.sets(st.sampled_from(KEYS), min_size=1).map(
    lambda keys: Noted(math.nan, frozenset(keys))
)
PARTS = st.lists(st.one_of(NUMBERS, ONLY_KEYS), min_size=1, max_size=6)


@given(PARTS, st.integers(0, 5))
def test_keys_that_leave_a_sum_incomplete_are_never_lost(parts, cut):
    """Added in one step or in two, what is not estimated, confidential or elsewhere stays beside the number."""
    whole, steps = (
        add_noted(parts),
        add_noted([add_noted(part) for part in (parts[:cut], parts[cut:]) if part]),
    )
    lasting = {"NE", "C", "IE"}
    assert (
        whole.keys & lasting
        == steps.keys & lasting
        == {key for one in parts for key in one.keys} & lasting
    )
    assert whole.value == steps.value or math.isnan(whole.value)
    assert whole.complete == steps.complete


@pytest.mark.parametrize(
    ("parts", "text", "complete"),
    [
        ([], "", True),
        ([Noted(2.5), Noted(1.5)], "4", True),
        ([Noted(0.0), Noted(keys=frozenset({"NO"}))], "0", True),
        ([Noted(2.0), Noted(keys=frozenset({"NA"}))], "2", True),
        ([Noted(2.0), Noted(keys=frozenset({"IE"}))], "2,IE", True),
        ([Noted(2.0), Noted(keys=frozenset({"C", "NO"}))], "2,C", False),
        ([Noted(keys=frozenset({"NO"})), Noted(keys=frozenset({"NE"}))], "NE,NO", False),
        ([Noted(keys=frozenset({"NA"})), Noted(keys=frozenset({"NO"}))], "NA,NO", True),
    ],
)
def test_sums_as_reporting_tables_print_them(parts, text, complete):
    """UNFCCC decision 18/CMA.1, annex, paragraphs 31 to 33."""
    found = add_noted(parts)
    assert (str(found), found.complete) == (text, complete)


def test_a_word_that_is_no_key_is_refused():
    """With the keys that there are."""
    with pytest.raises(NotationError, match="no notation key 'NN'; known: NO, NE, NA, IE, C"):
        add_noted([Noted(1.0), Noted(keys=frozenset({"NN"}))])
