"""What a compiler states of a category beside the numbers and keys that are there."""

from __future__ import annotations

import math

import pytest

from carbonacct.errors import NotationError
from carbonacct.inventory.stated_keys import StatedKey, find_above, select_stated
from carbonacct.sectors.energy.applied_statements import (
    apply_stated,
    check_pointers,
    inherit_stated,
)
from carbonacct.sectors.energy.notation import Noted

WHERE = ("重庆", 2015, "CH4")
NUMBER, ZERO, NOTHING = Noted(12.0), Noted(0.0), Noted(keys=frozenset({"NE"}))


def stated(category="1.B.2", key="NO", **more):
    """Return one statement by its category."""
    return {category: StatedKey(category, key, "nothing is produced", **more)}


def test_a_category_has_the_key_of_the_nearest_one_above():
    """IPCC 2006, Vol. 1, Ch. 8, 8.2.5: a key with its explanation, and where the emissions are."""
    both = stated("1.B", "NE") | stated("1.B.2", "IE", included_in="1.B.1")
    assert inherit_stated("1.B.2.a", both) == (
        Noted(keys=frozenset({"IE"})),
        ("1.B.1", "nothing is produced", "nothing is produced"),
    )
    assert inherit_stated("1.B.1", both)[0] == Noted(keys=frozenset({"NE"}))
    assert inherit_stated("1.A", both) is None
    assert find_above("1.B.2.a.i", both).category == "1.B.2"
    assert find_above("1", both) is None


@pytest.mark.parametrize(
    ("key", "noted", "printed", "expected"),
    [
        ("NO", NOTHING, set(), "NO"),  # ours gives way
        ("C", NOTHING, {"C"}, "C"),  # the table says so itself
        ("NO", ZERO, set(), "0"),  # a zero agrees with what does not occur
        ("NA", ZERO, {"NE"}, "0"),
        (
            "NE",
            Noted(12.0, frozenset({"NE"})),
            set(),
            "12,NE",
        ),  # a number that lacks what is stated of it
    ],
)
def test_a_key_stands_where_nothing_contradicts_it(key, noted, printed, expected):
    """And a number stays."""
    assert (
        str(apply_stated("1.B.2", noted, frozenset(printed), stated(key=key), where=WHERE))
        == expected
    )
    assert apply_stated("1.B.1", noted, frozenset(printed), stated(key=key), where=WHERE) is noted


@pytest.mark.parametrize(
    ("key", "noted", "printed", "said"),
    [
        (
            "NO",
            NUMBER,
            set(),
            r"1.B.2 is stated NO \(nothing is produced\), but 重庆 2015 has 12 t CH4 of it",
        ),
        (
            "NE",
            ZERO,
            set(),
            "has 0 t CH4 of it; take the statement back",
        ),  # not estimated is no zero
        ("C", ZERO, set(), "has 0 t CH4 of it"),
        ("NO", Noted(12.0, frozenset({"NE"})), set(), "has 12 t CH4 of it"),
        (
            "NO",
            NOTHING,
            {"NE", "C"},
            "but the tables of 重庆 2015 say C, NE of its CH4; make them agree",
        ),
    ],
)
def test_a_key_that_contradicts_is_refused(key, noted, printed, said):
    """With the number, or the keys of the tables."""
    with pytest.raises(NotationError, match=said):
        apply_stated("1.B.2", noted, frozenset(printed), stated(key=key), where=WHERE)


@pytest.mark.parametrize(
    ("found", "is_refused"),
    [
        ({"1.B.2": NOTHING, "1.B.1": NOTHING}, True),
        ({"1.B.2": NOTHING, "1.B.1": NUMBER}, False),
        ({"1.B.2": NOTHING}, False),  # the holder is of another table
        ({"1.B.1": NOTHING}, False),  # the statement is
    ],
)
def test_what_is_included_elsewhere_is_there(found, is_refused):
    """IE points to a category that has a number."""
    one = stated("1.B.2", "IE", included_in="1.B.1")
    if not is_refused:
        check_pointers(one, found, WHERE)
        return
    with pytest.raises(
        NotationError,
        match=r"1.B.2 is stated IE in 1.B.1, but 1.B.1 of 重庆 2015 has no number of CH4",
    ):
        check_pointers(one, found, WHERE)
    check_pointers(stated("1.B.2", "NO"), found, WHERE)


@pytest.mark.parametrize(
    ("fields", "place", "holds"),
    [
        ({}, ("重庆", 2015, "CH4"), True),
        ({"area": "重庆市"}, ("重庆", 2015, "CH4"), True),
        ({"area": "北京"}, ("重庆", 2015, "CH4"), False),
        ({"years": (2014, 2015)}, ("重庆", 2015, "CH4"), True),
        ({"years": (2014,)}, ("重庆", 2015, "CH4"), False),
        ({"gases": ("CO2", "CH4")}, ("重庆", 2015, "CH4"), True),
        ({"gases": ("CO2",)}, ("重庆", 2015, "CH4"), False),
    ],
)
def test_a_statement_is_of_what_it_names(fields, place, holds):
    """Of all areas, years and gases where it names none; two of one place are refused with both keys."""
    one, other = (StatedKey("1.B.2", key, "a reason", **fields) for key in ("NO", "NE"))
    assert one.is_of(*place) == holds
    assert select_stated([one], *place) == ({"1.B.2": one} if holds else {})
    assert select_stated([one, one], *place) == select_stated([one], *place)
    if holds:
        with pytest.raises(
            NotationError, match=r"1.B.2 of 重庆 2015 is stated twice: NO, NE; leave one"
        ):
            select_stated([one, other], *place)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("1.B.99", "NO", "x"), "no category '1.B.99'"),
        (("1.B.2", "N/A", "x"), "1.B.2: no notation key 'N/A'; known: NO, NE, NA, IE, C"),
        (("1.B.2", "NO", ""), "1.B.2: the key NO needs a reason"),
        (("1.B.2", "IE", "x"), "IE needs the category that holds it, not ''"),
        (("1.B.2", "IE", "x", "1.B.2"), "IE needs the category that holds it, not '1.B.2'"),
        (("1.B.2", "NO", "x", "1.B.1"), "the key NO points to no category; IE does"),
        (("1.B.2", "IE", "x", "9.Z"), "no category '9.Z'"),
        (("1.A.1", "IE", "x", "1.B.1"), "fuel that burns is not included in 1.B.1"),
        (("1.B.2", "NO", "x", "", "", (), ("SF6",)), "1.B.2: emits no SF6; leave the gas out"),
    ],
)
def test_what_states_nothing_is_refused(words, said):
    """By name, with what there is."""
    with pytest.raises(NotationError, match=said):
        StatedKey(*words)


def test_what_leaks_may_be_included_in_what_burns():
    """Flared gas in the fuel of refineries; and of a category a gas that only some below it emit is stated."""
    assert StatedKey("3", "NO", "no animals", gases=("CH4",)).is_of("重庆", 2015, "CH4")
    assert StatedKey("1.B.2", "IE", "flared at refineries", "1.A.1.b").included_in == "1.A.1.b"
    assert math.isnan(NOTHING.value)
