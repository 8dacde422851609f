"""The chapters of a provincial inventory report, as a Word document: energy alone, or all sectors."""

from carbonacct.report.chapter.energy import write_chapter
from carbonacct.report.chapter.sectors import write_record_chapter

__all__ = ["write_chapter", "write_record_chapter"]
