"""Jobs that leave their results in files, done on two cores: the process forks once and both take the next job in turn.

A job that the other process did not finish, for whatever reason, has left nothing; whoever needs its
result makes it then. So nothing but the files goes between the two, and a fault is met, and said, in
the first process as if there were no second.
"""

from __future__ import annotations

import gc
import os
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from carbonacct.blocks import count_cores
from carbonacct.processes import copying, may_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Job = Callable[[], object]

_MOST = 200  # numbers of batches that fit into any pipe at once, a byte each


def do_side_by_side(jobs: Sequence[Job]) -> None:
    """Do jobs on two cores, where the system has a fork that is safe and there is a second core; else in turn.

    Parameters
    ----------
    jobs
        Long ones first. Each is done once, in this process or in the other; what it returns is
        dropped. One must not need what another leaves in memory.

    Notes
    -----
    Whether a fork is safe, :func:`carbonacct.processes.may_copy` says. The second process ends
    without tidying up what it shares with the first: text that
    streams hold is not written twice. It ends as well when the first is gone, after the job that it
    is at.
    """
    with _share(jobs) as batches:
        for batch in batches:
            for job in batch:
                job()


def do_meanwhile(jobs: Sequence[Job], here: Job) -> list[Job]:
    """Do `here` in this process, as what it leaves in memory is needed, and meanwhile jobs in the other.

    Return those that are left.

    Parameters
    ----------
    jobs
        As of :func:`do_side_by_side`; none is begun where there is no second process.
    here
        Is done once, and to its end.
    """
    with _share(jobs) as batches:
        here()
        return [job for batch in batches for job in batch]


@contextmanager
def _share(jobs: Sequence[Job]) -> Iterator[Iterator[Sequence[Job]]]:
    """Let a second process take batches of jobs, and give this one those that it takes itself."""
    batches = [jobs[number::_MOST] for number in range(min(len(jobs), _MOST))]
    if not batches or not (may_copy() and count_cores() > 1):
        yield iter(batches)
        return
    source, sink = os.pipe()
    os.write(sink, bytes(range(len(batches))))
    os.close(sink)
    first = os.getpid()
    second = 0
    gc.freeze()  # what is there stays meanwhile; looking through it would copy its memory
    try:
        with copying(), suppress(OSError):  # no memory, or no more processes: this one does all
            second = os.fork()
            if not second:
                _help(_take(batches, source), first)
        yield _take(batches, source)
    except BaseException:
        if second:
            os.kill(second, signal.SIGINT)
        raise
    finally:
        os.close(source)
        if second:
            os.waitpid(second, 0)
        gc.unfreeze()


def _take(batches: Sequence[Sequence[Job]], source: int) -> Iterator[Sequence[Job]]:
    """Take one batch after another, by its number in a pipe from which the other process takes too, to its end."""
    while taken := os.read(source, 1):
        yield batches[taken[0]]


def _help(batches: Iterator[Sequence[Job]], first: int) -> None:
    """Do jobs as the second process, and end it."""
    status = 0
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for batch in batches:
            for job in batch:
                if os.getppid() != first:
                    return
                job()
    except BaseException:  # noqa: BLE001 - the first process meets it, and says it
        status = 1
    finally:
        os._exit(status)
