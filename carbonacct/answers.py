"""Answers that follow from the facts that the program ships alone: a program may keep them for the next time it starts.

What a unit is in another, or which product a word names, is the same in each run of one program. Working
it out anew takes a quarter of a second of the start. A function whose answers may be kept says so here;
who keeps them, and under the digest of which program, is the business of the caller (a project keeps
them in its store). Without one, nothing is kept and nothing is read.
"""

from __future__ import annotations

import json
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
T = TypeVar("T")
Answers = dict[str, dict[str, Any]]

_MOST = 4096  # answers of a function


class _Memory:
    """The answers of this process: by function, by what it was asked."""

    held: Answers | None = None
    is_new = False


def may_keep(work: Callable[P, T]) -> Callable[P, T]:
    """Return a function of texts that remembers its answers, which a program may keep.

    Its answers are what JSON holds (a float is read back to the last bit), depend on nothing but
    what it is asked and the facts that ship, and are shared: nobody changes them. What it raises is
    not kept.

    Examples
    --------
    >>> @may_keep
    ... def double(text):
    ...     print("working")
    ...     return 2 * text
    >>> take_up({})
    >>> double("a"), double("a")
    working
    ('aa', 'aa')
    >>> kept = give()
    >>> list(kept.values()), give()
    ([{'["a"]': 'aa'}], None)
    >>> let_go()
    """
    name = f"{work.__module__}.{work.__qualname__}"

    @lru_cache(maxsize=_MOST)
    @wraps(work)
    def answer(*asked: str) -> T:
        if _Memory.held is None:
            return work(*asked)  # type: ignore[call-arg, arg-type]
        known = _Memory.held.setdefault(name, {})
        key = json.dumps(asked, ensure_ascii=False)
        if key not in known:
            made = work(*asked)  # type: ignore[call-arg, arg-type]
            if len(known) >= _MOST:
                return made
            known[key], _Memory.is_new = made, True
        found: T = known[key]
        return found

    return answer  # type: ignore[return-value]


def take_up(held: Answers) -> None:
    """Answer from what was kept, and keep what is new, until `let_go`."""
    _Memory.held, _Memory.is_new = held, False


def give() -> Answers | None:
    """Return all answers to be kept, None where none is new since they were taken up or given."""
    if not _Memory.is_new:
        return None
    _Memory.is_new = False
    return _Memory.held


def let_go() -> None:
    """Keep nothing from now on."""
    _Memory.held, _Memory.is_new = None, False
