"""Many files read one by one: what two processes read is what one reads, and what goes wrong is the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import carbonacct as ca
from carbonacct import processes
from carbonacct.balances import many_files
from carbonacct.balances.many_files import read_balances
from carbonacct.balances.packed_balances import pack_read, unpack_read
from carbonacct.cli import main
from carbonacct.errors import CarbonacctError, StoppedError

if TYPE_CHECKING:
    from carbonacct import EnergyBalance

DATA = Path(__file__).resolve().parents[1] / "data"
TABLES = Path(__file__).resolve().parents[2] / "docs" / "tables"
FINDINGS = "parents product_parents findings"
LABELS = "areas years flows products units printed_units"


@pytest.fixture(autouse=True)
def _copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the copies: what runs these tests may have a thread of its own, which does not touch what they do."""
    monkeypatch.setattr(processes, "may_copy", lambda: True)


def assert_same(one: EnergyBalance | None, other: EnergyBalance | None) -> None:
    """Compare two balances to the last bit, label and word."""
    if one is None or other is None:
        assert one is other
        return
    for name in ("amounts", "status", "place"):
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.identical(theirs)
        assert ours.dtype == theirs.dtype
        for label in ours.coords:
            assert ours[label].dtype == theirs[label].dtype
            assert ours.get_index(label if label != "unit" else "product").equals(
                theirs.get_index(label if label != "unit" else "product")
            )
    for name in f"{FINDINGS} {LABELS}".split():
        assert getattr(one, name) == getattr(other, name), name
    assert [(f.message, f.action, f.gaps) for f in one.findings] == [
        (f.message, f.action, f.gaps) for f in other.findings
    ]
    assert one.places.sheets == other.places.sheets
    assert one.places.units == other.places.units
    for name in ("sheet", "row", "column", "printed", "unit"):
        np.testing.assert_array_equal(getattr(one.places, name), getattr(other.places, name))
        assert getattr(one.places, name).dtype == getattr(other.places, name).dtype
    assert (one.origins is None) == (other.origins is None)
    if one.origins is not None and other.origins is not None:
        assert one.origins.cells.identical(other.origins.cells)
        # A number that nobody gave is none, and not equal to itself.
        assert repr(one.origins.records) == repr(other.origins.records)
    assert_same(one.standard, other.standard)


def assert_same_fault(one: CarbonacctError, other: CarbonacctError) -> None:
    """Compare two errors: their kind, words, and what they know of labels."""
    assert type(one) is type(other)
    assert one.args == other.args
    assert [getattr(text, "template", "") for text in one.args] == [
        getattr(text, "template", "") for text in other.args
    ]
    assert getattr(one, "unknown", ()) == getattr(other, "unknown", ())
    if isinstance(one, StoppedError):
        assert isinstance(other, StoppedError)
        for fault, same in zip(one.faults, other.faults, strict=True):
            assert_same_fault(fault, same)


def list_files(folder: Path) -> list[Path]:
    """Return tables of many kinds, more than once, and files that are none, in between."""
    (folder / "empty.csv").write_text("")
    (folder / "damaged.xlsx").write_bytes(b"PK\3\4 and nothing more")
    (folder / "unknown.csv").write_text("2019年某市能源消费,\n,原煤(万吨)\n工业,1\n钢轨,2\n")
    (folder / "twice.csv").write_text("2019年重庆能源消费,\n,原煤(万吨)\n工业,1\n工业,2\n")
    broken = [
        folder / name
        for name in ("empty.csv", "damaged.xlsx", "lacking.csv", "unknown.csv", "twice.csv")
    ]
    kinds = sorted((DATA / "kinds_of_tables").glob("*.*"))
    files = [*TABLES.glob("*.csv"), *kinds[:40], *broken, *kinds[40:], *broken]
    return [*files, *TABLES.glob("*_2007.csv")]


def test_two_processes_read_what_one_reads(tmp_path: Path) -> None:
    """Balances, findings and faults of many files are those of one process, in the order of the files."""
    files = list_files(tmp_path)
    balances, faults = read_balances(*files)
    others, other_faults = read_balances(*files, workers=2)
    assert len(balances) > 50
    assert len(faults) >= 5
    assert [*balances] == [*others]
    assert [*faults] == [*other_faults]
    assert [*balances] == [path for path in dict.fromkeys(files) if path not in faults]
    for path, balance in balances.items():
        assert_same(balance, others[path])
    for path, fault in faults.items():
        assert_same_fault(fault, other_faults[path])


def test_a_file_is_read_as_by_itself(tmp_path: Path) -> None:
    """One of many is what `read_balance` makes of it, and what it raises."""
    files = list_files(tmp_path)
    balances, faults = read_balances(*files, area="重庆", workers=2)
    for path in files[::7]:
        if path in faults:
            with pytest.raises(type(faults[path])) as caught:
                ca.read_balance(path, area="重庆")
            assert_same_fault(caught.value, faults[path])
        else:
            assert_same(ca.read_balance(path, area="重庆"), balances[path])


def test_a_balance_travels_whole(tmp_path: Path) -> None:
    """What stands beside the amounts comes out of the packing as it went in, and the labels are its own."""
    both = tmp_path / "both.csv"
    both.write_text(
        "2019年重庆能源消费,,,\n项目,原煤(万吨),原煤(万吨标准煤),柴油(万吨)\n工业,10,7,1\n建筑业,1,0.7,2\n"
    )
    made = tmp_path / "made.csv"
    made.write_text(
        "area,year,flow,product,value,unit,how,case,source\n"
        "重庆,2019,industry,raw_coal,10,万吨,scaled,beta,a.xls\n"
        "重庆,2019,transport,diesel,2,万吨,printed,alpha,\n"
    )
    balances = [ca.read_balance(path) for path in (both, made, TABLES / "chongqing_2007.csv")]
    assert balances[0].standard is not None
    assert balances[1].origins is not None
    for balance in balances:
        again = unpack_read(pack_read(balance))
        assert isinstance(again, ca.EnergyBalance)
        assert_same(balance, again)
        again.amounts["flow"].attrs["note"] = "mine"
        assert not balance.amounts["flow"].attrs


def test_what_is_no_fault_of_a_table_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the program ends the reading as in one process."""

    def fail(*_paths: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(many_files, "read_balance", fail)
    with pytest.raises(ZeroDivisionError):
        read_balances(*[TABLES / "chongqing_2007.csv"] * 20, workers=2)


def test_a_command_says_of_many_files_what_it_says_in_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Findings and faults come in the order of the files; pages of one area and year are one table."""
    table = (TABLES / "chongqing_2007.csv").read_text(encoding="utf-8")
    for year in range(1960, 2010):
        (tmp_path / f"{year}.csv").write_text(table.replace("2007", str(year)), encoding="utf-8")
    (tmp_path / "1975.csv").write_text("")
    (tmp_path / "1980_b.csv").write_text(
        "重庆能源消费 1980,\n,煤气(亿立方米)\n工业,1\n", encoding="utf-8"
    )
    said = []
    for count in (1, 2):
        monkeypatch.setattr(processes, "count_workers", lambda _, count=count: count)
        status = main(["check", str(tmp_path)])
        said.append((status, *capsys.readouterr()))
    assert said[0] == said[1]
    assert said[0][0] == 2
    assert "1975.csv" in said[0][2]


def test_every_file_is_read_in_processes_or_the_first_that_is_wrong_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty tables read alike by one process and two; a file without a table stops with its own error."""
    monkeypatch.setattr(many_files, "count_workers", lambda _: 2)
    text = (TABLES / "chongqing_2007.csv").read_text(encoding="utf-8")
    files = [tmp_path / f"{year}.csv" for year in range(1961, 1981)]
    for path in files:
        path.write_text(text.replace("2007", path.stem), encoding="utf-8")
    for one, path in zip(many_files.read_every(files), files, strict=True):
        assert_same(one, ca.read_balance(path))
    files[-1].write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CarbonacctError) as alone:
        ca.read_balance(files[-1])
    with pytest.raises(type(alone.value)) as among:
        many_files.read_every(files)
    assert str(among.value) == str(alone.value)
