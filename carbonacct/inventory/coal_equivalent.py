"""A physical table in coal equivalent, by the coefficients of a named edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, MethodError, TableError
from carbonacct.factors import Method, edition_ids, load_method
from carbonacct.inventory.chain import find_factors, note_overlay, used_rows
from carbonacct.inventory.leaves import leaf_products
from carbonacct.tables import values
from carbonacct.tables.remainders import add_remainders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.factors import FactorRow
    from carbonacct.tables import EnergyBalance

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
        ``"yearbook-2008"``, ``"gb-t-2589-2008"``, ``"gb-t-2589-2020"`` or a method of that kind.
    overlay
        A folder of the user's own coefficients, asked first.

    Returns
    -------
    DataFrame
        Columns ``area,year,flow,product,value,unit``, one row per cell that has a number; totals over
        products are left out, they are the sums of these.
    list of Finding
        Where a range stands for its middle, one fuel or one edition for another; rows of the overlay that nothing uses.

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
            f"{chosen.id} makes an inventory, not coal equivalent; known here: yearbook-2008, gb-t-2589-2008, gb-t-2589-2020"
        )
    unreadable = np.argwhere(balance.status.values == values.UNREADABLE)
    totals = [vocabulary.products()[p].group == "total" for p in balance.products]
    bad = [
        cell
        for cell in unreadable
        if not totals[cell[3]] and balance.flows[cell[2]] not in {"statistical_difference", "total_consumption"}
    ]
    if bad:
        raise TableError(
            f"{balance.address_at(*bad[0])}: the cell is not a number; correct it"
        )
    balance, remainders = add_remainders(balance)
    amounts = balance.amounts.values
    leaf = leaf_products(balance)
    needed = leaf & (np.nan_to_num(amounts) != 0)
    factors = find_factors(balance, chosen, needed, "tce")
    tce = amounts * np.where(np.isnan(factors.factor) & (amounts == 0), 0.0, factors.factor)
    tce[~leaf] = np.nan
    a, y, f, p = np.nonzero(~np.isnan(tce))
    coords = balance.amounts.coords
    frame = pd.DataFrame({
        "area": coords["area"].values[a], "year": coords["year"].values[y], "flow": coords["flow"].values[f],
        "product": coords["product"].values[p], "value": tce[a, y, f, p], "unit": "tce",
    }, columns=list(COLUMNS))  # fmt: skip
    used = factors.chains, factors.chain[..., None], needed[..., None]  # one "gas": tce
    rows = [row for row, _ in used_rows(*used)]
    findings = [*remainders, *factors.findings, *_note_editions(chosen, rows)]
    findings += [Finding("range-midpoint", "info", f"{row.item or row.product} is published as {row.lower:g} to {row.upper:g} {row.unit}; its middle is taken", row.place)
                 for row in rows if np.isnan(row.value)]  # fmt: skip
    return frame, [*findings, *note_overlay(chosen, *used)]


def _note_editions(method: Method, rows: Sequence[FactorRow]) -> list[Finding]:
    """Say which coefficients come from another published edition than the one that the method is named after."""
    published = [source.id for source in method.sources if source.id in edition_ids()]
    others: dict[str, list[FactorRow]] = {}
    for row in rows:
        if row.edition in published[1:]:
            others.setdefault(row.edition, []).append(row)
    return [Finding("other-edition", "info", f"{', '.join(sorted({row.product for row in found}))}: {published[0]} lists no coefficient, that of {edition} is taken", found[0].place)
            for edition, found in others.items()]  # fmt: skip
