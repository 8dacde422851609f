"""Panels with years as columns -> one row per label and year, where the shape leaves no choice."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.analysis.series import read_numbers
from carbonacct.errors import Finding, PanelError
from carbonacct.records.heading_roles import heading_of, year_of
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from carbonacct.analysis.series import Floats

_NAME_AND_YEAR = re.compile(r"(?P<name>.+?)[\s_-]*(?P<year>(?:19|20)\d\d)年?")


def melt_years(
    table: pd.DataFrame, names: Sequence[str], *, labels: Collection[str] = (), over: str = "year"
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return a table whose years stand as columns with one row per label and year, and a finding that says so.

    Another table as it is.

    Parameters
    ----------
    table
        Years as columns (``2015``, ``2016年``), what each row counts in one more column unless it is
        one thing; or a column for each thing and year (``co2_2015``). A table with a column `over`
        is long already.
    names
        The columns of numbers that are wanted.
    labels
        The columns that tell the series apart.
    over
        The name of the column of years.

    Raises
    ------
    PanelError
        If years stand as columns and it is not clear what their numbers are, or two rows hold the
        same.

    Examples
    --------
    >>> import pandas as pd
    >>> wide = pd.DataFrame({"area": ["A", "A"], "item": ["co2", "gdp"], "2015": [1.0, 10.0], "2016": [2.0, 11.0]})
    >>> melt_years(wide, ["co2", "gdp"], labels=["area"])[0].to_numpy().tolist()
    [['A', 2015, 1.0, 10.0], ['A', 2016, 2.0, 11.0]]
    """
    columns = [str(column) for column in table.columns]
    if over in columns or not names:
        return table, []
    years = {column: year for column in columns if (year := year_of(column))}
    if len(years) > 1:
        heads, values, units = _read_rows(table, names, labels, years)
        made, findings = _lay_out(heads, sorted(years.values()), values, over)
        made.attrs["units"] = {**made.attrs.get("units", {}), **units}
        return made, findings
    cells = {
        column: (match["name"], int(match["year"]))
        for column in columns
        if (match := _NAME_AND_YEAR.fullmatch(column))
    }
    known = {
        name: {year: column for column, (one, year) in cells.items() if one == name}
        for name in dict.fromkeys(name for name, _ in cells.values())
    }
    if set(names) <= {name for name, held in known.items() if len(held) > 1}:
        every = sorted({year for _, year in cells.values()})
        absent = np.full(len(table), np.nan)
        values = {
            name: np.stack(
                [
                    read_numbers(table[held[year]], held[year]) if year in held else absent
                    for year in every
                ],
                axis=1,
            )
            for name, held in known.items()
        }
        return _lay_out(
            table[[column for column in columns if column not in cells]], every, values, over
        )
    return table, []


def _read_rows(
    table: pd.DataFrame, names: Sequence[str], labels: Collection[str], years: Mapping[str, int]
) -> tuple[pd.DataFrame, dict[str, Floats], dict[str, str]]:
    """Return labels, numbers by year and printed units of each series of a table with years alone as columns."""
    order = sorted(years, key=years.__getitem__)
    for one, other in pairwise(order):
        if years[one] == years[other]:
            raise PanelError(
                say(
                    "columns {item!r} and {other!r} are one year; leave one out",
                    item=one,
                    other=other,
                )
            )
    numbers = np.stack([read_numbers(table[column], column) for column in order], axis=1)
    others = table[[column for column in table.columns if column not in years]]
    kinds = [column for column in others.columns if set(names) <= set(others[column].dropna())]
    if (
        not kinds and len(set(names)) == 1 and set(others.columns) <= set(labels)
    ):  # else another column may say what a row counts
        return others, {names[0]: numbers}, {}
    if len(kinds) != 1:
        raise PanelError(
            say(
                "the years {order}, {order_1} ... are columns, and it is not clear which "
                "numbers are {names}; name them in one column, name every other column if "
                "there is but one thing (--by), or write one row per label and year "
                "(pandas: melt)",
                order=order[0],
                order_1=order[1],
                names=join_texts(", ", dict.fromkeys(names)),
            )
        )
    kind, keys = (
        others[kinds[0]],
        [column for column in others.columns if column in labels and column != kinds[0]],
    )
    key_columns = [*keys, kinds[0]]
    if (blank := others[key_columns].isna().any(axis=1)).any():
        raise PanelError(
            say(
                "row {index}: has no {columns}; name what the row is about",
                index=others.index[int(blank.argmax())],
                columns=join_texts(" or ", key_columns),
            )
        )
    if (row := find_repeated(others, key_columns)) is not None:
        raise PanelError(
            say(
                "row {index}: {labels} is there twice; leave one out, or name the column "
                "that tells them apart (--by)",
                index=row.name,
                labels=" ".join(str(row[column]) for column in key_columns),
            )
        )
    group = (
        others.groupby(keys, sort=False).ngroup().to_numpy()
        if keys
        else np.zeros(len(others), dtype=int)
    )
    first = np.unique(group, return_index=True)[1].tolist()
    values = {}
    for name in kind.unique():
        values[str(name)] = np.full((len(first), len(order)), np.nan)
        values[str(name)][group[kind == name]] = numbers[kind == name]
    return others.iloc[first][keys], values, _read_units(others, kind)


def _read_units(others: pd.DataFrame, kind: pd.Series[str]) -> dict[str, str]:
    """Return the unit of each kind of number, of a column of units; one kind in two units is refused."""
    units: dict[str, str] = {}
    for column in (name for name in others.columns if heading_of(str(name)) == "unit"):
        for name, unit in zip(kind, others[column].fillna("").map(str), strict=True):
            if unit and units.setdefault(str(name), unit) != unit:
                raise PanelError(
                    say(
                        "{name} is in {unit} and in {other_unit}; use one unit",
                        name=name,
                        unit=units[str(name)],
                        other_unit=unit,
                    )
                )
    return units


def _lay_out(
    heads: pd.DataFrame, years: Sequence[int], values: Mapping[str, Floats], over: str
) -> tuple[pd.DataFrame, list[Finding]]:
    made = heads.loc[heads.index.repeat(len(years))].assign(
        **{
            over: np.tile(years, len(heads)),
            **{name: held.ravel() for name, held in values.items()},
        }
    )
    what = say(
        "the years {year} to {years_value} stand as columns; read as one row per "
        "{columns}, with the columns {values}",
        year=years[0],
        years_value=years[-1],
        columns=" ".join([*map(str, heads.columns), over]),
        values=join_texts(", ", values),
    )
    return made, [Finding("wide-panel", "info", what)]
