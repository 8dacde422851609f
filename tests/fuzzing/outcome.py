"""Sheets of cells -> what the program makes of them, and how two outcomes differ."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from carbonacct.balances.reading import read_files
from carbonacct.errors import CarbonacctError
from carbonacct.factors import load_method
from carbonacct.sectors.energy import compile_inventory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import xarray as xr

    from carbonacct.balances import EnergyBalance
    from carbonacct.balances.join.sheet_tables import Page
    from carbonacct.errors import Finding
    from carbonacct.factors import Method
    from carbonacct.sheets.raw_sheets import Sheet

Verdict = Literal["traceback", "refused", "same", "found", "noted", "silent"]
VERDICTS: tuple[Verdict, ...] = ("traceback", "refused", "same", "found", "noted", "silent")
# An identity's finding is new where its numbers are others. Any other has to be one of another
# rule, product or row: "4,253,400 tce is not counted" says nothing of how many there should be.
_IDENTITIES = frozenset(
    {
        "sum-of-parts",
        "sum-of-products",
        "balance",
        "available",
        "total-consumption",
        "remainder",
        "remainder-refuted",
    }
)
_CELL = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?(?![A-Za-z0-9])")
_NUMBER = re.compile(r"[-+]?\d[\d,.]*(?:e[-+]?\d+)?")
_CLOSE = 1e-9


@dataclass(frozen=True)
class Outcome:
    """What comes out of a table: an error, or numbers and findings.

    Attributes
    ----------
    error, traceback
        The message of a refusal, and whether it was none that a user should see.
    amounts, emissions
        Numbers that are not zero by area, year, flow and product; emissions in t CO2.
    totals
        Direct emissions by area and year, in t CO2.
    warned, noted
        Findings of severity error or warning, and of severity info, as counted by what they say.
    """

    error: str = ""
    traceback: bool = False
    amounts: Mapping[tuple[object, ...], float] = field(default_factory=dict)
    emissions: Mapping[tuple[object, ...], float] = field(default_factory=dict)
    totals: Mapping[tuple[object, ...], float] = field(default_factory=dict)
    warned: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Difference:
    """How an outcome differs from that of the table as it was: what was said, and what it is worth.

    Attributes
    ----------
    verdict
        ``found`` with a new warning or error, ``noted`` with new information alone, ``silent``.
    worth
        The largest change of the direct emissions of an area and year, as a share of them.
    """

    verdict: Verdict
    worth: float
    says: str = ""


def read_pages(sheets: Iterable[Sheet]) -> tuple[Page, ...]:
    """Read sheets as :func:`carbonacct.read_balance` reads those of one file."""
    reading = read_files([list(sheets)])
    reading.require()
    return reading.pages


def read_sheets_as_balance(sheets: Iterable[Sheet]) -> EnergyBalance:
    """Return the balance of sheets."""
    return read_files([list(sheets)]).require()


def find_outcome(sheets: Iterable[Sheet], method: str) -> Outcome:
    """Compile sheets; any exception is an outcome."""
    try:
        balance = read_sheets_as_balance(sheets)
        inventory = compile_inventory(balance, method=_method(method))
    except CarbonacctError as error:
        return Outcome(error=str(error))
    except Exception as error:  # noqa: BLE001 - what the fuzz looks for
        return Outcome(error=f"{type(error).__name__}: {error}", traceback=True)
    emissions = inventory.emissions.sel(gas="CO2", drop=True)
    totals = np.nan_to_num(inventory.total().transpose("area", "year").data.magnitude)
    keys = [(area, year) for area in balance.areas for year in balance.years]
    grave = [finding for finding in inventory.findings if finding.severity != "info"]
    light = [finding for finding in inventory.findings if finding.severity == "info"]
    return Outcome(
        amounts=_numbers(balance.amounts),
        emissions=_numbers(emissions),
        totals=dict(zip(keys, totals.ravel().tolist(), strict=True)),
        warned=Counter(map(find_gist, grave)),
        noted=Counter(map(find_gist, light)),
    )


@cache
def _method(name: str) -> Method:
    return load_method(name)


def _numbers(array: xr.DataArray) -> dict[tuple[object, ...], float]:
    areas, years, flows, products = (array[dim].values for dim in array.dims)
    values = array.values
    a, y, f, p = np.nonzero((values < 0) | (values > 0))
    keys = zip(areas[a], years[y], flows[f], products[p], strict=True)
    return dict(zip(keys, values[a, y, f, p].tolist(), strict=True))


def find_gist(finding: Finding) -> str:
    """Return what a finding says, without the places that move when a row is put in."""
    text = finding.message
    if finding.rule not in _IDENTITIES:
        text = _NUMBER.sub("#", _CELL.sub("@", text))
    return f"{finding.severity} {finding.rule}: {text}"


def compare(base: Outcome, other: Outcome) -> Difference:
    """Return how an outcome differs from that of the table as it was."""
    if other.traceback:
        return Difference("traceback", 1.0, other.error)
    if other.error:
        return Difference("refused", 0.0, other.error)
    worth = _worth(base.totals, other.totals)
    if _same(base.amounts, other.amounts) and _same(base.emissions, other.emissions):
        return Difference("same", worth)
    if new := other.warned - base.warned:
        return Difference("found", worth, next(iter(new)))
    if new := other.noted - base.noted:
        return Difference("noted", worth, next(iter(new)))
    return Difference("silent", worth)


def _same(one: Mapping[tuple[object, ...], float], two: Mapping[tuple[object, ...], float]) -> bool:
    return one.keys() == two.keys() and all(
        math.isclose(number, two[key], rel_tol=_CLOSE) for key, number in one.items()
    )


def _worth(
    base: Mapping[tuple[object, ...], float], new: Mapping[tuple[object, ...], float]
) -> float:
    if base.keys() != new.keys():  # the table is of another area or year now
        base, new = {(): sum(base.values())}, {(): sum(new.values())}
    return max((_share(base[key], new[key]) for key in base), default=0.0)


def _share(base: float, new: float) -> float:
    if base == new:
        return 0.0
    return abs(new - base) / abs(base) if base else 1.0
