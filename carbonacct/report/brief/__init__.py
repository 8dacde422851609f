"""The two-page brief of an inventory, as a web page, a Word document or a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used

if TYPE_CHECKING:
    from carbonacct.report.brief.brief_content import BriefContext
    from carbonacct.report.brief.writing import write_brief

_HOMES = {
    "BriefContext": "brief_content",
    "write_brief": "writing",
}
__all__ = ["BriefContext", "write_brief"]
__getattr__ = load_when_used(__name__, _HOMES)
