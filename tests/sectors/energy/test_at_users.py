"""Electricity where it is used: by the factor of the grid, losses by what users take."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.sectors.energy.at_users import count_at_users
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import panel_of

# kg CO2/kWh: announcement of the factors of 2021, the nation; the table is in 10^8 kWh
NATION_2021 = 0.5568
ROWS = {
    "moved_in": {"electricity": 60, "diesel": 10},
    "thermal_power": {"electricity": 50, "raw_coal": -200},
    "losses": {"electricity": 10},
    "industry": {"electricity": 70, "diesel": 4},
    "transport": {"electricity": 5, "diesel": 6},
    "households": {"electricity": 25},
}


def cell(filled, code):
    """Return the CO2 of a row of the GPC."""
    place = [row.code for row in filled.layout.rows].index(code)
    return filled.values[0, place, 0]


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    """Return an inventory of 2021 with the factor of the nation."""
    balance = table(tmp_path_factory.mktemp("users"), ROWS, title="北京能源平衡表(实物量)-2021")
    return ca.compile_inventory(balance, method="provincial-2011", grid="nation")


def test_each_user_has_its_electricity_by_the_factor_of_the_grid(cube):
    """70, 5 and 25 of 10^8 kWh; 10 are lost, 7 of them on the way to industry."""
    users = count_at_users(cube, grid="nation")
    sums = users.entries.set_index(["flow", "scope"])["value"]
    kilotonnes = NATION_2021 * 1e8 / 1e3
    for flow, used in (("industry", 70), ("transport", 5), ("households", 25)):
        assert sums[flow, 2] == pytest.approx(used * kilotonnes, rel=1e-9)
        assert sums[flow, 3] == pytest.approx(used / 10 * kilotonnes, rel=1e-9)
    assert set(users.entries["kind"]) == {"scope2", "scope3"}


def test_a_table_without_a_row_of_losses_loses_nothing(tmp_path):
    """Its users have what they take, as beside losses, and no entries of scope 3."""
    rows = {flow: amounts for flow, amounts in ROWS.items() if flow != "losses"}
    balance = table(tmp_path, rows, title="北京能源平衡表(实物量)-2021")
    made = ca.compile_inventory(balance, method="provincial-2011", grid="nation")
    users = count_at_users(made, grid="nation").entries
    assert set(users["scope"]) == {2}
    used = {"industry": 70, "transport": 5, "households": 25}
    assert dict(zip(users["flow"], users["value"], strict=True)) == pytest.approx(
        {flow: amount * NATION_2021 * 1e5 for flow, amount in used.items()}, rel=1e-9
    )


def test_an_entry_opens_to_its_cell_and_the_row_of_the_grid(cube):
    """Each entry is worked out again from what it opens; losses name the cell of the losses too."""
    users = count_at_users(cube, grid="nation")
    for row in users.entries.itertuples():
        origin = users.origins[row.origin]
        assert origin.recompute(np.array([row.cell]))[0] == row.value
        step = origin.open(row.cell)
        names = {part.name: part.value for part in step.parts}
        assert eval(step.formula, {}, names) == pytest.approx(row.value, rel=1e-12)  # noqa: S307 - the formula as told
        assert sum("!" in part.origin for part in step.parts) == (2 if row.scope == 3 else 1)


def test_the_gpc_takes_the_grid_that_the_inventory_was_made_with(cube):
    """Scope 2 of BASIC is what users take, and BASIC+ adds what is lost; the plant's coal is in neither."""
    inventory = ca.to_inventory(cube, options={"grid": "nation"})
    filled = ca.fill_official(inventory, "gpc", energy=[cube])
    kilotonnes = NATION_2021 * 1e8 / 1e3
    assert cell(filled, "I.3.2") == pytest.approx(70 * kilotonnes, rel=1e-9)
    assert cell(filled, "II.0.3") == pytest.approx(0.5 * kilotonnes, rel=1e-9)
    burnt = cube.emissions.sel(flow=["industry", "transport"]).sum().item()
    assert cell(filled, "BASIC") == pytest.approx(burnt + 100 * kilotonnes, rel=1e-9)
    assert cell(filled, "BASIC+") == pytest.approx(burnt + 110 * kilotonnes, rel=1e-9)
    assert cell(filled, "territorial") == pytest.approx(float(np.nansum(cube.emissions)), rel=1e-9)
    province = ca.fill_official(inventory, "gpc", energy=[cube], grid="province")
    assert cell(province, "I.3.2") != cell(filled, "I.3.2")


def test_a_table_without_electricity_has_a_gpc(tmp_path):
    """Nothing is taken from a grid: the table is the fuels alone."""
    rows = {"industry": {"diesel": 4, "raw_coal": 10}}
    cube = ca.compile_inventory(
        table(tmp_path, rows, title="北京能源平衡表(实物量)-2021"), method="provincial-2011"
    )
    filled = ca.fill_official(ca.to_inventory(cube), "gpc", energy=[cube])
    assert cell(filled, "BASIC") == pytest.approx(float(np.nansum(cube.emissions)), rel=1e-9)


GRID_2021 = {"北京": 0.5688, "河北": 0.7901}  # kg CO2/kWh, announcement of the factors of 2021
HEAT = 0.11  # t CO2/GJ, provincial guideline 2011


def users_of(tables, **options):
    """Return t CO2 by scope, area, year, product and user."""
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011", **options)
    entries = count_at_users(made).entries
    keys = ["scope", "area", "year", "product", "flow"]
    return dict(
        zip(
            entries[keys].astype(object).itertuples(index=False, name=None),
            entries["value"],
            strict=True,
        )
    )


@settings(max_examples=8)
@given(
    used=st.lists(st.integers(0, 50), min_size=3, max_size=3),
    lost=st.integers(0, 9),
    heat=st.integers(0, 50),
)
def test_use_and_losses_add_up_to_what_the_grid_gives(used, lost, heat):
    """Whoever takes it: all use by the factor is scope 2, all losses scope 3; of no user there are none."""
    rows = dict(
        zip(
            ("industry", "transport", "households"), ({"electricity": n} for n in used), strict=True
        )
    )
    rows |= {
        "losses": {"electricity": lost},
        "moved_in": {"electricity": 1},
        "farming": {"heat": heat},
    }
    found = users_of({("北京", 2021): rows})
    per_unit = 1e8 * GRID_2021["北京"] / 1e3
    power = {
        scope: sum(
            value for key, value in found.items() if key[0] == scope and key[3] == "electricity"
        )
        for scope in (2, 3)
    }
    assert power[2] == pytest.approx(sum(used) * per_unit)
    assert power[3] == pytest.approx(lost * per_unit if sum(used) else 0)
    for flow, amount in zip(("industry", "transport", "households"), used, strict=True):
        share = found.get((3, "北京", 2021, "electricity", flow), 0.0)
        assert share == pytest.approx(lost * per_unit * amount / sum(used) if amount else 0)
    assert found.get((2, "北京", 2021, "heat", "farming"), 0.0) == pytest.approx(heat * 1e4 * HEAT)
    assert all(value for value in found.values())  # nothing has no entry


def test_each_area_and_year_has_its_own_grid_users_and_losses():
    """Of two areas and years no number crosses; a year without a factor has the key NE and no number."""
    tables = {
        ("北京", 2021): {
            "industry": {"electricity": 4},
            "losses": {"electricity": 1},
            "moved_in": {"electricity": 5},
        },
        ("河北", 2021): {"industry": {"electricity": 7}, "moved_in": {"electricity": 7}},
        ("河北", 2007): {
            "transport": {"electricity": 2},
            "losses": {"electricity": 1},
            "moved_in": {"electricity": 2},
        },
    }
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011")
    entries = count_at_users(made).entries.set_index(["area", "year", "flow", "scope"])
    per_unit = {area: 1e5 * factor for area, factor in GRID_2021.items()}
    assert entries.loc[("北京", 2021, "industry", 2), "value"] == pytest.approx(
        4 * per_unit["北京"]
    )
    assert entries.loc[("北京", 2021, "industry", 3), "value"] == pytest.approx(
        1 * per_unit["北京"]
    )
    assert entries.loc[("河北", 2021, "industry", 2), "value"] == pytest.approx(
        7 * per_unit["河北"]
    )
    assert len(entries) == 5
    for scope, amount in ((2, 2e8), (3, 1e8)):
        row = entries.loc[("河北", 2007, "transport", scope)]
        assert np.isnan(row["value"])
        assert (row["notation"], row["activity"], row["activity_unit"]) == ("NE", amount, "kWh")
        assert (row["kind"], row["category"], row["sector"]) == (f"scope{scope}", "1.A.3", "energy")
