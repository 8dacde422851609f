"""What the command line says, in the language that its reader wants."""

from __future__ import annotations

import locale
import os
import re
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO


@dataclass(frozen=True)
class Manner:
    """How a command speaks and writes.

    Attributes
    ----------
    lang
        ``"zh"`` or ``"en"``.
    quiet
        Whether only results and errors are said.
    excel
        Whether CSV begins with a byte order mark, without which Excel does not take it for UTF-8.
    json
        Whether tables are printed as JSON.
    has_files
        Whether results go to files that are named.
    words
        The words of the command.
    """

    lang: str = "en"
    quiet: bool = False
    excel: bool = False
    json: bool = False
    has_files: bool = field(default=False, repr=False)
    words: tuple[str, ...] = field(default=(), repr=False)


_PLAIN = Manner()
_MANNER: ContextVar[Manner] = ContextVar("manner", default=_PLAIN)


def find_manner(words: Sequence[str]) -> Manner:
    """Return how a command is to speak and write, before its words are understood.

    Examples
    --------
    >>> find_manner(["check", "--lang", "zh", "--quiet"])
    Manner(lang='zh', quiet=True, excel=False, json=False)
    """
    return Manner(
        lang=find_language(words),
        quiet="--quiet" in words,
        excel="--excel" in words,
        json="--json" in words,
        has_files=any(word.startswith(("-o", "--output")) for word in words),
        words=tuple(words),
    )


def find_language(words: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of ``--lang`` among the words, or that of the environment.

    Examples
    --------
    >>> find_language(["check", "--lang", "zh"]), find_language(["check"], {"LANG": "zh_CN.UTF-8"})
    ('zh', 'zh')
    >>> find_language(["check", "--lang=en"], {"LANG": "zh_CN.UTF-8"})
    'en'
    >>> find_language([], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"})
    'en'
    """
    for number, word in enumerate(words, start=1):
        name, _, value = word.partition("=")
        if name == "--lang":
            value = name_language(value or "".join(words[number : number + 1]))
            if value in {"zh", "en"}:
                return value
    named = next(
        filter(None, (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), None
    )
    named = named or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


_NAMES = {
    "zh": ("cn", "chinese", "中文", "汉语", "简体中文"),
    "en": ("english", "英文", "英语"),
}


def name_language(word: str) -> str:
    """Return the language that a person names, or the word as it stands.

    Examples
    --------
    >>> name_language("中文"), name_language("zh_CN.UTF-8"), name_language("English"), name_language("fr")
    ('zh', 'zh', 'en', 'fr')
    """
    for lang, names in _NAMES.items():
        if word.lower() in names or re.split(r"[-_.]", word.lower())[0] == lang:
            return lang
    return word


@contextmanager
def speaking(manner: Manner) -> Iterator[None]:
    """Speak and write in a manner until the end of the block."""
    before = _MANNER.set(manner)
    try:
        yield
    finally:
        _MANNER.reset(before)


def manner() -> Manner:
    """Return how things are said and written now."""
    return _MANNER.get()


def language() -> str:
    """Return the language in which things are said now."""
    return manner().lang


def speak(text: object) -> str:
    """Return a text, a finding or an error in the language in which things are said now."""
    if language() == "en":
        return str(text)
    from carbonacct.catalogue import in_language  # noqa: PLC0415 - English needs no catalogue

    return in_language(str(text), language())


def tell(text: object, *, file: TextIO | None = None) -> None:
    """Print a text, a finding or an error in the language in which things are said now.

    Where standard output is a table as JSON, what is said beside it goes to standard error.
    """
    print(speak(text), file=file or (sys.stderr if manner().json else sys.stdout))


def is_said_elsewhere() -> bool:
    """Return whether a summary may be left out: quiet is asked for, and the result stands in files or as JSON."""
    held = manner()
    return held.quiet and (held.has_files or held.json)


def note(text: object) -> None:
    """Print what is no result, such as the names of files that were written, unless asked for quiet."""
    if not manner().quiet:
        tell(text)
