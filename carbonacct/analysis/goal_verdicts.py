"""How targets stand: what a panel reaches of each, on which path, and the verdict."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.analysis.goals import RELATIVE, Goal, is_relative, list_columns
from carbonacct.analysis.peak import load_peak_rule
from carbonacct.analysis.reasons import as_column
from carbonacct.analysis.series import split_series
from carbonacct.analysis.target_units import in_units_of
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MONEY = ("gdp", "value_added")
_ROUNDING = 1e-9
_RESULTS = (
    "id",
    "area",
    "quantity",
    "statistic",
    "bound",
    "base_year",
    "due",
    "target",
    "to",
    "reached",
    "path",
    "progress",
    "needed_rate",
    "status",
    "reason",
)


def judge_goals(panel: pd.DataFrame, goals: Iterable[Goal], *, over: str = "year") -> pd.DataFrame:
    """Return how each target stands in the last year that a panel has for it.

    Parameters
    ----------
    panel
        ``area``, the column `over`, and the columns that the quantities name.
    goals
        A target without an area is judged for each area of the panel.

    Returns
    -------
    DataFrame
        ``id, area, quantity, statistic, bound, base_year, due, target, to`` (the year judged),
        ``reached, path`` (where its path is in that year), ``progress, needed_rate`` a year
        of the quantity, ``status`` (met, on_path, behind, open, missed) and ``reason``.

    Notes
    -----
    With q0 of the base year, T years to the due one and t passed: a geometric path of a cut c is
    1 - (1 - c)^(t/T) (18 % is 11.2 % after 3 of 5 years), a linear one c t/T (10.8 %).

    Examples
    --------
    >>> panel = pd.DataFrame({"area": "A", "year": [2020, 2023], "co2": [100.0, 110.0]})
    >>> from carbonacct.analysis.goals import read_goal
    >>> goal = read_goal({"id": "g", "quantity": "co2/gdp", "statistic": "cut", "value": 18,
    ...                   "bound": "at_least", "unit": "%", "base": 2020, "due": 2025,
    ...                   "prices": "constant 2020"})
    >>> judge_goals(panel.assign(gdp=[50, 63]), [goal]).round(3)[["reached", "path", "status"]]
       reached   path   status
    0    0.127  0.112  on_path
    """
    for name in ("area", over):
        if name not in panel.columns:
            others = [str(column) for column in panel.columns if column not in {"area", over}]
            near = did_you_mean(name, others) or say("add it")
            raise PanelError(say("no column {by!r}; {near}", by=name, near=near))
    areas = list(dict.fromkeys(panel["area"]))
    rows = []
    for goal in goals:
        for area in [goal.area] if goal.area else areas:
            part = panel[panel["area"] == area]
            asked = {name: getattr(goal, name) for name in _RESULTS[:7] if name != "area"}
            rows.append({**asked, "area": area, **_judge(goal, part, over)})
    found = pd.DataFrame(rows, columns=list(_RESULTS))
    found["reason"] = as_column(row["reason"] for row in rows)
    return found.astype({"base_year": "Int64", "due": "Int64", "to": "Int64"})


def compare_goals(
    panel: pd.DataFrame, goals: Iterable[Goal], *, over: str = "year"
) -> pd.DataFrame:
    """Return how each area stands against targets of a whole that it lies in.

    Returns
    -------
    DataFrame
        As :func:`judge_goals`. A share, a ratio, a relative change or a peak year is held against
        the area, for comparison only. An amount of the whole is no amount
        of a part, and the reason says so.

    Examples
    --------
    >>> panel = pd.DataFrame({"area": "A", "year": [2025], "share": [22.0], "stock": [3.0]})
    >>> rows = [{"id": name, "area": "全国", "quantity": name, "statistic": "level", "value": 20,
    ...          "bound": "at_least", "due": 2025, "unit": unit}
    ...         for name, unit in (("share", "%"), ("stock", "亿立方米"))]
    >>> from carbonacct.analysis.goals import read_goals
    >>> compare_goals(panel, read_goals(rows))[["area", "status"]].values.tolist()
    [['A', 'met'], ['A', '']]
    """
    areas = list(dict.fromkeys(panel["area"]))
    rows = []
    for goal in goals:
        for area in areas:
            own = replace(goal, area=area)
            row = judge_goals(panel[panel["area"] == area], [own], over=over)
            if goal.area not in {"", area} and not is_relative(goal):
                reason = say(
                    "an amount of {whole} is no target of {area}; divide it",
                    whole=goal.area,
                    area=area,
                )
                row = row.assign(
                    to=math.nan,
                    reached=math.nan,
                    path=math.nan,
                    progress=math.nan,
                    needed_rate=math.nan,
                    status="",
                    reason=as_column([reason]),
                )
            rows.append(row)
    names = list(_RESULTS)
    found = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=names)
    return found.astype({"base_year": "Int64", "due": "Int64", "to": "Int64"})


def _judge(goal: Goal, part: pd.DataFrame, over: str) -> dict[str, Any]:
    try:
        goal = in_units_of(goal, part.attrs.get("units", {}))
    except PanelError as error:
        return {"target": math.nan, "reason": str(error), "status": ""}
    target = goal.value if goal.bound != "range" else goal.lower
    empty = {"target": target, "reason": "", "status": ""}
    if lacking := _say_lacking(goal, part):
        return {**empty, "reason": lacking}
    years, values = _read_quantity(goal, part, over)
    if goal.statistic == "peak_year":
        return {**empty, **_judge_peak(goal, years, values)}
    held = dict(zip(years.tolist(), values.tolist(), strict=True))
    try:
        now = _find_year(goal, held, _name_absent(goal, part, over))
    except PanelError as error:
        return {**empty, "reason": str(error)}
    base = None
    if goal.base_year is not None:
        base = held[goal.base_year] if math.isnan(goal.base_value) else goal.base_value
    reached = float(measure(goal, held, base, now))
    path = _path(goal, target, base, now)
    status = _status(goal, reached, path, now)
    if status != "met" and _is_used_up(goal, held, reached, now):
        status = "missed"
    found = {"to": now, "reached": reached, "path": path, "status": status}
    if goal.base_year is not None and goal.statistic in {"level", "cut", "rise", "added"}:
        start = base if base is not None and goal.statistic == "level" else 0.0
        found["progress"] = (reached - start) / (target - start) if target != start else math.nan
    found["needed_rate"] = _needed(goal, target, base, held[now], left=goal.due - now)
    return {**empty, **found}


def _name_absent(goal: Goal, part: pd.DataFrame, over: str) -> str:
    """Return the columns that have no number in the base year of a target, the quantity where that year has no row."""
    names = [*list_columns(goal), *goal.quantity.split("/")[1:]]
    rows = part[part[over] == goal.base_year]
    return join_texts(", ", rows[names].columns[rows[names].isna().any()]) or goal.quantity


def _find_year(goal: Goal, held: Mapping[int, float], absent: str) -> int:
    """Return the last year that a target can be judged in.

    `absent` is what the base year has no number of, if it has none.

    Raises
    ------
    PanelError
        If there is none, with what is missing.
    """
    first = goal.base_year
    given = not math.isnan(goal.base_value)
    if first is not None and first not in held and not given:
        raise PanelError(
            say("no {quantity} in the base year {first}", quantity=absent, first=first)
        )
    later = [year for year in held if (first is None or year > first) and year <= goal.due]
    if not later:
        raise PanelError(say("no {quantity} up to {due}", quantity=goal.quantity, due=goal.due))
    now = max(later)
    if goal.statistic == "cumulative" and first is not None and len(later) < now - first:
        raise PanelError(
            say(
                "a year from {first} to {now} has no {quantity}",
                first=first + 1,
                now=now,
                quantity=goal.quantity,
            )
        )
    start = goal.base_value if given else held.get(first, math.nan) if first else math.nan
    if first is not None and start <= 0 and goal.statistic in RELATIVE:
        raise PanelError(
            say("{quantity} is not above zero in {first}", quantity=goal.quantity, first=first)
        )
    if goal.statistic == "rate" and held[now] < 0:  # no rate leads there
        raise PanelError(
            say("{quantity} is not above zero in {first}", quantity=goal.quantity, first=now)
        )
    return now


def _say_lacking(goal: Goal, part: pd.DataFrame) -> str:
    """Return what the data lack for a target, "" where they have it."""
    if not len(part):
        return say("no rows in the data")
    names = goal.quantity.split("/")
    for name in (*list_columns(goal), *names[1:]):
        if name not in part.columns:
            return say("no column {name} in the data", name=name)
    money = [name for name in names if name.startswith(_MONEY)]
    constant = bool(goal.prices) and not goal.prices.startswith(("current", "现价", "当年价"))
    if money and goal.statistic in {*RELATIVE, "added"} and not constant:
        return say(
            '{money} at current prices holds inflation; write prices = "constant 2020"',
            money=money[0],
        )
    return ""


def _read_quantity(goal: Goal, part: pd.DataFrame, over: str) -> tuple[Any, Any]:
    """Return years and numbers of a quantity, where it has one."""
    columns, names = list_columns(goal), goal.quantity.split("/")
    series = split_series(part, [*columns, *names[1:]], over=over)
    values = np.sum([series.values[name][0] for name in columns], axis=0)
    if len(names) == 2:
        under = series.values[names[1]][0]
        values = np.divide(values, under, out=np.full_like(values, np.nan), where=under > 0)
    known = np.isfinite(values)
    return series.years[known], values[known]


def measure(goal: Goal, held: Mapping[int, Any], base: Any, now: int) -> Any:
    """Return the statistic in a year, a share as a fraction; of draws the one of each draw."""
    value, first = held[now], goal.base_year or 0
    if goal.statistic == "level":
        return value
    if goal.statistic == "cumulative":
        numbers = [number for year, number in held.items() if first < year <= now]
        return np.sum(numbers, axis=0) if np.ndim(numbers[0]) else math.fsum(numbers)
    if goal.statistic == "added":
        return value - base
    relative = value / base
    if goal.statistic == "rate":
        return relative ** (1 / (now - first)) - 1
    return relative - 1 if goal.statistic == "rise" else 1 - relative


def _path(goal: Goal, target: float, base: float | None, now: int) -> float:
    """Return where the path to a target is in a year."""
    if goal.path == "none" or base is None or goal.base_year is None:
        return math.nan
    share = (now - goal.base_year) / (goal.due - goal.base_year)  # of its years that have passed
    if goal.statistic == "rate":
        return target
    if goal.statistic in {"cut", "rise"}:
        sign = -1 if goal.statistic == "cut" else 1
        geometric = sign * ((1 + sign * target) ** share - 1)
        return geometric if goal.path == "geometric" else target * share
    if goal.statistic == "level":
        if goal.path == "geometric" and base > 0 and target > 0:
            return float(base * (target / base) ** share)
        return base + (target - base) * share
    return target * share


def _status(goal: Goal, reached: float, path: float, now: int) -> str:
    """Return met, missed, on_path, behind or open."""
    met = holds(goal, reached, goal.value)
    if now == goal.due:
        return "met" if met else "missed"
    if goal.bound == "at_least" and met and goal.statistic != "rate":
        return "met"
    if goal.bound in {"about", "range"} or math.isnan(path):
        return "on_path" if goal.bound == "at_most" and met else "open"
    return "on_path" if holds(goal, reached, path) else "behind"


def _is_used_up(goal: Goal, held: Mapping[int, float], reached: float, now: int) -> bool:
    """Return whether a sum over years is above its bound already, and no later year takes of it.

    Land takes up CO2, and so does a quantity that was below zero once: their sums may come down.
    """
    if goal.statistic != "cumulative" or goal.bound == "at_least" or goal.boundary == "with_land":
        return False
    most = goal.upper if goal.bound == "range" else goal.value
    falls = any(value < 0 for year, value in held.items() if year <= now)
    return not falls and not holds(replace(goal, bound="at_most", value=most), reached, most)


def holds(goal: Goal, reached: Any, number: float) -> Any:
    """Return whether what was reached is where the bound of a target asks it to be."""
    # 0.18 of a cut worked out is 0.17999999999999994.
    slack = _ROUNDING * np.fmax(np.abs(reached), abs(number))
    if goal.bound != "about" and not math.isnan(goal.tolerance):
        slack = slack + goal.tolerance
    if goal.bound == "range":
        return (goal.lower - slack <= reached) & (reached <= goal.upper + slack)
    if goal.bound == "about":
        return abs(reached - number) <= goal.tolerance + slack
    return reached >= number - slack if goal.bound == "at_least" else reached <= number + slack


def _needed(goal: Goal, target: float, base: float | None, value: float, *, left: int) -> float:
    """Return the rate a year at which the quantity still has to change; NaN where there is none."""
    start = base if base is not None else math.nan
    wanted = {
        "level": target,
        "cut": start * (1 - target),
        "rise": start * (1 + target),
        "added": start + target,
    }.get(goal.statistic, math.nan)
    if goal.statistic == "rate" and goal.base_year is not None:
        wanted = start * (1 + target) ** (goal.due - goal.base_year)
    if left <= 0 or not (value > 0 and wanted > 0):
        return math.nan
    return float((wanted / value) ** (1 / left) - 1)


def _judge_peak(goal: Goal, years: Any, values: Any) -> dict[str, Any]:
    """Judge a peak year: a maximum is a peak when enough years lie behind it and none ties with it."""
    if not len(years):
        return {"reason": say("no {quantity} in the data", quantity=goal.quantity)}
    rule = load_peak_rule()
    top, last = int(years[int(np.argmax(values))]), int(years.max())
    first, end = _find_plateau(years, values, rule.plateau)
    found: dict[str, Any] = {"to": last, "reached": float(top)}
    kept = [bool(holds(goal, float(year), goal.value)) for year in (first, top, end)]
    late = goal.bound == "at_most" and not kept[0]
    if last - top < rule.years_after:
        reason = say(
            "{top} is the highest year so far, with {years} years behind it",
            top=top,
            years=last - top,
        )
        return {**found, "status": "missed" if late else "open", "reason": reason}
    if end == last or len(set(kept)) > 1:
        reason = say(
            "{quantity} of {first} and {end} lies within {share} of that of the highest year {top}: "
            "a plateau",
            first=first,
            end=end,
            quantity=goal.quantity,
            share=f"{rule.plateau:.0%}",
            top=top,
        )
        return {**found, "status": "missed" if late else "open", "reason": reason}
    return {**found, "status": "met" if kept[0] else "missed"}


def _find_plateau(years: Any, values: Any, width: float) -> tuple[int, int]:
    """Return the first and the last year that tie with the maximum.

    A year on the way up or down is no tie: one before the maximum ties where the next is lower,
    one behind it where the year before is lower, and the last year while it is not below.
    """
    top = int(np.argmax(values))
    near = values >= values[top] - width * abs(values[top])
    before = [i for i in range(top) if near[i] and values[i + 1] < values[i]]
    behind = [i for i in range(top + 1, len(values)) if near[i] and values[i - 1] < values[i]]
    end = [len(values) - 1] if near[-1] else behind
    return int(years[min([*before, top])]), int(years[max([top, *end])])
