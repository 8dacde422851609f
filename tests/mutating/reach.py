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
    """Return the quickest tests that run the changed lines, as many as fit; none if the module is another by now."""
    known = json.loads((recording / TIMES).read_text(encoding="utf-8"))
    if known["digests"].get(mutant.module) != digest(copy / mutant.module):
        return []
    data = CoverageData(recording / LINES)
    data.read()
    contexts = data.contexts_by_lineno(str(Path(known["copy"]) / mutant.module))
    lines = range(mutant.line, mutant.end_line + 1)
    tests = {context.partition("|")[0] for line in lines for context in contexts.get(line, ())} - {""}
    if not tests:  # what runs as the module is imported shows wherever the module is used
        tests = {context.partition("|")[0] for found in contexts.values() for context in found}
    chosen: list[str] = []
    for test in sorted(tests & known["seconds"].keys(), key=lambda test: (known["seconds"][test], test))[:_MOST_ASKED]:
        seconds -= known["seconds"][test]
        if seconds < 0:
            break
        chosen.append(test)
    return chosen
