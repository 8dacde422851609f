"""A thousand units of each fuel in each kind of plant, worked out with the numbers as the documents print them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca

# IPCC 2006 Guidelines, Vol. 2: net calorific values (table 1.2, TJ/Gg), CO2 oxidised whole (table 1.4, kg/TJ).
OILS = {
    "crude_oil": (42.3, 73300),
    "orimulsion": (27.5, 77000),
    "natural_gas_liquids": (44.2, 64200),
    "jet_kerosene": (44.1, 71500),
    "other_kerosene": (43.8, 71900),
    "shale_oil": (38.1, 73300),
    "diesel": (43.0, 74100),
    "fuel_oil": (40.4, 77400),
    "naphtha": (44.5, 73300),
    "bitumen": (40.2, 80700),
    "lubricants": (40.2, 73300),
    "petroleum_coke": (32.5, 97500),
    "refinery_feedstocks": (43.0, 73300),
    "paraffin_wax": (40.2, 73300),
    "white_spirit": (40.2, 73300),
}
COALS = {
    "anthracite": (26.7, 98300),
    "coking_coal": (28.2, 94600),
    "bituminous_coal": (25.8, 94600),
    "sub_bituminous_coal": (18.9, 96100),
    "lignite": (11.9, 101000),
    "patent_fuel": (20.7, 97500),
    "coke": (28.2, 107000),
    "coal_tar": (28.0, 80700),
}
GASES = {"lpg": (47.3, 63100), "ethane": (46.4, 61600)}
WOODS = {"wood": (15.6, 112000), "other_solid_biomass": (11.6, 100000)}
# CH4 and N2O, kg/TJ: tables 2.2 (energy industries), 2.3 (manufacturing), 2.4 (commercial), 2.5 (residential, farming).
FLOWS = ("thermal_power", "industry.textile", "wholesale_retail", "households", "farming")
CH4 = {
    "oil": (3, 3, 10, 10, 10),
    "coal": (1, 10, 10, 300, 300),
    "gas": (1, 1, 5, 5, 5),
    "wood": (30, 30, 300, 300, 300),
}
N2O = {"oil": 0.6, "coal": 1.5, "gas": 0.1, "wood": 4}
KINDS = {"oil": OILS, "coal": COALS, "gas": GASES, "wood": WOODS}
BY_HAND = [
    (fuel, kind, *numbers) for kind, fuels in KINDS.items() for fuel, numbers in fuels.items()
]


def burn(fuels, flows, method, **options):
    """Return the inventory of a thousand canonical units of each fuel in each row; what plants take in is negative."""
    cells = [
        (flow, fuel, -1000.0 if flow == "thermal_power" else 1000.0)
        for flow in flows
        for fuel in fuels
    ]
    frame = pd.DataFrame(cells, columns=["flow", "product", "value"]).assign(area="重庆", year=2019)
    return ca.compile_inventory(frame, method=method, **options)


def emitted(inventory, fuel, gas):
    """Return t of a gas of a fuel by row, in the order of the rows above."""
    return [
        float(inventory.emissions.sel(flow=flow, product=fuel, gas=gas).squeeze()) for flow in FLOWS
    ]


@pytest.fixture(scope="module")
def ipcc():
    """Return all fuels in all plants by the guidelines of 2006."""
    return burn([fuel for fuel, *_ in BY_HAND], FLOWS, "ipcc-2006", gases=["all"])


@pytest.mark.parametrize(("fuel", "kind", "gj", "co2"), BY_HAND, ids=[fuel for fuel, *_ in BY_HAND])
def test_a_fuel_by_the_guidelines_of_2006(ipcc, fuel, kind, gj, co2):
    """Equation 2.1: amount x calorific value x the factor of gas and kind of plant; CO2 of wood is a memo item."""
    terajoules = 1000 * gj / 1000
    if kind == "wood":
        assert np.isnan(emitted(ipcc, fuel, "CO2")).all()
    else:
        assert emitted(ipcc, fuel, "CO2") == pytest.approx(
            [terajoules * co2 / 1000] * len(FLOWS), rel=1e-12
        )
    assert emitted(ipcc, fuel, "CH4") == pytest.approx(
        [terajoules * kg / 1000 for kg in CH4[kind]], rel=1e-12
    )
    assert emitted(ipcc, fuel, "N2O") == pytest.approx(
        [terajoules * N2O[kind] / 1000] * len(FLOWS), rel=1e-12
    )


# 省级温室气体清单编制指南（试行）2011, 第一章: t C/TJ, oxidised part; GB/T 2589-2008, 附录A: MJ/kg or MJ/m3.
GUIDELINE = {
    "gasoline": (43.070, 18.9, 0.98),
    "diesel": (42.652, 20.2, 0.98),
    "fuel_oil": (41.816, 21.1, 0.98),
    "crude_oil": (41.816, 20.08, 0.98),
    "lpg": (50.179, 17.2, 0.98),
    "refinery_gas": (46.055, 18.2, 0.99),  # a gas
    "coke": (28.435, 29.42, 0.93),
    "cleaned_coal": (26.344, 25.41, 0.90),
    "natural_gas": (38.931, 15.32, 0.99),
}


def per_unit(fuel):
    """Return t CO2 of a tonne, or of a cubic metre, by the guideline."""
    megajoules, carbon, oxidised = GUIDELINE[fuel]
    gigajoules = megajoules / 1000 if fuel == "natural_gas" else megajoules
    return gigajoules * carbon / 1000 * oxidised * 44 / 12


@pytest.fixture(scope="module")
def guideline():
    """Return fuels by the guideline of 2011, by flow and product."""
    return burn(GUIDELINE, FLOWS, "provincial-2011")


@pytest.mark.parametrize("fuel", GUIDELINE)
def test_a_fuel_by_the_guideline_of_2011(guideline, fuel):
    """Calorific value x carbon content x oxidation x 44/12, the same in all plants."""
    expected = 1000 * per_unit(fuel)
    assert emitted(guideline, fuel, "CO2") == pytest.approx([expected] * len(FLOWS), rel=1e-12)


def test_the_total_is_the_sum_by_hand(guideline):
    """Nothing else burns, and nothing counts twice."""
    assert guideline.total().item().magnitude == pytest.approx(
        1000 * len(FLOWS) * sum(map(per_unit, GUIDELINE)), rel=1e-12
    )
