"""A real spreadsheet program for tests: LibreOffice without a window, set to recalculate every formula when it opens a file."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


def recalculate(folder: Path, *books: Path) -> list[Workbook]:
    """Return workbooks as LibreOffice recalculates them; the values that the files came with are wiped out before."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    wiped = folder / "wiped"
    wiped.mkdir()
    for book in books:
        _wipe(book, wiped / book.name)
    made = folder / "recalculated"
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={settings.parent.as_uri()}",
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
