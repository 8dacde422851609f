"""Agriculture: Volume 4 of the 2006 IPCC Guidelines, chapters 2, 5, 10 and 11."""

from tests.sectors.sources.by_hand import C_TO_CO2, N_TO_N2O

# Tables 10.19, 10A-7 and 10A-9 of Asia: kg of nitrogen per 1000 kg and day, kg of a head.
PIGS, SHEEP = 1e6, 1e5
PIG_NITROGEN = PIGS * 0.40 * 28 / 1000 * 365 / 1000  # t N, eq. 10.30
SHEEP_NITROGEN = SHEEP * 1.17 * 28 / 1000 * 365 / 1000
# Table 10.23: of solid storage 50 % is lost, of a lagoon 78 %; sheep stay on the pasture.
MANURE = (
    PIG_NITROGEN * (0.6 * (1 - 0.50) + 0.4 * (1 - 0.78)) - 100 + 50
)  # eq. 10.34: used otherwise, other organic
FERTILISER = 10000 + 5000 * 0.30
# Table 11.2 and residues per yield of the 2019 Refinement: rice 89 % dry, 1.4, 0.7 % N; roots 16 %, 0.9 % N of grains.
DRY = 1e5 * 0.89
STRAW = (
    DRY * 1.4 * (1 - 0.25 * 0.80) * (1 - 0.50) * 0.007
)  # a quarter burnt, 80 % of it; half of the rest taken off
ROOTS = (DRY * 1.4 + DRY) * 0.16 * 0.009
INPUT = FERTILISER + MANURE + STRAW + ROOTS + 20  # eq. 11.1, with what soils lose

FARMS = {
    "Vol. 4 tables 10.10 and 10.11 of Asia": (
        [
            ("heads", "dairy_cattle", 1, "万头", "北京"),
            ("heads", "other_cattle", 2, "万头", "北京"),
            ("heads", "buffalo", 1, "万头", "北京"),
            ("heads", "goats", 10, "万只", "北京"),
            ("heads", "camels", 100, "头", "北京"),
        ],
        [
            ("enteric_fermentation", "dairy_cattle", "CH4", 1e4 * 68e-3, "北京"),
            ("enteric_fermentation", "other_cattle", "CH4", 2e4 * 47e-3, "北京"),
            ("enteric_fermentation", "buffalo", "CH4", 1e4 * 55e-3, "北京"),
            ("enteric_fermentation", "goats", "CH4", 1e5 * 5e-3, "北京"),
            ("enteric_fermentation", "camels", "CH4", 100 * 46e-3, "北京"),
        ],
    ),
    "Vol. 4 tables 10.14 and 10.15 of Asia at 15 degrees": (
        [("asia_temperatures", "15", "", "", "北京")],
        [
            ("manure_ch4", "dairy_cattle", "CH4", 1e4 * 13e-3, "北京"),
            ("manure_ch4", "buffalo", "CH4", 1e4 * 2e-3, "北京"),
            ("manure_ch4", "goats", "CH4", 1e5 * 0.17e-3, "北京"),
        ],
    ),
    "Vol. 4 eq. 10.25 and 10.30, table 10.21: solid storage 0.005, lagoon and pasture 0": (
        [
            ("heads", "pigs,large_scale", 100, "万头"),
            ("heads", "sheep,grazing", 10, "万只"),
            ("manure_share", "pigs,solid", 60, "%"),
            ("manure_share", "pigs,lagoon", 40, "%"),
            ("manure_share", "sheep,pasture", 100, "%"),
        ],
        [
            ("manure_n2o", "pigs", "N2O", PIG_NITROGEN * 0.6 * 0.005 * N_TO_N2O),
            ("manure_n2o", "sheep", "N2O", 0.0),
        ],
    ),
    "Vol. 4 eq. 10.26 to 10.29, table 10.22: 45 and 40 % to the air, a tenth of the solid storage leached": (
        [("manure_leached", "pigs,solid", 10, "%")],
        [
            (
                "manure_n2o_volatilised",
                "",
                "N2O",
                PIG_NITROGEN * (0.6 * 0.45 + 0.4 * 0.40) * 0.01 * N_TO_N2O,
            ),
            ("manure_n2o_leached", "", "N2O", PIG_NITROGEN * 0.6 * 0.10 * 0.0075 * N_TO_N2O),
        ],
    ),
    "Vol. 4 eq. 11.1 to 11.6: five inputs of nitrogen, of which rice fields take 1000 t at 0.003": (
        [
            ("nitrogen_fertiliser", "", 1, "万吨"),
            ("compound_fertiliser", "", 5000, "t"),
            ("compound_nitrogen", "", 0.30, "t N/(t nutrient)"),
            ("manure_used_otherwise", "", 100, "t"),
            ("other_organic_nitrogen", "", 50, "t"),
            ("crop_yield", "rice", 10, "万吨"),
            ("burnt_share", "rice", 25, "%"),
            ("residue_removed", "rice", 50, "%"),
            ("soil_nitrogen_released", "", 20, "t"),
            ("nitrogen_to_rice", "", 1000, "t"),
        ],
        [("soils_direct", "", "N2O", ((INPUT - 1000) * 0.01 + 1000 * 0.003) * N_TO_N2O)],
    ),
    "Vol. 4 eq. 11.9 and 11.10, table 11.3: 10 and 20 % to the air at 0.01, 30 % to the water at 0.0075": (
        [],
        [
            ("soils_deposition", "", "N2O", (FERTILISER * 0.10 + MANURE * 0.20) * 0.01 * N_TO_N2O),
            ("soils_leaching", "", "N2O", INPUT * 0.30 * 0.0075 * N_TO_N2O),
            ("grazing_deposition", "", "N2O", SHEEP_NITROGEN * 0.20 * 0.01 * N_TO_N2O),
            ("grazing_leaching", "", "N2O", SHEEP_NITROGEN * 0.30 * 0.0075 * N_TO_N2O),
        ],
    ),
    "Vol. 4 eq. 11.5, table 11.1: sheep 0.01": (
        [],
        [
            ("grazing", "sheep", "N2O", SHEEP_NITROGEN * 0.01 * N_TO_N2O),
            ("grazing", "pigs", "N2O", 0.0),
        ],
    ),
    "Vol. 4 table 11.1: 8 kg N2O-N of a hectare of drained cropland, 0.6 of rich forest": (
        [
            ("organic_soil_area", "temperate_crop", 10, "千公顷"),
            ("organic_soil_area", "temperate_forest_rich", 1, "千公顷"),
        ],
        [
            ("organic_soils", "temperate_crop", "N2O", 1e4 * 8e-3 * N_TO_N2O),
            ("organic_soils", "temperate_forest_rich", "N2O", 1e3 * 0.6e-3 * N_TO_N2O),
        ],
    ),
    "Vol. 4 eq. 11.12 and 11.13": (
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
    "Vol. 4 eq. 2.27, tables 2.4 and 2.5: maize, a tenth of 10 t/ha burnt": (
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
