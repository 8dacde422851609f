"""Climbing a tree of labels: the one function for all trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def climb(label: str, parent_of: Callable[[str], str]) -> Iterator[str]:
    """Yield a label and all that it lies in, the nearest first.

    Parameters
    ----------
    parent_of
        Returns what a label lies in; ``""`` of a root.

    Examples
    --------
    >>> list(climb("1.A.1.a", lambda code: code.rpartition(".")[0]))
    ['1.A.1.a', '1.A.1', '1.A', '1']
    """
    while label:
        yield label
        label = parent_of(label)
