"""Total or sibling: a column that is named like a total is one only if the table bears it out.

煤 beside 煤制品, or Coal beside Lignite, may be the total of the other or a kind that stands beside it.
It is decided once for each product over all rows: the word 合计 or total says it, or the numbers do.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import find_product_tree
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, Gap
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.amounts.parts_tree import Tree
    from carbonacct.balances.join.block import Block

_MOST_EQUAL = 0.5  # of the rows in which both stand
_NEAR = 0.05  # of the sums over all rows
_ALL_ENERGY = ("total_energy_calorific", "total_energy")
_HALF = 0.5  # of a printed unit, at most
_NETTED = "total_consumption"  # its totals are no sums of products


def list_labels(blocks: Iterable[Block]) -> dict[str, str]:
    """Return the label under which tables print each product; of several the first."""
    found: dict[str, str] = {}
    for block in blocks:
        for column in block.form.heads:
            if column.header.product:
                found.setdefault(column.header.product, column.header.text)
        for row, key in zip(block.form.rows.tolist(), block.rows.keys, strict=True):
            if key.product and key.product not in found:
                cells = block.sheet.rows[row]
                texts = [cells[j] for j in block.rows.columns.stubs]
                own = [
                    text
                    for text in texts
                    if isinstance(text, str) and vocabulary.resolve("product", text) == key.product
                ]
                if own:
                    found[key.product] = own[0]
    return found


def decide_wholes(balance: EnergyBalance, labels: Mapping[str, str]) -> EnergyBalance:
    """Return a balance in which products that stand beside others are no totals of them.

    Parameters
    ----------
    balance
        As read.
    labels
        The label under which each product is printed. A product without one is what its id says.

    Notes
    -----
    A label of a whole (合计, total, products) is a total. Else the product is one if at least half of
    the rows that print both are equal within print, or its sum is within 5 % of theirs. Else a
    label of a kind (English coal beside lignite) is no total, nor is a product that is blank or
    smaller where its parts stand. Else a printed total of all energy says it, where it is the sum of
    the other columns with the parts or without. What is left is a total, as the vocabulary has it,
    and a finding says what the choice is worth.
    """
    tree = find_product_tree(balance)
    parents, findings = dict(balance.product_parents), []
    known = vocabulary.products()
    for p in reversed(tree.order):  # the outer first: what stands beside one stands where that does
        if not (parts := tree.parts.get(p, ())):
            continue
        product = balance.products[p]
        label = labels.get(product, "")
        own = [part for part in parts if balance.products[part] not in balance.product_parents]
        units = {balance.units[i] for i in (p, *parts)}
        if not label or not own or len(units) > 1 or _class_of(label) == "whole":
            continue
        verdict = _judge(
            balance.amounts.values[:, :, _list_added(balance)],
            (p, parts),
            find_rounding(balance),
            _class_of(label),
        )
        if verdict == "open":
            verdict = _ask_total(balance, tree, p)
        if verdict == "sibling":
            # Jet kerosene beside kerosene is still a part of the oil that stands beside both.
            above = parents.get(product, known[product].parent)
            parents |= {balance.products[part]: above for part in own}
        elif verdict == "open":
            findings.append(_say_open(balance, p, parts))
    if parents == balance.product_parents and not findings:
        return balance
    return replace(balance, product_parents=parents, findings=(*balance.findings, *findings))


def _list_added(balance: EnergyBalance) -> list[int]:
    """Return the rows whose totals are sums of products."""
    return [f for f, flow in enumerate(balance.flows) if not balance.is_part(flow, _NETTED)]


def _judge(
    amounts: np.ndarray, columns: tuple[int, tuple[int, ...]], rounding: np.ndarray, kind: str
) -> str:
    """Return whether a product is the total of its parts, a sibling, or whether the numbers leave it open."""
    p, parts = columns
    own, others = amounts[..., p], amounts[..., list(parts)]
    there = ~np.isnan(own)
    added = np.nansum(others, axis=-1)
    slack = (
        rounding[p]
        + (~np.isnan(others) * rounding[list(parts)]).sum(axis=-1)
        + 1e-9 * np.abs(added)
    )
    used = added != 0
    both = there & used
    if not used.any():
        return "total"
    equal = both & (np.abs(own - added) <= slack)
    if equal.any() and equal.sum() >= _MOST_EQUAL * both.sum():
        return "total"
    if kind == "kind":
        return "sibling"
    whole = np.abs(own[both]).sum()
    if abs(whole - np.abs(added[both]).sum()) <= _NEAR * whole:
        return "total"
    if (used & ~there).any() or (both & (np.abs(own) < np.abs(added) - slack)).any():
        return "sibling"
    return "open"


def _ask_total(balance: EnergyBalance, tree: Tree, p: int) -> str:
    """Return "sibling" or "total" as the printed total of all energy bears out.

    "open" where there is none in the unit of all columns.
    """
    whole = next((t for t, one in enumerate(balance.products) if one in _ALL_ENERGY), None)
    inner = {part for parts in tree.parts.values() for part in parts}
    if whole is None or p in inner or len(set(balance.printed_units)) > 1:
        return "open"
    place = balance.place.values[:, :, _list_added(balance)]
    printed = np.where(place >= 0, np.nan_to_num(balance.places.printed[place]), 0.0)
    outer = [i for i in range(len(balance.products)) if i not in inner and i != whole]
    added = printed[..., outer].sum(axis=-1)
    parts = printed[..., list(tree.parts[p])].sum(axis=-1)
    slack = _HALF * len(balance.products) + 1e-9 * np.abs(added)
    there = np.abs(parts) > slack
    beside = (there & (np.abs(printed[..., whole] - added - parts) <= slack)).sum()
    alone = (there & (np.abs(printed[..., whole] - added) <= slack)).sum()
    return "open" if beside == alone else "sibling" if beside > alone else "total"


def _say_open(balance: EnergyBalance, p: int, parts: tuple[int, ...]) -> Finding:
    """Say that a product is taken as the total of others, and what they hold."""
    held = np.argwhere(np.nan_to_num(balance.amounts.values[..., list(parts)]) != 0).tolist()
    gaps = tuple(
        Gap(
            balance.areas[a],
            balance.years[y],
            balance.flows[f],
            balance.products[parts[k]],
            float(balance.amounts.values[a, y, f, parts[k]]),
        )
        for a, y, f, k in held
    )
    names = join_texts(", ", (balance.products[part] for part in parts))
    a, y, f, k = held[0]
    where = balance.locate(a, y, f, parts[k])
    return Finding(
        rule="total-or-sibling",
        severity="warning",
        message=say(
            "{product} is taken as the total of {names}; if it stands beside them, "
            "these count as well",
            product=balance.products[p],
            names=names,
        ),
        where=where,
        action=say(
            "say it in the header (合计, total), or give the column the id of a kind in a "
            "mapping file"
        ),
        gaps=gaps,
    )


@lru_cache(maxsize=4096)
def _class_of(label: str) -> str:
    """Return "whole", "kind" or "" for a label of a product."""
    folded = vocabulary.fold_case(label)
    return next((row["class"] for row in _classes() if re.search(row["pattern"], folded)), "")


@cache
def _classes() -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / "label_classes.csv")
