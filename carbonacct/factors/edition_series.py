"""Series of editions: one document for one data year each, of which the nearest serves years that have none."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct.factors.editions import edition_ids, find_edition, load_edition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.factors.editions import FactorSource


@cache
def load_series(name: str) -> tuple[FactorSource, ...]:
    """Return the editions of a series, each serving the years nearest to its own too; one edition if that is its id.

    Examples
    --------
    >>> [source.id for source in load_series("yearbook-tables")]
    ['yearbook-tables-2007', 'yearbook-tables-2019']
    """
    if name not in series_ids():
        return (load_edition(name),)
    return tuple(
        _carry(edition) for edition in edition_ids() if _read_about(edition).get("series") == name
    )


@cache
def series_ids() -> tuple[str, ...]:
    """Return the names of the series of editions."""
    return tuple(
        dict.fromkeys(
            str(name)
            for name in (_read_about(edition).get("series") for edition in edition_ids())
            if name
        )
    )


def find_series(edition: str) -> str:
    """Return the name of the series that an edition is one of, or its own id.

    Examples
    --------
    >>> find_series("yearbook-tables-2007"), find_series("ipcc-2006")
    ('yearbook-tables', 'ipcc-2006')
    """
    return str(_read_about(edition).get("series") or edition)


def _carry(edition: str) -> FactorSource:
    """Return an edition whose rows serve as many years as it says; those for one flow are of what was burnt there."""
    source, about = load_edition(edition), _read_about(edition)
    years = {False: int(about["carried"]), True: int(about["carried_by_flow"])}
    return replace(
        source, rows=tuple(replace(row, carried=years[bool(row.flow)]) for row in source.rows)
    )


@cache
def _read_about(edition: str) -> Mapping[str, Any]:
    return tomllib.loads((find_edition(edition) / "source.toml").read_text(encoding="utf-8-sig"))
