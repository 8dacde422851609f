"""The two-page brief of an inventory, as a web page, a Word document or a PDF."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonacct.report.brief.brief_content import BriefContext
    from carbonacct.report.brief.writing import write_brief

_HOMES = {
    "BriefContext": "brief_content",
    "write_brief": "writing",
}
__all__ = ["BriefContext", "write_brief"]


def __getattr__(name: str) -> Any:
    """Load what a name needs when it is used: words and charts of this room serve others too."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.report.brief.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct.report.brief' has no attribute {name!r}")
