"""Inventories read back: what a file may lack, and numbers that are none."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import carbonacct as ca
from carbonacct.errors import TableError
from carbonacct.inventory.entry_columns import COLUMNS, sector_of
from carbonacct.inventory.inventory_reader import _of_cube

HEAD = ",".join(COLUMNS)
SOUND = {"area": "甲", "year": 2020, "flow": "f", "product": "", "category": "1.A.2", "scope": 1}
SOUND |= {"gas": "CO2", "value": 1.5, "unit": "t", "method": "m"}


def put(folder, *rows, name="a.csv", **more):
    """Write rows as CSV or JSON and return the path."""
    path = folder / name
    if name.endswith("json"):
        path.write_text(json.dumps({"rows": list(rows), **more}), encoding="utf-8")
    else:
        pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"value": "nan"}, "value 'nan' is not a number"),
        ({"value": "inf"}, "value 'inf' is not a number"),
        ({"value": "-Infinity"}, "value '-Infinity' is not a number"),
        ({"value": ""}, "is no inventory"),
        ({"value": "1_000"}, "value '1_000' is not a number"),
        ({"value": "300 e"}, "value '300 e' is not a number"),
        ({"activity": "1_000"}, "activity '1_000' is not a number"),
        ({"activity": "much"}, "activity 'much' is not a number"),
        ({"year": "2_020"}, "a.csv:3: year is '2_020', no number"),
        ({"year": "2020.5"}, "a.csv:3: year is '2020.5', no number"),
        ({"year": "then"}, "a.csv:3: year is 'then', no number"),
        ({"scope": "1.2"}, "a.csv:3: scope is '1.2', no number"),
        ({"scope": ""}, "a.csv:3: scope is '', no number"),
    ],
)
def test_a_cell_that_is_no_number_is_named(tmp_path, changed, message):
    """A word that Python takes for a number is none of an inventory; a year is whole."""
    path = put(tmp_path, SOUND, {**SOUND, "flow": "g", **changed})
    with pytest.raises(TableError) as caught:
        ca.read_inventory(path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "changed",
    [
        {"value": "much"},
        {"value": True},
        {"activity": "much"},
        {"year": None},
        {"year": 2020.5},
        {"scope": "x"},
    ],
)
def test_rows_of_json_are_checked_as_those_of_a_csv(tmp_path, changed):
    """With the row and what stands there."""
    path = put(tmp_path, SOUND, {**SOUND, "flow": "g", **changed}, name="a.json")
    (name, cell), *_ = changed.items()
    with pytest.raises(TableError, match=rf"a\.json:3: {name} is "):
        ca.read_inventory(path)
    assert cell is None or str(cell)


def test_a_key_stands_in_the_place_of_a_number(tmp_path):
    """NE without a value is an entry without a number; a number beside a key is one."""
    rows = [
        SOUND | {"notation": "", "activity": 2.5},
        SOUND | {"flow": "g", "value": "", "notation": "NE", "activity": ""},
    ]
    held = ca.read_inventory(put(tmp_path, *rows)).entries
    assert held["activity"].tolist() == pytest.approx([2.5, math.nan], nan_ok=True)
    assert held["notation"].tolist() == ["", "NE"]
    assert held["value"].tolist() == pytest.approx([1.5, math.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("changed", "sector", "kind"),
    [
        ({"category": "1.A.2"}, "energy", "emission"),
        ({"category": "", "scope": 2}, "energy", "scope2"),
        ({"category": "3.B.1.a", "value": -2.0}, "land", "removal"),
        ({"category": "3.B.1.a", "value": 2.0}, "land", "emission"),
        ({"category": "2.A.1", "value": -2.0}, "processes", "emission"),
        ({"category": "4.A"}, "waste", "emission"),
        ({"category": "3.A.1.x.y"}, "agriculture", "emission"),
        ({"category": "9.Z"}, "other", "emission"),
    ],
)
def test_what_a_file_lacks_follows_from_its_rows(tmp_path, changed, sector, kind):
    """The sector from the category or the nearest one above it, the kind from scope, sector and sign."""
    (row,) = ca.read_inventory(put(tmp_path, SOUND | changed)).entries.to_dict("records")
    assert (row["sector"], row["kind"]) == (sector, kind)
    assert sector_of(changed["category"]) == sector


def test_rows_that_are_weighted_are_not_read(tmp_path):
    """Equivalents are sums of the rows beside them: they come back when somebody asks for them."""
    weighted = SOUND | {"gas": "CO2e (AR5GWP100)", "value": 28.0}
    held = ca.read_inventory(put(tmp_path, SOUND, weighted)).entries
    assert held["gas"].tolist() == ["CO2"]


def test_a_submission_is_read_by_its_folder(tmp_path):
    """The folder stands for the inventory in it."""
    put(tmp_path, SOUND, name="inventory.csv")
    assert ca.read_inventory(tmp_path).equals(ca.read_inventory(tmp_path / "inventory.csv"))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"findings": [{}]}, "what belongs to its rows cannot be read"),
        ({"findings": 5}, "what belongs to its rows cannot be read"),
        ({"made_from": [{"version": "1"}]}, "what belongs to its rows cannot be read"),
        ({"equations": 5}, "what belongs to its rows cannot be read"),
    ],
)
def test_what_belongs_to_rows_is_checked(tmp_path, more, message):
    """Findings, makings and equations of another shape are refused in one line."""
    rows = SOUND | {"equation": 0, "cell": 0}
    with pytest.raises(TableError, match=message) as caught:
        ca.read_inventory(put(tmp_path, rows, name="a.json", **more))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"), [("a.json", "5"), ("a.json", '{"rows": 5}'), ("a.json", '{"lines": []}')]
)
def test_a_file_without_rows_says_so(tmp_path, name, text):
    """It is no inventory, whatever else it holds."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=r"a\.json: is no inventory \(it has no rows\)"):
        ca.read_inventory(tmp_path / name)


def test_a_file_that_is_not_there_says_why(tmp_path):
    """In one line, as any that cannot be opened."""
    for kind in (".csv", ".json"):
        with pytest.raises(
            TableError, match=rf"a\{kind}: cannot be read \(No such file or directory\)"
        ):
            ca.read_inventory(tmp_path / f"a{kind}")


def test_numbers_come_back_as_they_are_printed(tmp_path):
    """Every digit of a value, and activities of JSON, which CSVs do not have."""
    value = 0.1 + 0.2
    held = ca.read_inventory(put(tmp_path, SOUND | {"value": repr(value)})).entries
    assert held["value"].tolist() == [value]
    assert np.isnan(held["activity"]).all()
    read = ca.read_inventory(
        put(tmp_path, SOUND | {"activity": 7.5, "activity_unit": "t"}, name="a.json")
    ).entries
    assert (read["activity"].tolist(), read["activity_unit"].tolist()) == ([7.5], ["t"])


def test_rows_of_a_cube_stand_by_area_year_flow_product_and_gas():
    """As the file has its labels, direct numbers and those that crossed the border together."""
    dims = {"area": ["乙", "甲"], "year": [2021, 2020], "flow": ["transport", "industry"]}
    dims |= {"product": ["heat", "diesel"], "gas": ["N2O", "CO2"]}
    direct = np.arange(32.0).reshape(2, 2, 2, 2, 2)
    direct[..., 0, :] = np.nan  # heat does not burn
    moved = np.full((2, 2, 2, 2), np.nan)
    moved[:, :, 1, 0] = 5.0
    lacking = np.zeros((2, 2, 2, 2))
    lacking[0, 0, 0, 0] = 1
    held = list(dims)
    cube = xr.Dataset(
        {"value": (held, direct), "indirect": (held[:4], moved), "lacking": (held[:4], lacking)},
        coords={**dims, "category": ("flow", ["1.A.3", "1.A.2"])},
        attrs={"method": "m"},
    )
    rows = _of_cube(cube)
    places = [tuple(dims[dim].index(row[dim]) for dim in dims) for row in rows.to_dict("records")]
    assert places == sorted(places)
    assert rows.index.tolist() == list(range(16 + 4 + 1))
    burnt, crossed = rows[rows["scope"] == 1], rows[rows["scope"] == 2]
    assert burnt["value"].tolist() == direct[~np.isnan(direct)].tolist()
    assert dict(zip(burnt["flow"], burnt["category"], strict=True)) == {
        "transport": "1.A.3",
        "industry": "1.A.2",
    }
    assert crossed[["flow", "notation"]].to_numpy().tolist() == [
        ["transport", "NE"],
        *[["industry", ""]] * 4,
    ]
    assert set(crossed["gas"]) == {"CO2"}
    assert set(rows["unit"] + rows["method"]) == {"tm"}
