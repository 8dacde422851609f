"""Which installed fonts hold the letters of some texts."""

from __future__ import annotations

import os
import struct
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.errors import OutputError
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SUFFIXES = (".ttf", ".ttc", ".otf", ".otc")
# Beginnings of the names of files, the better first: upright letters of medium weight.
_LATIN = (
    "DejaVuSans.",
    "arial.",
    "LiberationSans-Regular",
    "NotoSans-Regular",
    "Helvetica.",
    "segoeui.",
)
_CHINESE = (
    "NotoSansCJK-Regular",
    "NotoSansCJKsc-Regular",
    "SourceHanSansSC-Regular",
    "SourceHanSansCN-Regular",
    "NotoSansSC",
    "wqy-microhei",
    "wqy-zenhei",
    "msyh.",
    "PingFang",
    "Hiragino Sans GB",
    "STHeiti Light",
    "simhei",
    "DroidSansFallback",
)
_PREFERRED = tuple(name.lower() for name in (*_LATIN, *_CHINESE))
_GLYPHS = 65_536  # as many as a font can have
_SLANTED = ("bold", "italic", "oblique", "black", "lastresort")


def find_fonts(texts: Iterable[str]) -> list[str]:
    """Return files of fonts that together hold every character of some texts, as they are looked up in turn.

    Raises
    ------
    OutputError
        If no installed font has the characters.
    """
    wanted = {letter for text in texts for letter in text if not letter.isspace()}
    latin = {letter for letter in wanted if letter.isascii()} or {"0"}
    files = _list_fonts()
    first = _find_font(files, latin)
    missing = {letter for letter in wanted if first is None or not has_letter(first, letter)}
    second = _find_font(files, missing) if missing else None
    if missing and second is None:
        raise OutputError(
            say(
                "no installed font has {shown}; install one (Debian, Ubuntu: apt-get install "
                "fonts-noto-cjk), or give labels in English with lang='en'",
                shown="".join(sorted(missing)[:8]),
            )
        )
    return [font for font in (first, second) if font is not None]


def _find_font(files: Collection[str], letters: set[str]) -> str | None:
    """Return the first font that holds some letters."""
    return next((file for file in files if all(has_letter(file, one) for one in letters)), None)


def has_letter(file: str, letter: str) -> bool:
    """Return whether a font has a character."""
    return ord(letter) in _read_letters(file)


@cache
def _list_fonts() -> tuple[str, ...]:
    """Return the installed fonts, the preferred ones first, slanted and bold ones last."""
    found = {
        path
        for folder in _list_folders()
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES
    }

    def rank(path: Path) -> tuple[int, bool, str]:
        name = path.name.lower()
        at = next(
            (at for at, one in enumerate(_PREFERRED) if name.startswith(one)), len(_PREFERRED)
        )
        return at, any(word in name for word in _SLANTED), str(path)

    return tuple(map(str, sorted(found, key=rank)))


def _list_folders() -> list[Path]:
    """Return the folders of fonts of this system and of its user."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return [
            Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts"),
            *([Path(local, "Microsoft", "Windows", "Fonts")] if local else []),
        ]
    home = Path.home()
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    data = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    shared = (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    return [*(Path(part, "fonts") for part in (data, *shared) if part), home / ".fonts"]


@cache
def _read_letters(file: str) -> Collection[int]:
    """Return the characters of a font, the first of a collection; none where it cannot be read."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - an extra

    try:
        # Opened here: what is no font would stay open there.
        with Path(file).open("rb") as stream, TTFont(stream, fontNumber=0, lazy=True) as font:
            font.setGlyphOrder([""] * _GLYPHS)  # else it makes up a name for each, most of its time
            return (font.getBestCmap() or {}).keys()
    except (TTLibError, OSError, LookupError, ValueError, AssertionError, struct.error):
        return ()
