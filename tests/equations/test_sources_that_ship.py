"""What ships of sources and factor tables: names, numbers of their own, partners, ranges."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import pandas as pd
import pytest

from carbonacct import dim_names, vocabulary
from carbonacct.data import data_folder
from carbonacct.equations import arrange, choose_factors, evaluate, load_sector, sector_ids
from carbonacct.equations.factor_values import load_factors
from carbonacct.vocabulary import areas

# What a project says of its area, where a table prints groups without members.
PLACE = {
    "climate_zones": "temperate_wet",
    "asia_temperatures": "18",
    "climates": "warm_temperate_moist",
    "ecological_zones": "subtropical_humid_forest",
    "root_classes": "subtropical_humid_above_125",
    "litter_classes": "subtropical_broadleaf",
    "volume_classes": "subtropical_conifers_41_80",
    "switchgear_regions": "europe",
}
# Sources whose example has no number by default, with the parameter that nobody could check.
WAITING = {
    "provincial-2011/processes": {
        "lime": "lime_factor",
        "steel": "steel_carbon",
        "aluminium": "aluminium_factor",
        "magnesium": "magnesium_factor",
        "electrical_equipment": "equipment_factor",
        "semiconductors": "semiconductor_factor",
        "hcfc22": "hcfc22_factor",
    },
    "provincial-2011/agriculture": {
        "rice": "rice_factor",
        "enteric_fermentation": "enteric_factor",
        "soils_direct": "soil_factor",
        "soils_deposition": "compound_nitrogen",
        "soils_leaching": "compound_nitrogen",
        "grazing": "grazing_factor",
    },
    "provincial-2011/land": {
        "forest_growth": "wood_density",
        "scattered_growth": "wood_density",
        "wood_consumption": "wood_density",
        "forest_conversion": "burnt_on_site",
        "conversion_burning_ch4": "burnt_on_site",
        "conversion_burning_n2o": "burnt_on_site",
    },
    "provincial-2011/waste": {
        "incineration": "waste_carbon",
        "domestic_wastewater_ch4": "bod_per_cod",
        "wastewater_n2o": "unconsumed_protein",
    },
    "provincial-2011/fugitives": {
        "abandoned_mining": "abandoned_factor",
        "gas_processing": "gas_processing_factor",
        "gas_transmission": "gas_pipeline_factor",
        "gas_consumption": "gas_consumption_factor",
        "heavy_oil": "heavy_oil_factor",
        "oil_transport": "oil_transport_factor",
        "oil_refining": "oil_refining_factor",
    },
    "provincial-2011/biomass": {"stoves": "stove_factor"},
    "ipcc-2006/fugitives": {"gas_wells_work": "well_factor", "oil_wells_work": "well_factor"},
    "ipcc-2006/processes": {"solvents": "nmvoc_carbon"},
    "ipcc-2006/waste": {"landfill_decay": "degradable_carbon"},
    "ipcc-2006/agriculture": {
        "manure_n2o": "animal_mass",
        "manure_n2o_volatilised": "animal_mass",
        "manure_n2o_leached": "animal_mass",
        "soils_direct": "animal_mass",
        "soils_deposition": "animal_mass",
        "soils_leaching": "animal_mass",
    },
    "ipcc-2006/land": {
        "to_wetlands": "soil_factor_to",
        "to_settlements": "soil_factor_to",
        "to_other": "soil_factor_to",
    },
}

# Rows that nobody could check: opt-in, with a finding each.
UNVERIFIED = {"ipcc-2006": 15, "provincial-2011": 175}


def rows_of_example(sector, example) -> pd.DataFrame:
    """Return the activities of an example as rows of one city; its parameters are left out."""
    years = example.get("years") or [2010]
    rows = []
    for name in sector.activities.keys() & example["given"].keys():
        given = example["given"][name]
        for key, value in (given if isinstance(given, dict) else {"": given}).items():
            labels = dict(zip(sector.dims_of(name), key.split(",") if key else [], strict=True))
            by_year = value if isinstance(value, list) else [value] * len(years)
            rows += [
                {"symbol": name, "area": "重庆", "year": year, "value": number, **labels}
                for year, number in zip(years, by_year, strict=True)
            ]
    return pd.DataFrame(rows).fillna("")


def evaluate_example(sector, example):
    """Return a sector worked out from an example's activities and the factors that ship."""
    asked = {name for about in sector.parameters.values() for _, name in about.groups}
    members = {name: {"重庆": group} for name, group in PLACE.items() if name in asked}
    data = arrange(sector, rows_of_example(sector, example))
    return evaluate(sector, choose_factors(sector, data, partitions=members))


@pytest.mark.parametrize("identifier", sector_ids())
def test_every_source_has_a_number_or_says_which_factor_waits(identifier):
    """Activities alone give a number by the tables that ship; else a finding names the factor."""
    sector = load_sector(identifier)
    waiting = {}
    for source in sector.sources:
        found = evaluate_example(sector, source.examples[0])
        if (found.notation(source.id)[:, -1] == "NE").any():
            named = [str(one) for one in found.findings if f"{source.id} has no number" in str(one)]
            wanted = WAITING.get(identifier, {}).get(source.id, "nothing")
            assert any(wanted in one for one in named), (source.id, named)
            waiting[source.id] = wanted
    assert waiting == WAITING.get(identifier, {})


def test_an_activity_is_the_same_in_every_file():
    """One table of activity data serves all methods: a name has one unit and the same dims."""
    seen = defaultdict(set)
    for identifier in sector_ids():
        for activity in load_sector(identifier).activities.values():
            seen[activity.id].add((activity.unit, activity.dims))
    assert {name: found for name, found in seen.items() if len(found) > 1} == {}


@pytest.mark.parametrize("identifier", sector_ids())
def test_activities_say_where_they_are_printed(identifier):
    """A compiler is told where to look for each number, and what each label is called."""
    sector = load_sector(identifier)
    assert [one.id for one in sector.activities.values() if not one.printed] == []
    dims = {dim for one in sector.activities.values() for dim in one.dims}
    assert [dim for dim in dims if dim != "species" and not dim_names.dim_labels(dim)] == []


@pytest.mark.parametrize("identifier", sector_ids())
def test_partners_exist(identifier):
    """What may hold the same carbon is a product and a flow of the energy balance."""
    for source in load_sector(identifier).sources:
        if source.partner:
            assert source.partner.product in vocabulary.products()
            assert source.partner.flow in vocabulary.flows()


def tables() -> list:
    """Return the factor tables of all editions of sectors."""
    known = {identifier.rpartition("/")[2] for identifier in sector_ids()}
    paths = [path for path in data_folder().glob("*/*/*.csv") if path.parent.name in known]
    return sorted(path for path in paths if path.stem != "partitions")


def test_a_range_has_no_value():
    """A range that is printed alone has no value: the sector file says that the middle counts."""
    middle = {
        (edition, identifier.rpartition("/")[2], about.file)
        for identifier in sector_ids()
        for about in load_sector(identifier).parameters.values()
        for edition in about.editions or load_sector(identifier).editions
        if about.middle
    }
    found = set()
    for path in tables():
        with path.open(encoding="utf-8", newline="") as stream:
            for one in csv.DictReader(stream):
                if not one["value"]:
                    assert float(one["lower"]) < float(one["upper"])
                    found.add((path.parent.parent.name, path.parent.name, path.stem))
    assert found == middle
    assert len(found) == 21


def test_tables_are_used_and_have_a_source():
    """Each table is that of a parameter; each row has where it stands, or why it is derived."""
    named = set()
    for identifier in sector_ids():
        sector = load_sector(identifier)
        for about in sector.parameters.values():
            editions = about.editions or sector.editions
            named |= {(edition, identifier.rpartition("/")[2], about.file) for edition in editions}
    for path in tables():
        assert (path.parent.parent.name, path.parent.name, path.stem) in named
        with path.open(encoding="utf-8", newline="") as stream:
            assert all(row["table"] or row["note"] for row in csv.DictReader(stream)), path


def test_statuses_as_they_ship():
    """A row that nobody could check stays one until somebody does: the counts are pinned."""
    counts = defaultdict(Counter)
    for path in tables():
        with path.open(encoding="utf-8", newline="") as stream:
            edition = path.parent.parent.name
            counts[edition].update(row["status"] for row in csv.DictReader(stream))
    unverified = {edition: found["unverified"] for edition, found in counts.items()}
    assert {edition: count for edition, count in unverified.items() if count} == UNVERIFIED
    assert sum(counts["ipcc-2006"].values()) > 1300


def test_regions_hold_each_province_once():
    """Groups of areas that a document prints with members name areas that exist."""
    known = areas()
    for identifier in sector_ids():
        sector = load_sector(identifier)
        for about in sector.parameters.values():
            for edition in load_factors(sector, about):
                for name, members in edition.partitions.items():
                    if name.endswith("regions"):
                        groups = set(members.values())
                        assert set(members) - groups <= set(known) | groups
