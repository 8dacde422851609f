"""A city of all sources by the IPCC guidelines, each number beside the arithmetic of the print.

The factors are written out here as the tables of the 2006 IPCC Guidelines print them, and the sums are those of the
equations there: neither an edition nor a sector file of the package is read for them.
"""

from __future__ import annotations

import math

import pytest

from tests.sectors.sources.building import compiled

C_TO_CO2, N_TO_N2O = 44 / 12, 44 / 28

# Rows of the table: activity, item, value, unit. What comes of them: source, item, gas, tonnes.
PROCESSES = {
    "Vol. 3 eq. 2.1, 0.52 t CO2/t clinker, cement of which 75 % is clinker": (
        [("cement_output", "", 100, "万吨"), ("clinker_ratio", "", 0.75, "t clinker/(t cement)")],
        [("cement", "", "CO2", 1e6 * 0.75 * 0.52)],
    ),
    "Vol. 3 table 2.4": (
        [("lime_by_kind", "high_calcium", 3, "万吨"), ("lime_by_kind", "hydraulic", 1, "万吨")],
        [
            ("lime_kinds", "high_calcium", "CO2", 3e4 * 0.75),
            ("lime_kinds", "hydraulic", "CO2", 1e4 * 0.59),
        ],
    ),
    "Vol. 3 table 2.6, float glass 0.21, a fifth cullet": (
        [("glass_by_kind", "float", 10, "万吨"), ("cullet_kind_share", "float", 20, "%")],
        [("glass_kinds", "float", "CO2", 1e5 * 0.21 * 0.8)],
    ),
    "Vol. 3 table 2.1": (
        [("carbonates_used", "soda_ash", 2, "万吨"), ("carbonates_used", "calcite", 1, "万吨")],
        [
            ("other_carbonates", "soda_ash", "CO2", 2e4 * 0.41492),
            ("other_carbonates", "calcite", "CO2", 1e4 * 0.43971),
        ],
    ),
    "Vol. 3 eq. 3.1, table 3.1, less what is bound in urea (0.733)": (
        [("ammonia_output", "partial_oxidation", 10, "万吨"), ("urea_output", "", 5, "万吨")],
        [("ammonia", "", "CO2", 1e5 * 36.0 * 21.0e-3 * C_TO_CO2 - 5e4 * 0.733)],
    ),
    "Vol. 3 tables 3.3 to 3.5": (
        [
            ("nitric_acid_output", "high_pressure", 2, "万吨"),
            ("nitric_acid_output", "atmospheric", 1, "万吨"),
            ("adipic_acid_output", "", 1, "万吨"),
            ("abated_share", "catalytic", 50, "%"),
            ("caprolactam_output", "", 3, "万吨"),
        ],
        [
            ("nitric_acid", "high_pressure", "N2O", 2e4 * 9e-3),
            ("nitric_acid", "atmospheric", "N2O", 1e4 * 5e-3),
            ("adipic_acid", "", "N2O", 1e4 * 0.300 * (1 - 0.5 * 0.925 * 0.89)),
            ("caprolactam", "", "N2O", 3e4 * 9e-3),
        ],
    ),
    "Vol. 3 tables 3.7 to 3.9": (
        [
            ("carbide_output", "", 4, "万吨"),
            ("silicon_carbide_output", "", 1, "万吨"),
            ("titanium_output", "rutile", 1, "万吨"),
            ("trona_used", "", 1, "万吨"),
        ],
        [
            ("calcium_carbide", "", "CO2", 4e4 * 1.090),
            ("silicon_carbide", "", "CO2", 1e4 * 2.62),
            ("silicon_carbide", "", "CH4", 1e4 * 11.6e-3),
            ("titanium_dioxide_production", "rutile", "CO2", 1e4 * 1.34),
            ("soda_ash_production", "", "CO2", 1e4 * 0.097),
        ],
    ),
    "Vol. 3 tables 3.12 to 3.24": (
        [
            ("methanol_output", "gas", 1, "万吨"),
            ("vinyl_chloride_output", "balanced", 1, "万吨"),
            ("ethylene_oxide_output", "oxygen,none", 1, "万吨"),
            ("carbon_black_output", "furnace,none", 1, "万吨"),
        ],
        [
            ("methanol_production", "gas", "CO2", 1e4 * 0.67),
            ("methanol_methane", "", "CH4", 1e4 * 2.3e-3),
            ("vinyl_chloride_production", "balanced", "CO2", 1e4 * 0.294),
            ("ethylene_oxide_production", "oxygen", "CO2", 1e4 * 0.663),
            ("ethylene_oxide_methane", "none", "CH4", 1e4 * 1.79e-3),
            ("carbon_black_production", "furnace", "CO2", 1e4 * 2.62),
            ("carbon_black_methane", "furnace", "CH4", 1e4 * 28.7e-3),
        ],
    ),
    "Vol. 3 table 3.28 and section 3.10.2": (
        [
            ("hcfc22_by_plant", "old", 1, "万吨"),
            ("hfc23_destroyed", "", 100, "t"),
            ("hfc_output", "HFC134a", 1, "万吨"),
        ],
        [("hcfc22", "", "HFC23", 1e4 * 0.04 - 100), ("hfc_production", "", "HFC134a", 1e4 * 0.005)],
    ),
    "Vol. 3 tables 4.1 and 4.2": (
        [
            ("steel_by_furnace", "bof", 60, "万吨"),
            ("steel_by_furnace", "eaf", 40, "万吨"),
            ("pig_iron_unrefined", "", 0, "t"),
            ("sponge_iron_output", "", 1, "万吨"),
            ("sinter_output", "", 50, "万吨"),
            ("pellet_output", "", 10, "万吨"),
        ],
        [
            ("steel", "", "CO2", 6e5 * 1.46 + 4e5 * 0.08 + 1e4 * 0.70 + 5e5 * 0.20 + 1e5 * 0.03),
            ("sinter_methane", "", "CH4", 5e5 * 0.07e-3),
        ],
    ),
    "Vol. 3 tables 4.5, 4.7, 4.10, 4.15": (
        [
            ("ferroalloy_output", "ferrosilicon_75", 1, "万吨"),
            ("aluminium_output", "cwpb", 10, "万吨"),
            ("aluminium_output", "vss", 1, "万吨"),
        ],
        [
            ("ferroalloys", "ferrosilicon_75", "CO2", 1e4 * 4.0),
            ("ferroalloys_methane", "ferrosilicon_75", "CH4", 1e4 * 1.0e-3),
            ("anodes", "cwpb", "CO2", 1e5 * 1.6),
            ("anodes", "vss", "CO2", 1e4 * 1.7),
            ("aluminium", "cwpb", "CF4", 1e5 * 0.4e-3),
            ("aluminium", "cwpb", "C2F6", 1e5 * 0.04e-3),
            ("aluminium", "vss", "CF4", 1e4 * 0.8e-3),
        ],
    ),
    "Vol. 3 tables 4.19 to 4.24": (
        [
            ("magnesium_by_ore", "dolomite", 1, "万吨"),
            ("magnesium_cast", "", 1000, "t"),
            ("lead_output", "secondary", 1, "万吨"),
            ("zinc_output", "all", 1, "万吨"),
        ],
        [
            ("magnesium_primary", "dolomite", "CO2", 1e4 * 5.13),
            ("magnesium_casting", "", "SF6", 1000 * 1.0e-3),
            ("lead_production", "secondary", "CO2", 1e4 * 0.20),
            ("zinc_production", "all", "CO2", 1e4 * 1.72),
        ],
    ),
    "Vol. 3 eq. 7.7 and 7.8: a tenth of closed-cell foam is lost at once": (
        [("foam_gas", "HFC134a,closed", 100, "t"), ("foam_gas", "HFC152a,closed", 50, "t")],
        [("foams", "closed", "HFC134a", 10.0), ("foams", "closed", "HFC152a", 5.0)],
    ),
    "Vol. 3 section 8.4: medical N2O is all let out": (
        [("medical_n2o", "", 20, "t")],
        [("medical_use", "", "N2O", 20.0)],
    ),
}
WASTE = {
    "Vol. 5 table 4.1, wet weight": (
        [("waste_treated", "compost", 10, "万吨")],
        [
            ("biological_methane", "", "CH4", 1e5 * 4e-3),
            ("biological_nitrous_oxide", "compost", "N2O", 1e5 * 0.24e-3),
        ],
    ),
    "Vol. 5 eq. 5.1, table 2.4: plastics 100 % dry, 75 % carbon, all fossil; paper 90, 46, 1": (
        [
            ("msw_incinerated", "", 20, "万吨"),
            ("waste_share", "plastics", 15, "%"),
            ("waste_share", "paper", 10, "%"),
        ],
        [
            (
                "incineration_municipal",
                "",
                "CO2",
                2e5 * (0.15 * 0.75 + 0.10 * 0.9 * 0.46 * 0.01) * C_TO_CO2,
            )
        ],
    ),
    "Vol. 5 eq. 6.1 to 6.3: 40 g BOD, Bo 0.6, an overloaded plant 0.3": (
        [
            ("population", "", 100, "万人"),
            ("sewage_share", "aerobic_overloaded", 100, "%"),
            ("protein", "", 30, "kg/人"),
            ("plant_share", "", 0, "%"),
        ],
        [
            ("domestic_wastewater", "", "CH4", 1e6 * 40e-6 * 365 * 1.25 * 0.6 * 0.3),
            ("wastewater_n2o", "", "N2O", 1e6 * 30e-3 * 0.16 * 1.1 * 1.25 * 0.005 * N_TO_N2O),
        ],
    ),
}
FARMS = {
    "Vol. 4 tables 10.10 and 10.11 of Asia": (
        [
            ("heads", "dairy_cattle", 1, "万头"),
            ("heads", "other_cattle", 2, "万头"),
            ("heads", "buffalo", 1, "万头"),
            ("heads", "goats", 10, "万只"),
            ("heads", "camels", 100, "头"),
        ],
        [
            ("enteric_fermentation", "dairy_cattle", "CH4", 1e4 * 68e-3),
            ("enteric_fermentation", "other_cattle", "CH4", 2e4 * 47e-3),
            ("enteric_fermentation", "buffalo", "CH4", 1e4 * 55e-3),
            ("enteric_fermentation", "goats", "CH4", 1e5 * 5e-3),
            ("enteric_fermentation", "camels", "CH4", 100 * 46e-3),
        ],
    ),
    "Vol. 4 section 11.3 and 11.4": (
        [
            ("carbonate_limed", "limestone", 1, "万吨"),
            ("carbonate_limed", "dolomite", 1, "万吨"),
            ("urea_applied", "", 5, "万吨"),
        ],
        [
            ("liming", "limestone", "CO2", 1e4 * 0.12 * C_TO_CO2),
            ("liming", "dolomite", "CO2", 1e4 * 0.13 * C_TO_CO2),
            ("urea_application", "", "CO2", 5e4 * 0.20 * C_TO_CO2),
        ],
    ),
    "Vol. 4 tables 2.5 and 2.6: maize, a tenth of 10 t/ha burnt": (
        [("crop_area", "maize", 1, "千公顷"), ("burnt_share", "maize", 10, "%")],
        [
            ("field_burning", "maize", "CH4", 1000 * 0.1 * 10.0 * 2.7e-3),
            ("field_burning", "maize", "N2O", 1000 * 0.1 * 10.0 * 0.07e-3),
        ],
    ),
    "Vol. 4 eq. 5.1 to 5.3: 1.30 kg a day, drained once (0.60), 6 t of straw in time for the crop": (
        [
            ("rice_area", "single", 10, "千公顷"),
            ("rice_days", "single", 120, "day"),
            ("water_share", "single_aeration", 100, "%"),
            ("pre_season_share", "short_dry", 100, "%"),
            ("amendment_applied", "straw_short", 6, "t/ha"),
        ],
        [("rice", "single", "CH4", 1e4 * 120 * 1.30e-3 * 0.60 * 1.0 * (1 + 6 * 1.0) ** 0.59)],
    ),
}
ALL = PROCESSES | WASTE | FARMS


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return the inventory of all rows, as tonnes by source, item and gas."""
    rows = [(*row, "重庆", 2020) for given, _ in ALL.values() for row in given]
    entries = compiled(tmp_path_factory.mktemp("city"), *rows, method="ipcc-2006").entries
    keys = entries[["flow", "product", "gas"]].astype(str).itertuples(index=False, name=None)
    return dict(zip(keys, entries["value"], strict=True))


def test_no_gas_takes_the_name_of_another(found):
    """Gases of sources by smelter or foam stand where their axis stands, whatever other sources come first."""
    kinds = {"aluminium": {"CF4", "C2F6"}, "silicon_carbide": {"CO2", "CH4"}, "anodes": {"CO2"}}
    for source, gases in kinds.items():
        assert {gas for flow, _, gas in found if flow == source} == gases


@pytest.mark.parametrize("name", ALL)
def test_each_source_is_what_the_print_gives(found, name):
    """Equation and factor, by hand."""
    for *key, tonnes in ALL[name][1]:
        assert found.get(tuple(key), math.nan) == pytest.approx(tonnes, rel=1e-9), key
