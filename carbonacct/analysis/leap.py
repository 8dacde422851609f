"""Scenarios as the sheet that LEAP exports to Excel and imports: a row a branch, variable and scenario.

Columns as in the exports that https://github.com/asia-pacific-energy-research-centre/leap_utilities
writes and reads; what the expressions mean is in :mod:`carbonacct.analysis.leap_expressions`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.analysis.leap_expressions import MOST_PERIODS, write_expression, write_number
from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.analysis.assumptions import Driver
    from carbonacct.analysis.scenario import Path

IDS = ("BranchID", "VariableID", "ScenarioID", "RegionID")
LABELS = ("Branch Path", "Variable", "Scenario", "Region", "Scale", "Units", "Per...", "Expression")
COLUMNS = (*IDS, *LABELS)
ACCOUNTS = "Current Accounts"
SEPARATOR = "\\"
ROOT = "Key Assumptions"
TONNE = "Metric Tonne"
# What stands in the path of a branch for no name and for all others: LEAP has no empty name and no *.
NAMES = {"": "whole", "*": "others"}
_VARIABLE = "Key Assumption"
_RESULTS = "emissions"
_SAME = 1e-12  # sums of the same entries in another order


def to_leap(paths: Sequence[Path]) -> pd.DataFrame:
    r"""Return scenarios as rows of LEAP: what drives them, and what each sector emits.

    Parameters
    ----------
    paths
        Of scenarios of one area and base year; middles of ranges, for LEAP has none.

    Returns
    -------
    DataFrame
        A row a branch and scenario, and one of Current Accounts with the value of the base year.
        Drivers stand below ``Key Assumptions`` by term, sector and name, shares of one whole beside
        each other, so that their rest is a Remainder. Emissions are in t. Ids are those of a model,
        and empty.

    Raises
    ------
    PanelError
        If a rate has more periods than Growth takes, or scenarios start a branch at two values.

    Examples
    --------
    >>> import carbonacct as ca
    >>> from carbonacct.analysis.assumptions import Assumed, Driver
    >>> record = ca.to_inventory(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads"))
    >>> cut = Driver("", "all", "efficiency", "", "rate", (Assumed(2009, -0.1, -0.1, -0.1),), "plan", "a.csv:2")
    >>> paths = ca.project_scenarios(record, {"cut": [cut]}, ca.Basis(gas="CO2", draws=0))
    >>> print(to_leap(paths)[["Branch Path", "Scenario", "Expression"]].head(2).to_csv(index=False).rstrip())
    Branch Path,Scenario,Expression
    Key Assumptions\efficiency\all\whole,Current Accounts,1
    Key Assumptions\efficiency\all\whole,cut,Growth(-0.1)
    """
    branches: dict[str, _Branch] = {}
    for path in paths:
        base = int(path.years[0])
        for driver in path.drivers:
            unit = TONNE if driver.form == "amount" else ""
            branch = branches.setdefault(_name_branch(driver), _Branch(unit))
            branch.add(path, _write_driver(driver, base), _find_start(driver, path), driver.where)
        for sector, values in path.sectors.items():
            name = SEPARATOR.join((ROOT, _RESULTS, _clean(vocabulary.name_alone(sector))))
            points = {
                int(year): float(value)
                for year, value in zip(path.years[1:], values[1:], strict=True)
            }
            branch = branches.setdefault(name, _Branch(TONNE))
            branch.add(path, write_expression("Interp", points), float(values[0]), name)
    rows = [
        ("", "", "", "", name, _VARIABLE, scenario, region, "", branch.unit, "", text)
        for name, branch in branches.items()
        for scenario, region, text in branch.rows()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


class _Branch:
    """A branch of a sheet that is made: its value of the base year, and its scenarios."""

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.start: float | None = None
        self.expressions: list[tuple[str, str, str]] = []

    def add(self, path: Path, text: str, start: float | None, where: str) -> None:
        """Add the expression of a scenario; a start of None fits any."""
        known = self.start
        if (
            start is not None
            and known is not None
            and not math.isclose(start, known, rel_tol=_SAME)
        ):
            raise PanelError(
                say(
                    "{where}: scenarios start at {one} and {other}, and LEAP has one value of the "
                    "base year; give one",
                    where=where,
                    one=known,
                    other=start,
                )
            )
        self.start = start if known is None else known
        self.expressions.append((path.name or path.area, path.area, text))

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield scenario, region and expression, Current Accounts first."""
        _, region, text = self.expressions[0]
        if self.start is not None:
            text = write_number(self.start)
        elif not text.startswith("Remainder"):
            text = "1"  # what grows by rates is an index of the base year
        yield ACCOUNTS, region, text
        yield from self.expressions


def _name_branch(driver: Driver) -> str:
    sector, of = driver.sector, NAMES.get(driver.of, driver.of)
    inner = (of, sector) if driver.term == "structure" else (sector, of)
    return SEPARATOR.join((ROOT, driver.term, *map(_clean, inner)))


def _clean(name: str) -> str:
    """Return a name without what cuts paths and lists."""
    return name.replace(SEPARATOR, "/").replace(",", "")


def _find_start(driver: Driver, path: Path) -> float | None:
    """Return the value of the base year; None where only its change counts."""
    if driver.form in {"rate", "rest"}:
        return None
    if driver.form == "amount":
        return path.starts.get(driver.key, 0.0)
    years = [number.until for number in driver.numbers]
    return float(np.interp(path.years[0], years, [number.middle for number in driver.numbers]))


def _write_driver(driver: Driver, base: int) -> str:
    """Return the expression of a driver in a scenario that starts behind the base year."""
    if driver.form == "rest":
        return "Remainder(1)"
    numbers = [number for number in driver.numbers if number.until > base]
    if driver.form != "rate":
        points = {number.until: number.middle for number in numbers}
        return write_expression("Interp", points)
    if len(numbers) > MOST_PERIODS:
        raise PanelError(
            say(
                "{where}: {count} rates one after another; Growth of LEAP takes {most}, give levels",
                where=driver.where,
                count=len(numbers),
                most=MOST_PERIODS,
            )
        )
    begins = [0, *(number.until + 1 for number in numbers[:-1])]
    rates = (number.middle for number in numbers)
    return write_expression("Growth", dict(zip(begins, rates, strict=True)))
