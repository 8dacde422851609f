"""Where the cells of some tables go in the arrays of a balance.

Found once for all tables with the same labels, whatever their numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from carbonacct import vocabulary
from carbonacct.balances.amounts.conversions import UnitConversion, convert
from carbonacct.balances.amounts.energy_balance import DIMS
from carbonacct.balances.cache_limits import KEPT, MOST_KEPT
from carbonacct.balances.join.form_axes import present_codes
from carbonacct.errors import TableError
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.balances.join.table_form import Form

_MAX_PANEL = 200_000_000
_ARRAYS = ("sheet", "row", "column", "sign", "scale", "standard", "leaves_area", "block")


class Spread(NamedTuple):
    """The place of each cell in the arrays, and their labels: areas and years by code, flows, products with unit."""

    areas: tuple[int, ...]
    years: tuple[int, ...]
    flows: tuple[str, ...]
    products: tuple[str, ...]
    units: tuple[str, ...]
    at: np.ndarray
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Arrangement:
    """Every cell of every table, one record each, without its number.

    Attributes
    ----------
    labels
        What the codes of flow, product, unit and kept unit stand for; those of area and year are
        the reader's.
    codes
        Codes of each cell, by dim, unit and kept unit.
    sheet, row, column
        Where each cell stands.
    sign, scale
        What its number is multiplied by to be in its kept unit.
    standard
        Whether it is coal equivalent that stands beside the quantity itself.
    leaves_area
        Whether a positive number is printed for what leaves the area.
    block
        The number of its table.
    belong
        Which cells of the tables these are, where some are blanks of no flow.
    """

    labels: dict[str, tuple[str, ...]]
    codes: dict[str, np.ndarray]
    sheet: np.ndarray
    row: np.ndarray
    column: np.ndarray
    sign: np.ndarray
    scale: np.ndarray
    standard: np.ndarray
    leaves_area: np.ndarray
    block: np.ndarray
    belong: np.ndarray | None = None

    def take(self, which: np.ndarray) -> Arrangement:
        """Return some of the cells, by number or by choice."""
        return replace(
            self,
            codes={dim: codes[which] for dim, codes in self.codes.items()},
            **{array: getattr(self, array)[which] for array in _ARRAYS},
        )

    @cached_property
    def unit(self) -> np.ndarray:
        """Codes of the printed units, as small as they can be kept."""
        return _fixed(self.codes["unit"].astype(np.int16))

    @cached_property
    def keys(self) -> np.ndarray:
        """One number for each place in the arrays."""
        keys = np.zeros(len(self.row), np.int64)
        for dim in DIMS:
            keys = keys * (int(self.codes[dim].max(initial=0)) + 1) + self.codes[dim]
        return keys

    @cached_property
    def has_choice(self) -> bool:
        """Whether two cells are of one place, or some are of coal equivalent beside the quantity itself."""
        return bool(self.standard.any() or not (np.diff(np.sort(self.keys)) > 0).all())

    @cached_property
    def spread(self) -> Spread:
        """The cells over area x year x flow x product.

        Areas as they come, years in order, the rest in the order of the vocabulary.
        """
        areas, first = _first_places(self.codes["area"])
        order = {
            "area": [area for _, area in sorted(zip(first, areas, strict=True))],
            "year": present_codes(self.codes["year"]).tolist(),
        }
        names = {}
        for dim in ("flow", "product"):
            label, rank = self.labels[dim], _orders(dim)
            ranked = [(rank[label[code]], code) for code in present_codes(self.codes[dim]).tolist()]
            order[dim] = [code for _, code in sorted(ranked)]
            names[dim] = tuple([label[code] for code in order[dim]])
        shape = tuple(len(order[dim]) for dim in DIMS)
        if math.prod(shape) > _MAX_PANEL:
            raise TableError(
                say(
                    "the tables span {shape} cells; read fewer at once",
                    shape=" x ".join(map(str, shape)),
                )
            )
        at = np.zeros(len(self.row), np.intp)
        for dim, size in zip(DIMS, shape, strict=True):
            if size > 1:
                lookup = np.zeros(max(order[dim]) + 1, np.intp)
                lookup[order[dim]] = np.arange(size)
                at = at * size + lookup[self.codes[dim]]
        kept, known = self.kept_units[0], vocabulary.products()
        units = tuple([kept.get(product) or known[product].unit for product in names["product"]])
        return Spread(
            tuple(order["area"]),
            tuple(order["year"]),
            names["flow"],
            names["product"],
            units,
            at,
            shape,
        )

    @cached_property
    def kept_units(self) -> tuple[dict[str, str], tuple[str, int, int] | None]:
        """The unit in which each product is kept, and the first that is kept in two: product, one cell, another."""
        labels, none = (
            self.labels,
            self.labels["unit"].index("") if "" in self.labels["unit"] else -1,
        )
        with_unit = np.flatnonzero(self.codes["unit"] != none)
        pairs = self.codes["product"] * len(labels["kept"]) + self.codes["kept"]
        codes, first = _first_places(pairs[with_unit])
        found: dict[str, str] = {}
        places: dict[str, int] = {}
        for pair, place in zip(codes, with_unit[first].tolist(), strict=True):
            product, unit = (
                labels["product"][pair // len(labels["kept"])],
                labels["kept"][pair % len(labels["kept"])],
            )
            if found.setdefault(product, unit) != unit:
                return found, (product, place, places[product])
            places[product] = place
        return found, None


def _first_places(codes: np.ndarray) -> tuple[list[int], list[int]]:
    """Return the codes that occur, in order, and the place at which each comes first."""
    first = np.full(int(codes.max(initial=0)) + 1, -1)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    found = np.flatnonzero(first >= 0)
    return found.tolist(), first[found].tolist()


@cache
def _orders(dim: str) -> dict[str, int]:
    return {
        name: n
        for n, name in enumerate(vocabulary.flows() if dim == "flow" else vocabulary.products())
    }


def arrange(
    forms: tuple[Form, ...],
    areas: tuple[tuple[int, ...], ...],
    years: tuple[tuple[int, ...], ...],
    sheets: tuple[int, ...],
) -> Arrangement:
    """Lay the cells of some tables in a row, under common labels.

    Parameters
    ----------
    forms
        What the cells of each table are.
    areas, years
        For each table the codes of its labels of area and year.
    sheets
        For each table the number of its sheet.
    """
    size = sum(form.sign.size for form in forms)
    return (_kept_arrangement if size <= MOST_KEPT else _arrange)(forms, areas, years, sheets)


def _take_kinds(
    form: Form,
    areas: tuple[tuple[int, ...], ...],
    years: tuple[tuple[int, ...], ...],
    sheets: tuple[int, ...],
) -> Arrangement | None:
    """Return the cells of a table from those of all tables with its rows and columns in whatever order.

    None where there are none, or two cells are of one place.
    """
    if form.kinds is None or form.of_kinds is None:
        return None
    kinds, at = arrange((form.kinds,), areas, years, sheets), form.of_kinds
    is_each_once = len(at) == len(kinds.row)
    if not is_each_once or kinds.belong is not None or kinds.has_choice or kinds.kept_units[1]:
        return None
    cells = replace(
        kinds.take(at),
        row=_fixed(np.repeat(form.rows, len(form.columns))),
        column=_fixed(np.tile(form.columns, len(form.rows))),
    )
    _fixed(cells.sheet)
    vars(cells).update(
        spread=kinds.spread._replace(at=kinds.spread.at[at]),
        has_choice=False,
        kept_units=kinds.kept_units,
    )
    return cells


def _arrange(
    forms: tuple[Form, ...],
    areas: tuple[tuple[int, ...], ...],
    years: tuple[tuple[int, ...], ...],
    sheets: tuple[int, ...],
) -> Arrangement:
    labels: dict[str, tuple[str, ...]] = {}
    codes = {
        dim: np.concatenate(
            [
                np.array(of, np.int32)[getattr(form, dim).codes].ravel()
                for form, of in zip(forms, those, strict=True)
            ]
        )
        for dim, those in (("area", areas), ("year", years))
    }
    for dim in ("flow", "product", "unit"):
        axes = [getattr(form, dim) for form in forms]
        code = {
            label: n
            for n, label in enumerate(
                dict.fromkeys(label for axis in axes for label in axis.labels)
            )
        }
        labels[dim] = tuple(code)
        codes[dim] = np.concatenate(
            [
                np.array([code[label] for label in axis.labels], np.int32)[axis.codes].ravel()
                for axis in axes
            ]
        )
    shapes = [form.sign.shape for form in forms]
    sign = np.concatenate([form.sign.ravel() for form in forms])
    negative = np.array(
        [
            flow in vocabulary.flows() and vocabulary.flows()[flow].sign < 0
            for flow in labels["flow"]
        ]
    )
    # every balance of such tables has these arrays of places: nobody writes to them
    cells = Arrangement(
        labels,
        codes,
        sheet=np.repeat(np.array(sheets, np.int32), [rows * columns for rows, columns in shapes]),
        row=np.concatenate(
            [np.repeat(form.rows, shape[1]) for form, shape in zip(forms, shapes, strict=True)]
        ),
        column=np.concatenate(
            [np.tile(form.columns, shape[0]) for form, shape in zip(forms, shapes, strict=True)]
        ),
        sign=sign,
        scale=np.ones(len(sign)),
        standard=np.concatenate([form.standard.ravel() for form in forms]),
        leaves_area=negative[codes["flow"]] & (sign > 0),
        block=np.repeat(
            np.arange(len(shapes), dtype=np.int32), [rows * columns for rows, columns in shapes]
        ),
    )
    if "" in labels["flow"]:  # blanks that belong to no flow
        belong = codes["flow"] != labels["flow"].index("")
        cells = cells if belong.all() else replace(cells.take(belong), belong=belong)
    for array in (cells.sheet, cells.row, cells.column):
        _fixed(array)
    return _in_kept_units(cells)


@lru_cache(maxsize=KEPT)
def _kept_arrangement(
    forms: tuple[Form, ...],
    areas: tuple[tuple[int, ...], ...],
    years: tuple[tuple[int, ...], ...],
    sheets: tuple[int, ...],
) -> Arrangement:
    cells = _take_kinds(forms[0], areas, years, sheets) if len(forms) == 1 else None
    return cells or _arrange(forms, areas, years, sheets)


def _fixed(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _in_kept_units(cells: Arrangement) -> Arrangement:
    """Bring each number to the unit in which its product is kept: its own, coal equivalent, or GJ."""
    labels, codes = cells.labels, cells.codes
    pairs = codes["product"] * len(labels["unit"]) + codes["unit"]
    unique = present_codes(pairs)
    inverse = np.searchsorted(unique, pairs)
    scales, standard, kept = (
        np.ones(len(unique)),
        np.zeros(len(unique), bool),
        np.zeros(len(unique), np.int32),
    )
    units: list[str] = []
    for n, pair in enumerate(unique.tolist()):
        product, unit = (
            labels["product"][pair // len(labels["unit"])],
            labels["unit"][pair % len(labels["unit"])],
        )
        own = vocabulary.products()[product].unit
        conversion = convert(product, unit) or UnitConversion(
            own, 1.0
        )  # cells that must not hold amounts
        target = conversion.unit
        scales[n] = math.nan if conversion.is_left_out else conversion.scale
        standard[n] = unit.endswith("ce") and own != "tce"
        if target not in units:
            units.append(target)
        kept[n] = units.index(target)
    return replace(
        cells,
        labels={**labels, "kept": tuple(units)},
        codes={**codes, "kept": kept[inverse]},
        scale=scales[inverse],
        standard=cells.standard | standard[inverse],
    )
