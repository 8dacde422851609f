"""What the cells of a table say of one dim: the labels of rows laid over those of columns, as codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Axis:
    """What the cells of a table say of one thing: codes (rows x columns) into labels; None is what the title says."""

    labels: tuple[str | None, ...]
    codes: np.ndarray


def lay_axis(of_rows: Sequence[str], of_columns: Sequence[str | None]) -> Axis:
    """Lay what the rows say over what the columns say.

    Examples
    --------
    >>> axis = lay_axis(["industry", ""], ["", "households"])
    >>> [[axis.labels[code] for code in row] for row in axis.codes.tolist()]
    [['industry', 'industry'], ['', 'households']]
    """
    labels = dict.fromkeys((*of_rows, *of_columns))
    code = {label: code for code, label in enumerate(labels)}
    rows = np.array([*map(code.__getitem__, of_rows)], np.int32)[:, None]
    columns = np.array([*map(code.__getitem__, of_columns)], np.int32)[None, :]
    silent = code.get("", -1)
    return Axis(tuple(labels), np.where(rows == silent, columns, rows))


def relabel(axis: Axis, cells: np.ndarray, label: str) -> Axis:
    """Return an axis in which some cells say a label."""
    labels = axis.labels if label in axis.labels else (*axis.labels, label)
    return Axis(labels, np.where(cells, np.int32(labels.index(label)), axis.codes))


def code_of(axis: Axis, label: str) -> int:
    """Return the code of a label, -1 where no cell can say it."""
    return axis.labels.index(label) if label in axis.labels else -1


def present_codes(codes: np.ndarray) -> np.ndarray:
    """Return the codes that occur, in order."""
    return np.flatnonzero(np.bincount(codes.ravel()))
