"""A larger area's balance x the share of each of its cities, row by row (case beta)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.origins import CellOrigin
from carbonacct.balances.amounts.parts_tree import find_flow_tree
from carbonacct.cities.declared import list_candidates, product_classes
from carbonacct.cities.indicators import area_name
from carbonacct.cities.shares import Shares, check_shares, find_shares
from carbonacct.errors import Finding, name_some
from carbonacct.records.area_names import area_id
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances import EnergyBalance
    from carbonacct.balances.amounts.parts_tree import Tree
    from carbonacct.cities.indicators import Indicators

BLOCKS = ("transformation", "losses", "final_consumption")
_NOTHING = 1e-9  # of what the parts of a row add to: the row has nothing of its own


@dataclass(frozen=True)
class Allocated:
    """Rows of a balance, allocated to areas.

    Attributes
    ----------
    flows
        The rows that are allocated, in the order of the balance.
    amounts
        area x year x flow x product, in the units of the balance; NaN where there is no number.
    origin
        Likewise, index into ``records``, or -1. A cell with a record and no number is not
        estimated.
    """

    flows: tuple[str, ...]
    amounts: np.ndarray
    origin: np.ndarray
    records: tuple[CellOrigin, ...]
    findings: tuple[Finding, ...]


def allocate(
    balance: EnergyBalance,
    found: Indicators,
    areas: Sequence[str],
    years: Sequence[int],
    *,
    index: str = "",
) -> Allocated:
    """Return the rows of a balance x the share of each area.

    Parameters
    ----------
    balance
        Of the larger area: one area; its years are those that are wanted.
    found
        Indicators of it and of the areas.
    areas, years
        Ids of the areas, and the years.
    index
        One indicator for all rows but those that are closed to it.

    Notes
    -----
    E_city[r, i] = E_prov[r, i] x X_city[r] / X_prov[r] for each row r without printed parts. A row
    with parts is the sum of its parts, and what it has beyond them x its own share. What is used,
    lost and transformed is allocated; what is produced, stored, brought in or sent out is not.
    """
    reference = area_id(balance.areas[0])
    tree = find_flow_tree(balance)
    rows = _list_rows(balance, tree)
    source = balance.amounts.values[0][[balance.years.index(year) for year in years]]
    classes = [p if p in product_classes() else "" for p in balance.products]
    shape = (len(areas), len(years), len(balance.flows), len(balance.products))
    made, origin = np.full(shape, np.nan), np.full(shape, -1, np.int32)
    work = _Work(found, reference, areas, years, index=index)
    for f in (one for one in tree.order if one in rows):
        parts = [part for part in tree.parts.get(f, ()) if part in rows]
        has = ~np.isnan(source[:, f])
        held = has.any(axis=0)
        # A part without a number takes nothing of its row, which may still have it in what is beyond.
        beyond = source[:, f] - np.nansum(source[:, parts], axis=1)
        scale = np.nansum(np.abs(source[:, parts]), axis=1)
        beyond[np.abs(beyond) <= _NOTHING * scale] = 0
        printed = ~np.isnan(source[:, parts])[None]
        city_parts = np.where(printed, made[:, :, parts], 0).sum(axis=2)
        for name in dict.fromkeys(np.array(classes)[held].tolist()):
            columns = np.flatnonzero(held & (np.array(classes) == name))
            own = beyond[:, columns][None]
            shares = work.find(balance.flows[f], name)
            # A row that its parts fill needs no share of its own: one that is not known is no matter.
            added = np.where(own != 0, shares.value[:, :, None] * own, 0)
            total = np.where(has[:, columns][None], city_parts[:, :, columns] + added, np.nan)
            # Parts and what is beyond them have shares of their own, so that a sum can turn its sign.
            wrong = total * np.sign(source[:, f, columns])[None] < 0
            made[:, :, f, columns] = np.where(wrong, np.nan, total) + 0.0  # no minus zero
            where = _row_address(balance, f)
            codes = work.record(shares, where, is_sum=bool(parts))
            origin[:, :, f, columns] = np.where(
                np.isnan(made[:, :, f, columns]), -1, codes[:, :, None]
            )
            lacking = np.isnan(made[:, :, f, columns]) & has[:, columns][None]
            if lacking.any() and not parts:  # absent, with its reason
                number = work.note_lost(balance.flows[f], name, lacking.any(axis=2))
                held_codes = origin[:, :, f, columns]
                origin[:, :, f, columns] = np.where(lacking, number, held_codes)
        if parts:  # a sum that lacks a part in one column would be blank beside its parts
            short = (np.isnan(made[:, :, f]) & has[None]).any(axis=2)
            made[:, :, f][short], origin[:, :, f][short] = np.nan, -1
    keep = sorted(rows)
    findings = (*work.findings(), *work.check_sums(reference))
    return Allocated(
        flows=tuple(balance.flows[f] for f in keep),
        amounts=made[:, :, keep],
        origin=origin[:, :, keep],
        records=tuple(work.records),
        findings=findings,
    )


def _list_rows(balance: EnergyBalance, tree: Tree) -> frozenset[int]:
    """Return the rows of use, loss and transformation but subtotals of others that are there."""
    found = set()
    for f, flow in enumerate(balance.flows):
        if not any(balance.is_part(flow, block) for block in BLOCKS):
            continue
        if f in tree.groups and (tree.parts.get(f) or f in tree.wholes):
            continue
        found.add(f)
    return frozenset(found)


def _row_address(balance: EnergyBalance, flow: int) -> str:
    """Return where a row of the larger area begins, with its name."""
    first = next(
        (p for p in range(len(balance.products)) if balance.place.values[0, 0, flow, p] >= 0), None
    )
    where = balance.address_at(0, 0, flow, first) if first is not None else ""
    return f"{balance.areas[0]} {where}".strip()


class _Work:
    """What is looked up again and again: shares of a row, and the records of its cells."""

    def __init__(
        self,
        found: Indicators,
        reference: str,
        areas: Sequence[str],
        years: Sequence[int],
        *,
        index: str,
    ) -> None:
        self.found, self.reference, self.index = found, reference, index
        self.areas, self.years = list(areas), list(years)
        self.records: list[CellOrigin] = []
        self.shares: dict[tuple[str, str], Shares] = {}
        self.lost: dict[tuple[str, str], np.ndarray] = {}

    def find(self, flow: str, product: str) -> Shares:
        key = (flow, product)
        if key not in self.shares:
            self.shares[key] = find_shares(
                self.found,
                self.reference,
                self.areas,
                self.years,
                flow=flow,
                product=product,
                index=self.index,
            )
        return self.shares[key]

    def record(self, shares: Shares, where: str, *, is_sum: bool) -> np.ndarray:
        """Return the number of the record of each area and year."""
        shape = shares.chosen.shape
        if is_sum:
            source = say("sum of the parts of the row, and its own share of {where}", where=where)
            self.records.append(CellOrigin("derived", "beta", source=source))
            return np.full(shape, len(self.records) - 1, np.int32)
        codes = np.full(shares.chosen.size, -1, np.int32)
        numbers = (shares.chosen, shares.part, shares.whole, shares.value, shares.low, shares.high)
        rows = zip(*(array.ravel().tolist() for array in numbers), strict=True)
        for n, (k, part, whole, share, low, high) in enumerate(rows):
            if k < 0:
                continue
            codes[n] = len(self.records)
            origin = CellOrigin(
                how="allocated",
                case="beta",
                index=shares.keys[k][1],
                index_city=part,
                index_reference=whole,
                index_unit=shares.units[k],
                share=share,
                share_low=low,
                share_high=high,
                source=say("{where}; {flat}", where=where, flat=shares.cells[k].flat[n]),
            )
            self.records.append(origin)
        return codes.reshape(shape)

    def note_lost(self, flow: str, product: str, lost: np.ndarray) -> int:
        """Note that no index reaches a row, and return the number of the record that says so."""
        self.lost[flow, product] = lost
        source = say("not estimated: no index; {advise}", advise=_advise(flow, product))
        self.records.append(CellOrigin("allocated", "beta", source=source))
        return len(self.records) - 1

    def findings(self) -> list[Finding]:
        """Return what was refused, and rows that no index reaches."""
        notes = [note for shares in self.shares.values() for note in shares.findings]
        by_flow: dict[str, list[str]] = {}
        for flow, product in self.lost:
            by_flow.setdefault(flow, []).append(product)
        alike: dict[tuple[str, str, str], list[str]] = {}
        for flow, products in by_flow.items():
            lost = self.lost[flow, products[0]]
            a, y = map(int, np.argwhere(lost)[0])
            where: str = f"{area_name(self.areas[a])} {self.years[y]}"
            if lost.sum() > 1:
                where = say("{where} and {more} more", where=where, more=lost.sum() - 1)
            what: str = join_texts(" and ", (product or say("fuels") for product in products))
            alike.setdefault((what, where, _advise(flow, products[0])), []).append(flow)
        for (what, where, advice), flows in alike.items():
            rows = name_some(flows, 4)
            message = say(
                "no index allocates {what} of {rows} to {where}: not estimated",
                what=what,
                rows=rows,
                where=where,
            )
            notes.append(Finding("city-not-allocated", "warning", message, "", advice))
        return list(dict.fromkeys(notes))

    def check_sums(self, reference: str) -> list[Finding]:
        """Report where the shares of several areas do not add to 1."""
        if len(self.areas) < 2:
            return []
        below = [one.id for one in vocabulary.areas().values() if one.parent == reference]
        share_sums: dict[tuple[str, ...], tuple[Shares, str]] = {}
        for (flow, _), shares in self.shares.items():
            names = tuple(shares.keys[k][1] for k in dict.fromkeys(shares.chosen.flat) if k >= 0)
            if names:
                share_sums.setdefault(names, (shares, flow))
        return [
            note
            for names, (shares, flow) in share_sums.items()
            for note in check_shares(
                shares.value,
                self.areas,
                self.years,
                say("{flow} by {names}", flow=flow, names=join_texts(", ", names)),
                expected=below,
            )
        ]


def _advise(flow: str, product: str) -> str:
    names = [one.indicator for one in list_candidates(flow, product) if one.indicator]
    if not names:
        return say("give what the city prints of it; plants are not allocated by anything else")
    return say("give {names} of both areas", names=join_texts(" or ", names[:3]))
