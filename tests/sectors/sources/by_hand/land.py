"""Land: Volume 4 of the 2006 IPCC Guidelines, chapters 2 to 9 and 12."""

import math

from tests.sectors.sources.by_hand import C_TO_CO2, N_TO_N2O

# A city of subtropical humid forest, in a moist warm temperate climate.
FOREST = 220 * (1 + 0.24) * 0.47  # t C/ha: tables 4.12, 4.4 and 4.3
GRASS = 13.5 * 0.47  # table 6.4
CROPS = 5.0  # table 5.9
SOIL = 0.75 * 88 + 0.25 * 34  # t C/ha: table 2.3, high activity clay and sand
CHANGED = {  # ha in the year, and twenty times as much in twenty years
    ("forest", "cropland"): 100,
    ("grassland", "forest"): 30,
    ("cropland", "grassland"): 40,
    ("cropland", "wetlands"): 10,
    ("cropland", "settlements"): 50,
    ("grassland", "other"): 5,
}


def converted(hectares, lost, before, after):
    """Return CO2 of a conversion: what the plants lose at once, and a twentieth of what soils lose (eq. 2.16, 2.25)."""
    return (hectares * lost + 20 * hectares * (before - after) * SOIL / 20) * C_TO_CO2


KEPT_SOLID = (1 - math.exp(-0.023)) / 0.023
KEPT_PAPER = (1 - math.exp(-0.347)) / 0.347

LAND = {
    "Vol. 4 eq. 2.15, 2.16 and 2.25: six uses, cropland holds 0.69 of its soil (table 5.5), settlements 0.8": (
        [
            ("climates", "warm_temperate_moist", "", ""),
            ("ecological_zones", "subtropical_humid_forest", "", ""),
            ("root_classes", "subtropical_humid_above_125", "", ""),
            ("litter_classes", "subtropical_broadleaf", "", ""),
            ("dead_wood", "", 5, "t C/ha"),
            ("soil_share", "high_activity", 75, "%"),
            ("soil_share", "sandy", 25, "%"),
            *(
                ("land_change", f"{old},{new}", area, "公顷")
                for (old, new), area in CHANGED.items()
            ),
            *(
                ("land_in_transition", f"{old},{new}", 20 * area, "公顷")
                for (old, new), area in CHANGED.items()
            ),
        ],
        [
            ("to_cropland", "", "CO2", converted(100, FOREST - CROPS, 1, 0.69)),
            ("to_forest", "", "CO2", converted(30, GRASS, 1, 1)),
            ("to_grassland", "", "CO2", converted(40, CROPS - GRASS, 0.69, 1)),
            ("to_wetlands", "", "CO2", converted(10, CROPS, 0.69, 1)),
            ("to_settlements", "", "CO2", converted(50, CROPS, 0.69, 0.8)),
            ("to_other", "", "CO2", converted(5, GRASS, 1, 0)),
            # Eq. 2.23: 2.8 t C/ha of litter (table 2.2) and 5 of dead wood, lost at once and gathered in twenty years.
            ("dead_matter_to_cropland", "", "CO2", 100 * (2.8 + 5) * C_TO_CO2),
            ("dead_matter_to_forest", "", "CO2", -20 * 30 * (2.8 + 5) / 20 * C_TO_CO2),
            *(
                (f"dead_matter_to_{use}", "", "CO2", 0.0)
                for use in ("grassland", "wetlands", "settlements", "other")
            ),
        ],
    ),
    "Vol. 4 eq. 2.7 to 2.14, tables 4.5 and 4.12: growth 5 and 10 t/ha, wood 0.73 t/m3, a third of 10 ha burnt": (
        [
            ("volume_classes", "subtropical_hardwoods_above_80", "", ""),
            ("forest_area", "natural", 100, "千公顷"),
            ("forest_area", "plantation", 10, "千公顷"),
            ("wood_removed", "", 1, "万立方米"),
            ("fuelwood_trees", "", 2000, "m3"),
            ("disturbed_area", "", 10, "公顷"),
            ("disturbed_biomass", "", 150, "t dm/ha"),
            ("disturbed_share", "", 30, "%"),
        ],
        [
            (
                "forest_remaining",
                "",
                "CO2",
                (12000 * 0.73 + 10 * 150 * 0.3 - 1e5 * 5.0 - 1e4 * 10.0) * 1.24 * 0.47 * C_TO_CO2,
            ),
        ],
    ),
    "Vol. 4 eq. 2.8: a stock of 50 and of 60 million m3, five years apart": (
        [
            ("root_classes", "temperate_broadleaf_75_150", "", "", "北京", 2020),
            ("volume_classes", "temperate_hardwoods_41_100", "", "", "北京", 2020),
            ("forest_volume", "", 5000, "万立方米", "北京", 2015),
            ("forest_volume", "", 6000, "万立方米", "北京", 2020),
        ],
        [
            (
                "forest_stock_change",
                "",
                "CO2",
                -(6e7 - 5e7) / 5 * 1.4 * 1.23 * 0.47 * C_TO_CO2,
                "北京",
                2020,
            )
        ],
    ),
    "Vol. 4 tables 4.6, 5.1, 5.6 and 6.3 of warm temperate land": (
        [
            ("perennial_area", "", 1000, "公顷"),
            ("perennial_cleared", "", 10, "公顷"),
            ("cropland_organic_area", "", 100, "公顷"),
            ("grassland_organic_area", "", 100, "公顷"),
            ("forest_organic_area", "", 100, "公顷"),
        ],
        [
            ("cropland_remaining", "", "CO2", (10 * 63 - 1000 * 2.1) * C_TO_CO2),
            ("cropland_organic_soils", "", "CO2", 100 * 10.0 * C_TO_CO2),
            ("grassland_organic_soils", "", "CO2", 100 * 2.5 * C_TO_CO2),
            ("forest_organic_soils", "", "CO2", 100 * 0.68 * C_TO_CO2),
        ],
    ),
    "Vol. 4 eq. 7.3 to 7.5, tables 7.4 and 7.5: rich peat 1.1 t C/ha on the site, 0.40 t C in a dry tonne": (
        [("peat_area", "rich", 100, "公顷"), ("peat_output", "rich", 1000, "t")],
        [
            ("peat_extraction", "rich", "CO2", (100 * 1.1 + 1000 * 0.40) * C_TO_CO2),
            ("peat_nitrous_oxide", "rich", "N2O", 100 * 1.8e-3 * N_TO_N2O),  # eq. 7.7, table 7.6
        ],
    ),
    "Vol. 4 eq. 2.27, table 2.5: forest 4.7 and 0.26 g/kg, savanna and grass 2.3 and 0.21": (
        [
            ("forest_burnt", "other_forest", 100, "公顷"),
            ("forest_fuel", "other_forest", 19.8, "t dm/ha"),
            ("grass_burnt", "", 200, "公顷"),
            ("grass_fuel", "", 4.1, "t dm/ha"),
        ],
        [
            ("forest_fires", "other_forest", "CH4", 100 * 19.8 * 4.7e-3),
            ("forest_fires", "other_forest", "N2O", 100 * 19.8 * 0.26e-3),
            ("grass_fires", "", "CH4", 200 * 4.1 * 2.3e-3),
            ("grass_fires", "", "N2O", 200 * 4.1 * 0.21e-3),
        ],
    ),
    # The same inflow for three years: what the third adds is the first as it is two years later.
    "Vol. 4 eq. 12.1, table 12.2: solid wood k 0.023, paper 0.347": (
        [
            ("wood_inflow", kind, tonnes, "t", "重庆", year)
            for kind, tonnes in (("solid", 1000), ("paper", 500))
            for year in (2018, 2019, 2020)
        ],
        [
            (
                "wood_products",
                "",
                "CO2",
                -(1000 * KEPT_SOLID + 500 * KEPT_PAPER) * C_TO_CO2,
                "重庆",
                2018,
            ),
            (
                "wood_products",
                "",
                "CO2",
                -(1000 * KEPT_SOLID * math.exp(-0.046) + 500 * KEPT_PAPER * math.exp(-0.694))
                * C_TO_CO2,
            ),
        ],
    ),
}
