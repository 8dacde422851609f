"""Labels beside numbers that are not known: each is asked for by its kind, with near words of that kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import remarks, vocabulary
from carbonacct.balances.account.diagnosis import heads_enterprises
from carbonacct.balances.account.half_named import HalfNamed, read_half, say_half
from carbonacct.balances.label.headers import read_header
from carbonacct.balances.label.labels import read_label, take_units, unit_known
from carbonacct.balances.path.printed_labels import find_header, row_label
from carbonacct.balances.path.unread import goes_with, one_line, repeats
from carbonacct.balances.stops import Stop
from carbonacct.balances.words.hints import find_hint
from carbonacct.characters import same_script
from carbonacct.errors import TableError, name_some
from carbonacct.near_words import near_names
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Answer, Unknown, cell_name
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from carbonacct.balances.join.sheet_tables import Page
    from carbonacct.balances.path.columns import Columns
    from carbonacct.balances.path.rows import Rows
    from carbonacct.balances.split.grid import Grid
    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell, Sheet
    from carbonacct.vocabulary import Kind

# Headings of columns that say where a number comes from and not what it is, folded.
_REMARKS = frozenset(
    {
        "备注",
        "说明",
        "注",
        "来源",
        "数据来源",
        "资料来源",
        "remark",
        "remarks",
        "note",
        "notes",
        "source",
        "sources",
    }
)
_MOST_NAMED = 6
_MOST_TEXTS = 12
_LONGEST_NAMED = 60
_KINDS: dict[str, Kind] = {"label": "flow", "product": "product"}
_BRACKET_BEHIND = re.compile(r"^(.+?)\s*[(（]([^()（）]+)[)）]\s*$", re.DOTALL)

_PARTS = re.compile(r"[\s/]+")


def ask_columns(sheet: Sheet, grid: Grid, columns: Columns, span: tuple[int, int]) -> list[Stop]:
    """Ask for the headers that name nothing above numbers.

    Parameters
    ----------
    sheet, grid, columns
        The cells, what they read as, and what each column holds.
    span
        First data row, and the row behind the last.
    """
    unknown = [j for j, column in enumerate(columns.each) if column.kind == "unknown"]
    if not unknown:
        return []
    has_numbers = (grid.status[slice(*span)] == values.NUMBER).any(axis=0)
    asked = [_ask_header(columns, (span[0] - 1, j)) for j in unknown if has_numbers[j]]
    kinds = dict.fromkeys(each.kind for each in asked)
    return [
        stop
        for kind in kinds
        for stop in _say(sheet, "column", [each for each in asked if each.kind == kind])
    ]


def _ask_header(columns: Columns, place: tuple[int, int]) -> Unknown:
    """Return what a header is asked for: its unit where the rest is known, else the product."""
    text = columns.each[place[1]].header.text
    match = _BRACKET_BEHIND.match(text)
    named = match and read_header(match[1], columns.words).says_something
    if match and named and _may_be_unit(match[2].strip(), columns):
        return Unknown("unit", match[2].strip(), (place,))
    heads = [columns.each[j].header for j in columns.data]
    of_flows = sum(bool(head.flow) for head in heads) > sum(bool(head.product) for head in heads)
    return Unknown("flow" if of_flows else "product", text, (place,))


def _may_be_unit(text: str, columns: Columns) -> bool:
    """Return whether a bracket behind a name may be its unit.

    No word of the vocabulary is one, nor are several words none of which is a unit.

    What it cannot be is a part of the name: Oil products (excl. bio).
    """
    words, parts = columns.words, _PARTS.split(text)
    if any(unit_known(part, words) or any(map(str.isdigit, part)) for part in parts):
        return True
    return len(parts) == 1 and not any(_is_known(kind, text, words) for kind in _KINDS.values())


def ask_rows(sheet: Sheet, grid: Grid, rows: Rows, span: tuple[int, int]) -> list[Stop]:
    """Ask for the labels that name nothing beside amounts, unless they are notes or left out.

    Parameters
    ----------
    sheet, grid, rows
        The cells, what they read as, and what is known of the rows.
    span
        First data row, and the row behind the last.
    """
    columns = rows.columns
    misread = {each.row for each in rows.misread}
    misread |= {i for each in rows.misread for one in each.unknown for i, _ in one.cells}
    misread |= {i for each in rows.misread for i, _ in each.below}
    known_rows = {*rows.at, *rows.left_out} | misread
    silent = [i for i in range(*span) if i not in known_rows]
    if not silent:
        return []
    status = grid.status[np.ix_(silent, columns.data)]
    filled = ((status == values.NUMBER) | (status == values.UNREADABLE)).any(axis=1)
    unknown = [
        i
        for i, is_filled in zip(silent, filled, strict=True)
        if is_filled and not _is_note(sheet.rows[i], columns) and row_label(sheet, columns, i)
    ]
    named = [i for i in unknown if any(sheet.rows[i][j] for j in columns.labels)]
    asked = [label for i in named or unknown for label in _list_labels(sheet.rows[i], columns, i)]
    stops = []
    for kind in ("flow", "product"):
        stops += _say(sheet, "row", [each for each in asked if each.kind == kind], columns)
    return stops


def ask_silent_columns(sheet: Sheet, rows: Rows, *, lacks_area: bool) -> Iterator[Stop]:
    """Ask for a column of texts that is not known and tells apart what the labels beside it do not.

    Of a table that names no area also for one that is filled in each row and holds several texts
    where each label stands once: these may be its areas, which would become one.
    """
    columns = rows.columns
    if all(column.kind != "text" for column in columns.each):
        return
    kinds = {
        kind: [j for j, column in enumerate(columns.each) if column.kind == kind]
        for kind in ("label", "product", "area", "year")
    }
    named = kinds["label"] or kinds["product"]
    rest = [j for kind in kinds.values() for j in kind if j not in named]
    for j in range(max(columns.data, default=0)):
        column = columns.each[j]
        if column.kind != "text" or vocabulary.fold(column.header.text) in _REMARKS:
            continue
        held = {k: _filled([sheet.rows[i][k] for i in rows.at]) for k in (j, *named, *rest)}
        adds_nothing = all(repeats(sheet.rows[i][j], sheet.rows[i]) for i in rows.at)
        adds_nothing |= any(goes_with(held[j], held[k]) for k in named)
        adds_nothing |= any(
            goes_with(held[j], held[k]) and len(set(held[k])) < len(held[k]) for k in rest
        )
        of_areas = not kinds["area"] and _are_areas(set(held[j]))
        may_be_areas = lacks_area and not kinds["area"] and bool(column.header.text)
        may_be_areas = may_be_areas and _are_names([sheet.rows[i][j] for i in rows.at])
        may_be_areas = may_be_areas and all(len(set(held[k])) == len(held[k]) for k in named)
        of_enterprises = heads_enterprises(column.header.text) and len(set(held[j])) > 1
        if adds_nothing and not (of_areas or may_be_areas or of_enterprises):
            continue
        cells = _list_texts(sheet, rows, j)
        texts = [
            say("{text!r} ({cell_name})", text=one_line(text), cell_name=cell_name(*where[0]))
            for text, where in cells.items()
        ]
        name = one_line(column.header.text)
        if not cells:
            yield _ask_numbers(sheet, rows, j, name)
            continue
        places = tuple(cell for where in cells.values() for cell in where)
        if name:  # what the column holds settles all of its texts
            unknown: tuple[Unknown, ...] = (Unknown("column", name, places),)
        else:
            unknown = tuple(
                Unknown("flow", one_line(text), tuple(where)) for text, where in cells.items()
            )
        where = sheet.address(rows.at[0], j)
        listed = name_some(texts, _MOST_TEXTS)
        if of_areas:
            message = say(
                "{where}: column {name!r} names areas, and its header is not known: "
                "{listed}; say so in a mapping file (column,{name},area), or pass the "
                "column over (ignore_column,{name})",
                where=where,
                name=name,
                listed=listed,
            )
        elif of_enterprises:
            # One enterprise in each branch reads as well, and is no branch of the area.
            message = say(
                "{where}: column {name!r} names enterprises, which are no whole branches: {listed}; sum "
                "them by branch of industry first, or pass the column over if they are all that the "
                "area has (ignore_column,{name})",
                where=where,
                name=name,
                listed=listed,
            )
        elif adds_nothing:
            message = say(
                "{where}: nothing names the area, and column {name!r}, which is not known, may: "
                "{listed}; say so in a mapping file (column,{name},area), or pass the column over "
                "(ignore_column,{name})",
                where=where,
                name=name,
                listed=listed,
            )
        else:
            message = say(
                "{where}: column {name!r} tells rows apart and none of its texts is "
                "known: {listed}; give each an id in a mapping file (flow,...), or pass "
                "the column over (ignore_column,{name})",
                where=where,
                name=name,
                listed=listed,
            )
        yield Stop(TableError(message), sheet, unknown, places)


def _list_texts(sheet: Sheet, rows: Rows, j: int) -> dict[str, list[tuple[int, int]]]:
    """Return the texts of a column with their cells."""
    cells: dict[str, list[tuple[int, int]]] = {}
    for i in rows.at:
        if isinstance(text := sheet.rows[i][j], str) and text.strip():
            cells.setdefault(text, []).append((i, j))
    return cells


def _ask_numbers(sheet: Sheet, rows: Rows, j: int, name: str) -> Stop:
    """Ask for a column of numbers among those of labels: which product it is of."""
    places = tuple((i, j) for i in rows.at if not values.is_blank(sheet.rows[i][j]))
    message = say(
        "{where}: column {name!r} holds numbers, and its header names no product that is known; "
        "give it an id in a mapping file (product,{name},...), or pass it over (ignore_column,{name})",
        where=sheet.address(*places[0]),
        name=name,
    )
    return Stop(TableError(message), sheet, (Unknown("product", name, places),), places)


def _are_names(cells: Sequence[Cell]) -> bool:
    """Return whether cells hold several texts, and none is blank or a number."""
    are_texts = not any(values.is_blank(cell) or values.is_number(cell) for cell in cells)
    return are_texts and len(set(cells)) > 1


def _are_areas(texts: Iterable[Cell]) -> bool:
    """Return whether all texts are names of areas that are known."""
    named = [text for text in texts if isinstance(text, str) and text.strip()]
    return bool(named) and all(vocabulary.resolve("area", text) for text in named)


def list_open_rows(page: Page, flow: str, ids: tuple[str, ...]) -> tuple[Answer, ...]:
    """Return the labels of a page that name a flow of which only a person knows what it is, with what it may be.

    Parameters
    ----------
    page
        The sheet.
    flow
        The id that its rows or headers have.
    ids
        What the flow may be, the likeliest first.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for table in page.tables:
        if table.rows is None:
            continue
        columns = table.columns
        cells = [
            (str(page.sheet.rows[i][j]), (i, j))
            for i, key in zip(table.rows.at, table.rows.keys, strict=True)
            if key.flow == flow
            for j in columns.names[-1:]
        ]
        heads = [(columns.each[j].header, j) for j in columns.data]
        first = table.rows.at[0] if table.rows.at else table.first
        cells += [
            (head.text, find_header(page.sheet, first, j)) for head, j in heads if head.flow == flow
        ]
        for text, cell in cells:
            if name := take_units(text, columns.words)[0]:
                found.setdefault(name, []).append(cell)
    why = say("holds fuels, and does not say whether they went into plants")
    return tuple(
        Answer(Unknown("flow", text, tuple(places)), ids, why) for text, places in found.items()
    )


def _filled(cells: Sequence[Cell]) -> list[Cell]:
    """Return cells of which a blank one takes the cell above."""
    above: Cell = ""
    return [above := above if values.is_blank(cell) else cell for cell in cells]


def _list_labels(row: Sequence[Cell], columns: Columns, i: int) -> Iterator[Unknown]:
    """Yield the labels of a row that are not known; all of them if each is known by itself."""
    present = [kind for kind in _KINDS if any(column.kind == kind for column in columns.each)]
    labels = []
    for kind in present:
        places = [j for j in columns.names if columns.each[j].kind == kind]
        texts = {
            j: text for j in places if isinstance(text := row[j], str) and not values.is_blank(text)
        }
        known = any(_is_known(_KINDS[kind], text, columns.words) for text in texts.values())
        if texts:
            labels.append((known, kind, texts))
    unknown = [label for label in labels if not label[0]] or labels
    for _, kind, texts in unknown:
        named = {j: text for j, text in texts.items() if not unit_known(text, columns.words)}
        # A translation goes with its Chinese label, and not the other way round.
        chinese = {j: text for j, text in named.items() if not same_script(text, "a")}
        j, text = next(reversed((chinese or named or texts).items()))
        yield Unknown(_KINDS[kind], take_units(text, columns.words)[0], ((i, j),))


def _is_known(kind: Kind, text: str, words: Mapping) -> bool:
    label = read_label(text, words)
    return bool(label.flow if kind == "flow" else label.product)


def _is_note(row: Sequence[Cell], columns: Columns) -> bool:
    """Return whether the first text of a row is a note; the year or area of a row is none."""
    keys = {j for j in columns.stubs if columns.each[j].kind in {"area", "year", "unit"}}
    cells = (cell for j, cell in enumerate(row) if j not in keys)
    text = next((cell for cell in cells if isinstance(cell, str) and not values.is_blank(cell)), "")
    return bool(text) and remarks.is_note(text)


def _say(
    sheet: Sheet, what: str, asked: Sequence[Unknown], columns: Columns | None = None
) -> list[Stop]:
    """Return the stops of labels of a kind: those that name a product or a use alone, and the unknown."""
    merged: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for each in asked:
        merged.setdefault((each.kind, each.text), []).extend(each.cells)
    unknown = [Unknown(kind, text, tuple(cells)) for (kind, text), cells in merged.items()]
    halves = [_read_half(each, columns) for each in unknown]
    stops = []
    for dim in ("product", "flow"):
        named = [each for each, half in zip(unknown, halves, strict=True) if getattr(half, dim)]
        if named and columns:
            stops.append(_say_half(sheet, what, tuple(named), columns))
    rest = tuple(each for each, half in zip(unknown, halves, strict=True) if not any(half))
    return [*stops, _say_unknown(sheet, what, rest, columns)] if rest else stops


def _read_half(each: Unknown, columns: Columns | None) -> HalfNamed:
    """Return what a label of a row names alone that is asked for the other: a product that is asked for its flow."""
    half = read_half(each.text, columns.words) if columns else HalfNamed()
    return (
        half
        if (half.product and each.kind == "flow") or (half.flow and each.kind == "product")
        else HalfNamed()
    )


def _say_half(sheet: Sheet, what: str, named: tuple[Unknown, ...], columns: Columns) -> Stop:
    """Return the stop of labels that name a product alone, or a use alone."""
    first = named[0]
    half = read_half(first.text, columns.words)
    crossed = bool(half.product) and any(columns.each[j].header.product for j in columns.data)
    message = say_half(
        sheet.address(*first.cells[0]),
        what,
        _shorten(first.text),
        half,
        crossed=crossed,
        more=_list_more(named),
    )
    cells = tuple(cell for each in named for cell in each.cells)
    return Stop(TableError(message), sheet, named, cells)


def _say_unknown(
    sheet: Sheet, what: str, unknown: tuple[Unknown, ...], columns: Columns | None
) -> Stop:
    """Return the stop of labels of which nothing is known, with their cells and words near to the first."""
    first = unknown[0]
    row, column = first.cells[0]
    where = sheet.address(row, column)
    kind: Kind = "flow" if first.kind == "flow" else "product"
    name = "unit" if first.kind == "unit" else what if kind == "flow" or what == "column" else kind
    hint = next(
        (
            say("{quote!r}: {hint};", quote=_shorten(each.text), hint=hint_text)
            for each in unknown
            if (hint_text := find_hint(each.text))
        ),
        "",
    )
    near = hint or (
        near_names(kind, first.text[:_LONGEST_NAMED], sheet.list_texts())
        if first.kind != "unit"
        else ""
    )
    near = join_texts("", (near, " ")) if near else ""
    beside = _name_column(columns, column) if name == "product" and columns else ""
    message = (
        say(
            "{where}: {name} {quote!r}{beside} is not known{more}; {near}give it a unit in a "
            "mapping file (--mapping)",
            where=where,
            name=name,
            quote=_shorten(first.text),
            beside=beside,
            more=_list_more(unknown),
            near=near,
        )
        if name == "unit"
        else say(
            "{where}: {name} {quote!r}{beside} is not known{more}; {near}give it an id in a "
            "mapping file (--mapping)",
            where=where,
            name=name,
            quote=_shorten(first.text),
            beside=beside,
            more=_list_more(unknown),
            near=near,
        )
    )
    cells = tuple(cell for each in unknown for cell in each.cells)
    return Stop(TableError(message), sheet, unknown, cells)


def _name_column(columns: Columns, j: int) -> str:
    header = columns.each[j].header.text
    return say(" in column {quote!r}", quote=_shorten(header)) if header else ""


def _shorten(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NAMED]


def _list_more(unknown: Sequence[Unknown]) -> str:
    """Return the labels behind the first, each with its first cell."""
    if len(unknown) < 2:
        return ""
    named = [
        say(
            "{quote!r} ({cell_name})",
            quote=_shorten(each.text),
            cell_name=cell_name(*each.cells[0]),
        )
        for each in unknown[1:_MOST_NAMED]
    ]
    more = " ..." if len(unknown) > _MOST_NAMED else ""
    return say(
        " (and {count} more: {named}{more})",
        count=len(unknown) - 1,
        named=join_texts(", ", named),
        more=more,
    )
