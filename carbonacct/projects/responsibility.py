"""A project's targets divided over its areas or over sectors, as the declaration says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.analysis.goals import list_columns
from carbonacct.analysis.sharing import Sharing, imply_whole_cut, share_target
from carbonacct.analysis.target_units import in_units_of
from carbonacct.errors import Finding, PanelError, name_some
from carbonacct.inventory.record import SECTORS
from carbonacct.projects.driver_tables import read_driver_table
from carbonacct.projects.project_areas import find_area, lies_in
from carbonacct.projects.project_targets import read_declared, spell_goals
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.analysis.goals import Goal
    from carbonacct.errors import Severity
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.project_declaration import Declaration

_SECTOR = "sector"
_LEVEL = "level:"
_EQUAL_CUT = "equal_cut"
_ROUNDING = 1e-12
_SHOWN = 5
_OPTIONS = ("column", "weights", "by_year", "floor")


def share_declared(
    panel: pd.DataFrame, printed: Inventory, declaration: Declaration
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the share of each area or sector in each target that is to be divided.

    Returns
    -------
    DataFrame
        ``target, rule, part, own`` (t, in the year of the shares), ``share`` (whole t; of an
        intensity the cut of the part), ``change``.
    list of Finding
        What cuts of the parts make of the whole.

    Raises
    ------
    PanelError
        If a target is not declared or cannot be divided so.
    """
    declared = read_declared(declaration)
    known = {
        goal.id: (goal, given)
        for goal, given in zip(spell_goals(panel, declared), declared, strict=True)
    }
    frames, findings = [], list[Finding]()
    for one in declaration.shares:
        name = str(one.get("target", ""))
        if name not in known:
            raise PanelError(
                say(
                    "share names the target {target}, which is not declared; known: {known}",
                    target=repr(name),
                    known=as_typed(known),
                )
            )
        goal, given = known[name]
        try:  # an amount is divided in t
            goal = in_units_of(goal, panel.attrs.get("units", {}))
        except PanelError as error:
            raise PanelError(say("{name}: {error}", name=name, error=error)) from None
        if goal.bound == "range":
            raise PanelError(
                say("{target} is a range, which is no one number to divide", target=name)
            )
        # What is kept back is written in the unit of an amount, as the amount is.
        scale = goal.value / given.value if goal.statistic == "level" and given.value else 1.0
        table = _Divided(goal, one, panel, printed, declaration)
        frame, found = _share(table, reserve=float(one.get("reserve", 0.0)) * scale)
        frames.append(frame.assign(target=name, rule=one.get("rule", "")))
        findings += found
    if not frames:
        raise PanelError(
            say("no target is to be divided; write share = [{{ target, over, rule }}]")
        )
    whole = pd.concat(frames, ignore_index=True)
    return whole[["target", "rule", "part", "own", "share", "change"]], findings


@dataclass(frozen=True)
class _Divided:
    """A target that is divided, how, and the numbers of a project that this takes."""

    goal: Goal
    how: Mapping[str, Any]
    panel: pd.DataFrame
    printed: Inventory
    declaration: Declaration

    @cached_property
    def own(self) -> pd.DataFrame:
        """The rows of the area that the target is of."""
        rows = self.panel
        return rows[rows["area"] == self.goal.area] if self.goal.area else rows

    @cached_property
    def year(self) -> int:
        """The year of the shares."""
        return int(self.how.get("year", self.goal.base_year or self.own["year"].max()))


def _share(asked: _Divided, *, reserve: float) -> tuple[pd.DataFrame, list[Finding]]:
    goal, one = asked.goal, asked.how
    parts = _list_sectors(asked) if one.get("over") == _SECTOR else _list_areas(asked)
    intensity = goal.quantity == "co2/gdp" and goal.statistic == "cut"
    if intensity:
        return _share_cut(asked, parts)
    if one.get("rule") == _EQUAL_CUT:
        raise PanelError(
            say(
                "{target} is no cut of co2/gdp, which alone is divided by equal_cut; name another "
                "rule",
                target=goal.id,
            )
        )
    total = _find_amount(asked)
    options = {key: one[key] for key in _OPTIONS if key in one}
    options |= {"base_year": one.get("base_year", asked.year), "reserve": reserve}
    how = Sharing(rule=str(one.get("rule", "")), year=goal.due, **options)
    table = share_target(total, parts, how)
    return table[["part", "own", "share", "change"]], []


def _find_amount(asked: _Divided) -> float:
    """Return the tonnes that a target leaves in its due year."""
    goal, own = asked.goal, asked.own
    if goal.quantity not in {"co2", "co2e"} or goal.statistic not in {"level", "cut", "rise"}:
        raise PanelError(
            say(
                "{target} is no amount of emissions that can be divided; a level, a cut or a rise "
                "of co2 is",
                target=goal.id,
            )
        )
    if goal.statistic == "level":
        return goal.value
    base = own[own["year"] == goal.base_year]
    value = goal.base_value
    if math.isnan(value):
        if len(set(own["area"])) > 1:
            raise PanelError(
                say(
                    "{target} is to be divided and names none of {areas} as the whole; write its "
                    "area",
                    target=goal.id,
                    areas=name_some(sorted(set(map(str, own["area"]))), _SHOWN),
                )
            )
        names = list_columns(goal)
        held = base[names] if set(names) <= set(base.columns) else base[[]]
        value = float(held.sum(axis=1, skipna=False).iloc[0]) if held.size else math.nan
    if math.isnan(value):
        raise PanelError(
            say(
                "{target}: no {quantity} in the base year {year}; add its table",
                target=goal.id,
                quantity=join_texts(" + ", list_columns(goal)),
                year=goal.base_year,
            )
        )
    return value * (1 - goal.value if goal.statistic == "cut" else 1 + goal.value)


def _list_sectors(asked: _Divided) -> pd.DataFrame:
    """Return what each sector emits of the quantity: of its scopes, with land where it holds land."""
    goal = asked.goal
    kept = [one for one in SECTORS if one != "land" or goal.boundary == "with_land"]
    metric = asked.declaration.metric if goal.quantity == "co2e" else None
    if metric == "":
        raise PanelError(
            say("{target} is of co2e; write project.metric, such as AR5GWP100", target=goal.id)
        )
    gas = None if metric else "CO2"
    by_scope: list[pd.DataFrame] = [
        asked.printed.by("area", "year", "sector", scope=scope, sector=kept, gas=gas, gwp=metric)
        for scope in goal.scope
    ]
    sums = pd.concat(by_scope)
    sums = sums[sums["year"] == asked.year]
    sums = sums[sums["area"] == goal.area] if goal.area else sums
    labels = ["area", "sector"]
    whole = sums.groupby(labels, sort=False, observed=True)["value"].agg(
        lambda values: values.sum(skipna=False)
    )
    held = whole.reset_index()
    return pd.DataFrame({"part": held["sector"].astype(str), "co2": held["value"]})


def _list_areas(asked: _Divided) -> pd.DataFrame:
    """Return the areas of a level that lie in that of the target, with what rules ask for."""
    goal, declaration, year = asked.goal, asked.declaration, asked.year
    over = str(asked.how.get("over", ""))
    if not over.startswith(_LEVEL):
        raise PanelError(
            say(
                "share.over is {text}; write level:city (a level of areas.csv) or sector",
                text=repr(over),
            )
        )
    level = over.removeprefix(_LEVEL)
    inside = {area.name: area for area in declaration.areas if area.level == level}
    if goal.area:
        whole = find_area(goal.area, declaration.areas)
        inside = {
            name: area
            for name, area in inside.items()
            if whole is not None and lies_in(area, whole.id, declaration.areas)
        }
        if not inside:
            raise PanelError(
                say(
                    "{target} cannot be divided over {over}: none of {file} lies in {area}; "
                    "write the parent of each, or name another area",
                    target=goal.id,
                    over=over,
                    file=declaration.areas_file or "areas.csv",
                    area=goal.area,
                )
            )
    rows = asked.panel[asked.panel["year"] == year]
    found = {name: find_area(str(name), declaration.areas) for name in rows["area"]}
    rows = rows.assign(part=[area.name if (area := found[name]) else "" for name in rows["area"]])
    lacking = [
        area.id for area in inside.values() if area.has(year) and area.name not in set(rows["part"])
    ]
    if lacking or not inside:
        raise PanelError(
            say(
                "{target} cannot be divided over {over}: {year} has no number of {areas}; add their "
                "tables, or name another year",
                target=goal.id,
                over=over,
                year=year,
                areas=join_texts(", ", lacking[:5]) or over,
            )
        )
    rows = rows[rows["part"].isin(inside)]
    names = list_columns(goal)
    held = rows[names].sum(axis=1, skipna=False) if set(names) <= set(rows.columns) else math.nan
    rows = rows.assign(co2=held)
    return rows[["part", *[name for name in rows.columns if name not in {"part", "area", "year"}]]]


def _share_cut(asked: _Divided, parts: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return one cut for each part, with what they make of the whole."""
    goal, one = asked.goal, asked.how
    if one.get("rule") != _EQUAL_CUT or not one.get("growth"):
        raise PanelError(
            say(
                "{target} is a cut of an intensity, and cuts do not add up; write rule = "
                '"equal_cut" and growth = a file of area,year,gdp',
                target=goal.id,
            )
        )
    later = _read_growth(asked)
    if lacking := [str(part) for part in parts["part"] if part not in later]:
        raise PanelError(
            say(
                "{file} has no gdp of {areas} in {year}; add it",
                file=str(one["growth"]),
                areas=name_some(lacking, _SHOWN),
                year=goal.due,
            )
        )
    parts = parts.assign(gdp_due=parts["part"].map(later))
    cuts = dict.fromkeys(parts["part"].astype(str), goal.value)
    implied = imply_whole_cut(parts, cuts)
    what = say(
        "{target}: every part cuts by {cut}, and the whole by {whole} with the growth given from "
        "{year} to {due}",
        target=goal.id,
        cut=f"{goal.value:.2%}",
        whole=f"{implied:.2%}",
        year=asked.year,
        due=goal.due,
    )
    severity: Severity = "info" if implied >= goal.value - _ROUNDING else "warning"
    table = pd.DataFrame(
        {"part": parts["part"], "own": parts["co2"], "share": goal.value, "change": float("nan")}
    )
    return table, [Finding("implied-cut", severity, what)]


def _read_growth(asked: _Divided) -> dict[str, float]:
    """Return the GDP of each area in the due year."""
    declaration, file = asked.declaration, str(asked.how["growth"])
    growth, _ = read_driver_table(declaration.folder / file)
    if "gdp" not in growth.columns:
        raise PanelError(say("{file} has no column gdp; write area,year,gdp", file=file))
    later = growth[growth["year"] == asked.goal.due].dropna(subset=["gdp"])
    return {
        area.name: float(value)
        for name, value in zip(later["area"], later["gdp"], strict=True)
        if (area := find_area(str(name), declaration.areas))
    }
