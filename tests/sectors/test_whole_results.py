"""All that comes of a few tables, word for word: each result of each way to count, and what is said of it.

What is right stands in the tests beside this one, with its source. Here stands what comes out today, so that a change
of any number or word shows. ``python -m tests.sectors.test_whole_results`` writes the file anew: read the difference
before you keep it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import CarbonacctError
from carbonacct.sectors.energy import make_account

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "tests" / "data" / "whole_results.txt"
TABLES = ROOT / "docs" / "tables"
METHODS = ("provincial-2011", "ipcc-2006")
_MOST_LINES = 12
# Two areas and years with what a compiler has to look at: a total alone, parts above their total, negative use, a fuel
# that a plant puts out, feedstock and bunkers above the use, a key, a jump, one number in two rows, biomass, heat.
DOUBTFUL = """地区,年份,项目,原煤(万吨),煤合计(万吨),焦炭(万吨),原油(万吨),汽油(万吨),柴油(万吨),煤油(万吨),天然气(亿立方米),薪柴(万吨),热力(百亿千焦),电力(亿千瓦小时)
北京市,2021,可供本地区消费的能源量,900,900,80,1000,-200,-300,90,150,10,20,700
北京市,2021,一次能源生产量,500,500,,,,,,20,10,,5
北京市,2021,外省(区、市)调入量,400,400,80,900,,,50,130,,20,650
北京市,2021,本省(区、市)调出量,,,,,-200,-300,,,,,
北京市,2021,进口量,,,,100,,,70,,,,
北京市,2021,境外轮船和飞机在境内的加油量,,,,,,,-60,,,,
北京市,2021,库存增(-)、减(+)量,0,0,0,0,0,0,-10,0,0,0,0
北京市,2021,加工转换投入(-)产出(+)量,-500,-500,20,-980,320,370,55,-60,,800,400
北京市,2021,火力发电,-450,-450,5,,,-10,,-40,,,400
北京市,2021,供热,-50,-50,,,,-2,,-20,,800,
北京市,2021,炼油,,,,-980,320,382,55,,,,
北京市,2021,损失量,,,,5,,,,3,,10,60
北京市,2021,终端消费量,400,420,100,15,120,70,145,87,10,810,1040
北京市,2021,农、林、牧、渔业,20,20,,,2,8,,,4,,20
北京市,2021,工业,300,320,100,15,10,20,5,40,,500,700
北京市,2021,#用作原料、材料,30,30,2,1,,,,50,,,
北京市,2021,建筑业,,5,,,4,4,,1,,,20
北京市,2021,交通运输、仓储和邮政业,-3,,,,40,36,140,6,,,60
北京市,2021,批发、零售业和住宿、餐饮业,20,20,,,20,,,10,,60,80
北京市,2021,其他,20,20,,,20,NE,,10,,50,60
北京市,2021,生活消费,40.1235,40.1235,,,24,2,,20,6,200,100.1235
北京市,2022,可供本地区消费的能源量,800,800,80,1000,-200,-300,20,150,10,20,700
北京市,2022,外省(区、市)调入量,800,800,80,900,,,50,130,,20,650
北京市,2022,境外轮船和飞机在境内的加油量,,,,,,,-160,,,,
北京市,2022,加工转换投入(-)产出(+)量,-450,-450,,,,,,-40,,800,400
北京市,2022,火力发电,-450,-450,,,,,,-40,,,400
北京市,2022,终端消费量,350,350,80,10,100,60,30,110,10,820,1000
北京市,2022,工业,300,300,80,10,10,12,,100,,500,650
北京市,2022,#用作原料、材料,,,,,,,,,,,
北京市,2022,交通运输、仓储和邮政业,,,,,60,40,20,,,,60
北京市,2022,生活消费,50,50,,,30,8,10,10,10,320,290
天津市,2021,可供本地区消费的能源量,500,500,,,,,,10,,,-300
天津市,2021,外省(区、市)调入量,500,500,,,,,,10,,,
天津市,2021,本省(区、市)调出量,,,,,,,,,,,-300
天津市,2021,火力发电,-450,-450,,,,,,,,,500
天津市,2021,终端消费量,50,50,,,,,,10,,,200
天津市,2021,工业,20,20,,,,,,8,,,150
天津市,2021,生活消费,30,30,,,,,,2,,,50
"""


def show_frame(name, frame):
    """Yield the rows of a table, numbers to seven digits; of a long one the first, and a digest of all."""
    frame = frame.reset_index() if frame.index.names != [None] else frame
    lines = frame.to_csv(index=False, float_format="%.7g", lineterminator="\n").splitlines()
    yield f"{name}: {len(frame)} rows, {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:8]}"
    yield from (f"  {line}" for line in lines[:_MOST_LINES])


def show_findings(name, findings):
    """Yield findings with their rule and weight."""
    yield from (f"{name} {finding.severity} {finding.rule}: {finding}" for finding in findings)


def show_array(name, array):
    """Yield the numbers of an array that are there."""
    values = array.data.magnitude if hasattr(array.data, "magnitude") else array.values
    frame = array.copy(data=np.asarray(values)).to_dataframe("value").reset_index()
    yield from show_frame(name, frame.dropna(subset=["value"]))


def show_inventory(inventory):
    """Yield what an inventory of energy holds and what is made of it."""
    yield from show_findings("finding", inventory.findings)
    yield from show_findings("quality", ca.check_quality(inventory))
    for scope in (1, 2):
        yield from show_array(f"scope {scope}", inventory.total(scope=scope))
    yield from show_array("by flow and product", inventory.by("area", "year", "flow", "product"))
    yield from show_frame("account", make_account(inventory))
    yield from show_frame("completeness", ca.find_completeness(inventory))
    yield from show_frame("memo", ca.find_memo_items(inventory))
    yield from show_frame("users", ca.allocate_to_users(inventory))
    entries = ca.to_inventory(inventory)
    yield from show_frame("entries", entries.entries)
    yield from show_findings("entries", entries.findings)
    yield from show_findings("at users", ca.count_at_users(inventory).findings)


def show_official(inventory):
    """Yield the official tables of one area and year."""
    for name, frame in ca.fill_tables(inventory).items():
        yield from show_frame(name, frame)


def show_traces(inventory):
    """Yield the way of some numbers back to the print."""
    cells = inventory.gas("CO2").data.magnitude
    there = np.argwhere(~np.isnan(cells) & (cells != 0))
    for a, y, f, p in there[:: max(1, len(there) // 8)]:
        balance = inventory.balance
        names = {"area": balance.areas[a], "year": balance.years[y]}
        yield from str(ca.trace(inventory, flow=balance.flows[f], product=balance.products[p], **names)).splitlines()


def show_approaches(inventory):
    """Yield the reference approach and how far it is from the sectoral."""
    compared = ca.compare_approaches(inventory)
    yield from show_frame("products", compared.products)
    yield from show_findings("compared", compared.findings)
    reference = compared.reference
    yield from show_frame("reference", reference.to_frame())
    yield from show_frame("groups", reference.by_group().to_dataframe())
    yield from show_findings("reference", reference.findings)


def show_methods(balance):
    """Yield how methods differ, in whole and cell by cell."""
    totals, gaps = ca.compare_methods(balance, methods=[*METHODS, "ceads"])
    yield from show_frame("methods", totals)
    yield from show_frame("gaps", gaps)
    made = [ca.compile_inventory(balance, method=method) for method in METHODS]
    changes = ca.explain_recalculation(*made)
    yield from show_frame("recalculation", changes)
    reconciled = ca.reconcile(*made)
    yield from show_frame("reconciled", reconciled.table)
    yield from show_frame("reconciled by flow", reconciled.sum("flow"))
    yield from show_findings("reconciled", reconciled.findings)


def show_transfers(balance):
    """Yield what electricity and heat come from elsewhere."""
    transfers = ca.account_transfers(balance)
    yield from show_frame("transfers", transfers.table)
    yield from show_findings("transfers", transfers.findings)


def show_equivalent(balance):
    """Yield the coal equivalent of each cell."""
    frame, findings = ca.to_coal_equivalent(balance, method="yearbook-tables")
    yield from show_frame("coal equivalent", frame)
    yield from show_findings("coal equivalent", findings)


def attempt(name, make, *arguments):
    """Yield the lines that are made, or why they cannot be."""
    try:
        yield from make(*arguments)
    except CarbonacctError as error:
        yield f"{name} refused: {error}"


def show_energy(path):
    """Yield all that comes of a table of energy."""
    balance = ca.read_balance(path)
    for method in METHODS:
        yield f"-- {method}"
        gases = ("CO2", "CH4", "N2O") if method == "ipcc-2006" else ("CO2",)
        inventory = ca.compile_inventory(balance, method=method, gases=gases)
        for make in (show_inventory, show_official, show_traces, show_approaches):
            yield from attempt(make.__name__, make, inventory)
    for make in (show_methods, show_transfers, show_equivalent):
        yield from attempt(make.__name__, make, balance)


def show_sectors(path):
    """Yield all that comes of a table of activities."""
    inventory = ca.compile_sectors(path, method="provincial-2011")
    yield from show_findings("sectors", inventory.findings)
    yield from show_frame("entries", inventory.entries)


PARTS = {
    "doubtful": lambda folder: show_energy(write_doubtful(folder)),
    "beijing": lambda _: show_energy(TABLES / "beijing_2007.csv"),
    "chongqing": lambda _: show_energy(TABLES / "chongqing_2007.csv"),
    "activities": lambda _: show_sectors(TABLES / "chongqing_2007_activities.csv"),
}


def write_doubtful(folder):
    """Write the table that has everything, and return its path."""
    path = folder / "doubtful.csv"
    path.write_text(DOUBTFUL, encoding="utf-8")
    return path


def make_text(name, folder):
    """Return all lines of a part."""
    lines = attempt(name, PARTS[name], folder)
    return "".join(f"{line}\n" for line in lines).replace(f"{ROOT}/", "").replace(f"{folder}/", "")


@cache
def read_kept():
    """Return the lines that are kept, by part."""
    return dict(part.split("\n", 1) for part in KEPT.read_text(encoding="utf-8").split("== ")[1:])


@pytest.mark.parametrize("name", PARTS)
def test_all_comes_out_as_it_did(name, tmp_path):
    """Not a word or number is another."""
    assert make_text(name, tmp_path) == read_kept()[name]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        KEPT.write_text("".join(f"== {name}\n{make_text(name, Path(scratch))}" for name in PARTS), encoding="utf-8")
