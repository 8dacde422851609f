"""The page: one HTML file that works offline and can be mailed, printed and read aloud, in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used

if TYPE_CHECKING:
    from carbonacct.report.page.page_document import SECTIONS, render_page
    from carbonacct.report.page.reference_table import collect_reference

_HOMES = {
    "SECTIONS": "page_document",
    "collect_reference": "reference_table",
    "render_page": "page_document",
}
__all__ = ["SECTIONS", "collect_reference", "render_page"]
__getattr__ = load_when_used(__name__, _HOMES)
