"""The derivations that sections have in common: shares, changes, numbers per head, weighted gases, ranks, intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.inventory.metrics import find_gwp, origin_of
from carbonacct.report.page.derivations import Derivation, FormulaPart, both, join, write
from carbonacct.report.page.interval_derivations import list_contributions
from carbonacct.report.page.page_content import list_rows
from carbonacct.report.page.page_words import show_gas, ten_thousand

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.report.page.derivations import Pair, Title
    from carbonacct.report.page.page_content import Content

CO2 = "t CO₂"


def derive_share(
    content: Content, title: Title, part: FormulaPart, whole: FormulaPart
) -> int | None:
    """Return the derivation of a part as a share of the whole."""
    if not whole.value:
        return None
    formula = (
        f"{write(part.value)} {part.unit} / {write(whole.value)} {whole.unit} x 100 % ="
        f" {write(100 * part.value / whole.value)} %"
    )
    return content.refer(Derivation(title, formula, (part, whole)))


def derive_difference(
    content: Content, title: Title, one: FormulaPart, other: FormulaPart
) -> int | None:
    """Return the derivation of one number less another of the same unit."""
    formula = (
        f"{write(one.value)} {one.unit} - {_bracket(other.value)} {one.unit} ="
        f" {write(one.value - other.value)} {one.unit}"
    )
    return content.refer(Derivation(title, formula, (one, other)))


def derive_relative(
    content: Content, title: Title, one: FormulaPart, other: FormulaPart
) -> int | None:
    """Return the derivation of how far one number is above or below another, in percent of it."""
    if not other.value:
        return None
    a, b = write(one.value), _bracket(other.value)
    formula = (
        f"({a} - {b}) {one.unit} / {write(abs(other.value))} {one.unit} x 100 % ="
        f" {write(100 * (one.value - other.value) / abs(other.value))} %"
    )
    return content.refer(Derivation(title, formula, (one, other)))


def derive_sum(
    content: Content, title: Title, parts: Sequence[FormulaPart], *, note: Pair = ("", "")
) -> int | None:
    """Return the derivation of a sum of numbers of one unit."""
    return content.refer(Derivation(title, parts=tuple(parts), unit=parts[0].unit, note=note))


def derive_given(
    content: Content, title: Title, value: float, unit: str, *, place: str = ""
) -> int | None:
    """Return the derivation of a number that was given to the page and is not computed here."""
    parts = (FormulaPart(both("trace.given"), value, unit, place=place),) if place else ()
    return content.refer(
        Derivation(title, f"{write(value)} {unit}", parts, note=both("trace.given_note"))
    )


def derive_ranks(content: Content, title: Title, parts: Sequence[FormulaPart]) -> int | None:
    """Return the derivation of the ranks of some numbers, which all of them share: the list from the largest down."""
    known = sorted(
        (part for part in parts if not np.isnan(part.value)), key=lambda part: -part.value
    )
    return content.refer(Derivation(title, "", tuple(known), note=both("trace.rank_note")))


def derive_median(content: Content, title: Title, parts: Sequence[FormulaPart]) -> int | None:
    """Return the derivation of the median of some numbers."""
    known = sorted(
        (part for part in parts if not np.isnan(part.value)), key=lambda part: -part.value
    )
    middle = float(np.median([part.value for part in known]))
    formula = (
        f"median({', '.join(write(part.value) for part in known)}) {known[0].unit} ="
        f" {write(middle)} {known[0].unit}"
    )
    return content.refer(Derivation(title, formula, tuple(known)))


def find_driver(content: Content, area: str, year: int, column: str) -> FormulaPart | None:
    """Return population, GDP or a given CO2 of an area and year, with the cell where it stands.

    None where there is none.
    """
    return content.keep(
        ("driver", area, year, column), lambda: _find_driver(content, area, year, column)
    )


def _find_driver(content: Content, area: str, year: int, column: str) -> FormulaPart | None:
    frame = content.drivers
    if frame is None or column not in frame.columns:
        return None
    row = next(iter(list_drivers(content, area, year)), None)
    if row is None or np.isnan(value := float(getattr(row, column))):
        return None
    unit = {"population": "persons", "gdp": frame.attrs["currency"], "co2": CO2, "deflator": ""}[
        column
    ]
    place = frame.attrs.get("places", {}).get(column, {}).get(row.Index, "")
    return FormulaPart(both(f"trace.{column}"), value, unit, place=place)


def list_drivers(content: Content, area: str, year: int) -> list[Any]:
    """Return the rows of population and GDP of an area and year."""
    by_period = content.keep(("drivers by period",), lambda: _sort_drivers(content))
    return by_period.get((area, year), [])


def _sort_drivers(content: Content) -> dict[tuple[str, int], list[Any]]:
    found: dict[tuple[str, int], list[Any]] = {}
    for row in () if content.drivers is None else list_rows(content.drivers):
        found.setdefault((row.area, row.year), []).append(row)
    return found


def find_co2(content: Content, area: str, year: int) -> FormulaPart | None:
    """Return the direct CO2 of an area and year: the inventory's, or that given beside population and GDP."""
    return content.keep(("co2", area, year), lambda: _find_co2(content, area, year))


def _find_co2(content: Content, area: str, year: int) -> FormulaPart | None:
    if (area, year) in content.keys:
        return FormulaPart(
            both("headline.scope1"),
            float(content.totals.loc[area, year]),
            CO2,
            content.refer_sum(area, year),
        )
    return find_driver(content, area, year, "co2")


def derive_ratio(
    content: Content,
    title: Title,
    over: FormulaPart | None,
    under: FormulaPart | None,
    *,
    times: float = 1.0,
    unit: str,
) -> int | None:
    """Return the derivation of one number over another, times a power of ten."""
    if over is None or under is None or not under.value:
        return None
    scale = f" x {times:g}" if times != 1 else ""
    formula = (
        f"{write(over.value)} {over.unit} / {write(under.value)} {under.unit}{scale} ="
        f" {write(over.value / under.value * times)} {unit}"
    )
    return content.refer(Derivation(title, formula, (over, under)))


def derive_intensity(content: Content, area: str, year: int, kind: str) -> int | None:
    """Return the derivation of ``co2_per_head``, ``co2_per_gdp`` or ``gdp_per_head`` of an area and year."""
    if content.drivers is None:
        return None
    currency = content.drivers.attrs["currency"]
    co2, people, gdp = (
        find_co2(content, area, year),
        find_driver(content, area, year, "population"),
        find_driver(content, area, year, "gdp"),
    )
    title = join(area, year, both(f"trace.{kind}"))
    if kind == "co2_per_head":
        return derive_ratio(content, title, co2, people, unit="t CO₂/person")
    if kind == "co2_per_gdp":
        return derive_ratio(
            content, title, co2, gdp, times=1e4, unit=f"t CO₂/{ten_thousand(currency)}"
        )
    return derive_ratio(
        content, title, gdp, people, times=1e-4, unit=f"{ten_thousand(currency)}/person"
    )


def derive_interval(content: Content, row: Any) -> int | None:
    """Return the derivation of the interval of a total, from a row of the table of uncertainty."""
    level = str(getattr(row, "level", ""))
    total = find_co2(content, str(row.area), int(row.year))
    drawn = [
        FormulaPart(both(f"trace.{name}"), float(getattr(row, name)), unit)
        for name, unit in (
            ("lower", CO2),
            ("upper", CO2),
            ("mean", CO2),
            ("sd", CO2),
            ("draws", ""),
            ("seed", ""),
        )
        if not np.isnan(getattr(row, name, np.nan))
    ]
    formula = (
        f"{write(row.lower)} {CO2} ... {write(row.upper)} {CO2} ({level})"
        if level
        else f"{write(row.lower)} {CO2} ... {write(row.upper)} {CO2}"
    )
    made = list_contributions(content, str(row.area), int(row.year), "CO2") if drawn[2:] else []
    note = both("trace.drawn_note") if hasattr(row, "draws") else both("trace.given_note")
    if made:
        note = both("trace.parts_note")
    return content.refer(
        Derivation(
            join(str(row.area), int(row.year), both("changes.interval")),
            formula,
            (*((total,) if total else ()), *drawn, *made),
            note=note,
        )
    )


def derive_weighted(
    content: Content, area: str, year: int, cells: pd.DataFrame, *, flow: str = ""
) -> int | None:
    """Return the derivation of direct emissions of all gases by the page's metric, of one flow or of all.

    Parameters
    ----------
    cells
        The direct emissions of that area, year (and flow), a row a cell and gas.
    """
    assert content.gwp is not None  # noqa: S101 - there is a sum by a metric
    parts, weights = [], []
    held: dict[str, dict[str, list[tuple[str, float]]]] = {}
    columns = (cells[name].tolist() for name in ("gas", "category", "value"))
    for gas, category, value in zip(*columns, strict=True):
        by_origin = held.setdefault(str(gas), {})
        by_origin.setdefault(origin_of(str(gas), category), []).append((category, value))
    for gas, by_origin in held.items():
        for origin, rows in sorted(by_origin.items(), reverse=True):
            weights.append(find_gwp(content.gwp, gas, origin=origin))
            apart = tuple(dict.fromkeys(name for name, _ in rows)) if len(by_origin) > 1 else ""
            parts.append(
                FormulaPart(
                    (show_gas(gas),) * 2,
                    float(np.nansum([value for _, value in rows])),
                    f"t {show_gas(gas)}",
                    content.refer_sum(area, year, g=gas, f=flow, t=apart),
                )
            )
    total = sum(part.value * weight for part, weight in zip(parts, weights, strict=True))
    formula = " + ".join(
        f"{write(part.value)} {part.unit} x {weight:g}"
        for part, weight in zip(parts, weights, strict=True)
    )
    unit = f"t CO₂e ({content.gwp})"
    return content.refer(
        Derivation(
            join(area, year, unit),
            f"{formula} = {write(total)} {unit}",
            tuple(parts),
            note=both("trace.metric_note", metric=content.gwp),
        )
    )


def find_interval(content: Content, area: str, year: int) -> list[Any]:
    """Return the rows of the table of uncertainty of an area and year."""
    frame = content.uncertainty
    return (
        [] if frame is None else list_rows(frame[(frame["area"] == area) & (frame["year"] == year)])
    )


def _bracket(value: float) -> str:
    return f"({write(value)})" if value < 0 else write(value)
