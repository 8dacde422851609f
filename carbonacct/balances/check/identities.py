"""The identities that a table must keep: rows against sub-rows, products against totals, blocks of the balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import (
    PLANTS_WITHIN,
    adds_up,
    find_flow_tree,
    find_plants_within,
    find_product_tree,
    find_wholes,
)
from carbonacct.data import data_folder, read_rows
from carbonacct.texts import say
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.amounts.parts_tree import Tree
    from carbonacct.errors import Severity

Term = tuple[float, int, int]  # sign (or how much a unit counts), flow, product
_GAS_OF_LNG = 1380.0  # m3/t: what the consumption of gas leaves out for LNG in the balance of 2019


@dataclass(frozen=True)
class TableIdentity:
    """total = sum of signed terms, each a (flow, product) place of the table.

    Attributes
    ----------
    inputs
        Places that count by what goes in: a negative number adds to the total, a positive one
        nothing.
    action
        A cause that is known beforehand, such as a row that these tables do not print.
    alternative
        Whether it is another form of the identity before it: where it holds, that one is not
        tested.
    """

    rule: str
    severity: Severity
    total: tuple[int, int]
    terms: tuple[Term, ...]
    inputs: tuple[tuple[int, int], ...] = ()
    action: str = ""
    alternative: bool = False

    @property
    def soft(self) -> bool:
        """Whether it is known to fail in print: where it holds it confirms, where it fails it proves nothing."""
        return bool(self.action) or self.rule == "total-consumption"


def list_identities(balance: EnergyBalance) -> list[TableIdentity]:
    """Return the identities whose total and terms a table prints."""
    return [
        *_sums_of_parts(balance),
        *_sums_of_products(balance),
        *_sums_of_blocks(balance),
        *_sums_of_consumption(balance),
    ]


@dataclass(frozen=True)
class System:
    """All identities of a table as one sparse matrix over its cells, each identity its total minus its terms.

    Attributes
    ----------
    identities
        In the order of the rows of the matrix.
    total
        The cell (flow x product, flat) of each total.
    cell, coefficient, inward
        Of each entry: its cell, its sign, and whether it counts by what goes in alone.
    starts
        The first entry of each identity, which is its total.
    soft, by_rows, consumption, alternative
        Which identities are soft, sums of rows, of total consumption, and other forms of the one
        before.
    """

    identities: tuple[TableIdentity, ...]
    total: np.ndarray
    cell: np.ndarray
    coefficient: np.ndarray
    inward: np.ndarray
    starts: np.ndarray
    soft: np.ndarray
    by_rows: np.ndarray
    consumption: np.ndarray
    alternative: np.ndarray

    @cached_property
    def owner(self) -> np.ndarray:
        """The identity of each entry."""
        lengths = np.diff([*self.starts, len(self.cell)])
        return np.repeat(np.arange(len(self.starts)), lengths)

    @cached_property
    def _parts(self) -> dict[bytes, Part]:
        return {}

    def restrict(self, cells: np.ndarray) -> Part:
        """Return the identities in which some cells stand, with the other forms of each.

        Kept, as a line is asked for again and again.
        """
        key = cells.tobytes()
        if key not in self._parts:
            self._parts[key] = self._restrict(cells)
        return self._parts[key]

    def _restrict(self, cells: np.ndarray) -> Part:
        is_changed = np.zeros(1 + max(int(self.cell.max()), int(cells.max(initial=0))), bool)
        is_changed[cells] = True
        chosen = np.zeros(len(self.starts), bool)
        chosen[self.owner[is_changed[self.cell]]] = True
        other = np.flatnonzero(self.alternative)  # each goes with the form before it
        while (apart := chosen[other] != chosen[other - 1]).any():
            chosen[other[apart]] = chosen[other[apart] - 1] = True
        identities = np.flatnonzero(chosen)
        entries = chosen[self.owner]
        held, cell = np.unique(self.cell[entries], return_inverse=True)
        lengths = np.bincount(self.owner[entries], minlength=len(chosen))[identities]
        starts = np.cumsum(lengths) - lengths
        system = System(
            tuple([self.identities[i] for i in identities.tolist()]),
            total=cell[starts],
            cell=cell,
            coefficient=self.coefficient[entries],
            inward=self.inward[entries],
            starts=starts,
            soft=self.soft[identities],
            by_rows=self.by_rows[identities],
            consumption=self.consumption[identities],
            alternative=self.alternative[identities],
        )
        return Part(system, identities, held)


class Part(NamedTuple):
    """Some identities of a table as a system of their cells, with the numbers of both in the table's own."""

    system: System
    identities: np.ndarray
    cells: np.ndarray


@dataclass(frozen=True)
class Measured:
    """What identities give (tables, identities): total minus terms, what rounding explains, whether it is tested."""

    difference: np.ndarray
    tolerance: np.ndarray
    tested: np.ndarray

    @cached_property
    def fails(self) -> np.ndarray:
        """Whether an identity does not hold beyond the rounding of the print."""
        fails: np.ndarray = self.tested & (np.abs(self.difference) > self.tolerance)
        return fails


def make_system(balance: EnergyBalance) -> System | None:
    """Return the identities of a table as a system, or None if it prints none."""
    identities = list_identities(balance)
    if not identities:
        return None
    width = len(balance.products)
    entries: list[tuple[int, float, bool]] = []
    starts = []
    for identity in identities:
        starts.append(len(entries))
        f, p = identity.total
        entries.append((f * width + p, 1, False))
        entries += [(i * width + j, -sign, False) for sign, i, j in identity.terms]
        entries += [(i * width + j, 1, True) for i, j in identity.inputs]
    cell, coefficient, inward = (np.array(part) for part in zip(*entries, strict=True))
    return System(
        tuple(identities),
        total=cell[starts],
        cell=cell,
        coefficient=coefficient.astype(float),
        inward=inward,
        starts=np.array(starts),
        soft=np.array([identity.soft for identity in identities]),
        by_rows=np.array([identity.rule == "sum-of-parts" for identity in identities]),
        consumption=np.array([identity.rule == "total-consumption" for identity in identities]),
        alternative=np.array([identity.alternative for identity in identities]),
    )


def measure(
    system: System, numbers: np.ndarray, absent: np.ndarray, rounding: np.ndarray
) -> Measured:
    """Measure all identities of many tables at once.

    Parameters
    ----------
    system
        The identities.
    numbers, absent
        (tables, cells): the amounts, NaN where there is none, and which cells a table does not
        print at all.
    rounding
        (cells): half a unit of the last printed decimal.

    Notes
    -----
    A blank counts as nothing. A sum of rows is tested where any row has a number and the table
    prints its total; the others only where the table prints each term; total consumption wherever
    it has a number itself. What rounding explains is half a unit of each number that stands in the
    identity.
    """
    # A row for each cell: tables stand side by side, so that each step goes through all of them.
    there = np.ascontiguousarray(~np.isnan(numbers).T)
    number = np.where(there, numbers.T, 0.0)
    entry, here = number[system.cell], there[system.cell]
    # What a plant puts out is no input: of its cells only what goes in counts.
    inward = np.flatnonzero(system.inward)
    here[inward] &= entry[inward] < 0
    entry[inward] = np.minimum(entry[inward], 0.0)
    printed = number[system.total]
    entry *= system.coefficient[:, None]
    difference = np.add.reduceat(entry, system.starts)
    weight = rounding[system.cell] * np.abs(system.coefficient)
    here[system.starts] = True
    slack = np.add.reduceat(np.where(here, weight[:, None], 0.0), system.starts)
    here[system.starts] = False
    counted = np.logical_or.reduceat(here, system.starts)
    unprinted = np.ascontiguousarray(absent.T)
    absent_entry = unprinted[system.cell]
    absent_entry[system.starts] = False
    lacking = np.logical_or.reduceat(absent_entry, system.starts)
    tested = (system.by_rows[:, None] | ~lacking) & counted & ~unprinted[system.total]
    tested[system.consumption] = there[system.total[system.consumption]]
    size = np.maximum(np.abs(printed), np.abs(printed - difference))
    tolerance = slack + 1e-9 * size
    # The form that holds is the one the publisher means; the other would fail beside it.
    other = np.flatnonzero(system.alternative)
    tested[other - 1] &= ~(tested[other] & (np.abs(difference[other]) <= tolerance[other]))
    tested[other] = False
    return Measured(difference.T, tolerance.T, tested.T)


def _sums_of_parts(balance: EnergyBalance) -> Iterable[TableIdentity]:
    flows = balance.flows
    known = vocabulary.flows()
    tree = find_flow_tree(balance)
    place, plants = set(flows), find_plants_within(balance)
    above = _find_parents(balance, flows)
    headings = set(np.flatnonzero(np.isnan(balance.amounts.values).all(axis=(0, 1, 3))).tolist())
    for f, flow in enumerate(flows):
        parts: Sequence[int] = (
            tree.parts.get(f, ())
            if known[flow].part == "group"
            else [flows.index(other) for other, parent in above.items() if parent == flow]
        )
        if plants.issuperset(parts) and not _is_within_plants(flow):
            continue  # nothing is printed below it, or what its rest burns is not
        if f in headings or known[flow].parent in known[flow].members:
            continue
        if f in tree.wholes and not place.issuperset(known[flow].members):
            continue  # divided another way, it leaves its rest to others
        parts = _open_headings(tree, parts, headings)
        lacking = flow == "primary_supply" and "opening_stock" not in flows
        for p, product in enumerate(balance.products):
            stock = lacking and not vocabulary.is_electricity_or_heat(
                product
            )  # which nobody can store
            action = say("the stock at the start of the year may not be printed") if stock else ""
            yield TableIdentity(
                "sum-of-parts",
                "warning" if stock else "error",
                (f, p),
                terms := tuple((1, i, p) for i in _take_groups(balance, tree, (f, p), parts)),
                action=action,
            )
            groups = _hold_all(tree, flows, flow)  # branches may be those of 规模以上 alone
            for group in groups:
                yield TableIdentity("sum-of-parts", "error", (group, p), terms, alternative=True)
            branches = tuple(term for term in terms if term[1] not in plants)
            if branches and branches != terms and not groups:  # they may hold the plants themselves
                yield TableIdentity("sum-of-parts", "error", (f, p), branches, alternative=True)
    yield from _sums_of_wholes(balance, tree)


def _open_headings(tree: Tree, parts: Sequence[int], headings: set[int]) -> list[int]:
    """Return the parts of a row; for one that prints no number at all stand its own (Transport over Road, Rail)."""
    taken: list[int] = []
    for part in parts:
        inner = tree.parts.get(part, ()) if part in headings else ()
        taken += _open_headings(tree, inner, headings) if inner else [part]
    return taken


def _find_parents(balance: EnergyBalance, printed: Sequence[str]) -> dict[str, str]:
    """Return the nearest row of some that each printed row is added up to, subtotals apart."""
    known = vocabulary.flows()
    found = {
        flow: _printed_parent(
            flow, printed, lambda name: vocabulary.parent_of(name, balance.parents)
        )
        for flow in balance.flows
        if known[flow].part == "sum" or _is_part_alone(flow, balance.flows)
    }
    # Beside branches plants add up to industry with them; alone they leave what the rest of it burns.
    divided = {parent for flow, parent in found.items() if not _is_within_plants(flow)}
    return {
        flow: parent
        for flow, parent in found.items()
        if not _is_within_plants(flow) or _is_within_plants(parent) or parent in divided
    }


def _is_within_plants(flow: str) -> bool:
    """Return whether a flow is of the plants that a table prints as a part of industry, which burns more."""
    return bool(flow) and vocabulary.is_within(flow, PLANTS_WITHIN)


def _take_groups(
    balance: EnergyBalance, tree: Tree, total: tuple[int, int], parts: Sequence[int]
) -> list[int]:
    """Return the parts of a row, of which a printed subtotal (mining, of industry) stands for its members.

    A table may print some members only: the subtotal alone says what the row holds. Where it is
    blank beside a member it says nothing.
    """
    f, p = total
    there = ~np.isnan(balance.amounts.values[..., p])
    taken = list(parts)
    for group in sorted(tree.groups - {f, *_hold_all(tree, balance.flows, balance.flows[f])}):
        members = set(tree.parts.get(group, ()))
        if f in tree.wholes and not _is_inside(balance.flows[group], balance.flows[f]):
            continue
        beside = there[..., sorted(members)].any(axis=-1) & ~there[..., group]
        if members and members <= set(taken) and not beside.any():
            taken = [group, *(part for part in taken if part not in {group, *members})]
    return taken


def _sums_of_wholes(balance: EnergyBalance, tree: Tree) -> Iterable[TableIdentity]:
    """Light and heavy industry hold what the branches do, whether the table prints industry or not."""
    flows, known = balance.flows, vocabulary.flows()
    by_parent: dict[str, list[int]] = {}
    for whole in (i for i in sorted(tree.wholes) if not known[flows[i]].members):
        by_parent.setdefault(known[flows[whole]].parent, []).append(whole)
    for parent, (first, *others) in by_parent.items():
        above = _find_parents(balance, (*flows, parent))
        branches = [flows.index(flow) for flow, found in above.items() if found == parent]
        for p in range(len(balance.products)) if others else ():
            if parent in flows:
                terms = [(1, whole, p) for whole in (first, *others)]
                yield TableIdentity("sum-of-parts", "error", (flows.index(parent), p), tuple(terms))
                for group in _hold_all(tree, flows, parent):
                    yield TableIdentity(
                        "sum-of-parts", "error", (group, p), tuple(terms), alternative=True
                    )
            elif branches:
                terms = [(-1, whole, p) for whole in others]
                terms += [
                    (1, branch, p) for branch in _take_groups(balance, tree, (first, p), branches)
                ]
                yield TableIdentity("sum-of-parts", "error", (first, p), tuple(terms))


def _hold_all(tree: Tree, flows: Sequence[str], parent: str) -> list[int]:
    """Return the subtotals whose member is the row that they are a part of: any of its parts may be theirs."""
    known = vocabulary.flows()
    return [
        i
        for i in sorted(tree.groups)
        if known[flows[i]].parent == parent and parent in known[flows[i]].members
    ]


def _is_inside(group: str, whole: str) -> bool:
    """Return whether all members of a subtotal lie in another."""
    return all(vocabulary.is_finer(member, whole) for member in vocabulary.flows()[group].members)


def _is_part_alone(flow: str, printed: Sequence[str]) -> bool:
    """Return whether a group stands for parts of its parent that the table does not print."""
    known = vocabulary.flows()
    group = known[flow]
    return (
        group.part == "group"
        and group.members != ()
        and flow not in find_wholes(tuple(printed))
        and all(
            (not known[member].parent or vocabulary.is_within(member, group.parent))
            and not any(adds_up(other, member) for other in printed)
            for member in group.members
        )
    )


def _sums_of_products(balance: EnergyBalance) -> Iterable[TableIdentity]:
    tree, known = find_product_tree(balance), vocabulary.products()
    for p, product in enumerate(balance.products):
        parts = tree.parts.get(p, ())
        if not parts or known[product].group != "total":
            continue
        if len({balance.units[i] for i in (p, *parts)}) > 1:
            continue  # tonnes beside coal equivalent: `_test_units` says so
        named = [balance.products[i] for i in parts]
        if len(parts) == 1 and balance.product_parents.get(named[0]) == product:
            # Oil products | of which: diesel leaves gasoline unsaid.
            continue  # the one part that a mark names is no sum
        for f, flow in enumerate(balance.flows):
            if not balance.is_part(flow, "total_consumption"):
                yield TableIdentity(
                    "sum-of-products", "error", (f, p), tuple((1, f, i) for i in parts)
                )


def _printed_parent(name: str, printed: Sequence[str], parent_of: Callable[[str], str]) -> str:
    """Return the nearest flow or product of which it is a part that the table prints."""
    return next((one for one in climb(parent_of(name), parent_of) if one in printed), "")


def _sums_of_blocks(balance: EnergyBalance) -> Iterable[TableIdentity]:
    flows = balance.flows
    for rule, total, terms in _balance_identities():
        if total not in flows or any(
            not optional and flow not in flows for _, flow, optional in terms
        ):
            continue
        printed = [(sign, flows.index(flow)) for sign, flow, _ in terms if flow in flows]
        for p in range(len(balance.products)):
            yield TableIdentity(
                rule,
                "error",
                (flows.index(total), p),
                tuple((sign, f, p) for sign, f in printed),
            )


@cache
def _balance_identities() -> tuple[tuple[str, str, tuple[tuple[int, str, bool], ...]], ...]:
    """Return the identities between whole blocks, as the data tables declare them.

    A term is its sign, its flow, and whether it counts only where it is printed (``?`` behind it).
    """
    rows = read_rows(data_folder() / "vocabulary" / "identities.csv")
    return tuple(
        (row["id"], row["total"], tuple(map(_read_term, row["terms"].split()))) for row in rows
    )


def _read_term(text: str) -> tuple[int, str, bool]:
    return -1 if text[0] == "-" else 1, text[1:].removesuffix("?"), text.endswith("?")


def _sums_of_consumption(balance: EnergyBalance) -> Iterable[TableIdentity]:
    """Total consumption = final consumption + losses + what goes into transformation.

    Of a total of products what one plant makes of them is theirs again: there transformation counts
    net. Of 54 totals of the tables of 27 provinces of 2007 this holds in 52; the others are faults
    of print. Natural gas is printed both ways: the nation leaves out what gas works put out again
    and what goes on as LNG, provinces do not.
    """
    flows = balance.flows
    needed = ("total_consumption", "final_consumption", "transformation")
    if any(flow not in flows for flow in needed):
        return
    total, final, net = (flows.index(flow) for flow in needed)
    used = [final, *(flows.index(flow) for flow in ("losses",) if flow in flows)]
    inputs = [
        i for i, flow in enumerate(flows) if i != net and balance.is_part(flow, "transformation")
    ]
    for p, product in enumerate(balance.products):
        gross: list[Term] = [(1, i, p) for i in used]
        net_of_output = [*gross, (-1, net, p)]
        identity = TableIdentity(
            "total-consumption",
            "warning",
            (total, p),
            tuple(gross),
            inputs=tuple((i, p) for i in inputs),
        )
        if product == "natural_gas":
            terms = tuple(net_of_output + _lng_of_gas(balance, p))
            yield from (identity, replace(identity, terms=terms, inputs=(), alternative=True))
        elif vocabulary.products()[product].group == "total":
            yield replace(identity, terms=tuple(net_of_output), inputs=())
        else:
            yield identity


def _lng_of_gas(balance: EnergyBalance, gas: int) -> list[Term]:
    """Return the LNG that liquefaction puts out, as natural gas, with its sign."""
    if "lng" not in balance.products or "gas_liquefaction" not in balance.flows:
        return []
    lng = balance.products.index("lng")
    of_lng, of_gas = (balance.units[p] for p in (lng, gas))
    if of_lng != of_gas and (of_lng, of_gas) != ("t", "m3"):
        return []
    each = 1.0 if of_lng == of_gas else _GAS_OF_LNG
    return [(-each, balance.flows.index("gas_liquefaction"), lng)]
