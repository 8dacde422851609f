"""Neutrality: gross emissions, removals and what they leave, and the year in which they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.analysis.scenario import project
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import MethodError, PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.analysis.scenario import Rate
    from carbonacct.inventory.record import Inventory

COLUMNS = ("area", "year", "gas", "gross", "removals", "net", "unit", "notation")
_TERMS = ("gross", "removals")


@shown_in_notebooks
@dataclass(frozen=True)
class NeutralYear:
    """The year in which removals make up for gross emissions.

    Attributes
    ----------
    year
        The first year from which net emissions are at or below zero to the end of the path; None
        where there is none.
    earliest, latest
        The same by the lower and the upper net path.
    gap
        Net emissions of the last year of the path.
    last
        The last year of the path.
    """

    year: int | None
    earliest: int | None
    latest: int | None
    gap: float
    last: int


def tabulate_neutrality(
    inventory: Inventory,
    *,
    gwp: str | None = None,
    gas: str | None = None,
    known_only: bool = False,
) -> pd.DataFrame:
    """Return gross emissions, removals and net emissions of each area and year, in t.

    Parameters
    ----------
    inventory
        Of all sectors; scope 2 and memo items are in none of the numbers.
    gwp, gas
        One of both: the name of a metric that adds all gases up, or a gas, such as ``"CO2"``.
    known_only
        Add up what has a number, whatever lacks one; ``notation`` still has the keys.

    Returns
    -------
    DataFrame
        ``area, year, gas, gross, removals, net, unit, notation``. Removals are negative. A sum that
        lacks a part (NE, C) is no number, and ``notation`` has its key; what does not occur adds
        nothing.

    Raises
    ------
    MethodError
        If neither or both of metric and gas are named, or there is none of the name.

    Notes
    -----
    Gross is the sum of entries of kind ``emission``, removals that of kind ``removal``. Land that is
    stated net counts by its sign: where it is divided further, gross and removals grow alike and
    net stays. Net is that of ``Inventory.total``.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> table = tabulate_neutrality(ca.to_inventory(cube), gas="CO2")
    >>> table[["gross", "removals"]].round(0).to_numpy().tolist()
    [[90700570.0, 0.0]]
    """
    if (gwp is None) == (gas is None):
        raise MethodError(
            say("neutrality is of one gas or of all by a metric: name gas or gwp, and one of both")
        )
    whole = inventory.by("area", "year", "kind", gwp=gwp, gas=gas)
    known = inventory.by("area", "year", "kind", gwp=gwp, gas=gas, known_only=known_only)
    sums = known.assign(key=whole["notation"])
    rows = []
    for labels, part in sums.groupby(["area", "year", "gas"], sort=False):
        held = part.set_index("kind")
        lacking = sorted(set(part["key"]) & {"NE", "C"})
        gross, removals = (_value_of(held, kind) for kind in ("emission", "removal"))
        net = gross + removals
        rows.append((*labels, gross, removals, net, "t", ",".join(lacking)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _value_of(held: pd.DataFrame, kind: str) -> float:
    """Return the sum of a kind; what is not there, or does not occur, is nothing."""
    if kind not in held.index or held.loc[kind, "notation"] in {"NO", "IE"}:
        return 0.0
    return float(held["value"].loc[kind])


def project_neutrality(
    start: Mapping[str, float], rates: Mapping[str, Mapping[int, Rate]], *, year: int
) -> pd.DataFrame:
    """Return gross emissions, removals and net emissions of every year under stated rates.

    Parameters
    ----------
    start
        ``gross`` and ``removals`` (zero or below) of the first year, as
        :func:`tabulate_neutrality` returns them.
    rates
        For ``gross`` and ``removals`` the rate a year up to and with each year that is named, as in
        :func:`carbonacct.project`; a pair is a range. Removals that are zero need none and stay.
    year
        The first year.

    Returns
    -------
    DataFrame
        ``year, gross, removals, net``, and ``lower`` and ``upper`` of net, which take every range
        at the end that makes net lowest or highest.

    Raises
    ------
    PanelError
        If the start or a rate makes no sense.

    Notes
    -----
    gross(t) = gross(t-1) (1 + r), removals(t) = removals(t-1) (1 + s), net = gross + removals.

    Examples
    --------
    >>> rates = {"gross": {2060: -0.05}, "removals": {2060: 0.02}}
    >>> path = project_neutrality({"gross": 100.0, "removals": -20.0}, rates, year=2020)
    >>> find_neutral_year(path).year
    2043
    """
    if set(start) != set(_TERMS):
        raise PanelError(say("a start has gross and removals, and nothing else"))
    gross, removals = start["gross"], start["removals"]
    if not (np.isfinite(gross) and gross > 0 and np.isfinite(removals) and removals <= 0):
        raise PanelError(
            say(
                "gross emissions start at {gross} and removals at {removals}; gross is above zero "
                "and removals are zero or below",
                gross=gross,
                removals=removals,
            )
        )
    if unknown := sorted(set(rates) - set(_TERMS)):
        raise PanelError(
            say("no term {term!r}; rates are of gross and of removals", term=unknown[0])
        )
    path = project({"gross": gross}, {"gross": rates.get("gross", {})}, year=year)
    taken = path.assign(total=0.0, lower=0.0, upper=0.0)
    if removals:
        given = {"removals": rates.get("removals", {})}
        taken = project({"removals": -removals}, given, year=year)
    elif "removals" in rates:
        raise PanelError(say("removals start at zero; a rate of them says nothing"))
    if len(taken) != len(path):
        raise PanelError(
            say(
                "rates of gross end in {gross} and those of removals in {removals}; let both end in "
                "one year",
                gross=int(path["year"].iloc[-1]),
                removals=int(taken["year"].iloc[-1]),
            )
        )
    return pd.DataFrame(
        {
            "year": path["year"],
            "gross": path["total"],
            "removals": -taken["total"],
            "net": path["total"] - taken["total"],
            "lower": path["lower"] - taken["upper"],
            "upper": path["upper"] - taken["lower"],
        }
    )


def find_neutral_year(path: pd.DataFrame) -> NeutralYear:
    """Return the year from which removals make up for gross emissions to the end of a path.

    Parameters
    ----------
    path
        ``year`` and ``net`` of one area, with or without ``lower`` and ``upper``: of inventories
        (:func:`tabulate_neutrality`), or projected (:func:`project_neutrality`).

    Raises
    ------
    PanelError
        If years are there twice, or net lacks a number.

    Notes
    -----
    A year that is neutral and followed by one that is not does not count: neutrality lasts to the
    end of the path. Between two years of a path nothing is assumed.

    Examples
    --------
    >>> path = pd.DataFrame({"year": [2030, 2040, 2050, 2060], "net": [5.0, -1.0, 2.0, -3.0]})
    >>> find_neutral_year(path)
    NeutralYear(year=2060, earliest=2060, latest=2060, gap=-3.0, last=2060)
    """
    ordered = path.sort_values("year")
    years = ordered["year"].to_numpy()
    if len(np.unique(years)) != len(years) or not len(years):
        raise PanelError(say("a path of one area has each year once; select the area"))
    if ordered["net"].isna().any():
        lacking = int(years[ordered["net"].isna().to_numpy()][0])
        raise PanelError(say("net emissions of {year} have no number", year=lacking))
    found = [
        _first_lasting(years, ordered[name if name in ordered else "net"].to_numpy())
        for name in ("net", "lower", "upper")
    ]
    gap = float(ordered["net"].iloc[-1])
    return NeutralYear(
        year=found[0], earliest=found[1], latest=found[2], gap=gap, last=int(years[-1])
    )


def _first_lasting(years: np.ndarray, net: np.ndarray) -> int | None:
    """Return the first year from which all net emissions are at or below zero."""
    above = np.flatnonzero(np.asarray(net) > 0)
    first = int(above[-1]) + 1 if len(above) else 0
    return int(years[first]) if first < len(years) else None
