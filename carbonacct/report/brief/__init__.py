"""The two-page brief of an inventory, as a web page, a Word document or a PDF."""

from carbonacct.report.brief.content import Beside
from carbonacct.report.brief.writing import write_brief

__all__ = ["Beside", "write_brief"]
