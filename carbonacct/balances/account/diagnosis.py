"""What kind of table one seems to be that is no energy balance: what it names, and what it lacks."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.balances.account.guess import Frame, find_frame, guess_labels, names_part_of_year
from carbonacct.balances.account.half_named import list_without
from carbonacct.balances.account.stacked_cells import count_stacked, say_stacked
from carbonacct.balances.label.labels import take_units
from carbonacct.balances.stops import Stop
from carbonacct.balances.words.mapping import Mapping
from carbonacct.balances.words.other_quantities import name_quantity
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import TableError, name_some
from carbonacct.sheets import values
from carbonacct.sheets.raw_sheets import Unknown, cell_name
from carbonacct.texts import Both, Text, join_texts, say
from carbonacct.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.balances.join.sheet_tables import Page
    from carbonacct.balances.label.headers import Header
    from carbonacct.sheets.raw_sheets import Cell

_MOST_NAMED = 4
_LONGEST = 30
_TITLE_ROWS = 8
_SENTENCE = re.compile(r"[。；]|\w[.;]\s+\w.*\d")
# 全年能源消费总量2 150万吨标准煤: the words between two marks, the number, its unit
_NUMBER = r"\s*(?P<number>\d[\d,，. ]*)\s*"
_TOLD = re.compile(
    rf"(?P<item>[^\s\d。；;，,：:、（(%]{{2,30}}){_NUMBER}(?P<unit>[A-Za-z]+|[^\W\dA-Za-z_]{{1,12}})"
)
_TOLD_IN_ENGLISH = re.compile(
    r"(?P<item>[A-Za-z][A-Za-z ]{2,40}?) (?:totall?ed|was|were|reached|amounted to|stood at) "
    rf"{_NUMBER}(?P<unit>[A-Za-z]+(?: [A-Za-z]+){{0,4}})"
)
_OPENING = re.compile(
    r"^(?:其中|初步核算|据|全年|年|全[国省市区县州](?!社会)|我[国省市区县]|本[年省市区县]|当年|共|累计|城市(?=天然气|液化|人工煤气|煤气|管道))+"
)
_VERB = re.compile(r"(?:共|总计|合计|累计|已)*(?:为|是|达到?|完成|实现|约)+$")
# What is said of an item before its amount: 能源消费总量比上年增长3.3%，达到6754.8万吨标准煤
_COMPARED = re.compile(r"比上年|同比|比\d|较上年|[，,。；;]|增长|下降")
_DATE = re.compile(r"^\s*\d{4}年[，,]")
_OBJECTS = frozenset({"enterprises", "single buildings or stations"})
_DIMS = (("product", "product"), ("flow", "flow"), ("year", "year"))


class Kind(NamedTuple):
    """A kind of table that is none of energy: where its words stand, what its numbers are of, what to do."""

    place: str
    pattern: re.Pattern[str]
    rows_are: str
    action: str


def say_no_table(pages: Sequence[Page], own: Mapping | None) -> Stop:
    """Return why a file has no energy balance: what its numbers stand between, and what is lacking.

    Parameters
    ----------
    pages
        Its sheets, none of which has a table.
    own
        The user's own words.
    """
    refused = next((page for page in pages if page.refused), None)
    if refused is not None:
        return Stop(TableError(str(refused.refused)), refused.sheet)
    frames = [(page, find_frame(page, _words(page, own))) for page in pages]
    page, frame = max(frames, key=lambda each: _size(each[1]))
    start = say("{file}: no energy balance found", file=page.sheet.file)
    if frame is None:
        what = _say_no_numbers(page, start)
        return Stop(TableError(what), page.sheet)
    # Of what is no amount of a year no label is asked for: no answer would make it one.
    no_amounts = _are_shares(page, frame) or _are_parts_of_years(frame)
    unknown = [] if no_amounts else guess_labels(page, _words(page, own))
    kind = _find_kind(page, frame)
    if kind is not None:
        what = say(
            "its numbers seem to be {rows_are} ({kind})", rows_are=kind[0].rows_are, kind=kind[1]
        )
        message = join_texts(
            "; ",
            [
                say("{start}: {known}, {what}", start=start, known=_say_known(frame), what=what),
                kind[0].action,
                *_offer_sum(kind),
            ],
        )
        asked = _ask_objects(page, frame, kind)
        return Stop(TableError(message), page.sheet, asked, tuple(asked[0].cells) if asked else ())
    message = join_texts(
        "; ",
        [
            say("{start}: {known}", start=start, known=_say_known(frame)),
            *_say_lacking(page, frame, unknown),
        ],
    )
    if not unknown and not no_amounts:
        words = _words(page, own)
        if _lacks_flow(frame, unknown):
            unknown += list_without("flow", frame, words)
        elif _lacks_product(frame, unknown):
            unknown += list_without("product", frame, words)
    cells = tuple(cell for each in unknown for cell in each.cells)
    return Stop(TableError(message), page.sheet, tuple(unknown), cells)


def _say_no_numbers(page: Page, start: Text) -> Text:
    """Return what a sheet seems to be in which no cell is a number."""
    lines = [
        row[0] for row in page.sheet.rows if row and any(map(values.is_number, str(row[0]).split()))
    ]
    if held := _find_stacked(page):
        where, count = held
        return say("{start}: {what}", start=start, what=say_stacked(where, count))
    if told := _find_told_amount(page):
        item, number, unit = told
        return say(
            "{start}: it is made of sentences, and no amount is taken out of one: it may be a growth, a "
            "share or a part; write those that are meant as a table, a line each (项目,数值,单位), such "
            "as {item},{number},{unit}",
            start=start,
            item=item,
            number=number,
            unit=unit,
        )
    if lines:
        return say(
            "{start}: {line_count} lines hold numbers behind texts, and no line above them says "
            "what their columns are; write one (项目  原煤  天然气, or 项目  2018), or put | "
            "between the cells",
            start=start,
            line_count=len(lines),
        )
    return say("{start}: there are no numbers in it; check that it is the table", start=start)


def _find_stacked(page: Page) -> tuple[str, int] | None:
    """Return the first cell whose lines are several numbers, and how many: rows that were joined into one."""
    for i, row in enumerate(page.sheet.rows):
        for j, cell in enumerate(row):
            if count := count_stacked(cell):
                return page.sheet.address(i, j), count
    return None


def _find_told_amount(page: Page) -> tuple[str, str, str] | None:
    """Return what the first amount of energy in a sentence seems to be: its item, number and unit."""
    for row in page.sheet.rows:
        for cell in row:
            if not (isinstance(cell, str) and _SENTENCE.search(cell)):
                continue
            for found in (*_TOLD_IN_ENGLISH.finditer(cell), *_TOLD.finditer(cell)):
                item, unit = _find_item(cell, found), _find_unit(found["unit"])
                if item and unit:
                    return item, re.sub(r"[\s,，]", "", found["number"]), unit
    return None


def _find_item(sentence: str, found: re.Match[str]) -> str:
    """Return what an amount is of: the words before it, else those with which its sentence begins."""
    item = _OPENING.sub("", _VERB.sub("", found["item"].strip()))
    if item:
        return item
    before = _DATE.sub("", re.split(r"[。；;]", sentence[: found.start()])[-1])
    return _OPENING.sub("", re.sub(r"\d+", "", _COMPARED.split(before)[0]))


def _find_unit(words: str) -> str:
    """Return the unit that some words begin with, nothing where they begin with none.

    No blank ends a unit in Chinese.
    """
    ends: Iterable[int] = range(len(words), 0, -1)
    if words.isascii():
        ends = [len(words), *(gap.start() for gap in [*re.finditer(" ", words)][::-1])]
    return next((words[:end] for end in ends if is_unit(words[:end])), "")


def describe(page: Page) -> str:
    """Return what the header and the rows of a sheet without a table name."""
    frame = find_frame(page, _words(page, None))
    return _say_known(frame) if frame else say("there are no numbers between labels")


def _words(page: Page, own: Mapping | None) -> Mapping:
    return page.tables[0].columns.words if page.tables else own or Mapping()


def _size(frame: Frame | None) -> int:
    return len(frame.heads) + len(frame.labels) + 1 if frame else 0


def _find_kind(page: Page, frame: Frame) -> tuple[Kind, str] | None:
    """Return the kind of table that its header or title speaks of, and the words that do."""
    rows = page.sheet.rows
    header = rows[frame.header] if frame.header >= 0 else []
    title = [cell for row in rows[: min(max(frame.header, 0), _TITLE_ROWS)] for cell in row]
    texts: dict[str, Sequence[Cell]] = {
        "header": header,
        "header row": [_join_row(header)],
        "title": title,
    }
    # A table of sales by users prints prices and revenue beside its amounts, and is none of prices.
    by_users = len({each.flow for each in frame.labels.values() if each.flow}) > 1
    amounts = [cell for cell in header if isinstance(cell, str) and take_units(cell, Mapping())[1]]
    for kind in _kinds():
        is_beside = any(not kind.pattern.search(cell) for cell in amounts)
        if kind.place == "header" and by_users and is_beside:
            continue
        for cell in texts[kind.place]:
            if isinstance(cell, str) and (match := kind.pattern.search(cell)):
                return kind, _short(cell) if kind.place == "header" else match[0]
    return None


def _join_row(row: Sequence[Cell]) -> str:
    return " | ".join(str(cell).strip() for cell in row)


def find_other_row(row: Sequence[Cell]) -> tuple[Kind, str] | None:
    """Return the kind of table that a row of headings as a whole speaks of, and its words: From | To.

    Examples
    --------
    >>> kind, words = find_other_row(["From", "To", "PJ"])
    >>> kind.rows_are, words
    ('flows from one node to the next (Sankey)', 'From | To')
    """
    text = _join_row(row)
    for kind in _kinds():
        if kind.place == "header row" and (match := kind.pattern.search(text)):
            return kind, match[0]
    return None


def _offer_sum(kind: tuple[Kind, str]) -> list[Text]:
    """Return how a mapping file adds up objects, where the rows are such."""
    if kind[0].rows_are not in _OBJECTS:
        return []
    return [
        say(
            "or say in a mapping file that they add up (column,{name},sum where a column names the "
            "branch of each, else column,{name},other_services)",
            name=kind[1],
        )
    ]


def _ask_objects(page: Page, frame: Frame, kind: tuple[Kind, str]) -> tuple[Unknown, ...]:
    """Return the header of a column of objects, of which a mapping may say that they add up."""
    if kind[0].rows_are not in _OBJECTS or frame.header < 0:
        return ()
    row = page.sheet.rows[frame.header]
    heads = (j for j, cell in enumerate(row) if isinstance(cell, str) and _short(cell) == kind[1])
    return tuple(Unknown("column", str(row[j]), ((frame.header, j),)) for j in [*heads][:1])


def heads_objects(header: str) -> bool:
    """Return whether a header says that its column names buildings, enterprises or stations.

    Examples
    --------
    >>> heads_objects("建筑名称"), heads_objects("企业名称"), heads_objects("所属行业")
    (True, True, False)
    """
    return any(
        kind.place == "header" and kind.rows_are in _OBJECTS and kind.pattern.search(header)
        for kind in _kinds()
    )


def heads_enterprises(header: str) -> bool:
    """Return whether a header says that its column names enterprises.

    Examples
    --------
    >>> heads_enterprises("企业名称"), heads_enterprises("所属行业")
    (True, False)
    """
    return any(
        kind.place == "header" and kind.rows_are == "enterprises" and kind.pattern.search(header)
        for kind in _kinds()
    )


@cache
def _kinds() -> tuple[Kind, ...]:
    rows = read_rows(data_folder() / "vocabulary" / "table_kinds.csv")
    return tuple(
        Kind(
            row["place"],
            re.compile(row["pattern"], re.IGNORECASE),
            Both(row["rows_are_en"], row["rows_are_zh"]),
            Both(row["action_en"], row["action_zh"]),
        )
        for row in rows
    )


def _say_known(frame: Frame) -> str:
    """Return what the header and the rows name."""
    head, label = _say_named(frame.heads.values()), _say_named(frame.labels.values())
    sentences = [say("its header names {head}", head=head)] if head else []
    sentences += [say("its rows name {label}", label=label)] if label else []
    areas = [_short(text) for text in frame.areas]
    sentences += (
        [say("its rows are areas ({areas})", areas=name_some(areas, _MOST_NAMED))] if areas else []
    )
    return join_texts(" and ", sentences) or say(
        "neither header nor rows name anything that is known"
    )


def _say_named(headers: Iterable[Header]) -> str:
    """Return the products, flows and years that some labels name, as printed."""
    found = []
    for dim, name in _DIMS:
        texts = {getattr(each, dim): _short(each.text) for each in headers if getattr(each, dim)}
        if dim == "year" and texts:
            found.append(
                say("{texts} to {texts_shown}", texts=min(texts), texts_shown=max(texts))
                if len(texts) > 1
                else str(*texts)
            )
        elif texts:
            found.append(
                say(
                    "{text_count} {names} ({texts})",
                    text_count=len(texts),
                    names=name if len(texts) == 1 else f"{name}s",
                    texts=name_some([*texts.values()], _MOST_NAMED),
                )
            )
    return join_texts(", ", found)


def _short(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"


def _say_unknown(kind: str, named: Text, *, one: bool) -> Text:
    if kind == "column":
        return say(
            "header that is not known: {named}" if one else "headers that are not known: {named}",
            named=named,
        )
    if kind == "product":
        return say(
            "product that is not known: {named}" if one else "products that are not known: {named}",
            named=named,
        )
    return say(
        "flow that is not known: {named}" if one else "flows that are not known: {named}",
        named=named,
    )


def _are_shares(page: Page, frame: Frame) -> bool:
    """Return whether a heading above the numbers says shares, and nothing else there is of an amount: 构成, 比重(%)."""
    header = page.sheet.rows[max(frame.header - 1, 0) : frame.first]
    texts = [cell for row in header for cell in row if isinstance(cell, str)]
    has_amounts = any(head.units for head in frame.heads.values())
    return not has_amounts and any(name_quantity(text) == "shares" for text in texts)


def _are_parts_of_years(frame: Frame) -> bool:
    """Return whether all columns of numbers are months, quarters or halves."""
    heads = [head.text for head in frame.heads.values()]
    return bool(heads) and all(
        names_part_of_year(text)
        or name_quantity(text, is_header=True) == "amounts of a part of the year"
        for text in heads
    )


def _lacks_flow(frame: Frame, unknown: Sequence[Unknown]) -> bool:
    """Return whether products are named and nothing says, or may say, which flow the numbers are."""
    flows, products = (sum(frame.count_named(dim)) for dim in ("flow", "product"))
    return bool(products) and not flows and not any(each.kind == "flow" for each in unknown)


def _lacks_product(frame: Frame, unknown: Sequence[Unknown]) -> bool:
    """Return whether flows are named and nothing says, or may say, which product the numbers are of."""
    flows, products = (sum(frame.count_named(dim)) for dim in ("flow", "product"))
    return bool(flows) and not products and not any(each.kind == "product" for each in unknown)


def _say_lacking(page: Page, frame: Frame, unknown: Sequence[Unknown]) -> list[str]:
    """Return what is not known, and what nothing says."""
    if _are_parts_of_years(frame):
        return [say("its columns are parts of a year: add them up in a column behind them (Total)")]
    if _are_shares(page, frame):
        return [say("its numbers are shares, of which no amounts follow; use the table of amounts")]
    sentences: list[str] = []
    for kind in ("column", "product", "flow"):
        named = [
            say(
                "{short!r} ({cell_name})",
                short=_short(each.text),
                cell_name=cell_name(*each.cells[0]),
            )
            for each in unknown
            if each.kind == kind
        ]
        if named:
            sentences.append(_say_unknown(kind, name_some(named, _MOST_NAMED), one=len(named) == 1))
    if _lacks_flow(frame, unknown):
        sentences.append(
            say(
                "nothing says which flow the numbers are: put it into the title (工业能源消费量) "
                "or a header"
            )
        )
    if _lacks_product(frame, unknown):
        sentences.append(
            say("nothing says which product the numbers are of: put it into the title or a header")
        )
    return sentences or [
        say("check that it is the table, or name its words in a mapping file (--mapping)")
    ]
