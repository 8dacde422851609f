"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine must not fail a test: what a property may take is not what it says.
settings.register_profile("suite", deadline=None, max_examples=20)
settings.register_profile("long", deadline=None, max_examples=500)  # --hypothesis-profile=long
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_tables() -> Path:
    """Return the folder of real tables beside the checkout; tests that need it skip themselves where it is absent."""
    named = os.environ.get("CARBONACCT_REAL_TABLES")
    found = [Path(named)] if named else sorted(ROOT.parent.glob("*/real"))
    folder = next((folder for folder in found if (folder / "china_ebt_2007").is_dir()), None)
    if folder is None:
        pytest.skip("the real tables are not beside the checkout; CARBONACCT_REAL_TABLES may name their folder")
    return folder


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test, and every example of a docstring, from the top of the checkout."""
    monkeypatch.chdir(ROOT)
