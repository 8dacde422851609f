"""The processes beside the server: who waits for whom, what is cancelled, and what is left when the server is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from carbonacct.web.exchange import WebError
from carbonacct.web.workers import CANCELLED, DONE, FAILED, Jobs, Worker
from tests.web.sites import make_project, serve_folder


def wait_for(happens, seconds=60):
    """Return whether something happens in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def jobs():
    """Return a queue of long work."""
    jobs = Jobs()
    yield jobs
    jobs.worker.stop()


@pytest.fixture
def worker():
    """Return a process."""
    worker = Worker()
    yield worker
    worker.stop()


def test_the_same_work_is_one_job(jobs, tmp_path):
    """Two tabs that ask for one thing get one job; it says what it does, and what came of it."""
    folder = str(make_project(tmp_path / "p"))
    first, second = (jobs.start("build", {"folder": folder, "lang": "en"}) for _ in range(2))
    other = jobs.start("build", {"folder": folder, "lang": "zh"})
    assert first.id == second.id != other.id
    assert wait_for(lambda: jobs.find(first.id).is_over)
    assert jobs.find(first.id).state == DONE
    assert [one["state"] for one in jobs.find(first.id).result["outputs"]] == ["made"] * 2
    assert wait_for(lambda: jobs.find(other.id).is_over)
    assert [one["state"] for one in jobs.find(other.id).result["outputs"]] == ["current"] * 2


def test_cancelling_ends_that_job_alone(jobs, tmp_path):
    """One that runs ends with its process, one that waits never starts, and the next one is done."""
    names = [str(make_project(tmp_path / name)) for name in ("a", "b", "c")]
    first, second, third = (jobs.start("build", {"folder": name, "lang": "en"}) for name in names)
    assert wait_for(lambda: jobs.find(first.id).stage)
    jobs.cancel(first.id)
    jobs.cancel(second.id)
    assert wait_for(lambda: jobs.find(third.id).is_over)
    assert [jobs.find(one.id).state for one in (first, second, third)] == [
        CANCELLED,
        CANCELLED,
        DONE,
    ]
    assert not (tmp_path / "b" / ".carbonacct").exists()
    assert not [path for path in (tmp_path / "a" / "output").iterdir() if path.name.startswith(".")]
    again = jobs.start("build", {"folder": names[0], "lang": "en"})
    assert wait_for(lambda: jobs.find(again.id).is_over)
    assert jobs.find(again.id).state == DONE


def test_a_process_that_dies_is_said_and_replaced(jobs, tmp_path):
    """The system ends it for its memory, say: the job failed, and the next one is done."""
    folder = str(make_project(tmp_path / "p"))
    job = jobs.start("build", {"folder": folder, "lang": "en"})
    assert wait_for(lambda: jobs.find(job.id).stage)
    os.kill(jobs.worker._process.pid, signal.SIGKILL)
    assert wait_for(lambda: jobs.find(job.id).is_over)
    assert jobs.find(job.id).state == FAILED
    assert jobs.find(job.id).error.key == "error.stopped"
    again = jobs.start("build", {"folder": folder, "lang": "en"})
    assert wait_for(lambda: jobs.find(again.id).is_over)
    assert jobs.find(again.id).state == DONE


def test_what_takes_too_long_is_ended(worker, tmp_path):
    """Nobody waits for ever: the process is ended, and the next question is answered by another."""
    folder = str(make_project(tmp_path / "p"))
    with pytest.raises(WebError, match=r"error\.too_long"):
        worker.ask("overview", {"folder": folder, "lang": "en"}, seconds=0.0001)
    assert worker.ask("overview", {"folder": folder, "lang": "en"})["project"]["name"] == "重庆"


class SlowStart:
    """The channel to a process that takes longer to load than a task may take."""

    def __init__(self):
        self.said, self.waits = [("ready", None), ("stage", "x"), ("done", 7)], []

    def send(self, message):
        """Take a task."""

    def poll(self, seconds):
        """Say whether there is something in time: not before it is loaded."""
        self.waits.append(seconds)
        return len(self.said) < 3

    def recv(self):
        """Return the next message."""
        return self.said.pop(0)


def test_loading_is_no_part_of_a_limit(worker, monkeypatch):
    """On a slow machine the first page waits for the program, and is not told to keep its table alone."""
    channel = SlowStart()
    monkeypatch.setattr(worker, "_start", lambda: channel)
    assert worker.ask("overview", {}, seconds=5) == 7
    assert len(channel.waits) == 2
    assert 5 >= channel.waits[0] >= channel.waits[1] > 4


def test_a_refusal_comes_back_as_it_was_said(worker, tmp_path):
    """What the program refuses is for the person; a fault of the program tells its kind alone."""
    folder = make_project(tmp_path / "p")
    (folder / "carbonacct.toml").write_text("schema = 1\nunicorn = 2\n", encoding="utf-8")
    with pytest.raises(WebError, match=r"error\.said") as refusal:
        worker.ask("overview", {"folder": str(folder), "lang": "en"})
    assert "unicorn" in refusal.value.say("en")
    with pytest.raises(WebError, match=r"error\.ours") as fault:
        worker.ask("overview", {"folder": str(folder), "unicorn": 1})
    assert fault.value.values == {"kind": "TypeError"}


def test_a_table_that_takes_long_holds_no_other_page_up(tmp_path):
    """While one tab waits for a table, another saves a form."""
    with serve_folder(make_project(tmp_path / "p", tables=False)) as site:
        site.enter()
        content = "\n".join(
            ",".join(f"{row}x{column}" for column in range(3000)) for row in range(100)
        )
        place = site.drop("endless.csv", content.encode()).record["go"]
        answers = []
        tab = threading.Thread(target=lambda: answers.append(site.get(place).status))
        tab.start()
        assert wait_for(site.app.desk.reader._turn.locked)
        page = site.get("/method")
        assert page.status == 200
        assert not answers
        site.app.desk.reader.stop()
        tab.join()
        assert answers == [503]


def test_a_process_ends_with_the_server(tmp_path):
    """A server that is killed leaves no process behind, idle or busy."""
    folder = make_project(tmp_path / "p")
    script = (
        "import sys\nfrom carbonacct.web.workers import Worker\n"
        "if __name__ == '__main__':\n"
        " worker = Worker()\n"
        f" worker.ask('overview', {{'folder': {str(folder)!r}, 'lang': 'en'}})\n"
        " print(worker._process.pid, flush=True)\n sys.stdin.read()\n"
    )
    file = tmp_path / "parent.py"
    file.write_text(script, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        child = int(parent.stdout.readline())
        parent.kill()
    assert wait_for(lambda: not is_running(child), 20)


def is_running(pid):
    """Return whether a process runs; one that nobody waits for may stand in the list when it has ended."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state.rpartition(")")[2].split()[0] != "Z"
