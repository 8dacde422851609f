"""Rows named after what plants put out that hold what goes into them: Electricity generation, coal -20."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.stops import OpenFlowError
from carbonacct.balances.words.mapping import LEFT_OUT
from carbonacct.errors import Finding
from carbonacct.product_groups import group_of
from carbonacct.texts import say
from carbonacct.vocabulary import is_electricity_or_heat

if TYPE_CHECKING:
    import xarray as xr

    from carbonacct.balances.amounts.energy_balance import EnergyBalance

# A row of output, and the row of the balance that has inputs and outputs of the same plants.
_ROWS = (("generation", "electricity_generation_total"), ("heat_generation", "heating"))
_INPUTS = {"electricity_generation_total": "thermal_power", "heating": "heating"}
_PLANTS = frozenset(
    {
        "thermal_power",
        "chp",
        "heating",
        "industrial_power",
        "industrial_chp",
        "industrial_heating",
        "power_and_heat",
    }
)


def tell_plants(balance: EnergyBalance) -> EnergyBalance:
    """Return a balance in which a row of generation that takes fuels in is one of transformation.

    Fuels in watt hours are what was generated from each, and stay; so do those of which other rows
    say that as much or more went into plants (Eurostat prints both in TJ). Positive fuels beside
    negative electricity are a use of plants, printed with the sign of uses.

    Raises
    ------
    TableError
        If fuels stand there positive in another unit, and no electricity or heat negative: nothing
        says whether they went in.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> table = pd.DataFrame({"area": "A", "year": 2019, "flow": "generation", "unit": "TJ",
    ...                       "product": ["natural_gas", "electricity"], "value": [-40, 20]})
    >>> tell_plants(ca.make_balance(table)).flows
    ['electricity_generation_total']
    """
    for output, plants in _ROWS:
        if output in balance.flows and plants not in balance.flows:
            balance = _tell(balance, balance.flows.index(output), plants)
    return balance


def _tell(balance: EnergyBalance, f: int, plants: str) -> EnergyBalance:
    amounts = np.nan_to_num(balance.amounts.values[:, :, f, :])
    fuels = [p for p, product in enumerate(balance.products) if is_fuel(product)]
    if not amounts[:, :, fuels].any() or _is_in_watt_hours(balance, f, fuels):
        return balance
    if _goes_in_elsewhere(balance, f, fuels):
        return balance
    turned = _turn_use(balance, f, fuels)
    if turned is not None:
        balance, amounts = turned, -amounts
    if (amounts[:, :, fuels] > 0).any():
        a, y, _, p = _first(np.maximum(amounts, 0.0), fuels, f)
        raise OpenFlowError(
            say(
                "{where}: {flow} holds {product}, and nothing says whether that went into the"
                " plants: give the row an id in a mapping file, such as {flow} -> thermal_power.input",
                where=balance.locate(a, y, f, p),
                flow=balance.flows[f],
                product=balance.products[p],
            ),
            balance.flows[f],
            (f"{_INPUTS[plants]}.input", LEFT_OUT),
        )
    labels = [plants if i == f else flow for i, flow in enumerate(balance.flows)]
    message = (
        say(
            "{flow} holds fuels that leave the balance: the row is taken as {plants}",
            flow=balance.flows[f],
            plants=plants,
        )
        if turned is None
        else say(
            "{flow} holds positive fuels and negative electricity or heat, as a use of energy: the "
            "row is taken as {plants}, with the other sign",
            flow=balance.flows[f],
            plants=plants,
        )
    )
    where = balance.locate(*_first(amounts, fuels, f))
    return rename_flows(balance, labels, Finding("generation-of-plants", "info", message, where))


def _turn_use(balance: EnergyBalance, f: int, fuels: list[int]) -> EnergyBalance | None:
    """Return a balance in which a row has the other sign, None where it is not printed as a use.

    Tables of net consumption print plants so, in each area and year: coal 1100, electricity -600.
    """
    row = np.nan_to_num(balance.amounts.values[:, :, f, :])
    power = [p for p, product in enumerate(balance.products) if is_electricity_or_heat(product)]
    takes, gives = row[:, :, fuels], row[:, :, power]
    is_use = (takes >= 0).all(axis=2) & (gives <= 0).all(axis=2)
    is_both = (takes > 0).any(axis=2) & (gives < 0).any(axis=2)
    if not (is_use & (is_both | ~row.any(axis=2))).all():
        return None
    amounts = balance.amounts.copy(deep=True)
    amounts.values[:, :, f, :] *= -1.0
    return replace(balance, amounts=amounts)


def rename_flows(balance: EnergyBalance, labels: list[str], finding: Finding) -> EnergyBalance:
    """Return a balance whose rows have other names, in their order, with the finding that says why."""
    return replace(
        balance,
        amounts=_relabel(balance.amounts, labels),
        status=_relabel(balance.status, labels),
        place=_relabel(balance.place, labels),
        findings=(*balance.findings, finding),
    )


def is_fuel(product: str) -> bool:
    """Return whether a product burns, or is a total of what does.

    Examples
    --------
    >>> is_fuel("raw_coal"), is_fuel("oil_total"), is_fuel("heat"), is_fuel("total_energy")
    (True, True, False, False)
    """
    kind = vocabulary.products()[product]
    return group_of(product).is_fuel or (kind.group == "total" and kind.unit in {"t", "m3"})


def _relabel(array: xr.DataArray, flows: list[str]) -> xr.DataArray:
    return array.assign_coords(flow=np.array(flows, str))


def _first(amounts: np.ndarray, fuels: list[int], f: int) -> tuple[int, int, int, int]:
    """Return the place of the first number of a fuel in a row: area, year, flow, product."""
    a, y, p = np.argwhere(amounts[:, :, fuels])[0].tolist()
    return a, y, f, fuels[p]


def _goes_in_elsewhere(balance: EnergyBalance, f: int, fuels: list[int]) -> bool:
    """Return whether plants in other rows take in no less of each fuel, area and year than a row prints of it."""
    plants = [i for i, flow in enumerate(balance.flows) if flow.removesuffix(".input") in _PLANTS]
    amounts = np.nan_to_num(balance.amounts.values)[..., fuels]
    given, taken = amounts[:, :, f], np.abs(amounts[:, :, plants]).sum(axis=2)
    return bool(((given >= 0) & (given <= taken)).all())


def _is_in_watt_hours(balance: EnergyBalance, f: int, fuels: list[int]) -> bool:
    """Return whether the fuels of a row are printed in watt hours: electricity by its source.

    Where other rows print them so too, the fuel itself is: gas is sold in watt hours.
    """
    here = _units_of(balance, [f], fuels)
    others = [
        i for i, one in enumerate(balance.flows) if not vocabulary.is_within(one, _ROWS[0][0])
    ]
    elsewhere = _units_of(balance, others, fuels)
    return bool(here) and all(unit.endswith("Wh") and unit not in elsewhere for unit in here)


def _units_of(balance: EnergyBalance, flows: list[int], products: list[int]) -> set[str]:
    """Return the printed units of the numbers in some rows and columns: a blank is in no unit."""
    places, amounts = (
        array.values[:, :, flows, :][..., products] for array in (balance.place, balance.amounts)
    )
    printed = places[(places >= 0) & ~np.isnan(amounts)]
    return {balance.places.units[balance.places.unit[place]] for place in printed}
