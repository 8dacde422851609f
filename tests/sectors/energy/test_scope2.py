"""Scope 2: net of what is sent out, apart from direct emissions, and no number where a part of it has none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import MethodError
from carbonacct.report.energy_data_files import to_dataset
from carbonacct.report.joined_inventories import list_lacking
from carbonacct.sectors.energy.closure import check_transfers
from carbonacct.sectors.energy.end_use import allocate_to_users
from carbonacct.sectors.energy.scope2 import bought_as, has_electricity
from carbonacct.sectors.energy.transfers import account_transfers
from tests.sectors.energy.made_balances import inventory_of, panel_of
from tests.sectors.energy.test_sectoral import table

GRID_2012 = 0.5257e-3  # t CO2/kWh, central grid 2012
HEAT = 0.11  # t CO2/GJ
CROSSING = {
    "moved_in": {"electricity": 10, "heat": 50, "raw_coal": 1},
    "imports": {"electricity": 2, "heat": "", "raw_coal": ""},
    "moved_out": {"electricity": -3, "heat": -20, "raw_coal": ""},
    "exports": {"electricity": -1, "heat": "", "raw_coal": ""},
    "final_consumption": {"electricity": 8, "heat": 30, "raw_coal": 1},
    "industry": {"electricity": 8, "heat": 30, "raw_coal": 1},
}


def compiled(tmp_path, year, rows=None, **options):
    """Return the inventory of a balance of Chongqing."""
    balance = table(tmp_path, rows or CROSSING, title=f"重庆能源平衡表(实物量)-{year}")
    return ca.compile_inventory(balance, method="provincial-2011", **options)


def test_scope_2_is_inflow_less_outflow_and_gross_by_name(tmp_path):
    """Guideline 2011, Ch. 1.6: (10 + 2 - 3 - 1) 10^8 kWh and (50 - 20) 10^10 kJ; gross leaves the outflow out."""
    inventory = compiled(tmp_path, 2012)
    per_gj = 1e10 / 1e6 * HEAT  # of 10^10 kJ
    net, gross = (
        float(inventory.total(scope=2, gross=gross).item().magnitude) for gross in (False, True)
    )
    assert net == pytest.approx(8e8 * GRID_2012 + 30 * per_gj, rel=1e-12)
    assert gross == pytest.approx(12e8 * GRID_2012 + 50 * per_gj, rel=1e-12)
    frame = inventory.to_frame().query("scope == 2")
    assert frame["value"].sum() == pytest.approx(net, rel=1e-12)
    assert (frame[frame.flow.isin(["moved_out", "exports"])].value < 0).all()
    assert (frame[frame.flow.isin(["moved_in", "imports"])].value > 0).all()
    with pytest.raises(MethodError, match="gross=True is for scope=2"):
        inventory.total(gross=True)


def test_a_plain_sum_is_the_direct_total_in_memory_and_in_netcdf(tmp_path):
    """No array holds both scopes: what is added up without a thought is direct emissions."""
    inventory = compiled(tmp_path, 2012)
    direct = float(inventory.total().item().magnitude)
    assert float(inventory.emissions.sum()) == pytest.approx(direct, rel=1e-12)
    assert float(
        inventory.gas().data.magnitude[~np.isnan(inventory.gas().data.magnitude)].sum()
    ) == pytest.approx(direct)
    assert float(inventory.indirect.sum()) == pytest.approx(
        float(inventory.total(scope=2).item().magnitude), rel=1e-12
    )
    data = to_dataset([inventory], gwp="AR5GWP100")
    for name in ("value", "co2e"):
        assert float(data[name].sum()) == pytest.approx(direct, rel=1e-12)
    assert float(data["indirect"].sum()) == pytest.approx(
        float(inventory.indirect.sum()), rel=1e-12
    )


@given(
    cells=st.lists(st.sampled_from(["", 0, 4]), min_size=4, max_size=4),
    year=st.sampled_from([2007, 2012]),
)
def test_a_part_that_is_not_zero_and_has_no_factor_voids_the_sum(tmp_path_factory, cells, year):
    """2007 has no grid factor: electricity other than 0 voids the sum; blank and 0 do not.

    Heat has a factor for every year.
    """
    power_in, power_out, heat_in, heat_out = cells
    rows = {
        **CROSSING,
        "moved_in": {"electricity": power_in, "heat": heat_in, "raw_coal": 1},
        "moved_out": {
            "electricity": -power_out if power_out else power_out,
            "heat": -heat_out if heat_out else heat_out,
        },
        "imports": {"electricity": ""},
        "exports": {"electricity": ""},
    }
    inventory = compiled(tmp_path_factory.mktemp("void"), year, rows)
    found = float(inventory.total(scope=2).item().magnitude)
    void = year == 2007 and (power_in == 4 or power_out == 4)
    held = [cell for cell in cells if cell != ""]
    if void:
        assert np.isnan(found)
        assert inventory.find_lacking("重庆", year) == ("electricity",)
        heat = inventory.by("product", scope=2).sel(product="heat").item().magnitude
        assert np.isnan(heat) == (heat_in == heat_out == "")
    elif held:
        number = [0 if cell == "" else cell for cell in cells]
        expected = (number[0] - number[1]) * 1e8 * GRID_2012 + (number[2] - number[3]) * 1e4 * HEAT
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-9)
        assert inventory.find_lacking("重庆", year) == ()
    else:
        assert np.isnan(found)


def test_a_year_with_heat_alone_is_shown_as_heat_alone(tmp_path, capsys):
    """Without a factor of electricity scope 2 has no number and its reason; heat stands by its own name."""
    path = tmp_path / "t.csv"
    path.write_text(
        "年份,品种,单位,工业\n2012,热力,百亿千焦,100\n2012,电力,亿千瓦时,4\n2012,原煤,万吨,1\n"
        "2013,热力,百亿千焦,100\n2013,电力,亿千瓦时,4\n2013,原煤,万吨,1\n",
        encoding="utf-8",
    )
    page = tmp_path / "t.html"
    options = [
        "inventory",
        str(path),
        "--area",
        "江苏",
        "--method",
        "provincial-2011",
        "-o",
        str(page),
    ]
    assert main(options) == 0
    out = capsys.readouterr().out
    before, after = out.split("江苏 2013")
    assert "no factor:" not in before
    lines = [" ".join(line.split()) for line in after.splitlines()]
    first = lines.index("electricity and heat brought in, net (scope 2) no number")
    assert lines[first + 1 : first + 3] == ["no factor: Electricity", "Heat only 0.1100 Mt"]
    text = page.read_text(encoding="utf-8")
    assert text.count("no factor: Electricity") == 1
    assert "Heat only: " in text
    assert list(
        list_lacking([ca.compile_inventory(str(path), area="江苏", method="provincial-2011")])
    ) == [("江苏", 2013)]


def test_a_panel_in_chunks_has_the_scope_2_of_the_whole(tmp_path):
    """Sums of what crosses the border, and where they are void, do not depend on chunks."""
    amounts = compiled(tmp_path, 2012).balance.amounts
    years = xr.concat([amounts.assign_coords(year=[year]) for year in (2007, 2012)], dim="year")
    areas = xr.concat(
        [years.assign_coords(area=[area]) for area in ("重庆", "北京", "四川")], dim="area"
    )
    whole = ca.compile_inventory(areas, method="provincial-2011")
    panel = ca.compile_panel(areas.chunk(area=1), method="provincial-2011", scope=2)
    xr.testing.assert_identical(panel.compute(), whole.indirect)
    for dims in (("area", "year"), ("year",), ("product",), ("area", "year", "flow", "product")):
        found, expected = (
            ca.total_panel(panel, *dims).compute().values,
            whole.by(*dims, scope=2).data.magnitude,
        )
        np.testing.assert_array_equal(found, expected)
    assert np.isnan(whole.by("year", scope=2).data.magnitude).tolist() == [True, False]


@pytest.mark.parametrize("supply", [True, False])
@given(total=st.floats(0, 900), steam=st.floats(1, 400), water=st.floats(1, 400))
@settings(max_examples=6, deadline=None)
def test_kinds_of_heat_are_heat(supply, total, steam, water):
    """Steam and hot water have the factor of heat, with or without supply rows.

    Beside their total, what they leave of it counts too.
    """
    row = "moved_in" if supply else "industry"
    whole = steam + water + total
    units = {"steam_by_heat": "百万千焦", "hot_water": "百万千焦", "heat": "百万千焦"}
    apart = {"steam_by_heat": steam, "hot_water": water}
    for cells in (apart, {**apart, "heat": whole}, {"heat": whole}):
        rows = {row: cells, "households": {"raw_coal": 1}}
        made = inventory_of(rows, method="provincial-2011", units=units)
        counted = whole if "heat" in cells else steam + water
        assert float(made.total(scope=2).item().magnitude) == pytest.approx(
            counted * HEAT, rel=1e-6, abs=0.11
        )


def test_steam_in_tonnes_has_no_number_and_says_so():
    """The method has a factor of heat and none of a tonne of steam: scope 2 is no number, and not that of the rest."""
    rows = {"moved_in": {"heat": 5, "steam_low_pressure": 3}, "industry": {"raw_coal": 1}}
    made = inventory_of(rows, method="provincial-2011", units={"steam_low_pressure": "万吨"})
    assert np.isnan(made.total(scope=2).item().magnitude)
    assert (
        "steam_low_pressure is in t and provincial-2011 has no coefficient for it; scope 2 is not counted"
        in [finding.message for finding in made.findings]
    )


def test_waste_heat_is_no_kind_of_heat_that_is_bought():
    """余热余压 beside 热力 is recovered inside: the heat counts whole, in any unit of waste heat."""
    for unit in ("百万千焦", "吨标准煤"):
        rows = {"industry": {"heat": 5, "waste_heat": 2, "raw_coal": 1}}
        made = inventory_of(rows, method="provincial-2011", units={"waste_heat": unit})
        assert float(made.total(scope=2).item().magnitude) == pytest.approx(5e4 * HEAT)
        assert not {"remainder", "total-or-sibling"} & {finding.rule for finding in made.findings}


def test_heat_by_its_kinds_is_the_same_heat_to_its_users_and_at_the_border():
    """Three quarters as steam and a quarter as hot water: users, transfers and closure are those of heat."""
    tables = {
        (area, 2021): {
            "moved_in": {"electricity": 10, "heat": into},
            "moved_out": {"heat": -out},
            "industry": {"electricity": 6, "heat": 10},
            "households": {"electricity": 2, "heat": 10},
            "chp": {"raw_coal": -9, "electricity": 3, "heat": 8},
        }
        for area, into, out in (("河北", 20, 1), ("山西", 4, 2))
    }
    shares = {"steam_by_heat": 0.75, "hot_water": 0.25}
    by_kind = {
        place: {
            flow: {name: v for name, v in cells.items() if name != "heat"}
            | {name: share * cells["heat"] for name, share in shares.items() if "heat" in cells}
            for flow, cells in rows.items()
        }
        for place, rows in tables.items()
    }
    units = dict.fromkeys(shares, "百亿千焦")
    whole, apart = (
        ca.compile_inventory(panel_of(rows, units=units), method="provincial-2011")
        for rows in (tables, by_kind)
    )
    columns = ["flow", "direct", "electricity", "heat", "total"]
    users = [
        allocate_to_users(made)[columns].set_index("flow").sort_index() for made in (whole, apart)
    ]
    pd.testing.assert_frame_equal(*users, rtol=1e-12)
    moved = [account_transfers(made.balance).table for made in (whole, apart)]
    pd.testing.assert_frame_equal(*moved, rtol=1e-12)
    assert (moved[0]["product"] == "heat").any()
    said = [[finding.message for finding in check_transfers([made])] for made in (whole, apart)]
    assert said[0] == said[1]
    assert any("heat" in message for message in said[0])


@pytest.mark.parametrize(
    ("steam", "parents", "counted"), [(12, {"steam_by_heat": ""}, 28), (8, {}, 15)]
)
def test_steam_beside_heat_is_bought_as_well(tmp_path, steam, parents, counted):
    """More steam than heat in a row: both count; with less it may be a part, and heat counts once."""
    path = tmp_path / "a.csv"
    head = "重庆市能源消费量 2022年\n项目,热力(百万千焦),蒸汽(百万千焦)\n"
    path.write_text(f"{head}工业,10,{steam}\n居民生活,5,1\n", encoding="utf-8")
    made = ca.compile_inventory(path, method="provincial-2011")
    assert made.balance.product_parents == parents
    assert float(made.total(scope=2).item().magnitude) == pytest.approx(counted * HEAT)


@pytest.mark.parametrize(
    ("product", "bought"),
    [
        ("electricity", "electricity"),
        ("electricity.remainder", "electricity"),
        ("heat", "heat"),
        ("hot_water", "heat"),
        ("raw_coal", "raw_coal"),  # another product is itself, and not its group
        ("diesel", "diesel"),
    ],
)
def test_kinds_are_bought_as_what_they_are_kinds_of(product, bought):
    """Electricity and heat by their kinds; heat alone is no scope 2."""
    assert bought_as(product) == bought
    assert has_electricity(["heat", product]) == (product == "electricity")
