"""Whether what the workbook restates as values still agrees with its formulas, after somebody has changed a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.workbook.table import FIRST_ROW, Formula, SheetColumn, add_table, quote
from carbonacct.report.workbook.workbook_words import word
from carbonacct.texts import add_unit_below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.report.workbook.table import Book

_CLOSE = 1e-9
_RED, _GREEN = "#FBD5D5", "#DDF0DD"


def write_verdict(book: Book, cell: str, restated: float) -> Formula:
    """Return the formula that says whether a live total is still the one that the sheets of values hold."""
    agrees, changed = word("agrees", book.lang), word("changed", book.lang)
    bound = f"{_CLOSE:.0E}*MAX(1,ABS({restated!r}))"
    return Formula(f'=IF(ABS({cell}-({restated!r}))<={bound},"{agrees}","{changed}")', agrees)


def add_consistency(
    book: Book, totals: Sequence[tuple[tuple[str, int, str], float | None]], unit: str
) -> None:
    """Add one row for each total of the summary: live, as restated, their difference, and the verdict.

    Parameters
    ----------
    totals
        Area, year and gas of each row of the summary, and its direct total in `unit` if it has one,
        in the order of the summary.
    """
    lang, summary = book.lang, quote(word("summary", book.lang))
    names = ("area", "year", "gas")
    heads = [SheetColumn(word(name, lang), "year" if name == "year" else "text") for name in names]
    heads += [
        SheetColumn(add_unit_below(word(name, lang), unit, lang), "large")
        for name in ("live total", "restated total", "apart")
    ]
    heads.append(SheetColumn(word("verdict", lang)))
    rows: list[list[Any]] = []
    for n, (period, value) in enumerate(totals):
        row = FIRST_ROW + n
        if value is None:  # the summary has no number there, and arithmetic with words is an error
            rows.append([*period, word("none", lang), word("none", lang), "", ""])
            continue
        live = Formula(f"={summary}!D{row}", value)
        rows.append(
            [
                *period,
                live,
                value,
                Formula(f"=D{row}-E{row}", 0.0),
                write_verdict(book, f"D{row}", value),
            ]
        )
    sheet = add_table(
        book,
        word("consistency", lang),
        heads,
        rows,
        title=word("title consistency", lang),
        notes=[word("consistency note", lang)],
        color="#7A5C99",
    )
    mark_verdicts(book, sheet, len(heads) - 1, len(rows))


def mark_verdicts(book: Book, sheet: Any, column: int, count: int) -> None:
    """Colour a column of verdicts: red where a number was changed."""
    for text, tint in ((word("agrees", book.lang), _GREEN), (word("changed", book.lang), _RED)):
        look = book.file.add_format({"bg_color": tint})
        rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": look}
        sheet.conditional_format(FIRST_ROW - 1, column, FIRST_ROW + max(count, 1) - 2, column, rule)
