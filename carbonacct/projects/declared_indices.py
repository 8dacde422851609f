"""An index or a form that a project declares: which one, and what gives its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from carbonacct.errors import ProjectError
from carbonacct.projects.declaration_keys import (
    take_choice,
    take_file,
    take_number,
    take_path,
    take_sheet_name,
)
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

# What of a project gives numbers to an index.
INDEX_SOURCES = ("inventory", "balance", "drivers", "activity")
_OWN = ".toml"


@dataclass(frozen=True)
class DeclaredIndex:
    """An index or a form of a project.

    Attributes
    ----------
    id
        Of ``factors/indices``, or the path of a declaration in the project.
    file
        A table of further inputs, ``""`` for none.
    sheet
        Of a workbook: the sheet that holds it, ``""`` for that of the template, or the first.
    coal_equivalent, power_rate
        As of :func:`carbonacct.score_index`: how energy is taken from the balances.
    sources
        Which of `INDEX_SOURCES` give numbers.
    """

    id: str
    file: str = ""
    sheet: str = ""
    coal_equivalent: str = ""
    power_rate: float | None = None
    sources: tuple[str, ...] = INDEX_SOURCES

    @property
    def name(self) -> str:
        """Return the id by which its result goes."""
        return PurePosixPath(self.id).stem if is_own(self.id) else self.id

    @property
    def files(self) -> list[str]:
        """Return its own files in the project: the declaration and the table."""
        return [one for one in (self.id, self.file) if one and (one == self.file or is_own(one))]


def is_own(index: str) -> bool:
    """Return whether the name of an index is a path in the project."""
    return index.endswith(_OWN)


def read_declared_index(one: Mapping[str, Any]) -> DeclaredIndex:
    """Return the index that a declaration names.

    Raises
    ------
    ProjectError
        If it has no id, a path leads out of the project, or a value is of another kind.
    """
    name = str(one.get("id", ""))
    if not name:
        raise ProjectError(say('index has no id; write id = "ccni-2.0" (carbonacct index list)'))
    rate = take_number("index.power_rate", one.get("power_rate"))
    if rate is not None and "coal_equivalent" not in one:
        raise ProjectError(
            say(
                "index.power_rate says how energy is taken from balances; write coal_equivalent "
                "beside it, or leave it out"
            )
        )
    sources = one.get("sources", INDEX_SOURCES)
    if isinstance(sources, str):
        raise ProjectError(say("index.sources is {text!r}; write a list of them", text=sources))
    return DeclaredIndex(
        id=take_path("index.id", name) if is_own(name) else name,
        file=take_file(one, "index", "file") if "file" in one else "",
        sheet=take_sheet_name("index.sheet", one.get("sheet", "")),
        coal_equivalent=str(one.get("coal_equivalent", "")),
        power_rate=rate,
        sources=tuple(take_choice("index.sources", word, INDEX_SOURCES) for word in sources),
    )
