"""Measure which changes of the code no test notices: a sample of them, drawn with a seed."""

from __future__ import annotations

import argparse
import compileall
import csv
import json
import os
import py_compile
import random
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutating import quick_failures, reach, session
from tests.mutating.mutants import Mutant, list_mutants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
# Changes that make no difference to any result, with the reason: they are not drawn.
NO_DIFFERENCE = Path(__file__).with_name("no_difference.csv")
# The tests that are asked about each room.
ROOMS = {
    "units": ["tests/test_units.py", "carbonacct/units.py"],
    "balances": [
        "tests/balances",
        "tests/test_checks.py",
        "tests/fuzzing",
        "tests/cities/test_origins.py",
    ],
    "inventory": ["tests/inventory", "tests/test_habits.py", "tests/sectors"],
    "equations": ["tests/equations", "tests/sectors"],
    "sectors": ["tests/sectors", "tests/projects"],
    "factors": ["tests/factors", "tests/sectors"],
    "analysis": ["tests/analysis"],
    "sheets": ["tests/sheets", "tests/balances", "tests/sectors/sources/test_activities.py"],
    "vocabulary": ["tests/test_vocabulary.py", "tests/balances", "carbonacct/vocabulary.py"],
    "cities": ["tests/cities"],
    "uncertainty": ["tests/uncertainty"],
    "indices": ["tests/indices"],
    "records": ["tests/records", "tests/sectors/sources"],
    "projects": ["tests/projects", "tests/test_habits.py"],
}
_PARTS = (
    "carbonacct",
    "factors",
    "tests",
    "docs",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
)
_PYTEST = (
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    *quick_failures.ARGUMENTS,
)
_PASSED, _NONE_ASKED = 0, 5  # as pytest ends
_AT_LEAST_ASKED = 10  # tests that fit into the time of a change: a longer one is not recorded
_LONGEST_TEST = 300  # seconds: a test that never ends has noticed


def main(arguments: list[str] | None = None) -> int:
    """Draw mutants, run the tests of their room on each, print those that survive and the score."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutating", description=__doc__)
    parser.add_argument("--room", action="append", choices=sorted(ROOMS), help="all, unless named")
    parser.add_argument(
        "--under",
        action="append",
        help="only these modules: a path or its beginning, balances/split",
    )
    parser.add_argument("--mutants", type=int, default=50, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--seconds",
        type=float,
        help="ask the tests that run the lines, as many as fit, then those that name the module",
    )
    parser.add_argument(
        "--recording", type=Path, help="folder: which test runs which line; made where it is absent"
    )
    parser.add_argument("-o", "--output", type=Path, help="the survivors, as JSON")
    options = parser.parse_args(arguments)
    rooms = options.room or list(ROOMS)
    passed = read_no_difference()
    begins = tuple(f"carbonacct/{place}" for place in options.under or [""])
    known = [
        (room, mutant)
        for room in rooms
        for mutant in list_room(ROOT, room)
        if mutant.key not in passed and mutant.module.startswith(begins)
    ]
    drawn = random.Random(options.seed).sample(known, min(options.mutants, len(known)))
    survivors = []
    with tempfile.TemporaryDirectory(prefix="mutating-") as folder:
        # Alone in its folder: tables that lie beside the checkout are not found beside the copy.
        copy = copy_checkout(ROOT, Path(folder) / "checkout")
        recording = options.recording or Path(folder) / "recording"
        if options.seconds is not None and not (recording / reach.TIMES).exists():
            tests = sorted({test for room in rooms for test in ROOMS[room]})
            record(copy, recording, tests, options.seconds / _AT_LEAST_ASKED)
        asked = []
        for room, mutant in drawn:
            first = [mutant.module, *list_nearest(copy, mutant.module, ROOMS[room])]
            if options.seconds is None:
                asked.append((mutant, [*first, *ROOMS[room]]))
            else:
                asked.append(
                    (mutant, reach.choose_tests(recording, copy, mutant, options.seconds, first))
                )
        most = (
            _LONGEST_TEST
            if options.seconds is None
            else min(_LONGEST_TEST, int(60 + 4 * options.seconds))
        )
        for number, (mutant, noticed) in enumerate(try_mutants(copy, asked, most), 1):
            print(f"{number:>4} {'noticed ' if noticed else 'SURVIVED'} {mutant}", flush=True)
            if not noticed:
                survivors.append(mutant)
    print(
        f"\n{len(drawn) - len(survivors)} of {len(drawn)} noticed, of {len(known)} that there are; seed {options.seed}"
    )
    if options.output:
        told = [[mutant.module, mutant.line, mutant.before, mutant.after] for mutant in survivors]
        options.output.write_text(
            json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return 0


@cache
def list_room(root: Path, room: str) -> list[Mutant]:
    """Return every change of the modules of a room."""
    package = root / "carbonacct"
    single = package / f"{room}.py"
    paths = [single] if single.exists() else sorted((package / room).rglob("*.py"))
    return [
        mutant
        for path in paths
        for mutant in list_mutants(str(path.relative_to(root)), path.read_text(encoding="utf-8"))
    ]


def read_no_difference() -> set[tuple[str, str, str, str]]:
    """Return the keys of the changes that make no difference."""
    with NO_DIFFERENCE.open(encoding="utf-8", newline="") as file:
        return {
            (row["module"], row["code"], row["before"], row["after"])
            for row in csv.DictReader(file)
        }


def copy_checkout(root: Path, folder: Path) -> Path:
    """Copy what the tests need, so that the checkout itself stays as it is; compiled, by what is in the files."""
    folder.mkdir()
    for part in _PARTS:
        source = root / part
        if source.is_dir():
            shutil.copytree(
                source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "_build")
            )
        elif source.exists():
            shutil.copy(source, folder / part)
    # A changed module differs from what is compiled of it, whatever its time and size.
    by_content = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(folder / "carbonacct", quiet=1, invalidation_mode=by_content)
    return folder


def list_nearest(root: Path, module: str, tests: list[str]) -> list[str]:
    """Return the tests that name a module, to be asked first: those called as it is, then those that import it."""
    name = Path(module).stem
    package, _, _ = (imported := module.removesuffix(".py").replace("/", ".")).rpartition(".")
    named = rf"from {re.escape(package)} import (?:[^(\n]*|\([^)]*)\b{name}\b"
    names = re.compile(rf"{re.escape(imported)}\b|{named}")
    found = {}
    places = {
        path
        for test in tests
        for path in [root / test, *(root / test).rglob("test_*.py")]
        if path.is_file()
    }
    for path in sorted(places):
        if name in path.stem:
            found[path] = 0
        elif names.search(path.read_text(encoding="utf-8")):
            found[path] = 1
    return [str(path.relative_to(root)) for path in sorted(found, key=lambda path: found[path])]


def try_mutants(
    copy: Path, asked: Iterable[tuple[Mutant, list[str]]], most: int = _LONGEST_TEST
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each change, and whether one of the tests that it is asked of fails with it: those of functions first.

    One whose tests take more seconds of the processor than ``most`` never ends, and is noticed.
    """
    inside, outside = [], []
    for mutant, tests in asked:
        source = (copy / mutant.module).read_text(encoding="utf-8")
        is_inside = session.find_function(source, mutant.line) is not None
        (inside if is_inside else outside).append((mutant, source, tests))
    plan = copy / "plan.json"
    changes = [
        {
            "module": mutant.module,
            "line": mutant.line,
            "source": mutant.apply(source),
            "tests": tests,
            "most": most,
        }
        for mutant, source, tests in inside
    ]
    plan.write_text(json.dumps(changes), encoding="utf-8")
    files = dict.fromkeys(test.partition("::")[0] for _, _, tests in inside for test in tests)
    words = [*_PYTEST, "-s", "-p", "tests.mutating.session", *files]
    environment = _environment(copy, **{session.PLAN: str(plan)})
    with subprocess.Popen(
        words, cwd=copy, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        verdicts = (line for line in process.stdout or () if line.startswith(session.VERDICT))
        for (mutant, source, tests), line in zip(inside, verdicts, strict=True):
            if line.strip() == session.NOT_HELD:
                outside.append((mutant, source, tests))
            else:
                yield mutant, line.strip() == session.NOTICED
    for mutant, source, tests in outside:
        place = copy / mutant.module
        place.write_text(mutant.apply(source), encoding="utf-8")
        yield mutant, run_tests(copy, ["-x", *tests]) not in {_PASSED, _NONE_ASKED}
        place.write_text(source, encoding="utf-8")


def record(copy: Path, recording: Path, tests: list[str], longest: float) -> None:
    """Record which test runs which line, with the code as it is; those that take more seconds are passed over.

    Raises
    ------
    SystemExit
        If a test fails without any change: what it says of a changed module would mean nothing.
    """
    told = {reach.FOLDER: str(recording), reach.LONGEST: str(longest)}
    if run_tests(copy, [*reach.recording_arguments(copy, recording), *tests], **told):
        (recording / reach.TIMES).unlink()  # so that no later run takes it for a recording
        raise SystemExit("a test fails with the code as it is: " + " ".join(tests))


def run_tests(copy: Path, arguments: list[str], **told: str) -> int:
    """Run tests of a copy of the checkout and return how they ended."""
    limits = [
        "-o",
        f"faulthandler_timeout={_LONGEST_TEST}",
        "-o",
        "faulthandler_exit_on_timeout=true",
    ]
    return subprocess.run(
        [*_PYTEST, *limits, *arguments],
        cwd=copy,
        env=_environment(copy, **told),
        capture_output=True,
        check=False,
    ).returncode


def _environment(copy: Path, **added: str) -> dict[str, str]:
    """Return the environment of the tests of a copy, without what names tables of this machine or lets no test skip."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CARBONACCT_") and name != "CI"
    }
    return kept | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"} | added


if __name__ == "__main__":
    sys.exit(main())
