"""Files of a project by what they hold: digests, and an index that spares reading them again."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import data_folders, read_regular
from carbonacct.errors import ProjectError
from carbonacct.projects.store import digest_of, make_key
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.projects.store import Store

_RACY = 2_000_000_000  # ns: a file as young as this may change again within its time stamp
_LOCKS = ("~$", ".~lock", ".")
_CODE = (".py", ".csv", ".toml", ".js", ".css", ".html", ".json", ".jinja")


@dataclass(frozen=True)
class Source:
    """A file of a project: its path relative to the folder, and the digest of its bytes."""

    path: str
    digest: str

    @property
    def name(self) -> str:
        """The name of the file, without its folder."""
        return self.path.rpartition("/")[2]


@dataclass
class Scanner:
    """Digests of files, remembered as long as size, time and inode of a file stay the same."""

    folder: Path
    store: Store

    def __post_init__(self) -> None:
        """Take up the index that was written last."""
        self._index: dict[str, Any] = self.store.recall("index")
        self._seen: dict[str, Any] = {}

    def digest(self, path: str) -> str:
        """Return the digest of a file's bytes.

        Raises
        ------
        ProjectError
            If it cannot be read.
        """
        place = f"{self.folder}/{path}"
        try:
            about = os.stat(place)  # noqa: PTH116 - thousands of them
            # The inode as well: a file moved into its place may keep size and time.
            mark = [about.st_size, about.st_mtime_ns, about.st_ino]
            known = self._index.get(path)
            if known is not None and known[:3] == mark:
                self._seen[path] = known
                return str(known[3])
            digest = digest_of(read_regular(place))
        except OSError as error:
            raise ProjectError(
                say(
                    "{path}: cannot be read ({strerror}); check the path",
                    path=path,
                    strerror=error.strerror,
                )
            ) from None
        # git's rule: what was written within the resolution of its time may be written again.
        if time.time_ns() - about.st_mtime_ns > _RACY:
            self._seen[path] = [*mark, digest]
        return digest

    def find(self, path: str) -> str:
        """Return the digest of a file's bytes, ``""`` of one that cannot be read: who reads it says why."""
        try:
            return self.digest(path)
        except ProjectError:
            return ""

    def save(self) -> None:
        """Keep the index for the next time."""
        if self._seen != self._index:
            self.store.note("index", self._seen)

    def tree(self, path: str) -> str:
        """Return one digest of all files in a folder, by name and bytes."""
        place = self.folder / path
        if not place.is_dir():
            raise ProjectError(
                say("{path}: is no folder of the project; make it, or correct the name", path=path)
            )
        names = sorted(
            str(file.relative_to(self.folder)) for file in place.rglob("*") if _is_input(file)
        )
        return make_key("tree", {name[len(path) :]: self.digest(name) for name in names})


def find_tables(declaration: Declaration) -> list[tuple[str, int]]:
    """Return the tables of a project, each with the position of its declaration, in order of names.

    A table of activity data is none, also where a pattern finds it.

    Raises
    ------
    ProjectError
        If a pattern finds nothing, or two declarations find the same file.
    """
    found: dict[str, int] = {}
    activities = {one.file for one in declaration.activities}
    for position, tables in enumerate(declaration.tables):
        named = declaration.folder / tables.files
        # The name of a file may hold what a pattern does: table [1].xlsx.
        exact = named.is_file() or not any(letter in tables.files for letter in "*?[")
        files = sorted(
            file.relative_to(declaration.folder).as_posix()
            for file in ([named] if named.is_file() else declaration.folder.glob(tables.files))
            if _is_input(file)
        )
        own = [file for file in files if file not in found and file not in activities]
        if exact and not files:
            raise ProjectError(
                say(
                    "{files}: there is no such table; put it there, or correct it",
                    files=tables.files,
                )
            )
        # A file that is named stands before a pattern that finds it as well.
        found |= dict.fromkeys(files if exact else own, position)
    replaced = {tables.supersedes for tables in declaration.tables if tables.supersedes}
    for name in sorted(replaced - found.keys()):
        raise ProjectError(
            say("{name}: is to be superseded, and there is no such table", name=name)
        )
    return sorted((file, position) for file, position in found.items() if file not in replaced)


def _is_input(file: Path) -> bool:
    return file.is_file() and not file.name.startswith(_LOCKS)


def digest_program() -> str:
    """Return the digest of the program's code and of the facts that it ships."""
    package = Path(__file__).resolve().parents[1]
    files = {
        f"{root.name}{folder[len(str(root)) :]}/{name}".replace(os.sep, "/"): f"{folder}/{name}"
        for root in (package, *data_folders())
        for folder, names in _walk(root)
        for name in names
        if os.path.splitext(name)[1] in _CODE  # noqa: PTH122 - a thousand of them at each start
    }
    return make_key("program", {name: _digest_of(file) for name, file in sorted(files.items())})


def _walk(root: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder below a root and the names of its files, without those of what Python compiled."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield folder, names


def _digest_of(file: str) -> str:
    with open(file, "rb") as stream:  # noqa: PTH123 - as above
        return digest_of(stream.read())
