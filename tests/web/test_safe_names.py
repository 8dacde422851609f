"""Files that come in: their names, their places, and that none is written over."""

from __future__ import annotations

import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold, store_file, sweep
from carbonacct.web.safe_names import clean_name

_EVIL = st.sampled_from(
    [
        "../",
        "..\\",
        "/",
        "C:\\",
        "\0",
        "\n",
        "\u202e",
        "\u200f",
        "!",
        "=1+1",
        "@",
        "CON",
        "nul.csv",
        ".",
        "..",
        "-rf",
        "~$",
        " ",
        "重庆",
        "é",
        "|",
        '"',
        "*",
        "a" * 300,
        "字" * 90,
        ".csv",
        ".xlsx",
    ]
)


@given(st.lists(st.one_of(_EVIL, st.text(max_size=12)), max_size=6).map("".join))
def test_a_clean_name_is_one_that_any_system_takes(name):
    """One part of a path, visible, of bounded length, no device, no formula, no part of an address; clean for good."""
    clean = clean_name(name)
    assert not set(clean) & set('/\\<>:"|?*!\0')
    assert not clean.startswith((".", "-", "~", " ", "=", "+", "@"))
    assert not clean.endswith((" ", "."))
    assert len(clean.encode()) <= 180
    assert all(unicodedata.category(letter)[0] != "C" for letter in clean)
    assert clean.partition(".")[0].strip().upper() not in {
        "CON",
        "NUL",
        "PRN",
        "AUX",
        "COM1",
        "LPT9",
    }
    assert clean_name(clean) == clean


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("重庆能源平衡表 2015.xls", "重庆能源平衡表 2015.xls"),
        ("C:\\data\\a.csv", "a.csv"),
        ("/etc/passwd", "passwd"),
        ("a!b.csv", "a_b.csv"),
        ("e\u0301.csv", "é.csv"),
        (".bashrc", "bashrc"),
        ("con.xlsx", "_con.xlsx"),
        ("\u202egnp.csv", "gnp.csv"),
        ("..", ""),
        ("", ""),
        ("//", ""),
    ],
)
def test_names(name, clean):
    """Names that people and others send."""
    assert clean_name(name) == clean


def test_no_file_is_written_over(tmp_path):
    """The same file again is the same; another of its name is refused, and what was there stays."""
    assert store_file(tmp_path, "tables", "../a.csv", b"one") == "tables/a.csv"
    assert store_file(tmp_path, "tables", "a.csv", b"one") == "tables/a.csv"
    with pytest.raises(WebError, match=r"error\.taken"):
        store_file(tmp_path, "tables", "a.csv", b"two")
    assert (tmp_path / "tables" / "a.csv").read_bytes() == b"one"
    with pytest.raises(WebError, match=r"error\.name"):
        store_file(tmp_path, "tables", "..", b"two")
    assert [path.name for path in (tmp_path / "tables").iterdir()] == ["a.csv"]


def test_a_disk_that_is_full_is_said(tmp_path, monkeypatch):
    """Room is asked for before anything is written."""
    monkeypatch.setattr(
        "carbonacct.web.keeping.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000})()
    )
    with pytest.raises(WebError, match=r"error\.disk"):
        store_file(tmp_path, "tables", "a.csv", b"one")
    assert not list((tmp_path / "tables").iterdir())


def test_what_was_half_taken_in_is_swept(tmp_path):
    """A server that was killed leaves parts, which the next one removes; files of people stay."""
    room = tmp_path / "tables"
    room.mkdir()
    (room / ".abc.part").write_bytes(b"half")
    (room / "a.part").write_bytes(b"whole")
    sweep(tmp_path)
    assert [path.name for path in room.iterdir()] == ["a.part"]


def test_one_writer_at_a_time(tmp_path):
    """Two sessions that save what they saw: one is kept and the other is told, whatever the order."""
    file = tmp_path / "mapping.csv"
    file.write_text("0", encoding="utf-8")
    version, outcomes = find_version(file), []

    def save(text):
        try:
            with hold(tmp_path, version, file):
                file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
            outcomes.append("kept")
        except WebError as error:
            outcomes.append(error.key)

    threads = [threading.Thread(target=save, args=(str(n),)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["error.version"] * 3 + ["kept"]
    assert len(file.read_text(encoding="utf-8")) == 2
