"""What a page shows of each of its tables, joined: markup, and the lists that its script opens numbers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonacct.report.page.derivations import Pair

# Area, year, and what a page shows of them.
Fragment = tuple[str, int, str]


@dataclass(frozen=True)
class JoinedParts:
    """The parts of all tables of a page, in its numbers.

    Attributes
    ----------
    shown
        By kind and language: area, year and markup.
    cells, derived, amounts
        As :func:`carbonacct.report.page.page_document.render_page` writes them for its script.
    factors
        Rows of factor tables by their place, with their number.
    texts
        Words in both languages, with their number.
    """

    shown: dict[tuple[str, str], list[Fragment]] = field(default_factory=dict)
    cells: list[list[Any]] = field(default_factory=list)
    derived: list[Any] = field(default_factory=list)
    amounts: list[list[Any]] = field(default_factory=list)
    factors: dict[str, tuple[int, list[Any]]] = field(default_factory=dict)
    texts: dict[Pair, int] = field(default_factory=dict)
