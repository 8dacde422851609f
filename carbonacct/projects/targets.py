"""Targets that a project declares, and how they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct import vocabulary
from carbonacct.analysis.goals import judge_goals, read_goals
from carbonacct.analysis.long_table import read_long_table
from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.analysis.goals import Goal
    from carbonacct.projects.declaration import Declaration


def read_declared(declaration: Declaration) -> list[Goal]:
    """Return the targets of carbonacct.toml and of the file it names.

    Raises
    ------
    PanelError
        If one cannot be read.
    """
    rows = [dict(target) for target in declaration.targets]
    if declaration.targets_file:
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
    if not rows:
        raise PanelError(
            say('no targets are declared; write [[target]], or targets_file = "targets.csv"')
        )
    return read_goals(rows)


def judge_declared(panel: pd.DataFrame, goals: list[Goal]) -> pd.DataFrame:
    """Return how targets stand, areas spelt in any known way: 重庆 and Chongqing are one."""
    known = {vocabulary.resolve("area", str(area)) or area: area for area in panel["area"]}
    spelt = [replace(goal, area=known.get(_area(goal), goal.area)) for goal in goals]
    return judge_goals(panel, spelt)


def _area(goal: Goal) -> str:
    return vocabulary.resolve("area", goal.area) or goal.area
