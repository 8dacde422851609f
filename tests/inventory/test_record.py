"""The record of all sectors: what energy becomes in it, sums and what they lack, files."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.categories import categories
from carbonacct.errors import CellNotFoundError, Finding, MethodError, TableError
from carbonacct.inventory.entry_columns import COLUMNS, SECTORS, make_entries, plain_columns
from carbonacct.inventory.inventory_files import write_json, write_netcdf, write_parquet
from carbonacct.inventory.joining import join_inventories, name_making
from carbonacct.inventory.record import Inventory, MadeFrom
from carbonacct.report import write_inventory
from carbonacct.report.frames import format_csv
from carbonacct.sectors.all_sectors import compile_sectors

TABLE = "docs/tables/chongqing_2007.csv"
WRITERS = {
    ".json": write_json,
    ".parquet": write_parquet,
    ".nc": write_netcdf,
}


def write(inventory, path, **more):
    """Write a file of an inventory."""
    stream = io.BytesIO()
    WRITERS[path.suffix](inventory, stream, **more)
    path.write_bytes(stream.getvalue())


CATEGORIES = {
    "1.A.2": "energy",
    "1.B.1": "energy",
    "2.A.1": "processes",
    "3.A.1": "agriculture",
    "3.B.1.a": "land",
    "4.A": "waste",
}


@pytest.fixture(scope="module")
def cube():
    """Return an inventory of energy."""
    return ca.compile_inventory(TABLE, method="provincial-2011", gases=["all"])


def record(rows, **more):
    """Return an inventory of a few entries: category, gas, value and what differs."""
    columns = {name: [] for name in ("category", "gas", "value", "kind", "notation", "flow")}
    for place, (category, gas, value) in enumerate(rows):
        number = isinstance(value, (int, float))
        kind = "removal" if number and value < 0 else "emission"
        columns["category"].append(category)
        columns["gas"].append(gas)
        columns["value"].append(value if number else math.nan)
        columns["notation"].append("" if number else value)
        columns["kind"].append(kind)
        columns["flow"].append(f"source{place}")
    sector = [CATEGORIES[code] for code in columns["category"]]
    labels = {"area": "重庆", "year": 2020, "method": "m", "sector": sector}
    return Inventory(make_entries({**labels, **columns, **more}))


def test_an_inventory_says_its_size_in_one_line():
    """Entries, areas, years and findings are counted; sectors stand in their order."""
    rows = [("4.A", "CH4", 1.0), ("1.A.2", "CO2", 2.0), ("1.A.2", "CO2", 3.0)]
    one = record(rows)
    assert repr(one) == "<Inventory of energy, waste: 3 entries, 1 area, 1 year, 0 findings>"
    several = record(rows, area=["重庆", "重庆", "天津"], year=[2020, 2019, 2020])
    assert repr(several) == "<Inventory of energy, waste: 3 entries, 2 areas, 2 years, 0 findings>"


def test_energy_is_unchanged_to_the_digit(cube):
    """Each number of the cube is an entry, in its order; the CSV is the same text."""
    inventory = ca.to_inventory(cube)
    assert format_csv(inventory.to_frame()) == format_csv(cube.to_frame())
    total = inventory.total(gas="CO2")["value"].item()
    assert total == pytest.approx(cube.total().item().magnitude, rel=1e-14)
    weighted = inventory.total(gwp="AR6GWP100")["value"].item()
    assert weighted == pytest.approx(cube.total(gwp="AR6GWP100").item().magnitude, rel=1e-14)


def test_scope_2_without_a_factor_is_no_number(cube):
    """Electricity that crosses the border and has no factor voids the sum, and bears the key NE."""
    inventory = ca.to_inventory(cube)
    row = inventory.total(scope=2, gas="CO2").iloc[0]
    assert math.isnan(row["value"])
    assert row["notation"] == "NE"
    assert "scope2" not in set(inventory.by("kind")["kind"])


def test_every_entry_of_energy_opens(cube):
    """A trace says the entry's value, and ends in the cell of the balance."""
    inventory = ca.to_inventory(cube)
    for entry in range(0, len(inventory), 17):
        step = inventory.trace(entry)
        assert np.array_equal(step.value, inventory.entries["value"].iloc[entry], equal_nan=True)
        assert step.parts[0].origin.startswith("chongqing_2007.csv!")


def test_memo_items_are_in_no_sum():
    """Bunkers stand in the record under their own kind."""
    cube = ca.compile_inventory("docs/tables/beijing_2007.csv", method="ipcc-2006")
    inventory = ca.to_inventory(cube)
    memo = inventory.by("category", memo=True, gas="CO2")
    assert memo["category"].to_list() == ["1.D.1.a"]
    assert memo["value"].item() == pytest.approx(2.371e6, rel=1e-3)
    total = inventory.total(gas="CO2")["value"].item()
    assert total == pytest.approx(cube.total().item().magnitude, rel=1e-14)
    entry = int(np.flatnonzero(inventory.entries["kind"] == "memo")[0])
    assert inventory.trace(entry).parts[0].origin.startswith("beijing_2007.csv!")


@pytest.mark.parametrize(
    ("parts", "value", "notation"),
    [
        ([1.0, 2.0], 3.0, ""),
        ([1.0, "NE"], math.nan, "NE"),
        ([1.0, "C", "NE"], math.nan, "C"),
        ([1.0, "NO", "IE"], 1.0, ""),
        (["NO", "NO"], math.nan, "NO"),
        (["NO", "IE"], math.nan, "IE"),
    ],
)
def test_a_sum_with_a_part_that_lacks_is_no_number(parts, value, notation):
    """NE and C void a sum, NO and IE do not; known_only adds up what has a number."""
    inventory = record([("2.A.1", "CO2", part) for part in parts])
    row = inventory.total().iloc[0]
    assert row["notation"] == notation
    assert row["value"] == value or math.isnan(value)
    known = inventory.total(known_only=True)["value"].item()
    numbers = [part for part in parts if not isinstance(part, str)]
    assert known == sum(numbers) if numbers else math.isnan(known)


entries = st.lists(
    st.tuples(
        st.sampled_from(sorted(CATEGORIES)),
        st.sampled_from(["CO2", "CH4", "N2O"]),
        st.integers(-1000, 1000).map(float),
    ),
    min_size=1,
    max_size=12,
)


@given(entries, st.sampled_from(["sector", "category", "flow", "kind"]))
def test_sums_over_any_labels_add_up_to_the_total(rows, dim):
    """Additivity: the parts by any labels are the whole, of each gas and weighted."""
    inventory = record(rows)
    for options in ({}, {"gwp": "AR5GWP100"}):
        whole = inventory.total(**options).set_index("gas")["value"]
        parts = inventory.by(dim, **options).groupby("gas")["value"].sum()
        assert parts.to_dict() == pytest.approx(whole.to_dict())


@given(entries)
def test_the_order_of_entries_does_not_matter(rows):
    """Totals are the same whatever the order."""
    one, other = record(rows).total(), record(rows[::-1]).total()
    pd.testing.assert_frame_equal(
        one.sort_values("gas", ignore_index=True), other.sort_values("gas", ignore_index=True)
    )


def test_methane_has_the_origin_of_its_category():
    """AR6: 29.8 for what leaks from a fuel, 27.0 from animals; and from combustion."""
    inventory = record([("1.B.1", "CH4", 1.0), ("3.A.1", "CH4", 1.0), ("1.A.2", "CH4", 1.0)])
    assert inventory.co2e("AR6GWP100").tolist() == [29.8, 27.0, 27.0]
    with pytest.raises(MethodError, match="no metric 'GWP'"):
        inventory.co2e("GWP")


def test_land_is_a_sector_that_a_total_may_leave_out():
    """With and without land: two sums, not two numbers of one name."""
    inventory = record([("2.A.1", "CO2", 10.0), ("3.B.1.a", "CO2", -4.0)])
    rest = [name for name in SECTORS if name != "land"]
    assert inventory.total()["value"].item() == 6.0
    assert inventory.total(sector=rest)["value"].item() == 10.0
    assert inventory.by("category", level=2)["category"].to_list() == ["2.A", "3.B"]
    assert inventory.by("kind")["kind"].to_list() == ["emission", "removal"]


def test_what_is_not_there_is_said_by_name():
    """Words that are none are refused, with near names."""
    inventory = record([("2.A.1", "CO2", 10.0)])
    cases = [
        (lambda: inventory.by("flows"), "has no 'flows'; did you mean flow"),
        (
            lambda: inventory.total(sector="proceses"),
            "no sector 'proceses'; did you mean processes",
        ),
        (lambda: inventory.total(scope=3), "no scope 3"),
        (lambda: inventory.total(gas="CH4"), "no gas 'CH4'"),
        (lambda: inventory.total(gas="CO2", gwp="AR5GWP100"), "give one of both"),
        (lambda: inventory.select(area="北京"), "no area '北京'; it has 重庆"),
    ]
    for call, message in cases:
        with pytest.raises(MethodError, match=message):
            call()
    with pytest.raises(CellNotFoundError, match="重庆 2020 source0 CO2: was read from a file"):
        inventory.trace(0)


def test_what_is_chosen_is_the_inventory_of_those_entries():
    """By one label or several, in the same columns and order, counted anew."""
    rows = [
        ("4.A", "CH4", 1.0),
        ("1.A.2", "CO2", 2.0),
        ("2.A.1", "CO2", 3.0),
        ("1.A.2", "N2O", 4.0),
    ]
    whole = record(rows)
    assert whole.select(gas="CO2").equals(record(rows[1:3], flow=["source1", "source2"]))
    chosen = whole.sel(gas=["N2O", "CH4"], category="1.A.2").entries
    assert list(chosen.columns) == list(whole.entries.columns)
    assert chosen.index.to_list() == [0]
    assert chosen["value"].to_list() == [4.0]


def test_equivalents_follow_the_gases_in_the_order_of_the_entries():
    """One row of CO2e for each sum of gases, where its first entry stands."""
    rows = [("4.A", "CH4", 1.0), ("1.A.2", "CO2", 2.0), ("3.A.1", "CH4", 3.0), ("4.A", "N2O", 4.0)]
    frame = record(rows, flow="source").to_frame(gwp="AR5GWP100")
    weighted = frame[frame["gas"] == "CO2e (AR5GWP100)"]
    assert frame["gas"].to_list()[:4] == ["CH4", "CO2", "CH4", "N2O"]
    assert weighted["category"].to_list() == ["4.A", "1.A.2", "3.A.1"]
    assert weighted["value"].to_list() == pytest.approx([28 + 4 * 265, 2, 3 * 28])
    assert set(frame["unit"]) == {"t"}


def test_bars_of_a_year_stand_in_the_order_of_their_size_and_lines_have_all_years():
    """The largest on top; no bar for what is zero; several gases need a metric."""
    rows = [
        ("2.A.1", "CO2", 3e6),
        ("4.A", "CO2", 5e6),
        ("1.A.2", "CO2", 4e6),
        ("3.A.1", "CO2", 0.0),
    ]
    axes = record(rows).plot()
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([5, 4, 3], rel=1e-12)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["4.A", "1.A.2", "2.A.1"]
    assert axes.yaxis_inverted()  # the largest on top
    assert (axes.get_xlabel(), axes.get_title(loc="left")) == ("Mt CO2", "2020")
    lines = record(rows, year=[2021, 2021, 2020, 2020]).plot("sector")
    assert {line.get_label(): line.get_xdata().tolist() for line in lines.lines}.keys() == {
        "energy",
        "processes",
        "waste",
    }
    assert lines.get_ylabel() == "Mt CO2"
    with pytest.raises(MethodError, match="there are CH4, CO2; name one gas"):
        record([("4.A", "CH4", 1.0), ("1.A.2", "CO2", 2.0)]).plot()
    for nothing in (0.0, np.nan):
        with pytest.raises(
            MethodError, match=r"^there is nothing to draw: the inventory has no number but 0$"
        ):
            record([("4.A", "CH4", nothing)]).plot()


def test_scope_2_of_a_netcdf_is_what_moved_and_what_lacks(tmp_path):
    """A number, or the key NE where something crosses the border without a factor; nothing for what does not."""
    lines = ["area,year,flow,product,unit,value", "Hebei,2021,moved_in,electricity,GWh,1000"]
    lines += [
        "Ireland,2021,moved_in,electricity,GWh,1000",
        "Ireland,2021,industry,coke,t,5",
        "Hebei,2021,industry,coke,t,0",
    ]
    path = tmp_path / "two.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_inventory(
        [ca.compile_inventory(path, method="provincial-2011")], str(tmp_path / "two.nc")
    )
    moved = ca.read_inventory(tmp_path / "two.nc").entries.query("scope == 2")
    assert moved["area"].to_list() == ["Hebei", "Ireland"]
    assert moved["notation"].to_list() == ["", "NE"]
    assert moved["value"].to_list() == pytest.approx([790_100, math.nan], nan_ok=True)


def test_what_is_below_zero_is_a_removal_of_land_alone(tmp_path):
    """A CSV without a column of kinds: recovered methane of a mine is no removal, nor is land that emits."""
    rows = [("3.B.1.a", -5), ("3.B.2.a", 7), ("1.B.1.a", -2), ("3.B.3.a", 0)]
    lines = [
        f"重庆,2020,source{place},,{code},1,CO2,{value},t,m"
        for place, (code, value) in enumerate(rows)
    ]
    (tmp_path / "a.csv").write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    entries = ca.read_inventory(tmp_path / "a.csv").entries
    assert entries["kind"].to_list() == ["removal", "emission", "emission", "emission"]


def test_gases_of_primap2_stand_in_their_order():
    """Whatever the order of the entries: a variable for each gas, by name."""
    data = record([("4.A", "N2O", 1.0), ("1.A.2", "CO2", 2.0), ("4.A", "CH4", 3.0)]).to_primap2()
    assert list(data) == ["CH4", "CO2", "N2O"]


def test_of_several_entries_that_are_there_twice_one_is_named_and_the_others_counted():
    """With both places of the first; of one alone nothing more is said."""
    rows = [("4.A", "CH4", 1.0), ("1.A.2", "CO2", 2.0), ("2.A.1", "CO2", 3.0)]
    one, other = record(rows), record(rows)
    with pytest.raises(
        MethodError, match=r"is there twice: .* and .*, and 2 more; leave one of them out"
    ):
        join_inventories([one, other])
    with pytest.raises(
        MethodError, match=r"is there twice: [^;]*; leave one of them out"
    ) as caught:
        join_inventories([one, other.select(gas="CH4")])
    assert "more" not in str(caught.value)
    later = record([("4.A", "N2O", 7.0), *rows[1:]])
    with pytest.raises(
        MethodError, match=r"is there twice: 2\.0 t \(.*\) and 2\.0 t \(.*, and 1 more"
    ):
        join_inventories([one, later])


def test_a_making_is_named_by_its_first_files_or_its_method():
    """Three files name it; without files the methods do."""
    files = tuple((f"{name}.csv", "0") for name in "abcd")
    assert name_making([MadeFrom("1", "m", files=files)]) == "a.csv, b.csv, c.csv"
    assert name_making([MadeFrom("1", "m"), MadeFrom("1", "n")]) == "m, n"


def test_the_same_entry_twice_names_both(cube):
    """Two inventories of one source are not added up."""
    one = ca.to_inventory(cube, files=[TABLE])
    with pytest.raises(MethodError, match=r"chongqing_2007.csv\) and .*chongqing_2007.csv\)"):
        ca.join_inventories([one, one])
    joined = ca.join_inventories([one.select(sector="energy"), record([("2.A.1", "CO2", 10.0)])])
    assert joined.by("sector", gas="CO2")["sector"].to_list() == ["energy", "processes"]
    assert joined.trace(3) == one.trace(3)


def test_one_entry_of_a_file_leaves_nothing_to_recompute(cube):
    """It holds no parts of its own, and those of another inventory beside it are not taken for them."""
    joined = ca.join_inventories([ca.to_inventory(cube), record([("2.A.1", "CO2", 10.0)])])
    with pytest.raises(
        CellNotFoundError, match="source0 CO2 was read from a file, which holds no parts"
    ):
        joined.recompute()


made = st.builds(
    ca.MadeFrom,
    version=st.just("0.1.0"),
    method=st.sampled_from(["ceads", "m"]),
    editions=st.tuples(st.just("e")),
    options=st.just((("grid", "nation"),)),
    files=st.just((("表.xlsx", "00" * 32),)),
)
findings = st.builds(
    Finding,
    st.just("shares"),
    st.sampled_from(["error", "info"]),
    st.text("ab 水\"',", min_size=1, max_size=5),
    st.just("a.xlsx!S!B2"),
)
parts = st.one_of(
    st.floats(-1e12, 1e12, allow_subnormal=False), st.sampled_from(["NO", "NE", "IE", "C"])
)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(CATEGORIES)), st.just("CH4"), parts), min_size=1),
    st.lists(findings, max_size=2, unique=True),
    st.lists(made, max_size=2, unique=True),
    st.sampled_from(sorted(WRITERS)),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_written_reads_back_equal(tmp_path, rows, found, makings, kind):
    """Entries with and without numbers, findings and makings come back as they were."""
    plain = record(rows, activity=np.arange(len(rows)) / 3, activity_unit="t clinker")
    inventory = Inventory(plain.entries, tuple(found), tuple(makings))
    write(inventory, tmp_path / f"a{kind}", gwp="AR5GWP100")
    assert ca.read_inventory(tmp_path / f"a{kind}").equals(inventory)
    (tmp_path / "a.csv").write_text(format_csv(inventory.to_frame()), encoding="utf-8")
    back = ca.read_inventory(tmp_path / "a.csv").to_frame()
    pd.testing.assert_frame_equal(back, inventory.to_frame(), check_exact=True)


def test_energy_alone_has_the_one_format(tmp_path, cube):
    """Its files hold the record: scope 2 without a factor voids its total after reading as before."""
    inventory = ca.to_inventory(cube)
    for kind in ("csv", "json", "parquet", "nc"):
        write_inventory([cube], str(tmp_path / f"a.{kind}"), gwp="AR5GWP100")
        back = ca.read_inventory(tmp_path / f"a.{kind}")
        pd.testing.assert_frame_equal(back.to_frame(), cube.to_frame(), check_exact=True)
        if kind != "csv":
            pd.testing.assert_frame_equal(back.total(scope=2), inventory.total(scope=2))
            assert back.entries["activity"].equals(inventory.entries["activity"])


@pytest.mark.parametrize("kind", ["json", "parquet", "nc"])
def test_files_of_the_version_before_read(kind):
    """Energy alone had rows of its own, and a cube as NetCDF; of all sectors no equation was kept."""
    energy = ca.read_inventory(f"tests/data/older_files/energy.{kind}")
    assert energy.total()["value"].to_list() == [27376220.347643234]
    assert [made.method for made in energy.made_from] == ["provincial-2011"]
    sectors = ca.read_inventory(f"tests/data/older_files/sectors.{kind}")
    assert sectors.total()["value"].to_list() == [11346468.0]
    assert (len(energy.findings), len(sectors.findings), sectors.origins) == (7, 1, ())


def test_the_cube_of_the_version_before_holds_what_crossed_the_border():
    """Heat with its number, electricity that lacked a factor; nothing of products that do not cross."""
    entries = ca.read_inventory("tests/data/older_files/energy.nc").entries
    moved = entries[entries["scope"] == 2]
    found = (
        moved[["flow", "product", "category", "gas", "notation"]].astype(str).to_numpy().tolist()
    )
    assert found == [
        ["industry", "heat", "", "CO2", ""],
        ["industry", "electricity", "", "CO2", "NE"],
    ]
    np.testing.assert_array_equal(moved["value"], [2773409.1, np.nan])
    burnt = entries[entries["scope"] == 1]
    assert set(burnt["category"]) == {"1.A.2"}
    assert set(burnt["notation"]) == {""}


@pytest.mark.parametrize("kind", ["json", "parquet", "nc"])
def test_an_equation_comes_back_with_its_numbers(tmp_path, whole, kind):
    """Each entry of a source opens as before it was written, and is worked out again to the bit."""
    write(whole, tmp_path / f"a.{kind}")
    back = ca.read_inventory(tmp_path / f"a.{kind}")
    assert back.equals(whole)
    of_sources = np.flatnonzero(whole.entries["sector"] != "energy").tolist()
    assert len(of_sources) > 10
    for entry in of_sources:
        assert str(back.trace(entry)) == str(whole.trace(entry))
    sources = back.select(sector=["processes", "agriculture", "waste"])
    assert sources.recompute().equals(sources)
    again = tmp_path / f"again.{kind}"
    write(back, again)
    assert again.read_bytes() == (tmp_path / f"a.{kind}").read_bytes() or kind == "nc"


def test_each_row_of_a_file_names_the_equation_of_its_source_or_none(tmp_path, whole):
    """By its number among those of the file; fuels have none. The text is as JSON prints it, of any length."""
    write(whole, tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    held = json.loads(text)
    assert text == json.dumps(held, ensure_ascii=False, indent=1)
    assert len(held["equations"]) > 1
    fuels = [row for row in held["rows"] if row["sector"] == "energy"]
    assert {(row["equation"], row["cell"]) for row in fuels} == {(-1, -1)}
    for row in held["rows"]:
        if row["sector"] != "energy":
            assert row["flow"] in held["equations"][row["equation"]]["sources"]


def test_an_equation_that_gives_another_number_now_is_not_taken_back(tmp_path, whole):
    """Changed by hand, or by the method since: the entry keeps its number and has no way back."""
    write(whole, tmp_path / "a.json")
    held = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    row = next(row for row in held["rows"] if row["flow"] == "cement")
    row["value"] += 1.0
    (tmp_path / "a.json").write_text(json.dumps(held), encoding="utf-8")
    back = ca.read_inventory(tmp_path / "a.json")
    entry = int(np.flatnonzero(back.entries["flow"] == "cement")[0])
    assert back.entries["value"].iloc[entry] == row["value"]
    with pytest.raises(CellNotFoundError, match="was read from a file"):
        back.trace(entry)
    other = int(np.flatnonzero(back.entries["flow"] == "steel")[0])
    assert back.trace(other).parts
    has_way = (back.entries["origin"] >= 0).to_numpy()
    assert (back.entries["cell"][~has_way] == -1).all()
    kept = back.entries["flow"] != "cement"
    assert back.entries["cell"][has_way].equals(whole.entries["cell"][has_way & kept])


@pytest.mark.parametrize("cell", [-1, 10**6])
def test_a_place_in_an_equation_that_is_not_there_is_refused(tmp_path, whole, cell):
    """A position before the first or after the last number is refused: counted from the end it is another's."""
    write(whole, tmp_path / "a.json")
    held = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    ways = [row["flow"] for row in held["rows"] if row["equation"] >= 0]
    flow = next(one for one in ways if ways.count(one) > 1)
    next(row for row in held["rows"] if row["flow"] == flow)["cell"] = cell
    (tmp_path / "a.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(TableError, match=rf"a\.json: .*a cell of {flow} is not there"):
        ca.read_inventory(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shape", [10**9, 10**9]),
        ("at", [10**9]),
        ("values", ["much"]),
        ("from", [99]),
        ("keys", ["?"]),
        ("origins", [{"rank": 1}]),
        ("years", list(range(10**5 + 1))),
    ],
)
def test_numbers_of_an_equation_that_are_none_are_refused(tmp_path, whole, name, value):
    """In one line, with the file."""
    write(whole, tmp_path / "a.json")
    held = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    held["equations"][0]["numbers"]["clinker_output"][name] = value
    if name == "years":
        held["equations"][0]["years"] = value
    (tmp_path / "a.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(TableError, match=r"a\.json: what belongs to its rows cannot be read"):
        ca.read_inventory(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.txt", "", "a.txt: is no inventory that can be read back"),
        ("a.csv", "area,year\n", "a.csv: is no inventory: it has no column flow, product"),
        ("a.csv", ",".join(COLUMNS) + "\nx,2020,f,,,1,CO2,much,t,m\n", "a.csv: is no inventory"),
        ("a.csv", ",".join(COLUMNS) + "\nx,2020,f,,,1,CO2,1,kt,m\n", "the unit is 'kt'"),
        ("a.csv", ",".join(COLUMNS) + "\nx,,f,,,1,CO2,1,t,m\n", "a.csv:2: year is '', no number"),
        ("a.csv", ",".join(COLUMNS) + 2 * "\nx,2020,f,,,1,CO2,1,t,m" + "\n", "is there twice"),
        ("a.json", "[]", "a.json: is no inventory"),
        ("a.json", "{", "a.json: is no inventory"),
    ],
)
def test_what_is_no_inventory_is_refused(tmp_path, name, text, message):
    """One line, with the file."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises((TableError, MethodError)) as caught:
        ca.read_inventory(tmp_path / name)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


# Rows of China's national inventory of 2014 and their places in the tree of categories.
CHINA_2014 = {
    "能源工业": "1.A.1",
    "制造业和建筑业": "1.A.2",
    "交通运输": "1.A.3",
    "其他行业": "1.A.4",
    "其他": "1.A.5",
    "固体燃料": "1.B.1",
    "油气系统": "1.B.2",
    "非金属矿物制品": "2.A",
    "化学工业": "2.B",
    "金属冶炼": "2.C",
    "动物肠道发酵": "3.A.1",
    "动物粪便管理": "3.A.2",
    "水稻种植": "3.C.7",
    "农业土壤": "3.C.4",
    "农业废弃物田间焚烧": "3.C.1.b",
    "林地": "3.B.1",
    "农地": "3.B.2",
    "草地": "3.B.3",
    "湿地": "3.B.4",
    "建设用地": "3.B.5",
    "其他用地": "3.B.6",
    "林产品": "3.D.1",
    "固体废弃物处理": "4.A",
    "废水处理": "4.D",
}
CHINA_TOTALS = {
    "1.  能源活动": "energy",
    "2.  工业生产过程": "processes",
    "3.  农业活动": "agriculture",
    "4.  土地利用、土地利用变化和林业": "land",
    "5.  废弃物处理": "waste",
}


def test_chinas_inventory_of_2014_adds_up(real_tables):
    """The printed sectors and the total with land are the sums of the printed categories."""
    path = real_tables / "china_inventory" / "china_national_inventory_2014_10kt.csv"
    if not path.is_file():
        pytest.skip("China's inventory of 2014 is not among the real tables")
    printed = pd.read_csv(path, dtype=str, keep_default_na=False).set_index("category")
    rows = []
    for name, code in CHINA_2014.items():
        for column, text in printed.loc[name].items():
            gas = str(column).partition("_")[0]
            keys = [key for key in text.split(",") if key.isalpha()]
            if text and "NA" not in keys:
                key = max(keys, key=["NO", "IE", "NE", "C"].index) if keys else ""
                rows.append((code, gas, math.nan if keys else float(text) * 1e4, key))
    codes, gases, values, keys = map(list, zip(*rows, strict=True))
    inventory = Inventory(
        make_entries(
            {
                "area": "中国",
                "year": 2014,
                "method": "national",
                "flow": codes,
                "category": codes,
                "sector": [categories()[code].sector for code in codes],
                "gas": gases,
                "value": values,
                "notation": keys,
            }
        )
    )
    sums = inventory.by("sector", known_only=True).set_index(["sector", "gas"])["value"] / 1e4
    for name, sector in CHINA_TOTALS.items():
        for gas in ("CO2", "CH4", "N2O"):
            text = printed.loc[name, f"{gas}_10kt"]
            if text and text[-1].isdigit():
                assert sums[sector, gas] == pytest.approx(float(text), abs=0.25), (name, gas)
    whole = inventory.total(known_only=True).set_index("gas")["value"] / 1e4
    for gas in ("CO2", "CH4", "N2O"):
        total = float(printed.loc["总量（包括LULUCF）", f"{gas}_10kt"])
        assert whole[gas] == pytest.approx(total, abs=0.35)
    rest = [name for name in SECTORS if name != "land"]
    without = inventory.total(sector=rest, gas="CO2")["value"].item() / 1e4
    assert without == pytest.approx(912394 + 115091, abs=0.3)
    assert inventory.total(gas="N2O")["notation"].item() == "NE"  # of wetlands, as printed


@pytest.fixture(scope="module")
def whole():
    """Return an inventory of energy, memo items, scope 2 and sources."""
    options = {
        "method": "provincial-2011",
        "gases": ["all"],
        "grid": "nation",
        "allow_unverified": True,
    }
    return compile_sectors(TABLE, "docs/tables/chongqing_2007_activities.csv", **options)


def test_values_are_those_of_their_parts_to_the_last_bit(whole, cube):
    """Every entry, scope 2, memo items and sources without a number among them, in any order."""
    for inventory in (whole, ca.to_inventory(cube), whole.select(sector=["agriculture", "energy"])):
        assert inventory.recompute().equals(inventory)
    mixed = replace(
        whole, entries=whole.entries.sample(frac=1, random_state=3).reset_index(drop=True)
    )
    assert mixed.recompute().equals(mixed)


@pytest.mark.parametrize(
    ("table", "method", "options"),
    [
        ("beijing_2007", "ipcc-2006", {"gases": ["all"]}),
        ("qingdao_2019", "provincial-2011", {"grid": "nation"}),
    ],
)
def test_other_tables_recompute_too(table, method, options):
    """Coal equivalent that is turned back, chains of emission factors, electricity of the grid."""
    inventory = ca.to_inventory(
        ca.compile_inventory(f"docs/tables/{table}.csv", method=method, **options)
    )
    assert inventory.recompute().equals(inventory)


def test_a_file_holds_no_parts(whole, tmp_path):
    """What was read cannot be worked out again, and says which entry."""
    write(whole, tmp_path / "whole.json")
    with pytest.raises(
        CellNotFoundError, match=r"重庆 2007 .* was read from a file, which holds no parts; compile"
    ):
        ca.read_inventory(tmp_path / "whole.json").recompute()


def test_inventories_side_by_side_show_what_changed(whole):
    """A changed number, a key that became one, an entry gone and one that came; nothing else."""
    entries = whole.entries.copy()
    known = entries.index[entries["value"].notna() & (entries["sector"] == "processes")]
    value = entries.loc[known[0], "value"]
    entries.loc[known[0], "value"] = value + 10
    later = replace(whole, entries=entries.drop(index=known[1]).reset_index(drop=True))
    found = whole.compare(later)
    assert len(found) == 2
    changed, gone = found.sort_values("after").to_dict("records")
    assert (changed["before"], changed["after"], changed["change"]) == (
        value,
        value + 10,
        pytest.approx(10),
    )
    assert (math.isnan(gone["after"]), gone["change"]) == (True, -gone["before"])
    assert whole.compare(whole).empty
    back = later.compare(whole)
    assert back["change"].sum() == pytest.approx(-found["change"].sum())


def test_sums_as_arrays_are_the_sums(whole):
    """Along labels, with keys where there is no number; entries as a list read back as the columns."""
    data = whole.to_dataset("area", "year", "category", level=2, known_only=True)
    sums = whole.by("area", "year", "category", level=2, known_only=True)
    for row in sums.to_dict("records"):
        cell = data.sel(
            area=row["area"], year=row["year"], category=row["category"], gas=row["gas"]
        )
        assert cell["value"].item() == row["value"] or math.isnan(row["value"])
        assert cell["notation"].item() == row["notation"]
    entries = whole.to_dataset()
    assert entries.sizes == {"entry": len(whole)}
    assert np.array_equal(entries["value"], whole.entries["value"], equal_nan=True)


@pytest.mark.parametrize("asked", [{"level": 2}, {"level": 0}])
def test_a_level_is_of_categories(whole, asked):
    """Without the dim it would cut nothing, and level 0 is none."""
    dims = ["category"] if asked["level"] == 0 else ["area"]
    with pytest.raises(MethodError, match="cuts categories"):
        whole.by(*dims, **asked)


def test_what_counts_in_primap2_has_a_category(tmp_path):
    """A zero of no category is left out, one of a category is kept; a number of none is refused by its flow."""

    def read(*lines):
        text = "\n".join([",".join(COLUMNS), *lines]) + "\n"
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        return ca.read_inventory(tmp_path / "a.csv").to_primap2()

    kept = ("x,2020,f,,4.A,1,CH4,0,t,m", "x,2020,h,,1.A.2,1,CH4,2,t,m")
    methane = read(*kept, "x,2020,g,,,1,CH4,0,t,m")["CH4"].squeeze(drop=True)
    assert methane.to_series().to_dict() == {"1.A.2": 2.0, "4.A": 0.0}
    with pytest.raises(
        MethodError, match="no IPCC category for g; primap2 keeps numbers by category"
    ):
        read(*kept, "x,2020,g,,,1,CH4,1,t,m")


def test_plain_columns_keep_what_is_missing():
    """No word is no word, and not the last of the words; a column without rows or used words stays one."""
    kinds = pd.Categorical(["a", None, "b"], categories=["a", "b", "unused"])
    frame = pd.DataFrame({"category": kinds, "scope": pd.array([1, 2, 1], dtype="int8")})
    plain = plain_columns(frame)
    assert plain["category"].isna().tolist() == [False, True, False]
    assert plain["category"].dropna().tolist() == ["a", "b"]
    assert plain["scope"].dtype == np.int64
    assert plain_columns(frame[:0])["category"].tolist() == []
    assert plain_columns(pd.DataFrame({"flow": pd.Categorical([None])}))["flow"].isna().all()
