"""Power and heat counted at their users, by hand: pools of plants, what is sent out, losses, and what nobody takes."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.sectors.energy.at_users import count_at_users
from carbonacct.sectors.energy.end_use import UNALLOCATED, allocate_to_users, find_use
from carbonacct.sectors.energy.memo import find_memo_items
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

# IPCC 2006, Vol. 2: raw coal at 20.908 GJ/t (GB/T 2589) x 94.6 kg/GJ. kg CO2/kWh of Hebei 2021; heat 0.11 t CO2/GJ.
COAL, GRID, HEAT = 20.908 * 94.6e-3, 0.7901e-3, 0.11
SUPPLIED = {
    "moved_in": {"raw_coal": 1}
}  # a table with a row of supply: what is used is not taken as brought in
CITY = SUPPLIED | {
    "thermal_power": {"raw_coal": -100, "electricity": 20},
    "industry": {"raw_coal": 10, "electricity": 12},
    "households": {"electricity": 6},
}


def users(rows, **options):
    """Return direct, electricity and heat of each user, t CO2."""
    frame = allocate_to_users(inventory_of(rows, **options)).set_index("flow")
    assert (frame["total"] == frame[["direct", "electricity", "heat"]].sum(axis=1)).all()
    return {
        flow: tuple(frame.loc[flow, ["direct", "electricity", "heat"]].astype(float))
        for flow in frame.index
    }


def about(*numbers):
    """Return numbers to compare with."""
    return tuple(pytest.approx(number, abs=1e-6) for number in numbers)


def test_the_pool_of_power_falls_on_its_users():
    """12 and 6 of 18 used: what plants emit, and losses, fall on them by their use; direct emissions stay."""
    assert users(CITY) == {
        "industry": about(10e4 * COAL, 100e4 * COAL * 12 / 18, 0),
        "households": about(0, 100e4 * COAL * 6 / 18, 0),
    }


def test_what_is_sent_out_takes_its_part():
    """2 of 20 leave the area; energy industries that use power are users too."""
    rows = CITY | {"moved_out": {"electricity": -2}, "energy_own_use": {"electricity": 4}}
    found = users(rows)
    assert found["moved_out"] == about(0, 100e4 * COAL * 2 / 24, 0)
    assert found["energy_own_use"] == about(0, 100e4 * COAL * 4 / 24, 0)


@pytest.mark.parametrize(
    ("plant", "outputs", "power"),
    [
        ("thermal_power", {"electricity": 20, "heat": 100}, 1.0),  # a power plant: all of it
        ("heating", {"electricity": 1, "heat": 100}, 0.0),
        (
            "chp",
            {"electricity": 10, "heat": 100},
            10 * 3.6 / (10 * 3.6 + 10),
        ),  # 10^8 kWh are 3.6 x 10^5 GJ, 10^10 kJ are 10^4
        ("chp", {"electricity": 10}, 1.0),
        ("chp", {"heat": 100}, 0.0),
        ("chp", {}, 1.0),  # nothing says what it puts out
    ],
)
def test_plants_share_by_what_they_put_out(plant, outputs, power):
    """By energy, where they make both."""
    rows = SUPPLIED | {
        plant: {"raw_coal": -100} | outputs,
        "industry": {"electricity": 5, "heat": 50},
    }
    ((_, electricity, heat),) = users(rows).values()
    whole = 100e4 * COAL
    assert electricity == pytest.approx(whole * power, abs=1e-6)
    assert heat == pytest.approx(whole * (1 - power), abs=1e-6)


def test_what_nobody_takes_is_a_row_of_its_own():
    """Power that the table prints no user of; nothing is lost."""
    rows = SUPPLIED | {
        "thermal_power": {"raw_coal": -100, "electricity": 20},
        "industry": {"raw_coal": 1, "heat": 3},
    }
    found = users(rows)
    assert found[UNALLOCATED] == about(0, 100e4 * COAL, 0)
    assert found["industry"] == about(1e4 * COAL, 0, 0)


def test_what_is_brought_in_is_in_the_pool():
    """10 at the grid's factor join the area's plants, for users of both; exports are no part of imports."""
    rows = {
        "moved_in": {"electricity": 10, "heat": 20},
        "moved_out": {"electricity": -2},
        "industry": {"electricity": 6, "heat": 10},
        "households": {"electricity": 2, "heat": 10},
    }
    frame = allocate_to_users(
        inventory_of(rows, method="provincial-2011", area="河北", year=2021)
    ).set_index("flow")
    pool = 10e8 * GRID
    assert frame["electricity"].to_dict() == pytest.approx(
        {"moved_out": pool * 2 / 10, "industry": pool * 6 / 10, "households": pool * 2 / 10}
    )
    assert frame["heat"].to_dict() == pytest.approx(
        {"moved_out": 0, "industry": 1e5 * HEAT, "households": 1e5 * HEAT}
    )


def test_areas_and_years_have_pools_of_their_own():
    """A plant of one year serves nobody of the next; each frame row is of its area, year and gas."""
    tables = {
        ("重庆", 2020): CITY,
        ("四川", 2021): SUPPLIED
        | {"thermal_power": {"raw_coal": -10, "electricity": 2}, "industry": {"electricity": 1}},
    }
    made = ca.compile_inventory(panel_of(tables), method="ipcc-2006", gases=["CO2", "CH4"])
    frame = allocate_to_users(made, gas="CH4")
    assert set(frame["gas"]) == {"CH4"}
    sums = frame.groupby(["area", "year"])["total"].sum()
    wanted = made.total(gas="CH4").data.magnitude
    assert sums["重庆", 2020] == pytest.approx(wanted[0, 0])
    assert sums["四川", 2021] == pytest.approx(wanted[1, 1])
    assert len(sums) == 2


def test_who_uses_what():
    """Final consumption and own use without feedstock and negative cells; exports by their name."""
    rows = {
        "industry": {"electricity": 5, "heat": -1, "natural_gas": 7},
        "feedstock": {"natural_gas": 2},
        "moved_out": {"electricity": -3},
        "exports": {"electricity": 1},
        "losses": {"electricity": 4},
        "thermal_power": {"electricity": 9},
    }
    balance = balance_of(rows)

    def taken(product, **options):
        use = find_use(balance, balance.products.index(product), **options)[0, 0]
        return {flow: amount for flow, amount in zip(balance.flows, use, strict=True) if amount}

    assert taken("electricity") == {"industry": 5e8, "moved_out": 3e8}
    assert taken("electricity", sent_out=False) == {"industry": 5e8}
    assert taken("heat") == {}
    assert taken("natural_gas") == {"industry": 7e8}


# --- the grid's factor at each user (GPC 1.1, 6.5)


def at_users(rows, **options):
    """Return the value of each user by scope, t CO2."""
    found = count_at_users(
        inventory_of(rows, method="provincial-2011", area="河北", year=2021), **options
    )
    held = found.entries
    keys = zip(
        held["scope"].astype(int),
        held["flow"].astype(str),
        held["product"].astype(str),
        strict=True,
    )
    assert found.recompute().equals(found)
    return dict(zip(keys, held["value"], strict=True))


def test_use_is_scope_2_and_losses_are_scope_3_by_use():
    """12 and 6 used and 3 lost: 2 of the losses are industry's, 1 is the households'."""
    rows = {
        "industry": {"electricity": 12},
        "households": {"electricity": 6},
        "losses": {"electricity": 3},
        "moved_in": {"electricity": 21},
    }
    assert at_users(rows) == {
        (2, "industry", "electricity"): pytest.approx(12e8 * GRID),
        (2, "households", "electricity"): pytest.approx(6e8 * GRID),
        (3, "industry", "electricity"): pytest.approx(2e8 * GRID),
        (3, "households", "electricity"): pytest.approx(1e8 * GRID),
    }


def test_a_table_without_losses_or_without_use_has_no_scope_3():
    """Losses of a grid that serves nobody are nobody's."""
    assert set(at_users({"industry": {"electricity": 12}})) == {(2, "industry", "electricity")}
    assert at_users({"losses": {"electricity": 3}, "moved_in": {"electricity": 3}}) == {}
    assert at_users({"industry": {"heat": 5}}) == {
        (2, "industry", "heat"): pytest.approx(5e4 * HEAT)
    }


def test_each_entry_opens_into_its_numbers():
    """Use times factor; of losses the part of all use that is the user's."""
    rows = {
        "industry": {"electricity": 12},
        "households": {"electricity": 6},
        "losses": {"electricity": 3},
        "moved_in": {"electricity": 21},
    }
    found = count_at_users(inventory_of(rows, method="provincial-2011", area="河北", year=2021))
    held = found.entries
    (origin,) = found.origins
    for scope, formula, names in (
        (2, "use * grid_emission_factor", ["use", "grid_emission_factor"]),
        (
            3,
            "use / all_use * losses * grid_emission_factor",
            ["use", "all_use", "losses", "grid_emission_factor"],
        ),
    ):
        cell = int(
            held.loc[(held["scope"] == scope) & (held["flow"] == "households"), "cell"].item()
        )
        step = origin.open(cell)
        assert (step.name, step.formula, [part.name for part in step.parts]) == (
            "households",
            formula,
            names,
        )
        values = {part.name: part.value for part in step.parts}
        amount = (
            values["use"] if scope == 2 else values["use"] / values["all_use"] * values["losses"]
        )
        assert amount * values["grid_emission_factor"] == pytest.approx(step.value)
        one = origin.find(cell)
        assert (one.use, one.whole, one.lost, one.is_losses) == (6e8, 18e8, 3e8, scope == 3)
    early = {"method": "provincial-2011", "area": "河北", "year": 2003, "allow_empty": True}
    unknown = count_at_users(inventory_of({"industry": {"electricity": 1}}, **early))
    assert unknown.entries["notation"].to_list() == ["NE"]
    assert unknown.origins[0].open(int(unknown.entries["cell"].item())).notation == "NE"


# --- memo items


@pytest.mark.parametrize(
    ("flow", "product", "category"),
    [
        ("bunkers_home", "kerosene", "1.D.1.a"),
        ("bunkers_home", "diesel", "1.D.1.b"),
        ("bunkers_home", "fuel_oil", "1.D.1.b"),
        ("bunkers_aviation", "kerosene", "1.D.1.a"),
        ("bunkers_marine", "kerosene", "1.D.1.b"),
    ],
)
def test_fuel_for_foreign_planes_and_ships_is_a_memo_item(flow, product, category):
    """Kerosene refuels planes, other fuels ships, unless the row says which; whatever its sign is."""
    energy = {"kerosene": 43.07 * 71.9e-3, "diesel": 43.0 * 74.1e-3, "fuel_oil": 40.4 * 77.4e-3}
    for sign in (-1, 1):
        found = find_memo_items(
            inventory_of({flow: {product: 3 * sign}, "industry": {"diesel": 1}})
        )
        assert found["category"].to_list() == [category]
        assert found["value"].item() == pytest.approx(3e4 * energy[product], rel=1e-3)


def test_co2_of_biomass_is_a_memo_item_and_its_methane_is_not():
    """Wood at 15.6 GJ/t and 112 kg CO2/GJ (IPCC 2006, Vol. 2, tables 1.2 and 1.4); without CO2 there is none."""
    rows = {"industry": {"wood": 2, "diesel": 1}, "households_rural": {"wood": 0}}
    found = find_memo_items(inventory_of(rows, gases=["CO2", "CH4"]))
    assert set(found["gas"]) == {"CO2"}
    values = found.set_index("flow")["value"]
    assert values["industry"] == pytest.approx(2e4 * 15.6 * 112e-3)
    assert values["households_rural"] == 0
    assert set(found["category"]) == {"1.D.3"}
    assert find_memo_items(inventory_of(rows, gases=["CH4"])).empty
    assert find_memo_items(inventory_of({"industry": {"diesel": 1}})).empty
