"""Names: of files that come in, of things that addresses speak of, of what lies in a project."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from carbonacct.errors import ProjectError
from carbonacct.texts import say

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 180
# What file systems do not take, and `!`, which parts file, sheet and cell in addresses.
_REFUSED = re.compile(r'[<>:"|?*!]')
_FORMULA = "=+@＝＋＠"  # what a spreadsheet may take for a formula: names go into workbooks
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)


def clean_name(name: str) -> str:
    r"""Return a name for a file that any file system, address and workbook takes; "" if none is left.

    Examples
    --------
    >>> clean_name("C:\\data\\重庆 2015.xls"), clean_name("../../a!b.csv"), clean_name("=1+1.csv")
    ('重庆 2015.xls', 'a_b.csv', '_=1+1.csv')
    >>> clean_name("..."), clean_name("nul.csv")
    ('', '_nul.csv')
    """
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(one for one in base if unicodedata.category(one)[0] != "C")
    text = _REFUSED.sub("_", seen).strip().lstrip(".-~ ").rstrip(". ")
    if text.startswith(tuple(_FORMULA)) or _DEVICES.fullmatch(text.partition(".")[0].strip()):
        text = f"_{text}"
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = text, ""
    else:
        suffix = f".{suffix}"
    room = _MOST_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + suffix if stem else ""


def make_id(*parts: str) -> str:
    """Return what addresses call something: it tells nothing, and is looked up in a listing."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def check_inside(folder: Path, path: str) -> Path:
    """Return the place of a project's file that the page may read or write.

    Raises
    ------
    ProjectError
        If it leads out of the project's folder, by a link.
    """
    place = folder / path
    if not place.resolve().is_relative_to(folder.resolve()):
        raise ProjectError(
            say(
                "{path}: leads out of the project's folder; put the file itself there, or correct"
                " carbonacct.toml",
                path=path,
            )
        )
    return place
