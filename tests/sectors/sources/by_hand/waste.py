"""Waste: Volume 5 of the 2006 IPCC Guidelines."""

import math

from tests.sectors.sources.by_hand import C_TO_CH4, C_TO_CO2, N_TO_N2O

DECAY = {
    "food": (0.15, 0.185),
    "paper": (0.40, 0.06),
    "wood": (0.43, 0.03),
}  # DOC, and k where it is temperate and wet
YEARS = range(2010, 2021)


def decayed(tonnes, organic, rate, year):
    """Return carbon that decays in a year, of as much deposited each year from 2010: a sum of cohorts.

    The decay begins with the year after the deposit (a delay of six months, M = 13).
    """
    buried = tonnes * organic * 0.5 * 1.0  # DOCf, MCF of a managed site
    ages = range(1, year - YEARS.start + 1)
    return sum(buried * (math.exp(-rate * (age - 1)) - math.exp(-rate * age)) for age in ages)


def landfill(year, recovered=0.0):
    """Return methane of the three wastes: half of the gas, less what is recovered, less a tenth in the cover."""
    carbon = sum(decayed(1e5, organic, rate, year) for organic, rate in DECAY.values())
    return (carbon * 0.5 * C_TO_CH4 - recovered) * (1 - 0.1)


FOSSIL = (
    0.15 * 1.00 * 0.75 * 1.00 + 0.10 * 0.90 * 0.46 * 0.01 + 0.05 * 0.80 * 0.50 * 0.20
)  # table 2.4
DRY = 0.15 * 1.00 + 0.10 * 0.90 + 0.05 * 0.80
MIX = [
    ("waste_share", "plastics", 15, "%"),
    ("waste_share", "paper", 10, "%"),
    ("waste_share", "textiles", 5, "%"),
]
EATEN = 1e6 * 30e-3 * 0.16 * 1.1 * 1.25  # t N of a million people, 30 kg protein each

WASTE = {
    "Vol. 5 eq. 3.1 to 3.6, table 3.3: eleven years of food, paper and wood, 100 t of gas burnt in the last": (
        [
            ("climate_zones", "temperate_wet", "", ""),
            ("site_share", "managed", 100, "%"),
            *(("deposited", kind, 10, "万吨", "重庆", year) for kind in DECAY for year in YEARS),
            *(("site_share", "managed", 100, "%", "重庆", year) for year in YEARS[:-1]),
            ("landfill_recovered", "", 100, "t"),
        ],
        [
            ("landfill_decay", "", "CH4", 0.0, "重庆", 2010),
            ("landfill_decay", "", "CH4", landfill(2011), "重庆", 2011),
            ("landfill_decay", "", "CH4", landfill(2020, recovered=100)),
        ],
    ),
    "Vol. 5 table 4.1, wet weight": (
        [
            ("waste_treated", "compost", 10, "万吨"),
            ("waste_treated", "digestion", 5, "万吨"),
            ("biological_recovered", "", 30, "t"),
        ],
        [
            ("biological_methane", "", "CH4", 1e5 * 4e-3 + 5e4 * 0.8e-3 - 30),
            ("biological_nitrous_oxide", "compost", "N2O", 1e5 * 0.24e-3),
            ("biological_nitrous_oxide", "digestion", "N2O", 0.0),
        ],
    ),
    "Vol. 5 eq. 5.2, table 2.4: plastics 100 % dry, 75 % carbon, all fossil; paper 90, 46, 1; textiles 80, 50, 20": (
        [("msw_incinerated", "", 20, "万吨"), *MIX],
        [("incineration_municipal", "", "CO2", 2e5 * FOSSIL * C_TO_CO2)],
    ),
    "Vol. 5 tables 5.3 and 5.6: 0.2 and 60 kg CH4 per kt, 50 and 60 g N2O per t": (
        [
            ("incinerator_share", "continuous_stoker", 90, "%"),
            ("incinerator_share", "batch_stoker", 10, "%"),
        ],
        [
            ("incineration_methane", "", "CH4", 2e5 * (0.9 * 0.2e-6 + 0.1 * 60e-6)),
            ("incineration_nitrous_oxide", "", "N2O", 2e5 * (0.9 * 50e-6 + 0.1 * 60e-6)),
        ],
    ),
    "Vol. 5 eq. 5.1, tables 2.6 and 5.2: clinical 65 % dry, 60 % carbon, 40 % fossil": (
        [
            ("waste_incinerated", "clinical", 1, "万吨"),
            ("waste_incinerated", "fossil_liquid", 1000, "t"),
            ("waste_incinerated", "industrial", 1, "万吨", "北京"),
            ("waste_incinerated", "sludge", 100, "t", "北京"),
        ],
        [
            ("incineration_other", "clinical", "CO2", 1e4 * 0.65 * 0.60 * 0.40 * C_TO_CO2),
            ("incineration_other", "fossil_liquid", "CO2", 1000 * 0.80 * C_TO_CO2),
            ("incineration_other_nitrous_oxide", "industrial", "N2O", 1e4 * 100e-6, "北京"),
            ("incineration_other_nitrous_oxide", "sludge", "N2O", 100 * 990e-6, "北京"),
        ],
    ),
    "Vol. 5 eq. 5.2, 5.4, 5.5 and 5.7, table 5.2: 60 % of what 100 000 people throw away burns in the open": (
        [
            ("open_burning_population", "", 10, "万人"),
            ("waste_per_person", "", 0.5, "kg waste/(person day)"),
        ],
        [
            ("open_burning", "", "CO2", 1e5 * 0.5e-3 * 0.6 * 365 * FOSSIL * 0.58 * C_TO_CO2),
            ("open_burning_methane", "", "CH4", 1e5 * 0.5e-3 * 0.6 * 365 * 6500e-6),
            ("open_burning_nitrous_oxide", "", "N2O", 1e5 * 0.5e-3 * 0.6 * 365 * DRY * 150e-6),
        ],
    ),
    "Vol. 5 eq. 6.1 to 6.3: 40 g BOD, Bo 0.6, half an overloaded plant (sewer 1.25, MCF 0.3), half septic (0.5)": (
        [
            ("population", "", 100, "万人"),
            ("sewage_share", "aerobic_overloaded", 50, "%"),
            ("sewage_share", "septic", 50, "%"),
            ("sewage_sludge_bod", "aerobic_overloaded", 1000, "t"),
            ("domestic_recovered", "", 50, "t"),
        ],
        [
            (
                "domestic_wastewater",
                "",
                "CH4",
                (1e6 * 40e-6 * 365 * 0.5 * 1.25 - 1000) * 0.6 * 0.3
                + 1e6 * 40e-6 * 365 * 0.5 * 0.6 * 0.5
                - 50,
            ),
        ],
    ),
    "Vol. 5 eq. 6.4 and 6.5, table 6.8: Bo 0.25, a reactor 0.8, a river 0.1": (
        [
            ("industrial_cod", "paper,reactor", 1, "万吨"),
            ("industrial_cod", "paper,discharge", 2000, "t"),
            ("industrial_sludge_by_path", "paper,reactor", 2000, "t"),
            ("industrial_recovered", "paper", 650, "t"),
        ],
        [("industrial_wastewater_methane", "paper", "CH4", (8000 * 0.8 + 2000 * 0.1) * 0.25 - 650)],
    ),
    "Vol. 5 eq. 6.7 to 6.9, table 6.11: plants of half of the people 3.2 g each, whose nitrogen leaves the effluent": (
        [
            ("protein", "", 30, "kg/人"),
            ("plant_share", "", 50, "%"),
            ("sludge_nitrogen", "", 100, "t"),
        ],
        [
            ("wastewater_plants_n2o", "", "N2O", 1e6 * 0.5 * 1.25 * 3.2e-6),
            (
                "wastewater_n2o",
                "",
                "N2O",
                (EATEN - 100 - 1e6 * 0.5 * 1.25 * 3.2e-6 * 28 / 44) * 0.005 * N_TO_N2O,
            ),
        ],
    ),
}
