"""The brief as a file of each kind: one content, three ways to set it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from carbonacct.charts import draw_png, draw_svg
from carbonacct.report.brief.brief_charts import WIDTH_CM, make_chart
from carbonacct.report.brief.brief_content import make_briefs
from carbonacct.report.brief.brief_limits import HEAD_GAP, LARGE_LINE, LINE, SMALL_GAP, TITLE_LINE
from carbonacct.report.chapter.word_document import clean_xml, describe_chart, set_up
from carbonacct.report.files import save_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from carbonacct.inventory.record import Inventory
    from carbonacct.report.brief.brief_content import Brief, BriefContext, BriefTable

_STYLE = """
body { font: 15px/1.75 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  color: #22272b; background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6em; line-height: 1.3; margin: 0 0 .4em; }
h2 { font-size: 1.1em; margin: 1.4em 0 .3em; padding-left: .5em; border-left: 4px solid #0072b2; }
p { margin: .4em 0; } .lead { font-size: 1.1em; } .made { color: #5c666d; font-size: .85em; }
table { border-collapse: collapse; width: 100%; margin: .6em 0; font-size: .92em; }
caption { text-align: left; font-weight: 600; } th, td { padding: .25em .5em; }
th, td { border-bottom: 1px solid #d9dee2; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr.total td { font-weight: 600; }
figure { margin: .8em 0; } svg { max-width: 100%; height: auto; }
article + article { break-before: page; }
@media (prefers-color-scheme: dark) { body { background: #15191c; color: #e4e7e9; }
  .made { color: #a9b2b8; } th, td { border-color: #3a4248; } }
@page { size: A4; margin: 20mm 22mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; line-height: 5.6mm; }
  h1 { font-size: 18pt; line-height: 9mm; margin: 0 0 1mm; } .lead { font-size: 11.5pt; line-height: 6.6mm; }
  h2 { font-size: 12.5pt; line-height: 6.6mm; margin: 2.5mm 0 0; break-after: avoid; }
  p { margin: 0; } table { margin: 1.5mm 0; font-size: 9.5pt; } th, td { padding: 0 .5em; }
  figure { margin: 1.5mm 0; break-inside: avoid; } }
"""


def write_brief(
    inventory: Inventory,
    path: Path,
    *,
    lang: str = "zh",
    gwp: str | None = None,
    beside: BriefContext | None = None,
) -> None:
    """Write the brief of each area, of its latest year; the kind follows the suffix.

    Parameters
    ----------
    inventory
        Of any sectors, areas and years.
    path
        Ends in ``.brief.html``, ``.brief.docx`` or ``.brief.pdf``.
    lang
        ``"zh"`` or ``"en"``.
    gwp
        Name of a metric: all gases in CO2-equivalent; without it the brief is of CO2 alone.
    beside
        Intervals, effects and targets to be told as well.

    Raises
    ------
    OutputError
        If there is nothing to write of, a package is missing, or no font has the characters.

    Examples
    --------
    >>> import carbonacct as ca, pathlib, tempfile
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "city.brief.html")
    ...     write_brief(ca.to_inventory(cube), path, lang="zh")
    ...     "达峰情况" in path.read_text(encoding="utf-8")
    True
    """
    briefs = make_briefs(inventory, lang=lang, gwp=gwp, beside=beside)
    _WRITERS[path.suffix.lower()](briefs, path)


def _write_html(briefs: Sequence[Brief], path: Path) -> None:
    lang = "zh-CN" if briefs[0].lang == "zh" else "en"
    body = "\n".join(_set_html(brief) for brief in briefs)
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
    )
    title = escape(briefs[0].title)
    path.write_text(
        f'<!doctype html>\n<html lang="{lang}"><head>{head}<title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n",
        encoding="utf-8",
    )


def _set_html(brief: Brief) -> str:
    lines = [
        f"<article><h1>{escape(brief.title)}</h1>",
        f'<p class="lead">{escape(brief.lead)}</p>',
    ]
    for part in brief.parts:
        lines.append(f"<section><h2>{escape(part.heading)}</h2>")
        lines += [f"<p>{escape(text)}</p>" for text in part.paragraphs]
        if part.table is not None:
            lines.append(_table_html(part.table))
        if part.chart is not None:
            lines.append(f"<figure>{draw_svg([make_chart(part.chart, brief.lang)])}</figure>")
        lines.append("</section>")
    return "\n".join([*lines, f'<p class="made">{escape(brief.made)}</p></article>'])


def _table_html(table: BriefTable) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in table.header)
    first_total = len(table.rows) - table.totals
    body = "".join(
        f"<tr{' class=total' if number >= first_total else ''}>"
        + "".join(f"<td>{escape(text)}</td>" for text in row)
        + "</tr>"
        for number, row in enumerate(table.rows)
    )
    caption = f"<caption>{escape(table.caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _write_word(briefs: Sequence[Brief], path: Path) -> None:
    import docx  # noqa: PLC0415 - an extra

    document: Any = docx.Document()
    set_up(document, briefs[0].lang, title=briefs[0].title)
    _space_lines(document)
    for number, brief in enumerate(briefs):
        if number:
            document.add_page_break()
        _set_word(document, brief)
    save_archive(document.save, path)


def _space_lines(document: Any) -> None:
    """Set lines at the distances by which two pages are measured, whatever font a word processor takes."""
    from docx.enum.text import WD_LINE_SPACING  # noqa: PLC0415 - an extra
    from docx.shared import Mm, Pt  # noqa: PLC0415

    sizes = {
        "Normal": (10.5, LINE, 0.0),
        "Table Text": (8.5, LINE, 0.0),
        "Caption": (9.5, LINE, SMALL_GAP),
        "Heading 1": (18, TITLE_LINE, 0.0),
        "Heading 2": (12.5, LARGE_LINE, HEAD_GAP),
    }
    for name, (size, line, above) in sizes.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = Mm(line)
        style.paragraph_format.space_before = Mm(above)
        style.paragraph_format.space_after = Mm(0)
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Mm(20)
    section.header_distance = section.footer_distance = Mm(9)


def _set_word(document: Any, brief: Brief) -> None:
    import io  # noqa: PLC0415

    from docx.shared import Cm, Mm  # noqa: PLC0415 - an extra

    document.add_heading(clean_xml(brief.title), 1)
    lead = document.add_paragraph()
    lead.paragraph_format.line_spacing = Mm(LARGE_LINE)
    lead.add_run(clean_xml(brief.lead)).bold = True
    for part in brief.parts:
        document.add_heading(clean_xml(part.heading), 2)
        for text in part.paragraphs:
            document.add_paragraph(clean_xml(text))
        if part.table is not None:
            _table_word(document, part.table)
        if part.chart is not None:
            picture = document.add_picture(
                io.BytesIO(draw_png([make_chart(part.chart, brief.lang)])), width=Cm(WIDTH_CM)
            )
            # A line of a fixed height would cut it.
            document.paragraphs[-1].paragraph_format.line_spacing = 1.0
            described = picture._inline.docPr  # noqa: SLF001 - python-docx has no other way
            described.set("descr", clean_xml(describe_chart(make_chart(part.chart, brief.lang))))
    document.add_paragraph(clean_xml(brief.made), style="Caption")


def _table_word(document: Any, table: BriefTable) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - an extra

    document.add_paragraph(clean_xml(table.caption), style="Caption")
    made = document.add_table(rows=0, cols=len(table.header), style="Light Grid Accent 1")
    first_total = len(table.rows) - table.totals
    for number, texts in enumerate([table.header, *table.rows]):
        for column, (cell, text) in enumerate(zip(made.add_row().cells, texts, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Text"
            paragraph.add_run(clean_xml(text)).bold = number == 0 or number > first_total
            if column:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _write_pdf(briefs: Sequence[Brief], path: Path) -> None:
    from carbonacct.report.brief.pdf import write_pdf  # noqa: PLC0415 - an extra

    write_pdf(briefs, path)


_WRITERS: dict[str, Callable[[Sequence[Brief], Path], None]] = {
    ".html": _write_html,
    ".docx": _write_word,
    ".pdf": _write_pdf,
}
