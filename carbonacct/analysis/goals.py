"""Targets as quantity x statistic x bound: what is asked of which number.

"Cap", "floor" and "direction" follow from the bound; path and verdict from the statistic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct.analysis.target_cells import is_blank, read_target_number, read_target_year
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import PanelError, near_or_known
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STATISTICS = ("level", "cut", "rise", "added", "rate", "cumulative", "peak_year")
BOUNDS = ("at_least", "at_most", "about", "range")
PATHS = ("geometric", "linear", "none")
FIRMNESS = ("binding", "expected", "strive")
BOUNDARIES = ("without_land", "with_land")
RELATIVE = ("cut", "rise", "rate")  # written in %, or as a fraction without a unit
_ADDED = {2: "scope2", "land": "land"}  # columns of a panel beside the direct emissions of a gas


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
        The shape of its path: ``geometric``, ``linear`` or ``none``.
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
        if is_blank(held.get(key)):
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
        if not is_blank(word) and word not in words:
            near = near_or_known(str(word), words)
            raise PanelError(
                say("{name}: {key} is {word!r}; {near}", name=name, key=key, word=word, near=near)
            )
    statistic, unit = str(held["statistic"]), str(held.get("unit") or "")
    scale = 0.01 if statistic in RELATIVE and unit.strip() in {"%", "％"} else 1.0
    numbers = {
        key: read_target_number(name, key, held.get(key)) * scale
        for key in ("value", "lower", "upper", "tolerance")
    }
    due = read_target_year(name, "due", held["due"])
    if due is None:
        raise PanelError(say("{name}: due is {word!r}; write a year", name=name, word=held["due"]))
    base = held.get("base", held.get("base_year"))
    base_year: Any = base.get("year") if isinstance(base, dict) else base
    base_value: Any = base.get("value") if isinstance(base, dict) else held.get("base_value")
    words = ("prices", "source", "firmness", "subset")
    texts = {key: "" if is_blank(held.get(key)) else str(held[key]) for key in words}
    goal = Goal(
        id=name,
        area="" if is_blank(held.get("area")) else str(held["area"]),
        quantity=str(held["quantity"]).replace(" ", ""),
        statistic=statistic,
        bound=str(held["bound"]),
        due=due,
        base_year=read_target_year(name, "base", base_year),
        base_value=read_target_number(name, "base value", base_value),
        path=str(held["path"]) if not is_blank(held.get("path")) else "geometric",
        scope=_read_scope(name, held.get("scope")),
        boundary=str(held["boundary"]) if not is_blank(held.get("boundary")) else BOUNDARIES[0],
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
    if is_blank(scope):
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


def _check_goal(goal: Goal) -> None:
    """Refuse a target whose fields contradict each other."""
    needs_base = goal.statistic in {"cut", "rise", "added", "rate", "cumulative"}
    parts = goal.quantity.split("/")
    faults = {
        say("is of no column and of no column over another; write co2 or co2/gdp"): (
            len(parts) > 2 or not all(parts)
        ),
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
        say("cuts by a number that is no fraction between 0 and 1; write 17 with the unit %"): (
            goal.statistic == "cut" and goal.bound != "range" and not 0 < goal.value < 1
        ),
    }
    for fault, holds in faults.items():
        if holds:
            raise PanelError(say("{id}: {fault}; correct it", id=goal.id, fault=fault))


def is_relative(goal: Goal) -> bool:
    """Return whether a target of a whole says something of its parts: no amount of it does."""
    relative = goal.statistic in {"cut", "rise", "rate", "peak_year"}
    return relative or "/" in goal.quantity or goal.unit in {"%", "％"}


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


def read_goals(rows: Sequence[Mapping[str, Any]]) -> list[Goal]:
    """Return targets from rows; all their faults are reported at once.

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
