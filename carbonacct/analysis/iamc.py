"""Paths in the format of the Integrated Assessment Modeling Consortium, as pyam reads them.

One row a model, scenario, region and variable with its unit, years as columns: the template of the
consortium's scenario databases (https://docs.ece.iiasa.ac.at/iamc.html).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.analysis.assumptions import COLUMNS as ASSUMPTION
from carbonacct.data import shown_name
from carbonacct.errors import PanelError, did_you_mean
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path as FilePath

    from carbonacct.analysis.scenario import Path

LABELS = ("Model", "Scenario", "Region", "Variable", "Unit")
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_MT = 1e6


def to_iamc(paths: Sequence[Path], *, model: str) -> pd.DataFrame:
    """Return paths in the format: net emissions, and what sectors and removals add, Mt a year.

    Parameters
    ----------
    paths
        Of scenarios of one gas and scope; their middles.
    model
        The name of the model, such as that of who made the assumptions.

    Notes
    -----
    ``Emissions|CO2`` is net of removals, and its parts below it add up to it. With scope 2, or of all
    gases by a metric, the variable says so in brackets.

    Examples
    --------
    >>> import carbonacct as ca
    >>> from carbonacct.analysis.assumptions import Assumed, Driver
    >>> record = ca.to_inventory(ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads"))
    >>> held = Driver("", "all", "activity", "", "rate", (Assumed(2009, 0.0, 0.0, 0.0),), "plan", "a.csv:2")
    >>> paths = ca.project_scenarios(record, {"flat": [held]}, ca.Basis(gas="CO2", draws=0))
    >>> print(to_iamc(paths, model="ours").head(1).to_csv(index=False, float_format="%.2f").rstrip())
    Model,Scenario,Region,Variable,Unit,2007,2008,2009
    ours,flat,重庆,Emissions|CO2,Mt CO2/yr,90.70,90.70,90.70
    """
    frames = []
    for path in paths:
        root, unit = _name_variable(path)
        parts = {
            f"{root}|{'Removals' if sector == 'removals' else _name_sector(sector)}": values
            for sector, values in path.sectors.items()
        }
        rows = {root: path.net[0], **parts}
        labels = {"Model": model, "Scenario": path.name or model, "Region": path.area}
        frame = pd.DataFrame(list(rows.values()), columns=[str(year) for year in path.years]) / _MT
        frame.insert(0, "Variable", list(rows))
        frame.insert(1, "Unit", unit)
        for position, (name, label) in enumerate(labels.items()):
            frame.insert(position, name, label)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _name_variable(path: Path) -> tuple[str, str]:
    scopes = ["Scope 1 and 2"] if 2 in path.scopes else []
    if not path.gas.startswith("CO2e"):
        words, unit = f"Emissions|{path.gas}", f"Mt {path.gas}/yr"
    else:
        words, unit = "Emissions|Kyoto Gases", "Mt CO2-equiv/yr"
        scopes.insert(0, path.gas.partition("(")[2].rstrip(")"))
    return f"{words} ({', '.join(scopes)})" if scopes else words, unit


def _name_sector(sector: str) -> str:
    return vocabulary.name_alone(sector).replace("|", "/")


def read_iamc(path: str | FilePath) -> pd.DataFrame:
    """Return ``model, scenario, region, variable, unit, year, value`` of a file of the format.

    Parameters
    ----------
    path
        A .csv or .xlsx with years as columns, or with columns ``year`` and ``value``. Case of the
        headers does not matter. Columns beside these are notes and are left out.

    Raises
    ------
    PanelError
        If a column is missing, a cell is no number, or two rows hold one number.
    """
    from carbonacct.analysis.long_table import read_long_table  # noqa: PLC0415 - reads workbooks

    held, _ = read_long_table(path, labels=())
    name = shown_name(path)
    if not isinstance(held, pd.DataFrame):
        raise PanelError(say("{file}: is no table; write it as .csv or .xlsx", file=name))
    held = held.rename(columns={column: str(column).strip().lower() for column in held.columns})
    labels = [label.lower() for label in LABELS]
    if lacking := [label for label in labels if label not in held.columns]:
        raise PanelError(
            say(
                "{file}: no column {column!r}; the format has {columns} and years",
                file=name,
                column=lacking[0],
                columns=as_typed(LABELS),
            )
        )
    held.insert(0, "line", held.index)
    years = [column for column in held.columns if _YEAR.fullmatch(column)]
    if not years and not {"year", "value"} <= set(held.columns):
        raise PanelError(say("{file}: no years; they stand as columns, such as 2030", file=name))
    if years:
        held = held.melt(["line", *labels], years, "year", "value")
    held = held[[*labels, "year", "value", "line"]]
    held = held[held["value"].notna() & (held["value"].astype(str).str.strip() != "")]
    numbers = pd.to_numeric(held["value"], errors="coerce")
    whole = pd.to_numeric(held["year"], errors="coerce")
    wrong = held[~np.isfinite(numbers) | ~np.isfinite(whole) | (whole % 1 != 0)]
    if len(wrong):
        first = wrong.iloc[0]
        raise PanelError(
            say(
                "{file}:{line}: {value!r} of {year} is no number; correct the cell",
                file=name,
                line=first["line"],
                value=str(first["value"]),
                year=str(first["year"]),
            )
        )
    made = held.assign(value=numbers.astype(float), year=whole.astype(int))
    for label in labels:
        made[label] = made[label].astype(str).str.strip()
    if (first := find_repeated(made, [*labels, "year"])) is not None:
        raise PanelError(
            say(
                "{file}:{line}: {variable} of {scenario} {year} is there twice; leave one out",
                file=name,
                line=first["line"],
                variable=first["variable"],
                scenario=first["scenario"],
                year=first["year"],
            )
        )
    order = ["model", "scenario", "region", "variable", "year"]
    return made.drop(columns="line").sort_values(order, kind="stable", ignore_index=True)


def to_assumptions(
    table: pd.DataFrame,
    *,
    variable: str,
    region: str,
    sector: str = "all",
    term: str = "activity",
    of: str = "",
) -> pd.DataFrame:
    """Return a variable of the format as assumptions: levels whose source is the scenario.

    Parameters
    ----------
    table
        From :func:`read_iamc`.
    variable, region
        Which of it, such as ``GDP|PPP``.
    sector, term, of
        What the levels drive; `of` is the variable unless given.

    Raises
    ------
    PanelError
        If there is no such variable or region.

    Examples
    --------
    >>> table = pd.DataFrame([["IIASA", "SSP2", "China", "GDP|PPP", "billion", 2020, 10.0]])
    >>> table.columns = ["model", "scenario", "region", "variable", "unit", "year", "value"]
    >>> print(to_assumptions(table, variable="GDP|PPP", region="China").to_csv(index=False).rstrip())
    scenario,sector,term,of,until,as,value,lower,upper,source
    SSP2,all,activity,GDP|PPP,2020,level,10.0,,,IIASA SSP2 China (billion)
    """
    for column, label in (("variable", variable), ("region", region)):
        known = list(dict.fromkeys(table[column]))
        if label not in known:
            raise PanelError(
                say(
                    "no {column} {label!r}; {near}",
                    column=column,
                    label=label,
                    near=did_you_mean(label, known)
                    or say("it has {known}", known=join_texts(", ", known[:10])),
                )
            )
    own = table[(table["variable"] == variable) & (table["region"] == region)]
    rows = [
        (
            row.scenario,
            sector,
            term,
            of or variable,
            row.year,
            "level",
            row.value,
            "",
            "",
            f"{row.model} {row.scenario} {row.region} ({row.unit})",
        )
        for row in own.itertuples()
    ]
    return pd.DataFrame(rows, columns=list(ASSUMPTION))
