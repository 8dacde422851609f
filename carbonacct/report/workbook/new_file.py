"""A workbook opened to be written: without a clock, and without links or formulas that nobody put there."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from carbonacct.report.files import NO_CLOCK
from carbonacct.report.workbook.table import Book

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}


@contextmanager
def open_file(path: str | Path) -> Iterator[Any]:
    """Open a workbook to write; what it keeps on the way lies beside it, so that one place alone can be full."""
    try:
        with xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": str(Path(path).parent)}) as file:
            file.set_properties({"created": NO_CLOCK})
            yield file
    except FileCreateError as error:  # an OSError that is none
        raise (
            error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error))
        ) from None


@contextmanager
def open_book(path: str | Path, lang: str) -> Iterator[Book]:
    """Open a workbook to which sheets are added one by one."""
    with open_file(path) as file:
        file.set_calc_mode("auto")
        yield Book(file, lang)
