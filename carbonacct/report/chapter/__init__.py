"""The chapters of a provincial inventory report, as a Word document: energy alone, or all sectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used

if TYPE_CHECKING:
    from carbonacct.report.chapter.sector_chapters import write_chapter

_HOMES = {
    "write_chapter": "sector_chapters",
}
__all__ = ["write_chapter"]
__getattr__ = load_when_used(__name__, _HOMES)
