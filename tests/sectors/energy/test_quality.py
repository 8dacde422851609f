"""Quality checks, the register of rules, and the reverse audit."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.errors import MethodError
from carbonacct.sectors.energy.audit import identify_factors
from carbonacct.sectors.energy.quality import check_quality, list_rules
from carbonacct.sectors.energy.reconciliation import list_cells
from tests.sectors.energy.building import table

ROWS = {
    "moved_in": {"raw_coal": 150, "diesel": 30},
    "thermal_power": {"raw_coal": -100},
    "industry": {"raw_coal": 50, "diesel": 10},
    "transport": {"diesel": 20},
}


def compiled(folder, rows=ROWS, year=2021, area="重庆", **options):
    """Return the inventory of a small table."""
    folder.mkdir(exist_ok=True)
    return ca.compile_inventory(
        table(folder, rows, title=f"{area}能源平衡表(实物量)-{year}"), method="ipcc-2006", **options
    )


def rules(findings):
    """Return the rules of findings."""
    return [finding.rule for finding in findings]


def test_a_sound_inventory_has_no_finding(tmp_path):
    """What adds up, and lies within the bounds, is passed over."""
    assert check_quality(compiled(tmp_path)) == []


def test_every_rule_stands_in_the_register():
    """Each finding of the package has a line with its severity and its reference."""
    known = list_rules().set_index("rule")
    assert known.index.is_unique
    assert (known.reference != "").all()
    for path in Path("carbonacct").rglob("*.py"):
        for rule, severity in re.findall(
            r'[^.]Finding\(\s*"([a-z-]+)",\s*"(error|warning|info)"',
            path.read_text(encoding="utf-8"),
        ):
            if rule != "r":
                assert rule in known.index, (path, rule)
                assert severity in known.loc[rule, "severity"].split("|"), (path, rule)


def test_an_implied_factor_outside_the_bounds(tmp_path):
    """IPCC table 1.4, diesel: 72.6 to 74.8 t CO2/TJ; an overlay of 60 is found with its cell."""
    overlay = tmp_path / "own"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "T"\npublisher = "P"\nedition = "1"\ndate = "2024"\nreference = "R"\n',
        encoding="utf-8",
    )
    (overlay / "emission_factor.csv").write_text(
        "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\ndiesel,,,,,"
        ",CO2,own,60,,,t CO2/TJ,,,single,\n",
        encoding="utf-8",
    )
    found = check_quality(compiled(tmp_path / "t", overlay=overlay))
    assert rules(found) == ["implied-factor"]
    assert str(found[0]).startswith(
        "table.csv!C5: diesel emits 60.00 t CO2/TJ in 2 of 2 cells; IPCC gives 72.60 to 74.80 (Gas/Diesel Oil)"
    )


def test_a_jump_from_year_to_year(tmp_path):
    """A lost decimal point makes a cell ten times as large."""
    years = [
        compiled(tmp_path / str(year), {**ROWS, "transport": {"diesel": amount}}, year=year)
        for year, amount in ((2019, 20), (2020, 21), (2021, 220))
    ]
    found = [finding for finding in check_quality(years) if finding.rule == "jump"]
    assert len(found) == 1
    assert (
        "diesel of transport of 重庆 goes from 669,123 t CO2 in 2020 to 7,009,860 in 2021, 10 times"
        in str(found[0])
    )


def test_what_starts_or_stops_is_no_jump(tmp_path):
    """A cell that was zero the year before, or is zero the year after, is no lost decimal point."""
    years = [
        compiled(tmp_path / str(year), {**ROWS, "transport": {"diesel": amount}}, year=year)
        for year, amount in ((2019, 0), (2020, 220), (2021, 0))
    ]
    assert "jump" not in rules(check_quality(years))


def test_an_outlier_in_a_series(tmp_path):
    """Seven quiet years and one that doubles: no jump of 3 times, but an outlier; a steady rise is none."""
    amounts = [20, 20.5, 21, 40, 21.5, 22, 22.4]
    years = [
        compiled(
            tmp_path / str(2010 + i),
            {**ROWS, "transport": {"diesel": amount}, "farming": {"diesel": 5 * 1.3**i}},
            year=2010 + i,
        )
        for i, amount in enumerate(amounts)
    ]
    found = [
        str(finding) for finding in check_quality(years) if finding.rule in {"outlier", "jump"}
    ]
    assert [text.split(", check")[0].split(" the median")[0] for text in found] == [
        "diesel of transport of 重庆 is 1,274,520 t CO2 in 2013, 1.9 times"
    ]


def test_the_same_number_twice(tmp_path):
    """A number of four digits in two rows of a column is said; 50 twice is chance."""
    rows = {
        **ROWS,
        "industry": {"raw_coal": 50, "diesel": 12.34},
        "farming": {"diesel": 12.34},
        "construction": {"raw_coal": 50},
        "households_urban": {"raw_coal": 0.00001},
        "households_rural": {"raw_coal": 0.00001},
    }
    found = [
        finding
        for finding in check_quality(compiled(tmp_path, rows))
        if finding.rule == "same-number"
    ]
    assert ["diesel is 12.34 in farming and in industry" in str(finding) for finding in found] == [
        True
    ]


def test_a_table_without_a_file_is_checked_too():
    """Numbers without a file are compared as given; without fossil fuels there is no reference approach."""
    rows = [
        ("重庆", 2021, "moved_in", "wood", 2.0, "t"),
        ("重庆", 2021, "industry", "wood", 1.234, "t"),
        ("重庆", 2021, "farming", "wood", 1.234, "t"),
    ]
    frame = pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value", "unit"])
    findings = check_quality(ca.compile_inventory(ca.make_balance(frame), method="ipcc-2006"))
    assert [
        (finding.rule, "none of wood is a fossil fuel" in str(finding)) for finding in findings
    ] == [("no-reference-approach", True)]
    diesel = check_quality(
        ca.compile_inventory(ca.make_balance(frame.assign(product="diesel")), method="ipcc-2006")
    )
    assert "same-number" in rules(diesel)


def test_cities_that_exceed_their_province(tmp_path):
    """Two cities of a province, each more than half of it."""
    cities = [compiled(tmp_path / "q", area="青岛"), compiled(tmp_path / "w", area="威海市")]
    province = compiled(tmp_path / "s", {**ROWS, "transport": {"diesel": 21}}, area="山东")
    found = check_quality([*cities, province], parents={"威海市": "山东"})
    said = [str(finding) for finding in found if finding.rule == "parts-exceed-whole-area"]
    assert len(said) == 1
    assert said[0].startswith("2 parts of 山东 emit")


def test_per_head_outside_a_plausible_range(tmp_path):
    """A population in 10^4 persons is found by its tonnes per head."""
    drivers = pd.DataFrame({"area": ["重庆"], "year": [2021], "population": [321.0]})
    found = check_quality(compiled(tmp_path), drivers=drivers)
    assert rules(found) == ["implausible", "implausible"]
    # 150 x 10^4 t of raw coal at 20.908 GJ/t and 30 of diesel at 43.0
    assert f"重庆 2021 burns {(150e4 * 20.908 + 30e4 * 43.0) / 321:.4g} GJ/person" in str(found[1])
    assert (
        check_quality(compiled(tmp_path), drivers=drivers.assign(population=3.21e6, gdp=6e6)) == []
    )
    with pytest.raises(
        MethodError,
        match="drivers have no row for 重庆 2021; they have Chongqing 2021: use the names of the tables",
    ):
        check_quality(compiled(tmp_path), drivers=drivers.assign(area="Chongqing"))
    with pytest.raises(MethodError, match="drivers have two rows for 重庆 2021"):
        check_quality(compiled(tmp_path), drivers=pd.concat([drivers, drivers]))
    with pytest.raises(MethodError, match="drivers have no column 'year'"):
        check_quality(compiled(tmp_path), drivers=drivers[["area"]])


# --- the reverse audit


def test_the_factors_of_the_published_cells_of_2007_are_ceads(real_tables):
    """CEADs 2007, implied factors of 27 provinces by fuel and sector: each is named as its own edition's."""
    published = pd.read_csv(real_tables / "ceads" / "implied_emission_factors_2007.csv")
    names = {
        "Briquettes": "briquettes",
        "Cleaned Coal": "cleaned_coal",
        "Coke": "coke",
        "Diesel Oil": "diesel",
        "Fuel Oil": "fuel_oil",
        "Gasoline": "gasoline",
        "Kerosene": "kerosene",
        "LPG": "lpg",
        "Raw Coal": "raw_coal",
    }
    flows = {
        "Constr": "construction",
        "Farm": "farming",
        "Other": "other_services",
        "Rural": "households_rural",
        "Trans": "transport",
        "Urban": "households_urban",
        "Whole": "wholesale_retail",
    }
    rows = published[published.fuel.isin(names) & (published.unit == "tCO2 per t")]
    cells = pd.DataFrame(
        {
            "product": rows.fuel.map(names),
            "flow": rows.ebt_sector.map(flows),
            "amount": 1000.0,
            "value": rows.EF * 1000,
        }
    )
    found = identify_factors(cells)
    assert len(found) > 40
    assert set(found.edition) == {"ceads"}
    assert found.deviation.abs().max() < 1e-9


@pytest.mark.parametrize("method", ["ceads", "ipcc-2006"])
def test_an_inventory_implies_the_factors_that_made_it(method):
    """Every cell is matched; each cell of CEADs by CEADs alone."""
    cells = list_cells(ca.compile_inventory("docs/tables/chongqing_2007.csv", method=method))
    found = identify_factors(cells[cells.value > 0])
    assert (found.deviation.abs() < 1e-6).all()
    assert (found.edition != "").all()
    if method == "ceads":
        assert set(found.edition) == {"ceads"}


def test_an_audit_of_an_energy_table():
    """Per GJ, kWh or tce there is no calorific value; IPCC's diesel is 74.1 t CO2/TJ; empty rows ask nothing."""
    cells = pd.DataFrame(
        {
            "product": "diesel",
            "amount": [1000.0, 1e6, 1000 / 29.3076, 1000],
            "value": [74.1, 74.1 * 3.6, 74.1, 74.1],
            "unit": ["GJ", "kWh", "tce", None],
            "flow": [None, "transport", None, None],
            "year": [2019, None, None, None],
        }
    )
    found = identify_factors(cells, editions=["ipcc-2006"])
    assert found.edition.to_list() == ["ipcc-2006", "ipcc-2006", "ipcc-2006", ""]
    assert found.formula[0] == "74100 kg CO2/TJ (ipcc-2006)"
    with pytest.raises(MethodError, match="amounts of diesel in kt; known: t, GJ, kWh, tce"):
        identify_factors(cells.assign(unit="kt"))


def test_a_factor_of_nobody_shows_the_nearest():
    """No edition is named; the nearest is shown with its deviation."""
    found = identify_factors(
        pd.DataFrame({"product": ["diesel", "coke"], "amount": [10.0, 0.0], "value": [100.0, 5.0]})
    )
    assert found.edition.to_list() == ["", ""]
    assert found.deviation[0] < -0.6
    assert found.implied.isna().to_list() == [False, True]
    with pytest.raises(MethodError, match="no product 'deisel'; did you mean diesel"):
        identify_factors(pd.DataFrame({"product": ["deisel"], "amount": [1.0], "value": [1.0]}))
    with pytest.raises(MethodError, match="no edition 'ipcc-2060'; did you mean ipcc-2006"):
        identify_factors(
            pd.DataFrame({"product": ["diesel"], "amount": [1.0], "value": [1.0]}),
            editions=["ipcc-2060"],
        )


def test_two_products_that_stand_for_each_other_are_audited():
    """In `ncsc-db-2026` kerosene takes CO2 from none, other kerosene from kerosene, and CH4 the other way."""
    cells = pd.DataFrame({"product": ["kerosene", "other_kerosene"], "amount": 1.0, "value": 3.0})
    assert len(identify_factors(cells)) == 2


def test_the_command_checks_what_a_head_emits(tmp_path, capsys):
    """28.16 万人 for 2816 makes 338 t of a head; areas are found under any of their names."""
    path = tmp_path / "drivers.csv"
    words = ["quality", "docs/tables/chongqing_2007.csv", "--method", "provincial-2011"]
    for people, said in (("2816", False), ("28.16", True)):
        path.write_text(
            f"area,year,population (万人),gdp (亿元)\n重庆市,2007,{people},4122.51\n",
            encoding="utf-8",
        )
        assert main([*words, "--drivers", str(path)]) == 0
        assert ("emits 337.7 t/person" in capsys.readouterr().out) is said
