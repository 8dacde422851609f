"""A project's targets divided over its areas or over sectors, as the declaration says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.analysis.goals import list_columns
from carbonacct.analysis.long_table import read_long_table
from carbonacct.analysis.sharing import Sharing, imply_whole_cut, share_target
from carbonacct.errors import Finding, PanelError
from carbonacct.projects.project_areas import find_area
from carbonacct.projects.project_targets import read_declared, spell_goals
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.analysis.goals import Goal
    from carbonacct.errors import Severity
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.project_declaration import Declaration

SECTORS = "sector"
_LEVEL = "level:"
_EQUAL_CUT = "equal_cut"
_ROUNDING = 1e-12
_OPTIONS = ("column", "weights", "base_year", "by_year", "floor", "reserve")


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
    goals = {goal.id: goal for goal in spell_goals(panel, read_declared(declaration))}
    frames, findings = [], list[Finding]()
    for one in declaration.shares:
        name = str(one.get("target", ""))
        if name not in goals:
            raise PanelError(
                say(
                    "share names the target {target}, which is not declared; known: {known}",
                    target=repr(name),
                    known=join_texts(", ", goals),
                )
            )
        frame, found = _share(goals[name], one, panel, printed, declaration=declaration)
        frames.append(frame.assign(target=name, rule=one.get("rule", "")))
        findings += found
    if not frames:
        raise PanelError(
            say("no target is to be divided; write share = [{{ target, over, rule }}]")
        )
    whole = pd.concat(frames, ignore_index=True)
    return whole[["target", "rule", "part", "own", "share", "change"]], findings


def _share(
    goal: Goal,
    one: Mapping[str, Any],
    panel: pd.DataFrame,
    printed: Inventory,
    *,
    declaration: Declaration,
) -> tuple[pd.DataFrame, list[Finding]]:
    own = panel[panel["area"] == goal.area] if goal.area else panel
    year = int(one.get("year", goal.base_year or own["year"].max()))
    parts = _list_parts(goal, one, panel, printed, declaration=declaration, year=year)
    intensity = goal.quantity == "co2/gdp" and goal.statistic == "cut"
    if intensity or one.get("rule") == _EQUAL_CUT:
        return _share_cut(goal, one, parts, declaration, year=year)
    total = _find_amount(goal, own)
    options = {key: one[key] for key in _OPTIONS if key in one}
    how = Sharing(rule=str(one.get("rule", "")), year=goal.due, **{"base_year": year, **options})
    table = share_target(total, parts, how)
    return table[["part", "own", "share", "change"]], []


def _find_amount(goal: Goal, own: pd.DataFrame) -> float:
    """Return the tonnes that a target leaves in its due year."""
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
    value = float(base[list_columns(goal)].sum(axis=1).iloc[0]) if len(base) else float("nan")
    value = value if pd.isna(goal.base_value) else goal.base_value
    if pd.isna(value):
        raise PanelError(
            say(
                "{target}: no {quantity} in the base year {year}; add its table",
                target=goal.id,
                quantity=goal.quantity,
                year=goal.base_year,
            )
        )
    return value * (1 - goal.value if goal.statistic == "cut" else 1 + goal.value)


def _list_parts(
    goal: Goal,
    one: Mapping[str, Any],
    panel: pd.DataFrame,
    printed: Inventory,
    *,
    declaration: Declaration,
    year: int,
) -> pd.DataFrame:
    """Return the parts with what rules ask for, in the year of the shares."""
    over = str(one.get("over", ""))
    if over == SECTORS:
        sums = printed.by("area", "year", "sector")
        sums = sums[(sums["gas"] == "CO2") & (sums["year"] == year)]
        sums = sums[sums["area"] == goal.area] if goal.area else sums
        return pd.DataFrame({"part": sums["sector"], "co2": sums["value"]}).reset_index(drop=True)
    if not over.startswith(_LEVEL):
        raise PanelError(
            say(
                "share.over is {text}; write level:city (a level of areas.csv) or sector",
                text=repr(over),
            )
        )
    level = over.removeprefix(_LEVEL)
    inside = {area.name: area for area in declaration.areas if area.level == level}
    rows = panel[panel["year"] == year]
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
    rows = rows.assign(co2=rows[list_columns(goal)].sum(axis=1, skipna=False))
    return rows[["part", *[name for name in rows.columns if name not in {"part", "area", "year"}]]]


def _share_cut(
    goal: Goal,
    one: Mapping[str, Any],
    parts: pd.DataFrame,
    declaration: Declaration,
    *,
    year: int,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return one cut for each part, with what they make of the whole."""
    if one.get("rule") != _EQUAL_CUT or not one.get("growth"):
        raise PanelError(
            say(
                "{target} is a cut of an intensity, and cuts do not add up; write rule = "
                '"equal_cut" and growth = a file of area,year,gdp',
                target=goal.id,
            )
        )
    growth, _ = read_long_table(declaration.folder / str(one["growth"]), labels=["area"])
    later = growth[growth["year"] == goal.due]
    held = {
        area.name: float(value)
        for name, value in zip(later["area"], later["gdp"], strict=True)
        if (area := find_area(str(name), declaration.areas))
    }
    parts = parts.assign(gdp_due=parts["part"].map(held))
    cuts = dict.fromkeys(parts["part"].astype(str), goal.value)
    implied = imply_whole_cut(parts, cuts)
    what = say(
        "{target}: every part cuts by {cut}, and the whole by {whole} with the growth given from "
        "{year} to {due}",
        target=goal.id,
        cut=f"{goal.value:.2%}",
        whole=f"{implied:.2%}",
        year=year,
        due=goal.due,
    )
    severity: Severity = "info" if implied >= goal.value - _ROUNDING else "warning"
    table = pd.DataFrame(
        {"part": parts["part"], "own": parts["co2"], "share": goal.value, "change": float("nan")}
    )
    return table, [Finding("implied-cut", severity, what)]
