"""What changed between two inventories, by cause, in whole grams that close over any grouping.

The rule (docs/projects.md, "What changed"): each gram goes to one cause. Entries are put side by
side (:mod:`carbonacct.projects.aligning`). What one side alone has is one whole change with its
reason. What both have is split between activity and factor, each at the mean of the other side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.display import shown_in_notebooks
from carbonacct.errors import Finding, ProjectError
from carbonacct.projects.aligning import CONTEXT, align
from carbonacct.projects.grams import PER_TONNE, share_out, to_grams
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

# In the order in which tables print them.
CAUSES = (
    "program",
    "perimeter",
    "table",
    "refused",
    "mapping",
    "data",
    "structure",
    "filling",
    "factor",
    "method",
    "undivided",
)
_SIDES = ("before", "after")
_SPLIT = 1e18  # grams, more than all the air holds
_NEEDED = ("area", "year", "flow", "product", "scope", "gas", "value", "method")
_TEXTS = ("category", "activity_unit", "notation", "where", "printed", "factors", "status")
_KEYS = [*CONTEXT, "flow", "product"]


@shown_in_notebooks
@dataclass(frozen=True)
class Difference:
    """What changed between two inventories.

    Attributes
    ----------
    table
        One row for each pair of entries that changed: ``area, year, sector, scope, kind, gas, flow,
        product, category, before, after, change``, a column for each cause, and what both sides say
        of it (``where``, ``printed``, ``factors``, each ``_before`` and ``_after``). Grams, whole.
    findings
        What a reader should know.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...] = field(default=())

    def by(self, *dims: str) -> pd.DataFrame:
        """Return the changes summed over all but the named columns, in whole grams.

        Raises
        ------
        ProjectError
            If there is no such column.
        """
        known = [*_KEYS, "category"]
        if wrong := [dim for dim in dims if dim not in known]:
            raise ProjectError(
                say(
                    "no column {wrong!r}; known: {known}",
                    wrong=wrong[0],
                    known=as_typed(known),
                )
            )
        columns = ["before", "after", "change", *CAUSES]
        keys = list(dims)
        if not keys:
            return self.table[columns].sum().to_frame().T
        return self.table.groupby(keys, sort=True, as_index=False)[columns].sum()


def compare_entries(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    same_tables: Collection[tuple[str, int]] = (),
    other_areas: Collection[str] = (),
    refused: Collection[tuple[str, int, bool]] = (),
) -> Difference:
    """Return what changed between the entries of two inventories, by cause.

    Parameters
    ----------
    before, after
        Entries (:class:`carbonacct.Inventory`): ``area, year, flow, product, scope, gas, value``
        (t), ``method``; and as far as they are known ``sector, kind, category, activity,
        activity_unit, notation, status`` (``filled`` for a spliced year), ``where`` (file, sheet
        and cell), ``printed`` (the number there), ``factors`` (each factor with its row) and
        ``crossed`` (t, of an equation: what it gives of the other side's activity data).
    same_tables
        Areas and years whose tables are known to be the same bytes: there a change of activity is
        one of the mapping, or of the method.
    other_areas
        Areas that came, went, merged or were split: where a year of one stands on one side alone,
        that is the cause.
    refused
        Areas and years, of energy (True) or of other sectors (False), whose tables one side cannot
        read: their numbers are not gone.

    Returns
    -------
    Difference
        Rows whose number or activity changed.

    Raises
    ------
    ProjectError
        If a column is missing.

    Notes
    -----
    With activity A and factor F = value / A of a pair, the part of the activity is
    (A1 - A0) (F0 + F1) / 2 and that of the factor (F1 - F0) (A0 + A1) / 2: exact for one cause, and
    without an order for two (the Shapley value of a product). An equation E has the same:
    (E0(A1) - E0(A0) + E1(A1) - E1(A0)) / 2 is of the activity data, the rest of factors.

    Examples
    --------
    >>> entry = {"area": "A", "year": 2020, "flow": "industry", "product": "coke", "scope": 1,
    ...          "gas": "CO2", "method": "m", "activity": 10.0, "activity_unit": "t", "value": 30.0}
    >>> before = pd.DataFrame([entry])
    >>> found = compare_entries(before, before.assign(activity=12.0, value=37.2))
    >>> found.table[["change", "data", "factor"]].iloc[0].tolist()
    [7200000, 6100000, 1100000]
    """
    sides = [_complete(before, "before"), _complete(after, "after")]
    pairs = align(*sides)
    grouped = [_group(side, pair) for side, pair in zip(sides, pairs, strict=True)]
    both = grouped[0].merge(grouped[1], on=_KEYS, how="outer", suffixes=("_before", "_after"))
    numbers = [f"{name}_{side}" for name in ("grams", "exact", "count") for side in _SIDES]
    both = both.fillna(dict.fromkeys(numbers, 0))
    start, end = (both[f"grams_{side}"].to_numpy(np.int64) for side in _SIDES)
    places = list(zip(both["area"], both["year"], strict=True))
    same_table = np.array([place in same_tables for place in places], bool)
    other_area = both["area"].isin(list(other_areas)).to_numpy()
    of_energy = (both["sector"] == "energy").tolist()
    labels = zip(places, of_energy, strict=True)
    unread = np.array([(*place, energy) in refused for place, energy in labels], bool)
    parts = _split(both, sides, same_table, other_area=other_area, unread=unread)
    change = end - start
    whole = share_out(change, np.column_stack([parts[cause] for cause in CAUSES]))
    table = both[_KEYS].assign(category=both["category_after"].fillna(both["category_before"]))
    table = table.assign(before=start, after=end, change=change)
    table = table.assign(**{cause: whole[:, position] for position, cause in enumerate(CAUSES)})
    for name in ("where", "printed", "factors"):
        for side in _SIDES:
            table[f"{name}_{side}"] = both[f"{name}_{side}"].fillna("")
    moved = (change != 0) | whole.any(axis=1) | _is_other(both, "printed")
    return Difference(table[moved].reset_index(drop=True), _find_unsplit(parts["undivided"]))


def _complete(side: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return entries with all columns that a comparison asks for."""
    if lacking := [column for column in _NEEDED if column not in side.columns]:
        raise ProjectError(
            say(
                "the inventory {name} has no column {lacking!r}; give an inventory",
                name=name,
                lacking=lacking[0],
            )
        )
    kind = np.where(side["scope"].to_numpy() == 2, "scope2", "emission")
    defaults: dict[str, Any] = {
        "sector": "energy",
        "kind": kind,
        "activity": np.nan,
        "crossed": np.nan,
        **dict.fromkeys(_TEXTS, ""),
    }
    held = side.assign(**{name: defaults[name] for name in defaults if name not in side.columns})
    held = held[(held["kind"] != "memo") & (held["value"].notna() | (held["notation"] != ""))]
    words = [column for column in (*_KEYS, *_TEXTS, "method") if column not in {"year", "scope"}]
    return held.astype(dict.fromkeys(words, object)).reset_index(drop=True)


def _group(side: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Return one row for each group of entries that is compared as one."""
    labels = pd.DataFrame(pairs, columns=["flow", "product"], index=side.index, dtype=object)
    held = side.assign(flow=labels["flow"], product=labels["product"])
    held = held.assign(grams=to_grams(held["value"]), number=held["value"].notna())
    grouped = held.groupby(_KEYS, sort=False, dropna=False)
    one_unit = grouped["activity_unit"].agg(lambda units: len(set(units)) == 1).astype(bool)
    size = grouped.size()
    complete = grouped["activity"].count() == size
    crossed = grouped["crossed"].sum().where(grouped["crossed"].count() == size)
    made = pd.DataFrame(
        {
            "grams": grouped["grams"].sum(),
            "exact": grouped["value"].sum() * PER_TONNE,
            "crossed": crossed * PER_TONNE,
            "count": size,
            "activity": grouped["activity"].sum().where(one_unit & complete),
            "unit": grouped["activity_unit"].first(),
            **{name: grouped[name].first() for name in ("category", "method", "status")},
            **{name: grouped[name].agg(_join) for name in ("where", "printed", "factors")},
        }
    )
    return made.reset_index()


def _join(texts: pd.Series[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _is_other(both: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Return where both sides say something and it is not the same."""
    one, other = both[f"{name}_before"].fillna(""), both[f"{name}_after"].fillna("")
    return np.asarray((one != other) & (one != "") & (other != ""))


def _split(
    both: pd.DataFrame,
    sides: Sequence[pd.DataFrame],
    same_table: NDArray[np.bool_],
    *,
    other_area: NDArray[np.bool_],
    unread: NDArray[np.bool_],
) -> Mapping[str, NDArray[np.float64]]:
    """Return the grams of each cause by row; they add up to the change."""
    parts = {cause: np.zeros(len(both)) for cause in CAUSES}
    # Shares of unrounded grams: half a gram of rounding is no change of a factor.
    start, end = (both[f"exact_{side}"].to_numpy(float) for side in _SIDES)
    change = end - start
    there = [both[f"count_{side}"].to_numpy() > 0 for side in _SIDES]
    one_sided = there[0] != there[1]
    parts["refused"] += np.where(one_sided & unread, change, 0.0)
    for rows, cause in _name_one_sided(both, sides, there, same_table):
        alone = rows & one_sided & ~unread
        gone = other_area if cause == "table" else np.zeros(len(both), bool)
        parts[cause] += np.where(alone & ~gone, change, 0.0)
        parts["perimeter"] += np.where(alone & gone, change, 0.0)
    amount = [both[f"activity_{side}"].to_numpy(float) for side in _SIDES]
    same_unit = (both["unit_before"] == both["unit_after"]).to_numpy()
    same_method = (both["method_before"] == both["method_after"]).to_numpy()
    known = there[0] & there[1] & np.isfinite(amount[0]) & np.isfinite(amount[1])
    divisible = known & same_unit & ~one_sided & ((amount[0] != 0) | (amount[1] != 0))
    with np.errstate(all="ignore"):  # an activity of next to nothing has no factor
        factor = [start / amount[0], end / amount[1]]
        factor = [
            np.where(np.isfinite(one), one, np.nan_to_num(other, posinf=0, neginf=0))
            for one, other in (factor, reversed(factor))
        ]
        of_activity = (amount[1] - amount[0]) * (factor[0] + factor[1]) / 2
        divisible &= np.abs(of_activity) < _SPLIT
    of_equation = _split_equation(both, start, end)
    by_equation = ~divisible & ~one_sided & np.isfinite(of_equation)
    of_activity = np.where(by_equation, of_equation, np.where(divisible, of_activity, 0.0))
    divisible |= by_equation
    of_factor = np.where(divisible, change - of_activity, 0.0)
    for cause, rows in _name_activity(both, same_method, same_table).items():
        parts[cause] += np.where(rows, of_activity, 0.0)
    regrouped = ((both["count_before"] > 1) | (both["count_after"] > 1)).to_numpy()
    parts["structure"] += np.where(regrouped & same_method, of_factor, 0.0)
    parts["factor"] += np.where(~regrouped & same_method, of_factor, 0.0)
    parts["method"] += np.where(~same_method, of_factor, 0.0)
    other_unit = known & ~same_unit & ~divisible
    parts["data"] += np.where(other_unit, change, 0.0)
    statuses = (both[f"status_{side}"] == "filled" for side in _SIDES)
    filled = np.logical_or(*(status.to_numpy() for status in statuses))
    undivided = ~(one_sided | divisible | other_unit)
    parts["filling"] += np.where(undivided & filled, change, 0.0)
    undivided &= ~filled
    # A source with several activities has no one amount: its cells and factor rows tell.
    other_print, other_rows = (_is_other(both, name) for name in ("printed", "factors"))
    known_print = ((both["printed_before"] != "") & (both["printed_after"] != "")).to_numpy()
    same_print = known_print & ~other_print
    causes = {
        "data": other_print & ~other_rows & same_method,
        "factor": same_print & other_rows & same_method,
        "method": same_print & ~same_method,
    }
    for cause, rows in causes.items():
        parts[cause] += np.where(undivided & rows, change, 0.0)
        undivided &= ~rows
    parts["undivided"] += np.where(undivided, change, 0.0)
    return parts


def _split_equation(
    both: pd.DataFrame, start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what changed activity data make of equations, at the mean of both sides' factors."""
    before, after = (both[f"crossed_{side}"].to_numpy(float) for side in _SIDES)
    return np.asarray((before - start + end - after) / 2)


def _name_activity(
    both: pd.DataFrame, same_method: NDArray[np.bool_], same_table: NDArray[np.bool_]
) -> Mapping[str, NDArray[np.bool_]]:
    """Return which rows' change of activity is of which cause."""
    one, other = both["printed_before"].fillna(""), both["printed_after"].fillna("")
    same_print = ((one == other) & (one != "")).to_numpy()
    of_method = (same_table | same_print) & ~same_method
    of_mapping = same_table & same_method
    filled = ((both["status_before"] == "filled") | (both["status_after"] == "filled")).to_numpy()
    return {
        "filling": filled,
        "method": of_method & ~filled,
        "mapping": of_mapping & ~filled,
        "data": ~(of_method | of_mapping | filled),
    }


def _name_one_sided(
    both: pd.DataFrame,
    sides: Sequence[pd.DataFrame],
    there: Sequence[NDArray[np.bool_]],
    same_table: NDArray[np.bool_],
) -> list[tuple[NDArray[np.bool_], str]]:
    """Return for each cause the rows that one side alone has for that reason.

    An area-year that one side lacks is a table that came or went. A spliced number came or went
    with its filling. Under another method what counts differs; under the same one the cell does.
    """
    held = [set(zip(side["area"], side["year"], strict=True)) for side in sides]
    places = list(zip(both["area"], both["year"], strict=True))
    lacking = [np.array([place not in known for place in places], bool) for known in held]
    table = (there[0] & lacking[1]) | (there[1] & lacking[0])
    status = both["status_before"].where(there[0], both["status_after"])
    filling = ~table & (status == "filled").to_numpy()
    methods = [_methods(side) for side in sides]
    other = np.array([methods[0].get(place) != methods[1].get(place) for place in places], bool)
    return [
        (table, "table"),
        (filling, "filling"),
        (~table & ~filling & other, "method"),
        (~table & ~filling & ~other & same_table, "mapping"),
        (~table & ~filling & ~other & ~same_table, "data"),
    ]


def _methods(side: pd.DataFrame) -> dict[tuple[str, int], set[str]]:
    """Return the methods of each area and year."""
    held: dict[tuple[str, int], set[str]] = {}
    for area, year, method in zip(side["area"], side["year"], side["method"], strict=True):
        held.setdefault((area, year), set()).add(method)
    return held


def _find_unsplit(undivided: NDArray[np.float64]) -> tuple[Finding, ...]:
    rows = int(np.count_nonzero(undivided))
    if not rows:
        return ()
    what = say(
        "{rows} changes cannot be split into data and factor: an inventory says no activity there",
        rows=rows,
    )
    remedy = say(
        "compare two submissions, or .json, .parquet or .nc outputs, which hold what numbers are "
        "made of"
    )
    return (Finding("not-split", "warning", what, action=remedy),)
