"""Files of a project: which are tables, and when a digest that is remembered counts."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects import scanning
from carbonacct.projects.scanning import Scanner, Source, find_tables
from carbonacct.projects.store import digest_of


class Kept:
    """A store that keeps one index."""

    def __init__(self):
        self.index, self.noted = {}, 0

    def recall(self, _name):
        """Return what was kept last."""
        return dict(self.index)

    def note(self, _name, index):
        """Keep an index."""
        self.index, self.noted = index, self.noted + 1


@pytest.fixture
def folder(tmp_path):
    """Return a folder of two tables, one day old."""
    (tmp_path / "tables").mkdir()
    for name in ("a.csv", "b.csv"):
        write(tmp_path / "tables" / name, name)
    return tmp_path


def write(path, text, age=86_400.0):
    """Write a file as old as some seconds."""
    path.write_text(text, encoding="utf-8")
    then = time.time() - age
    os.utime(path, (then, then))


def scan(folder, store, *names):
    """Return the digests of files, and keep the index."""
    scanner = Scanner(folder, store)
    found = [scanner.digest(name) for name in names]
    scanner.save()
    return found


def test_a_digest_is_remembered_until_the_file_is_another(folder, monkeypatch):
    """By size, time and inode: what stays is not read again, and an index that stays is not written again."""
    store = Kept()
    expected = [digest_of(b"a.csv"), digest_of(b"b.csv")]
    assert scan(folder, store, "tables/a.csv", "tables/b.csv") == expected
    read = []
    monkeypatch.setattr(scanning, "read_regular", lambda place: read.append(place) or b"other")
    assert scan(folder, store, "tables/a.csv", "tables/b.csv") == expected
    assert (read, store.noted) == ([], 1)
    about = (folder / "tables" / "a.csv").stat()
    (folder / "moved").write_text(
        "A.csv", encoding="utf-8"
    )  # the same size and time, another inode
    os.utime(folder / "moved", ns=(about.st_atime_ns, about.st_mtime_ns))
    (folder / "moved").replace(folder / "tables" / "a.csv")
    assert scan(folder, store, "tables/a.csv") == [digest_of(b"other")]
    assert len(read) == 1
    assert list(store.index) == ["tables/a.csv"]  # what is not asked for is forgotten


def test_a_file_that_was_just_written_is_read_again(folder):
    """Within the resolution of its time it may be written again, with the same size."""
    store = Kept()
    (folder / "new.csv").write_text("one", encoding="utf-8")
    assert scan(folder, store, "new.csv") == [digest_of(b"one")]
    assert store.index == {}
    write(folder / "new.csv", "two", age=3.0)
    assert scan(folder, store, "new.csv") == [digest_of(b"two")]
    assert list(store.index) == ["new.csv"]


def test_a_folder_has_one_digest_of_names_and_bytes(folder):
    """Whatever its path is; locks of programs that are open and hidden files are no input."""
    scanner = Scanner(folder, Kept())
    before = scanner.tree("tables")
    for name in ("~$a.xlsx", ".~lock.a.csv#", ".hidden"):
        write(folder / "tables" / name, "x")
    assert scanner.tree("tables") == before
    (folder / "tables").rename(folder / "sheets")
    assert scanner.tree("sheets") == before
    (folder / "sheets" / "a.csv").rename(folder / "sheets" / "c.csv")
    assert scanner.tree("sheets") != before
    with pytest.raises(ProjectError, match="tables: is no folder of the project"):
        scanner.tree("tables")
    with pytest.raises(ProjectError, match=r"tables/a\.csv: cannot be read \(No such file"):
        scanner.digest("tables/a.csv")


def declare(folder, *patterns, supersedes=""):
    """Return a declaration of tables; the last replaces another."""
    tables = [SimpleNamespace(files=pattern, supersedes="") for pattern in patterns]
    tables[-1].supersedes = supersedes
    return SimpleNamespace(activities=(), folder=folder, tables=tables)


@pytest.mark.parametrize(
    ("patterns", "supersedes", "found"),
    [
        (["tables/*.csv"], "", [("tables/a.csv", 0), ("tables/b.csv", 0)]),
        # A file that is named stands before patterns, whichever comes first; the first of two patterns counts.
        (["tables/*.csv", "tables/a.csv"], "", [("tables/a.csv", 1), ("tables/b.csv", 0)]),
        (["tables/a.csv", "tables/*.csv"], "", [("tables/a.csv", 0), ("tables/b.csv", 1)]),
        (["tables/*.csv", "tables/b*"], "", [("tables/a.csv", 0), ("tables/b.csv", 0)]),
        (["tables/*.xlsx"], "", []),  # nothing yet
        (["tables/a.csv", "tables/b.csv"], "tables/a.csv", [("tables/b.csv", 1)]),
    ],
)
def test_tables_that_patterns_find(folder, patterns, supersedes, found):
    """In order of names, each with its declaration."""
    assert find_tables(declare(folder, *patterns, supersedes=supersedes)) == found


def test_a_name_may_hold_what_a_pattern_does(folder):
    """A table [1].csv is that file."""
    write(folder / "t[1].csv", "x")
    write(folder / "t1.csv", "x")
    assert find_tables(declare(folder, "t[1].csv")) == [("t[1].csv", 0)]


def test_a_table_that_is_named_has_to_be_there(folder):
    """And so does one that is replaced."""
    with pytest.raises(ProjectError, match=r"tables/c\.csv: there is no such table"):
        find_tables(declare(folder, "tables/c.csv"))
    with pytest.raises(
        ProjectError, match=r"old\.csv: is to be superseded, and there is no such table"
    ):
        find_tables(declare(folder, "tables/*.csv", supersedes="old.csv"))
    assert Source("tables/a.csv", "").name == Source("a.csv", "").name == "a.csv"


def test_the_program_is_its_code_and_facts_wherever_they_lie():
    """The same of each call: a digest that changes would make every result stale."""
    first = scanning.digest_program()
    assert first == scanning.digest_program()
    assert len(first) == len(digest_of(b""))
