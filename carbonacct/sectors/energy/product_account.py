"""The account of a table: what it prints of each product, and where each tonne of it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.parts_tree import find_flow_tree, find_product_tree
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.balances.check.counting import (
    RELATIVE,
    TOTAL,
    find_alone,
    find_uses,
    has_one_unit,
)
from carbonacct.errors import Finding, Gap
from carbonacct.sectors.energy.activity import find_covered
from carbonacct.sectors.energy.finest_cells import find_finest_cells, find_users_included
from carbonacct.sectors.energy.roles import find_transformed
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.sectors.energy.activity import ActivityData
    from carbonacct.sectors.energy.cube import EnergyInventory

COLUMNS = (
    "area",
    "year",
    "flow",
    "product",
    "unit",
    "printed",
    "counted",
    "deducted",
    "excluded",
    "transformed",
    "not_burnt",
    "difference",
)


def make_account(inventory: EnergyInventory) -> pd.DataFrame:
    """Return what a table prints of each product in each block, and where it went.

    Parameters
    ----------
    inventory
        With its balance (remainders included) and method.

    Returns
    -------
    DataFrame
        ``area, year, flow, product, unit``: a row (or column) that is a part of no other printed
        one. ``printed``: its number, or the sum of its parts where it has none. ``counted``:
        activity data. ``deducted``: feedstock, refuelling abroad, the carbon of gas, and what
        scales parts to their parent. ``excluded``: what the method leaves out. ``transformed``:
        what plants inside a table of consumption take in. ``not_burnt``: flows that do not burn.
        ``difference``: what parts have beyond their printed parent, or lack of it where other sums
        of the table refute it. Amounts in the unit, signed as the table holds them, inputs of
        plants negative.

    Notes
    -----
    printed = counted + deducted + excluded + transformed + not_burnt + difference.

    Examples
    --------
    >>> import carbonacct as ca
    >>> account = make_account(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011"))
    >>> used = account[(account.flow == "final_consumption") & (account["product"] == "coke")]
    >>> used[["printed", "counted", "deducted", "difference"]].round(-2).values.tolist()
    [[3233800.0, 3162300.0, 71500.0, 0.0]]
    """
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    balance = inventory.balance
    leaf = find_finest_cells(balance)
    amounts = np.where(leaf, np.nan_to_num(balance.amounts.values), 0.0)
    parts = _split(inventory, leaf, amounts)
    flows, products = _blocks(balance), _families(balance)
    printed = balance.amounts.values.copy()
    included = list(find_users_included(balance))  # of a row without a number they count themselves
    printed[:, :, included] = np.where(leaf, printed, np.nan)[:, :, included]
    flows |= {f: [f] for f in included if leaf[:, :, f].any()}
    rows = []
    for f, below in flows.items():
        for p, kinds in products.items():
            held = {
                name: part[:, :, below][..., kinds].sum(axis=(2, 3)) for name, part in parts.items()
            }
            whole = sum(held.values(), np.zeros(amounts.shape[:2]))
            there = ~np.isnan(printed[:, :, below][..., kinds]).all(axis=(2, 3))
            own = np.where(np.isnan(printed[:, :, f, p]), whole, printed[:, :, f, p])
            for a, y in np.argwhere(there).tolist():
                rows.append(
                    {
                        "area": balance.areas[a],
                        "year": balance.years[y],
                        "flow": balance.flows[f],
                        "product": balance.products[p],
                        "unit": str(balance.amounts["unit"].values[p]),
                        "printed": own[a, y],
                        **{name: part[a, y] for name, part in held.items()},
                        "difference": own[a, y] - whole[a, y],
                    }
                )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def note_open(
    activity: ActivityData, method: Method, apart: np.ndarray, findings: Iterable[Finding]
) -> Iterator[Finding]:
    """Yield what a block that burns prints beyond what counts of it, where nothing says so yet.

    Parameters
    ----------
    activity, method
        The finest-level cells of a table with its remainders, and which of its rows burn.
    apart
        The area-years (as pairs) in which a parent and its parts differ.
    findings
        Findings that are there already: a difference that one of them names is not reported again.
    """
    if not len(apart):
        return
    balance = activity.balance
    areas_and_years: dict[tuple[str, int], set[tuple[str, str]]] = {}
    for finding in findings:
        for gap in finding.gaps:
            areas_and_years.setdefault((gap.area, gap.year), set()).add((gap.flow, gap.product))
    printed = balance.amounts.values[tuple(apart.T)]
    counts = np.where(activity.leaf[tuple(apart.T)], np.nan_to_num(printed), 0.0)
    halves = ~np.isnan(printed) * find_rounding(balance)
    families, units = _families(balance), balance.units
    aside = {  # in other units than their kinds, which may be all of them: see `list_parts_in_other_units`
        p
        for p, parts in find_product_tree(balance).parts.items()
        if {units[i] for i in parts} - {units[p]}
    }
    for f, below in _blocks(balance).items():
        if all(method.role(balance.flows[i], balance.parents) != "combustion" for i in below):
            continue  # the rows of supply and use as a whole are no sums of what a table prints
        for p, kinds in families.items():
            if p in aside:
                continue
            held, slack = (
                array[:, below][..., kinds].sum(axis=(1, 2)) for array in (counts, halves)
            )
            left = np.nan_to_num(printed[:, f, p] - held)
            flows, products = (
                {names[i] for i in places}
                for names, places in ((balance.flows, below), (balance.products, kinds))
            )
            for n in np.flatnonzero(np.abs(left) > slack + RELATIVE * np.abs(held)).tolist():
                a, y = apart[n].tolist()
                place = (balance.areas[a], balance.years[y])
                if not any(
                    flow in flows and product in products
                    for flow, product in areas_and_years.get(place, ())
                ):
                    yield _say_open(balance, (a, y, f, p), float(left[n]))


def note_beyond_uses(activity: ActivityData, method: Method) -> Iterator[Finding]:
    """Yield what total consumption prints of a product beyond its printed uses, and what these hold beyond it.

    A table of consumption by sector that prints some sectors (其中) leaves the others in its total.
    Of a fuel the total does not say what burns, so that the rest has no place to count. Where
    inputs of plants are printed the identities of the table compare them; in a table without final
    consumption as a row, uses and what plants burn cannot be more than the total: a sector that
    holds its plants would count twice, and what a total holds of a fuel that no plant takes, or where no
    sector is printed at all, has no place either. Uses that hold more than their total are printed twice, or
    are those of another table: they count. What the method counts nowhere is left out as a whole,
    with its reason.
    """
    balance = activity.balance
    alone, beside = find_alone(balance), _find_beside_plants(balance)
    if not (alone | beside).any():
        return
    f, tree = balance.flows.index(TOTAL), find_product_tree(balance)
    printed, rounding = balance.amounts.values, find_rounding(balance)
    uses = np.where(activity.leaf, printed, np.nan)[:, :, find_uses(balance)]
    plants = [i for i, k in enumerate(find_uses(balance)) if _is_plant(balance, k)]
    role_of = [method.role(balance.flows[find_uses(balance)[i]]) for i in plants]
    of_plants = np.asarray((~np.isnan(uses[:, :, plants])).any(axis=2))
    inputs = np.where(uses[:, :, plants] < 0, -uses[:, :, plants], np.nan)
    uses[:, :, plants] = np.nan
    # 其中：发电用煤 in a list of fuels: where plants are all that is printed, the rest is no loss of theirs.
    lone: np.ndarray = beside & np.isnan(uses).all(axis=(2, 3))
    burns = np.array([role == "combustion" for role in role_of], bool)[:, None]
    inputs = np.where(burns | lone[:, :, None, None], inputs, np.nan)
    uses = np.concatenate([uses, inputs], axis=2)
    covered = np.asarray(find_covered(balance, method).any(axis=0))
    networks = [vocabulary.is_electricity_or_heat(product) for product in balance.products]
    for p, product in enumerate(balance.products):
        below = [p, *tree.below(p)]
        wider = [q for q in range(len(balance.products)) if p in tree.below(q)]
        if product.startswith("total_energy") or not (networks[p] or covered[below].any()):
            continue
        held = np.nansum(uses[..., below], axis=(2, 3))
        slack = rounding[p] + (~np.isnan(uses[..., below]) * rounding[below]).sum(axis=(2, 3))
        # Kinds that the total prints too are compared each by itself, and one that only its uses
        # print as a wider product cannot be.
        is_compared = (alone | beside) & np.isnan(printed[:, :, f, below[1:]]).all(axis=2)
        is_compared &= np.isnan(uses[..., wider]).all(axis=(2, 3)) & has_one_unit(balance, below)
        left = np.where(is_compared & ~np.isnan(printed[:, :, f, p]), printed[:, :, f, p] - held, 0)
        # Of electricity and heat what is left is a remainder, and counts; beside plants it may be their loss.
        # What is left beside plants of the fuel may be their loss; of a fuel that they do not take it is none.
        taken = of_plants[..., [*below, *wider]].any(axis=2)
        may_be_loss = beside & ~lone & taken
        size = np.where(may_be_loss | networks[p], -left, np.abs(left))
        for a, y in np.argwhere(size > slack + RELATIVE * held).tolist():
            yield _say_beyond(
                balance, (a, y, f, p), float(left[a, y]), beside_plants=bool(beside[a, y])
            )


def _find_beside_plants(balance: EnergyBalance) -> np.ndarray:
    """Return the area-years with plants beside uses that no identity compares with total consumption."""
    beside = find_alone(balance, beside_plants=True) & ~find_alone(balance)
    is_compared = {"final_consumption", "transformation"} <= set(balance.flows)
    return np.zeros_like(beside) if is_compared else beside


def _is_plant(balance: EnergyBalance, f: int) -> bool:
    return balance.is_part(balance.flows[f], "transformation")


def _say_beyond(
    balance: EnergyBalance, cell: tuple[int, int, int, int], left: float, *, beside_plants: bool
) -> Finding:
    a, y, f, p = cell
    flow, product = balance.flows[f], balance.products[p]
    amount = f"{abs(left):,.0f} {balance.amounts['unit'].values[p]}"
    return Finding(
        rule="beyond-uses" if left > 0 else "above-total",
        severity="error",
        message=(
            say(
                "{amount} of {product} of {flow} stand in none of the uses that the table prints "
                "and do not count",
                amount=amount,
                product=product,
                flow=flow,
            )
            if left > 0
            else say(
                "the uses of {product} hold {amount} more than {flow}; they count",
                product=product,
                amount=amount,
                flow=flow,
            )
        ),
        where=balance.locate(*cell),
        action=(
            say("add the sectors that are not printed, or the area's energy balance")
            if left > 0
            else say(
                "if a sector holds what plants take in, put 其中 before the plants below it, or pass them over"
            )
            if beside_plants
            else say("check the number and its parts")
        ),
        gaps=(Gap(balance.areas[a], balance.years[y], flow, product, abs(left)),),
    )


def _say_open(balance: EnergyBalance, cell: tuple[int, int, int, int], left: float) -> Finding:
    a, y, f, p = cell
    flow, product = balance.flows[f], balance.products[p]
    amount = f"{abs(left):,.0f} {balance.amounts['unit'].values[p]}"
    return Finding(
        rule="not-closed",
        severity="error",
        message=(
            say(
                "{amount} of {product} of {flow} stand in none of its parts and do not count",
                amount=amount,
                product=product,
                flow=flow,
            )
            if left * balance.amounts.values[cell] > 0
            else say(
                "the parts of {product} of {flow} hold {amount} more than it does; they count",
                product=product,
                flow=flow,
                amount=amount,
            )
        ),
        where=balance.locate(*cell),
        action=say("check the number and its parts"),
        gaps=(Gap(balance.areas[a], balance.years[y], flow, product, left),),
    )


def _split(
    inventory: EnergyInventory, leaf: np.ndarray, amounts: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the finest-level amounts by what became of them."""
    balance, method = inventory.balance, inventory.method
    fuel = np.array(
        [not vocabulary.is_electricity_or_heat(product) for product in balance.products]
    )
    burns = np.array([method.role(flow, balance.parents) == "combustion" for flow in balance.flows])
    plants = np.array([balance.is_part(flow, "transformation") for flow in balance.flows])
    burning = burns[:, None] & fuel & leaf
    burning &= ~plants[:, None] | (amounts < 0)  # what a plant puts out does not burn there
    transformed = burning & find_transformed(balance, method)
    excluded = burning & ~find_covered(balance, method) & ~transformed
    counted = burning & ~transformed & ~excluded
    sign = np.where(plants, -1.0, 1.0)[:, None]
    activity = np.where(counted, sign * np.nan_to_num(inventory.activity), 0.0)
    return {
        "counted": activity,
        "deducted": np.where(counted, amounts - activity, 0.0),
        "excluded": np.where(excluded, amounts, 0.0),
        "transformed": np.where(transformed, amounts, 0.0),
        "not_burnt": np.where(burning, 0.0, amounts),
    }


def _blocks(balance: EnergyBalance) -> dict[int, list[int]]:
    """Return the rows that are parts of no other, each with all that is below it."""
    tree, included = find_flow_tree(balance), find_users_included(balance)
    return {f: [f, *tree.below(f)] for f in tree.roots if f not in included}


def _families(balance: EnergyBalance) -> dict[int, list[int]]:
    """Return the columns that are parts of no other in their unit, each with its kinds; totals of energy apart."""
    tree = find_product_tree(balance)
    units = balance.amounts["unit"].values
    split = {
        p: parts
        for p, parts in tree.parts.items()
        if len({str(units[i]) for i in (p, *parts)}) == 1
    }
    inside = {part for parts in split.values() for part in parts}

    def below(p: int) -> list[int]:
        return [p, *(kind for part in split.get(p, ()) for kind in below(part))]

    return {
        p: below(p)
        for p in tree.order
        if p not in inside and not balance.products[p].startswith("total_energy")
    }
