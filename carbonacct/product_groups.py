"""Groups of products: coal, oil, gas, electricity ... What all products of a group share stands in one table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class ProductGroup:
    """What the products of a group have in common.

    Attributes
    ----------
    main_fuel
        The main fuel type of the IPCC guidelines, or the group where it is none.
    summed_as
        The column of summaries that it counts in: coal, oil, gas or other.
    drawn_as
        The node of flow diagrams.
    has_carbon
        Whether its products hold carbon that is followed: fossil fuels, wastes and their totals.
    is_fuel
        Whether its products are burnt, one by one.
    burnt
        Products that are burnt in a group that is no fuel.
    delivered
        Products that reach their users through a network of the area, so that what is sold is used
        there; of the whole group ``("yes",)``.
    """

    id: str
    main_fuel: str
    summed_as: str
    drawn_as: str
    has_carbon: bool
    is_fuel: bool
    burnt: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()


@cache
def product_groups() -> Mapping[str, ProductGroup]:
    """Return all groups by id.

    Examples
    --------
    >>> product_groups()["coal_gas"].main_fuel, product_groups()["heat"].has_carbon
    ('solid', False)
    """
    return {
        row["id"]: ProductGroup(
            id=row["id"],
            main_fuel=row["main_fuel"],
            summed_as=row["summed_as"],
            drawn_as=row["drawn_as"],
            has_carbon=row["has_carbon"] == "yes",
            is_fuel=row["is_fuel"] == "yes",
            burnt=tuple(filter(None, row["burnt"].split("|"))),
            delivered=tuple(filter(None, row["delivered"].split("|"))),
        )
        for row in read_rows(data_folder() / "vocabulary" / "product_groups.csv")
    }


def group_of(product: str) -> ProductGroup:
    """Return the group of a product.

    Examples
    --------
    >>> group_of("coke_oven_gas").summed_as, group_of("electricity").is_fuel
    ('coal', False)
    """
    return product_groups()[vocabulary.products()[product].group]


def is_delivered(product: str) -> bool:
    """Return whether a product reaches its users through a network of the area: gas, power, heat.

    LPG as city gas is sold.

    Examples
    --------
    >>> is_delivered("natural_gas"), is_delivered("lpg"), is_delivered("gasoline")
    (True, True, False)
    """
    return any(
        one == "yes" or vocabulary.is_product_within(product, one)
        for one in group_of(product).delivered
    )


@cache
def fuel_sums() -> tuple[str, ...]:
    """Return the columns of summaries by fuel, in order.

    Examples
    --------
    >>> fuel_sums()
    ('coal', 'oil', 'gas', 'other')
    """
    return tuple(dict.fromkeys(group.summed_as for group in product_groups().values()))
