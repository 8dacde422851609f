"""The chapters of a provincial inventory report, as a Word document: energy alone, or all sectors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonacct.report.chapter.sector_chapters import write_chapter

_HOMES = {
    "write_chapter": "sector_chapters",
}
__all__ = ["write_chapter"]


def __getattr__(name: str) -> Any:
    """Load what a name needs when it is used: words and charts of this room serve others too."""
    if name in _HOMES:
        return getattr(import_module(f"carbonacct.report.chapter.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'carbonacct.report.chapter' has no attribute {name!r}")
