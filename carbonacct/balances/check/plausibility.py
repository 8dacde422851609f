"""What no sum of a table sees: amounts beyond the world's, plants that make more than they take in, years that jump."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, Gap, UnitError, name_some
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.amounts.records import EnergyBalance

_JUMP = np.log(3.0)  # a cell that trebles, or falls to a third
_SPREAD = 6.0  # scaled median absolute deviations from the usual change
_QUIET = np.log(1.05)  # the least spread that a series is taken to have
_STEP = np.log(1.6)  # of the whole of a product, for good
_OVER_USUAL = 2.5  # times the median of the other changes
_LARGE = 0.01  # of the largest cell of the area: smaller ones may jump
_FEWEST_YEARS = 4
# All electricity of a place that grows or shrinks by more than two fifths in a year is likely that
# of another place, such as a city as a whole (全市) where its urban districts (市辖区) were: a
# judgement, so a warning.
_JUMP_OF_ALL = np.log(1.4)
_ALL = ("total_consumption", "final_consumption")
_MOST_NAMED = 20
_MOST_LISTED = 3
_UNSTEADY = ("primary_supply", "statistical_difference", "losses")
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
    said = {finding.gaps[0].product for finding in world}
    return [
        *world,
        *(finding for finding in _check_nation(balance) if finding.gaps[0].product not in said),
        *_check_areas(balance, np.sqrt(lower * upper)),
        *_check_conversions(balance, lower, upper),
        *_check_jumps(balance, np.sqrt(lower * upper)),
    ]


@cache
def _read(name: str) -> tuple[dict[str, str], ...]:
    return tuple(read_rows(data_folder() / "vocabulary" / f"{name}.csv"))


def find_energy_range(balance: EnergyBalance) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most GJ in one canonical unit of each product, NaN where that is not known."""
    ranges = np.full((2, len(balance.products)), np.nan)
    rows = {row["id"]: row for row in _read("energy_content")}
    for p, (product, unit) in enumerate(_list_units(balance)):
        if unit in {"GJ", "kWh", "tce"}:
            ranges[:, p] = conversion_factor(unit, "GJ")
            continue
        entry = vocabulary.products()[product]
        row = rows.get(product) or rows.get(entry.group) or rows.get(_find_kind(product))
        if row is None:
            continue
        try:
            factor = conversion_factor(row["unit"], f"GJ/{unit}")
        except UnitError:  # such as a gas by weight
            continue
        ranges[:, p] = [float(row["lower"]) * factor, float(row["upper"]) * factor]
    return ranges[0], ranges[1]


def _list_units(balance: EnergyBalance) -> list[tuple[str, str]]:
    return list(zip(balance.products, map(str, balance.amounts["unit"].values), strict=True))


def _find_kind(product: str) -> str:
    """Return the group of a product; of a total, that of its parts, or ``energy`` where they are of several."""
    known = vocabulary.products()
    if known[product].group != "total":
        return known[product].group
    parts = {
        other.group
        for other in known.values()
        if vocabulary.is_product_within(other.id, product) and other.group != "total"
    }
    return parts.pop() if len(parts) == 1 else "energy"


def _check_world(balance: EnergyBalance) -> Iterable[Finding]:
    """Find products of which a cell is more than the world has."""
    limits = {row["group"]: row for row in _read("magnitudes") if row["level"] == "world"}
    for p, (product, unit) in enumerate(_list_units(balance)):
        row = limits["energy"] if unit in {"GJ", "tce"} else limits.get(_find_kind(product))
        if row:
            what = row["reason_en"]
            yield from _check_most(balance, p, row, range(len(balance.areas)), "beyond-world", what)


def _check_nation(balance: EnergyBalance) -> Iterable[Finding]:
    """Find products of which a cell of a province or city of China is more than all of China has."""
    inside = [a for a, area in enumerate(balance.areas) if _is_part_of_china(area)]
    limits = {row["product"]: row for row in _read("national_amounts")} if inside else {}
    for p, product in enumerate(balance.products):
        row = limits.get(product)
        if row:
            said = say(
                "the largest amount in the balance of all China ({source}, {row})",
                source=row["source"],
                row=row["row"],
            )
            yield from _check_most(balance, p, row, inside, "beyond-nation", said)


def _check_most(
    balance: EnergyBalance,
    p: int,
    row: dict[str, str],
    areas: Sequence[int],
    rule: str,
    what: str,
) -> Iterable[Finding]:
    """Find the largest cell of a product in some areas, if it is beyond a limit that its unit can be held against."""
    product, unit = balance.products[p], balance.units[p]
    try:
        limit = float(row["upper"]) * conversion_factor(row["unit"], unit)
    except UnitError:
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
                    "largest amount of a {level} is {lower} to {upper} GJ, {reason_en}",
                    product=balance.products[p],
                    flow=balance.flows[rows[f]],
                    area=area,
                    year=balance.years[y],
                    most=most[y],
                    level=row["level"],
                    lower=row["lower"],
                    upper=row["upper"],
                    reason_en=row["reason_en"],
                ),
                balance.locate(a, y, rows[f], p),
                say("check the unit of the table"),
            )


def _check_conversions(
    balance: EnergyBalance, lower: np.ndarray, upper: np.ndarray
) -> Iterable[Finding]:
    """Find plants that put out more energy than they take in, far too little, or not what they are for."""
    known = [vocabulary.products()[product] for product in balance.products]
    single = np.array([entry.group != "total" for entry in known])
    for row in _read("conversions"):
        if row["flow"] not in balance.flows:
            continue
        f = balance.flows.index(row["flow"])
        numbers = np.where(single, balance.amounts.values[:, :, f], np.nan)
        sure = ~(np.isnan(lower) & (np.nan_to_num(numbers) != 0)).any(axis=-1)
        out, into = np.fmax(numbers, 0.0), np.fmax(-numbers, 0.0)
        made = [np.nansum(out * content, axis=-1) for content in (lower, upper)]
        taken = [np.nansum(into * content, axis=-1) for content in (lower, upper)]
        both = sure & (made[0] > 0) & (taken[0] > 0)
        least, most = float(row["lower"]), float(row["upper"])
        own = np.array([row["makes"] in {entry.id, entry.group} for entry in known])
        other = both & ~(np.nan_to_num(out)[..., own] > 0).any(axis=-1)
        too_much = both & (made[0] > most * taken[1])
        too_little = both & ~other & (made[1] < least * taken[0])
        p = int(np.flatnonzero(own)[0]) if own.any() else 0
        for a, y in np.argwhere(too_much | too_little).tolist()[:_MOST_NAMED]:
            ratio = np.sqrt(made[0][a, y] * made[1][a, y] / (taken[0][a, y] * taken[1][a, y]))
            yield Finding(
                "conversion",
                "warning",
                say(
                    "{flow} of {area} {year} puts out about {ratio:.3g} times the energy "
                    "that goes in, and {lower} to {upper} is possible ({reason_en})",
                    flow=row["flow"],
                    area=balance.areas[a],
                    year=balance.years[y],
                    ratio=ratio,
                    lower=row["lower"],
                    upper=row["upper"],
                    reason_en=row["reason_en"],
                ),
                balance.locate(a, y, f, p),
                say("check the units of its columns"),
                gaps=(
                    Gap(balance.areas[a], balance.years[y], row["flow"], balance.products[p], 0.0),
                ),
            )
        for a, y in np.argwhere(other).tolist()[:_MOST_NAMED] if own.any() else ():
            seen = [balance.products[i] for i in np.flatnonzero(np.nan_to_num(out[a, y]) > 0)]
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


def _check_jumps(balance: EnergyBalance, content: np.ndarray) -> Iterable[Finding]:
    """Find years in which a cell leaves the run of its own series; one finding for each product and year of an area.

    Trade and stocks jump by nature: only what is made and used is looked at. The largest row of a
    product that steps to another level and stays there may be another coverage: 市辖区 and 全市.
    """
    found = list(_check_series(balance, content)) if len(balance.years) >= _FEWEST_YEARS else []
    said = {finding.where for finding in found}
    yield from found
    yield from (finding for finding in _check_all_electricity(balance) if finding.where not in said)


def _check_all_electricity(balance: EnergyBalance) -> Iterable[Finding]:
    """Find years in which all electricity of an area leaves what an area can grow by."""
    flow = next((flow for flow in _ALL if flow in balance.flows), "")
    if not flow or "electricity" not in balance.products:
        return
    f, p = balance.flows.index(flow), balance.products.index("electricity")
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.abs(np.diff(np.log(balance.amounts.values[:, :, f, p]), axis=1))
    jumps = (
        np.isfinite(change) & (np.nan_to_num(change) > _JUMP_OF_ALL) & (np.diff(balance.years) == 1)
    )
    for a, y in np.argwhere(jumps).tolist()[:_MOST_NAMED]:
        yield _say_jump(balance, (a, y + 1, p), [f])


def _check_series(balance: EnergyBalance, content: np.ndarray) -> Iterable[Finding]:
    """Find cells that leave the run of their own series."""
    used = [not any(balance.is_part(flow, other) for other in _UNSTEADY) for flow in balance.flows]
    rows = np.flatnonzero(used)
    for a in range(len(balance.areas)):
        amounts = balance.amounts.values[a][:, rows]
        energy = np.abs(np.nan_to_num(amounts)) * np.nan_to_num(content)
        jumps = _find_jumps(amounts, energy)
        steps = {
            place: rows
            for place, rows in _find_steps(amounts, energy).items()
            if place not in jumps
        }
        for y, p in list(jumps)[:_MOST_NAMED]:
            yield _say_jump(balance, (a, y, p), rows[jumps[y, p]].tolist())
        for y, p in list(steps)[:_MOST_NAMED]:
            yield _say_jump(balance, (a, y, p), rows[steps[y, p]].tolist(), stays=True)


def _find_jumps(amounts: np.ndarray, energy: np.ndarray) -> dict[tuple[int, int], list[int]]:
    """Return the rows that jump, the largest first, by year and product, of one area (year, row, product)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.diff(np.log(np.abs(amounts)), axis=0)
    counts = np.isfinite(change)
    sizes = np.maximum(energy[1:], energy[:-1])
    jumps = (
        counts & (np.abs(np.where(counts, change, 0.0)) > _JUMP) & (amounts[1:] * amounts[:-1] > 0)
    )
    jumps &= sizes > _LARGE * energy.max(initial=0.0)
    groups: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for y, f, p in np.argwhere(jumps).tolist():
        usual = np.delete(change[:, f, p], y)[np.delete(counts[:, f, p], y)]
        if len(usual) < _FEWEST_YEARS - 2:
            continue
        middle = float(np.median(usual))
        spread = max(1.4826 * float(np.median(np.abs(usual - middle))), _QUIET)
        if abs(change[y, f, p] - middle) > _SPREAD * spread:
            groups.setdefault((y + 1, p), []).append((float(energy[y + 1, f, p]), f))
    return {place: [f for _, f in sorted(found, reverse=True)] for place, found in groups.items()}


def _find_steps(amounts: np.ndarray, energy: np.ndarray) -> dict[tuple[int, int], list[int]]:
    """Return the largest row of each product that steps to another level for good, by year and product (year, row, product)."""
    found: dict[tuple[int, int], list[int]] = {}
    largest = energy.sum(axis=0).argmax(axis=0)
    whole = np.take_along_axis(amounts, largest[None, None, :], axis=1)[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.abs(np.diff(np.log(np.abs(whole)), axis=0))
    for p in np.flatnonzero(
        (np.where(np.isfinite(change), change, 0.0) > _STEP).any(axis=0)
    ).tolist():
        f, series = int(largest[p]), np.abs(whole[:, p])
        there = np.flatnonzero(np.nan_to_num(series) > 0)
        is_small = energy[:, f, p].max() <= _LARGE * energy.max(initial=0.0)
        if len(there) < _FEWEST_YEARS or is_small:
            continue
        level = np.log(series[there])
        steps = np.diff(level)
        for k in np.flatnonzero(np.abs(steps) > _STEP).tolist():
            middle, sign = (level[k] + level[k + 1]) / 2, np.sign(steps[k])
            stays = (sign * (level[: k + 1] - middle) < 0).all() and (
                sign * (level[k + 1 :] - middle) > 0
            ).all()
            usual = float(np.median(np.abs(np.delete(steps, k))))
            if stays and there[k + 1] - there[k] == 1 and abs(steps[k]) > _OVER_USUAL * usual:
                found[int(there[k + 1]), p] = [f]
    return found


def _say_jump(
    balance: EnergyBalance, place: tuple[int, int, int], rows: list[int], *, stays: bool = False
) -> Finding:
    """Return the finding of a product of an area that jumps in a year; its largest row speaks for the others."""
    (a, y, p), f = place, rows[0]
    before, after = (float(balance.amounts.values[a, year, f, p]) for year in (y - 1, y))
    unit = balance.units[p]
    power = np.log10(after / before)
    ten = abs(power - round(power)) < 0.05 and round(power) != 0
    others = [balance.flows[i] for i in rows[1:]]
    with_it = (
        say(", and so do {others}", others=name_some(others, _MOST_LISTED))
        if others
        else say(", and stays there")
        if stays
        else ""
    )
    return Finding(
        "jump-in-table",
        "warning",
        say(
            "{product} of {flow} of {area} goes from {before:.4g} {unit} in {year} to "
            "{after:.4g} in {years_y} ({change:+,.0f} %){with_it}",
            product=balance.products[p],
            flow=balance.flows[f],
            area=balance.areas[a],
            before=before,
            unit=unit,
            year=balance.years[y - 1],
            after=after,
            years_y=balance.years[y],
            change=100 * (after / before - 1),
            with_it=with_it,
        ),
        balance.locate(a, y, f, p),
        (
            say(
                "check the decimal point or the unit of the year: about 10^{power}",
                power=round(power),
            )
            if ten
            else (
                say(
                    "check what the years cover: the city proper (市辖区) and all of it (全市) "
                    "are two series"
                )
                if stays
                else say(
                    "check the year for a unit, another coverage (全市 for 市辖区) or definition"
                )
            )
        ),
        gaps=(
            Gap(
                balance.areas[a],
                balance.years[y],
                balance.flows[f],
                balance.products[p],
                after - before,
            ),
        ),
    )
