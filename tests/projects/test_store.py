"""The store: values under their hash, whole whenever a writer is killed, two writers at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects.store import Store, digest_of, make_key, write_canonical, write_together

# Writes objects of some size under keys for ever, the same in every process.
WRITER = """
import itertools, sys
from pathlib import Path
from carbonacct.projects.store import Store, make_key
store = Store(Path(sys.argv[1]))
for number in itertools.count(int(sys.argv[2])):
    store.put(b"%d" % number * 5000, under=make_key("test", {"number": number}))
    store.note("last", {"number": number})
"""


def is_whole(store):
    """Return the objects and keys of a store after looking at every byte of it."""
    objects = {file.name for file in (store.folder / "objects").glob("??/*")}
    for digest in objects:
        assert digest_of(store.read(digest)) == digest
    keys = [file.name for file in (store.folder / "keys").glob("??/*")]
    for key in keys:
        assert store.find(key) in objects
    return objects, keys


def test_a_store_is_whole_whenever_its_writers_are_killed(tmp_path):
    """Two writers at once, killed at random points: no object is torn and no key dangles."""
    moments = random.Random(7)
    for round_ in range(8):
        start = str(round_ * 1000)
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, start]) for _ in range(2)
        ]
        deadline = time.monotonic() + 20
        place = tmp_path / "objects"
        before = len(list(place.glob("??/*")))
        # The second object of a round: the first has its key and its note by then.
        while len(list(place.glob("??/*"))) <= before + 1 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(moments.uniform(0, 0.05))
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
    store = Store(tmp_path)
    objects, keys = is_whole(store)
    assert len(objects) > 8
    assert len(keys) > 8
    assert "number" in store.recall("last")


def test_equal_values_are_one_object(tmp_path):
    """Two keys of one value share its object, and writing again changes nothing."""
    store = Store(tmp_path)
    for number in (1, 2, 2):
        store.put(b"same", under=make_key("test", {"number": number}))
    objects, keys = is_whole(store)
    assert (len(objects), len(keys)) == (1, 2)


def test_a_damaged_object_is_said(tmp_path):
    """A byte that was changed by hand is an error that says what to do, never a wrong number."""
    store = Store(tmp_path)
    digest = store.put(b"number 1")
    next((tmp_path / "objects").glob("??/*")).write_bytes(b"number 2")
    with pytest.raises(ProjectError, match="is damaged; delete"):
        store.read(digest)


def test_a_key_whose_object_is_gone_is_no_key(tmp_path):
    """A store that somebody thinned out is built again, not believed."""
    store = Store(tmp_path)
    key = make_key("test", {})
    digest = store.put(b"x", under=key)
    assert store.find(key) == digest
    next((tmp_path / "objects").glob("??/*")).unlink()
    assert store.find(key) is None
    with pytest.raises(ProjectError, match="cannot be read"):
        store.read(digest)


@pytest.mark.parametrize("left", [b"", b"\0" * 65, b"0123", b"\xff"])
def test_a_key_whose_bytes_are_lost_is_no_key(tmp_path, left):
    """What a loss of power may leave of a key names nothing, and the value is kept again."""
    store = Store(tmp_path)
    key = make_key("test", {})
    digest = store.put(b"x", under=key)
    next((tmp_path / "keys").glob("??/*")).write_bytes(left)
    assert store.find(key) is None
    store.put(b"x", under=key)
    assert store.find(key) == digest


def test_an_object_whose_bytes_are_lost_is_not_there(tmp_path):
    """What a loss of power left empty is kept again; bytes that are none are kept as any."""
    store = Store(tmp_path)
    key = make_key("test", {})
    digest = store.put(b"x", under=key)
    next((tmp_path / "objects").glob("??/*")).write_bytes(b"")
    assert (store.find(key), store.has(digest)) == (None, False)
    store.put(b"x")
    assert store.read(store.find(key)) == b"x"
    assert store.has(store.put(b""))


def test_files_that_are_written_together_are_all_written(tmp_path):
    """Each has its bytes; one that cannot be written is said by its name."""
    files = {tmp_path / f"{n % 3}" / f"{n}.csv": b"%d" % n for n in range(30)}
    write_together({place: partial(bytes, held) for place, held in files.items()})
    assert {place: place.read_bytes() for place in files} == files
    assert sum(file.is_file() for file in tmp_path.rglob("*")) == len(files)  # no temporary one
    (tmp_path / "bad.csv").mkdir()
    with pytest.raises(ProjectError, match=r"bad\.csv: cannot be written"):
        write_together({tmp_path / name: lambda: b"new" for name in ("good.csv", "bad.csv")})
    assert (tmp_path / "good.csv").read_bytes() == b"new"


def test_old_temporary_files_are_swept(tmp_path):
    """What a killed build left more than a day ago goes; what is fresh may still be written."""
    store = Store(tmp_path)
    (tmp_path / "tmp").mkdir()
    for name, age in (("old", 100_000), ("fresh", 10)):
        file = tmp_path / "tmp" / name
        file.write_bytes(b"half")
        os.utime(file, (time.time() - age,) * 2)
    assert store.sweep() == 1
    assert [file.name for file in (tmp_path / "tmp").iterdir()] == ["fresh"]


def test_canonical_json_is_one_text():
    """Order of keys makes no difference, order of lists does, and NaN is refused."""
    assert write_canonical({"b": [1, 2], "a": "重庆"}) == '{"a":"重庆","b":[1,2]}'.encode()
    assert write_canonical([1, 2]) != write_canonical([2, 1])
    with pytest.raises(ValueError, match="Out of range"):
        write_canonical({"a": float("nan")})


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    """A folder in the place of the file is an error of one line that names it."""
    (tmp_path / "last.json").mkdir()
    with pytest.raises(ProjectError, match="cannot be written"):
        Store(Path(tmp_path)).note("last", {})
