"""The activities of a method: what a compiler is asked for, in which unit, split by what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from carbonacct import dim_names
from carbonacct.equations.factor_values import load_factors
from carbonacct.errors import MethodError
from carbonacct.sectors.sources.activity_names import (
    list_sectors,
    methods_with_sectors,
    sector_name,
)
from carbonacct.sectors.sources.method_labels import (
    area_partitions,
    find_users,
    groups_of,
    usable_labels,
)
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.equations import Sector
    from carbonacct.equations.sector import AskedActivity
    from carbonacct.factors.keyed import Parameter

COLUMNS = ("id", "zh", "en", "unit", "sector", "labels")


@dataclass(frozen=True)
class AskedInput:
    """Something that a compiler is asked for: an activity, or a factor that no edition holds.

    Attributes
    ----------
    used_for
        Ids of the sources that need it.
    labels
        Of each dim, those that the method can use; none where any may stand.
    """

    about: AskedActivity | Parameter
    sector: str
    used_for: tuple[str, ...]
    labels: Mapping[str, Sequence[str]]

    @property
    def dims(self) -> tuple[str, ...]:
        """The dims that tell its numbers apart."""
        return self.about.dims

    def items(self) -> Iterator[dict[str, str]]:
        """Yield the labels of each number that it may have; blank where any label may stand."""
        known = [self.labels[dim] or [""] for dim in self.dims]
        for labels in product(*known):
            yield dict(zip(self.dims, labels, strict=True))


def list_asked(method: str, sectors: Sequence[str] | None = None) -> list[AskedInput]:
    """Return what a compiler is asked for, in the order of the sectors and their files.

    Raises
    ------
    MethodError
        If there is no such sector, or the method has no equations for it.
    """
    files = list_sectors(method, sectors)
    if not files:
        known = join_texts(", ", methods_with_sectors())
        raise MethodError(
            say(
                "{method} has no equations of sectors other than energy; {known} have",
                method=method,
                known=known,
            )
        )
    found: dict[str, AskedInput] = {}
    for asked in (asked for sector in files for asked in _asked_of(sector)):
        first = found.setdefault(asked.about.id, asked)
        if first is not asked:  # two sectors use one number: it is asked for once
            users = (*first.used_for, *asked.used_for)
            found[asked.about.id] = replace(first, used_for=tuple(dict.fromkeys(users)))
    return list(found.values())


def list_open_groups(
    method: str, sectors: Sequence[str] | None = None
) -> list[tuple[str, str, list[str]]]:
    """Return the groups of areas of which the documents name no member: the compiler says which.

    Returns
    -------
    list of (str, str, list of str)
        Partition, the first sector that asks it, and its groups.
    """
    files = list_sectors(method, sectors)
    found = []
    for partition, asking in area_partitions(files).items():
        sector, parameter = asking[0]
        groups = groups_of(partition, asking)
        members = {
            member
            for edition in load_factors(sector, parameter)
            for member in edition.partitions.get(partition, {})
        }
        if groups and members <= set(groups):
            found.append((partition, sector_name(sector.id), groups))
    return found


def list_activities(method: str, sectors: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the activities that a method can use.

    Returns
    -------
    DataFrame
        ``id, zh, en, unit, sector, labels``. Labels: of each dim its name and the ids that an item
        may be, such as ``animal: dairy_cattle|pigs; mode: household``. A factor that no edition of
        the method holds is asked for like an activity.

    Raises
    ------
    MethodError
        As :func:`list_asked`.

    Examples
    --------
    >>> frame = list_activities("provincial-2011", ["processes"])
    >>> frame.set_index("id").loc["clinker_output", ["zh", "unit"]].to_list()
    ['水泥熟料产量', 't clinker']
    """
    rows = [
        (
            asked.about.id,
            asked.about.zh,
            asked.about.en,
            asked.about.unit,
            asked.sector,
            "; ".join(f"{dim}: {'|'.join(asked.labels[dim]) or 'any'}" for dim in asked.dims),
        )
        for asked in list_asked(method, sectors)
    ]
    rows += [
        (
            partition,
            *dim_names.name_label("partition", partition),
            "",
            sector,
            f"group: {'|'.join(groups)}",
        )
        for partition, sector, groups in list_open_groups(method, sectors)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _asked_of(sector: Sector) -> Iterator[AskedInput]:
    asked: list[AskedActivity | Parameter] = [*sector.activities.values()]
    asked += [
        parameter
        for parameter in sector.parameters.values()
        if not any(edition.rows.get(parameter.file) for edition in load_factors(sector, parameter))
    ]
    for about in asked:
        yield AskedInput(
            about=about,
            sector=sector_name(sector.id),
            used_for=tuple(block.id for block in find_users(sector, about.id)),
            labels={dim: usable_labels(sector, about.id, dim) for dim in about.dims},
        )
