"""Plants behind industry that no label calls a part of it: the sums of the table say whether it holds them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_range import find_energy_range
from carbonacct.balances.amounts.parts_tree import (
    PLANTS_WITHIN,
    add_up,
    find_flow_tree,
    find_included,
    find_plants_within,
)
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.balances.assemble.generation import is_fuel, rename_flows
from carbonacct.errors import Finding, Gap, name_some
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.amounts.parts_tree import Tree

_TOTAL = "total_consumption"
# What may hold plants, the widest first.
_HOLDERS = (
    *("secondary_industry", "industry", "industry.above_scale"),
    *("industry.utilities", "industry.power_heat_supply"),
)
_BRANCHES = ("industry.power_heat_supply", "industry.utilities")
_NO_USES = ("transformation", "statistical_difference", "primary_supply")
_INPUT = ".input"
_RELATIVE = 1e-9
_MOST_NAMED = 6


class PlantSums(NamedTuple):
    """Numbers (area, year, fuel) that say whether a row holds plants.

    ``held`` is what the plants take in, ``holder`` the row, ``uses`` what all uses without the
    plants print, ``total`` and ``parts`` total consumption and the parts of the row without plants,
    ``branch`` the part that would hold them: the branch of power and heat, or the utilities.
    """

    held: np.ndarray
    holder: np.ndarray
    uses: np.ndarray
    total: np.ndarray
    parts: np.ndarray
    branch: np.ndarray
    slack: np.ndarray

    def vote(self) -> tuple[int, int]:
        """Return how many numbers say that the row holds its plants, and how many that it does not."""
        there = (self.held > self.slack) & ~np.isnan(self.holder)
        # Branches that add up without the plants say nothing, unless the plants may lie in one of them.
        within = self._is(self.holder - self.parts) & (self.held <= self.branch + self.slack)
        within |= self._is(self.total - self.uses) | self._is(self.holder - self.parts - self.held)
        beside = self._is(self.total - self.uses - self.held)
        beside |= self.held > self.holder + self.slack
        return int((there & within).sum()), int((there & beside).sum())

    def _is(self, gap: np.ndarray) -> np.ndarray:
        return np.asarray(np.abs(gap) <= self.slack)


def tell_plants_of_industry(balance: EnergyBalance, open_plants: Collection[str]) -> EnergyBalance:
    """Return a balance in which plants printed behind industry are a part of it where the sums of the table say so.

    Parameters
    ----------
    balance
        Amounts as read, what plants take in positive.
    open_plants
        Flows of plants of which no label says whether industry holds them.

    Notes
    -----
    Industry holds its plants where total consumption is the sum of the uses without them, or where
    industry is the sum of its branches and them, or of its branches of which that of power and heat
    (or the utilities) is as large as what they take in. It does not where total
    consumption is the sum with them, or where they take in more than industry. Where nothing says
    it, or two sums say two things, they count beside it with an error that gives both readings.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> flows = ["total_consumption", "industry", "coking", "households"]
    >>> table = pd.DataFrame({"flow": flows, "value": [110, 100, 70, 10], "unit": "t"})
    >>> table = table.assign(area="A", year=2019, product="raw_coal")
    >>> "industry.transformation.coking" in tell_plants_of_industry(ca.make_balance(table), {"coking"}).flows
    True
    """
    holder = next((flow for flow in _HOLDERS if flow in balance.flows), "")
    rows = _find_open(balance, open_plants)
    if not (holder and rows):
        return _nest(balance)
    sums = _measure(balance, balance.flows.index(holder), _outermost(balance, rows))
    if not (sums.held > sums.slack).any():
        return _nest(balance)
    within, beside = sums.vote()
    if beside and not within:
        return balance
    if within and not beside:
        return _nest(_put_within(balance, rows, holder))
    return _nest(
        replace(balance, findings=(*balance.findings, _say_open(balance, rows, sums, holder)))
    )


def _find_open(balance: EnergyBalance, open_plants: Collection[str]) -> dict[int, str]:
    """Return the rows of such plants in a table without signs, and the part of industry that each would be."""
    if any(
        flow == "transformation" or vocabulary.is_within(flow, "primary_supply")
        for flow in balance.flows
    ):
        return {}
    fuels = _list_fuels(balance)
    found = {}
    for i, flow in enumerate(balance.flows):
        base = flow.removesuffix(_INPUT)
        inner = PLANTS_WITHIN if base == "transformation" else f"{PLANTS_WITHIN}.{base}"
        if base in open_plants and inner in vocabulary.flows() and inner not in balance.flows:
            if (_taken_in(balance, i)[..., fuels] < 0).any():  # a table with signs
                return {}
            found[i] = inner
    return found


def _taken_in(balance: EnergyBalance, f: int) -> np.ndarray:
    sign = -1.0 if balance.flows[f].endswith(_INPUT) else 1.0
    taken: np.ndarray = sign * np.nan_to_num(balance.amounts.values[:, :, f])
    return taken


def _list_fuels(balance: EnergyBalance) -> list[int]:
    return [p for p, product in enumerate(balance.products) if is_fuel(product)]


def _outermost(balance: EnergyBalance, rows: Collection[int]) -> list[int]:
    """Return the rows that lie in no other of them."""
    below = find_flow_tree(balance).below
    inner = {part for row in rows for part in below(row)}
    return [row for row in rows if row not in inner]


def _measure(balance: EnergyBalance, holder: int, plants: Sequence[int]) -> PlantSums:
    """Return the sums that tell, of the fuels alone."""
    amounts, tree, flows = balance.amounts.values, find_flow_tree(balance), balance.flows
    nothing = np.full(amounts[:, :, 0].shape, np.nan)
    apart = {*plants, *find_included(balance), *find_plants_within(balance)}
    uses = [i for i in tree.roots if i not in apart and _is_use(balance, flows[i])]
    parts = [i for i in _list_parts(tree, holder) if i not in apart]
    total = amounts[:, :, flows.index(_TOTAL)] if _TOTAL in flows else nothing
    held = np.sum([_taken_in(balance, i) for i in plants], axis=0)
    added = add_up(amounts, tree, uses)
    slack = find_rounding(balance) * (len(uses) + len(parts) + 2) + _RELATIVE * np.abs(added)
    has_parts = np.abs(inner := add_up(amounts, tree, parts)) > 0
    branch = next((flow for flow in _BRANCHES if flow in flows), "")
    sums = PlantSums(
        held=held,
        holder=amounts[:, :, holder],
        uses=added,
        total=total,
        parts=np.where(has_parts, inner, np.nan),
        branch=amounts[:, :, flows.index(branch)] if branch else nothing,
        slack=slack,
    )
    fuels = _list_fuels(balance)
    return PlantSums(*(array[..., fuels] for array in sums))


def _list_parts(tree: Tree, row: int) -> list[int]:
    """Return the rows that a row is made of, subtotals for their members."""
    groups = [i for i in tree.inside.get(row, ()) if i not in tree.wholes]
    members = {i for group in groups for i in tree.below(group)}
    return [i for i in (*groups, *tree.parts.get(row, ())) if i not in members]


def _is_use(balance: EnergyBalance, flow: str) -> bool:
    return flow != _TOTAL and not any(balance.is_part(flow, one) for one in _NO_USES)


def _put_within(balance: EnergyBalance, rows: dict[int, str], holder: str) -> EnergyBalance:
    """Return a balance in which plants are parts of industry, as uses."""
    names = {balance.flows[i]: inner for i, inner in rows.items()}
    finding = Finding(
        "plants-within",
        "info",
        say(
            "{plants} stand behind {industry} without a mark, and the sums of the table hold if it"
            " holds them: they count as a part of it",
            plants=name_some([*names], _MOST_NAMED),
            industry=holder,
        ),
        _locate_first(balance, min(rows)),
    )
    found = _rename(balance, names, finding)
    standard = balance.standard
    return replace(found, standard=standard and _rename(standard, names, finding))


def _rename(balance: EnergyBalance, names: dict[str, str], finding: Finding) -> EnergyBalance:
    amounts = balance.amounts.copy(deep=True)
    inputs = [i for i, flow in enumerate(balance.flows) if flow in names and flow.endswith(_INPUT)]
    amounts.values[:, :, inputs] *= -1.0  # a use is positive
    labels = [names.get(flow, flow) for flow in balance.flows]
    return rename_flows(replace(balance, amounts=amounts), labels, finding)


def _locate_first(balance: EnergyBalance, f: int) -> str:
    """Return the cell of the first number of a row."""
    cells = np.argwhere(~np.isnan(balance.amounts.values[:, :, f]))
    a, y, p = cells[0].tolist() if len(cells) else (0, 0, 0)
    return balance.locate(a, y, f, p)


def _say_open(
    balance: EnergyBalance, rows: dict[int, str], sums: PlantSums, holder: str
) -> Finding:
    """Return the error of plants that may be a part of industry or stand beside it, with both readings."""
    fuels = _list_fuels(balance)
    open_ = np.argwhere(sums.held > sums.slack)
    # Tonnes, cubic metres and kilowatt hours compare by their energy.
    content = np.nan_to_num(np.sqrt(np.prod(find_energy_range(balance), axis=0)))[fuels]
    energy = sums.held * content
    a, y, n = max(open_.tolist(), key=lambda at: float(energy[tuple(at)]))
    p, f = fuels[n], min(rows)
    names = [balance.flows[i] for i in rows]
    return Finding(
        "plants-open",
        "error",
        say(
            "{plants} stand behind {industry}, and nothing says whether it holds them: if it does,"
            " {less:,.0f} {unit} of {product} are used, and {more:,.0f} if not; they count beside it",
            plants=name_some(names, _MOST_NAMED),
            industry=holder,
            less=float(sums.uses[a, y, n]),
            more=float(sums.uses[a, y, n] + sums.held[a, y, n]),
            unit=balance.units[p],
            product=balance.products[p],
        ),
        balance.locate(a, y, f, p),
        say(
            "put 其中 before the plants if it holds them, or give each its id in a mapping file:"
            " {flow} beside it, {inner} within it",
            flow=names[0],
            inner=rows[f],
        ),
        tuple(
            Gap(
                balance.areas[a],
                balance.years[y],
                names[0],
                balance.products[fuels[n]],
                float(sums.held[a, y, n]),
            )
            for a, y, n in open_.tolist()
        ),
    )


def _nest(balance: EnergyBalance) -> EnergyBalance:
    """Return a balance in which plants within industry are parts of the branch that holds them.

    So they are where the branches alone add up to industry. It is the branch of power and heat, or
    the utilities; else the one branch that is large enough.
    """
    plants, flows = find_plants_within(balance), balance.flows
    if not plants or "industry" not in flows:
        return balance
    outer = [i for i in _outermost(balance, plants) if not _has_branch(balance, flows[i])]
    if not outer:
        return balance
    industry, tree = flows.index("industry"), find_flow_tree(balance)
    sums = _measure(balance, industry, outer)
    there = (sums.held > sums.slack) & ~np.isnan(sums.holder)
    gap = sums.holder - sums.parts
    alone = there & (np.abs(gap) <= sums.slack)
    together = there & (np.abs(gap - sums.held) <= sums.slack)
    if alone.sum() <= together.sum():
        return balance
    fuels = _list_fuels(balance)
    amounts = np.nan_to_num(balance.amounts.values[..., fuels])
    able = [
        i
        for i in (*tree.parts.get(industry, ()), *tree.inside.get(industry, ()))
        if i not in plants and (amounts[:, :, i] + sums.slack >= sums.held)[there].all()
    ]
    # A subtotal is no parent: what lies in the utilities lies in their branch of power and heat.
    if {flows[i] for i in able} & {*_BRANCHES}:
        branch = _BRANCHES[0]
    elif len(able) == 1 and able[0] not in tree.groups:
        branch = flows[able[0]]
    else:
        return balance
    return replace(balance, parents={**balance.parents, **{flows[i]: branch for i in outer}})


def _has_branch(balance: EnergyBalance, flow: str) -> bool:
    """Return whether the print makes plants a part of a branch."""
    above = balance.parents.get(flow, PLANTS_WITHIN)
    return not vocabulary.is_within(above, PLANTS_WITHIN)
