"""The page: one HTML file that works offline and can be mailed, printed and read aloud, in Chinese and English."""

from carbonacct.report.page.page import SECTIONS, render_page

__all__ = ["SECTIONS", "render_page"]
