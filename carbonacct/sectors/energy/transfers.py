"""Electricity and heat that cross the border of an area: what comes in, what goes out, and the net of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import Finding, MethodError, did_you_mean
from carbonacct.factors import FactorTable, Method, load_method, row_value
from carbonacct.factors.methods import pick_sources
from carbonacct.sectors.energy.imported_energy import find_candidates
from carbonacct.sectors.energy.scope2 import sum_kinds
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import FactorRow
    from carbonacct.factors.method import ImportedEnergy

COLUMNS = (
    "area",
    "year",
    "product",
    "flow",
    "grid",
    "amount",
    "unit",
    "factor",
    "factor_unit",
    "emissions",
    "edition",
    "place",
)
IN, OUT = ("moved_in", "imports"), ("moved_out", "exports")
APPROACHES = ("location", "market")
_CONTRACT = ("area", "year", "name", "amount", "factor")
_RESIDUAL = "residual_grid_emission_factor"


@dataclass(frozen=True)
class Transfers:
    """What crosses the border of an area, with its emissions.

    Attributes
    ----------
    table
        One row per area, year, product and flow (or contract): ``amount`` (positive comes in,
        negative goes out) in ``unit``, ``factor`` of ``grid``, and ``emissions`` in t CO2, NaN
        where there is no factor.
    findings
        Which factors do not exist.
    """

    table: pd.DataFrame
    findings: tuple[Finding, ...]

    def net(self) -> pd.DataFrame:
        """Return net emissions by area, year and product, in t CO2; NaN where a factor is missing."""
        groups = self.table.groupby(["area", "year", "product"], sort=False)["emissions"]
        return groups.agg(lambda values: values.sum(skipna=False)).reset_index()


def account_transfers(
    balance: EnergyBalance,
    *,
    method: str | Method = "provincial-2011",
    approach: str = "location",
    sources: Mapping[str, str] | None = None,
    contracts: pd.DataFrame | None = None,
    residual: float | None = None,
) -> Transfers:
    """Account electricity and heat that come in and go out, each with the factor of the grid that it comes from.

    Parameters
    ----------
    balance
        A table with supply rows.
    method
        A method's id, or a method: its grid factors.
    approach
        ``"location"``: factors of grids. ``"market"``: contracts first, the rest with a residual
        factor.
    sources
        The grid or area that a row comes from, such as ``{"moved_in": "华北"}``. By default what
        comes in, and what goes out, has the finest factor that the area has for the year.
    contracts
        For ``"market"``: ``area, year, name, amount, factor`` (kWh; t CO2/kWh) of electricity
        bought by contract.
    residual
        For ``"market"``: factor of the rest, t CO2/kWh; by default the published residual factor of
        the nation.

    Raises
    ------
    MethodError
        If an approach, a row or a grid does not exist, or contracts cannot be used: a column or a
        number that is missing, an area or year that the table does not have, more bought than comes
        in.

    Notes
    -----
    Provincial guideline 2011, Ch. 1.6, indirect emissions of electricity moved in or out::

        emissions = in x factor of the grid it comes from - out x factor of the area's own grid

    Market-based: GHG Protocol Scope 2 Guidance (2015), Ch. 6. What plants inside the area emit is
    scope 1 and no part of this.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> found = account_transfers(balance, sources={"moved_in": "nation", "moved_out": "nation"})
    >>> found.findings[0].rule
    'no-grid-factor'
    """
    chosen = method if isinstance(method, Method) else load_method(method)
    if approach not in APPROACHES:
        raise MethodError(
            say(
                "no approach {approach!r}; known: {approaches}",
                approach=approach,
                approaches=join_texts(", ", APPROACHES),
            )
        )
    if approach == "location" and (contracts is not None or residual is not None):
        raise MethodError(say("contracts and residual are for approach='market'"))
    _check_options(balance, sources or {}, contracts)
    rows: list[tuple[object, ...]] = []
    findings: list[Finding] = []
    for rule in chosen.imported_energy:
        for grid in (sources or {}).values():
            find_candidates(
                balance.areas[0], rule, grid
            )  # a grid that does not exist raises, whether the table has the row or not
        crossings = _find_crossings(balance, rule.product)
        if crossings is None:
            continue
        for a, area in enumerate(balance.areas):
            for y, year in enumerate(balance.years):
                crossing = {
                    flow: float(amount[a, y])
                    for flow, amount in crossings.items()
                    if not np.isnan(amount[a, y])
                }
                if approach == "market" and rule.product == "electricity":
                    rows += _account_market(
                        chosen,
                        rule,
                        (area, year),
                        crossing,
                        contracts=contracts,
                        residual=residual,
                        findings=findings,
                    )
                else:
                    rows += _account_location(
                        chosen,
                        rule,
                        (area, year),
                        crossing,
                        sources=sources or {},
                        findings=findings,
                    )
    return Transfers(pd.DataFrame(rows, columns=list(COLUMNS)), tuple(findings))


def _check_options(
    balance: EnergyBalance, sources: Mapping[str, str], contracts: pd.DataFrame | None
) -> None:
    if unknown := [flow for flow in sources if flow not in (*IN, *OUT)]:
        raise MethodError(
            say(
                "no row {unknown!r}; {near} known: {flows}",
                unknown=unknown[0],
                near=did_you_mean(unknown[0], [*IN, *OUT]),
                flows=join_texts(", ", (*IN, *OUT)),
            )
        )
    if contracts is None:
        return
    if lacking := [column for column in _CONTRACT if column not in contracts.columns]:
        raise MethodError(
            say(
                "contracts have no column {lacking!r}; they have {columns}",
                lacking=lacking[0],
                columns=as_typed(map(str, contracts.columns)),
            )
        )
    for row in contracts[list(_CONTRACT)].to_dict("records"):
        where = say(
            "contract {name!r} of {area} {year}",
            name=row["name"],
            area=row["area"],
            year=row["year"],
        )
        if row["area"] not in balance.areas or row["year"] not in balance.years:
            raise MethodError(
                say(
                    "{where}: the table has {areas}, {years}",
                    where=where,
                    areas=join_texts(", ", balance.areas),
                    years=join_texts(", ", map(str, balance.years)),
                )
            )
        if not (row["amount"] >= 0 and row["factor"] >= 0):
            raise MethodError(
                say(
                    "{where}: an amount of {amount} kWh at {factor} t CO2/kWh; both must be "
                    "numbers of 0 or more",
                    where=where,
                    amount=row["amount"],
                    factor=row["factor"],
                )
            )


def _find_crossings(balance: EnergyBalance, product: str) -> dict[str, np.ndarray] | None:
    """Return the amounts of the rows that cross the border (area, year), in kWh or GJ: positive comes in."""
    amounts = sum_kinds(balance, product, "kWh" if product == "electricity" else "GJ")
    return (
        amounts
        if amounts is None
        else {
            flow: amounts[:, :, balance.flows.index(flow)]
            for flow in (*IN, *OUT)
            if flow in balance.flows
        }
    )


def _account_location(
    method: Method,
    rule: ImportedEnergy,
    where: tuple[str, int],
    crossing: Mapping[str, float],
    *,
    sources: Mapping[str, str],
    findings: list[Finding],
) -> list[tuple[object, ...]]:
    area, year = where
    table = FactorTable(
        pick_sources(method, rule.editions),
        rule.parameter,
        "CO2",
        allow_unverified=method.allow_unverified,
    )
    rows = []
    for flow, amount in crossing.items():
        candidates = list(find_candidates(area, rule, sources.get(flow))) if rule.levels else [""]
        chosen = next(
            (
                (grid, row)
                for grid in candidates or [""]
                if (row := table.choose(rule.product, "", grid, year))
            ),
            None,
        )
        if chosen is None and amount:
            years = {
                grid: join_texts(", ", map(str, table.years(rule.product, grid))) or "none"
                for grid in candidates
            }
            known = join_texts(
                "; ",
                (say("{grid}: {found}", grid=grid, found=found) for grid, found in years.items()),
            ) or say("the grid of the area is not known")
            findings.append(
                Finding(
                    "no-grid-factor",
                    "warning",
                    say(
                        "no {parameter} for {flow} of {area} in {year}; years that exist: {known}",
                        parameter=rule.parameter,
                        flow=flow,
                        area=area,
                        year=year,
                        known=known,
                    ),
                    "",
                    say("name another grid in sources, or lay an overlay over the method"),
                )
            )
        rows.append(_row(where, rule.product, flow, amount, chosen=chosen))
    return rows


def _account_market(
    method: Method,
    rule: ImportedEnergy,
    where: tuple[str, int],
    crossing: Mapping[str, float],
    *,
    contracts: pd.DataFrame | None,
    residual: float | None,
    findings: list[Finding],
) -> list[tuple[object, ...]]:
    """Return the rows by contracts, and the rest at a rate that is chosen or printed for the nation."""
    area, year = where
    bought = pd.DataFrame(columns=["name", "amount", "factor"])
    if contracts is not None:
        bought = contracts[(contracts["area"] == area) & (contracts["year"] == year)]
    rows = [
        _of_rate(where, rule.product, (str(name), "contract"), amount=amount, rate=rate)
        for name, amount, rate in zip(
            bought["name"], bought["amount"], bought["factor"], strict=True
        )
    ]
    rest = _find_rest(where, crossing, float(bought["amount"].sum()))
    if residual is not None:
        own = _of_rate(where, rule.product, ("rest", "chosen"), amount=rest, rate=residual)
        return [*rows, own]
    return [*rows, _account_rest(method, rule, where, rest, findings=findings)]


def _of_rate(
    where: tuple[str, int], product: str, named: tuple[str, str], *, amount: float, rate: float
) -> tuple[object, ...]:
    """Return the row of an amount at a rate that no factor row prints."""
    return (*where, product, *named, amount, "kWh", rate, "t CO2/kWh", amount * rate, "", "")


def _find_rest(where: tuple[str, int], crossing: Mapping[str, float], bought: float) -> float:
    """Return what comes in without a contract."""
    area, year = where
    # Contracts buy what comes in; what goes out again has the area's own mix (Scope 2 Guidance, Ch. 6).
    inflow = sum(amount for flow, amount in crossing.items() if flow in IN)
    rest = inflow - bought
    if rest < -1e-9 * max(inflow, 1.0):
        raise MethodError(
            say(
                "contracts of {area} {year} hold {difference:,.0f} kWh, more than the "
                "{inflow:,.0f} kWh that come in; take the rest out",
                area=area,
                year=year,
                difference=inflow - rest,
                inflow=inflow,
            )
        )
    return rest


def _account_rest(
    method: Method,
    rule: ImportedEnergy,
    where: tuple[str, int],
    rest: float,
    *,
    findings: list[Finding],
) -> tuple[object, ...]:
    """Return the row of what has no contract at the residual factor of the nation; a finding where there is none."""
    area, year = where
    table = FactorTable(
        pick_sources(method, rule.editions),
        _RESIDUAL,
        "CO2",
        allow_unverified=method.allow_unverified,
    )
    nation = next(iter(find_candidates(area, rule, "nation")), "")
    row = table.choose(rule.product, "", nation, year)
    if row is None and rest:
        years = join_texts(", ", map(str, table.years(rule.product, nation))) if nation else ""
        findings.append(
            Finding(
                "no-grid-factor",
                "warning",
                say(
                    "no {residual} of the nation of {area} for {year}; years that exist: {years}",
                    residual=_RESIDUAL,
                    area=area,
                    year=year,
                    years=years or say("none"),
                ),
                "",
                say("pass residual="),
            )
        )
    return _row(where, rule.product, "rest", rest, chosen=(nation, row) if row else None)


def _row(
    where: tuple[str, int],
    product: str,
    flow: str,
    amount: float,
    *,
    chosen: tuple[str, FactorRow] | None,
) -> tuple[object, ...]:
    unit = "kWh" if product == "electricity" else "GJ"
    if chosen is None:
        return (
            *where,
            product,
            flow,
            "",
            amount,
            unit,
            np.nan,
            f"t CO2/{unit}",
            0.0 if amount == 0 else np.nan,
            "",
            "",
        )
    grid, row = chosen
    factor = row_value(row, f"t CO2/{unit}")
    return (
        *where,
        product,
        flow,
        grid,
        amount,
        unit,
        factor,
        f"t CO2/{unit}",
        amount * factor,
        row.edition,
        row.place,
    )
