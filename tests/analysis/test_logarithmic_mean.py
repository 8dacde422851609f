"""The change of a product shared out to its factors: sums, symmetry, and the limits at zero, cell by cell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.analysis.logarithmic_mean import (
    log_ratio,
    logarithmic_mean,
    share_change,
    take_cells,
)

POSITIVE = st.floats(1e-3, 1e3)
ANY = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0]),
    st.floats(-1e3, 1e3).filter(lambda x: x == 0 or abs(x) > 1e-3),
)


def share(before, after):
    """Return what each factor of one cell gets of the change of their product."""
    x0, x1 = ([np.array([[value]], float) for value in side] for side in (before, after))
    changes, mean = share_change(np.prod(x0, axis=0), np.prod(x1, axis=0), x0, x1)
    return changes[0, 0].tolist(), float(mean[0, 0])


@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4))
def test_the_shares_add_up_to_the_change(pairs):
    """Whatever comes, goes or turns, all of the change is given out, and none beyond it where nothing offsets."""
    before, after = zip(*pairs, strict=True)
    changes, _ = share(before, after)
    start, end = math.prod(before), math.prod(after)
    assert sum(changes) == pytest.approx(
        end - start, rel=1e-9, abs=1e-9 * max(abs(start), abs(end), 1e-300)
    )


@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=4))
def test_time_reversed_the_shares_turn_their_sign(pairs):
    """And the factors in another order have the same shares."""
    before, after = zip(*pairs, strict=True)
    forward, back = share(before, after)[0], share(after, before)[0]
    assert forward == pytest.approx([-value for value in back], rel=1e-9, abs=1e-12)
    turned = share(before[::-1], after[::-1])[0]
    assert turned[::-1] == pytest.approx(forward, rel=1e-9, abs=1e-12)


@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=2, max_size=4))
def test_a_factor_that_grows_has_a_share_above_zero(pairs):
    """Of positive factors each share has the sign of its own change."""
    before, after = zip(*pairs, strict=True)
    for (one, other), change in zip(pairs, share(before, after)[0], strict=True):
        assert np.sign(change) == np.sign(other - one) or abs(other - one) < 1e-12 * other


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ((2, 3), (0, 4), [-6, 0]),  # what goes to zero takes the change
        ((0, 3), (2, 4), [8, 0]),
        ((2, 3), (0, 0), [-3, -3]),  # two that go share it
        ((0, 0), (2, 4), [4, 4]),
        ((0, 3), (0, 4), [0, 0]),
        ((-2, 3), (2, 3), [12, 0]),  # a sign that turns
        ((-2, -3), (2, 3), [0, 0]),
        ((-2, 3), (2, -3), [0, 0]),
        ((-2, 3), (4, 0), [6, 0]),  # through zero before the other ends there
        ((0, -3), (2, 3), [0, 6]),
        ((0, 3), (5, 0), [0, 0]),
    ],
)
def test_cells_at_zero(before, after, changes):
    """Who leads the product through zero, or there, has all of it; shared where there are several."""
    assert share(before, after)[0] == pytest.approx(changes)


def test_the_mean_of_a_cell_through_zero_is_nothing():
    """It weighs no other factor; elsewhere it is the logarithmic mean of the product."""
    assert share((2, 3), (0, 4))[1] == 0
    assert share((2, 3), (4, 5))[1] == pytest.approx((20 - 6) / math.log(20 / 6))
    assert share((2, 3), (3, 2))[1] == 6


@given(POSITIVE, POSITIVE)
def test_the_mean_lies_between_the_geometric_and_the_arithmetic_one(one, other):
    """Of any two numbers; it scales with them, and does not know which comes first."""
    mean = float(logarithmic_mean(one, other))
    assert math.sqrt(one * other) * (1 - 1e-12) <= mean <= (one + other) / 2 * (1 + 1e-12)
    assert float(logarithmic_mean(other, one)) == pytest.approx(mean, rel=1e-14)
    assert float(logarithmic_mean(4 * one, 4 * other)) == pytest.approx(4 * mean, rel=1e-14)
    assert float(log_ratio(one, other)) == pytest.approx(
        math.log(other / one), rel=1e-12, abs=1e-15
    )
    assert float(log_ratio(one, other)) == -float(log_ratio(other, one))


def test_numbers_of_very_different_size():
    """The quotient is no float, its logarithm is."""
    assert float(log_ratio(1e-300, 1e300)) == pytest.approx(600 * math.log(10))
    assert float(logarithmic_mean(1e-300, 1e300)) == pytest.approx(1e300 / (600 * math.log(10)))
    assert logarithmic_mean([], []).tolist() == log_ratio([], []).tolist() == []


def test_a_factor_of_all_cells_is_given_once():
    """A factor with one number for all cells shares as one with that number in each."""
    start, end = np.array([[2.0, 4.0]]), np.array([[6.0, 0.0]])
    wide = share_change(
        start,
        end,
        [np.array([[2.0, 2.0]]), np.array([[1.0, 2.0]])],
        [np.array([[3.0, 3.0]]), np.array([[2.0, 0.0]])],
    )
    once = share_change(
        start,
        end,
        [np.array([[2.0]]), np.array([[1.0, 2.0]])],
        [np.array([[3.0]]), np.array([[2.0, 0.0]])],
    )
    assert wide[0].tolist() == once[0].tolist()
    rows, cells = np.array([0, 0]), np.array([1, 0])
    taken = take_cells([np.array([[7.0]]), np.array([[1.0, 2.0]])], rows, cells)
    assert [one.tolist() for one in taken] == [[7, 7], [2, 1]]
    room = np.empty((1, 2, 2))
    held, _ = share_change(
        start,
        end,
        [np.array([[2.0]]), np.array([[1.0, 2.0]])],
        [np.array([[3.0]]), np.array([[2.0, 0.0]])],
        room=room,
    )
    assert held.base is room
    assert held.tolist() == once[0].tolist()


@pytest.mark.parametrize("beside", [1.0, 0.0, -1.0])
def test_a_ratio_beyond_what_a_float_holds_has_its_logarithm(beside):
    """1e300 over 1e-300 is no float, and its logarithm is 600 ln 10; numbers beside it keep theirs."""
    whole = 600 * math.log(10)
    for one, other, sign in ((1e-300, 1e300, 1), (1e300, 1e-300, -1), (-1e-300, -1e300, 1)):
        found = log_ratio([one, beside, 2.0], [other, 2.0, 2.0 * math.e])
        assert found.tolist() == pytest.approx(
            [sign * whole, math.log(2) if beside > 0 else 0, 1], rel=1e-14
        )
        mean = logarithmic_mean([one, beside], [other, 2.0])
        assert mean[0] == pytest.approx(math.copysign(1e300 / whole, one), rel=1e-13)
