"""Scope 2 as an array of its own: electricity and heat brought in, less what is sent out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.errors import UnitError
from carbonacct.sectors.energy.activity import is_used
from carbonacct.sectors.energy.emission_totals import add_up
from carbonacct.sectors.energy.finest_cells import find_finest_products
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.sectors.energy.imported_energy import Indirect

BOUGHT = ("electricity", "heat")  # what is brought in and has emissions of scope 2


def find_kinds(balance: EnergyBalance, product: str) -> dict[int, np.ndarray]:
    """Return the columns of electricity or heat, and of its kinds (steam, hot water), with where each counts.

    Where kinds are printed beside their total, these and their remainder count. Steam that a table
    prints beside heat, more of it than of heat, is bought as well.
    """
    columns = [
        p
        for p, name in enumerate(balance.products)
        if name == product
        or vocabulary.is_product_within(name, product)
        or vocabulary.is_product_within(name, product, balance.product_parents)
    ]
    if len(columns) < 2:  # nothing else is there to count in its place
        return {p: np.ones(balance.amounts.shape[:3], bool) for p in columns}
    finest = find_finest_products(balance)
    return {p: finest[..., p] for p in columns}


def sum_kinds(balance: EnergyBalance, product: str, unit: str) -> np.ndarray | None:
    """Return electricity or heat of all kinds (area, year, flow), NaN where none is printed.

    None of a table without it.

    A kind in another measure (steam in tonnes) has no sum with the others and is left out.
    """
    total: np.ndarray | None = None
    for p, counts in find_kinds(balance, product).items():
        try:
            factor = conversion_factor(str(balance.amounts["unit"].values[p]), unit)
        except UnitError:
            continue
        own = np.where(counts, balance.amounts.values[..., p] * factor, np.nan)
        total = own if total is None else np.where(np.isnan(own), total, np.nan_to_num(total) + own)
    return total


def stack_imported_energy(direct: xr.DataArray, brought: Sequence[Indirect]) -> xr.DataArray:
    """Return what crosses the border (area, year, flow, product, gas) in t; what is sent out is negative.

    Parameters
    ----------
    direct
        The direct emissions, whose labels it has.
    brought
        What is brought in and sent out of each product, with its factors of CO2.

    Notes
    -----
    Provincial guideline 2011, Ch. 1.6: net emissions = (inflow - outflow) x factor of the grid;
    electricity and heat do not burn, and no share or deduction of what burns is of them. The
    coordinate ``lacking`` says where an amount that is not zero has no factor.
    """
    gases = direct["gas"].values.tolist()
    shape = (*direct.shape[:3], len(brought))
    values, lacking = np.full((*shape, len(gases)), np.nan), np.zeros(shape, bool)
    for n, one in enumerate(brought):
        p = one.column
        factor = one.chain.held_factor[..., p]
        crossing, unknown = one.amount, np.isnan(factor)
        if unknown.any():
            lacking[..., n] = is_used(crossing) & unknown
        if "CO2" in gases:
            emitted = values[..., n, gases.index("CO2")]
            np.multiply(crossing, factor, out=emitted)
            if unknown.any():
                np.copyto(emitted, 0.0, where=unknown & (crossing == 0))
    # The variables themselves, whose index need not be made again.
    coords = {
        name: direct.coords[name].variable for name in ("area", "year", "flow", "gas", "category")
    }
    labels = {"product": direct.coords["product"].variable[[one.column for one in brought]]}
    marks = {"lacking": (direct.dims[:4], lacking)}
    return xr.DataArray(
        values,
        dims=direct.dims,
        coords={**coords, **labels, **marks},
        name="indirect",
        attrs={"units": "t"},
    )


def find_lacking(indirect: xr.DataArray, area: str, year: int) -> tuple[str, ...]:
    """Return the products of which something crosses the border of an area in a year and has no factor."""
    cells = indirect["lacking"].sel(area=area, year=year).values
    return tuple(map(str, indirect["product"].values[cells.any(axis=0)]))


def add_imported_energy(
    indirect: xr.DataArray, over: Sequence[str], *, gross: bool = False
) -> xr.DataArray:
    """Return the sums of scope 2 over some dims; a sum that lacks a part which is not zero is no number.

    Parameters
    ----------
    indirect
        Of one gas, or weighted (area, year, flow, product).
    over
        The dims that go.
    gross
        What is brought in alone.
    """
    lacking = indirect["lacking"]
    if gross:
        imported_energy = xr.DataArray(
            [vocabulary.flows()[str(flow)].sign > 0 for flow in indirect["flow"].values],
            dims="flow",
        )
        indirect, lacking = indirect.where(imported_energy), lacking & imported_energy
    total = add_up(indirect.drop_vars("lacking"), over)
    return total.where(~lacking.any(over).drop_vars("lacking", errors="ignore").values)


def bought_as(product: str) -> str:
    """Return what a kind of electricity or heat is bought as; another product is itself."""
    return (
        vocabulary.products()[product].group
        if vocabulary.is_electricity_or_heat(product)
        else product
    )


def has_electricity(products: Iterable[str]) -> bool:
    """Return whether products brought in hold electricity: heat alone is no scope 2."""
    return BOUGHT[0] in set(products)


def drop_electricity_and_heat(direct: xr.DataArray) -> xr.DataArray:
    """Return direct emissions without the columns of electricity and heat, which hold none."""
    fuels = [
        not vocabulary.is_electricity_or_heat(str(product)) for product in direct["product"].values
    ]
    return direct.isel(product=np.flatnonzero(fuels))
