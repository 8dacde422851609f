"""Processes beside the server, which itself reads no table and computes nothing.

A process has a limit of memory, is told what to do by name, and ends when the server does. What
takes too long, or is no longer wanted, is ended with its process; the next one starts afresh.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from carbonacct.errors import CarbonacctError, StoppedError
from carbonacct.texts import join_texts
from carbonacct.web.exchange import WebError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, SpawnContext
    from multiprocessing.process import BaseProcess

_MEMORY = 6 * 2**30  # bytes of addresses; the reader bounds what a file may take far below
_WAIT_TO_READ = 120.0
_KEPT = 100  # jobs that are over and can still be looked up
_LOG = logging.getLogger(__name__)
WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"


@cache
def _find_context() -> ForkServerContext | SpawnContext:
    """Return how processes start: on Linux as copies of one that has loaded what they all need."""
    if sys.platform != "linux":  # elsewhere libraries may not outlive the copy
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["carbonacct.web.tasks"])
    return context


def labour(channel: Connection) -> None:
    """Do what the channel asks for until it closes: the life of a process."""
    if os.environ.get("CARBONACCT_DEBUG"):
        logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
    _bound_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from carbonacct.web.tasks import TASKS  # noqa: PLC0415 - loads what the server has no use for

    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        channel.send(("ready", None))
        while True:
            name, arguments = channel.recv()
            try:
                result = TASKS[name](lambda stage: channel.send(("stage", stage)), **arguments)
            except CarbonacctError as error:
                channel.send(("refused", (422, "error.said", {"said": _say(error)})))
            except WebError as error:
                channel.send(("refused", (error.status, error.key, error.values)))
            except MemoryError:
                channel.send(("refused", (422, "error.memory", {})))
            except Exception as error:  # noqa: BLE001 - said as a fault of the program
                _LOG.exception("%s failed", name)
                channel.send(("refused", (500, "error.ours", {"kind": type(error).__name__})))
            else:
                channel.send(("done", result))


def _say(error: CarbonacctError) -> str:
    """Return what an error says as it was made: a text keeps what another language needs."""
    faults = error.faults if isinstance(error, StoppedError) else (error,)
    texts = [
        one.args[0] if one.args and isinstance(one.args[0], str) else str(one) for one in faults
    ]
    return texts[0] if len(texts) == 1 else join_texts("\n", texts)


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _end_with_parent() -> None:
    """End this process when the server is gone, whatever it is doing."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@dataclass
class Worker:
    """A process that does one thing at a time; it starts with the first.

    What it takes to load is no part of a limit.
    """

    _process: BaseProcess | None = None
    _channel: Connection | None = None
    _is_ready: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self, task: str, arguments: Mapping[str, Any], *, seconds: float = _WAIT_TO_READ
    ) -> Any:
        """Return what a task gives, in its turn.

        Raises
        ------
        WebError
            If it fails, or takes longer than `seconds`.
        """
        with self._turn:
            for kind, what in self.work(task, arguments, seconds):
                if kind == "done":
                    return what
        raise WebError(503, "error.stopped")

    def work(self, task: str, arguments: Mapping[str, Any], seconds: float | None = None) -> Any:
        """Yield what a task says, last ``("done", result)``; nothing more where it was stopped."""
        channel = self._start()
        until: float | None = None
        try:
            channel.send((task, dict(arguments)))
            while True:
                if seconds is not None and self._is_ready:
                    until = until or time.monotonic() + seconds
                    if not channel.poll(max(0.0, until - time.monotonic())):
                        self.stop()
                        raise WebError(503, "error.too_long")
                kind, what = channel.recv()
                if kind == "ready":
                    self._is_ready = True
                    continue
                if kind == "refused":
                    status, key, values = what
                    raise WebError(status, key, **values)
                yield kind, what
                if kind == "done":
                    return
        except (EOFError, OSError):  # stopped, or killed by the system for its memory
            return

    def stop(self) -> None:
        """End the process, whatever it does; who waits for it hears of its end."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.join()

    def _start(self) -> Connection:
        with self._lock:
            if self._process is None or self._channel is None or not self._process.is_alive():
                if self._channel is not None:
                    self._channel.close()
                context = _find_context()
                self._channel, other_end = context.Pipe()
                self._process = context.Process(target=labour, args=(other_end,), daemon=True)
                self._is_ready = False
                self._process.start()
                other_end.close()
            return self._channel


@dataclass(frozen=True)
class Job:
    """Long work, and how it stands.

    Attributes
    ----------
    id
        The hash of what it makes: who asks for the same gets the same job.
    task
        What it does.
    state
        One of the states of this module.
    stage
        What is being done.
    result
        What came of it.
    error
        Why it failed.
    """

    id: str
    task: str
    arguments: Mapping[str, Any]
    state: str = WAITING
    stage: str = ""
    result: Any = None
    error: Exception | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in {DONE, FAILED, CANCELLED}


@dataclass
class Jobs:
    """Long work in the order in which it was asked for, one at a time."""

    worker: Worker = field(default_factory=Worker)
    _jobs: dict[str, Job] = field(default_factory=dict)
    _change: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None

    def start(self, task: str, arguments: Mapping[str, Any]) -> Job:
        """Return the job of some work; one that runs already is that one."""
        text = json.dumps([task, dict(arguments)], sort_keys=True, ensure_ascii=False)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        with self._change:
            known = self._jobs.get(name)
            if known is not None and not known.is_over:
                return known
            self._jobs.pop(name, None)
            job = self._jobs[name] = Job(name, task, arguments)
            over = [one.id for one in self._jobs.values() if one.is_over]
            for old in over[: max(0, len(over) - _KEPT)]:
                del self._jobs[old]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            self._change.notify_all()
        return job

    def find(self, name: str) -> Job | None:
        """Return a job by its id."""
        return self._jobs.get(name)

    def cancel(self, name: str) -> None:
        """End a job: that one alone."""
        with self._change:
            job = self._jobs.get(name)
            if job is None or job.is_over:
                return
            self._jobs[name] = replace(job, state=CANCELLED)
            if job.state == RUNNING:
                self.worker.stop()

    def _run(self) -> None:
        while True:
            with self._change:
                while (job := self._find_next()) is None:
                    self._change.wait()
                self._jobs[job.id] = replace(job, state=RUNNING)
            try:
                for kind, what in self.worker.work(job.task, job.arguments):
                    if kind == "done":
                        self._note(job.id, state=DONE, result=what, stage="")
                    else:
                        self._note(job.id, stage=str(what))
                self._note(job.id, state=FAILED, error=WebError(503, "error.stopped"))
            except Exception as error:  # noqa: BLE001 - it is the job's, and shown with it
                self._note(job.id, state=FAILED, error=error)

    def _find_next(self) -> Job | None:
        return next((one for one in self._jobs.values() if one.state == WAITING), None)

    def _note(self, name: str, **news: Any) -> None:
        """Keep news of a job that is not over."""
        with self._change:
            job = self._jobs.get(name)
            if job is not None and not job.is_over:
                self._jobs[name] = replace(job, **news)
