"""Outputs are the same bytes for the same inventory: no clock, no order of a set."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile

from carbonacct.report.files import save_archive

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
MEMBERS = {"one.xml": b"<a/>" * 99, "二.xml": b"<b/>", "none": b""}
KINDS = ["csv", "json", "nc", "parquet", "html", "xlsx", "docx"]


def test_outputs_are_the_same_bytes(tmp_path):
    """Each kind of output is the same file, made by two programs at two times with other hashes of words."""
    made = []
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ".", "LANG": "C.UTF-8"}
        words = [sys.executable, "-c", WRITE, str(folder), *KINDS]
        subprocess.run(words, check=True, env=environment)
        made.append(
            {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
        )
    assert made[0].keys() == {*(f"inventory.{kind}" for kind in KINDS), "table.xlsx"}
    assert made[0] == made[1]


def save_members(stream, when):
    """Write an archive of three members at a time, one of them with an extra field and a comment."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in MEMBERS.items():
            member = zipfile.ZipInfo(name, date_time=when)
            member.compress_type = zipfile.ZIP_DEFLATED
            if name == "one.xml":
                member.comment, member.extra = b"PK\1\2", b"\xff\xff\4\0PK\1\2"
            archive.writestr(member, content)


def test_an_archive_bears_no_time(tmp_path):
    """Whenever a document is saved its bytes are the same, and what it holds is what was put there."""
    made = []
    for when in ((2026, 11, 30, 7, 4, 24), (1999, 12, 31, 23, 59, 58)):
        save_archive(lambda stream, when=when: save_members(stream, when), tmp_path / "a.zip")
        made.append((tmp_path / "a.zip").read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS
        assert {member.date_time for member in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
