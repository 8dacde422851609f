"""Activities of other sectors in years without a print, filled before they become emissions.

The filled numbers stand among those of the activity tables, and all are compiled as one: factors
are those of the year, and what looks back over years (decay, stocks) sees a series without a hole.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.errors import CarbonacctError, Finding, PanelError, read_finding
from carbonacct.inventory.entry_columns import IDENTITY
from carbonacct.inventory.plain_findings import write_finding
from carbonacct.projects.driver_bases import key_drivers
from carbonacct.projects.entry_table import list_entries, parse_entries, write_entries
from carbonacct.projects.filled_rows import make_filled_entry, say_correlation, splice_by_rule
from carbonacct.projects.filled_series import FilledYear
from carbonacct.projects.store import make_key, write_canonical
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from carbonacct.equations import Sector
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.runs import Workshop
    from carbonacct.projects.splice_rules import Splice
    from carbonacct.sectors.sources.activities import Activities

_SERIES = ["symbol", "area", "labels"]


@dataclass(frozen=True)
class _FilledActivity:
    """A filled number of an activity: the row that it is like, and the number."""

    like: dict[Any, Any]
    one: FilledYear


def fill_sources(
    entries: pd.DataFrame, rule: Splice, workshop: Workshop
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the entries that a rule makes out of activity tables, and what is to be said of these.

    An entry that is not estimated (NE) for want of the activity gets its number, and so does one of
    a later year that looks back; one that has a number keeps it.
    """
    made, findings = entries.iloc[:0], list[Finding]()
    for area_id, run in workshop.sources_runs():
        if not run.entries:
            continue
        inputs = {
            "run": run.key,
            "rule": repr(rule),
            "drivers": key_drivers(workshop) if rule.surrogate or rule.previous else [],
            "program": workshop.program,
        }
        key = make_key("filled sources", inputs)
        digest = workshop.store.find(key)
        if digest is None and not workshop.making:  # a status compiles nothing
            continue
        if digest is None:
            rows, found = _fill(workshop, area_id, rule)
            content = {
                "rows": write_entries(rows) if len(rows) else "",
                "findings": [write_finding(one) for one in found],
            }
            digest = workshop.store.put(write_canonical(content), under=key)
        held = json.loads(workshop.store.read(digest))
        findings += [read_finding(one) for one in held["findings"]]
        if held["rows"]:
            rows = parse_entries(held["rows"])
            made = pd.concat([made, rows], ignore_index=True) if len(made) else rows
    return _leave_prints(entries, made), findings


def _leave_prints(entries: pd.DataFrame, made: pd.DataFrame) -> pd.DataFrame:
    """Return made entries without those that have a print: a number, or a key other than NE."""
    keys = entries[list(IDENTITY)].itertuples(index=False, name=None)
    notation = dict(zip(keys, entries["notation"].tolist(), strict=True))
    own = made[list(IDENTITY)].itertuples(index=False, name=None)
    return made[[notation.get(key, "NE") == "NE" for key in own]]


def _fill(workshop: Workshop, area_id: str, rule: Splice) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the entries of all years that filled activities make or change."""
    from carbonacct.sectors.sources.activity_names import (  # noqa: PLC0415 - few projects have any
        list_sectors,
    )

    activities = workshop.read_sources(area_id)
    needs = _list_needs(list_sectors(activities.method), rule.flow)
    known = set(activities.rows["symbol"])
    twice = [flow for flow in needs if needs[flow] & known and workshop.takes_fuel_out({flow})]
    for flow in twice:
        del needs[flow]
    wanted = {symbol for symbols in needs.values() for symbol in symbols}
    filled, findings = _fill_series(activities.rows, wanted, rule, workshop)
    findings += [note_twice(flow) for flow in twice]
    if not filled:
        return pd.DataFrame(), findings
    workshop.progress(f"compiling activities filled by {rule.technique}")
    try:
        whole, lower, upper = (
            workshop.compile_activities(_add(activities, filled, bound), area_id)
            for bound in ("value", "lower", "upper")
        )
    except CarbonacctError as error:
        return pd.DataFrame(), [*findings, _refuse(rule.flow, rule, error)]
    entries = whole.entries
    chosen = entries["flow"].isin(list(needs)) & (entries["kind"] != "memo")
    chosen &= entries["value"].notna()
    if rule.product != "*":
        chosen &= entries["product"] == rule.product
    rows = list_entries(replace(whole, entries=entries[chosen])).to_dict("records")
    bounds = [_list_values(one) for one in (lower, upper)]
    made = []
    for row in rows:
        key = tuple(row[name] for name in IDENTITY)
        ends = sorted(one.get(key, math.nan) for one in bounds)
        if one := _join_years(filled, needs[row["flow"]], row, ends):
            made.append(make_filled_entry(row, one, rule) | {"factors": row["factors"]})
    return pd.DataFrame(made), findings


def _list_needs(sectors: Iterable[Sector], flow: str) -> dict[str, set[str]]:
    """Return the activities of each source, or of the one that is named."""
    from carbonacct.equations.evaluation import (  # noqa: PLC0415 - as above
        inputs_of,
        with_needs,
    )

    return {
        block.id: {
            name
            for needed in with_needs(sector, [block.id])
            for name in inputs_of(sector.blocks[needed])
            if name in sector.activities
        }
        for sector in sectors
        for block in sector.sources
        if flow in ("*", block.id)
    }


def _fill_series(
    rows: pd.DataFrame, wanted: set[str], rule: Splice, workshop: Workshop
) -> tuple[list[_FilledActivity], list[Finding]]:
    """Return the filled numbers of each series of an activity, and why others have none."""
    filled, findings = list[_FilledActivity](), list[Finding]()
    beside: dict[str, list[Mapping[str, float]]] = {}
    for (symbol, area, _), own in rows[rows["symbol"].isin(wanted)].groupby(_SERIES, sort=True):
        items = [label for _, label in own["labels"].iloc[0]]
        if rule.product != "*" and items and not set(rule.product.split(",")) & set(items):
            continue
        printed = {
            int(year): key or value
            for year, key, value in zip(own["year"], own["notation"], own["value"], strict=True)
        }
        if all(year in printed for year in rule.years):
            continue
        like = own.iloc[-1].to_dict()
        name = " ".join([str(area), str(symbol), *items])
        try:
            _check_amount(like["unit"], rule)
            spliced = splice_by_rule(printed, rule, workshop, str(area))
        except PanelError as error:
            findings.append(_refuse(name, rule, error))
            continue
        made = [_FilledActivity(like, one) for one in spliced.filled if one.year in rule.years]
        filled += made
        if made and rule.technique == "surrogate":
            beside.setdefault(str(area), []).append(spliced.parameters)
        findings += [
            replace(one, message=say("{what}: {message}", what=name, message=one.message))
            for one in spliced.findings
        ]
    findings += [say_correlation(area, rule, own) for area, own in beside.items()]
    return filled, findings


def _refuse(name: str, rule: Splice, error: CarbonacctError) -> Finding:
    message = say(
        "{what}: {technique} fills nothing: {error}",
        what=name,
        technique=rule.technique,
        error=error,
    )
    return Finding("splice-refused", "warning", message)


def note_twice(flow: str) -> Finding:
    """Return why a source is not filled beside an energy table of the year."""
    message = say(
        "{source} is not filled: its carbon is a part of the fuels of the energy table and would "
        "count twice",
        source=flow,
    )
    action = say("give its activity for these years in an activity table")
    return Finding("splice-refused", "warning", message, action=action)


def _check_amount(unit: str, rule: Splice) -> None:
    """Raise if a rule scales or extends a share or a rate: it does not grow as an area does."""
    is_ratio = unit in {"", "1", "%"} or "/" in unit
    if is_ratio and rule.technique != "interpolation":
        raise PanelError(say("a share or a rate is not scaled to other years; interpolate it"))


def _add(activities: Activities, filled: list[_FilledActivity], bound: str) -> Activities:
    """Return activities with filled numbers, or with an end of their intervals where known."""
    rows = []
    for held in filled:
        end = getattr(held.one, bound)
        # An activity is never below zero, whatever the interval of its trend says.
        value = held.one.value if math.isnan(end) else max(end, min(held.one.value, 0.0))
        rows.append(
            held.like | {"year": held.one.year, "value": value, "notation": "", "place": ""}
        )
    more = pd.DataFrame(rows).astype(activities.rows.dtypes.to_dict())
    return replace(activities, rows=pd.concat([activities.rows, more], ignore_index=True))


def _list_values(inventory: Inventory) -> dict[tuple[Any, ...], float]:
    keys = inventory.entries[list(IDENTITY)].astype(object).itertuples(index=False, name=None)
    return dict(zip(keys, inventory.entries["value"].tolist(), strict=True))


def _join_years(
    filled: list[_FilledActivity], needs: set[str], row: dict[Any, Any], ends: list[float]
) -> FilledYear | None:
    """Return what was filled of an entry: its value, its interval, and the years behind them."""
    own = [
        held.one
        for held in filled
        if held.like["symbol"] in needs and held.like["area"] == row["area"]
    ]
    used = [one for one in own if one.year == row["year"]] or own
    if not used:
        return None
    known = not any(math.isnan(one.lower) for one in used)
    lower, upper = (ends[0], ends[-1]) if known else (math.nan, math.nan)
    anchors = tuple(sorted({year for one in used for year in one.anchors}))
    return FilledYear(
        year=int(row["year"]), value=float(row["value"]), anchors=anchors, lower=lower, upper=upper
    )
