"""The chapters of a provincial inventory report, as a Word document: energy alone, or all sectors."""

from carbonacct.report.chapter.energy_chapter import write_chapter
from carbonacct.report.chapter.sector_chapters import write_record_chapter

__all__ = ["write_chapter", "write_record_chapter"]
