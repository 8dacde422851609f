"""The factors of each cell: a chain of parameters, each with the row it came from, multiplied in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError, FactorNotFoundError, Finding
from carbonacct.factors import FactorTable, edition_ids, load_edition, select
from carbonacct.factors.methods import pick_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.factors import FactorRow, FactorSource, Method, Selection
    from carbonacct.tables import EnergyBalance


@dataclass(frozen=True)
class Chain:
    """One chain of parameters, chosen for some products.

    Attributes
    ----------
    parameters, units
        The parameters in the order in which they are multiplied; ``units[i]`` holds the unit of the i-th by product.
    selections
        Values and rows of each parameter.
    divided
        Whether the i-th parameter divides (coal equivalent turned back into physical quantity).
    factor
        The product of all, in t of the gas per canonical unit of each product.
    complete
        Where every parameter has a row.
    """

    parameters: tuple[str, ...]
    units: tuple[dict[str, str], ...]
    selections: tuple[Selection, ...]
    divided: tuple[bool, ...]
    factor: np.ndarray
    complete: np.ndarray


@dataclass(frozen=True)
class Factors:
    """The factor of each cell, and the chain that gave it (index into ``chains``, or -1)."""

    factor: np.ndarray
    chain: np.ndarray
    chains: tuple[Chain, ...]
    findings: tuple[Finding, ...]


def find_factors(balance: EnergyBalance, method: Method, needed: np.ndarray, gas: str = "CO2") -> Factors:
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
        If a cell has activity and no chain of the method's first gas is complete: the convention is that it is never
        dropped. For another gas it is not estimated, and a finding says so. A row whose unit does not fit the
        activity is no row for it.
    """
    shape = needed.shape
    factor, index = np.full(shape, np.nan), np.full(shape, -1, np.int16)
    columns = np.flatnonzero(needed.any(axis=(0, 1, 2)))
    products = [balance.products[c] for c in columns]
    chains: list[Chain] = []
    for number, parameters in enumerate(method.chains[gas]):
        chain = build_chain(balance, method, parameters, products, gas)
        chains.append(chain)
        view_factor, view_index = factor[..., columns], index[..., columns]
        use = chain.complete & (view_index < 0)
        view_factor[use], view_index[use] = chain.factor[use], number
        factor[..., columns], index[..., columns] = view_factor, view_index
    missing = needed & (index < 0)
    # CO2 of biomass is a memo item: its factor is not required.
    required = np.array([gas == method.gases[0] and (gas != "CO2" or vocabulary.products()[p].group != "biomass") for p in balance.products])
    if (missing & required).any():
        _raise_missing(balance, method, np.argwhere(missing & required), chains, products)
    findings = [_note_not_estimated(balance, method, np.argwhere(missing), gas)] if missing.any() else []
    full = [_widen(chain, columns, shape) for chain in chains]
    return Factors(factor, index, tuple(full), (*findings, *_note_choices(balance, method, full, needed)))


def build_chain(
    balance: EnergyBalance, method: Method, parameters: Sequence[str], products: Sequence[str], gas: str
) -> Chain:
    """Select every parameter of a chain for some products and multiply them in order."""
    lookup = {product: substitute.use for product, substitute in method.substitutes.items()}
    steps = _steps(balance, method, parameters, products, gas)
    shape = (len(balance.areas), len(balance.years), len(balance.flows), len(products))
    factor, complete = np.ones(shape), np.ones(shape, bool)
    selections = []
    areas = [vocabulary.resolve("area", area) or area for area in balance.areas]
    for parameter, units, divided, sources in steps:
        table = FactorTable(
            sources,
            parameter,
            gas,
            ranges=method.ranges,
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
            ranges=method.ranges,
        )
        selection = _spread(chosen, [list(products).index(product) for product in wanted], shape)
        selections.append(selection)
        here = np.array([bool(units.get(product)) for product in products], dtype=bool)
        step = np.where(here, selection.values, 1.0)
        factor = factor / step if divided else factor * step
        complete &= ~here | (selection.row >= 0)
    return Chain(tuple(step[0] for step in steps), tuple(step[1] for step in steps), tuple(selections), tuple(step[2] for step in steps),
                 np.where(complete, factor, np.nan), complete)  # fmt: skip


def _spread(chosen: Selection, columns: Sequence[int], shape: tuple[int, ...]) -> Selection:
    values, row = np.full(shape, np.nan), np.full(shape, -1, np.int32)
    if columns:
        values[..., columns], row[..., columns] = chosen.values, chosen.row
    return type(chosen)(chosen.parameter, values, row, chosen.rows)


def _widen(chain: Chain, columns: np.ndarray, shape: tuple[int, ...]) -> Chain:
    """Give a chain of some products the columns of the whole balance."""
    factor, complete = np.full(shape, np.nan), np.zeros(shape, bool)
    factor[..., columns], complete[..., columns] = chain.factor, chain.complete
    return Chain(
        chain.parameters,
        chain.units,
        tuple(_spread(s, list(columns), shape) for s in chain.selections),
        chain.divided,
        factor,
        complete,
    )


def _steps(balance: EnergyBalance, method: Method, parameters: Sequence[str], products: Sequence[str],
           gas: str) -> list[tuple[str, dict[str, str], bool, tuple[FactorSource, ...]]]:  # fmt: skip
    """Return the steps of a chain: parameter, unit by product, whether it divides, editions.

    The unit of a factor says what it multiplies: an activity in t, m3, tce or GJ. Coal equivalent is first turned back
    into physical quantity by the coefficients of a named edition; an activity that is energy needs no calorific value.
    """
    held = dict(zip(balance.products, map(str, balance.amounts["unit"].values), strict=True))
    now = {product: held[product] for product in products}
    own = {product: vocabulary.products()[product].unit for product in products}
    steps: list[tuple[str, dict[str, str], bool, tuple[FactorSource, ...]]] = []
    standard = {
        product: f"tce/{own[product]}" for product in products if now[product] == "tce" and own[product] != "tce"
    }
    if standard and parameters[0] != "coal_equivalent_coefficient":
        if not method.standard_quantity:
            raise FactorNotFoundError(
                f"{method.id} names no edition of coefficients for tables in coal equivalent; use a table in physical quantity"
            )
        steps.append(("coal_equivalent_coefficient", standard, True, pick_sources(method, (method.standard_quantity,))))
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
    """Return the unit of a factor that multiplies ``before``, and what comes out; no unit if the step is not needed."""
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
    balance: EnergyBalance, method: Method, missing: np.ndarray, chains: Sequence[Chain], products: Sequence[str]
) -> None:
    a, y, f, p = missing[0]
    product, flow, year = balance.products[p], balance.flows[f], balance.years[y]
    where = balance.places.address(int(balance.place.values[a, y, f, p]))
    lacking = [name for name, selection in zip(chains[-1].parameters, chains[-1].selections, strict=True)
               if selection.row[a, y, f, list(products).index(product)] < 0]  # fmt: skip
    parameter = lacking[0] if lacking else chains[-1].parameters[0]
    known = _known_elsewhere(parameter, method, product)
    cells = len({(balance.products[c[3]]) for c in missing})
    more = f" ({cells - 1} more products lack factors)" if cells > 1 else ""
    raise FactorNotFoundError(f"{where}: no {parameter} for product {product!r} of {flow} in {method.id} valid in {year}{more}; "
                              + (f"known in {known}: add that edition to the method, or" if known else "") + " lay an overlay with the row over the method (--overlay)")  # fmt: skip


def _note_not_estimated(balance: EnergyBalance, method: Method, missing: np.ndarray, gas: str) -> Finding:
    cells = [f"{balance.products[p]} of {balance.flows[f]}" for _, _, f, p in missing]
    shown = ", ".join(list(dict.fromkeys(cells))[:5])
    return Finding("not-estimated", "warning", f"{gas} of {len(missing)} cells is not estimated: {method.id} has no factor for {shown}",
                   balance.places.address(int(balance.place.values[tuple(missing[0])])), "the total lacks them; lay an overlay with the rows over the method (--overlay)")  # fmt: skip


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
            f"{identifier} ({row.value:g} {row.unit})"
            for row in rows
            if row.parameter == parameter and row.product == product and row.status != "unverified"
        ][:1]
    return ", ".join(found[:3])


def used_rows(chains: Sequence[Chain], chain: np.ndarray, needed: np.ndarray) -> list[tuple[FactorRow, int]]:
    """Return the rows that the needed cells use (gas last), each with the number of cells."""
    counts: dict[int, tuple[FactorRow, int]] = {}
    for number, one in enumerate(chains):
        cells = (needed & (chain == number)).any(axis=-1)
        for selection in one.selections:
            index, times = np.unique(selection.row[cells & (selection.row >= 0)], return_counts=True)
            for i, count in zip(index, times, strict=True):
                row = selection.rows[int(i)]
                counts[id(row)] = (row, counts.get(id(row), (row, 0))[1] + int(count))
    return list(counts.values())


def note_errata(
    balance: EnergyBalance, method: Method, factors: Factors, burnt: np.ndarray, gas: str
) -> list[Finding]:
    """Say where a corrected number was used, what the document prints, and what that would have given."""
    findings = []
    printed = {(source.id, row.keys): row for source in method.sources for row in source.corrected}
    for number, chain in enumerate(factors.chains):
        for selection in chain.selections:
            for i, row in enumerate(selection.rows):
                cells = (factors.chain == number) & (selection.row == i) & (np.nan_to_num(burnt) != 0)
                if row.status != "erratum" or not cells.any():
                    continue
                other = printed[row.edition, row.keys]
                unit = str(balance.amounts["unit"].values[int(np.argwhere(cells)[0][3])])
                seen = f"; the document prints {other.value:g} {other.unit}"
                if other.unit.endswith(f"/{unit}"):
                    given = float((burnt * factors.factor)[cells].sum())
                    seen += f", which would give {float(burnt[cells].sum()) * other.value:,.0f} t {gas} instead of {given:,.0f}"
                message = f"{row.parameter} of {row.item} is used as {row.value:g} {row.unit}{seen}"
                findings.append(Finding("erratum", "warning", message, row.place, row.note))
    return findings


def note_overlay(method: Method, chains: Sequence[Chain], chain: np.ndarray, needed: np.ndarray) -> list[Finding]:
    """Say which rows of the user's own overlay no cell uses: a word or a unit of theirs may be off."""
    used = {id(row) for row, _ in used_rows(chains, chain, needed)}
    idle = [row for source in method.sources if source.id not in edition_ids() for row in source.rows
            if id(row) not in used]  # fmt: skip
    if not idle:
        return []
    listed = ", ".join(row.place for row in idle[:5]) + (f" and {len(idle) - 5} more" if len(idle) > 5 else "")
    return [Finding("overlay-unused", "warning", f"{len(idle)} rows of the overlay are used by no cell: {listed}", idle[0].place,
                    "check product, flow, years and unit, and that the method has the parameter")]  # fmt: skip


def _taken_from(chains: Sequence[Chain], needed: np.ndarray, p: int) -> set[str]:
    """Return the products whose rows the needed cells of one product take."""
    cells = needed[..., p]
    return {
        selection.rows[i].product
        for chain in chains
        for selection in chain.selections
        for i in np.unique(selection.row[..., p][cells])
        if i >= 0
    }


def _note_choices(balance: EnergyBalance, method: Method, chains: Sequence[Chain], needed: np.ndarray) -> list[Finding]:
    """Say which fuels stand for others, and which rows are unverified or corrected."""
    findings = []
    rows = {id(row): row for chain in chains for selection in chain.selections for row in selection.rows}
    for product in sorted(set(balance.products) & set(method.substitutes)):
        substitute = method.substitutes[product]
        if _taken_from(chains, needed, balance.products.index(product)) - {"", product}:
            findings.append(
                Finding(
                    "substitute",
                    "info",
                    f"{product} takes factors of {substitute.use} where {method.id} lists none of its own: {substitute.reason}",
                )
            )
    findings += [
        Finding(
            "unverified-factor",
            "warning",
            f"{row.parameter} of {row.item or row.product}, {row.value:g} {row.unit}, could not be checked",
            row.place,
        )
        for row in rows.values()
        if row.status == "unverified"
    ]
    return findings
