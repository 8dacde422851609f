"""LibreOffice without a window for tests, set to recalculate every formula when it opens a file."""

from __future__ import annotations

import atexit
import re
import shutil
import subprocess
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from openpyxl import Workbook

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>"""


@cache
def _make_profile() -> Path:
    """Return a profile for all starts of the program: it takes longer to make one than to convert a workbook."""
    profile = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, profile, ignore_errors=True)
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return profile


def recalculate(folder: Path, *books: Path) -> list[Workbook]:
    """Return workbooks as LibreOffice recalculates them; the values that the files came with are wiped out before."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    wiped = folder / "wiped"
    wiped.mkdir(parents=True)
    for book in books:
        _wipe(book, wiped / book.name)
    made = folder / "recalculated"
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={_make_profile().as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            made,
            *(wiped / book.name for book in books),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return [openpyxl.load_workbook(made / book.name, data_only=True) for book in books]


def _wipe(book: Path, to: Path) -> None:
    """Copy a workbook with -1 as the value of every formula."""
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb"</f><v>[^<]*</v>", b"</f><v>-1</v>", content)
            after.writestr(name, content)
