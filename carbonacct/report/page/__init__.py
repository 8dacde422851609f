"""The page: one HTML file that works offline and can be mailed, printed and read aloud, in Chinese and English."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonacct.report.page.page_document import SECTIONS, render_page
    from carbonacct.report.page.reference_table import collect_reference

_HOMES = {
    "SECTIONS": "page_document",
    "collect_reference": "reference_table",
    "render_page": "page_document",
}
__all__ = ["SECTIONS", "collect_reference", "render_page"]


def __getattr__(name: str) -> Any:
    """Load what a name needs when it is used: words and charts of this room serve others too."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.report.page.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct.report.page' has no attribute {name!r}")
