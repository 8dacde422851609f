"""A project of many tables is read in several processes, and is what one process makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import processes
from carbonacct.projects import runs
from tests.projects.folders import make_project, open_at, write_table

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _look(folder: Path) -> tuple[list[tuple[object, ...]], list[str]]:
    """Return what the tables of a new project are, a broken one and one of another area among them, and what was said."""
    make_project(folder, range(1960, 2015))
    (folder / "tables" / "北京1970.csv").write_text("年,工业\n", encoding="utf-8")
    write_table(folder, 2016, area="上海")
    said: list[str] = []
    workshop = open_at(folder, progress=said.append)
    groups = workshop._groups()
    return [
        (g.files, g.places, g.refused, getattr(g.refused, "template", "")) for g in groups
    ], said


def test_two_processes_make_the_groups_that_one_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files, places, refusals and what is said come in one order; what was read is not read again."""
    counts: list[int] = []
    monkeypatch.setattr(processes, "may_copy", lambda: True)
    monkeypatch.setattr(runs, "count_workers", lambda count: counts.append(count) or 2)
    two = _look(tmp_path / "two")
    monkeypatch.setattr(runs, "count_workers", lambda _: 1)
    one = _look(tmp_path / "one")
    assert two == one
    assert len(one[0]) == 56
    assert len([refused for *_, refused, _ in one[0] if refused]) == 1
    monkeypatch.setattr(runs, "count_workers", lambda count: counts.append(count) or 1)
    open_at(tmp_path / "two")._groups()
    assert counts == [56, 0]
