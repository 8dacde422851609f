"""Measure which changes of the code no test notices: a sample of them, drawn with a seed."""

from __future__ import annotations

import argparse
import compileall
import json
import os
import py_compile
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutating.mutants import Mutant, list_mutants

ROOT = Path(__file__).resolve().parents[2]
# The tests that are asked about each room.
ROOMS = {
    "units": ["tests/test_units.py", "carbonacct/units.py"],
    "balances": ["tests/balances", "tests/test_checks.py", "tests/fuzzing"],
    "inventory": ["tests/inventory", "tests/sectors"],
    "equations": ["tests/equations", "tests/sectors"],
    "sectors": ["tests/sectors", "tests/projects"],
    "factors": ["tests/factors", "tests/sectors"],
    "analysis": ["tests/analysis"],
    "cities": ["tests/cities"],
    "uncertainty": ["tests/uncertainty"],
}
_PARTS = ("carbonacct", "factors", "tests", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md")
_PATIENCE = 900  # seconds: a mutant that never ends is noticed


def main(arguments: list[str] | None = None) -> int:
    """Draw mutants, run the tests of their room on each, print those that survive and the score."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutating", description=__doc__)
    parser.add_argument("--room", action="append", choices=sorted(ROOMS), help="all, unless named")
    parser.add_argument("--mutants", type=int, default=50, help="how many are drawn")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, help="the survivors, as JSON")
    options = parser.parse_args(arguments)
    rooms = options.room or list(ROOMS)
    known = [(room, mutant) for room in rooms for mutant in list_room(ROOT, room)]
    drawn = random.Random(options.seed).sample(known, min(options.mutants, len(known)))
    survivors = []
    with tempfile.TemporaryDirectory(prefix="mutating-") as folder:
        copy = copy_checkout(ROOT, Path(folder))
        for number, (room, mutant) in enumerate(drawn, 1):
            noticed = is_noticed(copy, mutant, [*list_nearest(copy, mutant.module, ROOMS[room]), *ROOMS[room]])
            print(f"{number:>4} {'noticed ' if noticed else 'SURVIVED'} {mutant}", flush=True)
            if not noticed:
                survivors.append(mutant)
    print(
        f"\n{len(drawn) - len(survivors)} of {len(drawn)} noticed, of {len(known)} that there are; seed {options.seed}"
    )
    if options.output:
        told = [[mutant.module, mutant.line, mutant.before, mutant.after] for mutant in survivors]
        options.output.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


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


def copy_checkout(root: Path, folder: Path) -> Path:
    """Copy what the tests need, so that the checkout itself stays as it is; compiled, by what is in the files."""
    for part in _PARTS:
        source = root / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", "_build"))
        elif source.exists():
            shutil.copy(source, folder / part)
    # A changed module differs from what is compiled of it, whatever its time and size.
    by_content = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(folder / "carbonacct", quiet=1, invalidation_mode=by_content)
    return folder


def list_nearest(root: Path, module: str, tests: list[str]) -> list[str]:
    """Return the tests that name a module, to be asked first: those called as it is, then those that import it."""
    name = Path(module).stem
    imported = module.removesuffix(".py").replace("/", ".")
    found = {}
    for path in sorted(path for test in tests for path in (root / test).rglob("test_*.py")):
        if name in path.stem:
            found[path] = 0
        elif imported in path.read_text(encoding="utf-8"):
            found[path] = 1
    return [str(path.relative_to(root)) for path in sorted(found, key=lambda path: found[path])]


def is_noticed(copy: Path, mutant: Mutant, tests: list[str]) -> bool:
    """Return whether a test fails with the change in a copy of the checkout."""
    place = copy / mutant.module
    source = place.read_text(encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CARBONACCT_")}
    environment |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    place.write_text(mutant.apply(source), encoding="utf-8")
    try:
        words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", mutant.module, *tests]
        return (
            subprocess.run(
                words, cwd=copy, env=environment, capture_output=True, timeout=_PATIENCE, check=False
            ).returncode
            != 0
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        place.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
