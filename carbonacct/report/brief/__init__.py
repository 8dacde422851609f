"""The two-page brief of an inventory, as a web page, a Word document or a PDF."""

from carbonacct.report.brief.brief_content import BriefContext
from carbonacct.report.brief.writing import write_brief

__all__ = ["BriefContext", "write_brief"]
