"""What a page shows: inventories, and what others have made of them as plain tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.errors import CarbonacctError, OutputError
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.report.doubts import list_doubts
from carbonacct.report.grouping import group_findings
from carbonacct.report.joined_inventories import join_findings, list_lacking
from carbonacct.report.page.derivations import Amount, InventoryCells, in_both
from carbonacct.report.page.joined_parts import JoinedParts
from carbonacct.report.population_and_gdp import match_areas
from carbonacct.report.shown import show
from carbonacct.report.standalone_names import name_flow
from carbonacct.sectors.energy.approach_comparison import shared_approaches
from carbonacct.sectors.energy.energy_flows import find_carbon_flows, find_energy_flows
from carbonacct.sectors.energy.inventory_cache import keep_per_record
from carbonacct.sectors.energy.product_measures import find_carbon, find_energy
from carbonacct.sectors.energy.table_facts import build_chains, find_leaves
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import xarray as xr

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.doubts import Doubt
    from carbonacct.report.page.derivations import Derivation
    from carbonacct.report.scores import Scores
    from carbonacct.report.shown import Showable
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory
    from carbonacct.sectors.energy.chain import Chain
    from carbonacct.sectors.energy.energy_flows import Flows
    from carbonacct.sectors.energy.product_measures import ProductMeasure

_COLUMNS = {
    "drivers": ("area", "year", "population", "gdp"),
    "effects": ("from", "to", "term", "value"),
    "uncertainty": ("area", "year", "lower", "upper"),
    "reference": ("area", "year", "fuel", "reference", "sectoral"),
}
Keys = str | tuple[str, ...]
# areas x years up to which every number can be traced; a page of more would be too large to mail
DETAILS = 60


T = TypeVar("T")


@dataclass(frozen=True)
class Content:
    """The inventories of a page and the optional tables beside them.

    Attributes
    ----------
    inventories
        Each area and year in one of them.
    drivers
        Columns ``area, year, population, gdp`` (persons, and a currency named in
        ``attrs["currency"]``) and optionally ``co2`` (t) of areas that have no inventory here: see
        :func:`carbonacct.report.population_and_gdp.read_drivers`.
    effects
        Columns ``from, to, term, value`` (t) and, with several areas, ``area``: an additive
        decomposition, chained or not; :func:`carbonacct.report.kaya.collect_effects` makes one.
    uncertainty
        Columns ``area, year, lower, upper`` (t) and optionally ``level`` (such as ``"95 %"``) of
        the direct CO2.
    reference
        Columns ``area, year, fuel, reference, sectoral`` (t CO2): a product's id, or a text.
    scores
        Of an index, with the two parts of it that make a plane: see
        :func:`carbonacct.report.scores.read_scores`.
    gwp
        The metric by which gases are also added up, if any.
    findings
        What belongs to the page beside the findings of the inventories.
    sectors
        The inventory of all sectors, if the page has more than energy.
    assessment
        What is known of the uncertainty of its totals and categories.
    beside
        Filled years and accepted findings of a project.
    parts
        What the page shows of each table alone; its numbers come before all others.
    traced
        Whether numbers open their derivations, as far as the page has room for them.
    """

    inventories: tuple[EnergyInventory, ...]
    drivers: pd.DataFrame | None = None
    effects: pd.DataFrame | None = None
    uncertainty: pd.DataFrame | None = None
    reference: pd.DataFrame | None = None
    scores: Scores | None = None
    gwp: str | None = None
    findings: tuple[Finding, ...] = field(default=())
    sectors: Inventory | None = None
    assessment: Assessment | None = None
    beside: KnownBeside | None = None
    parts: JoinedParts = field(default_factory=JoinedParts)
    traced: bool = True

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every number of the inventories, one a row, in the columns of the inventory CSV."""
        return _join(inventory.to_frame() for inventory in self.inventories)

    @cached_property
    def of_period(self) -> dict[tuple[str, int], pd.DataFrame]:
        """Its part of `cells` by (area, year)."""
        found = dict(list_groups(self.cells, ["area", "year"]))
        return {key: found.get(key, self.cells.iloc[:0]) for key in self.keys}

    @cached_property
    def weighted_of_period(self) -> dict[tuple[str, int], pd.DataFrame]:
        """The direct emissions of `weighted` by (area, year)."""
        direct = self.weighted[self.weighted["scope"] == 1]
        found = dict(list_groups(direct, ["area", "year"]))
        return {key: found.get(key, direct.iloc[:0]) for key in self.keys}

    @cached_property
    def lacking(self) -> dict[tuple[str, int], tuple[str, ...]]:
        """Products of scope 2 that have an amount and no factor by (area, year): its total is no number there."""
        return list_lacking(self.inventories)

    @cached_property
    def doubts(self) -> dict[tuple[str, int], list[Doubt]]:
        """What the checks call wrong in direct CO2, by (area, year)."""
        return list_doubts(self.inventories)

    @cached_property
    def weighted(self) -> pd.DataFrame:
        """The cells of every gas, and their sum by the metric as a gas that names it, if there is a metric."""
        if self.gwp is None:
            return self.cells
        return _join(inventory.to_frame(gwp=self.gwp) for inventory in self.inventories)

    @cached_property
    def keys(self) -> dict[tuple[str, int], EnergyInventory]:
        """The inventory of each area and year, areas as they come, years in order."""
        found = {
            key: inventory for inventory in self.inventories for key in inventory.table.periods
        }
        areas = list(dict.fromkeys(area for area, _ in found))
        return {
            key: found[key] for key in sorted(found, key=lambda key: (areas.index(key[0]), key[1]))
        }

    @cached_property
    def periods(self) -> list[tuple[str, int]]:
        """The areas and years that the page is of; without energy those of the record."""
        if self.keys or self.sectors is None:
            return list(self.keys)
        total = self.sectors.total()
        pairs = zip(total["area"], total["year"], strict=True)
        return [(str(area), int(year)) for area, year in pairs]

    @cached_property
    def areas(self) -> list[str]:
        """Areas, as they come."""
        return list(dict.fromkeys(area for area, _ in self.keys))

    @cached_property
    def years(self) -> list[int]:
        """All years, in order."""
        return sorted({year for _, year in self.keys})

    def pick(self, area: str, year: int) -> str:
        """Return the key by which the page's script shows an area and year."""
        return f"{self.areas.index(area)}.{year}"

    def years_of(self, area: str) -> list[int]:
        """Return the years of an area, in order."""
        return [year for one, year in self.keys if one == area]

    @property
    def detailed(self) -> bool:
        """Whether the page shows each area and year, with traces, or compares them only."""
        return self.traced and len(self.keys) <= DETAILS

    @cached_property
    def totals(self) -> pd.Series:
        """Direct CO2 in t by (area, year), NaN where nothing has a number."""
        direct = self.cells[(self.cells["scope"] == 1) & (self.cells["gas"] == "CO2")]
        sums = direct.groupby(["area", "year"])["value"].sum(min_count=1)
        return sums.reindex(pd.MultiIndex.from_tuples(list(self.keys), names=["area", "year"]))

    @cached_property
    def energy(self) -> dict[tuple[str, int], Flows]:
        """The flow of energy of each area and year."""
        return self._follow(find_energy, find_energy_flows)

    @cached_property
    def carbon(self) -> dict[tuple[str, int], Flows]:
        """The flow of carbon of each area and year."""
        return self._follow(find_carbon, find_carbon_flows)

    @cached_property
    def derived(self) -> dict[InventoryCells | Derivation, int]:
        """How the numbers of the page came about, by number.

        Sections add to it while they are written, both languages the same.
        """
        return {}

    @cached_property
    def amounts(self) -> dict[tuple[str, int, str, str, float], tuple[int, Amount]]:
        """Numbers of tables that derivations name: by area, year, flow, product, value."""
        return {}

    @cached_property
    def factors(self) -> dict[str, tuple[int, list[Any]]]:
        """Rows of factor tables that traces and derivations name: each by its place, and what the page says."""
        return dict(self.parts.factors)

    @cached_property
    def addresses(self) -> dict[str, tuple[EnergyInventory, tuple[int, int, int, int]]]:
        """The cell (area, year, flow, product) that stands at an address.

        Not of one that two tables have, files of one name in two folders.
        """
        found: dict[str, tuple[EnergyInventory, tuple[int, int, int, int]]] = {}
        twice = set()
        for inventory in self.inventories:
            for a, y, f, p in np.argwhere(inventory.table.place >= 0).tolist():
                address = inventory.table.address_at(a, y, f, p)
                twice |= {address} & found.keys()
                found[address] = inventory, (a, y, f, p)
        return {address: cell for address, cell in found.items() if address not in twice}

    @cached_property
    def kept(self) -> dict[tuple[object, ...], Any]:
        """What sections have derived and need again in the other language, by name and key."""
        return {}

    def keep(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what sections make of a key, which the other language needs again."""
        if key not in self.kept:
            self.kept[key] = make()
        made: T = self.kept[key]
        return made

    def refer(self, derivation: InventoryCells | Derivation) -> int | None:
        """Return the number by which the page opens a derivation; none on a page without traces."""
        if not self.detailed:
            return None
        return self.derived.setdefault(derivation, len(self.parts.derived) + len(self.derived))

    def refer_sum(
        self,
        area: str,
        year: int,
        *,
        s: int = 1,
        g: str = "CO2",
        t: Keys = "",
        f: Keys = "",
        p: Keys = "",
    ) -> int | None:
        """Return the number by which the page opens a sum of cells.

        Keys as in :class:`carbonacct.report.page.derivations.Cells`.
        """
        named = (("t", t), ("f", f), ("p", p))
        return self.refer(
            InventoryCells(
                (
                    ("a", self.areas.index(area)),
                    ("y", int(year)),
                    ("s", s),
                    ("g", g),
                    *((key, one) for key, one in named if one),
                )
            )
        )

    def put_amount(
        self, inventory: EnergyInventory, cell: tuple[int, int, int, int], value: float
    ) -> int:
        """Return the number of an amount of a table (area, year, flow, product) in the unit of its product."""
        table = inventory.table
        flow, product = table.flows[cell[2]], table.products[cell[3]]
        key = (table.areas[cell[0]], table.years[cell[1]], flow, product, value)
        if key not in self.amounts:
            name = in_both(
                lambda lang: (
                    f"{name_flow(flow, lang)} · {vocabulary.name('product', product, lang)}"
                )
            )
            self.amounts[key] = (
                len(self.parts.amounts) + len(self.amounts),
                Amount(
                    name,
                    value,
                    table.units[cell[3]],
                    table.address_at(*cell),
                ),
            )
        return self.amounts[key][0]

    def _follow(
        self, measure: Callable[[EnergyInventory], ProductMeasure], find: Callable[..., Flows]
    ) -> dict[tuple[str, int], Flows]:
        return {
            key: find(
                inventory,
                *key,
                per_unit=measure(inventory).per_unit,
                leaf=find_leaves(inventory),
            )
            for inventory in self.inventories
            if "CO2" in inventory.emissions["gas"].values
            for key, one in self.keys.items()
            if one is inventory
        }

    @property
    def all_findings(self) -> list[Finding]:
        """The findings of every inventory and of the page, those of one cause in several years as one."""
        return group_findings([*join_findings(self.inventories), *self.findings])

    @property
    def inventory_findings(self) -> list[Finding]:
        """The findings of the inventory alone, as many as other outputs count."""
        if self.sectors is not None:
            return group_findings(self.sectors.findings)
        return join_findings(self.inventories)


def collect_content(
    showable: Showable,
    *,
    drivers: pd.DataFrame | None = None,
    effects: pd.DataFrame | None = None,
    uncertainty: pd.DataFrame | None = None,
    reference: pd.DataFrame | None = None,
    scores: Scores | None = None,
    gwp: str | None = None,
    findings: Sequence[Finding] = (),
    assessment: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> Content:
    """Return the content of a page.

    Raises
    ------
    OutputError
        If there is no inventory, two inventories hold one area and year, or a table lacks a column,
        the area or its currency, or says two things of one area and year.
    """
    shown = show(showable)
    inventories, sectors = shown.energy, shown.all_sectors
    if not inventories and sectors is None:
        raise OutputError(say("a page needs an inventory; none was given"))
    seen: set[tuple[str, int]] = set()
    for inventory in inventories:
        for key in inventory.table.periods:
            if key in seen:
                raise OutputError(
                    say(
                        "{key} {key_1} is in two inventories; a page shows each area and year once",
                        key=key[0],
                        key_1=key[1],
                    )
                )
            seen.add(key)
    areas = list(dict.fromkeys(area for area, _ in seen))
    drivers, effects, uncertainty, reference = (
        match_areas(frame, areas) for frame in (drivers, effects, uncertainty, reference)
    )
    _check_tables(
        {
            "drivers": drivers,
            "effects": effects,
            "uncertainty": uncertainty,
            "reference": reference,
        },
        areas,
    )
    if scores is not None and (table := match_areas(scores.table, areas)) is not None:
        scores = replace(scores, table=table)
    return Content(
        inventories=tuple(inventories),
        drivers=drivers,
        effects=effects,
        uncertainty=uncertainty,
        reference=reference,
        scores=scores,
        gwp=gwp,
        findings=(*(sectors.findings if sectors is not None else ()), *findings),
        sectors=sectors,
        assessment=assessment,
        beside=beside,
    )


def _list_approach(table: xr.Dataset) -> dict[tuple[str, int, str], dict[str, Any]]:
    """Return the columns of a reference approach by area, year and product."""
    sizes = {dim: table.sizes[dim] for dim in ("area", "year", "product")}
    labels = product(*(table[dim].values.tolist() for dim in sizes))
    # Of the variables alone: a table of pandas takes ten times as long.
    columns = {
        str(name): array.set_dims(sizes)  # type: ignore[no-untyped-call]
        .transpose(*sizes)
        .values.ravel()
        .tolist()
        for name, array in table.variables.items()
        if name not in sizes
    }
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return dict(zip(labels, rows, strict=True))


def _check_tables(tables: Mapping[str, pd.DataFrame | None], areas: Sequence[str]) -> None:
    """Refuse a table that lacks a column, its currency or whose it is, or that says two things of one area and year."""
    for name, frame in tables.items():
        if frame is None:
            continue
        needed = (
            _COLUMNS[name] if name != "effects" or len(areas) == 1 else ("area", *_COLUMNS[name])
        )
        if lacks := [column for column in needed if column not in frame.columns]:
            raise OutputError(
                say(
                    "the table {name} of a page has no column {lack!r}; it needs {needed}",
                    name=name,
                    lack=lacks[0],
                    needed=join_texts(", ", needed),
                )
            )
        if name == "drivers" and "currency" not in frame.attrs:
            raise OutputError(
                say(
                    "the table drivers of a page does not name its currency; set "
                    "attrs['currency'], or read it with read_drivers"
                )
            )
        is_by_year = name in {"drivers", "uncertainty"}
        row = find_repeated(frame, ["area", "year"]) if is_by_year else None
        if row is not None:
            raise OutputError(
                say(
                    "the table {name} of a page holds {area} {year} twice, perhaps in two "
                    "spellings; keep one row",
                    name=name,
                    area=row["area"],
                    year=row["year"],
                )
            )


def _join(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one after another; texts are plain, for sections go over them row by row."""
    whole = pd.concat(frames, ignore_index=True)
    return whole.astype({name: object for name in whole.columns if whole[name].dtype == "str"})


def list_rows(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a table as records with the columns as attributes."""
    return list(frame.itertuples())


def list_groups(frame: pd.DataFrame, by: str | list[str]) -> list[tuple[Any, pd.DataFrame]]:
    """Return the parts of a table with equal values in some columns, as they come."""
    return list(frame.groupby(by, sort=False))


@keep_per_record
def find_approach(
    inventory: EnergyInventory,
) -> tuple[dict[tuple[str, int, str], dict[str, Any]], list[Chain]]:
    """Return the reference approach of an inventory that has one.

    Its columns by area, year and product, and the chains of its factors; both empty without one.
    """
    try:
        approach = shared_approaches(inventory).reference
        products = [str(product) for product in approach.table["product"].values]
        chains = build_chains(inventory, products)
    except CarbonacctError:
        return {}, []
    return _list_approach(approach.table), chains
