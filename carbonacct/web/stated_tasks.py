"""What a project states in words: notation keys with their reasons, and notes for its reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import read_toml
from carbonacct.inventory.stated_keys import KEYS
from carbonacct.projects.editing import edit_declaration
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.stated_in_project import read_note, read_stated
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import hold
from carbonacct.web.project_view import open_project
from carbonacct.web.safe_names import make_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from carbonacct.projects.project_declaration import Declaration

# The tables of the declaration, and what reads a row of each.
_READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "notation": read_stated,
    "note": read_note,
}
_FIELDS = {
    "notation": ("category", "key", "in", "area", "years", "gas", "because"),
    "note": ("text", "category", "area", "years"),
}


def show_statements(declaration: Declaration) -> dict[str, Any]:
    """Return what a declaration states, each with a key by which it is taken back."""
    held = read_toml(declaration.folder / FILE)
    rows = {
        table: [
            {name: _show(one.get(name, "")) for name in _FIELDS[table]} | {"id": _name(table, one)}
            for one in _list(held, table)
        ]
        for table in _READERS
    }
    return {"statements": rows["notation"], "notes": rows["note"], "keys": KEYS}


def add_stated(
    progress: Callable[[str], None], *, folder: str, version: str, stated: Mapping[str, str]
) -> dict[str, Any]:
    """State a notation key or a note.

    Raises
    ------
    ProjectError
        If it is none, or against a rule of statements.
    """
    progress("")
    path = Path(folder)
    open_project(path)
    table = "note" if stated.get("table") == "note" else "notation"
    row = {name: stated[name].strip() for name in _FIELDS[table] if stated.get(name, "").strip()}
    _READERS[table](row)

    def change(held: dict[str, Any]) -> None:
        held[table] = [*_list(held, table), row]

    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}


def remove_stated(
    progress: Callable[[str], None], *, folder: str, version: str, picked: str
) -> dict[str, Any]:
    """Take back a notation key or a note."""
    progress("")
    path = Path(folder)
    declaration = open_project(path)
    known = show_statements(declaration)
    if picked not in {one["id"] for one in (*known["statements"], *known["notes"])}:
        raise WebError(409, "error.version")

    def change(held: dict[str, Any]) -> None:
        for table in _READERS:
            kept = [one for one in _list(held, table) if _name(table, one) != picked]
            held.pop(table, None)
            if kept:
                held[table] = kept

    with hold(path, version, path / FILE):
        edit_declaration(path, change)
    return {}


def _list(held: Mapping[str, Any], table: str) -> list[Mapping[str, Any]]:
    found = held.get(table, [])
    return list(found) if isinstance(found, list) else [found]


def _name(table: str, one: Mapping[str, Any]) -> str:
    return make_id("stated", table + repr(sorted(one.items())))


def _show(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
