"""A table of targets, as plans print them, held against a panel of years."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.analysis.targets import track_cut, track_level
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import PanelError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROUNDING = 1e-9
_COLUMNS = ("indicator", "base_year", "year", "value", "lower", "upper", "unit")
_RESULTS = ("indicator", "base_year", "year", "bound", "target", "to", "reached", "progress", "status", "reason")


def judge_targets(data: pd.DataFrame, targets: pd.DataFrame, *, by: str = "area", over: str = "year") -> pd.DataFrame:
    """Return how far every target of a table is, in the last year that the data have for it.

    Parameters
    ----------
    data
        A long table with the columns `by`, `over` and what the indicators are of: ``co2``, ``gdp`` (constant prices), ``energy``
        for the cuts; for every other indicator a column of its name, in the unit of the target.
    targets
        Columns `by`, ``indicator``, ``base_year``, ``year``, ``value`` or its bounds ``lower`` and ``upper``, ``unit``.
    by
        The column that says whose target it is.
    over
        The column of years of `data`.

    Returns
    -------
    pandas.DataFrame
        One row a target and bound: `by`, ``indicator``, ``base_year``, ``year``, ``bound``, ``target``, ``to`` (the year judged),
        ``reached`` (the cut or level), ``progress``, ``status`` (met, on_path, behind, open, missed) and ``reason``.

    Raises
    ------
    PanelError
        If a column of the targets is missing, or the data cannot be used.

    Notes
    -----
    ``factors/vocabulary/target_indicators.csv`` says of which ratio an indicator is the cut, or of which column the rise over the
    base year. The path is that of :func:`track_cut` or :func:`track_level`. A level without a base year has no path: short of it,
    it is open until the target year.

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"area": "A", "year": [2010, 2013], "co2": [100, 112], "gdp": [100, 126]})
    >>> plan = pd.DataFrame({"area": ["A"], "indicator": "co2_per_gdp_cut", "base_year": 2010, "year": 2015, "value": 17.0,
    ...                      "lower": None, "upper": None, "unit": "%"})
    >>> judge_targets(panel, plan).round(3)[["target", "to", "reached", "progress", "status"]].iloc[0].to_dict()
    {'target': 0.17, 'to': 2013, 'reached': 0.111, 'progress': 0.632, 'status': 'on_path'}
    """
    for column in (by, *_COLUMNS):
        if column not in targets.columns:
            raise PanelError(f"the targets have no column {column!r}; {did_you_mean(column, map(str, targets.columns)) or 'add it'}")
    kinds = {row["id"]: (row["kind"], row["of"]) for row in read_rows(data_folder() / "vocabulary" / "target_indicators.csv")}
    rows = []
    for target in targets.to_dict("records"):
        kind, of = kinds.get(target["indicator"], ("level", target["indicator"]))
        part = data[data[by] == target[by]]
        for bound, number in _bounds(target):
            told = {by: target[by], **{name: target[name] for name in ("indicator", "base_year", "year")}, "bound": bound}
            rows.append({**told, **_judge(part, target, kind, of, number, over)})
    return pd.DataFrame(rows, columns=[by, *_RESULTS]).astype({"base_year": "Int64", "year": "Int64", "to": "Int64", "progress": float, "reached": float})


def _bounds(target: dict[Any, Any]) -> Iterator[tuple[str, float]]:
    given = [bound for bound in ("value", "lower", "upper") if pd.notna(target[bound])]
    yield from ((bound, float(target[bound])) for bound in given)
    if not given:
        yield "", math.nan


def _judge(part: pd.DataFrame, target: dict[Any, Any], kind: str, of: str, number: float, over: str) -> dict[str, Any]:
    """Return target, year judged, what is reached, progress, status and reason."""
    for name, held in (("number", number), ("year", target["year"])):
        if pd.isna(held):
            return _row(number, reason=f"the target has no {name}")
    year = int(target["year"])
    base_year = int(target["base_year"]) if pd.notna(target["base_year"]) else None
    number = number / 100 if kind == "cut" and target["unit"] == "%" else number
    reason = _say_lacking(part, kind, of, base_year, year, over)
    if reason:
        return _row(number, reason=reason)
    if base_year is None:
        return _judge_level(part, of, number, year, over)
    if kind == "cut":
        found: Any = track_cut(part, ratio=of, cut=number, base_year=base_year, year=year, over=over)
    else:
        base = pd.to_numeric(part.loc[part[over] == base_year, of]).iloc[0] if kind == "rise" else 0.0
        found = track_level(part, value=of, level=base + number, base_year=base_year, year=year, over=over)
    good = found[found["reason"] == ""]
    if not len(good):
        return _row(number, reason=found["reason"].iloc[-1])
    last = good.iloc[-1]
    reached = last["cut"] if kind == "cut" else last["value"] - (base if kind == "rise" else 0.0)
    progress = last["progress"]
    met = reached >= number if pd.isna(progress) else progress >= 1 - _ROUNDING
    kept = progress >= (last["to"] - base_year) / (year - base_year) - _ROUNDING
    status = "met" if met else "missed" if last["to"] == year else "on_path" if kept else "behind"
    return _row(number, to=int(last["to"]), reached=reached, progress=progress, status=status)


def _judge_level(part: pd.DataFrame, of: str, number: float, year: int, over: str) -> dict[str, Any]:
    """Judge a level without a base year: it is met, open or missed."""
    values = pd.to_numeric(part.set_index(over)[of]).dropna().sort_index()
    values = values[values.index <= year]
    if not len(values):
        return _row(number, reason=f"no {of} up to {year}")
    last, reached = int(values.index[-1]), float(values.iloc[-1])
    return _row(number, to=last, reached=reached, status="met" if reached >= number else "missed" if last == year else "open")


def _say_lacking(part: pd.DataFrame, kind: str, of: str, base_year: int | None, year: int, over: str) -> str:
    """Return what the data lack for a target, ``""`` where they have it."""
    if not len(part):
        return "no rows in the data"
    for name in of.split("/"):
        if name not in part.columns:
            return f"no column {name} in the data"
    if base_year is None:
        return "" if kind == "level" else f"a {kind} needs a base year"
    if base_year not in set(part[over]):
        return f"no {over} {base_year} in the data"
    return "" if part[over].between(base_year + 1, year).any() else f"no {over} from {base_year + 1} to {year} in the data"


def _row(target: float, *, to: int | None = None, reached: float | None = None, progress: float | None = None, status: str = "", reason: str = "") -> dict[str, Any]:
    return {"target": target, "to": to, "reached": reached, "progress": progress, "status": status, "reason": reason}
