"""What pages work with: the project's folder, and the processes that do the work."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from carbonacct.errors import CarbonacctError
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.web.exchange import WebError
from carbonacct.web.project_view import is_project
from carbonacct.web.workers import Jobs, Worker

if TYPE_CHECKING:
    from pathlib import Path

    from carbonacct.web.workers import Job


@dataclass
class Desk:
    """A project and who works on it.

    Attributes
    ----------
    folder
        Of the project, or where it is to be.
    clerk
        The process that looks files up and keeps what forms say, at once.
    reader
        The process that reads tables while a person waits: one that takes long holds no other page
        up.
    jobs
        Long work, in a process of its own.
    """

    folder: Path
    clerk: Worker = field(default_factory=Worker)
    reader: Worker = field(default_factory=Worker)
    jobs: Jobs = field(default_factory=Jobs)

    @property
    def lang(self) -> str:
        """The language of the project, "" where there is none yet."""
        try:
            return read_declaration(self.folder).lang if is_project(self.folder) else ""
        except CarbonacctError:
            return ""

    def ask(self, task: str, **arguments: Any) -> Any:
        """Return what a short task gives."""
        return self.clerk.ask(task, {"folder": str(self.folder), **arguments})

    def read(self, task: str, **arguments: Any) -> Any:
        """Return what a task gives that reads a table."""
        return self.reader.ask(task, {"folder": str(self.folder), **arguments})

    def start(self, task: str, **arguments: Any) -> Job:
        """Return the job of some long work."""
        return self.jobs.start(task, {"folder": str(self.folder), **arguments})

    def warm(self) -> None:
        """Start the process that looks things up, so that the first page need not wait for it."""
        with contextlib.suppress(WebError):
            self.ask("overview", lang="zh")

    def close(self) -> None:
        """End the processes."""
        self.clerk.stop()
        self.reader.stop()
        self.jobs.worker.stop()
