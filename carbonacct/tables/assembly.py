"""The cells of all tables -> one array: one number for each place, and what was left over."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.errors import Finding, TableError, UnitError
from carbonacct.tables import values
from carbonacct.tables.columns import same_dimension
from carbonacct.tables.leftovers import merge_findings, note_left_overs
from carbonacct.tables.records import DIMS, EnergyBalance, Places
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.tables.fill import Axis, Block
    from carbonacct.tables.layout import Page
    from carbonacct.tables.sheets import Sheet

_MAX_PANEL = 200_000_000
_DECIMAL_COMMA = re.compile(r"[-−]?\d{1,3}(?:\.\d{3})*,\d+|[-−]?\d+,\d+")
_SAME = 1e-12  # one number in two units differs by the rounding of the conversion


@dataclass
class _Cells:
    """Every cell of every table, one record each: codes into the labels, and the number in its kept unit."""

    labels: dict[str, list[str]]
    codes: dict[str, np.ndarray]
    printed: np.ndarray
    amount: np.ndarray
    status: np.ndarray
    sign: np.ndarray
    kept: np.ndarray
    standard: np.ndarray
    sheet: np.ndarray
    row: np.ndarray
    column: np.ndarray
    sheets: tuple[tuple[str, str], ...]

    def places(self, chosen: np.ndarray) -> Places:
        """Return the records of chosen cells."""
        return Places(self.sheets, self.sheet[chosen], self.row[chosen], self.column[chosen], self.printed[chosen],
                      tuple(self.labels["unit"]), self.codes["unit"][chosen].astype(np.int16))  # fmt: skip

    def take(self, which: np.ndarray) -> _Cells:
        """Return some of the cells, by number or by choice."""
        if len(which) == len(self.status) and (which.dtype != bool or which.all()):
            return self  # cells keep their order
        arrays = ("printed", "amount", "status", "sign", "kept", "standard", "sheet", "row", "column")
        return _Cells(self.labels, {dim: codes[which] for dim, codes in self.codes.items()},
                      **{array: getattr(self, array)[which] for array in arrays}, sheets=self.sheets)  # fmt: skip

    def address(self, cell: int) -> str:
        """Return ``file!sheet!cell``."""
        return self.places(np.array([cell])).address(0)

    def label(self, dim: str, cell: int) -> str:
        """Return what a cell belongs to."""
        return self.labels[dim][int(self.codes[dim][cell])]


def assemble(pages: Sequence[Page], year: int | None) -> EnergyBalance:
    """Put the tables of some pages together.

    Parameters
    ----------
    pages
        At least one of them with a table.
    year
        The year of tables that name none; of tables of many years, the one to take.

    Raises
    ------
    TableError, UnitError
        If two cells contradict each other, a product has no unit, or a table no year.
    """
    blocks = [block for page in pages for block in page.blocks]
    _refuse_unitless(blocks)
    findings = [*note_left_overs(pages), *(finding for block in blocks for finding in block.findings)]
    cells = _gather([_with_year(block, year, blocks) for block in blocks])
    if year is not None:
        chosen = _is_label(cells, "year", str(year))
        if others := int(((cells.status == values.NUMBER) & ~chosen).sum()):
            findings.append(Finding("other-years", "info", f"{others} numbers are of other years than {year} and are not used"))
        cells = cells.take(chosen)
    chosen, dropped = _choose(cells)
    findings += _note_unreadable(cells, [block.sheet for block in blocks])
    cells = cells.take(chosen)
    findings += _note_signs(cells)
    if dropped:
        findings.append(Finding("standard-quantity", "info", f"{dropped} cells in standard quantity stand beside the physical quantity and are not used"))
    balance = _to_arrays(cells, {flow: parent for block in blocks for flow, parent in block.parents.items()})
    if all(cells.labels["product"][code].startswith("total_energy") for code in _present(cells.codes["product"])):
        findings.append(Finding("total-energy", "info", "the table has no fuels, only total energy: it can be checked, not turned into emissions",
                                balance.places.address(0)))
    return EnergyBalance(balance.amounts, balance.status, balance.place, balance.places, balance.parents, tuple(merge_findings(findings)))


def _refuse_unitless(blocks: Sequence[Block]) -> None:
    missing: dict[str, str] = {}
    for block in blocks:
        missing = {**missing, **{product: where for product, where in block.unitless.items() if product not in missing}}
    if missing:
        first, where = next(iter(missing.items()))
        others = f" (nor has {', '.join(product for product in missing if product != first)})" if len(missing) > 1 else ""
        raise UnitError(f"{where}: {first} has no unit{others}; print it in the header or the corner (单位: 万吨), "
                        f"or give it in a mapping file (unit,{first},1e4 t or unit,*,1e4 tce)")  # fmt: skip


def _with_year(block: Block, year: int | None, blocks: Sequence[Block]) -> Block:
    """Give a block's cells their year: the table's own, else the option's, else that of the other tables."""
    known = _years(block)
    if year is not None and "" not in _used(block.year) and year not in known:
        of_file = {other for each in blocks if each.sheet.file == block.sheet.file for other in _years(each)}
        if year in of_file:
            return block  # another sheet of the workbook has it
        listed = ", ".join(map(str, sorted(of_file)))
        raise TableError(f"{block.sheet.address(0, 0)}: the table says {listed} and the option says {year}; correct one of them")
    if "" in _used(block.year):  # some cells say no year
        others = known or {other for each in blocks for other in _years(each)}
        found = year if year is not None else others.pop() if len(others) == 1 else None
        if found is None:
            raise TableError(f"{block.sheet.address(0, 0)}: neither title, sheet nor file name says one year; pass --year")
        block.year.labels = [label or str(found) for label in block.year.labels]
    return block


def _years(block: Block) -> set[int]:
    return {int(label) for label in _used(block.year) if label}


def _used(axis: Axis) -> set[str]:
    return {axis.labels[code] for code in _present(axis.codes)}


def _gather(blocks: Sequence[Block]) -> _Cells:
    """Lay the cells of all blocks in a row, under common labels."""
    labels: dict[str, list[str]] = {}
    codes: dict[str, np.ndarray] = {}
    for dim in (*DIMS, "unit"):
        axes: list[Axis] = [getattr(block, dim) for block in blocks]
        first: dict[str, str] = {}  # an area is one area however it is spelt: the first spelling stays
        keys = [[vocabulary.resolve("area", label) or label if dim == "area" else label for label in axis.labels] for axis in axes]
        for axis, names in zip(axes, keys, strict=True):
            for name, label in zip(names, axis.labels, strict=True):
                first.setdefault(name, label)
        labels[dim] = list(first.values())
        code = {name: n for n, name in enumerate(first)}
        codes[dim] = np.concatenate([np.array([code[name] for name in names], np.int32)[axis.codes].ravel() for axis, names in zip(axes, keys, strict=True)])
    sheets = {(block.sheet.file, block.sheet.name): None for block in blocks}
    number = {sheet: n for n, sheet in enumerate(sheets)}
    size = sum(block.status.size for block in blocks)
    shapes = [block.status.shape for block in blocks]
    cells = _Cells(
        labels, codes, kept=np.zeros(size, np.int32), amount=np.zeros(size),
        printed=np.concatenate([block.printed.ravel() for block in blocks]),
        status=np.concatenate([block.status.ravel() for block in blocks]),
        sign=np.concatenate([block.sign.ravel() for block in blocks]),
        standard=np.concatenate([block.standard.ravel() for block in blocks]),
        sheet=np.concatenate([np.full(block.status.size, number[block.sheet.file, block.sheet.name], np.int32) for block in blocks]),
        row=np.concatenate([np.repeat(block.rows, shape[1]) for block, shape in zip(blocks, shapes, strict=True)]),
        column=np.concatenate([np.tile(block.columns, shape[0]) for block, shape in zip(blocks, shapes, strict=True)]),
        sheets=tuple(sheets),
    )  # fmt: skip
    return _in_kept_units(cells.take(~_is_label(cells, "flow", "")) if "" in labels["flow"] else cells)  # blanks that belong to no flow


def _in_kept_units(cells: _Cells) -> _Cells:
    """Bring each number to the sign and unit in which its product is kept: its own, coal equivalent, or GJ."""
    pairs = cells.codes["product"] * len(cells.labels["unit"]) + cells.codes["unit"]
    unique = _present(pairs)
    inverse = np.searchsorted(unique, pairs)
    scales, standard, kept = np.ones(len(unique)), np.zeros(len(unique), bool), np.zeros(len(unique), np.int32)
    units: list[str] = []
    for n, pair in enumerate(unique):
        code, unit_code = divmod(int(pair), len(cells.labels["unit"]))
        own, unit = vocabulary.products()[cells.labels["product"][code]].unit, cells.labels["unit"][unit_code]
        if not unit and (cells.status[inverse == n] == values.NUMBER).any():
            raise AssertionError(f"{cells.labels['product'][code]} has numbers without a unit")
        target = own if not unit else "tce" if unit.endswith("ce") else own if same_dimension(unit, own) else "GJ"
        scales[n] = conversion_factor(unit, target) if unit else 1.0
        standard[n] = unit.endswith("ce") and own != "tce"
        if target not in units:
            units.append(target)
        kept[n] = units.index(target)
    leaves = np.array([flow in vocabulary.flows() and vocabulary.flows()[flow].sign < 0 for flow in cells.labels["flow"]])[cells.codes["flow"]]
    numbers = cells.printed * cells.sign
    numbers = np.where(leaves & (cells.sign > 0), -np.abs(numbers), numbers)
    cells.amount, cells.kept = (numbers + 0.0) * scales[inverse], kept[inverse]
    cells.standard |= standard[inverse]
    cells.labels["kept"] = units
    return cells


def _is_label(cells: _Cells, dim: str, label: str) -> np.ndarray:
    code = cells.labels[dim].index(label) if label in cells.labels[dim] else -1
    found: np.ndarray = cells.codes[dim] == code
    return found


def _choose(cells: _Cells) -> tuple[np.ndarray, int]:
    """Return one cell for each place (physical before standard quantity, a number before nothing), and how many standard ones are not used.

    Raises
    ------
    TableError
        If two numbers for one place differ.
    """
    number = cells.status == values.NUMBER
    dropped = cells.standard
    if dropped.any():
        dropped = dropped & np.isin(cells.codes["product"], cells.codes["product"][number & ~cells.standard])
    rank = np.where(number, 2, np.where(cells.status == values.BLANK, 0, 1))
    rank[dropped] = -1
    keys = np.zeros(len(rank), np.int64)
    for dim in DIMS:
        keys = keys * len(cells.labels[dim]) + cells.codes[dim]
    if (np.diff(np.sort(keys)) > 0).all():
        return np.flatnonzero(rank >= 0), int((dropped & number).sum())
    order = np.lexsort((np.arange(len(rank)), -rank, keys))
    is_first = np.ones(len(order), bool)
    is_first[1:] = keys[order][1:] != keys[order][:-1]
    leader = order[is_first][np.cumsum(is_first) - 1]
    both = (rank[order] == 2) & (rank[leader] == 2)
    differ = both & (~np.isclose(cells.amount[order], cells.amount[leader], rtol=_SAME, atol=0) | (cells.kept[order] != cells.kept[leader]))
    if differ.any():
        at = int(np.argmax(differ))
        _refuse_two_numbers(cells, int(order[at]), int(leader[at]))
    chosen = order[is_first]
    chosen = np.sort(chosen[rank[chosen] >= 0])
    return chosen, int((dropped & number).sum())


def _refuse_two_numbers(cells: _Cells, one: int, other: int) -> None:
    one, other = max(one, other), min(one, other)
    what = f"{cells.label('product', one)} of {cells.label('flow', one)} in {cells.label('year', one)}"
    here, there = (f"{cells.printed[cell]:.10g} {cells.label('unit', cell)}" for cell in (one, other))
    raise TableError(f"{cells.address(one)}: {what} is {here} here and {there} in {cells.address(other)}; keep one, or give one its own id in a mapping file")


def _to_arrays(cells: _Cells, parents: dict[str, str]) -> EnergyBalance:
    """Spread the chosen cells over area x year x flow x product: areas as they come, the rest in the order of the vocabulary."""
    coords: dict[str, tuple[str, ...]] = {}
    where = []
    for dim in DIMS:
        labels, codes = cells.labels[dim], cells.codes[dim]
        present = codes[np.sort(np.unique(codes, return_index=True)[1])] if dim == "area" else _present(codes)
        order = sorted(present.tolist(), key=lambda code: _sort_key(dim, labels[code]))
        coords[dim] = tuple(labels[code] for code in order)
        lookup = np.zeros(len(labels), np.intp)
        lookup[order] = np.arange(len(order))
        where.append(lookup[codes])
    shape = tuple(len(coords[dim]) for dim in DIMS)
    if math.prod(shape) > _MAX_PANEL:
        raise TableError(f"the tables span {' x '.join(map(str, shape))} cells; read fewer at once")
    amounts, status, place = np.full(shape, np.nan), np.full(shape, values.ABSENT, np.int8), np.full(shape, -1, np.int32)
    at = tuple(where)
    amounts[at] = np.where(cells.status == values.NUMBER, cells.amount, np.nan)
    status[at], place[at] = cells.status, np.arange(len(cells.status))
    indexes = {dim: _index(dim, coords[dim]) for dim in DIMS}
    variables = {"unit": xr.Variable("product", _units(cells, coords["product"]))}
    for index in indexes.values():
        variables.update(index.create_variables())
    arrays = xr.Dataset({"amounts": (DIMS, amounts), "status": (DIMS, status), "place": (DIMS, place)}, coords=xr.Coordinates(variables, indexes))
    return EnergyBalance(arrays["amounts"], arrays["status"], arrays["place"], cells.places(np.arange(len(cells.status))), parents)


def _present(codes: np.ndarray) -> np.ndarray:
    """Return the codes that occur, in order."""
    return np.flatnonzero(np.bincount(codes.ravel()))


def _sort_key(dim: str, label: str) -> int:
    return 0 if dim == "area" else int(label) if dim == "year" else _orders(dim)[label]


@cache
def _orders(dim: str) -> dict[str, int]:
    return {name: n for n, name in enumerate(vocabulary.flows() if dim == "flow" else vocabulary.products())}


@lru_cache(maxsize=1024)
def _index(dim: str, labels: tuple[str, ...]) -> xr.indexes.PandasIndex:
    """Return the index of a dim: the same rows and columns come back in every table of a series."""
    values_of = np.array(labels, int if dim == "year" else str)
    return xr.indexes.PandasIndex(values_of, dim, coord_dtype=values_of.dtype)


def _units(cells: _Cells, products: Sequence[str]) -> list[str]:
    """Return the unit in which each product is kept; one product in two units cannot be one column."""
    said = cells.codes["unit"] != (cells.labels["unit"].index("") if "" in cells.labels["unit"] else -1)
    pairs = cells.codes["product"] * len(cells.labels["kept"]) + cells.kept
    codes, first = np.unique(pairs[said], return_index=True)
    found: dict[str, tuple[str, int]] = {}
    for pair, place in zip(codes.tolist(), np.flatnonzero(said)[first].tolist(), strict=True):
        product, unit = cells.labels["product"][pair // len(cells.labels["kept"])], cells.labels["kept"][pair % len(cells.labels["kept"])]
        other, there = found.setdefault(product, (unit, place))
        if other != unit:
            raise TableError(f"{cells.address(place)}: {product} is in {unit} here and in {other} in {cells.address(there)}; read these tables apart")
    return [found[product][0] if product in found else vocabulary.products()[product].unit for product in products]


def _note_unreadable(cells: _Cells, sheets: Sequence[Sheet]) -> list[Finding]:
    found = []
    for n in map(int, np.flatnonzero(cells.status == values.UNREADABLE)):
        i, j, here = int(cells.row[n]), int(cells.column[n]), cells.sheets[int(cells.sheet[n])]
        held = (sheet.rows[i][j] for sheet in sheets if (sheet.file, sheet.name) == here and i < len(sheet.rows) and j < len(sheet.rows[i]))
        text = values.printed(next(cell for cell in held if values.read_value(cell)[1] == values.UNREADABLE))  # two files may have one name
        action = "write a point if the comma is a decimal comma" if _DECIMAL_COMMA.fullmatch(text) else "correct the cell"
        found.append(Finding("unreadable-number", "error", f"{cells.label('product', n)} of {cells.label('flow', n)} is {text[:30]!r}, not a number", cells.address(n), action))
    return found


def _note_signs(cells: _Cells) -> list[Finding]:
    turned = np.flatnonzero((cells.status == values.NUMBER) & (cells.printed > 0) & (cells.sign > 0) & (cells.amount < 0))
    found = []
    for code in dict.fromkeys(cells.codes["flow"][turned].tolist()):
        mine = turned[cells.codes["flow"][turned] == code]
        found.append(Finding("printed-positive", "info", f"{len(mine)} cells of {cells.labels['flow'][code]} are printed positive and are taken as leaving the area",
                             cells.address(int(mine[0]))))
    return found
