"""Inventories of a panel larger than memory, or than one machine: the same functions on chunks of areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct import balances, vocabulary
from carbonacct.errors import MethodError, TableError
from carbonacct.factors import Method, load_method
from carbonacct.sectors.energy.emission_totals import add_up
from carbonacct.sectors.energy.energy_compiling import compile_inventory
from carbonacct.sectors.energy.scope2 import add_imported_energy, drop_electricity_and_heat
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_FINDING = ("areas", "rule", "severity", "message", "action")


def compile_panel(
    amounts: xr.DataArray | xr.Dataset,
    *,
    method: str | Method = "provincial-2011",
    gases: Sequence[str] = ("CO2",),
    grid: str | None = None,
    scope: int = 1,
) -> xr.DataArray:
    """Return the emissions of a dask-backed panel, computed later, chunk by chunk of areas.

    Parameters
    ----------
    amounts
        A labelled array (area, year, flow, product) or a Dataset with one variable per product, as
        in :func:`carbonacct.balances.make_balance`, dask-backed. Chunks run over ``area``; every
        other dim becomes one chunk.
    method, gases, grid
        As in :func:`carbonacct.compile_inventory`.
    scope
        1 (fuels burnt) or 2 (electricity and heat brought in, less sent out).

    Returns
    -------
    DataArray
        float64 tonnes (area, year, flow, product, gas), dask-backed, with the chunks and
        coordinates of the emissions of an :class:`EnergyInventory` (scope 1) or of what it has of
        scope 2. Once computed it is that of :func:`carbonacct.compile_inventory` to the last bit.

    Raises
    ------
    TableError, UnitError
        If the array is not dask-backed, or a label, a dim or a unit is not known.
    MethodError
        If there is no such method, gas, grid or scope.

    Notes
    -----
    What a cell emits depends on its own area alone. A remainder (``industry.remainder``) stands in
    the cell of its parent, because which areas have one is not known before the numbers are. A
    fault of the numbers in a chunk raises when that chunk is computed. What the checks notice is
    not part of an array: see :func:`find_panel_findings`.

    Examples
    --------
    >>> import carbonacct as ca
    >>> amounts = ca.read_balance("docs/tables/chongqing_2007.csv").amounts
    >>> emissions = compile_panel(amounts.chunk(area=1), method="provincial-2011")
    >>> emissions.equals(ca.compile_inventory(amounts, method="provincial-2011").emissions)
    True
    """
    amounts, options = _prepare(amounts, method, gases, grid)
    options["scope"] = scope
    one = xr.full_like(amounts.isel(area=slice(1)), np.nan, dtype=float).compute()
    like = (
        _compile_chunk(one, options).isel(area=0, drop=True).drop_vars("lacking", errors="ignore")
    )
    chunks = dict(zip(like.dims, ((size,) for size in like.shape), strict=True))
    template = (
        like.chunk(chunks)
        .expand_dims(area=amounts["area"].astype(str))
        .chunk(area=amounts.chunksizes["area"])
    )
    if scope == 2:
        template = template.assign_coords(
            lacking=xr.zeros_like(template.isel(gas=0, drop=True), dtype=bool).drop_attrs()
        )
    emissions = amounts.map_blocks(_compile_chunk, args=[options], template=template)
    return emissions.assign_coords(category=like["category"])  # known now: not to be computed later


def total_panel(emissions: xr.DataArray, *dims: str, gas: str = "CO2") -> xr.DataArray:
    """Return the emissions of a panel in t, summed over all but the named dims, computed later.

    Parameters
    ----------
    emissions
        Of :func:`compile_panel`.
    dims
        One or more of ``area``, ``year``, ``flow`` and ``product``.
    gas
        As in :meth:`EnergyInventory.by`.

    Raises
    ------
    MethodError
        If no dim is named, or there is no such dim or gas.

    Notes
    -----
    Terms are added in the order of :meth:`EnergyInventory.by`, for any size of chunks: the digits are
    the same.

    Examples
    --------
    >>> import carbonacct as ca
    >>> amounts = ca.read_balance("docs/tables/chongqing_2007.csv").amounts
    >>> emissions = compile_panel(amounts.chunk(area=1), method="provincial-2011")
    >>> inventory = ca.compile_inventory(amounts, method="provincial-2011")
    >>> total_panel(emissions, "year").compute().item() == inventory.by("year").item().magnitude
    True
    """
    if not dims:
        raise MethodError(say("name a dim to keep: area, year, flow or product"))
    known = ("area", "year", "flow", "product")
    for what, word, words in (
        *(("dim", dim, known) for dim in dims),
        ("gas", gas, tuple(emissions["gas"].values.tolist())),
    ):
        if word not in words:
            raise MethodError(
                say(
                    "no {what} {word!r}; known: {words}",
                    what=what,
                    word=word,
                    words=join_texts(", ", map(str, words)),
                )
            )
    array = emissions.sel(gas=gas, drop=True).drop_vars("category")
    if "lacking" in array.coords:
        return _total_imported_energy(array, [dim for dim in known if dim not in dims])
    array = drop_electricity_and_heat(array)
    over = [dim for dim in known if dim not in dims]
    within = [dim for dim in over if dim != "area"]
    total = array.map_blocks(add_up, args=[within], template=array.sum(within))
    if "area" in over:
        whole = total.chunk(area=-1)
        total = whole.map_blocks(add_up, args=[["area"]], template=whole.isel(area=0, drop=True))
    return total.rename("emissions").assign_attrs(units="t")


def _total_imported_energy(indirect: xr.DataArray, over: list[str]) -> xr.DataArray:
    """Return the sums of scope 2 of a panel; its columns are few, so that a sum over areas takes them all at once."""
    whole = indirect.chunk(area=-1) if "area" in over else indirect
    template = whole.drop_vars("lacking").sum(over)
    total = whole.map_blocks(add_imported_energy, args=[over], template=template)
    return total.rename("emissions").assign_attrs(units="t")


def find_panel_findings(
    amounts: xr.DataArray | xr.Dataset,
    *,
    method: str | Method = "provincial-2011",
    gases: Sequence[str] = ("CO2",),
    grid: str | None = None,
) -> pd.DataFrame:
    """Return what the checks and the method notice in a dask-backed panel: one row per chunk of areas and finding.

    Computed at once.

    Parameters
    ----------
    amounts, method, gases, grid
        As in :func:`compile_panel`.

    Examples
    --------
    >>> import carbonacct as ca
    >>> amounts = ca.read_balance("docs/tables/chongqing_2007.csv").amounts
    >>> sorted(set(find_panel_findings(amounts.chunk(area=1), method="provincial-2011").severity))
    ['info', 'warning']
    """
    import dask  # noqa: PLC0415 - an extra
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    amounts, options = _prepare(amounts, method, gases, grid)
    ends = np.cumsum(amounts.chunksizes["area"])
    starts = ends - amounts.chunksizes["area"]
    find = dask.delayed(_find_chunk)
    found = dask.compute(
        *(
            find(amounts.isel(area=slice(start, end)), options)
            for start, end in zip(starts, ends, strict=True)
        )
    )
    return pd.DataFrame([row for rows in found for row in rows], columns=list(_FINDING))


def _prepare(
    amounts: xr.DataArray | xr.Dataset, method: str | Method, gases: Sequence[str], grid: str | None
) -> tuple[Any, dict[str, Any]]:
    if not amounts.chunks:
        raise TableError(
            say(
                "the panel is not dask-backed: open it with chunks, or use "
                ".chunk(area=...); for an array in memory use compile_inventory"
            )
        )
    if "area" not in amounts.dims:
        raise TableError(
            say(
                "the panel has dims {dims}; it needs area",
                dims=join_texts(", ", map(str, amounts.dims)),
            )
        )
    labels = amounts.get_index("area").astype(str)
    if labels.has_duplicates:
        raise TableError(
            say("the panel has the area {label} twice", label=labels[labels.duplicated()][0])
        )
    chosen = method if isinstance(method, Method) else load_method(method)
    whole = amounts.chunk({dim: -1 for dim in amounts.dims if dim != "area"}).unify_chunks()
    return whole, {"method": chosen, "gases": tuple(gases), "grid": grid}


def _compile_chunk(amounts: xr.DataArray | xr.Dataset, options: dict[str, Any]) -> xr.DataArray:
    scope, options = (
        options["scope"],
        {name: option for name, option in options.items() if name != "scope"},
    )
    return fold_remainders(compile_inventory(amounts, allow_empty=True, **options).of_scope(scope))


def fold_remainders(emissions: xr.DataArray) -> xr.DataArray:
    """Return emissions with each remainder in the cell of its parent: the labels are those of the table.

    Parameters
    ----------
    emissions
        Of an inventory (area, year, flow, product, gas).

    Examples
    --------
    >>> import pandas as pd, carbonacct as ca
    >>> table = pd.DataFrame({"area": "A", "year": 2019, "flow": ["industry", "industry.chemicals"],
    ...                       "product": "diesel", "value": [50.0, 10.0]})
    >>> emissions = ca.compile_inventory(table, method="provincial-2011").emissions
    >>> emissions["flow"].values.tolist(), fold_remainders(emissions)["flow"].values.tolist()
    (['industry', 'industry.chemicals', 'industry.remainder'], ['industry', 'industry.chemicals'])
    """
    labels = [list(map(str, emissions[dim].values)) for dim in ("flow", "product")]
    # A rest that the table prints without its whole stays a row of its own.
    bases = [
        [base if (base := vocabulary.base_of(name)) in names else name for name in names]
        for names in labels
    ]
    if labels == bases:
        return emissions
    flows, products = (list(dict.fromkeys(names)) for names in bases)
    folded = emissions.sel(flow=flows, product=products).copy()
    # A parent has no number of its own where something is left of it.
    for i, j in np.ndindex(len(labels[0]), len(labels[1])):
        if (labels[0][i], labels[1][j]) != (bases[0][i], bases[1][j]):
            own = emissions.values[:, :, i, j]
            whole = folded.values[:, :, flows.index(bases[0][i]), products.index(bases[1][j])]
            np.copyto(whole, own, where=~np.isnan(own))
    return folded


def _find_chunk(
    amounts: xr.DataArray | xr.Dataset, options: dict[str, Any]
) -> list[tuple[str, ...]]:
    balance = balances.make_balance(amounts)
    inventory = compile_inventory(balance, allow_empty=True, **options)
    areas = (
        balance.areas[0]
        if len(balance.areas) == 1
        else f"{balance.areas[0]} ... {balance.areas[-1]}"
    )
    return [
        (areas, finding.rule, finding.severity, finding.message, finding.action)
        for finding in inventory.findings
    ]
