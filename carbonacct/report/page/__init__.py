"""The page: one HTML file that works offline and can be mailed, printed and read aloud, in Chinese and English."""

from carbonacct.report.page.page_document import SECTIONS, render_page
from carbonacct.report.page.reference_table import collect_reference

__all__ = ["SECTIONS", "collect_reference", "render_page"]
