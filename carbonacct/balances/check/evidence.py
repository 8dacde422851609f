"""Which id makes the sums that a table prints close: the arithmetic behind a proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.balances.amounts.rounding import find_rounding
from carbonacct.balances.check.identities import make_system, measure
from carbonacct.sheets.values import ABSENT
from carbonacct.vocabulary import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.amounts.energy_balance import EnergyBalance

DIGITS_PROVE = 6.0  # digits that agree: by chance once in a million
_MOST_ACROSS = (
    8  # columns (or rows) in which sums are tried: those where the label has the largest numbers
)


def find_closing(
    balance: EnergyBalance,
    kind: Literal["flow", "product"],
    assumed: str,
    candidates: Sequence[str],
) -> dict[str, float]:
    """Return what speaks for each id: the digits that agree in sums of the table that close with it.

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

    Returns
    -------
    dict
        For each id the sum of log10(number / rounding) over the sums in which a number of the label
        stands and that hold, less that of the sums that fail; best first, those above zero.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> tried = find_closing(balance, "flow", "households_urban", ["fisheries", "households_rural"])
    >>> list(tried)[0]
    'households_urban'
    """
    table = _take_fullest(balance, kind, assumed)
    names = balance.flows if kind == "flow" else balance.products
    fresh = (name for name in candidates if name not in names and REMAINDER not in name)
    rounding = find_rounding(table)
    digits: dict[tuple[object, ...], float] = {}  # ids that stand alike in all sums
    found = {}
    for name in (assumed, *fresh):
        key = _place_in_sums(table, kind, name)
        if key not in digits:
            digits[key] = _count_digits(table, kind, (assumed, name), rounding)
        found[name] = digits[key]
    kept = {name: digits for name, digits in found.items() if digits > 0}
    return dict(sorted(kept.items(), key=lambda item: -item[1]))


def _place_in_sums(
    table: EnergyBalance, kind: Literal["flow", "product"], name: str
) -> tuple[object, ...]:
    """Return where an id stands in the sums of a table: ids without parts in it that have one parent stand alike."""
    if kind == "product":
        product = vocabulary.products()[name]
        has_parts = any(
            vocabulary.is_product_within(each, name) for each in table.products if each != name
        )
        alike: tuple[object, ...] = (product.parent, product.group, product.unit)
    else:
        flow = vocabulary.flows()[name]
        has_parts = bool(flow.members) or any(
            table.is_part(each, name) for each in table.flows if each != name
        )
        alike = (flow.parent, flow.part, flow.sign)
    is_special = not alike[0] or name in {
        "feedstock",
        "losses",
        "natural_gas",
        "lng",
        "gas_liquefaction",
    }
    return (name,) if has_parts or is_special else alike


def _count_digits(
    table: EnergyBalance,
    kind: Literal["flow", "product"],
    ids: tuple[str, str],
    rounding: np.ndarray,
) -> float:
    """Return the digits that agree, less those that do not, where the label has the second of two ids."""
    assumed, name = ids
    named, absent = _rename(table, kind, assumed, name)
    system = make_system(named)
    if system is None:
        return 0.0
    numbers = named.amounts.values.ravel()[None]
    half = dict(zip(table.products, rounding.tolist(), strict=True))
    if kind == "product":
        half[name] = half[assumed]
    spread = np.tile([half[product] for product in named.products], len(named.flows))
    lacking = absent.ravel()[None]
    measured = measure(system, numbers, lacking, spread)
    axis = 2 if kind == "flow" else 3
    order = named.flows if kind == "flow" else named.products
    places = np.arange(numbers.size).reshape(named.amounts.shape)
    own = np.take(places, order.index(name), axis=axis).ravel()
    without = numbers.copy()
    without[0, own] = np.nan
    moved = np.abs(measured.difference - measure(system, without, lacking, spread).difference)[0]
    # A sum says something where the numbers of the label move it by more than rounding.
    clear = measured.tested[0] & ~system.soft & (moved > measured.tolerance[0])
    size = moved[clear] / (2 * measured.tolerance[0, clear])
    signs = np.where(measured.fails[0, clear], -1.0, 1.0)
    return float((signs * np.log10(np.maximum(size, 1.0))).sum())


def _rename(
    table: EnergyBalance, kind: Literal["flow", "product"], assumed: str, name: str
) -> tuple[EnergyBalance, np.ndarray]:
    """Return the amounts with another id for a label, in the order of the vocabulary, and which are absent.

    The status and the places of the balance are still those of the table.
    """
    flows = vocabulary.flows()
    names = table.flows if kind == "flow" else table.products
    renamed = [name if each == assumed else each for each in names]
    known = flows if kind == "flow" else vocabulary.products()
    rank = {id_: n for n, id_ in enumerate(known)}
    order = sorted(range(len(renamed)), key=lambda k: rank[renamed[k]])
    axis = 2 if kind == "flow" else 3
    amounts = np.take(table.amounts.values, order, axis=axis)
    absent = np.take(table.status.values, order, axis=axis) == ABSENT
    if kind == "flow" and flows[name].sign != flows[assumed].sign:
        at = order.index(names.index(assumed))
        amounts[:, :, at] = (
            -np.abs(amounts[:, :, at]) if flows[name].sign < 0 else np.abs(amounts[:, :, at])
        )
    # The variables of the others, whose index need not be made again.
    labels = {dim: table.amounts.coords[dim].variable for dim in table.amounts.dims if dim != kind}
    labels[kind] = np.array([renamed[k] for k in order])
    units = table.units if kind == "flow" else [table.units[k] for k in order]
    coords = {**labels, "unit": ("product", list(units))}
    array = xr.DataArray(amounts, dims=table.amounts.dims, coords=coords)
    return replace(table, amounts=array), absent


def _take_fullest(balance: EnergyBalance, kind: str, assumed: str) -> EnergyBalance:
    """Return the area and year with most numbers, and the lines across in which the label's are largest."""
    counts = (~np.isnan(balance.amounts.values)).sum(axis=(2, 3))
    a, y = np.unravel_index(int(counts.argmax()), counts.shape)
    across = "product" if kind == "flow" else "flow"
    line = np.abs(np.nan_to_num(balance.amounts.isel(area=a, year=y).sel({kind: assumed}).values))
    chosen = np.sort(np.argsort(-line, kind="stable")[:_MOST_ACROSS])
    place = {"area": [int(a)], "year": [int(y)], across: chosen}
    return replace(
        balance,
        amounts=balance.amounts.isel(place),
        status=balance.status.isel(place),
        place=balance.place.isel(place),
    )
