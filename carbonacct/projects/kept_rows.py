"""The tables that a project keeps of what people decided: acceptances, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.data import read_rows
from carbonacct.errors import ProjectError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def read_kept(path: Path) -> list[dict[str, str]]:
    """Return the rows of such a table; none where the file is not there.

    Raises
    ------
    ProjectError
        If it cannot be read.
    """
    try:
        return read_rows(path)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise ProjectError(
            say("{name}: cannot be read ({error}); correct it", name=path.name, error=error)
        ) from None


def check_needed(
    row: Mapping[str, str], needed: Sequence[str], names: Sequence[str], where: str
) -> None:
    """Refuse a row that lacks what it must have.

    Raises
    ------
    ProjectError
        If it does.
    """
    for name in needed:
        if not row.get(name):
            raise ProjectError(
                say(
                    "{where}: has no {name}; write {names}",
                    where=where,
                    name=name,
                    names=",".join(names),
                )
            )
