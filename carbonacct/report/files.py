"""Where a result goes: the kind follows the suffix, and a file is whole or not there."""

from __future__ import annotations

import errno
import io
import os
import stat
import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.data import why_unwritten, write_beside
from carbonacct.errors import OutputError, did_you_mean
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

# Kinds of a brief: the one home of their names.
BRIEFS = (".brief.html", ".brief.docx", ".brief.pdf")
# Endings that name a format of their own, and the command that writes it: no other file bears one.
_OWN_FORMATS = {".crt.json": "official", ".primap.csv": "inventory"} | dict.fromkeys(
    BRIEFS, "inventory"
)
# The time that documents bear: equal content is equal bytes.
NO_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)
# Headers of a ZIP archive (APPNOTE.TXT 4.3.7 and 4.3.12): time and day stand behind four or five words.
_LISTED, _TIME_IN_FILE, _TIME_IN_LISTING = b"PK\1\2", 10, 12
_DAY = (NO_CLOCK.year - 1980) << 9 | NO_CLOCK.month << 5 | NO_CLOCK.day
_EXTRAS = {
    "h5netcdf": "netcdf",
    "h5py": "netcdf",
    "pyarrow": "parquet",
    "docx": "word",
    "fpdf": "brief",
    "fontTools": "figures",
    "PIL": "figures",
}


def check_target(target: str, suffixes: Collection[str], *, overwrite: bool = False) -> str:
    """Return which of the suffixes a path ends in, whatever its case; the longest one where several fit.

    Raises
    ------
    OutputError
        If none does, the path ends in the name of another format (``.crt.json``), is a folder, lies
        in no folder, or is there and may not be replaced.

    Examples
    --------
    >>> check_target("City.XLSX", (".csv", ".xlsx"))
    '.xlsx'
    """
    path = Path(target)
    _check_free(path, target, overwrite=overwrite)
    fitting = [
        suffix
        for suffix in suffixes
        if path.name.lower().endswith(suffix) and path.name.lower() != suffix
    ]
    if not fitting:
        near = did_you_mean(path.suffix.lower(), suffixes)
        raise OutputError(
            say(
                "{target}: the kind of an output follows its suffix; {near} known: {suffixes}",
                target=target,
                near=near or "",
                suffixes=" ".join(suffixes),
            )
        )
    _check_format(path, target, suffixes)
    if not path.parent.is_dir():
        raise OutputError(
            say(
                "{target}: the folder {parent} does not exist; make it first",
                target=target,
                parent=path.parent,
            )
        )
    return max(fitting, key=len)


def _check_format(path: Path, target: str, suffixes: Collection[str]) -> None:
    for ending, command in _OWN_FORMATS.items():
        if path.name.lower().endswith(ending) and ending not in suffixes:
            raise OutputError(
                say(
                    "{target}: {ending} names a format of its own, which carbonacct {command} "
                    "writes; known here: {suffixes}",
                    target=target,
                    ending=ending,
                    command=command,
                    suffixes=" ".join(suffixes),
                )
            )


def _check_free(path: Path, target: str, *, overwrite: bool) -> None:
    try:
        is_folder = stat.S_ISDIR(os.lstat(path).st_mode) or path.is_dir()
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:  # too long, or with a NUL
        raise OutputError(
            say(
                "{target}: cannot be written ({reason})",
                target=target,
                reason=getattr(error, "strerror", None) or error,
            )
        ) from None
    if is_folder:
        raise OutputError(say("{target}: is a folder; name a file in it", target=target))
    if not overwrite:
        raise OutputError(
            say(
                "{target}: exists already; replace it with --overwrite, or name another file",
                target=target,
            )
        )


def save_whole(save: Callable[[io.BytesIO], object], path: str | Path) -> None:
    """Write what a library saves to a stream: libraries of formats complain long after a disk is full, or crash."""
    held = io.BytesIO()
    try:
        save(held)
    except (OSError, ImportError, OutputError):
        raise
    except Exception as error:  # noqa: BLE001 - a full place for temporary files has as many names as there are libraries
        raise OSError(
            errno.EIO, say("{name}: {error}", name=type(error).__name__, error=error)
        ) from None
    Path(path).write_bytes(held.getbuffer())


def save_archive(save: Callable[[io.BytesIO], object], path: str | Path) -> None:
    """Write a zipped document as `save_whole` does, without the time at which it was made.

    Equal content is equal bytes then, on any day.
    """
    save_whole(lambda stream: stream.write(_settle_times(save)), path)


def _settle_times(save: Callable[[io.BytesIO], object]) -> memoryview:
    """Return an archive with one time in every header; what is packed stays as it is."""
    made = io.BytesIO()
    save(made)
    with zipfile.ZipFile(made) as source:
        places = [member.header_offset + _TIME_IN_FILE for member in source.infolist()]
        listing = source.start_dir
    held = made.getbuffer()
    while held[listing : listing + 4] == _LISTED:
        places.append(listing + _TIME_IN_LISTING)
        lengths = struct.unpack_from("<3H", held, listing + 28)  # name, extra field, comment
        listing += 46 + sum(lengths)
    for place in places:
        struct.pack_into("<2H", held, place, 0, _DAY)
    return held


def place_file(target: str, write: Callable[[Path], object], *, overwrite: bool = False) -> None:
    """Write a file beside its place and move it there: whole or not at all, and what was there stays if it fails.

    Parameters
    ----------
    target
        Where the file is to be.
    write
        Writes to the path it is given, in a folder of its own beside the target; what else it puts
        into that folder is moved too.
    overwrite
        Whether files that are there may be replaced.

    Raises
    ------
    OutputError
        If the path is a folder, exists, cannot be written, or a package that its kind needs is
        missing.
    """
    path = Path(target)
    _check_free(path, target, overwrite=overwrite)
    try:
        write_beside(path, write, lambda place: _check_free(place, str(place), overwrite=overwrite))
    except ImportError as error:
        name = (error.name or "").partition(".")[0]
        extra = _EXTRAS.get(name, "all")
        raise OutputError(
            say(
                "{target}: needs the package {name}, which is not installed; pip install "
                "'carbonacct[{extra}]'",
                target=target,
                name=name or " ".join(str(error).split()),
                extra=extra,
            )
        ) from None
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            say(
                "{target}: cannot be written ({reason})",
                target=target,
                reason=why_unwritten(error),
            )
        ) from None
