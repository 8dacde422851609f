"""How the cells of a balance that nobody printed came about, and how a file says so."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.balances.amounts.energy_balance import DIMS
from carbonacct.errors import TableError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.sheets.raw_sheets import Sheet

WAYS = ("printed", "scaled", "residual", "allocated", "derived")
CASES = ("alpha", "beta", "gamma", "delta")


@dataclass(frozen=True)
class CellOrigin:
    """How one cell came about.

    Attributes
    ----------
    how
        ``printed``, ``scaled`` (a part brought to the whole), ``residual`` (a total less all that
        is known), ``allocated`` (the share of a larger area's row) or ``derived`` (a sum or a
        balance of other cells).
    case
        ``alpha`` (a balance is printed), ``beta`` (the province's row), ``gamma`` (own tables),
        ``delta`` (totals only).
    index, index_city, index_reference, index_unit
        What scaled it, and its two values: of the city and of the province, or of the whole and of
        the part.
    share
        ``index_city / index_reference``, with which the amount of the reference was multiplied.
    share_low, share_high
        The lowest and highest share by any other index that was at hand; NaN where there is none.
    source
        The cells or documents that it was made of.
    """

    how: str
    case: str
    index: str = ""
    index_city: float = float("nan")
    index_reference: float = float("nan")
    index_unit: str = ""
    share: float = float("nan")
    share_low: float = float("nan")
    share_high: float = float("nan")
    source: str = ""

    def to_text(self) -> str:
        """Return the origin as a line for a person.

        Examples
        --------
        >>> print(CellOrigin("allocated", "beta", "gdp", 2.0, 8.0, "1e8 CNY", 0.25).to_text())
        allocated (beta) by gdp: 2 / 8 1e8 CNY = 0.25
        """
        text = say("{how} ({case})", how=self.how, case=self.case)
        if self.index:
            text = say("{how} ({case}) by {index}", how=self.how, case=self.case, index=self.index)
        if not math.isnan(self.share):
            values = f"{self.index_city:.15g} / {self.index_reference:.15g} {self.index_unit}"
            share = f"{values.rstrip()} = {self.share:.10g}"
            text = say("{what}: {share}", what=text, share=share)
        if self.has_spread:
            text = say(
                "{what} ({low:.6g} to {high:.6g} by other indices)",
                what=text,
                low=self.share_low,
                high=self.share_high,
            )
        return say("{what} [{source}]", what=text, source=self.source) if self.source else text

    @property
    def has_spread(self) -> bool:
        """Whether more than one index says what the share is."""
        return not (math.isnan(self.share_low) or math.isnan(self.share_high))


COLUMNS = tuple(field.name for field in fields(CellOrigin))
_NUMBERS = frozenset(field.name for field in fields(CellOrigin) if field.type == "float")


@dataclass(frozen=True)
class Origins:
    """The origins of the cells of a balance.

    Attributes
    ----------
    cells
        int32, area x year x flow x product: index into ``records``, or -1. Its labels are those of
        the balance as it was made: rows that are added later have no origin.
    records
        Each origin once.
    """

    cells: xr.DataArray
    records: tuple[CellOrigin, ...]

    def find(self, area: str, year: int, flow: str, product: str) -> CellOrigin | None:
        """Return how a cell came about, or None where nothing says."""
        code = self.code(area, year, flow, product)
        return self.records[code] if code >= 0 else None

    def code(self, area: str, year: int, flow: str, product: str) -> int:
        """Return the place of a cell's record, or -1 where nothing says how it came about."""
        places = self._positions
        labels = zip(DIMS, (area, year, flow, product), strict=True)
        at = tuple(places[dim].get(label, -1) for dim, label in labels)
        return -1 if min(at) < 0 else int(self.cells.values[at])

    @cached_property
    def _positions(self) -> Mapping[str, Mapping[object, int]]:
        labels = {dim: self.cells[dim].values.tolist() for dim in DIMS}
        return {dim: {label: n for n, label in enumerate(labels[dim])} for dim in DIMS}


def split_origins(sheet: Sheet) -> tuple[Sheet, dict[int, CellOrigin]]:
    """Return a sheet without the columns of origins, and the origin of each of its rows.

    Raises
    ------
    TableError
        If a way, a case or a number among them cannot be read.
    """
    header = [str(cell).strip() for cell in sheet.rows[0]] if sheet.rows else []
    if not {"how", "case", "value"} <= set(header):
        return sheet, {}
    places = {name: header.index(name) for name in COLUMNS if name in header}
    keep = [n for n in range(max(map(len, sheet.rows))) if n not in places.values()]
    found: dict[int, CellOrigin] = {}
    seen: dict[tuple[object, ...], CellOrigin] = {}
    for number, row in enumerate(sheet.rows[1:], start=1):
        cells = {name: row[at] if at < len(row) else "" for name, at in places.items()}
        if not str(cells["how"]).strip():
            continue
        key = tuple(cells.values())
        if key not in seen:
            seen[key] = _read_origin(cells, sheet, number, places)
        found[number] = seen[key]
    rows = [[row[n] for n in keep if n < len(row)] for row in sheet.rows]
    return replace(sheet, rows=rows), found


def _read_origin(
    cells: Mapping[str, object],
    sheet: Sheet,
    row: int,
    places: Mapping[str, int],
) -> CellOrigin:
    words: dict[str, Any] = {}
    for name, cell in cells.items():
        text = str(cell).strip()
        if name not in _NUMBERS:
            words[name] = text
        elif text:
            try:
                words[name] = float(text)
            except ValueError:
                where = sheet.address(row, places[name])
                raise TableError(
                    say(
                        "{where}: {name} is {text!r}, not a number; correct it, or leave it blank",
                        where=where,
                        name=name,
                        text=text[:30],
                    )
                ) from None
    for name, known in (("how", WAYS), ("case", CASES)):
        if words[name] not in known:
            where = sheet.address(row, places[name])
            raise TableError(
                say(
                    "{where}: {name} is {word!r}; known: {known}",
                    where=where,
                    name=name,
                    word=words[name][:30],
                    known=join_texts(", ", known),
                )
            )
    return CellOrigin(**words)


def attach_origins(
    balance: EnergyBalance,
    by_row: Mapping[tuple[str, str], Mapping[int, CellOrigin]],
) -> EnergyBalance:
    """Return a balance with the origins of the rows that its cells were read from.

    Parameters
    ----------
    balance
        As read.
    by_row
        For each (file, sheet), the origin of its rows (0-based).
    """
    if not any(by_row.values()):
        return balance
    number: dict[CellOrigin, int] = {}
    places, codes = balance.places, np.full(balance.place.shape, -1, np.int32)
    for at in np.argwhere(balance.place.values >= 0):
        place = int(balance.place.values[tuple(at)])
        here = by_row.get(places.sheets[int(places.sheet[place])], {})
        origin = here.get(int(places.row[place]))
        if origin is None:
            continue
        codes[tuple(at)] = number.setdefault(origin, len(number))
    return replace(balance, origins=Origins(balance.place.copy(data=codes), tuple(number)))
