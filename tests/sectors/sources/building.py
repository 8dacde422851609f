"""Activity tables made for one test."""

from __future__ import annotations

import csv
import io

from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import compile_sources

HEAD = ("area", "year", "activity", "item", "value", "unit", "source", "note")


def write_table(folder, *rows, name="activity.csv", head=HEAD):
    """Write a long table of activity, item, value, unit and, where they differ, area and year."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    for activity, item, value, unit, *place in rows:
        area, year = (*place, "重庆", 2020)[:2] if len(place) != 1 else (place[0], 2020)
        writer.writerow([area, year, activity, item, value, unit, "", ""])
    path = folder / name
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def read(folder, *rows, method="provincial-2011", **options):
    """Return the activities of a table."""
    return read_activities([write_table(folder, *rows)], method, **options)


def compiled(folder, *rows, method="provincial-2011", sectors=None, **options):
    """Return the inventory of a table."""
    activities = read(folder, *rows, method=method, sectors=sectors)
    return compile_sources(activities, sectors=sectors, **options)


def value_of(inventory, flow, product="", gas=None):
    """Return the one value of a source."""
    entries = inventory.entries
    here = (entries["flow"] == flow) & (entries["product"] == product)
    return entries[here & ((entries["gas"] == gas) if gas else True)]["value"].item()
