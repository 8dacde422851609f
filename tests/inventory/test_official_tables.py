"""Official tables of the record of all sectors: each entry in one cell, or listed with its reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.categories import categories
from carbonacct.errors import FactorDataError, MethodError
from carbonacct.inventory.entry_columns import make_entries, sector_of
from carbonacct.inventory.official.filling import fill_layout
from carbonacct.inventory.official.layouts import load_layout, read_layout
from carbonacct.inventory.official.placing import MEMO, NO_ROW, OTHER_SECTOR, place_entries
from carbonacct.inventory.record import Inventory

KEYS = {"NO", "NE", "NA", "IE", "C"}
GASES = ("CO2", "CH4", "N2O", "HFC134a", "HFC23", "CF4", "C2F6", "SF6", "NF3")
# Reference numbers of GPC 1.1 and what enters BASIC and BASIC+ (the five territorial rows enter neither).
TERRITORIAL = {"I.4.4", "III.1.3", "III.2.3", "III.3.3", "III.4.3"}
BASIC_PLUS = (
    {f"I.{n}.3" for n in range(1, 7)}
    | {f"II.{n}.3" for n in range(5)}
    | {"IV.1", "IV.2", "V.1", "V.2", "V.3"}
)


def make(*rows, area="甲", year=2020):
    """Return an inventory of entries (category, gas, value, more labels)."""
    frame = pd.DataFrame(
        [{"category": code, "gas": gas, "value": value, **more} for code, gas, value, more in rows]
    ).fillna({"flow": "source", "product": "", "notation": "", "kind": "emission"} if rows else {})
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    columns |= {
        "area": area,
        "year": year,
        "sector": np.array([sector_of(code) for code in frame["category"]], object),
    }
    for name, value in (("flow", "source"), ("kind", "emission")):
        columns.setdefault(name, value)
    return Inventory(make_entries(columns))


def cell(table, code, gas):
    """Return a cell by the code of its row and its gas."""
    frame = table.to_frame().set_index("code")
    column = next(name for name in frame.columns if name.rpartition("_")[0] == gas)
    return frame.loc[code, column]


def _identify(entry):
    """Return what tells an entry apart."""
    return (*entry[:2], *entry[3:7])


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(sorted(categories())),
        st.sampled_from(GASES),
        st.integers(-10_000, 10_000),
        st.sampled_from(["emission", "memo"]),
        st.sampled_from(
            [
                "source",
                "stoves",
                "forest_growth",
                "wood_consumption",
                "grazing",
                "industry.power_heat_supply",
            ]
        ),
        st.sampled_from(["", "raw_coal", "wood", "pigs", "bamboo", "msw"]),
        st.sampled_from([("甲", 2019), ("甲", 2020), ("乙", 2020)]),
        st.sampled_from(["", "", "", "NE", "NO", "IE", "C"]),
    ),
    min_size=1,
    max_size=25,
    unique_by=_identify,
)


@settings(max_examples=80, deadline=None)
@given(name=st.sampled_from(ca.official_ids()), drawn=ENTRIES)
def test_what_a_table_holds_and_what_it_lists_are_the_inventory(name, drawn):
    """Whatever the entries: each is in one row or listed, by gas; and a number or a key is in every cell."""
    codes, gases, values, kinds, flows, products, periods, keys = map(
        list, zip(*drawn, strict=True)
    )
    entries = make_entries(
        {
            "area": np.array([area for area, _ in periods], object),
            "year": np.array([year for _, year in periods]),
            "sector": np.array([sector_of(code) for code in codes], object),
            "category": np.array(codes, object),
            "gas": np.array(gases, object),
            "kind": np.array(kinds, object),
            "flow": np.array(flows, object),
            "product": np.array(products, object),
            "value": np.where(np.array(keys) == "", np.array(values, float), np.nan),
            "notation": np.array(keys, object),
        }
    )
    table = fill_layout(Inventory(entries), load_layout(name))
    placed = table.placed
    assert (placed.row >= 0).sum() + len(table.listed) == len(entries)
    assert (placed.column[placed.row >= 0] >= 0).all()
    for column, one in enumerate(table.columns):
        here = (placed.row >= 0) & (placed.column == column)
        listed = table.listed[table.listed["gas"] == one.gas]["value"].sum()
        whole = entries[entries["gas"] == one.gas]["value"].sum()
        assert np.nansum(placed.value[here]) + listed == pytest.approx(whole, abs=1e-6)
        for period in range(len(table.periods)):
            for row, about in enumerate(table.layout.rows):
                within = table.layout.within(row)
                parts = (
                    here
                    & np.isin(placed.row, within)
                    & (placed.period == period)
                    & ~np.isnan(placed.value)
                )
                scale = {"t": 1, "kt": 1e-3, "10kt": 1e-4}[one.unit]
                expected = placed.value[parts].sum() * scale if parts.any() else np.nan
                assert table.values[period, row, column] == pytest.approx(
                    expected, nan_ok=True, abs=1e-9
                ), about.code
                key = table.keys[period, row, column]
                assert set(filter(None, key.split(","))) <= KEYS
                assert key or not np.isnan(table.values[period, row, column])


def test_of_an_entry_the_nearest_row_has_it():
    """1.A.2.a stands in iron and steel, 1.A.2 in the row above, both in industry; wood is always biomass."""
    inventory = make(
        ("1.A.2.a", "CO2", 1e4, {}),
        ("1.A.2", "CO2", 3e4, {}),
        ("1.A.2.a", "CH4", 2e4, {"product": "wood"}),
        ("1.A.4.b", "N2O", 5e4, {"flow": "stoves", "product": "straw_improved"}),
        ("1.A", "CO2", 7e4, {}),
    )
    table = fill_layout(inventory, load_layout("provincial-energy"))
    assert [
        cell(table, code, "CO2") for code in ("1.1.2.1", "1.1.2", "1.1.7", "1.1", "1")
    ] == pytest.approx([1, 4, 7, 11, 11])
    assert cell(table, "1.2", "CH4") == pytest.approx(2)
    assert cell(table, "1.2", "N2O") == pytest.approx(5)
    assert cell(table, "1.2", "CO2") == "NA"
    assert cell(table, "1.1.2.2", "CO2") == "IE"  # industry holds a number that it does not divide
    assert cell(table, "1.1.3", "CO2") == "NE"


def test_a_sum_that_lacks_a_part_bears_its_key():
    """Pigs are not estimated: the sum of the rest has NE beside it; what does not occur leaves no mark."""
    inventory = make(
        ("3.A.1", "CH4", np.nan, {"product": "pigs", "notation": "NE"}),
        ("3.A.1", "CH4", 5e4, {"product": "goats"}),
        ("3.A.1", "CH4", np.nan, {"product": "horses", "notation": "NO"}),
    )
    table = fill_layout(inventory, load_layout("provincial-agriculture"))
    assert cell(table, "3", "CH4") == "5,NE"
    assert cell(table, "3.6", "CH4") == "NE"
    assert cell(table, "3.7", "CH4") == "NO"
    assert cell(table, "total", "CH4") == "5,NE"
    assert (
        cell(
            fill_layout(
                inventory.select(product=["goats", "horses"]), load_layout("provincial-agriculture")
            ),
            "3",
            "CH4",
        )
        == 5.0
    )


def test_what_is_held_undivided_is_of_the_same_gas():
    """CH4 of composting says nothing of CH4 of landfills, and CO2 of land that burns nothing of its CH4."""
    inventory = make(("4.B", "CH4", 5.0, {}), ("4.C", "CO2", 3e4, {}))
    table = fill_layout(inventory, load_layout("provincial-waste"))
    assert [cell(table, code, "CH4") for code in ("1.1", "1.2", "1.2.1")] == ["NE", "NE", "NE"]
    assert [cell(table, code, "CO2") for code in ("1.2", "1.2.1")] == [3.0, "IE"]
    weighted = fill_layout(inventory, load_layout("provincial-waste"), gwp="AR5GWP100")
    assert cell(weighted, "1.2.1", "CO2e (AR5GWP100)") == "IE,NE"  # every reason of its gases


def test_nothing_holds_no_part_of_another():
    """Poultry that emits nothing does not hold the methane of sheep; what burns of a converted forest is in its CO2."""
    fowl = make(("3.A.1", "CH4", 0.0, {"flow": "enteric_fermentation", "product": "poultry"}))
    table = fill_layout(fowl, load_layout("provincial-agriculture"))
    assert [cell(table, code, "CH4") for code in ("3", "3.4")] == [0.0, "NE"]
    forest = make(
        ("3.B", "CO2", 3e4, {"flow": "forest_conversion"}),
        ("3.C.1.a", "CH4", 40.0, {"flow": "conversion_burning_ch4"}),
    )
    for name, burnt in (("provincial", "4.2.1"), ("provincial-land", "2.1")):
        assert cell(fill_layout(forest, load_layout(name)), burnt, "CO2") == "IE"


def test_the_first_row_may_hold_all_that_is_not_divided():
    """All of energy in the first row: the others are IE, and the note reads in both languages."""
    table = fill_layout(make(("1", "CO2", 5e3, {})), load_layout("crt-1"))
    assert cell(table, "1", "CO2") == 5.0
    assert {cell(table, code, "CO2") for code in ("1.A", "1.A.1", "1.A.2")} == {"IE"}
    column = fill_layout(make(("2.A.1", "CO2", 5e3, {})), load_layout("provincial")).columns[0]
    assert (column.heading("zh"), column.heading("en")) == ("CO2\n（万吨）", "CO2\n(10⁴ t)")


def test_what_has_no_place_is_listed_and_found():
    """Glass has no row in the guideline's table of processes, coal is of another sector, a bunker a memo item."""
    inventory = make(
        ("2.A.3", "CO2", 10.0, {}),
        ("2.A.1", "CO2", 20.0, {}),
        ("1.A.2", "CO2", 30.0, {}),
        ("1.D.1.a", "CO2", 40.0, {"kind": "memo"}),
    )
    layout = load_layout("provincial-processes")
    assert place_entries(inventory.entries, layout).tolist() == [NO_ROW, 0, OTHER_SECTOR, MEMO]
    table = fill_layout(inventory, layout)
    assert cell(table, "total", "CO2") == pytest.approx(20e-4)
    assert table.listed["value"].tolist() == [10, 30, 40]
    (finding,) = table.findings()
    assert (finding.rule, finding.severity) == ("table-unplaced", "warning")
    lacking = make(("2.A.3", "CO2", np.nan, {"notation": "NE"}), ("2.A.1", "CO2", 1.0, {}))
    assert "source (2.A.3) NE CO2" in str(fill_layout(lacking, layout).findings()[0])
    assert str(finding).startswith(
        "provincial-processes of 甲 2020 has no place for 1 sums: source (2.A.3) 10 t CO2;"
    )


def test_kinds_of_gases_need_a_metric():
    """Without a metric each fluorinated gas is a column in t; with one, HFCs, PFCs and all gases are sums."""
    inventory = make(
        ("2.B.9.a", "HFC23", 2.0, {}),
        ("2.B.9.b", "HFC32", 3.0, {}),
        ("2.C.3", "CF4", 4.0, {}),
        ("2.A.1", "CO2", 5e4, {}),
    )
    plain = fill_layout(inventory, load_layout("provincial"))
    assert [one.name for one in plain.columns] == [
        "CO2_10kt",
        "CH4_10kt",
        "N2O_10kt",
        "HFC23_t",
        "HFC32_t",
        "CF4_t",
        "SF6_t",
    ]
    assert cell(plain, "2", "HFC23") == 2.0
    weighted = fill_layout(inventory, load_layout("provincial"), gwp="AR5GWP100")
    # AR5, table 8.A.1: HFC-23 12 400, HFC-32 677, CF4 6 630
    assert cell(weighted, "2", "HFCs") == pytest.approx((2 * 12400 + 3 * 677) / 1e4)
    assert cell(weighted, "2.7", "PFCs") == pytest.approx(4 * 6630 / 1e4)
    total = 5e4 + 2 * 12400 + 3 * 677 + 4 * 6630
    assert cell(weighted, "with", "CO2e (AR5GWP100)") == pytest.approx(total / 1e4)


def test_with_and_without_land():
    """Growth of forest is a removal: it lowers the one total and not the other."""
    inventory = make(
        ("2.A.1", "CO2", 9e4, {}),
        ("3.B.1.a", "CO2", -4e4, {"flow": "forest_growth", "kind": "removal"}),
        ("3.B.1.a", "CO2", 1e4, {"flow": "wood_consumption"}),
        ("3.B.1.a", "CO2", -2e4, {"flow": "other_stands", "product": "bamboo", "kind": "removal"}),
    )
    table = fill_layout(inventory, load_layout("provincial"))
    assert [
        cell(table, code, "CO2") for code in ("with", "without", "4.1.1", "4.1.3", "4.1.6", "4")
    ] == pytest.approx([4, 9, -4, -2, 1, -5])


def test_the_levels_of_the_gpc():
    """53 reference numbers beside undivided transport; BASIC+ holds BASIC but not the five territorial rows."""
    layout = load_layout("gpc")
    numbers = {
        row.code: row
        for row in layout.rows
        if row.extra["reporting"] and not row.code.startswith("II.0.")
    }
    assert len(numbers) == 53
    sums = {row.code: set(row.sums) for row in layout.rows if row.sums}
    assert {
        code for code, row in numbers.items() if row.extra["reporting"] == "territorial"
    } == TERRITORIAL
    assert sums["BASIC"] | BASIC_PLUS == sums["BASIC+"]
    assert not sums["BASIC"] & BASIC_PLUS
    assert not sums["BASIC+"] & (TERRITORIAL | {"VI.1"})
    assert sums["territorial"] == {row.code for row in layout.rows if row.extra["scope"] == "1"}
    assert sums["BASIC+"] | TERRITORIAL | {"VI.1"} == {*numbers, "II.0.1", "II.0.2", "II.0.3"}


def test_a_power_plant_enters_the_territorial_total_alone():
    """Fuel of plants is I.4.4; use of grid electricity is scope 2, and the losses of the grid are scope 3."""
    cube = ca.compile_inventory("docs/tables/beijing_2007.csv", method="provincial-2011")
    table = ca.fill_official(ca.to_inventory(cube), "gpc", energy=[cube])
    plants = cube.emissions.sel(flow=["thermal_power", "heating"]).sum().item()
    assert cell(table, "I.4.4", "CO2") == pytest.approx(plants, rel=1e-12)
    assert cell(table, "territorial", "CO2") == pytest.approx(
        cube.total().item().magnitude, rel=1e-12
    )
    # 5 084 400 GJ of heat by 0.11 t CO2/GJ; electricity of 2007 has no factor
    assert cell(table, "II.0.2", "CO2") == "559284,NE"
    direct = sum(
        cell(table, code, "CO2") for code in ("I.1.1", "I.2.1", "I.3.1", "I.5.1", "II.0.1")
    )
    heat = sum(
        float(cell(table, code, "CO2").split(",")[0])
        for code in ("I.1.2", "I.2.2", "I.3.2", "II.0.2")
    )
    assert float(cell(table, "BASIC", "CO2").split(",")[0]) == pytest.approx(
        direct + heat, rel=1e-12
    )
    assert cell(table, "II.1.1", "CO2") == "IE"
    assert set(table.listed["flow"]) == {"moved_in", "moved_out"}


def test_waste_counts_where_it_is_treated():
    """Who does not say where waste comes from has it in III.1.1, and III.1.3 is included there."""
    table = fill_layout(make(("4.A", "CH4", 7.0, {})), load_layout("gpc"))
    assert [cell(table, code, "CH4") for code in ("III.1.1", "III.1.2", "III.1.3", "III.4.3")] == [
        7.0,
        "NE",
        "IE",
        "NE",
    ]


def test_every_fault_of_a_layout_is_said_at_once(tmp_path):
    """Unknown category, unknown key, a row twice, a sum of nothing, two rows that take the same."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'title_zh = "表"\ntitle_en = "t"\nsheet_zh = "表"\nsheet_en = "t"\nreference = "r"\nstatus = "single"\n'
        'unit = "Gt"\ngases = ["CO2"]\n'
        'rows = [\n{code = "1", zh = "一", en = "one", of = ["1.X"], colour = "red"},\n{code = "1", zh = "", en '
        '= "two", of = ["2.A"], sum = ["9"]},\n'
        '{code = "2", zh = "二", en = "two", of = ["2.A"], sum = ["9"], fuel = "peat"},\n{code = "3", zh = "三", '
        'en = "three", of = ["2.A"], fuel = "peat"}]\n',
        encoding="utf-8",
    )
    with pytest.raises(FactorDataError) as caught:
        read_layout(path)
    said = str(caught.value)
    for part in (
        "unit is 'Gt'",
        "row 1: 1.X is no category",
        "row 1: 'colour' is not one of its keys",
        "row 1: is there twice",
        "row 1: zh is missing",
        "row 1: names 9, which is no row",
        "row 2: fuel is 'peat'",
        "row 3: takes 2.A, which row 2 takes already",
    ):
        assert part in said, part
    with pytest.raises(MethodError, match=r"^no table 'provincal'; did you mean provincial"):
        load_layout("provincal")


@pytest.mark.parametrize("name", ca.official_ids())
def test_every_row_can_be_reached(name):
    """An entry with exactly what a row asks for stands in that row, for all that it asks for."""
    layout = load_layout(name)
    for place, row in enumerate(layout.rows):
        for one in row.selectors:
            asked = [
                (code, flow, item)
                for code in one.of or [""]
                for flow in one.sources or ["any"]
                for item in one.items or [""]
            ]
            for code, flow, item in asked:
                labels = {
                    "category": code,
                    "flow": flow,
                    "product": item or ("wood" if one.fuel == "biomass" else ""),
                }
                labels |= {
                    "kind": "emission" if one.kind == "direct" else one.kind,
                    "sector": sector_of(code),
                    "value": 1.0,
                }
                entries = make_entries({**labels, "area": "甲", "year": 2020, "gas": "CO2"})
                assert place_entries(entries, layout).tolist() == [place], (row.code, labels)


@pytest.mark.parametrize("name", ca.official_ids())
def test_a_layout_says_everything_in_two_languages(name):
    """Names and titles in Chinese and English; sums and units as the table says."""
    layout = load_layout(name)
    assert layout.title_zh != layout.title_en
    assert layout.status in {"corroborated", "single"}
    for row in layout.rows:
        assert row.zh
        assert row.en
        assert set(row.keys) <= set(layout.gases)
        assert tuple(row.extra) == tuple(layout.rows[0].extra)
