"""What stands beside an inventory: made from what, and found what, as long as its bytes are those."""

from __future__ import annotations

import hashlib
import json

import pytest

from carbonacct.inventory.manifest import FINDINGS, INVENTORY, MANIFEST, read_manifest

ROWS = b"area,year\nA,2020\n"
FOUND = (
    "rule,severity,where,message,action,worth_t\njump,warning,a.csv!B2,goes up,check it,12.5\n"
    "hidden-sheet,info,,m,,\n"
)


def put(folder, name=INVENTORY, **held):
    """Write an inventory with what stands beside it; return its path."""
    (folder / name).write_bytes(ROWS)
    (folder / FINDINGS).write_text(FOUND, encoding="utf-8")
    (folder / MANIFEST).write_text(json.dumps(held), encoding="utf-8")
    return folder / name


OWN = hashlib.sha256(ROWS).hexdigest()
OUTPUT = {"path": "other.csv", "bytes": OWN}


@pytest.mark.parametrize(
    "held", [{"inventory": OWN}, {"outputs": [{"path": "x.csv", "bytes": "0"}, OUTPUT]}]
)
@pytest.mark.parametrize("name", [INVENTORY, "other.csv"])
def test_what_was_written_together_is_read_together(tmp_path, name, held):
    """The inventory, or any output with the bytes that the manifest names; a worth is a number or none."""
    read = read_manifest(put(tmp_path, name, made_from=[{"method": "m"}], **held))
    assert read["made_from"] == [{"method": "m"}]
    first, second = read["findings"]
    assert first == {
        "rule": "jump",
        "severity": "warning",
        "where": "a.csv!B2",
        "message": "goes up",
        "action": "check it",
        "worth": 12.5,
    }
    assert (second["rule"], second["where"], second["worth"]) == ("hidden-sheet", "", None)
    (tmp_path / FINDINGS).unlink()
    assert read_manifest(tmp_path / name) == {"made_from": [{"method": "m"}], "findings": []}


@pytest.mark.parametrize(
    ("name", "held"),
    [
        (INVENTORY, {"inventory": "0"}),
        (INVENTORY, {}),
        ("other.csv", {"outputs": [OUTPUT | {"bytes": "0"}]}),
    ],
)
def test_of_what_was_changed_since_nothing_is_said(tmp_path, name, held):
    """Its manifest is of other bytes: a finding says so, with what to do."""
    read = read_manifest(put(tmp_path, name, made_from=[{"method": "m"}], **held))
    assert read.keys() == {"findings"}
    (found,) = read["findings"]
    assert (found["rule"], found["severity"], found["where"]) == ("changed-since", "warning", name)
    assert found["message"] == f"{name} was changed after {MANIFEST} was written"
    assert found["action"].startswith("take it from the submission again")


@pytest.mark.parametrize(
    "held", ["[1]", "not JSON", json.dumps({"inventory": "0", "outputs": []}), None]
)
def test_other_files_have_no_manifest(tmp_path, held):
    """None there, one that is none, one of other files: nothing is known, and that is no fault."""
    path = put(tmp_path, "mine.csv")
    (tmp_path / MANIFEST).unlink()
    if held is not None:
        (tmp_path / MANIFEST).write_text(held, encoding="utf-8")
    assert read_manifest(path) == {}


@pytest.mark.parametrize(
    "held",
    [
        {"outputs": {"main.js": "a"}},  # of a bundler
        {"outputs": 5},
        {"outputs": ["a.csv", None]},
        {"outputs": [], "inventory": [1]},
    ],
)
def test_a_manifest_of_another_program_says_nothing(tmp_path, held):
    """Files of this name are common: one that has another shape is no fault of the table beside it."""
    assert read_manifest(put(tmp_path, "mine.csv", **held)) == {}
