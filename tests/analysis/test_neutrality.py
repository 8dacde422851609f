"""Gross, removals and net of the record, and the year in which they meet."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.neutrality import find_neutral_year, tabulate_neutrality
from carbonacct.cli import main
from carbonacct.errors import MethodError, PanelError
from carbonacct.inventory.entry_columns import make_entries, sector_of
from carbonacct.inventory.record import Inventory
from carbonacct.report.frames import format_csv

# The People's Republic of China, Second Biennial Update Report on Climate Change, 2018: CO2 of 2014 in 10^4 t as
# printed, without and with land; land that takes up and land that emits.
SECTORS = {"1": 892492.9, "2": 132986.6, "4": 2005.5}
LAND = {
    "3.B.1": -83973,
    "3.B.2": -4946,
    "3.B.3": -10916,
    "3.B.4": -4454,
    "3.B.5": 253,
    "3.D.1": -11055,
}
NET, TAKEN_UP = 912394, -115344


def record(values, *, years=(2014,), gas="CO2", keys=None):
    """Return an inventory of categories and values in t, the same in each year."""
    codes = list(values)
    count = len(codes) * len(years)
    amounts = np.tile(np.array(list(values.values()), float), len(years))
    columns = {
        "category": np.array(codes * len(years), object),
        "sector": np.array([sector_of(code) for code in codes] * len(years), object),
        "value": np.where(np.isnan(amounts), np.nan, amounts),
        "notation": np.array([(keys or {}).get(code, "") for code in codes] * len(years), object),
        "kind": np.where(amounts < 0, "removal", "emission"),
        "year": np.repeat(years, len(codes)),
        "flow": np.full(count, "printed", object),
    }
    return Inventory(make_entries({**columns, "area": "中国", "gas": gas}))


def test_the_national_inventory_of_2014():
    """Net is the printed total with land; gross is what emits, removals what land takes up."""
    row = tabulate_neutrality(record({**SECTORS, **LAND}), gas="CO2").iloc[0]
    assert row["net"] == pytest.approx(NET, abs=0.1)
    assert row["removals"] == TAKEN_UP
    assert row["gross"] == pytest.approx(sum(SECTORS.values()) + 253, rel=1e-12)
    assert (row["unit"], row["gas"], row["notation"]) == ("t", "CO2", "")


def test_gases_are_added_up_by_a_metric_alone():
    """CH4 of wetlands is 28 t CO2e a t by AR5; without a metric or a gas it is refused."""
    both = ca.join_inventories([record({"3.B.1": -100.0}), record({"4.A": 2.0}, gas="CH4")])
    row = tabulate_neutrality(both, gwp="AR5GWP100").iloc[0]
    assert (row["gross"], row["removals"], row["net"]) == (56.0, -100.0, -44.0)
    for words in ({}, {"gas": "CO2", "gwp": "AR5GWP100"}):
        with pytest.raises(MethodError, match=r"^neutrality is of one gas or of all by a metric"):
            tabulate_neutrality(both, **words)


def test_a_part_that_lacks_makes_no_number():
    """NE voids its side and net; what does not occur does not; on request the rest is added up and the key stays."""
    held = record(
        {"1": math.nan, "2": 5.0, "4": math.nan, "3.B.1": -7.0}, keys={"1": "NE", "4": "NO"}
    )
    row = tabulate_neutrality(held, gas="CO2").iloc[0]
    assert math.isnan(row["gross"])
    assert math.isnan(row["net"])
    assert (row["removals"], row["notation"]) == (-7.0, "NE")
    known = tabulate_neutrality(held, gas="CO2", known_only=True).iloc[0]
    assert (known["gross"], known["net"], known["notation"]) == (5.0, -2.0, "NE")
    with pytest.raises(PanelError, match="net emissions of 2014 have no number"):
        find_neutral_year(tabulate_neutrality(held, gas="CO2"))


def test_scope_2_and_memo_items_are_in_none():
    """Electricity brought in and bunkers change nothing."""
    cube = ca.compile_inventory("docs/tables/beijing_2007.csv", method="provincial-2011")
    row = tabulate_neutrality(ca.to_inventory(cube), gas="CO2").iloc[0]
    assert row["net"] == pytest.approx(cube.total().item().magnitude, rel=1e-12)


def test_neutrality_lasts_to_the_end():
    """A year between two that emit does not count; a path that never falls has none and says what is left."""
    path = pd.DataFrame({"year": [2030, 2040, 2050], "net": [-1.0, 3.0, 2.0]})
    assert find_neutral_year(path).year is None
    assert (find_neutral_year(path).gap, find_neutral_year(path).last) == (2.0, 2050)
    assert find_neutral_year(path.assign(net=[5.0, 0.0, -1.0])).year == 2040
    shuffled = path.assign(net=[5.0, 0.0, -1.0]).sample(frac=1, random_state=1)
    assert find_neutral_year(shuffled).year == 2040
    with pytest.raises(PanelError, match="each year once"):
        find_neutral_year(pd.concat([path, path]))


def write(tmp_path, years=(2014, 2018)):
    """Write an inventory and return the words of the command."""
    text = format_csv(record({**SECTORS, **LAND}, years=years).to_frame())
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    return ["neutrality", str(tmp_path / "a.csv"), "--gas", "CO2"]


def test_the_command_says_years_and_the_meeting(tmp_path, capsys):
    """Each year of the inventory in Mt, and whether removals make up for it by the last."""
    assert main([*write(tmp_path), "--lang", "en", "-o", str(tmp_path / "out.csv")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "中国 2014  gross 1.0277 Mt  removals -0.1153 Mt  net 0.9124 Mt  CO2"
    assert lines[2] == "中国: not reached by 2018; 0.9124 Mt are left"
    assert pd.read_csv(tmp_path / "out.csv")["year"].tolist() == [2014, 2018]
    assert main([*write(tmp_path), "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[2] == "中国：至 2018 年未达到，尚余 0.9124 Mt"
