"""Answers that follow from shipped facts, in the store of a project under the digest of the program that gave them."""

from __future__ import annotations

import platform
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from carbonacct.answers import give, let_go, take_up
from carbonacct.projects.store import make_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carbonacct.answers import Answers
    from carbonacct.projects.store import Store

_NAME = "answers"


@contextmanager
def keeping_answers(store: Store, program: str) -> Iterator[None]:
    """Take the answers of a program from a store, and keep there what it works out meanwhile."""
    take_up(_read(store, program))
    try:
        yield
        save_answers(store, program)
    finally:
        let_go()


def save_answers(store: Store, program: str) -> None:
    """Keep what is new beside what the store has; two processes that do so at once lose no more than time."""
    made = give()
    if made is None:
        return
    held = _read(store, program)
    for name, answers in made.items():
        held[name] = held.get(name, {}) | answers
    # A record and no object: answers grow with each build, and those of another program have no use.
    store.note(_NAME, {"program": _key(program), "answers": held})


def _read(store: Store, program: str) -> Answers:
    kept = store.recall(_NAME)
    held: Answers = kept["answers"] if kept.get("program") == _key(program) else {}
    return held


def _key(program: str) -> str:
    # Another Python or pint may give another last bit.
    versions = {"python": platform.python_version(), "pint": version("pint")}
    return make_key("answers", {"program": program} | versions)
