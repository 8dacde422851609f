"""Paths of emissions from an inventory and declared assumptions, by sector and driver.

Each entry of the base year is scaled by one driver of each term: the one of the nearest sector.
What has no assumption is an error and not a constant.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.analysis.drivers import Basis, DriverLine, Held
from carbonacct.errors import AssumptionError, PanelError
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.analysis.assumptions import Driver
    from carbonacct.analysis.series import Floats
    from carbonacct.inventory.record import Inventory

_NAMED = 5


@dataclass(frozen=True, repr=False, eq=False)
class Path:
    """The path of a scenario.

    Attributes
    ----------
    name
        Of the scenario.
    years
        From the base year to the horizon.
    sectors
        Emissions by sector or flow, and ``removals``, in the middle, t by year.
    gross, removals
        t by draw and year; the first is the middle of all ranges and no draw.
    earlier
        Net emissions of the years of the inventory before the base year.
    drivers
        What the scenario assumes.
    starts
        Of removals that are given as amounts, those of the base year, t, by key of the driver.
    """

    name: str
    area: str
    gas: str
    scopes: tuple[int, ...]
    years: np.ndarray
    sectors: dict[str, Floats]
    gross: Floats
    removals: Floats
    earlier: dict[int, float] = field(default_factory=dict)
    drivers: tuple[Driver, ...] = ()
    starts: dict[tuple[str, str, str], float] = field(default_factory=dict)

    @cached_property
    def net(self) -> Floats:
        """Gross emissions and removals together."""
        total: Floats = self.gross + self.removals
        return total


def project_scenarios(
    inventory: Inventory, scenarios: Mapping[str, Sequence[Driver]], basis: Basis
) -> list[Path]:
    """Return the path of each scenario from the base year to the horizon.

    Parameters
    ----------
    inventory
        Of all sectors or of energy; with entries of the base year.
    scenarios
        Drivers by scenario (:func:`carbonacct.analysis.assumptions.read_assumptions`).
    basis
        Area, base year, gas or metric, scopes, error of the base year, draws and seed.

    Raises
    ------
    AssumptionError
        If entries have no assumption, an assumption is of nothing, or shares do not close.
    PanelError
        If the base year is not there, or lacks a number.

    Notes
    -----
    E(t) = sum over entries of E(base) x activity x structure x efficiency x fuel mix x grid factor,
    each as t over base; the grid factor scales scope 2 alone, and removals are added. The base year
    gives the inventory back. One draw of a driver holds for all its years: a path that is low
    stays low. The distribution is triangular around the value, or around the middle of the range.

    Examples
    --------
    >>> import carbonacct as ca
    >>> from carbonacct.analysis.assumptions import Assumed, Driver
    >>> record = ca.to_inventory(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads"))
    >>> cut = Driver("", "all", "efficiency", "", "rate", (Assumed(2017, -0.05, -0.05, -0.05),), "plan", "a.csv:2")
    >>> (path,) = project_scenarios(record, {"cut": [cut]}, Basis(gas="CO2", draws=0))
    >>> [round(value / 1e6, 2) for value in path.net[0][[0, 10]].tolist()]
    [90.7, 54.31]
    """
    if basis.draws < 0 or not 0 <= basis.error < 1:
        raise PanelError(
            say(
                "{draws} draws and an error of {error}; draws are 0 or more, and an error is a share "
                "below 1",
                draws=basis.draws,
                error=basis.error,
            )
        )
    lines, earlier, basis = _take_lines(inventory, basis)
    horizons = {
        driver.numbers[-1].until for own in scenarios.values() for driver in own if driver.numbers
    }
    if not horizons or (last := max(horizons)) <= basis.year:
        raise PanelError(
            say(
                "assumptions end before {year} is over; give some until a later year",
                year=basis.year,
            )
        )
    years = np.arange(basis.year, last + 1)
    return [
        _follow(name, Held(tuple(own), years, basis), lines, earlier)
        for name, own in scenarios.items()
    ]


def _take_lines(
    inventory: Inventory, basis: Basis
) -> tuple[list[DriverLine], dict[int, float], Basis]:
    """Return the entries of the base year, net emissions before it, and the basis filled in."""
    if bool(basis.gas) == bool(basis.gwp):
        raise PanelError(
            say("a scenario is of one gas or of all by a metric: name gas or gwp, and one of both")
        )
    held = inventory.entries
    values = inventory.co2e(basis.gwp) if basis.gwp else held["value"].to_numpy()
    held = held.assign(value=values)
    areas = list(dict.fromkeys(held["area"]))
    area = basis.area or (areas[0] if len(areas) == 1 else "")
    if area not in areas:
        raise PanelError(
            say(
                "no area {area!r}; the inventory has {areas}",
                area=area,
                areas=join_texts(", ", areas[:20]),
            )
        )
    kinds = ["emission", "removal", *(["scope2"] if 2 in basis.scopes else [])]
    held = held[(held["area"] == area) & held["kind"].isin(kinds)]
    if basis.gas:
        held = held[held["gas"] == basis.gas]
    held = held[~held["notation"].isin(["NO", "IE"])]
    known = sorted({int(year) for year in held["year"]})
    year = basis.year or (known[-1] if known else 0)
    if year not in known:
        raise PanelError(
            say(
                "the inventory has no {what} of {area} {year}; it has {years}",
                what=basis.gas or basis.gwp,
                area=area,
                year=year,
                years=join_texts(", ", map(str, known)) or "-",
            )
        )
    own = held[held["year"] == year]
    void = own[own["value"].isna()]
    if len(void):
        flows = list(
            dict.fromkeys(f"{row.flow} {row.product}".strip() for row in void.itertuples())
        )
        raise PanelError(
            say(
                "{area} {year} has no number of {flows}; a total that lacks a part has no path",
                area=area,
                year=year,
                flows=join_texts(", ", flows[:_NAMED]),
            )
        )
    sums: dict[tuple[str, str, str, str], float] = {}
    labels = (own[name].astype(str).tolist() for name in ("sector", "flow", "product", "kind"))
    for *label, value in zip(*labels, own["value"].tolist(), strict=True):
        sector, flow, product, kind = map(str, label)
        key = (sector, flow, product, kind)
        sums[key] = sums.get(key, 0.0) + float(value)
    lines = [
        DriverLine(sector=sector, flow=flow, product=product, kind=kind, value=value)
        for (sector, flow, product, kind), value in sums.items()
        if value
    ]
    before: dict[int, float] = {}
    for one, value in zip(held["year"].tolist(), held["value"].tolist(), strict=True):
        if one < year:
            before[one] = before.get(one, 0.0) + value
    return lines, before, replace(basis, area=area, year=year)


def _follow(
    name: str, held: Held, lines: Sequence[DriverLine], earlier: Mapping[int, float]
) -> Path:
    """Return the path of one scenario."""
    basis, faults = held.basis, held.find_faults()
    found = {line: held.find(line) for line in lines}
    lacking = list(dict.fromkeys(line.label for line in lines if not found[line]))
    if lacking:
        faults.append(
            say(
                "scenario {name!r}: {lacking} have no assumption; give one, such as activity at a "
                "rate of 0",
                name=name,
                lacking=join_texts(", ", lacking[:_NAMED]),
            )
        )
    faults += held.find_idle(found)
    if faults:
        raise AssumptionError(join_texts("\n", dict.fromkeys(faults)))
    sums: dict[tuple[str, tuple[Driver, ...]], float] = {}
    for line, drivers in found.items():
        key = ("removals" if line.kind == "removal" else line.top, drivers)
        sums[key] = sums.get(key, 0.0) + line.value
    shape = (basis.draws + 1, len(held.years))
    totals = {"gross": np.zeros(shape), "removals": np.zeros(shape)}
    sectors: dict[str, Floats] = {}
    error = held.draw_error()
    for (label, drivers), value in sums.items():
        made = value * error * np.prod([held.ratio(driver) for driver in drivers], axis=0)
        totals["removals" if label == "removals" else "gross"] += made
        sectors[label] = sectors.get(label, np.zeros(shape[1])) + made[0]
    starts: dict[tuple[str, str, str], float] = {}
    for driver in held.amounts:
        start = starts[driver.key] = sum(
            line.value for line, drivers in found.items() if driver in drivers
        )
        made = held.amount(driver, start * error)
        totals["removals"] += made
        sectors["removals"] = sectors.get("removals", np.zeros(shape[1])) + made[0]
    return Path(
        name=name,
        area=basis.area,
        gas=basis.gas or name_equivalent(basis.gwp),
        scopes=basis.scopes,
        years=held.years,
        sectors=sectors,
        gross=totals["gross"],
        removals=totals["removals"],
        earlier=dict(earlier),
        drivers=held.drivers,
        starts=starts,
    )
