"""carbonacct.toml written by the program: what a person wrote in it stays where it can."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from carbonacct.data import read_text, read_toml
from carbonacct.errors import ProjectError
from carbonacct.projects.project_declaration import FILE, read_declaration
from carbonacct.projects.store import write_whole
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z_]+)\s*\]\]?\s*(?:#.*)?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def edit_declaration(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change what the carbonacct.toml of a project declares.

    Parameters
    ----------
    folder
        Of the project.
    change
        Is given what the file holds, and changes it.

    Raises
    ------
    ProjectError
        If the file cannot be read, or what it would hold is no declaration: the file stays.
    """
    path = folder / FILE
    read_declaration(folder)
    text = read_text(path)
    wanted = copy.deepcopy(read_toml(path))
    change(wanted)
    changed = write_declaration(text, wanted)
    if changed == text:
        return
    write_whole(path, changed.encode())
    try:
        read_declaration(folder)
    except ProjectError:
        write_whole(path, text.encode())
        raise


def write_declaration(text: str, wanted: Mapping[str, Any]) -> str:
    r"""Return the text of a declaration that holds what is wanted.

    Lines of what stays, and comments, are kept. Where the layout of the text does not allow that,
    such as a table on one line, the whole is written anew under its first comment.

    Examples
    --------
    >>> print(write_declaration('# mine\n[project]\nyears = "2015"  # so far\n', {"project": {"years": "2016"}}))
    # mine
    [project]
    years = "2016"
    <BLANKLINE>
    """
    held = tomllib.loads(text)
    if held == wanted:
        return text
    edited = _edit_lines(text, held, wanted)
    return edited if _parse(edited) == wanted else _write_anew(text, wanted)


def _parse(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _edit_lines(text: str, held: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Return a text with keys of its tables changed line by line, and new tables at its end."""
    lines = text.removesuffix("\n").split("\n")  # TOML knows no other end of a line
    for name, value in wanted.items():
        before = held.get(name)
        if value == before:
            pass
        elif isinstance(value, dict) and isinstance(before, dict):
            _edit_section(lines, (name, 0), before, value)
        elif _is_tables(value) and (before is None or _is_tables(before)):
            _edit_tables(lines, name, before or [], value)
        elif isinstance(value, dict) and before is None:
            lines += ["", f"[{name}]", *_write_keys(value)]
        else:
            _edit_section(lines, ("", 0), {name: before}, {name: value})
    for name in held.keys() - wanted.keys():
        for number in reversed(range(len(held[name]) if _is_tables(held[name]) else 1)):
            _remove_section(lines, (name, number))
    return "\n".join(lines) + "\n"


def _edit_tables(
    lines: list[str],
    name: str,
    before: Sequence[Mapping[str, Any]],
    after: Sequence[Mapping[str, Any]],
) -> None:
    """Change a list of tables: those that are gone, those that changed, new ones."""
    kept = list(before)
    for number in reversed(range(len(kept))):
        if kept[number] not in after and len(kept) > len(after):
            _remove_section(lines, (name, number))
            del kept[number]
    for number, (one, other) in enumerate(zip(kept, after, strict=False)):
        _edit_section(lines, (name, number), one, other)
    for one in after[len(kept) :]:
        lines += ["", f"[[{name}]]", *_write_keys(one)]


def _remove_section(lines: list[str], section: tuple[str, int]) -> None:
    """Remove a table with its header, up to the next one."""
    start, end = _find_section(lines, section)
    if 0 < start <= len(lines):
        del lines[start - 1 : end]


def _edit_section(
    lines: list[str], section: tuple[str, int], before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    start, end = _find_section(lines, section)
    for key, value in after.items():
        if before.get(key) == value:
            continue
        line = f"{_write_name(key)} = {_write_value(value)}"
        at = next((n for n in range(start, end) if _names(lines[n], key)), None)
        if at is not None:
            lines[at] = line
        else:
            last = max((n for n in range(start, end) if lines[n].strip()), default=start - 1)
            lines.insert(last + 1, line)
            end += 1
    for key in before.keys() - after.keys():
        gone = [n for n in range(start, end) if _names(lines[n], key)]
        for n in gone:
            del lines[n]
        end -= len(gone)


def _find_section(lines: list[str], section: tuple[str, int]) -> tuple[int, int]:
    """Return the lines of a table: the first behind its header, and the first behind it."""
    name, number = section
    headers = [(n, found[2]) for n, line in enumerate(lines) if (found := _HEADER.fullmatch(line))]
    own = [n for n, known in headers if known == name]
    start = 0 if not name else own[number] + 1 if number < len(own) else len(lines)
    return start, next((n for n, _ in headers if n >= start), len(lines))


def _names(line: str, key: str) -> bool:
    return re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line) is not None


def _write_anew(text: str, wanted: Mapping[str, Any]) -> str:
    first = []
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        first.append(line)
    plain = {key: value for key, value in wanted.items() if not _is_section(value)}
    lines = [*first, *_write_keys(plain)]
    for name, value in wanted.items():
        if isinstance(value, dict):
            lines += ["", f"[{_write_name(name)}]", *_write_keys(value)]
        elif _is_tables(value):
            for one in value:
                lines += ["", f"[[{_write_name(name)}]]", *_write_keys(one)]
    return "\n".join(lines) + "\n"


def _is_section(value: object) -> bool:
    return isinstance(value, dict) or _is_tables(value)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _write_keys(table: Mapping[str, Any]) -> list[str]:
    return [f"{_write_name(key)} = {_write_value(value)}" for key, value in table.items()]


def _write_name(key: str) -> str:
    return key if _BARE.fullmatch(key) else _write_text(key)


def _write_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return _write_text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_write_value, value))}]"
    if isinstance(value, dict):
        inner = ", ".join(_write_keys(value))
        return f"{{ {inner} }}" if inner else "{}"
    raise ProjectError(
        say("{file}: {value} cannot be written into it; write it by hand", file=FILE, value=value)
    )


def _write_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
