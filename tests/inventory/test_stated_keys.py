"""What a compiler states of a category: which statements are refused, and of which area, year and gas one holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.categories import categories
from carbonacct.errors import NotationError
from carbonacct.inventory.stated_keys import KEYS, StatedKey, find_above, select_stated

OIL = ("1.B.2", "NO", "no wells")


@pytest.mark.parametrize(
    ("words", "more", "said"),
    [
        (("1.B.9", "NO", "why"), {}, "no category '1.B.9'; did you mean 2.B.9, 1.B.3"),
        (("oil", "NO", "why"), {}, "no category 'oil'; known: 1, "),
        (("1.B.2", "NX", "why"), {}, "1.B.2: no notation key 'NX'; known: NO, NE, NA, IE, C"),
        (("1.B.2", "no", "why"), {}, "1.B.2: no notation key 'no'"),
        (("1.B.2", "NO", ""), {}, "1.B.2: the key NO needs a reason; each key carries one"),
        (("1.B.2", "IE", "why"), {}, "1.B.2: IE needs the category that holds it, not ''"),
        (
            ("1.B.2", "IE", "why"),
            {"included_in": "1.B.2"},
            "1.B.2: IE needs the category that holds it, not '1.B.2'",
        ),
        (
            ("1.B.2", "NO", "why"),
            {"included_in": "1.B.1"},
            "1.B.2: the key NO points to no category; IE does",
        ),
        (("1.B.2", "IE", "why"), {"included_in": "1.Q"}, "no category '1.Q'"),
        (
            ("1.A.2", "IE", "why"),
            {"included_in": "1.B.2"},
            "1.A.2: fuel that burns is not included in 1.B.2, what leaks from mines and wells; name a",
        ),
        (
            ("1.A", "IE", "why"),
            {"included_in": "1.B"},
            "1.A: fuel that burns is not included in 1.B",
        ),
        (
            ("2.A.1", "NO", "why"),
            {"gases": ("CO2", "SF6")},
            "2.A.1: emits no SF6; leave the gas out",
        ),
    ],
)
def test_a_statement_that_states_nothing_is_refused(words, more, said):
    """IPCC 2006 Guidelines, Vol. 1, 8.2.5: a key has a reason, IE a place; fuel that burns does not leak."""
    with pytest.raises(NotationError) as caught:
        StatedKey(*words, **more)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("category", "held"),
    [("1.A.2", "1.A.4"), ("1.A.2", "2.C.1"), ("1.B.2", "1.A.1"), ("1.B.1", "1.B.2")],
)
def test_where_emissions_may_be_included(category, held):
    """What leaks may be with what burns, and a fuel with the process that it feeds."""
    assert StatedKey(category, "IE", "why", included_in=held).included_in == held


@pytest.mark.parametrize("key", KEYS)
def test_each_key_may_be_stated(key):
    """Only IE names where the emissions are."""
    held = "1.B.1" if key == "IE" else ""
    assert StatedKey("1.B.2", key, "why", included_in=held).key == key


@pytest.mark.parametrize(
    ("more", "asked", "holds"),
    [
        ({}, ("重庆", 2015, "CH4"), True),
        ({"area": "重庆"}, ("重庆", 2015, "CH4"), True),
        ({"area": "重庆"}, ("Chongqing", 2015, "CH4"), True),
        ({"area": "chongqing"}, ("重庆市", 2015, "CH4"), True),
        ({"area": "重庆"}, ("四川", 2015, "CH4"), False),
        ({"years": (2014, 2016)}, ("重庆", 2015, "CH4"), False),
        ({"years": (2014, 2015)}, ("重庆", 2015, "CH4"), True),
        ({"gases": ("CO2",)}, ("重庆", 2015, "CH4"), False),
        ({"gases": ("CO2", "CH4")}, ("重庆", 2015, "CH4"), True),
        ({"area": "重庆", "years": (2015,), "gases": ("CH4",)}, ("重庆", 2015, "CH4"), True),
        ({"area": "四川", "years": (2015,), "gases": ("CH4",)}, ("重庆", 2015, "CH4"), False),
        ({"area": "重庆", "years": (2014,), "gases": ("CH4",)}, ("重庆", 2015, "CH4"), False),
        ({"area": "重庆", "years": (2015,), "gases": ("CO2",)}, ("重庆", 2015, "CH4"), False),
    ],
)
def test_of_what_a_statement_is(more, asked, holds):
    """Of every area, year and gas that it does not name, and of those alone that it names, in any spelling."""
    assert StatedKey(*OIL, **more).is_of(*asked) is holds


def test_one_category_is_stated_once_of_an_area_year_and_gas():
    """Two of one place contradict each other, of other years they do not; the same record may be there twice."""
    one = StatedKey(*OIL, years=(2015,))
    other = StatedKey("1.B.2", "NE", "not counted", years=(2016,))
    assert select_stated([one, other], "重庆", 2015, "CH4") == {"1.B.2": one}
    assert select_stated([one, other], "重庆", 2016, "CH4") == {"1.B.2": other}
    assert select_stated([one, other], "重庆", 2017, "CH4") == {}
    assert select_stated([one, one], "重庆", 2015, "CH4") == {"1.B.2": one}
    both = [one, StatedKey("1.B.2", "NE", "not counted")]
    with pytest.raises(
        NotationError, match=r"^1\.B\.2 of 重庆 2015 is stated twice: NO, NE; leave one$"
    ):
        select_stated(both, "重庆", 2015, "CH4")
    assert select_stated(both, "重庆", 2016, "CH4") == {"1.B.2": both[1]}


@given(
    st.sampled_from(sorted(categories())),
    st.sets(st.sampled_from(sorted(categories())), min_size=1, max_size=8),
)
def test_the_nearest_statement_above_holds(code, stated):
    """The longest code that the category is or lies below; a statement of a part says nothing of the whole."""
    known = {one: StatedKey(one, "NO", "none") for one in stated}
    found = find_above(code, known)
    above = [one for one in stated if f"{code}.".startswith(f"{one}.")]
    assert (found.category if found else None) == max(above, key=len, default=None)
