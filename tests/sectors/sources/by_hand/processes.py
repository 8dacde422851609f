"""Industrial processes and product use: Volume 3 of the 2006 IPCC Guidelines."""

from tests.sectors.sources.by_hand import C_TO_CO2

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
    "Vol. 3 eq. 2.8: 0.85 of it 0.75 and 0.15 of it 0.77, printed as 0.75": (
        [("lime_output", "", 10, "万吨", "北京")],
        [("lime", "", "CO2", 1e5 * 0.75, "北京")],
    ),
    "Vol. 3 eq. 2.10 and 2.13: half of it cullet": (
        [("glass_output", "", 10, "万吨", "北京")],
        [("glass", "", "CO2", 1e5 * 0.20 * (1 - 0.5), "北京")],
    ),
    "Vol. 3 eq. 2.1: what is bought does not leave these kilns, what is sold does": (
        [
            ("cement_output", "", 100, "万吨", "北京"),
            ("clinker_ratio", "", 0.75, "t clinker/(t cement)", "北京"),
            ("clinker_bought", "", 20, "万吨", "北京"),
            ("clinker_sold", "", 5, "万吨", "北京"),
        ],
        [("cement", "", "CO2", (1e6 * 0.75 - 2e5 + 5e4) * 0.52, "北京")],
    ),
    "Vol. 3 table 3.8: acetylene is burnt where it is used": (
        [("carbide_to_acetylene", "", 1, "万吨")],
        [("acetylene", "", "CO2", 1e4 * 1.10)],
    ),
    "Vol. 3 tables 3.14 to 3.16: naphtha 1.73, of which Asia has 130 %": (
        [("ethylene_output", "naphtha", 10, "万吨"), ("ethylene_output", "ethane", 1, "万吨")],
        [
            ("ethylene_production", "naphtha", "CO2", 1e5 * 1.73 * 1.30),
            ("ethylene_methane", "naphtha", "CH4", 1e5 * 3e-3),
            ("ethylene_production", "ethane", "CO2", 1e4 * 0.95 * 1.30),
            ("ethylene_methane", "ethane", "CH4", 1e4 * 6e-3),
        ],
    ),
    "Vol. 3 tables 3.17 and 3.19": (
        [
            ("dichloride_output", "oxychlorination", 1, "万吨"),
            ("vinyl_chloride_output", "balanced", 2, "万吨", "北京"),
        ],
        [
            ("ethylene_dichloride_production", "oxychlorination", "CO2", 1e4 * 0.202),
            ("vinyl_chloride_methane", "balanced", "CH4", 2e4 * 0.0226e-3, "北京"),
        ],
    ),
    "Vol. 3 table 3.22 and page 3.79": (
        [
            ("acrylonitrile_output", "burnt", 1, "万吨"),
            ("acrylonitrile_output", "recovered", 2, "万吨"),
        ],
        [
            ("acrylonitrile_production", "burnt", "CO2", 1e4 * 1.00),
            ("acrylonitrile_production", "recovered", "CO2", 2e4 * 0.79),
            ("acrylonitrile_methane", "", "CH4", 3e4 * 0.18e-3),
        ],
    ),
    "Vol. 3 eq. 5.2 and 5.4: 40.2 TJ/kt of 20.0 t C/TJ, a fifth oxidised, of grease a twentieth": (
        [
            ("lubricants_used", "oil", 1, "万吨"),
            ("lubricants_used", "grease", 1, "万吨"),
            ("wax_used", "", 1, "万吨"),
        ],
        [
            ("lubricants", "oil", "CO2", 10 * 40.2 * 20.0 * 0.2 * C_TO_CO2),
            ("lubricants", "grease", "CO2", 10 * 40.2 * 20.0 * 0.05 * C_TO_CO2),
            ("paraffin_wax", "", "CO2", 10 * 40.2 * 20.0 * 0.2 * C_TO_CO2),
        ],
    ),
    "Vol. 1 section 7.2.1.5: of the NMVOC 60 % is carbon": (
        [("solvent_vapour", "", 1000, "t")],
        [("solvents", "", "CO2", 1000 * 0.60 * C_TO_CO2)],
    ),
    "Vol. 3 eq. 6.2 to 6.6, table 6.3: a tenth stays in the bottle, half of the tools abate 90 %": (
        [
            ("fc_used", "C2F6", 100, "t"),
            ("fc_abated", "C2F6", 50, "%"),
            ("fc_used", "NF3", 10, "t"),
        ],
        [
            ("semiconductors", "", "C2F6", (1 - 0.10) * 100 * (1 - 0.4) * (1 - 0.5 * 0.9)),
            (
                "semiconductors",
                "",
                "CF4",
                (1 - 0.10) * (100 * 0.2 * (1 - 0.5 * 0.9) + 10 * 0.09),
            ),
            ("semiconductors", "", "NF3", (1 - 0.10) * 10 * (1 - 0.8)),
        ],
    ),
    # The middle of the printed ranges: 0.2 to 0.5 % lost when charging, 10 to 20 % of the bank in a year.
    "Vol. 3 eq. 7.10 to 7.14, table 7.9: mobile air conditioning over three years": (
        [
            *(
                ("hfc_charged", "HFC134a,mobile", 100, "t", "重庆", year)
                for year in (2018, 2019, 2020)
            ),
            ("hfc_retired", "HFC134a,mobile", 20, "t"),
            ("hfc_recovered", "HFC134a,mobile", 8, "t"),
        ],
        [
            ("cooling", "mobile", "HFC134a", 100 * 0.0035, "重庆", 2018),
            ("cooling", "mobile", "HFC134a", 0.35 + 99.65 * 0.15, "重庆", 2019),
            ("cooling", "mobile", "HFC134a", 0.35 + (99.65 * 0.85 + 99.65) * 0.15 + 20 - 8),
        ],
    ),
    "Vol. 3 eq. 7.7, table 7.5: 10 % at once, 4.5 % of what was blown in each year after": (
        [
            ("foam_gas", "HFC245fa,closed", 100, "t", "北京", 2018),
            ("foam_gas", "HFC245fa,closed", 50, "t", "北京", 2019),
            ("foam_gas", "HFC245fa,closed", 0, "t", "北京", 2020),
        ],
        [
            ("foams", "closed", "HFC245fa", 100 * 0.10, "北京", 2018),
            ("foams", "closed", "HFC245fa", 50 * 0.10 + 100 * 0.045, "北京", 2019),
            ("foams", "closed", "HFC245fa", 150 * 0.045, "北京", 2020),
        ],
    ),
    "Vol. 3 eq. 7.5 and 7.6: half in the year of sale, half in the next": (
        [
            ("aerosol_gas", "HFC134a", 100, "t", "重庆", 2019),
            ("aerosol_gas", "HFC134a", 50, "t"),
            ("solvent_gas", "HFC245fa", 10, "t", "重庆", 2019),
            ("solvent_gas", "HFC245fa", 30, "t"),
        ],
        [
            ("aerosols", "", "HFC134a", 50 * 0.5 + 100 * 0.5),
            ("solvent_hfc", "", "HFC245fa", 30 * 0.5 + 10 * 0.5),
        ],
    ),
    "Vol. 3 eq. 8.1, table 8.3: closed pressure equipment in Europe 8.5, 2.6 and 95 %": (
        [
            ("switchgear_regions", "europe", "", ""),
            ("sf6_filled", "closed", 100, "t"),
            ("sf6_installed", "closed", 1000, "t"),
            ("sf6_retired", "closed", 20, "t"),
            ("sf6_recovered", "closed", 10, "t"),
        ],
        [("electrical_equipment", "closed", "SF6", 100 * 0.085 + 1000 * 0.026 + 20 * 0.95 - 10)],
    ),
    "Vol. 3 eq. 8.24: propellants are all let out": (
        [("propellant_n2o", "", 7, "t")],
        [("propellants", "", "N2O", 7.0)],
    ),
}
