"""Where the data tables of this package are, and the doors through which files come in and go out.

Other packages may bring factor editions, methods, their sector files, layouts and indices: folders
of the same shape, which `list_data` finds beside those that ship. Vocabulary and messages are this
package's alone.

Every file that a user names is read by `read_regular` (or by what stands on it): it has an end, a
size that memory holds, and is no device. What cannot be read is an `OSError` whose ``strerror``
says why in plain words, or a `ValueError`; each reader turns them into its own message. What is
written is whole or not there (`write_beside`), and no text in it is a formula (`harmless`).
"""

from __future__ import annotations

import csv
import errno
import io
import math
import os
import re
import stat
import tempfile
import tomllib
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.errors import FactorDataError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

CONVENTIONS = "CF-1.11"  # of NetCDF files
GROUP = "carbonacct.data"  # of the entry points by which a package names its folder
MAX_FILE = 50 * 2**20
MAX_CELLS = 2_000_000
MAX_COLUMNS = 4096  # of text; what reads it takes time for each column
RISKY = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # what a spreadsheet may take for a formula
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MAX_TOML = 2**19
_MAX_DOTS = 200  # in a line: the time that a dotted key takes grows with the square of its parts
_MAX_DEPTH = 20
_PACKAGE = Path(__file__).resolve().parent
# A pipe that nobody writes to must not be waited for, and a terminal must not become ours.
_HELD = frozenset({5, 32, 33})  # access denied, sharing violation, lock violation of Windows
_FLAGS = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"):
    _FLAGS |= getattr(os, _name, 0)


def data_folder() -> Path:
    """Return the folder that holds ``vocabulary/``, ``layouts/``, ``methods/`` and the factor editions.

    Raises
    ------
    FactorDataError
        If the installation lacks its data.

    Examples
    --------
    >>> (data_folder() / "methods").is_dir()
    True
    """
    for folder in (_PACKAGE / "_data", _PACKAGE.parent / "factors"):
        if (folder / "vocabulary").is_dir():
            return folder
    raise FactorDataError(
        say(
            "{package}: the factor tables are not installed; reinstall carbonacct", package=_PACKAGE
        )
    )


@cache
def data_folders() -> tuple[Path, ...]:
    """Return the folder of the data that ship, then those that installed packages bring.

    An entry point of the group ``carbonacct.data`` names a package; its folder holds the data.

    Raises
    ------
    FactorDataError
        If what an entry point names is no package that is installed.
    """
    found = [data_folder()]
    for name, module in sorted({(one.name, one.module) for one in entry_points(group=GROUP)}):
        try:
            spec = find_spec(module)
        except (ImportError, ValueError):
            spec = None
        if spec is None or not spec.submodule_search_locations:
            raise FactorDataError(
                say(
                    "the entry point {name} of {group} names {module}, which is no package; "
                    "mend or remove the package that brings it",
                    name=name,
                    group=GROUP,
                    module=module,
                )
            )
        found.append(Path(spec.submodule_search_locations[0]).resolve())
    return tuple(dict.fromkeys(found))


@cache
def list_data(pattern: str) -> Mapping[str, Path]:
    """Return the files of a pattern in all folders of data, by their path below it.

    Raises
    ------
    FactorDataError
        If two packages bring the same.

    Examples
    --------
    >>> list_data("methods/*.toml")["methods/ceads.toml"].name
    'ceads.toml'
    """
    found: dict[str, Path] = {}
    for folder in data_folders():
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder).as_posix()
            if name in found:
                raise FactorDataError(
                    say(
                        "{path}: {other} has the same name; rename it, or remove its package",
                        path=path,
                        other=found[name],
                    )
                )
            found[name] = path
    return found


def read_regular(path: str | Path, *, most: int = MAX_FILE) -> bytes:
    """Return the content of a regular file of at most so many bytes.

    Raises
    ------
    OSError
        If it is not there, a folder, a device or a pipe, or larger.

    Examples
    --------
    >>> read_regular("/dev/zero")
    Traceback (most recent call last):
    OSError: [Errno 22] is a device or a pipe, not a file: '/dev/zero'
    """
    try:
        handle = os.open(path, _FLAGS)
    except ValueError as error:  # a name that holds a NUL
        raise OSError(errno.EINVAL, str(error), str(path)) from None
    with open(handle, "rb") as stream:  # noqa: PTH123 - a handle has no path
        about = os.fstat(handle)
        if stat.S_ISDIR(about.st_mode):
            raise IsADirectoryError(errno.EISDIR, say("is a folder, not a file"), str(path))
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, say("is a device or a pipe, not a file"), str(path))
        # What is as long as it says takes one read; a buffer of the most would be made anew each time.
        content = b"" if about.st_size > most else stream.read(about.st_size + 1)
        if len(content) > about.st_size:
            content += stream.read(most + 1 - len(content))
    if about.st_size > most or len(content) > most:
        size = max(about.st_size, len(content)) >> 20
        raise OSError(
            errno.EFBIG,
            say(
                "is {size} MB, more than the {most_megabytes} MB read here",
                size=size,
                most_megabytes=most >> 20,
            ),
            str(path),
        )
    return content


def read_text(path: str | Path) -> str:
    """Return the text of a file in UTF-8, with or without its mark.

    Raises
    ------
    OSError, UnicodeDecodeError
        As `read_regular`, and if it is no UTF-8.
    """
    return read_regular(path).decode("utf-8-sig")


def open_csv(path: str | Path) -> io.StringIO:
    """Return the text of a CSV as a stream, its cells and columns counted.

    Raises
    ------
    OSError, UnicodeDecodeError
        As `read_text`, and if it has more columns or cells than a table has.
    """
    text = read_text(path)
    bound_cells(text)
    return io.StringIO(text, newline="")


def bound_cells(text: str, delimiter: str = ",", *, most: int = MAX_CELLS) -> None:
    """Refuse delimited text that has too many columns or cells.

    Raises
    ------
    OSError
        With the number that is too large.
    """
    cells = text.count(delimiter) + text.count("\n") + 1
    if cells > most:
        raise OSError(
            errno.EFBIG,
            say("has {cells} cells, more than the {most} read here", cells=cells, most=most),
        )
    widest = max((line.count(delimiter) for line in io.StringIO(text)), default=0) + 1
    if widest > MAX_COLUMNS:
        raise OSError(
            errno.EFBIG,
            say(
                "has a line of {widest} cells, more than the {max_columns} read here",
                widest=widest,
                max_columns=MAX_COLUMNS,
            ),
        )


def read_toml(path: str | Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Raises
    ------
    OSError, UnicodeDecodeError, tomllib.TOMLDecodeError
        As `read_text`; and if it is no TOML, larger or nested deeper than a declaration is.
    """
    text = read_text(path)
    if len(text) > _MAX_TOML or any(line.count(".") > _MAX_DOTS for line in text.split("\n")):
        raise tomllib.TOMLDecodeError(
            say("it is larger than a declaration, or has a line full of dots")
        )
    try:
        content = tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError(say("it is nested too deep")) from None
    level: list[Any] = [content]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        level = [inner for inner in level if isinstance(inner, (dict, list))]
    if level:
        raise tomllib.TOMLDecodeError(say("it is nested too deep"))
    return content


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of one data table, each with its line number under ``"line"``.

    Raises
    ------
    OSError, ValueError
        As `open_csv`, and if it is no CSV.
    """
    reader = csv.reader(open_csv(path))
    try:
        names = next(reader, [])
        places = [(name, j) for j, name in enumerate(names) if name]
        return [
            {
                **{name: row[j].strip() if j < len(row) else "" for name, j in places},
                "line": str(reader.line_num),
            }
            for row in reader
            if row
        ]
    except csv.Error as error:
        raise ValueError(str(error)) from None


def shown_name(path: str | Path) -> str:
    """Return the name of a file as text; bytes that are no UTF-8 become the replacement character."""
    return os.fsencode(Path(path).name).decode("utf-8", "replace")


def harmless(value: Any) -> Any:
    """Return a text that no spreadsheet takes for a formula; `plain` gives the text back.

    Numbers are left alone.

    Examples
    --------
    >>> harmless("=1+1"), harmless("-12.5"), harmless("重庆")
    ("'=1+1", '-12.5', '重庆')
    """
    is_risky = (
        isinstance(value, str)
        and value.lstrip("'").startswith(RISKY)
        and not _NUMBER.fullmatch(value)
    )
    return f"'{value}" if is_risky else value


def plain(text: str) -> str:
    """Return the text of which `harmless` made this one.

    Examples
    --------
    >>> plain("'=1+1"), plain("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(RISKY) else text


def describe_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as records of values that JSON knows: NaN is null, an infinite number a text."""
    columns = [
        [
            (
                value
                if not isinstance(value, float) or math.isfinite(value)
                else None
                if math.isnan(value)
                else str(value)
            )
            for value in frame[name].tolist()
        ]
        for name in frame.columns
    ]
    names = list(map(str, frame.columns))
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def why_unwritten(error: OSError) -> object:
    """Return why a file could not be written, with what to do where another program may hold it.

    Windows refuses to replace a file that is open in another program, such as Excel.

    Parameters
    ----------
    error
        What the system said; its ``winerror`` is there on Windows alone.

    Examples
    --------
    >>> why_unwritten(OSError(28, "No space left on device"))
    'No space left on device'
    """
    if getattr(error, "winerror", None) in _HELD:
        return say(
            "another program such as Excel may have it open: close it there; "
            "else you have no permission to write it"
        )
    return error.strerror or error


def write_beside(
    path: Path, write: Callable[[Path], object], check: Callable[[Path], object] = lambda _: None
) -> None:
    """Write a file in a folder of its own beside its place and move it there when it is whole.

    What was there stays if writing fails.

    Parameters
    ----------
    path
        Where the file is to be.
    write
        Writes to the path it is given; what else it puts into that folder is moved too.
    check
        Is asked about each place before anything is moved.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix=".carbonacct-", dir=path.parent) as folder:
        write(Path(folder) / path.name)
        made = sorted(Path(folder).iterdir())
        for file in made:
            check(path.parent / file.name)
        for file in made:
            file.replace(path.parent / file.name)
