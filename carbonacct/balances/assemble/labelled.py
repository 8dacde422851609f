"""What a DataFrame, a DataArray or a Dataset says: amounts in the units in which products are kept.

Nothing is passed over. A column, a coordinate or an attribute is a label, a unit or a
description, or it is refused with its name.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from carbonacct import vocabulary
from carbonacct.balances.account.unit_notes import note_conversions
from carbonacct.balances.amounts.conversions import UnitConversion, convert, on_basis, why_not
from carbonacct.balances.amounts.energy_balance import DIMS
from carbonacct.balances.label.headers import column_word
from carbonacct.errors import Finding, TableError, UnitError, did_you_mean
from carbonacct.records.area_names import spell_like
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.texts import as_typed, join_texts, say
from carbonacct.units import conversion_factor, parse_unit, read_unit

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

_FIRST_YEAR, _LAST_YEAR = 1750, 2200
_ACCEPTED = say("unit, units, 单位 or 计量单位")
# Attributes that describe, after the conventions for climate and forecast metadata.
_DESCRIBE = frozenset(
    {
        "title",
        "name",
        "long_name",
        "standard_name",
        "description",
        "comment",
        "history",
        "source",
        "references",
        "institution",
        "conventions",
        "created",
        "author",
        "license",
    }
)
_SAME = 1e-6  # two registries that mean one unit

Ways = dict[tuple[str, str], UnitConversion]


def read_frame(table: pd.DataFrame) -> tuple[xr.DataArray, tuple[Finding, ...]]:
    """Return the amounts of a long table, and what was converted by a published number.

    Raises
    ------
    TableError, UnitError
        As :func:`carbonacct.balances.make_balance` says.
    """
    if lacking := [name for name in (*DIMS, "value") if name not in table.columns]:
        listed = as_typed(map(str, table.columns))
        raise TableError(
            say(
                "the table has no column {lacking!r}; it has {listed}",
                lacking=lacking[0],
                listed=listed,
            )
        )
    if table.columns.has_duplicates:
        twice = table.columns[table.columns.duplicated()][0]
        raise TableError(say("the table has the column {twice!r} twice; keep one", twice=twice))
    others = [name for name in table.columns if name not in {*DIMS, "value"}]
    if unread := [name for name in others if _word(name) not in {"unit", "status", "skip"}]:
        raise TableError(
            say(
                "column {unread!r} of the table is not read: drop it, or if it is the unit "
                "call it {accepted}",
                unread=unread[0],
                accepted=_ACCEPTED,
            )
        )
    keys = table[list(DIMS)]
    if keys.isna().any(axis=None):
        raise TableError(
            say(
                "row {row} of the table lacks a label",
                row=int(keys.isna().any(axis=1).to_numpy().argmax()),
            )
        )
    code, years = pd.factorize(keys["year"])
    area_code, areas = pd.factorize(keys["area"])
    keys = keys.assign(year=np.array(_read_years(years))[code], area=_spell(areas)[area_code])
    labels, codes = [], []
    for dim in DIMS:
        code, label = pd.factorize(keys[dim], sort=dim == "year")
        labels.append(np.asarray(label))
        codes.append(code)
    array = np.full([len(label) for label in labels], np.nan)
    array[tuple(codes)] = 0.0  # as many cells as rows, or one is there twice
    is_repeated = np.count_nonzero(array == 0.0) < len(keys)
    if is_repeated and (repeated := find_repeated(keys, DIMS)) is not None:
        raise TableError(
            say(
                "the table has {labels} twice; a cell has one number",
                labels=join_texts(", ", map(str, repeated)),
            )
        )
    numbers, own = _read_values(table["value"])
    printed_units = [
        own,
        np.full(len(table), _unit_attribute(table.attrs, say("the table")), dtype=object),
        *(_read_units(table[name]) for name in others if _word(name) == "unit"),
    ]
    products, (unit_code, units) = codes[-1], pd.factorize(reduce(_agree, printed_units))
    conversions: Ways = {}
    scales = np.ones((len(labels[-1]), len(units)))
    for p, u in dict.fromkeys(zip(products.tolist(), unit_code.tolist(), strict=True)):
        pair = str(labels[-1][p]), str(units[u])
        conversions[pair] = _find_conversion(*pair)
        scales[p, u] = conversions[pair].scale
    array[tuple(codes)] = numbers * scales[products, unit_code]
    return _label(array, dict(zip(DIMS, labels, strict=True)), conversions)


def _spell(areas: Iterable[object]) -> np.ndarray:
    """Return areas in the first spelling of each, as in files."""
    names = list(map(str, areas))
    return np.array(spell_like(names, names), dtype=object)


def _read_units(column: pd.Series) -> np.ndarray:
    """Return the units of a column; a row without one among others that have one is refused."""
    units = column.fillna("").astype(str).str.strip().to_numpy(object)
    blank = units == ""
    if blank.any() and not blank.all():
        row = int(blank.argmax())
        raise UnitError(
            say(
                "row {row} of the table has no unit in the column {name!r}; write it",
                row=row,
                name=column.name,
            )
        )
    return units


def read_array(table: xr.DataArray | xr.Dataset) -> tuple[xr.DataArray, tuple[Finding, ...]]:
    """Return the amounts of a labelled array, and what was converted by a published number.

    Raises
    ------
    TableError, UnitError
        As :func:`carbonacct.balances.make_balance` says.
    """
    conversions: Ways = {}
    if isinstance(table, xr.Dataset):
        whole = _unit_attribute(table.attrs, say("the Dataset"))
        parts = {}
        for name in map(str, table.data_vars):
            part = table[name].expand_dims(product=[name])
            parts[name] = _scale(part, whole, name, conversions).isel(product=0, drop=True)
        array = xr.Dataset(parts).to_dataarray("product")
    else:
        array = _scale(table, "", say("the array"), conversions)
    array = array.transpose(*DIMS)
    labels = {dim: array[dim].values for dim in DIMS}
    labels |= {
        "area": _spell(labels["area"]),
        "year": np.array(_read_years(labels["year"].tolist())),
    }
    return _label(np.asarray(array.values, float), labels, conversions)


def _scale(array: xr.DataArray, whole: str, what: str, conversions: Ways) -> xr.DataArray:
    """Return an array in the units in which products are kept; ``ways`` takes what was converted."""
    if set(array.dims) != set(DIMS):
        dims = join_texts(", ", map(str, array.dims))
        raise TableError(
            say(
                "the array has dims {dims}; an energy balance has {dims_of_dims}",
                dims=dims,
                dims_of_dims=join_texts(", ", DIMS),
            )
        )
    unit = _units_of(array, whole, what)
    names = xr.DataArray(array["product"].values.astype(str), dims="product")
    names, unit = xr.broadcast(names, unit)
    pairs = list(zip(names.values.ravel().tolist(), unit.values.ravel().tolist(), strict=True))
    conversions |= {pair: _find_conversion(*pair) for pair in dict.fromkeys(pairs)}
    numbers, _ = _read_values(array.data)
    bare = xr.DataArray(numbers, dims=array.dims, coords={dim: array[dim].values for dim in DIMS})
    if all(conversions[pair].scale == 1 for pair in pairs):
        return bare
    scales = np.array([conversions[pair].scale for pair in pairs]).reshape(names.shape)
    return bare * xr.DataArray(scales, dims=names.dims)


def _units_of(array: xr.DataArray, whole: str, what: str) -> xr.DataArray:
    """Return what coordinates, attributes and the values themselves say of the units of an array."""
    printed_units = [
        _unit_attribute(array.attrs, what) or whole,
        _foreign_unit(getattr(array.data, "units", None)),
    ]
    found = [xr.DataArray(np.array(unit, dtype=object)) for unit in printed_units]
    for name, coordinate in array.coords.items():
        if name in DIMS:
            unit = _unit_attribute(coordinate.attrs, say("the coordinate {name!r}", name=name))
            if unit and not (name == "year" and unit.lower() in {"year", "years", "a", "yr", "年"}):
                raise UnitError(
                    say(
                        "the coordinate {name!r} has the unit {unit!r}; amounts have theirs "
                        "as an attribute or a coordinate unit of the array",
                        name=name,
                        unit=unit,
                    )
                )
        elif _word(name) == "unit":
            text = np.vectorize(lambda unit: str(unit).strip(), otypes=[object])(coordinate.values)
            found.append(xr.DataArray(text, dims=coordinate.dims))
        else:
            raise TableError(
                say(
                    "the coordinate {name!r} of {what} is not read: drop it, or if it is "
                    "the unit call it {accepted}",
                    name=name,
                    what=what,
                    accepted=_ACCEPTED,
                )
            )
    return reduce(lambda one, other: xr.apply_ufunc(_agree, one, other), found)


def _word(name: Hashable) -> str:
    return column_word(str(name)) or ""


def _unit_attribute(attributes: Mapping[Any, Any], what: str) -> str:
    """Return the unit that an attribute says; what is neither unit nor description is refused."""
    units = {str(value).strip() for key, value in attributes.items() if _word(key) == "unit"} - {""}
    for key in attributes:
        if _word(key) != "unit" and str(key).lower() not in _DESCRIBE:
            raise TableError(
                say(
                    "the attribute {key!r} of {what} is not read: drop it, or if it is the "
                    "unit call it {accepted}",
                    key=key,
                    what=what,
                    accepted=_ACCEPTED,
                )
            )
    if len(units) > 1:
        raise UnitError(
            say(
                "the attributes of {what} say {units}; keep one",
                what=what,
                units=join_texts(" and ", sorted(units)),
            )
        )
    return units.pop() if units else ""


def _agree(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the units that two sources say together.

    Raises
    ------
    UnitError
        If they say two.
    """
    one, other = np.broadcast_arrays(one, other)
    clash = (one != "") & (other != "") & (one != other)
    for here, there in {(str(a), str(b)) for a, b in zip(one[clash], other[clash], strict=True)}:
        if _parse(here) != _parse(there):
            raise UnitError(
                say(
                    "the unit is said to be {here!r} and {there!r}; keep one",
                    here=here,
                    there=there,
                )
            )
    return np.where(one == "", other, one)


def _parse(unit: str) -> tuple[float, str]:
    scale, parsed = parse_unit(_expression(unit))
    return scale, str(parsed)


def _expression(unit: str) -> str:
    """Return a unit as the registry writes it, from its own words or from printed ones."""
    try:
        return read_unit(unit)
    except UnitError as error:
        try:
            parse_unit(unit)
        except UnitError:
            raise error from None
        return unit


def _foreign_unit(units: Any) -> str:
    """Return the unit of a quantity of any registry as ours writes it.

    Raises
    ------
    UnitError
        If we do not know it, or mean another by its name.
    """
    if units is None:
        return ""
    for text in (str(units), f"{units:~D}") if hasattr(units, "dimensionality") else (str(units),):
        try:
            expression = text if parse_unit(text) else ""
        except UnitError:
            continue
        _refuse_namesake(units, expression)
        return expression
    return _expression(str(units))


def _refuse_namesake(units: Any, expression: str) -> None:
    """Refuse a unit that is of another size in its own registry, as the calorie is."""
    try:
        base = (1 * units).to_base_units()
        ours = conversion_factor(expression, str(base.units))
    except Exception:  # noqa: BLE001 - another registry: what it has no base for, only the name tells
        return
    if abs(base.magnitude - ours) > _SAME * abs(ours):
        raise UnitError(
            say(
                "one {units} is {magnitude:g} {base_units} in its registry and {ours:g} "
                "here; convert it to a unit such as t, m3, GJ or kWh",
                units=units,
                magnitude=base.magnitude,
                base_units=base.units,
                ours=ours,
            )
        )


def _find_conversion(product: str, unit: str) -> UnitConversion:
    """Return how a unit becomes that in which a product is kept."""
    if product not in vocabulary.products():
        raise TableError(
            say(
                "no product {product!r}; {near}",
                product=product,
                near=did_you_mean(product, vocabulary.products()),
            )
        )
    expression = on_basis(product, _expression(unit), "") if unit else ""
    conversion = convert(product, expression)
    if conversion is None or conversion.is_left_out:
        own = vocabulary.products()[product].unit
        reason = why_not(product, expression) or say(
            "it is measured in {own}, or in energy", own=own
        )
        raise UnitError(
            say(
                "{expression} of {product}: {reason}",
                expression=expression,
                product=product,
                reason=reason,
            )
        )
    return conversion


def _read_values(data: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return values as numbers, and the unit of each that brings its own."""
    dtype_unit = _foreign_unit(getattr(getattr(data, "dtype", None), "units", None))
    if isinstance(data, pd.Series):
        index, data = data.index, data.array if dtype_unit else data.to_numpy()
        unit = np.full(len(index), dtype_unit, dtype=object)
        if dtype_unit:
            return np.asarray(getattr(data, "quantity", data).magnitude, float), unit
        if data.dtype == object:
            unit = np.array(
                [_foreign_unit(getattr(value, "units", None)) for value in data], dtype=object
            )
            data = np.array([getattr(value, "magnitude", value) for value in data], dtype=object)
    else:
        data, unit = np.asarray(getattr(data, "magnitude", data)), np.array("", dtype=object)
    if data.dtype.kind in "fiu":
        return data.astype(float), unit
    if data.dtype.kind not in "OUST":
        raise TableError(say("the values are {dtype}, no numbers", dtype=data.dtype))
    flat = data.ravel()
    if odd := [value for value in flat if isinstance(value, (bool, np.bool_, complex))]:
        raise TableError(say("{odd!r} is no number", odd=odd[0]))
    number = pd.to_numeric(pd.Series(flat), errors="coerce").to_numpy(float)
    bad = np.isnan(number) & ~pd.isna(flat)
    if bad.any():
        position = int(bad.argmax())
        raise TableError(
            say(
                "row {position} of the table: {flat!r} is no number",
                position=position,
                flat=flat[position],
            )
        )
    return number.reshape(data.shape), unit


def _read_years(years: Iterable[Any]) -> list[int]:
    """Return years as whole numbers.

    Raises
    ------
    TableError
        If one is a truth value, has a fraction, or is no year of the calendar.
    """
    return [_read_year(year) for year in years]


def _read_year(year: Any) -> int:
    is_number = isinstance(year, (int, float, np.number)) and not isinstance(year, bool)
    if is_number and year == year // 1 and _FIRST_YEAR <= year <= _LAST_YEAR:
        return int(year)
    if isinstance(year, str) and year.isdecimal() and _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return int(year)
    raise TableError(say("{year!r} is not a year; write it as 2019", year=year))


def _label(
    numbers: np.ndarray, labels: dict[str, np.ndarray], conversions: Ways
) -> tuple[xr.DataArray, tuple[Finding, ...]]:
    products = [str(product) for product in labels["product"]]
    kept: dict[str, str] = {}
    for (product, _), conversion in conversions.items():
        if kept.setdefault(product, conversion.unit) != conversion.unit:
            raise TableError(
                say(
                    "{product} is in {kept} here and in {unit} there; give it in one kind of unit",
                    product=product,
                    kept=kept[product],
                    unit=conversion.unit,
                )
            )
    coords = {
        "area": [str(area) for area in labels["area"]],
        "year": [int(year) for year in labels["year"]],
        "flow": [str(flow) for flow in labels["flow"]],
        "product": products,
        "unit": ("product", [kept[product] for product in products]),
    }
    amounts = xr.DataArray(numbers, dims=DIMS, coords=coords, name="amounts")
    return amounts, tuple(note_conversions(_converted(conversions)))


def _converted(conversions: Ways) -> Iterable[tuple[str, str, str, str]]:
    for (product, unit), conversion in conversions.items():
        if conversion.source:
            yield on_basis(product, _expression(unit), ""), conversion.source, product, ""
