"""Bad tables: each fault is one line that names the cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

import carbonacct as ca
from carbonacct.errors import IndexDataError, MethodError
from carbonacct.indices.index_declaration import index_ids, load_index
from carbonacct.indices.index_panel import panel_from_frame, read_panel
from carbonacct.indices.indicator_values import compute_values
from carbonacct.indices.inventory_values import add_coal_equivalent, add_inventory, add_quantities
from carbonacct.indices.scoring import score_index
from carbonacct.indices.template import asked_inputs, make_template
from carbonacct.sectors.energy.energy_use import EnergyNeed, list_energy_use

CCNI = load_index("ccni-2.0")


def write(tmp_path, rows, name="t.xlsx"):
    """Write rows to the sheet of data of a workbook."""
    book = Workbook()
    book.active.title = "data"
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


GOOD = [
    ["area", "year", "co2", "population", "peak_target", "non_fossil_share"],
    ["单位", None, "万吨", "万人", None, "%"],
    ["甲", 2020, 960, 250, "无", 15],
]


def test_a_good_table(tmp_path):
    """Numbers, words and units as a person writes them."""
    panel = read_panel(write(tmp_path, GOOD), CCNI)
    held = panel.values.sel(area="甲", year=2020)
    assert held.sel(
        input=["co2", "population", "peak_target", "non_fossil_share"]
    ).values.tolist() == [
        960,
        250,
        0.0,
        15,
    ]
    assert panel.place.sel(area="甲", year=2020, input="co2").item() == "t.xlsx!data!C3"
    assert not panel.findings


@pytest.mark.parametrize(
    ("row", "column", "cell", "message"),
    [
        (0, 2, "co3", "t.xlsx!data!C1: 'co3' is no input of ccni-2.0; did you mean co2"),
        (
            0,
            3,
            "人均碳排放",
            "t.xlsx!data!D1: '人均碳排放' is no input of ccni-2.0; did you mean 人均碳排放量",
        ),
        (0, 3, "co2", "t.xlsx!data!D1: 'co2' stands there twice; keep one column"),
        (0, 0, "place", "t.xlsx!data!1:1: no columns 'area' (地区), expected one"),
        (0, 1, "when", "t.xlsx!data!1:1: no columns 'year' (年份), expected one"),
        (1, 2, "万元", "t.xlsx!data!C2: 1e4 CNY CO2 cannot be turned into 1e4 t CO2"),
        (1, 3, "heads", "t.xlsx!data!D2: 'heads' is not a unit known here"),
        (2, 0, None, "t.xlsx!data!A3: the area is blank; name it"),
        (2, 1, "last year", "t.xlsx!data!B3: 'last year' is not a year; write a year such as 2020"),
        (2, 1, 20.5, "t.xlsx!data!B3: '20.5' is not a year"),
        (
            2,
            2,
            "about 960",
            "t.xlsx!data!C3: co2 is 'about 960', expected a number in 万吨; correct the cell",
        ),
        (2, 2, -5, "t.xlsx!data!C3: co2 is -5, expected at least 0 万吨"),
        (
            2,
            4,
            "maybe",
            (
                "t.xlsx!data!E3: peak_target is 'maybe', expected year (已公布年份), stated (已表态未定年份), "
                "none (无); choose one"
            ),
        ),
        (
            2,
            4,
            "已公布",
            (
                "t.xlsx!data!E3: peak_target is '已公布', expected year (已公布年份), stated (已表态未定年份), "
                "none (无); did you "
                "mean 已公布年份"
            ),
        ),
    ],
)
def test_each_fault_names_its_cell(tmp_path, row, column, cell, message):
    """Unknown names, units, years, texts, negative amounts, words that are no grade."""
    rows = [list(line) for line in GOOD]
    rows[row][column] = cell
    with pytest.raises(IndexDataError) as raised:
        read_panel(write(tmp_path, rows), CCNI)
    assert message in str(raised.value)


def test_all_faults_come_at_once(tmp_path):
    """Two bad cells are two lines."""
    rows = [list(line) for line in GOOD]
    rows[2][2], rows[2][3] = "x1", "x2"
    with pytest.raises(IndexDataError) as raised:
        read_panel(write(tmp_path, rows), CCNI)
    assert [line.split(":")[0] for line in str(raised.value).splitlines()] == [
        "t.xlsx!data!C3",
        "t.xlsx!data!D3",
    ]


def test_a_row_twice_and_no_row_at_all(tmp_path):
    """An area and year stand there once; a head alone is no table."""
    with pytest.raises(
        IndexDataError,
        match=r"t\.xlsx!data!4:4: 甲 2020 stands there twice \(also in row 3\); keep one row",
    ):
        read_panel(write(tmp_path, [*GOOD, GOOD[2]]), CCNI)
    with pytest.raises(
        IndexDataError, match=r"no row of an area below the head; fill in the template of ccni-2\.0"
    ):
        read_panel(write(tmp_path, GOOD[:2]), CCNI)


def test_a_percentage_as_a_share_is_a_finding_with_the_guess(tmp_path):
    """0.15 where 15 is expected is kept, and said with its cell."""
    rows = [*[list(line) for line in GOOD], ["乙", 2020, 500, 100, "无", 0.15]]
    found = read_panel(write(tmp_path, rows), CCNI).findings
    assert [finding.rule for finding in found] == ["percentage-as-share"]
    assert [str(finding) for finding in found] == [
        "t.xlsx!data!F4: non_fossil_share is 0.15, expected a percentage; it may be the share of 15 %; write 15 if so"
    ]
    rows[2][5] = 0.2
    assert len(read_panel(write(tmp_path, rows), CCNI).findings) == 2
    rows[2][5], rows[3][5] = 2.0, 0.9
    assert not read_panel(write(tmp_path, rows), CCNI).findings


def test_a_share_beyond_the_whole_is_a_finding():
    """A ratio of 420 % is said with both amounts."""
    panel = panel_from_frame(
        pd.DataFrame({"area": ["甲"], "year": 2020, "gva_secondary": [4200.0], "gdp": [1000.0]}),
        CCNI,
    )
    assert "secondary_share of 甲 2020 is 420 %, gva_secondary over gdp" in [
        finding.message for finding in compute_values(CCNI, panel).findings
    ]


def test_a_column_that_is_missing_is_asked_for_by_name():
    """A leaf without its inputs has no number; the finding names what to give; the total has no score."""
    result = score_index("ccni-2.0", pd.DataFrame({"area": ["甲"], "year": 2020, "co2": [960.0]}))
    lines = [str(finding) for finding in result.findings if finding.rule == "missing-value"]
    assert (
        "co2_per_head (人均碳排放量) has no number in 1 of 1 cells, first 甲 2020; "
        "give population, or co2_per_head itself" in lines
    )
    assert {finding.severity for finding in result.findings if finding.rule == "missing-value"} == {
        "error"
    }
    assert np.isnan(result.total()).all()


def test_a_column_that_no_index_knows_is_said(tmp_path):
    """A note of the user is left out, and said; a column of another index as well."""
    rows = [[*GOOD[0], "备注", "land_area"], *GOOD[1:]]
    found = read_panel(write(tmp_path, rows), CCNI).findings
    assert [finding.where for finding in found] == ["t.xlsx!data!G1", "t.xlsx!data!H1"]
    assert {finding.rule for finding in found} == {"column-not-used"}


def test_what_stands_outside_the_table_is_said(tmp_path):
    """A second sheet with rows, and a cell in a column without a name, are not dropped in silence."""
    path = write(tmp_path, [GOOD[0], GOOD[1], [*GOOD[2], "see note"]])
    book = load_workbook(path)
    book.create_sheet("more").append(["乙", 2020, 1])
    book.create_sheet("explanations").append(["co2", "二氧化碳排放量"])
    book.save(path)
    assert [str(finding) for finding in read_panel(path, CCNI).findings] == [
        "t.xlsx!more: sheet 'more' was not read: the table is in 'data'; put every row in 'data'",
        "t.xlsx!data!G3: 'see note' stands in a column without a name and was not used; name the column",
    ]


def test_a_blank_line_does_not_end_a_table(tmp_path):
    """Rows behind a blank line count."""
    (tmp_path / "t.csv").write_text("area,year,co2\n甲,2020,5\n\n乙,2020,6\n", encoding="utf-8")
    assert read_panel(tmp_path / "t.csv", CCNI).values.sel(
        input="co2", year=2020
    ).values.tolist() == [5, 6]


def test_a_csv_in_chinese(tmp_path):
    """Chinese names, units in brackets, a percent sign, full-width digits, a dash for nothing."""
    path = tmp_path / "t.csv"
    path.write_text(
        "城市,年份,二氧化碳排放量（吨）,常住人口(人),非化石能源消费占比,碳达峰目标\n甲,2020年,９６０００００,2500000,15%,已公布年份\n乙,2020,-,100,,无\n",
        encoding="utf-8",
    )
    panel = read_panel(path, CCNI)
    assert panel.values.sel(
        area="甲", year=2020, input=["co2", "population", "non_fossil_share", "peak_target"]
    ).values.tolist() == [960, 250, 15, 1]
    assert panel.status.sel(area="乙", year=2020, input="co2").item() == "missing"


def test_a_supplied_value_that_contradicts_its_amounts():
    """A leaf given itself agrees with what its amounts give, or the cell is named."""
    table = pd.DataFrame(
        {"area": ["甲"], "year": 2020, "co2": [960.0], "population": [250.0], "co2_per_head": [5.0]}
    )
    with pytest.raises(
        IndexDataError,
        match=r"table!E2: co2_per_head is 5, ratio of co2 and population gives 3\.84; clear the cell or correct the "
        r"amounts",
    ):
        compute_values(CCNI, panel_from_frame(table, CCNI))
    table["co2_per_head"] = 3.84
    assert (
        compute_values(CCNI, panel_from_frame(table, CCNI))
        .value.sel(indicator="co2_per_head")
        .item()
        == 3.84
    )
    alone = compute_values(CCNI, panel_from_frame(table.drop(columns="co2"), CCNI))
    assert (
        alone.value.sel(indicator="co2_per_head").item(),
        alone.status.sel(indicator="co2_per_head").item(),
    ) == (
        3.84,
        "supplied",
    )


def test_a_state_of_decoupling_may_be_given_as_a_word():
    """A city without a series says 弱脱钩; where the series gives another state, the cell is named."""
    table = pd.DataFrame(
        {
            "area": ["甲", "甲"],
            "year": [2019, 2020],
            "co2": [100.0, 99.0],
            "gdp_constant": [50.0, 55.0],
            "decoupling": [None, "弱脱钩"],
        }
    )
    with pytest.raises(
        IndexDataError,
        match=r"table!E3: decoupling is 0\.7, decoupling of co2 and gdp_constant gives 1;",
    ):
        compute_values(CCNI, panel_from_frame(table, CCNI))
    result = score_index("ccni-2.0", table.drop(columns="co2"))
    held = {"area": "甲", "year": 2020, "indicator": "decoupling"}
    assert (result.score.loc[held].item(), result.status.loc[held].item()) == (70.0, "supplied")


INVENTORY = pd.DataFrame(
    {
        "area": ["重庆", "重庆", "成都"],
        "year": [2020, 2020, 2020],
        "flow": ["industry", "moved_in", "industry"],
        "product": ["raw_coal", "electricity", "raw_coal"],
        "category": "",
        "scope": [1, 2, 1],
        "gas": "CO2",
        "value": [9.0e6, 6.0e5, 1.0e6],
        "unit": "t",
        "method": "m",
    }
)


def test_emissions_of_an_inventory_flow_into_the_index():
    """Scope 1 and 2 are added for this index, areas match in any spelling, the status names the source."""
    panel = panel_from_frame(
        pd.DataFrame({"area": ["重庆市"], "year": 2020, "population": [250.0]}), CCNI
    )
    values = compute_values(CCNI, add_inventory(panel, INVENTORY, CCNI))
    assert values.value.sel(indicator="co2_per_head").item() == 3.84
    assert values.status.sel(indicator="co2_per_head").item() == "inventory"
    assert [
        finding.message for finding in values.findings if finding.rule == "inventory-not-used"
    ] == ["the inventory of 成都 2020 was not used: the table has no row of it"]


def test_an_inventory_without_scope_2_is_not_taken_for_the_whole():
    """What lacks a part has no total: the reason is said, and the table may give it."""
    panel = panel_from_frame(
        pd.DataFrame({"area": ["成都"], "year": 2020, "population": [250.0]}), CCNI
    )
    filled = add_inventory(panel, INVENTORY, CCNI)
    assert np.isnan(filled.values.sel(input="co2").item())
    assert any(
        "co2 of 成都 2020 is not taken from the inventory, which has no number of scope 2"
        in finding.message
        for finding in filled.findings
    )


def test_emissions_of_other_sectors_are_left_out_and_said():
    """An index counts the CO2 of energy: a row of cement changes nothing but what is said."""
    panel = panel_from_frame(
        pd.DataFrame({"area": ["重庆"], "year": 2020, "population": [250.0]}), CCNI
    )
    cement = {**INVENTORY.iloc[0], "flow": "cement", "category": "2.A.1", "value": 5e6}
    whole = pd.concat([INVENTORY, pd.DataFrame([cement])], ignore_index=True)
    plain, filled = (add_inventory(panel, frame, CCNI) for frame in (INVENTORY, whole))
    assert filled.values.equals(plain.values)
    (found,) = [one for one in filled.findings if one.rule == "index-energy-alone"]
    assert "5,000,000 t CO2 of the other sectors of 重庆 2020 are not in them" in found.message


def test_table_and_inventory_that_differ_are_refused():
    """The same emissions from two places agree to 0.5 %, or the cell is named."""
    table = pd.DataFrame({"area": ["重庆"], "year": 2020, "population": [250.0], "co2": [900.0]})
    with pytest.raises(
        IndexDataError,
        match=r"table!D2: co2 is 900, the inventory gives 960 万吨; clear the cell, or leave out the inventory",
    ):
        add_inventory(panel_from_frame(table, CCNI), INVENTORY, CCNI)


def test_electricity_of_a_balance_flows_into_the_index():
    """Chongqing 2007: final consumption 415.81 and losses 33.40 are the printed 449.21 亿千瓦小时."""
    panel = panel_from_frame(
        pd.DataFrame({"area": ["重庆市"], "year": 2007, "gdp": [4676.13]}), CCNI
    )
    [use] = list_energy_use(ca.read_balance("docs/tables/chongqing_2007.csv"))
    values = compute_values(CCNI, add_quantities(panel, use, CCNI))
    assert values.value.sel(indicator="electricity_intensity").item() == pytest.approx(
        449.21 / 4676.13 * 1e4
    )
    assert values.status.sel(indicator="electricity_intensity").item() == "inventory"
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    with pytest.raises(
        IndexDataError,
        match=r"inventory of entries, not EnergyInventory; give to_inventory\(\.\.\.\)",
    ):
        ca.score_index("ccni-2.0", panel, inventory=inventory)
    result = ca.score_index("ccni-2.0", panel, inventory=ca.to_inventory(inventory))
    assert result.value.sel(indicator="electricity_intensity").item() == pytest.approx(
        449.21 / 4676.13 * 1e4
    )


def test_a_balance_of_another_area_is_not_used():
    """An area that the table has no row of is left out, and said."""
    panel = panel_from_frame(pd.DataFrame({"area": ["青岛"], "year": 2019}), CCNI)
    filled = add_quantities(
        panel, *list_energy_use(ca.read_balance("docs/tables/beijing_2007.csv")), CCNI
    )
    assert np.isnan(filled.values.sel(input="electricity")).all()
    assert [finding.message for finding in filled.findings] == [
        "the balance of 北京 2007 was not used: the table has no row of it"
    ]


@pytest.mark.parametrize("name", index_ids())
def test_the_template_comes_back_as_it_went(tmp_path, name):
    """A template with rows laid out reads as a table in which everything is missing, and its units are understood."""
    index = load_index(name)
    make_template(index, areas=["甲"], years=[2020, 2021]).save(tmp_path / "t.xlsx")
    panel = read_panel(tmp_path / "t.xlsx", index)
    assert panel.values.shape == (1, 2, len(index.inputs))
    assert np.isnan(panel.values).all()
    assert not panel.findings


@pytest.mark.parametrize("name", index_ids())
def test_the_template_explains_every_column(name):
    """One line of explanation for each column, with name, unit, what is allowed, and the indicator that needs it."""
    index = load_index(name)
    book = make_template(index)
    rows = list(book["explanations"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [about.id for about in asked_inputs(index)]
    assert all(row[1] and row[2] and row[3] and row[4] and row[6] and row[7] for row in rows)


def test_the_template_offers_the_words_of_a_judgement(tmp_path):
    """A column of a judgement has a list to choose from; every word of it is understood when it comes back."""
    make_template(CCNI, areas=["甲", "乙", "丙"], years=[2020]).save(tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    sheet = book["data"]
    column = [cell.value for cell in sheet[1]].index("peak_target") + 1
    offered = next(
        rule
        for rule in sheet.data_validations.dataValidation
        if sheet.cell(4, column).coordinate in rule.sqref
    )
    words = offered.formula1.strip('"').split(",")
    for row, word in enumerate(words, start=4):
        sheet.cell(row, column, word)
    book.save(tmp_path / "t.xlsx")
    assert read_panel(tmp_path / "t.xlsx", CCNI).values.sel(
        year=2020, input="peak_target"
    ).values.tolist() == [
        1.0,
        0.5,
        0.0,
    ]


def test_a_text_of_a_template_is_never_a_formula():
    """An area called =1+1 stays a text."""
    book = make_template(CCNI, areas=["=1+1"], years=[2020])
    assert (book["data"]["A4"].value, book["data"]["A4"].data_type) == ("=1+1", "s")


def energy_of(tmp_path, rows, units="原煤(万吨),天然气(亿立方米),电力(亿千瓦小时)", **options):
    """Return what the index takes from a small balance of 2019."""
    path = tmp_path / "balance.csv"
    path.write_text("青岛能源平衡表(实物量)-2019\n项目," + units + "\n" + rows, encoding="utf-8")
    index = load_index("peaking-pilot-city")
    panel = panel_from_frame(
        pd.DataFrame({"area": ["青岛"], "year": [2019], "gdp": [100.0]}), index
    )
    [use] = list_energy_use(ca.read_balance(path))
    filled = add_coal_equivalent(panel, use, index, method="gb-t-2589-2008", **options)
    held = filled.values.sel(area="青岛", year=2019)
    return {
        name: held.sel(input=name).item()
        for name in ("energy", "energy_non_fossil")
        if name in held["input"]
    }, filled.findings


BALANCE = "一次能源生产量,,,20\n火力发电,-100,,25\n损失量,,,1\n终端消费量,60,3,44\n工业,60,3,44\n"


def test_energy_of_a_balance_by_hand(tmp_path):
    """GB/T 2589-2008: (60 + 100) x 0.7143 + 3 x 13.3 + (44 + 1 - 25) x 1.229 万吨标准煤.

    At 0.3 kgce/kWh the 20 of primary electricity count 3 each.
    """
    found, findings = energy_of(tmp_path, BALANCE)
    assert found["energy"] == pytest.approx(160 * 0.7143 + 3 * 13.3 + 20 * 1.229)
    assert np.isnan(found["energy_non_fossil"])
    assert {finding.rule for finding in findings} == {"balance-incomplete", "calorific-electricity"}
    found, findings = energy_of(tmp_path, BALANCE, power_rate=0.3)
    assert found == {
        "energy": pytest.approx(160 * 0.7143 + 3 * 13.3 + 20 * 3.0),
        "energy_non_fossil": pytest.approx(60),
    }
    assert not [finding for finding in findings if finding.rule == "calorific-electricity"]


def test_energy_of_a_balance_that_trades_electricity(tmp_path):
    """The mix of imported electricity is unknown: it counts in the total, and non-fossil energy is left out."""
    found, findings = energy_of(
        tmp_path, "外省(区、市)调入量,,,10\n" + BALANCE.replace(",44", ",54"), power_rate=0.3
    )
    assert found["energy"] == pytest.approx(160 * 0.7143 + 3 * 13.3 + 30 * 3.0)
    assert np.isnan(found["energy_non_fossil"])
    assert "the mix of electricity from and to outside" in " ".join(
        finding.message for finding in findings
    )


def test_what_is_printed_as_a_part_counts_once(tmp_path):
    """Feedstock is a part of industry and transmission a part of losses: neither is added to the row that holds it."""
    plain, _ = energy_of(tmp_path, BALANCE)
    parts, _ = energy_of(
        tmp_path, BALANCE.replace("终端", "#运输和输配损失,,,1\n终端") + "#用作原料、材料,9,1,\n"
    )
    assert parts == plain | {"energy_non_fossil": pytest.approx(np.nan, nan_ok=True)}
    panel = panel_from_frame(pd.DataFrame({"area": ["青岛"], "year": 2019, "gdp": [100.0]}), CCNI)
    filled = add_quantities(
        panel, *list_energy_use(ca.read_balance(tmp_path / "balance.csv")), CCNI
    )
    assert filled.values.sel(input="electricity").item() == pytest.approx(45)


def test_what_a_row_has_beyond_its_parts_counts(tmp_path):
    """Industry prints 60 and 44 of a final consumption of 70 and 50: the rest counts, with its cell."""
    plain, _ = energy_of(tmp_path, BALANCE)
    beyond, _ = energy_of(tmp_path, BALANCE.replace("终端消费量,60,3,44", "终端消费量,70,3,50"))
    assert beyond["energy"] == pytest.approx(plain["energy"] + 10 * 0.7143 + 6 * 1.229)
    [use] = list_energy_use(ca.read_balance(tmp_path / "balance.csv"))
    found = use.sum_quantities(EnergyNeed(("final_consumption",), ("electricity",), "1e8 kWh"))
    assert found.values.item() == pytest.approx(50)
    assert [cell.rpartition("!")[2] for cell in found.list_cells(0, 0)] == ["D7", "D6"]


def test_an_inventory_of_all_sectors_gives_its_energy():
    """A record of energy and processes gives the index what its energy gives; one from a file gives emissions alone."""
    panel = panel_from_frame(
        pd.DataFrame({"area": ["重庆市"], "year": [2007], "gdp": [4676.13]}), CCNI
    )
    tables = ["docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"]
    energy = ca.to_inventory(ca.compile_inventory(tables[0], method="provincial-2011"))
    whole = ca.compile_sectors(*tables, method="provincial-2011")
    one, other = (
        ca.score_index("ccni-2.0", panel, inventory=each).panel.values.squeeze().to_series()
        for each in (whole, energy)
    )
    assert one.equals(other)
    assert one["electricity"] == pytest.approx(449.21)
    assert list_energy_use(whole.with_values(whole.entries["value"].to_numpy())) == []


def test_recovered_energy_counts_once(tmp_path):
    """What was counted as coke is not counted again as the gas that is recovered from it."""
    plain, _ = energy_of(tmp_path, BALANCE)
    recovered, _ = energy_of(tmp_path, "回收能,,2,\n" + BALANCE)
    assert recovered["energy"] == pytest.approx(plain["energy"] - 2 * 13.3)


def test_electricity_in_coal_equivalent_is_not_turned_back(tmp_path):
    """A table in coal equivalent does not state its rate for electricity: no kWh and no rate follow from it."""
    units = "原煤(万吨标准煤),天然气(万吨标准煤),电力(万吨标准煤)"
    found, _ = energy_of(tmp_path, BALANCE, units)
    assert found["energy"] == pytest.approx(160 + 3 + 20)
    with pytest.raises(
        MethodError,
        match="has no electricity in physical quantity to count at it; leave the rate out",
    ):
        energy_of(tmp_path, BALANCE, units, power_rate=0.3)
    panel = panel_from_frame(pd.DataFrame({"area": ["青岛"], "year": 2019, "gdp": [100.0]}), CCNI)
    filled = add_quantities(
        panel, *list_energy_use(ca.read_balance(tmp_path / "balance.csv")), CCNI
    )
    assert np.isnan(filled.values.sel(input="electricity")).all()
    assert "electricity in physical quantity" in filled.findings[0].message


def test_a_power_rate_in_grams_is_refused(tmp_path):
    """300 is grams; the message says how to write it."""
    with pytest.raises(
        MethodError,
        match=r"power rate 300 kgce/kWh, expected from 0\.2 to 0\.5; write 300 g as 0\.300",
    ):
        energy_of(tmp_path, BALANCE, power_rate=300)


def test_the_nation_against_its_printed_total(real_tables):
    """The nation 2019 in physical quantity: 1.6 % above the printed 447,597 万吨标准煤 (电热当量法)."""
    index = load_index("peaking-pilot-city")
    panel = panel_from_frame(
        pd.DataFrame({"area": ["全国"], "year": [2019], "gdp": [986515.0]}), index
    )
    balance = ca.read_balance(
        real_tables / "china_ebt_2019" / "national_2019_physical_5-1_bilingual_3panels.xlsx"
    )
    filled = add_coal_equivalent(panel, *list_energy_use(balance), index, method="yearbook-2008")
    energy = filled.values.sel(input="energy").item()
    assert round(100 * (energy / 447596.81 - 1), 1) == 1.6


def test_values_beyond_the_bounds_of_a_score_are_listed(tmp_path):
    """Values beyond a bound are named with the bound; values on it and rules without bounds are not."""
    path = tmp_path / "tai.csv"
    head = "area,year,patents,royalties,internet,exports,telephones,electricity_per_head,schooling,university"
    path.write_text(
        f"{head}\nA,2000,994,0,10,5,1202.3,7000,10,20\nB,2000,10,0,10,5,0,6969,10,20\n",
        encoding="utf-8",
    )
    found = [
        finding
        for finding in score_index("tai-2001", path).findings
        if finding.rule == "beyond-bounds"
    ]
    assert [(finding.severity, finding.message) for finding in found] == [
        (
            "info",
            (
                "telephones (电话) lies beyond the bounds 1 and 901 in 2 cells and counts as the bound: tai.csv!G2 "
                "(1202.3 as 901), tai.csv!G3 (0 as 1)"
            ),
        ),
        (
            "info",
            (
                "electricity_per_head (人均用电量) lies beyond the bounds 22 and 6969 in 1 cell and counts as the "
                "bound: tai.csv!H2 (7000 as 6969)"
            ),
        ),
    ]
    frame = pd.DataFrame(dict.fromkeys(head.split(",")[2:], 5.0), index=range(20)).assign(
        area=[f"A{n}" for n in range(20)], year=2000, telephones=1000.0
    )
    (message,) = [
        finding.message
        for finding in score_index("tai-2001", frame).findings
        if "telephones" in finding.message
    ]
    assert message.count("(1000 as 901)") == 12
    assert message.endswith(" and 8 more")


@pytest.mark.parametrize(
    ("numbers", "faults"),
    [
        ([0.0, 15.0, 366.0], {}),
        ([15.0, np.nan, 20.0], {}),  # a blank is no number, and no fault
        ([15.0, -0.5, 20.0], {3: "-0.5"}),
        ([15.0, 20.0, 367.0], {4: "367"}),
        ([-2.0, 20.0, 367.0], {2: "-2", 4: "367"}),
        ([367.0, 20.0, 367.0], {2: "367", 4: "367"}),  # the same fault in each of its cells
    ],
)
def test_a_column_of_numbers_alone_keeps_the_bounds_of_its_input(numbers, faults):
    """A year has from 0 to 366 days of good air: what lies beyond is said by its cell, and the others are read."""
    index = load_index("dual-carbon-big-data")
    table = pd.DataFrame({"area": list("甲乙丙"), "year": 2020, "good_air_days": numbers})
    if not faults:
        found = panel_from_frame(table, index).values.sel(year=2020, input="good_air_days").values
        np.testing.assert_array_equal(found, numbers)
        return
    with pytest.raises(IndexDataError) as caught:
        panel_from_frame(table, index)
    lines = str(caught.value).split("\n")
    assert len(lines) == len(faults)
    for line, (row, number) in zip(lines, faults.items(), strict=True):
        assert line.startswith(f"table!C{row}: good_air_days is {number}, expected ")
