"""How sure a verdict on a target is, from draws of the quantity that it is about."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.analysis.goal_verdicts import holds, measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from carbonacct.analysis.goals import Goal


def find_chance(goal: Goal, drawn: Mapping[int, NDArray[Any]], verdict: Mapping[str, Any]) -> float:
    """Return in which share of draws a target is where its verdict asks it to be.

    Parameters
    ----------
    goal
        The target.
    drawn
        Draws of its quantity by year, around the numbers that the verdict took; of one draw, all
        years belong together, so that an error that the base year and the year judged share cancels.
    verdict
        A row of :func:`carbonacct.judge_goals`: ``to, path, status``. What is met or missed is held
        against the number of the target, what is on the path or behind it against the path; a cap
        without a base year has none and is held against its number, as its verdict is.

    Returns
    -------
    float
        0 to 1, NaN where the verdict is open or a year has no draws.

    Examples
    --------
    >>> from carbonacct.analysis.goals import Goal
    >>> goal = Goal("g", "A", "co2", "level", "at_most", 2020, value=100.0)
    >>> drawn = {2020: np.array([90.0, 99.0, 101.0, 95.0])}
    >>> find_chance(goal, drawn, {"to": 2020, "path": 100.0, "status": "met"})
    0.75
    """
    status = verdict["status"]
    if status not in {"met", "missed", "on_path", "behind"} or not drawn:
        return math.nan
    if goal.statistic == "peak_year":
        years = np.array(sorted(drawn))
        tops = years[np.argmax(np.stack([drawn[year] for year in years]), axis=0)]
        return float(np.mean(holds(goal, tops.astype(float), goal.value)))
    now, first = int(verdict["to"]), goal.base_year
    needed = {now} if first is None else {first, now}
    if goal.statistic == "cumulative" and first is not None:
        needed = set(range(first + 1, now + 1))
    if not needed <= drawn.keys():
        return math.nan
    base = None if first is None else drawn.get(first)
    path = float(verdict["path"])
    number = goal.value if status in {"met", "missed"} or math.isnan(path) else path
    return float(np.mean(holds(goal, measure(goal, drawn, base, now), number)))
