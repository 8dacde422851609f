"""A printed unit of a product in the unit in which it is kept, by hand from published numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import (
    basis_of,
    convert,
    find_bases,
    fits,
    on_basis,
    printed_scale,
    why_not,
)

BARREL = 0.158987294928  # m3: 42 gallons of 231 cubic inches

# (product, unit) -> kept unit, how many of it, the published number that it takes, whether its cells are left out.
CASES = {
    ("raw_coal", ""): ("t", 1.0, "", False),
    ("raw_coal", "1e4 t"): ("t", 1e4, "", False),
    ("raw_coal", "1e4 tce"): ("tce", 1e4, "", False),
    ("raw_coal", "TJ"): ("GJ", 1e3, "", False),
    ("natural_gas", "1e8 m3"): ("m3", 1e8, "", False),
    ("natural_gas", "tce"): ("tce", 1.0, "", False),
    # Electricity and heat have one basis; in coal equivalent they are kept so.
    ("electricity", "GWh"): ("kWh", 1e6, "", False),
    ("electricity", "GWh GCV"): ("kWh", 1e6, "", False),
    ("electricity", "GJ"): ("kWh", 1 / 0.0036, "", False),
    ("electricity", "tce"): ("tce", 1.0, "", False),
    ("heat", "TJ GCV"): ("GJ", 1e3, "", False),
    ("heat", "GWh"): ("GJ", 3600.0, "", False),
    # IPCC 2006 Guidelines, Vol. 2, 1.4.1.2: net is 5 % less than gross for coal and oil, 10 % for gas.
    ("raw_coal", "TJ GCV"): ("GJ", 950.0, "0.95", False),
    ("diesel", "GJ GCV"): ("GJ", 0.95, "0.95", False),
    ("oil_total", "TJ GCV"): ("GJ", 950.0, "0.95", False),
    ("natural_gas", "TJ GCV"): ("GJ", 900.0, "0.9", False),
    ("coke_oven_gas", "TJ GCV"): ("GJ", 900.0, "0.9", False),
    # What burns in no method has no ratio, and is left out.
    ("total_energy", "TJ GCV"): ("GJ", 1e3, "", True),
    ("wood", "TJ GCV"): ("GJ", 1e3, "", True),
    ("other_energy", "TJ GCV"): ("GJ", 1e3, "", True),
    # UN Energy Statistics Yearbook 2004: m3 a tonne.
    ("crude_oil", "barrel"): ("t", BARREL / 1.164, "0.859 t/m3", False),
    ("gasoline", "kL"): ("t", 1 / 1.351, "0.740 t/m3", False),
    ("lpg", "m3"): ("t", 1 / 1.852, "0.540 t/m3", False),
    ("diesel", "1e4 m3"): ("t", 1e4 / 1.149, "0.870 t/m3", False),
    # No published density, no mass of a gas, gas in gallons is petrol, and money measures nothing.
    ("lng", "m3"): None,
    ("ethanol", "kL"): None,
    ("coke", "m3"): None,
    ("natural_gas", "t"): None,
    ("natural_gas", "barrel"): None,
    ("coke_oven_gas", "gallon"): None,
    ("electricity", "t"): None,
    ("raw_coal", "CNY"): None,
}


@pytest.mark.parametrize(
    ("asked", "right"), CASES.items(), ids=[" in ".join(asked) for asked in CASES]
)
def test_a_unit_of_a_product(asked, right):
    """The kept unit, the scale and the document of a published number; None where the unit does not fit."""
    found = convert(*asked)
    assert fits(*asked) is (right is not None)
    assert printed_scale(*asked) == pytest.approx(right[1] if right else 1.0, rel=1e-9)
    if right is None:
        assert found is None
        return
    unit, scale, source, is_left_out = right
    assert (found.unit, found.is_left_out) == (unit, is_left_out)
    assert found.scale == pytest.approx(scale, rel=1e-9)
    assert found.source.startswith(source)
    assert bool(found.source) is bool(source)


@given(product=st.sampled_from(sorted(vocabulary.products())), power=st.integers(-3, 9))
def test_a_power_of_ten_of_a_unit_is_as_many(product, power):
    """10^k of a unit is kept in the same unit, 10^k times as many, whatever the product."""
    for unit in ("t", "m3", "kWh", "GJ", "tce", "GJ GCV"):
        one, many = convert(product, unit), convert(product, f"1e{power} {unit}")
        assert (one is None) is (many is None)
        if one:
            assert (many.unit, many.source, many.is_left_out) == (
                one.unit,
                one.source,
                one.is_left_out,
            )
            assert many.scale == pytest.approx(10.0**power * one.scale, rel=1e-12)


@pytest.mark.parametrize(
    ("product", "unit", "printed", "kept"),
    [
        # A title that says gross makes energy of fuels gross, and nothing else.
        ("natural_gas", "1e3 toe", "gross", "1e3 toe GCV"),
        ("natural_gas", "TJ", "gross", "TJ GCV"),
        ("natural_gas", "1e8 m3", "gross", "1e8 m3"),
        ("raw_coal", "1e4 tce", "gross", "1e4 tce"),
        ("electricity", "GWh", "gross", "GWh"),
        ("heat", "TJ", "gross", "TJ"),
        # British units are gross by themselves (EIA, appendix A), unless the table says net.
        ("diesel", "1e12 Btu", "", "1e12 Btu GCV"),
        ("diesel", "1e12 Btu", "net", "1e12 Btu"),
        ("natural_gas", "1e5 therm", "", "1e5 therm GCV"),
        ("crude_oil", "1e6 boe", "", "1e6 boe GCV"),
        ("electricity", "1e12 Btu", "", "1e12 Btu"),
        ("natural_gas", "TJ", "", "TJ"),
        ("natural_gas", "TJ", "net", "TJ"),
    ],
)
def test_the_basis_of_energy(product, unit, printed, kept):
    """Net, unless the table or the unit itself says gross."""
    assert on_basis(product, unit, printed) == kept


@pytest.mark.parametrize(
    ("product", "unit", "reason"),
    [
        (
            "peat",
            "TJ GCV",
            "there is no ratio of net to gross calorific value for peat: give net energy",
        ),
        (
            "ethanol",
            "kL",
            "there is no checked density of ethanol: give tonnes, or energy, or pass it over in a mapping file",
        ),
        (
            "lng",
            "1e4 m3",
            "there is no checked density of lng: give tonnes, or energy, or pass it over in a mapping file",
        ),
        ("coke", "m3", ""),  # coal by volume: no density would help
        ("coal_total", "m3", ""),
        ("natural_gas", "t", ""),
        ("ethanol", "CNY", ""),
    ],
)
def test_why_a_unit_does_not_fit(product, unit, reason):
    """What is lacking, and what to give; nothing where nothing could be given."""
    assert why_not(product, unit) == reason


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("Table 1.1 Energy balance (gross calorific value basis)", "gross"),
        ("GCV", "gross"),
        ("按高位发热量计算", "gross"),
        ("Unit: TJ, net calorific value", "net"),
        ("单位：太焦（低位发热量）", "net"),
        ("gross domestic product", ""),
        ("Energy balance", ""),
    ],
)
def test_the_basis_that_a_text_names(text, basis):
    """In any language; a word for something else that is gross says nothing."""
    assert basis_of(text) == basis
    assert find_bases([text]) == ({basis: text} if basis else {})


def test_each_basis_is_named_by_the_first_text_that_does():
    """A table that names both is asked about with both texts."""
    texts = ["HHV", "Energy", "net calorific value of 2010", "gross calorific value", "LHV"]
    assert find_bases(texts) == {"gross": "HHV", "net": "net calorific value of 2010"}
