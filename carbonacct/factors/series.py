"""Series of editions: one document for one data year each, of which the nearest serves years that have none."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import data_folder
from carbonacct.factors.editions import edition_ids, load_edition

if TYPE_CHECKING:
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
    members = (load_edition(edition) for edition in edition_ids() if _series_of(edition) == name)
    return tuple(
        replace(one, rows=tuple(replace(row, carried=one.carried_by_flow if row.flow else one.carried) for row in one.rows))
        for one in members
    )


@cache
def series_ids() -> tuple[str, ...]:
    """Return the names of the series of editions."""
    return tuple(dict.fromkeys(filter(None, map(_series_of, edition_ids()))))


@cache
def _series_of(edition: str) -> str:
    return str(tomllib.loads((data_folder() / edition / "source.toml").read_text(encoding="utf-8-sig")).get("series", ""))
