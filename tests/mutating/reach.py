"""Which tests run a line of the code, and how long each takes: those are asked first, the quickest before the others."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from coverage import CoverageData

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from tests.mutating.mutants import Mutant

# What a recording is made of: which test ran which line, and seconds by test with a digest by module.
LINES, TIMES = "lines.coverage", "times.json"
# The environment tells the plugin where to write; each test is a context of the coverage.
FOLDER = "MUTATING_RECORDING"
_CONFIG = "[run]\nsource = carbonacct\ndata_file = {file}\n"
_MOST_ASKED = 150
_taken: Counter[str] = Counter()


def recording_arguments(copy: Path, recording: Path) -> list[str]:
    """Return the arguments of pytest that make a recording of the tests of a copy of the checkout."""
    recording.mkdir(parents=True, exist_ok=True)
    config = recording / "coverage.ini"
    config.write_text(_CONFIG.format(file=recording / LINES), encoding="utf-8")
    digests = {str(path.relative_to(copy)): digest(path) for path in sorted((copy / "carbonacct").rglob("*.py"))}
    (recording / TIMES).write_text(json.dumps({"copy": str(copy), "digests": digests}), encoding="utf-8")
    plugin = ["-p", "tests.mutating.reach"]
    return [*plugin, "--cov=carbonacct", "--cov-context=test", "--cov-report=", f"--cov-config={config}"]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up what a test takes, with what it sets up."""
    _taken[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    """Write what each test took."""
    named = Path(os.environ[FOLDER]) / TIMES
    named.write_text(json.dumps(json.loads(named.read_text(encoding="utf-8")) | {"seconds": _taken}), encoding="utf-8")


def digest(path: Path) -> str:
    """Return what tells whether a module is still the one that was recorded."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def choose_tests(recording: Path, copy: Path, mutant: Mutant, seconds: float) -> list[str]:
    """Return tests that run the changed lines, then tests that run others of the module, as many as fit.

    The quickest of each file come before the second of any, so that all files have a say. What is
    remembered between tests runs in the first of them alone: hence the others of the module. None
    if the module is another by now.
    """
    known = json.loads((recording / TIMES).read_text(encoding="utf-8"))
    if known["digests"].get(mutant.module) != digest(copy / mutant.module):
        return []
    data = CoverageData(recording / LINES)
    data.read()
    contexts = data.contexts_by_lineno(str(Path(known["copy"]) / mutant.module))
    lines = range(mutant.line, mutant.end_line + 1)
    chosen: dict[str, float] = {}
    for running in ((contexts.get(line, ()) for line in lines), contexts.values()):
        tests = {context.partition("|")[0] for found in running for context in found}
        for test in _take_turns(tests & known["seconds"].keys(), known["seconds"]):
            if test not in chosen and sum(chosen.values()) + known["seconds"][test] <= seconds:
                chosen[test] = known["seconds"][test]
    return list(chosen)[:_MOST_ASKED]


def _take_turns(tests: set[str], seconds: Mapping[str, float]) -> list[str]:
    """Return the quickest test of each file, then the second of each."""
    turns: Counter[str] = Counter()
    ordered = []
    for test in sorted(tests, key=lambda test: (seconds[test], test)):
        file = test.partition("::")[0]
        ordered.append((turns[file], seconds[test], test))
        turns[file] += 1
    return [test for _, _, test in sorted(ordered)]
