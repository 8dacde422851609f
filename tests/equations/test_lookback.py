"""Functions over several years and their transposes: closed forms, conservation, adjointness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.equations.arithmetic import CONFIDENTIAL, MISSING, NO, NUMBER, NumbersAndStates
from carbonacct.equations.lookback import (
    average,
    average_back,
    change,
    change_back,
    shift,
    shift_back,
    window_of,
)
from carbonacct.errors import EquationError

AXIS = -2  # area x year x label, as arrays of a run


def cells(*by_year, states=None):
    """Return one area with one label."""
    values = np.array(by_year, float).reshape(1, -1, 1)
    return NumbersAndStates(
        values, None if states is None else np.array(states, np.int8).reshape(1, -1, 1)
    )


def numbers(found):
    """Return the numbers by year, None where there is none."""
    states = np.zeros(found.values.shape) if found.states is None else found.states
    pairs = zip(found.values.ravel().tolist(), states.ravel().tolist(), strict=True)
    return [value if state == NUMBER else None for value, state in pairs]


def test_the_year_before_is_the_start_and_then_what_was():
    """With the state that it had; the start is a number."""
    assert numbers(shift(cells(1, 2, 3), AXIS, 9.0)) == [9, 1, 2]
    moved = shift(cells(1, 0, 3, states=[NUMBER, NO, NUMBER]), AXIS, 0.0)
    assert moved.states.ravel().tolist() == [NUMBER, NUMBER, NO]
    assert moved.values.ravel().tolist() == [0, 1, 0]
    assert shift(cells(1, 2), AXIS, 0.0).states is None


@pytest.mark.parametrize(
    ("years", "held", "expected"),
    [
        # 100 in 2000, 130 in 2003, 120 in 2005: 10 a year, then -5; nothing before or after.
        (
            range(1999, 2007),
            [None, 100, None, None, 130, None, 120, None],
            [None, None, 10, 10, 10, -5, -5, None],
        ),
        # Two surveys of which no year between is asked for: the years apart count, not the places.
        ([2000, 2010], [100, 130], [None, 3]),
        ([2000, 2004, 2010], [100, None, 130], [None, 3, 3]),
        ([2000, 2001], [100, None], [None, None]),  # one survey alone shows no change
    ],
)
def test_the_change_between_two_surveys_is_spread_over_the_years_after_the_first(
    years, held, expected
):
    """(x2 - x1) / (t2 - t1), up to the year of the second."""
    states = [MISSING if one is None else NUMBER for one in held]
    found = change(cells(*(one or 0 for one in held), states=states), AXIS, list(years))
    assert numbers(found) == expected


def test_a_survey_is_a_number_and_no_key():
    """What is confidential or does not occur is no survey."""
    for key in (NO, CONFIDENTIAL, MISSING):
        found = change(cells(100, 0, 120, states=[NUMBER, key, NUMBER]), AXIS, [2000, 2001, 2002])
        assert numbers(found) == [None, 10, 10]
    assert change(cells(1, 2, 4), AXIS, [2000, 2001, 2002]).states.ravel().tolist() == [
        MISSING,
        NUMBER,
        NUMBER,
    ]


@pytest.mark.parametrize(
    ("held", "years", "expected"),
    [
        ([1, 2, 6], 1, [1, 2, 6]),
        ([1, 2, 6], 2, [None, 1.5, 4]),
        ([1, 2, 6], 3, [None, None, 3]),
        ([1, 2, 6], 4, [None, None, None]),  # more than there are
        ([1, None, 6, 8], 2, [None, None, None, 7]),
    ],
)
def test_a_mean_is_of_the_year_and_those_before_it(held, years, expected):
    """All of them have to have a number."""
    states = [MISSING if one is None else NUMBER for one in held]
    found = average(cells(*(one or 0 for one in held), states=states), cells(years), AXIS)
    assert numbers(found) == expected


def test_a_mean_of_a_number_of_years_that_nobody_knows_is_missing():
    """And nothing goes back from it."""
    unknown = cells(0, states=[MISSING])
    assert window_of(unknown) is None
    assert numbers(average(cells(1, 2), unknown, AXIS)) == [None, None]
    assert average_back(np.ones((1, 2, 1)), unknown, AXIS).tolist() == [[[0], [0]]]


@pytest.mark.parametrize(
    ("given_", "said"), [([0], "0"), ([2.5], "2.5"), ([-1], "-1"), ([2, 3], "2, 3")]
)
def test_a_number_of_years_is_one_whole_number(given_, said):
    """One or more, the same everywhere."""
    with pytest.raises(
        EquationError, match=f"the number of years of a mean is {said}; give one whole number"
    ):
        window_of(cells(*given_))
    assert window_of(cells(1, 1)) == 1


@st.composite
def series(draw):
    """Draw years with gaps, numbers of which some lack, and a weight on each year."""
    count = draw(st.integers(2, 7))
    steps = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    there = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    some = st.lists(st.integers(-9, 9), min_size=count, max_size=count)
    states = [NUMBER if one else MISSING for one in there]
    held = [value if one else 0 for value, one in zip(draw(some), there, strict=True)]
    return (1990 + np.cumsum(steps)).tolist(), held, states, draw(some)


@given(series(), st.integers(1, 3))
def test_what_goes_back_is_the_transpose(drawn, window):
    """For each linear function: sum(w . f(x)) = sum(f'(w) . x), the identity of the transpose."""
    years, held, states, weights = drawn
    x, w = cells(*held, states=states), np.array(weights, float).reshape(1, -1, 1)
    full = NumbersAndStates(x.values)
    for forth, back in (
        (shift(full, AXIS, 0.0), shift_back(w, AXIS)),
        (change(x, AXIS, years), change_back(w, x, AXIS, years)),
    ):
        assert (w * forth.values).sum() == pytest.approx((back * x.values).sum())
    mean = average(full, cells(window), AXIS)
    known = w if mean.states is None else np.where(mean.states == NUMBER, w, 0.0)
    assert (known * mean.values).sum() == pytest.approx(
        (average_back(known, cells(window), AXIS) * x.values).sum()
    )


@given(series(), st.floats(-5, 5))
def test_changes_add_up_to_what_the_surveys_differ_by(drawn, more):
    """Year by year, whatever lies between; a constant more in all surveys changes nothing."""
    years, held, states, _ = drawn
    found = change(cells(*held, states=states), AXIS, years)
    surveys = [value for value, state in zip(held, states, strict=True) if state == NUMBER]
    apart = np.diff([years[0], *years])
    total = (found.values.ravel() * apart).sum()
    assert total == pytest.approx(surveys[-1] - surveys[0] if surveys else 0)
    moved = change(cells(*(one + more for one in held), states=states), AXIS, years)
    np.testing.assert_allclose(moved.values, found.values, atol=1e-12)


def test_draws_and_labels_keep_their_places():
    """A leading dim of draws, two areas and two labels: each is looked at by itself."""
    x = np.arange(2 * 2 * 3 * 2, dtype=float).reshape(2, 2, 3, 2) ** 2
    states = np.zeros((2, 3, 2), np.int8)
    states[1, 1, 0] = MISSING
    found = change(NumbersAndStates(x, states), AXIS, [2000, 2001, 2002])
    mean = average(NumbersAndStates(x), cells(2), AXIS)
    for draw, area, label in np.ndindex(2, 2, 2):
        own = NumbersAndStates(
            x[draw, area, :, label].reshape(1, 3, 1), states[area, :, label].reshape(1, 3, 1)
        )
        alone = change(own, AXIS, [2000, 2001, 2002])
        np.testing.assert_array_equal(found.values[draw, area, :, label], alone.values.ravel())
        plain = average(NumbersAndStates(own.values), cells(2), AXIS)
        np.testing.assert_array_equal(mean.values[draw, area, :, label], plain.values.ravel())
