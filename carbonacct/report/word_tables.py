"""Words of a kind of output, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class WordTable:
    """Words by their key, each in Chinese and English; called for one of them.

    Examples
    --------
    >>> word = WordTable({"more": ("另有 {count} 项", "{count} more")})
    >>> word("more", "zh", count=3), word("more", "en", count=3)
    ('另有 3 项', '3 more')
    """

    pairs: Mapping[str, tuple[str, str]]

    def __call__(self, key: str, lang: str, **values: object) -> str:
        """Return a word in a language, with values put in."""
        return self.pairs[key][lang != "zh"].format(**values)
