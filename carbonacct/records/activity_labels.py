"""A printed label -> its words, the units in it, and the year or area that it is."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from carbonacct import vocabulary
from carbonacct.records.activity_units import is_printed_unit
from carbonacct.records.heading_roles import year_of

_BRACKETS = re.compile(r"\(([^()]*)\)")
_NOTED = re.compile(
    r"(?:计[量算])?单位\s*[:：]\s*([^\n;；]+?)\s*[)）]?\s*$|\bunits?\s*[:：]\s*([^\n;；()]+)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[、,，;；]|\s+(?=[\u4e00-\u9fff])")
_YEAR_IN = re.compile(r"(?<!\d)((?:19[5-9]|20\d)\d)\s*年?(?!\d)")


class ActivityLabel(NamedTuple):
    """What a label says: its words, the units in its brackets, and the year or area that it is or names."""

    text: str
    units: tuple[str, ...]
    year: int
    area: str


@lru_cache(maxsize=16384)
def read_label(text: str) -> ActivityLabel:
    """Return what a label says by itself.

    Examples
    --------
    >>> read_label("  其中: 早稻（千公顷）")
    ActivityLabel(text='其中: 早稻', units=('千公顷',), year=0, area='')
    >>> read_label("2010年产量"), read_label("2010"), read_label("Chongqing 重庆")
    (ActivityLabel(text='产量', units=(), year=2010, area=''), ActivityLabel(text='', units=(), year=2010, area=''), \
ActivityLabel(text='Chongqing 重庆', units=(), year=0, area='重庆'))
    """
    if year := year_of(text):
        return ActivityLabel("", (), year, "")
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_printed_unit(plain) and not vocabulary.resolve("area", plain):
        return ActivityLabel("", (plain,), 0, "")
    units = tuple(inner.strip() for inner in _BRACKETS.findall(plain) if is_printed_unit(inner))
    plain = _BRACKETS.sub(lambda held: " " if is_printed_unit(held[1]) else held[0], plain)
    found = _YEAR_IN.findall(plain)
    year = int(found[0]) if len(found) == 1 else 0
    words = (_YEAR_IN.sub(" ", plain) if year else plain).strip()
    return ActivityLabel(words, units, year, name_area(words))


def split_unit(text: str) -> tuple[str, ...]:
    """Return a unit as it is printed, or both where it is in two languages; nothing where it is none.

    Examples
    --------
    >>> split_unit("万吨"), split_unit("万吨 10 000 tons"), split_unit("水泥")
    (('万吨',), ('万吨', '10 000 tons'), ())
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    halves = [
        half.strip(" ()") for half in re.findall(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+", plain)
    ]
    for parts in ([plain], halves):
        if all(map(is_printed_unit, parts)):
            return tuple(parts)
    return ()


def name_area(words: str) -> str:
    """Return the area that a label names, as one word in one language; an empty string where it names none.

    Examples
    --------
    >>> name_area("北　京"), name_area("重庆 Chongqing"), name_area("Chongqing"), name_area("水泥")
    ('北京', '重庆', 'Chongqing', '')
    """
    area = vocabulary.resolve("area", words)
    if not area:
        return ""
    return (
        words
        if words.isascii()
        else max(re.findall(r"[\u4e00-\u9fff]+", re.sub(r"\s+", "", words)), key=len)
    )


def units_of(text: str, *, noted: bool = False) -> tuple[str, ...]:
    """Return the units that a line prints: behind 单位, and unless ``noted`` is asked in brackets.

    Examples
    --------
    >>> units_of("单位：千公顷、万吨"), units_of("主要农产品产量(万吨)"), units_of("Unit: 10 000 tons")
    (('千公顷', '万吨'), ('万吨',), ('10 000 tons',))
    >>> units_of("单位：亿千瓦小时 (100 million kWh)")
    ('亿千瓦小时', '100 million kWh')
    """
    if parts := noted_units(text):
        return tuple(unit for part in parts for unit in split_unit(part))
    if noted:
        return ()
    plain = unicodedata.normalize("NFKC", text)
    return tuple(inner.strip() for inner in _BRACKETS.findall(plain) if is_printed_unit(inner))


def noted_units(text: str) -> tuple[str, ...]:
    """Return what a line lists behind 单位, whether it is a unit known here or money and people.

    Examples
    --------
    >>> noted_units("单位：万元、人"), noted_units("主要农产品产量(万吨)")
    (('万元', '人'), ())
    """
    found = _NOTED.search(unicodedata.normalize("NFKC", text))
    return tuple(part.strip() for part in _LISTED.split(found[1] or found[2])) if found else ()
