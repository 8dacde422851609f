"""Entries that are an activity times factor rows, as arrays: what uncertainty asks of a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd

    from carbonacct.factors import FactorRow


@dataclass(frozen=True)
class IndexShare:
    """The share by which an index scaled a row of another area, and those by all indices at hand."""

    index: str
    share: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class FactorCells:
    """Entries with the factor rows that multiply or divide their activity.

    Attributes
    ----------
    cells
        One row an entry: ``area, year, flow, product, gas, category`` (of what is used, in scope 2
        as well) and ``value`` in t.
    rows, asked
        Factor rows, each once, and the product that each was asked for.
    row
        Place in ``rows`` (entry, step), -1 where an entry has no such step.
    power
        1 where a row multiplies, -1 where it divides (entry, step).
    shares
        By the place of an entry, the share of an index, where one served and others differ.
    """

    cells: pd.DataFrame
    rows: tuple[FactorRow, ...]
    asked: tuple[str, ...]
    row: np.ndarray
    power: np.ndarray
    shares: Mapping[int, IndexShare] = field(default_factory=dict)


@runtime_checkable
class FactorOrigin(Protocol):
    """Where entries came from that are an activity times factor rows."""

    @property
    def gases(self) -> list[str]:
        """The gases of its entries, in their order."""

    @property
    def places(self) -> Sequence[tuple[str, int]]:
        """The areas and years of its entries."""

    def factor_cells(self, scope: int, gas: str, only: np.ndarray | None = None) -> FactorCells:
        """Return the entries of a scope and a gas that have a number, of some cells or of all."""
