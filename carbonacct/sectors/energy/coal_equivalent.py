"""A physical table in coal equivalent, by the coefficients of a named edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.check.remainders import find_remainders
from carbonacct.errors import Finding, MethodError, TableError
from carbonacct.factors import FactorTable, Method, edition_ids, load_method, method_ids
from carbonacct.sectors.energy.chain import find_factors
from carbonacct.sectors.energy.factor_notes import note_overlay, used_rows
from carbonacct.sectors.energy.finest_cells import find_finest_products
from carbonacct.sheets import values
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import FactorRow

COLUMNS = ("area", "year", "flow", "product", "value", "unit")


def to_coal_equivalent(
    balance: EnergyBalance, *, method: str | Method, overlay: str | Path | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return every cell of a balance in tonnes of coal equivalent.

    Parameters
    ----------
    balance
        A table in physical quantity; columns already in coal equivalent stay as they are.
    method
        ``"yearbook-tables"``, ``"yearbook-2008"``, ``"gb-t-2589-2008"``, ``"gb-t-2589-2020"`` or a
        method of that kind.
    overlay
        A folder of the user's own coefficients, asked first.

    Returns
    -------
    DataFrame
        Columns ``area,year,flow,product,value,unit``, one row per cell that has a number; totals
        over products are left out, they are the sums of these.
    list of Finding
        Where one fuel or one edition stands for another; products with a range and no number; rows
        of the overlay that nothing uses.

    Raises
    ------
    MethodError
        If the method is of another kind.
    FactorNotFoundError
        If a product with a number has no coefficient.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
    >>> frame, _ = ca.to_coal_equivalent(balance, method="gb-t-2589-2008")
    >>> frame[(frame.flow == "thermal_power") & (frame["product"] == "raw_coal")].value.item() == -15477000 * 0.7143
    True
    """
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    chosen = method if isinstance(method, Method) else load_method(method, overlay=overlay)
    if chosen.kind != "coal-equivalent":
        raise MethodError(
            say(
                "{id} makes an inventory, not coal equivalent; known here: {methods}",
                id=chosen.id,
                methods=join_texts(", ", _list_methods()),
            )
        )
    unreadable = np.argwhere(balance.status.values == values.UNREADABLE)
    totals = [vocabulary.products()[p].group == "total" for p in balance.products]
    bad = [
        cell
        for cell in unreadable
        if not totals[cell[3]]
        and balance.flows[cell[2]] not in {"statistical_difference", "total_consumption"}
    ]
    if bad:
        raise TableError(
            say(
                "{address_at}: the cell is not a number; correct it",
                address_at=balance.address_at(*bad[0]),
            )
        )
    remainders = find_remainders(balance)
    balance = remainders.balance
    amounts = balance.amounts.values
    leaf = find_finest_products(balance)
    needed = leaf & (np.nan_to_num(amounts) != 0)
    ranges, unknown = _find_ranges(balance, chosen, needed)
    needed &= ~unknown
    factors = find_factors(balance, chosen, needed, "tce")
    tce = amounts * np.where(np.isnan(factors.factor) & (amounts == 0), 0.0, factors.factor)
    tce[~leaf] = np.nan
    a, y, f, p = np.nonzero(~np.isnan(tce))
    coords = balance.amounts.coords
    frame = pd.DataFrame(
        {
            "area": coords["area"].values[a],
            "year": coords["year"].values[y],
            "flow": coords["flow"].values[f],
            "product": coords["product"].values[p],
            "value": tce[a, y, f, p],
            "unit": "tce",
        },
        columns=list(COLUMNS),
    )
    used = factors.chains, factors.chain[..., None], needed[..., None]  # one "gas": tce
    rows = [row for row, _ in used_rows(*used)]
    return frame, [
        *remainders.findings,
        *ranges,
        *factors.findings,
        *_note_editions(chosen, rows, balance.years),
        *note_overlay(chosen, *used),
    ]


def _list_methods() -> list[str]:
    return [
        identifier
        for identifier in method_ids()
        if load_method(identifier).kind == "coal-equivalent"
    ]


def _find_ranges(
    balance: EnergyBalance, method: Method, needed: np.ndarray
) -> tuple[list[Finding], np.ndarray]:
    """Return the products for which the method has a range alone: which value of it was used is not published."""
    parameter = "coal_equivalent_coefficient"
    table = FactorTable(method.sources, parameter, allow_unverified=method.allow_unverified)
    ranges = {
        row.product: row
        for source in reversed(method.sources)
        for row in source.rows
        if row.parameter == parameter and np.isnan(row.value)
    }
    unknown = np.array(
        [
            product in ranges and not table.has_own(product) and product not in method.substitutes
            for product in balance.products
        ]
    )
    findings = []
    for p in np.flatnonzero(unknown & needed.any(axis=(0, 1, 2))):
        row = ranges[balance.products[p]]
        findings.append(
            Finding(
                "no-coefficient",
                "warning",
                say(
                    "{product} is published as {lower:g} to {upper:g} {unit}, and no table "
                    "shows what was used; its cells have no number",
                    product=row.product,
                    lower=row.lower,
                    upper=row.upper,
                    unit=row.unit,
                ),
                row.place,
                say("lay an overlay with the value over the method (--overlay)"),
            )
        )
    return findings, unknown


def _note_editions(
    method: Method, rows: Sequence[FactorRow], years: Sequence[int]
) -> list[Finding]:
    """Report which coefficients come from another published edition than those that the method is named after.

    Those of another year than the table's have a finding already.
    """
    published = [source.id for source in method.sources if source.id in edition_ids()]
    named = method.id if method.id in published else published[0]
    own = {
        named,
        published[0],
        *(source.id for source in method.sources if source.series == method.id),
    }
    others: dict[str, list[FactorRow]] = {}
    for row in rows:
        if (
            row.edition in published
            and row.edition not in own
            and not (row.carried and any(map(row.years_from, years)))
        ):
            others.setdefault(row.edition, []).append(row)
    return [
        Finding(
            "other-edition",
            "info",
            say(
                "{products}: {named} lists no coefficient, that of {edition} is taken",
                products=join_texts(", ", sorted({row.product for row in found})),
                named=named,
                edition=edition,
            ),
            found[0].place,
        )
        for edition, found in others.items()
    ]
