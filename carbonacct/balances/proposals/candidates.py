"""What a label that is not known may mean: by its letters, by what stands beside it, and by its unit."""

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import fits
from carbonacct.balances.words.mapping import LEFT_OUT, layouts
from carbonacct.near_words import languages_of
from carbonacct.records.heading_roles import total_words, whole_words
from carbonacct.vocabulary import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from carbonacct.vocabulary import Kind

_COMPARED = 60  # words that share most pairs of letters, of which the likeness is found
_LEAST_LIKE = 0.4
_LEAST_LIKE_LATIN = 0.8  # of letters: a word misspelt, no other word that shares many
_LEAST_LIKE_BEGUN = 0.5  # of those that begin a word alike
_BY_LETTERS = 0.8  # letters alone make nothing certain
_BY_PLACE = 0.5
_BY_HEAD = 0.7  # of a likeness, for the first word alone
_SHORTEST_HEAD = 4
_BEGINS = 4  # letters
_SPELT_WORD = re.compile(r"[^\W\d_]{3,}")
_TOTAL = 0.6  # of what stands beside it, where no sum says so
_OF_USE = frozenset({"energy", "use", "end-use", "consumption", "demand", "of", "all"})
_FOREIGN = 0.8  # of a likeness, for a word of a language that the table does not speak
_SPACES = re.compile(r"\s+")
_SPEAKS = re.compile(r"[^\W\d_]{4,}")  # no codes of series, no words that hold below another
_MOST_BETWEEN = 8  # of more, a place says nothing
MAIN_PRODUCTS = ("coal_total", "oil_total", "natural_gas", "electricity", "heat")


class LabelSurroundings(NamedTuple):
    """What is known beside a label: the ids before and behind it, those in use, its unit, the languages around it."""

    before: str = ""
    behind: str = ""
    used: frozenset[str] = frozenset()
    unit: str = ""
    languages: frozenset[str] = frozenset()


def rank_ids(kind: Kind, label: str, beside: LabelSurroundings) -> dict[str, float]:
    """Return what a label may mean and how sure that is, best first.

    Parameters
    ----------
    kind
        ``"flow"`` or ``"product"``.
    label
        As printed.
    beside
        What is known beside it. An id that is in use is less likely: two labels are mostly two
        things. A product that the unit cannot measure is none.

    Examples
    --------
    >>> next(iter(rank_ids("product", "汽油（车用）", LabelSurroundings())))
    'gasoline'
    >>> beside = LabelSurroundings(before="agriculture", behind="construction", used=frozenset({"construction"}))
    >>> next(iter(rank_ids("flow", "第二类", beside)))
    'secondary_industry'
    """
    letters, places = find_like(kind, label, beside.languages), _find_between(kind, beside)
    # Letters and place are two witnesses: what neither excludes is the product of their doubts.
    doubt: dict[str, float] = {}
    for found, weight in ((letters, _BY_LETTERS), (places, _BY_PLACE)):
        for identifier, score in found.items():
            doubt[identifier] = doubt.get(identifier, 1.0) * (1.0 - weight * score)
    scores = {
        identifier: (1.0 - rest) * (0.3 if identifier in beside.used else 1.0)
        for identifier, rest in doubt.items()
        if not (kind == "product" and beside.unit and not fits(identifier, beside.unit))
    }
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def names_total(label: str) -> bool:
    """Return whether a label is a total, and names nothing that it may be the total of: Total End-Use, 合计.

    Examples
    --------
    >>> [names_total(label) for label in ("Total End-Use", "合计", "Total Floor Coal", "Totara")]
    [True, True, False, False]
    """
    first, *rest = _SPACES.split(label.strip()) or [""]
    totals = total_words() | whole_words()
    of_all = totals | _OF_USE
    words = [vocabulary.fold(word) for word in (first, *rest)]
    return words[0] in totals and of_all.issuperset(words)


def rank_totals(beside: LabelSurroundings) -> dict[str, float]:
    """Return what a total among products may be: of the group that holds all that stand beside it, else of all energy.

    Examples
    --------
    >>> rank_totals(LabelSurroundings(used=frozenset({"raw_coal", "briquettes"})))
    {'coal_total': 0.6, 'pass over': 0.3}
    >>> [*rank_totals(LabelSurroundings(used=frozenset({"raw_coal", "natural_gas"})))]
    ['total_energy', 'pass over']
    """
    whole = next(
        (
            group
            for group in ("coal_total", "oil_total")
            if beside.used
            and all(vocabulary.is_product_within(each, group) for each in beside.used)
            and group not in beside.used
            and (not beside.unit or fits(group, beside.unit))
        ),
        "total_energy",
    )
    return {whole: _TOTAL, LEFT_OUT: _TOTAL / 2}


def find_like(kind: Kind, label: str, languages: frozenset[str] = frozenset()) -> dict[str, float]:
    """Return the ids whose words look like a label, with the likeness of the nearest (0 to 1).

    Words of other languages than those of the table, where they are told, speak less.

    Examples
    --------
    >>> max(find_like("product", "Gas diesel oil"), key=find_like("product", "Gas diesel oil").get)
    'diesel'
    """
    folded = vocabulary.fold(label)
    pairs = _pairs(folded)
    words = _words(kind)
    shared = {
        word: 2 * len(pairs & kinds) / (len(pairs) + len(kinds) or 1)
        for word, (_, kinds) in words.items()
    }
    is_latin, begins = is_spelt(folded), _beginnings(label)
    nearest = sorted(shared, key=lambda word: -shared[word])[:_COMPARED]
    found: dict[str, float] = {}
    for word in nearest:
        like = difflib.SequenceMatcher(None, folded, word, autojunk=False).ratio()
        if len(word) > 1 and word in folded:  # a known word with something added
            like = max(like, 0.5 + 0.5 * len(word) / len(folded))
        if languages and not languages & languages_of(kind, word):
            like *= _FOREIGN
        least = _LEAST_LIKE
        if is_latin:
            is_begun = any(begin in word for begin in begins)
            least = _LEAST_LIKE_BEGUN if is_begun else _LEAST_LIKE_LATIN
        if like >= least:
            identifier = words[word][0]
            found[identifier] = max(found.get(identifier, 0.0), like)
    for identifier, like in _find_by_head(label, words).items():
        found[identifier] = max(found.get(identifier, 0.0), like)
    return found


def is_spelt(text: str) -> bool:
    """Return whether a text is written in letters, and not in characters that are words."""
    return not any("\u3040" <= letter <= "\u9fff" for letter in text)


def _beginnings(label: str) -> set[str]:
    """Return how the words of a label begin: gas and oil are whole words of three letters, and less says nothing."""
    return {vocabulary.fold(word)[:_BEGINS] for word in _SPELT_WORD.findall(label)} - {""}


def _find_by_head(label: str, words: Mapping[str, tuple[str, frozenset[str]]]) -> dict[str, float]:
    """Return the ids of the words that begin as a label of several words does: Agro productivo, Agropecuario.

    The first word says what a thing is in the languages that write adjectives behind it, and the
    letters of all the others may be like those of anything. A beginning of very many says nothing.
    """
    head, *rest = _SPACES.split(label.strip())
    begins = vocabulary.fold(head)
    if not rest or len(begins) < _SHORTEST_HEAD or begins in total_words():
        return {}
    ids = {identifier for word, (identifier, _) in words.items() if word.startswith(begins)}
    like = _BY_HEAD + (1.0 - _BY_HEAD) * len(begins) / len(vocabulary.fold(label))
    return dict.fromkeys(ids, like) if len(ids) <= _MOST_BETWEEN else {}


@cache
def _words(kind: Kind) -> Mapping[str, tuple[str, frozenset[str]]]:
    """Return the words of the vocabulary and all layouts: what one publisher means by a word, another may mean."""
    found = dict(vocabulary.words_of(kind))
    for layout in layouts():
        for word, identifier in (layout.flows if kind == "flow" else layout.products).items():
            if _SPEAKS.fullmatch(word):
                found.setdefault(word, identifier)
    return {word: (identifier, _pairs(word)) for word, identifier in found.items()}


def _pairs(text: str) -> frozenset[str]:
    """Return the letters of a text in pairs; single Chinese characters mean something by themselves."""
    pairs = {text[k : k + 2] for k in range(len(text) - 1)}
    return frozenset(pairs | {letter for letter in text if not letter.isascii()})


def _find_between(kind: Kind, beside: LabelSurroundings) -> dict[str, float]:
    """Return the ids that the vocabulary has between two known ones, the fewer the surer."""
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    order = [identifier for identifier in known if REMAINDER not in identifier]
    if beside.before not in order and beside.behind not in order:
        return {}
    first = order.index(beside.before) + 1 if beside.before in order else 0
    last = order.index(beside.behind) if beside.behind in order else len(order)
    open_ones = [identifier for identifier in order[first:last] if identifier not in beside.used]
    family = _family(known, (beside.before, beside.behind))
    near = [identifier for identifier in open_ones if known[identifier].parent in family]
    return dict.fromkeys(near, 1.0 / len(near) ** 0.5) if 0 < len(near) <= _MOST_BETWEEN else {}


def list_kin(kind: Kind, beside: LabelSurroundings) -> list[str]:
    """Return the ids of the family of the labels beside, from the one before it on.

    Without labels beside, flows are those at the top, and products those that most tables have.

    Examples
    --------
    >>> list_kin("flow", LabelSurroundings(before="industry.textile"))[:2]
    ['industry.garments', 'industry.leather']
    """
    known = vocabulary.flows() if kind == "flow" else vocabulary.products()
    family = _family(known, (beside.before, beside.behind)) - {"", beside.before, beside.behind}
    order = list(known)
    first = order.index(beside.before) + 1 if beside.before in known else 0
    kin = [  # those that follow what stands before the label come first
        identifier
        for identifier in (*order[first:], *order[:first])
        if known[identifier].parent in (family or {""}) and REMAINDER not in identifier
    ]
    if kind == "flow":
        return kin
    fitting = [each for each in kin if family and (not beside.unit or fits(each, beside.unit))]
    return fitting or [each for each in MAIN_PRODUCTS if not beside.unit or fits(each, beside.unit)]


def _family(known: Mapping[str, object], beside: Collection[str]) -> set[str]:
    """Return the parents of the known labels, and the labels themselves."""
    parents = {str(getattr(known[each], "parent", "")) for each in beside if each in known}
    return parents | set(beside)
