"""Groups of products: every product has one, and what the groups say fits the guidelines' fuels."""

import carbonacct as ca
from carbonacct.product_groups import fuel_sums, group_of, product_groups
from carbonacct.sectors.energy.reference_approach import find_fuel_group


def test_every_product_has_a_group_and_every_group_a_product():
    """No group stands in the table of products alone, none is without products."""
    assert {product.group for product in ca.vocabulary.products().values()} == set(product_groups())


def test_fossil_fuels_of_the_reference_approach_hold_carbon():
    """Table 1.A(b) follows the carbon of these fuels."""
    products = [
        product
        for product in ca.vocabulary.products()
        if find_fuel_group(product) not in {"", "other"}
    ]
    assert products
    assert all(group_of(product).has_carbon for product in products)


def test_what_is_no_fuel_is_in_no_sum_of_its_own():
    """IPCC 2006 Vol. 2 Table 1.1: coal with the gases made of it, oil, natural gas; the rest is one column."""
    assert fuel_sums() == ("coal", "oil", "gas", "other")
    assert {group.summed_as for group in product_groups().values() if not group.is_fuel} == {
        "other"
    }
    assert group_of("blast_furnace_gas").summed_as == "coal"
    assert group_of("lng").summed_as == "gas"
