"""Small tables printed in every way a yearbook does, and files of every kind that hold them."""

from __future__ import annotations

import csv
import html
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.assemble.generation import is_fuel
from carbonacct.balances.assemble.signs import PLANTS
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from carbonacct.balances import EnergyBalance

Grid = list[list[object]]
Merged = list[tuple[int, int, int, int]]  # top, left, bottom, right
KINDS = ("xls", "xlsx", "ods", "csv", "tsv", "html", "md")


@dataclass(frozen=True)
class Unit:
    """A unit as two languages print it; ``size`` canonical units of the product."""

    zh: str
    en: str
    size: Decimal


@dataclass(frozen=True)
class Item:
    """A flow or a product, as two languages print it."""

    id: str
    zh: str
    en: str
    units: tuple[Unit, ...] = ()


_MASS = (
    Unit("万吨", "104 tn", Decimal("1e4")),
    Unit("吨", "t", Decimal(1)),
    Unit("千吨", "kt", Decimal("1e3")),
    Unit("亿吨", "10^8 t", Decimal("1e8")),
)
_GAS = (
    Unit("亿立方米", "108 cu.m", Decimal("1e8")),
    Unit("万立方米", "10^4 m3", Decimal("1e4")),
    Unit("立方米", "m3", Decimal(1)),
)
_POWER = (
    Unit("亿千瓦小时", "108 kW•h", Decimal("1e8")),
    Unit("万千瓦时", "10^4 kWh", Decimal("1e4")),
    Unit("千瓦时", "kWh", Decimal(1)),
)
_HEAT = (
    Unit("百亿千焦", "1010 kJ", Decimal("1e4")),
    Unit("万百万千焦", "10^10 kJ", Decimal("1e4")),
    Unit("太焦", "TJ", Decimal("1e3")),
)
_SCE = (Unit("万吨标准煤", "104 tce", Decimal("1e4")), Unit("吨标准煤", "tce", Decimal(1)))

PRODUCTS = (
    Item("raw_coal", "原煤", "Raw Coal", _MASS),
    Item("coke", "焦炭", "Coke", _MASS),
    Item("diesel", "柴油", "Diesel Oil", _MASS),
    Item("natural_gas", "天然气", "Natural Gas", _GAS),
    Item("heat", "热力", "Heat", _HEAT),
    Item("electricity", "电力", "Electricity", _POWER),
    Item("other_energy", "其他能源", "Other Energy", _SCE),
)
FLOWS = (
    Item("primary_supply", "一、可供本地区消费的能源量", "Total Primary Energy Supply"),
    Item("production", "1.一次能源生产量", "Indigenous Production"),
    Item("exports", "8.出口量(-)", "Exports (-)"),
    Item("thermal_power", "1.火力发电", "Thermal Power"),
    Item("final_consumption", "四、终端消费量", "Total Final Consumption"),
    Item("industry", "2.工业", "Industry"),
    Item("feedstock", "#用作原料、材料", "#Non-Energy Use"),
    Item("construction", "3.建筑业", "Construction"),
    Item("transport", "4.交通运输、仓储和邮政业", "Transport, Storage and Post"),
    Item("households_urban", "城镇", "Urban"),
)
PRODUCT_OF = {item.id: item for item in PRODUCTS}
FLOW_OF = {item.id: item for item in FLOWS}
# A leaving flow is printed negative, as the balance keeps it.
LEAVING = frozenset({"exports"})


@dataclass(frozen=True)
class Table:
    """What a table says: hundredths of the first unit of each product, a mark ("-", "NE") or nothing."""

    flows: tuple[str, ...]
    products: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | str | None]
    area: str = "重庆"
    area_en: str = "Chongqing"
    year: int = 2015


@dataclass(frozen=True)
class Style:
    """How it is printed."""

    language: str = "zh"  # zh, en, both
    unit_at: str = "cell"  # cell, row
    units: tuple[int, ...] = ()
    down: bool = False  # products as rows
    file: str = "csv"
    width: str = "half"  # full: full-width digits, brackets and spaces
    thousands: bool = False
    footnote: str = ""  # behind labels
    blank_columns: bool = False


PLAIN = Style()
_FULL = str.maketrans("0123456789.,()-", "０１２３４５６７８９．，（）－")


def text_of(item: Item, style: Style) -> str:
    """Return the label of a flow or product."""
    label = {"zh": item.zh, "en": item.en, "both": f"{item.zh} {item.en}"}[style.language]
    label += style.footnote
    return label.translate(_FULL).replace(" ", "　") if style.width == "full" else label


def unit_of(product: str, number: int, style: Style) -> Unit:
    """Return the unit in which a product is printed."""
    units = PRODUCT_OF[product].units
    return units[style.units[number] % len(units)] if style.units else units[0]


def printed_unit(unit: Unit, style: Style) -> str:
    """Return a unit as the header prints it."""
    text = {"zh": unit.zh, "en": unit.en, "both": unit.zh}[style.language]
    return f"（{text}）" if style.width == "full" else f"({text})"


def printed_number(table: Table, flow: str, product: str, unit: Unit, style: Style) -> object:
    """Return a cell as printed: text in text files, a number in workbooks."""
    cell = table.cells.get((flow, product))
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    number = Decimal(cell) / 100 * PRODUCT_OF[product].units[0].size / unit.size
    if (
        style.file in {"xls", "xlsx", "ods"}
        and style.width == "half"
        and not style.thousands
        and not style.footnote
    ):
        return float(number)
    text = f"{number:,f}" if style.thousands else f"{number:f}"
    if style.footnote:
        text += "②"
    return text.translate(_FULL) if style.width == "full" else text


def lay_out(table: Table, style: Style) -> Grid:
    """Return the cells of a printed table: title, header and rows."""
    title = (
        f"6-22 {table.area}能源平衡表(实物量)-{table.year}"
        if style.language != "en"
        else f"Energy Balance of {table.area_en} - {table.year}"
    )
    stub = {"zh": "项目", "en": "Item", "both": "项目 Item"}[style.language]
    units = [unit_of(product, number, style) for number, product in enumerate(table.products)]
    names = [text_of(PRODUCT_OF[product], style) for product in table.products]
    if style.down:
        return _lay_down(table, style, (title, stub), names, units)
    rows: Grid = [[title]]
    if style.unit_at == "cell":
        rows.append(
            [
                stub,
                *(
                    f"{name}{printed_unit(unit, style)}"
                    for name, unit in zip(names, units, strict=True)
                ),
            ]
        )
    else:
        rows += [[stub, *names], ["", *(printed_unit(unit, style) for unit in units)]]
    for flow in table.flows:
        cells = [
            printed_number(table, flow, product, unit, style)
            for product, unit in zip(table.products, units, strict=True)
        ]
        rows.append([text_of(FLOW_OF[flow], style), *cells])
    if style.blank_columns:
        rows = [[cell for value in row for cell in (value, "")] for row in rows]
    return rows


def _lay_down(
    table: Table, style: Style, heads: tuple[str, str], names: list[str], units: list[Unit]
) -> Grid:
    title, stub = heads
    rows: Grid = [
        [title],
        [
            stub,
            {"zh": "计量单位", "en": "Unit", "both": "单位 Unit"}[style.language],
            *(text_of(FLOW_OF[flow], style) for flow in table.flows),
        ],
    ]
    for product, name, unit in zip(table.products, names, units, strict=True):
        unit_text = unit.en if style.language == "en" else unit.zh
        rows.append(
            [
                name,
                unit_text,
                *(printed_number(table, flow, product, unit, style) for flow in table.flows),
            ]
        )
    return rows


def write(grid: Grid | Mapping[str, Grid], path: Path, merged: Merged | None = None) -> Path:
    """Write a grid, or several sheets of them, as the kind of file that the suffix says."""
    sheets = dict(grid) if isinstance(grid, dict) else {"Sheet1": grid}
    kind = path.suffix[1:]
    if kind in {"csv", "tsv"}:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter="\t" if kind == "tsv" else ",").writerows(
                next(iter(sheets.values()))
            )
    elif kind in {"html", "md"}:
        path.write_text(
            (_html if kind == "html" else _markdown)(next(iter(sheets.values())), merged or []),
            encoding="utf-8",
        )
    else:
        {"xls": _write_xls, "xlsx": _write_xlsx, "ods": _write_ods}[kind](
            sheets, path, merged or []
        )
    return path


def _html(rows: Grid, merged: Merged) -> str:
    hidden = {
        (i, j)
        for top, left, bottom, right in merged
        for i in range(top, bottom + 1)
        for j in range(left, right + 1)
    } - {m[:2] for m in merged}
    spans = {
        (top, left): f' rowspan="{bottom - top + 1}" colspan="{right - left + 1}"'
        for top, left, bottom, right in merged
    }
    lines = [
        "<!DOCTYPE html><html><head><meta charset=utf-8><style>td{}</style></head><body><table>"
    ]
    for i, row in enumerate(rows):
        cells = (
            f"<td{spans.get((i, j), '')}>{html.escape(str(cell))}</td>"
            for j, cell in enumerate(row)
            if (i, j) not in hidden
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table></body></html>"])


def _markdown(rows: Grid, _: Merged) -> str:
    width = max(map(len, rows))
    lines = [
        "| " + " | ".join(str(cell) for cell in [*row, *[""] * (width - len(row))]) + " |"
        for row in rows
    ]
    return "\n".join([lines[0], "|---" * width + "|", *lines[1:]])


def _write_xls(sheets: Mapping[str, Grid], path: Path, merged: Merged) -> None:
    import xlwt  # noqa: PLC0415

    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for top, left, bottom, right in merged:
            sheet.merge(top, bottom, left, right)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell != "":
                    sheet.write(i, j, cell)
    book.save(str(path))


def _write_xlsx(sheets: Mapping[str, Grid], path: Path, merged: Merged) -> None:
    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for i, row in enumerate(rows, start=1):
            for j, cell in enumerate(row, start=1):
                if cell != "":
                    target = sheet.cell(i, j)
                    target.value = cell
                    if isinstance(cell, str):
                        target.data_type = "s"  # a label may start with an equals sign
        for top, left, bottom, right in merged:
            sheet.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
    book.save(path)


def _write_ods(sheets: Mapping[str, Grid], path: Path, _: Merged) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet  # noqa: PLC0415
    from odf.table import Table as OdfTable  # noqa: PLC0415
    from odf.table import TableCell, TableRow  # noqa: PLC0415
    from odf.text import P  # noqa: PLC0415

    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        sheet = OdfTable(name=name)
        for row in rows:
            line = TableRow()
            for cell in row:
                if isinstance(cell, float):
                    made = TableCell(valuetype="float", value=repr(cell))
                    made.addElement(P(text=repr(cell)))
                elif cell == "":
                    made = TableCell()
                else:
                    made = TableCell(valuetype="string")
                    made.addElement(P(text=str(cell)))
                line.addElement(made)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    book.save(str(path))


def expected(table: Table) -> dict[tuple[str, str], tuple[str, float]]:
    """Return what a reader must find: the status and the canonical amount of each cell."""
    found = {}
    for flow in table.flows:
        for product in table.products:
            cell = table.cells.get((flow, product))
            status = (
                "blank"
                if cell is None
                else "number"
                if isinstance(cell, int)
                else "mark"
                if cell == "-"
                else cell
            )
            amount = (
                float(Decimal(cell) / 100 * PRODUCT_OF[product].units[0].size)
                if isinstance(cell, int)
                else math.nan
            )
            found[flow, product] = (status, -abs(amount) if flow in LEAVING else amount)
    if not any(
        status == "number"
        and (flow == "transformation" or vocabulary.is_within(flow, "primary_supply"))
        for (flow, _), (status, _) in found.items()
    ):
        for flow in set(table.flows) & PLANTS:  # which put out no fuel
            fuels = {key: found[key] for key in found if key[0] == flow and is_fuel(key[1])}
            if not any(amount < 0 for _, amount in fuels.values()):
                found |= {key: (status, -amount) for key, (status, amount) in fuels.items()}
    return found


def found(balance: EnergyBalance) -> dict[tuple[str, str], tuple[str, float]]:
    """Return what a reader has found, of a table with one area and one year."""
    assert balance.amounts.shape[:2] == (1, 1), balance.amounts.shape
    return {
        (flow, product): (
            values.STATUS_NAMES[balance.status.values[0, 0, f, p]],
            float(balance.amounts.values[0, 0, f, p]),
        )
        for f, flow in enumerate(balance.flows)
        for p, product in enumerate(balance.products)
    }


def assert_same(
    one: Mapping[tuple[str, str], tuple[str, float]],
    other: Mapping[tuple[str, str], tuple[str, float]],
) -> None:
    """Fail unless two tables have the same cells, up to the last bits of a float."""
    assert one.keys() == other.keys()
    for key, (status, amount) in one.items():
        other_status, other_amount = other[key]
        assert status == other_status, (key, status, other_status)
        assert np.isclose(amount, other_amount, rtol=1e-12, atol=0, equal_nan=True), (
            key,
            amount,
            other_amount,
        )


def numbers_of(rows: Sequence[Sequence[object]]) -> int:
    """Return how many cells hold numbers."""
    return sum(values.is_number(cell) for row in rows for cell in row)
