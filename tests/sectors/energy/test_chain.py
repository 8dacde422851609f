"""The factors of cells: which chain, multiplied in which order, and what is said where one lacks."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import FactorNotFoundError
from carbonacct.factors import load_method
from carbonacct.sectors.energy.chain import _known_elsewhere, _step_unit, build_chain, find_factors
from tests.factors.building import sound, write_edition
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

ONE = {"industry": {"diesel": 1, "coke": 2}}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            {"industry": {"anthracite": 1}},
            (
                "重庆 2022: no net_calorific_value for product 'anthracite' of industry in ceads valid in 2022; known "
                "in enterprise-2013 (20.304 GJ/t), gb-t-32151-2024 (26.7 GJ/t), ipcc-2006 (26.7 TJ/kt): "
                "add that edition to the "
                "method, or lay an overlay with the row over the method (--overlay)"
            ),
        ),
        (
            {"farming": {"peat": 3}, "industry": {"anthracite": 1, "lignite": 1, "diesel": 5}},
            (
                "重庆 2022: no net_calorific_value for product 'peat' of farming in ceads valid in 2022 "
                "(nor for anthracite, lignite); "
            ),
        ),
    ],
)
def test_a_fuel_without_a_factor_is_refused_with_all_that_lack(rows, said):
    """Never dropped: the first cell, the other fuels, the editions that have one."""
    with pytest.raises(FactorNotFoundError) as caught:
        inventory_of(rows, method="ceads")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("parameter", ["net_calorific_value", "carbon_content"])
def test_the_parameter_that_lacks_is_named(parameter):
    """Of a chain of four the one without a row, not the first of the chain."""
    method = load_method("provincial-2011")
    sources = tuple(
        replace(
            source,
            rows=tuple(
                row for row in source.rows if (row.parameter, row.product) != (parameter, "diesel")
            ),
        )
        for source in method.sources
    )
    with pytest.raises(
        FactorNotFoundError,
        match=f"no {parameter} for product 'diesel' of industry in provincial-2011",
    ):
        inventory_of({"industry": {"diesel": 1}}, method=replace(method, sources=sources))


@pytest.mark.parametrize("parameter", ["net_calorific_value", "carbon_content", "emission_factor"])
@pytest.mark.parametrize("product", ["raw_coal", "diesel", "natural_gas", "electricity"])
def test_editions_that_have_a_factor_are_named_once(parameter, product):
    """At most three, none of the method's own, though a table may print a row for each sector."""
    method = load_method("provincial-2011")
    named = re.findall(r"(\S+) \(", _known_elsewhere(parameter, method, product))
    assert len(named) == len(set(named)) <= 3
    assert not set(named) & {source.id for source in method.sources}


def test_coal_equivalent_in_print_is_not_turned_again():
    """A method that begins with coefficients takes tce as they stand, and needs no edition that turns them back."""
    balance = balance_of(ONE, units={"diesel": "万吨标准煤"})
    method = load_method("gb-t-2589-2020")
    chain = build_chain(
        balance, method, ("coal_equivalent_coefficient",), ["diesel", "coke"], gas="tce"
    )
    assert chain.divided == (False,)
    assert chain.factor[0, 0, 0].tolist() == [1.0, pytest.approx(0.9714, rel=1e-3)]


def without(method, **labels):
    """Return a method whose factor tables lack some rows."""
    sources = tuple(
        replace(
            source,
            rows=tuple(
                row
                for row in source.rows
                if any(getattr(row, name) not in of for name, of in labels.items())
            ),
        )
        for source in method.sources
    )
    return replace(method, sources=sources)


def test_another_gas_without_a_factor_is_not_estimated():
    """Its total lacks the cells, and five of them are named; CO2 of the same cells is there."""
    flows = (
        "farming",
        "industry",
        "construction",
        "transport",
        "other_services",
        "households_urban",
        "wholesale_retail",
    )
    method = without(load_method("ipcc-2006"), gas=["CH4"], parameter=["emission_factor"])
    made = inventory_of(
        {flow: {"diesel": 1} for flow in flows}, method=method, gases=["CO2", "CH4"]
    )
    assert made.emissions.sel(gas="CH4").isnull().all()
    assert made.emissions.sel(gas="CO2").notnull().all()
    (said,) = [one for one in made.findings if one.rule == "not-estimated"]
    assert said.severity == "warning"
    assert said.message == (
        "CH4 of 7 cells is not estimated: ipcc-2006 has no factor for diesel of farming, diesel of industry, "
        "diesel of construction, diesel of transport, diesel of other_services"
    )
    whole = inventory_of({flow: {"diesel": 1} for flow in flows}, gases=["CO2", "CH4"])
    assert not any(one.rule == "not-estimated" for one in whole.findings)


def test_biomass_needs_no_factor_of_co2():
    """It is a memo item; of the gas that is asked for alone it is required."""
    method = without(load_method("ipcc-2006"), gas=["CO2"], product=["wood"])
    made = inventory_of({"industry": {"wood": 2, "diesel": 1}}, method=method, gases=["CO2", "CH4"])
    assert made.total().item().magnitude == pytest.approx(1e4 * 43.0 * 74.1e-3)
    assert made.emissions.sel(gas="CH4", product="wood").notnull().any()


def test_a_fuel_that_one_area_alone_burns_has_its_factor():
    """Diesel of one year and coke of one area: what any cell needs is chosen."""
    tables = {
        ("重庆", 2020): {"industry": {"diesel": 1}},
        ("四川", 2021): {"industry": {"coke": 1}},
    }
    made = ca.compile_inventory(panel_of(tables), method="ipcc-2006")
    values = made.emissions.sel(gas="CO2", flow="industry")
    assert values.sel(area="重庆", year=2020, product="diesel").item() == pytest.approx(
        1e4 * 43.0 * 74.1e-3
    )
    assert values.sel(area="四川", year=2021, product="coke").item() == pytest.approx(
        1e4 * 28.2 * 107e-3
    )
    assert values.notnull().sum() == 2


def test_a_cell_that_needs_no_factor_asks_for_none():
    """A fuel without a factor whose amounts are all zero is no fault, and has no chain."""
    made = inventory_of({"industry": {"anthracite": 0, "diesel": 1}}, method="ceads")
    values = made.emissions.sel(gas="CO2", flow="industry").squeeze()
    assert values.sel(product="anthracite").item() == 0
    assert values.sel(product="diesel").item() > 0


def test_a_chain_is_the_product_of_its_rows():
    """Calorific value x carbon content x oxidation x 44/12 of the guideline of 2011: coke and diesel by hand."""
    balance, method = balance_of(ONE), load_method("provincial-2011")
    (parameters,) = method.chains["CO2"][:1]
    chain = build_chain(balance, method, parameters, ["diesel", "coke"], gas="CO2")
    by_product = dict(zip(balance.products, chain.factor[0, 0, 0], strict=True))
    assert by_product["diesel"] == pytest.approx(42.652 * 20.2e-3 * 0.98 * 44 / 12, rel=1e-9)
    assert by_product["coke"] == pytest.approx(28.435 * 29.42e-3 * 0.93 * 44 / 12, rel=1e-9)
    assert chain.complete.all()
    assert chain.divided == (False,) * 4
    only = build_chain(balance, method, parameters, ["coke"], gas="CO2")
    assert np.isnan(only.factor[0, 0, 0, balance.products.index("diesel")])
    assert only.complete[0, 0, 0].tolist() == [product == "coke" for product in balance.products]


def test_coal_equivalent_is_divided_by_its_coefficient():
    """GB/T 2589-2008: 1.4571 tce/t of diesel, 0.9714 of coke; the factor of a tce is that of a tonne over it."""
    units = {"diesel": "万吨标准煤", "coke": "万吨"}
    method = load_method("provincial-2011")
    (parameters,) = method.chains["CO2"][:1]
    plain, mixed = (
        build_chain(balance_of(ONE, units=of), method, parameters, ["diesel", "coke"], gas="CO2")
        for of in ({}, units)
    )
    ratio = plain.factor[0, 0, 0] / mixed.factor[0, 0, 0]
    assert dict(zip(["diesel", "coke"], ratio, strict=True)) == {
        "diesel": pytest.approx(1.4571, rel=1e-4),
        "coke": 1.0,
    }
    assert mixed.divided == (True, False, False, False, False)
    assert mixed.units[0] == {"diesel": "tce/t"}


def test_a_method_without_coefficients_refuses_coal_equivalent():
    """Which edition turned it nobody knows."""
    method = replace(load_method("provincial-2011"), standard_quantity=())
    with pytest.raises(
        FactorNotFoundError, match="provincial-2011 names no edition of coefficients"
    ):
        ca.compile_inventory(balance_of(ONE, units={"diesel": "万吨标准煤"}), method=method)


def test_the_first_chain_that_is_complete_serves():
    """A method's chains are asked in their order; each cell says which one gave its factor."""
    balance = balance_of(ONE)
    needed = np.ones(balance.amounts.shape, bool)
    method = load_method("ipcc-2006")
    own = next(iter(method.chains["CO2"]))
    lacking = ("emission_factor",)  # per tonne, which IPCC gives for none of the two
    both = replace(method, chains=dict(method.chains) | {"CO2": (lacking, own)})
    found, plain = find_factors(balance, both, needed), find_factors(balance, method, needed)
    np.testing.assert_array_equal(found.factor, plain.factor)
    assert set(found.chain.ravel()) == {1}
    assert set(plain.chain.ravel()) == {0}
    assert [chain.parameters for chain in found.chains] == [lacking, own]


@pytest.mark.parametrize(
    ("parameter", "before", "step"),
    [
        ("net_calorific_value", "m3", ("GJ/m3", "GJ")),
        ("net_calorific_value", "GJ", ("", "GJ")),
        ("net_calorific_value", "kWh", ("", "kWh")),
        ("coal_equivalent_coefficient", "t", ("tce/t", "tce")),
        ("coal_equivalent_coefficient", "kWh", ("tce/kWh", "tce")),
        ("carbon_content", "GJ", ("t C/GJ", "t C")),
        ("carbon_to_co2", "t C", ("t CO2/t C", "t CO2")),
        ("emission_factor", "GJ", ("t CO2/GJ", "t CO2")),
        ("grid_emission_factor", "kWh", ("t CO2/kWh", "t CO2")),
        ("oxidation_factor", "t C", ("dimensionless", "t C")),
    ],
)
def test_the_unit_of_a_step(parameter, before, step):
    """What a factor multiplies, and what comes out of it."""
    assert _step_unit(parameter, before, "CO2") == step


# t CO2 of 10,000 t by the provincial guidelines (2011): raw coal has the carbon and oxidation of bituminous coal.
COAL, BITUMINOUS = (1e4 * energy * 26.1e-3 * 0.93 * 44 / 12 for energy in (20.908, 19.570))
DIESEL = 1e4 * 42.652 * 20.2e-3 * 0.98 * 44 / 12


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("bituminous_coal", [COAL, 2e4, DIESEL]),
        ("raw_coal", [2e4, BITUMINOUS, DIESEL]),
        ("", [2e4, 2e4, 2e4]),
    ],
)
def test_an_emission_factor_of_ones_own_is_of_the_product_that_it_names(
    tmp_path, product, expected
):
    """Or of any; a product that counts as another keeps the factors of the method."""
    row = sound("emission_factor", product=product, value="2", unit="t CO2/t")
    overlay = write_edition(tmp_path / "own", emission_factor=[row])
    rows = {
        "farming": {"raw_coal": 1},
        "construction": {"bituminous_coal": 1},
        "transport": {"diesel": 1},
    }
    inventory = inventory_of(rows, method="provincial-2011", overlay=overlay)
    made = inventory.emissions.sel(gas="CO2").sum("product").sel(flow=list(rows))
    assert made.values.ravel().tolist() == pytest.approx(expected)


def test_a_product_of_several_fuels_is_refused_by_its_name(tmp_path):
    """人工煤气、天然气 in one column has no factor: the refusal names both fuels, and says to print them apart."""
    path = tmp_path / "gas.csv"
    path.write_text(
        "绍兴市能源消费 2019年\n项目,人工煤气、天然气（万立方米）,原煤（万吨）\n工业,15000,20\n",
        encoding="utf-8",
    )
    with pytest.raises(
        FactorNotFoundError, match=r"manufactured and natural gas\): print its fuels apart"
    ):
        ca.compile_inventory(path, method="provincial-2011")
