"""What one table makes reading stop at, and what is to be said of it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.account.ask import ask_columns, ask_rows, ask_silent_columns
from carbonacct.balances.account.basis import note_basis
from carbonacct.balances.account.half_named import list_lacking
from carbonacct.balances.account.label_notes import note_labels
from carbonacct.balances.account.mark_notes import note_flags, note_merged
from carbonacct.balances.account.unit_notes import (
    note_units_of,
    say_unread,
    stop_at_fuels_in_watt_hours,
)
from carbonacct.balances.amounts.conversions import why_not
from carbonacct.balances.join.table_form import twin_key
from carbonacct.balances.label.labels import unit_known
from carbonacct.balances.label.titles import name_cell
from carbonacct.balances.label.topics import says_one_product, says_other_watt_hours
from carbonacct.balances.path.column_units import note_units
from carbonacct.balances.path.printed_labels import row_label
from carbonacct.balances.stops import Stop, ask_units, stop_at
from carbonacct.balances.words.mapping import LEFT_OUT
from carbonacct.errors import Finding, TableError, UnitError
from carbonacct.records.heading_roles import fiscal_year
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Answer, Unknown, cell_name
from carbonacct.texts import join_texts, say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.balances.join.block import Block
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.path.rows import Rows
    from carbonacct.balances.split.grid import Grid
    from carbonacct.sheets.raw_sheets import Sheet

_FISCAL = re.compile(r"(?<![\d-])(?:19|20)\d\d[-/–]\d{2}(?![\d-])")  # State Energy Use 2018-19
_MOST_HEADING_ROWS, _LONGEST_LINE = 4, 40  # between a line alone and the numbers; of its letters
_LONGEST_NAMED = 60
_MOST_HEADER_ROWS = 5
_PART_OF_YEAR = re.compile(
    r"\d{1,2}月?\s*[-—–~至到]\s*\d{1,2}月|(?:\d{1,2}|[一二三四五六七八九十]+)月份|[上下]半年|[前第]?[一二三四1-4]个?季度|\bQ[1-4]\b"
)
_PARTS = frozenset("月半季Q")  # one of them stands in every part
_WHOLE_YEAR = re.compile(r"^1月?\s*[-—–~至到]\s*12月")
_MONTH = re.compile(  # 2019年6月, and not the day of a page
    r"(?:19|20)\d\d年\s*(?P<month>1[0-2]|0?[1-9])月(?!\s*(?:\d|底|末|[-—–~至到]|发布|公布|修订|整理|印|编|出版))"
)
_LAST_MONTH = "12"
_AT_GENERATION = re.compile(r"等价|发电煤耗")


def ask_labels(
    sheet: Sheet, grid: Grid, rows: Rows, span: tuple[int, int], *, lacks_area: bool = False
) -> list[Stop]:
    """Return what of the labels of a table cannot be read or is not known.

    Parameters
    ----------
    sheet, grid, rows
        The cells, what they read as, and what rows and columns say.
    span
        First data row, and the row behind the last.
    lacks_area
        Whether nothing names the area: then a column of texts may.
    """
    columns = rows.columns
    stops = [
        *stop_at(sheet, columns.misread, span[0] - 1),
        *ask_columns(sheet, grid, columns, span),
        *stop_at(sheet, rows.misread),
        *ask_rows(sheet, grid, rows, span),
    ]
    if not rows.at:
        return stops
    return [*stops, *ask_silent_columns(sheet, rows, lacks_area=lacks_area)]


def find_faults(block: Block) -> list[Stop]:
    """Return what of the cells of a table contradicts itself, or is said nowhere."""
    return [
        *_stop_at_areas(block),
        *_stop_at_flows(block),
        *_check_units(block, block.rows.columns.corner.unread),
        *_stop_at_watt_hours(block),
        *stop_at_fuels_in_watt_hours(block),
        *_stop_at_one_product(block),
        *_stop_at_twins(block),
    ]


def note_table(block: Block, grid: Grid, row: int) -> list[Finding]:
    """Return the findings of a table.

    Parameters
    ----------
    block, grid
        Its cells, and what the cells of the sheet read as.
    row
        The last row of its header.
    """
    columns = block.rows.columns
    return [
        *note_units(block.sheet, columns, row),
        *note_units_of(block),
        *_note_equivalent_value(block, columns),
        *note_basis(block),
        *note_labels(block.sheet, block.rows.notes),
        *_notes_on_names(block),
        *_note_fiscal_years(block, row),
        *_note_losses(block),
        *grid.findings,
        *note_flags(block, grid, columns.words.flags),
        *note_merged(block),
    ]


def _stop_at_areas(block: Block) -> Iterator[Stop]:
    """Stop at a title that names several areas, where cells take theirs from it."""
    if block.form.takes_area and (named := block.title.other_areas):
        listed = join_texts(
            ", ", (say("{area} ({where})", area=area, where=where) for area, where in named)
        )
        message = say(
            "{named}: the title names several areas, {listed}, and the cells none",
            named=named[0][1],
            listed=listed,
        )
        yield Stop(
            TableError(say("{message}; pass --area, or correct the title", message=message)),
            block.sheet,
        )


def _stop_at_flows(block: Block) -> Iterator[Stop]:
    """Stop at numbers that no label, header or title gives to a flow."""
    if block.form.of_no_flow is None:
        return
    nowhere = block.form.of_no_flow & (block.status != values.BLANK)
    if nowhere.any():
        i, j = np.argwhere(nowhere)[0]
        text = " ".join(block.form.heads[j].header.text.split())[:_LONGEST_NAMED]
        message = say(
            "{address}: no row, header ({text!r}) or title says which flow this is",
            address=block.address(i, j),
            text=text,
        )
        action = say(
            "give its label an id in a mapping file (--mapping), or both if it names a product as well "
            "(farming + diesel)"
        )
        yield Stop(
            TableError(say("{message}; {action}", message=message, action=action)),
            block.sheet,
            _ask_line_above(block, nowhere) or list_lacking(block, nowhere, "flow"),
            block.cells_of(nowhere),
        )


def _ask_line_above(block: Block, nowhere: np.ndarray) -> tuple[Unknown, ...]:
    """Return the short line alone above a table of which few numbers have a flow.

    What it says holds for all of them, and for no other table.
    """
    numbers = block.status == values.NUMBER
    if 2 * np.count_nonzero(numbers & nowhere) <= np.count_nonzero(numbers):
        return ()
    first = int(block.form.rows[0])
    is_above = False  # the header: what stands below it heads some of the rows
    for i in range(first - 1, max(first - _MOST_HEADING_ROWS, 0) - 1, -1):
        held = [
            (j, cell) for j, cell in enumerate(block.sheet.rows[i]) if not values.is_blank(cell)
        ]
        if len(held) == 1:
            (j, text), *_ = held
            is_short = isinstance(text, str) and len(text) <= _LONGEST_LINE
            is_name = is_above and is_short and not any(map(str.isdigit, str(text)))
            if not is_name or unit_known(str(text), block.rows.columns.words):
                return ()
            return (Unknown("flow", str(text).strip(), ((i, j), *block.cells_of(nowhere))),)
        is_above |= len(held) > 1
    return ()


def _check_units(block: Block, unread: str) -> Iterator[Stop]:
    """Stop at amounts without a unit, and at a unit that contradicts its product or is not known."""
    unitless: dict[str, tuple[tuple[int, int], ...]] = {}
    for doubt in block.form.doubts:
        place = doubt.cells & (
            (block.status == values.NUMBER) | (block.status == values.UNREADABLE)
        )
        if not place.any():
            continue
        where = block.address(*np.argwhere(place)[0])
        cells = block.cells_of(place)
        if doubt.unit and not doubt.is_named:
            message = say(
                "{address}: no row, header or title says which product these {unit} are of; name it "
                "in the header or the title, or give its label both ids in a mapping file (farming + diesel)",
                address=where,
                unit=doubt.unit,
            )
            yield Stop(
                UnitError(message), block.sheet, list_lacking(block, place, "product"), cells
            )
        elif doubt.unit:
            reason = why_not(doubt.product, doubt.unit)
            unit_reason = (
                say("of {product}: {reason}", product=doubt.product, reason=reason)
                if reason
                else say(
                    "contradicts {product}; correct the unit or the label", product=doubt.product
                )
            )
            yield Stop(
                UnitError(
                    say(
                        "{where}: unit {unit} {reason}",
                        where=where,
                        unit=doubt.unit,
                        reason=unit_reason,
                    )
                ),
                block.sheet,
                cells=cells,
                answers=_offer_to_pass_over(block, place, doubt.unit),
            )
        elif unread:
            asked = (Unknown("unit", unread, cells[:1]),)
            yield Stop(say_unread(unread, where), block.sheet, unknown=asked, cells=cells)
        else:
            unitless.setdefault(doubt.product, cells)
    if unitless:
        yield ask_units(block.sheet, unitless)


def _offer_to_pass_over(block: Block, place: np.ndarray, unit: str) -> tuple[Answer, ...]:
    """Return the labels of numbers whose unit does not measure their product, which a person may pass over."""
    why = say("unit {unit} does not measure it", unit=unit)
    return tuple(
        Answer(label, (LEFT_OUT,), why)
        for label in list_lacking(block, place, "product")
        if label.text.strip()
    )


def _told_by_unit(block: Block, product: str) -> np.ndarray:
    """Return the numbers that are of a product by their unit alone."""
    labels = block.form.product.labels
    is_it: np.ndarray = block.form.product.codes == labels.index(product)
    is_it &= block.form.by_unit & (block.status == values.NUMBER)
    return is_it


def _stop_at_watt_hours(block: Block) -> Iterator[Stop]:
    """Stop at watt hours without a product below a title that names something else.

    Gas, heat and all energy are printed in them too.
    """
    if "electricity" not in block.form.told_by_unit:
        return
    cells = _told_by_unit(block, "electricity")
    if cells.any():
        cells &= ~_below_electricity(block, cells)
    names = f"{block.sheet.name}\n{block.sheet.file}"
    if cells.any() and says_other_watt_hours(block.title.text, names):
        message = say(
            "{address}: no row or header says which product these {unit} are of, and the title "
            "names another than electricity; name it in the header or the title",
            address=block.address(*np.argwhere(cells)[0]),
            unit="kWh",
        )
        asked = list_lacking(block, cells, "product")
        yield Stop(UnitError(message), block.sheet, asked, block.cells_of(cells))


def _below_electricity(block: Block, cells: np.ndarray) -> np.ndarray:
    """Return the cells below a row that names electricity in their unit, in which no other product is printed.

    全社会用电量, then 第一产业, 第二产业 ... stand below 能源消费总量 in many bulletins. Gas and
    electricity in one unit may be followed by sectors of both.
    """
    product, unit = (
        np.broadcast_to(axis.codes, cells.shape) for axis in (block.form.product, block.form.unit)
    )
    is_electricity = product == block.form.product.labels.index("electricity")
    is_named = (block.status == values.NUMBER) & ~block.form.by_unit
    if (is_named & ~is_electricity & np.isin(unit, np.unique(unit[cells]))).any():
        return np.zeros_like(cells)
    rows, columns = np.indices(cells.shape)
    above = np.maximum.accumulate(np.where(is_named, rows, -1), axis=0)
    found: np.ndarray = (above >= 0) & (is_electricity & is_named)[above, columns]
    found &= unit[above, columns] == unit
    return found


def _stop_at_one_product(block: Block) -> Iterator[Stop]:
    """Stop at energy without a product below a title that names gas, a fuel, heat or electricity in an unknown way."""
    if "total_energy" not in block.form.told_by_unit:
        return
    cells = _told_by_unit(block, "total_energy")
    if cells.any() and says_one_product(block.title.text):
        message = say(
            "{address}: no row or header says which product these amounts are of, and the title "
            "names another than all energy; name it in the header or the title",
            address=block.address(*np.argwhere(cells)[0]),
        )
        asked = list_lacking(block, cells, "product")
        yield Stop(UnitError(message), block.sheet, asked, block.cells_of(cells))


def _stop_at_twins(block: Block) -> Iterator[Stop]:
    """Stop at two columns that hold the same product, flow and year, both with numbers."""
    form = block.form
    if not form.has_twins:
        return
    is_number = block.status == values.NUMBER
    has_numbers = is_number.any(axis=0)
    seen: dict[tuple[object, ...], int] = {}
    for j, column in enumerate(form.heads):
        if not has_numbers[j]:
            continue
        other = seen.setdefault(twin_key(column), j)
        if other != j:
            head, before = column.header, form.heads[other].header
            # kWh | therms, industrial_kwh | industrial_mwh
            are_units = before.units != head.units and (
                not head.text or all((head.units, before.units))
            )
            if (
                are_units
                or fold(before.text) != fold(head.text)
                or int(form.columns[j]) in form.own_parts
                or not (
                    is_number[:, j] & is_number[:, other]
                ).any()  # each fills the other's blanks
            ):
                continue  # two names for one thing, which are told apart cell by cell
            cells = tuple((int(form.rows[0]) - 1, int(form.columns[k])) for k in (other, j))
            first, second = (block.sheet.address(*cell) for cell in cells)
            what = head.product or head.flow or head.year or head.text
            answers: tuple[Answer, ...] = ()
            if what:
                message = say(
                    "{second}: a second column of {what}, beside {first}; remove one, or "
                    "tell them apart in a mapping file",
                    second=second,
                    what=what,
                    first=first,
                )
                kind = "product" if head.product else "flow"
                named = head.text or what
                message += " " + say(
                    "({kind},{text}#2,... or ignore_column)", kind=kind, text=named
                )
                why = say("stands beside {cell}", cell=cell_name(*cells[0]))
                label = Unknown(kind, f"{named}#2", (cells[1],))
                answers = (Answer(label, (LEFT_OUT,), why),)
            else:  # no line of a mapping file names a header that is its unit alone
                message = say(
                    "{second}: a second column in {units}, beside {first}; remove one, or name "
                    "what each is of",
                    second=second,
                    units=join_texts(", ", head.units),
                    first=first,
                )
            yield Stop(TableError(message), block.sheet, cells=cells, answers=answers)


def _note_equivalent_value(block: Block, columns: Columns) -> list[Finding]:
    """Warn of electricity at the coal that plants burn for it (等价值, 发电煤耗计算法).

    No coefficient turns that back into kWh.
    """
    if not block.form.has_electricity_in_coal:
        return []
    electricity, standard = (
        cells & (block.status == values.NUMBER) for cells in block.form.electricity
    )
    if not standard.any() or (electricity & ~standard).any():
        return []
    i, j = np.argwhere(standard)[0]
    reason = (
        f"{block.title.text} {block.form.heads[j].header.text}"
        f" {row_label(block.sheet, columns, int(block.form.rows[i]))}"
    )
    if not _AT_GENERATION.search(reason) or "当量" in reason:
        return []
    return [
        Finding(
            "electricity-at-generation",
            "error",
            say(
                "electricity is printed at the coal that plants burn for it, not at its "
                "heat content: kWh and scope 2 from it are too large"
            ),
            block.address(i, j),
            say("use the column in 亿千瓦小时, or the table at 当量值"),
        )
    ]


def _note_losses(block: Block) -> list[Finding]:
    """Warn where what a network delivers holds what it loses, and nothing says what it sells."""
    if not block.form.supply_holds_losses:
        return []
    message = say("the supply holds the losses beside it, which count as used: no sale is printed")
    action = say("give the row of supply the id total_consumption, and print what is sold")
    return [Finding("supply-with-losses", "warning", message, block.address(0, 0), action)]


def _note_fiscal_years(block: Block, row: int) -> list[Finding]:
    """Say which year a fiscal year is taken for; ``row`` is the last of the header."""
    columns = block.rows.columns
    years = [j for j in columns.stubs if columns.each[j].kind == "year"]
    header = range(max(row - _MOST_HEADER_ROWS, 0), row + 1)
    data = block.form.columns.tolist()
    lines = [*((i, data) for i in header), *((i, years) for i in block.form.rows.tolist()[:1])]
    for i, places in lines:
        cells = block.sheet.rows[i]
        for j in places:
            if (text := cells[j]) and isinstance(text, str) and (year := fiscal_year(text)):
                return [_say_fiscal(text, year, block.sheet.address(i, j))]
    if block.form.takes_year:
        for text in _FISCAL.findall(block.title.text):
            if (year := fiscal_year(text)) and year == block.title.year:
                return [_say_fiscal(text, year, block.sheet.address(0, 0))]
    return []


def _say_fiscal(text: str, year: int, where: str) -> Finding:
    message = say("{text} is a fiscal year: it is taken as {year}", text=text, year=year)
    return Finding("fiscal-year", "info", message, where)


def _part_of_year(text: str, block: Block) -> str:
    """Return the months that a title says its amounts are of; "" where they are the year's, as 12月 above 累计 is."""
    if _PARTS.isdisjoint(text):
        return ""
    month = _MONTH.search(text)
    of_heads = (head.header.text for head in block.form.heads)
    if month and month["month"] == _LAST_MONTH and any("累计" in head for head in of_heads):
        return ""
    part = _PART_OF_YEAR.search(text)
    if part:
        return "" if _WHOLE_YEAR.search(part[0]) else part[0]
    return month[0] if month else ""


def _notes_on_names(block: Block) -> list[Finding]:
    """Return where an area or a year that cells take from the title comes from, if it is not the title."""
    of_area = _notes_on_area(block) if block.form.takes_area else []
    return [*of_area, *_notes_on_year(block)]


def _notes_on_area(block: Block) -> list[Finding]:
    title, where = block.title, block.sheet.address(0, 0)
    found = []
    if title.area_from == "file":
        found.append(
            Finding(
                "area-unknown",
                "warning",
                say("nothing names the area; the file's name stands in: {area}", area=title.area),
                where,
                say("pass --area"),
            )
        )
    elif title.area_from == "name":
        found.append(
            Finding(
                "area-from-name",
                "info",
                say("area {area} is taken from the name of the sheet or file", area=title.area),
                where,
                say("pass --area if it is another"),
            )
        )
    elif title.area_from == "layout":
        found.append(
            Finding(
                "area-assumed",
                "warning",
                say(
                    "nothing names the area; {area} is assumed, whose tables are of this kind",
                    area=title.area,
                ),
                where,
                say("pass --area if it is of a part of it, or of another"),
            )
        )
    elif title.overruled:
        # Two names that the vocabulary does not know, in two scripts, may well be one area's.
        is_contradiction = title.area.isascii() == title.overruled.isascii() or any(
            vocabulary.resolve("area", name) for name in (title.area, title.overruled)
        )
        found.append(
            Finding(
                "area-overruled",
                "warning" if is_contradiction else "info",
                say(
                    "the title names {overruled}, the option {area}, which is used",
                    overruled=title.overruled,
                    area=title.area,
                ),
                name_cell(block.sheet, title.overruled),
                say("check that it is the right table, or leave --area out"),
            )
        )
    return found


def _notes_on_year(block: Block) -> list[Finding]:
    title, where = block.title, block.sheet.address(0, 0)
    year = block.form.takes_year
    found = []
    text = unicodedata.normalize("NFKC", title.text)
    if part := _part_of_year(text, block):
        found.append(
            Finding(
                "part-of-year",
                "error",
                say(
                    "the title says {part}: amounts of a part of a year are read as those "
                    "of the year",
                    part=part,
                ),
                where,
                say("use the table of the whole year"),
            )
        )
    if year and title.year and title.year_from:
        found.append(
            Finding(
                "year-from-name",
                "info",
                say(
                    "year {year} is taken from {year_from}",
                    year=title.year,
                    year_from=title.year_from,
                ),
                where,
                say("pass --year if it is another"),
            )
        )
    return found
