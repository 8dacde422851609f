"""What the header cells over each column say together: stacked headings, those that spread, those that say nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from carbonacct import remarks, vocabulary
from carbonacct.balances.label import words_in_place
from carbonacct.balances.label.headers import (
    Header,
    group_words,
    read_header,
    split_beside_unit,
    total_words,
    year_of,
)
from carbonacct.balances.label.labels import NOTED, read_label, take_units, unit_known
from carbonacct.balances.path.closed_headings import close_unknown, is_label
from carbonacct.balances.path.plants_within import hold_plants
from carbonacct.balances.path.stacked_words import is_amid_texts, join_words, mend_cut
from carbonacct.balances.path.totals import name_wholes
from carbonacct.balances.split.header_rows import is_bookkeeping, numbers_columns, read_piece
from carbonacct.balances.words.compounds import direct
from carbonacct.balances.words.other_quantities import name_quantity
from carbonacct.characters import same_script
from carbonacct.sheets import values
from carbonacct.units import is_ambiguous

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.words.mapping import Mapping
    from carbonacct.sheets.raw_sheets import Cell

ColumnKind = Literal[
    "label",
    "product",
    "area",
    "year",
    "unit",
    "status",
    "skip",
    "data",
    "text",
    "unknown",
    "unlabelled",
    "misread",
    "beside",  # of another table under the same header
]
_FEWEST_PRODUCTS = 2
_BLANK_INSIDE = re.compile(r"(?<=[\u4e00-\u9fff(]) (?=[\u4e00-\u9fff)])")
_BLANK_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff(])\n(?=[\u4e00-\u9fff)])")
_COLON = re.compile(r"[:：](?!\d)")
_SEVERAL = 2
_STUBS = frozenset({"label", "product", "unit", "year", "area"})


class Heading(NamedTuple):
    """What the header says of a column, and what the column holds if its cells say it.

    Also the rows of its cells that say nothing, and whether it has any.
    """

    header: Header
    unread: tuple[int, ...]
    is_headed: bool
    kind: ColumnKind | None
    may_be_share: bool = False


def read_headings(rows: Sequence[Sequence[Cell]], words: Mapping) -> tuple[Heading, ...]:
    """Return what the header says of each column."""
    seen: dict[str, int] = {}
    found: list[Heading] = []
    rows = _spread_over_totals(_without_names_of_dims(rows, words), words)
    shares, may_be_shares = _spread_shares(rows, words)
    naming = [
        (i, row)
        for i, row in enumerate(rows)
        if not (i and (is_bookkeeping(row) or numbers_columns(row)))
    ]
    areas = next((row for _, row in naming[1:] if _is_area_row(row, words)), None)
    lines = [(i, row) for i, row in naming if row is not areas]
    for j in range(len(rows[0])):
        pieces = mend_cut([(i, cell) for i, row in lines if not values.is_blank(cell := row[j])])
        heading = _read_pieces(pieces, words, seen)
        header = heading.header
        if j in shares or (words.ignored_columns and _is_ignored(header, pieces, words)):
            header = Header(header.text, word="skip")
        if areas and header.says_something and not header.area:
            header = replace(header, area=str(areas[j]).strip())
        if header.of_which:
            header = inherit(header, [one.header for one in found])
        if header is not heading.header:
            heading = heading._replace(header=header, kind=_header_kind(header))
        found.append(heading._replace(may_be_share=True) if j in may_be_shares else heading)
    found = _name_rest(_name_parts(close_unknown(rows, found, words)), words)
    found = _name_sections(found)
    if any(one.header.word == "scope" for one in found):  # of which a total beside them is the sum
        found = [
            one._replace(kind="skip") if vocabulary.fold(one.header.text) in total_words() else one
            for one in found
        ]
    elif any(one.header.is_whole for one in found):
        named = name_wholes([one.header for one in found])
        found = [
            one if header is one.header else one._replace(header=header, kind=_header_kind(header))
            for one, header in zip(found, named, strict=True)
        ]
    return tuple(found)


def _without_names_of_dims(
    rows: Sequence[Sequence[Cell]], words: Mapping
) -> Sequence[Sequence[Cell]]:
    """Return the header rows without 能源品种 over 原煤 | 柴油, or 年份 over 2018 | 2019.

    It says of what they are names, and that its columns hold labels or years it does not say. What stands
    alone in its row is a heading of the rows below (天然气 under 指标), and nothing that is spanned.
    """
    spanned: set[tuple[int, int]] = set()
    for i, row in enumerate(rows[1:], start=1):
        named = {
            "year": [j for j, cell in enumerate(row) if year_of(cell)],
            "product": [j for j, cell in enumerate(row) if _names_amounts(cell, words)],
        }
        named["label"] = named["product"]
        spanned |= {
            (k, j)
            for word, places in named.items()
            for j in places
            if len(places) >= _SEVERAL
            for k, above in enumerate(rows[:i])
            if isinstance(above[j], str) and read_header(str(above[j]), words).word == word
        }
    if not spanned:
        return rows
    return [
        ["" if (i, j) in spanned else cell for j, cell in enumerate(row)]
        for i, row in enumerate(rows)
    ]


def _spread_over_totals(rows: Sequence[Sequence[Cell]], words: Mapping) -> Sequence[Sequence[Cell]]:
    """Return the header rows with the heading of a group over its total: Petroleum over Distillate | Kerosene | Total.

    A merged heading that a text file has lost stands over its first column alone. It reaches as far as
    the lower row has names: where that row has none but below such headings, they are one group each.
    """
    spread = [list(row) for row in rows]
    for above, names in pairwise(range(len(rows))):
        filled = [not values.is_blank(cell) for cell in rows[names]]
        headed = [not values.is_blank(cell) for cell in rows[above]]
        group = ""
        for j, (is_named, is_headed) in enumerate(zip(filled, headed, strict=True)):
            if is_headed:
                text = str(rows[above][j])
                is_group = is_named and _heads_blanks(filled, headed, j)
                group = text if is_group and read_header(text, words).product else ""
            elif not is_named:
                group = ""
            elif group and read_header(str(rows[names][j]), words).is_whole:
                spread[above][j] = group
    return spread if spread != [list(row) for row in rows] else rows


def _heads_blanks(filled: Sequence[bool], headed: Sequence[bool], j: int) -> bool:
    """Return whether a heading has names below it and below the blanks to its right, and the next heading has none."""
    ends = next((k for k in range(j + 1, len(headed)) if headed[k]), len(headed))
    is_group = ends - j > 2 and all(filled[j:ends])
    return is_group and (ends == len(headed) or not filled[ends])


def _name_parts(found: list[Heading]) -> list[Heading]:
    """Return the headings; 水电 beside 发电量 is a source of it, a part of its flow, and no product."""
    flows = {one.header.flow for one in found} - {None, ""}

    def part(one: Heading) -> Heading:
        among = words_in_place.homonyms().get(vocabulary.fold(one.header.text), {})
        meant = next((among[flow] for flow in among if flow in flows), None)
        if not (meant and one.header.product and not one.header.flow):
            return one
        return one._replace(header=replace(one.header, product=None, flow=meant))

    return [part(one) for one in found] if flows else found


def _name_rest(found: list[Heading], words: Mapping) -> list[Heading]:
    """Return the headings; 其他 beside products alone is a product: other energy."""
    rest: dict[int, str] = {}
    for j, one in enumerate(found):
        if one.header.flow and not one.header.product:
            names = read_label(one.header.text, words).names
            is_own = not words.flows.keys().isdisjoint(names)
            meant = [] if is_own else list(filter(None, map(_product_among_products, names)))
            rest[j] = meant[0] if meant else ""
    others = [one.header for j, one in enumerate(found) if j not in rest]
    products = {header.product for header in others} - {None}
    if len(rest) != 1 or "" in rest.values() or len(products) < _FEWEST_PRODUCTS:
        return found
    ((j, product),) = rest.items()
    header = replace(found[j].header, product=product, flow=None)
    return [
        *found[:j],
        found[j]._replace(header=header, kind=_header_kind(header)),
        *found[j + 1 :],
    ]


def _name_sections(found: list[Heading]) -> list[Heading]:
    """Return the headings.

    Products behind a flow, and the same behind another, are of the one to their left: 生产总量 |
    原煤 | 消费总量 | 原煤.
    """
    flow: str | None = None
    sections: list[tuple[str, str]] = []
    named = list(found)
    for j, one in enumerate(found):
        header = one.header
        if header.product and not (header.flow or header.weak or header.year or header.area):
            if flow is None:
                return found
            sections.append((flow, header.product))
            named[j] = one._replace(header=replace(header, flow=flow))
        elif header.flow and not header.product:
            flow = header.flow
        elif header.product or header.year or header.word in {"physical", "standard", "scope"}:
            return found
    products = [product for _, product in sections]
    is_printed_again = len(set(products)) < len(products) == len(set(sections))
    return named if is_printed_again else found


def _product_among_products(name: str) -> str:
    return words_in_place.scoped_words().get(name, {}).get("products", "")


def _spread_shares(
    rows: Sequence[Sequence[Cell]], words: Mapping
) -> tuple[frozenset[int], frozenset[int]]:
    """Return the columns that a heading of shares, growth or no energy (供热能力) holds for.

    Those to its right, and those for which it may hold.

    It holds for blank cells to its right above headings of their own (比重 over 煤炭 | 石油); below their
    headings it may belong to its own column alone.
    """
    held: set[int] = set()
    doubtful: set[int] = set()
    for i, row in enumerate(rows):
        is_share = False
        for j, cell in enumerate(row):
            if not values.is_blank(cell):
                header = read_piece(cell, words).header
                is_share = header is not None and (
                    header.is_rate
                    or (j > 0 and header.word == "skip" and bool(name_quantity(str(cell))))
                )
            elif is_share and any(not values.is_blank(below[j]) for below in rows[i + 1 :]):
                held.add(j)
            elif is_share and any(not values.is_blank(above[j]) for above in rows[:i]):
                doubtful.add(j)
    return frozenset(held), frozenset(doubtful - held)


def _is_ignored(header: Header, pieces: Sequence[tuple[int, Cell]], words: Mapping) -> bool:
    """Return whether a mapping passes over a column, named with its unit or without."""
    printed = [str(piece) for _, piece in pieces]
    texts = (header.text, *printed, *(take_units(text, words)[0] for text in printed))
    noted = NOTED.match(header.text)  # Losses f: a mapping names it without its note
    folded = map(vocabulary.fold, (*texts, noted[0]) if noted else texts)
    return not words.ignored_columns.isdisjoint(folded)


def inherit(header: Header, before: Sequence[Header]) -> Header:
    """Return a header that is a part (#家庭用量) with the unit and (if it has none) the product of the whole.

    A part that names a product alone is of its whole's flow (能源消费总量 | 其中:煤炭). One that says
    nothing, of what is no use (购进量), is none either.
    """
    whole = next((one for one in reversed(before) if one.of_which < header.of_which), None)
    if whole and whole.word == "skip" and not header.says_something:
        return replace(header, word="skip")
    says_flow = header.flow or header.weak
    if whole and header.product and not says_flow:
        return replace(header, flow=whole.flow, weak=whole.weak)
    if whole and says_flow and header.product == whole.product and not header.units:
        header = replace(header, units=whole.units)
    if (
        header.product
        or not (header.flow or header.weak)
        or not (whole and whole.product and (whole.flow or whole.weak))
    ):
        return header
    return replace(header, product=whole.product, units=header.units or whole.units)


def _is_area_row(row: Sequence[Cell], words: Mapping) -> bool:
    """Return whether a row below the headings names the area of each column behind a heading: 地区 | 北京 | 天津."""
    cells = [str(cell) for cell in row if not values.is_blank(cell)]
    return (
        len(cells) > 1
        and read_header(cells[0], words).word == "area"
        and all(vocabulary.resolve("area", cell) for cell in cells[1:])
    )


class _Stack(NamedTuple):
    """The header cells of a column: those that are years, numbers, units and other texts, and the texts as one.

    ``stub`` is the heading of a column of labels, where it is one.
    """

    stub: Header | None = None
    years: tuple[tuple[int, int], ...] = ()
    numbers: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    joined: str = ""
    folded: str = ""


def _read_pieces(
    pieces: Sequence[tuple[int, Cell]], words: Mapping, seen: dict[str, int]
) -> Heading:
    """Return what the header cells of a column say together."""
    printed = tuple([(i, cell if type(cell) is str else repr(cell)) for i, cell in pieces])
    stack = words.remember(("stack", printed), lambda: _sort_pieces(pieces, words))
    occurrence = 1
    if not stack.stub:
        # German Länder print Briketts twice, of hard coal and of lignite: a mapping tells them by place.
        occurrence = seen[stack.folded] = seen.get(stack.folded, 0) + 1
    return words.remember(
        ("heading", printed, occurrence), lambda: _make_heading(stack, words, occurrence)
    )


def _make_heading(stack: _Stack, words: Mapping, occurrence: int) -> Heading:
    header, unread = (stack.stub, ()) if stack.stub else _read_stack(stack, words, occurrence)
    if not (header.says_something or header.is_whole) and _COLON.search(stack.joined):
        parted, silent = _read_stack(_split_colons(stack), words, occurrence)
        # Unidades: miles de TEP says the unit and Stand: 29.09.2012 a date, and neither heads a column.
        if parted.word not in _STUBS | {"skip", "about"}:
            header, unread = parted, silent
    is_headed = bool(stack.stub or stack.years or stack.numbers or stack.units or stack.texts)
    return Heading(header, unread, is_headed, _header_kind(header))


def _split_colons(stack: _Stack) -> _Stack:
    """Return the headings of a column, those in one cell told apart: Total consumption (GWh): All meters."""
    parts = [
        (i, part.strip()) for i, text in stack.texts for part in _COLON.split(text) if part.strip()
    ]
    return stack._replace(texts=tuple(parts), joined=" ".join(part for _, part in parts))


def _sort_pieces(pieces: Sequence[tuple[int, Cell]], words: Mapping) -> _Stack:
    """Return the header cells of a column by what they are."""
    # A title may stand above the heading of the labels, and a corner beside years: TIME above GEO.
    stubs = [
        header
        for n, (_, piece) in enumerate(pieces)
        if (header := read_header(str(piece), words)).word in _STUBS
        and not is_amid_texts(pieces, n, words)
    ]
    if stubs:
        below = [header for header in stubs if header.word not in {"year", "unit"}]
        return _Stack(stub=(below or stubs[:1])[-1] if stubs[0].word == "year" else stubs[0])
    years = [(i, year) for i, piece in pieces if (year := year_of(piece))]
    numbers = [i for i, piece in pieces if values.is_number(piece) and not year_of(piece)]
    texts = [
        (i, str(piece).strip()) for i, piece in pieces if not year_of(piece) and i not in numbers
    ]
    units = tuple(text for _, text in texts if _is_whole_unit(text, words))
    texts = [(i, text) for i, text in texts if text not in units]
    # A unit may be broken over two rows; one that stands behind its product keeps its blank.
    closed = [
        text if take_units(text, words)[1] else _BLANK_INSIDE.sub("", text) for _, text in texts
    ]
    joined = _BLANK_BETWEEN.sub("", "\n".join(closed)).replace("\n", " ")
    return _Stack(
        years=tuple(years),
        numbers=tuple(numbers),
        units=units,
        texts=tuple(texts),
        joined=joined,
        folded=vocabulary.fold(split_beside_unit(joined, words)[0] or take_units(joined, words)[0]),
    )


def _names_amounts(piece: Cell, words: Mapping) -> bool:
    """Return whether a header cell names a product or a flow, and no column of labels."""
    if not isinstance(piece, str) or values.is_blank(piece):
        return False
    header = read_header(piece, words)
    return bool(header.product or header.flow or header.weak) and header.word not in _STUBS


def _read_stack(stack: _Stack, words: Mapping, occurrence: int) -> tuple[Header, tuple[int, ...]]:
    """Return what the header cells of a column of amounts say, and the rows of those that say nothing."""
    years, numbers, units, texts = stack.years, stack.numbers, stack.units, stack.texts
    header = read_header(stack.joined, words, occurrence=occurrence)
    half = read_label(stack.joined, words).half if len(texts) == 1 else ""
    # A Chinese half that is not known says more than its English beside it.
    if half and not half.isascii():  # LNG 公交: more than LNG
        return Header(header.text), numbers
    unread = [*numbers, *(i for i, _ in years[1:])]
    if len(texts) > 1 and not (
        _is_read_whole(header, stack.joined, words)
        and not _is_product_over_user(header, texts, words)
    ):
        header, silent = _combine(header, texts, words)
        unread += silent
    elif len(texts) > 1:  # 煤炭 over 合计, or over #家庭用量, which are one word as well
        below = read_header(texts[-1][1], words)
        of_which = header.of_which or below.of_which
        header = replace(header, is_whole=below.is_whole, of_which=of_which)
        half = read_label(stack.joined, words).half
        # A translation stands below what it translates.
        unread += [i for i, text in texts[1:] if half and vocabulary.fold(text) == half]
    year = years[0][1] if years else header.year
    if (
        years and not header.says_something and is_label(header.text)
    ):  # 用途未明 over its years: not known, whatever its unit
        return replace(header, units=header.units + units), tuple(unread)
    return replace(header, year=year, units=header.units + units), tuple(unread)


def _is_read_whole(header: Header, joined: str, words: Mapping) -> bool:
    """Return whether stacked headings are one word that no bracket alone says: 供气总量(人工、天然气) over 市辖区."""
    label = read_label(joined, words)
    by_bracket = header.product and not (label.product or label.joined or header.year)
    return header.says_something and not by_bracket


def _is_product_over_user(whole: Header, texts: Sequence[tuple[int, str]], words: Mapping) -> bool:
    """Return whether headings of a product and its user happen to name a flow: 煤炭 over 工业 is no 煤炭工业."""
    if not whole.flow or whole.product or whole.text.isascii():
        return False
    upper, lower = (read_header(text, words) for _, text in (texts[0], texts[-1]))
    return bool(upper.product and not upper.flow and lower.flow and not lower.product)


def _is_whole_unit(text: str, words: Mapping) -> bool:
    balanced = text.count("(") == text.count(")") and text.count("（") == text.count("）")
    return balanced and (unit_known(text, words) or is_ambiguous(text))


def _combine(
    whole: Header, texts: Sequence[tuple[int, str]], words: Mapping
) -> tuple[Header, list[int]]:
    """Put together what stacked headings say, the lowest first: a flow above a product, a group above its member."""
    product = flow = word = None
    below = weak = direction = coverage = area = ""
    sign, silent, of_which, years_back = 1, [], 0, 0
    is_whole = False
    # From below: the inner heading counts, and one above says what that leaves open (煤炭 over 原煤).
    for i, text in reversed(join_words(texts, words)):
        own = read_header(text, words)
        if product and vocabulary.fold(text) in group_words():  # Fossil fuels over Natural gas
            continue
        if own.is_whole and not below:  # 合计 below 煤炭: what of is told by the columns beside it
            is_whole = True
            continue
        if not own.says_something:
            silent.append(i)
            below = below or ("" if remarks.is_note(text) else text)
            continue
        if (
            below and same_script(below, text) and (own.product or own.flow)
        ):  # a finer heading that is not known
            return Header(whole.text), silent
        if (own.product and not product) or ((own.weak or own.flow) and not (product or flow)):
            of_which = max(of_which, own.of_which)
        if own.product or own.flow:
            sign *= own.sign if (own.product and not product) or (own.flow and not flow) else 1
        if product and own.product and (finer := _inner_product(product, own.product)) != product:
            if not finer:
                return Header(whole.text), silent
            product = finer
        flow = hold_plants(flow, own.flow) if flow and own.flow else flow or own.flow
        product, word = product or own.product, word or own.word
        weak, direction = weak or own.weak, direction or own.direction
        coverage, area, years_back = (
            coverage or own.coverage,
            area or own.area,
            years_back or own.years_back,
        )
    flow = flow and direct(flow, direction)
    return (
        Header(
            text=whole.text,
            product=product,
            flow=flow,
            year=whole.year,
            word=word,
            units=whole.units,
            sign=sign,
            of_which=of_which,
            weak="" if flow else weak,
            direction=direction,
            area=area,
            coverage=coverage,
            years_back=years_back,
            is_whole=is_whole,
        ),
        silent,
    )


def _inner_product(product: str, above: str) -> str:
    """Return the product of a heading below another: the finer one; "" for a total below what it cannot hold."""
    if vocabulary.is_product_within(above, product):
        return above
    is_total = vocabulary.products()[product].group == "total"
    return "" if is_total and not vocabulary.is_product_within(product, above) else product


def _header_kind(header: Header) -> ColumnKind | None:
    """Return what a column holds, where its header alone says so."""
    if header.word in {"code", "about"}:  # what a code says stands in columns of its own
        return "skip"
    if header.word in {"area", "year", "unit", "status", "skip"}:
        return header.word  # type: ignore[return-value]
    return (
        "data"
        if header.product or header.year or header.word in {"physical", "standard", "scope"}
        else None
    )
