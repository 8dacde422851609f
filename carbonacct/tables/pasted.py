"""Text pasted from a page -> rows of cells.

A copied page has lost its cells: blanks became spaces, headers lost their columns, long labels
were wrapped. Labels are found by the vocabulary, the header by cutting it into the product names
it is made of, and a row with fewer numbers than columns is placed only where its spaces, or the
printed total, say how.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.errors import Finding
from carbonacct.tables import values
from carbonacct.tables.headers import COLUMN_WORDS, year_of

if TYPE_CHECKING:
    from carbonacct.tables.mapping import Mapping
    from carbonacct.tables.sheets import Cell, Sheet

_NUMBERS = re.compile(r"(?<![^\s|])[-−－]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[①-⑳*]|(?=\s|$))")
_MEASURES = re.compile(r"\((?:实物量|标准量)\)")


def split_cells(sheet: Sheet, words: Mapping | None = None) -> Sheet:
    """Return a sheet whose one-cell lines are cut into cells.

    Parameters
    ----------
    sheet
        As :func:`carbonacct.tables.sheets.read_sheets` gives it for text without delimiters.
    words
        The table's own words.
    """
    lines = ["" if not row else str(row[0]) for row in sheet.rows]
    own = words.products if words else {}
    rows: list[list[Cell]] = [[line] for line in lines]
    findings: list[Finding] = []
    start, columns = _header(lines, own)
    if start is None:
        return sheet
    for number, header in columns.items():
        rows[number] = header
    width = max(len(header) for header in columns.values()) - 1
    names = [vocabulary.resolve("product", str(cell), own) for cell in next(iter(columns.values()))[1:]]
    unplaced = []
    for number in range(max(columns) + 1, len(lines)):
        label, cells, gaps = _cut(lines[number])
        if not cells:
            rows[number] = [label]
            continue
        placed = _place(cells, gaps, width, names)
        if placed is None:
            unplaced.append(number)
            rows[number] = [f"注: {lines[number].strip()}"]
        else:
            rows[number] = [label, *placed]
    _join_wrapped(rows, max(columns) + 1)
    if unplaced:
        texts = "; ".join(lines[number].strip() for number in unplaced[:3])
        findings.append(Finding("unplaced-numbers", "warning", f"{len(unplaced)} lines have fewer numbers than columns and nothing says which are blank: {texts}",
                                sheet.address(unplaced[0]), "put | between the cells, or paste into a workbook"))
    return replace(sheet, rows=rows, findings=(*sheet.findings, *findings))


def _header(lines: list[str], own: dict[str, str]) -> tuple[int | None, dict[int, list[Cell]]]:
    """Find the header line(s): product names in one line or one below another, or years."""
    for number, line in enumerate(lines[:40]):
        tokens = line.split()
        years = [token for token in tokens if year_of(token)]
        if len(years) >= 2 and tokens[-len(years):] == years:
            header: dict[int, list[Cell]] = {number: ["项目", *years]}
            below = lines[number + 1] if number + 1 < len(lines) else ""
            measures = _MEASURES.findall(below)
            if measures and len(measures) % len(years) == 0:
                times = len(measures) // len(years)
                header = {number: ["项目", *(year for year in years for _ in range(times))], number + 1: ["", *measures]}
            return number, header
        for count in range(1, 25):
            if len(lines) < number + count or (count > 1 and _NUMBERS.search(lines[number + count - 1])):
                break
            names = cut_into_products(" ".join(lines[number:number + count]), own)
            following = "".join(lines[number + count:number + count + 1]).strip()
            if len(names) >= 2 and not cut_into_products(" ".join([*lines[number:number + count], following]), own):
                blank: dict[int, list[Cell]] = {i: [""] for i in range(number + 1, number + count)}
                return number, {number: ["项目", *names], **blank}
        if len(tokens) >= 2 and vocabulary.fold(tokens[0]) in COLUMN_WORDS and any(COLUMN_WORDS.get(vocabulary.fold(token)) for token in tokens[1:]):
            return number, {number: ["项目", *tokens[1:]]}
    return None, {}


def cut_into_products(text: str, own: dict[str, str] | None = None) -> list[str]:
    """Return the product names that a header, run together, is made of; empty if it is made of anything else.

    Examples
    --------
    >>> cut_into_products("类    别 煤合计 原 煤 洗精煤  其它洗煤 煤制品 焦 炭")
    ['煤合计', '原煤', '洗精煤', '其他洗煤', '煤制品', '焦炭']
    """
    tokens = text.split()
    if not tokens or vocabulary.fold(tokens[0]) not in COLUMN_WORDS and vocabulary.fold("".join(tokens[:2])) not in COLUMN_WORDS:
        return []
    first = 1 if vocabulary.fold(tokens[0]) in COLUMN_WORDS else 2
    run = "".join(vocabulary.fold(token) for token in tokens[first:])
    best: dict[int, list[str]] = {0: []}  # the fewest names that make up each beginning
    for end in range(1, len(run) + 1):
        for begin in sorted(best):
            name = run[begin:end]
            if len(name) <= 60 and begin < end and vocabulary.resolve("product", name, own) and (
                    end not in best or len(best[begin]) + 1 < len(best[end])):  # fmt: skip
                best[end] = [*best[begin], name]
    names = best.get(len(run), [])
    return names if len(names) == len(set(names)) else []


def _cut(line: str) -> tuple[str, list[str], list[int]]:
    """Cut a line into its label, its numbers and the widths of the spaces before each number."""
    matches = list(_NUMBERS.finditer(line))
    while matches and line[matches[-1].end():].strip():
        matches = []  # text behind the last number: the line is a remark
    numbers = []
    for match in reversed(matches):
        if numbers and line[match.end():numbers[-1].start()].strip():
            break
        numbers.append(match)
    numbers.reverse()
    if not numbers or not line[:numbers[0].start()].strip():
        return line.strip(), [], []
    gaps, previous = [], len(line[:numbers[0].start()].rstrip())
    for match in numbers:
        gaps.append(match.start() - previous)
        previous = match.end()
    return line[:numbers[0].start()].strip(), [match[0] for match in numbers], gaps


def _place(cells: list[str], gaps: list[int], width: int, names: list[str | None]) -> list[Cell] | None:
    """Return the cells of a row in their columns, or None where that cannot be known."""
    if len(cells) == width:
        return list(cells)
    if len(cells) > width:
        return None
    # A blank cell that was copied is one space between two separators: a gap of n spaces holds (n - 1) / 2 blanks.
    if any(gap >= 3 for gap in gaps[1:]) and all(gap % 2 for gap in gaps[1:]):
        placed: list[Cell] = []
        for cell, gap in zip(cells, [1, *gaps[1:]], strict=True):
            placed.extend([""] * ((gap - 1) // 2))
            placed.append(cell)
        if len(placed) <= width:
            return placed + [""] * (width - len(placed))
    # From the left, if the printed total of the first column is the sum of what follows.
    parts = [i for i, name in enumerate(names[: len(cells)]) if i and name and vocabulary.products()[name].parent == names[0]]
    total, rest = values.read_value(cells[0])[0], sum(values.read_value(cells[i])[0] for i in parts)
    full = [i for i, name in enumerate(names) if i and name and vocabulary.products()[name].parent == names[0]]
    if parts and full and abs(total - rest) <= 0.06 * len(parts):
        return [*cells, *[""] * (width - len(cells))]
    return None


def _join_wrapped(rows: list[list[Cell]], first: int) -> None:
    """Give a wrapped label its other line: the line below, or above, that holds no numbers."""
    for i in range(first, len(rows)):
        row = rows[i]
        if len(row) < 2 or vocabulary.resolve("flow", str(row[0])):
            continue
        for other in (i + 1, i - 1):
            if first <= other < len(rows) and len(rows[other]) == 1:
                texts = [str(rows[min(i, other)][0]), str(rows[max(i, other)][0])]
                if vocabulary.resolve("flow", " ".join(texts)):
                    row[0], rows[other] = " ".join(texts), [""]
                    break
