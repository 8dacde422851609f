"""The result of an analysis, the same for every kind of file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from carbonacct.errors import Finding


@dataclass(frozen=True)
class Analysis:
    """The result of an analysis, the same for every kind of file.

    Attributes
    ----------
    kind
        A section of ``factors/analyses/analyses.toml``.
    frame
        The rows as data: ids and numbers, in the units of the panel.
    by
        Columns that tell the series apart.
    over
        The column of years in ``series``.
    findings
        What a reader should know.
    words
        What was asked for by its part: ``{"value": "co2"}``.
    units
        Of the columns of the panel, as far as they are printed.
    series
        The panel that it was made of, for charts.
    names
        Printed names of ids that the vocabulary does not have.
    drawn
        The rows with the columns that charts alone take; ``frame`` unless given.
    parts
        Of several quantities: the analysis of each, whose frame is its rows of ``frame``.
    made
        Provenance: pairs of what and value, from :func:`carbonacct.cli.output.make_manifest`.
    """

    kind: str
    frame: pd.DataFrame
    by: tuple[str, ...] = ()
    over: str = "year"
    findings: Sequence[Finding] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    series: pd.DataFrame | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    drawn: pd.DataFrame | None = None
    parts: tuple[Analysis, ...] = ()
    made: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> pd.DataFrame:
        """The rows that charts are of."""
        return self.frame if self.drawn is None else self.drawn
