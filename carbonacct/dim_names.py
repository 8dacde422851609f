"""The labels of activity data (a process, an animal, a gas) by dim: their names, and how printed words find them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows
from carbonacct.texts import Both, join_names
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@cache
def _rows() -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / "labels.csv")


@cache
def dim_labels(dim: str) -> Mapping[str, tuple[str, str]]:
    """Return the labels of a dim of activity data (a process, an animal), each with its Chinese and English name.

    Empty for a dim that the vocabulary does not list: it takes any label.

    Examples
    --------
    >>> dim_labels("nitric_process")["medium_pressure"]
    ('中压法', 'medium pressure')
    """
    return {row["id"]: (row["name_zh"], row["name_en"]) for row in _rows() if row["dim"] == dim}


def name_label(dim: str, label: str) -> tuple[str, str]:
    """Return the Chinese and the English name of a label; of one that is not listed, what it is.

    Examples
    --------
    >>> name_label("climates", "tropical_montane"), name_label("plant", "A1")
    (('热带山地', 'tropical montane'), ('A1', 'A1'))
    """
    return dim_labels(dim).get(label, (label, label))


def name_labels(item: str, dims: Sequence[str], lang: str = "en") -> str:
    """Return the labels of an entry of a source by their names.

    Examples
    --------
    >>> name_labels("dairy_cattle", ["animal"], "zh"), name_labels("", [])
    ('奶牛', '')
    """
    labels = item.split(",") if item else []
    side = 0 if lang == "zh" else 1
    return join_names(
        (name_label(dim, label)[side] for dim, label in zip(dims, labels, strict=False)),
        lang,
    )


def called_label(dim: str, label: str) -> Both:
    """Return a label as a message says it: its id, in Chinese its name.

    Examples
    --------
    >>> called_label("crop", "sugar_cane"), called_label("crop", "sugar_cane").zh
    ('sugar_cane', '甘蔗')
    """
    return Both(label, name_label(dim, label)[0])


@cache
def label_words(dim: str) -> Mapping[str, str]:
    """Return the id of every word for a label of a dim, folded.

    Examples
    --------
    >>> label_words("mode")["散养"]
    'household'
    """
    rows = [row for row in _rows() if row["dim"] == dim]
    return {
        fold(word): row["id"]
        for row in rows
        for word in (row["id"], row["name_zh"], row["name_en"], *row["aliases"].split("|"))
        if word
    }


def resolve_label(dim: str, label: str) -> str | None:
    """Return the id of a label of a dim as a table prints it, or None.

    Examples
    --------
    >>> resolve_label("nitric_process", "双加压法"), resolve_label("nitric_process", "unicorn")
    ('dual_pressure', None)
    """
    return label_words(dim).get(fold(label))
