"""Labels that mean another flow by the labels around them: the words, and what each means where."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def homonyms() -> Mapping[str, Mapping[str, str]]:
    """Return the folded labels that mean another flow among the parts of some flow: label -> that flow -> id.

    Examples
    --------
    >>> homonyms()["其他行业"]["industry"]
    'industry.other_branches'
    """
    found: dict[str, dict[str, str]] = {}
    for row in _rows("homonyms.csv"):
        for label in row["labels"].split("|") if row["among"] else ():
            found.setdefault(vocabulary.fold(label), {})[row["among"]] = row["id"]
    return found


@cache
def peers() -> Mapping[str, Mapping[str, str]]:
    """Return the folded labels that mean another flow behind one of their own parts, as a peer: label -> part -> id.

    Examples
    --------
    >>> peers()["other"]["other_services.commercial"]
    'final_unspecified'
    """
    found: dict[str, dict[str, str]] = {}
    for row in _rows("homonyms.csv"):
        for label in row["labels"].split("|") if row["behind"] else ():
            found.setdefault(vocabulary.fold(label), {})[row["behind"]] = row["id"]
    return found


@cache
def outsiders() -> Mapping[str, Mapping[str, str]]:
    """Return the folded labels that mean another flow outside some flow: label -> that flow -> id.

    Examples
    --------
    >>> outsiders()["non-energyuse"]["industry"]
    'non_energy_use'
    """
    found: dict[str, dict[str, str]] = {}
    for row in _rows("homonyms.csv"):
        for label in row["labels"].split("|") if row["outside"] else ():
            found.setdefault(vocabulary.fold(label), {})[row["outside"]] = row["id"]
    return found


@cache
def parts_beside() -> Mapping[str, Mapping[str, str]]:
    """Return the folded labels that mean a part of a flow where another label names it: label -> that flow -> id.

    Examples
    --------
    >>> parts_beside()["规模以上工业"]["industry"]
    'industry.above_scale'
    """
    found: dict[str, dict[str, str]] = {}
    for row in _rows("homonyms.csv"):
        for label in row["labels"].split("|") if row["beside"] else ():
            found.setdefault(vocabulary.fold(label), {})[row["beside"]] = row["id"]
    return found


@cache
def leaders() -> Mapping[str, str]:
    """Return the folded labels that mean a subtotal where they stand over all its members: label -> the subtotal.

    Examples
    --------
    >>> leaders()["othersectors"]
    'other_final_sectors'
    """
    rows = [row for row in _rows("homonyms.csv") if row["over"]]
    return {vocabulary.fold(label): row["id"] for row in rows for label in row["labels"].split("|")}


@cache
def scoped_words() -> Mapping[str, Mapping[str, str]]:
    """Return the folded labels that name a flow only under another, or a product among ``products``.

    Label -> scope -> id.

    Examples
    --------
    >>> scoped_words()["waterheating"]["households"]
    'households.water_heating'
    """
    found: dict[str, dict[str, str]] = {}
    for row in _rows("scoped_words.csv"):
        for word in row["words"].split("|"):
            found.setdefault(vocabulary.fold(word), {})[row["scope"]] = row["id"]
    return found


def _rows(table: str) -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / table)
