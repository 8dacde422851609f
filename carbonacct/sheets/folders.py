"""The files that a path names: itself, the tables of a folder, or what a pattern finds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.errors import TableError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable

_PATTERN = frozenset("*?[")
# Of documents (.docx, .pdf, .json) most are no tables: those that are must be named.
SUFFIXES = frozenset(
    [".xls", ".xlsx", ".xlsb", ".ods", ".csv", ".tsv", ".html", ".htm", ".txt", ".gz", ".zip"]
)


def list_tables(folder: str | Path) -> list[Path]:
    """Return the files of a folder that may be tables, in order of their names.

    Raises
    ------
    TableError
        If there is none.

    Examples
    --------
    >>> [path.name for path in list_tables("docs/tables")][:2]
    ['beijing_2007.csv', 'chongqing_2007.csv']
    """
    found = sorted(
        path
        for path in Path(folder).iterdir()
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not path.name.startswith((".", "~$"))
    )
    if not found:
        raise TableError(
            say(
                "{folder}: the folder holds no table ({suffixes}); name the folder with the tables",
                folder=folder,
                suffixes=join_texts(", ", sorted(SUFFIXES)),
            )
        )
    return found


def find_files(paths: Iterable[object]) -> list[Path]:
    """Return the files that paths name: a file, the tables of a folder, or those of a pattern such as ``2019*.xls``.

    Paths may stand in lists of their own.

    Raises
    ------
    TableError
        If a folder or a pattern holds no table.
    TypeError
        If one is no path.

    Examples
    --------
    >>> [path.name for path in find_files(["docs/tables/*_2007.csv"])]
    ['beijing_2007.csv', 'chongqing_2007.csv']
    """
    found: list[Path] = []
    for path in paths:
        if isinstance(path, (list, tuple)):
            found += find_files(path)
            continue
        if not isinstance(path, (str, os.PathLike)):
            raise TypeError(
                say(
                    "a table is named by its path (a text or a Path), not by {kind}; a DataFrame or "
                    "an array is for make_balance",
                    kind=type(path).__name__,
                )
            )
        place = path if isinstance(path, Path) else Path(path)
        if place.is_dir():
            found += list_tables(place)
        elif _PATTERN & set(place.name) and not place.exists():
            fitting = sorted(one for one in place.parent.glob(place.name) if one.is_file())
            if not fitting:
                raise TableError(say("{path}: no file fits; check the pattern", path=path))
            found += fitting
        else:
            found.append(place)
    return found
