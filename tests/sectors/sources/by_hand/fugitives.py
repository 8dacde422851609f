"""Fugitive emissions: Volume 2 of the 2006 IPCC Guidelines, chapter 4.

Where table 4.2.5 prints a range for developing countries and no value, its middle counts.
"""


def middle(low, high):
    """Return the middle of a printed range."""
    return (low + high) / 2


FUGITIVES = {
    "Vol. 2 eq. 4.1.3 and 4.1.4: 18 and 25 m3/t, afterwards 2.5 and 4.0; 0.67 kg/m3; a million m3 used": (
        [
            ("underground_coal", "all", 200, "万吨"),
            ("underground_coal", "deep", 100, "万吨"),
            ("mine_gas_used", "", 100, "万立方米"),
        ],
        [
            ("underground_mining", "", "CH4", (2e6 * 18 + 1e6 * 25 - 1e6) * 0.67e-3),
            ("post_mining", "", "CH4", (2e6 * 2.5 + 1e6 * 4.0) * 0.67e-3),
        ],
    ),
    "Vol. 2 eq. 4.1.7 and 4.1.8: 1.2 and 0.1 m3/t": (
        [("surface_coal", "", 500, "万吨")],
        [
            ("surface_mining", "", "CH4", 5e6 * 1.2 * 0.67e-3),
            ("surface_post_mining", "", "CH4", 5e6 * 0.1 * 0.67e-3),
        ],
    ),
    "Vol. 2 eq. 4.1.10, tables 4.1.5 and 4.1.6: mines closed 1926 to 1950, 0.279 million m3 in 2016, 3 to 50 % gassy": (
        [
            ("closed_mines", "1926_1950", 20, "座", "重庆", 2016),
            ("flooded_mines", "1926_1950", 4, "座", "重庆", 2016),
        ],
        [
            (
                "abandoned_mining",
                "",
                "CH4",
                16 * middle(0.03, 0.50) * 0.279e6 * 0.67e-3,
                "重庆",
                2016,
            )
        ],
    ),
    "Vol. 2 table 4.2.5, gas production": (
        [("gas_output", "", 10, "亿立方米")],
        [
            ("gas_production", "", "CH4", 1000 * middle(3.8e-4, 2.4e-2) * 1e3),
            ("gas_production", "", "CO2", 1000 * middle(1.4e-5, 1.8e-4) * 1e3),
            ("gas_production_flaring", "", "CO2", 1000 * middle(1.2e-3, 1.6e-3) * 1e3),
            ("gas_production_flaring", "", "N2O", 1000 * middle(2.1e-8, 2.9e-8) * 1e3),
        ],
    ),
    "Vol. 2 table 4.2.5, sour gas plants": (
        [("gas_processed_by_plant", "sour", 10, "亿立方米")],
        [
            ("gas_processing", "sour", "CH4", 1000 * middle(9.7e-5, 2.2e-4) * 1e3),
            ("gas_processing_flaring", "sour", "CO2", 1000 * middle(3.6e-3, 4.9e-3) * 1e3),
            ("gas_processing_venting", "sour", "CO2", 1000 * middle(6.3e-2, 1.5e-1) * 1e3),
        ],
    ),
    "Vol. 2 table 4.2.5, transmission, storage and distribution": (
        [("gas_marketed", "", 10, "亿立方米"), ("gas_distributed", "", 5, "亿立方米")],
        [
            ("gas_transmission", "", "CH4", 1000 * middle(1.66e-4, 1.1e-3) * 1e3),
            ("gas_transmission_venting", "", "CH4", 1000 * middle(4.4e-5, 7.4e-4) * 1e3),
            ("gas_storage", "", "CH4", 1000 * middle(2.5e-5, 5.8e-5) * 1e3),
            ("gas_distribution", "", "CH4", 500 * middle(1.1e-3, 2.5e-3) * 1e3),
            ("gas_distribution", "", "CO2", 500 * middle(5.1e-5, 1.4e-4) * 1e3),
        ],
    ),
    "Vol. 2 table 4.2.5, wells": (
        [
            ("gas_wells", "drilling", 10, "口"),
            ("gas_wells", "servicing", 100, "口"),
            ("gas_wells_tested", "", 5, "口"),
            ("oil_wells", "drilling", 20, "口"),
            ("oil_wells_tested", "", 4, "口"),
        ],
        [
            (
                "gas_wells_work",
                "",
                "CH4",
                (10 * middle(3.3e-5, 5.6e-4) + 100 * middle(1.1e-4, 1.8e-3)) * 1e3,
            ),
            ("gas_wells_testing", "", "CO2", 5 * middle(9.0e-3, 1.5e-1) * 1e3),
            ("oil_wells_work", "", "CO2", 20 * middle(1.0e-4, 1.7e-3) * 1e3),
            ("oil_wells_testing", "", "N2O", 4 * middle(6.8e-8, 1.1e-6) * 1e3),
        ],
    ),
    "Vol. 2 table 4.2.5, oil production": (
        [("oil_output", "onshore", 100, "万立方米"), ("oil_output", "offshore", 10, "万立方米")],
        [
            ("oil_production", "onshore", "CH4", 1000 * middle(1.5e-6, 6.0e-2) * 1e3),
            ("oil_production", "offshore", "CH4", 100 * 5.9e-7 * 1e3),
            ("oil_production_venting", "onshore", "CH4", 1000 * middle(7.2e-4, 9.9e-4) * 1e3),
            ("oil_production_flaring", "onshore", "CO2", 1000 * middle(4.1e-2, 5.6e-2) * 1e3),
        ],
    ),
    "Vol. 2 table 4.2.5, transport of oil, and table 4.2.4, refining": (
        [
            ("oil_by_pipeline", "", 100, "万立方米"),
            ("oil_by_tank_car", "", 10, "万立方米"),
            ("condensate_transported", "", 1, "万立方米"),
            ("lpg_transported", "", 1, "万立方米"),
            ("oil_refined_volume", "", 100, "万立方米"),
        ],
        [
            ("oil_pipelines", "", "CH4", 1000 * 5.4e-6 * 1e3),
            ("oil_tank_cars", "", "CH4", 100 * 2.5e-5 * 1e3),
            ("condensate_transport", "", "CH4", 10 * 1.1e-4 * 1e3),
            ("lpg_transport", "", "CO2", 10 * 4.3e-4 * 1e3),
            ("oil_refining", "", "CH4", 1000 * middle(2.6e-6, 41.0e-6) * 1e3),
        ],
    ),
}
