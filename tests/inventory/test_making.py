"""What an inventory was made from: files by their hash, options that are no defaults, each thing once."""

from __future__ import annotations

import hashlib

import pytest

from carbonacct.inventory.making import describe_making
from carbonacct.version import __version__


def test_files_are_named_with_their_hash(tmp_path):
    """Each once, in the order in which they were read; a folder with all files in it."""
    overlay = tmp_path / "ours" / "waste"
    overlay.mkdir(parents=True)
    for path, text in (
        (tmp_path / "b.csv", "2"),
        (overlay / "x.csv", "3"),
        (tmp_path / "ours" / "a.toml", "1"),
    ):
        path.write_text(text, encoding="utf-8")
    made = describe_making(
        "m", files=[tmp_path / "b.csv", tmp_path / "ours", str(tmp_path / "b.csv")]
    )
    assert [name for name, _ in made.files] == ["b.csv", "a.toml", "x.csv"]
    assert [digest for _, digest in made.files] == [
        hashlib.sha256(text).hexdigest() for text in (b"2", b"1", b"3")
    ]
    with pytest.raises(OSError, match="No such file"):
        describe_making("m", files=[tmp_path / "nothing.csv"])


def test_options_that_are_defaults_are_left_out():
    """What is false, empty or nothing says nothing; editions stand once, the version is this one's."""
    options = {
        "grid": "nation",
        "exact": True,
        "gwp": "",
        "pool": None,
        "strict": False,
        "gases": ["CO2"],
    }
    made = describe_making("m", editions=["a", "b", "a"], options=options)
    assert made.options == (("grid", "nation"), ("exact", "True"), ("gases", "['CO2']"))
    assert made.editions == ("a", "b")
    assert (made.version, made.method, made.files) == (__version__, "m", ())
    assert describe_making("m").options == ()
