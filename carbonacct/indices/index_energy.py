"""Energy in coal equivalent that an index takes from an energy balance: total, final, and from primary electricity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, IndexDataError
from carbonacct.indices.inventory_values import count_once, put_amounts
from carbonacct.sectors.energy.coal_equivalent import to_coal_equivalent
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from carbonacct.balances import EnergyBalance
    from carbonacct.indices.index_declaration import Index
    from carbonacct.indices.index_panel import Panel
    from carbonacct.indices.inventory_values import Amount

    Array = NDArray[np.float64]

_TRADE = ("moved_in", "imports", "moved_out", "exports")
_RATES = (0.2, 0.5)  # kgce/kWh: what a power plant can need; 300 is g, 3 is t per 10^4 kWh


def add_energy(
    panel: Panel,
    balance: EnergyBalance,
    index: Index,
    *,
    method: str,
    power_rate: float | None = None,
) -> Panel:
    """Return the panel with the energy of a balance, in coal equivalent, in the inputs that stand for it.

    Parameters
    ----------
    panel
        The user's table.
    balance
        In physical quantity, or in coal equivalent.
    index
        Says which inputs it wants: ``energy_flows`` in ``factors/vocabulary/index_inputs.csv``.
    method
        Of :func:`carbonacct.to_coal_equivalent`.
    power_rate
        Coal that power plants use, kgce/kWh: primary electricity and electricity from outside count
        at it in the total (发电煤耗法). Without it electricity counts at its calorific value (电热当量法),
        and non-fossil energy is not taken.

    Raises
    ------
    IndexDataError
        If the rate is none of a power plant, or the table gives the same amount and they differ by
        more than 0.5 %.

    Notes
    -----
    Total consumption is final consumption, losses, and what transformation takes in more than it
    gives out, less recovered energy, which was counted when it was made: the table of 2019 of the
    nation has recovery among the outputs of transformation. Non-fossil energy is the primary
    electricity of the area at the rate; where electricity comes from or goes outside, its mix is
    not known and it is not taken.

    Examples
    --------
    >>> import carbonacct as ca
    >>> import pandas as pd
    >>> from carbonacct.indices.index_panel import panel_from_frame
    >>> index = ca.load_index("ccni-2.0")
    >>> panel = panel_from_frame(pd.DataFrame({"area": ["重庆市"], "year": [2007], "gdp": [4676.13]}), index)
    >>> panel = add_energy(panel, ca.read_balance("docs/tables/chongqing_2007.csv"), index, method="yearbook-2008")
    >>> round(panel.values.sel(input="energy").item(), 1)
    4264.3
    """
    if power_rate is not None and not _RATES[0] <= power_rate <= _RATES[1]:
        raise IndexDataError(
            say(
                "power rate {power_rate:g} kgce/kWh, expected from {rate} to {rate_1}; "
                "write 300 g as 0.300",
                power_rate=power_rate,
                rate=_RATES[0],
                rate_1=_RATES[1],
            )
        )
    tce = _convert(balance, method)
    physical = (
        "electricity" in balance.products
        and str(balance.amounts["unit"].sel(product="electricity").item()) != "tce"
    )
    electricity = balance.products.index("electricity") if physical else None
    amounts: list[Amount] = []
    findings: list[Finding] = []
    for about in index.inputs.values():
        if not about.energy_flows:
            continue
        columns = [
            position
            for position, product in enumerate(balance.products)
            if not about.products or product in about.products
        ]
        used = _signs(balance, about.energy_flows)[:, None] * tce[..., columns]
        whole = np.where(np.isnan(used).all(axis=(2, 3)), np.nan, np.nansum(used, axis=(2, 3)))
        lacking = np.where(np.isnan(whole), "energy", "").astype(object)
        if about.power == "primary":
            whole, lacking = _count_primary(balance, electricity, power_rate)
        elif about.power == "added" and power_rate is not None:
            if electricity is None:
                raise IndexDataError(
                    say(
                        "power rate: {area} {year} has no electricity in physical quantity "
                        "to count at it; leave the rate out",
                        area=balance.areas[0],
                        year=balance.years[0],
                    )
                )
            supplied = _sum_power(balance, electricity, ("production", *_TRADE))
            calorific = _sum_flows(tce[..., electricity], balance, ("production", *_TRADE))
            whole = whole + np.nan_to_num(supplied) * power_rate - np.nan_to_num(calorific)
        elif about.power == "added":
            text = say(
                "{id} of the balance counts electricity at its calorific value; "
                "published totals may count it at the coal that power plants use",
                id=about.id,
            )
            findings.append(
                Finding(
                    "calorific-electricity",
                    "info",
                    text,
                    "",
                    say("give the power rate in kgce/kWh for those"),
                )
            )
        factor = conversion_factor("tce", about.unit)
        amounts += [
            (area, year, about, float(whole[a, y]) * factor, str(lacking[a, y]))
            for a, area in enumerate(balance.areas)
            for y, year in enumerate(balance.years)
        ]
    return put_amounts(panel, amounts, "balance", findings)


def _convert(balance: EnergyBalance, method: str) -> Array:
    """Return the cells that count, in tce: area x year x flow x product, NaN where there is none."""
    frame, _ = to_coal_equivalent(balance, method=method)
    tce = np.full(balance.amounts.shape, np.nan)
    coords = balance.amounts.coords
    at = tuple(coords[dim].to_index().get_indexer(frame[dim]) for dim in balance.amounts.dims)
    tce[at] = frame["value"]
    return np.where(count_once(balance), tce, np.nan)


def _signs(balance: EnergyBalance, flows: Sequence[str]) -> Array:
    """Return 1, -1 or NaN for each flow; ``-transformation`` is taken off. A flow that two of them hold counts once."""
    signs = np.full(len(balance.flows), np.nan)
    for position, flow in enumerate(balance.flows):
        held = [
            -1.0 if wanted.startswith("-") else 1.0
            for wanted in flows
            if vocabulary.is_within(flow, wanted.removeprefix("-"), balance.parents)
        ]
        signs[position] = held[0] if held else np.nan
    return signs


def _sum_flows(values: Array, balance: EnergyBalance, flows: Sequence[str]) -> Array:
    """Return the sum over the flows of one product: area x year, NaN where no flow has a number."""
    used = values * _signs(balance, flows)
    return np.where(np.isnan(used).all(axis=2), np.nan, np.nansum(used, axis=2))


def _sum_power(balance: EnergyBalance, electricity: int, flows: Sequence[str]) -> Array:
    """Return electricity in 10^3 kWh, so that kgce/kWh turns it into tce."""
    counted = np.where(count_once(balance), balance.amounts.values, np.nan)[..., electricity]
    return _sum_flows(counted, balance, flows) * conversion_factor(
        str(balance.amounts["unit"].values[electricity]), "1e3 kWh"
    )


def _count_primary(
    balance: EnergyBalance, electricity: int | None, power_rate: float | None
) -> tuple[Array, NDArray[np.object_]]:
    """Return primary electricity at the rate, in tce, and what lacks for it."""
    shape = balance.amounts.shape[:2]
    if electricity is None or power_rate is None:
        return np.full(shape, np.nan), np.full(
            shape,
            (
                "electricity in physical quantity"
                if electricity is None
                else "the power rate (kgce/kWh)"
            ),
            dtype=object,
        )
    trade = np.abs(
        np.stack([np.nan_to_num(_sum_power(balance, electricity, (flow,))) for flow in _TRADE])
    ).sum(axis=0)
    made = _sum_power(balance, electricity, ("production",))
    lacking = np.where(
        trade > 0,
        "the mix of electricity from and to outside",
        np.where(np.isnan(made), "primary electricity", ""),
    )
    return made * power_rate, lacking.astype(object)
