"""Small declarations for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.indices.index_declaration import read_index

if TYPE_CHECKING:
    from pathlib import Path

    from carbonacct.indices.index_declaration import Index

HEAD = 'title = "t"\ntitle_zh = "题"\npublisher = "p"\ndate = "2020"\nreference = "r"\n'
MIN_MAX = 'kind = "min-max"\nminimum = 0\nmaximum = 100\nsource = "s"'


def declare(
    folder: Path, *leaves: str, rules: str | dict[str, str] = MIN_MAX, more: str = ""
) -> Index:
    """Return an index of leaves, each ``id|key = value|...``; weights under one parent are equal unless said.

    Rules are lines of TOML, of the one rule ``r`` or by name; ``more`` stands at the top.
    """
    named = {"r": rules} if isinstance(rules, str) else rules
    text = (
        HEAD + more + "\n" + "".join(f"[rule.{name}]\n{lines}\n" for name, lines in named.items())
    )
    said = [dict(part.split(" = ", 1) for part in leaf.split("|")[1:]) for leaf in leaves]
    parents = [keys.get("parent", "") for keys in said]
    for leaf, keys in zip(leaves, said, strict=True):
        name = leaf.partition("|")[0]
        usual = {
            "zh": f'"名{name}"',
            "en": f'"{name}"',
            "weight": f'"1/{parents.count(keys.get("parent", ""))}"',
        }
        if f'"{name}"' not in parents:
            usual |= {
                "unit": '"%"',
                "direction": '"more"',
                "from": '"column"',
                "rule": '"r"',
                "place": '"table 1"',
            }
        lines = {"id": f'"{name}"', **usual, **keys}
        text += "[[indicator]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_index(path)
