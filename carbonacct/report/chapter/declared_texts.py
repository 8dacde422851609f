"""The section on what the compiler of a project states: notation keys with their reasons, and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.projects.stated_in_project import is_of_area
from carbonacct.report.chapter.chapter_words import say
from carbonacct.report.stated_texts import describe_note, describe_stated

if TYPE_CHECKING:
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.chapter.word_document import Chapter

_SHOWN = ("category", "gas", "year", "key", "included_in", "because")


def write_declared_texts(chapter: Chapter, beside: KnownBeside | None, area: str) -> None:
    """Write the notes and the stated keys of an area; nothing where there are none."""
    if beside is None:
        return
    lang = chapter.lang
    notes = [one for one in beside.notes if is_of_area(one, area)]
    stated = [one for one in beside.statements if is_of_area(one, area)]
    if not (notes or stated):
        return
    chapter.heading("declared texts")
    for note in notes:
        told = describe_note(note, lang)
        head = " ".join(filter(None, (told["category"], told["year"])))
        chapter.plain_text(
            f"{head}{'：' if lang == 'zh' else ': '}{note.text}" if head else note.text
        )
    if stated:
        chapter.text("keys")
        chapter.table(
            "stated keys",
            [say(f"stated {name}", lang) for name in _SHOWN],
            [[describe_stated(one, lang)[name] for name in _SHOWN] for one in stated],
            weights=[2.6, 1.0, 1.2, 0.7, 1.0, 3.0],
        )
