"""How a number beside the inventory's own came about: the cells in its sum, or a formula, each kept once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct.catalogue import name_unit
from carbonacct.report.page.page_words import LANGUAGES, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Pair = tuple[str, str]
Title = tuple[Pair, ...]


@dataclass(frozen=True)
class InventoryCells:
    """The cells that a number is the sum of: those in which every key has the value, or one of the values.

    The keys are those of the page's script: ``a`` area (its number), ``y`` year, ``s`` scope, ``g``
    gas, ``t`` category, ``f`` flow, ``p`` product.
    """

    where: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Amount:
    """A number of a table, in ``unit``, and the ``file!sheet!cell`` where it stands."""

    name: Pair
    value: float
    unit: str
    place: str


@dataclass(frozen=True)
class FormulaPart:
    """A number in a formula: ``opens`` is how it came about itself, ``place`` the cell where it stands."""

    name: Pair
    value: float
    unit: str
    opens: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Derivation:
    """How a number came about.

    Attributes
    ----------
    title, note
        In Chinese and in English; the words of a title stand side by side.
    formula
        With the numbers and their units; of a sum the page's script writes it.
    parts
        The numbers in it.
    unit
        Of a sum of parts, or of terms.
    terms
        (amount, times): the number is the sum of amounts of tables (their index) times a number
        each.
    factors
        The rows of factor tables behind it (their index).
    """

    title: Title
    formula: str = ""
    parts: tuple[FormulaPart, ...] = ()
    terms: tuple[tuple[int, float], ...] = ()
    unit: str = ""
    factors: tuple[int, ...] = ()
    note: Pair = ("", "")


def both(key: str, **values: object) -> Pair:
    """Return a word of the page in both languages; a value that is a pair is put in by language.

    Examples
    --------
    >>> both("changes.start", year=2007), both("headline.of_direct", share=("一半", "half"))
    (('2007 年', '2007'), ('占直接排放 一半', 'half of direct emissions'))
    """
    return in_both(
        lambda lang: word(
            key,
            lang,
            **{
                name: value[LANGUAGES.index(lang)] if isinstance(value, tuple) else value
                for name, value in values.items()
            },
        )
    )


def in_both(name: Callable[[str], str]) -> Pair:
    """Return what a function of the language says in Chinese and in English."""
    return name("zh"), name("en")


def join(*parts: Title | Pair | str | int) -> Title:
    """Return the words of a title.

    Examples
    --------
    >>> join(join("重庆", 2007), ("煤", "Coal"))
    (('重庆', '重庆'), ('2007', '2007'), ('煤', 'Coal'))
    """
    words: list[Pair] = []
    for part in parts:
        if isinstance(part, tuple):
            words += [part] if isinstance(part[0], str) else part
        else:
            words.append((str(part), str(part)))
    return tuple(words)


def combine(*parts: Title | Pair | str | int) -> Pair:
    """Return words side by side in both languages.

    Examples
    --------
    >>> combine("重庆", 2007, ("煤", "Coal"))
    ('重庆 · 2007 · 煤', '重庆 · 2007 · Coal')
    """
    zh, en = (" · ".join(pair[side] for pair in join(*parts)) for side in range(2))
    return zh, en


def write(value: float) -> str:
    """Return a number as it stands in a formula.

    Examples
    --------
    >>> write(95310790.68450001), write(-0.25)
    ('95310790.6845', '-0.25')
    """
    return f"{value:.12g}"


def list_derivations(
    derived: Iterable[InventoryCells | Derivation],
    amounts: Iterable[Amount],
    texts: dict[Pair, int],
) -> dict[str, Any]:
    """Return derivations as data for the page's script; texts that come again and again stand there once.

    Parameters
    ----------
    texts
        Those that have a number already; the others get theirs.

    Returns
    -------
    dict
        ``texts``, pairs by language, and units; ``amounts``: text, value, unit, place; ``derived``:
        of a sum of cells its filter, of another title, formula, parts (text, value, unit, what it
        opens, place), unit, terms, factors and note.
    """

    def put(text: Pair) -> int:
        return texts.setdefault(text, len(texts))

    rows: list[Any] = []
    for one in derived:
        if isinstance(one, InventoryCells):
            rows.append(dict(one.where))
            continue
        parts = [
            _trim(
                [
                    put(part.name),
                    _shorten(part.value),
                    put(_name_unit(part.unit)),
                    -1 if part.opens is None else part.opens,
                    part.place,
                ],
                [-1, ""],
            )
            for part in one.parts
        ]
        terms = [(amount, _shorten(times)) for amount, times in one.terms]
        row: list[Any] = [
            [put(text) for text in one.title],
            one.formula,
            parts,
            put(_name_unit(one.unit)),
            terms,
            one.factors,
            put(one.note) if any(one.note) else -1,
        ]
        rows.append(_trim(row, [[], (), -1]))
    held = [
        [put(amount.name), amount.value, put(_name_unit(amount.unit)), amount.place]
        for amount in amounts
    ]
    return {"texts": list(texts), "amounts": held, "derived": rows}


@cache
def _name_unit(unit: str) -> Pair:
    return in_both(lambda lang: name_unit(unit, lang))


def _shorten(value: float) -> float:
    """Return a number with the digits that a formula shows."""
    return float(write(value))


def _trim(row: list[Any], absent: list[Any]) -> list[Any]:
    """Leave out what is absent at the end of a row."""
    while absent and row[-1] == absent[-1]:
        row, absent = row[:-1], absent[:-1]
    return row
