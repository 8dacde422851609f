"""The inventory of a whole project out of its store: runs joined, gaps filled by declared rules."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.errors import ProjectError
from carbonacct.inventory.entry_columns import IDENTITY
from carbonacct.inventory.record import COLUMNS, ENTRY, Inventory, make_entries
from carbonacct.projects.entry_table import MORE, ORIGINS
from carbonacct.projects.filled_entries import fill_gaps
from carbonacct.projects.filled_rows import CLEARED, FILLED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.errors import Finding
    from carbonacct.projects.run_record import Run
    from carbonacct.projects.runs import Workshop


def gather_entries(workshop: Workshop) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the entries of all runs and of filled years, and what was found of these."""
    runs = [run for run in workshop.all_runs() if run.entries]
    frames = [workshop.entries(run) for run in runs]
    if not frames:
        return pd.DataFrame(columns=[*COLUMNS, *MORE, *ORIGINS]), []
    whole, subtracted = _take_fuel_out(workshop, pd.concat(frames, ignore_index=True))
    filled, findings = fill_gaps(whole, workshop)
    return filled, [*subtracted, *findings]


def take_prints(entries: pd.DataFrame) -> pd.DataFrame:
    """Return what is printed: no year that rules fill, and what they fill beside prints as not estimated there.

    So the sum of a year that a rule completes is no number where prints alone count.
    """
    filled = entries["status"] == FILLED
    labels = list(zip(entries["area"].tolist(), entries["year"].tolist(), strict=True))
    printed = {label for label, made in zip(labels, filled, strict=True) if not made}
    beside = filled & pd.Series([label in printed for label in labels], index=entries.index)
    # An area-year that rules fill altogether is no print, and goes; one that they complete stays.
    held = entries[~filled | beside].copy()
    blank: dict[str, Any] = CLEARED | {"value": math.nan, "notation": "NE", "status": ""}
    for name, value in blank.items():
        held[name] = held[name].mask(beside[held.index], value)
    return held


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
