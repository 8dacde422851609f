"""Which tests run a line of the code, and how long each takes: the quickest of them are asked first."""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from coverage import CoverageData

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from tests.mutating.mutants import Mutant

# What a recording is made of: which test ran which line, and seconds by test with a digest by file.
LINES, TIMES = "lines.coverage", "times.json"
# The environment tells the plugin where to write and which tests, in seconds, are too long to be asked.
# Each test is a context of the coverage.
FOLDER, LONGEST = "MUTATING_RECORDING", "MUTATING_LONGEST"
_CONFIG = "[run]\nsource = carbonacct\ndata_file = {file}\n"
_MOST_ASKED = 150
_taken: Counter[str] = Counter()
_left: set[str] = set()


def recording_arguments(copy: Path, recording: Path) -> list[str]:
    """Return the arguments of pytest that make a recording of the tests of a copy of the checkout."""
    recording.mkdir(parents=True, exist_ok=True)
    config = recording / "coverage.ini"
    config.write_text(_CONFIG.format(file=recording / LINES), encoding="utf-8")
    modules = sorted(
        path for part in ("carbonacct", "tests") for path in (copy / part).rglob("*.py")
    )
    digests = {str(path.relative_to(copy)): digest(path) for path in modules}
    (recording / TIMES).write_text(
        json.dumps({"copy": str(copy), "digests": digests}), encoding="utf-8"
    )
    # A test that is left while it writes leaves a file open, which is no fault of it.
    plugin = ["-p", "tests.mutating.reach", "-p", "no:unraisableexception"]
    return [
        *plugin,
        "--cov=carbonacct",
        "--cov-context=test",
        "--cov-report=",
        f"--cov-config={config}",
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Leave a test that takes too long, by the clock of the processor: it would be asked of no change."""
    rung = []

    def leave(*_: object) -> None:
        rung.append(True)
        pytest.skip("too long")

    signal.signal(signal.SIGPROF, leave)
    signal.setitimer(signal.ITIMER_PROF, float(os.environ[LONGEST]))
    try:
        return (yield)
    except BaseException:
        if rung:  # a law that is left in the midst of an example says something else of it
            pytest.skip("too long")
        raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what a test takes, with what it sets up; one that was left or skipped itself is not known."""
    _taken[report.nodeid] += report.duration
    if report.skipped:
        _left.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write what each test took."""
    named = Path(os.environ[FOLDER]) / TIMES
    taken = {test: seconds for test, seconds in _taken.items() if test not in _left}
    named.write_text(
        json.dumps(json.loads(named.read_text(encoding="utf-8")) | {"seconds": taken}),
        encoding="utf-8",
    )


def digest(path: Path) -> str:
    """Return what tells whether a file is still the one that was recorded."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def choose_tests(
    recording: Path, copy: Path, mutant: Mutant, seconds: float, nearest: Sequence[str] = ()
) -> list[str]:
    """Return tests that run the changed lines, then others of the module, as many as fit; then nearest ones, likewise.

    The quickest of each file come before the second of any, so that all files have a say. What is
    remembered between tests runs in the first of them alone: hence the others of the module. Of a
    module that is another since it was recorded, its lines tell nothing: all that run any are asked.
    A file of tests that is another by now, or was not recorded, is asked as a whole.
    """
    known = _open(recording)
    contexts = known.lines.contexts_by_lineno(str(known.copy / mutant.module))
    lines = range(mutant.line, mutant.end_line + 1) if known.holds(copy, mutant.module) else ()
    running = [
        {context.partition("|")[0] for found in part for context in found}
        for part in ((contexts.get(line, ()) for line in lines), contexts.values())
    ]
    same = {
        file: known.holds(copy, file)
        for file in {test.partition("::")[0] for test in known.seconds}
    }
    taken = {test: time for test, time in known.seconds.items() if same[test.partition("::")[0]]}
    chosen = _fill(running, taken, seconds)[:_MOST_ASKED]
    anew = [file for file in nearest if not same.get(file)]
    named = {test for test in taken if test.partition("::")[0] in nearest} - set(chosen)
    return [*chosen, *anew, *_fill([named], taken, seconds)]


class _Recording(NamedTuple):
    """What was recorded: where, which test ran which line, seconds by test, digest by file."""

    copy: Path
    lines: CoverageData
    seconds: dict[str, float]
    digests: dict[str, str]

    def holds(self, copy: Path, file: str) -> bool:
        """Return whether a file is still the one that was recorded."""
        return self.digests.get(file) == _digest_of(copy / file)


@cache
def _open(recording: Path) -> _Recording:
    """Read a recording, once for all changes."""
    told = json.loads((recording / TIMES).read_text(encoding="utf-8"))
    data = CoverageData(recording / LINES)
    data.read()
    return _Recording(Path(told["copy"]), data, told["seconds"], told["digests"])


@cache
def _digest_of(path: Path) -> str:
    return digest(path) if path.exists() else ""


def _fill(groups: Sequence[set[str]], taken: Mapping[str, float], seconds: float) -> list[str]:
    """Return the tests of one group after the other that fit into so many seconds."""
    chosen: dict[str, float] = {}
    for tests in groups:
        for test in _take_turns(tests & taken.keys(), taken):
            if test not in chosen and sum(chosen.values()) + taken[test] <= seconds:
                chosen[test] = taken[test]
    return list(chosen)


def _take_turns(tests: set[str], seconds: Mapping[str, float]) -> list[str]:
    """Return the quickest test of each file, then the second of each."""
    turns: Counter[str] = Counter()
    ordered = []
    for test in sorted(tests, key=lambda test: (seconds[test], test)):
        file = test.partition("::")[0]
        ordered.append((turns[file], seconds[test], test))
        turns[file] += 1
    return [test for _, _, test in sorted(ordered)]
