"""A number of a yearbook's page -> the activity of a method that it is, or why it is none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from carbonacct.equations.dimensions import scale_of
from carbonacct.errors import UnitError
from carbonacct.records.counted_topics import (
    amount_topics,
    find_subjects,
    names_of_topic,
    read_words,
    spellings,
)
from carbonacct.sectors.sources.activity_names import names_of, read_items
from carbonacct.texts import say
from carbonacct.vocabulary import fold, resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from carbonacct.records.counted_topics import Topic
    from carbonacct.records.yearbook_pages import PrintedNumber
    from carbonacct.sectors.sources.activity_names import Names

_PLACE = re.compile(r"[\u4e00-\u9fff]{1,8}(?:市|区|县|州|盟|旗)")
# What stands around the item of a title: 12-3, of which areas, of which years.
_AROUND = re.compile(
    r"^[\d.\-－]+\s*|(?:分|各|按)(?:地区|省|市|县|区|区县|市县)+(?:的)?|历年|主要年份|[(（]?(?:19|20)\d\d(?:年|-|—)?[)）]?"
    r"|[(（][^()（）]*[)）]"
)
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
    is_before: bool = False


class _Title(NamedTuple):
    """What the lines of a title say."""

    items: tuple[str, ...]
    topics: tuple[Topic, ...]
    subjects: tuple[str, ...]


class _NameHit(NamedTuple):
    """A name that the vocabulary knows, the topic in it that the item does not say, items of the other side in it."""

    name: str
    topic: str
    used: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether the label says by itself what is counted."""
        return not self.topic


def find_page_meaning(names: Names, number: PrintedNumber) -> PageMeaning:
    """Return what a number of a page means among the activities of a method.

    The innermost label of the row or of the column names the item; where labels are places and years alone, the title
    does. What is counted of it, the nearest label says, or the title. What else stands beside the number must be a
    place or say nothing.
    """
    if len(number.units) > 1 and ("%",) in number.units[1:] and number.units[0] != ("%",):
        return PageMeaning("rate")  # 水泥,万吨 below 2019年(%)
    return _find_meaning(
        names.method,
        number.row_labels,
        number.column_labels,
        number.context.texts,
        units=number.units[0] if number.units else (),
        areas_said=number.areas_said,
    )


@lru_cache(maxsize=16384)
def _find_meaning(
    method: str,
    row_labels: tuple[str, ...],
    column_labels: tuple[str, ...],
    texts: tuple[str, ...],
    *,
    units: tuple[str, ...],
    areas_said: bool,
) -> PageMeaning:
    names = names_of(method)
    row, column = _read_side(row_labels), _read_side(column_labels)
    topics = [*row.topics, *column.topics]
    if any(topic.use == "rate" for topic in topics):
        return PageMeaning("rate")
    title = _read_title(texts)
    others = [topic for topic in topics if topic.use == "other"]
    counted = {topic.id: topic for topic in topics or title.topics}
    chosen = others[0] if others else next(iter(counted.values())) if len(counted) == 1 else None
    is_amount = chosen is not None and chosen.use == "amount"
    asked = [chosen.id] if chosen and is_amount else amount_topics()
    # A title says the item only where the labels of columns are years and places.
    sides = [(row, column), (column, row)]
    sides += [] if column.items else [(_Side("", title.items, ()), row)]
    for own, other in sides:
        hits = list(_find(names, own, other, asked, subjects=title.subjects))
        if not hits:
            continue
        found = _read_name(names, hits[0].name)
        if chosen and not is_amount:
            return replace(found, kind="other", why=chosen.why)
        if found.kind == "refused" and counted and "=" not in names.parts_of(found.name):
            return found  # whatever is counted of grain, it is of all kinds
        hit = hits[0] if chosen or hits[0].is_complete else _by_unit(names, hits, counted, units)
        if hit is None:
            if not _is_worth_asking(names, found, own.items[0], (units, counted)):
                continue
            topics_known = dict.fromkeys(one.topic for one in hits if one.topic)
            return replace(found, kind="asked", why=_ask(counted, list(topics_known)))
        found = replace(
            _read_name(names, hit.name), years_back=int(row.is_before or column.is_before)
        )
        left = [item for item in other.items if item not in hit.used]
        return _place(names, found, left, areas_said=areas_said)
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


def _read_title(texts: Sequence[str]) -> _Title:
    words = [read_words(_AROUND.sub("", text)) for text in texts]
    found = dict.fromkeys(topic for word in words for topic in word.topics)
    return _Title(
        items=tuple(word.item for word in words if word.item and word.topics),
        topics=tuple(topic for topic in found if topic.use in {"amount", "other"}),
        subjects=tuple(dict.fromkeys(subject for text in texts for subject in find_subjects(text))),
    )


def _find(
    names: Names, own: _Side, other: _Side, topics: Collection[str], *, subjects: Sequence[str]
) -> Iterator[_NameHit]:
    """Yield the names that the vocabulary knows of an item, alone or with what stands around it."""
    for whole in spellings(own.whole):
        if _SAYS_AMOUNT.search(whole) and names.knows(whole):
            yield _NameHit(whole, "", ())
    if not own.items:
        return
    inner = own.items[0]
    joined: list[tuple[str, tuple[str, ...]]] = [
        (text, ()) for outer in own.items[1:] for text in (outer + inner, inner + outer)
    ]
    joined += [(text, (item,)) for item in other.items for text in (item + inner, inner + item)]
    joined += [(subjects[0] + inner, ())] if len(subjects) == 1 else []
    known = _names_by_item(names.method)
    for text, used in [(inner, ()), *joined]:
        for spelled in spellings(text):
            if _SAYS_AMOUNT.search(spelled) and names.knows(spelled):
                yield _NameHit(spelled, "", used)
            for topic, name in known.get(spelled, ()):
                if topic in topics:
                    yield _NameHit(name, topic, used)


@cache
def _names_by_item(method: str) -> dict[str, list[tuple[str, str]]]:
    """Return the names of a method's activities by what they are about, without what they count of it."""
    names = names_of(method)
    found: dict[str, list[tuple[str, str]]] = {}
    for topic in amount_topics():
        for word in map(fold, names_of_topic(topic)):
            for name in (*names.meanings, *names.refused):
                for item in {name.removesuffix(word), name.removeprefix(word)} - {name, ""}:
                    found.setdefault(item, []).append((topic, name))
    return found


def _by_unit(
    names: Names, hits: Sequence[_NameHit], counted: Collection[str], units: Sequence[str]
) -> _NameHit | None:
    """Return the one hit of several topics of a title that the unit beside the number measures."""
    if len(counted) < 2 or len(units) != 1:
        return None
    fitting: dict[str, _NameHit] = {}
    for hit in hits:
        found = _read_name(names, hit.name)
        if (
            hit.topic in counted
            and found.kind == "activity"
            and _measures(units[0], names.about(found.symbol).unit)
        ):
            fitting.setdefault(found.symbol, hit)
    return next(iter(fitting.values())) if len(fitting) == 1 else None


def _is_worth_asking(
    names: Names, found: PageMeaning, item: str, labels: tuple[Sequence[str], Collection[str]]
) -> bool:
    """Return whether a number may be an activity: its unit measures it, and it is no fuel of an energy table."""
    units, counted = labels
    if resolve("product", item):
        return False
    if not (found.symbol and units):
        return bool(units or counted)
    return any(_measures(unit, names.about(found.symbol).unit) for unit in units)


def _measures(unit: str, declared: str) -> bool:
    try:
        scale_of(unit, declared)
    except UnitError:
        return False
    return True


def _read_name(names: Names, name: str) -> PageMeaning:
    if why := names.why_not(name):
        return PageMeaning("refused", name=name, why=why)
    meaning, *more = names.find(name)
    if more:
        symbols = ", ".join(one.symbol for one in (meaning, *more))
        why = say(
            "it may be {symbols}; give the one that is meant in an activity table", symbols=symbols
        )
        return PageMeaning("asked", name=name, why=why)
    return PageMeaning("activity", symbol=meaning.symbol, labels=meaning.labels, name=name)


def _place(
    names: Names, found: PageMeaning, left: Sequence[str], *, areas_said: bool
) -> PageMeaning:
    """Return a meaning with what stands beside the item: labels of its dims, a place.

    Anything else leaves it unknown.
    """
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


def _ask(counted: Collection[str], known: Sequence[str]) -> str:
    if counted:
        return say(
            "title and labels speak of {topics}; write beside the number which of them it is",
            topics=", ".join(counted),
        )
    return say(
        "nothing says what is counted; write {topics} into the title or the label if it is that",
        topics=" / ".join(known),
    )
