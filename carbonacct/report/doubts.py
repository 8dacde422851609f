"""What the checks call wrong in a headline: said where the number stands, not only among the findings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.data import data_folder, read_rows
from carbonacct.projects.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from carbonacct.errors import Finding
    from carbonacct.sectors.energy import EnergyInventory

Key = tuple[str, int]
_SAID = ("存疑：{rule}（{where}）核对有误{worth}", "in doubt: {rule} at {where}{worth}")
_WORTH = ("，计 {amount}", ", worth {amount}")
_MORE = ("另有 {count} 处，见核对结果", "and {count} more, see the findings")
_SHOWN = 3
_CELL = re.compile(r"(?:^|!)([A-Z]+)([0-9]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Doubt:
    """A finding that an area's and year's direct CO2 rests on.

    Attributes
    ----------
    finding
        Of severity error, or of a rule of ``factors/vocabulary/doubts.csv``.
    worth
        Direct CO2 of the cell that it names, in t; NaN where that cell is not counted itself, such
        as a total.
    """

    finding: Finding
    worth: float


def list_doubts(inventories: Sequence[EnergyInventory]) -> dict[Key, list[Doubt]]:
    """Return the doubts of each area and year that has any, the most tonnes first.

    Notes
    -----
    A finding that names no cell of the table counts for every area and year of its inventory.

    Examples
    --------
    >>> import carbonacct as ca
    >>> doubts = list_doubts([ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")])
    >>> doubts
    {}
    """
    rules = {row["rule"] for row in read_rows(data_folder() / "vocabulary" / "doubts.csv")}
    found: dict[Key, list[Doubt]] = {}
    for inventory in inventories:
        serious = [
            one for one in inventory.findings if one.severity == "error" or one.rule in rules
        ]
        if not serious or "CO2" not in inventory.emissions["gas"].values:
            continue
        cells = _find_cells(inventory, {one.where for one in serious})
        values = inventory.emissions.sel(gas="CO2").values
        keys = inventory.table.periods
        for one in serious:
            a, y, f, p = cells.get(one.where, (-1, -1, -1, -1))
            worth = float(values[a, y, f, p]) if f >= 0 else np.nan
            worth = one.worth if one.worth is not None and np.isnan(worth) else worth
            own = [(inventory.table.areas[a], inventory.table.years[y])] if a >= 0 else keys
            for key in own:
                found.setdefault(key, []).append(Doubt(one, worth))
    return {
        key: sorted(doubts, key=lambda doubt: -np.nan_to_num(doubt.worth))
        for key, doubts in found.items()
    }


def _find_cells(
    inventory: EnergyInventory, places: set[str]
) -> dict[str, tuple[int, int, int, int]]:
    """Return the cell (area, year, flow, product) of each place.

    Of an area and year alone, without flow and product.
    """
    table = inventory.table
    found: dict[str, tuple[int, int, int, int]] = {}
    for a, area in enumerate(table.areas):
        for y, year in enumerate(table.years):
            if f"{area} {year}" in places:
                found[f"{area} {year}"] = a, y, -1, -1
    held = table.place
    spots = [
        (int(number) - 1, _read_column(letters))
        for letters, number in _CELL.findall("\n".join(places))
    ]
    near = np.zeros(len(table.places.row), bool)
    for row, column in spots:
        near |= (table.places.row == row) & (table.places.column == column)
    for a, y, f, p in np.argwhere((held >= 0) & near[held]).tolist() if len(near) else ():
        if (address := table.address_at(a, y, f, p)) in places:
            found[address] = a, y, f, p
    return found


def _read_column(letters: str) -> int:
    """Return the number of a column, counted from 0, by its letters."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def describe_doubts(
    doubts: Sequence[Doubt], lang: str, show_amount: Callable[[float], str]
) -> list[str]:
    """Return a line for each of the first doubts, with what it is worth, and how many more there are.

    Parameters
    ----------
    show_amount
        Writes tonnes of CO2 in the unit that the numbers beside have.
    """
    at = 0 if lang == "zh" else 1
    lines = []
    for doubt in doubts[:_SHOWN]:
        worth = _WORTH[at].format(amount=show_amount(doubt.worth)) if doubt.worth > 0 else ""
        where = doubt.finding.where or ("全表" if lang == "zh" else "the table")
        lines.append(
            _SAID[at].format(rule=_name(doubt.finding.rule, lang), where=where, worth=worth)
        )
    more = len(doubts) - _SHOWN
    return lines + ([_MORE[at].format(count=more)] if more > 0 else [])


def _name(rule: str, lang: str) -> str:
    """Return what a rule finds, in Chinese; in English its id, which a person looks up."""
    known = load_rules().get(rule)
    return known.what[lang] if known and lang == "zh" else rule


def note_doubts(
    doubts: Mapping[Key, Sequence[Doubt]], lang: str, show_amount: Callable[[float], str]
) -> Iterable[str]:
    """Return the lines of all areas and years, each with its name."""
    for (area, year), own in doubts.items():
        yield from (f"{area} {year}: {line}" for line in describe_doubts(own, lang, show_amount))
