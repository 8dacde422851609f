"""Files of an inventory: every entry, what has no way back, equivalents behind, and the same in each kind."""

from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.errors import Finding
from carbonacct.inventory.entry_columns import COLUMNS
from carbonacct.inventory.inventory_files import (
    MORE,
    Beside,
    describe_inventory,
    list_rows,
    write_json,
    write_netcdf,
    write_parquet,
)
from carbonacct.inventory.record import MadeFrom
from tests.inventory.entries import Way, make

ROWS = [
    ("pigs", "3.A.1", "CH4", 2),
    ("coal", "1.A.2", "CO2", 5),
    ("sheep", "3.A.1", "CH4", "NE"),
    ("bunkers", "1.D.1.a", "CO2", 7),
]
WHOLE = make(
    *ROWS,
    kind=np.array(["emission", "emission", "emission", "memo"], object),
    activity=np.array([4.0, np.nan, 3.0, 1.0]),
    activity_unit="head",
    ways=[Way()],
    origin=np.array([0, -1, 0, 0]),
    cell=np.array([1, -1, 2, 3]),
    findings=[Finding("jump", "warning", "a", "x.csv!B2", "look")],
    made_from=[MadeFrom("1", "m", ("e",), (("grid", "nation"),), (("x.csv", "0"),))],
)
WRITERS = {".json": write_json, ".parquet": write_parquet, ".nc": write_netcdf}


def test_all_entries_are_listed():
    """Those without a number and memo items too; a way back that is no equation is not kept."""
    rows = list_rows(WHOLE)
    assert list(rows) == [*COLUMNS, *MORE]
    assert rows["flow"].tolist() == ["pigs", "coal", "sheep", "bunkers"]
    assert rows["notation"].tolist() == ["", "", "NE", ""]
    assert rows["equation"].tolist() == rows["cell"].tolist() == [-1] * 4
    assert set(rows["unit"]) == {"t"}
    assert rows["activity"].tolist() == pytest.approx([4, math.nan, 3, 1], nan_ok=True)


def test_equivalents_follow():
    """Of what counts and has a number, with no way back, activity or kind of their own."""
    rows = list_rows(WHOLE, gwp="AR5GWP100")
    assert rows.index.tolist() == list(range(6))
    weighted = rows.iloc[4:]
    assert weighted["value"].tolist() == [2 * 28, 5]
    assert set(weighted["gas"]) == {"CO2e (AR5GWP100)"}
    assert weighted["equation"].tolist() == weighted["cell"].tolist() == [-1, -1]
    assert weighted["activity"].isna().all()
    assert (weighted[["sector", "kind", "notation", "activity_unit"]] == "").all().all()


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("gwp", [None, "AR5GWP100"])
def test_what_is_written_comes_back(tmp_path, kind, gwp):
    """Entries, findings and makings, whether equivalents stand behind them or not."""
    stream = io.BytesIO()
    WRITERS[kind](WHOLE, stream, gwp=gwp, beside=Beside({"method_title": "M"}))
    path = tmp_path / f"a{kind}"
    path.write_bytes(stream.getvalue())
    back = ca.read_inventory(path)
    assert back.equals(WHOLE)
    assert back.origins == ()
    assert back.entries["activity"].tolist() == pytest.approx(
        WHOLE.entries["activity"].tolist(), nan_ok=True
    )
    assert back.entries["activity_unit"].tolist() == ["head"] * 4


def test_what_belongs_to_entries():
    """Findings, makings, equations, and what is handed in beside them."""
    about = describe_inventory(WHOLE, Beside({"method_title": "M"}))
    assert list(about) == ["method_title", "findings", "made_from", "equations"]
    assert about["equations"] == []
    assert about["findings"][0]["rule"] == "jump"
    assert about["made_from"][0]["options"] == (("grid", "nation"),)
    assert list(describe_inventory(WHOLE)) == ["findings", "made_from", "equations"]


def test_a_json_is_read_by_people():
    """One line for each thing, Chinese as it is; a number that is not there is null."""
    stream = io.BytesIO()
    write_json(WHOLE, stream)
    text = stream.getvalue().decode()
    assert "甲" in text
    assert text.count("\n") > 50
    held = json.loads(text)
    assert held["rows"][2]["value"] is None
    assert held["rows"][0]["value"] == 2
