"""Rows x columns of one table -> its cells, each with area, year, flow, product and unit."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, TableError, UnitError
from carbonacct.tables import values
from carbonacct.tables.columns import Column, fits, own_unit, same_dimension
from carbonacct.tables.rows import RowKey, RowReader
from carbonacct.tables.titles import name_cell
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.tables.columns import Corner
    from carbonacct.tables.grid import Grid
    from carbonacct.tables.headers import Header
    from carbonacct.tables.mapping import Mapping
    from carbonacct.tables.sheets import Sheet
    from carbonacct.tables.titles import Title

_MOST_NAMED = 6
_LONGEST_NAMED = 60
_PART_OF_YEAR = re.compile(r"\d{1,2}\s*[-—–~至到]\s*\d{1,2}月|(?:\d{1,2}|[一二三四五六七八九十]+)月份|[上下]半年|[前第]?[一二三四1-4]个?季度|\bQ[1-4]\b")
_WHOLE_YEAR = re.compile(r"^1\s*[-—–~至到]\s*12月")
_AT_GENERATION = re.compile(r"等价|发电煤耗")


@dataclass
class Axis:
    """What the cells of a table say of one thing: codes (rows x columns) into labels."""

    labels: list[str]
    codes: np.ndarray


@dataclass
class Block:
    """One table: its cells as arrays (rows x columns), and what they are.

    Attributes
    ----------
    rows, columns
        Where they stand in the sheet, 0-based.
    printed, status
        The numbers as printed, and the kind of every nothing.
    sign
        -1 where a layout says that the print has the other sign.
    standard
        Whether a cell stands in a column of coal equivalent beside the quantity itself.
    area, year, flow, product, unit
        What each cell belongs to; ``""`` where nothing says.
    parents
        The flow that each flow is a part of, where the print differs from the vocabulary.
    unitless
        Product and first cell of what has no unit.
    """

    sheet: Sheet
    title: Title
    rows: np.ndarray
    columns: np.ndarray
    printed: np.ndarray
    status: np.ndarray
    sign: np.ndarray
    standard: np.ndarray
    area: Axis
    year: Axis
    flow: Axis
    product: Axis
    unit: Axis
    parents: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unitless: dict[str, str] = field(default_factory=dict)

    def address(self, row: int, column: int) -> str:
        """Return ``file!sheet!cell`` of a cell of the arrays."""
        return self.sheet.address(int(self.rows[row]), int(self.columns[column]))


def fill(sheet: Sheet, grid: Grid, columns: Sequence[Column], words: Mapping, span: tuple[int, int], title: Title, corner: Corner) -> tuple[Block | None, RowReader]:
    """Place every cell of the data rows.

    Parameters
    ----------
    sheet, grid, columns
        The cells, what they read as, and what each column holds.
    words
        The table's own words.
    span
        First data row, and the row behind the last.
    title, corner
        What holds where row and column say nothing.

    Raises
    ------
    TableError, UnitError
        If a row or column with numbers is unknown, two columns hold the same, or a unit contradicts its product.
    """
    data = [j for j, column in enumerate(columns) if column.kind == "data"]
    reader = RowReader(sheet, grid, columns, words, title.flow)
    _refuse_unknown_columns(sheet, grid, columns, span)
    keys: list[RowKey] = []
    rows: list[int] = []
    unknown: list[tuple[int, str]] = []
    status = grid.status[slice(*span), data]
    is_filled = ((status == values.NUMBER) | (status == values.UNREADABLE)).any(axis=1)
    for i in range(*span):
        key = reader.read(i)
        if key is None:
            if is_filled[i - span[0]] and not reader.is_note(i) and (label := reader.label(i)):
                unknown.append((i, label))
            continue
        keys.append(key)
        rows.append(i)
    if unknown:
        _refuse_unknown_rows(sheet, columns, unknown)
    if not rows:
        return None, reader
    heads = [columns[j].header for j in data]
    block = Block(
        sheet, title, np.array(rows, np.int32), np.array(data, np.int32), grid.number[np.ix_(rows, data)], grid.status[np.ix_(rows, data)],
        np.array([key.sign for key in keys], np.int8)[:, None] * np.array([head.sign for head in heads], np.int8)[None, :],
        np.array([[head.word == "standard" for head in heads]] * len(rows)),
        area=_axis([key.area for key in keys], [title.area] * len(data)),
        year=_axis([str(key.year or "") for key in keys], [str(head.year or title.year or "") for head in heads]),
        flow=_axis([key.flow for key in keys], _column_flows(heads, title.flow)),
        product=_axis([key.product for key in keys], [head.product or title.product for head in heads]),
        unit=_units(sheet, keys, rows, [columns[j] for j in data]),
        parents=reader.parents,
    )  # fmt: skip
    _check_flows(block)
    _check_units(block, words, corner)
    _refuse_twins(block, [columns[j] for j in data])
    block.findings += _note_equivalent_value(block, heads, reader)
    block.findings += [*reader.findings, *_notes_on_names(
        block, area=not all(key.area for key in keys), year=not (all(key.year for key in keys) or all(head.year for head in heads)))]
    return block, reader


def _column_flows(heads: Sequence[Header], about: str) -> list[str]:
    """Return the flow of each column: 消费量 in a table about industry is industry's."""
    said = {head.flow for head in heads}
    return [about if not head.flow or (head.flow == "total_consumption" and about and about not in said) else head.flow for head in heads]


def _axis(of_rows: Sequence[str], of_columns: Sequence[str]) -> Axis:
    """Lay what the rows say over what the columns say."""
    labels = dict.fromkeys((*of_rows, *of_columns))
    order = {label: code for code, label in enumerate(labels)}
    rows = np.array([order[label] for label in of_rows], np.int32)[:, None]
    columns = np.array([order[label] for label in of_columns], np.int32)[None, :]
    silent = order.get("", -1)
    return Axis(list(labels), np.where(rows == silent, columns, rows))


def _units(sheet: Sheet, keys: Sequence[RowKey], rows: Sequence[int], columns: Sequence[Column]) -> Axis:
    """Lay the units of rows over those of columns: but a column of coal equivalent keeps its own."""
    axis = _axis([key.unit for key in keys], [column.unit for column in columns])
    first = {key.unit: i for i, key in zip(reversed(rows), reversed(keys), strict=True) if key.unit}
    for j, column in enumerate(columns):
        if column.unit and column.header.word == "standard":
            axis.codes[:, j] = axis.labels.index(column.unit)
        elif column.unit and column.has_own_unit:
            for unit, i in first.items():
                if not same_dimension(unit, column.unit) or conversion_factor(unit, column.unit) != 1:
                    raise UnitError(f"{sheet.address(i)}: the row is in {unit} and the column {column.header.text!r} in {column.unit}; correct one of them")
    return axis


def _check_flows(block: Block) -> None:
    """Refuse numbers that no label, header or title gives to a flow."""
    if "" not in block.flow.labels:
        return
    nowhere = (block.flow.codes == block.flow.labels.index("")) & (block.status != values.BLANK)
    if nowhere.any():
        where = block.address(*np.argwhere(nowhere)[0])
        raise TableError(f"{where}: no row, header or title says which flow this is; give its label an id in a mapping file (--mapping)")


def _check_units(block: Block, words: Mapping, corner: Corner) -> None:
    """Give each product with numbers its unit, and refuse one that contradicts it."""
    filled = (block.status == values.NUMBER) | (block.status == values.UNREADABLE)
    units = len(block.unit.labels)  # as it is now: labels are added below
    pairs = block.product.codes * units + block.unit.codes
    for pair in np.flatnonzero(np.bincount(pairs.ravel())).tolist():
        product, unit = block.product.labels[pair // units], block.unit.labels[pair % units]
        if product and unit and fits(product, unit):
            continue
        place = pairs == pair
        if not product:  # nothing names it: electricity if it is measured as such, else energy
            product = "electricity" if unit.endswith("Wh") else "total_energy"
            _relabel(block.product, place, product)
        if not unit:
            unit = own_unit(words, "", product) or corner.unit_for(product) or words.units.get("*", "")
            _relabel(block.unit, place, unit)
        place &= filled
        if not place.any():
            continue
        where = block.address(*np.argwhere(place)[0])
        if not unit:
            block.unitless.setdefault(product, where)
        elif not fits(product, unit):
            raise UnitError(f"{where}: unit {unit} contradicts {product}; correct the unit or the label")


def _relabel(axis: Axis, place: np.ndarray, label: str) -> None:
    if label not in axis.labels:
        axis.labels.append(label)
    axis.codes[place] = axis.labels.index(label)


def _refuse_twins(block: Block, columns: Sequence[Column]) -> None:
    """Refuse two columns that hold the same product, flow and year, both with numbers."""
    has_numbers = (block.status == values.NUMBER).any(axis=0)
    seen: dict[tuple[object, ...], int] = {}
    for j, column in enumerate(columns):
        if not has_numbers[j]:
            continue
        head = column.header
        key = (head.product, head.flow, head.year, head.word == "standard" or column.unit.endswith("ce"))
        other = seen.setdefault(key, j)
        if other != j:
            first, second = (block.sheet.address(int(block.rows[0]) - 1, int(block.columns[k])) for k in (other, j))
            what = head.product or head.flow or head.year or head.text
            raise TableError(f"{second}: a second column of {what}, beside {first}; remove one, or tell them apart in a mapping file "
                             f"(product,{head.text or what}#2,... or ignore_column)")  # fmt: skip


def _note_equivalent_value(block: Block, heads: Sequence[Header], reader: RowReader) -> list[Finding]:
    """Warn of electricity at the coal that plants burn for it (等价值, 发电煤耗计算法): no coefficient turns that back into kWh."""
    number = block.status == values.NUMBER
    electricity = number & (np.array([label == "electricity" for label in block.product.labels])[block.product.codes])
    standard = electricity & np.array([unit.endswith("ce") for unit in block.unit.labels])[block.unit.codes]
    if not standard.any() or (electricity & ~standard).any():
        return []
    i, j = np.argwhere(standard)[0]
    said = f"{block.title.text} {heads[j].text} {reader.label(int(block.rows[i]))}"
    if not _AT_GENERATION.search(said) or "当量" in said:
        return []
    return [Finding("electricity-at-generation", "error", "electricity is printed at the coal that plants burn for it, not at its heat content: kWh and scope 2 from it are too large",
                    block.address(i, j), "use the column in 亿千瓦小时, or the table at 当量值")]  # fmt: skip


def _refuse_unknown_columns(sheet: Sheet, grid: Grid, columns: Sequence[Column], span: tuple[int, int]) -> None:
    unknown = [j for j, column in enumerate(columns) if column.kind == "unknown" and (grid.status[slice(*span), j] == values.NUMBER).any()]
    if unknown:
        text = columns[unknown[0]].header.text
        raise TableError(f"{sheet.address(span[0] - 1, unknown[0])}: column {text[:_LONGEST_NAMED]!r} is not known{_and_more([columns[j].header.text for j in unknown])}; "
                         + _remedy("product", text))  # fmt: skip


def _refuse_unknown_rows(sheet: Sheet, columns: Sequence[Column], unknown: Sequence[tuple[int, str]]) -> None:
    first, label = unknown[0]
    kinds = {column.kind for column in columns}
    kind: vocabulary.Kind = "product" if "product" in kinds and "label" not in kinds else "flow"
    raise TableError(f"{sheet.address(first, 0)}: row {label[:_LONGEST_NAMED]!r} is not known{_and_more([text for _, text in unknown])}; " + _remedy(kind, label))


def _remedy(kind: vocabulary.Kind, label: str) -> str:
    return f"{vocabulary.near_names(kind, label[:_LONGEST_NAMED])} give it an id in a mapping file (--mapping)".strip()


def _and_more(texts: Sequence[str]) -> str:
    if len(texts) < 2:
        return ""
    return f" (and {len(texts) - 1} more: {', '.join(repr(text[:_LONGEST_NAMED]) for text in texts[1:_MOST_NAMED])})"


def _notes_on_names(block: Block, *, area: bool, year: bool) -> list[Finding]:
    """Say where an area or a year that cells take from the title comes from, if it is not the title."""
    title, where = block.title, block.sheet.address(0, 0)
    found = []
    if area and title.area_from == "file":
        found.append(Finding("area-unknown", "warning", f"nothing names the area; the file's name stands in: {title.area}", where, "pass --area"))
    elif area and title.area_from == "name":
        found.append(Finding("area-from-name", "info", f"area {title.area} is taken from the name of the sheet or file", where,
                             "pass --area if it is another"))
    elif area and title.overruled:
        # Two names that the vocabulary does not know, in two scripts, may well be one area's.
        told = {title.area.isascii(), title.overruled.isascii()} != {True, False} or any(vocabulary.resolve("area", name) for name in (title.area, title.overruled))
        found.append(Finding("area-overruled", "warning" if told else "info", f"the title names {title.overruled}, the option {title.area}, which is used",
                             name_cell(block.sheet, title.overruled), "check that it is the right table, or leave --area out"))  # fmt: skip
    if (year or title.year) and (part := _PART_OF_YEAR.search(unicodedata.normalize("NFKC", title.text))) and not _WHOLE_YEAR.search(part[0]):
        found.append(Finding("part-of-year", "error", f"the title says {part[0]}: amounts of a part of a year are read as those of the year", where, "use the table of the whole year"))
    if year and title.year and title.year_from:
        found.append(Finding("year-from-name", "info", f"year {title.year} is taken from {title.year_from}", where, "pass --year if it is another"))
    return found
