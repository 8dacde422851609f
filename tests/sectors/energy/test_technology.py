"""What a balance does not tell of its boilers: N2O of fluidised beds, by hand."""

from __future__ import annotations

import pytest

from carbonacct.sectors.energy.technology import note_fluidised_beds
from tests.sectors.energy.made_balances import inventory_of

# IPCC 2006, Vol. 2, Ch. 2: raw coal at 20.908 GJ/t (the method's value) and lignite at 11.9 GJ/t (table 1.2); N2O of
# boilers of all kinds 1.5 kg/TJ (tables 2.2 and 2.3), of fluidised beds 61 and of lignite 71 (tables 2.6 and 2.7).
COAL, LIGNITE = 1e4 * 20.908e-3 * (61 - 1.5) * 1e-3, 1e4 * 11.9e-3 * (71 - 1.5) * 1e-3
ANTHRACITE = 1e4 * 26.7e-3 * (61 - 1.5) * 1e-3  # table 1.2


def said(rows, **options):
    """Return what is said of fluidised beds."""
    found = note_fluidised_beds(inventory_of(rows, **{"gases": ["all"], **options}))
    return [one.message.partition("each ")[2].partition(" (2006")[0] for one in found]


@pytest.mark.parametrize(
    ("rows", "tonnes"),
    [
        ({"thermal_power": {"raw_coal": -100}}, 100 * COAL),
        ({"industry": {"raw_coal": 50}}, 50 * COAL),
        ({"thermal_power": {"raw_coal": -100}, "industry": {"raw_coal": 50}}, 150 * COAL),
        ({"industry": {"lignite": 50}}, 50 * LIGNITE),
        (
            {"industry": {"anthracite": 30, "lignite": 50, "diesel": 70}},
            30 * ANTHRACITE + 50 * LIGNITE,
        ),
        # Households and services have no such boilers; oil does not burn in beds.
        ({"households_urban": {"raw_coal": 50}, "industry": {"raw_coal": 10}}, 10 * COAL),
    ],
)
def test_each_tenth_of_the_coal_by_hand(rows, tonnes):
    """What a tenth of the coal of plants and industry would add, t N2O."""
    (found,) = said(rows)
    assert found.startswith(f"10% burnt in fluidised beds would add {tonnes / 10:,.0f} t N2O to ")


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        ({"industry": {"raw_coal": 50}}, {"gases": ["CO2", "CH4"]}),
        ({"industry": {"diesel": 50}}, {}),
        ({"households_urban": {"raw_coal": 50}}, {}),
        ({"industry": {"raw_coal": 0, "diesel": 1}}, {}),
    ],
)
def test_there_is_nothing_to_say(rows, options):
    """Without N2O, coal, plants or industry, or an amount."""
    assert said(rows, **options) == []


def test_the_share_of_all_n2o_is_beside_it():
    """The N2O of all fuels, transport's as well: diesel on the road 3.9 kg/TJ."""
    (found,) = said({"industry": {"raw_coal": 1000}, "transport": {"diesel": 1000}})
    total = 1e7 * 20.908e-6 * 1.5 + 1e7 * 43.0e-6 * 3.9
    assert found.endswith(f" t N2O to {total:,.0f}")
