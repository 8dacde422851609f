"""Quality and reconciliation over the record of all sectors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca

TABLES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"


@pytest.fixture(scope="module")
def whole():
    """Return the example of all sectors."""
    return ca.compile_sectors(*TABLES, method="provincial-2011")


@pytest.fixture(scope="module")
def cube():
    """Return its energy part by itself."""
    return ca.compile_inventory(TABLES[0], method="provincial-2011")


def test_a_record_of_energy_alone_is_judged_as_its_cube(cube):
    """One door, one answer."""
    assert ca.check_quality(ca.to_inventory(cube)) == ca.check_quality(cube)


def test_a_source_that_jumps_is_said_in_its_own_gas(tmp_path):
    """Cement and manure of one city: what trebles from one year to the next, each gas by itself."""
    path = tmp_path / "activity.csv"
    rows = [
        f"重庆,{year},水泥熟料产量,,{amount},万吨" for year, amount in ((2006, 500), (2007, 2100))
    ]
    rows += [
        f'重庆,{year},年末存栏,"猪,农户饲养",{amount},万头'
        for year, amount in ((2006, 300), (2007, 1520))
    ]
    path.write_text("area,year,activity,item,value,unit\n" + "\n".join(rows), encoding="utf-8")
    found = ca.check_quality(ca.compile_sectors(path, method="provincial-2011"))
    said = [str(one) for one in found if one.rule == "jump"]
    assert any(
        one.startswith(
            "cement of 重庆 goes from 2,690,000 t CO2 in 2006 to 11,298,000 in 2007, 4.2 times"
        )
        for one in said
    )
    assert any("pigs of manure_ch4 of 重庆 goes from" in one and "t CH4" in one for one in said)
    assert any("t N2O" in one for one in said)


def test_a_gap_of_all_sectors_is_that_of_each(whole, cube):
    """Energy's rows are those of its cube; a source that one side alone has is boundary; terms add up."""
    both = ca.reconcile(whole, cube)
    alone = both.table[both.table["gap"] != 0]
    assert set(alone["flow"]) == {"cement", "calcium_carbide"}
    assert (alone["boundary"] == alone["gap"]).all()
    total = both.sum().loc[0]
    assert total["gap"] == pytest.approx(11_346_465.2, rel=1e-6)
    assert total["gap"] == pytest.approx(
        total[["activity", "factor", "boundary", "undivided"]].sum()
    )
    same = ca.reconcile(ca.to_inventory(cube), cube)
    assert not same.table["gap"].any()
    pd.testing.assert_frame_equal(same.table, ca.reconcile(cube, cube).table, check_dtype=False)
    methane = ca.reconcile(whole, whole, gas="CH4").table
    assert "landfill" in set(methane["flow"])
    assert not methane["gap"].any()


def test_scaled_entries_are_a_gap_without_a_cause_that_is_known(whole):
    """An entry of an equation has no one activity: what differs stays undivided."""
    larger = whole.with_values(whole.entries["value"].to_numpy() * 1.1)
    table = ca.reconcile(larger, whole).table.set_index("flow")
    row = table.loc["cement"]
    np.testing.assert_allclose(row["undivided"], row["gap"])
    assert row["gap"] == pytest.approx(1_129_800)
