"""Jobs on two cores: each done once, whatever becomes of the second process."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest

from carbonacct.projects import kept_answers, shared_jobs
from carbonacct.projects.kept_answers import keeping_answers, save_answers
from carbonacct.projects.shared_jobs import do_meanwhile, do_side_by_side
from carbonacct.projects.store import Store
from carbonacct.units import conversion_factor
from tests.projects.folders import build_at, make_project, outputs_of, states_of, write_table

needs_fork = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="this system has no fork: jobs are done in turn"
)
MORE = 'analysis = { trend = ["co2"] }'
REPORTS = """\
page = "output/page.html"
workbook = "output/book.xlsx"
"""
# Builds a project as the command does, and says which processes made an output.
ALONE = """
import os, sys
sys.path.insert(0, ".")
from carbonacct.projects import build, shared_jobs
from tests.projects.folders import open_at
from carbonacct.report.outputs import make_renderers

shared_jobs.count_cores = lambda: 2
render = build._Shop._render
def note(shop, output):
    with open(sys.argv[2], "a") as file:
        file.write(f"{os.getpid()} {output.name}\\n")
    return render(shop, output)
build._Shop._render = note
built = build.build(open_at(sys.argv[1]), make_renderers(), alone=True)
print(*sorted({output.state for output in built.outputs}))
"""


def note(folder, name):
    """Leave a file that says which process did a job; a second time is an error."""
    with (folder / name).open("x") as file:
        file.write(str(os.getpid()))


def count_open():
    """Return how many files are open."""
    return len(list(Path("/dev/fd").iterdir()))


@pytest.fixture
def _two_cores(monkeypatch):
    """Let the process be one that may fork, on a machine of one core as well."""
    monkeypatch.setattr(shared_jobs, "may_copy", lambda: True)
    monkeypatch.setattr(shared_jobs, "count_cores", lambda: 2)


@needs_fork
@pytest.mark.usefixtures("_two_cores")
def test_each_job_is_done_once(tmp_path):
    """More jobs than a pipe is asked to hold are done, each once, in this process or in the other."""
    jobs = [partial(note, tmp_path, str(number)) for number in range(450)]

    do_side_by_side(jobs)
    assert {file.name for file in tmp_path.iterdir()} == set(map(str, range(450)))


@needs_fork
@pytest.mark.usefixtures("_two_cores")
def test_jobs_are_begun_meanwhile(tmp_path):
    """The other process works while this one does what it needs itself; what it did not begin is given back."""
    jobs = [partial(note, tmp_path, str(number)) for number in range(450)]

    def here():
        while not any(tmp_path.iterdir()):  # the other has begun
            pass
        note(tmp_path, "here")

    left = do_meanwhile(jobs, here)
    done = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert done.pop("here") == str(os.getpid())
    assert str(os.getpid()) not in done.values()
    assert len(done) + len(left) == 450
    for job in left:  # a job that was done would find its file
        job()


def test_jobs_are_done_in_turn_where_a_fork_is_not_safe(tmp_path, monkeypatch):
    """A process with a second thread does all itself."""
    monkeypatch.setattr(shared_jobs, "count_cores", lambda: 2)
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        do_side_by_side([partial(note, tmp_path, str(number)) for number in range(5)])
    finally:
        stop.set()
        thread.join()
    assert {file.read_text() for file in tmp_path.iterdir()} == {str(os.getpid())}


@needs_fork
@pytest.mark.usefixtures("_two_cores")
def test_a_second_process_that_dies_leaves_what_is_not_done(tmp_path):
    """Its end is no error here: what it took has left nothing, and whoever needs it makes it."""
    first = os.getpid()

    def die():
        if os.getpid() != first:
            os.kill(os.getpid(), signal.SIGKILL)
        note(tmp_path, "here too")

    left = do_meanwhile([die] * 2, lambda: os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT))
    for job in left:
        job()
    assert [file.name for file in tmp_path.iterdir()] == ["here too"]


@needs_fork
@pytest.mark.usefixtures("_two_cores")
def test_jobs_are_done_here_where_the_system_gives_no_process(tmp_path, monkeypatch):
    """Nothing is left behind: neither an open pipe nor objects that are never collected."""
    monkeypatch.setattr(os, "fork", Mock(side_effect=BlockingIOError))
    before = count_open()
    do_side_by_side([partial(note, tmp_path, str(number)) for number in range(5)])
    assert {file.read_text() for file in tmp_path.iterdir()} == {str(os.getpid())}
    assert count_open() == before
    assert gc.get_freeze_count() == 0


@needs_fork
@pytest.mark.usefixtures("_two_cores")
def test_an_interrupt_ends_both(tmp_path):
    """An interrupt of the first process goes on in it, and the second is gone by then."""
    place = tmp_path / "second"

    def wait():
        place.write_text(str(os.getpid()))
        signal.pause()

    def interrupt():
        while not place.exists() or not place.read_text():
            pass
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do_meanwhile([wait], interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(int(place.read_text()), 0)


def test_a_build_on_two_cores_is_a_build_in_turn(tmp_path):
    """The command makes the same bytes as a build in one process, after an edit as well, and says what it made."""
    folder = make_project(tmp_path / "甲", more=MORE)
    toml = folder / "carbonacct.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + REPORTS, encoding="utf-8")
    for coal in (100.0, 123.0):
        write_table(folder, 2019, coal=coal)
        log = tmp_path / f"log {coal}"
        told = subprocess.run(
            [sys.executable, "-c", ALONE, folder, log], check=True, capture_output=True, text=True
        )
        assert told.stdout.split() == ["made"]
        made = [line.split() for line in log.read_text().splitlines()]
        assert sorted(name for _, name in made) == ["data", "page", "panel", "record", "workbook"]
        alone = outputs_of(folder)
        for place in (folder / ".carbonacct", folder / "output"):
            place.rename(tmp_path / f"{place.name} {coal}")
        assert states_of(build_at(folder))["page"] == "made"
        assert outputs_of(folder) == alone


def test_answers_are_those_of_one_program(tmp_path):
    """Another program does not take the answers; those of two processes are joined and nothing piles up."""
    store = Store(tmp_path)
    found = []
    for program, pair in (("one", ("t", "kg")), ("one", ("t", "g")), ("other", ("t", "g"))):
        conversion_factor.cache_clear()
        with keeping_answers(store, program):
            conversion_factor(*pair)
            save_answers(store, program)
        found.append(next(iter(kept_answers._read(store, program).values())))
    assert found[1:] == [{'["t", "kg"]': 1000.0, '["t", "g"]': 1e6}, {'["t", "g"]': 1e6}]
    assert kept_answers._read(store, "one") == {}
    assert [path.name for path in tmp_path.rglob("*.*")] == ["answers.json"]
