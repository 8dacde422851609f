"""The factors of each cell: a chain of parameters, each with the row it came from, multiplied in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError, FactorNotFoundError, Finding, name_some
from carbonacct.factors import edition_ids, load_edition, select
from carbonacct.factors.methods import pick_sources
from carbonacct.factors.selection import keep_table
from carbonacct.records.area_names import area_id
from carbonacct.sectors.energy.factor_notes import note_choices
from carbonacct.texts import Both, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import FactorSource, Method, Selection

_LISTED = "、"  # between the fuels of a name
_MOST_NAMED = 10


@dataclass(frozen=True)
class Chain:
    """One chain of parameters, chosen for some products.

    Attributes
    ----------
    parameters, units
        The parameters in the order in which they are multiplied; ``units[i]`` holds the unit of the
        i-th by product.
    selections
        Values and rows of each parameter.
    divided
        Whether the i-th parameter divides (coal equivalent turned back into physical quantity).
    held_factor
        The product of all, in t of the gas per canonical unit of each product (area, year, flow,
        product), of length 1 along a dim along which it is the same.
    held_complete
        Where every parameter has a row; likewise.
    shape
        Of the table.
    """

    parameters: tuple[str, ...]
    units: tuple[dict[str, str], ...]
    selections: tuple[Selection, ...]
    divided: tuple[bool, ...]
    held_factor: np.ndarray
    held_complete: np.ndarray
    shape: tuple[int, ...]

    @cached_property
    def factor(self) -> np.ndarray:
        """`held_factor` in the shape of the table: a read-only view."""
        return np.broadcast_to(self.held_factor, self.shape)

    @cached_property
    def complete(self) -> np.ndarray:
        """`held_complete` likewise."""
        return np.broadcast_to(self.held_complete, self.shape)


@dataclass(frozen=True)
class CellFactors:
    """The factor of each cell, and the chain that gave it.

    Attributes
    ----------
    held_factor
        In t of the gas per canonical unit of each product (area, year, flow, product), of length 1
        along a dim along which it is the same.
    held_chain
        Index into ``chains``, or -1; likewise.
    shape
        Of the table.
    """

    held_factor: np.ndarray
    held_chain: np.ndarray
    shape: tuple[int, ...]
    chains: tuple[Chain, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def factor(self) -> np.ndarray:
        """`held_factor` in the shape of the table: a read-only view."""
        return np.broadcast_to(self.held_factor, self.shape)

    @cached_property
    def chain(self) -> np.ndarray:
        """`held_chain` likewise."""
        return np.broadcast_to(self.held_chain, self.shape)


def find_factors(
    balance: EnergyBalance, method: Method, needed: np.ndarray, gas: str = "CO2"
) -> CellFactors:
    """Choose the factor of each cell that needs one.

    Parameters
    ----------
    balance
        Its labels and units.
    method
        Editions, chains and substitutes.
    needed
        Where an activity is not zero (area, year, flow, product).
    gas
        The gas that is emitted; for a method of coal equivalent, ``"tce"``.

    Raises
    ------
    FactorNotFoundError
        If a cell has activity and no chain of the method's first gas is complete: the convention is
        that it is never dropped. For another gas it is not estimated, and a finding says so. A row
        whose unit does not fit the activity is no row for it.
    """
    # Factors are chosen once for all areas and years in which any cell needs the product.
    anywhere = needed.reshape(-1, needed[0, 0].size).any(axis=0).reshape(1, 1, *needed.shape[2:])
    used = np.flatnonzero(anywhere.any(axis=(0, 1, 2)))
    products = [balance.products[p] for p in used]
    factor, index = (
        np.full((1, 1, *needed.shape[2:]), np.nan),
        np.full((1, 1, *needed.shape[2:]), -1, np.int16),
    )
    chains: list[Chain] = []
    for number, parameters in enumerate(method.chains[gas]):
        chain = build_chain(balance, method, parameters, products, gas=gas)
        chains.append(chain)
        use = chain.held_complete & (index < 0)
        factor, index = (
            np.where(use, chain.held_factor, factor),
            np.where(use, np.int16(number), index),
        )
    lacking = index < 0
    missing = needed & lacking if lacking[..., used].any() else np.zeros((1, 1, 1, 1), bool)
    # CO2 of biomass is a memo item: its factor is not required.
    required = np.array(
        [
            gas == method.gases[0] and (gas != "CO2" or vocabulary.products()[p].group != "biomass")
            for p in balance.products
        ]
    )
    if (missing & required).any():
        _raise_missing(balance, method, np.argwhere(missing & required), chains)
    findings = (
        [_note_not_estimated(balance, method, np.argwhere(missing), gas)] if missing.any() else []
    )
    return CellFactors(
        held_factor=factor,
        held_chain=index,
        shape=needed.shape,
        chains=tuple(chains),
        findings=(*findings, *note_choices(balance, method, chains, (needed, anywhere))),
    )


def build_chain(
    balance: EnergyBalance,
    method: Method,
    parameters: Sequence[str],
    products: Sequence[str],
    *,
    gas: str,
) -> Chain:
    """Select every parameter of a chain for some products of a balance and multiply them in order.

    What is the same for all areas, or all years, is held once.
    """
    lookup = method.stand_ins | {
        product: base for product in products if (base := vocabulary.base_of(product)) != product
    }
    steps = _steps(balance, method, parameters, products, gas=gas)
    shape = balance.amounts.shape
    factor = np.ones((1, 1, *shape[2:]))
    complete = np.broadcast_to([product in products for product in balance.products], factor.shape)
    selections = []
    of_overlay = tuple(parameters) in method.overlay_chains
    areas = [*map(area_id, balance.areas)]
    for parameter, units, divided, sources in steps:
        table = keep_table(
            sources,
            parameter,
            gas,
            prefer=method.prefer,
            allow_unverified=method.allow_unverified,
        )
        wanted = [product for product in products if units.get(product)]
        chosen = select(
            table,
            areas=areas,
            years=balance.years,
            flows=balance.flows,
            products=wanted,
            units=units,
            lookup=lookup,
            category=method.category,
        )
        selection = _spread(chosen, [balance.products.index(product) for product in wanted], shape)
        selections.append(selection)
        here = np.array([bool(units.get(product)) for product in balance.products], dtype=bool)
        step = np.where(here, selection.held_values, 1.0)
        factor = factor / step if divided else factor * step
        complete = complete & (~here | (selection.held_row >= 0))
        if parameter == "emission_factor" and of_overlay:
            complete = complete & _is_own(selection, balance.products)
        if parameter == "coal_equivalent_coefficient" and of_overlay and not divided:
            complete = (
                complete & ~here
            )  # t CO2/tce meets tce as it is printed, and nothing that would be turned into it
    factor = np.where(complete, factor, np.nan)
    return Chain(
        parameters=tuple(step[0] for step in steps),
        units=tuple(step[1] for step in steps),
        selections=tuple(selections),
        divided=tuple(step[2] for step in steps),
        held_factor=factor,
        held_complete=complete,
        shape=shape,
    )


def _is_own(selection: Selection, products: Sequence[str]) -> np.ndarray:
    """Return the cells whose factor an overlay gives for the product itself, or for any product."""
    published = set(edition_ids())
    owners = np.array(
        [row.product if row.edition not in published else "-" for row in selection.rows] or ["-"]
    )
    row = selection.held_row
    own: np.ndarray = (row >= 0) & ((owners[row] == "") | (owners[row] == np.array(products)))
    return own


def _spread(chosen: Selection, columns: Sequence[int], shape: tuple[int, ...]) -> Selection:
    """Give a selection of some products the columns of the whole balance."""
    spread = (*chosen.held_row.shape[:3], shape[3])
    values, row = np.full(spread, np.nan), np.full(spread, -1, np.int32)
    values[..., columns], row[..., columns] = chosen.held_values, chosen.held_row
    return replace(chosen, held_values=values, held_row=row, shape=shape)


def _steps(
    balance: EnergyBalance,
    method: Method,
    parameters: Sequence[str],
    products: Sequence[str],
    *,
    gas: str,
) -> list[tuple[str, dict[str, str], bool, tuple[FactorSource, ...]]]:
    """Return the steps of a chain: parameter, unit by product, whether it divides, editions.

    The unit of a factor says what it multiplies: an activity in t, m3, tce or GJ. Coal equivalent
    is first turned back into physical quantity by the coefficients of a named edition; an activity
    that is energy needs no calorific value.
    """
    held = dict(zip(balance.products, map(str, balance.amounts["unit"].values), strict=True))
    now = {product: held[product] for product in products}
    own = {product: vocabulary.products()[product].unit for product in products}
    steps: list[tuple[str, dict[str, str], bool, tuple[FactorSource, ...]]] = []
    standard = {
        product: f"tce/{own[product]}"
        for product in products
        if now[product] == "tce" and own[product] != "tce"
    }
    if standard and parameters[0] != "coal_equivalent_coefficient":
        if not method.standard_quantity:
            raise FactorNotFoundError(
                say(
                    "{id} names no edition of coefficients for tables in coal equivalent; "
                    "use a table in physical quantity",
                    id=method.id,
                )
            )
        steps.append(
            (
                "coal_equivalent_coefficient",
                standard,
                True,
                pick_sources(method, method.standard_quantity),
            )
        )
        now.update({product: own[product] for product in standard})
    for parameter in parameters:
        units: dict[str, str] = {}
        for product in products:
            unit, now[product] = _step_unit(parameter, now[product], gas)
            if unit:
                units[product] = unit
        steps.append((parameter, units, False, method.sources))
    return steps


def _step_unit(parameter: str, before: str, gas: str) -> tuple[str, str]:
    """Return the unit of a factor that multiplies ``before``, and what comes out; no unit if the step is not needed.

    Examples
    --------
    >>> _step_unit("net_calorific_value", "t", "CO2"), _step_unit("net_calorific_value", "tce", "CO2")
    (('GJ/t', 'GJ'), ('', 'tce'))
    >>> _step_unit("coal_equivalent_coefficient", "GJ", "CO2"), _step_unit("coal_equivalent_coefficient", "tce", "CO2")
    (('tce/GJ', 'tce'), ('', 'tce'))
    """
    energy = {"net_calorific_value": "GJ", "coal_equivalent_coefficient": "tce"}
    if parameter in energy:
        after = energy[parameter]
        is_energy = before in {"GJ", "kWh", "tce"} if after == "GJ" else before == "tce"
        return ("", before) if is_energy else (f"{after}/{before}", after)
    if parameter == "carbon_content":
        return f"t C/{before}", "t C"
    if parameter in {"carbon_to_co2", "emission_factor", "grid_emission_factor"}:
        return f"t {gas}/{before}", f"t {gas}"
    return "dimensionless", before


def _raise_missing(
    balance: EnergyBalance, method: Method, missing: np.ndarray, chains: Sequence[Chain]
) -> None:
    first = {balance.products[cell[3]]: tuple(map(int, cell)) for cell in reversed(missing)}
    lacking = {}
    for product, (a, y, f, _) in first.items():
        names = [
            name
            for name, selection in zip(chains[-1].parameters, chains[-1].selections, strict=True)
            if selection.row[a, y, f, balance.products.index(product)] < 0
        ]
        lacking[product] = names[0] if names else chains[-1].parameters[0]
    a, y, f, p = missing[0]
    product, flow, year = balance.products[p], balance.flows[f], balance.years[y]
    where = balance.locate(a, y, f, p)
    parameter = lacking.pop(product)
    elsewhere = _known_elsewhere(parameter, method, product)
    known = say("known in {known}: add that edition to the method, or", known=elsewhere)
    others = [
        other
        if lacking[other] == parameter
        else say("{other} ({lacking})", other=other, lacking=lacking[other])
        for other in balance.products
        if other in lacking
    ]
    more = say(" (nor for {others})", others=name_some(others, _MOST_NAMED)) if others else ""
    raise FactorNotFoundError(
        say(
            "{where}: no {parameter} for product {product!r} of {flow} in {id} valid in "
            "{year}{more}; {known} lay an overlay with the row over the method (--overlay)",
            where=where,
            parameter=parameter,
            product=product,
            flow=flow,
            id=method.id,
            year=year,
            more=more,
            known=known if elsewhere else _say_several(product),
        )
    )


def _say_several(product: str) -> str:
    """Return what to do with a product that is several fuels by its name (人工煤气、天然气), "" for one fuel."""
    names = [vocabulary.name("product", product, language) for language in ("en", "zh")]
    if _LISTED not in names[1]:
        return ""
    return say("it is {names}: print its fuels apart, or", names=Both(*names))


def _note_not_estimated(
    balance: EnergyBalance, method: Method, missing: np.ndarray, gas: str
) -> Finding:
    cells = [
        say("{product} of {flow}", product=balance.products[p], flow=balance.flows[f])
        for _, _, f, p in missing
    ]
    shown = join_texts(", ", list(dict.fromkeys(cells))[:5])
    return Finding(
        "not-estimated",
        "warning",
        say(
            "{gas} of {missing_count} cells is not estimated: {id} has no factor for {shown}",
            gas=gas,
            missing_count=len(missing),
            id=method.id,
            shown=shown,
        ),
        balance.locate(*missing[0]),
        say("the total lacks them; lay an overlay with the rows over the method (--overlay)"),
    )


def _known_elsewhere(parameter: str, method: Method, product: str) -> str:
    own = {source.id for source in method.sources}
    found = []
    for identifier in edition_ids():
        if identifier in own:
            continue
        try:
            rows = load_edition(identifier).rows
        except CarbonacctError:
            continue
        found += [
            say(
                "{identifier} ({value:g} {unit})",
                identifier=identifier,
                value=row.value,
                unit=row.unit,
            )
            for row in rows
            if row.parameter == parameter and row.product == product and row.status != "unverified"
        ][:1]
    return join_texts(", ", found[:3])
