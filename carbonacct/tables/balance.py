"""The energy balance: amounts with labels, the kind of every nothing, and the cell that each came from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.errors import ChecksFailedError, Finding, TableError
from carbonacct.tables import layout, values
from carbonacct.tables.mapping import Mapping, read_mapping
from carbonacct.tables.sheets import cell_name, read_sheets
from carbonacct.units import conversion_factor, registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping as AnyMapping, Sequence
    from pathlib import Path

    from carbonacct.tables.layout import Block, Entry

DIMS = ("area", "year", "flow", "product")
_MAX_PANEL = 200_000_000


@dataclass(frozen=True)
class Places:
    """Where the numbers stand in print: one record for each cell that was read.

    Attributes
    ----------
    sheets
        (file, sheet) of each sheet that was read.
    sheet, row, column
        Index into ``sheets``, and the 0-based row and column.
    printed
        The number as printed (NaN where there is none), in ``units[unit]``.
    """

    sheets: tuple[tuple[str, str], ...]
    sheet: np.ndarray
    row: np.ndarray
    column: np.ndarray
    printed: np.ndarray
    units: tuple[str, ...]
    unit: np.ndarray

    def address(self, place: int) -> str:
        """Return ``file!sheet!cell`` of a record."""
        file, sheet = self.sheets[int(self.sheet[place])]
        return "!".join(filter(None, (file, sheet, cell_name(int(self.row[place]), int(self.column[place])))))


@dataclass(frozen=True)
class EnergyBalance:
    """An energy balance table, or several: area x year x flow x product.

    Attributes
    ----------
    amounts
        float64 amounts in the canonical unit of each product (coordinate ``unit``), as annual
        amounts; NaN where the table has no number. Supply and transformation are signed: what
        leaves the area, and what goes into a transformation, is negative.
    status
        What stands where there is no number (:data:`carbonacct.tables.values.STATUS_NAMES`).
    place
        Index into ``places`` of the cell that each amount was read from, or -1.
    places
        The cells that were read.
    parents
        The flow that each flow is a part of, in this table.
    findings
        What the reader noticed.
    """

    amounts: xr.DataArray
    status: xr.DataArray
    place: xr.DataArray
    places: Places
    parents: AnyMapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def areas(self) -> list[str]:
        """Names of the areas, as the table prints them."""
        return [str(area) for area in self.amounts["area"].values]

    @property
    def years(self) -> list[int]:
        """Years of the table."""
        return [int(year) for year in self.amounts["year"].values]

    @property
    def flows(self) -> list[str]:
        """Ids of the rows."""
        return [str(flow) for flow in self.amounts["flow"].values]

    @property
    def products(self) -> list[str]:
        """Ids of the columns."""
        return [str(product) for product in self.amounts["product"].values]

    def quantity(self, product: str) -> xr.DataArray:
        """Return the amounts of one product as a pint-backed array (area, year, flow).

        Raises
        ------
        TableError
            If the table has no such column.
        """
        if product not in self.products:
            raise TableError(f"the table has no {product}; it has {', '.join(self.products)}")
        column = self.amounts.sel(product=product)
        unit = registry().Unit(str(column["unit"].values))
        return xr.DataArray(registry().Quantity(column.values, unit), dims=column.dims,
                            coords={dim: column[dim] for dim in column.dims}, name=product)  # fmt: skip

    def address(self, area: str, year: int, flow: str, product: str) -> str:
        """Return ``file!sheet!cell`` of a cell, or an empty string if it was not read from one."""
        place = int(self.place.sel(area=area, year=year, flow=flow, product=product))
        return self.places.address(place) if place >= 0 else ""

    def is_part(self, flow: str, ancestor: str) -> bool:
        """Return whether a flow is ``ancestor`` or stands below it in this table."""
        return vocabulary.is_within(flow, ancestor, self.parents)


def read_balance(  # noqa: D417 - paths is described
    *paths: str | Path,
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | Mapping | None = None,
    strict: bool = False,
) -> EnergyBalance:
    """Read energy balance or consumption tables.

    Parameters
    ----------
    paths
        Files: workbooks (.xls, .xlsx, .ods), .csv, .tsv, .html, or pasted text. Pages of one table
        (续表), and a balance with the table of its sub-sectors, are put together.
    area
        Name of the area, over what the titles say.
    year
        The year, where the title does not say it; of a table of many years, the one to take.
    mapping
        The table's own words, as a file (:mod:`carbonacct.tables.mapping`).
    strict
        Raise the findings of severity error, all at once.

    Returns
    -------
    EnergyBalance
        Amounts in canonical units, with the cell that each number came from.

    Raises
    ------
    TableError, UnitError
        If a file is no table, or a row, column or unit is unknown or contradicts itself.
    ChecksFailedError
        Under ``strict``.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> balance.areas, balance.years, len(balance.flows), len(balance.products)
    (['重庆'], [2007], 33, 22)
    >>> float(balance.quantity("raw_coal").sel(flow="thermal_power").item().to("t").magnitude)
    -15477000.0
    """
    own = read_mapping(mapping) if mapping is not None and not isinstance(mapping, Mapping) else mapping
    blocks: list[Block] = []
    findings: list[Finding] = []
    for path in paths:
        sheets = read_sheets(path)
        found = [(sheet, layout.read_blocks(sheet, own, area=area)) for sheet in sheets]
        if not any(tables for _, tables in found):
            raise TableError(f"{sheets[0].file}: no energy balance found: no header names two products, years or flows above rows with known labels; "
                             "check that it is the table, or name its words in a mapping file (--mapping)")  # fmt: skip
        for sheet, tables in found:
            cells = sum(not values.is_blank(cell) for row in sheet.rows for cell in row)
            if not tables and cells:
                findings.append(Finding("no-table", "info", f"the sheet holds no energy balance; its {cells} cells are not used", f"{sheet.file}!{sheet.name}"))
            blocks.extend(tables)
    balance = _assemble(blocks, year, findings)
    if strict and any(finding.severity == "error" for finding in balance.findings):
        raise ChecksFailedError(finding for finding in balance.findings if finding.severity == "error")
    return balance


def _assemble(blocks: Sequence[Block], year: int | None, findings: list[Finding]) -> EnergyBalance:
    findings.extend(finding for block in blocks for finding in block.findings)
    blocks = [_with_year(block, year, blocks) for block in blocks]
    blocks = [block for block in blocks if block.entries]
    if not blocks:
        raise TableError(f"no table has the year {year}")
    chosen = _choose(blocks, findings)
    order = {kind: {name: i for i, name in enumerate(table())} for kind, table in (("flow", vocabulary.flows), ("product", vocabulary.products))}
    areas = list(dict.fromkeys(entry.area for _, entry in chosen.values()))
    years = sorted({entry.year for _, entry in chosen.values() if entry.year is not None})
    flows = sorted({entry.flow for _, entry in chosen.values()}, key=order["flow"].__getitem__)
    products = sorted({entry.product for _, entry in chosen.values()}, key=order["product"].__getitem__)
    shape = (len(areas), len(years), len(flows), len(products))
    if np.prod(shape, dtype=float) > _MAX_PANEL:
        raise TableError(f"the tables span {' x '.join(map(str, shape))} cells; read fewer at once")
    index = [{label: i for i, label in enumerate(labels)} for labels in (areas, years, flows, products)]
    units = _canonical_units(chosen, products)
    sheets = {id(block.sheet): n for n, block in enumerate({id(b.sheet): b for b in blocks}.values())}
    names = tuple((b.sheet.file, b.sheet.name) for b in {id(b.sheet): b for b in blocks}.values())
    entries = [(sheets[id(block.sheet)], entry) for block, entry in chosen.values()]
    printed_units = {unit: i for i, unit in enumerate(dict.fromkeys(entry.unit for _, entry in entries))}
    where = tuple(np.array([index[d][key(entry)] for _, entry in entries], dtype=np.intp)
                  for d, key in enumerate((lambda e: e.area, lambda e: e.year, lambda e: e.flow, lambda e: e.product)))  # fmt: skip
    scales = {(product, unit): conversion_factor(unit, units[product]) for product, unit in {(e.product, e.unit) for _, e in entries if e.unit}}
    numbers = np.array([_signed(entry) * scales.get((entry.product, entry.unit), 1.0) for _, entry in entries])
    amounts, status, place = np.full(shape, np.nan), np.full(shape, values.ABSENT, np.int8), np.full(shape, -1, np.int32)
    amounts[where], status[where], place[where] = numbers, [entry.status for _, entry in entries], np.arange(len(entries))
    places = Places(names, np.array([n for n, _ in entries], np.int32), np.array([e.row for _, e in entries], np.int32),
                    np.array([e.column for _, e in entries], np.int32), np.array([e.value * e.sign for _, e in entries]),
                    tuple(printed_units), np.array([printed_units[e.unit] for _, e in entries], np.int16))  # fmt: skip
    coords = {"area": areas, "year": years, "flow": flows, "product": products, "unit": ("product", [units[p] for p in products])}
    parents = {flow: parent for block in blocks for flow, parent in block.parents.items()}
    _note_unreadable(entries, places, findings)
    _note_signs(entries, places, findings)
    if products == ["total_energy"] or all(vocabulary.products()[p].group == "total" for p in products):
        findings.append(Finding("total-energy", "info", "the table has no fuels, only total energy: it can be checked, not turned into emissions", places.address(0)))
    arrays = (xr.DataArray(array, dims=DIMS, coords=coords, name=title)
              for array, title in ((amounts, "amounts"), (status, "status"), (place, "place")))  # fmt: skip
    return EnergyBalance(*arrays, places, parents, tuple(findings))


def _with_year(block: Block, year: int | None, blocks: Sequence[Block]) -> Block:
    """Give a block's entries their year: the table's own, else the option's, else that of the other tables."""
    known = {entry.year for entry in block.entries if entry.year is not None}
    if year is not None and known and year not in known:
        years = ", ".join(str(y) for y in sorted(known))
        raise TableError(f"{block.sheet.address(0, 0)}: the table says {years} and the option says {year}; correct one of them")
    if known and year is not None:
        return replace(block, entries=[entry for entry in block.entries if entry.year in (None, year)])
    if known:
        return block
    others = {entry.year for other in blocks for entry in other.entries if entry.year is not None}
    found = year if year is not None else others.pop() if len(others) == 1 else None
    if found is None:
        raise TableError(f"{block.sheet.address(0, 0)}: neither title, sheet nor file name says one year; pass --year")
    return replace(block, entries=[replace(entry, year=found) for entry in block.entries])


def _choose(blocks: Sequence[Block], findings: list[Finding]) -> dict[tuple[object, ...], tuple[Block, Entry]]:
    """Keep one entry for each cell: physical before standard quantity; two different numbers are an error."""
    chosen: dict[tuple[object, ...], tuple[Block, Entry]] = {}
    standard = 0
    for block in blocks:
        for entry in block.entries:
            key = (entry.area, entry.year, entry.flow, entry.product)
            earlier = chosen.get(key)
            if earlier is None or earlier[1].status != values.NUMBER:
                if earlier is None or entry.status != values.BLANK:
                    chosen[key] = (block, entry)
                continue
            if entry.status != values.NUMBER:
                continue
            if _is_standard(entry) != _is_standard(earlier[1]):
                standard += 1
                if _is_standard(earlier[1]):
                    chosen[key] = (block, entry)
            elif _signed(entry) * conversion_factor(entry.unit, earlier[1].unit) != _signed(earlier[1]):
                raise TableError(f"{block.sheet.address(entry.row, entry.column)}: {entry.product} of {entry.flow} in {entry.year} is {entry.value:g} {entry.unit} here and "
                                 f"{earlier[1].value:g} {earlier[1].unit} in {earlier[0].sheet.address(earlier[1].row, earlier[1].column)}; keep one")  # fmt: skip
    kinds: dict[tuple[object, ...], set[bool]] = {}
    for _, entry in chosen.values():
        if entry.status == values.NUMBER:
            kinds.setdefault((entry.product,), set()).add(_is_standard(entry))
    for (product,), kind in kinds.items():
        if len(kind) > 1:
            standard += sum(e.product == product and _is_standard(e) and e.status == values.NUMBER for _, e in chosen.values())
            chosen = {k: v for k, v in chosen.items() if v[1].product != product or not _is_standard(v[1])}
    if standard:
        findings.append(Finding("standard-quantity", "info", f"{standard} cells in standard quantity stand beside the physical quantity and are not used"))
    return chosen


def _is_standard(entry: Entry) -> bool:
    return entry.unit.endswith("ce") and vocabulary.products()[entry.product].unit != "tce"


def _canonical_units(chosen: AnyMapping[tuple[object, ...], tuple[Block, Entry]], products: Iterable[str]) -> dict[str, str]:
    """Return the unit in which each product is kept: its own, or coal equivalent, or GJ, as the table prints it."""
    printed: dict[str, set[str]] = {product: set() for product in products}
    example: dict[tuple[str, str], str] = {}
    for block, entry in chosen.values():
        own = vocabulary.products()[entry.product].unit
        if not entry.unit:
            continue
        kept = "tce" if entry.unit.endswith("ce") else own if layout.same_dimension(entry.unit, own) else "GJ"
        printed[entry.product].add(kept)
        example[entry.product, kept] = block.sheet.address(entry.row, entry.column)
    for product, units in printed.items():
        if len(units) > 1:
            first, second, *_ = sorted(units)
            raise TableError(f"{example[product, first]}: {product} is in {first} here and in {second} in {example[product, second]}; read these tables apart")
    return {product: next(iter(units), vocabulary.products()[product].unit) for product, units in printed.items()}


def _signed(entry: Entry) -> float:
    """Return the number in our convention: what leaves supply is negative, however it is printed."""
    if vocabulary.flows()[entry.flow].sign < 0 and entry.sign > 0:
        return -abs(entry.value)
    return entry.value


def _note_unreadable(entries: list[tuple[int, Entry]], places: Places, findings: list[Finding]) -> None:
    for number, (_, entry) in enumerate(entries):
        if entry.status == values.UNREADABLE:
            findings.append(Finding("unreadable-number", "error", f"{entry.product} of {entry.flow} is not a number", places.address(number),
                                    "correct the cell"))


def _note_signs(entries: list[tuple[int, Entry]], places: Places, findings: list[Finding]) -> None:
    turned: dict[str, list[int]] = {}
    for number, (_, entry) in enumerate(entries):
        if entry.status == values.NUMBER and entry.value > 0 and entry.sign > 0 and vocabulary.flows()[entry.flow].sign < 0:
            turned.setdefault(entry.flow, []).append(number)
    for flow, numbers in turned.items():
        findings.append(Finding("printed-positive", "info", f"{len(numbers)} cells of {flow} are printed positive and are taken as leaving the area",
                                places.address(numbers[0])))
