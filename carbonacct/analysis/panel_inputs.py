"""What a panel may come as, prices, and what a reader of its decomposition should know."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from carbonacct.analysis.series import read_numbers
from carbonacct.errors import Finding, PanelError, did_you_mean
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.analysis.identity import Identity
    from carbonacct.analysis.panel_cells import PanelCells
    from carbonacct.analysis.state_changes import Array

_MONEY = re.compile(
    r"(^|_)(gdp|gva|grp|gnp|value_?added|income|output_value)(_|$)|生产总值|增加值|总产值",
    re.IGNORECASE,
)
_REAL = re.compile(r"real|const|ppp|deflat|volume|[12]\d{3}|不变价|可比价", re.IGNORECASE)
_CURRENT = re.compile(r"nominal|current|现价|当年价", re.IGNORECASE)
_TOTAL = re.compile(r"^(all|total|tot|sum|合计|总计|全部|总量)$", re.IGNORECASE)
_ROUNDING = 1e-6
_LOOKED_AT = 64  # comparisons at a time, in which a label is looked at as a total of the others


def to_table(panel: pd.DataFrame | xr.Dataset) -> pd.DataFrame:
    """Return a panel as a long table: the dims of a Dataset become columns, units are taken off.

    Raises
    ------
    PanelError
        If it is neither a DataFrame nor a Dataset, or has no number in it.
    """
    if isinstance(panel, pd.DataFrame):
        named = [
            name for name in panel.index.names if name is not None and name not in panel.columns
        ]
        return panel.reset_index(named) if named else panel
    if not isinstance(panel, xr.Dataset):
        raise PanelError(
            say(
                "a panel is a pandas DataFrame or an xarray Dataset, not {name}; put the "
                "columns of the identity into one",
                name=type(panel).__name__,
            )
        )
    plain = {
        name: array.copy(data=getattr(array.data, "magnitude", array.data))
        for name, array in panel.data_vars.items()
    }
    table = (
        xr.Dataset(plain)
        .drop_vars([name for name in panel.coords if name not in panel.dims])
        .to_dataframe()
        .reset_index()
    )
    table.attrs = {str(name): dict(array.attrs) for name, array in panel.data_vars.items()}
    return table


def join_labels(table: pd.DataFrame, dims: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Return the table with the labels of several dims in one column, and that column's name; one dim stays as it is.

    Raises
    ------
    PanelError
        If there is no dim, a column is missing, or two states would have one name.
    """
    if len(dims) == 1:
        return table, dims[0]
    for dim in dims:
        if dim not in table.columns:
            raise PanelError(
                say(
                    "the panel has no column {dim!r}; {near}",
                    dim=dim,
                    near=did_you_mean(dim, map(str, table.columns)) or say("correct the name"),
                )
            )
    if not dims or len(set(dims)) < len(dims):
        raise PanelError(
            say(
                "over names {dims}; name each column to compare along once",
                dims=join_texts(", ", dims) or say("nothing"),
            )
        )
    name, parts = " ".join(dims), [table[dim].map(_say_label, na_action="ignore") for dim in dims]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.str.cat(part, sep=" ")
    states = table[list(dims)].drop_duplicates().dropna()
    if joined[states.index].nunique() < len(states):
        twice = joined[states.index][joined[states.index].duplicated()].iloc[0]
        raise PanelError(
            say(
                "{twice!r} is the name of two states of {name}; rename a label",
                twice=twice,
                name=name,
            )
        )
    return table.drop(columns=list(dims)).assign(**{name: joined}), name


def _say_label(label: object) -> str:
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)


def deflate(table: pd.DataFrame, deflator: Mapping[str, str], identity: Identity) -> pd.DataFrame:
    """Return the table with columns of money divided by their price index.

    Raises
    ------
    PanelError
        If a column is missing, or an index is not a positive number.
    """
    made = {}
    for money, index in deflator.items():
        for name in (money, index):
            if name not in table.columns:
                raise PanelError(
                    say(
                        "the panel has no column {name!r} for the deflator; {near}",
                        name=name,
                        near=did_you_mean(name, map(str, table.columns)) or say("correct the name"),
                    )
                )
        if money not in identity.names:
            raise PanelError(
                say(
                    "the identity has no {money!r} to deflate; {near}",
                    money=money,
                    near=did_you_mean(money, identity.names)
                    or say("names: {names}", names=as_typed(identity.names)),
                )
            )
        prices = read_numbers(table[index], index)
        needed = table[money].notna().to_numpy()
        if not (prices[needed] > 0).all():
            row = table.index[int(np.flatnonzero(needed & ~(prices > 0))[0])]
            raise PanelError(
                say(
                    "row {row}, column {index!r}: a price index is a positive number; "
                    "correct the cell",
                    row=row,
                    index=index,
                )
            )
        made[money] = read_numbers(table[money], money) / prices
    return table.assign(**made) if made else table


def list_findings(
    cells: PanelCells,
    identity: Identity,
    values: tuple[Array, Array],
    *,
    deflator: Mapping[str, str],
    over: str,
) -> list[Finding]:
    """Return what a reader should know: prices unknown, a total among the parts, one number for all.

    Parameters
    ----------
    values
        Of each comparison and cell, before and after.
    deflator, over
        As in :func:`carbonacct.decompose`.
    """
    start, end = values
    found = []
    for name in identity.names:
        if (
            "year" in over.split()
            and name not in deflator
            and (_MONEY.search(name) or _CURRENT.search(name))
            and not _REAL.search(name)
        ):
            current = bool(_CURRENT.search(name))
            found.append(
                Finding(
                    "prices",
                    "warning" if current else "info",
                    say(
                        "{name} is at current prices: then its effects hold the change of prices",
                        name=name,
                    )
                    if current
                    else say(
                        "{name} may be at current prices: then its effects hold the change "
                        "of prices",
                        name=name,
                    ),
                    action=say(
                        "use constant prices, or name a price index (deflator {name}=COLUMN)",
                        name=name,
                    ),
                )
            )
    for dim in cells.summed:
        found += _find_totals(cells, start, end, dim)
    value = identity.product.numerator[0].name
    others = [name for name in identity.names if name in cells.own]
    if len(cells.cells) > 1 and not identity.defines and others and value not in cells.own:
        found.append(
            Finding(
                "repeated",
                "warning",
                say(
                    "{value} is one number for all of {summed}, and was counted once for each",
                    value=value,
                    summed=join_texts(", ", cells.summed),
                ),
                action=say("if it is their total, leave sum_over out"),
            )
        )
    return found


def _find_totals(cells: PanelCells, start: Array, end: Array, dim: str) -> list[Finding]:
    """Return a finding for each label along a dim that is the sum of the others everywhere."""
    labels = cells.cells.get_level_values(dim)
    known = labels.unique()
    found = []
    if len(known) <= 2:
        return []
    is_of = (np.asarray(labels)[:, None] == np.asarray(known)).astype(float)
    halves = np.ones(len(known), dtype=bool)
    has_any = False
    # In blocks, and only while a label may still be one: few stay beyond the first.
    for at in range(0, len(start), _LOOKED_AT):
        for side in (start[at : at + _LOOKED_AT], end[at : at + _LOOKED_AT]):
            whole = side.sum(axis=1)
            has_any = has_any or bool(whole.any())
            gap = np.abs(2 * (side @ is_of[:, halves]) - whole[:, None])
            halves[halves] = (gap <= _ROUNDING * np.abs(whole)[:, None]).all(axis=0)
        if not halves.any():
            break
    halves &= has_any
    for label, half in zip(known, halves, strict=True):
        if half:
            found.append(
                Finding(
                    "total-among-parts",
                    "error",
                    say(
                        "{dim}={label} is the sum of the others in every comparison, so "
                        "everything is counted twice",
                        dim=dim,
                        label=label,
                    ),
                    action=say("leave its rows out"),
                )
            )
        elif _TOTAL.match(str(label).strip()):
            found.append(
                Finding(
                    "total-among-parts",
                    "warning",
                    say(
                        "{dim}={label} may be a total of the others, and was counted beside them",
                        dim=dim,
                        label=label,
                    ),
                    action=say("if it is, leave its rows out"),
                )
            )
    return found
