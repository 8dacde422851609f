"""The identities that a table must keep: rows against sub-rows, products against totals, and the blocks of the balance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from carbonacct.errors import Severity
    from carbonacct.tables.balance import EnergyBalance


@dataclass(frozen=True)
class Identity:
    """total = sum of signed terms, each a (flow, product) place of the table."""

    rule: str
    severity: Severity
    total: tuple[int, int]
    terms: tuple[tuple[int, int, int], ...]
    action: str = ""


def list_identities(balance: EnergyBalance) -> list[Identity]:
    """Return the identities whose total and terms a table prints."""
    return [*_sums_of_parts(balance), *_sums_of_products(balance), *_sums_of_blocks(balance)]


def _sums_of_parts(balance: EnergyBalance) -> Iterable[Identity]:
    flows = balance.flows
    known = vocabulary.flows()
    above = {flow: _printed_parent(flow, flows, lambda name: balance.parents.get(name) or known[name].parent)
             for flow in flows if known[flow].part == "sum" or _is_part_alone(flow, flows)}  # fmt: skip
    for f, flow in enumerate(flows):
        members = known[flow].members if known[flow].part == "group" else [other for other, parent in above.items() if parent == flow]
        parts = [flows.index(member) for member in members if member in flows]
        if not parts:
            continue
        stock = flow == "primary_supply" and "opening_stock" not in flows
        action = "the stock at the start of the year may not be printed" if stock else ""
        for p in range(len(balance.products)):
            yield Identity(
                "sum-of-parts", "warning" if stock else "error", (f, p), tuple((1, i, p) for i in parts), action
            )


def _is_part_alone(flow: str, printed: Sequence[str]) -> bool:
    """Return whether a group stands for parts of its parent that the table does not print."""
    known = vocabulary.flows()
    group = known[flow]
    return group.part == "group" and group.members != () and all(known[member].parent == group.parent and member not in printed for member in group.members)


def _sums_of_products(balance: EnergyBalance) -> Iterable[Identity]:
    products = balance.products
    known = vocabulary.products()
    for p, product in enumerate(products):
        parts = list_printed_parts(product, products)
        if not parts or known[product].group != "total":
            continue
        if len({str(balance.amounts["unit"].values[i]) for i in (p, *parts)}) > 1:
            continue  # tonnes beside coal equivalent: `_test_units` says so
        for f, flow in enumerate(balance.flows):
            if not balance.is_part(flow, "total_consumption"):
                yield Identity("sum-of-products", "error", (f, p), tuple((1, f, i) for i in parts))


def list_printed_parts(product: str, products: Sequence[str]) -> list[int]:
    """Return the places of the products that a total is the sum of, among those that the table prints."""
    known = vocabulary.products()
    return [i for i, other in enumerate(products) if _printed_parent(other, products, lambda name: known[name].parent) == product]


def _printed_parent(name: str, printed: Sequence[str], parent_of: Callable[[str], str]) -> str:
    """Return the nearest flow or product of which it is a part that the table prints."""
    parent = parent_of(name)
    while parent and parent not in printed:
        parent = parent_of(parent)
    return parent


def _sums_of_blocks(balance: EnergyBalance) -> Iterable[Identity]:
    flows = balance.flows
    for rule, total, terms in _balance_identities():
        if total not in flows or any(flow not in flows for _, flow in terms):
            continue
        for p in range(len(balance.products)):
            yield Identity(
                rule, "error", (flows.index(total), p), tuple((sign, flows.index(flow), p) for sign, flow in terms)
            )


@cache
def _balance_identities() -> tuple[tuple[str, str, tuple[tuple[int, str], ...]], ...]:
    """Return the identities between whole blocks, as the data tables declare them."""
    rows = read_rows(data_folder() / "vocabulary" / "identities.csv")
    return tuple(
        (row["id"], row["total"], tuple((-1 if term[0] == "-" else 1, term[1:]) for term in row["terms"].split()))
        for row in rows
    )
