"""Results that belong to one inventory: worked out once however many reports ask for them."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ref

if TYPE_CHECKING:
    from collections.abc import Callable

    R = TypeVar("R")
    T = TypeVar("T")


def keep_per_record(work: Callable[[R], T]) -> Callable[[R], T]:
    """Return a function that remembers what it made of a frozen record, as long as that lives.

    Whoever calls it shares the result with others and must not change it.

    Examples
    --------
    >>> class Record:
    ...     pass
    >>> @keep_per_record
    ... def work(record):
    ...     print("working")
    ...     return 1
    >>> one = Record()
    >>> work(one) + work(one)
    working
    2
    """
    # By identity: records compare by value, which would read all their arrays.
    held: dict[int, tuple[ref[Any], T]] = {}

    @wraps(work)
    def remembered(record: R) -> T:
        key = id(record)
        known = held.get(key)
        if known is None or known[0]() is not record:
            known = ref(record, lambda _: held.pop(key, None)), work(record)
            held[key] = known
        return known[1]

    return remembered
