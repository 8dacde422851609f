"""What the labels of one table say of its cells: found once for all tables with the same labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product as pair_up
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import fits, on_basis, same_dimension
from carbonacct.balances.amounts.parts_tree import PLANTS_WITHIN
from carbonacct.balances.join.column_flows import column_directions, column_flows
from carbonacct.balances.join.form_axes import Axis, code_of, lay_axis, present_codes, relabel
from carbonacct.balances.label.printed_units import own_unit
from carbonacct.balances.path.of_which import Ladder, join
from carbonacct.balances.path.plants_within import is_plant
from carbonacct.balances.words.compounds import BY_NETWORK, direct
from carbonacct.errors import TableError, UnitError
from carbonacct.product_groups import is_delivered
from carbonacct.records.area_names import area_id
from carbonacct.records.title_areas import PART_OF_TITLE, takes_title
from carbonacct.sheets.raw_sheets import MisreadError
from carbonacct.texts import say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from carbonacct.balances.label.headers import Header
    from carbonacct.balances.label.printed_units import Corner
    from carbonacct.balances.path.columns import TableColumn
    from carbonacct.balances.path.rows import Rows
    from carbonacct.balances.words.mapping import Mapping


_OF_ANY = frozenset(
    {"", "total_consumption", "network_supply", "final_uses"}
)  # columns of whatever the rows use


@dataclass(frozen=True)
class UnitDoubt:
    """Cells of a product whose unit nothing says, or does not fit: an error where one of them holds an amount.

    ``is_named`` says whether anything names the product.
    """

    product: str
    unit: str
    cells: np.ndarray
    is_named: bool = True


@dataclass(frozen=True)
class AssumedUnit:
    """Cells of a product whose unit the table does not print, and what gives it."""

    product: str
    unit: str
    origin: str
    cells: np.ndarray


@dataclass(frozen=True, eq=False)
class Form:
    """The cells of one table (rows x columns) and what they are. Compared by identity: it is a key of caches.

    Attributes
    ----------
    rows, columns
        Where the cells stand in the sheet, 0-based.
    heads
        The columns.
    sign
        -1 where a layout says that the print has the other sign.
    standard
        Whether a cell stands in a column of coal equivalent beside the quantity itself.
    area, year, flow, product, unit
        What each cell belongs to; ``""`` where nothing says.
    doubts
        Cells that must not hold amounts.
    assumed
        Cells whose unit a layout or a mapping file gives.
    takes_area, takes_year
        Whether some cells take area or year from the title.
    supply_holds_losses
        Whether what a network delivers is printed with what it loses, and without what it sells.
    product_parents
        The product that each product is a part of, where the print differs from the vocabulary.
    own_parts
        Columns that are printed as parts of a column of the same product.
    marked
        Flows that are printed as parts, behind 其中 or #.
    open_plants
        Flows of plants behind industry, of which no label says whether it holds them.
    by_unit
        Cells that are electricity because they are in watt hours, or else energy as a whole, and nothing names either.
    crossed
        Cells whose row is of one product and whose column of another, which hold no amounts.
    crossed_flows
        The same of flows of which neither is a part of the other.
    traded
        Cells that are sales or supplies of what no network delivers, which are no use of the area.
    transformed
        Cells of a branch of industry that are what its plants take in or put out, where nothing names the plants.
    kinds, of_kinds
        The form of all tables with these rows and columns in whatever order, and which of its cells
        each cell is; none where the order may say something.
    """

    rows: np.ndarray
    columns: np.ndarray
    heads: tuple[TableColumn, ...]
    sign: np.ndarray
    standard: np.ndarray
    area: Axis
    year: Axis
    flow: Axis
    product: Axis
    unit: Axis
    doubts: tuple[UnitDoubt, ...]
    assumed: tuple[AssumedUnit, ...]
    takes_area: bool
    takes_year: bool
    supply_holds_losses: bool
    product_parents: dict[str, str]
    own_parts: frozenset[int]
    marked: frozenset[str]
    open_plants: frozenset[str]
    by_unit: np.ndarray
    crossed: np.ndarray
    crossed_flows: np.ndarray
    traded: np.ndarray
    transformed: np.ndarray
    kinds: Form | None = None
    of_kinds: np.ndarray | None = None

    @cached_property
    def may_contradict(self) -> bool:
        """Whether some cells must not hold amounts because of their flow or product."""
        return bool((self.crossed | self.crossed_flows | self.traded | self.transformed).any())

    @cached_property
    def places(self) -> tuple[np.ndarray, ...]:
        """Where the cells stand, as an index into the cells of the sheet."""
        return np.ix_(self.rows, self.columns)

    @cached_property
    def measured(self) -> tuple[tuple[str, str], ...]:
        """The products that occur, each with each of its units."""
        count = len(self.unit.labels)
        pairs = present_codes(self.product.codes * count + self.unit.codes).tolist()
        return tuple(
            (self.product.labels[pair // count] or "", self.unit.labels[pair % count] or "")
            for pair in pairs
        )

    @cached_property
    def years_used(self) -> tuple[int, ...]:
        """The codes of years that occur."""
        return tuple(present_codes(self.year.codes).tolist())

    @cached_property
    def of_no_flow(self) -> np.ndarray | None:
        """Cells that no label gives to a flow, if there are any."""
        cells: np.ndarray = self.flow.codes == code_of(self.flow, "")
        return cells if cells.any() else None

    @cached_property
    def electricity(self) -> tuple[np.ndarray, np.ndarray]:
        """Which cells are electricity, and which of them coal equivalent."""
        kinds = np.array([label == "electricity" for label in self.product.labels])[
            self.product.codes
        ]
        return (
            kinds,
            kinds
            & np.array([str(label).endswith("ce") for label in self.unit.labels])[self.unit.codes],
        )

    @cached_property
    def has_electricity_in_coal(self) -> bool:
        """Whether some electricity is in coal equivalent, as far as the labels say."""
        return bool(self.electricity[1].any())

    @cached_property
    def told_by_unit(self) -> frozenset[str]:
        """The products of which some cells are by their unit alone."""
        codes = present_codes(self.product.codes[self.by_unit]).tolist()
        return frozenset(self.product.labels[code] or "" for code in codes)

    @cached_property
    def has_twins(self) -> bool:
        """Whether two columns are of the same product, flow and year."""
        return len({twin_key(head) for head in self.heads}) < len(self.heads)


def twin_key(column: TableColumn) -> tuple[object, ...]:
    """Return what two columns must not both hold."""
    head = column.header
    return (
        head.product,
        head.flow,
        head.year_label,
        head.area,
        head.coverage,
        head.word == "standard" or column.unit.endswith("ce"),
    )


def lay_form(rows: Rows, flow: str, product: str, direction: str = "") -> Form:
    """Lay what the rows of a table say over what its columns say.

    Parameters
    ----------
    rows
        What the rows and columns say.
    flow, product, direction
        What the title says.

    Raises
    ------
    MisreadError
        If a row and a column print different units.
    """
    keys, columns = rows.keys, [rows.columns.each[j] for j in rows.columns.data]
    heads = [column.header for column in columns]
    products = lay_axis([key.product for key in keys], [head.product or product for head in heads])
    units = _units(rows, columns)
    product_parents, own_parts = _parts(rows, heads)
    products, units, doubts, assumed, by_unit = _settle_units(products, units, rows)
    of_columns, open_columns = column_flows(heads, flow or rows.weak, rows.columns.words)
    flows, transformed = _flows(rows, heads, of_columns, direction)
    flows, traded, holds_losses = _settle_supply(flows, products)
    of_power = [bool(one and vocabulary.is_within(one, "generation")) for one in flows.labels]
    return Form(
        np.array(rows.at, np.int32),
        np.array(rows.columns.data, np.int32),
        tuple(columns),
        np.array([key.sign for key in keys], np.int8)[:, None]
        * np.array([head.sign for head in heads], np.int8)[None, :],
        np.tile(np.array([head.word == "standard" for head in heads], bool), (len(keys), 1)),
        area=_areas(rows, heads),
        year=lay_axis([str(key.year or "") for key in keys], [head.year_label for head in heads]),
        flow=flows,
        product=products,
        unit=units,
        doubts=doubts,
        assumed=assumed,
        takes_area=any(takes_title(key.area) for key in keys)
        and not all(head.area for head in heads),
        takes_year=not (all(key.year for key in keys) or all(head.year for head in heads)),
        supply_holds_losses=holds_losses,
        product_parents=product_parents,
        own_parts=own_parts,
        marked=rows.marked | {head.flow for head in heads if head.flow and head.of_which},
        open_plants=rows.open_plants | open_columns,
        by_unit=by_unit & ~np.array(of_power)[flows.codes],
        crossed=_cross_products(rows, heads),
        crossed_flows=_cross_flows(rows, heads, of_columns),
        traded=traded,
        transformed=transformed,
    )


def _parts(rows: Rows, heads: Sequence[Header]) -> tuple[dict[str, str], frozenset[int]]:
    """Return the products that 其中 or # makes parts of another, and columns that are parts of their own product."""
    ladder = Ladder()
    above = [ladder.add(head.product, head.of_which) if head.product else "" for head in heads]
    parents = dict(rows.product_parents)
    for head, parent in zip(heads, above, strict=True):
        join(parents, head.product or "", parent)
    own = (
        j
        for j, head, parent in zip(rows.columns.data, heads, above, strict=True)
        if parent and parent == head.product
    )
    return parents, frozenset(own)


def _areas(rows: Rows, heads: Sequence[Header]) -> Axis:
    """Lay the areas of rows over those of columns.

    A column of 市辖区 is of a part of the area, and an area of its own.
    """
    axis = lay_axis([key.area for key in rows.keys], [head.area or None for head in heads])
    named = {head.area for head in heads} - {""}
    for i, key in zip(rows.at, rows.keys, strict=True) if named else ():
        if not takes_title(key.area) and (
            other := next((area for area in named if not _is_one_area(area, key.area)), "")
        ):
            raise MisreadError(
                TableError,
                say(
                    "the row is of {area} and a column of {other}; correct one of them",
                    area=key.area,
                    other=other,
                ),
                row=i,
            )
    for j, head in enumerate(heads):
        for code in set(axis.codes[:, j].tolist()) if head.coverage else ():
            cells = np.zeros(axis.codes.shape, bool)
            cells[:, j] = axis.codes[:, j] == code
            axis = relabel(axis, cells, f"{axis.labels[code] or PART_OF_TITLE}{head.coverage}")
    return axis


def _is_one_area(one: str, other: str) -> bool:
    return area_id(one) == area_id(other)


def _flows(
    rows: Rows, heads: Sequence[Header], of_heads: Sequence[str], direction: str
) -> tuple[Axis, np.ndarray]:
    """Lay the flows of rows over those of columns, and return the cells that branches of industry transform.

    What goes into plants and what comes out is told apart.
    """
    axis = lay_axis([key.flow for key in rows.keys], of_heads)
    # What the title says is never finer than a row.
    named = [
        flow if head.flow and flow not in _OF_ANY else ""
        for flow, head in zip(of_heads, heads, strict=True)
    ]
    axis = _lay_finer(axis, named)
    of_rows, of_columns = [key.direction for key in rows.keys], column_directions(heads)
    transformed = np.zeros(axis.codes.shape, bool)
    if not (direction or any(of_rows) or any(of_columns)):
        return axis, transformed
    directions = lay_axis(of_rows, [way or direction or None for way in of_columns])
    # 消费量 below a title that names 投入 as well is no input.
    uses = np.array([bool(head.flow or head.weak) and not head.direction for head in heads])
    for code, flow in enumerate(axis.labels):
        for way_code, way in enumerate(directions.labels):
            cells = (axis.codes == code) & (directions.codes == way_code)
            if flow and way and (directed := direct(flow, way)) != flow:
                axis = relabel(axis, cells, directed)
            elif (
                way
                and vocabulary.is_within(flow or "", "industry")
                and not is_plant(flow or "", way)
            ):
                if flow == "industry" and way == "input":
                    axis = relabel(axis, cells & ~uses, PLANTS_WITHIN)
                else:
                    transformed |= cells & ~uses
    return axis, transformed


def _lay_finer(flows: Axis, of_heads: Sequence[str]) -> Axis:
    """Return the flows with those of columns that are parts of what their rows say.

    居民生活用电量 in a column of 城镇 is of the towns alone.
    """
    for j, column in enumerate(of_heads):
        for code in present_codes(flows.codes[:, j]).tolist() if column else ():
            row = flows.labels[code]
            # 合计 is whatever adds up there, and no whole that a column could be a part of.
            is_total = row in _OF_ANY or row == "final_consumption"
            if row and row != column and not is_total and vocabulary.is_within(column, row):
                cells = np.zeros(flows.codes.shape, bool)
                cells[:, j] = flows.codes[:, j] == code
                flows = relabel(flows, cells, column)
    return flows


def _settle_supply(flows: Axis, products: Axis) -> tuple[Axis, np.ndarray, bool]:
    """Return the flows with uses in place of what networks supply (供气总量) and sell.

    Also which cells are such of products that no network delivers, and whether the supply holds losses.

    A sale is final consumption. A supply is total consumption of a product whose sale stands beside
    it, else final consumption.
    """
    supply, sale = (flows.codes == code_of(flows, flow) for flow in BY_NETWORK)
    by_network = supply | sale
    if not by_network.any():
        return flows, by_network, False
    is_other = np.array([not (one and is_delivered(one)) for one in products.labels])
    flows = relabel(flows, sale, "final_consumption")
    is_sale = flows.codes == code_of(flows, "final_consumption")
    has_sale = False
    for product in present_codes(products.codes[supply]).tolist():
        cells = products.codes == product
        has_sale |= (is_sold := bool((is_sale & cells).any()))
        whole = "total_consumption" if is_sold else "final_consumption"
        flows = relabel(flows, supply & cells, whole)
    losses = any(flow and vocabulary.is_within(flow, "losses") for flow in flows.labels)
    traded = by_network & is_other[products.codes]
    return flows, traded, bool(supply.any()) and losses and not has_sale


def _cross_flows(rows: Rows, heads: Sequence[Header], of_heads: Sequence[str]) -> np.ndarray:
    """Return the cells of a column whose flow lies neither in the row's nor around it: #用于原材料 beside a branch."""
    # 消费量 names no flow of its own, also where it is that of the title.
    named = [
        "" if column in _OF_ANY or not head.flow or head.flow in _OF_ANY else column
        for head, column in zip(heads, of_heads, strict=True)
    ]
    pairs = pair_up(sorted({key.flow for key in rows.keys} - {""}), sorted({*named} - {""}))
    # #用于原材料 beside a branch is a part of it, 用电量 of trade in a row of households is an error.
    crossed = {(row, column) for row, column in pairs if not _may_meet(row, column)}
    return _mark_pairs([key.flow for key in rows.keys], named, crossed)


def _mark_pairs(
    of_rows: Sequence[str], of_heads: Sequence[str], pairs: AbstractSet[tuple[str, str]]
) -> np.ndarray:
    """Return the cells whose row and column are one of some pairs."""
    if not pairs:
        return np.zeros((len(of_rows), len(of_heads)), bool)
    return np.array([[(row, head) in pairs for head in of_heads] for row in of_rows], bool)


def _cross_products(rows: Rows, heads: Sequence[Header]) -> np.ndarray:
    """Return the cells whose row is of one product and whose column of another: Public electricity under Coal."""
    of_rows = sorted({key.product for key in rows.keys} - {""})
    of_heads = sorted({head.product or "" for head in heads} - {""})
    crossed = {one for one in pair_up(of_rows, of_heads) if not _may_be_one(*one)}
    return _mark_pairs(
        [key.product for key in rows.keys], [head.product or "" for head in heads], crossed
    )


@lru_cache(maxsize=4096)
def _may_be_one(row: str, column: str) -> bool:
    """Return whether a number may be of the products of both its row and its column.

    One holds the other, or is a total of all energy.
    """
    is_any = {vocabulary.products()[one].unit for one in (row, column)} & {"tce"}
    return (
        bool(is_any)
        or vocabulary.is_product_within(row, column)
        or vocabulary.is_product_within(column, row)
    )


@lru_cache(maxsize=4096)
def _may_meet(row: str, column: str) -> bool:
    """Return whether a number may be of the flows of both its row and its column.

    One lies in the other, or is of plants.
    """
    plants = vocabulary.is_within(row, "transformation")
    sold = column
    column = "final_consumption" if column == "network_sale" else column
    return (
        row in {column, sold}  # 合计 of what a network sells: the sale itself
        or vocabulary.is_finer(row, column)
        or vocabulary.is_finer(column, row)
        or (plants and column == "intermediate_consumption")
    )


def _units(rows: Rows, columns: Sequence[TableColumn]) -> Axis:
    """Lay the units of rows over those of columns: but a column of coal equivalent keeps its own."""
    axis = lay_axis([key.unit for key in rows.keys], [column.unit for column in columns])
    first: dict[str, int] = {
        key.unit: i
        for i, key in zip(reversed(rows.at), reversed(rows.keys), strict=True)
        if key.unit
    }
    for j, column in enumerate(columns):
        if column.unit and column.header.word == "standard":
            axis.codes[:, j] = axis.labels.index(column.unit)
        elif column.unit and column.has_own_unit:
            for unit, i in first.items():
                if (
                    not same_dimension(unit, column.unit)
                    or conversion_factor(unit, column.unit) != 1
                ):
                    raise MisreadError(
                        UnitError,
                        say(
                            "the row is in {unit} and the column {text!r} in {column_unit}; "
                            "correct one of them",
                            unit=unit,
                            text=column.header.text,
                            column_unit=column.unit,
                        ),
                        row=i,
                    )
    return axis


def _settle_units(
    products: Axis, units: Axis, rows: Rows
) -> tuple[Axis, Axis, tuple[UnitDoubt, ...], tuple[AssumedUnit, ...], np.ndarray]:
    """Give each product its unit on the basis that the table means.

    Note where there is none, or one that contradicts it or is assumed, and which cells are
    electricity by their unit alone.
    """
    words, corner = rows.columns.words, rows.columns.corner
    are_fuels_below = not (rows.columns.labels or rows.keys[0].product) and any(
        key.product for key in rows.keys
    )
    doubts, assumed = [], []
    by_unit = np.zeros(products.codes.shape, bool)
    count = len(units.labels)  # as it is now: labels are added below
    pairs = products.codes * count + units.codes
    for pair in present_codes(pairs).tolist():
        product, unit = products.labels[pair // count] or "", units.labels[pair % count] or ""
        if (
            product
            and unit
            and fits(product, unit)
            and on_basis(product, unit, corner.basis) == unit
        ):
            continue
        cells = pairs == pair
        is_named = bool(product)
        if not product:  # nothing names it: electricity if it is measured as such, else energy
            product = (
                "electricity" if unit.endswith("Wh") and not are_fuels_below else "total_energy"
            )
            products = relabel(products, cells, product)
            by_unit |= cells
        if not unit:
            unit, origin = _unprinted_unit(words, corner, product)
            if unit and origin:
                assumed.append(AssumedUnit(product, unit, origin, cells))
        unit = on_basis(product, unit, corner.basis) if unit else unit
        units = relabel(units, cells, unit)
        if not (unit and fits(product, unit)):
            doubts.append(UnitDoubt(product, unit, cells, is_named))
    return products, units, tuple(doubts), tuple(assumed), by_unit


def _unprinted_unit(words: Mapping, corner: Corner, product: str) -> tuple[str, str]:
    """Return the unit of a product beside which none is printed, and what gives it if the title does not."""
    if corner.unread:
        return "", ""
    unit, origin = own_unit(words, "", product)
    if not unit and (unit := corner.unit_for(product)):
        return unit, ""
    return (unit, origin) if unit else (words.units.get("*", ""), words.unit_origins.get("*", ""))
