"""The guidelines for provincial inventories of 2011: factors as they print them, of 重庆 where they have regions."""

from tests.sectors.sources.by_hand import C_TO_CH4, C_TO_CO2, N_TO_N2O

PROCESSES = {
    "第二章 水泥: 0.538 t CO2/t clinker, none from carbide slag": (
        [("水泥熟料产量", "", 520, "万吨"), ("clinker_from_carbide_slag", "", 20, "万吨")],
        [("cement", "", "CO2", (5.2e6 - 2e5) * 0.538)],
    ),
    "第二章 石灰: 0.683": ([("石灰产量", "", 30, "万吨")], [("lime", "", "CO2", 3e5 * 0.683)]),
    "第二章 钢铁: limestone 0.430, dolomite 0.474, pig iron 4.1 % carbon, steel 0.248 %": (
        [
            ("limestone_flux", "", 40, "万吨"),
            ("dolomite_flux", "", 10, "万吨"),
            ("pig_iron_to_steel", "", 500, "万吨"),
            ("steel_output", "", 550, "万吨"),
        ],
        [
            (
                "steel",
                "",
                "CO2",
                4e5 * 0.430 + 1e5 * 0.474 + (5e6 * 0.041 - 5.5e6 * 0.00248) * C_TO_CO2,
            )
        ],
    ),
    "第二章 电石 1154 kg/t, 己二酸 0.293": (
        [("电石产量", "", 20, "万吨"), ("adipic_acid_output", "", 1, "万吨")],
        [("calcium_carbide", "", "CO2", 2e5 * 1.154), ("adipic_acid", "", "N2O", 1e4 * 0.293)],
    ),
    "第二章 硝酸: kg N2O of a tonne by process": (
        [("硝酸产量", "中压法", 10, "万吨"), ("硝酸产量", "high_pressure", 1, "万吨")],
        [
            ("nitric_acid", "medium_pressure", "N2O", 1e5 * 11.77e-3),
            ("nitric_acid", "high_pressure", "N2O", 1e4 * 13.9e-3),
        ],
    ),
    "第二章 铝, 镁: kg of gas of a tonne": (
        [
            ("aluminium_output", "pfpb", 50, "万吨"),
            ("magnesium_output", "primary", 1, "万吨"),
            ("magnesium_output", "processing", 5000, "t"),
        ],
        [
            ("aluminium", "pfpb", "CF4", 5e5 * 0.0888e-3),
            ("aluminium", "pfpb", "C2F6", 5e5 * 0.0114e-3),
            ("magnesium", "primary", "SF6", 1e4 * 0.490e-3),
            ("magnesium", "processing", "SF6", 5000 * 0.114e-3),
        ],
    ),
    "第二章 电力设备 8.6 %, 半导体 43.56, 20.95, 3.76 and 19.51 %": (
        [
            ("sf6_in_equipment", "", 200, "t"),
            ("semiconductor_gas", "CF4", 10, "t"),
            ("semiconductor_gas", "HFC23", 2, "t"),
            ("semiconductor_gas", "C2F6", 5, "t"),
            ("semiconductor_gas", "SF6", 1, "t"),
        ],
        [
            ("electrical_equipment", "", "SF6", 200 * 0.086),
            ("semiconductors", "", "CF4", 10 * 0.4356),
            ("semiconductors", "", "HFC23", 2 * 0.2095),
            ("semiconductors", "", "C2F6", 5 * 0.0376),
            ("semiconductors", "", "SF6", 1 * 0.1951),
        ],
    ),
    "第二章 一氯二氟甲烷 2.92 %, 氢氟烃 0.5 %": (
        [
            ("hcfc22_output", "", 2, "万吨"),
            ("hfc23_destroyed", "", 500, "t"),
            ("hfc_output", "HFC32", 2000, "t"),
        ],
        [
            ("hcfc22", "", "HFC23", 2e4 * 0.0292 - 500),
            ("hfc_production", "", "HFC32", 2000 * 0.005),
        ],
    ),
}

# Nitrogen that reaches soils, t N: pigs 16 kg, sheep 12 kg, people 5.4 kg; 15 and 20 % lost; what left as N2O.
FERTILISER = 1e5 + 2e4 * 0.30
EXCRETED = 1e6 * 16e-3 + 1e5 * 12e-3
MANURE = (EXCRETED + 1e6 * 5.4e-3 - 1e5 * 12e-3 - 400) * (
    1 - 0.15 - 0.20
) - 1e6 * 0.159e-3 * 28 / 44
# Rice: economic coefficient 0.489, half of the straw returned, roots 0.125, 0.753 % N, 85.5 % dry.
RETURNED = ((1e5 / 0.489 - 1e5) * 0.5 + 1e5 / 0.489 * 0.125) * 0.00753 * 0.855
INPUT = FERTILISER + MANURE + RETURNED
FARMS = {
    "第三章 稻田 of the southwest: 156.2, 156.2 and 171.7 kg/ha": (
        [
            ("水稻播种面积", "单季稻", 100, "千公顷"),
            ("水稻播种面积", "早稻", 10, "千公顷"),
            ("水稻播种面积", "双季晚稻", 20, "千公顷"),
        ],
        [
            ("rice", "single", "CH4", 1e5 * 156.2e-3),
            ("rice", "early", "CH4", 1e4 * 156.2e-3),
            ("rice", "late", "CH4", 2e4 * 171.7e-3),
        ],
    ),
    "第三章 肠道发酵: pigs 1 kg in any mode, grazing sheep 7.5": (
        [("年末存栏", "猪,规模化饲养", 100, "万头"), ("年末存栏", "绵羊,放牧饲养", 10, "万只")],
        [
            ("enteric_fermentation", "pigs", "CH4", 1e6 * 1.0e-3),
            ("enteric_fermentation", "sheep", "CH4", 1e5 * 7.5e-3),
        ],
    ),
    "第三章 粪便管理 of the southwest: CH4 4.18 and 0.48 kg; N2O 0.159 kg, none of animals that graze": (
        [],
        [
            ("manure_ch4", "pigs", "CH4", 1e6 * 4.18e-3),
            ("manure_ch4", "sheep", "CH4", 1e5 * 0.48e-3),
            ("manure_n2o", "pigs", "N2O", 1e6 * 0.159e-3),
            ("manure_n2o", "sheep", "N2O", 0.0),
        ],
    ),
    "第三章 农用地: class IV 0.0109; 20 % of all manure and 10 % of the input to the air, 20 % to the water": (
        [
            ("氮肥施用量（折纯）", "", 10, "万吨"),
            ("复合肥施用量（折纯）", "", 2, "万吨"),
            ("compound_nitrogen", "", 30, "%"),
            ("乡村人口", "", 100, "万人"),
            ("manure_nitrogen_burnt", "", 400, "t"),
            ("crop_yield", "rice", 10, "万吨"),
            ("straw_returned", "rice", 50, "%"),
            ("grazing_factor", "", 0.01, "kg N2O-N/(kg N)"),
        ],
        [
            ("soils_direct", "", "N2O", INPUT * 0.0109 * N_TO_N2O),
            ("soils_deposition", "", "N2O", (EXCRETED * 0.20 + INPUT * 0.10) * 0.01 * N_TO_N2O),
            ("soils_leaching", "", "N2O", INPUT * 0.20 * 0.0075 * N_TO_N2O),
            ("grazing", "sheep", "N2O", 1e5 * 12e-3 * 0.01 * N_TO_N2O),
        ],
    ),
}

WOOD = 0.436 * 1.806 * 0.5  # t C/m3 in Fujian
BURNT = 500 * (80 - 10) * 0.15 * 0.9 * 0.5  # t C on the spot
ELSEWHERE = 500 * (80 - 10) * 0.20 * 0.9 * 0.5
DECAYED = 300 * (80 - 10) * 0.15 * 0.5
LAND = {
    "第四章 乔木林 of Fujian: 0.436 t/m3, whole trees 1.806, half carbon": (
        [
            ("tree_volume", "all", 5000, "万立方米", "福建"),
            ("growth_rate", "", 8, "%", "福建"),
            ("scattered_change", "", 1, "万立方米", "福建"),
            ("living_volume", "", 6000, "万立方米", "福建"),
            ("consumption_rate", "", 5, "%", "福建"),
        ],
        [
            ("forest_growth", "", "CO2", -5e7 * 0.08 * WOOD * C_TO_CO2, "福建"),
            ("scattered_growth", "", "CO2", -1e4 * WOOD * C_TO_CO2, "福建"),
            (
                "wood_consumption",
                "",
                "CO2",
                (6e7 * 0.05 * WOOD - BURNT - ELSEWHERE - DECAYED) * C_TO_CO2,
                "福建",
            ),
        ],
    ),
    "第四章 竹林 68.48, 灌木林 17.99 t dm/ha": (
        [
            ("stand_change", "bamboo", 1000, "公顷", "福建"),
            ("stand_change", "shrub", -100, "公顷", "福建"),
        ],
        [
            ("other_stands", "bamboo", "CO2", -1000 * 68.48 * 0.5 * C_TO_CO2, "福建"),
            ("other_stands", "shrub", "CO2", 100 * 17.99 * 0.5 * C_TO_CO2, "福建"),
        ],
    ),
    "第四章 森林转化: 15 % burnt on the spot, 20 % elsewhere, 90 % oxidised, 15 % decay; CH4 1.2, N2O 0.7 %": (
        [
            ("converted_5", "tree", 500, "公顷", "福建"),
            ("converted_10", "tree", 300, "公顷", "福建"),
            ("biomass_before", "tree", 80, "t dm/ha", "福建"),
            ("biomass_after", "tree", 10, "t dm/ha", "福建"),
        ],
        [
            ("forest_conversion", "", "CO2", (BURNT + ELSEWHERE + DECAYED) * C_TO_CO2, "福建"),
            ("conversion_burning_ch4", "", "CH4", BURNT * 0.012 * C_TO_CH4, "福建"),
            ("conversion_burning_n2o", "", "N2O", BURNT * 0.01 * 0.007 * N_TO_N2O, "福建"),
        ],
    ),
}

WASTE = {
    "第五章 填埋: DOC 0.15 of food and 0.40 of paper, half decomposes, half methane, a tenth oxidised": (
        [
            ("msw_cleared", "", 80, "万吨"),
            ("landfilled_share", "", 75, "%"),
            ("site_share", "managed", 100, "%"),
            ("waste_share", "food", 60, "%"),
            ("waste_share", "paper", 10, "%"),
            ("landfill_recovered", "", 5000, "t"),
        ],
        [
            (
                "landfill",
                "",
                "CH4",
                (8e5 * 0.75 * (0.6 * 0.15 + 0.1 * 0.40) * 0.5 * 0.5 * C_TO_CH4 - 5000) * (1 - 0.1),
            )
        ],
    ),
    "第五章 焚烧: 20 % carbon, 39 % of it fossil, 95 % burnt": (
        [("waste_incinerated", "msw", 50, "万吨")],
        [("incineration", "msw", "CO2", 5e5 * 0.20 * 0.39 * 0.95 * C_TO_CO2)],
    ),
    "第五章 生活污水 of the southwest: BOD 0.51 of COD, Bo 0.6, MCF 0.165 and 0.1": (
        [
            ("domestic_cod", "treated", 8, "万吨"),
            ("domestic_cod", "discharged", 1, "万吨"),
            ("domestic_sludge_bod", "treated", 1, "万吨"),
            ("domestic_recovered", "", 500, "t"),
        ],
        [
            (
                "domestic_wastewater_ch4",
                "",
                "CH4",
                (8e4 * 0.51 - 1e4) * 0.6 * 0.165 + 1e4 * 0.51 * 0.6 * 0.1 - 500,
            )
        ],
    ),
    "第五章 工业废水: Bo 0.25, paper 0.5, what is discharged 0.1": (
        [
            ("industrial_cod_removed", "paper", 1, "万吨"),
            ("industrial_cod_discharged", "paper", 2000, "t"),
            ("industrial_sludge_cod", "paper", 2000, "t"),
            ("industrial_recovered", "paper", 400, "t"),
        ],
        [("industrial_wastewater", "paper", "CH4", (8000 * 0.5 + 2000 * 0.1) * 0.25 - 400)],
    ),
    "第五章 废水氧化亚氮: 16 % N in protein, 1.5 and 1.25, 0.005": (
        [
            ("population", "", 300, "万人"),
            ("protein", "", 30, "kg/人"),
            ("sludge_nitrogen", "", 7000, "t"),
        ],
        [
            (
                "wastewater_n2o",
                "",
                "N2O",
                (3e6 * 30e-3 * 0.16 * 1.5 * 1.25 - 7000) * 0.005 * N_TO_N2O,
            )
        ],
    ),
}

ENERGY = {
    "第一章 煤炭井工开采: 8.37, 8.35 and 6.93 m3/t; afterwards 3.0 and 0.9": (
        [
            ("underground_coal", "key_state", 200, "万吨"),
            ("underground_coal", "local_state", 100, "万吨"),
            ("underground_coal", "township", 50, "万吨"),
            ("mine_gas_used", "", 100, "万立方米"),
            ("underground_coal_by_gas", "high", 100, "万吨"),
            ("underground_coal_by_gas", "low", 250, "万吨"),
        ],
        [
            (
                "underground_mining",
                "",
                "CH4",
                (2e6 * 8.37 + 1e6 * 8.35 + 5e5 * 6.93 - 1e6) * 0.67e-3,
            ),
            ("post_mining", "", "CH4", (1e6 * 3.0 + 2.5e6 * 0.9) * 0.67e-3),
        ],
    ),
    "第一章 露天开采 2.0, 矿后活动 0.5 m3/t; 废弃煤矿 by the compiler's factor": (
        [
            ("surface_coal", "", 100, "万吨"),
            ("abandoned_mines", "", 10, "座"),
            ("abandoned_factor", "", 5e5, "m3/mine"),
        ],
        [
            ("surface_mining", "", "CH4", 1e6 * 2.0 * 0.67e-3),
            ("surface_post_mining", "", "CH4", 1e6 * 0.5 * 0.67e-3),
            ("abandoned_mining", "", "CH4", 10 * 5e5 * 0.67e-3),
        ],
    ),
    "第一章 天然气: t CH4 of a facility, 542 and 133 t of 100 million m3": (
        [
            ("gas_field_equipment", "wellhead", 100, "个"),
            ("gas_pipeline_equipment", "compressor_station", 2, "个"),
            ("gas_processed", "", 2, "亿立方米"),
            ("gas_consumed", "", 3, "亿立方米"),
        ],
        [
            ("gas_production", "wellhead", "CH4", 100 * 2.5),
            ("gas_transmission", "compressor_station", "CH4", 2 * 85.05),
            ("gas_processing", "", "CH4", 2 * 542.0),
            ("gas_consumption", "", "CH4", 3 * 133.0),
        ],
    ),
    "第一章 石油: t CH4 of a facility; 14 t of 10 000 t heavy oil, 753 and 5000 t of 100 million t": (
        [
            ("oil_field_equipment", "wellhead", 1000, "个"),
            ("heavy_oil_output", "", 50, "万吨"),
            ("oil_transported", "", 1000, "万吨"),
            ("oil_refined", "", 1000, "万吨"),
        ],
        [
            ("oil_production", "wellhead", "CH4", 1000 * 0.23),
            ("heavy_oil", "", "CH4", 50 * 14.0),
            ("oil_transport", "", "CH4", 0.1 * 753),
            ("oil_refining", "", "CH4", 0.1 * 5000),
        ],
    ),
    "第一章 生物质 in stoves: g of gas of a kilogram": (
        [
            ("stove_fuel", "straw_traditional", 10, "万吨"),
            ("stove_fuel", "wood_improved", 2, "万吨"),
        ],
        [
            ("stoves", "straw_traditional", "CH4", 1e5 * 2.8e-3),
            ("stoves", "straw_traditional", "N2O", 1e5 * 0.13e-3),
            ("stoves", "wood_improved", "CH4", 2e4 * 2.7e-3),
        ],
    ),
}
