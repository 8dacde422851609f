"""One carbon pool: gas made of a fuel that is counted holds that fuel's carbon, and one of the two counts.

Coke of blast furnaces and converters leaves as gas. Both are printed, and both are counted where
nothing is done: of the nation's CO2 of 2019 a tenth. A method declares which gases these are, whose
carbon they hold, and which of the two counts. The rule stands in ``docs/convention.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.blocks import find_cells
from carbonacct.errors import Finding, Gap, Gaps
from carbonacct.sectors.energy.carbon import find_carbon
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.factors.method import CarbonPool, PoolSource
    from carbonacct.sectors.energy.activity import ActivityData

_ENERGY = (
    "coking",
    "gas_works",
    "moved_in",
    "imports",
)  # where a gas comes from that no counted fuel became
_RECOVERED = ("recovery", "blast_furnaces")


@dataclass(frozen=True)
class _Gas:
    """The part of the counted gas that holds carbon of the pool."""

    columns: list[int]
    share: np.ndarray  # area, year, column
    carbon: np.ndarray  # t CO2 before oxidation (area, year)
    cells: np.ndarray  # area, year, flow, column


def count_carbon_once(activity: ActivityData, method: Method) -> ActivityData:
    """Return activity data in which the carbon of derived gases counts once.

    Parameters
    ----------
    activity
        What burns, feedstock taken out.
    method
        Its carbon pool; without one nothing changes.

    Notes
    -----
    Deducted is carbon, before oxidation, as an amount of the fuel: never CO2 from CO2, because coke
    and gas oxidise differently. The fuel bears at most what it holds.
    """
    pool = method.pool
    balance = activity.balance
    columns = _find_columns(balance, pool) if pool else []
    if pool is None or not activity.counted[..., columns].any():
        return activity
    gas = _find_gas(activity, method, pool, columns)
    if not (gas.carbon > 0).any():
        return activity
    if pool.count == "gas":
        return _deduct(activity, method, pool, gas)
    if pool.count == "fuel":
        share = np.ones(activity.counted.shape) if activity.share is None else activity.share.copy()
        share[..., columns] *= 1 - gas.share[:, :, None]
        text = say("is left out: the fuel that it is made of counts with all its carbon")
        findings = _say(balance, gas, text, pool, severity="info")
        return _with(activity, findings, share=share)
    text = say("counts beside the fuel that it is made of: this carbon counts twice")
    return _with(activity, _say(balance, gas, text, pool, severity="warning"))


def _find_columns(balance: EnergyBalance, pool: CarbonPool) -> list[int]:
    derived = (*pool.gases, *pool.recovered)
    return [
        p for p, product in enumerate(balance.products) if vocabulary.base_of(product) in derived
    ]


def _find_gas(activity: ActivityData, method: Method, pool: CarbonPool, columns: list[int]) -> _Gas:
    """Return the derived gas that burns, and the carbon that it holds."""
    balance = activity.balance
    made, other = (_add_rows(balance, flows, columns) for flows in (_RECOVERED, _ENERGY))
    always = np.array([vocabulary.base_of(balance.products[p]) in pool.gases for p in columns])
    whole = made + other
    share = np.divide(made, whole, out=np.zeros_like(whole), where=whole > 0)
    # A gas of the pool has one origin: where no row prints its making all of it is derived, but
    # where rows of energy put it out none is.
    share = np.where(always & (made == 0), np.where(other > 0, 0.0, 1.0), share)
    burnt = activity.burnt_in((slice(None), slice(None), slice(None), columns))
    np.copyto(burnt, 0.0, where=np.isnan(burnt))
    per_unit = find_carbon(balance, method, [balance.products[p] for p in columns])
    # What does not burn needs no factor: 0 times one that lacks would be NaN.
    cells = burnt * share[:, :, None]
    return _Gas(
        columns, share, (cells * np.where(cells == 0, 0.0, per_unit)).sum(axis=(2, 3)), cells
    )


def _add_rows(balance: EnergyBalance, flows: Sequence[str], columns: list[int]) -> np.ndarray:
    """Return what rows put out of some products (area, year, column)."""
    rows = _rows(balance, flows)
    if not rows:
        return np.zeros((*balance.amounts.shape[:2], len(columns)))
    amounts = balance.amounts.values[..., columns]
    return np.asarray(np.fmax(amounts[:, :, rows], 0.0).sum(axis=2))


def _rows(balance: EnergyBalance, flows: Sequence[str]) -> list[int]:
    """Return the finest rows among some flows and their parts."""
    found = [
        f
        for f, flow in enumerate(balance.flows)
        if any(balance.is_part(flow, name) for name in flows)
    ]
    return [
        f
        for f in found
        if not any(g != f and balance.is_part(balance.flows[g], balance.flows[f]) for g in found)
    ]


def _deduct(activity: ActivityData, method: Method, pool: CarbonPool, gas: _Gas) -> ActivityData:
    """Take the carbon of the gas from the fuels that it was made of, in the order of the method."""
    balance = activity.balance
    deduction = (
        np.zeros(activity.counted.shape)
        if activity.deduction is None
        else activity.deduction.copy()
    )
    left = gas.carbon.copy()
    taken: list[tuple[np.ndarray, np.ndarray]] = []
    done = np.zeros(activity.counted.shape[2:], bool)
    per_unit = find_carbon(balance, method, balance.products)
    burns = np.broadcast_to(_burns(activity), done.shape)
    for source in pool.sources:
        here = _mask(balance, source) & ~done
        done |= here
        flows, products = (places[:, None] for places in np.nonzero(here))
        areas, years = np.nonzero(left)
        at = (areas, years, flows, products)  # (cell of the source, area and year)
        burnt = np.fmax(activity.burnt_in(at), 0.0)
        # What plants take in passes on: it holds carbon of the gas, and nothing burns to be less.
        put_in = np.fmax(-balance.amounts.values[at], 0.0)
        held = burnt + np.where(burns[at[2:]], 0.0, put_in)
        same = tuple(
            0 if length == 1 else place for length, place in zip(per_unit.shape, at, strict=True)
        )
        carbon = held * np.where(held == 0, 0.0, per_unit[same])
        total = carbon.sum(axis=0)
        borne = np.minimum(left[areas, years], total)
        part = np.divide(borne, total, out=np.zeros_like(total), where=total > 0)
        left[areas, years] -= borne
        less = burnt * part
        deduction[at] += less
        taken.append(_list_taken(less, at))
    findings = []
    places, amounts = (np.concatenate(parts, axis=-1) for parts in zip(*taken, strict=True))
    if len(amounts):
        labels = (balance.areas, balance.years, balance.flows, balance.products)
        text = say(
            "counts where it burns, and its carbon is taken from {listed}",
            listed=_list(balance, places[3], amounts),
        )
        gaps = Gaps(labels, places, amounts)
        findings += _say(balance, gas, text, pool, severity="info", gaps=gaps)
    for a, y in np.argwhere(left > 1e-9 * gas.carbon):
        f, p = np.argwhere(gas.cells[a, y] > 0)[0].tolist()
        findings.append(
            Finding(
                "carbon-pool-exceeded",
                "error",
                say(
                    "gas of {area} {year} holds {left:,.0f} t CO2 of carbon more than the "
                    "fuels that it is made of: that carbon has no source",
                    area=balance.areas[a],
                    year=balance.years[y],
                    left=left[a, y],
                ),
                balance.locate(a, y, f, gas.columns[p]),
                say("check the gas, its calorific value and the coke of the table"),
            )
        )
    return _with(activity, findings, deduction=deduction)


def _mask(balance: EnergyBalance, source: PoolSource) -> np.ndarray:
    rows = [balance.is_part(flow, source.flow) for flow in balance.flows]
    columns = [
        any(
            vocabulary.is_product_within(product, name, balance.product_parents)
            for name in source.products
        )
        for product in balance.products
    ]
    return np.outer(rows, columns)


def _burns(activity: ActivityData) -> np.ndarray:
    """Return the rows (flow, 1) whose numbers burn: what plants take in beside them is passed on."""
    return np.asarray(activity.counted.any(axis=(0, 1)))


def _list_taken(less: np.ndarray, at: tuple[np.ndarray, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the places (4, cell) of what is taken of cells (area, year, flow, product), and the amounts."""
    order = tuple(find_cells((less > 0).T).T)[::-1]
    places = np.stack([np.broadcast_to(place, less.shape)[order] for place in at])
    return places, less[order]


def _list(balance: EnergyBalance, products: np.ndarray, amounts: np.ndarray) -> str:
    """Return how much of each product was taken: "12,000 t of coke"."""
    total = np.bincount(products, weights=amounts)
    units = balance.amounts["unit"].values
    return join_texts(
        ", ",
        (
            say(
                "{amount:,.0f} {unit} of {product}",
                amount=total[p],
                unit=units[p],
                product=balance.products[p],
            )
            for p in dict.fromkeys(products.tolist())
        ),
    )


def _say(
    balance: EnergyBalance,
    gas: _Gas,
    what: str,
    pool: CarbonPool,
    *,
    severity: str,
    gaps: Sequence[Gap] = (),
) -> list[Finding]:
    a, y, f, p = (int(at) for at in np.unravel_index(np.argmax(gas.cells > 0), gas.cells.shape))
    names = join_texts(
        ", ",
        (
            balance.products[column]
            for n, column in enumerate(gas.columns)
            if (gas.cells[..., n] > 0).any()
        ),
    )
    text = say(
        "{names}, carbon for {carbon_sum:,.0f} t CO2 before oxidation, {what}; {reason}",
        names=names,
        carbon_sum=gas.carbon.sum(),
        what=what,
        reason=pool.reason,
    )
    return [
        Finding(
            "one-carbon-pool",
            severity,  # type: ignore[arg-type]
            text,
            balance.locate(a, y, f, gas.columns[p]),
            gaps=gaps,
        )
    ]


def _with(
    activity: ActivityData, findings: Sequence[Finding], **arrays: np.ndarray
) -> ActivityData:
    return replace(activity, findings=(*activity.findings, *findings), **arrays)  # type: ignore[arg-type]
