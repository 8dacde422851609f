"""Official tables as files: what there must be to write."""

from __future__ import annotations

import pytest

from carbonacct.errors import OutputError
from carbonacct.report.official_files import write_official


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.html", "a.crt.json", "-"])
def test_no_table_is_said_and_nothing_is_written(name, tmp_path):
    """Before the file: what was there stays."""
    target = name if name == "-" else str(tmp_path / name)
    with pytest.raises(OutputError, match="there is no official table to write"):
        write_official([], target, overwrite=True)
    assert list(tmp_path.iterdir()) == []
