"""Tables named on a command line: read, told from tables of activity data, and compiled."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from carbonacct.cli.output import complain, say_findings, show_progress
from carbonacct.data import shown_name
from carbonacct.errors import CarbonacctError
from carbonacct.texts import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method
    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.texts import Text

LONG_LIST = 10  # so many items say how far they are


def read_all(options: argparse.Namespace) -> tuple[list[EnergyBalance], int]:
    """Read each file; what cannot be read is said and the others are done. Pages of one table are put together."""
    groups, _, status = sort_all(options, activities=False)
    return [balance for _, balance in groups], status


def sort_all(
    options: argparse.Namespace, *, activities: bool = True
) -> tuple[list[tuple[list[str], EnergyBalance]], list[str], int]:
    """Read each file as :func:`read_all`, and return balances with their files, and files of activity data."""
    from carbonacct.balances import (  # noqa: PLC0415 - a command loads what it needs
        read_each,
        read_words,
    )
    from carbonacct.processes import count_workers  # noqa: PLC0415

    mapping = read_words(options.mapping, options.layout, options.sheet)
    given: dict[str, Any] = {"area": options.area, "year": options.year, "mapping": mapping}
    groups, tables, status = _Groups(given), [], 0
    files = list_files(options.files)
    with closing(read_each(files, **given, workers=count_workers(len(files)))) as reads:
        for path in each_with_progress(files, os.path.basename):
            read = next(reads)
            fault = read if isinstance(read, CarbonacctError) else groups.add(path, read)
            if fault is None:
                continue
            method = getattr(options, "method", "")
            is_energy = mapping is not None and mapping.sheets and _holds_energy(path, given)
            if is_energy or not is_of_activities(path, method):
                status = complain((method and _say_other_methods(path, method)) or fault)
            elif activities:
                tables.append(path)
            else:
                status = complain(
                    say(
                        "{path}: is a table of activity data, and no balance; inventory, "
                        "trace, completeness and key-categories take it",
                        path=shown_name(path),
                    )
                )
    return groups.held, tables, status


class _Groups:
    """Balances with their files; files of one area, however it is spelt, and year are one balance."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.held: list[tuple[list[str], EnergyBalance]] = []
        self._given = given
        self._first: dict[tuple[str, int], int] = {}  # of each area and year

    def add(self, path: str, balance: EnergyBalance) -> CarbonacctError | None:
        """Take up the balance of a file; return why it goes with no other of its area and year."""
        from carbonacct.balances import read_balance  # noqa: PLC0415

        known = [self._first[one] for one in _places(balance) if one in self._first]
        at = min(known, default=None)
        if at is None:
            at = len(self.held)
            self.held.append(([path], balance))
        else:
            paths = [*self.held[at][0], path]
            try:
                balance = read_balance(*paths, **self._given)
            except CarbonacctError as error:
                return error
            self.held[at] = paths, balance
        for one in _places(balance):
            self._first[one] = min(at, self._first.get(one, at))
        return None


def _holds_energy(path: str, given: dict[str, Any]) -> bool:
    """Return whether a file of which the sheets that are named do not read has tables of energy on any sheet."""
    from carbonacct.balances import read_tables  # noqa: PLC0415

    whole = given | {"mapping": replace(given["mapping"], sheets=())}
    try:
        return any(page.blocks for page in read_tables(path, **whole).pages)
    except CarbonacctError:
        return False


def is_of_activities(path: str, method: str) -> bool:
    """Return whether a file that is no balance is a table of activity data."""
    from carbonacct.sectors.all_sectors import is_activity_table  # noqa: PLC0415

    try:
        return is_activity_table(path, method)
    except CarbonacctError:
        return False


def _say_other_methods(path: str, method: str) -> Text | None:
    """Return that other methods than this one use the activity data of a file that is no balance."""
    from carbonacct.sectors.all_sectors import say_other_methods  # noqa: PLC0415

    try:
        return say_other_methods(path, method)
    except CarbonacctError:
        return None


def list_files(words: Sequence[str]) -> list[str]:
    """Return the files named, those of folders, and those that a pattern fits: not every shell knows patterns."""
    from carbonacct.sheets.folders import find_files  # noqa: PLC0415

    return list(map(str, find_files(words)))


def _places(balance: EnergyBalance) -> list[tuple[str, int]]:
    """Return each area of a table, however it is spelt, with each year."""
    from carbonacct.records.area_names import area_id  # noqa: PLC0415

    return list(product(map(area_id, balance.areas), balance.years))


def each_with_progress(
    items: Sequence[Any], name: Callable[[Any], str], least: int = LONG_LIST
) -> Iterator[Any]:
    """Yield items; on a terminal, say how far a long list is."""
    shown = len(items) >= least and sys.stderr.isatty()
    try:
        for number, item in enumerate(items, start=1):
            if shown:
                show_progress(f"{number}/{len(items)} {name(item)}")
            yield item
    finally:
        if shown:
            show_progress("")


def compile_all(options: argparse.Namespace) -> tuple[list[EnergyInventory], int]:
    """Read each file and make its inventory; what cannot be done is said and the others are done."""
    method = load_chosen(options)
    balances, status = read_all(options)
    made, failed = compile_balances(options, method, balances)
    return made, failed or status


def load_chosen(options: argparse.Namespace) -> Method:
    """Return the method that the words name, with the choices that they make."""
    from carbonacct.factors import load_method  # noqa: PLC0415

    return load_method(
        options.method,
        overlay=options.overlay,
        allow_unverified=options.allow_unverified,
        carbon_pool=getattr(options, "carbon_pool", None),
        motor_fuels=getattr(options, "motor_fuels", None),
        feedstock_counts=getattr(options, "feedstock_counts", ()),
    )


def compile_balances(
    options: argparse.Namespace, method: Method, balances: Sequence[EnergyBalance]
) -> tuple[list[EnergyInventory], int]:
    """Make the inventory of each balance; what cannot be done is said and the others are done."""
    from carbonacct.sectors.energy import compile_inventory  # noqa: PLC0415

    made, status = [], 0
    for balance in each_with_progress(
        balances, lambda balance: f"{balance.areas[0]} {balance.years[0]}"
    ):
        try:
            inventory = compile_inventory(
                balance,
                method=method,
                gases=_gases(options),
                grid=getattr(options, "grid", None),
                calorific_values=getattr(options, "calorific_values", None),
            )
            made.append(inventory)
        except CarbonacctError as error:
            status = complain(error)
    return made, status


def _gases(options: argparse.Namespace) -> list[str]:
    """Return the gases asked for; a metric weights all that the method has."""
    asked = getattr(options, "gas", [])
    asked = asked if isinstance(asked, list) else [asked]
    return ["all"] if getattr(options, "gwp", None) and not asked else asked or ["CO2"]


def read_population(options: argparse.Namespace) -> pd.DataFrame | None:
    """Return population and GDP from the table that is named, and say what of it is not used."""
    from carbonacct.report.population_and_gdp import read_drivers  # noqa: PLC0415

    if not options.drivers:
        return None
    drivers = read_drivers(options.drivers)
    say_findings(options, drivers.attrs["findings"])
    return drivers
