"""Work in several processes gives what one gives, and leaves no process behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from carbonacct import processes
from carbonacct.processes import count_workers, in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one process elsewhere")

ROOT = Path(__file__).resolve().parents[1]


def run(work: Callable[[int], object], count: int, workers: int = 2) -> list[object]:
    """Return what comes of numbers, packed as they are."""
    return list(
        in_processes(work, range(count), workers, pack=lambda one: one, unpack=lambda one: one)
    )


SAFE = processes.may_copy


@pytest.fixture(autouse=True)
def _no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # What runs these tests may have a thread of its own, which does not touch what the copies do.
    monkeypatch.setattr(processes, "may_copy", lambda: True)
    yield
    assert not multiprocessing.active_children()


def test_order_is_kept_however_long_an_item_takes() -> None:
    """The slowest chunk comes where it stands."""

    def work(number: int) -> int:
        time.sleep(0.2 if number == 5 else 0)
        return number

    assert run(work, 200, 3) == list(range(200))


def test_the_work_is_done_elsewhere() -> None:
    """So many processes take part beside this one, which does the first items."""
    pids = run(lambda _: (time.sleep(0.002), os.getpid())[1], 120)
    assert pids[0] == os.getpid()
    assert len({*pids} - {os.getpid()}) == 2


def test_one_process_where_a_copy_would_not_be_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a second thread, or on another system, this process does all."""
    monkeypatch.setattr(processes, "may_copy", SAFE)
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    try:
        assert {*run(lambda _: os.getpid(), 60)} == {os.getpid()}
    finally:
        wait.set()
        thread.join()
    monkeypatch.setattr(processes.sys, "platform", "darwin")
    assert {*run(lambda _: os.getpid(), 60)} == {os.getpid()}


def test_no_copy_is_asked_for_where_none_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no fork."""
    monkeypatch.setattr(processes, "may_copy", lambda: False)
    monkeypatch.delattr(processes, "get_context")
    assert run(lambda number: number, 60) == list(range(60))


def test_fewer_copies_than_wanted_do_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without further processes the existing copies share the chunks, or this process does all of them."""
    fork = os.fork
    for given in (1, 0):
        left = [given]

        def fork_so_often(left: list[int] = left) -> int:
            if not left[0]:
                raise BlockingIOError
            left[0] -= 1
            return fork()

        monkeypatch.setattr(os, "fork", fork_so_often)
        pids = run(lambda _: os.getpid(), 60)
        assert len({*pids} - {os.getpid()}) == given


def test_an_interrupt_waits_until_the_copies_are_made() -> None:
    """It comes in this process, and not in one that goes on as a copy of it."""
    script = (
        "import os, signal\nfrom carbonacct import processes\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "try:\n    with processes.copying():\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n        print('the end')\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n") == ["the end", "interrupted", ""]


def test_what_a_lost_process_had_is_done_here() -> None:
    """A process that the system ends takes nothing with it."""
    own = os.getpid()

    def work(number: int) -> tuple[int, bool]:
        if os.getpid() != own and number in {10, 50, 90}:
            os.kill(os.getpid(), signal.SIGKILL)
        return number, os.getpid() == own

    done = run(work, 150)
    assert [number for number, _ in done] == list(range(150))  # type: ignore[attr-defined]
    assert {number for number, here in done if here} >= {10, 50, 90}  # type: ignore[attr-defined]


def test_what_is_raised_is_raised_here_in_its_turn() -> None:
    """What came before it is given; what cannot be pickled is given as well."""
    given: list[object] = []

    def work(number: int) -> object:
        if number == 40:
            raise ValueError(number)
        return number if number != 30 else threading.Lock()

    with closing(
        in_processes(work, range(100), 2, pack=lambda one: one, unpack=lambda one: one)
    ) as done:
        given += [next(done) for _ in range(40)]
        with pytest.raises(ValueError, match="40"):
            next(done)
    assert given[:30] == list(range(30))
    assert len(given) == 40


def test_who_takes_no_more_leaves_no_process() -> None:
    """The processes end with the generator, also in the middle of long work."""
    slow = in_processes(
        lambda n: time.sleep(60 if n > 12 else 0),
        range(50),
        2,
        pack=lambda one: one,
        unpack=lambda one: one,
    )
    with closing(slow) as done:
        for _ in range(8):
            next(done)
        assert len(multiprocessing.active_children()) == 2
    assert not multiprocessing.active_children()


def test_few_items_need_no_process() -> None:
    """Fifty are many; each process has five and twenty at least."""
    assert count_workers(0) == count_workers(49) == 1
    assert count_workers(50) <= 2
    assert count_workers(10**6) == processes.count_cores()


def _wait_for(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 120
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def _is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_copies_end_with_a_process_that_is_killed() -> None:
    """Nobody is left to take the results."""
    script = (
        "import os, time\nfrom carbonacct.processes import in_processes\n"
        # In one write: three processes share the pipe, and print may take two.
        "def work(n):\n    os.write(1, b'%d\\n' % os.getpid())\n    time.sleep(0.05)\n"
        "same = lambda one: one\n"
        "for _ in in_processes(work, range(100000), 2, pack=same, unpack=same): pass\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        pids: set[int] = set()
        while len(pids) < 3:
            pids.add(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        assert all(_wait_for(lambda pid=pid: not _is_running(pid)) for pid in pids)  # type: ignore[misc]


def test_an_interrupt_is_one_line(tmp_path: Path) -> None:
    """The terminal sends it to all processes of a command; one of them speaks."""
    pids_file = tmp_path / "pids"
    script = (
        "import os, sys, time\nsys.modules['dask'] = None  # as the program does before all else\n"
        "from carbonacct.balances import many_files\n"
        "read_one = many_files.read_balance\n"
        "def read(path, **given):\n"
        f"    with open({str(pids_file)!r}, 'a') as stream: stream.write(f'{{os.getpid()}}\\n')\n"
        "    time.sleep(0.1)\n    return read_one(path, **given)\n"
        "many_files.read_balance = read\n"
        "from carbonacct.cli import main\nsys.exit(main())\n"
    )
    table = (ROOT / "docs" / "tables" / "chongqing_2007.csv").read_text(encoding="utf-8")
    tables = tmp_path / "tables"
    tables.mkdir()
    for number in range(70):
        text = table.replace("2007", str(1951 + number))
        (tables / f"{number}.csv").write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", script, "check", str(tables)]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    ) as parent:

        def list_pids() -> set[int]:
            return set(map(int, pids_file.read_text().split())) if pids_file.exists() else set()

        assert _wait_for(lambda: len(list_pids()) == 3)
        os.killpg(parent.pid, signal.SIGINT)
        _, said = parent.communicate(timeout=60)
        assert parent.returncode == 130
        assert said == "carbonacct: interrupted\n"
        assert all(_wait_for(lambda pid=pid: not _is_running(pid)) for pid in list_pids())  # type: ignore[misc]
