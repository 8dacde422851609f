"""Which id makes the sums that a table prints close: the arithmetic behind a proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.identities import make_system, measure
from carbonacct.balances.rounding import find_rounding
from carbonacct.sheets.values import ABSENT
from carbonacct.vocabulary import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.balance import EnergyBalance

_MOST_TABLES = 3  # areas and years that are tried: the ones with most numbers
_FEWEST = 2  # sums that must close


def find_closing(
    balance: EnergyBalance, kind: Literal["flow", "product"], assumed: str, candidates: Sequence[str]
) -> dict[str, int]:
    """Return how many more sums close than fail where the numbers of one label have another id.

    Parameters
    ----------
    balance
        The table with an id that is only assumed for the label.
    kind
        Whether the label is one of flows or of products.
    assumed
        The id it stands under.
    candidates
        Ids to try; those that the table has are passed over.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> tried = find_closing(balance, "flow", "households_urban", ["road"])
    >>> tried["households_urban"] > tried["road"]
    True
    """
    names = balance.flows if kind == "flow" else balance.products
    fresh = (name for name in candidates if name not in names and REMAINDER not in name)
    tried = [assumed, *fresh]
    wider = _widen(balance, kind, tried)
    system = make_system(wider)
    if system is None:
        return {}
    axis = 0 if kind == "flow" else 1
    order = wider.flows if kind == "flow" else wider.products
    own, places = order.index(assumed), [order.index(name) for name in tried]
    rounding = np.tile(find_rounding(wider), len(wider.flows))
    flat = np.moveaxis(np.arange(len(rounding)).reshape(wider.amounts.shape[2:]), axis, 0)
    found = dict.fromkeys(tried, 0)
    for number, status in _take_fullest(wider):
        line = np.moveaxis(number, axis, 0)[own]
        amounts = np.tile(number.ravel(), (len(tried), 1))
        absent = np.tile(status.ravel() == ABSENT, (len(tried), 1))
        amounts[:, flat[own]], absent[:, flat[own]] = np.nan, True
        for k, (name, at) in enumerate(zip(tried, places, strict=True)):
            amounts[k, flat[at]] = _turn(line, kind, assumed, name)
            absent[k, flat[at]] = np.isnan(line)
        measured = measure(system, amounts, absent, rounding)
        counts = measured.tested & ~system.soft
        for k, (name, at) in enumerate(zip(tried, places, strict=True)):
            mine = np.isin(system.cell, flat[at][np.nan_to_num(line) != 0])
            touched = np.unique(system.owner[mine])
            touched = touched[counts[k, touched]]
            found[name] += int(np.where(measured.fails[k, touched], -1, 1).sum())
    return found


def pick_closing(found: dict[str, int]) -> tuple[str, ...]:
    """Return the ids that make most sums close, at least two; several if they do alike.

    Examples
    --------
    >>> pick_closing({"industry": 4, "services": 4, "exports": -2}), pick_closing({"industry": 1})
    (('industry', 'services'), ())
    """
    most = max(found.values(), default=0)
    return tuple(name for name, count in found.items() if count == most >= _FEWEST)


def _turn(line: np.ndarray, kind: str, assumed: str, name: str) -> np.ndarray:
    """Return the numbers of a label as another id has them: what leaves the area is negative."""
    if kind == "product":
        return line
    flows = vocabulary.flows()
    return -np.abs(line) if flows[name].sign < 0 else np.abs(line) if flows[assumed].sign < 0 else line


def _widen(balance: EnergyBalance, kind: str, names: Sequence[str]) -> EnergyBalance:
    """Return a balance with empty rows (or columns) for more ids."""
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    mine = balance.flows if kind == "flow" else balance.products
    wanted = {*mine, *names}
    order = [name for name in known if name in wanted and (name in mine or REMAINDER not in name)]
    arrays = {}
    for name, nothing in (("amounts", np.nan), ("status", ABSENT), ("place", -1)):
        arrays[name] = getattr(balance, name).drop_vars("unit").reindex({kind: order}, fill_value=nothing)
    units = dict(zip(balance.products, balance.units, strict=True))
    unit = [units.get(name, vocabulary.products()[name].unit) for name in arrays["amounts"]["product"].values]
    arrays = {name: array.assign_coords(unit=("product", unit)) for name, array in arrays.items()}
    return replace(balance, **arrays)


def _take_fullest(balance: EnergyBalance) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return amounts and status (flow, product) of the areas and years with most numbers."""
    shape = balance.amounts.shape
    amounts, status = (array.values.reshape(-1, *shape[2:]) for array in (balance.amounts, balance.status))
    counts = (~np.isnan(amounts)).sum(axis=(1, 2))
    return [(amounts[k], status[k]) for k in np.argsort(-counts, kind="stable")[:_MOST_TABLES].tolist()]
