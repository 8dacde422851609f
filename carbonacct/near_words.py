"""Words of the vocabulary near to one that is not known, of the languages that stand around it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.errors import ask, find_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from carbonacct.vocabulary import Kind

_SCRIPTS = {  # by their first letters; kana before the characters that Japanese shares with Chinese
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u3400-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
}
_LATIN = "en"  # of letters that none of these has
_OFTEN = 0.5  # of the words of the most frequent language: relatives share many


def near_names(kind: Kind, label: str, beside: Iterable[str] = ()) -> str:
    """Return near words of the vocabulary as a clause for an error message, as people write them.

    Parameters
    ----------
    kind
        ``"flow"``, ``"product"`` or ``"area"``.
    label
        The word that is not known.
    beside
        Texts that stand around it: words of other languages than theirs are not named.

    Examples
    --------
    >>> near_names("product", "Cruude oil (kt)")
    'did you mean Crude oil, Crude oil & NGL, Crude oil and NGLs?'
    >>> near_names("flow", "Waste", ["Industry", "Households", "Transport"])
    'did you mean Scrap and waste, Waterways, Own use?'
    """
    spelled = vocabulary.spellings(kind)
    languages = find_languages(label, beside)
    known = (
        {word for word in spelled if languages & languages_of(kind, word)} if languages else spelled
    )
    return ask(dict.fromkeys(spelled[word] for word in find_near(vocabulary.fold(label), known)))


def find_languages(label: str, beside: Iterable[str]) -> frozenset[str]:
    """Return the languages that a label may be in by its letters and by the known words that stand around it.

    Nothing is said (an empty set) of Latin letters with no known word around them.

    Examples
    --------
    >>> sorted(find_languages("Autre", ["Industrie", "Résidentiel", "Gaz naturel", "Électricité"]))
    ['fr']
    >>> sorted(find_languages("其他", [])), sorted(find_languages("Waste", ["工业", "居民生活"]))
    (['ja', 'zh'], ['en'])
    """
    script = _script_of(label)
    counts: Counter[str] = Counter()
    for text in dict.fromkeys(beside):
        if isinstance(text, str):
            counts.update(_languages_in(text))
    alike = {
        language: count for language, count in counts.items() if _uses(language, script) and count
    }
    if script == _LATIN and not vocabulary.fold_case(label).isascii():
        alike.pop(_LATIN, None)  # URÂNIO in an English table is no English
        if not alike:
            return frozenset()
    if alike:
        most = max(alike.values())
        return frozenset(one for one, count in alike.items() if count >= _OFTEN * most)
    if script == "zh":
        return frozenset({"zh", "ja"})
    if script != _LATIN:
        return frozenset({script} | ({"uk", "bg", "kk"} if script == "ru" else set()))
    return frozenset({_LATIN}) if counts else frozenset()


def _uses(language: str, script: str) -> bool:
    """Return whether a language is written in the letters of a script."""
    if script == "zh":
        return language in {"zh", "ja"}
    if script == "ru":
        return language in {"ru", "uk", "bg", "kk"}
    return language == script if script != _LATIN else language not in {*_SCRIPTS, "uk", "bg", "kk"}


def _script_of(text: str) -> str:
    return next((name for name, letters in _SCRIPTS.items() if letters.search(text)), _LATIN)


@may_keep
def _languages(kind: Kind) -> Mapping[str, list[str]]:
    """Return the languages of each word of flows or of products, folded."""
    found: dict[str, set[str]] = {}
    for known, word, language in vocabulary.list_spellings():
        if known == kind:
            found.setdefault(vocabulary.fold(word), set()).add(language.partition("-")[0])
    return {word: sorted(languages) for word, languages in found.items()}


def languages_of(kind: Kind, word: str) -> frozenset[str]:
    """Return the languages of a word of the vocabulary, folded: those that list it, else that of its letters.

    Examples
    --------
    >>> sorted(languages_of("flow", "ajustes")), sorted(languages_of("flow", "工业"))
    (['pt'], ['zh'])
    """
    return frozenset(_languages(kind).get(word) or (_script_of(word),))


@cache
def _known(kind: Kind) -> Mapping[str, str]:
    return vocabulary.words_of(kind)


def _languages_in(text: str) -> frozenset[str]:
    """Return the languages of the known words that a text is, or that its halves are."""
    folded = vocabulary.fold(text)
    parts = {folded, *vocabulary.split_scripts(folded)}
    return frozenset(
        language
        for part in parts
        for kind in ("flow", "product")
        if part in _known(kind)
        for language in languages_of(kind, part)
    )
