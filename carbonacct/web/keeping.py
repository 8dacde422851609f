"""Files of a project that the page writes: one writer at a time, and never over what changed meanwhile."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import sys
from typing import TYPE_CHECKING

from carbonacct.data import read_regular
from carbonacct.projects.store import FOLDER
from carbonacct.web.exchange import WebError
from carbonacct.web.safe_names import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "serve.lock"
_PART = ".part"
_SPARE = 100 * 2**20  # bytes that a disk keeps free


def find_version(*files: Path) -> str:
    """Return the version of some files: what a page was made of, and a form sends back."""
    held = hashlib.sha256()
    for file in files:
        try:
            content = read_regular(file)
        except FileNotFoundError:
            content = b""
        held.update(hashlib.sha256(content).digest())
    return held.hexdigest()[:32]


@contextlib.contextmanager
def hold(folder: Path, version: str, *files: Path) -> Iterator[None]:
    """Let nobody else write into a project, and refuse if files are not those of a version.

    Raises
    ------
    WebError
        409 if somebody changed a file since the page was made.
    """
    path = folder / FOLDER / _LOCK
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as stream:
        _lock(stream.fileno())
        try:
            if find_version(*files) != version:
                raise WebError(409, "error.version")
            yield
        finally:
            _unlock(stream.fileno())


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        # LK_LOCK gives up after ten seconds, where flock waits.
        while True:
            os.lseek(handle, 0, os.SEEK_SET)
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
            except OSError as error:
                if error.errno != errno.EDEADLK:
                    raise
            else:
                return

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def store_file(folder: Path, room: str, name: str, content: bytes) -> str:
    """Put a file that came in into a room of a project, whole and never over another.

    Returns
    -------
    str
        Its path in the project.

    Raises
    ------
    WebError
        If it has no name, the name is taken, the disk is full, or it cannot be written.
    """
    clean = clean_name(name)
    if not clean:
        raise WebError(422, "error.name")
    target = folder / room / clean
    half = target.parent / f".{secrets.token_hex(8)}{_PART}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(target.parent).free < len(content) + _SPARE:
            raise WebError(507, "error.disk")
        try:
            with half.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            _name(half, target)
        finally:
            half.unlink(missing_ok=True)
    except FileExistsError:
        if read_regular(target) != content:
            raise WebError(409, "error.taken", name=clean) from None
    except OSError as error:
        raise WebError(507, "error.unwritten", name=clean, why=error.strerror or "") from None
    return f"{room}/{clean}"


def move_file(folder: Path, path: str, room: str) -> str:
    """Move a file of a project into a room, never over another; return its path there."""
    source = folder / path
    target = folder / room / source.name
    target.parent.mkdir(exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{source.stem}-{number}{source.suffix}")
    try:
        source.rename(target)
    except OSError as error:
        raise WebError(507, "error.unwritten", name=path, why=error.strerror or "") from None
    return f"{room}/{target.name}"


def _name(half: Path, target: Path) -> None:
    """Give a file its name, and fail where the name is taken."""
    if os.name == "nt":
        half.rename(target)
    else:
        os.link(half, target)


def sweep(folder: Path) -> None:
    """Delete what is left of files that a server which was killed was taking in."""
    for half in folder.glob(f"*/.*{_PART}"):
        with contextlib.suppress(OSError):
            half.unlink()
