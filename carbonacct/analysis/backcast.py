"""How well paths would have done: from past years on, by the rates before, against what came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.analysis.assumptions import Assumed, Driver
from carbonacct.analysis.drivers import Basis, Held
from carbonacct.analysis.identity import parse_identity
from carbonacct.analysis.series import read_numbers, split_series
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import PanelError
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from carbonacct.analysis.identity import Factor
    from carbonacct.analysis.series import Floats

KAYA = "co2 = population * gdp/population * energy/gdp * co2/energy"
_LEVEL = (5.0, 95.0)


@shown_in_notebooks
@dataclass(frozen=True)
class Setting:
    """What each path of the past knows, and how far it goes.

    Attributes
    ----------
    window
        Years before its base year that it takes rates from.
    horizon
        Years that it goes on.
    """

    window: int = 10
    horizon: int = 10
    draws: int = 1000
    seed: int = 0


def backcast(
    panel: pd.DataFrame, identity: str = KAYA, setting: Setting | None = None
) -> pd.DataFrame:
    """Return each path that could have been made in the past beside what came.

    Parameters
    ----------
    panel
        ``area, year`` and the columns of the identity, without gaps.
    identity
        The left side is what is projected, the factors are its drivers.
    setting
        Window, horizon, draws and seed.

    Returns
    -------
    DataFrame
        A row an area, base year and later year: ``area, base, year, ahead, start, actual, middle,
        lower, upper`` (between which nine draws of ten lie), ``error`` (middle over actual less 1),
        ``inside``, ``chance_below`` (of draws, to end below the base year) and ``below`` (whether it
        did). Panels of today hold revised numbers, which were not known then.

    Raises
    ------
    PanelError
        If columns lack, a number is absent or not above zero, or no area has years enough.

    Notes
    -----
    Each factor goes on at its mean rate of the window; its range is the slowest and the fastest mean
    rate of half the window within it. The engine is that of :func:`project_scenarios`.

    Examples
    --------
    >>> panel = pd.read_csv("docs/tables/countries_1990_2016.csv")
    >>> found = backcast(panel, setting=Setting(draws=200))
    >>> len(found), sorted(set(found["base"]))[0]
    (420, 2000)
    """
    setting = setting or Setting()
    parsed = parse_identity(identity, columns=[str(column) for column in panel.columns])
    if parsed.dims or parsed.defines or len(parsed.left.numerator) != 1 or parsed.left.denominator:
        raise PanelError(
            say("{identity}: a path is of one column of the panel, without tags", identity=identity)
        )
    value = parsed.left.text
    names = list(dict.fromkeys([value, *parsed.names]))
    if min(setting.window, setting.horizon) < 1 or setting.draws < 0:
        raise PanelError(
            say(
                "a window of {window}, a horizon of {horizon} and {draws} draws; window and horizon "
                "are 1 year or more, draws 0 or more",
                window=setting.window,
                horizon=setting.horizon,
                draws=setting.draws,
            )
        )
    panel = _read_numbers(panel, names)
    frames = []
    for area, own in panel.sort_values("year", kind="stable").groupby("area", sort=False):
        years = own["year"].to_numpy(int)
        factors = {factor.text: _evaluate(factor, own) for factor in parsed.factors}
        for position in range(setting.window, len(years) - setting.horizon):
            span = years[position - setting.window : position + setting.horizon + 1]
            if span[-1] - span[0] == len(span) - 1:  # without a gap
                actual = own[value].to_numpy(float)[position : position + setting.horizon + 1]
                ratio = _go_on(factors, years, position, setting)
                frames.append(_compare(str(area), span[setting.window :], actual, ratio))
    if not frames:
        raise PanelError(
            say(
                "no area has {count} years in a row; shorten window or horizon",
                count=setting.window + setting.horizon + 1,
            )
        )
    return pd.concat(frames, ignore_index=True)


def summarise_backcast(found: pd.DataFrame) -> pd.DataFrame:
    """Return how well paths did by years ahead.

    Returns
    -------
    DataFrame
        ``ahead, paths, mean_error, mean_absolute_error, of_no_change`` (the same error of a path that
        stays at the base year), ``inside`` (the share of outcomes in the interval, which holds nine
        of ten draws) and ``brier`` (the mean square of the chance to fall below the base year less
        what came: 0 is certain and right, 0.25 a coin).
    """
    rows = []
    for ahead in sorted(set(found["ahead"].tolist())):
        own = found[found["ahead"] == ahead]
        rows.append(
            {
                "ahead": ahead,
                "paths": len(own),
                "mean_error": own["error"].mean(),
                "mean_absolute_error": own["error"].abs().mean(),
                "of_no_change": (own["start"] / own["actual"] - 1).abs().mean(),
                "inside": own["inside"].mean(),
                "brier": ((own["chance_below"] - own["below"]) ** 2).mean(),
            }
        )
    return pd.DataFrame(rows)


def _read_numbers(panel: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the panel with its columns as numbers above zero, one row a year and area."""
    lacking = [name for name in ("area", "year", *names) if name not in panel.columns]
    if lacking:
        raise PanelError(
            say(
                "no column {column!r}; a backcast needs {columns}",
                column=lacking[0],
                columns=as_typed(("area", "year", *names)),
            )
        )
    split_series(panel, names, by="area")  # refuses years that are there twice, and what is none
    for name in names:
        numbers = read_numbers(panel[name], name)
        wrong = panel[~(numbers > 0)]
        if len(wrong):
            raise PanelError(
                say(
                    "{area} {year}: {name} is absent or not above zero; a rate of it says nothing",
                    area=wrong["area"].iloc[0],
                    year=wrong["year"].iloc[0],
                    name=name,
                )
            )
        panel = panel.assign(**{name: numbers})
    return panel


def _evaluate(factor: Factor, own: pd.DataFrame) -> Floats:
    numbers = np.ones(len(own))
    for quantity in factor.numerator:
        numbers = numbers * own[quantity.name].to_numpy(float)
    for quantity in factor.denominator:
        numbers = numbers / own[quantity.name].to_numpy(float)
    return numbers


def _go_on(factors: dict[str, Floats], years: np.ndarray, place: int, setting: Setting) -> Floats:
    """Return the path over its base year by draw and year, from what was known then."""
    base, half = int(years[place]), max(setting.window // 2, 1)
    drivers = []
    for name, values in factors.items():
        known = np.log(values[place - setting.window : place + 1])
        middle = (known[-1] - known[0]) / setting.window
        # Of half a window, for the rate of a single year varies more than that of several.
        spans = (known[half:] - known[:-half]) / half
        lower, upper = min(spans.min(), middle), max(spans.max(), middle)
        numbers = Assumed(base + setting.horizon, *np.expm1([lower, middle, upper]).tolist())
        drivers.append(
            Driver(
                scenario="",
                sector="all",
                term="activity",
                of=name,
                form="rate",
                numbers=(numbers,),
                source="",
                where=name,
            )
        )
    basis = Basis(year=base, draws=setting.draws, seed=setting.seed)
    held = Held(tuple(drivers), np.arange(base, base + setting.horizon + 1), basis)
    ratio: Floats = np.prod([held.ratio(driver) for driver in drivers], axis=0)
    return ratio


def _compare(area: str, years: np.ndarray, actual: Floats, ratio: Floats) -> pd.DataFrame:
    """Return a path beside what came, without its base year."""
    path = actual[0] * ratio[:, 1:]
    drawn = path[1:] if len(path) > 1 else path
    lower, upper = np.percentile(drawn, _LEVEL, axis=0)
    came = actual[1:]
    return pd.DataFrame(
        {
            "area": area,
            "base": years[0],
            "year": years[1:],
            "ahead": np.arange(1, len(years)),
            "start": actual[0],
            "actual": came,
            "middle": path[0],
            "lower": lower,
            "upper": upper,
            "error": path[0] / came - 1,
            "inside": (lower <= came) & (came <= upper),
            "chance_below": (drawn < actual[0]).mean(axis=0),
            "below": came < actual[0],
        }
    )
