"""Amounts of activities against what an area of their level can have: a power of ten, mu for hectares."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from carbonacct import dim_names, vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding
from carbonacct.texts import Both, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from carbonacct.sectors.sources.activity_names import Names


@cache
def list_magnitudes() -> tuple[dict[str, str], ...]:
    """Return the rows of ``factors/vocabulary/activity_magnitudes.csv``."""
    return tuple(read_rows(data_folder() / "vocabulary" / "activity_magnitudes.csv"))


def check_magnitudes(names: Names, rows: pd.DataFrame) -> Iterator[Finding]:
    """Find amounts that are of another order than an area of their level has.

    Parameters
    ----------
    names
        What a message calls the activities.
    rows
        Of :class:`carbonacct.sectors.sources.activities.Activities`: values in declared units.

    Notes
    -----
    The labels of an activity are added up, or one counts alone (pigs). A row of the table may hold
    the amount against another's: tonnes of rice against hectares of it.
    """
    said: set[tuple[str, str, int]] = set()
    for limits in list_magnitudes():
        amounts = _add_up(rows, limits["activity"], limits["label"])
        if limits["per"]:
            below = _add_up(rows, limits["per"], limits["per_label"])
            amounts = (amounts / below.where(below > 0)).dropna()
        for key, amount in amounts.items():
            area, year = cast("tuple[str, int]", key)
            level = _find_level(area)
            within = float(limits["lower"] or 0) <= amount <= float(limits["upper"])
            place = (limits["activity"], area, int(year))
            # Nothing is no slip of a unit.
            if amount == 0 or within or limits["level"] not in {"", level} or place in said:
                continue
            said.add(place)
            own = rows[(rows["symbol"] == limits["activity"]) & (rows["area"] == area)]
            yield Finding(
                "activity-size",
                "warning",
                say(
                    "{activity} of {area} {year} is {amount}; {lower} to {upper} is what "
                    "an area of its level has, {reason}",
                    activity=_called(names, limits),
                    area=area,
                    year=year,
                    amount=f"{amount:.4g} {limits['unit']}".removesuffix(" 1"),
                    lower=limits["lower"] or "0",
                    upper=limits["upper"],
                    reason=Both(limits["reason_en"], limits["reason_zh"]),
                ),
                str(own["place"].iloc[0]),
                say(
                    "check the unit of the column: 万头 for head, mu for hectares, 万吨 for tonnes"
                ),
            )


def _called(names: Names, limits: Mapping[str, str]) -> str:
    """Return what a message calls an amount: an activity, one label of it, by another activity."""
    known = [names.called(limits["activity"])]
    if limits["label"]:
        dims = names.about(limits["activity"]).dims
        dim = next(dim for dim in dims if limits["label"] in dim_names.dim_labels(dim))
        known.append(dim_names.called_label(dim, limits["label"]))
    named = join_texts(" ", known)
    return join_texts(" / ", (named, names.called(limits["per"]))) if limits["per"] else named


def _add_up(rows: pd.DataFrame, activity: str, label: str) -> pd.Series:
    """Return the sums of an activity by area and year, of all labels or of one."""
    chosen = (rows["symbol"] == activity) & rows["value"].notna() & (rows["area"] != "")
    if label:
        chosen &= rows["labels"].map(lambda labels: label in dict(labels).values()).astype(bool)
    own = rows[chosen]
    return own.groupby(["area", "year"], sort=False)["value"].sum()


def _find_level(area: str) -> str:
    known = vocabulary.areas().get(vocabulary.resolve("area", area) or "")
    return known.level if known else ""
