"""The chapters of a provincial inventory report, as a Word document: energy alone, or all sectors."""

from carbonacct.report.chapter.sector_chapters import write_chapter

__all__ = ["write_chapter"]
