"""The words of flows, products and units, as the vocabulary lists them."""

from __future__ import annotations

import csv
import re
from functools import cache

from carbonacct import vocabulary
from carbonacct.data import data_folder

_IN_OTHER_WORDS = frozenset({"度", "t"})  # 年度 is no unit


def name_of(dim: str, label: str) -> str:
    """Return the Chinese name of a flow or product."""
    return vocabulary.name(dim, label, "zh") or vocabulary.name(dim, label, "en")


def parent_of(dim: str, label: str) -> str:
    """Return what a flow or product is a part of."""
    known = vocabulary.flows() if dim == "flow" else vocabulary.products()
    return known[label].parent


def parts_of(dim: str, label: str) -> list[str]:
    """Return the parts of a flow or product that a table may print."""
    return [row["id"] for row in _vocabulary(f"{dim}s") if row["parent"] == label]


@cache
def words_of(dim: str, label: str) -> tuple[str, ...]:
    """Return every known word for a flow or product."""
    row = next(row for row in _vocabulary(f"{dim}s") if row["id"] == label)
    words = (row["name_zh"], row["name_en"], *row["aliases"].split("|"))
    return tuple(word for word in words if word)


def without_unit(text: str) -> str:
    """Return a label without its unit and the brackets around that.

    >>> without_unit("原煤(万吨)"), without_unit("工业")
    ('原煤', '工业')
    """
    return UNIT.sub("", text).strip(" ()（）\r\n,:")


@cache
def _vocabulary(table: str) -> list[dict[str, str]]:
    path = data_folder() / "vocabulary" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _unit_pattern() -> re.Pattern[str]:
    spellings = {line["spelling"] for line in _vocabulary("units")} - _IN_OTHER_WORDS
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    spaced = [r"\s*".join(map(re.escape, spelling)) for spelling in longest_first]
    either = "|".join(spaced)
    return re.compile(rf"(?<![A-Za-z\d])(?:{either})(?![A-Za-z\d])", re.IGNORECASE)


UNIT = _unit_pattern()
