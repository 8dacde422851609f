"""Two pages: how long a brief is, and what is left out, in which order, of one that is longer."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct.report.brief.brief_charts import WIDTH_CM, make_chart
from carbonacct.text_columns import count_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.report.brief.brief_content import Brief, BriefPart

PAGES = 2
LINE = 5.6  # mm, of text at 10.5 points
LARGE_LINE = 6.6  # mm, of the headline and of headings
TITLE_LINE = 9.0  # mm
HEAD_GAP = 2.5  # mm, above a heading
SMALL_GAP = 1.5  # mm, above and below tables and charts
_PAGE = 246.0  # mm between the margins of A4; a head and a foot stand in these
_WIDTH = 10 * WIDTH_CM
# Of the size of the letters: a Chinese one takes two columns. Wide Latin letters take more than
# half, and words leave the end of a line free.
_COLUMN = 0.58
_POINT = 0.3528  # mm
_CUT = re.compile(r"[0-9.,+−%\s]+$")
_SHARE_OF_NAMES = 0.5  # of a table's width


@dataclass(frozen=True)
class BriefLimits:
    """What a brief may hold.

    Attributes
    ----------
    sources
        Rows of the table before the smallest are put together.
    targets
        Sentences on targets before the others are counted.
    notes
        Notes before the others are counted.
    charts
        The kinds that are drawn.
    columns
        The longest sentence; a Chinese letter takes two.
    """

    sources: int = 1000
    targets: int = 1000
    notes: int = 1000
    charts: tuple[str, ...] = ("bars", "changes", "line")
    columns: int = 100_000


# From the brief as it is to the shortest, which always fits: the table loses small sources, then
# targets and notes their last, then the charts go that repeat numbers of the table and of the text.
STEPS = (
    BriefLimits(),
    BriefLimits(sources=12),
    BriefLimits(sources=12, targets=6, notes=6),
    BriefLimits(sources=8, targets=6, notes=6),
    BriefLimits(sources=8, targets=6, notes=6, charts=("changes", "line")),
    BriefLimits(sources=8, targets=6, notes=6, charts=("line",)),
    BriefLimits(sources=8, targets=4, notes=4, charts=("line",), columns=240),
    BriefLimits(sources=6, targets=3, notes=3, charts=(), columns=160),
)


def fits(brief: Brief) -> bool:
    """Return whether a brief takes two pages at the most, however a page is set."""
    pages, left = 1, _PAGE
    for height in _measure(brief):
        if height > left:
            pages, left = pages + 1, _PAGE
        left -= height
    return pages <= PAGES


def _measure(brief: Brief) -> Iterator[float]:
    """Yield the heights of what is not divided between pages."""
    yield _lines(brief.title, 18) * TITLE_LINE + 1
    yield _lines(brief.lead, 11.5) * LARGE_LINE
    for part in brief.parts:
        yield from _measure_part(part, brief.lang)
    yield 2 + _lines(brief.made, 10.5) * LINE


def _measure_part(part: BriefPart, lang: str) -> Iterator[float]:
    lines = sum(_lines(text, 10.5) for text in part.paragraphs)
    first = min(lines, 2)  # which stay with the heading
    yield HEAD_GAP + _lines(part.heading, 12.5) * LARGE_LINE + first * LINE
    yield from [LINE] * (lines - first)
    if part.table is not None:
        yield 2 * SMALL_GAP + 3 * LINE
        yield from (_lines(row[0], 9.5, _SHARE_OF_NAMES) * LINE for row in part.table.rows)
    if part.chart is not None:
        drawn = make_chart(part.chart, lang)
        # Beside its own height a chart has its heading.
        yield 2 * SMALL_GAP + (drawn.height + 40) / drawn.width * _WIDTH


def _lines(text: str, points: float, share: float = 1.0) -> int:
    """Return how many lines a text takes in a share of the page's width."""
    columns = _WIDTH * share / (points * _POINT * _COLUMN)
    return max(1, math.ceil(count_columns(text) / columns))


def shorten(text: str, columns: int) -> str:
    """Return a text of at most so many columns; one that is cut ends in an ellipsis, and in no part of a number.

    Examples
    --------
    >>> shorten("重庆市", 6), shorten("重庆市能源", 6), shorten("energy", 6)
    ('重庆市', '重庆…', 'energy')
    >>> shorten("重庆排放123.45万吨", 14)
    '重庆排放…'
    """
    if count_columns(text) <= columns:
        return text
    while count_columns(text) > columns - 1:
        text = text[: -max(1, (count_columns(text) - columns) // 2)]
    return f"{_CUT.sub('', text)}…"
