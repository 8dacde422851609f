"""Text pasted from a page -> rows of cells.

A copied page has lost its cells: blanks became spaces, headers lost their columns, long labels
were wrapped. Labels are found by the vocabulary, the header by cutting it into the product names
it is made of, and a row with fewer numbers than columns is placed only where its spaces, or the
printed total, say how.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import remarks, vocabulary
from carbonacct.balances.label import words_in_place
from carbonacct.balances.label.headers import column_word, read_header, total_words, year_of
from carbonacct.balances.label.labels import unit_known
from carbonacct.balances.split.listed import cut_lines
from carbonacct.balances.split.worded_heads import (
    PastedRow,
    cut_head,
    is_head_of,
    take_year_and_unit,
)
from carbonacct.balances.words.mapping import Mapping
from carbonacct.errors import Finding
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from carbonacct.sheets.raw_sheets import Cell, Sheet

_NUMBERS = re.compile(r"(?<![^\s|])[-−－]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[①-⑳*]|(?=\s|$))")
_UNIT_OR_TEXT = re.compile(r"[(（][^()（）]*[)）]|[^(（]+|[(（]")
_HEADER_WITHIN = 40
_LONGEST_HEADER = 30
_LONGEST_RUN = 1500
_MOST_NAMED = 6
_MOST_LINES = 3
_WIDE_GAP = 8  # of a page that aligns its columns: more than a few blank cells that were copied
# A cell of a row: a number, or a mark that stands alone where a number would.
_CELLS = re.compile(_NUMBERS.pattern + r"|(?<=\s)(?:-{1,3}|[－–—…]{1,2}|\.{2,3}|\*|×)(?=\s|$)")
_GAP = re.compile(r"\s{2,}|\t")
_MEASURES = re.compile(r"\((?:实物量|标准量)\)")


def split_cells(sheet: Sheet, words: Mapping | None = None) -> Sheet:
    """Return a sheet whose one-cell lines are cut into cells.

    Parameters
    ----------
    sheet
        As :func:`carbonacct.sheets.raw_sheets.read_sheets` gives it for text without delimiters.
    words
        The table's own words.
    """
    words = words or Mapping()
    lines = ["" if not row else str(row[0]) for row in sheet.rows]
    rows: list[list[Cell]] = [[line] for line in lines]
    headers = _headers(lines, words)
    unplaced: dict[int, int] = {}
    by_total: list[int] = []
    for n, header in enumerate(headers):
        for number, cells in header.items():
            rows[number] = cells
        end = min(headers[n + 1]) if n + 1 < len(headers) else len(lines)
        _cut_rows(
            rows,
            lines,
            header,
            (max(header) + 1, end),
            words=words,
            unplaced=unplaced,
            by_total=by_total,
        )
    return (
        replace(
            sheet,
            rows=rows,
            findings=(*sheet.findings, *_findings(sheet, lines, unplaced, by_total)),
        )
        if headers
        else cut_lines(sheet, words)
    )


def _cut_rows(
    rows: list[list[Cell]],
    lines: list[str],
    header: dict[int, list[Cell]],
    span: tuple[int, int],
    *,
    words: Mapping,
    unplaced: dict[int, int],
    by_total: list[int],
) -> None:
    """Cut the lines below one header into its columns."""
    width = max(len(cells) for cells in header.values()) - 1
    names = [
        vocabulary.resolve("product", str(cell), words.products) for cell in header[min(header)][1:]
    ]
    for number in range(*span):
        label, cells, gaps = take_year_and_unit(
            lines[number], PastedRow(*_cut(lines[number])), header[min(header)], words
        )
        if (
            not cells
            and (alone := _numbers_alone(lines[number]))
            and (found := _label_above(rows, number, span[0], words))
        ):
            label, at = found
            cells, gaps = alone, [1] * len(alone)
            rows[at:number] = [[""] for _ in range(at, number)]
        placed, is_sure = _place(cells, gaps, width, names) if cells else (None, False)
        count = _numbers_in(lines[number], cells)
        if remarks.is_note(label) and not year_of(label):
            rows[number] = [lines[number].strip()]
        elif placed is not None:
            rows[number] = [label, *placed]
            if not is_sure:
                by_total.append(number)
        elif count:
            unplaced[number] = count
            rows[number] = [f"注: {lines[number].strip()}"]
        else:
            rows[number] = [lines[number].strip()]
    _join_wrapped(rows, *span)


def _numbers_alone(line: str) -> list[str]:
    """Return the numbers of a line that holds nothing else: those of a label that was broken over lines."""
    found = _NUMBERS.findall(line)
    return found if found and not _NUMBERS.sub("", line).strip() else []


def _label_above(
    rows: list[list[Cell]], number: int, first: int, words: Mapping
) -> tuple[str, int] | None:
    """Return the known label that the lines above without numbers make up, and the row of its first line.

    A page may part them by blank lines.
    """
    filled = [
        at
        for at in range(max(first, number - 3 * _MOST_LINES), number)
        if len(rows[at]) > 1 or not values.is_blank(rows[at][0])
    ]
    for at in filled[-_MOST_LINES:]:
        lines = [rows[n] for n in filled if n >= at]
        if any(len(line) > 1 for line in lines):
            continue
        text = " ".join(str(line[0]) for line in lines)
        if vocabulary.resolve("flow", text, words.flows) or vocabulary.resolve(
            "product", text, words.products
        ):
            return text, at
    return None


def _numbers_in(line: str, cells: list[str]) -> int:
    """Return how many numbers a line holds.

    A single one with text behind it may be part of a title, unless a row's label leads.
    """
    numbers = list(_NUMBERS.finditer(line))
    if (
        len(numbers) == 1
        and not cells
        and not vocabulary.resolve("flow", line[: numbers[0].start()])
    ):
        return 0
    return len(numbers)


def _findings(
    sheet: Sheet, lines: list[str], unplaced: dict[int, int], by_total: list[int]
) -> list[Finding]:
    found = []
    if unplaced:
        texts = join_texts("; ", (lines[number].strip() for number in list(unplaced)[:_MOST_NAMED]))
        found.append(
            Finding(
                "unplaced-numbers",
                "error",
                say(
                    "{sum} numbers in {unplaced_count} lines cannot be placed, fewer or "
                    "more than columns and nothing says which: {texts}",
                    sum=sum(unplaced.values()),
                    unplaced_count=len(unplaced),
                    texts=texts,
                ),
                sheet.address(min(unplaced), 0),
                say("put | between the cells, or paste into a workbook"),
            )
        )
    if by_total:
        texts = join_texts("; ", (lines[number].strip() for number in by_total[:_MOST_NAMED]))
        found.append(
            Finding(
                "placed-by-total",
                "warning",
                say(
                    "{by_total_count} lines have fewer numbers than columns and are placed "
                    "from the left, where they add up to the printed total: {texts}",
                    by_total_count=len(by_total),
                    texts=texts,
                ),
                sheet.address(by_total[0], 0),
                say("put | between the cells if that is wrong"),
            )
        )
    return found


def _headers(lines: list[str], words: Mapping) -> list[dict[int, list[Cell]]]:
    """Find the headers of all pages: for each its lines, as cells."""
    found: list[dict[int, list[Cell]]] = []
    for number, line in enumerate(lines):
        if (found and number <= max(found[-1])) or (not found and number >= _HEADER_WITHIN):
            continue
        tokens = line.split()
        if tokens and (header := _header(lines, number, tokens, words, is_first=not found)):
            found.append(header)
    return found


def _header(
    lines: list[str], number: int, tokens: list[str], words: Mapping, *, is_first: bool
) -> dict[int, list[Cell]]:
    """Return the header that starts at a line: years, or product names in one line or run over several.

    Empty if there is none.
    """
    stub = _stub_length(tokens)
    if (stub or is_first) and (years := _header_of_years(lines, number)):
        return years
    if not stub:
        return _header_of_words(lines, number, words)
    if candidates := _runs(lines, number, words):
        # Names run together can be cut in several ways: the rows below say how many there are.
        usual = max((len(_cut(below)[1]) for below in lines[number + 1 :]), default=0)
        names, count = max(
            candidates, key=lambda found: (len(found[0]) == usual, len(found[0]), found[1])
        )
        units = next(
            (
                units
                for units in (_units(lines, number + n, words) for n in range(1, count + 1))
                if len(units) == len(names)
            ),
            None,
        )
        if units and (
            first := next((found for found in candidates if len(found[0]) == len(names)), None)
        ):
            return {
                number: ["项目", *first[0]],
                **{below: [""] for below in range(number + 1, number + first[1])},
                number + first[1]: ["", *units],
            }
        return {
            number: ["项目", *names],
            **{below: [""] for below in range(number + 1, number + count)},
        }
    return (
        _header_of_words(lines, number, words)
        or _header_of_kinds(lines[number], number, tokens[stub:])
        or _header_by_gaps(lines, number, words)
    )


def _header_of_kinds(line: str, number: int, heads: list[str]) -> dict[int, list[Cell]]:
    """Return a line as it stands if a word of it says what a column holds, and none is an amount: Consumption 94289."""
    if any(values.is_number(token) and not year_of(token) for token in heads):
        return {}
    _, *apart = _GAP.split(line.strip())  # in "Gas used  Power used" no head is "used"
    return {number: ["项目", *heads]} if any(map(column_word, apart or heads)) else {}


def _header_of_words(lines: list[str], number: int, words: Mapping) -> dict[int, list[Cell]]:
    """Return a line each of whose words heads a column, with the line of units below it.

    If the lines below hold as many numbers.
    """
    heads = cut_head(lines[number], words)
    if not heads or not is_head_of(heads, lines[number + 1 :]):
        return {}
    found: dict[int, list[Cell]] = {number: [*heads]}
    units = _units(lines, number + 1, words)
    if units and len(units) == len(heads) - 1:
        found[number + 1] = ["", *units]
    return found


def _header_by_gaps(lines: list[str], number: int, words: Mapping) -> dict[int, list[Cell]]:
    """Return a line cut at its runs of blanks, if each piece heads a column of most lines below."""
    _, *heads = _GAP.split(lines[number].strip())
    counts = Counter(len(cells) for line in lines[number + 1 :] if (cells := _cut(line)[1]))
    if not heads or not counts or len(heads) != counts.most_common(1)[0][0]:
        return {}
    if not all(year_of(head) or read_header(head, words).says_something for head in heads):
        return {}
    return {number: ["项目", *heads]}


def _header_of_years(lines: list[str], number: int) -> dict[int, list[Cell]]:
    tokens = lines[number].split()
    years = [token for token in tokens if year_of(token)]
    if len(years) < 2 or tokens[-len(years) :] != years:
        return {}
    stub = "".join(tokens[: -len(years)])
    head = stub if column_word(stub) == "area" else "项目"
    below = lines[number + 1] if number + 1 < len(lines) else ""
    measures = _MEASURES.findall(below)
    if measures and len(measures) % len(years) == 0:
        times = len(measures) // len(years)
        return {
            number: [head, *(year for year in years for _ in range(times))],
            number + 1: ["", *measures],
        }
    return {number: [head, *years]}


def _runs(lines: list[str], number: int, words: Mapping) -> list[tuple[list[str], int]]:
    """Return the ways in which a line, alone or with those below, is a run of names: the names, how many lines."""
    found = []
    for count in range(1, _LONGEST_HEADER):
        if len(lines) < number + count or (count > 1 and _cut(lines[number + count - 1])[1]):
            break
        names = cut_into_products(" ".join(lines[number : number + count]), words)
        if (
            names
            and lines[number + count - 1].strip()
            and (len(names) >= 2 or (count > 1 and len(names) == 1))
        ):
            found.append((names, count))
    return found


def _units(lines: list[str], number: int, words: Mapping) -> list[str]:
    """Return the units that a line is made of, or none."""
    tokens = lines[number].split() if number < len(lines) else []
    return tokens if all(unit_known(token, words) for token in tokens) else []


def _stub_length(tokens: list[str]) -> int:
    """Return how many words the heading of the labels is (类 别 is two), or 0."""
    return next((n for n in (2, 1) if column_word("".join(tokens[:n])) in {"label", "product"}), 0)


def cut_into_products(text: str, words: Mapping | None = None) -> list[str]:
    """Return the column names that a header, run together, is made of; empty if it is made of anything else.

    Examples
    --------
    >>> cut_into_products("类    别 煤合计 原 煤 洗精煤  其它洗煤 煤制品 焦 炭")
    ['煤合计', '原煤', '洗精煤', '其他洗煤', '煤制品', '焦炭']
    >>> cut_into_products("项目 原煤 (万吨) 天然气 (亿立方米)")
    ['原煤 (万吨)', '天然气 (亿立方米)']
    """
    words = words or Mapping()
    tokens = text.split()
    stub = _stub_length(tokens)
    if not stub:
        return []
    names: list[str] = []
    run = ""
    for part in [*_UNIT_OR_TEXT.findall(" ".join(tokens[stub:])), ""]:
        inner = part.strip("()（） ")
        if part and not (part[0] in "(（" and unit_known(inner, words)):
            run += vocabulary.fold(part)
            continue
        cut = _cut_run(run, words)
        if run and not cut:
            return []
        names += cut
        run = ""
        if part and names:
            names[-1] += f" ({inner})"
    return names if len(names) == len(set(names)) else []


def _cut_run(run: str, words: Mapping) -> list[str]:
    """Return the fewest names that make up a text."""
    best: dict[int, list[str]] = {0: []}
    for end in range(1, min(len(run), _LONGEST_RUN) + 1):
        for begin in sorted(best):
            name = run[begin:end]
            if (
                len(name) <= 60
                and (end not in best or len(best[begin]) + 1 < len(best[end]))
                and _is_column_name(name, words)
            ):
                best[end] = [*best[begin], name]
    return best.get(len(run), [])


def _is_column_name(name: str, words: Mapping) -> bool:
    return (
        name in words.ignored_columns
        or column_word(name) in {"physical", "standard"}
        or name in total_words()  # 煤炭 油品 其他 合计
        or "products" in words_in_place.scoped_words().get(name, {})
        or bool(
            words.remember(
                ("product", name), lambda: vocabulary.resolve("product", name, words.products)
            )
        )
    )


def _cut(line: str) -> tuple[str, list[str], list[int]]:
    """Cut a line into its label, its numbers and the widths of the spaces before each number."""
    matches = list(_CELLS.finditer(line))
    if matches and line[matches[-1].end() :].strip():
        matches = []  # text behind the last number: the line is a remark
    # From the right: digits inside a label (GB/T 4754, 1.工业) stand before its last letters.
    numbers: list[re.Match[str]] = []
    for match in reversed(matches):
        if numbers and line[match.end() : numbers[-1].start()].strip():
            break
        numbers.append(match)
    numbers.reverse()
    if not numbers or not line[: numbers[0].start()].strip():
        return line.strip(), [], []
    gaps, previous = [], len(line[: numbers[0].start()].rstrip())
    for match in numbers:
        gaps.append(match.start() - previous)
        previous = match.end()
    return line[: numbers[0].start()].strip(), [match[0] for match in numbers], gaps


def _place(
    cells: list[str], gaps: list[int], width: int, names: list[str | None]
) -> tuple[list[Cell] | None, bool]:
    """Return the cells of a row in their columns (None where unknown), and whether the spaces alone say so."""
    if len(cells) == width:
        return list(cells), True
    if len(cells) > width:
        return None, False
    # A blank cell that was copied is one space between two separators: a gap of n spaces holds (n -
    # 1) / 2 blanks.
    if all(gap % 2 for gap in gaps):
        blanks = [(gap - 1) // 2 for gap in gaps]
        inside = sum(blanks[1:]) > 0 and blanks[0] + sum(blanks[1:]) + len(cells) <= width
        if inside or sum(blanks) + len(cells) == width:
            placed: list[Cell] = [
                text
                for cell, blank in zip(cells, blanks, strict=True)
                for text in [*[""] * blank, cell]
            ]
            return placed + [""] * (width - len(placed)), True
    # Numbers one space apart but for as many wide gaps between them as cells are lacking: 905            525 702
    inner = gaps[1:]
    wide = [gap >= _WIDE_GAP for gap in inner]
    if sum(wide) == width - len(cells) and all(gap == 1 or gap >= _WIDE_GAP for gap in inner):
        spread: list[Cell] = [cells[0]]
        for cell, is_wide in zip(cells[1:], wide, strict=True):
            spread += ["", cell] if is_wide else [cell]
        return spread, True
    # From the left, if the printed total of the first column is the sum of what follows.
    parts = [
        i
        for i, name in enumerate(names[: len(cells)])
        if i and name and vocabulary.products()[name].parent == names[0]
    ]
    total, rest = values.read_value(cells[0])[0], sum(values.read_value(cells[i])[0] for i in parts)
    if parts and abs(total - rest) <= 0.06 * len(parts):
        return [*cells, *[""] * (width - len(cells))], False
    return None, False


def _join_wrapped(rows: list[list[Cell]], first: int, end: int) -> None:
    """Give a wrapped label its other line: the line below, or above, that holds no numbers."""
    for i in range(first, end):
        row = rows[i]
        if len(row) < 2 or vocabulary.resolve("flow", str(row[0])):
            continue
        for other in (i + 1, i - 1):
            if first <= other < end and len(rows[other]) == 1:
                texts = [str(rows[min(i, other)][0]), str(rows[max(i, other)][0])]
                if vocabulary.resolve("flow", " ".join(texts)):
                    row[0], rows[other] = " ".join(texts), [""]
                    break
