"""Name the areas and years of a mask in a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct.equations.arithmetic import any_over
from carbonacct.texts import Text, join_texts, say

if TYPE_CHECKING:
    from carbonacct.equations.axes import Axes

_MOST = 3  # named in one message


def name_places(mask: np.ndarray, axes: Axes) -> Text:
    """Return the first few areas and years where a mask holds, and how many more there are.

    Examples
    --------
    >>> from carbonacct.equations.axes import Axes
    >>> axes = Axes(("重庆", "北京"), (2019, 2020))
    >>> name_places(np.array([[True, False], [True, True]]), axes)
    '重庆 2019, 北京 2019, 北京 2020'
    """
    flat = np.broadcast_to(
        any_over(mask, tuple(axes.axis(dim) for dim in axes.labels)), axes.shape([])
    ).reshape(len(axes.areas), len(axes.years))
    found = np.argwhere(flat)
    names = [
        " ".join(str(part) for part in (axes.areas[area], axes.years[year]) if part)
        for area, year in found[:_MOST]
    ]
    more = say(" and {count} more", count=len(found) - _MOST) if len(found) > _MOST else ""
    return join_texts(", ", filter(None, names)) + more
