"""Whose grid factor an area takes: its own, its province's, its region's, its country's, and no other's."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.report import join_findings
from carbonacct.sectors.energy.imported_energy import note_grid_levels
from tests.sectors.energy.made_balances import panel_of

# kg CO2/kWh, announcements of the factors of 2012, 2021 and 2022
HEBEI_2021, NORTH_2012, NORTHEAST_2012 = 0.7901, 0.8843, 0.7769


def compile_inflow(tmp_path, rows, **options):
    """Return the inventory of rows (area, year) that each bring in 1 TWh."""
    path = tmp_path / "inflow.csv"
    lines = "".join(f"{area},{year},moved_in,electricity,GWh,1000\n" for area, year in rows)
    path.write_text("area,year,flow,product,unit,value\n" + lines, encoding="utf-8")
    return ca.compile_inventory(path, method="provincial-2011", allow_empty=True, **options)


def scope_2(inventory, area, year):
    """Return scope 2 in Mt CO2."""
    return inventory.total(scope=2).sel(area=area, year=year).data.to("Mt CO2").magnitude.item()


@pytest.mark.parametrize("grid", [None, "nation"])
def test_no_country_takes_the_factor_of_another(tmp_path, grid):
    """Ireland is a country of its own: no factor of its nation, and no number."""
    inventory = compile_inflow(tmp_path, [("Ireland", 2021)], grid=grid)
    assert scope_2(inventory, "Ireland", 2021) != scope_2(inventory, "Ireland", 2021)
    [found] = [finding for finding in inventory.findings if finding.rule == "no-grid-factor"]
    assert (
        found.message == "no grid_emission_factor of Ireland for 2021; years that exist: IE: none"
    )


@pytest.mark.parametrize(
    ("area", "grid", "said"),
    [("Kranj", None, "grid"), ("Kranj", "nation", "nation"), ("Ireland", "province", "province")],
)
def test_an_unknown_area_has_no_nation(tmp_path, area, grid, said):
    """What the vocabulary does not know takes nobody's factor, whatever level is asked for."""
    [found] = [
        finding
        for finding in compile_inflow(tmp_path, [(area, 2021)], grid=grid).findings
        if finding.rule == "no-grid-factor"
    ]
    assert found.message == f"the {said} of area {area} is not known"


def test_hong_kong_is_not_in_the_average_of_the_mainland(tmp_path):
    """The national average leaves out areas without one of its grids."""
    assert any(
        f.rule == "no-grid-factor"
        for f in compile_inflow(tmp_path, [("香港", 2022)], grid="nation").findings
    )


def test_a_city_takes_its_province_or_grid_in_every_year_that_has_one(tmp_path):
    """The grid of 2012, the province of 2021; eastern Inner Mongolia is of the northeast grid; the step is told."""
    inventory = compile_inflow(
        tmp_path, [("石家庄市", 2012), ("石家庄市", 2021), ("赤峰", 2012), ("赤峰", 2021)]
    )
    assert scope_2(inventory, "石家庄市", 2012) == pytest.approx(NORTH_2012)
    assert scope_2(inventory, "石家庄市", 2021) == pytest.approx(HEBEI_2021)
    assert scope_2(inventory, "赤峰", 2012) == pytest.approx(NORTHEAST_2012)
    [found] = [finding for finding in inventory.findings if finding.rule == "grid-levels"]
    assert (
        found.message
        == "electricity of 石家庄市, 赤峰 has factors of different levels (2012: grid; 2021: province)"
    )
    assert not any(
        f.rule == "grid-levels"
        for f in compile_inflow(
            tmp_path, [("石家庄市", 2012), ("石家庄市", 2021)], grid="region"
        ).findings
    )


def test_years_in_tables_of_their_own_have_the_same_finding(tmp_path):
    """A folder with a table a year is one series; tables of one year, or of one level, say nothing."""
    years = (2012, 2021, 2022)
    made = [compile_inflow(tmp_path, [("石家庄市", year)]) for year in years]
    assert not any(f.rule == "grid-levels" for inventory in made for f in inventory.findings)
    (found,) = [f for f in join_findings(made) if f.rule == "grid-levels"]
    assert (
        found.message
        == "electricity of 石家庄市 has factors of different levels (2012: grid; 2021-2022: province)"
    )
    joined = [compile_inflow(tmp_path, [("石家庄市", 2012), ("石家庄市", 2021)]), made[2]]
    assert [f.message for f in join_findings(joined) if f.rule == "grid-levels"] == [found.message]
    region = [compile_inflow(tmp_path, [("石家庄市", year)], grid="region") for year in years]
    assert not any(
        f.rule == "grid-levels" for f in [*join_findings(made[1:]), *join_findings(region)]
    )


@pytest.mark.parametrize(("key", "area"), [("chifeng", "赤峰"), ("", "Kranj")])
def test_an_overlay_brings_a_city_its_own_factor(tmp_path, key, area):
    """A row of the city comes before its province's; a row for any area serves one that nobody knows."""
    overlay = tmp_path / "own"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "own"\npublisher = "own"\ndate = "2021"\nreference = "own"\n', encoding="utf-8"
    )
    header = "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
    row = f"electricity,,,{key},2021,2021,CO2,own,0.25,,,kg CO2/kWh,,,single,\n"
    (overlay / "grid_emission_factor.csv").write_text(header + row, encoding="utf-8")
    inventory = compile_inflow(tmp_path, [(area, 2021)], overlay=overlay)
    assert scope_2(inventory, area, 2021) == pytest.approx(0.25)


def test_the_residual_factor_is_the_nation_s_own(tmp_path):
    """Market-based accounting of an area outside China has no published residual."""
    path = tmp_path / "one.csv"
    path.write_text(
        "area,year,flow,product,unit,value\nIreland,2021,imports,electricity,GWh,1000\n",
        encoding="utf-8",
    )
    found = ca.account_transfers(ca.read_balance(path), approach="market")
    assert (
        found.findings[0].message
        == "no residual_grid_emission_factor of the nation of Ireland for 2021; years that exist: none"
    )
    assert found.table["emissions"].isna().all()


def compile_table(path, rows):
    """Return the inventory of rows (flow, unit, amount of electricity) of Hebei in 2021."""
    lines = "".join(
        f"Hebei,2021,{flow},electricity,{unit},{amount}\n" for flow, unit, amount in rows
    )
    path.write_text("area,year,flow,product,unit,value\n" + lines, encoding="utf-8")
    return ca.compile_inventory(path, method="provincial-2011", allow_empty=True)


def test_a_table_of_use_alone_counts_what_is_used_as_brought_in(tmp_path):
    """Without a row of supply all use is scope 2, and a finding says so; with one, what it brings in alone."""
    used = [("industry", "GWh", 600), ("households", "GWh", 400)]
    inventory = compile_table(tmp_path / "use.csv", used)
    assert scope_2(inventory, "Hebei", 2021) == pytest.approx(HEBEI_2021)
    [found] = [
        finding for finding in inventory.findings if finding.rule == "consumption-as-brought-in"
    ]
    assert (found.severity, found.where) == ("warning", "use.csv!F2")
    supplied = compile_table(tmp_path / "supply.csv", [("moved_in", "GWh", 250), *used])
    assert scope_2(supplied, "Hebei", 2021) == pytest.approx(HEBEI_2021 / 4)
    assert not any(finding.rule == "consumption-as-brought-in" for finding in supplied.findings)


def test_electricity_in_coal_equivalent_has_the_scope_2_of_its_kilowatt_hours(tmp_path):
    """10,000 kWh are 1.229 tce (GB/T 2589): as many of them give what the kilowatt-hours give."""
    in_tce = compile_table(tmp_path / "tce.csv", [("moved_in", "tce", 122_900)])
    assert scope_2(in_tce, "Hebei", 2021) == pytest.approx(HEBEI_2021, rel=1e-9)


def levels_of(areas):
    """Return where areas (year -> 10^8 kWh brought in) have factors of different levels, table by table."""
    parts = [
        ca.compile_inventory(
            panel_of(
                {(area, year): {"moved_in": {"electricity": amount}, "industry": {"diesel": 1}}}
            ),
            method="provincial-2011",
        )
        for area, years in areas.items()
        for year, amount in years.items()
    ]
    return [finding.message for finding in note_grid_levels(parts)]


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        # The announcement of 2012 has the factors of provinces and grids, those of 2021 and 2022 provinces alone.
        (
            {"石家庄": {2012: 5, 2021: 5}},
            ["石家庄 has factors of different levels (2012: grid; 2021: province)"],
        ),
        ({"石家庄": {2012: 0, 2021: 5}}, []),  # nothing was brought in: no factor was used
        ({"石家庄": {2012: 5, 2021: 0}}, []),
        ({"石家庄": {2021: 5, 2022: 5}}, []),
        ({"石家庄": {2012: 5}, "赤峰": {2021: 5}}, []),  # a level of another area is no step
        (
            {
                "石家庄": {2022: 5, 2012: 5, 2021: 5},
                "赤峰": {2012: 1, 2021: 1},
                "唐山": {2021: 1, 2022: 1, 2012: 1},
            },
            [
                "石家庄, 唐山 has factors of different levels (2012: grid; 2021-2022: province)",
                "赤峰 has factors of different levels (2012: grid; 2021: province)",
            ],
        ),
    ],
)
def test_a_step_between_levels_is_said_of_the_areas_that_take_it(areas, said):
    """Areas with the same steps in one line, in any order of tables; years that use nothing have no level."""
    assert levels_of(areas) == [f"electricity of {one}" for one in said]


@pytest.mark.parametrize(("count", "more"), [(10, ""), (11, " and 1 more"), (13, " and 3 more")])
def test_areas_beyond_the_tenth_are_counted(count, more):
    """Areas of unknown grids in one line."""
    tables = {
        (f"A{n}", 2019): {"moved_in": {"electricity": 1}, "industry": {"diesel": 1}}
        for n in range(count)
    }
    made = ca.compile_inventory(panel_of(tables), method="provincial-2011")
    (said,) = (finding for finding in made.findings if finding.rule == "no-grid-factor")
    named = ", ".join(f"A{n}" for n in range(10))
    assert said.message == f"the grids of {count} areas are not known: {named}{more}"


def test_losses_beside_what_is_used_are_named_and_do_not_count(tmp_path):
    """Losses of lines are no use: without supply a finding names them; with it they lie in what is brought in."""
    used = [("industry", "GWh", 600), ("households", "GWh", 400), ("losses", "GWh", 50)]
    inventory = compile_table(tmp_path / "use.csv", used)
    assert scope_2(inventory, "Hebei", 2021) == pytest.approx(HEBEI_2021)
    [found] = [finding for finding in inventory.findings if finding.rule == "losses-beside-use"]
    assert (found.severity, found.where) == ("warning", "use.csv!F4")
    assert "50,000,000 kWh in 2021" in found.message
    supplied = compile_table(tmp_path / "supply.csv", [("moved_in", "GWh", 250), *used])
    assert not any(finding.rule == "losses-beside-use" for finding in supplied.findings)
