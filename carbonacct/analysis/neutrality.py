"""Neutrality: gross emissions, removals and what they leave, and the year in which they meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.display import shown_in_notebooks
from carbonacct.errors import MethodError, PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.inventory.record import Inventory

COLUMNS = ("area", "year", "gas", "gross", "removals", "net", "unit", "notation")


@shown_in_notebooks
@dataclass(frozen=True)
class NeutralYear:
    """The year in which removals make up for gross emissions.

    Attributes
    ----------
    year
        The first year from which net emissions are at or below zero to the end of the path; None
        where there is none.
    gap
        Net emissions of the last year of the path.
    last
        The last year of the path.
    """

    year: int | None
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
        Add up what has a number and ignore what has none; ``notation`` still has the keys.

    Returns
    -------
    DataFrame
        ``area, year, gas, gross, removals, net, unit, notation``. Removals are negative. A sum that
        lacks a part (NE, C) is no number, and ``notation`` has its key; what does not occur adds
        nothing.

    Raises
    ------
    MethodError
        If neither or both of metric and gas are named, or there is none of that name.

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


def find_neutral_year(path: pd.DataFrame) -> NeutralYear:
    """Return the year from which removals make up for gross emissions to the end of a path.

    Parameters
    ----------
    path
        ``year`` and ``net`` of one area: of inventories (:func:`tabulate_neutrality`), or of a
        scenario (:func:`carbonacct.tabulate_paths`).

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
    NeutralYear(year=2060, gap=-3.0, last=2060)
    """
    ordered = path.sort_values("year")
    years = ordered["year"].to_numpy()
    if len(np.unique(years)) != len(years) or not len(years):
        raise PanelError(say("a path of one area has each year once; select the area"))
    if ordered["net"].isna().any():
        lacking = int(years[ordered["net"].isna().to_numpy()][0])
        raise PanelError(say("net emissions of {year} have no number", year=lacking))
    year = _first_lasting(years, ordered["net"].to_numpy())
    return NeutralYear(year=year, gap=float(ordered["net"].iloc[-1]), last=int(years[-1]))


def _first_lasting(years: np.ndarray, net: np.ndarray) -> int | None:
    """Return the first year from which all net emissions are at or below zero."""
    above = np.flatnonzero(np.asarray(net) > 0)
    first = int(above[-1]) + 1 if len(above) else 0
    return int(years[first]) if first < len(years) else None
