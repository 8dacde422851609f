"""Targets as quantity x statistic x bound: what is asked of which number, and how it stands.

"Cap", "floor" and "direction" follow from the bound; path and verdict from the statistic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.analysis.reasons import as_column
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STATISTICS = ("level", "cut", "rise", "added", "rate", "cumulative", "peak_year")
BOUNDS = ("at_least", "at_most", "about", "range")
PATHS = ("geometric", "linear", "none")
FIRMNESS = ("binding", "expected", "strive")
BOUNDARIES = ("without_land", "with_land")
_SHARES = ("cut", "rise", "rate")  # written in %, or as a fraction without a unit
_MONEY = ("gdp", "value_added")
_AFTER_A_PEAK = 5  # years that have to lie behind a maximum before it is a peak
_ROUNDING = 1e-9
_ADDED = {2: "scope2", "land": "land"}  # columns of a panel beside the direct emissions of a gas
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


@shown_in_notebooks
@dataclass(frozen=True)
class Goal:
    """A quantified target.

    Attributes
    ----------
    quantity
        A column of a panel, or one over another: ``"co2/gdp"``.
    statistic
        What of it: ``level`` in the due year; ``cut`` or ``rise`` against the base year, relative;
        ``added`` to the base year; ``rate`` a year since then; ``cumulative`` over the years after
        it; ``peak_year``.
    bound
        ``at_least``, ``at_most``, ``about`` (within `tolerance`) or ``range`` (`lower` to `upper`).
    value
        The number, in the unit of the quantity; of cut, rise and rate a fraction.
    due, base_year
        Until when, against which year.
    base_value
        The quantity of the base year, where it is not that of the panel: as a submission had it.
    tolerance
        How far below (above, beside) the number still holds it, for what is printed as about.
    scope, boundary
        Of emissions in the quantity: 1, 2 or both; with the removals and emissions of land
        (``with_land``) or without.
    firmness
        ``binding``, ``expected`` or ``strive``; it changes no verdict.
    unit
        As the target writes its number.
    subset
        Of what, in words, such as new buildings; the column of the quantity has to be of it.
    prices
        Of money in the quantity, such as ``"constant 2020"``.
    path
        How the way there runs: ``geometric``, ``linear`` or ``none``.
    """

    id: str
    area: str
    quantity: str
    statistic: str
    bound: str
    due: int
    value: float = math.nan
    lower: float = math.nan
    upper: float = math.nan
    tolerance: float = math.nan
    base_year: int | None = None
    base_value: float = math.nan
    prices: str = ""
    path: str = "geometric"
    source: str = ""
    scope: tuple[int, ...] = (1,)
    boundary: str = "without_land"
    firmness: str = ""
    subset: str = ""
    unit: str = ""


def read_goal(held: Mapping[str, Any]) -> Goal:
    """Return a target from a row of a table or of a declaration.

    Parameters
    ----------
    held
        ``id, area, quantity, statistic, bound, value`` (or ``lower, upper``), ``unit, due, base``
        (a year, or a table with ``year`` and ``value``), ``prices, path, tolerance, source, scope,
        boundary, firmness, subset``. A due year "before 2030" is 2029.

    Raises
    ------
    PanelError
        If a field is missing, not known, or contradicts another.

    Examples
    --------
    >>> goal = read_goal({"id": "g", "quantity": "co2/gdp", "statistic": "cut", "bound": "at_least",
    ...                   "value": 18, "unit": "%", "due": 2025, "base": {"year": 2020}})
    >>> goal.value, goal.base_year
    (0.18, 2020)
    """
    name = str(held.get("id") or held.get("quantity") or "target")
    for key in ("quantity", "statistic", "bound", "due"):
        if _is_blank(held.get(key)):
            raise PanelError(
                say(
                    "{name}: has no {key}; a target is quantity, statistic, bound and due",
                    name=name,
                    key=key,
                )
            )
    known = {
        "statistic": STATISTICS,
        "bound": BOUNDS,
        "path": PATHS,
        "firmness": FIRMNESS,
        "boundary": BOUNDARIES,
    }
    for key, words in known.items():
        word = held.get(key)
        if not _is_blank(word) and word not in words:
            near = did_you_mean(str(word), words) or say(
                "known: {words}", words=join_texts(", ", words)
            )
            raise PanelError(
                say("{name}: {key} is {word!r}; {near}", name=name, key=key, word=word, near=near)
            )
    statistic, unit = str(held["statistic"]), str(held.get("unit") or "")
    scale = 0.01 if statistic in _SHARES and unit.strip() in {"%", "％"} else 1.0
    numbers = {
        key: math.nan if _is_blank(held.get(key)) else float(held[key]) * scale
        for key in ("value", "lower", "upper", "tolerance")
    }
    base = held.get("base", held.get("base_year"))
    base_year: Any = base.get("year") if isinstance(base, dict) else base
    base_value: Any = base.get("value") if isinstance(base, dict) else held.get("base_value")
    words = ("prices", "source", "firmness", "subset")
    texts = {key: "" if _is_blank(held.get(key)) else str(held[key]) for key in words}
    goal = Goal(
        id=name,
        area="" if _is_blank(held.get("area")) else str(held["area"]),
        quantity=str(held["quantity"]).replace(" ", ""),
        statistic=statistic,
        bound=str(held["bound"]),
        due=int(held["due"]),
        base_year=None if _is_blank(base_year) else int(base_year),
        base_value=math.nan if _is_blank(base_value) else float(base_value),
        path=str(held["path"]) if not _is_blank(held.get("path")) else "geometric",
        scope=_read_scope(name, held.get("scope")),
        boundary=str(held["boundary"]) if not _is_blank(held.get("boundary")) else BOUNDARIES[0],
        prices=texts["prices"],
        source=texts["source"],
        firmness=texts["firmness"],
        subset=texts["subset"],
        unit=unit.strip(),
        value=numbers["value"],
        lower=numbers["lower"],
        upper=numbers["upper"],
        tolerance=numbers["tolerance"],
    )
    _check_goal(goal)
    return goal


def _read_scope(name: str, scope: object) -> tuple[int, ...]:
    """Return the scopes that are added up: 1 unless somebody says otherwise."""
    if _is_blank(scope):
        return (1,)
    words = scope if isinstance(scope, (list, tuple)) else str(scope).replace("+", " ").split()
    numbers = tuple(int(float(word)) if _is_number(word) else 0 for word in words)
    if not numbers or set(numbers) - {1, 2} or len(set(numbers)) < len(numbers):
        raise PanelError(
            say("{target}: scope is {scope}; write 1, 2 or [1, 2]", target=name, scope=repr(scope))
        )
    return numbers


def _is_number(word: object) -> bool:
    try:
        return math.isfinite(float(str(word)))
    except ValueError:
        return False


def _is_blank(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def _check_goal(goal: Goal) -> None:
    """Refuse a target whose fields contradict each other."""
    needs_base = goal.statistic in {"cut", "rise", "added", "rate", "cumulative"}
    faults = {
        say("has no base year"): needs_base and goal.base_year is None,
        say("is due before its base year"): goal.base_year is not None
        and goal.due <= goal.base_year,
        say("is a range without lower and upper"): (
            goal.bound == "range" and not goal.lower <= goal.upper
        ),
        say("is about a number without a tolerance"): (
            goal.bound == "about" and math.isnan(goal.tolerance)
        ),
        say("has no value"): goal.bound != "range" and math.isnan(goal.value),
        say("cuts by a fraction that is none; write 17 with the unit %"): (
            goal.statistic == "cut" and goal.bound != "range" and not 0 < goal.value < 1
        ),
    }
    for fault, holds in faults.items():
        if holds:
            raise PanelError(say("{id}: {fault}; correct it", id=goal.id, fault=fault))


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
        ``reached, path`` (where the way there is in that year), ``progress, needed_rate`` a year
        of the quantity, ``status`` (met, on_path, behind, open, missed) and ``reason``.

    Notes
    -----
    With q0 of the base year, T years to the due one and t passed: a geometric path of a cut c is
    1 - (1 - c)^(t/T) (18 % is 11.2 % after 3 of 5 years), a linear one c t/T (10.8 %).

    Examples
    --------
    >>> panel = pd.DataFrame({"area": "A", "year": [2020, 2023], "co2": [100.0, 110.0]})
    >>> goal = read_goal({"id": "g", "quantity": "co2/gdp", "statistic": "cut", "value": 18,
    ...                   "bound": "at_least", "unit": "%", "base": 2020, "due": 2025,
    ...                   "prices": "constant 2020"})
    >>> judge_goals(panel.assign(gdp=[50, 63]), [goal]).round(3)[["reached", "path", "status"]]
       reached   path   status
    0    0.127  0.112  on_path
    """
    areas = list(dict.fromkeys(panel["area"]))
    rows = []
    for goal in goals:
        for area in [goal.area] if goal.area else areas:
            part = panel[panel["area"] == area].sort_values(over)
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
        the area, for comparison: nobody asked it of the area. An amount of the whole is no amount
        of a part, and the reason says so.

    Examples
    --------
    >>> panel = pd.DataFrame({"area": "A", "year": [2025], "share": [22.0], "stock": [3.0]})
    >>> rows = [{"id": name, "area": "全国", "quantity": name, "statistic": "level", "value": 20,
    ...          "bound": "at_least", "due": 2025, "unit": unit}
    ...         for name, unit in (("share", "%"), ("stock", "亿立方米"))]
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


def is_relative(goal: Goal) -> bool:
    """Return whether a target of a whole says something of its parts: no amount of it does."""
    relative = goal.statistic in {"cut", "rise", "rate", "peak_year"}
    return relative or "/" in goal.quantity or goal.unit in {"%", "％"}


def _judge(goal: Goal, part: pd.DataFrame, over: str) -> dict[str, Any]:
    target = goal.value if goal.bound != "range" else goal.lower
    empty = {"target": target, "reason": "", "status": ""}
    try:
        years, values = _read_quantity(goal, part, over)
        if goal.statistic == "peak_year":
            return {**empty, **_judge_peak(goal, years, values)}
        held = dict(zip(years.tolist(), values.tolist(), strict=True))
        now = _find_year(goal, held)
    except PanelError as error:
        return {**empty, "reason": str(error)}
    base = None
    if goal.base_year is not None:
        base = held[goal.base_year] if math.isnan(goal.base_value) else goal.base_value
    reached = float(measure(goal, held, base, now))
    share = 1.0 if goal.base_year is None else (now - goal.base_year) / (goal.due - goal.base_year)
    path = _path(goal, target, base, share)
    status = _status(goal, reached, path, now)
    found = {"to": now, "reached": reached, "path": path, "status": status}
    if goal.base_year is not None and goal.statistic in {"level", "cut", "rise", "added"}:
        start = base if base is not None and goal.statistic == "level" else 0.0
        found["progress"] = (reached - start) / (target - start) if target != start else math.nan
    found["needed_rate"] = _needed(goal, target, base, held[now], left=goal.due - now)
    return {**empty, **found}


def _find_year(goal: Goal, held: Mapping[int, float]) -> int:
    """Return the last year that a target can be judged in.

    Raises
    ------
    PanelError
        If there is none, with what lacks.
    """
    first = goal.base_year
    given = not math.isnan(goal.base_value)
    if first is not None and first not in held and not given:
        raise PanelError(
            say("no {quantity} in the base year {first}", quantity=goal.quantity, first=first)
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
    if first is not None and start <= 0 and goal.statistic in _SHARES:
        raise PanelError(
            say("{quantity} is not above zero in {first}", quantity=goal.quantity, first=first)
        )
    return now


def _read_quantity(goal: Goal, part: pd.DataFrame, over: str) -> tuple[Any, Any]:
    """Return years and numbers of a quantity, where it has one."""
    names = goal.quantity.split("/")
    columns = list_columns(goal)
    for name in (*columns, *names[1:]):
        if name not in part.columns:
            raise PanelError(say("no column {name} in the data", name=name))
    money = [name for name in names if name.startswith(_MONEY)]
    constant = bool(goal.prices) and not goal.prices.startswith(("current", "现价", "当年价"))
    if money and goal.statistic in {*_SHARES, "added"} and not constant:
        raise PanelError(
            say(
                '{money} at current prices holds inflation; write prices = "constant 2020"',
                money=money[0],
            )
        )
    values = np.sum([pd.to_numeric(part[name]).to_numpy(float) for name in columns], axis=0)
    if len(names) == 2:
        under = pd.to_numeric(part[names[1]]).to_numpy(float)
        values = np.divide(values, under, out=np.full_like(values, np.nan), where=under > 0)
    known = np.isfinite(values)
    return part[over].to_numpy()[known].astype(int), values[known]


def list_columns(goal: Goal) -> list[str]:
    """Return the columns of a panel whose sum is the quantity, or stands above its line.

    Examples
    --------
    >>> list_columns(Goal("g", "", "co2/gdp", "cut", "at_least", 2025, scope=(1, 2)))
    ['co2', 'co2_scope2']
    """
    name = goal.quantity.split("/")[0]
    columns = [name] if 1 in goal.scope else []
    columns += [f"{name}_{_ADDED[2]}"] if 2 in goal.scope else []
    return columns + ([f"{name}_{_ADDED['land']}"] if goal.boundary == "with_land" else [])


def measure(goal: Goal, held: Mapping[int, Any], base: Any, now: int) -> Any:
    """Return the statistic in a year, a share as a fraction; of draws the one of each draw."""
    value, first = held[now], goal.base_year or 0
    start = base if base is not None else math.nan
    if goal.statistic == "cumulative":
        numbers = [number for year, number in held.items() if first < year <= now]
        return np.sum(numbers, axis=0) if np.ndim(numbers[0]) else math.fsum(numbers)
    relative = value / start
    found = {
        "level": value,
        "cut": 1 - relative,
        "rise": relative - 1,
        "added": value - start,
        "rate": relative ** (1 / max(now - first, 1)) - 1,
    }
    return found[goal.statistic]


def _path(goal: Goal, target: float, base: float | None, share: float) -> float:
    """Return where the way to a target is when a share of its years has passed."""
    if goal.path == "none" or (base is None and goal.statistic != "rate"):
        return math.nan
    if goal.statistic == "rate":
        return target
    if goal.statistic in {"cut", "rise"}:
        sign = -1 if goal.statistic == "cut" else 1
        geometric = sign * ((1 + sign * target) ** share - 1)
        return geometric if goal.path == "geometric" else target * share
    if goal.statistic == "level":
        start = base or 0.0
        if goal.path == "geometric" and start > 0 and target > 0:
            return float(start * (target / start) ** share)
        return start + (target - start) * share
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


def holds(goal: Goal, reached: Any, number: float) -> Any:
    """Return whether what was reached is where the bound of a target asks it to be."""
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
    """Judge a peak year: a maximum is a peak when enough years lie behind it."""
    if not len(years):
        return {"reason": say("no {quantity} in the data", quantity=goal.quantity)}
    top = int(years[int(np.argmax(values))])
    last = int(years.max())
    found: dict[str, Any] = {"to": last, "reached": float(top)}
    if last - top < _AFTER_A_PEAK:
        late = goal.bound == "at_most" and top > goal.value
        reason = say(
            "{top} is the highest year so far, with {years} years behind it",
            top=top,
            years=last - top,
        )
        return {**found, "status": "missed" if late else "open", "reason": reason}
    return {**found, "status": "met" if holds(goal, float(top), goal.value) else "missed"}


def read_goals(rows: Sequence[Mapping[str, Any]]) -> list[Goal]:
    """Return targets from rows; all their faults are said at once.

    Raises
    ------
    PanelError
        With each fault.
    """
    goals, faults = [], []
    for row in rows:
        try:
            goals.append(read_goal(row))
        except PanelError as error:
            faults.append(str(error))
    if faults:
        raise PanelError(join_texts("; ", faults))
    return goals
