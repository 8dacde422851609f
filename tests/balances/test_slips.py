"""What a number might have been before a slip of print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.balances.amounts.slips import KINDS, list_slips


def of_kind(printed, decimals, kind):
    """Return the numbers that a slip of one kind would turn into the printed one."""
    return [slip.number for slip in list_slips(printed, decimals) if slip.kind == kind]


# Printed number, decimals of its column -> by kind, all numbers that it might have been. By hand.
CASES = {
    "a decimal": (
        (12.5, 1),
        {
            "decimal-point": [125, 1250, 12_500, 125_000],
            "sign": [-12.5],
            "digits-swapped": [21.5, 15.2],
            "digit": [
                *(n + 2.5 for n in (0, 20, 30, 40, 50, 60, 70, 80, 90)),
                *(n + 10.5 for n in (0, 1, 3, 4, 5, 6, 7, 8, 9)),
                12.0,  # of the last digit four units are rounding
            ],
        },
    ),
    "below zero, whole": (
        (-40, 0),
        {
            "decimal-point": [-4, -400, -4_000, -40_000, -400_000],
            "sign": [40],
            "glued-digit": [-4],
            "digits-swapped": [-4],
            "digit": [-10, -20, -30, -50, -60, -70, -80, -90, -45, -46, -47, -48, -49],
        },
    ),
    "nothing": ((0, 0), {"digit": [5, 6, 7, 8, 9]}),
    "one digit": (
        (7, 0),
        {"decimal-point": [70, 700, 7_000, 70_000], "sign": [-7], "digit": [1, 2]},
    ),
    "four decimals are print": (
        (0.1, 4),
        {
            "decimal-point": [0.001, 0.01, 0.0001, 1, 10, 100, 1_000],
            "sign": [-0.1],
            "digits-swapped": [1.0, 0.01],
            "digit": [
                *(n + 0.1 for n in range(1, 10)),
                *(n / 10 for n in range(2, 10)),
                *(0.1 + n / 100 for n in range(1, 10)),
                *(0.1 + n / 1_000 for n in range(1, 10)),
                *(0.1 + n / 10_000 for n in range(5, 10)),
            ],
        },
    ),
    "more are of a calculation": (
        (0.123456, 5),
        {
            "decimal-point": [
                *(0.00123456, 0.0123456, 0.000123456, 0.0000123456),
                *(1.23456, 12.3456, 123.456, 1234.56),
            ],
            "sign": [-0.123456],
        },
    ),
    "more digits than a float keeps": ((1e16, 0), {"sign": [-1e16]}),
}


@pytest.mark.parametrize(("printed", "right"), CASES.values(), ids=CASES)
def test_all_numbers_that_one_slip_turns_into_the_printed_one(printed, right):
    """Each once per place, none that the column could not print, and none that is nothing."""
    found = {kind: of_kind(*printed, kind) for kind in KINDS}
    points = [n for n in found["decimal-point"] if abs(n) < 1e12]
    assert points == pytest.approx(right.pop("decimal-point", []))
    found.pop("decimal-point")
    assert {kind: numbers for kind, numbers in found.items() if numbers} == {
        kind: pytest.approx(numbers) for kind, numbers in right.items()
    }


def test_a_column_of_calculated_numbers_keeps_the_digits_of_its_round_ones():
    """2.5 in a column of six decimals is taken as print of one decimal."""
    assert of_kind(2.5, 6, "digits-swapped") == [5.2]
    assert 0.00025 in of_kind(2.5, 6, "decimal-point")
    assert 0.2134 in of_kind(0.1234, 6, "digits-swapped")
    assert of_kind(0.12345, 6, "digits-swapped") == []  # five are more than print has


def test_sixteen_digits_are_the_most():
    """A float keeps fifteen to seventeen digits: of longer numbers the digits are no print."""
    assert of_kind(1234567890123456, 0, "glued-digit") == [123456789012345]
    assert of_kind(12345678901234567, 0, "glued-digit") == []


@given(mantissa=st.integers(1, 10**6 - 1), decimals=st.integers(0, 4), data=st.data())
def test_each_slip_is_undone(mantissa, decimals, data):
    """A number that was misprinted is among those that the misprint might have been."""
    right, text = mantissa / 10**decimals, str(mantissa)
    place = data.draw(st.integers(0, len(text) - 1))
    digit = data.draw(
        st.sampled_from([each for each in "0123456789" if abs(int(each) - int(text[place])) > 4])
    )
    power = data.draw(st.sampled_from([1, 2, 3, 4]))
    wrong = {
        "decimal-point": mantissa * 10**power,
        "sign": -mantissa,
        "digit": int(text[:place] + digit + text[place + 1 :]),
    }
    if place and text[place] != text[place - 1]:
        wrong["digits-swapped"] = int(
            text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]
        )
    for kind, number in wrong.items():
        # A first digit that became 0 is lost in print, and is none that was misread.
        if len(str(abs(number))) >= max(len(text), decimals + 1):
            assert any(
                abs(one - right) < 1e-9 * right
                for one in of_kind(number / 10**decimals, decimals, kind)
            )
    glued = int(f"{mantissa}{digit}")
    assert mantissa in of_kind(glued, 0, "glued-digit")
