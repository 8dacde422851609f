"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_tables() -> Path:
    """Return the folder of real tables beside the checkout; tests that need it skip themselves where it is absent."""
    folder = Path(os.environ.get("CARBONACCT_REAL_TABLES", ROOT.parent / "shared" / "real"))
    if not folder.is_dir():
        pytest.skip(f"the real tables are not at {folder} (CARBONACCT_REAL_TABLES names another place)")
    return folder


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every test, and every example of a docstring, from the top of the checkout."""
    monkeypatch.chdir(ROOT)
