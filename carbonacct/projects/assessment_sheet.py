"""The assessment sheet of a year: what each target asks, what was reached, and on which evidence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct.analysis.goals import list_columns
from carbonacct.data import shown_name
from carbonacct.projects.driver_bases import find_driver_file
from carbonacct.projects.driver_tables import read_driver_table
from carbonacct.projects.project_targets import spell_goals
from carbonacct.records.area_names import spell_like
from carbonacct.texts import Text, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from carbonacct.analysis.goals import Goal
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.run_record import Run

COLUMNS = (
    "id",
    "area",
    "asked",
    "firmness",
    "subset",
    "base_year",
    "base",
    "due",
    "to",
    "value",
    "reached",
    "path",
    "status",
    "chance",
    "evidence",
    "lacking",
    "source",
)
_SIGNS = {"at_least": ">=", "at_most": "<=", "about": "~", "range": "in"}


def fill_assessment(
    judged: pd.DataFrame,
    panel: pd.DataFrame,
    goals: Iterable[Goal],
    places: Mapping[str, Mapping[tuple[str, int], str]],
) -> pd.DataFrame:
    """Return the sheet: one row a target and area, with each number and where it came from.

    Parameters
    ----------
    judged
        Verdicts, one row a target and area.
    panel
        What they were judged on.
    places
        By column of the panel and by area and year, the file that a number came from.

    Returns
    -------
    DataFrame
        ``asked`` in words of the target, ``base`` and ``value`` of its quantity in the base year
        and in the year judged, the verdict, ``evidence``: each number with its year and file; and
        ``lacking``: what the row would need.
    """
    units = panel.attrs.get("units", {})
    areas = list(dict.fromkeys(panel["area"]))
    spelt = spell_goals(panel, goals)
    pairs = [(goal, area) for goal in spelt for area in ([goal.area] if goal.area else areas)]
    rows = []
    for (goal, area), row in zip(pairs, judged.to_dict("records"), strict=True):
        held = _read_numbers(panel[panel["area"] == area])
        names = [*list_columns(goal), *goal.quantity.split("/")[1:]]
        to = None if pd.isna(row["to"]) else int(row["to"])
        years = [year for year in dict.fromkeys((goal.base_year, to)) if year is not None]
        evidence = [
            say(
                "{name} {year}: {number} [{files}]",
                name=name,
                year=year,
                number=f"{held[year, name]!r} {units.get(name, '')}".rstrip(),
                files=places.get(name, {}).get((area, year), ""),
            )
            for year in years
            for name in names
            if (year, name) in held
        ]
        base = _value(held, goal, goal.base_year)
        rows.append(
            {
                **{str(name): row[name] for name in judged.columns if name in COLUMNS},
                "area": area,
                "asked": _ask(goal),
                "firmness": goal.firmness,
                "subset": goal.subset,
                "base": base if math.isnan(goal.base_value) else goal.base_value,
                "value": _value(held, goal, to),
                "evidence": join_texts("; ", evidence),
                "lacking": row["reason"],
                "source": goal.source,
            }
        )
    made = [name for name in COLUMNS if name != "chance" or name in judged.columns]
    texts = {
        name: pd.Series([row[name] for row in rows], dtype=object)  # they know their values
        for name in ("asked", "evidence")
    }
    return pd.DataFrame(rows, columns=made).assign(**texts)


def _read_numbers(panel: pd.DataFrame) -> dict[tuple[int, str], float]:
    """Return the numbers of a panel of one area by year and column."""
    names = [str(name) for name in panel.select_dtypes("number").columns if name != "year"]
    return {
        (int(year), name): float(value)
        for name in names
        for year, value in zip(panel["year"], panel[name], strict=True)
        if pd.notna(value)
    }


def _ask(goal: Goal) -> Text:
    """Return what a target asks, as quantity, statistic and bound."""
    share = goal.unit in {"%", "％"} and goal.statistic in {"cut", "rise", "rate"}
    numbers = [goal.lower, goal.upper] if goal.bound == "range" else [goal.value]
    shown = " - ".join(f"{number * (100 if share else 1):.10g}" for number in numbers)
    return say(
        "{quantity} {statistic} {sign} {number}",
        quantity=goal.quantity,
        statistic=goal.statistic,
        sign=_SIGNS[goal.bound],
        number=f"{shown} {goal.unit}".rstrip(),
    )


def _value(held: Mapping[tuple[int, str], float], goal: Goal, year: int | None) -> float:
    """Return the quantity of a year, NaN where it is not all there."""
    over, under = list_columns(goal), goal.quantity.split("/")[1:]
    if year is None or any((year, name) not in held for name in (*over, *under)):
        return math.nan
    value = math.fsum(held[year, name] for name in over)
    return value / held[year, under[0]] if under else value


def find_places(
    runs: Sequence[Run], declaration: Declaration, panel: pd.DataFrame
) -> dict[str, dict[tuple[str, int], str]]:
    """Return the files of the numbers of a panel, by column and by area and year."""
    tables: dict[tuple[str, int], list[str]] = {}
    for run in runs:
        for place in run.places:
            tables.setdefault(place, []).extend(shown_name(one.path) for one in run.files)
    files = {place: ", ".join(dict.fromkeys(names)) for place, names in tables.items()}
    places = {str(name): files for name in panel.columns}
    areas = list(map(str, panel["area"].unique()))
    held: dict[str, dict[tuple[str, int], str]] = {}
    for one in declaration.bases:
        table, _ = read_driver_table(find_driver_file(declaration.folder, one), one.sheet or None)
        spelt = spell_like(map(str, table["area"]), areas)
        for name in table.columns.drop(["area", "year"]):
            own = held.setdefault(str(name), {})
            for area, year, value in zip(spelt, table["year"].tolist(), table[name], strict=True):
                if pd.notna(value):  # a file without areas is of the one there is
                    for known in [area] if area else areas:
                        own.setdefault((known, year), shown_name(one.place))
    return places | held
