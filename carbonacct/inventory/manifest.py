"""What a submission or a build says beside an inventory: what it was made from, and its findings."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from carbonacct.data import read_regular, read_rows
from carbonacct.texts import say

if TYPE_CHECKING:
    from pathlib import Path

INVENTORY = "inventory.csv"  # of a submission
MANIFEST = "manifest.json"
FINDINGS = "findings.csv"


def read_manifest(path: Path) -> dict[str, Any]:
    """Return ``made_from`` and ``findings`` that stand beside a CSV; nothing where none do.

    A manifest names the bytes of the files that it was written with. Of an inventory that was
    changed since it says nothing, and a finding says so.
    """
    try:
        held = json.loads(read_regular(path.parent / MANIFEST))
    except (OSError, ValueError):
        return {}
    # Other programs write files of this name beside their tables too.
    if not isinstance(held, dict) or not isinstance(held.get("outputs", []), list):
        return {}
    outputs = [one for one in held.get("outputs", []) if isinstance(one, dict)]
    known = [held.get("inventory"), *(one.get("bytes") for one in outputs)]
    name = path.name
    if hashlib.sha256(read_regular(path)).hexdigest() not in known:
        if path.name != INVENTORY and all(one.get("path", "") != name for one in outputs):
            return {}  # of other files
        message = say(
            "{name} was changed after {manifest} was written", name=name, manifest=MANIFEST
        )
        action = say("take it from the submission again, or leave what it was made from unsaid")
        finding = {"rule": "changed-since", "severity": "warning", "message": message}
        return {"findings": [{**finding, "where": name, "action": action}]}
    return {"made_from": held.get("made_from", ()), "findings": _read_findings(path.parent)}


def _read_findings(folder: Path) -> list[dict[str, Any]]:
    """Return the findings of a submission."""
    try:
        rows = read_rows(folder / FINDINGS)
    except (OSError, ValueError):
        return []
    names = ("rule", "severity", "where", "message", "action")
    return [
        {
            **{name: row.get(name, "") for name in names},
            "worth": float(row["worth_t"]) if row.get("worth_t") else None,
        }
        for row in rows
    ]
