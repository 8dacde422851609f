"""The inventory of a whole project out of its store: runs joined, gaps filled by declared rules."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.errors import Finding, PanelError, ProjectError
from carbonacct.inventory.entry_columns import IDENTITY
from carbonacct.inventory.record import COLUMNS, ENTRY, Inventory, make_entries
from carbonacct.projects.driver_tables import read_driver_table
from carbonacct.projects.entry_table import MORE, ORIGINS
from carbonacct.projects.splicing import extrapolate, interpolate, splice_surrogate
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.projects.filled_series import FilledYear, Spliced
    from carbonacct.projects.project_declaration import Declaration, Splice
    from carbonacct.projects.runs import Run, Workshop

SERIES = ["area", "sector", "scope", "kind", "flow", "product", "category", "gas"]
FILLED = "filled"
_INTERVAL = "; 95 %: "
_LEFT = 0.01  # share of a printed year that a filled one may lack


def gather_entries(workshop: Workshop) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the entries of all runs and of filled years, and what was found of these."""
    runs = [run for run in workshop.all_runs() if run.entries]
    frames = [workshop.entries(run) for run in runs]
    if not frames:
        return pd.DataFrame(columns=[*COLUMNS, *MORE, *ORIGINS]), []
    whole, subtracted = _take_fuel_out(workshop, pd.concat(frames, ignore_index=True))
    filled, findings = fill_gaps(whole, workshop.declaration)
    return filled, [*subtracted, *findings]


def _take_fuel_out(workshop: Workshop, entries: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return entries in which fuel whose carbon a source counts does not burn, and what is said of it."""
    if not workshop.takes_fuel_out(set(entries["flow"])):
        return entries, []
    joined = workshop.joined_run()
    if not joined.is_made:  # a status compiles nothing
        return entries, []
    if joined.refused:
        raise ProjectError(joined.refused)
    keys = list(IDENTITY)
    again = workshop.entries(joined).set_index(keys)
    again = again.reindex(pd.MultiIndex.from_frame(entries[keys]))
    changed = {name: again[name].to_numpy() for name in ("value", "activity", *ORIGINS[:3])}
    found = [one for one in joined.findings if one.rule == "partner-subtracted"]
    return entries.assign(**changed), found


def to_inventory(
    entries: pd.DataFrame, runs: Iterable[Run], findings: Iterable[Finding]
) -> Inventory:
    """Return entries as a record, with the findings and the makings of their runs."""
    runs = list(runs)
    columns = {name: entries[name].to_numpy() for name in ENTRY if name in entries.columns}
    return Inventory(
        entries=make_entries(columns),
        findings=tuple(dict.fromkeys([*(f for run in runs for f in run.findings), *findings])),
        made_from=tuple(dict.fromkeys(one for run in runs for one in run.made_from)),
    )


def fill_gaps(
    entries: pd.DataFrame, declaration: Declaration
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return entries with those that rules fill, and findings.

    A rule fires in a year where its series has neither a number nor a notation key: it goes by
    itself when a print arrives. It uses prints alone, never what another rule filled. Filled
    entries have the status ``filled``, and say technique, years and reason in ``where``.
    """
    made, findings = [], list[Finding]()
    for rule in declaration.splices:
        rows, found = _apply(entries, rule, declaration)
        made += [rows] if len(rows) else []
        findings += found
    if not made:
        return entries, findings
    filled = pd.concat(made, ignore_index=True)
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
    return pd.concat([entries, filled], ignore_index=True), findings


def _find_lacking(entries: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Return what filled entries leave out of a year without a table, beside the printed years.

    "" where it is next to nothing.
    """
    area, year = rows["area"].iloc[0], int(rows["year"].iloc[0])
    own = entries[(entries["area"] == area) & (entries["kind"] != "memo")]
    years = sorted(own["year"].unique().tolist())
    if year in years:
        return ""  # the table of the year says what is there
    beside = [*[one for one in years if one < year][-1:], *[one for one in years if one > year][:1]]
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
    entries: pd.DataFrame, rule: Splice, declaration: Declaration
) -> tuple[pd.DataFrame, list[Finding]]:
    chosen = entries[entries["kind"] != "memo"]
    for dim, label in (("flow", rule.flow), ("product", rule.product)):
        if label != "*":
            chosen = chosen[chosen[dim] == label]
    rows, findings = [], list[Finding]()
    for labels, series in chosen.groupby(SERIES, sort=True, dropna=False):
        printed = {
            int(year): key or value
            for year, key, value in zip(
                series["year"], series["notation"], series["value"], strict=True
            )
        }
        what = " ".join(str(label) for label in labels if label)
        try:
            spliced = _splice(printed, rule, declaration, str(labels[0]))
        except PanelError as error:
            message = say(
                "{what}: {technique} fills nothing: {error}",
                what=what,
                technique=rule.technique,
                error=error,
            )
            findings.append(Finding("splice-refused", "warning", message))
            continue
        last = series.iloc[-1].to_dict()
        rows += [_entry(last, one, rule) for one in spliced.filled if one.year in rule.years]
        done = {*printed, *(one.year for one in spliced.filled)}
        if any(year not in done for year in rule.years):
            findings += [
                Finding(
                    one.rule,
                    one.severity,
                    say("{what}: {message}", what=what, message=one.message),
                    "",
                    one.action,
                )
                for one in spliced.findings
            ]
    if rows:
        years = join_texts(", ", map(str, rule.years))
        message = say(
            "{row_count} entries of {years} are filled by {technique}: {because}",
            row_count=len(rows),
            years=years,
            technique=rule.technique,
            because=rule.because,
        )
        findings.insert(0, Finding("filled", "info", message))
    return pd.DataFrame(rows, columns=list(entries.columns)), findings


def _splice(
    printed: dict[int, float | str], rule: Splice, declaration: Declaration, area: str
) -> Spliced:
    if rule.technique == "interpolation":
        return interpolate(printed, percent=rule.percent, longest=rule.longest)
    if rule.technique == "extrapolation":
        return extrapolate(printed, rule.years, percent=rule.percent)
    return splice_surrogate(
        printed, _read_surrogate(rule.surrogate, declaration, area), percent=rule.percent
    )


def _read_surrogate(name: str, declaration: Declaration, area: str) -> dict[int, float]:
    """Return a driver of the project by year."""
    for file in declaration.drivers:
        table, _ = read_driver_table(declaration.folder / file)
        if name in table.columns:
            own = table[table["area"].isin([area, ""])]
            return dict(zip(own["year"].tolist(), own[name].tolist(), strict=True))
    raise PanelError(
        say("no drivers hold the surrogate {name!r}; name a column of a drivers file", name=name)
    )


def read_fill(where: str) -> tuple[float, float, str]:
    """Return lower and upper bound (NaN for none) and the reason of a filled entry.

    Examples
    --------
    >>> read_fill("interpolation of 2012, 2014: table lost; 95 %: 1.0 to 3.0 t")
    (1.0, 3.0, 'table lost')
    """
    text, _, interval = where.partition(_INTERVAL)
    lower, _, upper = interval.removesuffix(" t").partition(" to ")
    bounds = (float(lower), float(upper)) if interval else (math.nan, math.nan)
    return *bounds, text.partition(": ")[2]


def _entry(like: dict[Any, Any], one: FilledYear, rule: Splice) -> dict[Any, Any]:
    """Return the entry of a filled year, in the words of the series' last print."""
    anchors = ", ".join(map(str, one.anchors))
    known = not math.isnan(one.lower)
    interval = f"{_INTERVAL}{float(one.lower)} to {float(one.upper)} t" if known else ""
    return {
        **like,
        "year": one.year,
        "value": one.value,
        "notation": "",
        "activity": math.nan,
        "method": f"{rule.technique} ({anchors})",
        "where": f"{rule.technique} of {anchors}: {rule.because}{interval}",
        "printed": "",
        "factors": "",
        "status": FILLED,
    }
