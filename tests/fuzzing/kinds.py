"""The kinds of change, and what a single table can show of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.fuzzing.draft import Draft

Shown = Literal["harmless", "shown", "hidden"]
# A change returns what it did, or nothing where the table gives no place for it.
Change = Callable[[Draft], str | None]


@dataclass(frozen=True)
class Kind:
    """One kind of change.

    Attributes
    ----------
    shown
        ``harmless``: the inventory must be the same. ``shown``: a table that prints its totals
        shows the change, so that the program must refuse it or say so. ``hidden``: no single
        table shows it, by ``reason``.
    """

    name: str
    shown: Shown
    reason: str
    change: Change


KINDS: dict[str, Kind] = {}


def harmless(change: Change) -> Change:
    """Enter a change that must leave the inventory as it is."""
    return _enter(change, "harmless", "")


def shown(change: Change) -> Change:
    """Enter a change that a table with its totals shows."""
    return _enter(change, "shown", "")


def hidden(reason: str) -> Callable[[Change], Change]:
    """Enter a change that no single table shows."""
    return lambda change: _enter(change, "hidden", reason)


def _enter(change: Change, what: Shown, reason: str) -> Change:
    name = change.__name__
    assert name not in KINDS, name
    KINDS[name] = Kind(name=name, shown=what, reason=reason, change=change)
    return change
