"""A section as a Word document: numbered tables and figures, page headers, properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.analyses.analysis_words import word
from carbonacct.report.chapter.word_document import Chapter, set_up
from carbonacct.report.files import save_archive
from carbonacct.texts import tell_value

if TYPE_CHECKING:
    from pathlib import Path

    from carbonacct.report.analyses.section import Section

_TEXT_WEIGHT = 1.6  # of a column of texts beside one of numbers


def write_document(section: Section, path: Path) -> None:
    """Write a section as a .docx.

    Raises
    ------
    OutputError
        If no installed font has the characters of a chart.
    """
    import docx  # noqa: PLC0415 - an extra

    document: Any = docx.Document()
    set_up(document, section.lang, title=section.title)
    chapter = Chapter(document, section.lang)
    chapter.title(section.title)
    for chart in section.charts:
        chapter.picture(chart)
    for table in section.tables:
        chapter.set_table(
            table.caption,
            [column.full_heading for column in table.columns],
            [
                [column.show(value) for column, value in zip(table.columns, row, strict=True)]
                for row in table.rows()
            ],
            weights=[_TEXT_WEIGHT if column.digits is None else 1.0 for column in table.columns],
        )
    for key, texts in (
        ("notes", section.notes),
        ("findings", [text for _, text in section.findings]),
        ("sources", section.sources),
    ):
        if texts:
            chapter.plain_heading(word(key, section.lang))
            for text in texts:
                chapter.plain_text(text)
    if section.made:
        chapter.plain_heading(word("made", section.lang))
        for name, value in section.made:
            chapter.plain_text(tell_value(name, value, section.lang))
    save_archive(document.save, path)
