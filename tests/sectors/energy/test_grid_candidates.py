"""Which grids may serve an area, what is asked of each, and what is said where none has a factor."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import MethodError
from carbonacct.factors import load_method
from carbonacct.sectors.energy.imported_energy import find_candidates, note_grid_levels
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

METHOD = load_method("provincial-2011")
(POWER,) = (rule for rule in METHOD.imported_energy if rule.product == "electricity")
# kg CO2/kWh as announced: Hebei 2021 and 2022, the north grid 2012.
HEBEI, HEBEI_2022, NORTH = 0.7901, 0.7252, 0.8843


@pytest.mark.parametrize(
    ("area", "grid", "found"),
    [
        (
            "重庆",
            None,
            {
                "chongqing": "province",
                "grid_southwest": "grid",
                "grid_central": "grid",
                "CN": "country",
            },
        ),
        ("河北", None, {"hebei": "province", "grid_north": "grid", "CN": "country"}),
        ("河北", "province", {"hebei": "province"}),
        ("河北", "grid", {"grid_north": "grid"}),
        ("河北", "region", {"grid_north": "grid"}),
        ("河北", "nation", {"CN": "country"}),
        ("河北", "华东电网", {"grid_east": "grid"}),  # whatever is named serves, wherever it lies
        ("河北", "四川", {"sichuan": "province"}),
        (
            "石家庄",
            "province",
            {"shijiazhuang": "city", "hebei": "province"},
        ),  # a city's own factor, if an overlay has one
        (
            "石家庄市长安区",
            "province",
            {"shijiazhuang": "city", "hebei": "province"},
        ),  # a district, on its city's grid
        ("河北省石家庄市市辖区", "grid", {"grid_north": "grid"}),
        ("长安区", None, {}),  # of 石家庄, or of 西安
        ("河北省石家庄市以外地区", None, {}),  # what is not the city
        ("河北省除石家庄市外各县", None, {}),
        ("Districts outside Shijiazhuang district", None, {}),
        ("中国", None, {"CN": "country"}),
        ("华北电网", None, {"grid_north": "grid", "CN": "country"}),
        ("香港", "nation", {}),  # it draws from none of the nation's grids
        ("Kranj", None, {}),
        ("Kranj", "河北", {"hebei": "province"}),
    ],
)
def test_the_areas_whose_factor_may_serve(area, grid, found):
    """The finest first; the region that a region came from serves where it has none of its own."""
    assert list(find_candidates(area, POWER, grid).items()) == list(found.items())


def test_a_grid_that_does_not_exist_is_refused():
    """With near names and the levels that there are."""
    with pytest.raises(
        MethodError,
        match=r"no grid or area '河此'; .*known: province, region, nation, or the name of a",
    ):
        find_candidates("河北", POWER, "河此")


def inflow(*places, **options):
    """Return the inventory of areas and years that each bring in 1 TWh."""
    tables = {place: {"moved_in": {"electricity": 10}} for place in places}
    return ca.compile_inventory(
        panel_of(tables), method="provincial-2011", allow_empty=True, **options
    )


def said(inventory, rule):
    """Return the messages of a rule."""
    return [one.message for one in inventory.findings if one.rule == rule]


def scope_2(inventory, area, year):
    """Return scope 2 in Mt CO2."""
    return inventory.total(scope=2).sel(area=area, year=year).data.to("Mt CO2").magnitude.item()


def test_each_area_and_year_has_the_factor_of_its_own():
    """A panel: the province of its years, the grid of the years before, and no number where a year has none."""
    made = inflow(("河北", 2012), ("河北", 2021), ("河北", 2022), ("山西", 2012), ("山西", 2003))
    values = [scope_2(made, "河北", year) for year in (2012, 2021, 2022)]
    assert values == pytest.approx([NORTH, HEBEI, HEBEI_2022])
    assert scope_2(made, "山西", 2012) == pytest.approx(NORTH)
    assert np.isnan(scope_2(made, "山西", 2003))
    assert np.isnan(scope_2(made, "河北", 2003))


def test_areas_of_one_grid_that_lack_the_same_years_are_said_at_once():
    """Areas with equal missing years share a finding, others have their own; without electricity there is none."""
    made = inflow(("河北", 2003), ("山西", 2003), ("山西", 2002))
    found = said(made, "no-grid-factor")
    assert len(found) == 2
    assert found[0].startswith(
        "no grid_emission_factor of 河北 for 2003; years that exist: hebei: "
    )
    assert found[1].startswith(
        "no grid_emission_factor of 山西 for 2002, 2003; years that exist: shanxi: "
    )
    nation = inflow(("河北", 2003), ("山西", 2003), grid="nation")
    (both,) = said(nation, "no-grid-factor")
    assert both.startswith("no grid_emission_factor of 河北, 山西 for 2003; years that exist: CN: ")
    tables = {
        ("河北", 2003): {"moved_in": {"electricity": 0}, "industry": {"diesel": 1}},
        ("山西", 2003): {"industry": {"diesel": 1}},
    }
    assert not said(
        ca.compile_inventory(panel_of(tables), method="provincial-2011"), "no-grid-factor"
    )


def test_areas_that_nobody_knows_are_listed():
    """One by its name, several by their number."""
    assert said(inflow(("Kranj", 2021)), "no-grid-factor") == [
        "the grid of area Kranj is not known"
    ]
    both = inflow(("Kranj", 2021), ("Bled", 2021), grid="province")
    assert said(both, "no-grid-factor") == ["the provinces of 2 areas are not known: Kranj, Bled"]


def test_years_of_different_levels_are_said_with_their_spans():
    """A step between grid and province is no step of the area; runs of years are spans, single ones are listed."""
    for years, span in (
        ((2021,), "2021"),
        ((2021, 2023), "2021, 2023"),
        ((2021, 2022, 2023), "2021-2023"),
    ):
        made = inflow(*(("河北", year) for year in (2012, *years)))
        assert said(made, "grid-levels") == [
            f"electricity of 河北 has factors of different levels (2012: grid; {span}: province)"
        ]
        assert [one.message for one in note_grid_levels([made])] == said(made, "grid-levels")
    assert note_grid_levels([inflow(("河北", 2012)), inflow(("山西", 2021))]) == []


def test_years_that_use_nothing_have_no_level():
    """Nothing came in in 2012: its level says nothing; an outflow counts as any amount."""
    tables = {
        ("河北", 2012): {"moved_in": {"electricity": 0}, "industry": {"diesel": 1}},
        ("河北", 2021): {"moved_in": {"electricity": 10}},
    }
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011")
    assert not said(made, "grid-levels")
    assert note_grid_levels([made]) == []
    tables["河北", 2012] = {"moved_out": {"electricity": -1}, "moved_in": {"electricity": 0}}
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011")
    assert len(said(made, "grid-levels")) == len(note_grid_levels([made])) == 1


def test_each_area_and_year_decides_whether_its_supply_is_printed():
    """One area prints its supply, 10 imported; the other only its use of 4, which is taken as imported."""
    tables = {
        ("河北", 2021): {"moved_in": {"electricity": 10}, "industry": {"electricity": 7}},
        ("山西", 2021): {"industry": {"electricity": 4}, "thermal_power": {"raw_coal": -1}},
    }
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011")
    shanxi = inflow(("山西", 2021))
    assert scope_2(made, "河北", 2021) == pytest.approx(HEBEI)
    assert scope_2(made, "山西", 2021) == pytest.approx(0.4 * scope_2(shanxi, "山西", 2021))
    (found,) = [one for one in made.findings if one.rule == "consumption-as-brought-in"]
    assert found.message.startswith(
        "the table has no supply rows: all electricity used is taken as brought in"
    )


@pytest.mark.parametrize("stock", ["opening_stock", "closing_stock", "stock_change", "stock_draw"])
def test_stocks_of_users_are_no_supply(stock):
    """A table of use and stocks (消费与库存) says of no product where it came from: its electricity is brought in."""
    tables = {
        ("河北", 2021): {stock: {"raw_coal": 3}, "industry": {"electricity": 4, "raw_coal": 9}},
        ("山西", 2021): {
            "production": {"raw_coal": 3},
            "industry": {"electricity": 4, "raw_coal": 9},
        },
    }
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011")
    assert scope_2(made, "河北", 2021) == pytest.approx(0.4 * HEBEI)
    assert np.isnan(scope_2(made, "山西", 2021))
    (found,) = [one for one in made.findings if one.rule == "consumption-as-brought-in"]
    assert "electricity" in found.message


def test_what_plants_put_out_is_no_use():
    """A table of use alone with a row of power plants: their output and own inputs are not brought in."""
    rows = {
        "thermal_power": {"electricity": 5, "raw_coal": -3},
        "industry": {"electricity": 4},
        "losses": {"electricity": 1},
    }
    made = inventory_of(rows, method="provincial-2011", area="河北", year=2021)
    assert scope_2(made, "河北", 2021) == pytest.approx(0.4 * HEBEI)


def test_the_trace_of_what_came_in_is_amount_times_factor():
    """Amount times factor; in coal equivalent the coefficient divides first: 1.229 tce per 10^4 kWh."""
    made = inventory_of(
        {"moved_in": {"electricity": 10}, "industry": {"electricity": 1}},
        method="provincial-2011",
        area="河北",
        year=2021,
    )
    found = ca.trace(made, flow="moved_in", product="electricity")
    assert found.recompute() == found.value == pytest.approx(1e9 * HEBEI * 1e-3)
    assert [(step.parameter, step.divides) for step in found.steps] == [
        ("grid_emission_factor", False)
    ]
    balance = balance_of(
        {"moved_in": {"electricity": 12.29}},
        area="河北",
        year=2021,
        units={"electricity": "万吨标准煤"},
    )
    tce = ca.trace(
        ca.compile_inventory(balance, method="provincial-2011"),
        flow="moved_in",
        product="electricity",
    )
    assert tce.recompute() == tce.value == pytest.approx(1e9 * HEBEI * 1e-3, rel=1e-9)
    assert [step.divides for step in tce.steps] == [True, False]


def test_heat_has_one_factor_for_all():
    """Guideline 2011: 0.11 t CO2/GJ, whatever the area and the grid; 100 x 10^10 kJ are 10^6 GJ."""
    tables = {
        (area, year): {"moved_in": {"heat": 100}}
        for area in ("河北", "Kranj")
        for year in (2003, 2021)
    }
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011")
    assert [scope_2(made, area, year) for area, year in tables] == pytest.approx([0.11] * 4)
    assert not said(made, "no-grid-factor")
    assert note_grid_levels([made]) == []
