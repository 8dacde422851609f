"""What no sum of a table sees: amounts beyond the world's, plants that make more than they take in, years that jump."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.energy_range import find_energy_range, find_kind, list_units
from carbonacct.balances.check.jumps import check_jumps
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, Gap, UnitError, name_some
from carbonacct.texts import Both, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.amounts.energy_balance import EnergyBalance

_MOST_NAMED = 20
_MOST_LISTED = 3
# Whole balances, by blocks and rows: a table of a few rows may be as small as it likes.
_WHOLE = ("primary_supply", "transformation", "final_consumption")
_MANY_ROWS = 15
_CHINA = "CN"


def check_plausibility(balance: EnergyBalance) -> list[Finding]:
    """Check the amounts of a balance against what can be, and its years against each other.

    Parameters
    ----------
    balance
        As read.

    Returns
    -------
    list of Finding
        ``beyond-world``, ``beyond-nation`` (errors), ``area-size``, ``conversion`` and
        ``jump-in-table`` (warnings).

    Notes
    -----
    The ranges are data with their sources: ``magnitudes.csv``, ``national_amounts.csv``,
    ``energy_content.csv`` and ``conversions.csv`` of the vocabulary. Those that are ours are named
    so.

    Examples
    --------
    >>> import carbonacct as ca
    >>> check_plausibility(ca.read_balance("docs/tables/chongqing_2007.csv"))
    []
    """
    lower, upper = find_energy_range(balance)
    world = list(_check_world(balance))
    products = {finding.gaps[0].product for finding in world}
    return [
        *world,
        *(finding for finding in _check_nation(balance) if finding.gaps[0].product not in products),
        *_check_areas(balance, np.sqrt(lower * upper)),
        *_check_conversions(balance, lower, upper),
        *check_jumps(balance, np.sqrt(lower * upper)),
    ]


@cache
def _read(name: str) -> tuple[dict[str, str], ...]:
    return tuple(read_rows(data_folder() / "vocabulary" / f"{name}.csv"))


def _check_world(balance: EnergyBalance) -> Iterable[Finding]:
    """Find products of which a cell is more than the world has."""
    limits = {row["group"]: row for row in _read("magnitudes") if row["level"] == "world"}
    for p, (product, unit) in enumerate(list_units(balance)):
        row = limits["energy"] if unit in {"GJ", "tce"} else limits.get(find_kind(product))
        if row:
            what = Both(row["reason_en"], row["reason_zh"])
            yield from _check_most(
                balance, p, row, range(len(balance.areas)), rule="beyond-world", what=what
            )


def _check_nation(balance: EnergyBalance) -> Iterable[Finding]:
    """Find products of which a cell of a province or city of China is more than all of China has."""
    inside = [a for a, area in enumerate(balance.areas) if _is_part_of_china(area)]
    limits = {row["product"]: row for row in _read("national_amounts")} if inside else {}
    for p, product in enumerate(balance.products):
        row = limits.get(product)
        if row:
            text = say(
                "the largest amount in the balance of all China ({source}, {row})",
                source=row["source"],
                row=row["row"],
            )
            yield from _check_most(balance, p, row, inside, rule="beyond-nation", what=text)


def _check_most(
    balance: EnergyBalance,
    p: int,
    row: dict[str, str],
    areas: Sequence[int],
    *,
    rule: str,
    what: str,
) -> Iterable[Finding]:
    """Find the largest cell of a product in some areas, if it is beyond a limit that its unit can be held against."""
    product, unit = balance.products[p], balance.units[p]
    try:
        limit = float(row["upper"]) * conversion_factor(row["unit"], unit)
    except UnitError:
        return
    if not (balance.largest[:, p] > limit).any():
        return
    amounts = np.nan_to_num(np.abs(balance.amounts.values[areas, ..., p]))
    if not (amounts > limit).any():
        return
    n, y, f = (int(place) for place in np.unravel_index(np.argmax(amounts), amounts.shape))
    a = areas[n]
    most = float(balance.amounts.values[a, y, f, p])
    yield Finding(
        rule,
        "error",
        say(
            "{product} of {flow} of {area} {year} is {most:.4g} {unit}, {ratio:.3g} times {what}",
            product=product,
            flow=balance.flows[f],
            area=balance.areas[a],
            year=balance.years[y],
            most=most,
            unit=unit,
            ratio=abs(most) / limit,
            what=what,
        ),
        balance.locate(a, y, f, p),
        say("check the unit of the column, and its power of ten"),
        gaps=(Gap(balance.areas[a], balance.years[y], balance.flows[f], product, most),),
    )


def _is_part_of_china(area: str) -> bool:
    known = vocabulary.resolve("area", area) or ""
    return _CHINA in vocabulary.list_above(known)[1:]


def _check_areas(balance: EnergyBalance, content: np.ndarray) -> Iterable[Finding]:
    """Find areas whose whole balance is of another order than those of areas of their level."""
    rows = [f for f, flow in enumerate(balance.flows) if flow in _WHOLE]
    if len(rows) < len(_WHOLE) or len(balance.flows) < _MANY_ROWS:
        return
    limits = {row["level"]: row for row in _read("magnitudes") if row["group"] == "energy"}
    for a, area in enumerate(balance.areas):
        known = vocabulary.areas().get(vocabulary.resolve("area", area) or "")
        row = limits.get(known.level) if known else None
        if row is None:
            continue
        energy = np.abs(balance.amounts.values[a][:, rows] * content)
        most = np.nanmax(np.nan_to_num(energy), axis=(1, 2))
        for y in np.flatnonzero(
            (most > 0) & ((most < float(row["lower"])) | (most > float(row["upper"])))
        ).tolist():
            f, p = divmod(int(np.argmax(np.nan_to_num(energy[y]))), len(balance.products))
            yield Finding(
                "area-size",
                "warning",
                say(
                    "{product} of {flow} of {area} {year} is about {most:.3g} GJ; the "
                    "largest amount of a {level} is {lower} to {upper} GJ, {reason}",
                    product=balance.products[p],
                    flow=balance.flows[rows[f]],
                    area=area,
                    year=balance.years[y],
                    most=most[y],
                    level=row["level"],
                    lower=row["lower"],
                    upper=row["upper"],
                    reason=Both(row["reason_en"], row["reason_zh"]),
                ),
                balance.locate(a, y, rows[f], p),
                say("check the unit of the table"),
            )


def _list_kinds(balance: EnergyBalance) -> dict[int, list[int]]:
    """Return the totals among the products, each with the columns of what it may hold: all energy holds any other."""
    return {
        p: [
            q
            for q, other in enumerate(balance.products)
            if q != p
            and (
                product.startswith("total_energy")
                or vocabulary.is_product_within(other, product, balance.product_parents)
            )
        ]
        for p, product in enumerate(balance.products)
        if vocabulary.products()[product].group == "total"
    }


def _check_conversions(
    balance: EnergyBalance, lower: np.ndarray, upper: np.ndarray
) -> Iterable[Finding]:
    """Find plants that put out more energy than they take in, far too little, or not what they are for."""
    known = [vocabulary.products()[product] for product in balance.products]
    kinds = _list_kinds(balance)
    for row in _read("conversions"):
        if row["flow"] not in balance.flows:
            continue
        f = balance.flows.index(row["flow"])
        numbers = balance.amounts.values[:, :, f].copy()
        there = ~np.isnan(numbers)
        for p, below in kinds.items():  # a total stands for its kinds where none of them is printed
            numbers[there[..., below].any(axis=-1), p] = np.nan
        sure = ~(np.isnan(lower) & (np.nan_to_num(numbers) != 0)).any(axis=-1)
        out, into = np.fmax(numbers, 0.0), np.fmax(-numbers, 0.0)
        made = [np.nansum(out * content, axis=-1) for content in (lower, upper)]
        taken = [np.nansum(into * content, axis=-1) for content in (lower, upper)]
        both = sure & (made[0] > 0) & (taken[0] > 0)
        least, most = float(row["lower"]), float(row["upper"])
        own = np.array([row["makes"] in {entry.id, entry.group} for entry in known])
        other = both & ~(out[..., own] > 0).any(axis=-1)
        too_much = both & (made[0] > most * taken[1])
        too_little = both & ~other & (made[1] < least * taken[0])
        for a, y in np.argwhere(too_much | too_little).tolist()[:_MOST_NAMED]:
            # What it is for stands for all that comes out.
            p = int(np.argmax((out[a, y] > 0) * (1 + own)))
            ratio = np.sqrt(made[0][a, y] * made[1][a, y] / (taken[0][a, y] * taken[1][a, y]))
            yield Finding(
                "conversion",
                "warning",
                say(
                    "{flow} of {area} {year} puts out about {ratio:.3g} times the energy "
                    "that goes in, and {lower} to {upper} is possible ({reason})",
                    flow=row["flow"],
                    area=balance.areas[a],
                    year=balance.years[y],
                    ratio=ratio,
                    lower=row["lower"],
                    upper=row["upper"],
                    reason=Both(row["reason_en"], row["reason_zh"]),
                ),
                balance.locate(a, y, f, p),
                say("check the units of its columns"),
                gaps=(
                    Gap(balance.areas[a], balance.years[y], row["flow"], balance.products[p], 0.0),
                ),
            )
        for a, y in np.argwhere(other).tolist()[:_MOST_NAMED] if own.any() else ():
            seen = [balance.products[i] for i in np.flatnonzero(out[a, y] > 0)]
            cell = Gap(balance.areas[a], balance.years[y], row["flow"], seen[0], 0.0)
            yield Finding(
                "conversion",
                "warning",
                say(
                    "{flow} of {area} {year} puts out {seen} and no {makes}",
                    flow=row["flow"],
                    area=balance.areas[a],
                    year=balance.years[y],
                    seen=name_some(seen, _MOST_LISTED),
                    makes=row["makes"],
                ),
                balance.locate(a, y, f, balance.products.index(seen[0])),
                say("check the heads of the columns, and the label of the row"),
                gaps=(cell,),
            )
