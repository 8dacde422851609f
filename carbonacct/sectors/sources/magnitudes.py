"""Amounts of activities against what an area of their level can have: a power of ten, mu for hectares."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import dim_names, vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding
from carbonacct.inventory.entry_columns import number_groups
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
    sums = _ActivitySums(rows)
    for limits in list_magnitudes():
        amounts = sums.of(limits["activity"], limits["label"])
        if limits["per"]:
            below = sums.of(limits["per"], limits["per_label"])
            amounts = np.divide(amounts, below, out=np.full_like(amounts, np.nan), where=below > 0)
        outside = (amounts < float(limits["lower"] or 0)) | (amounts > float(limits["upper"]))
        # Nothing is no slip of a unit.
        for at in np.flatnonzero(outside & (amounts != 0)).tolist():
            (area, year), amount = sums.places[at], amounts[at]
            place = (limits["activity"], area, year)
            if limits["level"] not in {"", _find_level(area)} or place in said:
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


class _ActivitySums:
    """Sums of activities by area and year."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows[rows["value"].notna() & (rows["area"] != "")]
        self._place, first = number_groups(self.rows, ["area", "year"])
        places = self.rows[["area", "year"]].iloc[first].to_numpy()
        self.places = [(str(area), int(year)) for area, year in places]
        self._symbol = self.rows["symbol"].to_numpy(dtype=object)
        self._value = self.rows["value"].to_numpy(float)

    def of(self, activity: str, label: str) -> np.ndarray:
        """Return the sum of all labels of an activity, or of one, in each place; NaN where there is no row."""
        chosen = np.flatnonzero(self._symbol == activity)
        if label:
            named = self.rows["labels"].iloc[chosen]
            chosen = chosen[[label in dict(labels).values() for labels in named]]
        places, count = self._place[chosen], len(self.places)
        sums = np.bincount(places, weights=self._value[chosen], minlength=count)
        return np.where(np.bincount(places, minlength=count) > 0, sums, np.nan)


def _find_level(area: str) -> str:
    known = vocabulary.areas().get(vocabulary.resolve("area", area) or "")
    return known.level if known else ""
