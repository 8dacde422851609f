"""A number of a yearbook's page -> the activity of a method that it is, or why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.records.topics import amount_topics, names_of_topic, read_words, spellings
from carbonacct.sectors.sources.names import read_items
from carbonacct.texts import say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from carbonacct.records.pages import PrintedNumber
    from carbonacct.records.topics import Topic
    from carbonacct.sectors.sources.names import Names

_PLACE = re.compile(r"[\u4e00-\u9fff]{1,8}(?:市|区|县|州|盟|旗)")
_SAYS_AMOUNT = re.compile(r"(?:量|数|率|面积|比例|人口|存栏|output|area)(?:\([^()]*\))?$")


@dataclass(frozen=True)
class PageMeaning:
    """What a number of a page means.

    Attributes
    ----------
    kind
        ``activity``; ``refused``: a known word that is no activity; ``other``: an amount of
        something else; ``rate``; ``asked``: it may be several things; ``unknown``.
    symbol, labels
        Of an activity; the labels need not say all dims.
    name
        The word that the vocabulary knows.
    area
        The place that a label beside the item is.
    years_back
        1 where the number is of the year before that of the page.
    why
        The reason, or what is asked.
    """

    kind: str
    symbol: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    name: str = ""
    area: str = ""
    years_back: int = 0
    why: str = ""


class _Side(NamedTuple):
    """The labels of a row, or of a column: what they are about and what they count, the innermost first."""

    whole: str
    items: tuple[str, ...]
    topics: tuple[Topic, ...]
    is_before: bool


class _Hit(NamedTuple):
    """A name that the vocabulary knows; whether it says by itself what is counted; items of the other side in it."""

    name: str
    is_complete: bool
    used: tuple[str, ...]


def find_page_meaning(names: Names, number: PrintedNumber) -> PageMeaning:
    """Return what a number of a page means among the activities of a method.

    The innermost label of the row or of the column names the item. What is counted of it, the nearest label says, or
    the title. What else stands beside the number must be a place or say nothing.
    """
    row, column = _read_side(number.row_labels), _read_side(number.column_labels)
    topics = [*row.topics, *column.topics]
    if any(topic.use == "rate" for topic in topics):
        return PageMeaning("rate")
    others = [topic for topic in topics if topic.use == "other"]
    counted = {topic.id: topic for topic in topics or _title_topics(number.context.texts)}
    chosen = others[0] if others else next(iter(counted.values())) if len(counted) == 1 else None
    for own, other in ((row, column), (column, row)):
        is_amount = chosen is not None and chosen.use == "amount"
        hit = _find(names, own, other, [chosen.id] if chosen and is_amount else amount_topics())
        if hit is None:
            continue
        found = _read_name(names, hit.name)
        if chosen and not is_amount:
            return replace(found, kind="other", why=chosen.why)
        if not chosen and not hit.is_complete:
            return replace(found, kind="asked", why=_ask(counted))
        back = int(row.is_before or column.is_before)
        left = [item for item in other.items if item not in hit.used]
        return _place(names, replace(found, years_back=back), left, areas_said=number.areas_said)
    return PageMeaning("unknown")


def _read_side(labels: Sequence[str]) -> _Side:
    words = [read_words(label) for label in labels]
    topics = [[topic for topic in word.topics if topic.id] for word in words]
    return _Side(
        whole=fold(labels[0]) if labels else "",
        items=tuple(word.item for word in words if word.item),
        topics=tuple(next(filter(None, topics), ())),
        is_before=any(topic.use == "year before" for word in words for topic in word.topics),
    )


def _title_topics(texts: Sequence[str]) -> list[Topic]:
    found = dict.fromkeys(topic for text in texts for topic in read_words(text).topics)
    return [topic for topic in found if topic.use in {"amount", "other"}]


def _find(names: Names, own: _Side, other: _Side, topics: Sequence[str]) -> _Hit | None:
    """Return the first name that the vocabulary knows of an item, with or without what stands around it."""
    for hit in _candidates(own, other, topics):
        if names.find(hit.name) or names.why_not(hit.name):
            return hit
    return None


def _candidates(own: _Side, other: _Side, topics: Sequence[str]) -> Iterator[_Hit]:
    for whole in spellings(own.whole):
        if _SAYS_AMOUNT.search(whole):
            yield _Hit(whole, is_complete=True, used=())
    if not own.items:
        return
    inner = own.items[0]
    joined = [(outer + inner, ()) for outer in own.items[1:]]
    joined += [(text, (item,)) for item in other.items for text in (item + inner, inner + item)]
    for text, used in [(inner, ()), *joined]:
        for spelled in spellings(text):
            if _SAYS_AMOUNT.search(spelled):
                yield _Hit(spelled, is_complete=True, used=used)
            for word in (word for topic in topics for word in names_of_topic(topic)):
                yield _Hit(spelled + word, is_complete=False, used=used)
                yield _Hit(f"{word} {spelled}", is_complete=False, used=used)


def _read_name(names: Names, name: str) -> PageMeaning:
    if why := names.why_not(name):
        return PageMeaning("refused", name=name, why=why)
    meaning, *more = names.find(name)
    if more:
        said = ", ".join(one.symbol for one in (meaning, *more))
        why = say(
            "it may be {symbols}; give the one that is meant in an activity table", symbols=said
        )
        return PageMeaning("asked", name=name, why=why)
    return PageMeaning("activity", symbol=meaning.symbol, labels=meaning.labels, name=name)


def _place(
    names: Names, found: PageMeaning, left: Sequence[str], *, areas_said: bool
) -> PageMeaning:
    """Return a meaning with what stands beside the item: labels of its dims, a place; anything else leaves it unknown."""
    for item in left:
        if found.kind == "activity":
            labels, rest = read_items(names.about(found.symbol), item)
            if not rest:
                found = replace(found, labels=(*found.labels, *labels.items()))
                continue
        if found.area or not (areas_said or _PLACE.fullmatch(item)):
            return PageMeaning("unknown", name=item)
        found = replace(found, area=item)
    return found


def _ask(counted: dict[str, Topic]) -> str:
    if counted:
        return say(
            "title and labels speak of {topics}; write beside the number which of them it is",
            topics=", ".join(counted),
        )
    return say(
        "nothing says whether it is made, sown, alive or sold; write {examples} into the title or a label",
        examples=", ".join(amount_topics()[:3]),
    )
