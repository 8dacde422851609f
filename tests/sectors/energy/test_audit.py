"""Whose factor an inventory implies: which candidates there are, which comes first, and what is near."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from carbonacct.errors import MethodError
from carbonacct.factors import load_edition
from carbonacct.sectors.energy.audit import (
    _CandidateFactor,
    _find_substitutes,
    _identify,
    _serves,
    identify_factors,
)

DIESEL = 43.0 * 74.1e-3  # IPCC 2006, Vol. 2, tables 1.2 and 1.4


def identify(value, product="diesel", amount=1000.0, editions=("ipcc-2006",), **more):
    """Return what one cell implies."""
    cells = {"product": [product], "amount": [amount], "value": [value]} | {
        name: [one] for name, one in more.items()
    }
    return identify_factors(pd.DataFrame(cells), editions=list(editions)).iloc[0]


@pytest.mark.parametrize(
    ("off", "edition"),
    [(0.0, "ipcc-2006"), (9e-7, "ipcc-2006"), (-9e-7, "ipcc-2006"), (1.1e-6, ""), (-1.1e-6, "")],
)
def test_a_factor_is_one_of_an_edition_to_a_millionth(off, edition):
    """Relative to what is implied; what is further away shows the nearest and names none."""
    found = identify(1000 * DIESEL * (1 + off))
    assert found["edition"] == edition
    assert found["factor"] == pytest.approx(DIESEL)
    assert found["implied"] == pytest.approx(DIESEL * (1 + off), rel=1e-12)
    assert found["deviation"] == pytest.approx(1 / (1 + off) - 1, abs=1e-12)
    assert found["formula"] == "43 TJ/kt (ipcc-2006) x 74100 kg CO2/TJ (ipcc-2006)"
    assert found["place"].count("ipcc-2006/") == 2


def test_a_wider_tolerance_takes_what_is_nearer():
    """A hundredth off is a match at two hundredths."""
    cells = pd.DataFrame(
        {"product": ["diesel"], "amount": [1000.0], "value": [1000 * DIESEL * 1.01]}
    )
    assert (
        identify_factors(cells, editions=["ipcc-2006"], tolerance=0.02)["edition"].item()
        == "ipcc-2006"
    )
    assert identify_factors(cells, editions=["ipcc-2006"], tolerance=0.005)["edition"].item() == ""


def test_nothing_used_or_emitted_implies_nothing():
    """No amount, no factor; no emissions, a factor of 0 that nobody has."""
    none = identify(5.0, amount=0.0)
    assert np.isnan(none["implied"])
    assert (none["edition"], none["formula"], none["also"]) == ("", "", 0)
    zero = identify(0.0)
    assert zero["implied"] == 0
    assert zero["edition"] == ""
    assert np.isnan(zero["deviation"])


def test_a_chain_of_two_editions_names_both():
    """The calorific value of the standard by the carbon of the guideline: GB/T 2589-2008 and provincial-2011."""
    value = 42.652 * 20.2e-3 * 0.98 * 44 / 12
    found = identify(1000 * value, editions=("gb-t-2589-2008", "provincial-2011", "ipcc-2006"))
    assert found["edition"] == "gb-t-2589-2008 + provincial-2011"
    assert found["formula"].startswith(
        "42652 kJ/kg (gb-t-2589-2008) x 20.2 t C/TJ (provincial-2011) x 0.98"
    )
    alone = identify(1000 * value, editions=("ipcc-2006",))
    assert alone["edition"] == ""


def test_the_flow_and_the_year_choose_among_rows():
    """CEADs has an oxidation for each sector; a row of other years is none."""
    rows = [
        row
        for row in load_edition("ceads").rows
        if row.parameter == "oxidation_factor" and row.product == "raw_coal" and row.flow
    ]
    one = rows[0]
    names = frozenset({"raw_coal"})
    assert _serves(one, names, one.flow, 2007)
    assert _serves(one, names, "", 0)
    assert not _serves(
        one, names, "households_rural" if one.flow != "households_rural" else "farming", 2007
    )
    assert not _serves(one, frozenset({"diesel"}), one.flow, 2007)
    dated = replace(one, first_year=2005, last_year=2010, flow="")
    assert [_serves(dated, names, "", year) for year in (2004, 2005, 2010, 2011, 0)] == [
        False,
        True,
        True,
        False,
        True,
    ]
    assert not _serves(replace(one, status="unverified"), names, one.flow, 2007)
    assert _serves(replace(one, product=""), names, one.flow, 2007)


def candidate(value, *rows):
    """Return a candidate of rows (edition, product)."""
    base = next(row for row in load_edition("ipcc-2006").rows if row.parameter == "emission_factor")
    return _CandidateFactor(
        value, tuple(replace(base, edition=edition, product=product) for edition, product in rows)
    )


def test_few_editions_and_own_rows_come_first():
    """Of several matches the least mixed; the others are counted."""
    mixed = candidate(2.0, ("a", "diesel"), ("b", "diesel"))
    other = candidate(2.0, ("c", "gasoline"), ("c", "diesel"))
    own = candidate(2.0, ("d", "diesel"), ("d", ""))
    away = candidate(3.0, ("e", "diesel"))
    assert [one.rank("diesel") for one in (mixed, other, own)] == [(2, 0), (1, 1), (1, 0)]
    for order in ((mixed, other, own, away), (away, own, other, mixed)):
        found = _identify(2.0, order, product="diesel", tolerance=1e-6)
        assert (found[3], found[5]) == ("d", 2)
    assert _identify(2.4, (mixed, away), product="diesel", tolerance=1e-6)[1:4] == (
        2.0,
        pytest.approx(2 / 2.4 - 1),
        "",
    )
    assert _identify(2.6, (mixed, away), product="diesel", tolerance=1e-6)[1] == 3.0
    assert math.isnan(_identify(2.0, (), product="diesel", tolerance=1e-6)[1])


def test_what_stands_for_a_product():
    """Raw coal takes other bituminous coal of the IPCC's; each product stands for itself."""
    assert {"raw_coal", "bituminous_coal"} <= _find_substitutes("raw_coal")
    assert "diesel" in _find_substitutes("diesel")
    found = identify(1000 * 20.908 * 94.6e-3, "raw_coal", editions=("gb-t-2589-2008", "ipcc-2006"))
    assert found["edition"] == "gb-t-2589-2008 + ipcc-2006"


@pytest.mark.parametrize(
    ("unit", "amount"),
    [
        ("GJ", 43_000.0),
        ("kWh", 43_000 / 3.6e-3),
        ("tce", 43_000 / 29.3076),
        ("t", 1000.0),
        ("", 1000.0),
    ],
)
def test_amounts_in_energy_need_no_calorific_value(unit, amount):
    """The same CO2 of the same fuel in any of its units."""
    found = identify(1000 * DIESEL, amount=amount, unit=unit)
    assert found["edition"] == "ipcc-2006"
    assert found["formula"].endswith("74100 kg CO2/TJ (ipcc-2006)")


def test_columns_that_lack_are_said():
    """By name, with those that there are."""
    with pytest.raises(
        MethodError, match="the table has no column 'amount'; it has product, value"
    ):
        identify_factors(pd.DataFrame({"product": ["diesel"], "value": [1.0]}))
    with pytest.raises(MethodError, match="amounts of diesel in m3; known: t, GJ, kWh, tce"):
        identify(1.0, unit="m3")
