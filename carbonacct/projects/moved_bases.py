"""Base years of targets that moved between two inventories, with the verdicts on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.analysis.result_names import result_names
from carbonacct.analysis.target_units import find_scale, unit_of
from carbonacct.errors import CarbonacctError, Finding
from carbonacct.projects.driver_tables import read_driver_tables
from carbonacct.projects.project_panel import make_panel
from carbonacct.projects.project_targets import (
    judge_declared,
    read_base_number,
    read_declared,
    spell_goals,
)
from carbonacct.projects.stored import take_prints, to_inventory
from carbonacct.texts import Both, say

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.projects.project_declaration import Declaration

_ROUNDING = 1e-9  # of a base that did not move: sums of another order
_DIGITS = 6


@dataclass(frozen=True)
class Judging:
    """One of two sides: entries as submitted or as they are, the targets that judge them, the energy of its tables."""

    entries: pd.DataFrame
    declaration: Declaration
    energy: pd.DataFrame | None = None


@dataclass(frozen=True)
class _Standing:
    """A target of an area on one side: its base year, the number of that year, and its verdict."""

    base_year: int | None
    base: float
    unit: str
    verdict: dict[str, Any]


def find_moved_bases(before: Judging, after: Judging) -> list[Finding]:
    """Return a finding for each target of both sides whose base year has another number.

    Each says the number of the base year and the verdict on both sides. Targets of one id and area
    are compared; one that a side lacks has no base there.
    """
    if not all(_has_targets(one.declaration) for one in (before, after)):
        return []
    try:
        old, new = _judge(before), _judge(after)
    except CarbonacctError as error:
        what = say("targets of both sides cannot be compared: {error}", error=error)
        action = say("correct the target, or compare with another submission")
        return [Finding("base-moved", "warning", what, action=action)]
    return [
        _say_moved(key, one, new[key])
        for key, one in old.items()
        if key in new and _is_moved(one, new[key])
    ]


def _has_targets(declaration: Declaration) -> bool:
    return bool(declaration.targets or declaration.targets_file)


def _judge(side: Judging) -> dict[tuple[str, str], _Standing]:
    """Return how each target stands on prints, by id and area."""
    declaration = side.declaration
    drivers = read_driver_tables(declaration.folder, declaration.bases)
    inventory = to_inventory(take_prints(side.entries), (), ())
    panel = make_panel(inventory, drivers, metric=declaration.metric or None, energy=side.energy)
    units = panel.attrs.get("units", {})
    found = {}
    for goal in spell_goals(panel, read_declared(declaration)):
        for row in judge_declared(panel, [goal]).to_dict("records"):
            own = panel[panel["area"] == row["area"]]
            base = goal.base_value if np.isfinite(goal.base_value) else read_base_number(goal, own)
            key = (goal.id, str(row["area"]))
            unit = unit_of(goal.quantity, units)
            found[key] = _Standing(goal.base_year, base, unit, {str(k): v for k, v in row.items()})
    return found


def _is_moved(old: _Standing, new: _Standing) -> bool:
    """Return whether the base year is another or has another number; one without a number has not moved to another."""
    if old.base_year != new.base_year:
        return True
    scale = find_scale(old.unit, new.unit) if old.unit and new.unit else 1.0
    return old.base_year is not None and not np.isclose(
        old.base * scale, new.base, rtol=_ROUNDING, atol=0.0, equal_nan=True
    )


def _say_moved(key: tuple[str, str], old: _Standing, new: _Standing) -> Finding:
    what = say(
        "{target} of {area}: the base goes from {before} to {after}, and the verdict from {old} to "
        "{new}",
        target=key[0],
        area=key[1],
        before=_say_base(old),
        after=_say_base(new),
        old=_say_verdict(old.verdict),
        new=_say_verdict(new.verdict),
    )
    action = say("say so beside the verdict, or keep the base with base.as = submission:NAME")
    return Finding("base-moved", "warning", what, action=action)


def _say_base(one: _Standing) -> str:
    if one.base_year is None:
        return say("no base year")
    number = f"{one.base:.{_DIGITS}g} {one.unit}".rstrip() if np.isfinite(one.base) else "-"
    return say("{number} ({year})", number=number, year=one.base_year)


def _say_verdict(row: dict[str, Any]) -> str:
    """Return a verdict with what is reached and when, or why there is none."""
    if not row["status"]:
        return say("none ({reason})", reason=row["reason"])
    en, zh = (result_names(lang)["status"][row["status"]] for lang in ("en", "zh"))
    return say(
        "{verdict} ({reached} in {year})",
        verdict=Both(en, zh),
        reached=f"{row['reached']:.4g}",
        year=int(row["to"]),
    )
