"""The store of a project: values under the hash of what they hold, whole or not there.

An object is a file named by the sha256 of its bytes and never changes. A key is the hash of
everything that a value depends on; the file under a key names the object. Equal keys mean equal
bytes, so two builds at once need no lock: whoever comes last writes what is there already. A build
that is killed leaves at most a temporary file. The store is a cache and may be deleted at any time, so
nothing in it waits for the disk: what a loss of power leaves empty is not there, and what it leaves in
other bytes than its name says is told when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import why_unwritten
from carbonacct.errors import ProjectError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = ".carbonacct"
_DAY = 86_400.0
_AT_ONCE = 8  # files that wait for the disk together
_BUSY = 2.0  # seconds for which a file that another program holds open is tried again


@dataclass(frozen=True)
class Store:
    """A store in a folder.

    Attributes
    ----------
    folder
        Its ``objects/``, ``keys/``, ``tmp/`` lie in it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder))
    ...     key = make_key("reading", {"bytes": "ab"})
    ...     digest = store.put(b"numbers", under=key)
    ...     store.find(key) == digest, store.read(digest), store.find(make_key("reading", {}))
    (True, b'numbers', None)
    """

    folder: Path

    def put(self, content: bytes, *, under: str | None = None) -> str:
        """Keep bytes and return their digest; `under` is the key that is to name them."""
        digest = digest_of(content)
        if not self.has(digest):
            _write(Path(self._object(digest)), content, self.folder / "tmp")
        if under is not None:
            # Of a key whose bytes are lost `find` says that there is none.
            _write(Path(self._key(under)), f"{digest}\n".encode(), self.folder / "tmp")
        return digest

    def find(self, key: str) -> str | None:
        """Return the digest under a key, None where there is none or its object is gone."""
        try:
            with open(self._key(key), encoding="ascii") as stream:  # noqa: PTH123 - thousands of them
                digest = stream.read().strip()
        except (OSError, UnicodeDecodeError):
            return None
        return digest if self.has(digest) else None

    def read(self, digest: str) -> bytes:
        """Return the bytes of an object.

        Raises
        ------
        ProjectError
            If the object is gone or its bytes are not those that its name says.
        """
        place = self._object(digest)
        try:
            with open(place, "rb") as stream:  # noqa: PTH123 - as above
                content = stream.read()
        except OSError as error:
            raise ProjectError(
                say(
                    "{place}: cannot be read ({strerror}); delete {folder} and build again",
                    place=place,
                    strerror=error.strerror,
                    folder=FOLDER,
                )
            ) from None
        if digest_of(content) != digest:
            raise ProjectError(
                say(
                    "{place}: is damaged; delete {folder} and build again",
                    place=place,
                    folder=FOLDER,
                )
            )
        return content

    def has(self, digest: str) -> bool:
        """Return whether bytes are in the store; a file that a loss of power left empty has none."""
        try:
            about = os.stat(self._object(digest))  # noqa: PTH116 - as above
        except (OSError, ValueError):  # not there, or no name at all
            return False
        return stat.S_ISREG(about.st_mode) and (about.st_size > 0 or digest == _EMPTY)

    def note(self, name: str, record: dict[str, Any]) -> None:
        """Keep a small record under a plain name, in the place of the one before."""
        _write(self._note(name), write_canonical(record), self.folder / "tmp")

    def recall(self, name: str) -> dict[str, Any]:
        """Return the record under a name, an empty one where there is none or it cannot be read."""
        try:
            held = json.loads(self._note(name).read_bytes())
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}

    def make_scratch(self) -> Path:
        """Return the folder for temporary files, made if it is not there."""
        folder = self.folder / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def sweep(self) -> int:
        """Delete temporary files older than a day, of builds that were killed; return how many."""
        swept = 0
        for file in (self.folder / "tmp").glob("*"):
            with contextlib.suppress(OSError):
                if time.time() - file.stat().st_mtime > _DAY:
                    shutil.rmtree(file) if file.is_dir() else file.unlink()
                    swept += 1
        return swept

    def _object(self, digest: str) -> str:
        return f"{self.folder}/objects/{digest[:2]}/{digest}"

    def _key(self, key: str) -> str:
        return f"{self.folder}/keys/{key[:2]}/{key}"

    def _note(self, name: str) -> Path:
        return self.folder / f"{name}.json"


@dataclass(frozen=True)
class RunShelf:
    """The pieces of a compiled table in the store, under the key of its run."""

    store: Store
    run: str

    def find(self, name: str) -> bytes | None:
        """Return the text of a piece, None where it is not there."""
        digest = self.store.find(self._key(name))
        return None if digest is None else self.store.read(digest)

    def put(self, name: str, content: bytes) -> None:
        """Keep the text of a piece."""
        self.store.put(content, under=self._key(name))

    def _key(self, name: str) -> str:
        return make_key("piece", {"run": self.run, "name": name})


def make_key(stage: str, inputs: dict[str, Any]) -> str:
    """Return the key of a stage's result: the hash of all that the stage reads.

    Examples
    --------
    >>> make_key("reading", {"a": 1, "b": 2}) == make_key("reading", {"b": 2, "a": 1})
    True
    """
    return digest_of(write_canonical({"schema": 1, "stage": stage, "inputs": inputs}))


def digest_of(content: bytes) -> str:
    """Return the sha256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


_EMPTY = digest_of(b"")


def write_canonical(record: Any) -> bytes:
    """Return a record as the one JSON of its kind: keys sorted, no spaces, NaN refused."""
    text = json.dumps(
        record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def write_whole(place: Path, content: bytes) -> None:
    """Write a file so that it is whole, or as it was, whenever the machine stops.

    Parameters
    ----------
    place
        Where the file is to be; its folder is made.
    content
        Its bytes.

    Raises
    ------
    ProjectError
        If it cannot be written, for instance while another program holds it open.
    """
    write_together({place: lambda: content})


def write_together(files: Mapping[Path, Callable[[], bytes]]) -> None:
    """Write files as `write_whole` writes one: some at once, as each waits for the disk, and each folder's names once.

    Parameters
    ----------
    files
        By place, what gives their bytes.

    Raises
    ------
    ProjectError
        If one cannot be read or written; those before it are in their places.
    """

    def write(place: Path) -> None:
        _write(place, files[place](), place.parent, is_synced=True)

    if len(files) > 1:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _ in pool.map(write, files):
                pass
    else:
        for place in files:
            write(place)
    for folder in dict.fromkeys(place.parent for place in files):
        try:
            _sync_folder(folder)
        except OSError as error:
            raise _not_written(folder, error) from None


def _write(place: Path, content: bytes, folder: Path, *, is_synced: bool = False) -> None:
    """Write a file in a folder and move it to its place, where it is whole or as it was.

    Its bytes are on the disk before it has its name if it is synced; so it is through a loss of power.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        half = folder / f".carbonacct-{os.getpid()}-{secrets.token_hex(8)}"
        try:
            with half.open("xb") as stream:
                stream.write(content)
                if is_synced:
                    stream.flush()
                    os.fsync(stream.fileno())
            _replace(half, place)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _not_written(place, error) from None


def _not_written(place: Path, error: OSError) -> ProjectError:
    reason = why_unwritten(error)
    return ProjectError(say("{place}: cannot be written ({reason})", place=place, reason=reason))


def _replace(source: Path, place: Path) -> None:
    """Move a file over another; one that is open elsewhere (Windows) is tried for two seconds."""
    until = time.monotonic() + _BUSY
    while True:
        try:
            source.replace(place)
        except PermissionError:
            if os.name != "nt" or time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last through a loss of power, where the system has that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
