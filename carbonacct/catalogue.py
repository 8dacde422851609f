"""The sentences of :mod:`carbonacct.texts` in another language, from ``factors/messages``.

``zh.csv`` has a sentence for each template; ``words.csv`` what a word or reason among the values
is called. A flow, product or area is said by its name. What is quoted (``!r``) is printed
somewhere as it stands, and stays. ``notes.csv`` has the notes of factor rows, a clause a line, ``#``
for a number.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from functools import cache, lru_cache
from string import Formatter
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import data_folder, open_csv, read_rows
from carbonacct.texts import Both, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.errors import Finding

LANGUAGES = ("zh", "en")
_JOINED = re.compile(r"\{part0\}(?:(?P<between>[^{}]*)\{part1\}|$)")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”]")
_SPACE_AFTER = re.compile(_CHINESE.pattern + r" $")
_SPACE_BEFORE = re.compile(r" " + _CHINESE.pattern)
_UNIT = re.compile(r"(?:.*_)?unit")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_CELLS = "cells: "
_NOUN = re.compile(r"(?<![\w.])[a-z][a-z0-9_]*(?!\w)")
_ONE_GOOD = re.compile(r"(?<=/)\((\w+ [\u3400-\u9fff]+)\)")
_PRICES = re.compile(r"(?<=[\u3400-\u9fff]), ?([^/]+)")
_KEPT = {"placeholder", "gas", "element"}
_SEPARATORS = {
    ", ": "、",
    "; ": "；",
    ": ": "：",
    " and ": "和",
    " or ": "或",
    "; or ": "；或",
    "; and ": "；且",
    " to ": " 至 ",
    " and in ": "和",
}


def in_language(text: str, lang: str) -> str:
    """Return a sentence in a language, ``"zh"`` or ``"en"``.

    A text that no catalogue knows, such as what another package says, stays as it is.

    Examples
    --------
    >>> from carbonacct.texts import say
    >>> text = say("no product {product!r}; {near}", product="coke", near=say("add it"))
    >>> print(in_language(text, "zh"))
    没有品种“coke”；请补上
    >>> print(in_language(text, "en"))
    no product 'coke'; add it
    """
    return _in_chinese(text) if lang == "zh" else str.__str__(text)


def translate_finding(finding: Finding, lang: str) -> Finding:
    """Return a finding whose place, message and action are in a language.

    Examples
    --------
    >>> from carbonacct.errors import Finding
    >>> from carbonacct.texts import say
    >>> translate_finding(Finding("r", "info", "x", action=say("add it")), "zh").action
    '请补上'
    """
    return replace(
        finding,
        where=in_language(finding.where, lang),
        message=in_language(finding.message, lang),
        action=in_language(finding.action, lang),
    )


def tell_note(note: str, lang: str) -> str:
    """Return the note of a factor row in a language, clause by clause, its numbers as they are.

    A clause that no catalogue knows, such as one of somebody's own factors, stays as it is.

    Examples
    --------
    >>> tell_note("5000 kcal/kg; one transcription", "zh")
    '5000 kcal/kg；只有一份转录'
    >>> tell_note("IPCC 2006 has 0.47", "zh"), tell_note("按实测", "zh")
    ('IPCC 2006 为 0.47', '按实测')
    """
    if lang != "zh" or not note:
        return note
    return "；".join(map(_tell_clause, note.split("; ")))


def _tell_clause(clause: str) -> str:
    if clause.startswith(_CELLS):
        return f"单元格：{'、'.join(map(_name, clause.removeprefix(_CELLS).split(', ')))}"
    translated = notes().get(_NUMBER.sub("#", clause))
    if translated is None:
        return clause
    numbers = iter(_NUMBER.findall(clause))
    return re.sub("#", lambda _: next(numbers), translated)


@lru_cache(maxsize=4096)
def name_unit(unit: str, lang: str) -> str:
    """Return a unit in a language.

    In Chinese the goods, beings and times in it stand by name; gases and elements keep their
    formula. Brackets that hold one amount of a good are left out, and the year of prices stands in
    brackets.

    Examples
    --------
    >>> name_unit("t C/(t pig_iron)", "zh"), name_unit("t C/(t pig_iron)", "en")
    ('t C/t 生铁', 't C/(t pig_iron)')
    >>> name_unit("kg CH4/head", "zh"), name_unit("GJ/t", "zh"), name_unit("dimensionless", "zh")
    ('kg CH4/头（只）', 'GJ/t', '无量纲')
    >>> name_unit("元, 2007年价", "zh")
    '元（2007年价）'
    """
    if lang != "zh":
        return unit
    named = _NOUN.sub(lambda found: _noun_names().get(found[0], found[0]), unit)
    return _PRICES.sub(r"（\1）", _ONE_GOOD.sub(r"\1", named))


@cache
def _noun_names() -> Mapping[str, str]:
    rows = read_rows(data_folder() / "vocabulary" / "nouns.csv")
    named = {row["id"]: row["name_zh"] for row in rows if row["kind"] not in _KEPT}
    return {**named, "dimensionless": "无量纲", "persons": "人"}


@cache
def notes() -> Mapping[str, str]:
    """Return the Chinese of each clause of the notes of factor rows, ``#`` for a number."""
    return _read("notes.csv")


@cache
def messages() -> Mapping[str, str]:
    """Return the Chinese of each template."""
    return _read("zh.csv")


@cache
def words() -> Mapping[str, str]:
    """Return the Chinese of each word and reason that may stand among the values of a text."""
    return _read("words.csv")


def _read(name: str) -> Mapping[str, str]:
    """Return a table of two columns; spaces about a sentence are a part of it."""
    rows = csv.reader(open_csv(data_folder() / "messages" / name))
    next(rows)
    return dict(rows)


def _in_chinese(text: str) -> str:
    if isinstance(text, Both):
        return text.zh
    if not isinstance(text, Text):
        return _name(text)
    if joined := _JOINED.match(text.template):
        between = joined["between"] or ""
        parts = [_in_chinese(str(part)) for part in text.values.values()]
        return _SEPARATORS.get(between, between).join(parts)
    return _fill(messages().get(text.template, text.template), text.values)


def _name(text: str) -> str:
    if text in words():
        return words()[text]
    if text in vocabulary.flows():
        return vocabulary.name("flow", text, "zh") or text
    if text in vocabulary.products():
        return vocabulary.name("product", text, "zh") or text
    if text in vocabulary.areas():
        return vocabulary.name("area", text, "zh") or text
    return _indicators().get(text) or notes().get(text, text)  # an item as its document prints it


@cache
def _indicators() -> Mapping[str, str]:
    """Return the Chinese names of the indicators that scale what a larger area prints."""
    rows = read_rows(data_folder() / "vocabulary" / "city_indicators.csv")
    return {row["id"]: row["name_zh"] for row in rows}


def _fill(template: str, values: Mapping[str, object]) -> str:
    """Put the values into a Chinese sentence, said in Chinese but for what is quoted."""
    text = ""
    for literal, name, spec, conversion in Formatter().parse(template):
        text = _set_beside(text, literal)
        if name:
            value = values[name] if spec else str(values[name])
            if conversion == "r":
                value = f"“{value}”"
            elif isinstance(value, str) and not _UNIT.fullmatch(name):  # TJ is no Tajikistan
                value = _in_chinese(value)
            text = _set_beside(text, format(value, (spec or "").format_map(values)))
    return text


def _set_beside(text: str, more: str) -> str:
    """Join two pieces; between Chinese characters stands no space."""
    if _SPACE_AFTER.search(text) and _CHINESE.match(more):
        text = text[:-1]
    elif _SPACE_BEFORE.match(more) and _CHINESE.match(text[-1:]):
        more = more[1:]
    if text.endswith("？") and more.startswith("；"):  # a question ends itself
        more = more[1:]
    return text + more
