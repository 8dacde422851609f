"""An area's energy consumption in coal equivalent, by a definition that is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import Finding, MethodError, TableError, near_or_known
from carbonacct.factors import Method, load_method
from carbonacct.sectors.energy.coal_equivalent import to_coal_equivalent
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from carbonacct.sectors.energy.table_values import choose_coefficients
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.balances import EnergyBalance

COLUMNS = ("area", "year", "definition", "term", "value", "unit")
_LOSSES = ("losses", "energy_own_use", "own_use_and_losses")
_RATES = (0.2, 0.5)  # kgce/kWh: what a power plant can need


def list_definitions() -> dict[str, dict[str, str]]:
    """Return the definitions of an area's energy total by id: ``factors/vocabulary/energy_totals.csv``.

    Examples
    --------
    >>> list(list_definitions())
    ['equivalent', 'calorific', 'equivalent-gross', 'calorific-gross', 'printed']
    """
    return {row["id"]: row for row in read_rows(data_folder() / "vocabulary" / "energy_totals.csv")}


def total_energy(
    balance: EnergyBalance,
    *,
    definition: str,
    method: str | Method = "gb-t-2589-2020",
    power_rate: float | None = None,
    calorific_values: str | None = None,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the energy consumption of each area and year in tce, and the terms that it is the sum of.

    Parameters
    ----------
    balance
        A table with final consumption and transformation, in physical quantity; in coal equivalent
        for ``printed``.
    definition
        Of :func:`list_definitions`.
    method
        Of :func:`carbonacct.to_coal_equivalent`: the coefficients.
    power_rate
        For ``equivalent``: coal of power plants, kgce/kWh; by default that of the table's own
        thermal power.
    calorific_values
        ``"tables"``: those that the tables in physical and in standard quantity of one area and
        year imply, before the coefficients of the method.

    Returns
    -------
    DataFrame
        Columns ``area, year, definition, term, value, unit``; the term ``total`` is the sum of the
        others.
    list of Finding
        Which rate was taken.

    Raises
    ------
    MethodError
        If there is no such definition, the rate is not that of a power plant, or a definition of what
        is printed is asked for with calorific values.
    TableError
        If the table lacks what the definition needs, or calorific values of the tables are asked
        for and one is missing.

    Notes
    -----
    total = final consumption + losses + (inputs - outputs of transformation) - recovered energy.
    Recovered energy was counted when it was made (coke oven gas, waste heat); what transformation
    puts out of it is taken off once. Electricity counts at its calorific value (0.1229 kgce/kWh,
    电热当量) or, in every row, at the coal that power plants need for it (电力等价).

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> frame, _ = total_energy(balance, definition="calorific", method="yearbook-2008")
    >>> bool(abs(frame.value[:-1].sum() / frame.value.iloc[-1] - 1) < 1e-12)
    True
    """
    known = list_definitions()
    if definition not in known:
        raise MethodError(
            say(
                "no definition {definition!r}; {near}",
                definition=definition,
                near=near_or_known(definition, known),
            )
        )
    if power_rate is not None and not _RATES[0] <= power_rate <= _RATES[1]:
        raise MethodError(
            say(
                "power rate {power_rate:g} kgce/kWh, expected from 0.2 to 0.5; write 300 g "
                "as 0.300",
                power_rate=power_rate,
            )
        )
    if definition == "printed":
        if calorific_values:
            raise MethodError(
                say(
                    "calorific values do not change what a table prints; leave them out "
                    "with definition printed"
                )
            )
        return _read_printed(balance), []
    about = known[definition]
    loaded = method if isinstance(method, Method) else load_method(method)
    chosen, of_tables = choose_coefficients(balance, loaded, calorific_values)
    tce, findings = _convert(balance, chosen)
    if about["electricity"] == "rate":
        findings += _apply_rate(balance, tce, power_rate)
    if "final_consumption" not in balance.flows:
        raise TableError(
            say(
                "{first_address}: the table has no final consumption; a total of energy "
                "needs the whole balance",
                first_address=balance.first_address(),
            )
        )
    is_used = _list_rows(balance, ("final_consumption",))
    has_use = np.any(~np.isnan(tce[:, :, is_used]), axis=(2, 3))
    findings += _list_without_use(balance, has_use)
    used = _sum_rows(balance, tce, ("final_consumption",))
    terms = {
        "final_consumption": np.where(has_use, used, np.nan),
        "losses": _sum_rows(balance, tce, _LOSSES),
        "transformation_losses": -_sum_rows(balance, tce, ("transformation",)),
        "recovered": -_sum_rows(balance, tce, ("recovery",)) * (about["recovered"] == "less"),
    }
    frame = _to_frame(balance, definition, terms)
    if calorific_values:
        plain, _ = total_energy(
            balance, definition=definition, method=loaded, power_rate=power_rate
        )
        findings += [*of_tables, *_note_worth(frame, plain, loaded)]
    return frame, findings


def _list_without_use(balance: EnergyBalance, has_use: np.ndarray) -> list[Finding]:
    """Return a finding for each area and year of a table that has numbers, and none of final consumption."""
    return [
        Finding(
            "absent",
            "warning",
            say(
                "{area} {year}: the table has no final consumption, and a total of energy needs it",
                area=balance.areas[a],
                year=balance.years[y],
            ),
        )
        for a, y in np.argwhere(_find_places(balance) & ~has_use).tolist()
    ]


def _find_places(balance: EnergyBalance) -> np.ndarray:
    """Return which areas and years have a number at all: a table of several need not have each year of each."""
    return np.asarray(np.any(~np.isnan(balance.amounts.values), axis=(2, 3)))


def _note_worth(frame: pd.DataFrame, plain: pd.DataFrame, method: Method) -> list[Finding]:
    """Report how far the tables' own calorific values move each total."""
    moved = (frame["value"] - plain["value"]).where(frame["term"] == "total")
    return [
        Finding(
            rule="calorific-values",
            severity="info",
            message=say(
                "{area} {year}: the calorific values of the tables move the "
                "{definition} total by {change:+,.0f} tce against {id}",
                area=row.area,
                year=row.year,
                definition=row.definition,
                change=change,
                id=method.id,
            ),
        )
        for row, change in zip(frame.itertuples(), moved, strict=True)
        if row.term == "total"
    ]


def _convert(balance: EnergyBalance, method: Method) -> tuple[np.ndarray, list[Finding]]:
    """Return the leaves of the table in tce (area, year, flow, product)."""
    frame, findings = to_coal_equivalent(balance, method=method)
    dims = ["area", "year", "flow", "product"]
    held = frame.set_index(dims)["value"].to_xarray()
    whole = held.reindex({dim: balance.amounts[dim].values for dim in dims}).values
    kept = find_finest_cells(balance).copy()
    part_of = [vocabulary.flows()[flow].part == "of" for flow in balance.flows]
    kept[:, :, part_of] = False
    return np.where(kept, whole, np.nan), findings


def _apply_rate(balance: EnergyBalance, tce: np.ndarray, rate: float | None) -> list[Finding]:
    """Count electricity at the coal of power plants, in place, by area and year."""
    if "electricity" not in balance.products:
        return []
    p = balance.products.index("electricity")
    unit = str(balance.amounts["unit"].values[p])
    if unit == "tce":
        raise TableError(
            say(
                "{first_address}: electricity is printed in coal equivalent at a rate that "
                "the table does not say; use --definition printed, or the table in physical "
                "quantity",
                first_address=balance.first_address(),
            )
        )
    kwh = balance.amounts.values[..., p] * conversion_factor(unit, "kWh")
    if rate is not None:
        tce[..., p] = np.where(np.isnan(tce[..., p]), np.nan, kwh * rate / 1e3)
        return []
    plants = [f for f, flow in enumerate(balance.flows) if balance.is_part(flow, "thermal_power")]
    inputs = -np.nansum(np.where(tce < 0, tce, 0.0)[:, :, plants], axis=(2, 3))
    output = np.nansum(np.where(kwh > 0, kwh, 0.0)[:, :, plants], axis=2)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = inputs / output
    findings = []
    for a, y in np.argwhere(~((own * 1e3 >= _RATES[0]) & (own * 1e3 <= _RATES[1]))):
        if not output[a, y]:
            raise TableError(
                say(
                    "{area} {year}: the table has no thermal power that tells the coal of a kWh; "
                    "give --power-rate (energy.power_rate of a project)",
                    area=balance.areas[a],
                    year=balance.years[y],
                )
            )
        raise TableError(
            say(
                "{area} {year}: thermal power takes {own:.3f} kgce per kWh, no rate of "
                "power plants (0.2 to 0.5); give --power-rate",
                area=balance.areas[a],
                year=balance.years[y],
                own=own[a, y] * 1000.0,
            )
        )
    for a, area in enumerate(balance.areas):
        for y, year in enumerate(balance.years):
            text = say(
                "{area} {year}: electricity counts at {own:.4f} kgce/kWh, the coal of "
                "the table's own thermal power",
                area=area,
                year=year,
                own=own[a, y] * 1000.0,
            )
            findings.append(
                Finding("power-rate", "info", text, "", say("give --power-rate for another"))
            )
    tce[..., p] = np.where(np.isnan(tce[..., p]), np.nan, kwh * own[:, :, None])
    return findings


def _sum_rows(balance: EnergyBalance, tce: np.ndarray, ancestors: Sequence[str]) -> np.ndarray:
    """Return the sum of rows and their parts by area and year; nothing is 0."""
    return np.asarray(np.nansum(tce[:, :, _list_rows(balance, ancestors)], axis=(2, 3)))


def _list_rows(balance: EnergyBalance, ancestors: Sequence[str]) -> list[int]:
    """Return the places of rows and their parts."""
    return [
        f
        for f, flow in enumerate(balance.flows)
        if any(balance.is_part(flow, one) for one in ancestors)
    ]


def _read_printed(balance: EnergyBalance) -> pd.DataFrame:
    """Return the row of total consumption of a table in coal equivalent."""
    units = [str(unit) for unit in balance.amounts["unit"].values]
    if "total_consumption" not in balance.flows or "tce" not in units:
        raise TableError(
            say(
                "{first_address}: the table prints no total consumption in coal equivalent; "
                "use another --definition",
                first_address=balance.first_address(),
            )
        )
    row = balance.amounts.values[:, :, balance.flows.index("total_consumption")]
    if "total_energy" in balance.products:
        value = row[..., balance.products.index("total_energy")]
    else:
        leaf = [
            unit == "tce" and vocabulary.products()[p].group != "total"
            for unit, p in zip(units, balance.products, strict=True)
        ]
        if not all(leaf):
            raise TableError(
                say(
                    "{first_address}: only a part of the columns is in coal equivalent; use "
                    "another --definition",
                    first_address=balance.first_address(),
                )
            )
        value = np.where(np.isnan(row).all(axis=2), np.nan, np.nansum(row, axis=2))
    return _to_frame(balance, "printed", {"total_consumption": value})


def _to_frame(
    balance: EnergyBalance, definition: str, terms: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    is_there = _find_places(balance)
    rows = [
        (area, year, definition, term, float(values[a, y]) + 0.0, "tce")
        for a, area in enumerate(balance.areas)
        for y, year in enumerate(balance.years)
        if is_there[a, y]
        for term, values in {**terms, "total": np.sum(list(terms.values()), axis=0)}.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
