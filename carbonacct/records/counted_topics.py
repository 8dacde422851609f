"""What a label of a yearbook counts: output, area sown, livestock at year end; or no amount."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from carbonacct.data import data_folder, read_rows
from carbonacct.texts import Both
from carbonacct.vocabulary import fold, split_scripts

_COUNTED = re.compile(r"[头只]?数$")  # 年末存栏|数
_STRENGTH = re.compile(r"\(折合?\d+%\)")  # 硝酸(折100%) is an amount and no share
_BRACKETS = re.compile(r"\(([^()]*)\)")


class Topic(NamedTuple):
    """What a word counts, whether a number of it may be an activity, and why not.

    Attributes
    ----------
    use
        ``amount``; ``other``: an amount that is no activity; ``rate``; ``neutral``: a word that says
        nothing of what is counted; ``year before``; ``subject``: what labels leave out and titles say.
    """

    id: str
    use: str
    why: str = ""


class Words(NamedTuple):
    """A label as what it is about and what of that it counts."""

    item: str
    topics: tuple[Topic, ...]


@lru_cache(maxsize=16384)
def read_words(label: str) -> Words:
    """Return what a label is about, folded, and what of it is counted; the longest words count.

    Examples
    --------
    >>> read_words("早稻播种面积").item, [topic.id for topic in read_words("早稻播种面积").topics]
    ('早稻', ['播种面积'])
    >>> read_words("单位面积产量").topics[0].use, read_words("猪出栏头数").topics[0].use, read_words("合计").item
    ('rate', 'other', '')
    """
    rest = _STRENGTH.sub("", fold(label))
    topics: dict[Topic, None] = {}
    for word, topic in _words():
        if topic.use in {"neutral", "year before"}:
            if rest == word:
                return Words("", (*topics, topic))
        elif topic.use != "subject" and word in rest:
            topics[topic] = None
            rest = rest.replace(word, "()" if rest != word else "")
    item = rest.replace("()", "").strip("的及和、，,")
    item = _COUNTED.sub("", item) if topics else item
    return Words(
        "" if any(item == word for word, topic in _words() if topic.use == "neutral") else item,
        tuple(topics),
    )


def names_of_topic(topic: str) -> tuple[str, ...]:
    """Return the words of a topic, by which the names of activities are made.

    Examples
    --------
    >>> names_of_topic("年末存栏")[:2]
    ('存栏', '存栏数')
    """
    return tuple(
        row["word"] for row in _rows() if row["topic"] == topic and row["use"] in {"amount", "name"}
    )


def find_subjects(text: str) -> tuple[str, ...]:
    """Return what a title is about where its labels leave it out.

    Examples
    --------
    >>> find_subjects("城市生活垃圾清运和处理情况")
    ('生活垃圾',)
    """
    folded = fold(text)
    return tuple(word for word, topic in _words() if topic.use == "subject" and word in folded)


def why_no_activity(name: str) -> str:
    """Return why what a name counts is no activity, or an empty string.

    Examples
    --------
    >>> print(why_no_activity("氮肥实物量"))
    fertiliser as it is sold; the activity counts its nutrients (折纯)
    >>> why_no_activity("水泥熟粒产量")
    ''
    """
    return next((topic.why for topic in read_words(name).topics if topic.use == "other"), "")


@cache
def amount_topics() -> tuple[str, ...]:
    """Return the topics whose numbers may be activities."""
    return tuple(dict.fromkeys(row["topic"] for row in _rows() if row["use"] == "amount"))


@lru_cache(maxsize=16384)
def spellings(item: str) -> tuple[str, ...]:
    """Return the ways in which an item may be looked up: whole, without its brackets, one of its languages.

    Examples
    --------
    >>> spellings("原铝(电解铝)"), spellings("水泥cement")
    (('原铝(电解铝)', '原铝', '电解铝'), ('水泥cement', '水泥', 'cement'))
    """
    found = dict.fromkeys([item, _BRACKETS.sub("", item), *_BRACKETS.findall(item)])
    for one in list(found):
        found |= dict.fromkeys(split_scripts(one))
    return tuple(filter(None, found))


@cache
def _words() -> list[tuple[str, Topic]]:
    """Return the words folded, the longest first."""
    found = {
        fold(row["word"]): Topic(row["topic"], row["use"], Both(row["why_en"], row["why_zh"]))
        for row in _rows()
        if row["use"] != "name"
    }
    return sorted(found.items(), key=lambda item: -len(item[0]))


@cache
def _rows() -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / "record_topics.csv")
