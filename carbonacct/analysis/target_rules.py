"""What a row of a table of targets asks for: its kind, its direction, and its number in the unit of the data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct.analysis.target_cells import is_blank
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import join_texts, say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_PERCENT = ("%", "％", "percent", "per cent", "百分比", "百分点")
_FRACTION = ("", "1", "fraction", "dimensionless")
_NEAR = 5.0  # a share and its target in one unit seldom lie further apart than this


@dataclass(frozen=True)
class TargetRule:
    """What a target asks for.

    Attributes
    ----------
    kind
        ``"cut"`` of a ratio, ``"rise"`` of a column over the base year, or ``"level"`` of a column.
    of
        The ratio or the column.
    at_most
        Whether the target is met at or below its number.
    """

    kind: str
    of: str
    at_most: bool = False


@cache
def _read_directions() -> dict[str, tuple[str, str]]:
    """Return direction and kind by each of its words."""
    rows = read_rows(data_folder() / "vocabulary" / "target_directions.csv")
    words = [
        (word, row)
        for row in rows
        for word in (row["id"], row["id"].replace("_", " "), *row["words"].split("|"))
    ]
    return {fold(word): (row["id"], row["kind"]) for word, row in words}


@cache
def _read_indicators() -> dict[str, dict[str, str]]:
    return {
        row["id"]: row for row in read_rows(data_folder() / "vocabulary" / "target_indicators.csv")
    }


def find_rule(target: Mapping[Any, Any]) -> TargetRule:
    """Return what a target asks for, from its column ``direction`` and what is known of its indicator.

    Raises
    ------
    PanelError
        If the direction is not known, is missing for an indicator that has none of its own, or
        contradicts it.

    Examples
    --------
    >>> find_rule({"indicator": "co2"})
    TargetRule(kind='level', of='co2', at_most=True)
    >>> find_rule({"indicator": "buses", "direction": "不低于"})
    TargetRule(kind='level', of='buses', at_most=False)
    """
    indicator, word = str(target["indicator"]), target.get("direction")
    direction = _resolve(indicator, word)
    known = _read_indicators().get(indicator)
    if known is None:
        if direction is None:
            raise PanelError(
                say(
                    "{indicator}: no direction is known for it; add a column direction "
                    "(at_least, at_most, cut or rise), or use an indicator of the list{near}",
                    indicator=indicator,
                    near=_near(indicator),
                )
            )
        name, kind = direction
        return TargetRule(kind, indicator, at_most=name == "at_most")
    kind, side = known["kind"], known["direction"]
    # Cuts and rises are minimums: "at least" may be written, no other word fits them.
    fitting = {side, kind} - {"level"}
    if direction is not None and direction[0] not in fitting:
        raise PanelError(
            say(
                "{indicator}: the direction {word!r} contradicts the indicator, which is "
                "{fitting}; correct one of them, or give the indicator a name of its own",
                indicator=indicator,
                word=word,
                fitting=join_texts(" or ", sorted(fitting)),
            )
        )
    return TargetRule(kind, known["of"], at_most=side == "at_most")


def _resolve(indicator: str, word: object) -> tuple[str, str] | None:
    if is_blank(word):
        return None
    found = _read_directions().get(fold(str(word)))
    if found is None:
        near = did_you_mean(str(word), ["at_least", "at_most", "cut", "rise"])
        raise PanelError(
            say(
                "{indicator}: the direction {word!r} is not known; {near}",
                indicator=indicator,
                word=word,
                near=near or say("write at_least, at_most, cut or rise"),
            )
        )
    return found


def _near(indicator: str) -> str:
    near = did_you_mean(indicator, _read_indicators())
    return say(" ({near})", near=near.rstrip(";")) if near else ""


def read_number(target: Mapping[Any, Any], rule: TargetRule, number: float) -> float:
    """Return the number of a target: a cut as a fraction, everything else in its own unit.

    Raises
    ------
    PanelError
        If a cut is in another unit than % or a fraction, or is no cut in its unit.
    """
    if rule.kind != "cut":
        return number
    unit = "" if is_blank(target["unit"]) else str(target["unit"]).strip()
    if unit.casefold() not in (*_PERCENT, *_FRACTION):
        raise PanelError(
            say(
                "{indicator}: a cut is in % or a fraction (unit 1), not in {unit}; correct "
                "the unit",
                indicator=target["indicator"],
                unit=unit,
            )
        )
    percent = unit.casefold() in _PERCENT
    low, high = (1, 100) if percent else (0, 1)
    if not low <= number < high or not number:
        what = (
            say("17 % is 17 with the unit %")
            if percent
            else say("17 % is 0.17 without a unit, or 17 with the unit %")
        )
        raise PanelError(
            say(
                "{indicator}: {number:g}{percent_sign} is not a cut; {what}",
                indicator=target["indicator"],
                number=number,
                percent_sign=" %" if percent else "",
                what=what,
            )
        )
    return number / 100 if percent else number


def scale_shares(
    values: pd.Series[float], target: Mapping[Any, Any], number: float, base: float = 0.0
) -> tuple[float, str]:
    """Return what turns a column into the unit of the target, and why: a share of 0.2 is 20 %.

    Parameters
    ----------
    values
        The column, in the unit of the target or, for a target in %, as fractions.
    number
        The level, or the rise over `base`, that the target asks for, in its unit.
    base
        What the rise starts from, in the unit of the column.

    Raises
    ------
    PanelError
        If neither reading lies near the target.
    """
    unit = "" if is_blank(target["unit"]) else str(target["unit"]).strip()
    held = values.dropna()
    held = held[held != 0]
    if (
        unit.casefold() not in _PERCENT
        or number <= 0
        or not len(held)
        or not held.between(0, 1).all()
    ):
        return 1.0, ""
    last = float(held.iloc[-1])
    apart = {scale: abs(math.log(last * scale / (base * scale + number))) for scale in (1.0, 100.0)}
    scale = min(apart, key=lambda one: apart[one])
    if apart[scale] > math.log(_NEAR):
        raise PanelError(
            say(
                "{indicator}: {last:g} in the data may be {last:g} % or {last:.0%}, and the "
                "target is {number:g} %; write the column in %",
                indicator=target["indicator"],
                last=last,
                number=number,
            )
        )
    if scale == 1:
        return scale, ""
    return scale, say("read as fractions: {last:g} is {percent:g} %", last=last, percent=last * 100)
