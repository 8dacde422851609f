"""Kendall's S and its variance, pair by pair and tie by tie."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.analysis.kendall import score_pairs, vary_score

ROWS = st.integers(2, 9).flatmap(
    lambda years: st.lists(
        st.lists(
            st.one_of(st.integers(0, 4).map(float), st.just(math.nan)),
            min_size=years,
            max_size=years,
        ),
        min_size=1,
        max_size=4,
    )
)


@given(ROWS)
def test_the_score_is_the_pairs_that_rise_less_those_that_fall(rows):
    """Of numbers in their order; a year without one is in no pair."""
    expected = [
        sum(
            np.sign(later - earlier)
            for earlier, later in itertools.combinations(row, 2)
            if not math.isnan(later + earlier)
        )
        for row in rows
    ]
    assert score_pairs(np.array(rows)).tolist() == expected


@given(ROWS)
def test_the_variance_less_what_ties_take(rows):
    """With n numbers n (n - 1) (2 n + 5), less t (t - 1) (2 t + 5) of each group of t equal numbers, over 18."""

    def weigh(count):
        return count * (count - 1) * (2 * count + 5)

    expected = []
    for row in rows:
        numbers = [value for value in row if not math.isnan(value)]
        expected.append((weigh(len(numbers)) - sum(map(weigh, Counter(numbers).values()))) / 18)
    assert vary_score(np.array(rows)).tolist() == expected
