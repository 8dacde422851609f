"""What all tests share."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings

from tests.report.chromium import Browser, open_page, start_browser
from tests.warm import WarmProgram

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# A busy machine must not fail a test: what a property may take is not what it says. The suite asks the same examples
# every time, so that a change is judged by what it changes; `make laws` looks for new ones.
settings.register_profile("suite", deadline=None, max_examples=20, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("suite")

# Modules, tests and tables that are there for good are most of what a collection of garbage would look through.
gc.disable()

ROOT = Path(__file__).resolve().parents[1]


# Files of long tests: begun last, they would leave the other workers idle.
_LONG = (
    "tests/web/",
    "tests/test_docs.py",
    "tests/test_doors.py",
    "tests/test_cli",
    "tests/fuzzing/",
    "tests/balances/test_long_tables.py",
    "tests/balances/test_properties.py",
    "tests/balances/test_proposal.py",
    "tests/projects/",
    "tests/report/",
    "tests/sectors/energy/",
)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path,
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Look for examples only in the files of tests that have some."""
    found = yield
    has_examples = b">>> " in file_path.read_bytes()
    return [one for one in found if has_examples or not isinstance(one, DoctestModule)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, dealt out to the workers, each of which is given an equal part of the list.

    A worker that is done takes tests from the end of another's part: short ones, as long as there are.
    """
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    long = [tests for name, tests in files.items() if name.startswith(_LONG)]
    short = [item for name, tests in files.items() if not name.startswith(_LONG) for item in tests]
    size = len(items) // count
    dealt: list[pytest.Item] = []
    for number in range(count):
        dealt += [item for tests in long[number::count] for item in tests]
        missing = max(0, size * (number + 1) - len(dealt))
        dealt += short[:missing]
        del short[:missing]
    items[:] = [*dealt, *short]


def pytest_collection_finish() -> None:
    """Collect garbage again, of what the tests make alone."""
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


@pytest.fixture(scope="session")
def real_tables() -> Path:
    """Return the folder of real tables beside the checkout; tests that need it skip themselves where it is absent."""
    named = os.environ.get("CARBONACCT_REAL_TABLES")
    found = [Path(named)] if named else sorted(ROOT.parent.glob("*/real"))
    folder = next((folder for folder in found if (folder / "china_ebt_2007").is_dir()), None)
    if folder is None:
        pytest.skip(
            "the real tables are not beside the checkout; CARBONACCT_REAL_TABLES may name their folder"
        )
    return folder


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a browser listens, which runs for all tests that look at pages."""
    with start_browser(tmp_path_factory.mktemp("profile")) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Return a page of the browser for all tests of a module, with cookies and storage of its own."""
    with open_page(chromium) as browser:
        yield browser


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmProgram]:
    """Return the command line, in a process that is there already."""
    there = WarmProgram(tmp_path_factory.mktemp("bin"))
    yield there
    there.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Run every test, and every example of a docstring, from the top of the checkout."""
    os.chdir(ROOT)


# What CI cannot have beside a clean clone; primap2 has an environment of its own there (`make primap2`).
_MAY_LACK = ("real tables", "primap2")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, which installs what its tests need, a test that skips itself has failed."""
    report = yield
    reason = str(report.longrepr)
    if report.skipped and os.environ.get("CI") and not any(words in reason for words in _MAY_LACK):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped: {reason}"
    return report
