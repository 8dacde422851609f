"""Where in a sheet the tables are, and which flow, product, area and year each cell belongs to.

The layout is found, not declared. Header rows are those in which several cells name products,
flows, years or what a column holds; label columns are those whose cells name flows or products;
every other column with a header is data. A cell's coordinates are what its row says, else what its
column says, else what the title says. So a table with products as rows, with years as columns, a
long table, three panels side by side or pages under one another need no code of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.errors import Finding, TableError, UnitError
from carbonacct.tables import values
from carbonacct.tables.headers import Header, read_header, take_units, unit_expression, unit_known, year_of, years_in
from carbonacct.tables.mapping import Mapping, words_for
from carbonacct.tables.pasted import split_cells
from carbonacct.tables.sheets import cell_name
from carbonacct.units import fold_unit, is_ambiguous, parse_unit

if TYPE_CHECKING:
    from carbonacct.tables.sheets import Sheet

_UNIT_IN_TITLE = re.compile(r"(?:单位|计量单位|units?|einheit)\s*[:：=]\s*(.+)", re.IGNORECASE)
_MEASURE_UNIT = re.compile(r"\((实物量|标准量)\)\s*([^\s、，,()]+)")
_CITY = re.compile(r"([\u4e00-\u9fff]{2,7}?(?:自治州|地区|市|州|盟|县|区))")
_TOTAL = "total_energy"


@dataclass(frozen=True)
class Entry:
    """One cell of a table, placed: its number is in the unit ``unit``, an expression of the registry."""

    area: str
    year: int | None
    flow: str
    product: str
    value: float
    status: int
    unit: str
    row: int
    column: int
    sign: int = 1


@dataclass
class Block:
    """One table: its entries in the order of the print, and what its rows and sections are."""

    sheet: Sheet
    entries: list[Entry] = field(default_factory=list)
    parents: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    title: str = ""
    used_rows: set[int] = field(default_factory=set)
    used_columns: set[int] = field(default_factory=set)
    head: range = range(0)


@dataclass
class _Column:
    header: Header
    kind: str  # label, product, area, year, unit, data, skip
    unit: str = ""


def read_blocks(sheet: Sheet, own: Mapping | None = None, *, area: str | None = None) -> list[Block]:
    """Return the tables of a sheet; an empty list if it holds none.

    Parameters
    ----------
    sheet
        Raw cells.
    own
        The user's mapping.
    area
        Name of the area, over what the title says.

    Raises
    ------
    TableError, UnitError
        If a row, a column or a unit is unknown, a column occurs twice, or a unit contradicts its product.
    """
    texts = [cell for row in sheet.rows[:60] for cell in row if isinstance(cell, str) and cell]
    words = words_for(texts, own)
    if max(map(len, sheet.rows), default=0) == 1:
        sheet = split_cells(sheet, words)
    _spread_merged(sheet)
    starts = _header_rows(sheet, words)
    blocks = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(sheet.rows)
        top = 0 if number == 0 else _title_top(sheet, starts[number - 1], start)
        block = _read_block(sheet, words, (top, start, end), area)
        if block.entries:
            blocks.append(block)
    if blocks:
        blocks[0].findings.extend((*sheet.findings, *_left_over(sheet, blocks)))
    return blocks


def _left_over(sheet: Sheet, blocks: list[Block]) -> list[Finding]:
    """List the cells that no table uses: numbers as a warning, texts (notes, remarks) for information."""
    numbers: list[str] = []
    texts: list[str] = []
    for i, row in enumerate(sheet.rows):
        if any(i in block.head for block in blocks):
            continue
        columns = next((block.used_columns for block in blocks if i in block.used_rows), set())
        for j, cell in enumerate(row):
            if j not in columns and not values.is_blank(cell):
                (numbers if values.is_number(cell) else texts).append(f"{cell_name(i, j)} ({values.printed(cell)[:30]})")
    found = []
    for kind, severity, cells in (("numbers", "warning", numbers), ("texts", "info", texts)):
        if cells:
            listed = ", ".join(cells[:6]) + (f" and {len(cells) - 6} more" if len(cells) > 6 else "")
            found.append(Finding(f"unused-{kind}", severity, f"{len(cells)} cells outside the table hold {kind} and are not used: {listed}", sheet.address(0)))
    return found


def _spread_merged(sheet: Sheet) -> None:
    """Give each column under a merged header its text (a merge over the whole width is a title)."""
    for (top, left), (bottom, right) in sheet.merged:
        if bottom - top > 50 or right - left > 60 or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        text = sheet.rows[top][left]
        width = max(map(len, sheet.rows))
        if isinstance(text, str) and text and right > left and right - left + 1 < width // 2:
            row = sheet.rows[top]
            row.extend([""] * (right + 1 - len(row)))
            for column in range(left + 1, right + 1):
                row[column] = row[column] or text


def _header_rows(sheet: Sheet, words: Mapping) -> list[int]:
    """Return the first row of each header: rows that name at least two products, flows, years or column contents."""
    found: list[int] = []
    data_since = True
    for number, row in enumerate(sheet.rows):
        products, flows, years, kinds = set(), set(), set(), set()
        numbers = 0
        for cell in row:
            if values.is_blank(cell):
                continue
            if year := year_of(cell):
                years.add(year)
                continue
            if isinstance(cell, str):
                header = read_header(cell, words)
                products.add(header.product)
                flows.add(header.flow)
                kinds.add(header.word)
            numbers += values.is_number(cell)
        products, flows, kinds = products - {None}, flows - {None}, kinds - {None, "skip"}
        names = len(products) + len(kinds) + (len(flows) if len(flows) >= 3 else 0) + (
            len(years) if (len(years) > 1 or kinds) and not (numbers or flows or products) else 0)
        if names >= 2 and numbers <= 1 and (len(products) != 1 or len(flows) != 1 or kinds or years):
            if data_since:
                found.append(number)
            data_since = False
        elif numbers:
            data_since = True
    return found


def _title_top(sheet: Sheet, previous: int, start: int) -> int:
    """Return the first row of the title above a later header: behind the last row with numbers."""
    top = start
    while top - 1 > previous and not any(values.is_number(cell) and not year_of(cell) for cell in sheet.rows[top - 1]):
        top -= 1
    return top


def _read_block(sheet: Sheet, words: Mapping, span: tuple[int, int, int], area: str | None) -> Block:
    top, start, end = span
    rows = sheet.rows
    width = max(len(row) for row in rows[start:end])
    for row in rows[start:end]:
        row.extend([""] * (width - len(row)))
    first = _first_data_row(sheet, words, start, end)
    columns = _columns(sheet, words, (start, first, end))
    title = [cell for row in rows[top:start] for cell in row if isinstance(cell, str) and cell.strip()]
    title += [str(rows[i][j]) for i in range(start, first) for j, column in enumerate(columns)
              if column.kind == "label" and isinstance(rows[i][j], str) and rows[i][j]]  # fmt: skip
    block = Block(sheet, title=" ".join(title), head=range(top, first))
    block.used_columns = {j for j, column in enumerate(columns) if column.kind in {"label", "product", "area", "year", "unit", "status", "data"}}
    if not any(column.kind == "data" for column in columns):
        return block
    defaults = _defaults(block, title, area, words)
    if not (defaults["flow"] or any(c.kind == "label" or (c.kind == "data" and c.header.flow) for c in columns)):
        return block  # products with numbers that belong to no flow: coefficients, prices
    _set_units(block, columns, words, title, (start, first))
    _fill(block, columns, words, (first, end), defaults)
    return block


def _first_data_row(sheet: Sheet, words: Mapping, start: int, end: int) -> int:
    """Return the first row below the header that carries a label of a flow or product, or numbers that are no years."""
    left = min((j for row in sheet.rows[start:end] for j, cell in enumerate(row) if not values.is_blank(cell)), default=0)
    for number in range(start + 1, end):
        cells = [cell for cell in sheet.rows[number] if not values.is_blank(cell)]
        if any(values.is_number(cell) and not year_of(cell) for cell in cells):
            return number
        texts = [cell for cell in cells if isinstance(cell, str)]
        if texts and not values.is_blank(sheet.rows[number][left]):
            first = read_header(texts[0], words)
            others = {h.product for h in (read_header(text, words) for text in texts[1:]) if h.product}
            if (first.flow or (first.product and not first.units)) and not others and not _is_unit_row(texts, words):
                return number
    return end


def _is_unit_row(texts: list[str], words: Mapping) -> bool:
    return sum(unit_known(text, words) for text in texts) * 2 > len(texts)


def _columns(sheet: Sheet, words: Mapping, span: tuple[int, int, int]) -> list[_Column]:
    """Say of each column what it holds, from its header and its cells."""
    start, first, end = span
    rows = sheet.rows
    seen: dict[str, int] = {}
    columns = []
    for j in range(len(rows[start])):
        pieces = [cell for cell in (rows[i][j] for i in range(start, first)) if not values.is_blank(cell)]
        header = _column_header(pieces, words, seen)
        if any(vocabulary.fold(str(piece)) in words.ignored_columns for piece in pieces):
            header = Header(header.text, word="skip")
        cells = [rows[i][j] for i in range(first, end) if not values.is_blank(rows[i][j])]
        columns.append(_Column(header, _column_kind(header, cells, words, bool(pieces))))
    return columns


def _column_header(pieces: list[object], words: Mapping, seen: dict[str, int]) -> Header:
    for piece in pieces:  # a title may stand above the heading of the labels
        header = read_header(str(piece), words)
        if header.word in {"label", "product", "unit", "year", "area"}:
            return header
    years = [year for year in map(year_of, pieces) if year]
    units = tuple(text for text in map(str, pieces) if not year_of(text) and text.count("(") == text.count(")") and text.count("（") == text.count("）")
                  and (unit_known(text, words) or is_ambiguous(text)))
    text = " ".join(str(piece).strip() for piece in pieces if not year_of(piece) and str(piece) not in units)
    joined = re.sub(r"(?<=[\u4e00-\u9fff(]) (?=[\u4e00-\u9fff)])", "", text)  # a Chinese unit broken over two rows
    folded = vocabulary.fold(take_units(joined, words)[0])
    seen[folded] = seen.get(folded, 0) + 1
    header = read_header(joined, words, occurrence=seen[folded])
    if not header.says_something and len(pieces) > 1:  # a group heading above: the lowest piece that says something
        for piece in reversed([str(piece) for piece in pieces if not year_of(piece)]):
            own = read_header(piece, words)
            if own.product or own.flow or own.word:
                header = replace(own, units=header.units)
                break
    return replace(header, year=years[0] if years else header.year, units=header.units + units)


def _column_kind(header: Header, cells: list[object], words: Mapping, headed: bool) -> str:  # noqa: FBT001, PLR0911
    texts = [cell for cell in cells if isinstance(cell, str) and values.read_value(cell)[1] == values.UNREADABLE]
    if header.word in {"area", "year", "unit", "status"} or header.word == "skip":
        return header.word
    if header.product or header.year or header.word in {"physical", "standard"} or (header.flow and len(texts) * 2 <= len(cells)):
        return "data"
    if len(texts) * 2 > len(cells) and texts:
        sample = texts[:200]
        hits = {kind: sum(bool(vocabulary.resolve(kind, take_units(text, words)[0], own)) for text in sample)
                for kind, own in (("flow", words.flows), ("product", words.products))}  # fmt: skip
        units = sum(unit_known(text, words) for text in sample)
        if units > max(hits.values()):
            return "unit"
        if header.word == "product" or hits["product"] > hits["flow"]:
            return "product"
        return "label" if hits["flow"] or header.word == "label" else "text"
    if not cells or header.word in {"label", "product"}:
        return "label" if header.word == "label" else "text"
    return "unknown" if headed and header.text and not values.is_number(header.text) else "unlabelled"


def _set_units(block: Block, columns: list[_Column], words: Mapping, title: list[str], band: tuple[int, int]) -> None:
    """Find the unit of each data column, from its header, else from the corner."""
    corner: dict[str, str] = {}
    for text in title:
        for measure, unit in _MEASURE_UNIT.findall(text):
            if unit_known(unit, words):
                corner["standard" if measure == "标准量" else "physical"] = unit_expression(unit, words)
        match = _UNIT_IN_TITLE.search(text)
        for candidate in [match[1], *match[1].split()] if match else take_units(text, words)[1] or [text]:
            if unit_known(candidate, words):
                corner.setdefault("", unit_expression(candidate, words))
                break
    whole_standard = any("标准量" in text and "实物量" not in text for text in title)
    assumed = []
    for j, column in enumerate(columns):
        if column.kind != "data":
            continue
        where = block.sheet.address(band[1] - 1, j)
        word = column.header.word or ""
        try:
            column.unit = _agreed_unit(block, column.header, words, where) or _own_unit(column.header, words) or corner.get(word) or corner.get("", "")
        except UnitError as error:
            raise UnitError(f"{where}: {error}") from None
        if not column.unit and (word == "standard" or whole_standard):
            column.unit = "1e4 tce"
            assumed.append(where)
    if assumed:
        block.findings.append(Finding("unit-assumed", "warning", f"标准量 without a unit is taken as 万吨标准煤 in {len(assumed)} columns", assumed[0],
                                      "print the unit if it is another"))


def _own_unit(header: Header, words: Mapping) -> str:
    """Return the unit that a mapping gives to a column that prints none: by its text, its product, or to all (``*``)."""
    names = [header.text, header.product or "", vocabulary.name("product", header.product or "", "zh"), "*"]
    return next((words.units[fold_unit(text)] for text in names if text and fold_unit(text) in words.units), "")


def _agreed_unit(block: Block, header: Header, words: Mapping, where: str) -> str:
    """Return the one unit that a header prints, or "" if it prints none."""
    clear = [unit for unit in header.units if unit_known(unit, words)]
    if not clear:
        if header.units:
            unit_expression(header.units[0], words)  # raises, with what could be meant
        return ""
    found = {unit: unit_expression(unit, words) for unit in clear}
    if header.product:
        fitting = {unit: expression for unit, expression in found.items() if fits(header.product, expression)}
        if not fitting:
            raise UnitError(f"unit {clear[0]} contradicts {header.product} ({header.text}); correct the header or the column")
        for unit in found.keys() - fitting.keys():
            block.findings.append(Finding("unit-contradiction", "warning", f"unit {unit} contradicts {header.text}, {next(iter(fitting))} is taken", where,
                                          "correct the header"))
        found = fitting
    sizes = {(round(scale, 9), str(unit)) for scale, unit in map(_in_base, found.values())}
    if len(sizes) > 1:
        raise UnitError(f"{header.text} is printed in two units, {' and '.join(found)}; correct the header")
    return next(iter(found.values()))


def _in_base(expression: str) -> tuple[float, str]:
    scale, unit = parse_unit(expression)
    base = (1.0 * unit).to_base_units()
    return float(f"{scale * base.magnitude:.12g}"), str(base.units)


def fits(product: str, expression: str) -> bool:
    """Return whether a unit can measure a product: its physical quantity, or its energy content.

    Examples
    --------
    >>> fits("raw_coal", "1e4 t"), fits("raw_coal", "1e4 tce"), fits("electricity", "1e4 t"), fits("natural_gas", "1e8 m3")
    (True, True, False, True)
    """
    dimensionality = parse_unit(expression)[1].dimensionality
    allowed = {parse_unit(unit)[1].dimensionality for unit in (vocabulary.products()[product].unit, "J")}
    return dimensionality in allowed


def _defaults(block: Block, title: list[str], area: str | None, words: Mapping) -> dict[str, object]:
    """Return what the title says of every cell: area, year, and a product or flow that the whole table is about."""
    texts = [*title, block.sheet.name, re.sub(r"\.\w+$", "", block.sheet.file)]
    years: list[int] = []
    origin = ""
    for number, text in enumerate(texts):
        years = years_in(text)
        if years:
            origin = "" if number < len(title) else ("the sheet's name" if number == len(title) else "the file's name")
            break
    found = area or _area_in(texts[:-2]) or _area_in(texts[-2:])
    if not area and found and not _area_in(texts[:-2]):
        block.findings.append(Finding("area-from-name", "info", f"area {found} is taken from the name of the sheet or file", block.sheet.address(0, 0),
                                      "pass --area if it is another"))
    if origin and len(set(years)) == 1:
        block.findings.append(Finding("year-from-name", "info", f"year {years[0]} is taken from {origin}", block.sheet.address(0, 0),
                                      "pass --year if it is another"))
    folded = vocabulary.fold("".join(title))
    product = next((words.products[word] for word in words.products if word and word in folded), None) or _product_in(folded)
    flow = "industry" if "工业" in folded or "industr" in folded else None
    return {"area": found or block.sheet.file.rsplit(".", 1)[0], "year": years[0] if len(set(years)) == 1 else None,
            "years": tuple(sorted(set(years))), "product": product, "flow": flow}  # fmt: skip


def _area_in(texts: list[str]) -> str | None:
    found = vocabulary.find_area(texts)
    if found:
        return found
    for text in texts:
        match = _CITY.search(re.sub(r"^[\d\s.、（）()一二三四五六七八九十续表-]+", "", text))
        if match and not re.search(r"分地区|各地区|本地区|省区|分市", match[1]):
            return match[1]
    return None


_TITLE_PRODUCTS = {"电力": "electricity", "煤炭": "coal_total", "焦炭": "coke", "石油": "oil_total", "原油": "crude_oil", "汽油": "gasoline", "煤油": "kerosene",
                   "柴油": "diesel", "燃料油": "fuel_oil", "天然气": "natural_gas", "液化石油气": "lpg", "热力": "heat"}  # fmt: skip


def _product_in(folded_title: str) -> str | None:
    """Return the product of a table about one product: 电力平衡表, 分行业煤炭消费总量."""
    hits = {product for word, product in _TITLE_PRODUCTS.items() if re.search(f"{word}(?:能源)?(?:平衡表|消费)", folded_title)}
    return hits.pop() if len(hits) == 1 else None


def _fill(block: Block, columns: list[_Column], words: Mapping, span: tuple[int, int], defaults: dict[str, object]) -> None:
    """Place every cell of the data rows."""
    sheet = block.sheet
    data = [(j, column) for j, column in enumerate(columns) if column.kind == "data"]
    _check_columns(sheet, columns, span)
    reader = _RowReader(sheet, columns, words)
    places: dict[tuple[object, ...], tuple[int, int]] = {}
    unknown: list[tuple[int, str]] = []
    by_unit: dict[str, str] = {}
    for i in range(*span):
        row = sheet.rows[i]
        keys = reader.read(i)
        numbers = [j for j, _ in data if values.read_value(row[j])[1] in (values.NUMBER, values.UNREADABLE)]
        if keys is None:
            if numbers and reader.label(i) and not reader.is_ignored(i):
                unknown.append((i, reader.label(i)))
            continue
        block.used_rows.add(i)
        if keys["flow"]:
            _note_parent(block, str(keys["flow"]), reader.section)
        for j, column in data:
            value, status = values.read_value(row[j])
            entry = _entry(block, column, keys, defaults, (i, j), (value, status), by_unit)
            place = (entry.area, entry.year, entry.flow, entry.product, column.header.word if column.header.word == "standard" else "")
            if place in places and status != values.BLANK and not _says_the_same(sheet, places[place], value):
                other = places[place]
                what = f"{entry.product} of {entry.flow}" + (f" in {entry.year}" if entry.year else "")
                raise TableError(f"{sheet.address(i, j)}: {what} stands here and in {sheet.address(*other)}; remove one, or give it its own id in a mapping file")
            if place not in places or status != values.BLANK:
                if place in places:
                    block.entries = [e for e in block.entries if (e.row, e.column) != places[place]]
                places[place] = (i, j)
                block.entries.append(entry)
    block.findings.extend(reader.findings)
    if unknown:
        first, label = unknown[0]
        more = f" (and {len(unknown) - 1} more: {', '.join(repr(text) for _, text in unknown[1:6])})" if len(unknown) > 1 else ""
        kind = "product" if any(column.kind == "product" for column in columns) and not any(column.kind == "label" for column in columns) else "flow"
        raise TableError(f"{sheet.address(first, 0)}: row {label!r} is not known{more}; "
                         + (vocabulary.near_names(kind, label) or "") + " give it an id in a mapping file (--mapping)")  # fmt: skip


def _says_the_same(sheet: Sheet, place: tuple[int, int], value: float) -> bool:
    """Return whether an earlier cell of the same meaning is blank or holds the same number."""
    other, status = values.read_value(sheet.rows[place[0]][place[1]])
    return status == values.BLANK or other == value


def _check_columns(sheet: Sheet, columns: list[_Column], span: tuple[int, int]) -> None:
    for j, column in enumerate(columns):
        if column.kind == "unknown":
            raise TableError(f"{sheet.address(span[0] - 1, j)}: column {column.header.text!r} is not known; "
                             + (vocabulary.near_names("product", column.header.text) or "") + " give it an id in a mapping file (--mapping)")  # fmt: skip


def _entry(block: Block, column: _Column, keys: dict[str, object], defaults: dict[str, object], place: tuple[int, int],
           read: tuple[float, int], by_unit: dict[str, str]) -> Entry:  # fmt: skip
    header = column.header
    product = str(keys["product"] or header.product or defaults["product"] or _TOTAL)
    flow = str(keys["flow"] or header.flow or defaults["flow"] or "final_consumption")
    year = keys["year"] or header.year or defaults["year"]
    unit = str(keys["unit"] or column.unit)
    value, status = read
    i, j = place
    if status in (values.NUMBER, values.UNREADABLE):
        where = block.sheet.address(i, j)
        if not unit:
            raise UnitError(f"{where}: {product} has no unit; print it in the header or the corner (单位: 万吨)")
        if f"{product} {unit}" not in by_unit:
            if not fits(product, unit):
                raise UnitError(f"{where}: unit {unit} contradicts {product}; correct the unit or the label")
            by_unit[f"{product} {unit}"] = unit
    sign = int(str(keys["sign"])) * header.sign
    return Entry(str(keys["area"] or defaults["area"]), int(str(year)) if year else None, flow, product, value * sign, status, unit, i, j, sign)


def _note_parent(block: Block, flow: str, section: str) -> None:
    """Remember under which part of the balance a flow stands, where that is not what the vocabulary says."""
    if section and flow == "recovery" and section != vocabulary.flows()[flow].parent:
        block.parents[flow] = section


class _RowReader:
    """Reads the labels of the rows of one table, with what stands above them."""

    def __init__(self, sheet: Sheet, columns: list[_Column], words: Mapping) -> None:
        self.sheet, self.words = sheet, words
        self.by_kind: dict[str, list[int]] = {}
        for j, column in enumerate(columns):
            self.by_kind.setdefault(column.kind, []).append(j)
        self.contexts = {path.partition(">")[0] for path in words.flows if ">" in path}
        self.context = self.section = ""
        self.pending = ""
        self.findings: list[Finding] = []
        self.occurrences: dict[str, set[int]] = {}
        self.ignored: set[int] = set()

    def label(self, i: int) -> str:
        """Return the printed label of a row."""
        return " ".join(str(self.sheet.rows[i][j]).strip() for j in self.by_kind.get("label", []) + self.by_kind.get("product", [])
                        if isinstance(self.sheet.rows[i][j], str) and self.sheet.rows[i][j]).strip()  # fmt: skip

    def is_ignored(self, i: int) -> bool:
        """Return whether the row is one that a mapping leaves out, or a note."""
        texts = [str(cell) for cell in self.sheet.rows[i] if isinstance(cell, str) and cell.strip()]
        return i in self.ignored or (bool(texts) and vocabulary.is_note(texts[0]))

    def read(self, i: int) -> dict[str, object] | None:
        """Return what a row says of its cells, or None if its label says nothing."""
        row = self.sheet.rows[i]
        if not any(not values.is_blank(cell) for cell in row):
            return None
        keys: dict[str, object] = {"flow": None, "product": None, "area": None, "year": None, "unit": None, "sign": 1}
        for kind in ("area", "year", "unit"):
            for j in self.by_kind.get(kind, []):
                if not values.is_blank(row[j]):
                    keys[kind] = self._key(kind, row[j], i, j)
        flows = self._labels(i, "label")
        products = self._labels(i, "product")
        if self.by_kind.get("label") and not flows:
            return None
        if self.by_kind.get("product") and not products:
            return None
        if not flows and not products and not keys["year"]:
            return None
        keys["flow"], keys["sign"] = flows or (None, 1)
        if products:
            keys["product"] = products[0]
            keys["unit"] = keys["unit"] or self._unit_of_label(i)
        if flows:
            root = flows[0]
            if not vocabulary.flows()[root].parent:
                self.section = root
        return keys

    def _key(self, kind: str, cell: object, i: int, j: int) -> object:
        if kind == "year":
            year = year_of(cell)
            if year is None:
                raise TableError(f"{self.sheet.address(i, j)}: {values.printed(cell)!r} is not a year; write it as 2019")
            return year
        if kind == "unit":
            try:
                return unit_expression(str(cell), self.words)
            except UnitError as error:
                raise UnitError(f"{self.sheet.address(i, j)}: {error}") from None
        return self.words.areas.get(vocabulary.fold(str(cell)), str(cell).strip())

    def _unit_of_label(self, i: int) -> str | None:
        for j in self.by_kind.get("product", []):
            units = take_units(str(self.sheet.rows[i][j]), self.words)[1]
            if units:
                return unit_expression(units[0], self.words)
        return None

    def _labels(self, i: int, kind: str) -> tuple[str, int] | None:
        found: dict[str, tuple[int, int]] = {}
        texts = []
        for j in self.by_kind.get(kind, []):
            cell = self.sheet.rows[i][j]
            if not isinstance(cell, str) or values.is_blank(cell):
                continue
            texts.append(cell)
            hit = self._resolve(cell, kind, i)
            if hit:
                found[hit[0]] = (hit[1], j)
        if len(found) > 1:
            first, *others = (f"{identifier} ({self.sheet.address(i, j)})" for identifier, (_, j) in found.items())
            self.findings.append(Finding("labels-disagree", "warning", f"the labels of one row disagree: {first} is taken, not {', '.join(others)}",
                                         self.sheet.address(i), "correct one of them"))
        if found:
            self.pending = ""
            identifier, (sign, _) = next(iter(found.items()))
            return identifier, sign
        joined = self.pending + "".join(texts)
        self.pending = "".join(texts) if not any(values.is_number(cell) for cell in self.sheet.rows[i]) else ""
        if texts and joined != "".join(texts) and (hit := self._resolve(joined, kind, i)):
            self.pending = ""
            return hit
        return None

    def _resolve(self, text: str, kind: str, i: int) -> tuple[str, int] | None:
        label = take_units(text, self.words)[0]
        folded = vocabulary.fold(label)
        rows = self.occurrences.setdefault(folded, set())
        rows.add(i)
        numbered = f"{folded}#{len(rows)}"
        if kind == "product":
            product = vocabulary.resolve("product", label, self.words.products)
            return (product, 1) if product else None
        if {folded, numbered, vocabulary.fold_case(label)} & self.words.ignored_rows:
            self.ignored.add(i)
            return None
        path = f"{self.context}>{folded}"
        if folded in self.contexts:
            self.context = folded
        flow = self.words.flows.get(path) or self.words.flows.get(numbered) or vocabulary.resolve("flow", label, self.words.flows)
        sign = next((self.words.signs[word] for word in (path, numbered, folded) if word in self.words.signs), 1)
        return (flow, sign) if flow else None


def same_dimension(one: str, other: str) -> bool:
    """Return whether two units measure the same thing."""
    return bool(parse_unit(one)[1].dimensionality == parse_unit(other)[1].dimensionality)
