"""The brief as a PDF, with the letters it uses in it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from carbonacct.charts import draw_png
from carbonacct.charts.fonts import find_fonts
from carbonacct.report.brief.brief_charts import WIDTH_CM, make_chart
from carbonacct.report.brief.brief_limits import HEAD_GAP, LARGE_LINE, LINE, SMALL_GAP, TITLE_LINE
from carbonacct.report.brief.brief_wording import phrase
from carbonacct.report.files import NO_CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from carbonacct.report.brief.brief_content import Brief, BriefTable

_MARGIN = 22  # mm
_BELOW, _BELOW_LAST = 20, 14.5  # mm below the text, and below the line that ends a brief
_WIDTHS = (6, 3, 2)  # of the columns of a table
_FAMILY = "brief"
_PADDING = 2.5  # mm, of a cell, and for what rounding of widths may add
# What stands on one line: a word or number, or a character, with brackets and stops at its sides.
_PIECES = re.compile(r"[（“《]*(?:[!-~−]+|.)[，。；：、！？）”》]* ?")
_INK, _QUIET, _ACCENT, _RULE = (34, 39, 43), (92, 102, 109), (0, 114, 178), (217, 222, 226)


def write_pdf(briefs: Sequence[Brief], path: Path) -> None:
    """Write briefs, each from a page of its own.

    Raises
    ------
    OutputError
        If no installed font has the characters.
    """
    import fpdf  # noqa: PLC0415 - an extra

    lang = briefs[0].lang

    class Document(fpdf.FPDF):
        def footer(self) -> None:
            self.set_y(-14)
            self.set_font(_FAMILY, size=8)
            self.set_text_color(*_QUIET)
            text = phrase("page", lang, page=self.page_no(), pages="{nb}")
            self.cell(0, LINE, text, align="C")

    document: Any = Document(format="A4")
    document.set_margins(_MARGIN, 20, _MARGIN)
    document.set_auto_page_break(auto=True, margin=_BELOW)
    document.set_creation_date(NO_CLOCK)  # equal content is equal bytes
    document.set_title(briefs[0].title)
    document.set_lang("zh-CN" if lang == "zh" else "en")
    _add_font(document, "".join(_texts(briefs)))
    for brief in briefs:
        _set_brief(document, brief)
    path.write_bytes(bytes(document.output()))


def _texts(briefs: Sequence[Brief]) -> list[str]:
    found = [phrase("page", briefs[0].lang, page="0123456789", pages="")]
    for brief in briefs:
        found += [brief.title, brief.lead, brief.made]
        for part in brief.parts:
            found += [part.heading, *part.paragraphs]
            if part.table is not None:
                cells = [text for row in part.table.rows for text in row]
                found += [part.table.caption, *part.table.header, *cells]
    return found


def _add_font(document: Any, text: str) -> None:
    """Give the document a font that holds every letter; only those that are used go into the file."""
    # The first has the digits, of which the count of pages is made when all are written.
    first, *others = find_fonts([text])
    document.add_font(_FAMILY, fname=first)
    for number, place in enumerate(others):
        document.add_font(f"{_FAMILY}{number}", fname=place)
    document.set_fallback_fonts([f"{_FAMILY}{number}" for number in range(len(others))])


def _set_brief(document: Any, brief: Brief) -> None:
    document.add_page()
    _say(document, brief.title, size=18, line=TITLE_LINE, colour=_INK)
    document.ln(1)
    _say(document, brief.lead, size=11.5, line=LARGE_LINE, colour=_INK)
    for part in brief.parts:
        picture = draw_png([make_chart(part.chart, brief.lang)]) if part.chart is not None else None
        document.ln(HEAD_GAP)
        if document.will_page_break(4 * LINE):
            document.add_page()
        document.set_fill_color(*_ACCENT)
        document.rect(_MARGIN, document.get_y() + 0.8, 1.2, 5, style="F")
        document.set_x(_MARGIN + 3)
        _say(document, part.heading, size=12.5, line=LARGE_LINE, colour=_INK)
        for text in part.paragraphs:
            _say(document, text, size=10.5, line=LINE, colour=_INK)
        if part.table is not None:
            _set_table(document, part.table)
        if picture is not None:
            document.ln(SMALL_GAP)
            document.image(io.BytesIO(picture), x=_MARGIN, w=WIDTH_CM * 10)
    document.ln(1)
    # It does not begin a page for itself.
    document.set_auto_page_break(auto=True, margin=_BELOW_LAST)
    _say(document, brief.made, size=8.5, line=LINE, colour=_QUIET)
    document.set_auto_page_break(auto=True, margin=_BELOW)


def _say(
    document: Any, text: str, *, size: float, line: float, colour: tuple[int, int, int]
) -> None:
    document.set_font(_FAMILY, size=size)
    document.set_text_color(*colour)
    lines = "\n".join(_break_lines(text, document.get_string_width, document.epw - _PADDING))
    document.multi_cell(0, line, lines, align="L", new_x="LMARGIN", new_y="NEXT")


def _break_lines(text: str, measure: Callable[[str], float], width: float) -> list[str]:
    """Return a text in lines: Chinese breaks between any characters, but in no word or number, at no bracket or stop.

    Examples
    --------
    >>> _break_lines("其他部门（−47.41万吨）。", len, 10)
    ['其他部门', '（−47.41万', '吨）。']
    """
    lines, held = [], ""
    for piece in _PIECES.findall(text):
        if held and measure((held + piece).rstrip()) > width:
            lines.append(held.rstrip())
            held = ""
        held += piece
    return [*lines, held.rstrip()]


def _set_table(document: Any, table: BriefTable) -> None:
    from fpdf.enums import TableBordersLayout  # noqa: PLC0415 - an extra
    from fpdf.fonts import FontFace  # noqa: PLC0415

    document.ln(1)
    _say(document, table.caption, size=9.5, line=LINE, colour=_QUIET)
    document.set_font(_FAMILY, size=9.5)
    document.set_text_color(*_INK)
    document.set_draw_color(*_RULE)
    document.set_fill_color(255)
    shade = FontFace(fill_color=(238, 242, 245))
    widths = _WIDTHS[: len(table.header)]
    room = [document.epw * width / sum(widths) - 2 * _PADDING for width in widths]
    header = [
        "\n".join(_break_lines(text, document.get_string_width, width))
        for text, width in zip(table.header, room, strict=True)
    ]
    with document.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        col_widths=widths,
        text_align=("LEFT", *["RIGHT"] * (len(table.header) - 1)),
        line_height=LINE,
        headings_style=FontFace(fill_color=(238, 242, 245)),
    ) as made:
        first_total = len(table.rows) - table.totals
        made.row(header)
        for number, texts in enumerate(table.rows):
            made.row(texts, style=shade if number >= first_total else None)
