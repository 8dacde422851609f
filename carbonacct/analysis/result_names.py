"""What results are called in Chinese and English: states, trends, peaks, classes, targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def result_names(lang: str) -> dict[str, dict[str, str]]:
    """Return the name of every id that a result column may hold, by column.

    Parameters
    ----------
    lang
        ``"zh"`` or ``"en"``.

    Examples
    --------
    >>> names = result_names("zh")
    >>> names["state"]["weak_decoupling"], names["trend"]["increasing"], names["class"]["awaiting"]
    ('弱脱钩', '上升', '待脱钩')
    """
    folder = data_folder() / "vocabulary"
    files = {
        "state": "decoupling_states.csv",
        "class": "city_classes.csv",
        "indicator": "target_indicators.csv",
    }
    names = {
        column: {row["id"]: row[f"name_{lang}"] for row in read_rows(folder / name)}
        for column, name in files.items()
    }
    for row in read_rows(folder / "result_names.csv"):
        names.setdefault(row["column"], {})[row["id"]] = row[f"name_{lang}"]
    return names


def add_names(
    frame: pd.DataFrame, lang: str, *, indicators: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return a table of results with a column of names at the right end for each column of ids (``state_name``).

    Parameters
    ----------
    frame
        Of `mann_kendall`, `decouple`, `find_peak`, `classify_areas` or `judge_targets`.
    lang
        ``"zh"`` or ``"en"``.
    indicators
        Names of indicators that the vocabulary does not have, as a table of targets prints them.

    Examples
    --------
    >>> import pandas as pd
    >>> add_names(pd.DataFrame({"area": ["A"], "state": ["strong_decoupling"]}), "zh").iloc[0].to_dict()
    {'area': 'A', 'state': 'strong_decoupling', 'state_name': '强脱钩'}
    """
    names = result_names(lang)
    levels = {
        row["id"]
        for row in read_rows(data_folder() / "vocabulary" / "target_indicators.csv")
        if row["kind"] == "level"
    }
    printed = indicators or {}  # a plan's own name of a level is the better one
    names["indicator"] = {
        **printed,
        **{
            name: word
            for name, word in names["indicator"].items()
            if name not in levels or name not in printed
        },
    }
    found = {
        f"{column}_name": frame[column].map(held).fillna("")
        for column, held in names.items()
        if column in frame.columns
    }
    return frame.assign(**found)
