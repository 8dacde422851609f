"""Which labels of a dim a method can use: those that its factor tables tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.dim_names import dim_labels
from carbonacct.equations.evaluation import inputs_of, with_needs
from carbonacct.equations.factor_values import load_factors
from carbonacct.sectors.sources.activity_names import UNSPECIFIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from carbonacct.equations import Sector
    from carbonacct.equations.sector import EquationBlock
    from carbonacct.factors.keyed import Parameter


def usable_labels(sector: Sector, symbol: str, dim: str) -> list[str]:
    """Return the labels of a symbol's dim that factor tables of its sources have, in their order.

    Where no table tells labels apart, all that the vocabulary lists; gases are those of the
    sources.

    Examples
    --------
    >>> from carbonacct.equations import load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> usable_labels(sector, "aluminium_output", "smelter")
    ['pfpb', 'hss']
    >>> usable_labels(sector, "semiconductor_gas", "gas")
    ['SF6', 'CF4', 'C2F6', 'HFC23']
    """
    known = [label for label in dim_labels(dim) if label != UNSPECIFIED]
    users = list(find_users(sector, symbol))
    if dim == "gas":
        used = {gas for block in users for gas in block.gases}
    else:
        used = {label for block in users for label in _labels_in_tables(sector, block, dim)}
    return sorted(used, key=known.index) if used and used <= set(known) else known


def area_partitions(sectors: Iterable[Sector]) -> dict[str, list[tuple[Sector, Parameter]]]:
    """Return the partitions of areas that factor tables use, with the parameters that ask each.

    Examples
    --------
    >>> from carbonacct.equations import load_sector
    >>> list(area_partitions([load_sector("provincial-2011/waste")]))
    ['wastewater_regions']
    """
    found: dict[str, list[tuple[Sector, Parameter]]] = {}
    for sector in sectors:
        for parameter in sector.parameters.values():
            columns = {column: dim for dim, column in parameter.keys}
            for column, partition in parameter.groups:
                if columns.get(column) == "area":
                    found.setdefault(partition, []).append((sector, parameter))
    return found


def groups_of(partition: str, asking: Iterable[tuple[Sector, Parameter]]) -> list[str]:
    """Return the groups of a partition that tables print: climates, temperatures, regions.

    Which group an area is in, a compiler says where the document does not.

    Examples
    --------
    >>> from carbonacct.equations import load_sector
    >>> asking = area_partitions([load_sector("ipcc-2006/waste")])["climate_zones"]
    >>> groups_of("climate_zones", asking)
    ['temperate_dry', 'temperate_wet', 'tropical_dry', 'tropical_wet']
    """
    return sorted(
        {
            group
            for sector, parameter in asking
            for edition in load_factors(sector, parameter)
            for group in edition.partitions.get(partition, {}).values()
        }
    )


def find_users(sector: Sector, symbol: str) -> Iterator[EquationBlock]:
    """Yield the sources that need a symbol, directly or by way of shared quantities."""
    for block in sector.sources:
        needs = with_needs(sector, [block.id])
        if any(symbol in inputs_of(sector.blocks[name]) for name in needs):
            yield block


def _labels_in_tables(sector: Sector, block: EquationBlock, dim: str) -> Iterator[str]:
    """Yield the labels of a dim in the tables of the parameters that a source needs."""
    needs = [sector.blocks[name] for name in with_needs(sector, [block.id])]
    for name in {name for one in needs for name in inputs_of(one)} & set(sector.parameters):
        parameter = sector.parameters[name]
        columns = dict(parameter.keys)
        if dim not in columns:
            continue
        partition = dict(parameter.groups).get(columns[dim], "")
        for edition in load_factors(sector, parameter):
            members = edition.partitions.get(partition, {})
            for row in edition.rows.get(parameter.file, ()):
                label = dict(row.labels).get(columns[dim], "")
                inside = [one for one, group in members.items() if group == label]
                yield from inside or ([label] if label else [])
