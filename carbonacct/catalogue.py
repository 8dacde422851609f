"""The sentences of :mod:`carbonacct.texts` in another language, from ``factors/messages``.

``zh.csv`` has a sentence for each template; ``words.csv`` what a word or reason among the values
is called. A flow, product or area is said by its name. What is quoted (``!r``) is printed
somewhere as it stands, and stays.
"""

from __future__ import annotations

import csv
import os
import re
import string
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.data import data_folder, open_csv
from carbonacct.texts import Both, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("zh", "en")
_JOINED = re.compile(r"\{part0\}(?:(?P<between>[^{}]*)\{part1\}|$)")
_SEPARATORS = {
    ", ": "、",
    "; ": "；",
    ": ": "：",
    " and ": "和",
    " or ": "或",
    "; or ": "；或",
    "; and ": "；且",
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
    没有品种 “coke”；请补上
    >>> print(in_language(text, "en"))
    no product 'coke'; add it
    """
    return _in_chinese(text) if lang == "zh" else str.__str__(text)


def preferred_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language that the environment asks for: Chinese or else English.

    Examples
    --------
    >>> preferred_language({"LANG": "zh_CN.UTF-8"}), preferred_language({"LC_ALL": "C", "LANG": "zh_CN"})
    ('zh', 'en')
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"


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
    return {english: chinese for english, chinese in rows}


def _in_chinese(text: str) -> str:
    if isinstance(text, Both):
        return text.zh
    if not isinstance(text, Text):
        return _name(text)
    if joined := _JOINED.match(text.template):
        between = joined["between"] or ""
        said = [_in_chinese(str(part)) for part in text.values.values()]
        return _SEPARATORS.get(between, between).join(said)
    return _Chinese().vformat(messages().get(text.template, text.template), (), text.values)


def _name(text: str) -> str:
    if text in words():
        return words()[text]
    if text in vocabulary.flows():
        return vocabulary.name("flow", text, "zh") or text
    if text in vocabulary.products():
        return vocabulary.name("product", text, "zh") or text
    if text in vocabulary.areas():
        return vocabulary.name("area", text, "zh") or text
    return messages().get(text, text)


class _Quoted(str):
    """What stands in quotation marks, which is said as it is printed."""

    __slots__ = ()


class _Chinese(string.Formatter):
    """Fill a Chinese template: values are said in Chinese too."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """Put what is quoted into Chinese quotation marks."""
        if conversion == "r":
            return _Quoted(f"“{value}”")
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Say a text among the values in Chinese."""
        if isinstance(value, str) and not isinstance(value, _Quoted):
            value = _in_chinese(value)
        elif value is None or isinstance(value, (tuple, list)):
            value = str(value)
        return super().format_field(value, format_spec)
