"""The reference approach, and its comparison with the sectoral approach."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import FactorNotFoundError, TableError
from carbonacct.sectors.energy.approach_comparison import TERMS, compare_approaches
from carbonacct.sectors.energy.reference_approach import COLUMNS, compile_reference
from tests.sectors.energy.building import table

# A city where nothing is lost: all that comes in burns as it came, but for crude oil and raw coal that pass their
# carbon on whole.
CLOSED = {
    "primary_supply": {"raw_coal": 300, "diesel": 40, "natural_gas": 8},
    "production": {"raw_coal": 250},
    "moved_in": {"raw_coal": 80, "diesel": 50, "natural_gas": 8},
    "moved_out": {"raw_coal": -20, "diesel": -12},
    "stock_change": {"raw_coal": -10, "diesel": 2},
    "thermal_power": {"raw_coal": -120},
    "final_consumption": {"raw_coal": 180, "diesel": 40, "natural_gas": 8},
    "industry": {"raw_coal": 180, "diesel": 10, "natural_gas": 3},
    "transport": {"diesel": 30},
    "households_urban": {"natural_gas": 5},
}


def at(found, name, product):
    """Return one number of the table."""
    return float(found.table[name].sel(product=product).item())


@pytest.mark.parametrize("method", ["ipcc-2006", "provincial-2011"])
def test_both_approaches_agree_where_nothing_is_lost(tmp_path, method):
    """A closed city: same fuels in and burnt, no transformation: the same CO2."""
    inventory = ca.compile_inventory(table(tmp_path, CLOSED), method=method)
    comparison = compare_approaches(inventory)
    np.testing.assert_allclose(
        comparison.products["co2_reference"], comparison.products["co2_sectoral"], rtol=1e-12
    )
    for term in TERMS:
        assert (comparison.products[f"co2_{term}"].abs() < 1e-6).all(), term


def test_every_column_by_hand(tmp_path):
    """IPCC 2006 Vol. 2, eq. 6.1 and 6.2, diesel: (50 + 2 - 12 - 1) x 43.0 TJ/kt, 20.2 t C/TJ, feedstock 4 taken out."""
    rows = {
        "moved_in": {"diesel": 50},
        "moved_out": {"diesel": -12},
        "bunkers_home": {"diesel": -1},
        "stock_change": {"diesel": 2},
        "final_consumption": {"diesel": 39},
        "industry": {"diesel": 39},
        "feedstock": {"diesel": 4},
    }
    found = compile_reference(table(tmp_path, rows), method="provincial-2011")
    expected = {
        "production": 0,
        "imports": 5e5,
        "exports": 1.2e5,
        "international_bunkers": 1e4,
        "stock_change": -2e4,
        "apparent_consumption": 3.9e5,
        "net_calorific_value": 42.652,
        "apparent_energy": 3.9e5 * 42.652,
        "carbon_content": 0.0202,
        "total_carbon": 3.9e5 * 42.652 * 0.0202,
        "excluded_amount": 4e4,
        "excluded_fraction": 1,
        "excluded_carbon": 4e4 * 42.652 * 0.0202,
        "net_carbon": 3.5e5 * 42.652 * 0.0202,
        "oxidation_factor": 0.98,
        "emission_factor": 42.652 * 0.0202 * 0.98 * 44 / 12,
        "emissions": 3.5e5 * 42.652 * 0.0202 * 0.98 * 44 / 12,
    }
    assert {name: at(found, name, "diesel") for name in COLUMNS} == pytest.approx(
        expected, rel=1e-12
    )
    assert found.table["fuel_group"].sel(product="diesel").item() == "liquid"


def test_the_production_of_a_secondary_fuel_does_not_count(tmp_path):
    """Its carbon is in the fuel that it was made from (IPCC 2006 Vol. 2, 6.3): a gross output is no supply."""
    found = compile_reference(
        table(
            tmp_path, {**CLOSED, "gross_output": {"diesel": 70}, "production": {"raw_coal": 250}}
        ),
        method="ipcc-2006",
    )
    assert at(found, "production", "diesel") == 0
    assert at(found, "apparent_consumption", "diesel") == 4e5


amounts = st.integers(min_value=0, max_value=500)


@settings(max_examples=30)
@given(st.lists(amounts, min_size=12, max_size=12), st.integers(0, 100), st.integers(-40, 40))
def test_the_terms_add_up_to_the_difference(tmp_path_factory, numbers, feedstock, difference):
    """In amounts and in CO2 the terms close exactly, whatever the table prints."""
    n = iter(numbers)
    rows = {
        "primary_supply": {"raw_coal": next(n), "coke": next(n)},
        "production": {"raw_coal": next(n)},
        "recovery": {"coke": next(n)},
        "moved_in": {"raw_coal": next(n), "coke": next(n)},
        "thermal_power": {"raw_coal": -next(n)},
        "coking": {"raw_coal": -next(n), "coke": next(n)},
        "losses": {"raw_coal": next(n)},
        "final_consumption": {"raw_coal": 9, "coke": 7},
        "industry": {"raw_coal": next(n), "coke": next(n)},
        "feedstock": {"coke": feedstock},
        "statistical_difference": {"coke": difference},
    }
    balance = table(tmp_path_factory.mktemp("terms"), rows)
    frame = compare_approaches(ca.compile_inventory(balance, method="ipcc-2006")).products
    amount = frame[[term for term in TERMS if term != "factors"]].sum(axis=1)
    np.testing.assert_allclose(
        frame["amount_reference"] - frame["amount_sectoral"], amount, atol=1e-3
    )
    carbon = frame[[f"co2_{term}" for term in TERMS]].sum(axis=1)
    np.testing.assert_allclose(frame["co2_reference"] - frame["co2_sectoral"], carbon, atol=1e-2)


def test_what_the_table_tells_of_the_difference(tmp_path):
    """Each term as it was put in: 5 lost, difference 3, 20 coked into 14, 6 of feedstock on both sides."""
    rows = {
        "primary_supply": {"raw_coal": 128},
        "moved_in": {"raw_coal": 120},
        "losses": {"raw_coal": 5},
        "coking": {"raw_coal": -20, "coke": 14},
        "final_consumption": {"raw_coal": 100, "coke": 14},
        "industry": {"raw_coal": 100, "coke": 14},
        "feedstock": {"coke": 6},
        "statistical_difference": {"raw_coal": 3},
    }
    frame = compare_approaches(
        ca.compile_inventory(table(tmp_path, rows), method="ipcc-2006")
    ).products.set_index("product")
    told = {term: frame.loc["raw_coal", term] / 1e4 for term in TERMS if term != "factors"}
    assert told == pytest.approx(
        dict.fromkeys(told, 0)
        | {"supply_rows": -8, "losses": 5, "statistical_difference": 3, "transformation": 20}
    )
    assert frame.loc["coke", "transformation"] == pytest.approx(-14e4)
    assert frame.loc["coke", "non_energy"] == pytest.approx(0)


def test_ireland_1990_to_2010(real_tables, tmp_path):
    """SEAI, Energy Balance 1990-2024 and energy-related CO2 1990-2010: coal, oil and gas within 0.02 %."""
    folder = real_tables / "ireland_seai"
    overlay = tmp_path / "seai"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "SEAI"\npublisher = "SEAI"\nedition = "2025"\ndate = "2025"\nreference = "implied factors"\n',
        encoding="utf-8",
    )
    names = {
        "Bituminous Coal": "bituminous_coal",
        "Anthracite + Manufactured Ovoids": "anthracite_and_ovoids",
        "Lignite \\ Brown Coal Briquettes": "lignite_and_brown_coal_briquettes",
        "Crude": "crude_oil",
        "Refinery Feedstocks": "refinery_feedstocks",
        "Gasoline": "gasoline",
        "Kerosene": "other_kerosene",
        "Jet Kerosene": "jet_kerosene",
        "Fueloil": "fuel_oil",
        "LPG": "lpg",
        "Gasoil / Diesel /DERV": "diesel",
        "Petroleum Coke": "petroleum_coke",
        "Naphta": "naphtha",
        "Natural Gas": "natural_gas",
        "Milled Peat": "milled_peat",
        "Sod Peat": "sod_peat",
        "Briquettes": "peat_briquettes",
    }
    with (folder / "implied_ef_kgCO2_per_GJ.csv").open(encoding="utf-8") as stream:
        factors = {names[row[0]]: row[1] for row in list(csv.reader(stream))[1:] if row[0] in names}
    with (overlay / "emission_factor.csv").open("w", encoding="utf-8") as stream:
        stream.write(
            "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
        )
        stream.writelines(
            f"{product},,,,,,CO2,{product},{value},,,t CO2/TJ,,,single,\n"
            for product, value in factors.items()
        )
    balance = ca.read_balance(folder / "seai_energy_balances_1990_2024_ktoe.xlsx")
    found = compile_reference(balance, method=ca.load_method("ipcc-2006", overlay=overlay))
    with (folder / "seai_primary_co2_by_fuel_1990_2010_kt.csv").open(encoding="utf-8") as stream:
        published = {row["fuel"]: row for row in csv.DictReader(stream)}
    worst = {}
    groups = found.by_group()["emissions"]
    for group, fuel in (
        ("solid", "Coal"),
        ("liquid", "Oil"),
        ("gaseous", "Natural Gas"),
        ("peat", "Peat"),
    ):
        gaps = [
            abs(
                float(groups.sel(fuel_group=group, year=year).item())
                / 1e3
                / float(published[fuel][str(year)])
                - 1
            )
            for year in range(1990, 2011)
        ]
        worst[group] = max(gaps)
    assert max(worst.values()) < 2e-4, worst
    supply = (
        balance.amounts.sel(flow="primary_supply", product=found.table["product"])
        .transpose("area", "year", "product")
        .values
    )
    apparent = found.table["apparent_consumption"].values
    counted = (apparent != 0) & ~np.isnan(apparent)
    assert counted.sum() > 400
    np.testing.assert_allclose(apparent[counted], supply[counted], rtol=1e-9, atol=2)


@pytest.mark.parametrize(
    ("rows", "rule", "words"),
    [
        (
            {
                "production": {"crude_oil": 10},
                "bunkers_home": {"crude_oil": -25},
                "industry": {"crude_oil": 1},
            },
            "bunkers-exceed-supply",
            "bunkers of crude_oil of 重庆 2021 are 250,000 t, more than the 100,000 produced, made and brought in",
        ),
        (
            {
                "imports": {"diesel": 10},
                "bunkers_home": {"diesel": -25},
                "refining": {"crude_oil": -20, "diesel": 9},
                "industry": {"crude_oil": 1},
            },
            "bunkers-exceed-supply",
            "bunkers of diesel of 重庆 2021 are 250,000 t, more than the 190,000 produced, made and brought in",
        ),
        (
            {
                "moved_in": {"diesel": 50, "natural_gas": 2},
                "industry": {"diesel": 20, "natural_gas": 3},
                "feedstock": {"natural_gas": 3},
            },
            "stored-exceeds-content",
            "t C of natural_gas of 重庆 2021",
        ),
        (
            {"moved_in": {"diesel": 10}, "industry": {"diesel": 20}, "feedstock": {"diesel": 15}},
            "stored-exceeds-content",
            "are not burnt, more than the",
        ),
    ],
)
def test_what_cannot_be_is_an_error_finding(tmp_path, rows, rule, words):
    """More fuel for ships than there was, or more carbon stored than came in."""
    found = [
        finding
        for finding in compile_reference(table(tmp_path, rows), method="ipcc-2006").findings
        if finding.rule == rule
    ]
    assert {finding.severity for finding in found} == {"error"}
    assert words in str(found[-1])


def test_carbon_that_came_in_and_is_stored_to_the_last_tonne_is_no_error(tmp_path):
    """All of it may be stored; of a fuel of which nothing came in or is stored nothing is said."""
    rows = {
        "moved_in": {"diesel": 10, "raw_coal": 0, "natural_gas": 0},
        "industry": {"diesel": 10, "raw_coal": 0, "natural_gas": 0},
        "feedstock": {"diesel": 10, "raw_coal": 0},
    }
    found = compile_reference(table(tmp_path, rows), method="ipcc-2006")
    assert found.findings == ()
    assert found.to_frame().index.to_list() == list(range(len(found.to_frame())))
    groups = found.by_group()
    assert groups["emissions"].sel(fuel_group="liquid").item() == pytest.approx(0, abs=1e-6)


def test_what_is_made_of_a_primary_fuel_may_be_stored(tmp_path):
    """Naphtha for plastics and ships' fuel from the area's own refinery: their carbon came in as crude oil."""
    rows = {
        "imports": {"crude_oil": 100},
        "bunkers_home": {"diesel": -5},
        "refining": {"crude_oil": -100, "diesel": 40, "naphtha": 50},
        "final_consumption": {"diesel": 35, "naphtha": 50},
        "industry": {"diesel": 35, "naphtha": 50},
        "feedstock": {"naphtha": 50},
    }
    found = compile_reference(table(tmp_path, rows, units={"naphtha": "万吨"}), method="ipcc-2006")
    assert found.findings == ()
    assert at(found, "excluded_carbon", "naphtha") == pytest.approx(
        5e5 * 44.5 * 0.0733 * 12 / 44, rel=1e-12
    )


def test_all_deliveries_of_bitumen_are_excluded(tmp_path):
    """IPCC 2006 Vol. 2, 6.6: of 30 delivered 4 are imported; the rest came in as crude oil, unburnt too."""
    rows = {
        "imports": {"crude_oil": 100, "bitumen": 4},
        "refining": {"crude_oil": -100, "bitumen": 26, "diesel": 74},
        "final_consumption": {"bitumen": 30, "diesel": 74},
        "industry": {"bitumen": 10},
        "feedstock": {"bitumen": 6},
        "construction": {"bitumen": 20},
        "transport": {"diesel": 74},
    }
    found = compile_reference(table(tmp_path, rows, units={"bitumen": "万吨"}), method="ipcc-2006")
    assert at(found, "excluded_amount", "bitumen") == 30e4
    assert found.by_group()["emissions"].item() == pytest.approx(
        1e6 * 42.3 * 0.0733 - 26e4 * 40.2 * 0.0807, rel=1e-12
    )
    supply = compile_reference(
        table(
            tmp_path,
            {"imports": {"bitumen": 4}, "industry": {"diesel": 1}},
            units={"bitumen": "万吨"},
        ),
        method="ipcc-2006",
    )
    assert at(supply, "excluded_amount", "bitumen") == 4e4  # no delivery is printed: what came in


def test_the_stored_fraction_of_an_overlay(tmp_path):
    """Half of the feedstock's carbon is stored in 重庆, 0.8 elsewhere; the overlay counts as used."""
    overlay = tmp_path / "own"
    overlay.mkdir()
    (overlay / "source.toml").write_text(
        'title = "T"\npublisher = "P"\nedition = "1"\ndate = "2024"\nreference = "R"\n',
        encoding="utf-8",
    )
    (overlay / "stored_carbon_fraction.csv").write_text(
        "product,flow,category,area,from,to,gas,item,value,lower,upper,unit,table,page,status,note\n"
        "diesel,,,,,,,x,0.8,,,dimensionless,,,single,\ndiesel,,,chongqing,,,,x,0.5,,,dimensionless,,,single,\n",
        encoding="utf-8",
    )
    method = ca.load_method("ipcc-2006", overlay=overlay)
    rows = {
        "moved_in": {"diesel": 50},
        "final_consumption": {"diesel": 50},
        "industry": {"diesel": 50},
        "feedstock": {"diesel": 4},
    }
    fractions = {}
    for area in ("重庆", "四川"):
        balance = table(tmp_path, rows, title=f"{area}能源平衡表(实物量)-2021")
        found = compile_reference(balance, method=method)
        fractions[area] = at(found, "excluded_fraction", "diesel")
        assert at(found, "net_carbon", "diesel") == pytest.approx(
            (50e4 - 4e4 * fractions[area])
            * at(found, "net_calorific_value", "diesel")
            * at(found, "carbon_content", "diesel")
        )
        assert "overlay-unused" not in [
            finding.rule for finding in ca.compile_inventory(balance, method=method).findings
        ]
    assert fractions == {"重庆": 0.5, "四川": 0.8}


def test_no_supply_rows(tmp_path):
    """A table of consumption has no reference approach."""
    with pytest.raises(TableError, match="the table has no supply rows"):
        compile_reference(table(tmp_path, {"industry": {"diesel": 10}}), method="provincial-2011")


def test_a_fuel_without_a_factor(tmp_path):
    """A fuel that came in is never dropped."""
    with pytest.raises(
        FactorNotFoundError, match="ceads has no factor of CO2 for raw_coal of the area as a whole"
    ):
        compile_reference(table(tmp_path, CLOSED), method="ceads")  # one for each sector
    with pytest.raises(
        FactorNotFoundError,
        match="ipcc-2006 has no factor of CO2 for methanol of the area as a whole",
    ):
        compile_reference(
            table(
                tmp_path,
                {"moved_in": {"methanol": 10}, "industry": {"methanol": 10}},
                units={"methanol": "万吨"},
            ),
            method="ipcc-2006",
        )
