"""Findings on the factor rows that cells use: corrected, unverified, standing for others, of another year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.errors import Finding, name_some
from carbonacct.factors import edition_ids
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import FactorRow, Method
    from carbonacct.sectors.energy.activity import ActivityData
    from carbonacct.sectors.energy.chain import CellFactors, Chain

_MOST_NAMED = 10
_USED_ELSEWHERE = frozenset(
    {"stored_carbon_fraction", "residual_grid_emission_factor"}
)  # by the reference approach, and by contracts


def used_rows(
    chains: Sequence[Chain], chain: np.ndarray, needed: np.ndarray
) -> list[tuple[FactorRow, int]]:
    """Return the rows that the needed cells use (gas last), each with the number of cells."""
    counts: dict[FactorRow, int] = {}
    for number, one in enumerate(chains):
        cells = (needed & (chain == number)).any(axis=-1)
        for selection in one.selections:
            index, times = np.unique(
                selection.row[cells & (selection.row >= 0)], return_counts=True
            )
            for i, count in zip(index, times, strict=True):
                row = selection.rows[int(i)]
                counts[row] = counts.get(row, 0) + int(count)
    return list(counts.items())


def note_errata(
    balance: EnergyBalance,
    method: Method,
    factors: CellFactors,
    activity: ActivityData,
    *,
    needed: np.ndarray,
    gas: str,
) -> list[Finding]:
    """Report where a corrected number was used, what the document prints, and what that would have given."""
    findings = []
    printed = {(source.id, row.keys): row for source in method.sources for row in source.corrected}
    for number, chain in enumerate(factors.chains):
        for selection in chain.selections:
            for i, row in enumerate(selection.rows):
                if row.status != "erratum":
                    continue
                cells = needed & ((factors.held_chain == number) & (selection.held_row == i))
                if not cells.any():
                    continue
                other = printed[row.edition, row.keys]
                unit = str(
                    balance.amounts["unit"].values[int(np.flatnonzero(cells)[0]) % cells.shape[3]]
                )
                seen = say(
                    "; the document prints {value:g} {unit}", value=other.value, unit=other.unit
                )
                if other.unit.endswith(f"/{unit}"):
                    burnt = activity.burnt()
                    given = float((burnt[cells] * factors.factor[cells]).sum())
                    seen += say(
                        ", which would give {other_co2:,.0f} t {gas} instead of {given:,.0f}",
                        other_co2=float(burnt[cells].sum()) * other.value,
                        gas=gas,
                        given=given,
                    )
                message = say(
                    "{parameter} of {item} is used as {value:g} {unit}{seen}",
                    parameter=row.parameter,
                    item=row.item,
                    value=row.value,
                    unit=row.unit,
                    seen=seen,
                )
                findings.append(Finding("erratum", "warning", message, row.place, row.note))
    return findings


def note_overlay(
    method: Method, chains: Sequence[Chain], chain: np.ndarray, needed: np.ndarray
) -> list[Finding]:
    """Report which rows of the user's own overlay no cell uses: a word or a unit of theirs may be off."""
    own = [
        row
        for source in method.sources
        if source.id not in edition_ids()
        for row in source.rows
        if row.parameter not in _USED_ELSEWHERE and not row.origin
    ]
    used = {row for row, _ in used_rows(chains, chain, needed)} if own else set()
    idle = [row for row in own if row not in used]
    if not idle:
        return []
    listed = name_some([row.place for row in idle], 5)
    return [
        Finding(
            "overlay-unused",
            "warning",
            say(
                "{idle_count} rows of the overlay are used by no cell: {listed}",
                idle_count=len(idle),
                listed=listed,
            ),
            idle[0].place,
            say("check product, flow, years and unit, and that the method has the parameter"),
        )
    ]


def _taken_from(chains: Sequence[Chain], used: tuple[np.ndarray, np.ndarray], p: int) -> set[str]:
    """Return the products whose rows the cells of one product that need a factor, each or by flow, take."""
    needed, anywhere = used
    found = set()
    for selection in (selection for chain in chains for selection in chain.selections):
        row = selection.held_row[..., p]
        same = tuple(axis for axis in (0, 1) if row.shape[axis] == 1)
        cells = anywhere[..., p] if len(same) > 1 else needed[..., p].any(axis=same, keepdims=True)
        found |= {selection.rows[i].product for i in np.unique(row[cells]) if i >= 0}
    return found


def note_choices(
    balance: EnergyBalance,
    method: Method,
    chains: Sequence[Chain],
    used: tuple[np.ndarray, np.ndarray],
) -> list[Finding]:
    """Report which fuels stand for others, and which rows are unverified or corrected."""
    findings = []
    rows = dict.fromkeys(
        row for chain in chains for selection in chain.selections for row in selection.rows
    )
    for product in sorted(set(balance.products) & set(method.substitutes)):
        substitute = method.substitutes[product]
        if _taken_from(chains, used, balance.products.index(product)) - {"", product}:
            findings.append(
                Finding(
                    "substitute",
                    "info",
                    say(
                        "{product} takes factors of {use} where {id} lists none of its own: "
                        "{reason}",
                        product=product,
                        use=substitute.use,
                        id=method.id,
                        reason=substitute.reason,
                    ),
                )
            )
    findings += [
        Finding(
            "unverified-factor",
            "warning",
            say(
                "{parameter} of {item}, {value:g} {unit}, could not be checked",
                parameter=row.parameter,
                item=row.item or row.product,
                value=row.value,
                unit=row.unit,
            ),
            row.place,
        )
        for row in rows
        if row.status == "unverified"
    ]
    return [*findings, *_note_carried(balance, chains, used[0])]


def _note_carried(
    balance: EnergyBalance, chains: Sequence[Chain], needed: np.ndarray
) -> list[Finding]:
    """Report which rows of a series serve years that have none of their own."""
    carried: dict[tuple[str, str, str], dict[str, FactorRow]] = {}
    for selection in (selection for chain in chains for selection in chain.selections):
        index = selection.held_row
        for i, row in enumerate(selection.rows):
            if not row.carried:
                continue
            years = (needed & (index == i)).any(axis=(0, 2, 3))
            others = [
                str(year)
                for year, there in zip(balance.years, years, strict=True)
                if there and row.years_from(year)
            ]
            if others:
                carried.setdefault((row.edition, row.parameter, ", ".join(others)), {}).setdefault(
                    row.product, row
                )
    return [
        Finding(
            "other-edition",
            "info",
            say(
                "{parameter} of {rows} in {years} is that of {edition}: no tables of the "
                "year give one",
                parameter=parameter,
                rows=name_some(list(rows), _MOST_NAMED),
                years=years,
                edition=edition,
            ),
            next(iter(rows.values())).place,
            say("lay an overlay with those of the year over the method (--overlay)"),
        )
        for (edition, parameter, years), rows in carried.items()
    ]
