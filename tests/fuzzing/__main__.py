"""Measure how often a change of a table changes its inventory without a word."""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

from carbonacct.errors import CarbonacctError
from carbonacct.sheets.folders import list_tables
from carbonacct.sheets.raw_sheets import read_sheets
from tests.fuzzing.base import Base, load_base
from tests.fuzzing.cases import run_case, run_cases
from tests.fuzzing.inputs import shipped_bases
from tests.fuzzing.kinds import KINDS
from tests.fuzzing.report import describe

_MOST_SHEETS = 4
_MOST_NUMBERS = 8000


def main(arguments: list[str] | None = None) -> int:
    """Run cases and print the report; exit 1 if a traceback was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument(
        "tables", nargs="*", type=Path, help="files or folders; else those that ship"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--kind", action="append", choices=sorted(KINDS), help="this kind alone")
    parser.add_argument("--case", type=int, help="this case alone, with all that it says")
    parser.add_argument("--examples", type=int, default=3, help="worst cases of each kind")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    bases = load_bases(options.tables) if options.tables else shipped_bases()
    if not bases:
        print("no table that can be changed", file=sys.stderr)
        return 2
    kinds = options.kind or list(KINDS)
    if options.case is not None:
        kind = kinds[options.case % len(kinds)]
        print(run_case(bases, kind, seed=options.seed, number=options.case))
        return 0
    start = time.perf_counter()
    cases = list(run_cases(bases, kinds, seed=options.seed, count=options.cases))
    taken = time.perf_counter() - start
    print("\n".join(describe(cases, examples=options.examples)))
    print(f"\nseed {options.seed}, {1000 * taken / len(cases):.0f} ms a case", file=sys.stderr)
    return int(any(case.difference.verdict == "traceback" for case in cases))


def load_bases(paths: list[Path]) -> list[Base]:
    """Return the tables of files and folders that can be changed; say which cannot."""
    files = [file for path in paths for file in (sorted_tables(path) if path.is_dir() else [path])]
    bases = []
    for file in files:
        try:
            sheets = read_sheets(file)
        except CarbonacctError as error:
            print(f"passed over: {error}", file=sys.stderr)
            continue
        size = sum(len(row) for sheet in sheets for row in sheet.rows)
        if len(sheets) > _MOST_SHEETS or size > _MOST_NUMBERS:
            print(f"passed over: {file.name} is large", file=sys.stderr)
            continue
        base = load_base(file.name, sheets)
        if isinstance(base, Base):
            bases.append(base)
        else:
            print(f"passed over: {file.name}: {base[:100]}", file=sys.stderr)
    return bases


def sorted_tables(folder: Path) -> list[Path]:
    """Return the tables in a folder and the folders in it."""
    found = []
    for each in sorted({folder, *(path for path in folder.rglob("*") if path.is_dir())}):
        try:
            found += list_tables(each)
        except CarbonacctError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(main())
