"""The doors for arrays and data frames: every unit is read, and nothing is passed over."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pint
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import TableError
from carbonacct.units import conversion_factor, read_unit, registry

DIMS = ("area", "year", "flow", "product")
MASS = ["万吨", "t", "Mt", "kt", "1e4 t", "thousand tonnes", "千吨"]
VOLUME = ["亿立方米", "m3", "bcm", "1e8 m3", "百萬立方公尺"]
FOREIGN = pint.UnitRegistry()


def array_of(value: float = 3.0, product: str = "diesel") -> xr.DataArray:
    """Return one number of one flow."""
    coords = {"area": ["重庆"], "year": [2015], "flow": ["transport"], "product": [product]}
    return xr.DataArray(np.full((1, 1, 1, 1), value), dims=DIMS, coords=coords)


def frame_of(**columns: object) -> pd.DataFrame:
    """Return a long table of one row."""
    row = {"area": "重庆", "year": 2015, "flow": "transport", "product": "diesel", "value": 3.0}
    return pd.DataFrame({name: [value] for name, value in (row | columns).items()})


def total(table: object) -> float:
    """Return the emissions of a table, t CO2."""
    return float(ca.compile_inventory(table, method="provincial-2011").total().item().magnitude)


@settings(max_examples=10)
@given(
    amounts=st.tuples(st.floats(1, 1e5), st.floats(1, 1e5)),
    mass=st.sampled_from(MASS),
    volume=st.sampled_from(VOLUME),
    column=st.sampled_from(["unit", "units", "Unit", "UNITS", "单位", "计量单位"]),
)
def test_one_balance_through_every_door_is_one_inventory(amounts, mass, volume, column):
    """Columns, attributes, coordinates and pint say a unit; in each the inventory is that in canonical units."""
    products, own, units = ["diesel", "natural_gas"], ["t", "m3"], [mass, volume]
    plain = xr.concat(
        [array_of(amount, product) for amount, product in zip(amounts, products, strict=True)],
        "product",
    )
    scales = [
        conversion_factor(read_unit(unit), kept) for unit, kept in zip(units, own, strict=True)
    ]
    printed = plain / np.array(scales)
    frame = printed.to_series().rename("value").reset_index()
    frame[column] = frame["product"].map(dict(zip(products, units, strict=True)))
    dataset = printed.to_dataset("product")
    quantities = printed.to_dataset("product")
    for product, unit, key in zip(products, units, ("units", "单位"), strict=True):
        dataset[product].attrs[key] = unit
        ours = registry().Quantity(*_scaled(printed.sel(product=product, drop=True), unit))
        quantities[product] = (quantities[product].dims, ours)
    doors = [frame, printed.assign_coords({column: ("product", units)}), dataset, quantities]
    expected = total(plain)
    for door in doors:
        np.testing.assert_allclose(total(door), expected, rtol=1e-12)


def _scaled(array: xr.DataArray, unit: str) -> tuple[np.ndarray, str]:
    kept = "t" if unit in MASS else "m3"
    return array.values * conversion_factor(read_unit(unit), kept), kept


@pytest.mark.parametrize(
    "door",
    [
        array_of().assign_attrs(units="万吨"),
        array_of().assign_attrs(Unit="1e4 t"),
        array_of().assign_coords(单位="万吨"),
        array_of().assign_coords(units=("flow", ["万吨"])),
        array_of().to_dataset("product").assign_attrs(units="万吨"),
        array_of().copy(data=FOREIGN.Quantity(np.full((1, 1, 1, 1), 3e4), "tonne")),
        array_of().copy(data=FOREIGN.Quantity(np.full((1, 1, 1, 1), 3e7), "kg")),
        array_of().assign_attrs(units="万吨", title="a panel", history="made"),
        frame_of(value=FOREIGN.Quantity(3e4, "tonne")),
        frame_of(Units="万吨"),
        frame_of(unit="万吨", status="number", cell="B7"),
        frame_of(year=2015.0, unit="万吨"),
        frame_of(year="2015", unit="万吨"),
    ],
)
def test_a_unit_is_read_wherever_it_stands(door):
    """3 of 万吨 are 30,000 t, by attribute, coordinate, quantity of another registry or column."""
    assert ca.make_balance(door).amounts.item() == pytest.approx(30000.0, rel=1e-12)


def test_attributes_of_a_frame():
    """A DataFrame may say its unit in ``attrs``."""
    frame = frame_of()
    frame.attrs["units"] = "万吨"
    assert ca.make_balance(frame).amounts.item() == 30000.0


@pytest.mark.parametrize(
    ("door", "message"),
    [
        (frame_of(Masseinheit="万吨"), "column 'Masseinheit' of the table is not read"),
        (frame_of(scope=1), "column 'scope' of the table is not read"),
        (frame_of(unit="万吨", units="t"), "said to be '万吨' and 't'"),
        (frame_of(unit="furlong"), "'furlong' is not a unit"),
        (
            pd.concat([frame_of(unit="万吨"), frame_of(flow="farming")]),
            "row 1 of the table has no unit in the column 'unit'",
        ),
        (frame_of(unit="ton"), "more than one meaning"),
        (frame_of(year=2020.7), "2020.7 is not a year"),
        (frame_of(year=20), "20 is not a year"),
        (frame_of(year=True), "True is not a year"),
        (frame_of(year=pd.Timestamp("2015")), "is not a year"),
        (frame_of(value=True), "no number"),
        (frame_of(value=1 + 2j), "no number"),
        (frame_of(value="1,234"), "'1,234' is no number"),
        (frame_of(unit="TJ GCV", product="wood"), "no ratio of net to gross"),
        (frame_of(unit="kL", product="ethanol"), "no checked density of ethanol"),
        (
            array_of().assign_attrs(scale_factor=1e4),
            "attribute 'scale_factor' of the array is not read",
        ),
        (
            array_of().assign_attrs(measured_in="万吨"),
            "attribute 'measured_in' of the array is not read",
        ),
        (array_of().assign_attrs(units="万吨", unit="t"), "say t and 万吨"),
        (array_of().assign_coords(measure="万吨"), "coordinate 'measure' of the array is not read"),
        (
            array_of().assign_coords(units="万吨").assign_attrs(units="t"),
            "said to be 't' and '万吨'",
        ),
        (array_of().assign_coords(year=[2020.7]), "2020.7 is not a year"),
        (array_of().assign_coords(year=[20]), "20 is not a year"),
        (array_of() > 0, "no number"),
        (
            array_of().to_dataset("product").assign_attrs(scale="万"),
            "attribute 'scale' of the Dataset is not read",
        ),
        (array_of().copy(data=FOREIGN.Quantity(np.ones((1, 1, 1, 1)), "parsec")), "parsec"),
        (array_of().copy(data=FOREIGN.Quantity(np.ones((1, 1, 1, 1)), "kcal")), "4184"),
    ],
)
def test_what_a_door_does_not_read_it_names(door, message):
    """An unread column, coordinate or attribute, a second unit, a year or value that is none: one line each."""
    with pytest.raises(ca.CarbonacctError) as error:
        ca.compile_inventory(door, method="provincial-2011")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_energy_is_kept_as_energy():
    """An array in TJ, or the amounts of a table in coal equivalent, go through the door as through a file."""
    energy = ca.compile_inventory(array_of(100.0).assign_attrs(units="TJ"), method="ipcc-2006")
    assert energy.total().item().magnitude == pytest.approx(100 * 74.1)
    gross = ca.compile_inventory(
        array_of(100.0, "natural_gas").assign_attrs(units="TJ (GCV)"), method="ipcc-2006"
    )
    assert gross.total().item().magnitude == pytest.approx(100 * 0.9 * 56.1)
    assert [finding.rule for finding in gross.findings if finding.rule == "gross-energy"] == [
        "gross-energy"
    ]
    again = ca.make_balance(ca.make_balance(array_of(1.0).assign_attrs(units="万吨标准煤")).amounts)
    assert again.amounts["unit"].item() == "tce"
    assert again.amounts.item() == 1e4


def test_an_area_is_one_area_however_a_frame_spells_it():
    """As in files: the first spelling stays, and a cell that stands twice under two spellings is refused."""
    rows = {
        "area": ["重庆市", "Chongqing"],
        "year": [2020, 2021],
        "flow": "industry",
        "product": "diesel",
    }
    frame = pd.DataFrame({**rows, "value": [5.0, 6.0]})
    balance = ca.make_balance(frame)
    assert balance.areas == ["重庆市"]
    assert balance.amounts.values.ravel().tolist() == [5.0, 6.0]
    with pytest.raises(TableError, match="the table has 重庆市, 2020, industry, diesel twice"):
        ca.make_balance(frame.assign(year=2020))
    array = xr.DataArray(
        [[[[5.0]]], [[[6.0]]]],
        dims=("area", "year", "flow", "product"),
        coords={
            "area": ["重庆", "Chongqing"],
            "year": [2020],
            "flow": ["industry"],
            "product": ["diesel"],
        },
    )
    with pytest.raises(TableError, match="the array has a area twice: 重庆"):
        ca.make_balance(array)
