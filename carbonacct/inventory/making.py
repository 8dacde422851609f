"""What an inventory was made from: program, method, editions, options, files by their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.data import read_regular, shown_name
from carbonacct.inventory.record import MadeFrom
from carbonacct.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def describe_making(
    method: str,
    *,
    editions: Iterable[str] = (),
    options: Mapping[str, object] | None = None,
    files: Iterable[str | Path] = (),
) -> MadeFrom:
    """Return what an inventory is made from.

    Parameters
    ----------
    options
        What was chosen; a value that is false or empty is the default and left out.
    files
        What was read; of a folder, such as an overlay, all files in it.

    Raises
    ------
    OSError
        If a file cannot be read.

    Examples
    --------
    >>> made = describe_making("ceads", files=["docs/tables/chongqing_2007.csv"])
    >>> made.files[0][0], len(made.files[0][1])
    ('chongqing_2007.csv', 64)
    """
    paths = [path for file in files for path in _list_files(Path(file))]
    return MadeFrom(
        version=__version__,
        method=method,
        editions=tuple(dict.fromkeys(editions)),
        options=tuple((name, str(value)) for name, value in (options or {}).items() if value),
        files=tuple(dict.fromkeys((shown_name(path), _hash(path)) for path in paths)),
    )


def _list_files(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def _hash(path: Path) -> str:
    return hashlib.sha256(read_regular(path)).hexdigest()
