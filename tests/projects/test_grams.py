"""Whole grams: what rounding leaves goes to the largest part, so that parts add up."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from carbonacct.projects.grams import share_out, to_grams

rows = st.lists(
    st.tuples(
        st.integers(-(10**15), 10**15), st.lists(st.integers(1, 1000), min_size=3, max_size=3)
    ),
    min_size=1,
    max_size=20,
)


@given(rows)
def test_parts_add_up_to_the_gram(held):
    """Any total cut by any weights adds up again, and no part moves by more than its rounding."""
    total = np.array([one for one, _ in held])
    weights = np.array([weights for _, weights in held], float)
    parts = total[:, None] * (weights / weights.sum(axis=1, keepdims=True))
    whole = share_out(total, parts)
    assert (whole.sum(axis=1) == total).all()
    assert (np.abs(whole - parts) <= 2).all()


def test_halves_are_not_lost():
    """Three thirds of a hundred grams are a hundred, four quarters of ten are ten."""
    assert share_out(np.array([100]), [[100 / 3] * 3]).sum() == 100
    assert share_out(np.array([10]), [[2.5] * 4]).tolist() == [[4, 2, 2, 2]]
    assert to_grams([0.1, 0.2]).sum() == to_grams([0.3]).sum()
