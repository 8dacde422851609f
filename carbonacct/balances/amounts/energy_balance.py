"""The energy balance: amounts with labels, the missing-value status of each cell, and the cell that each came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from carbonacct import vocabulary
from carbonacct.blocks import in_blocks
from carbonacct.display import legible
from carbonacct.errors import TableError, did_you_mean
from carbonacct.sheets.raw_sheets import cell_name
from carbonacct.texts import join_texts, say
from carbonacct.units import registry

if TYPE_CHECKING:
    from collections.abc import Mapping as AnyMapping

    from carbonacct.balances.amounts.origins import Origins
    from carbonacct.errors import CarbonacctError, Finding

DIMS = ("area", "year", "flow", "product")


@dataclass(frozen=True)
class Places:
    """Where the numbers stand in print: one record for each cell that was read.

    Attributes
    ----------
    sheets
        (file, sheet) of each sheet that was read.
    sheet, row, column
        Index into ``sheets``, and the 0-based row and column.
    printed
        The number as printed (NaN where there is none), in ``units[unit]``.
    """

    sheets: tuple[tuple[str, str], ...]
    sheet: np.ndarray
    row: np.ndarray
    column: np.ndarray
    printed: np.ndarray
    units: tuple[str, ...]
    unit: np.ndarray

    def address(self, place: int) -> str:
        """Return ``file!sheet!cell`` of a record."""
        file, sheet = self.sheets[int(self.sheet[place])]
        return "!".join(
            filter(None, (file, sheet, cell_name(int(self.row[place]), int(self.column[place]))))
        )


def select_labels(
    array: xr.DataArray, labels: AnyMapping[str, Any], fault: type[CarbonacctError]
) -> xr.DataArray:
    """Return an array at some labels: one of a dim, which is then gone, or a list of them; ids or names.

    Raises
    ------
    CarbonacctError
        Of the kind that is given, if there is no such dim or label.
    """
    found = {}
    for dim, asked in labels.items():
        if dim not in array.dims:
            dims = join_texts(", ", map(str, array.dims))
            raise fault(say("no dim {dim!r}; known: {dims}", dim=dim, dims=dims))
        known = array[dim].values.tolist()
        one = isinstance(asked, (str, int))
        names = [asked] if one else list(asked)
        for kind in vocabulary.KINDS:
            if kind == dim:
                names = [vocabulary.find_name(kind, str(name), known) for name in names]
        if absent := [name for name in names if name not in known]:
            words = list(map(str, known))
            near = did_you_mean(str(absent[0]), words) or say(
                "it has {words}", words=join_texts(", ", words[:20])
            )
            raise fault(
                say("there is no {dim} {label!r}; {near}", dim=dim, label=absent[0], near=near)
            )
        found[dim] = names[0] if one else names
    return array.sel(found)


@legible
@dataclass(frozen=True, repr=False, eq=False)
class EnergyBalance:
    """An energy balance table, or several: area x year x flow x product.

    Attributes
    ----------
    amounts
        float64 amounts in the canonical unit of each product (coordinate ``unit``), as annual
        amounts; NaN where the table has no number. Supply and transformation are signed: what
        leaves the area, and what goes into a transformation, is negative.
    status
        What stands where there is no number (:data:`carbonacct.sheets.values.STATUS_NAMES`).
    place
        Index into ``places`` of the cell that each amount was read from, or -1.
    places
        The cells that were read.
    parents, product_parents
        The flow that each flow is a part of, and the product that each product is a part of, where
        this table says another than the vocabulary.
    findings
        What the reader noticed.
    standard
        The cells in standard quantity of products that are also there in physical quantity: a table
        of their own. None where there are none.
    origins
        How cells that are not simply printed came about; None for a balance as printed.
    """

    amounts: xr.DataArray
    status: xr.DataArray
    place: xr.DataArray
    places: Places
    parents: AnyMapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    product_parents: AnyMapping[str, str] = field(default_factory=dict)
    standard: EnergyBalance | None = None
    origins: Origins | None = None

    @cached_property
    def areas(self) -> list[str]:
        """Names of the areas, as the table prints them."""
        return self._labels("area")

    @cached_property
    def years(self) -> list[int]:
        """Years of the table."""
        return [int(year) for year in self.amounts.get_index("year")]

    @cached_property
    def flows(self) -> list[str]:
        """Ids of the rows."""
        return self._labels("flow")

    @cached_property
    def products(self) -> list[str]:
        """Ids of the columns."""
        return self._labels("product")

    def _labels(self, dim: str) -> list[str]:
        return list(map(str, self.amounts.get_index(dim).tolist()))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Units in which the amounts of the products are kept."""
        return tuple(map(str, self.amounts.coords.variables["unit"].values.tolist()))

    @cached_property
    def negative(self) -> np.ndarray:
        """Which cells (flow, product) are negative in any area and year."""
        amounts = self.amounts.values
        found = in_blocks(
            lambda areas: (amounts[areas] < 0).reshape(-1, amounts[0, 0].size).any(axis=0),
            amounts.shape,
        )
        return np.asarray(np.any(found, axis=0).reshape(amounts.shape[2:]))

    @cached_property
    def largest(self) -> np.ndarray:
        """The largest size of each cell (flow, product) in any area and year; 0 without a number."""
        amounts = self.amounts.values

        def find(areas: slice) -> np.ndarray:
            rows = amounts[areas].reshape(-1, amounts[0, 0].size)
            most, least = np.fmax.reduce(rows, initial=0.0), np.fmin.reduce(rows, initial=0.0)
            return np.asarray(np.maximum(most, -least))

        found = in_blocks(find, amounts.shape)
        return np.asarray(np.max(found, axis=0).reshape(amounts.shape[2:]))

    @cached_property
    def printed_units(self) -> tuple[str, ...]:
        """Units in which the products are printed; empty for one that was not read from a file."""
        if not self.places.units:
            return ("",) * len(self.products)
        read = [place[place >= 0] for place in np.moveaxis(self.place.values, -1, 0)]
        return tuple(
            self.places.units[int(self.places.unit[place[0]])] if len(place) else ""
            for place in read
        )

    def quantity(self, product: str) -> xr.DataArray:
        """Return the amounts of one product, by its id or name, as a pint-backed array (area, year, flow).

        Raises
        ------
        TableError
            If the table has no such column.
        """
        product = vocabulary.find_name("product", product, self.products)
        if product not in self.products:
            raise TableError(
                say(
                    "the table has no {product}; it has {products}",
                    product=product,
                    products=join_texts(", ", self.products),
                )
            )
        column = self.amounts.sel(product=product)
        unit = registry().Unit(str(column["unit"].values))
        return xr.DataArray(
            registry().Quantity(column.values, unit),
            dims=column.dims,
            coords={dim: column[dim] for dim in column.dims},
            name=product,
        )

    def sel(self, *, product: str, **labels: Any) -> xr.DataArray:
        """Return the amounts of one product at some labels, each by its id or any of its names.

        Raises
        ------
        TableError
            If the table has no such product, dim or label.

        Examples
        --------
        >>> import carbonacct as ca
        >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")
        >>> diesel = balance.sel(product="柴油", flow="交通运输", area="重庆市", year=2007)
        >>> float(diesel.item().to("t").magnitude)
        1900100.0
        """
        return select_labels(self.quantity(product), labels, TableError)

    def address(self, area: str, year: int, flow: str, product: str) -> str:
        """Return ``file!sheet!cell`` of a cell, or an empty string if it was not read from one.

        Area, flow and product are ids or names.

        Raises
        ------
        TableError
            If the table has no such area, year, flow or product.
        """
        area = vocabulary.find_name("area", area, self.areas)
        flow = vocabulary.find_name("flow", flow, self.flows)
        product = vocabulary.find_name("product", product, self.products)
        for name, word, known in (
            ("area", area, self.areas),
            ("year", year, self.years),
            ("flow", flow, self.flows),
            ("product", product, self.products),
        ):
            if word not in known:
                raise TableError(
                    say(
                        "the table has no {name} {word!r}; it has {known}",
                        name=name,
                        word=word,
                        known=join_texts(", ", map(str, known)),
                    )
                )
        return self.address_at(
            self.areas.index(area),
            self.years.index(year),
            self.flows.index(flow),
            self.products.index(product),
        )

    def address_at(self, area: int, year: int, flow: int, product: int) -> str:
        """Return ``file!sheet!cell`` of a cell by its places in the arrays; an empty string if it was not read."""
        place = int(self.place.values[area, year, flow, product])
        return self.places.address(place) if place >= 0 else ""

    def locate(self, area: int, year: int, flow: int, product: int) -> str:
        """Return where a cell is, for a finding: its address, or its area and year without one."""
        return (
            self.address_at(area, year, flow, product) or f"{self.areas[area]} {self.years[year]}"
        )

    def first_address(self) -> str:
        """Return where the table begins, for a message about the whole of it."""
        return self.places.address(0) if len(self.places.sheet) else "table"

    def is_part(self, flow: str, ancestor: str) -> bool:
        """Return whether a flow is ``ancestor`` or stands below it in this table."""
        return vocabulary.is_within(flow, ancestor, self.parents)
