"""Work on many items in several processes, where the system can copy one.

What comes of it is what one process gives.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
import warnings
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import current_process, get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, TypeVar

from carbonacct.blocks import count_cores

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

    T = TypeVar("T")
    R = TypeVar("R")

_FIRST = 4  # items done before the copies are made, which then have what these had to load
_CHUNK = 8  # items that travel together: what their results share travels once
_GIVEN = 2  # chunks that a process has before it: one in work, and the next
_AHEAD = 8  # chunks for each process that may be done before they are taken
_MANY = 50  # items for which a second process pays
_EACH = 25  # items for each process


def count_workers(items: int) -> int:
    """Return in how many processes a program does so many small items: one per core, one where there are few.

    Examples
    --------
    >>> count_workers(49)
    1
    """
    return 1 if items < _MANY else min(count_cores(), items // _EACH)


def in_processes(
    work: Callable[[T], R],
    items: Sequence[T],
    workers: int,
    *,
    pack: Callable[[R], Any],
    unpack: Callable[[Any], R],
) -> Generator[R]:
    """Yield what a function gives for each of some items, in their order.

    Parameters
    ----------
    work
        What it gives depends on its item alone.
    items
        Files, as a rule.
    workers
        How many processes do the work; 1 is this one. This one does it as well where processes
        cannot be copied safely: on other systems than Linux, where it has several threads, and
        where it is itself one that ends with its parent.
    pack, unpack
        Make of a result what can be pickled, and of that the result.

    Notes
    -----
    A chunk whose process ends, or in which anything is raised, is done again in this process, so
    that what is raised is what one process raises. The processes end with the generator.

    Examples
    --------
    >>> twice = in_processes(lambda n: 2 * n, range(60), 2, pack=str, unpack=int)
    >>> list(twice) == list(range(0, 120, 2))
    True
    """
    first = _FIRST if workers > 1 and len(items) > _FIRST and may_copy() else len(items)
    for item in items[:first]:
        yield work(item)
    rest = items[first:]
    chunks = [rest[start : start + _CHUNK] for start in range(0, len(rest), _CHUNK)]
    team = _Team(_start(lambda item: pack(work(item)), chunks, min(workers, len(chunks))))
    try:
        for number, chunk in enumerate(chunks):
            done = team.find(number, len(chunks))
            yield from map(work, chunk) if done is None else map(unpack, done)
    finally:
        team.end()


def may_copy() -> bool:
    """Return whether this process may be copied: a lock that another thread holds would stay locked in the copy.

    Elsewhere than on Linux a fork is absent, or libraries of the system keep threads of their own.
    """
    return (
        sys.platform == "linux" and threading.active_count() == 1 and not current_process().daemon
    )


@contextmanager
def copying() -> Iterator[None]:
    """Make copies of this process without the warning of Python 3.12, and with interrupts put off until they are made.

    The warning counts threads of numerical libraries too: those end and begin anew around a fork. An
    interrupt between a fork and the next statement would have the copy go on as this process. To
    block the signal would not do: the system gives it to a thread of a library instead. A copy takes
    no notice of interrupts until it says what they do.
    """
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*multi-threaded.*fork", DeprecationWarning)
            yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


@dataclass
class _Worker:
    """A copy of this process, and the chunks that it has before it."""

    process: ForkProcess
    channel: Connection
    given: deque[int] = field(default_factory=deque)


def _start(work: Callable[[T], Any], chunks: Sequence[Sequence[T]], count: int) -> list[_Worker]:
    """Return so many copies of this process, or as many as there can be, each waiting for numbers of chunks."""
    team: list[_Worker] = []
    if not count:  # elsewhere than on Linux there may be no fork to ask for
        return team
    context = get_context("fork")
    with copying():  # an interrupt is the business of this process: the copies take no notice of it
        for _ in range(count):
            own, other = context.Pipe()
            # What is open in a copy is no longer closed by the end of this process.
            inherited = [own, *(one.channel for one in team)]
            process = context.Process(
                target=_serve, args=(other, inherited, work, chunks), daemon=True
            )
            try:
                process.start()
            except OSError:  # no memory, or no more processes: those that are there do the work
                own.close()
                return team
            finally:
                other.close()
            team.append(_Worker(process, own))
    return team


def _serve(
    channel: Connection,
    inherited: Sequence[Connection],
    work: Callable[[T], Any],
    chunks: Sequence[Sequence[T]],
) -> None:
    """Do the chunks whose numbers come, until the other end closes: the life of a copy."""
    for one in inherited:
        one.close()
    gc.freeze()  # what stood there before is shared until it is written on, as by a collection
    parent = os.getppid()
    try:
        while True:
            channel.send_bytes(_do(work, chunks[channel.recv()], parent))
    except (EOFError, OSError):
        return


def _do(work: Callable[[T], Any], chunk: Sequence[T], parent: int) -> bytes:
    """Return what comes of a chunk, pickled.

    Nothing where something is raised, which the parent then sees for itself.
    """
    results = []
    try:
        for item in chunk:
            if os.getppid() != parent:
                os._exit(1)
            results.append(work(item))
        return pickle.dumps(results, pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - the parent does the chunk again
        return b""


class _Team:
    """Copies of this process at work on numbered chunks."""

    def __init__(self, workers: list[_Worker]) -> None:
        self._all, self._alive, self._next = workers, list(workers), 0
        self._done: dict[int, list[Any] | None] = {}

    def find(self, number: int, count: int) -> list[Any] | None:
        """Return what came of a chunk of so many; None where it is to be done here."""
        self._give(min(count, number + _AHEAD * len(self._all)))
        while number not in self._done:
            busy = [worker for worker in self._alive if worker.given]
            if not busy:  # all copies ended
                return None
            ready = wait([worker.channel for worker in busy])
            for worker in busy:
                if worker.channel in ready:
                    self._take(worker)
            self._give(min(count, number + _AHEAD * len(self._all)))
        return self._done.pop(number)

    def _give(self, end: int) -> None:
        """Hand out the chunks before one, to whom has the fewest."""
        while self._next < end and self._alive:
            worker = min(self._alive, key=lambda one: len(one.given))
            if len(worker.given) >= _GIVEN:
                return
            try:
                worker.channel.send(self._next)
            except OSError:
                self._lose(worker)
            else:
                worker.given.append(self._next)
                self._next += 1

    def _take(self, worker: _Worker) -> None:
        try:
            held = worker.channel.recv_bytes()
        except (EOFError, OSError):
            self._lose(worker)
        else:
            self._done[worker.given.popleft()] = pickle.loads(held) if held else None  # noqa: S301 - from a copy of this process

    def _lose(self, worker: _Worker) -> None:
        """Leave to this process what one that ended had before it."""
        self._alive.remove(worker)
        self._done |= dict.fromkeys(worker.given)

    def end(self) -> None:
        """End all copies, whatever they do."""
        for worker in self._all:
            worker.process.kill()
            worker.process.join()
            worker.channel.close()
