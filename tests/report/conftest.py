"""What several tests of reports need."""

from __future__ import annotations

import pytest

from tests.report.chromium import open_browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Return a browser for all tests of a module."""
    with open_browser(tmp_path_factory.mktemp("profile")) as browser:
        yield browser
