"""A Word document with numbered tables and figures: page, fonts, captions, repeated headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from carbonacct.report.chapter.words import say
from carbonacct.report.charts import draw_png
from carbonacct.report.files import NO_CLOCK
from carbonacct.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.report.page.drawing import Chart

_NUMERALS = "一二三四五六七八九"
_WIDTH = 16.6  # cm between the margins
_BAR = 30  # characters of the longest bar
_LONGEST = 2000  # characters that describe a picture
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Chapter:
    """A document that is being written: its language, and the numbers of sections, tables and figures so far."""

    def __init__(self, document: Any, lang: str) -> None:
        self.document, self.lang = document, lang
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
        """Add a numbered table with its caption; the header is repeated on every page; weights are relative widths of columns."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - an extra
        from docx.oxml import OxmlElement  # noqa: PLC0415
        from docx.shared import Cm  # noqa: PLC0415

        style = self.document.styles["Table Text"].style_id  # looked up once: it is slow
        wide = weights or [2.6, *[1.0] * (len(header) - 1)]
        self.tables += 1
        self._caption(say("table", self.lang, number=self.tables), caption)
        table = self.document.add_table(rows=1, cols=len(header), style="Light Grid Accent 1")
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no other way
        for column, part in zip(table.columns, wide, strict=True):
            column.width = Cm(_WIDTH * part / sum(wide))
        for number, cells in enumerate([header, *rows]):
            row = table.rows[0] if number == 0 else table.add_row()
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - as above
            for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
                cell.width = Cm(_WIDTH * wide[column] / sum(wide))
                paragraph = cell.paragraphs[0]
                run = paragraph.add_run(clean_xml(text))
                run.bold = number == 0 or number - 1 in bold
                paragraph._p.style = style  # noqa: SLF001 - as above
                if column and _is_figure(text, self.lang):
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.document.add_paragraph()

    def picture(self, chart: Chart) -> None:
        """Add a numbered figure: the chart at 300 dpi, its heading as caption and as text for who cannot see it."""
        import io  # noqa: PLC0415

        from docx.shared import Cm  # noqa: PLC0415 - an extra

        self.figures += 1
        held = io.BytesIO(draw_png([chart], headed=False))
        added = self.document.add_picture(held, width=Cm(_WIDTH))
        added._inline.docPr.set("descr", clean_xml(describe_chart(chart)))  # noqa: SLF001 - as above
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._caption(say("figure", self.lang, number=self.figures), chart.label)

    def bars(self, key: str, values: Sequence[tuple[str, float]], **words: object) -> None:
        """Add a numbered figure of bars, drawn with letters: it needs no picture, and reads aloud."""
        self.figures += 1
        from docx.shared import Cm, RGBColor  # noqa: PLC0415 - an extra

        longest = max((value for _, value in values), default=0.0)
        table = self.document.add_table(rows=0, cols=2)
        for name, value in values:
            cells = table.add_row().cells
            cells[0].paragraphs[0].add_run(clean_xml(name))
            bar = (
                cells[1]
                .paragraphs[0]
                .add_run("█" * max(0, round(_BAR * value / longest)) if longest > 0 else "")
            )
            bar.font.color.rgb = RGBColor(0x2F, 0x5D, 0x8A)
            cells[1].paragraphs[0].add_run(f" {value:,.2f}")
            for cell, wide in zip(cells, (5.0, _WIDTH - 5.0), strict=True):
                cell.width = Cm(wide)
                cell.paragraphs[0].style = "Table Text"
        self._caption(say("figure", self.lang, number=self.figures), say(key, self.lang, **words))

    def _caption(self, number: str, text: str) -> None:
        self.document.add_paragraph(clean_xml(f"{number}  {text}"), style="Caption")


def clean_xml(text: str) -> str:
    """Return a text without the characters that XML has no room for."""
    return _NOT_XML.sub("\ufffd", text)


def _is_figure(text: str, lang: str) -> bool:
    return bool(
        re.match(
            r"^[+−-]?[\d,]+(\.\d+)?(e-\d+)?(, (NE|C))*%?$|^(NO|NE|NA|IE|C)(,(NO|NE|NA|IE|C))*$",
            text,
        )
    ) or text == say("none", lang)


def describe_chart(chart: Chart) -> str:
    """Return a chart in words, for who cannot see it."""
    rows = [
        " ".join(cell if isinstance(cell, str) else cell[0] for cell in row) for row in chart.rows
    ]
    return "; ".join([chart.label, *rows])[:_LONGEST]


def set_up(document: Any, lang: str, *, title: str = "") -> None:
    """Set the page to A4 with the title on its head, and fonts that Chinese and Latin text have on the usual systems."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415 - an extra
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    small = document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = document.styles["Normal"]
    small.font.size = Pt(8.5)
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
