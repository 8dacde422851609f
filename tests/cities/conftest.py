"""What tests of cities share."""

from __future__ import annotations

import pytest

from tests.cities.building import INDUSTRY, write_page


@pytest.fixture
def industry(tmp_path):
    """Return the table of industry above designated size as a file."""
    return write_page(tmp_path, "industry.csv", INDUSTRY)
