"""What follows from paths: tables by year and sector, peak, budget, neutral year, envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.analysis.analysis_result import Analysis
from carbonacct.analysis.iamc import to_iamc
from carbonacct.analysis.leap import to_leap
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.analysis.scenario import Path
    from carbonacct.analysis.series import Floats

TABLES = ("paths", "sectors", "peaks", "envelope", "iamc", "leap")
LEVEL = (0.05, 0.95)  # between which nine draws of ten lie


@shown_in_notebooks
@dataclass(frozen=True)
class Asked:
    """What a summary is to answer beside peak and neutrality.

    Attributes
    ----------
    peak_by
        A year: the chance that the peak falls in it or before.
    budget
        In t: the chance that emissions of the years after the base year add up to no more.
    """

    peak_by: int | None = None
    budget: float | None = None


def tabulate_paths(paths: Sequence[Path]) -> pd.DataFrame:
    """Return ``scenario, area, year, gas, gross, removals, net, lower, upper, unit``, in t."""
    frames = []
    for path in paths:
        lower, upper = _bounds(path.net)
        frames.append(
            pd.DataFrame(
                {
                    "scenario": path.name,
                    "area": path.area,
                    "year": path.years,
                    "gas": path.gas,
                    "gross": path.gross[0],
                    "removals": path.removals[0],
                    "net": path.net[0],
                    "lower": lower,
                    "upper": upper,
                    "unit": "t",
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def tabulate_sectors(paths: Sequence[Path]) -> pd.DataFrame:
    """Return ``scenario, area, year, sector, gas, value, unit``: the middle of each sector, t."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "scenario": path.name,
                    "area": path.area,
                    "year": path.years,
                    "sector": sector,
                    "gas": path.gas,
                    "value": values,
                    "unit": "t",
                }
            )
            for path in paths
            for sector, values in path.sectors.items()
        ],
        ignore_index=True,
    )


def summarise_paths(paths: Sequence[Path], asked: Asked | None = None) -> pd.DataFrame:
    """Return peak, sum of the years and neutral year of each scenario, with chances.

    Returns
    -------
    DataFrame
        A row a scenario. ``peak_year, peak`` (t) of the middle, and the bounds between which nine
        draws of ten lie. ``peak_state``: *passed*; *rising*, where the maximum is the last year and
        the peak may lie behind it; *base*, where it is the base year; *earlier*, where a year
        before the base year was higher. ``chance_passed`` and ``chance_by_<year>``: the share of
        draws. ``cumulative`` (t): all years after the base year, the last among them.
        ``neutral_year``: the first from which net emissions are at or below zero to the end.

    Raises
    ------
    PanelError
        If the year of the peak that is asked for lies outside the paths.
    """
    asked = asked or Asked()
    rows = []
    for path in paths:
        years, net = path.years, path.net
        if asked.peak_by is not None and not years[0] <= asked.peak_by < years[-1]:
            raise PanelError(
                say(
                    "a peak by {year}: the paths go from {first} to {last}, and one that ends in the "
                    "year shows no peak; choose a year before",
                    year=asked.peak_by,
                    first=int(years[0]),
                    last=int(years[-1]),
                )
            )
        position = net.argmax(axis=1)
        row: dict[str, Any] = {"scenario": path.name, "area": path.area, "gas": path.gas}
        row |= _with_bounds("peak_year", years[position].astype(float))
        row |= _with_bounds("peak", net.max(axis=1))
        row["peak_state"] = _name_state(path, int(position[0]))
        row["chance_passed"] = _chance(position < len(years) - 1)
        if asked.peak_by is not None:
            row[f"chance_by_{asked.peak_by}"] = _chance(years[position] <= asked.peak_by)
        total = net[:, 1:].sum(axis=1)  # a budget is of what is still to be emitted
        row |= _with_bounds("cumulative", total)
        if asked.budget is not None:
            row |= {"budget": asked.budget, "chance_budget": _chance(total <= asked.budget)}
        neutral = _find_neutral(net, years)
        row["neutral_year"] = neutral[0]
        row["chance_neutral"] = _chance(np.isfinite(neutral))
        row["draws"] = max(len(net) - 1, 0)
        rows.append(row)
    return pd.DataFrame(rows)


def find_envelope(paths: Sequence[Path]) -> pd.DataFrame:
    """Return the lowest and the highest scenario of each year, and the bounds of all draws, t.

    Columns ``year, lowest, lowest_scenario, highest, highest_scenario, lower, upper, unit``: lowest
    and highest are of the middles, lower and upper of the bounds between which nine draws of ten lie.
    """
    nets = np.array([path.net[0] for path in paths])
    bounds = np.array([_bounds(path.net) for path in paths])
    names = np.array([path.name for path in paths], object)
    return pd.DataFrame(
        {
            "year": paths[0].years,
            "lowest": nets.min(axis=0),
            "lowest_scenario": names[nets.argmin(axis=0)],
            "highest": nets.max(axis=0),
            "highest_scenario": names[nets.argmax(axis=0)],
            "lower": bounds[:, 0].min(axis=0),
            "upper": bounds[:, 1].max(axis=0),
            "unit": "t",
        }
    )


def find_table(show: str, paths: Sequence[Path], asked: Asked, *, model: str = "") -> pd.DataFrame:
    """Return a table of paths by its name.

    Raises
    ------
    PanelError
        If there is none of that name.
    """
    if show not in TABLES:
        near = did_you_mean(show, TABLES)
        known = as_typed(TABLES)
        raise PanelError(
            say(
                "no table {show!r} of scenarios; {near} known: {known}",
                show=show,
                near=near,
                known=known,
            )
        )
    if show == "peaks":
        return summarise_paths(paths, asked)
    if show == "iamc":
        return to_iamc(paths, model=model)
    made = {
        "paths": tabulate_paths,
        "sectors": tabulate_sectors,
        "envelope": find_envelope,
        "leap": to_leap,
    }
    return made[show](paths)


def tabulate_course(paths: Sequence[Path]) -> pd.DataFrame:
    """Return what charts of paths show: the inventory up to the base year, then each path, in t.

    Columns ``kind`` (*inventory* or *scenario*), ``scenario, year, net, lower, upper``;
    ``cumulative`` with its bounds, the sum of the years after the base year; ``is_peak``, the year
    of a peak that is passed. Bounds are those between which nine draws of ten lie.
    """
    first = paths[0]
    known = {**first.earlier, int(first.years[0]): float(first.net[0, 0])}
    before = pd.DataFrame({"year": list(known), "net": list(known.values())})
    frames = [before.sort_values("year").assign(kind="inventory", scenario="", is_peak=False)]
    for path in paths:
        sums = np.cumsum(np.where(path.years > path.years[0], path.net, 0.0), axis=1)
        lower, upper = _bounds(path.net)
        least, most = _bounds(sums)
        position = int(path.net[0].argmax())
        has_passed = _name_state(path, position) == "passed"
        frames.append(
            pd.DataFrame(
                {
                    "kind": "scenario",
                    "scenario": path.name,
                    "year": path.years,
                    "net": path.net[0],
                    "lower": lower,
                    "upper": upper,
                    "cumulative": sums[0],
                    "cumulative_lower": least,
                    "cumulative_upper": most,
                    "is_peak": has_passed & (np.arange(len(path.years)) == position),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def analyse_paths(show: str, paths: Sequence[Path], asked: Asked, *, model: str = "") -> Analysis:
    """Return a table of paths by its name, with what its charts are of.

    Raises
    ------
    PanelError
        As :func:`find_table`.
    """
    first = paths[0]
    words = {
        "area": first.area,
        "gas": first.gas,
        "base": str(first.years[0]),
        "draws": str(len(first.net) - 1),
    }
    if asked.budget is not None:
        words["budget"] = repr(asked.budget)
    return Analysis(
        f"scenario-{show}",
        find_table(show, paths, asked, model=model),
        words=words,
        series=tabulate_course(paths),
        names={"": first.area},
    )


def _name_state(path: Path, place: int) -> str:
    highest = float(path.net[0, place])
    if any(value > highest for value in path.earlier.values()):
        return "earlier"
    return "base" if place == 0 else "rising" if place == len(path.years) - 1 else "passed"


def _find_neutral(net: Floats, years: np.ndarray) -> Floats:
    """Return the year from which net emissions are zero or below to the end, NaN for none."""
    above = net > 0
    last = np.where(above.any(axis=1), net.shape[1] - 1 - above[:, ::-1].argmax(axis=1), -1)
    inside = last + 1 < net.shape[1]
    return np.where(inside, years[np.minimum(last + 1, net.shape[1] - 1)], np.nan)


def _bounds(values: Floats) -> tuple[Floats, Floats]:
    drawn = values[1:] if len(values) > 1 else values
    lower, upper = np.quantile(drawn, LEVEL, axis=0)
    return lower, upper


def _with_bounds(name: str, values: Floats) -> dict[str, float]:
    lower, upper = _bounds(values)
    return {name: float(values[0]), f"{name}_lower": float(lower), f"{name}_upper": float(upper)}


def _chance(holds: np.ndarray) -> float:
    """Return the share of draws in which something holds; of no draws, whether the middle does."""
    return float((holds[1:] if len(holds) > 1 else holds).mean())
