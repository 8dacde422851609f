"""What drivers are measured by: prices of money, definition of energy; a change inside a series is a finding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, ProjectError
from carbonacct.projects.declaration_keys import (
    check_there,
    take_choice,
    take_file,
    take_sheet_name,
)
from carbonacct.records.area_names import area_id
from carbonacct.texts import Both, as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.projects.runs import Workshop

_PRICES = re.compile(r"current|constant (?:19|20)\d\d")
_CURRENT, _YEAR = re.compile("current|现价|当年价"), re.compile(r"(?:19|20)\d\d")
_MONEY, _COAL = (
    re.compile(r"元|CNY|yuan|RMB|USD", re.IGNORECASE),
    re.compile(r"标准煤|tce", re.IGNORECASE),
)
_KEYS = ("area", "year")


@dataclass(frozen=True)
class DriverBasis:
    """What a file of drivers is measured by, as its declaration says; ``""`` of what it does not.

    Attributes
    ----------
    file
        Relative to the project.
    sheet
        Of a workbook: the sheet that is read, ``""`` for the first.
    prices
        Of its money: ``"current"`` or ``"constant 2020"``.
    tce
        Definition of its energy in coal equivalent: an id of ``factors/vocabulary/energy_totals.csv``.
    """

    file: str
    sheet: str = ""
    prices: str = ""
    tce: str = ""

    @property
    def place(self) -> str:
        """The file, and the sheet where one is named."""
        return f"{self.file}!{self.sheet}" if self.sheet else self.file


def list_bases_of_energy() -> tuple[str, ...]:
    """Return the definitions of energy consumption in coal equivalent, by id.

    Examples
    --------
    >>> list_bases_of_energy()[:2]
    ('equivalent', 'calorific')
    """
    return tuple(row["id"] for row in _read_definitions())


def _read_definitions() -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / "energy_totals.csv")


def read_basis(one: Mapping[str, Any]) -> DriverBasis:
    """Return what a file of drivers is measured by.

    Raises
    ------
    ProjectError
        If it names no prices or definition that is known.
    """
    prices, tce = str(one.get("prices", "")), str(one.get("tce", ""))
    if prices and not _PRICES.fullmatch(prices):
        text = 'drivers.prices is {prices!r}; write "current" or "constant 2020"'
        raise ProjectError(say(text, prices=prices))
    if tce:
        take_choice("drivers.tce", tce, list_bases_of_energy())
    return DriverBasis(
        file=take_file(one, "drivers", "file"),
        sheet=take_sheet_name("drivers.sheet", one.get("sheet", "")),
        prices=prices,
        tce=tce,
    )


def find_driver_file(folder: Path, basis: DriverBasis) -> Path:
    """Return where a file of drivers lies.

    Raises
    ------
    ProjectError
        If it is not there.
    """
    check_there(folder, basis.file, "drivers.file")
    return folder / basis.file


def find_lost(bases: Sequence[DriverBasis], folder: Path) -> list[Finding]:
    """Return a finding for each file of drivers that is not there."""
    found: list[Finding] = []
    for one in bases:
        try:
            find_driver_file(folder, one)
        except ProjectError as error:
            action = say("what needs its numbers is not made")
            found.append(Finding("absent", "warning", str(error), action=action))
    return list(dict.fromkeys(found))


def key_drivers(workshop: Workshop) -> list[list[str]]:
    """Return what drivers are read from: the bytes of each file, none where it is not there, and its sheet."""
    bases = workshop.declaration.bases
    return [[workshop.scanner.find(one.file), one.sheet] for one in bases]


def find_bases(bases: Sequence[DriverBasis], folder: Path, area: str = "") -> list[Finding]:
    """Return a finding where a series of drivers goes from one price base or definition of energy to another.

    Parameters
    ----------
    area
        Of rows that name none.

    Raises
    ------
    PanelError, TableError
        If a file cannot be read.
    """
    if len(bases) < 2 or not any(one.prices or one.tce for one in bases):
        return []
    from carbonacct.projects.driver_tables import (  # noqa: PLC0415 - few projects have several
        read_driver_table,
    )

    held: dict[tuple[str, str], dict[int, set[str]]] = {}
    names: dict[str, str] = {}
    for one in bases:
        table, _ = read_driver_table(find_driver_file(folder, one), one.sheet or None)
        for name, basis in _list_columns(table, one):
            own = table.loc[table[name].notna(), list(_KEYS)]
            for place, year in own.itertuples(index=False):
                known = area_id(str(place or area))
                names.setdefault(known, str(place or area))
                held.setdefault((known, name), {}).setdefault(int(year), set()).add(basis)
    return [
        _say_change(names[place], name, (first, before), (last, after))
        for (place, name), years in sorted(held.items())
        for (first, before), (last, after) in pairwise(sorted(years.items()))
        if after - before
    ]


def find_unlike_prices(
    bases: Sequence[DriverBasis], targets: Iterable[Mapping[str, Any]]
) -> list[Finding]:
    """Return a finding for each target whose prices are those of no file of drivers that says its own."""
    known = [one for one in bases if one.prices]
    findings = []
    for target in targets:
        asked = str(target.get("prices") or "")
        if known and asked and not any(_is_in(asked, one.prices) for one in known):
            what = say(
                "target {id} asks for prices {asked}, and the drivers are in {prices} ({files})",
                id=str(target.get("id", "")),
                asked=_name_basis(asked),
                prices=join_texts(", ", (_name_basis(one.prices) for one in known)),
                files=as_typed(one.place for one in known),
            )
            action = say("give the drivers in these prices, or correct the one or the other")
            findings.append(Finding("price-base", "warning", what, action=action))
    return findings


def _is_in(asked: str, prices: str) -> bool:
    """Return whether prices that a target asks for are those of a file; constant ones of no year are those of any."""
    if _CURRENT.match(asked):
        return prices == "current"
    year = _YEAR.search(asked)
    return prices == f"constant {year[0]}" if year else prices != "current"


def _name_basis(basis: str) -> Both:
    """Return prices or a definition of energy as people read them."""
    if _PRICES.fullmatch(basis):
        year = _YEAR.search(basis)
        return Both(basis, f"{year[0]}年可比价" if year else "当年价")
    return Both(basis, _name_definitions().get(basis, basis))


@cache
def _name_definitions() -> dict[str, str]:
    """Return the Chinese names of the definitions of energy consumption, by id."""
    return {row["id"]: row["name_zh"] for row in _read_definitions()}


def _list_columns(table: pd.DataFrame, one: DriverBasis) -> Iterator[tuple[str, str]]:
    """Yield the columns of money and of coal equivalent, each with what it is measured by."""
    for name in table.columns:
        unit = table.attrs["units"].get(name, "")
        if name not in _KEYS and _MONEY.search(unit):
            yield str(name), one.prices
        elif name not in _KEYS and _COAL.search(unit):
            yield str(name), one.tce


def _say_change(
    area: str, name: str, old: tuple[int, set[str]], new: tuple[int, set[str]]
) -> Finding:
    first, last = old[0], new[0]
    before, after = (
        join_texts(", ", map(_name_basis, sorted(one[1] - {""}))) for one in (old, new)
    )
    unsaid = say("what is not declared")
    what = say(
        "{area}: from {first} to {last} the basis of {driver} goes from {before} to {after}",
        area=area,
        first=first,
        last=last,
        driver=name,
        before=before or unsaid,
        after=after or unsaid,
    )
    action = say("give all years on one basis, or say so: the trend holds the change")
    return Finding("series-break", "warning", what, action=action)
