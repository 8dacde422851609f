"""Where a factor cannot be used, the corroborated one of another method, and how to use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.equations.dimensions import measure
from carbonacct.equations.factor_values import load_factors
from carbonacct.equations.loading import load_sector, sector_ids
from carbonacct.factors.choosing import choose_rows
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.equations.sector import Sector
    from carbonacct.factors.editions import FactorRow
    from carbonacct.factors.keyed import Parameter


def offer_factor(sector: Sector, parameter: Parameter, labels: Mapping[str, str], year: int) -> str:
    """Return a corroborated value of another method for a factor, and the row that makes it count, or an empty string.

    Parameters
    ----------
    labels
        Of each dim of the parameter, and of ``area``.

    Examples
    --------
    >>> from carbonacct.equations import load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> print(offer_factor(sector, sector.parameters["lime_factor"], {"area": "重庆"}, 2020))
    ipcc-2006 has 0.75 t CO2/(t lime) (Equation 2.8, ipcc-2006/processes/lime_factor.csv:...): to use it, add the row \
lime_factor,,0.75,t CO2/(t lime) to a table activity,item,value,unit
    """
    name = sector.id.rpartition("/")[2]
    for identifier in sector_ids():
        if identifier == sector.id or identifier.rpartition("/")[2] != name:
            continue
        other = load_sector(identifier)
        same = other.parameters.get(parameter.id)
        if same is None or not _measures_alike(parameter, same) or not {*same.dims} <= {*labels}:
            continue
        row = _find_row(other, same, labels, year)
        if row is not None and row.status == "corroborated" and row.value == row.value:
            item = "/".join(labels[dim] for dim in parameter.dims)
            return say(
                "{edition} has {value:g} {unit} ({table}, {file}:{line}): to use it, add the row {row} "
                "to a table {head}",
                edition=row.edition,
                value=row.value,
                unit=row.unit,
                table=row.table,
                file=row.file,
                line=row.line,
                row=f"{parameter.id},{item},{row.value:.15g},{row.unit}",
                head="activity,item,value,unit",
            )
    return ""


def _measures_alike(one: Parameter, other: Parameter) -> bool:
    return measure(one.unit).powers == measure(other.unit).powers


def _find_row(
    sector: Sector, parameter: Parameter, labels: Mapping[str, str], year: int
) -> FactorRow | None:
    chosen = choose_rows(
        parameter,
        load_factors(sector, parameter),
        areas=[labels["area"]],
        years=[year],
        labels={dim: [labels[dim]] for dim in parameter.dims},
    )
    at = int(chosen.index.ravel()[0])
    return chosen.rows[at] if at >= 0 else None
