"""Numbers of activities taken together: what they are called, when two prints are one, shares, labels left out."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.sectors.sources.activity_names import names_of
from carbonacct.sectors.sources.activity_numbers import (
    AreasAndYears,
    find_bound_fault,
    find_labels_left_out,
    find_share_faults,
    keep_sectors,
    overruled,
    twice_printed,
)
from tests.sectors.sources.made_numbers import number

NAMES = names_of("provincial-2011")


def keyed(*numbers):
    """Return numbers by their keys, as the reader holds them."""
    found = {one.key: one for one in numbers}
    assert len(found) == len(numbers)
    return found


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        # 318 and 318.4 ten thousand head: the first is rounded to 10,000 head, half of it is 5,000.
        (number(3_180_000, rounding=5e3), number(3_184_000, rounding=500), True),
        (
            number(3_180_000, rounding=5e3),
            number(3_185_000, rounding=500),
            True,
        ),  # just half a unit
        (number(3_180_000, rounding=5e3), number(3_185_001, rounding=500), False),
        (number(3_184_000, rounding=500), number(3_180_000, rounding=5e3), True),  # in either order
        (number(1e6), number(1e6 * (1 + 1e-13)), True),  # what a conversion of units leaves
        (number(1e6), number(1e6 * (1 + 1e-11)), False),
        (number(math.nan, notation="NO"), number(math.nan, notation="NO"), True),
        (number(math.nan, notation="NO"), number(math.nan, notation="NE"), False),
        (number(math.nan, notation="NO"), number(0.0), False),
        (number(0.0), number(math.nan, notation="NO"), False),
    ],
)
def test_two_prints_are_one_number_within_the_rounding_of_the_coarser(one, other, agree):
    """A page in 万头 and a table in head agree within the page's rounding; a notation key with itself alone."""
    assert one.agrees_with(other) is agree


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0, 1e6), st.floats(0, 1e6))
def test_the_agreement_of_two_prints_has_no_order(value, other, rounding, finer):
    """Which is read first is no matter, but for the last bits that a conversion leaves."""
    a, b = number(value, rounding=rounding), number(other, rounding=finer)
    if abs(abs(value - other) - max(rounding, finer)) > 1e-2:
        assert a.agrees_with(b) == b.agrees_with(a)
    assert a.agrees_with(a)


def test_a_number_is_called_by_its_labels_area_and_year():
    """A factor that a compiler states for all years says none."""
    assert number(1.0, animal="pigs", mode="household").name == "heads pigs household 重庆 2020"
    assert number(1.0, symbol="lime_factor", year=0, area="").name == "lime_factor"


def test_two_numbers_of_one_meaning_are_said_with_both_places():
    """Whoever has to choose sees where each stands."""
    said = twice_printed(
        number(318, where="a.csv!B3", animal="pigs"), number(320, where="b.csv!C7", animal="pigs")
    )
    assert said == "a.csv!B3: heads pigs 重庆 2020 is 318 here and 320 in b.csv!C7; keep one"


@pytest.mark.parametrize(
    ("stated", "shown"), [(number(320, where="b.csv!C7"), "320"), (None, "NO")]
)
def test_what_a_table_states_stands_before_a_page(stated, shown):
    """The page's number is said at its own place; what counts may be a notation key."""
    key = number(math.nan, notation="NO", where="b.csv!C7")
    key = replace(key, origin=replace(key.origin, printed=" "))
    found = overruled(number(318, where="a.csv!B3"), stated or key)
    assert (found.rule, found.severity, found.where) == ("activity-overruled", "info", "a.csv!B3")
    assert found.message == f"heads 重庆 2020 is 318 here and counts as {shown}, as b.csv!C7 states"


def test_areas_are_spelled_as_the_balances_have_them():
    """重庆市 of a page is the 重庆 of the balance beside it; whoever comes first decides where there is none."""
    places = AreasAndYears("重庆", 2020, ["重庆市"])
    assert (places.area, places.year) == ("重庆", 2020)
    assert [places.spell(name) for name in ("重庆", "Chongqing", "", "四川", "四川省")] == [
        "重庆市",
        "重庆市",
        "重庆市",
        "四川",
        "四川",
    ]
    assert [places.is_elsewhere(name) for name in ("重庆", "四川")] == [False, True]
    alone = AreasAndYears(None, None)
    assert (alone.area, alone.year, alone.spell("")) == ("", 0, "")
    assert not alone.is_elsewhere("四川")  # without balances no area is another


BOUNDS = [
    ("heads", 0.0, ""),
    ("heads", -1.0, "heads is -1 head; it cannot be below 0; correct it"),
    ("heads", math.inf, "heads is inf head; it cannot be below 0; correct it"),
    ("heads", math.nan, "heads is nan head; it cannot be below 0; correct it"),
    ("site_share", 0.0, ""),
    ("site_share", 1.0, ""),
    (
        "site_share",
        1.0001,
        "site_share is 1.0001; it lies between 0 and 1; a percentage has the unit %",
    ),
    ("site_share", 85.0, "site_share is 85; it lies between 0 and 1; a percentage has the unit %"),
    (
        "site_share",
        -0.1,
        "site_share is -0.1; it lies between 0 and 1; a percentage has the unit %",
    ),
]


@pytest.mark.parametrize(("symbol", "value", "said"), BOUNDS)
def test_a_value_beyond_what_it_can_be_is_said_with_its_bounds(symbol, value, said):
    """Nothing counts below nothing; a share in percent without its sign is the usual slip."""
    about = NAMES.about(symbol)
    assert find_bound_fault(NAMES, about, value, about.unit) == said


SHARES = [
    ((0.6, 0.4), None),
    ((0.6, 0.404), None),  # printed to a tenth of a percent, they may add to a little more
    ((0.6, 0.406), "adds to 1.006 over site, not to 1"),
    ((0.6, 0.396), None),
    ((0.6, 0.394), "adds to 0.994 over site, not to 1"),
    ((1.0,), None),
]


@pytest.mark.parametrize(("shares", "said"), SHARES)
def test_shares_of_a_whole_add_to_one(shares, said):
    """All sites of a city take all its waste, within the rounding of print; the fault stands at the first of them."""
    parts = [
        number(share, "site_share", where=f"t.csv!E{row}", site=site)
        for row, (share, site) in enumerate(
            zip(shares, ("managed", "unmanaged_deep"), strict=False), 2
        )
    ]
    found = list(find_share_faults(NAMES, keyed(*parts)))
    assert found == (
        [f"t.csv!E2: site_share of 重庆 2020 {said}; correct the shares"] if said else []
    )


def test_shares_that_may_leave_a_rest_go_no_further_than_one():
    """Waste of which a part is nothing that rots: its shares may add to less, never to more."""
    kinds = ("food", "paper", "wood")

    def faults(*shares):
        parts = [
            number(share, "waste_share", waste=kind)
            for share, kind in zip(shares, kinds, strict=True)
        ]
        return list(find_share_faults(NAMES, keyed(*parts)))

    assert faults(0.3, 0.1, 0.05) == faults(0.5, 0.4, 0.1) == []
    assert faults(0.8, 0.2, 0.1) == [
        "t.csv!E2: waste_share of 重庆 2020 adds to 1.1 over waste, not to at most 1; correct the shares"
    ]


def test_shares_of_other_years_and_areas_are_wholes_of_their_own():
    """Each city and year adds to 1 by itself; a key is no part of a sum."""
    sites = ("managed", "unmanaged_deep")
    parts = [
        number(0.5, "site_share", area=area, year=year, site=site)
        for area in ("重庆", "四川")
        for year in (2019, 2020)
        for site in sites
    ]
    assert not list(find_share_faults(NAMES, keyed(*parts)))
    key = number(math.nan, "site_share", notation="NO", site="unmanaged_deep")
    assert not list(find_share_faults(NAMES, keyed(number(1.0, "site_share", site="managed"), key)))


def test_amounts_are_no_shares():
    """Heads of animals add to what they add to."""
    assert not list(
        find_share_faults(NAMES, keyed(number(7.0, animal="pigs"), number(9.0, animal="goats")))
    )


def test_numbers_of_other_sectors_are_passed_over_and_counted():
    """Two numbers of cattle and one of clinker, where waste alone is asked for."""
    numbers = keyed(
        number(1.0, animal="pigs"),
        number(2.0, animal="goats"),
        number(3.0, "clinker_output"),
        number(4.0, "msw_landfilled"),
    )
    assert keep_sectors(NAMES, numbers, None) == (list(numbers.values()), [])
    assert keep_sectors(NAMES, numbers, ["agriculture", "processes", "waste"]) == (
        list(numbers.values()),
        [],
    )
    kept, (said,) = keep_sectors(NAMES, numbers, ["waste"])
    assert [one.symbol for one in kept] == ["msw_landfilled"]
    assert (said.rule, said.severity) == ("activity-passed", "info")
    assert said.message == "3 numbers of other sectors are passed over: heads, clinker_output"


def test_a_label_that_is_left_out_is_said_once_for_all_its_items():
    """Pigs and goats without the way they are kept: one finding with both, at the first of them."""
    bare = [
        number(1.0, where="t.csv!D2", animal="pigs", mode="unspecified"),
        number(2.0, where="t.csv!D3", animal="goats", mode="unspecified"),
    ]
    told = number(3.0, where="t.csv!D4", animal="dairy_cattle", mode="household")
    (found,) = find_labels_left_out(NAMES, [told, *bare])
    assert (found.rule, found.severity, found.where) == ("label-left-out", "warning", "t.csv!D2")
    assert "heads of pigs, goats is read as" in found.message
    assert "household" in found.action
    assert "unspecified" not in found.action
    assert not list(find_labels_left_out(NAMES, [told]))
