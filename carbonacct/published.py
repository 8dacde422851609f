"""Results and groupings that others published, as tables with the place of every row in its document."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.data import data_folder
from carbonacct.errors import FactorDataError, TableNotFoundError, near_or_known
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def published_tables() -> pd.DataFrame:
    """List the published tables that ship, one a row, with titles in English and Chinese and the reference.

    Returns
    -------
    DataFrame
        ``document``, ``table``, ``title``, ``title_zh``, ``publisher``, ``date``, ``reference``.

    Examples
    --------
    >>> tables = published_tables()
    >>> tables.loc[tables["document"] == "ccni-2022", "table"].tolist()
    ['scores', 'totals', 'mover_types', 'mover_cities', 'leaders', 'statements']
    """
    return pd.DataFrame(
        [
            {
                "document": document,
                "table": table,
                "title": about["title"],
                "title_zh": about["title_zh"],
                **{key: source[key] for key in ("publisher", "date", "reference")},
            }
            for document in _documents()
            for source in [_read_source(document)]
            for table, about in source["tables"].items()
        ]
    )


def load_published(document: str, table: str) -> pd.DataFrame:
    """Return one published table as printed, each row with its place in the document.

    Parameters
    ----------
    document, table
        As :func:`published_tables` lists them.

    Returns
    -------
    DataFrame
        Whole numbers are ``Int64``, other numbers ``float64``; what is not printed is missing, and
        ``note`` says why. Text columns hold ``""`` where they are empty. ``attrs`` carries
        ``title``, ``reference`` and ``units`` of columns.

    Raises
    ------
    TableNotFoundError
        If there is no such document or table; near names are given.
    FactorDataError
        If a cell of a column of numbers holds none.

    Examples
    --------
    >>> scores = load_published("ccni-2022", "scores")
    >>> print(scores[["rank", "area", "score", "mark", "table"]].head(2).to_csv(index=False), end="")
    rank,area,score,mark,table
    1,深圳,76.0,rose,2
    2,成都,71.8,rose,2
    """
    _expect(document, _documents(), say("document"))
    source = _read_source(document)
    _expect(table, source["tables"], say("table of {document}", document=document))
    about = source["tables"][table]
    path = _folder() / document / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    for column in (*about["integers"], *about["numbers"]):
        numbers = _to_numbers(frame[column], path)
        frame[column] = numbers.astype("Int64") if column in about["integers"] else numbers
    frame.attrs = {
        "title": about["title"],
        "reference": source["reference"],
        "units": about.get("units", {}),
    }
    return frame


def _folder() -> Path:
    return data_folder() / "published"


def _documents() -> list[str]:
    return sorted(path.parent.name for path in _folder().glob("*/source.toml"))


def _read_source(document: str) -> dict[str, Any]:
    return tomllib.loads((_folder() / document / "source.toml").read_text(encoding="utf-8"))


def _expect(name: str, known: Iterable[str], what: str) -> None:
    known = list(known)
    if name not in known:
        raise TableNotFoundError(
            say(
                "no published {what} '{name}'; {near}",
                what=what,
                name=name,
                near=near_or_known(name, known),
            )
        )


def _to_numbers(cells: pd.Series[str], path: Path) -> pd.Series[float]:
    numbers = pd.to_numeric(cells.where(cells != ""), errors="coerce").astype("float64")
    unread = (numbers.isna() & (cells != "")).tolist()
    wrong = [
        say(
            "{path}:{line}: {name} is '{cell}', not a number",
            path=path,
            line=line,
            name=cells.name,
            cell=cell,
        )
        for line, (cell, bad) in enumerate(zip(cells, unread, strict=True), 2)
        if bad
    ]
    if wrong:
        raise FactorDataError(join_texts("\n", wrong))
    return numbers
