"""Electricity where it is used: by the factor of the grid, losses by what users take."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.sectors.energy.at_users import count_at_users
from tests.sectors.energy.building import table

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
    cube = ca.compile_inventory(table(tmp_path, rows, title="北京能源平衡表(实物量)-2021"), method="provincial-2011")
    filled = ca.fill_official(ca.to_inventory(cube), "gpc", energy=[cube])
    assert cell(filled, "BASIC") == pytest.approx(float(np.nansum(cube.emissions)), rel=1e-9)
