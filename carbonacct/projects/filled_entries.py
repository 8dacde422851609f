"""Years without a print, filled by the rules that a project declares: emissions, or the activity that makes them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct import vocabulary
from carbonacct.errors import Finding, PanelError
from carbonacct.inventory.entry_columns import IDENTITY
from carbonacct.projects.filled_activity import find_year_factors
from carbonacct.projects.filled_rows import (
    CLEARED,
    make_filled_entry,
    say_correlation,
    splice_by_rule,
)
from carbonacct.projects.filled_sources import fill_sources, note_twice
from carbonacct.projects.splice_rules import LEVELS
from carbonacct.texts import Both, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.projects.filled_series import FilledYear, Spliced
    from carbonacct.projects.runs import Workshop
    from carbonacct.projects.splice_rules import Splice
    from carbonacct.sectors.energy.other_years import Cell

SERIES = ["area", "sector", "scope", "kind", "flow", "product", "category", "gas"]
_LEFT = 0.01  # share of a printed year that a filled one may lack


@dataclass(frozen=True)
class _GapSeries:
    """One series of a project: its printed entries, year by year, and how a message names it.

    ``cells`` are flow, product and gas of all that its rule fills in its area; ``burnt`` the years
    whose energy table counts its carbon as fuel.
    """

    labels: tuple[Any, ...]
    rows: pd.DataFrame
    cells: frozenset[Cell]
    burnt: frozenset[int] = frozenset()

    @property
    def area(self) -> str:
        return str(self.labels[0])

    @property
    def name(self) -> Both:
        """Its labels; in Chinese area, flow, product and gas by their names."""
        held = dict.fromkeys(SERIES, "")  # an activity is of no gas
        held |= dict(zip(SERIES, map(str, self.labels), strict=False))
        flow, product = (
            vocabulary.name(kind, held[kind], "zh") or held[kind] for kind in ("flow", "product")
        )
        zh = " ".join(filter(None, (held["area"], flow, product, held["gas"])))
        return Both(" ".join(filter(None, map(str, self.labels))), zh)


def fill_gaps(entries: pd.DataFrame, workshop: Workshop) -> tuple[pd.DataFrame, list[Finding]]:
    """Return entries with those that rules fill, and findings.

    A rule fires in a year where its series has neither a number nor a notation key: it goes by
    itself when a print arrives. It uses prints alone, never what another rule filled. A rule of
    factors fires where the activity is printed and the method has no factor. An entry is filled
    once: by activity, then factors, then emissions, then by the rule that is declared first. Filled
    entries have the status ``filled``, and say technique, years and reason in ``where``.
    """
    rules = sorted(workshop.declaration.splices, key=lambda rule: -LEVELS.index(rule.level))
    filled, findings = entries.iloc[:0], list[Finding]()
    for rule in rules:
        rows, found = _apply(entries, rule, workshop)
        known = set(filled[list(IDENTITY)].itertuples(index=False, name=None))
        keys = rows[list(IDENTITY)].itertuples(index=False, name=None)
        rows = rows[[key not in known for key in keys]]
        if len(rows):
            findings.append(_note_filled(rule, rows))
            filled = pd.concat([filled, rows]) if len(filled) else rows
        findings += found
    if filled.empty:
        return entries, findings
    filled = filled.reset_index(drop=True)
    for place, rows in filled.groupby(["area", "year"], sort=True):
        if lacking := _find_lacking(entries, rows):
            filled = filled.drop(index=rows.index)
            what = say(
                "{place} {place_1} has no table, and {lacking}",
                place=place[0],
                place_1=place[1],
                lacking=lacking,
            )
            action = say("declare rules for all of it: a part is no total")
            findings.append(Finding("splice-refused", "warning", what, action=action))
    missing = _list_missing(entries, filled)
    keys = filled[list(IDENTITY)].itertuples(index=False, name=None)
    known = set(keys)  # what was not estimated for want of an activity or a factor
    entries = entries[
        [key not in known for key in entries[list(IDENTITY)].itertuples(index=False, name=None)]
    ]
    return pd.concat(
        [entries, filled, missing] if len(missing) else [entries, filled], ignore_index=True
    ), findings


def _list_missing(entries: pd.DataFrame, filled: pd.DataFrame) -> pd.DataFrame:
    """Return what the prints beside a filled year do not estimate: NE there as well, so that its sum is no number."""
    rows = []
    for place, made in filled.groupby(["area", "year"], sort=True):
        area, year = str(place[0]), int(str(place[1]))
        own, beside = _list_beside(entries, area, year)
        held = set(made[SERIES].itertuples(index=False, name=None))
        for one in beside:
            for row in own[(own["year"] == one) & (own["notation"] == "NE")].to_dict("records"):
                key = tuple(row[name] for name in SERIES)
                if key not in held:
                    held.add(key)
                    rows.append(row | CLEARED | {"year": year, "where": f"NE in {one}"})
    return pd.DataFrame(rows, columns=list(entries.columns))


def _list_beside(entries: pd.DataFrame, area: str, year: int) -> tuple[pd.DataFrame, list[int]]:
    """Return the printed entries of an area, and the printed years beside a year; none beside one that is printed."""
    own = entries[(entries["area"] == area) & (entries["kind"] != "memo")]
    years = sorted(own["year"].unique().tolist())
    if year in years:
        return own, []
    before, after = [one for one in years if one < year], [one for one in years if one > year]
    return own, [*before[-1:], *after[:1]]


def _note_filled(rule: Splice, rows: pd.DataFrame) -> Finding:
    message = say(
        "{row_count} entries of {years} are filled by {technique}: {because}"
        if rule.level == "emission"
        else "{row_count} entries of {years} are filled by {technique} of the activity: {because}"
        if rule.level == "activity"
        else "{row_count} entries of {years} are filled by {technique} of the factor: {because}",
        row_count=len(rows),
        years=join_texts(", ", map(str, sorted(rows["year"].unique()))),
        technique=rule.technique,
        because=rule.because,
    )
    return Finding("filled", "info", message)


def _find_lacking(entries: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Return what filled entries leave out of a year without a table, beside the printed years.

    "" where it is next to nothing.
    """
    area, year = rows["area"].iloc[0], int(rows["year"].iloc[0])
    own, beside = _list_beside(
        entries, area, year
    )  # none: the table of the year says what is there
    held = set(rows[SERIES].itertuples(index=False, name=None))
    for one in beside:
        printed = own[own["year"] == one]
        size = printed["value"].abs().fillna(0.0)
        labels = printed[SERIES].itertuples(index=False, name=None)
        left = size[[label not in held for label in labels]].sum()
        if left > _LEFT * size.sum():
            share = left / size.sum()
            return say(
                "its rules leave out {share:.0%} of what {item} emits", share=share, item=one
            )
    return ""


def _apply(
    entries: pd.DataFrame, rule: Splice, workshop: Workshop
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the entries that a rule fills, and what is to be said of its series."""
    chosen = entries[entries["kind"] != "memo"]
    for dim, label in (("flow", rule.flow), ("product", rule.product)):
        if label != "*":
            chosen = chosen[chosen[dim] == label]
    if chosen.empty:
        return entries.iloc[:0], [_note_unused(rule)]
    if rule.level == "emission":
        return _fill_series(chosen, rule, workshop, _list_burnt(entries, chosen, workshop))
    if rule.level == "factor":
        amounts = chosen["activity"].fillna(_read_printed(chosen))
        chosen = chosen.assign(activity=amounts)[amounts.notna()]
        return _fill_series(chosen, rule, workshop)
    # Entries of energy alone name their activity; those of other sectors have several.
    rows, findings = _fill_series(chosen[chosen["activity"].notna()], rule, workshop)
    more, found = fill_sources(entries, rule, workshop)
    more = more.reindex(columns=list(entries.columns))
    parts = [part for part in (rows, more) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else rows, [*findings, *found]


def _read_printed(chosen: pd.DataFrame) -> pd.Series[float]:
    """Return the printed amounts of entries without a number, in the unit of their activity."""
    parts = chosen["printed"].astype(str).str.partition(" ")
    amounts = pd.to_numeric(parts[0], errors="coerce")
    return amounts.where((parts[2] == chosen["activity_unit"]) & (chosen["notation"] == "NE"))


def _list_burnt(
    entries: pd.DataFrame, chosen: pd.DataFrame, workshop: Workshop
) -> dict[tuple[str, str], frozenset[int]]:
    """Return the years of energy tables by area and flow, of sources whose carbon these count as fuel."""
    flows = set(chosen["flow"])
    if not workshop.takes_fuel_out(flows):
        return {}
    energy = entries[entries["sector"] == "energy"]
    years = {str(area): frozenset(own.tolist()) for area, own in energy.groupby("area")["year"]}
    own = [flow for flow in flows if workshop.takes_fuel_out({flow})]
    return {(area, flow): held for area, held in years.items() for flow in own}


def _fill_series(
    chosen: pd.DataFrame,
    rule: Splice,
    workshop: Workshop,
    burnt: Mapping[tuple[str, str], frozenset[int]] = MappingProxyType({}),
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return filled entries, series by series, and what is to be said of these."""
    fill = {"activity": _fill_activity, "factor": _fill_factors, "emission": _fill_emissions}[
        rule.level
    ]
    labels = SERIES[:-1] if rule.level == "activity" else SERIES  # an activity is of all gases
    rows, findings = [], list[Finding]()
    beside: dict[str, list[Mapping[str, float]]] = {}
    cells: dict[str, set[Cell]] = {}
    for area, *cell in chosen[["area", "flow", "product", "gas"]].itertuples(
        index=False, name=None
    ):
        cells.setdefault(area, set()).add((cell[0], cell[1], cell[2]))
    for key, own in chosen.groupby(labels, sort=True, dropna=False):
        area, flow = str(key[0]), str(key[SERIES.index("flow")])
        series = _GapSeries(key, own, frozenset(cells[area]), burnt.get((area, flow), frozenset()))
        try:
            made, spliced = fill(series, rule, workshop)
        except PanelError as error:
            message = say(
                "{what}: {technique} fills nothing: {error}",
                what=series.name,
                technique=rule.technique,
                error=error,
            )
            findings.append(Finding("splice-refused", "warning", message))
            continue
        rows += made
        if made and spliced is not None:
            beside.setdefault(area, []).append(spliced.parameters)
        is_print = (own["notation"] != "NE") | (rule.level != "factor")
        done = {*own.loc[is_print, "year"].tolist(), *(row["year"] for row in made)}
        if spliced is not None and any(year not in done for year in rule.years):
            findings += [
                replace(
                    one, message=say("{what}: {message}", what=series.name, message=one.message)
                )
                for one in spliced.findings
            ]
    if rule.technique == "surrogate":
        findings += [say_correlation(area, rule, own) for area, own in beside.items()]
    return pd.DataFrame(rows, columns=list(chosen.columns)), findings


def _note_unused(rule: Splice) -> Finding:
    what = say(
        "the rule of {technique} for flow {flow} and product {product} finds no series",
        technique=rule.technique,
        flow=rule.flow,
        product=rule.product,
    )
    action = say("write ids as the inventory has them")
    return Finding("splice-refused", "warning", what, action=action)


def _fill_emissions(
    series: _GapSeries, rule: Splice, workshop: Workshop
) -> tuple[list[dict[Any, Any]], Spliced | None]:
    """Return the filled entries of one gas."""
    rows = series.rows
    printed = {
        int(year): key or value
        for year, key, value in zip(rows["year"], rows["notation"], rows["value"], strict=True)
    }
    spliced = splice_by_rule(printed, rule, workshop, series.area)
    last = rows.iloc[-1].to_dict()
    wanted = [one for one in spliced.filled if one.year in rule.years]
    made = [make_filled_entry(last, one, rule) for one in wanted if one.year not in series.burnt]
    twice = [note_twice(str(last["flow"]))] if len(made) < len(wanted) else []
    return made, replace(spliced, findings=(*spliced.findings, *twice))


def _fill_factors(
    series: _GapSeries, rule: Splice, workshop: Workshop
) -> tuple[list[dict[Any, Any]], Spliced | None]:
    """Return the entries of printed activities that have no factor: their amount times the filled one.

    Raises
    ------
    PanelError
        If the years count the activity in several units.
    """
    rows = series.rows
    lacking = {
        int(row["year"]): row
        for row in rows[rows["notation"] == "NE"].to_dict("records")
        if row["year"] in rule.years
    }
    if not lacking:
        return [], None
    unit = _find_unit(rows)
    known = rows[(rows["notation"] == "") & (rows["activity"] != 0)]
    factors = dict(zip(known["year"].tolist(), known["value"] / known["activity"], strict=True))
    spliced = splice_by_rule(factors, rule, workshop, series.area)
    made = []
    for one in spliced.filled:
        if one.year in lacking:
            like = lacking[one.year]
            amount = float(like["activity"])
            ends = sorted((one.lower * amount, one.upper * amount))
            emitted = replace(one, value=one.value * amount, lower=ends[0], upper=ends[1])
            factor = f"emission_factor {one.value!r} t {like['gas']}/{unit}"
            entry = make_filled_entry(like, emitted, rule)
            made.append(entry | {"activity": amount, "printed": like["printed"], "factors": factor})
    return made, spliced


def _find_unit(rows: pd.DataFrame) -> str:
    """Return the one unit of an activity."""
    units = list(dict.fromkeys(rows["activity_unit"]))
    if len(units) > 1:
        raise PanelError(
            say(
                "its activity is in {units} in different years; convert the tables to one unit",
                units=join_texts(", ", units),
            )
        )
    return str(units[0])


def _fill_activity(
    series: _GapSeries, rule: Splice, workshop: Workshop
) -> tuple[list[dict[Any, Any]], Spliced | None]:
    """Return the filled entries of all gases: the filled activity times the factors of the year.

    Raises
    ------
    PanelError
        If the years count the activity in several units, or the method has no factor in the year.
    """
    rows = series.rows
    _find_unit(rows)
    printed = dict(zip(rows["year"].tolist(), rows["activity"].tolist(), strict=True))
    spliced = splice_by_rule(printed, rule, workshop, series.area)
    latest = {row["gas"]: row for row in rows.sort_values("year").to_dict("records")}
    made = []
    for one in spliced.filled:
        if one.year in rule.years:
            factors = find_year_factors(workshop, series.area, one.year, series.cells)
            if factors is None:  # a status compiles nothing
                continue
            made += [
                _multiply(row, one, rule, factors.get((row["flow"], row["product"], gas), math.nan))
                for gas, row in latest.items()
            ]
    return made, spliced


def _multiply(like: dict[Any, Any], one: FilledYear, rule: Splice, factor: float) -> dict[Any, Any]:
    """Return the entry of a filled activity; one without a factor is not estimated, as in print."""
    bounds = sorted((one.lower * factor, one.upper * factor))
    value = one.value * factor if one.value else 0.0
    emitted = replace(one, value=value, lower=bounds[0], upper=bounds[1])
    if math.isnan(value) and like["scope"] == 1:
        raise PanelError(
            say(
                "the method has no factor of {gas} for it in {year}; fill the emissions instead",
                gas=like["gas"],
                year=one.year,
            )
        )
    unit = f"t {like['gas']}/{like['activity_unit']}"
    return {
        **make_filled_entry(like, emitted, rule),
        "notation": "NE" if math.isnan(value) else "",
        "activity": one.value,
        "factors": "" if math.isnan(factor) else f"emission_factor {factor!r} {unit}",
    }
