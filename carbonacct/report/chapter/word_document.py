"""A Word document with numbered tables and figures: page, fonts, captions, repeated headers."""

from __future__ import annotations

import io
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from carbonacct.charts import Bar, draw_bars, draw_lines, draw_png
from carbonacct.errors import OutputError
from carbonacct.report.chapter.chapter_words import say
from carbonacct.report.files import NO_CLOCK
from carbonacct.sectors.energy.inventory_cache import Codec, keep_piece
from carbonacct.texts import join_clauses
from carbonacct.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.charts import ChartLine
    from carbonacct.charts.drawing import Drawing
    from carbonacct.sectors.energy import EnergyInventory

_NUMERALS = (*"一二三四五六七八九十", "十一", "十二")
_WIDTH = 16.6  # cm between the margins
_BARS = 15
_LINES = 240.0  # pixels of a chart over years
_LONGEST = 2000  # characters that describe a picture
_BREAKS = {"\t": "<w:tab/>", "\n": "<w:br/>", "\r": "<w:br/>"}
_RIGHT = '<w:jc w:val="right"/>'
_CELL = (
    '<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/></w:tcPr><w:p><w:pPr>'
    '<w:pStyle w:val="{style}"/>{right}</w:pPr><w:r><w:rPr><w:b{mark}/>{size}</w:rPr>{text}</w:r></w:p></w:tc>'
)
_FIGURE = re.compile(
    r"^[+−-]?[\d,]+(\.\d+)?(e-\d+)?(, (NE|C))*%?$|^(NO|NE|NA|IE|C)(,(NO|NE|NA|IE|C))*$"
)
_CODE = re.compile(r"[!-~]+")  # what has no place where it may be broken
_LONGEST_CODE = 8  # letters; longer words are names of files and symbols
_LONGEST_HEAD = 15  # of a column, such as CO2e[AR5GWP100]
_POINTS, _LEAST_POINTS = 8.5, 6.0  # of the letters of a table
_MARGINS = 0.42  # cm of a cell
# cm of a letter of the size of tables, bold, in the widest of the fonts that stand in for Times.
_CAPITAL, _LETTER, _POINT = 0.26, 0.21, 0.11
_MOST_NEEDED = 0.85  # of the width may be numbers alone
_UNBROKEN = "\u00a0"
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_PICTURE: Codec[Any, bytes] = Codec(
    write=lambda picture: b64encode(picture).decode(), read=lambda held, _: b64decode(held)
)


class Chapter:
    """A document that is being written: its language, and the numbers of sections, tables and figures so far.

    ``record`` is the inventory that it is of; its shelf keeps pictures.
    """

    def __init__(self, document: Any, lang: str, record: EnergyInventory | None = None) -> None:
        self.document, self.lang, self.record = document, lang, record
        self.tables = self.figures = self.sections = 0

    def heading(self, key: str, level: int = 2, **values: object) -> None:
        """Add a heading; those of sections are numbered."""
        text = say(key, self.lang, **values)
        if level > 1:
            self.sections += 1
            text = (
                f"{_NUMERALS[self.sections - 1]}、{text}"
                if self.lang == "zh"
                else f"{self.sections}. {text}"
            )
        self.document.add_heading(clean_xml(text), level)

    def title(self, text: str) -> None:
        """Add the heading of the whole."""
        self.document.add_heading(clean_xml(text), 1)

    def plain_heading(self, text: str) -> None:
        """Add the heading of a section without a number."""
        self.document.add_heading(clean_xml(text), 2)

    def plain_text(self, text: str) -> None:
        """Add a paragraph."""
        self.document.add_paragraph(clean_xml(text))

    def start(self, key: str, **values: object) -> None:
        """Add the heading of a part, whose sections are numbered anew."""
        self.sections = 0
        self.heading(key, 1, **values)

    def text(self, key: str, **values: object) -> None:
        """Add a paragraph."""
        self.document.add_paragraph(clean_xml(say(key, self.lang, **values)))

    def table(
        self,
        key: str,
        header: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        bold: frozenset[int] = frozenset(),
        weights: Sequence[float] = (),
        **values: object,
    ) -> None:
        """Add a numbered table with the caption of a key, as `set_table`."""
        caption = say(key, self.lang, **values)
        self.set_table(caption, header, rows, bold=bold, weights=weights)

    def set_table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        bold: frozenset[int] = frozenset(),
        weights: Sequence[float] = (),
    ) -> None:
        """Add a numbered table with its caption; the header is repeated on every page.

        Weights are relative widths of columns.
        """
        from docx.oxml import parse_xml  # noqa: PLC0415 - an extra
        from docx.oxml.ns import nsdecls  # noqa: PLC0415
        from docx.shared import Cm  # noqa: PLC0415

        style = self.document.styles["Table Text"].style_id  # looked up once: it is slow
        bold_rows = {0, *(number + 1 for number in bold)}
        wide = weights or [2.6, *[1.0] * (len(header) - 1)]
        rows = list(rows)
        self.tables += 1
        self._caption(say("table", self.lang, number=self.tables), caption)
        table = self.document.add_table(rows=0, cols=len(header), style="Light Grid Accent 1")
        needed = [_measure_words(cells) for cells in zip(header, *rows, strict=True)]
        widths = [Cm(part) for part in _share_width(wide, needed)]
        small = _choose_size(needed)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        lines = []
        for number, cells in enumerate([header, *rows]):
            mark = "" if number in bold_rows else ' w:val="0"'
            parts = [
                _CELL.format(
                    width=width.twips,
                    style=style,
                    right=_RIGHT if column and _is_figure(text, self.lang) else "",
                    mark=mark,
                    size=small,
                    text=_write_text(clean_xml(_keep_whole(text))),
                )
                for column, (width, text) in enumerate(zip(widths, cells, strict=True))
            ]
            head = "" if number else "<w:tblHeader/>"
            lines.append(f"<w:tr><w:trPr>{head}<w:cantSplit/></w:trPr>{''.join(parts)}</w:tr>")
        # A cell at a time takes four times as long.
        made = parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(lines)}</w:tbl>")
        for row in list(made):
            table._tbl.append(row)  # noqa: SLF001 - python-docx has no other way
        self.document.add_paragraph()

    def picture(self, chart: Drawing) -> None:
        """Add a numbered figure with its caption: the chart at 300 dpi, told in words for who cannot see it.

        Where no picture can be made, for want of Pillow or of a font, its numbers are the figure.
        """
        from docx.shared import Cm  # noqa: PLC0415 - an extra

        self.figures += 1
        try:
            held = io.BytesIO(self._draw(chart))
        except OutputError:
            self._add_numbers(chart)
        else:
            added = self.document.add_picture(held, width=Cm(_WIDTH))
            said = clean_xml(describe_chart(chart))
            added._inline.docPr.set("descr", said)  # noqa: SLF001 - python-docx has no other way
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._caption(say("figure", self.lang, number=self.figures), chart.label)

    def _draw(self, chart: Drawing) -> bytes:
        """Return a chart as a picture, drawn once for the same shapes."""
        shapes = repr((chart.label, chart.width, chart.height, chart.shapes))
        name = f"picture {sha256(shapes.encode('utf-8', 'surrogatepass')).hexdigest()}"
        return keep_piece(self.record, name, _PICTURE, lambda: draw_png([chart], headed=False))

    def bars(self, key: str, values: Sequence[tuple[str, float]], **words: object) -> None:
        """Add a numbered figure of bars under the caption of a key; the rest of a long list is one bar."""
        bars = [Bar(name, value) for name, value in values[:_BARS]]
        if rest := values[_BARS:]:
            name = say("others", self.lang, count=len(rest))
            bars.append(Bar(name, sum(value for _, value in rest), look="total"))
        self.picture(
            draw_bars(say(key, self.lang, **words), bars, "{:,.2f}".format, lang=self.lang)
        )

    def lines(self, caption: str, lines: Sequence[ChartLine]) -> None:
        """Add a numbered figure of lines over years."""
        self.picture(
            draw_lines(caption, lines, "{:,.2f}".format, zero=True, height=_LINES, lang=self.lang)
        )

    def _add_numbers(self, chart: Drawing) -> None:
        """Add the numbers of a chart as a plain table."""
        table = self.document.add_table(rows=0, cols=len(chart.heads))
        for texts in [chart.heads, *chart.rows]:
            cells = [text if isinstance(text, str) else text[0] for text in texts]
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.paragraphs[0].style = "Table Text"
                cell.paragraphs[0].add_run(clean_xml(text))

    def _caption(self, number: str, text: str) -> None:
        self.document.add_paragraph(clean_xml(f"{number}  {text}"), style="Caption")


def _measure_words(cells: Sequence[str]) -> float:
    """Return the width in cm that numbers, keys and short codes of a column take: they are not to be broken."""
    most = [_LONGEST_HEAD, *[_LONGEST_CODE] * (len(cells) - 1)]
    codes = [
        code
        for text, longest in zip(cells, most, strict=True)
        for code in _CODE.findall(text)
        if len(code) <= longest
    ]
    figures = [text for text in cells if _FIGURE.match(text)]
    widest = max(map(_measure, [*figures, *codes]), default=0.0)
    return widest + _MARGINS if widest else 0.0


def _measure(text: str) -> float:
    """Return how many cm a number or a code takes at most."""
    return sum(
        _CAPITAL if letter.isupper() else _LETTER if letter.isalnum() else _POINT for letter in text
    )


def _share_width(weights: Sequence[float], needed: Sequence[float]) -> list[float]:
    """Return widths in cm by weight, none less than needed as far as the page allows.

    Where numbers alone take most of the page, they share that part by what they need.

    Examples
    --------
    >>> _share_width([1.0, 1.0], [0.0, 2.0]), [round(one, 1) for one in _share_width([9.0, 1.0], [0.0, 4.0])]
    ([8.3, 8.3], [12.6, 4.0])
    >>> [round(one, 1) for one in _share_width([2.0, 1.0, 1.0], [0.0, 10.0, 20.0])]
    [2.5, 4.7, 9.4]
    """
    most = _MOST_NEEDED * _WIDTH
    least = [need * min(1.0, most / (sum(needed) or 1.0)) for need in needed]
    fixed: dict[int, float] = {}
    while True:
        rest = sum(weight for at, weight in enumerate(weights) if at not in fixed)
        room = max(_WIDTH - sum(fixed.values()), 0.0)
        widths = [fixed.get(at, room * weight / (rest or 1.0)) for at, weight in enumerate(weights)]
        narrow = {
            at: need for at, need in enumerate(least) if widths[at] < need and at not in fixed
        }
        if not narrow:
            return widths
        fixed |= narrow


def _choose_size(needed: Sequence[float]) -> str:
    """Return what sets smaller letters where the numbers of a table would not fit on the page unbroken.

    Examples
    --------
    >>> _choose_size([2.0, 3.0]), _choose_size([10.0, 8.0])
    ('', '<w:sz w:val="13"/>')
    """
    most = _MOST_NEEDED * _WIDTH
    if sum(needed) <= most:
        return ""
    points = max(_LEAST_POINTS, _POINTS * most / sum(needed))
    return f'<w:sz w:val="{int(2 * points)}"/>'  # halves of a point


def clean_xml(text: str) -> str:
    """Return a text without the characters that XML has no room for."""
    return _NOT_XML.sub("\ufffd", text)


def _write_text(text: str) -> str:
    """Return a text as a run holds it: tabs and new lines are elements."""
    parts = []
    for part in filter(None, re.split(r"([\t\n\r])", text)):
        kept = ' xml:space="preserve"' if part != part.strip() else ""
        parts.append(_BREAKS.get(part) or f"<w:t{kept}>{escape(part)}</w:t>")
    return "".join(parts)


def _keep_whole(text: str) -> str:
    """Return a text whose number and notation key no line may part."""
    return text.replace(" ", _UNBROKEN) if _FIGURE.match(text) else text


def _is_figure(text: str, lang: str) -> bool:
    return bool(_FIGURE.match(text)) or text == say("none", lang)


def describe_chart(chart: Drawing) -> str:
    """Return a chart in words, for who cannot see it."""
    rows = [
        " ".join(cell if isinstance(cell, str) else cell[0] for cell in row) for row in chart.rows
    ]
    return join_clauses([chart.label, *rows], chart.lang)[:_LONGEST]


def set_up(document: Any, lang: str, *, title: str = "") -> None:
    """Set the page to A4, its title on its head, in fonts that Chinese and Latin text have on usual systems."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415 - an extra
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    small = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = document.styles["Normal"]
    small.font.size = Pt(_POINTS)
    small.paragraph_format.space_after = Pt(0)
    for name in ("Normal", "Table Text", "Caption", "Title", "Heading 1", "Heading 2", "Heading 3"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
        fonts.set(qn("w:ascii"), "Times New Roman")
        fonts.set(qn("w:hAnsi"), "Times New Roman")
        fonts.set(
            qn("w:eastAsia"), "SimSun" if name in {"Normal", "Table Text", "Caption"} else "SimHei"
        )
    document.styles["Caption"].paragraph_format.keep_with_next = True
    document.core_properties.language = "zh-CN" if lang == "zh" else "en"
    document.core_properties.title = clean_xml(title)
    document.core_properties.author = f"carbonacct {__version__}"
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = NO_CLOCK
    head = section.header.paragraphs[0]
    head.alignment = 1
    head.add_run(clean_xml(title)).font.size = Pt(8.5)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer = section.footer.paragraphs[0]
    footer.alignment = 1
    footer._p.append(field)  # noqa: SLF001 - python-docx has no other way to a page number
