"""The energy balances behind an inventory, and their emissions, as files for programs hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct import __version__, vocabulary
from carbonacct.data import CONVENTIONS
from carbonacct.inventory.inventory_files import Beside
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report.joined_inventories import refuse_twice
from carbonacct.sheets import values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.factors import Method
    from carbonacct.sectors.energy import EnergyInventory

    Labels = Mapping[str, list[Any]]

_CUBE = ("area", "year", "flow", "product")
_UNIT = ("area", "year", "product")
# Variables along area, year, flow and product (and gas) with their attributes.
_TONNES = {"units": "t", "cell_methods": "year: sum"}
_ATTRIBUTES: dict[str, dict[str, Any]] = {
    "value": {
        "long_name": "direct emissions of the gas (scope 1)",
        **_TONNES,
        "ancillary_variables": "status",
    },
    "indirect": {
        "long_name": "CO2 of electricity and heat brought in, less sent out (scope 2)",
        **_TONNES,
        "ancillary_variables": "lacking",
    },
    "lacking": {
        "long_name": "electricity or heat that crosses the border and has no factor",
        "flag_values": np.array([0, 1], np.int8),
        "flag_meanings": "no yes",
    },
    "amount": {
        "long_name": "activity data as read, in the unit of amount_unit",
        "cell_methods": "year: sum",
        "ancillary_variables": "status",
    },
    "status": {
        "long_name": "what stands in the table where there is no amount",
        "flag_values": np.arange(len(values.STATUS_NAMES), dtype=np.int8),
        "flag_meanings": " ".join(values.STATUS_NAMES),
    },
    "co2e": {"long_name": "direct emissions of all gases as CO2-equivalent", **_TONNES},
}


def to_dataset(inventories: Sequence[EnergyInventory], *, gwp: str | None = None) -> xr.Dataset:
    """Return inventories as one dataset after the CF conventions.

    Parameters
    ----------
    inventories
        One or many; no two of the same area and year.
    gwp
        Name of a metric, for the variable ``co2e``.

    Returns
    -------
    Dataset
        ``value`` (area, year, flow, product, gas) direct emissions (scope 1) in t; ``indirect``
        (area, year, flow, product) CO2 of electricity and heat brought in (scope 2) in t, sent out
        negative; ``lacking``, likewise, a flag where such an amount has no factor; ``co2e`` (area,
        year, flow, product) of scope 1; ``amount`` (area, year, flow, product) as read, in the unit
        that ``amount_unit`` (area, year, product) says; ``status`` (area, year, flow, product) what
        stands where there is no amount, a flag variable. No variable holds both scopes: a plain sum
        is of one.

    Raises
    ------
    OutputError
        If two inventories have an area and year in common.

    Examples
    --------
    >>> import carbonacct as ca
    >>> data = to_dataset([ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")])
    >>> data["value"].attrs["units"], data["status"].attrs["flag_meanings"]
    ('t', 'number absent blank mark NO NE NA IE C unreadable')
    """
    refuse_twice(inventories)
    labels = {dim: _union(inventories, dim) for dim in (*_CUBE, "gas")}
    arrays = _make_empty(labels, weighted=gwp is not None)
    unit = np.full([len(labels[dim]) for dim in _UNIT], "", object)
    for inventory in inventories:
        at = _find_place(inventory, labels)
        _lay_emissions(inventory, arrays, at, labels)
        _lay_crossing(inventory, arrays, at, labels)
        _lay_amounts(inventory, arrays, at)
        unit[np.ix_(at[0], at[1], at[3])] = np.array(inventory.table.units, object)
        if gwp is not None:
            arrays["co2e"][np.ix_(*at)] = inventory.co2e(gwp).transpose(*_CUBE).values
    more = {"co2e": {"gas": name_equivalent(gwp)}} if gwp is not None else {}
    return xr.Dataset(
        {
            name: (
                (*_CUBE, "gas")[: array.ndim],
                array,
                _ATTRIBUTES[name] | more.get(name, {}),
            )
            for name, array in arrays.items()
        },
        coords={
            **labels,
            "category": (
                "flow",
                [vocabulary.flows()[flow].category for flow in labels["flow"]],
                {"long_name": "IPCC 2006 category of what is burnt there"},
            ),
            "amount_unit": (_UNIT, unit.astype(str), {"long_name": "unit of the amounts"}),
        },
        attrs=_describe(_list_methods(inventories)),
    )


def _make_empty(labels: Labels, *, weighted: bool) -> dict[str, np.ndarray]:
    """Return the variables before anything is laid into them."""
    cube = tuple(len(labels[dim]) for dim in _CUBE)
    arrays = {
        "value": np.full((*cube, len(labels["gas"])), np.nan),
        "indirect": np.full(cube, np.nan),
        "lacking": np.zeros(cube, np.int8),
        "amount": np.full(cube, np.nan),
        "status": np.full(cube, values.ABSENT, np.int8),
    }
    return arrays | ({"co2e": np.full(cube, np.nan)} if weighted else {})


def _find_place(inventory: EnergyInventory, labels: Labels) -> tuple[np.ndarray, ...]:
    """Return where an inventory's areas, years, flows and products stand."""
    table = inventory.table
    own: tuple[Sequence[Any], ...] = (
        table.areas,
        table.years,
        table.flows,
        table.products,
    )
    return tuple(_places(labels[dim], known) for dim, known in zip(_CUBE, own, strict=True))


def _places(known: Sequence[Any], wanted: Sequence[Any]) -> np.ndarray:
    place = {label: n for n, label in enumerate(known)}
    return np.array([place[label] for label in wanted], int)


def _lay_emissions(
    inventory: EnergyInventory,
    arrays: Mapping[str, np.ndarray],
    at: tuple[np.ndarray, ...],
    labels: Labels,
) -> None:
    gases = _places(labels["gas"], inventory.gases)
    arrays["value"][np.ix_(*at, gases)] = inventory.emissions.transpose(*_CUBE, "gas").values


def _lay_crossing(
    inventory: EnergyInventory,
    arrays: Mapping[str, np.ndarray],
    at: tuple[np.ndarray, ...],
    labels: Labels,
) -> None:
    """Lay electricity and heat that cross the border into the columns of these products."""
    indirect = inventory.indirect
    crossing = np.ix_(*at[:3], _places(labels["product"], indirect["product"].values.tolist()))
    if "CO2" in inventory.gases:
        arrays["indirect"][crossing] = indirect.sel(gas="CO2").values
    arrays["lacking"][crossing] = indirect["lacking"].values


def _lay_amounts(
    inventory: EnergyInventory, arrays: Mapping[str, np.ndarray], at: tuple[np.ndarray, ...]
) -> None:
    table = inventory.table
    arrays["amount"][np.ix_(*at)] = table.amounts
    arrays["status"][np.ix_(*at)] = table.status


def _union(inventories: Sequence[EnergyInventory], dim: str) -> list[Any]:
    """Return the labels of all inventories: years in order, flows and products in the order of the balance."""
    held = dict.fromkeys(
        label for inventory in inventories for label in inventory.emissions[dim].values.tolist()
    )
    known = {"flow": vocabulary.flows(), "product": vocabulary.products()}.get(dim)
    if known is not None:
        return [label for label in known if label in held]
    return sorted(held) if dim == "year" else list(held)


def _list_methods(inventories: Sequence[EnergyInventory]) -> list[Method]:
    return list({inventory.method.id: inventory.method for inventory in inventories}.values())


def _describe(methods: Sequence[Method]) -> dict[str, str]:
    """Return the attributes of a dataset."""
    return {
        "Conventions": CONVENTIONS,
        "title": "Greenhouse gas inventory",
        "source": f"carbonacct {__version__}",
        "method": ", ".join(method.id for method in methods),
        "references": "; ".join(method.reference for method in methods),
    }


def describe_tables(
    inventories: Sequence[EnergyInventory], *, arrays: bool = False, gwp: str | None = None
) -> Beside:
    """Return what a file holds of energy balances: methods, the kinds of nothing, and their arrays.

    Parameters
    ----------
    arrays
        Whether the arrays of :func:`to_dataset` are wanted.
    """
    described = {
        "methods": [
            {
                "id": method.id,
                "title": method.title,
                "title_zh": method.title_zh,
                "reference": method.reference,
                "editions": [source.id for source in method.sources],
            }
            for method in _list_methods(inventories)
        ],
        "nothing": _nothing(inventories),
    }
    wanted = arrays and len(inventories) > 0
    return Beside(described, to_dataset(inventories, gwp=gwp) if wanted else None)


def _nothing(inventories: Sequence[EnergyInventory]) -> dict[str, Any]:
    """Return the cells that the tables print without a number: area, year, flow, kind, products."""
    found: dict[str, Any] = {}
    for inventory in inventories:
        table, status = inventory.table, inventory.table.status
        for a, y, f, p in np.argwhere((status != values.NUMBER) & (status != values.ABSENT)):
            flows = found.setdefault(table.areas[a], {}).setdefault(str(table.years[y]), {})
            kinds = flows.setdefault(table.flows[f], {})
            kinds.setdefault(values.STATUS_NAMES[int(status[a, y, f, p])], []).append(
                table.products[p]
            )
    return found
