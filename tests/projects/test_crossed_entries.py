"""What data and factors changed in an equation: between inventories in memory and between their files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.projects.comparison_by_cause import compare_inventories
from carbonacct.projects.differences import CAUSES

HEAD = "area,year,activity,item,value,unit\n"
# Cement is a product, manure a sum over animals, the landfill one of a composition; steel has no number.
ROWS = """重庆,2007,水泥熟料产量,,{clinker},万吨
重庆,2007,炼钢生铁耗量,,{iron},万吨
重庆,2007,钢材产量,,300,万吨
重庆,2007,石灰石消耗量,,{flux},万吨
重庆,2007,白云石消耗量,,8,万吨
重庆,2007,年末存栏,"猪,农户饲养",{pigs},万头
重庆,2007,生活垃圾卫生填埋量,,{waste},万吨
重庆,2007,各类填埋场所占比例,管理型,100,%
重庆,2007,waste_share,食品垃圾,59.1,%
重庆,2007,waste_share,纸张,8.5,%
"""
AMOUNTS = {"clinker": 2100, "iron": 270, "flux": 40, "pigs": 1450, "waste": 180}
FILES = (".json", ".parquet", ".nc")


def compiled(folder, method="provincial-2011", overlay=None, rows=ROWS, **amounts):
    """Return an inventory of some activities."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "activity.csv"
    path.write_text(HEAD + rows.format(**{**AMOUNTS, **amounts}), encoding="utf-8")
    return ca.compile_sectors(path, method=method, overlay=overlay)


def own_factor(folder, value, table="clinker_factor", unit="t CO2/(t clinker)"):
    """Return an overlay with one factor."""
    (folder / "processes").mkdir(parents=True, exist_ok=True)
    source = 'title = "own"\npublisher = "me"\nedition = "1"\ndate = "2024"\nreference = "own"\n'
    (folder / "source.toml").write_text(source, encoding="utf-8")
    head = "from,to,value,lower,upper,unit,table,page,status,note\n"
    (folder / "processes" / f"{table}.csv").write_text(
        f"{head},,{value},,,{unit},,,single,own\n", encoding="utf-8"
    )
    return folder


def causes(found, **asked):
    """Return the causes of a change in t, those that are not zero."""
    table = found.table
    for column, value in asked.items():
        table = table[table[column] == value]
    sums = table[list(CAUSES)].sum() / 1e6
    return {name: pytest.approx(value, abs=1e-3) for name, value in sums.items() if value}


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """Return the inventory that others are compared with."""
    return compiled(tmp_path_factory.mktemp("before"))


def test_data_and_factors_of_one_entry_are_told_apart_in_files_as_in_memory(before, tmp_path):
    """Clinker 2100 to 2300 and its factor 0.538 to 0.55: each at the mean of the other; files say the same."""
    overlay = own_factor(tmp_path / "own", 0.55)
    after = compiled(tmp_path / "after", overlay=overlay, clinker=2300, pigs=1500)
    expected = {"data": 200e4 * (0.538 + 0.55) / 2, "factor": (2100e4 + 2300e4) / 2 * 0.012}
    found = compare_inventories(before, after)
    assert causes(found, flow="cement") == expected
    assert set(causes(found, flow="enteric_fermentation")) == {"data"}
    assert found.findings == ()
    for kind in FILES:
        one, other = (tmp_path / f"{name}{kind}" for name in ("one", "other"))
        ca.write_inventory(before, str(one))
        ca.write_inventory(after, str(other))
        read = compare_inventories(one, other)
        assert (read.by() == found.by()).all(axis=None)
        assert causes(read, flow="cement") == expected


def test_one_cause_is_that_cause_alone(before, tmp_path):
    """Another number, another row of one's own, another method: nothing is left undivided."""
    data = compiled(tmp_path / "data", clinker=2000, pigs=1500, waste=200, flux=44)
    assert set(causes(compare_inventories(before, data))) == {"data"}
    factor = compiled(tmp_path / "factor", overlay=own_factor(tmp_path / "own", 0.5))
    assert set(causes(compare_inventories(before, factor))) == {"factor"}
    clinker = ROWS.splitlines(keepends=True)[0]
    one, two = (
        compiled(tmp_path / name, method=name, rows=clinker)
        for name in ("provincial-2011", "ipcc-2006")
    )
    assert set(causes(compare_inventories(one, two))) == {"method"}
    more = compiled(tmp_path / "more", method="ipcc-2006", rows=clinker, clinker=2200)
    both = causes(compare_inventories(one, more))
    assert set(both) == {"data", "method"}
    old, new = (one.total()["value"].item() / 2100e4, two.total()["value"].item() / 2100e4)
    assert both["data"] == 100e4 * (old + new) / 2


def test_what_a_compiler_states_of_a_factor_is_data(tmp_path):
    """A parameter in the activity table is a number of a cell; that it came or went is data too."""
    lime = "重庆,2007,石灰产量,,2,万吨\n重庆,2007,石灰排放因子,,{factor},t CO2/t\n"
    one, two = (compiled(tmp_path / str(f), rows=lime, factor=f) for f in (0.7, 0.72))
    assert causes(compare_inventories(one, two)) == {"data": 400.0}


def test_a_label_that_came_and_a_source_that_went_have_their_cause(before, tmp_path):
    """Paper among the waste is data of the one entry of the landfill; cement without clinker is gone with its cell."""
    rows = ROWS + "重庆,2007,waste_share,木材,1.6,%\n"
    assert set(causes(compare_inventories(before, compiled(tmp_path / "a", rows=rows)))) == {"data"}
    rows = "".join(ROWS.splitlines(keepends=True)[1:])
    found = compare_inventories(before, compiled(tmp_path / "b", rows=rows))
    assert causes(found) == {"data": -2100e4 * 0.538}


amounts = st.fixed_dictionaries({name: st.integers(1, 5000) for name in AMOUNTS})


@settings(max_examples=6, deadline=None)
@given(amounts, st.sampled_from(["0.3", "0.538", "0.9"]))
def test_causes_close_to_the_gram_and_turn_round(before, tmp_path_factory, numbers, factor):
    """Whatever changed: the causes add up in each row, nothing is undivided, and the way back is the opposite."""
    folder = tmp_path_factory.mktemp("drawn")
    after = compiled(folder / "after", overlay=own_factor(folder / "own", factor), **numbers)
    there, back = compare_inventories(before, after), compare_inventories(after, before)
    assert (there.table[list(CAUSES)].sum(axis=1) == there.table["change"]).all()
    assert not there.by()[["undivided", "method", "structure"]].any(axis=None)
    assert (there.by()[list(CAUSES)] == -back.by()[list(CAUSES)]).all(axis=None)
