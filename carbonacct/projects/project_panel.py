"""A panel of area and year: what an inventory emits beside what drives it, with units."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from carbonacct import balances
from carbonacct.analysis.long_table import read_long_table
from carbonacct.data import shown_name
from carbonacct.errors import Finding, PanelError
from carbonacct.inventory.inventory_reader import read_inventory
from carbonacct.inventory.joining import join_inventories
from carbonacct.inventory.record import COLUMNS, SECTORS, Inventory
from carbonacct.projects.driver_tables import read_driver_table, strip_units
from carbonacct.records.area_names import spell_like
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.sectors.energy import EnergyInventory
from carbonacct.sectors.energy.energy_entries import EnergyOrigin, to_inventory
from carbonacct.sectors.energy.energy_total import total_energy
from carbonacct.texts import as_typed, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import xarray as xr

    from carbonacct.balances import EnergyBalance

    One = Inventory | EnergyInventory | str | Path

_DIMS = ("area", "year", "sector", "flow", "product", "category")
_NO_LAND = [sector for sector in SECTORS if sector != "land"]


def make_panel(
    inventory: One | Sequence[One],
    drivers: pd.DataFrame | str | Path | None = None,
    *,
    by: Sequence[str] = ("area",),
    metric: str | None = None,
    energy: str | pd.DataFrame | None = None,
    tables: Sequence[str | Path] = (),
    sheet: str | Sequence[str] | None = None,
    mapping: str | Path | None = None,
) -> pd.DataFrame:
    """Return emissions and drivers by area and year.

    Parameters
    ----------
    inventory
        Of any sectors; an energy inventory; a file of one; or several of them.
    drivers
        A table with ``area, year`` and the drivers, or a file of one
        (:func:`carbonacct.projects.driver_tables.read_driver_table`).
    by
        Columns beside the year: ``area``, or of ``sector, flow, product, category`` as well.
    metric
        Name of a metric: ``co2e`` is all gases weighted by it.
    energy
        Id of a definition of energy consumption in tce (``factors/vocabulary/energy_totals.csv``),
        of the balances of inventories that were compiled here, or of `tables`; or what it comes to,
        a table of ``area, year, energy`` in tce.
    tables
        Files of energy balances, for inventories that were read from a file.
    sheet
        Of workbooks, of drivers and of tables: the name of the sheet to read, or a pattern; behind
        ``file.xlsx!`` that of one of them.
    mapping
        A mapping file for `tables`.

    Returns
    -------
    DataFrame
        ``area, year``; ``co2`` and each other gas by its name, direct emissions without land;
        ``co2_land`` and ``co2_scope2`` where there are such; ``co2_<sector>`` where there are
        several sectors; ``co2e``; ``energy``; and the drivers. A sum with a part that has no number
        is absent. ``attrs["units"]`` holds the unit of each column, ``attrs["findings"]`` what a
        reader should know.

    Raises
    ------
    PanelError
        If the drivers do not fit the inventory.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> drivers = pd.DataFrame({"area": ["Chongqing"], "year": [2007], "gdp": [4676.13]})
    >>> panel = make_panel(cube, drivers, energy="calorific")
    >>> list(panel.columns), panel.attrs["units"]["energy"], len(panel)
    (['area', 'year', 'co2', 'co2_scope2', 'energy', 'gdp'], 'tce', 1)
    """
    whole = _gather(inventory)
    keys = list(dict.fromkeys([*by, "year"]))
    if wrong := [key for key in keys if key not in _DIMS]:
        raise PanelError(
            say(
                "no column {wrong!r} to sum by; known: {dims}",
                wrong=wrong[0],
                dims=as_typed(_DIMS),
            )
        )
    if energy is not None and keys != ["area", "year"]:
        raise PanelError(say("energy consumption is of an area and year; sum by these alone"))
    panel = _sum_gases(whole, keys)
    units = dict.fromkeys([name for name in panel.columns if name not in keys], "t")
    findings: list[Finding] = []
    if metric is not None:
        sums = whole.by(*keys, sector=_NO_LAND, gwp=metric)
        panel = panel.merge(
            sums[[*keys, "value"]].rename(columns={"value": "co2e"}), on=keys, how="outer"
        )
        units["co2e"] = f"t CO2e ({metric})"
    if energy is not None:
        if isinstance(energy, str):
            words = balances.read_words(mapping, None, sheet)
            total, found = _total_energy(whole, energy, balances.read_every(tables, mapping=words))
        else:
            areas = list(dict.fromkeys(map(str, whole.entries["area"])))
            total = energy.assign(area=spell_like(energy["area"], areas))
            found = list(energy.attrs.get("findings", ()))
        found += _find_without(panel, total)
        panel, units["energy"] = panel.merge(total, on=["area", "year"], how="left"), "tce"
        findings += found
    if drivers is not None:
        panel, more, found = _join_drivers(panel, drivers, sheet)
        units |= more
        findings += found
    panel = panel.sort_values(keys, ignore_index=True)
    panel.attrs = {"units": units, "findings": tuple(findings)}
    return panel


def _gather(inventory: One | Sequence[One]) -> Inventory:
    """Return one inventory of what was given."""
    if isinstance(inventory, Inventory):
        return inventory
    if isinstance(inventory, EnergyInventory):
        return to_inventory(inventory)
    if isinstance(inventory, (str, Path)):
        return read_inventory(inventory)
    return join_inventories([_gather(one) for one in inventory])


def _sum_gases(whole: Inventory, keys: Sequence[str]) -> pd.DataFrame:
    """Return direct emissions by gas without land, then land, scope 2 and the sectors of CO2."""
    sums = whole.by(*keys, sector=_NO_LAND)
    columns = {str(gas).lower(): part for gas, part in sums.groupby("gas", sort=False)}
    known = set(whole.entries["sector"].unique())
    apart: dict[str, dict[str, Any]] = {"land": {"sector": "land"}, "scope2": {"scope": 2}}
    for name, options in apart.items():
        part = whole.by(*keys, **options)
        for gas, held in part.groupby("gas", sort=False):
            columns[f"{str(gas).lower()}_{name}"] = held
    sectors = [sector for sector in _NO_LAND if sector in known]
    for sector in sectors if len(sectors) > 1 and "sector" not in keys else ():
        held = whole.by(*keys, sector=sector)
        for gas, part in held.groupby("gas", sort=False):
            columns[f"{str(gas).lower()}_{sector}"] = part
    labels = pd.concat([part[list(keys)] for part in columns.values()]).drop_duplicates()
    panel = labels.astype({key: object for key in keys if key != "year"}).reset_index(drop=True)
    for name, part in columns.items():
        held = part[[*keys, "value"]].astype({key: object for key in keys if key != "year"})
        panel = panel.merge(held.rename(columns={"value": name}), on=list(keys), how="left")
    return panel


def _total_energy(
    whole: Inventory, definition: str, tables: Sequence[EnergyBalance]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return energy consumption in tce, of the balances of the inventory or of tables."""
    held = [one.inventory.balance for one in whole.origins if isinstance(one, EnergyOrigin)]
    areas = list(dict.fromkeys(map(str, whole.entries["area"])))
    frames, findings = [], []
    for balance in tables or held:
        frame, found = total_energy(balance, definition=definition)
        frame = frame.assign(area=spell_like(frame["area"], areas))
        findings += found
        frames.append(frame[frame["term"] == "total"][["area", "year", "value"]])
    if not frames:
        raise PanelError(
            say(
                "the inventory was read from a file and holds no energy balance; name its tables "
                "with --tables, or give energy as a driver"
            )
        )
    return pd.concat(frames, ignore_index=True).rename(columns={"value": "energy"}), findings


def _find_without(panel: pd.DataFrame, total: pd.DataFrame) -> list[Finding]:
    """Return a finding for each area and year of which no balance is.

    Of those that are, theirs say why they give no number.
    """
    keys = ["area", "year"]
    known = set(total[keys].itertuples(index=False, name=None))
    places = panel[keys].itertuples(index=False, name=None)
    lacking = [place for place in places if place not in known]
    return [
        Finding(
            "absent",
            "warning",
            say("no energy balance is of {area} {year}", area=area, year=year),
            action=say("name its table"),
        )
        for area, year in lacking
    ]


def _join_drivers(
    panel: pd.DataFrame,
    drivers: pd.DataFrame | str | Path,
    sheet: str | Sequence[str] | None = None,
) -> tuple[pd.DataFrame, dict[str, str], list[Finding]]:
    """Return the panel with the columns of the drivers, in areas spelt as the inventory does."""
    name: str = say("the drivers")
    findings = list[Finding]()
    if isinstance(drivers, pd.DataFrame):
        held, units = strip_units(drivers)
        units |= drivers.attrs.get("units", {})
    else:
        held, findings = read_driver_table(drivers, sheet)
        units, name = held.attrs["units"], shown_name(drivers)
    if "year" not in held.columns:
        raise PanelError(
            say(
                "{name} have no column year; write area,year,population (万人),gdp (亿元)",
                name=name,
            )
        )
    areas = list(dict.fromkeys(panel["area"])) if "area" in panel.columns else []
    held = held.assign(area=_spell(held, areas, name))
    both = [column for column in held.columns if column in panel.columns]
    if clash := [column for column in both if column not in {"area", "year"}]:
        raise PanelError(
            say(
                "{name} have a column {clash!r} of the inventory as well; rename it",
                name=name,
                clash=clash[0],
            )
        )
    keys = [key for key in ("area", "year") if key in panel.columns]
    if (first := find_repeated(held, keys)) is not None:
        raise PanelError(
            say(
                "{name}: {area} {year} is there twice; keep one row",
                name=name,
                area=first["area"],
                year=first["year"],
            )
        )
    if "year" in keys and not is_numeric_dtype(panel["year"]):  # read as a label
        held = held.assign(year=held["year"].astype(str))
    joined = panel.merge(held, on=keys, how="left", indicator=True)
    lacking = joined[joined["_merge"] == "left_only"]
    for _, row in lacking[keys].drop_duplicates().iterrows():
        what = say("{name} have no row of {row}", name=name, row=" ".join(map(str, row)))
        findings.append(Finding("absent", "warning", what, action=say("add it")))
    return joined.drop(columns="_merge"), units, findings


def _spell(held: pd.DataFrame, areas: Sequence[str], name: str) -> list[str]:
    """Return the areas of the drivers as the inventory spells them, or the one it has."""
    if "area" not in held.columns or (len(held) and not held["area"].astype(bool).any()):
        if len(areas) != 1:
            raise PanelError(
                say(
                    "{name} name no area, and the inventory has {area_count}; add a column area",
                    name=name,
                    area_count=len(areas),
                )
            )
        return [areas[0]] * len(held)
    return spell_like(map(str, held["area"]), areas)


def read_panel(
    path: str | Path,
    *,
    labels: Collection[str] = (),
    wanted: Collection[str] = (),
    drivers: str | Path | None = None,
    scope: int = 1,
    sheet: str | Sequence[str] | None = None,
) -> tuple[pd.DataFrame | xr.Dataset, list[Finding]]:
    """Return the panel in a file, or the one of an inventory that a file holds.

    Parameters
    ----------
    path
        A panel (:func:`carbonacct.analysis.long_table.read_long_table`), or an inventory, which is
        summed by its area and year and the other `labels`.
    labels
        Columns that tell the series apart.
    wanted
        Columns that are asked for, found under their name or with a unit behind it.
    drivers
        A file of drivers to join.
    scope
        Of an inventory, the emissions that ``co2`` (or ``value``) stands for: 1, or 2.
    sheet
        Of workbooks, that of the panel and that of the drivers: the name of the sheet to read, or a
        pattern; behind ``file.xlsx!`` that of one of them (the first sheet).

    Returns
    -------
    tuple
        The panel, whose ``attrs["units"]`` are the units that are printed, and findings.

    Raises
    ------
    PanelError, TableError
        If the file cannot be read, or the drivers do not fit.
    """
    is_json = Path(path).suffix.lower() == ".json"
    held = None if is_json else read_long_table(path, labels=labels, sheet=sheet)
    if held is not None and not _is_inventory(held[0]):
        plain, findings = _plain_panel(held[0], held[1], {*wanted, *labels})
        if drivers is None:
            return plain, findings
        return _with_drivers(plain, findings, drivers, sheet)
    inventory = read_inventory(path)
    by = [label for label in labels if label != "year"] or ["area"]
    panel = make_panel(inventory, drivers, by=by, sheet=sheet)
    findings = list(panel.attrs["findings"])
    gases = [str(gas).lower() for gas in inventory.entries["gas"].unique()]
    if scope == 2:
        panel = panel.drop(columns=[gas for gas in gases if gas in panel.columns])
        panel = panel.rename(columns={f"{gas}_scope2": gas for gas in gases})
    if "value" in wanted and "co2" in panel.columns:
        panel = panel.assign(value=panel["co2"])
    what = say(
        "{path} is an inventory: scope {scope} is summed by {by} ({columns})",
        path=shown_name(path),
        scope=scope,
        by=join_texts(", ", [*by, "year"]),
        columns=join_texts(", ", (name for name in panel.columns if name not in {*by, "year"})),
    )
    return panel, [Finding("inventory-summed", "info", what), *findings]


def _is_inventory(held: pd.DataFrame | xr.Dataset) -> bool:
    if isinstance(held, pd.DataFrame):
        return set(COLUMNS) <= set(map(str, held.columns))
    return "value" in held and ("indirect" in held or "carbonacct" in held.attrs)


def _plain_panel(
    held: pd.DataFrame | xr.Dataset, findings: list[Finding], wanted: Collection[str]
) -> tuple[pd.DataFrame | xr.Dataset, list[Finding]]:
    if not isinstance(held, pd.DataFrame):
        return held, findings
    panel, units = strip_units(held, wanted)
    panel.attrs = {"units": units}
    return panel, findings


def _with_drivers(
    panel: pd.DataFrame | xr.Dataset,
    findings: list[Finding],
    drivers: str | Path,
    sheet: str | Sequence[str] | None,
) -> tuple[pd.DataFrame, list[Finding]]:
    if not isinstance(panel, pd.DataFrame):
        raise PanelError(say("drivers are joined to a table; write the panel as .csv or .parquet"))
    joined, told, more = _join_drivers(panel, drivers, sheet)
    joined.attrs = {"units": panel.attrs["units"] | told}
    return joined, [*findings, *more]


def write_headers(panel: pd.DataFrame) -> pd.DataFrame:
    """Return a panel with the unit of each column behind its name, as a file bears it.

    Examples
    --------
    >>> panel = pd.DataFrame({"year": [2020], "co2": [1.0]})
    >>> panel.attrs = {"units": {"co2": "t"}}
    >>> list(write_headers(panel).columns)
    ['year', 'co2 (t)']
    """
    units: dict[str, Any] = panel.attrs.get("units", {})
    names = {name: f"{name} ({unit})" for name, unit in units.items() if unit}
    made = panel.rename(columns=names)
    made.attrs = {}
    return made
