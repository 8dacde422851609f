"""What the command line says, in the language that its reader wants."""

from __future__ import annotations

import locale
import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

_LANGUAGE: ContextVar[str] = ContextVar("language", default="en")


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
            value = value or "".join(words[number : number + 1])
            if value in {"zh", "en"}:
                return value
    named = next(
        filter(None, (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), None
    )
    named = named or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Say everything in a language until the end of the block."""
    before = _LANGUAGE.set(lang)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def language() -> str:
    """Return the language in which things are said now."""
    return _LANGUAGE.get()


def speak(text: object) -> str:
    """Return a text, a finding or an error in the language in which things are said now."""
    if language() == "en":
        return str(text)
    from carbonacct.catalogue import in_language  # noqa: PLC0415 - English needs no catalogue

    return in_language(str(text), language())


def tell(text: object, *, file: TextIO | None = None) -> None:
    """Print a text, a finding or an error in the language in which things are said now."""
    print(speak(text), file=file or sys.stdout)
