"""Where the data tables of this package are: in a checkout, an editable install or a wheel."""

from __future__ import annotations

import csv
from pathlib import Path

from carbonacct.errors import FactorDataError

_PACKAGE = Path(__file__).resolve().parent


def data_folder() -> Path:
    """Return the folder that holds ``vocabulary/``, ``layouts/``, ``methods/`` and the factor editions.

    Raises
    ------
    FactorDataError
        If the installation lacks its data.

    Examples
    --------
    >>> (data_folder() / "methods").is_dir()
    True
    """
    for folder in (_PACKAGE / "_data", _PACKAGE.parent / "factors"):
        if (folder / "vocabulary").is_dir():
            return folder
    raise FactorDataError(f"{_PACKAGE}: the factor tables are not installed; reinstall carbonacct")


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of one data table, each with its line number under ``"line"``."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return [
            {**{key: (value or "").strip() for key, value in row.items() if key}, "line": str(reader.line_num)}
            for row in reader
        ]
