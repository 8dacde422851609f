"""The energy chapter of a provincial inventory report, as a Word document."""

from carbonacct.report.chapter.energy import write_chapter

__all__ = ["write_chapter"]
