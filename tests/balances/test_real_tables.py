"""Every real table reads: its shape, area, years, how many numbers, and exactly what is found in it."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pytest

import carbonacct as ca
from carbonacct.errors import TableError, UnitError
from carbonacct.sheets import values


class Real(NamedTuple):
    """What is pinned of one file; ``area`` is its name, or how many there are; ``rules`` are its findings."""

    file: str
    flows: int
    products: int
    area: str | int
    first_year: int
    last_year: int
    numbers: int
    rules: str


TABLES = (
    Real(
        "china_ebt_2007/4-2_China_physical_2007.xls",
        33,
        22,
        "China",
        2007,
        2007,
        404,
        "labels-disagree printed-positive",
    ),
    Real(
        "china_ebt_2007/5-13_electricity_by_sector.xls",
        50,
        1,
        "5-13_electricity_by_sector",
        1995,
        2007,
        397,
        "area-unknown left-out",
    ),
    Real(
        "china_ebt_2007/5-1_primary_energy_composition.xls",
        1,
        7,
        "5-1_primary_energy_composition",
        1995,
        2007,
        49,
        "area-unknown left-out",
    ),
    Real(
        "china_ebt_2007/5-3_industry_final_energy_std_2007.xls",
        43,
        22,
        "5-3_industry_final_energy_std_2007",
        2007,
        2007,
        851,
        "area-unknown left-out unused-numbers",
    ),
    Real(
        "china_ebt_2007/5-4_energy_by_sector.xls",
        50,
        1,
        "5-4_energy_by_sector",
        1995,
        2007,
        397,
        "area-unknown left-out total-energy",
    ),
    Real(
        "china_ebt_2007/5-5_coal_by_sector.xls",
        50,
        1,
        "5-5_coal_by_sector",
        1995,
        2007,
        397,
        "area-unknown left-out unused-numbers",
    ),
    Real(
        "china_ebt_2007/5-6_coke_by_sector.xls",
        50,
        1,
        "5-6_coke_by_sector",
        1995,
        2007,
        384,
        "area-unknown left-out unused-numbers",
    ),
    Real("china_ebt_2007/6-01_Beijing_2007.xls", 33, 22, "Beijing", 2007, 2007, 321, "no-table"),
    Real("china_ebt_2007/6-03_Hebei_2007.xls", 33, 22, "Hebei", 2007, 2007, 383, ""),
    Real(
        "china_ebt_2007/6-05_InnerMongolia_2007.xls", 33, 22, "Inner Mongolia", 2007, 2007, 315, ""
    ),
    Real("china_ebt_2007/6-06_Liaoning_2007.xls", 33, 22, "Liaoning", 2007, 2007, 336, ""),
    Real("china_ebt_2007/6-07_Jilin_2007.xls", 33, 22, "Jilin", 2007, 2007, 309, ""),
    Real("china_ebt_2007/6-08_Heilongjiang_2007.xls", 33, 22, "Heilongjiang", 2007, 2007, 272, ""),
    Real("china_ebt_2007/6-09_Shanghai_2007.xls", 33, 22, "Shanghai", 2007, 2007, 335, ""),
    Real("china_ebt_2007/6-10_Jiangsu_2007.xls", 33, 22, "Jiangsu", 2007, 2007, 330, ""),
    Real("china_ebt_2007/6-12_Anhui_2007.xls", 33, 22, "Anhui", 2007, 2007, 276, ""),
    Real(
        "china_ebt_2007/6-13_Fujian_2007.xls", 33, 22, "Fujian", 2007, 2007, 256, "printed-positive"
    ),
    Real("china_ebt_2007/6-14_Jiangxi_2007.xls", 33, 22, "Jiangxi", 2007, 2007, 299, ""),
    Real("china_ebt_2007/6-15_Shandong_2007.xls", 33, 22, "Shandong", 2007, 2007, 317, ""),
    Real("china_ebt_2007/6-16_Henan_2007.xls", 33, 22, "Henan", 2007, 2007, 319, ""),
    Real("china_ebt_2007/6-17_Hubei_2007.xls", 33, 22, "Hubei", 2007, 2007, 248, ""),
    Real("china_ebt_2007/6-18_Hunan_2007.xls", 33, 22, "Hunan", 2007, 2007, 315, ""),
    Real("china_ebt_2007/6-19_Guangdong_2007.xls", 33, 22, "Guangdong", 2007, 2007, 341, ""),
    Real("china_ebt_2007/6-20_Guangxi_2007.xls", 33, 22, "Guangxi", 2007, 2007, 268, ""),
    Real(
        "china_ebt_2007/6-21_Hainan_2007.xls",
        33,
        22,
        "Hainan",
        2007,
        2007,
        205,
        "unit-contradiction:2",
    ),
    Real("china_ebt_2007/6-22_Chongqing_2007.xls", 33, 22, "Chongqing", 2007, 2007, 240, ""),
    Real(
        "china_ebt_2007/6-23_Sichuan_2007.xls",
        33,
        22,
        "Sichuan",
        2007,
        2007,
        261,
        "unit-contradiction:2",
    ),
    Real("china_ebt_2007/6-24_Guizhou_2007.xls", 33, 22, "Guizhou", 2007, 2007, 229, ""),
    Real("china_ebt_2007/6-25_Yunnan_2007.xls", 33, 22, "Yunnan", 2007, 2007, 314, ""),
    Real("china_ebt_2007/6-26_Shaanxi_2007.xls", 33, 22, "Shaanxi", 2007, 2007, 293, ""),
    Real("china_ebt_2007/6-27_Gansu_2007.xls", 33, 22, "Gansu", 2007, 2007, 288, ""),
    Real(
        "china_ebt_2007/6-28_Qinghai_2007.xls",
        33,
        22,
        "Qinghai",
        2007,
        2007,
        315,
        "printed-positive:2",
    ),
    Real("china_ebt_2007/6-29_Ningxia_2007.xls", 33, 22, "Ningxia", 2007, 2007, 233, ""),
    Real("china_ebt_2007/6-30_Xinjiang_2007.xls", 33, 22, "Xinjiang", 2007, 2007, 288, ""),
    Real(
        "china_ebt_2019/national_2019_physical_5-1_and_4-2_ocr.xlsx",
        77,
        32,
        "China",
        2019,
        2019,
        1326,
        "area-from-name printed-positive:2 unreadable-number year-from-name",
    ),
    Real(
        "china_ebt_2019/national_2019_physical_5-1_bilingual_3panels.xlsx",
        36,
        32,
        "China",
        2019,
        2019,
        520,
        "left-out no-table printed-positive:2 unreadable-number",
    ),
    Real(
        "china_ebt_2019/national_2019_standard_5-2_and_4-2.xlsx",
        77,
        34,
        "全国",
        2019,
        2019,
        1477,
        "no-table printed-positive:2 standard-quantity unit-assumed:2",
    ),
    Real(
        "china_ebt_2019/national_standard_long_2019_and_2021.csv",
        80,
        35,
        "China",
        2019,
        2021,
        3000,
        "area-from-name left-out unit-assumed",
    ),
    Real(
        "beijing_gcam/beijing_2012_mtce_as_in_source.csv",
        31,
        28,
        "Beijing",
        2012,
        2012,
        368,
        "printed-positive:3 unit-assumed",
    ),
    Real(
        "beijing_gcam/北京市能源平衡表(实物量)_2012_rebuilt.csv",
        31,
        27,
        "北京市",
        2012,
        2012,
        285,
        "area-from-name printed-positive:3 year-from-name",
    ),
    Real(
        "germany_lak/LAK_energy_balance_Berlin_Hamburg_Bremen.csv",
        54,
        33,
        3,
        1990,
        2017,
        137214,
        "left-out printed-positive:13",
    ),
    Real(
        "ireland_seai/seai_energy_balances_1990_2024_ktoe.xlsx",
        71,
        41,
        "Ireland",
        1990,
        2024,
        40746,
        "area-assumed left-out printed-positive:8 unused-numbers unused-texts",
    ),
    Real(
        "yearbook_pages/china_nbs_1999_7-3_overall_energy_balance_zh.txt",
        21,
        1,
        "China",
        1985,
        1997,
        101,
        "area-from-name left-out printed-positive total-energy unused-texts",
    ),
    Real(
        "yearbook_pages/fujian_2000_2021_6-3_overall_energy_balance_zh_en.txt",
        16,
        1,
        "Fujian",
        2000,
        2021,
        80,
        "area-from-name left-out printed-positive total-energy",
    ),
    Real(
        "yearbook_pages/fujian_2009_5-8_industry_energy_by_branch_zh.txt",
        39,
        1,
        "Fujian",
        2009,
        2009,
        37,
        "area-from-name left-out total-energy",
    ),
    Real(
        "yearbook_pages/jilin_2015_7-13_electricity_balance_zh.txt",
        39,
        1,
        "Jilin",
        2014,
        2015,
        40,
        "area-from-name standard-quantity unplaced-numbers unused-texts",
    ),
    Real(
        "yearbook_pages/shandong_2005_6-9_energy_balance_std_zh.txt",
        38,
        6,
        "Shandong",
        2005,
        2005,
        107,
        "area-from-name placed-by-total",
    ),
    Real(
        "yearbook_pages/shandong_2007_6-8_energy_balance_std_en.txt",
        32,
        6,
        "Shandong",
        2007,
        2007,
        145,
        "area-from-name left-out placed-by-total unplaced-numbers unused-texts",
    ),
    Real(
        "china_provincial_power_heat/electricity_balance_rows_31prov_2015_2021.csv",
        5,
        1,
        31,
        2015,
        2022,
        758,
        "left-out",
    ),
    Real(
        "china_provincial_power_heat/generation_by_source_31prov.csv",
        16,
        1,
        32,
        2015,
        2022,
        2975,
        "unreadable-number:4",
    ),
    Real(
        "china_provincial_power_heat/heat_balance_rows_31prov_2011_2021.csv",
        11,
        1,
        31,
        2005,
        2021,
        4092,
        "left-out",
    ),
    Real(
        "china_provincial_power_heat/heat_supply_by_fuel_31prov_2018_2022.csv",
        2,
        32,
        31,
        2018,
        2022,
        2065,
        "left-out standard-quantity unit-assumed",
    ),
    Real(
        "china_provincial_power_heat/heating_by_fuel_31prov_2019_2021.csv",
        1,
        23,
        31,
        2019,
        2021,
        980,
        "left-out standard-quantity unit-assumed",
    ),
    Real(
        "china_provincial_power_heat/thermal_power_by_fuel_31prov_2019_2021.csv",
        1,
        26,
        31,
        2019,
        2022,
        1180,
        "left-out standard-quantity unit-assumed unused-numbers",
    ),
)
NO_TABLES = (
    "china_ebt_2007/app4_conversion_factors_cn.xls",
    "china_ebt_2007/app4_conversion_factors_en.xls",
    "china_provincial_power_heat/interprovincial_transmission_raw.csv",
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file.rpartition("/")[2])
def test_reads(real_tables, table):
    """Shape, area, years, numbers and findings are what they were."""
    balance = ca.read_balance(real_tables / table.file)
    assert balance.amounts.shape[2:] == (table.flows, table.products)
    assert (balance.areas[0] if len(balance.areas) == 1 else len(balance.areas)) == table.area
    assert (balance.years[0], balance.years[-1]) == (table.first_year, table.last_year)
    assert int((balance.status.values == values.NUMBER).sum()) == table.numbers
    found = Counter(finding.rule for finding in balance.findings)
    assert (
        " ".join(rule if count == 1 else f"{rule}:{count}" for rule, count in sorted(found.items()))
        == table.rules
    )


def test_every_address_holds_its_number(real_tables):
    """In a wide, a stacked and a pasted table the address of each amount leads to the printed number."""
    from carbonacct.balances.sheet_stages import read_page  # noqa: PLC0415
    from carbonacct.sheets.raw_sheets import read_sheets  # noqa: PLC0415

    for file in (
        "china_ebt_2007/6-15_Shandong_2007.xls",
        "china_ebt_2019/national_2019_physical_5-1_and_4-2_ocr.xlsx",
        "yearbook_pages/shandong_2005_6-9_energy_balance_std_zh.txt",
    ):
        balance = ca.read_balance(real_tables / file)
        rows = {
            sheet.name: read_page(sheet).sheet.rows for sheet in read_sheets(real_tables / file)
        }
        places = balance.places
        for n in balance.place.values[balance.status.values == values.NUMBER].tolist():
            cell = rows[places.sheets[int(places.sheet[n])][1]][int(places.row[n])][
                int(places.column[n])
            ]
            assert values.read_value(cell)[0] == places.printed[n]


@pytest.mark.parametrize("file", NO_TABLES)
def test_what_is_no_balance_says_so(real_tables, file):
    """Coefficients and raw lists are no balance, in one line."""
    with pytest.raises(TableError, match="no energy balance found"):
        ca.read_balance(real_tables / file)


def test_units_that_a_file_does_not_print(real_tables, tmp_path):
    """The sector series print no units: one line says for which products, and a mapping file gives them."""
    path = real_tables / "china_sector_series_2012_2019" / "by_sector_by_fuel_2012_2019.xlsx"
    with pytest.raises(
        UnitError,
        match=r"total_energy has no unit \(nor has coal_total, coke, crude_oil, kerosene, gasoline, diesel, fuel_oil,"
        r" natural_gas, electricity\)",
    ):
        ca.read_balance(path)
    words = tmp_path / "words.csv"
    words.write_text(
        "kind,name,id\nunit,total_energy,1e4 tce\nunit,natural_gas,1e8 m3\nunit,electricity,1e8 kWh\nunit,*,1e4 t\n",
        encoding="utf-8",
    )
    balance = ca.read_balance(path, mapping=words, area="全国")
    assert balance.amounts.shape == (1, 9, 77, 10)
    # 2012, 煤炭开采和洗选业: 40786 10^4 t coal, 65 10^4 t coke.
    assert balance.amounts.sel(
        year=2012, flow="industry.coal_mining", product=["coal_total", "coke"]
    ).values.ravel().tolist() == [407860000.0, 650000.0]


def test_balance_and_sub_sectors_come_together(real_tables):
    """Tables 5-1 and 4-2 of 2019 are one balance: the sub-sectors stand beside the balance's rows."""
    balance = ca.read_balance(
        real_tables / "china_ebt_2019" / "national_2019_physical_5-1_and_4-2_ocr.xlsx"
    )
    amounts = balance.amounts.sel(area="China", year=2019, product="coke")
    parts = amounts.sel(
        flow=[
            flow for flow in balance.flows if flow.startswith("industry.") and flow.count(".") == 1
        ]
    )
    assert len(parts["flow"]) == 41
    assert float(parts.sum()) == pytest.approx(float(amounts.sel(flow="industry")), abs=41 * 100)


def test_several_provinces_at_once(real_tables):
    """27 provincial tables of one layout are 27 areas of one balance."""
    balance = ca.read_balance(*sorted((real_tables / "china_ebt_2007").glob("6-*.xls")))
    assert balance.amounts.shape == (27, 1, 33, 22)
    assert int((balance.status.values == values.NUMBER).sum()) == sum(
        table.numbers for table in TABLES if "/6-" in table.file and "ebt_2007" in table.file
    )


def test_known_misprints_are_kept(real_tables):
    """The reader keeps what is printed: the scanned copy's lost decimals and its broken cell."""
    balance = ca.read_balance(
        real_tables / "china_ebt_2019" / "national_2019_physical_5-1_and_4-2_ocr.xlsx"
    )
    assert [f.where for f in balance.findings if f.severity == "error"] == [
        "national_2019_physical_5-1_and_4-2_ocr.xlsx!能源平衡表!W36"
    ]
    assert float(balance.amounts.sel(flow="heating", product="heat").max()) > 0
