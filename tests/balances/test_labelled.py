"""What a data frame or an array says, and what of it is refused, each with its words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pint
import pytest
import xarray as xr

import carbonacct as ca
from carbonacct.errors import TableError, UnitError

DIMS = ("area", "year", "flow", "product")
ROW = {"area": "A", "year": 2019, "flow": "industry", "product": "diesel", "value": 3.0}
OTHER = pint.UnitRegistry()


def frame(*rows, **columns):
    """Return a long table: the row above with other cells, for each."""
    table = pd.DataFrame([ROW | row for row in rows or ({},)])
    for name, cells in columns.items():
        table[name] = cells
    return table


def array(value=3.0, *, attrs=None, **labels):
    """Return an array of one number."""
    coords = {dim: [ROW[dim]] for dim in DIMS} | {dim: [label] for dim, label in labels.items()}
    made = xr.DataArray(np.full((1, 1, 1, 1), value), dims=DIMS, coords=coords)
    made.attrs.update(attrs or {})
    return made


def with_unit_of_year(unit):
    """Return an array whose coordinate of years has a unit."""
    made = array()
    made["year"].attrs["units"] = unit
    return made


REFUSED = {
    "no column": (
        frame().drop(columns="flow"),
        "the table has no column 'flow'; it has area, year, product, value",
    ),
    "twice a column": (
        pd.concat([frame(), frame()[["value"]]], axis=1),
        "the table has the column 'value' twice; keep one",
    ),
    "a column of something else": (
        frame(remark="x"),
        "column 'remark' of the table is not read: drop it, or if it is the unit call it unit, units, 单位 or 计量单位",
    ),
    "no label": (frame({}, {"flow": None}), "row 1 of the table lacks a label"),
    "a row twice": (
        frame({}, {"value": 5.0}),
        "the table has A, 2019, industry, diesel twice; a cell has one number",
    ),
    "a row without a unit": (
        frame({}, {"area": "B"}, unit=["t", ""]),
        "row 1 of the table has no unit in the column 'unit'; write it",
    ),
    "units that differ": (
        frame(unit="t", 单位="万吨"),
        "the unit is said to be 't' and '万吨'; keep one",
    ),
    "a volume without a density": (
        frame(unit="kL", product="ethanol"),
        "kL of ethanol: there is no checked density of ethanol: give tonnes, or energy",
    ),
    "no unit": (frame(unit="wagons"), "'wagons' is not a unit known here"),
    "mass of electricity": (
        frame(unit="t", product="electricity"),
        "t of electricity: it is measured in kWh, or in energy",
    ),
    "two kinds of units": (
        frame({}, {"area": "B"}, unit=["t", "TJ"]),
        "diesel is in t here and in GJ there; give it in one kind of unit",
    ),
    "no product": (frame(product="diesl"), "no product 'diesl'; did you mean diesel"),
    "no flow": (frame(flow="industri"), "no flow 'industri'; did you mean industry"),
    "a text for a number": (
        frame({}, {"area": "B"}, value=["3", "x"]),
        "row 1 of the table: 'x' is no number",
    ),
    "a truth value": (frame(value=pd.Series([True], dtype=object)), "True is no number"),
    "truth values": (frame(value=[True]), "the values are bool, no numbers"),
    "infinite": (frame(value=np.inf), "the table holds an infinite number; take it out"),
    "a year of a text": (frame(year="last"), "'last' is not a year; write it as 2019"),
    "a year before any": (frame(year=1749), "1749 is not a year; write it as 2019"),
    "a year after any": (frame(year="2201"), "'2201' is not a year; write it as 2019"),
    "a fraction of a year": (frame(year=2019.5), "2019.5 is not a year; write it as 2019"),
    "an attribute": (
        array(attrs={"colour": "red"}),
        (
            "the attribute 'colour' of the array is not read: drop it, or if it is the unit call it unit, units, "
            "单位 or 计量单位"
        ),
    ),
    "two attributes": (
        array(attrs={"unit": "t", "单位": "kg"}),
        "the attributes of the array say kg and t; keep one",
    ),
    "no dim": (
        array().isel(area=0, drop=True),
        "the array has dims year, flow, product; an energy balance has area, year, flow, product",
    ),
    "a coordinate": (
        array().assign_coords(quality=("area", ["good"])),
        (
            "the coordinate 'quality' of the array is not read: drop it, or if it is the unit call it unit, units, "
            "单位 or 计量单位"
        ),
    ),
    "a unit of years": (
        with_unit_of_year("s"),
        "the coordinate 'year' has the unit 's'; amounts have theirs as an attribute or a coordinate unit of the array",
    ),
    "a label twice": (xr.concat([array(), array()], "area"), "the array has a area twice: A"),
}


@pytest.mark.parametrize(("table", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_is_refused_with_its_words(table, words):
    """What is wrong and what is to be done; nothing is passed over."""
    with pytest.raises((TableError, UnitError)) as raised:
        ca.make_balance(table)
    assert str(raised.value).startswith(words)


READ = {
    "the earliest year": frame(year=1750),
    "the last year": frame(year="2200"),
    "a year as a float": frame(year=2019.0),
    "a number as a text": frame(value="3"),
    "a unit in the frame": frame(unit=" t "),
    "units twice alike": frame(unit="t", 单位="吨"),
    "one of two columns is blank": frame(unit="t", 单位=""),
    "an attribute": array(attrs={"units": "t", "title": "x", "Source": "y"}),
    "a blank attribute": array(attrs={"units": " "}),
    "years of years": with_unit_of_year("years"),
    "a unit as a coordinate": array().assign_coords(unit=("product", ["t"])),
    "in kilotonnes": array(0.003, attrs={"unit": "kt"}),
    "in barrels": array(3.0 * 1.149 / 0.158987294928, attrs={"unit": "barrel"}),
    "a dataset": array().isel(product=0, drop=True).to_dataset(name="diesel"),
    "other dims first": array().transpose(*DIMS[::-1]),
}


@pytest.mark.parametrize("table", READ.values(), ids=READ)
def test_what_is_read_is_three_tonnes(table):
    """Whatever says it."""
    balance = ca.make_balance(table)
    assert balance.amounts.values.ravel().tolist() == pytest.approx([3.0])
    assert balance.units == ("t",)
    assert balance.amounts.dims == DIMS


def test_a_cell_that_no_row_names_is_absent():
    """Two rows of unlike labels span four cells; years stand in order, other labels as they come."""
    balance = ca.make_balance(
        frame({"year": 2019, "area": "B"}, {"year": 2018, "flow": "transport", "value": np.nan})
    )
    assert (balance.areas, balance.years) == (["B", "A"], [2018, 2019])
    assert np.isfinite(balance.amounts.values).sum() == 1
    assert (balance.status.values == 0).sum() + (balance.status.values != 0).sum() == 8


def test_what_was_converted_by_a_published_number_is_said():
    """Barrels by the density, gross energy by the ratio; a power of ten needs no word."""
    said = {
        unit: [one.rule for one in ca.make_balance(frame(unit=unit)).findings]
        for unit in ("kt", "kL", "1e12 Btu")
    }
    assert said["kt"] == []
    assert len(said["kL"]) == len(said["1e12 Btu"]) == 1


def test_a_unit_of_another_registry_is_of_its_own_size():
    """Its kilotonne is ours; a unit that has another size there is refused."""
    data = OTHER.Quantity(np.full((1, 1, 1, 1), 3.0), "kilotonne")
    balance = ca.make_balance(
        xr.DataArray(data, dims=DIMS, coords={dim: [ROW[dim]] for dim in DIMS})
    )
    assert balance.amounts.item() == pytest.approx(3000.0)
    odd = pint.UnitRegistry()
    odd.define("kilotonne = 2e6 kilogram")
    data = odd.Quantity(np.full((1, 1, 1, 1), 3.0), "kilotonne")
    with pytest.raises(UnitError, match="in its registry and"):
        ca.make_balance(xr.DataArray(data, dims=DIMS, coords={dim: [ROW[dim]] for dim in DIMS}))
