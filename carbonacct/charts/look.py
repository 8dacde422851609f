"""How the shapes of a chart look: the style sheet of all pages, and on paper its light colours."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_RULE = re.compile(r"(?:^|(?<=\} ))((?:\.[\w-]+)+) \{([^{}]*)\}", re.MULTILINE)
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
FAMILY = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC','Droid Sans Fallback',sans-serif"
INK, GROUND = "--ink", "--ground"
STYLE = Path(__file__).with_name("charts.css")
COLOURS = 8  # of lines (l0 to l7) and of what is filled (s0 to s7); the next takes the first again


@cache
def colours() -> Mapping[str, str]:
    """Return the light colours of the page by the name of their variable.

    Examples
    --------
    >>> colours()["--ground"]
    '#fff'
    """
    held = STYLE.read_text(encoding="utf-8")
    held = held.partition("{")[2].partition("}")[0]
    pairs = (part.split(":") for part in held.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


@cache
def _rules() -> Mapping[frozenset[str], Mapping[str, str]]:
    """Return what the style sheet says of each set of classes."""
    style = STYLE.read_text(encoding="utf-8")
    found: dict[frozenset[str], dict[str, str]] = {}
    for selector, body in _RULE.findall(style):
        pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
        said = {
            name.strip(): _VARIABLE.sub(lambda match: colours()[match[1]], value.strip())
            for name, value in pairs
        }
        found.setdefault(frozenset(selector.split(".")) - {""}, {}).update(said)
    return found


def look_of(classes: str) -> dict[str, str]:
    """Return the properties of a shape of some classes, variables replaced by their colours.

    Examples
    --------
    >>> look_of("grid")["stroke"], look_of("point other")["fill-opacity"]
    ('#d5d9df', '.6')
    """
    held = frozenset(classes.split())
    found: dict[str, str] = {}
    for names in sorted(_rules(), key=len):
        if names <= held:
            found |= _rules()[names]
    return found
