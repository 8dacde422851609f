"""What the two processes can be asked for, by name; each comes back with plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.web.finding_tasks import accept, list_findings, withdraw
from carbonacct.web.project_tasks import build_project, look_over, start
from carbonacct.web.table_tasks import choose_words, correct, summarise_table, view_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Each is given where to say what it is doing, and what it is to do.
TASKS: Mapping[str, Callable[..., Any]] = {
    "accept": accept,
    "build": build_project,
    "choose": choose_words,
    "correct": correct,
    "findings": list_findings,
    "overview": look_over,
    "start": start,
    "summary": summarise_table,
    "view": view_table,
    "withdraw": withdraw,
}
