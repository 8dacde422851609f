"""The scores of an index as ``carbonacct index score`` writes them, and the two parts of it that make a plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.data import open_csv, plain, shown_name
from carbonacct.errors import TableError, did_you_mean
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.texts import as_typed, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_COLUMNS = ("area", "indicator", "level", "value", "unit", "score", "weight", "weighted", "status")
_NUMBERS = ("level", "value", "score", "weight", "weighted")


@dataclass(frozen=True)
class Scores:
    """The scores of some areas, and the quadrants that they are shown in.

    Attributes
    ----------
    table
        A row an area and indicator, the columns of the CSV and ``line``; the index itself stands
        first, at level 0.
    file
        The name of the file.
    across, up, size
        Indicators: to the right, upwards, and (or nothing) the area of a point.
    lines
        Where the plane is divided; NaN is at the median of the areas.
    """

    table: pd.DataFrame
    file: str
    across: str
    up: str
    size: str = ""
    lines: tuple[float, float] = (np.nan, np.nan)

    @property
    def index(self) -> str:
        """The id of the index."""
        return str(self.table["indicator"].iloc[0])

    def place(self, line: int, column: str) -> str:
        """Return the cell of a number, as ``file!cell``."""
        return f"{self.file}!{'ABCDEFGHI'[_COLUMNS.index(column)]}{line}"


def read_scores(path: str | Path, quadrant: str) -> Scores:
    r"""Return the scores of a CSV that ``carbonacct index score -o`` wrote.

    Parameters
    ----------
    path
        The CSV.
    quadrant
        ``X,Y`` or ``X,Y,SIZE``: ids of indicators; ``X=20,Y=15`` says where the plane is divided as
        well.

    Raises
    ------
    TableError
        If the file is not of that kind, an area and indicator stand twice, or an indicator is not
        in it.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "area,indicator,level,value,unit,score,weight,weighted,status\n" + "".join(
    ...     f"a,{name},{level},,,{score},1.0,,complete\n"
    ...     for name, level, score in (("mine", 0, 30), ("state", 1, 20), ("trend", 1, 10))
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "scores.csv")
    ...     _ = file.write_text(text, encoding="utf-8")
    ...     scores = read_scores(file, "state=15,trend")
    >>> scores.index, scores.across, scores.lines, scores.place(3, "score")
    ('mine', 'state', (15.0, nan), 'scores.csv!F3')
    """
    try:
        table = pd.read_csv(open_csv(path), dtype=str, keep_default_na=False).map(plain)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or say(
            "it is no table of comma-separated text in UTF-8"
        )
        raise TableError(
            say(
                "{path}: cannot be read ({reason}); carbonacct index score NAME FILE -o "
                "scores.csv writes one",
                path=path,
                reason=reason,
            )
        ) from None
    if list(table.columns) != list(_COLUMNS) or table.empty or table["level"].iloc[0] != "0":
        raise TableError(
            say(
                "{path}: these are no scores of an index; give what carbonacct index score "
                "NAME FILE -o scores.csv writes",
                path=path,
            )
        )
    table["line"] = np.arange(2, len(table) + 2)
    for column in _NUMBERS:
        numbers = pd.to_numeric(table[column], errors="coerce").astype(float)
        if (bad := (numbers.isna() & (table[column] != "")) | np.isinf(numbers)).any():
            line = int(np.argmax(bad))
            raise TableError(
                say(
                    "{path}: line {line}: {column} is {table!r}; it must be a number, or blank",
                    path=path,
                    line=line + 2,
                    column=column,
                    table=table[column][line],
                )
            )
        table[column] = numbers
    if (row := find_repeated(table, ["area", "indicator"])) is not None:
        raise TableError(
            say(
                "{path}: {indicator} of {area} stands twice; give the scores of one index and year",
                path=path,
                indicator=row["indicator"],
                area=row["area"],
            )
        )
    axes = _read_axes(
        str(path),
        quadrant,
        list(dict.fromkeys(table["indicator"])),
        list(dict.fromkeys(table.loc[table["level"] == 1, "indicator"])),
    )
    (across, first), (up, second), (size, _) = axes
    return Scores(table, shown_name(path), across, up, size, (first, second))


def _read_axes(
    path: str, quadrant: str, known: Sequence[str], tops: Sequence[str]
) -> list[tuple[str, float]]:
    """Return the indicator of each axis and of the size, with its line."""
    found = []
    for text in filter(None, (part.strip() for part in quadrant.split(","))):
        name, _, line = (part.strip() for part in text.partition("="))
        if name not in known:
            raise TableError(
                say(
                    "{path}: there is no indicator {name!r}; {near}",
                    path=path,
                    name=name,
                    near=did_you_mean(name, known) or say("it has {known}", known=as_typed(known)),
                )
            )
        try:
            found.append((name, float(line) if line else np.nan))
        except ValueError:
            raise TableError(
                say(
                    "--quadrant {text!r}: the line is no number; write it as {name}=20",
                    text=text,
                    name=name,
                )
            ) from None
    if not 2 <= len(found) <= 3:
        raise TableError(
            say(
                "--quadrant {quadrant!r} names {found_count} indicators; write two, across "
                "and up, and a third for the size of the points, such as {tops}",
                quadrant=quadrant,
                found_count=len(found),
                tops=",".join(tops[:3]),
            )
        )
    return [*found, ("", np.nan)][:3]
