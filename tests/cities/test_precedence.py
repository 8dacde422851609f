"""A city's own numbers beside allocated ones, and beside its printed totals: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.balances.amounts.origins import CellOrigin
from carbonacct.cities.own_tables import Carried, CityCell
from carbonacct.cities.precedence import give_way, is_same_use, limit_by_totals
from carbonacct.cities.printed_totals import (
    check_electricity,
    check_totals,
    find_totals,
    list_known,
    name_suspect,
    name_unused,
    note_carried,
    physical,
)
from tests.cities.test_facts import make


def cell(value, how="allocated", unit="t", **more):
    """Return a cell of a city."""
    return CityCell(value, unit, CellOrigin(how, "beta", source="s"), **more)


def cells(how="allocated", **values):
    """Return cells: ``industry__raw_coal=5``; a dot of a flow is ``_at_``."""
    keys = {name: tuple(name.replace("_at_", ".").split("__")) for name in values}
    return {keys[name]: cell(value, how) for name, value in values.items()}


def total(value, product="coal_total", **stated):
    """Return a printed total."""
    return make(value, kind="total", flow="", product=product, label=f"{product} in all", **stated)


def numbers(held):
    """Return the values of cells by row and product."""
    return {"/".join(key): one.value for key, one in held.items()}


@pytest.mark.parametrize(
    ("own", "other", "covers", "is_same"),
    [
        (("industry", "raw_coal"), ("industry.textile", "coal_total"), (), True),
        (("industry.textile", "coal_total"), ("industry", "raw_coal"), (), True),
        (("industry", "raw_coal"), ("industry", "coke"), (), False),
        (("industry", "raw_coal"), ("transport", "raw_coal"), (), False),
        (("industry", "raw_coal"), ("transport", "raw_coal"), ("transport",), True),
        (("industry", "raw_coal"), ("transport", "coke"), ("transport",), False),
    ],
)
def test_one_use_is_a_row_and_a_product_each_within_the_other(own, other, covers, is_same):
    """Or a row that the printed one covers."""
    assert is_same_use(own, other, covers) is is_same


def test_what_a_city_prints_takes_the_place_of_what_is_allocated():
    """Of that use alone; so does a row that is claimed."""
    beside = cells(industry__raw_coal=5, industry__diesel=6, transport__diesel=7, farming__diesel=8)
    own = cells("printed", industry__raw_coal=9)
    assert numbers(give_way(beside, own)) == {
        "industry/diesel": 6,
        "transport/diesel": 7,
        "farming/diesel": 8,
    }
    assert numbers(give_way(beside, own, claims=[("transport", "diesel")])) == {
        "industry/diesel": 6,
        "farming/diesel": 8,
    }
    covering = {
        ("industry", "raw_coal"): cell(9, "printed", covers=("farming",)),
        ("farming", "diesel"): cell(1, "printed"),
    }
    assert numbers(give_way(beside, covering)) == {"industry/diesel": 6, "transport/diesel": 7}


def test_parts_of_a_row_that_is_printed_alone_share_it():
    """In proportion to what was allocated.

    Not where a part is printed, the unit differs or nothing was allocated.
    """
    beside = cells(industry__diesel=99, industry_at_textile__diesel=2, industry_at_paper__diesel=3)
    own = cells("printed", industry__diesel=10)
    shared = give_way(beside, own)
    assert numbers(shared) == {"industry.textile/diesel": 4, "industry.paper/diesel": 6}
    assert "brought to industry x 2: s" in shared["industry.textile", "diesel"].origin.source
    assert give_way(beside, own | cells("printed", industry_at_textile__diesel=1)) == {}
    assert give_way(beside, {("industry", "diesel"): cell(10, "printed", "tce")}) == {}
    assert give_way(cells(industry_at_textile__diesel=0), own) == {}
    assert give_way(cells(industry_at_textile__diesel=-2), own) == {}
    blank = cells(industry_at_textile__diesel=2, industry_at_paper__diesel=np.nan)
    assert numbers(give_way(blank, own)) == {"industry.textile/diesel": 10}


def test_a_sum_of_which_a_part_is_printed_is_no_sum_any_more():
    """A row of sums is whole or absent, over all products."""
    beside = cells("derived", final_consumption__diesel=9, final_consumption__coke=3) | cells(
        transport__diesel=4, transport__coke=3, farming__diesel=5
    )
    own = cells("printed", farming__diesel=6)
    assert numbers(give_way(beside, own)) == {"transport/diesel": 4, "transport/coke": 3}
    assert numbers(give_way(beside, {})) == numbers(beside)
    printed = cells("printed", farming__diesel=6, final_consumption__diesel=10)
    assert "final_consumption/coke" in numbers(give_way(beside, printed))


def test_uses_count_once_by_their_outermost_row():
    """What a plant takes in is a use, what it puts out, blanks and rows inside others are none."""
    held = cells(
        industry__raw_coal=5,
        industry_at_textile__raw_coal=2,
        transport__coke=3,
        thermal_power__raw_coal=-7,
        coking__coke=4,
        farming__raw_coal=np.nan,
        farming__diesel=6,
        production__raw_coal=50,
        losses__raw_coal=1,
    )
    assert {"/".join(key): value for key, value in list_known(held, "coal_total").items()} == {
        "industry/raw_coal": 5,
        "thermal_power/raw_coal": 7,
        "losses/raw_coal": 1,
    }


def test_the_total_in_the_unit_of_its_product_is_the_physical_one():
    """One in coal equivalent alone leaves no residual, and that is said."""
    both = [total(7.0, unit="tce"), total(10.0), total(11.0)]
    assert physical(both).value == 10.0
    assert physical(both[:1]) is None
    found = find_totals([*both, make(1.0), total(3.0, "diesel")])
    assert {product: [one.value for one in facts] for product, facts in found.items()} == {
        "coal_total": [7, 10, 11],
        "diesel": [3],
    }
    assert name_unused(found) == []
    (note,) = name_unused({"coal_total": both[:1], "diesel": [total(3.0, "diesel")]})
    assert note.message == "totals in coal equivalent alone leave no residual: coal_total"


@pytest.mark.parametrize(
    ("value", "is_told"),
    [(100.0, False), (101.0, False), (99.1, False), (101.2, True), (98.9, True)],
)
def test_a_total_that_its_uses_do_not_give_is_told(value, is_told):
    """Beyond 1 %, with the gap and the fuel that may explain it; heat and power have other checks."""
    own = cells("printed", industry__diesel=60, transport__diesel=40)
    notes = check_totals({"diesel": [total(value, "diesel")]}, own, [])
    assert [note.rule for note in notes] == ["city-closure"] * is_told
    if is_told:
        assert (
            f"diesel is {value:g} t in all, its uses give 100: {value - 100:+g} is in no row"
            in notes[0].message
        )
    assert check_totals({"diesel": [total(value, "diesel")]}, {}, []) == []
    power = cells("printed", industry__electricity=60)
    assert check_totals({"electricity": [total(9.0, "electricity", unit="kWh")]}, power, []) == []


def carried(value, label="海运", *, is_outside=False, product="fuel_oil"):
    """Return fuel of a company."""
    return Carried(
        label, "shipping", "transport", product, value, "t", "c.csv!B2", is_outside=is_outside
    )


def test_fuel_outside_the_boundary_is_in_the_total_and_in_no_row():
    """It is taken off before the two are compared."""
    own = cells("printed", industry__fuel_oil=60)
    assert (
        check_totals(
            {"fuel_oil": [total(100.0, "fuel_oil")]}, own, [carried(40.0, is_outside=True)]
        )
        == []
    )
    (note,) = check_totals({"fuel_oil": [total(100.0, "fuel_oil")]}, own, [carried(40.0)])
    assert "海运 (40 t) is near the gap" in note.action


@pytest.mark.parametrize(
    ("values", "named"), [([40.0, 49.0], "40"), ([50.0, 30.0], "50"), ([51.0, 29.0], ""), ([], "")]
)
def test_the_fuel_nearest_to_a_gap_is_suspected(values, named):
    """Within a quarter of it, of either sign, and of the product alone."""
    some = [carried(value) for value in values] + [carried(40.0, "other", product="diesel")]
    for gap in (40.0, -40.0):
        told = name_suspect(gap, some, "fuel_oil")
        assert told.startswith(
            f"海运 ({named} t)" if named else "check the total, and whether both are of one year"
        )


def test_fuel_that_follows_a_seat_is_told_with_its_share():
    """Of the total in its unit, where there is one."""
    inside, outside = note_carried(
        {"fuel_oil": [total(160.0, "fuel_oil")]}, [carried(40.0), carried(9.0, is_outside=True)]
    )
    assert ", 25.0% of fuel_oil, follows the seat" in inside.message
    assert (inside.severity, outside.severity) == ("warning", "info")
    assert "is outside the boundary" in outside.message
    for totals in (
        {},
        {"fuel_oil": [total(0.0, "fuel_oil")]},
        {"fuel_oil": [total(9.0, "fuel_oil", unit="tce")]},
    ):
        (note,) = note_carried(totals, [carried(40.0)])
        assert "40 t of fuel_oil, follows the seat" in note.message


@pytest.mark.parametrize(
    ("use", "gap", "severity"),
    [(101e8, "+1", "info"), (104e8, "+4", "warning"), (96e8, "-4", "warning")],
)
def test_electricity_printed_apart_is_shown(use, gap, severity):
    """Use, generation and import in 10^8 kWh, and what they leave; without one of them no finding."""
    rows = {
        (flow, "electricity"): cell(value * 1e8, "printed", "kWh")
        for flow, value in (("production", 20.0), ("thermal_power", 50.0), ("moved_in", 30.0))
    }
    told = {"electricity": [total(use, "electricity", unit="kWh")]}
    (note,) = check_electricity(told, rows)
    assert note.message.startswith(
        f"electricity: use {use / 1e8:g} and production 20 + thermal_power 50 + moved_in 30"
        f" x 10^8 kWh leave {gap}:"
    )
    assert note.severity == severity
    assert check_electricity({}, rows) == []
    assert check_electricity(told, dict(list(rows.items())[:2])) == []


def test_what_is_allocated_is_brought_to_what_a_total_leaves():
    """By hand: 100 less 60 printed leave 40 for 20 + 60 allocated; each is halved, with its parts."""
    own = cells("printed", industry__diesel=60)
    beside = cells(
        transport__diesel=20,
        farming__diesel=60,
        transport_at_road__diesel=10,
        farming__coke=5,
        households__diesel=np.nan,
    )
    brought, notes = limit_by_totals(beside, own, {"diesel": [total(100.0, "diesel")]}, [])
    assert notes == []
    assert numbers(brought) == {
        "transport/diesel": 10,
        "farming/diesel": 30,
        "transport.road/diesel": 5,
        "farming/coke": 5,
    }
    kept, _ = limit_by_totals(beside, own, {"diesel": [total(100.0, "diesel")]}, ["diesel"])
    assert numbers(kept)["farming/diesel"] == 60
    assert "households/diesel" not in numbers(kept)
    free, _ = limit_by_totals(beside, {}, {"diesel": [total(100.0, "diesel")]}, [])
    assert numbers(free)["farming/diesel"] == 60
    other, _ = limit_by_totals(beside, own, {"diesel": [total(100.0, "diesel", unit="tce")]}, [])
    assert "households/diesel" in numbers(other)


@pytest.mark.parametrize(
    ("value", "is_closed"), [(60.0, True), (50.0, True), (60.6, True), (61.0, False)]
)
def test_where_the_printed_uses_are_the_total_nothing_is_allocated(value, is_closed):
    """But for one per cent, which is print."""
    own = cells("printed", industry__diesel=60)
    beside = cells(transport__diesel=20, farming__coke=5)
    left, notes = limit_by_totals(beside, own, {"diesel": [total(value, "diesel")]}, [])
    assert [note.rule for note in notes] == ["city-closed"] * is_closed
    assert numbers(left) == (
        {"farming/coke": 5}
        if is_closed
        else {"transport/diesel": pytest.approx(value - 60), "farming/coke": 5}
    )


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_numbers_of_any_size_are_treated_alike(scale):
    """Kilotonnes of a county as those of a megacity: all is compared with what stands beside it."""

    def scaled(**values):
        return {name: scale * value for name, value in values.items()}

    beside = cells(
        **scaled(industry_at_textile__diesel=2, industry_at_paper__diesel=3, transport__diesel=9)
    )
    own = cells("printed", **scaled(industry__diesel=10, thermal_power__diesel=-1))
    shared = give_way(beside, own)
    assert numbers(shared) == pytest.approx(
        scaled(**{"industry.textile/diesel": 4, "industry.paper/diesel": 6, "transport/diesel": 9})
    )
    told = {"diesel": [total(20.0 * scale, "diesel")]}
    brought, notes = limit_by_totals(
        cells(**scaled(transport__diesel=3, farming__diesel=15)), own, told, []
    )
    assert numbers(brought) == pytest.approx(
        scaled(**{"transport/diesel": 1.5, "farming/diesel": 7.5})
    )
    assert notes == []
    made = cells("printed", **scaled(thermal_power__diesel=0.5, industry__diesel=10))
    assert list_known(made, "diesel") == pytest.approx({("industry", "diesel"): 10 * scale})
    assert check_totals(told, cells("printed", **scaled(industry__diesel=20)), []) == []
    assert len(check_totals(told, own, [])) == 1
