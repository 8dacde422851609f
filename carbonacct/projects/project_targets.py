"""Targets that a project declares: how they stand, how sure that is, and what filled years say."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.analysis.goal_verdicts import compare_goals, judge_goals
from carbonacct.analysis.goals import list_columns, read_goals
from carbonacct.analysis.long_table import read_long_table
from carbonacct.analysis.target_units import in_units_of
from carbonacct.errors import PanelError, ProjectError
from carbonacct.inventory.inventory_reader import read_inventory
from carbonacct.projects.declaration_keys import check_there
from carbonacct.projects.driver_tables import read_driver_tables
from carbonacct.projects.project_panel import make_panel
from carbonacct.records.area_names import area_id, spell_like
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import xarray as xr
    from numpy.typing import NDArray

    from carbonacct.analysis.goals import Goal
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.sectors.energy import EnergyInventory

_SUBMISSION = "submission:"
_FOLDER = "submissions"
_DRAWN = "co2"  # the column of a panel that draws are of: direct CO2 of fuels
_DRAWS = 10_000


def read_declared(declaration: Declaration) -> list[Goal]:
    """Return the targets of carbonacct.toml and of the file it names.

    Raises
    ------
    PanelError, ProjectError
        If one cannot be read, or names a submission that is not there.
    """
    rows = _read_rows(declaration)
    if not rows:
        raise PanelError(
            say('no targets are declared; write [[target]], or targets_file = "targets.csv"')
        )
    goals = read_goals(rows)
    return [_take_base(goal, row, declaration) for goal, row in zip(goals, rows, strict=True)]


def list_asked(declaration: Declaration) -> list[dict[str, Any]]:
    """Return the rows of all targets: declared, of a file, and of the documents that areas are compared with.

    Raises
    ------
    PanelError, ProjectError, TableError
        If a file or a document cannot be read.
    """
    return [*_read_rows(declaration), *_read_published(declaration)]


def _read_rows(declaration: Declaration) -> list[dict[str, Any]]:
    rows = [dict(target) for target in declaration.targets]
    if declaration.targets_file:
        check_there(declaration.folder, declaration.targets_file, "targets_file")
        table, _ = read_long_table(declaration.folder / declaration.targets_file, labels=["area"])
        if not isinstance(table, pd.DataFrame):
            raise PanelError(
                say(
                    "{targets_file}: targets are a table; write them as .csv",
                    targets_file=declaration.targets_file,
                )
            )
        records = table.to_dict("records")
        rows += [{str(name): value for name, value in row.items()} for row in records]
    return rows


def _take_base(goal: Goal, row: Mapping[str, Any], declaration: Declaration) -> Goal:
    """Return a target whose base is the number that a submission had, where it says so."""
    base = row.get("base")
    base_name = str(base.get("as", "current")) if isinstance(base, dict) else "current"
    if base_name == "current":
        return goal
    if not base_name.startswith(_SUBMISSION):
        raise ProjectError(
            say(
                "{target}: base.as is {text}; write current or submission:NAME",
                target=goal.id,
                text=repr(base_name),
            )
        )
    panel = _read_submission((declaration.folder / find_base(base_name)).parent, declaration)
    area = area_id(goal.area)
    own = panel[panel["area"].map(lambda one: area_id(str(one))) == area]
    own = own if area else panel
    if len(set(own["area"])) > 1:
        raise ProjectError(
            say(
                "{target}: its base is that of a submission of several areas; name its area",
                target=goal.id,
            )
        )
    value = read_base_number(goal, own)
    if not np.isfinite(value):
        raise ProjectError(
            say(
                "{target}: {submission} has no {quantity} in {year}; name another base, or give "
                "its number as base.value",
                target=goal.id,
                submission=base_name,
                quantity=goal.quantity,
                year=goal.base_year,
            )
        )
    # The base is an amount of the submission's panel, what is asked one in the unit of the target.
    units = panel.attrs.get("units", {})
    scale = 1.0
    with suppress(PanelError):  # the verdict says why
        scale = in_units_of(replace(goal, value=1.0), units).value
    return replace(goal, base_value=value / scale)


def find_base(base_name: str) -> str:
    """Return the inventory that "submission:NAME" stands for, relative to the project."""
    return f"{_FOLDER}/{base_name.removeprefix(_SUBMISSION)}/inventory.csv"


def list_judging(declaration: Declaration) -> list[str]:
    """Return the files of verdicts and paths: targets, uncertainties, bases, assumptions."""
    bases = (target.get("base") for target in declaration.targets)
    base_names = {str(base.get("as", "")) for base in bases if isinstance(base, dict)}
    homes = [find_base(word) for word in sorted(base_names) if word.startswith(_SUBMISSION)]
    held = [
        *homes,
        *(
            f"{home.rpartition('/')[0]}/inputs/{file}"
            for home in homes
            for file in declaration.drivers
        ),
    ]
    own = (declaration.uncertainty or {}).get("activity", "")
    growth = [str(one["growth"]) for one in declaration.shares if "growth" in one]
    assumed = str(declaration.scenario.get("file", ""))
    named = [declaration.targets_file, str(own), *growth, assumed]
    return [*filter(None, named), *(one for one in held if (declaration.folder / one).is_file())]


def _read_submission(folder: Path, declaration: Declaration) -> pd.DataFrame:
    """Return the panel of a submission, of its own inventory and drivers."""
    if not (folder / "inventory.csv").is_file():
        raise ProjectError(say("there is no submission {name}; correct base.as", name=folder.name))
    inputs = folder / "inputs"
    held = [one for one in declaration.bases if (inputs / one.file).is_file()]
    drivers = read_driver_tables(inputs, held)
    return make_panel(read_inventory(folder / "inventory.csv"), drivers)


def read_base_number(goal: Goal, panel: pd.DataFrame) -> float:
    """Return the quantity of a target in its base year from the rows of an area, NaN where it is not all there."""
    over, *under = goal.quantity.split("/")
    names = [*list_columns(goal), *under]
    rows = panel[panel["year"] == goal.base_year]
    if not over or len(rows) != 1 or not set(names) <= set(rows.columns):
        return float("nan")
    value = float(rows[list_columns(goal)].sum(axis=1, skipna=False).iloc[0])
    return value / float(rows[under[0]].iloc[0]) if under else value


def judge_declared(panel: pd.DataFrame, goals: Iterable[Goal]) -> pd.DataFrame:
    """Return how targets stand, areas spelt in any known way: 重庆 and Chongqing are one."""
    return judge_goals(panel, spell_goals(panel, goals))


def compare_declared(panel: pd.DataFrame, declaration: Declaration) -> pd.DataFrame:
    """Return how each area stands against the targets of published documents, for comparison.

    Raises
    ------
    ProjectError
        If no document is named, or one has no targets by quantity, statistic and bound.
    """
    rows = _read_published(declaration)
    if not rows:
        raise ProjectError(
            say(
                "the output {name} holds areas against published targets; write "
                'compare_targets = "carbon-peak-2021"',
                name="compared_targets",
            )
        )
    return compare_goals(panel, _scale_goals(panel, read_goals(rows)))


def _read_published(declaration: Declaration) -> list[dict[str, Any]]:
    records = [
        row
        for name in declaration.compare_targets
        for row in _load_targets(name).to_dict("records")
    ]
    return [{str(name): value for name, value in row.items()} for row in records]


def _load_targets(name: str) -> pd.DataFrame:
    """Return the targets of a published document, by quantity."""
    from carbonacct.published import load_published  # noqa: PLC0415 - few projects compare

    frame = load_published(name, "targets")
    if "quantity" not in frame.columns:
        raise ProjectError(
            say(
                "compare_targets: {name} does not say quantity, statistic and bound of its targets; "
                "carbon-peak-2021 does",
                name=name,
            )
        )
    return frame


def _scale_goals(panel: pd.DataFrame, goals: Iterable[Goal]) -> list[Goal]:
    """Return targets whose amounts are in the units of a panel where they can be."""
    found = list(goals)
    for i, goal in enumerate(found):
        with suppress(PanelError):  # the verdict says why
            found[i] = in_units_of(goal, panel.attrs.get("units", {}))
    return found


def spell_goals(panel: pd.DataFrame, goals: Iterable[Goal]) -> list[Goal]:
    """Return targets whose areas are spelt as in a panel, and whose amounts are in its units where they can be."""
    goals = list(goals)
    spelt = spell_like((goal.area for goal in goals), map(str, panel["area"].unique()))
    named = [replace(goal, area=area) for goal, area in zip(goals, spelt, strict=True)]
    return _scale_goals(panel, named)


def add_provisional(
    judged: pd.DataFrame, whole: pd.DataFrame, goals: Iterable[Goal]
) -> pd.DataFrame:
    """Return verdicts with what they would be on years that rules fill.

    Parameters
    ----------
    judged
        Verdicts on printed years.
    whole
        The panel with filled years.

    Returns
    -------
    DataFrame
        With ``provisional_to, provisional_reached, provisional_status``, blank where no filled year
        goes beyond the printed ones.
    """
    found = judge_declared(whole, goals)
    later = found["to"].notna() & (judged["to"].isna() | (found["to"] > judged["to"]))
    return judged.assign(
        provisional_to=found["to"].where(later),
        provisional_reached=found["reached"].where(later),
        provisional_status=found["status"].where(later, ""),
    )


def add_chances(
    judged: pd.DataFrame,
    panel: pd.DataFrame,
    goals: Iterable[Goal],
    drawn: Mapping[tuple[str, int], NDArray[Any]],
) -> pd.DataFrame:
    """Return verdicts with a column ``chance``: in which share of draws what they ask holds.

    Parameters
    ----------
    drawn
        Draws of direct CO2 by area and year (:func:`draw_totals`). What else a quantity is made of
        counts as exact; one that is not of direct CO2 has no chance.
    """
    from carbonacct.analysis.chances import find_chance  # noqa: PLC0415 - where draws are asked for

    goals = spell_goals(panel, goals)
    areas = list(dict.fromkeys(panel["area"]))
    pairs = [(goal, area) for goal in goals for area in ([goal.area] if goal.area else areas)]
    names = ("to", "path", "status")
    verdicts = [
        dict(zip(names, row, strict=True))
        for row in judged[list(names)].itertuples(index=False, name=None)
    ]
    chances = [
        find_chance(goal, _draw_quantity(goal, panel[panel["area"] == area], drawn), verdict)
        for (goal, area), verdict in zip(pairs, verdicts, strict=True)
    ]
    return judged.assign(chance=chances)


def _draw_quantity(
    goal: Goal, panel: pd.DataFrame, drawn: Mapping[tuple[str, int], NDArray[Any]]
) -> dict[int, NDArray[Any]]:
    """Return draws of a quantity by year; none where it is not one of direct CO2."""
    over, *under = goal.quantity.split("/")
    if over != _DRAWN or list_columns(goal)[:1] != [_DRAWN] or 2 in goal.scope:
        return {}
    names = [*list_columns(goal), *under]
    if not set(names) <= set(panel.columns):
        return {}
    quantity: dict[int, NDArray[Any]] = {}
    for row in panel.to_dict("records"):
        error = drawn.get((str(row["area"]), int(row["year"])))
        below = float(row[under[0]]) if under else 1.0
        value = sum(float(row[name]) for name in list_columns(goal))
        if error is not None and np.isfinite(value) and below > 0:
            made, year = (value + error) / below, int(row["year"])
            if year == goal.base_year and not math.isnan(goal.base_value) and value > 0:
                made = goal.base_value * (
                    1 + error / value
                )  # another number, the same relative error
            quantity[year] = made
    return quantity


def draw_totals(
    cubes: Sequence[EnergyInventory], options: Mapping[str, Any], folder: Path
) -> dict[tuple[str, int], NDArray[Any]]:
    """Return the errors of direct CO2 by area and year, in t, draw by draw.

    A factor row that years share has one error in all of them, so that it cancels in a cut.
    """
    import xarray as xr  # noqa: PLC0415 - as above

    from carbonacct.uncertainty import model_inventory, propagate  # noqa: PLC0415

    made = [cube for cube in cubes if "CO2" in cube.gases]
    if not made:
        return {}
    choices = {key: options[key] for key in ("statistics", "bounds_from") if key in options}
    file = options.get("activity")
    model = model_inventory(made, inputs=folder / file if file else None, **choices)
    tiles: list[xr.DataArray] = []

    def keep(totals: xr.DataArray) -> xr.DataArray:
        tiles.append(totals)
        return totals

    draws, seed = int(options.get("draws", _DRAWS)), int(options.get("seed", 0))
    propagate(model, keep, draws=draws, seed=seed)
    point = next(one for one in tiles if one.sizes["draw"] == 1)
    whole = xr.concat([one for one in tiles if one is not point], dim="draw")
    return {
        (str(area), int(year)): (whole - point.isel(draw=0)).sel(area=area, year=year).to_numpy()
        for area in whole["area"].values
        for year in whole["year"].values
        if np.isfinite(point.sel(area=area, year=year).to_numpy()).all()
    }
