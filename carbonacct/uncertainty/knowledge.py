"""What is asked for the uncertainty of each input, in its order: one's own, published, default."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonacct.errors import Finding
from carbonacct.texts import join_texts, say
from carbonacct.uncertainty.uncertain_inputs import choose_activity_sources, read_overrides

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd

    from carbonacct.uncertainty.computed import Computed
    from carbonacct.uncertainty.distributions import Uncertainty
    from carbonacct.uncertainty.draw_model import DrawInput
    from carbonacct.uncertainty.uncertain_inputs import ActivitySource, Override

_LISTED = 5


@dataclass(frozen=True)
class Knowledge:
    """What is known of inputs, and how it is asked.

    Attributes
    ----------
    statistics
        Kind of the sources of activity data.
    overrides
        The user's own uncertainties, asked first; ``used`` collects the places of those that serve.
    bounds_from
        An edition whose relative bounds are taken for rows that have none.
    exact
        Whether rows without published uncertainty count as exact, not with a default range.
    allow_unverified
        Whether ranges that nobody could check serve as well.
    """

    statistics: str
    sources: Sequence[ActivitySource]
    overrides: Sequence[Override] = ()
    bounds_from: str = ""
    exact: bool = False
    allow_unverified: bool = False
    used: set[str] = field(default_factory=set)


def read_knowledge(
    statistics: str,
    *,
    inputs: str | Path | None,
    names: Collection[str],
    bounds_from: str,
    exact: bool,
    allow_unverified: bool,
) -> Knowledge:
    """Return what is known of inputs; ``names`` are activities and parameters of sector files.

    Raises
    ------
    UncertaintyError
        Faults of the user's file, all of them; or there is no such kind of statistics.
    """
    return Knowledge(
        statistics=statistics,
        sources=choose_activity_sources(statistics, allow_unverified=allow_unverified),
        overrides=read_overrides(inputs, names) if inputs else (),
        bounds_from=bounds_from,
        exact=exact,
        allow_unverified=allow_unverified,
    )


def find_idle(knowledge: Knowledge) -> Iterator[Finding]:
    """Find lines of the user's own that nothing uses, and ranges that nobody could check."""
    idle = [one.place for one in knowledge.overrides if one.place not in knowledge.used]
    if idle:
        listed = join_texts(", ", idle[:_LISTED]) + (" ..." if len(idle) > _LISTED else "")
        yield Finding(
            "inputs-unused",
            "warning",
            say(
                "{idle_count} lines of your own uncertainties are used by nothing: {listed}",
                idle_count=len(idle),
                listed=listed,
            ),
            action=say(
                "check flow, product and category; the product of a parameter is that "
                "of its factor row, which carbonacct trace names"
            ),
        )
    if any(source.status == "unverified" and source.system for source in knowledge.sources):
        yield Finding(
            "unverified-uncertainty",
            "warning",
            say(
                "activity uncertainties of {statistics} come from {reference}, which could "
                "not be checked against the document",
                statistics=knowledge.statistics,
                reference=knowledge.sources[0].reference,
            ),
            action=say("state your own (--inputs)"),
        )


@dataclass(frozen=True)
class CellPart:
    """Cells of one kind of origin with what is uncertain about them, as :func:`build_model` takes them."""

    cells: pd.DataFrame
    inputs: Sequence[DrawInput]
    uses: np.ndarray
    powers: np.ndarray
    activity: Sequence[Uncertainty] = ()
    activity_of: np.ndarray | None = None
    computed: Sequence[Computed] = ()
    computed_of: np.ndarray | None = None
    findings: Sequence[Finding] = ()
    exact: int = 0
