"""The words of the page in Chinese and English, from data."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = Path(__file__).parent / "files"
LANGUAGES = ("zh", "en")


@cache
def load_words() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return all words: section, key, and the pair of languages."""
    return tomllib.loads((FILES / "words.toml").read_text(encoding="utf-8"))


def word(key: str, lang: str, **values: object) -> str:
    """Return one of the words, ``"section.key"``, with values put in.

    Examples
    --------
    >>> word("nav.tables", "en"), word("nav.tables", "zh")
    ('Tables', '表格')
    """
    section, _, name = key.partition(".")
    text = load_words()[section][name][LANGUAGES.index(lang)]
    return text.format(**values) if values else text


def has_word(key: str) -> bool:
    """Return whether there is such a word."""
    section, _, name = key.partition(".")
    return name in load_words().get(section, {})
