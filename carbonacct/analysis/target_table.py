"""A table of targets, as plans print them, held against a panel of years."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.analysis.reasons import as_column
from carbonacct.analysis.series import split_series
from carbonacct.analysis.target_cells import is_blank, read_target_number, read_target_year
from carbonacct.analysis.target_rules import TargetRule, find_rule, read_number, scale_shares
from carbonacct.analysis.target_units import find_scale, unit_of
from carbonacct.analysis.targets import track_cut, track_level
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDING = 1e-9
_COLUMNS = ("indicator", "base_year", "year", "value", "lower", "upper", "unit")
_RESULTS = (
    "indicator",
    "base_year",
    "year",
    "bound",
    "target",
    "to",
    "reached",
    "progress",
    "status",
    "reason",
)


def judge_targets(
    data: pd.DataFrame, targets: pd.DataFrame, *, by: str = "area", over: str = "year"
) -> pd.DataFrame:
    """Return how far every target of a table is, in the last year that the data have for it.

    Parameters
    ----------
    data
        A long table with the columns `by`, `over` and what the indicators are of: ``co2``, ``gdp``
        (constant prices), ``energy`` for the cuts; for every other indicator a column of its name,
        in the unit of the target.
    targets
        Columns `by`, ``indicator``, ``base_year``, ``year``, ``value`` or its bounds ``lower`` and
        ``upper``, ``unit``, and for an indicator that the list does not have ``direction``:
        ``at_least``, ``at_most``, ``cut`` or ``rise``, or a word for it of
        ``factors/vocabulary/target_directions.csv``.
    by
        The column that says whose target it is.
    over
        The column of years of `data`.

    Returns
    -------
    pandas.DataFrame
        One row a target and bound: `by`, ``indicator``, ``base_year``, ``year``, ``bound``,
        ``target``, ``to`` (the year judged), ``reached`` (the cut or level, in the unit of the
        target), ``progress``, ``status`` (met, on_path, behind, open, missed) and ``reason``, which
        also says where shares were read as fractions.

    Raises
    ------
    PanelError
        If a column of the targets is missing, a direction is missing, unknown or contradicts its
        indicator, or the data cannot be used.

    Notes
    -----
    ``factors/vocabulary/target_indicators.csv`` says of which ratio an indicator is the cut, of
    which column the rise over the base year, or whether it is a level to reach or a cap. The path
    is that of :func:`track_cut` or :func:`track_level`. A level without a base year has no path:
    short of it, it is open until the target year. A cap is met at or below it in the target year;
    before, staying below it is being on the path. A cap above the base year's value has no
    progress.

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"area": "A", "year": [2010, 2013], "co2": [100, 112], "gdp": [100, 126]})
    >>> plan = pd.DataFrame({"area": ["A"], "indicator": "co2_per_gdp_cut", "base_year": 2010})
    >>> plan = plan.assign(year=2015, value=17.0, lower=None, upper=None, unit="%")
    >>> judge_targets(panel, plan).round(3)[["target", "to", "reached", "progress", "status"]].iloc[0].to_dict()
    {'target': 0.17, 'to': 2013, 'reached': 0.111, 'progress': 0.632, 'status': 'on_path'}
    """
    for column in (by, *_COLUMNS):
        if column not in targets.columns:
            raise PanelError(
                say(
                    "the targets have no column {column!r}; {near}",
                    column=column,
                    near=did_you_mean(column, map(str, targets.columns)) or say("add it"),
                )
            )
    for column in (by, over):
        if column not in data.columns:
            others = [str(name) for name in data.columns if name not in {by, over}]
            near = did_you_mean(column, others) or say("add it")
            raise PanelError(say("no column {by!r}; {near}", by=column, near=near))
    rows = []
    for target in targets.to_dict("records"):
        rule = find_rule(target)
        for key in ("base_year", "year"):
            target[key] = read_target_year(str(target["indicator"]), key, target[key])
        part = data[data[by] == target[by]]
        for bound, number in _bounds(target):
            asked = {
                by: target[by],
                **{name: target[name] for name in ("indicator", "base_year", "year")},
                "bound": bound,
            }
            rows.append({**asked, **_judge(part, target, rule, number, over=over)})
    found = pd.DataFrame(rows, columns=[by, *_RESULTS])
    found["reason"] = as_column(row["reason"] for row in rows)
    return found.astype(
        {"base_year": "Int64", "year": "Int64", "to": "Int64", "progress": float, "reached": float}
    )


def _bounds(target: dict[Any, Any]) -> Iterator[tuple[str, float]]:
    given = {
        bound: read_target_number(str(target["indicator"]), bound, target[bound])
        for bound in ("value", "lower", "upper")
    }
    there = [(bound, number) for bound, number in given.items() if not math.isnan(number)]
    yield from there or [("", math.nan)]


def _judge(
    part: pd.DataFrame, target: dict[Any, Any], rule: TargetRule, number: float, *, over: str
) -> dict[str, Any]:
    """Return target, year judged, what is reached, progress, status and reason."""
    year, base_year = target["year"], target["base_year"]
    for name, is_absent in (("number", math.isnan(number)), ("year", year is None)):
        if is_absent:
            return _row(number, reason=say("the target has no {name}", name=name))
    number = read_number(target, rule, number)
    if reason := _say_lacking(part, rule.kind, rule.of, base_year, year=year, over=over):
        return _row(number, reason=reason)
    note, of, start, base = "", rule.of, math.nan, 0.0
    if rule.kind != "cut":
        series = split_series(part, [of], over=over)
        unit = "" if is_blank(target["unit"]) else str(target["unit"])
        try:
            of_target = 1 / find_scale(unit, unit_of(of, part.attrs.get("units", {})))
        except PanelError as error:
            return _row(number, reason=str(error))
        values = pd.Series(series.values[of][0] * of_target, series.years)
        start = float(values.get(base_year, math.nan))
        scale, note = scale_shares(
            values[values.index <= year], target, number, start if rule.kind == "rise" else 0.0
        )
        values, start = values * scale, start * scale
        part = pd.DataFrame({over: values.index, of: values.to_numpy()})
        base = start if rule.kind == "rise" else 0.0
        if base_year is None:
            return _judge_level(values, rule, number, year, note=note)
    if rule.kind == "cut":
        found: Any = track_cut(
            part, ratio=of, cut=number, base_year=base_year, year=year, over=over
        )
    else:
        found = track_level(
            part, value=of, level=base + number, base_year=base_year, year=year, over=over
        )
    good = found[found["reason"] == ""]
    if not len(good):
        return _row(number, reason=found["reason"].iloc[-1])
    last = good.iloc[-1]
    reached = last["cut"] if rule.kind == "cut" else last["value"] - base
    # Where the base year is beyond the number already, nothing is left to measure progress by.
    level = base + number
    is_ahead = rule.kind != "cut" and (start <= level if rule.at_most else start >= level)
    return _row(
        number,
        to=int(last["to"]),
        reached=reached,
        progress=math.nan if is_ahead else last["progress"],
        status=_judge_path(
            rule,
            last,
            is_kept=_is_kept(rule, reached, number),
            is_due=last["to"] == year,
            is_ahead=is_ahead,
        ),
        reason=note,
    )


def _judge_path(rule: TargetRule, last: Any, *, is_kept: bool, is_due: bool, is_ahead: bool) -> str:
    """Return the status of a target with a base year."""
    # A cap above the base year is not met before it is due: there is time to pass it.
    if is_kept and (is_due or not (rule.at_most and is_ahead)):
        return "met"
    if is_due:
        return "missed"
    falls = rule.at_most or rule.kind == "cut"
    slack = _ROUNDING * abs(last["path"])
    kept = last["value"] <= last["path"] + slack if falls else last["value"] >= last["path"] - slack
    return "on_path" if kept else "behind"


def _is_kept(rule: TargetRule, reached: float, number: float) -> bool:
    slack = _ROUNDING * abs(number)
    return bool(reached <= number + slack if rule.at_most else reached >= number - slack)


def _judge_level(
    values: pd.Series[float], rule: TargetRule, number: float, year: int, *, note: str
) -> dict[str, Any]:
    """Judge a level without a base year: it is met, open or missed.

    A cap is kept, open or, in its year, met or missed.
    """
    values = values[values.index <= year].dropna()
    if not len(values):
        return _row(number, reason=say("no {of} up to {year}", of=rule.of, year=year))
    last, reached = int(values.index[-1]), float(values.iloc[-1])
    if _is_kept(rule, reached, number):
        status = "on_path" if rule.at_most and last < year else "met"
    else:
        status = "missed" if last == year else "open"
    return _row(number, to=last, reached=reached, status=status, reason=note)


def _say_lacking(
    part: pd.DataFrame, kind: str, of: str, base_year: int | None, *, year: int, over: str
) -> str:
    """Return what the data lack for a target, ``""`` where they have it."""
    if not len(part):
        return say("no rows in the data")
    for name in of.split("/"):
        if name not in part.columns:
            return say("no column {name} in the data", name=name)
    if base_year is None:
        return "" if kind == "level" else say("a {kind} needs a base year", kind=kind)
    if base_year not in set(part[over]):
        return say("no {over} {base_year} in the data", over=over, base_year=base_year)
    return (
        ""
        if part[over].between(base_year + 1, year).any()
        else say(
            "no {over} from {base_year} to {year} in the data",
            over=over,
            base_year=base_year + 1,
            year=year,
        )
    )


def _row(
    target: float,
    *,
    to: int | None = None,
    reached: float | None = None,
    progress: float | None = None,
    status: str = "",
    reason: str = "",
) -> dict[str, Any]:
    return {
        "target": target,
        "to": to,
        "reached": reached,
        "progress": progress,
        "status": status,
        "reason": reason,
    }
