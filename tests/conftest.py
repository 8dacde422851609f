"""What all tests share."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

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
    "tests/web/test_story.py",
    "tests/test_docs.py",
    "tests/fuzzing/",
    "tests/balances/test_long_tables.py",
    "tests/balances/test_properties.py",
    "tests/balances/test_proposal.py",
    "tests/projects/",
    "tests/report/",
    "tests/sectors/energy/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


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
        pytest.skip("the real tables are not beside the checkout; CARBONACCT_REAL_TABLES may name their folder")
    return folder


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmProgram]:
    """Return the command line, in a process that is there already."""
    there = WarmProgram(tmp_path_factory.mktemp("bin"))
    yield there
    there.stop()


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test, and every example of a docstring, from the top of the checkout."""
    monkeypatch.chdir(ROOT)


# What CI cannot have beside a clean clone; primap2 has an environment of its own there (`make primap2`).
_MAY_LACK = ("real tables", "primap2")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, which installs what its tests need, a test that skips itself has failed."""
    report = yield
    reason = str(report.longrepr)
    if report.skipped and os.environ.get("CI") and not any(words in reason for words in _MAY_LACK):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped: {reason}"
    return report
