"""Outputs are the same bytes for the same inventory: no clock, no order of a set."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

WRITE = """
import sys
import carbonacct as ca
from carbonacct.report import write_inventory
from carbonacct.report.frames import write_frame
cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
for kind in sys.argv[2:]:
    write_inventory([cube], f"{sys.argv[1]}/inventory.{kind}", lang="zh")
write_frame(cube.to_frame(), f"{sys.argv[1]}/table.xlsx")
"""
KINDS = ["csv", "json", "nc", "parquet", "html", "xlsx", "docx"]


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Return two folders of outputs, made by two programs at two times with other hashes of words."""
    folders = [tmp_path_factory.mktemp("outputs") for _ in range(2)]
    for seed, folder in enumerate(folders):
        environment = {"PYTHONHASHSEED": str(seed + 1), "PYTHONPATH": ".", "LANG": "C.UTF-8"}
        words = [sys.executable, "-c", WRITE, str(folder), *KINDS]
        subprocess.run(words, check=True, env=environment)
    return folders


@pytest.mark.parametrize("name", [*(f"inventory.{kind}" for kind in KINDS), "table.xlsx"])
def test_outputs_are_the_same_bytes(twice, name):
    """Each kind of output is the same file whenever it is written."""
    one, other = (hashlib.sha256((folder / name).read_bytes()).hexdigest() for folder in twice)
    assert one == other
