"""Zero, NO, IE, missing and C stay apart through an equation: the rules, each in one line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.equations.arithmetic import (
    CONFIDENTIAL,
    IE,
    MISSING,
    NO,
    NUMBER,
    NumbersAndStates,
    add,
    divide,
    first,
    multiply,
    power,
    states_of,
    sum_over,
)

ALL = (NUMBER, NO, IE, MISSING, CONFIDENTIAL)
states = st.sampled_from(ALL)


def cell(state: int, value: float = 2.0) -> NumbersAndStates:
    """Return one cell."""
    number = np.array([value if state == NUMBER else 0.0])
    return NumbersAndStates(number, np.array([state], np.int8) if state else None)


def state_of(cells: NumbersAndStates) -> int:
    """Return the state of one cell."""
    return int(states_of(cells)[0])


@pytest.mark.parametrize(
    ("left", "right", "product", "total"),
    [
        (NUMBER, NUMBER, NUMBER, NUMBER),
        (NUMBER, NO, NO, NUMBER),
        (NUMBER, IE, IE, NUMBER),
        (NUMBER, MISSING, MISSING, MISSING),
        (NUMBER, CONFIDENTIAL, CONFIDENTIAL, CONFIDENTIAL),
        (NO, NO, NO, NO),
        (NO, IE, NO, IE),
        (NO, MISSING, NO, MISSING),
        (NO, CONFIDENTIAL, NO, CONFIDENTIAL),
        (IE, IE, IE, IE),
        (IE, MISSING, MISSING, MISSING),
        (MISSING, CONFIDENTIAL, CONFIDENTIAL, CONFIDENTIAL),
    ],
)
def test_products_and_sums(left, right, product, total):
    """A product is NO if a factor is, a sum only if all parts are; what lacks is never zero."""
    for one, other in ((left, right), (right, left)):
        assert state_of(multiply(cell(one), cell(other))) == product
        assert state_of(add(cell(one), cell(other))) == total
        assert state_of(add(cell(one), cell(other), -1)) == total


@pytest.mark.parametrize("other", ALL)
def test_nothing_times_anything_is_nothing(other):
    """What uses nothing emits nothing, whatever its factor; NO stays NO."""
    found = multiply(cell(NUMBER, 0.0), cell(other))
    assert state_of(found) == (NO if other == NO else NUMBER)
    assert found.values[0] == 0


def test_quotients():
    """By zero is missing, also zero by zero; what does not occur by what does not occur is NO."""
    assert state_of(divide(cell(NUMBER), cell(NUMBER, 0.0))) == MISSING
    assert state_of(divide(cell(NUMBER, 0.0), cell(NUMBER, 0.0))) == MISSING
    assert state_of(divide(cell(NO), cell(NO))) == NO
    assert state_of(divide(cell(NO), cell(NUMBER, 0.0))) == NO
    assert divide(cell(NUMBER, 3.0), cell(NUMBER, 2.0)).values[0] == 1.5


@pytest.mark.parametrize("left", ALL)
@pytest.mark.parametrize("right", ALL)
@pytest.mark.parametrize("value", [0.0, 2.0])
def test_a_quotient_has_the_state_of_the_product(left, right, value):
    """Except where a divisor is 0: also among numbers in one array, and where blanks are stored as 0."""
    above = NumbersAndStates(np.array([2.0, value if left == NUMBER else 0.0]), np.array([0, left]))
    below = NumbersAndStates(np.array([4.0, 4.0 if right == NUMBER else 0.0]), np.array([0, right]))
    np.testing.assert_array_equal(
        states_of(divide(above, below)), states_of(multiply(above, below))
    )
    assert divide(above, below).values[0] == 0.5


def test_powers():
    """A power that is no real number is missing."""
    assert state_of(power(cell(NUMBER, -2.0), cell(NUMBER, 0.5))) == MISSING
    assert power(cell(NUMBER, 4.0), cell(NUMBER, 0.5)).values[0] == 2
    assert state_of(power(cell(IE), cell(NUMBER))) == IE


@given(st.lists(states, min_size=1, max_size=5))
def test_the_first_that_is_not_missing(options):
    """What does not occur, or is confidential, serves as well; what is missing does not."""
    found, served = first([cell(state, place + 1.0) for place, state in enumerate(options)])
    wanted = next((place for place, state in enumerate(options) if state != MISSING), None)
    assert state_of(found) == (MISSING if wanted is None else options[wanted])
    if wanted is not None:
        assert served[0] == wanted


@given(st.lists(states, min_size=1, max_size=6))
def test_a_sum_over_labels_is_the_sum_of_its_parts(parts):
    """Adding along an axis has the state and the value of adding one after the other."""
    values = np.array([[2.0 if state == NUMBER else 0.0 for state in parts]])
    whole = sum_over(NumbersAndStates(values, np.array([parts], np.int8)), (-1,))
    one_by_one = cell(parts[0])
    for state in parts[1:]:
        one_by_one = add(one_by_one, cell(state))
    assert int(states_of(whole)[0, 0]) == state_of(one_by_one)
    assert whole.values[0, 0] == one_by_one.values[0]


@given(states, states, states)
def test_sums_do_not_depend_on_their_order(one, two, three):
    """Adding is associative also for kinds of nothing."""
    a, b, c = cell(one), cell(two), cell(three)
    left, right = add(add(a, b), c), add(a, add(b, c))
    assert state_of(left) == state_of(right)
    assert left.values[0] == right.values[0]
