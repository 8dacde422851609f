"""The factors of the reference approach, by hand: energy, oxidation and carbon of a unit."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.errors import FactorNotFoundError
from carbonacct.factors import load_method
from carbonacct.sectors.energy.reference_factors import find_reference_factors
from tests.sectors.energy.made_balances import balance_of

ROWS = {"primary_supply": {"raw_coal": 10, "diesel": 2}, "industry": {"raw_coal": 50, "diesel": 5}}
CEADS = 44.0095 / 12.0107


def factors_of(method, *, rows=ROWS, needed=(), units=None, overlay=None):
    """Return the factors by product: t CO2, GJ, oxidation and t C of a unit."""
    balance = balance_of(rows, units=units)
    asked = np.zeros((1, 1, len(balance.products)), bool)
    asked[..., [balance.products.index(product) for product in needed]] = True
    row = balance.flows.index("primary_supply")
    made = find_reference_factors(
        balance, load_method(method, overlay=overlay), asked, balance.products, row=row
    )
    arrays = (made.factor, made.energy, made.oxidation, made.carbon)
    return {
        product: [float(one[0, 0, p]) for one in arrays]
        for p, product in enumerate(balance.products)
    }


@pytest.mark.parametrize(
    ("method", "energy", "carbon", "oxidation", "ratio"),
    [
        ("provincial-2011", 42.652, 20.2, 0.98, 44 / 12),
        ("ceads", 42.652, 20.2, 0.98, CEADS),
        # An emission factor: what it holds of carbon follows from 44/12.
        ("ipcc-2006", 43.0, 74.1 * 12 / 44, 1.0, 44 / 12),
    ],
)
def test_what_a_factor_is_made_of(method, energy, carbon, oxidation, ratio):
    """GJ/t, t C/TJ, the fraction that burns, and t CO2 per t C."""
    found = factors_of(method)["diesel"]
    burnt = energy * carbon * 1e-3
    assert found == pytest.approx([burnt * oxidation * ratio, energy, oxidation, burnt])


def test_an_amount_in_coal_equivalent_comes_by_its_tonnes():
    """Back to tonnes by the yearbook's 1.4571 tce/t, and from there as these: the same carbon per GJ."""
    units = dict.fromkeys(["raw_coal", "diesel"], "万吨标准煤")
    tonnes, tce = (factors_of("provincial-2011", units=one)["diesel"] for one in (None, units))
    assert tce[1] == pytest.approx(42.652 / 1.4571)
    assert tce[0] / tce[1] == pytest.approx(tonnes[0] / tonnes[1])
    assert tce[3] / tce[1] == pytest.approx(tonnes[3] / tonnes[1])
    assert tce[2] == tonnes[2] == 0.98


def test_a_factor_that_is_needed_and_lacks_is_refused():
    """Of the area as a whole: CEADs knows raw coal by sector alone. One that nothing needs is absent."""
    assert np.isnan(factors_of("ceads")["raw_coal"]).all()
    assert not np.isnan(factors_of("ceads", needed=["diesel"])["diesel"]).any()
    with pytest.raises(
        FactorNotFoundError, match="ceads has no factor of CO2 for raw_coal of the area as a whole"
    ):
        factors_of("ceads", needed=["diesel", "raw_coal"])


def test_a_factor_per_tonne_of_coal_equivalent_tells_the_energy():
    """The white paper of 2022: 0.7143 tce/t and 2.492 t CO2/tce; what it holds of carbon no document of it says."""
    rows = {"primary_supply": {"raw_coal": 1}, "industry": {"raw_coal": 2}}
    factor, energy, oxidation, carbon = factors_of("whitepaper-2022", rows=rows)["raw_coal"]
    assert [factor, energy, oxidation] == pytest.approx([0.7143 * 2.492, 0.7143 * 29.3076, 1])
    assert np.isnan(carbon)
