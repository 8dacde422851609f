"""How a number beside the inventory's own came about: the cells that it sums, or a formula over other numbers, each kept once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct.report.page.words import LANGUAGES, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Pair = tuple[str, str]


@dataclass(frozen=True)
class Cells:
    """The cells of the inventory that a number is the sum of: those in which every key has the value, or one of the values.

    The keys are those of the page's script: ``a`` area (its number), ``y`` year, ``s`` scope, ``g`` gas, ``t`` category,
    ``f`` flow, ``p`` product.
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
class Part:
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
        In Chinese and in English.
    formula
        With the numbers and their units; of a sum of terms the page's script writes it.
    parts
        The numbers in it.
    terms
        (amount, times): the number is the sum of amounts of tables (their index) times a number each, in ``unit``.
    factors
        The rows of factor tables behind it (their index).
    """

    title: Pair
    formula: str = ""
    parts: tuple[Part, ...] = ()
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
    return in_both(lambda lang: word(key, lang, **{name: value[LANGUAGES.index(lang)] if isinstance(value, tuple) else value for name, value in values.items()}))


def in_both(name: Callable[[str], str]) -> Pair:
    """Return what a function of the language says in Chinese and in English."""
    return name("zh"), name("en")


def join(*parts: Pair | str | int) -> Pair:
    """Return a heading of several words in both languages.

    Examples
    --------
    >>> join("重庆", 2007, ("煤", "Coal"))
    ('重庆 · 2007 · 煤', '重庆 · 2007 · Coal')
    """
    zh, en = (" · ".join(part[i] if isinstance(part, tuple) else str(part) for part in parts) for i in range(2))
    return zh, en


def write(value: float) -> str:
    """Return a number as it stands in a formula.

    Examples
    --------
    >>> write(95310790.68450001), write(-0.25)
    ('95310790.6845', '-0.25')
    """
    return f"{value:.12g}"


def list_derivations(derived: Iterable[Cells | Derivation], amounts: Iterable[Amount]) -> dict[str, Any]:
    """Return derivations as data for the page's script; texts that come again and again stand there once.

    Returns
    -------
    dict
        ``texts``, pairs by language; ``amounts``: text, value, unit, place; ``derived``: of a sum its filter, of another title,
        formula, parts (text, value, unit, what it opens, place), terms, unit, factors and note.
    """
    texts: dict[Pair, int] = {}

    def put(text: Pair) -> int:
        return texts.setdefault(text, len(texts))

    rows: list[Any] = []
    for one in derived:
        if isinstance(one, Cells):
            rows.append(dict(one.where))
            continue
        parts = [_trim([put(part.name), part.value, part.unit, -1 if part.opens is None else part.opens, part.place], [-1, ""]) for part in one.parts]
        row: list[Any] = [put(one.title), one.formula, parts, one.terms, one.unit, one.factors, put(one.note) if any(one.note) else -1]
        rows.append(_trim(row, [(), "", (), -1]))
    held = [[put(amount.name), amount.value, amount.unit, amount.place] for amount in amounts]
    return {"texts": list(texts), "amounts": held, "derived": rows}


def _trim(row: list[Any], absent: list[Any]) -> list[Any]:
    """Leave out what is absent at the end of a row."""
    while absent and row[-1] == absent[-1]:
        row, absent = row[:-1], absent[:-1]
    return row
