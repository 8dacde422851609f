"""Inventories for programs: NetCDF with CF attributes, Parquet and JSON with what belongs to the numbers."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct import __version__, vocabulary
from carbonacct.errors import OutputError
from carbonacct.inventory.metrics import name_equivalent
from carbonacct.report import frames
from carbonacct.report.files import save_whole
from carbonacct.report.frames import CONVENTIONS, describe_findings, describe_rows, write_json_text
from carbonacct.report.joined_inventories import join_findings, join_frames, refuse_twice
from carbonacct.sheets import values
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from carbonacct.inventory.record import MadeFrom
    from carbonacct.sectors.energy import EnergyInventory

_CUBE = ("area", "year", "flow", "product")


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
        that ``amount_unit`` (area, product) says; ``status`` (area, year, flow, product) what
        stands where there is no amount, a flag variable. No variable holds both scopes: a plain sum
        is of one.

    Raises
    ------
    OutputError
        If two inventories have an area and year in common, or an area comes in two units of a
        product.

    Examples
    --------
    >>> import carbonacct as ca
    >>> data = to_dataset([ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")])
    >>> data["value"].attrs["units"], data["status"].attrs["flag_meanings"]
    ('t', 'number absent blank mark NO NE NA IE C unreadable')
    """
    refuse_twice(inventories)
    labels: dict[str, list[Any]] = {dim: _union(inventories, dim) for dim in (*_CUBE, "gas")}
    place = {dim: {label: n for n, label in enumerate(known)} for dim, known in labels.items()}
    cube = tuple(len(labels[dim]) for dim in _CUBE)
    emissions, amounts, weighted = (
        np.full((*cube, len(labels["gas"])), np.nan),
        np.full(cube, np.nan),
        np.full(cube, np.nan),
    )
    indirect, lacking = np.full(cube, np.nan), np.zeros(cube, np.int8)
    status, unit = np.full(cube, values.ABSENT, np.int8), np.full((cube[0], cube[3]), "", object)
    for inventory in inventories:
        balance = inventory.balance
        gases = [str(gas) for gas in inventory.emissions["gas"].values]
        own: tuple[list[Any], ...] = (balance.areas, balance.years, balance.flows, balance.products)
        at = np.ix_(
            *(
                np.array([place[dim][label] for label in known])
                for dim, known in zip(_CUBE, own, strict=True)
            )
        )
        amounts[at], status[at] = balance.amounts.values, balance.status.values
        for n, gas in enumerate(gases):
            emissions[..., place["gas"][gas]][at] = inventory.emissions.transpose(
                *_CUBE, "gas"
            ).values[..., n]
        columns = np.array(
            [place["product"][label] for label in inventory.indirect["product"].values], int
        )
        crossing = (*at[:3], columns.reshape(1, 1, 1, -1))
        if "CO2" in gases:
            indirect[crossing] = inventory.indirect.sel(gas="CO2").values
        lacking[crossing] = inventory.indirect["lacking"].values
        if gwp:
            weighted[at] = inventory.co2e(gwp).transpose(*_CUBE).values
        for area in balance.areas:
            for product, held in zip(
                balance.products, map(str, balance.amounts["unit"].values), strict=True
            ):
                cell = place["area"][area], place["product"][product]
                if unit[cell] not in {"", held}:
                    raise OutputError(
                        say(
                            "{area} comes with {product} in {unit} and in {held}: write its "
                            "years to two files",
                            area=area,
                            product=product,
                            unit=unit[cell],
                            held=held,
                        )
                    )
                unit[cell] = held
    methods = {inventory.method.id: inventory.method for inventory in inventories}.values()
    equivalents = (
        {
            "co2e": (
                _CUBE,
                weighted,
                {
                    "long_name": "direct emissions of all gases as CO2-equivalent",
                    "units": "t",
                    "gas": name_equivalent(gwp),
                    "cell_methods": "year: sum",
                },
            )
        }
        if gwp
        else {}
    )
    return xr.Dataset(
        {
            "value": (
                (*_CUBE, "gas"),
                emissions,
                {
                    "long_name": "direct emissions of the gas (scope 1)",
                    "units": "t",
                    "cell_methods": "year: sum",
                    "ancillary_variables": "status",
                },
            ),
            "indirect": (
                _CUBE,
                indirect,
                {
                    "long_name": "CO2 of electricity and heat brought in, less sent out (scope 2)",
                    "units": "t",
                    "cell_methods": "year: sum",
                    "ancillary_variables": "lacking",
                },
            ),
            "lacking": (
                _CUBE,
                lacking,
                {
                    "long_name": "electricity or heat that crosses the border and has no factor",
                    "flag_values": np.array([0, 1], np.int8),
                    "flag_meanings": "no yes",
                },
            ),
            "amount": (
                _CUBE,
                amounts,
                {
                    "long_name": "activity data as read, in the unit of amount_unit",
                    "cell_methods": "year: sum",
                    "ancillary_variables": "status",
                },
            ),
            "status": (
                _CUBE,
                status,
                {
                    "long_name": "what stands in the table where there is no amount",
                    "flag_values": np.arange(len(values.STATUS_NAMES), dtype=np.int8),
                    "flag_meanings": " ".join(values.STATUS_NAMES),
                },
            ),
            **equivalents,
        },
        coords={
            **labels,
            "category": (
                "flow",
                [vocabulary.flows()[flow].category for flow in labels["flow"]],
                {"long_name": "IPCC 2006 category of what is burnt there"},
            ),
            "amount_unit": (
                ("area", "product"),
                unit.astype(str),
                {"long_name": "unit of the amounts"},
            ),
        },
        attrs={
            "Conventions": CONVENTIONS,
            "title": "Greenhouse gas inventory",
            "source": f"carbonacct {__version__}",
            "method": ", ".join(method.id for method in methods),
            "references": "; ".join(method.reference for method in methods),
        },
    )


def _union(inventories: Sequence[EnergyInventory], dim: str) -> list[Any]:
    """Return the labels of all inventories: years in order, flows and products in the order of the balance."""
    held = dict.fromkeys(
        label for inventory in inventories for label in inventory.emissions[dim].values.tolist()
    )
    known = {"flow": vocabulary.flows(), "product": vocabulary.products()}.get(dim)
    if known is not None:
        return [label for label in known if label in held]
    return sorted(held) if dim == "year" else list(held)


def write_netcdf(
    inventories: Sequence[EnergyInventory],
    path: Path,
    *,
    gwp: str | None = None,
    made_from: Sequence[MadeFrom] = (),
) -> None:
    """Write `to_dataset` as NetCDF 4; findings and what it was made from are the attribute ``carbonacct``, as JSON."""
    import h5netcdf  # noqa: PLC0415 - an extra

    del h5netcdf
    data = to_dataset(inventories, gwp=gwp)
    held = {
        "findings": describe_findings(join_findings(inventories)),
        "made_from": list(map(asdict, made_from)),
    }
    data.attrs["carbonacct"] = json.dumps(held, ensure_ascii=False)
    packed = {"zlib": True, "complevel": 4}
    frames.write_netcdf(data, path, dict.fromkeys(data.data_vars, packed))


def describe(
    inventories: Sequence[EnergyInventory], made_from: Sequence[MadeFrom] = ()
) -> dict[str, Any]:
    """Return what belongs to the numbers of a flat table: method, units, findings, and the kinds of nothing."""
    methods = {inventory.method.id: inventory.method for inventory in inventories}.values()
    return {
        "methods": [
            {
                "id": method.id,
                "title": method.title,
                "title_zh": method.title_zh,
                "reference": method.reference,
                "editions": [source.id for source in method.sources],
            }
            for method in methods
        ],
        "findings": describe_findings(join_findings(inventories)),
        "made_from": list(map(asdict, made_from)),
        "nothing": _nothing(inventories),
    }


def _nothing(inventories: Sequence[EnergyInventory]) -> dict[str, Any]:
    """Return the cells that the tables print without a number: area, year, flow, kind, products."""
    found: dict[str, Any] = {}
    for inventory in inventories:
        balance, status = inventory.balance, inventory.balance.status.values
        for a, y, f, p in np.argwhere((status != values.NUMBER) & (status != values.ABSENT)):
            flows = found.setdefault(balance.areas[a], {}).setdefault(str(balance.years[y]), {})
            kinds = flows.setdefault(balance.flows[f], {})
            kinds.setdefault(values.STATUS_NAMES[int(status[a, y, f, p])], []).append(
                balance.products[p]
            )
    return found


def write_parquet(
    inventories: Sequence[EnergyInventory],
    path: Path,
    *,
    gwp: str | None = None,
    made_from: Sequence[MadeFrom] = (),
) -> None:
    """Write the flat table as Parquet; what belongs to it is the metadata ``carbonacct`` of the file, as JSON."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    table = pa.Table.from_pandas(join_frames(inventories, gwp=gwp), preserve_index=False)
    held = json.dumps(describe(inventories, made_from), ensure_ascii=False).encode()
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"carbonacct": held})
    save_whole(lambda stream: parquet.write_table(table, stream), path)


def write_json(
    inventories: Sequence[EnergyInventory],
    path: Path,
    *,
    gwp: str | None = None,
    made_from: Sequence[MadeFrom] = (),
) -> None:
    """Write the flat table as JSON, with what belongs to it."""
    write_json_text(
        {
            "rows": describe_rows(join_frames(inventories, gwp=gwp)),
            **describe(inventories, made_from),
        },
        path,
    )
