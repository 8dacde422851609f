"""Every rule of findings is raised by something small: with its severity, its place and the numbers that it says."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

import carbonacct as ca
from carbonacct.indices.assessment_form import fill_form
from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.index_panel import panel_from_frame
from carbonacct.indices.indicator_values import compute_values
from carbonacct.indices.inventory_values import add_inventory, add_quantities
from carbonacct.indices.scoring import score_index
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.projects.project_panel import read_panel
from carbonacct.projects.responsibility import share_declared
from carbonacct.report.crt_json import write_crt_json
from carbonacct.report.inventories import write_inventory
from carbonacct.sectors.all_sectors import compile_sectors
from carbonacct.sectors.energy.energy_use import list_energy_use
from carbonacct.sectors.energy.quality import check_quality, list_rules
from tests.balances import packing
from tests.balances.test_causes import CHONGQING
from tests.cities.building import INDUSTRY, make_indicators, scale, write_page
from tests.projects.test_responsibility import HEAD, make_province
from tests.sectors.energy.building import table
from tests.sectors.energy.building import write_table as write_energy
from tests.sectors.sources.building import write_table as write_activity

PRINTED = [
    ["Energy balance of Ireland 2019", "", ""],
    ["Item", "Coal (kt)", "Diesel (kt)"],
    ["Imports", 1200.0, 350.5],
    ["Industry", 700.0, 150.25],
]
CCNI = load_index("ccni-2.0")
PANEL = pd.DataFrame(
    {
        "year": [2000, 2001] * 2,
        "sector": [*"aabb"],
        "energy": [2.0, 3, 4, 5],
        "co2": [5.0, 5, 6, 6],
        "tax": 1.0,
    }
)
METHOD = "provincial-2011"
BUSES = "".join(
    f"vehicle_diesel,{name},吨,2019,{tonnes}\n"
    for name, tonnes in (("公交合计", 100), ("常规公交", 60), ("BRT", 20))
)
READINGS = Path("tests/data/whole_readings.txt")  # a line for each finding of many kinds of tables


def read_chart(folder):
    """Read a workbook of which one sheet is a chart."""
    book = Workbook()
    for row in PRINTED:
        book.active.append(row)
    book.create_chartsheet("Graph")
    book.save(folder / "t.xlsx")
    return ca.read_balance(folder / "t.xlsx").findings


def read_archive(folder):
    """Read an archive that holds a picture beside a table."""
    files = {"a.csv": packing.delimited(PRINTED).encode(), "map.png": b"x"}
    return ca.read_balance(packing.archive_of(folder / "t.zip", **files)).findings


def read_picture(folder):
    """Read a document whose second page is a picture."""
    pdfium = pytest.importorskip("pypdfium2")
    made = pdfium.PdfDocument.new()
    for name, text in (("text", True), ("picture", False)):
        made.import_pages(
            pdfium.PdfDocument(packing.pdf(folder / f"{name}.pdf", PRINTED, step=110, text=text))
        )
    made.save(folder / "t.pdf")
    return ca.read_balance(folder / "t.pdf").findings


def read_one_year(folder):
    """Read one of two years."""
    text = "年份,项目,原煤(万吨),焦炭(万吨)\n2014,工业,1,2\n2015,工业,3,\n"
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return ca.read_balance(folder / "t.csv", area="重庆", year=2015).findings


PRODUCTS = ["raw_coal", "coke", "diesel", "gasoline", "kerosene", "fuel_oil"]
ROWS = {
    "industry": [300, 100, 20, 10, 1, 14],
    "transport": [1, 2, 33, 70, 30, 8],
    "households": [50, 5, 3, 20, 2, 1],
}


def check_rows(folder, **rows):
    """Check a table of six products: some rows, and those of three users."""
    cells = {
        flow: dict(zip(PRODUCTS, numbers, strict=True)) for flow, numbers in (rows | ROWS).items()
    }
    return ca.check_balance(table(folder, cells))


def count_twice(folder):
    """Check a table with a row that its total does not hold: the supply bears the total out."""
    total = [sum(numbers) for numbers in zip(*ROWS.values(), strict=True)]
    borne = {
        "primary_supply": total,
        "final_consumption": total,
        "statistical_difference": [0] * len(total),
    }
    return check_rows(folder, construction=[7, 3, 11, 4, 5, 6], **borne)


def exceed_final_consumption(_):
    """Check a table in which what the kinds of kerosene leave of it is in no sum."""
    rows = {
        "flow": ["final_consumption", "transport"] * 2,
        "product": ["kerosene"] * 2 + ["jet_kerosene"] * 2,
    }
    frame = pd.DataFrame(rows | {"value": [60.0, 100.0, 60.0, 60.0]})
    return ca.check_balance(ca.make_balance(frame.assign(area="A", year=2019)))


def read_bare(folder):
    """Read a table of which the name of the file alone says the year."""
    (folder / "重庆2015.csv").write_text("项目,原煤(万吨)\n工业,1\n", encoding="utf-8")
    return ca.read_balance(folder / "重庆2015.csv", area="重庆").findings


def lose_what_is_available(_):
    """Check a balance that says nothing of 13 of the 100 that are available."""
    rows = {
        "available_supply": 100.0,
        "final_consumption": 80.0,
        "non_energy_use": 5.0,
        "statistical_difference": 2.0,
    }
    frame = pd.DataFrame({"flow": rows.keys(), "value": rows.values()})
    return ca.check_balance(
        ca.make_balance(frame.assign(area="Ireland", year=2019, product="raw_coal"))
    )


def refuel(folder):
    """Compile a table of which no row but that of refuelling abroad has heavy oil."""
    rows = {"bunkers_abroad": {"fuel_oil": 3, "diesel": 1}, "transport": {"diesel": 4}}
    return ca.compile_inventory(table(folder, rows), method="ipcc-2006").findings


def compare_approaches(folder):
    """Compare the two approaches where half as much again is supplied as burns."""
    rows = {"moved_in": {"raw_coal": 150}, "industry": {"raw_coal": 100}}
    return check_quality(ca.compile_inventory(table(folder, rows), method="ipcc-2006"))


def panel_of(**columns):
    """Return the panel of an area and two years."""
    return panel_from_frame(pd.DataFrame({"area": "甲", "year": [2019, 2020]} | columns), CCNI)


def fill_no_year(_):
    """Fill a form with a table that has none of its years."""
    return fill_form(
        "peaking-pilot-city", pd.DataFrame({"area": ["甲"], "year": [1999], "gdp": [1.0]})
    )[1]


def values_of(**columns):
    """Return the findings of the indicators of such a panel."""
    return compute_values(CCNI, panel_of(**columns)).findings


def add_half_an_inventory(_):
    """Take emissions of both scopes from an inventory that has scope 1 alone."""
    rows = {
        "area": ["甲"],
        "year": 2020,
        "flow": "industry",
        "product": "raw_coal",
        "category": "",
        "scope": 1,
    }
    inventory = pd.DataFrame(rows | {"gas": "CO2", "value": 1e6, "unit": "t", "method": "m"})
    return add_inventory(panel_of(population=1.0), inventory, CCNI).findings


def decompose(identity="co2 = energy * co2/energy", panel=PANEL, **options):
    """Return the findings of a decomposition."""
    return ca.decompose(panel, identity, **options).findings


def with_note():
    """Return the panel with a row of notes below it."""
    return pd.concat([PANEL, pd.DataFrame({"note": ["Source: yearbook"]})], ignore_index=True)


def with_whole(name, more=0.0):
    """Return the panel with the sum of its sectors, or more, under a name beside them."""
    whole = PANEL.groupby("year", as_index=False)[["energy", "co2"]].sum()
    whole["co2"] += more
    return pd.concat([PANEL, whole.assign(sector=name)], ignore_index=True)


def build_city(folder, page, **options):
    """Return the findings of a city made of pages, the last of them from its rows."""
    pages = [write_page(folder, "page.csv", "table,label,unit,year,value\n" + page)] if page else []
    return ca.build_city_balance(
        *options.pop("pages", ()), *pages, area="甲市", year=2019, **options
    ).findings


def scale_province(folder):
    """Make a city of a balance that names no area."""
    balance = "能源平衡表 2019年\n项目,原煤(万吨)\n工业,10\n农、林、牧、渔业,5\n"
    values = {
        area: {"va_secondary": 10.0 * k, "va_primary": 5.0 * k}
        for k, area in ((1, "甲市"), (10, "某省"))
    }
    province = write_page(folder, "province.csv", balance)
    return build_city(folder, "", province=province, indicators=make_indicators(values))


def exceed_branches(folder):
    """Make a city of whose industry less gas is printed than its branches use."""
    branches = write_page(folder, "industry.csv", INDUSTRY)
    return build_city(
        folder, "gas_office,工业用天然气,万立方米,2019,20\n", pages=[branches], indicators=scale()
    )


def use_more_gas(folder):
    """Make a city that uses more gas than is supplied."""
    page = "甲市供气\n指标,2019年\n天然气供气总量(万立方米),100\n #家庭用量,40\n #工业用量,70\n"
    return build_city(folder, "", pages=[write_page(folder, "gas.csv", page)])


def sum_inventory(folder):
    """Read an inventory as a panel."""
    inventory = ca.compile_inventory(CHONGQING, method=METHOD)
    write_inventory([inventory], folder / "t.csv")
    return read_panel(folder / "t.csv")[1]


def write_crt(folder):
    """Write a common reporting table of whose variables one has an identifier."""
    cube = ca.compile_inventory(CHONGQING, method="ipcc-2006")
    filled = ca.fill_official(ca.to_inventory(cube), "crt-1", energy=[cube])
    name = "[1. Energy][no classification][Emissions][CO₂][no parameter][kt]"
    return write_crt_json([filled], folder / "t.crt.json", uids={name: "u"})


def compile_nitric_acid(folder):
    """Compile two sectors of which energy has CO2 alone."""
    balance = write_energy(
        folder / "t.csv", {"industry": {"raw_coal": 1}}, title="重庆能源平衡表-2020"
    )
    activity = write_activity(folder, ("硝酸产量", "中压法", 1, "万吨"))
    return compile_sectors(
        balance, activity, method=METHOD, sectors=["energy", "processes"]
    ).findings


def cut_equally(folder):
    """Divide a cut of an intensity over cities of which the dirtier one grows more."""
    share = 'rule = "equal_cut", growth = "growth.csv"'
    make_province(folder / "省", more=HEAD.replace("QUANTITY", "co2/gdp").replace("SHARE", share))
    growth = "area,year,gdp\n济南市,2025,100\n青岛市,2025,400\n"
    (folder / "省" / "growth.csv").write_text(growth, encoding="utf-8")
    columns = {
        "area": ["山东省", "济南市", "青岛市"],
        "year": 2019,
        "co2": [50.0, 10, 40],
        "gdp": [300.0, 100, 200],
    }
    return share_declared(pd.DataFrame(columns), None, read_declaration(folder / "省"))[1]


# Case: rule, severity, what raises it, where it stands and what it says.
RAISED = {
    "chart": (
        "sheet-kind",
        "info",
        read_chart,
        "t.xlsx!Graph: sheet 'Graph' is a chartsheet, not a table",
    ),
    "archive": (
        "sheet-kind",
        "info",
        read_archive,
        "t.zip: 1 files of the archive are no tables and are not read",
    ),
    "page": (
        "page-without-text",
        "warning",
        read_picture,
        "t.pdf: 1 pages hold no text (2) and are not read",
    ),
    "year": ("other-years", "info", read_one_year, "2 numbers are of other years than 2015"),
    "total": (
        "other-row",
        "error",
        lambda folder: check_rows(folder, final_consumption=[310, 122, 57, 88, 41, 29]),
        "table.csv!B3: the row final_consumption is not the sum of its rows in 5 sums",
    ),
    "no part": (
        "line-extra",
        "error",
        count_twice,
        "table.csv!B3: the row construction is no part of its totals: 6 sums hold without it",
    ),
    "kinds": (
        "remainder-refuted",
        "error",
        exceed_final_consumption,
        "A 2019: transport has 40 t of kerosene beyond its printed kinds, and other sums of the table hold without",
    ),
    "file": (
        "year-from-name",
        "info",
        read_bare,
        "重庆2015.csv!A1: year 2015 is taken from the file's name",
    ),
    "available": (
        "available",
        "error",
        lose_what_is_available,
        "Ireland 2019: raw_coal of available_supply is 100, the rows give 87: difference 13",
    ),
    "refuelled": (
        "bunkers-alone",
        "warning",
        refuel,
        "table.csv!B3: bunkers_abroad of fuel_oil is 30,000 t, but no row to take it from has a number",
    ),
    "approaches": (
        "approaches-apart",
        "warning",
        compare_approaches,
        "solid fuels of 重庆 2021: 2,966.8 kt CO2 by the reference approach, 1,977.9 by the sectoral: +50.0 %",
    ),
    "share": (
        "share-beyond-whole",
        "warning",
        lambda _: values_of(gva_secondary=[120.0, 50.0], gdp=100.0),
        "table!C2: secondary_share of 甲 2019 is 120 %, gva_secondary over gdp",
    ),
    "trend": (
        "series-too-short",
        "warning",
        lambda _: values_of(co2=5.0),
        "trend_test (碳排放趋势检验) has no number in 2 of 2 cells, first 甲 2019; a trend needs three years",
    ),
    "division": (
        "undefined-value",
        "error",
        lambda _: values_of(co2=5.0, gdp=[0.0, 100.0]),
        (
            "co2_per_gdp (单位 GDP 碳排放量) has no number in 1 of 2 cells, first 甲 2019; "
            "ratio of these numbers is a division"
        ),
    ),
    "equal": (
        "nothing-to-compare",
        "error",
        lambda _: score_index(CCNI, panel_of(waste_sorting=3.0)).findings,
        "waste_sorting (垃圾分类指数) gives no score: group-min-max over the panel finds nothing to compare",
    ),
    "scope": (
        "inventory-incomplete",
        "warning",
        add_half_an_inventory,
        "co2 of 甲 2020 is not taken from the inventory, which has no number of scope 2",
    ),
    "balance": (
        "balance-not-used",
        "warning",
        lambda _: (
            add_quantities(
                panel_of(gdp=1.0), list_energy_use(ca.read_balance(CHONGQING))[0], CCNI
            ).findings
        ),
        "the balance of 重庆 2007 was not used: the table has no row of it",
    ),
    "form": ("form-year", "warning", fill_no_year, "甲: the table has no row of 2022, 2025, 2030"),
    "mean": (
        "mean-of-factors",
        "warning",
        lambda _: decompose("e = tax * co2/energy", over="sector", by="year", reference="mean"),
        "the mean of each column is compared, and what the means multiply to is not the mean of e",
    ),
    "name": (
        "new-name",
        "info",
        lambda _: decompose("e = tax * co2/energy", by="sector"),
        "e is no column of the panel: it is what the factors multiply to, co2*tax/energy",
    ),
    "note": (
        "no-labels",
        "info",
        lambda _: decompose(panel=with_note(), by="sector"),
        "rows 4 (1) have no label and no number that the identity needs: left out",
    ),
    "sum": (
        "total-among-parts",
        "error",
        lambda _: decompose(panel=with_whole("others"), sum_over="sector"),
        "sector=others is the sum of the others in every comparison, so everything is counted twice",
    ),
    "word": (
        "total-among-parts",
        "warning",
        lambda _: decompose(panel=with_whole("total", more=1.0), sum_over="sector"),
        "sector=total may be a total of the others, and was counted beside them",
    ),
    "one number": (
        "repeated",
        "warning",
        lambda _: decompose(
            "co2 = tax * energy/tax * co2/energy", PANEL.assign(co2=7.0), sum_over="sector"
        ),
        "co2 is one number for all of sector, and was counted once for each",
    ),
    "province": (
        "city-area",
        "info",
        scale_province,
        "province.csv!B3: the balance names no area: taken as 某省, the other area of the indicators",
    ),
    "buses": (
        "city-sum",
        "warning",
        lambda folder: build_city(folder, BUSES),
        "page.csv!E2: 公交合计 is 100 t, its parts give 80: the parts count",
    ),
    "branches": (
        "city-below-part",
        "error",
        exceed_branches,
        "industry.csv!E3: natural_gas of industry is 200000 m3 and its branches above designated size alone are 400000",
    ),
    "supply of gas": (
        "city-closure",
        "warning",
        use_more_gas,
        "gas.csv!B3: natural_gas is 1e+06 m3 in all, its uses give 1.1e+06: -100000 is in no row",
    ),
    "inventory": (
        "inventory-summed",
        "info",
        sum_inventory,
        "t.csv is an inventory: scope 1 is summed by area, year (co2)",
    ),
    "variables": (
        "crt-no-variable",
        "warning",
        write_crt,
        "t.crt.json: 146 cells have no variable in the definitions: [1. Energy]",
    ),
    "gases": (
        "gas-left-out",
        "info",
        compile_nitric_acid,
        "N2O of fuels is in no total: energy is compiled for CO2 alone",
    ),
    # (9 + 72) t over 500 of GDP are 2.8 % below 50 over 300.
    "cut": (
        "implied-cut",
        "warning",
        cut_equally,
        "every part cuts by 10.00%, and the whole by 2.80%",
    ),
}


@pytest.mark.parametrize("case", RAISED)
def test_a_rule_says_what_it_sees_and_where(case, tmp_path):
    """Something small raises the rule, once, with its severity, place and numbers."""
    rule, severity, raises, words = RAISED[case]
    found = [
        finding for finding in raises(tmp_path) if finding.rule == rule and words in str(finding)
    ]
    assert [finding.severity for finding in found] == [severity]


def test_every_rule_is_seen_by_a_test():
    """The register holds no rule that no test names: here, beside what raises it, or in the readings of all tables."""
    named = set()
    for path in Path("tests").rglob("test_*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            # A rule of one word is many another word as well.
            words = re.findall(r'"([a-z-]+)"', line)
            named |= {word for word in words if "-" in word or "rule" in line}
    printed = re.findall(
        r"(?:error|warning|info) ([a-z-]+): ", READINGS.read_text(encoding="utf-8")
    )
    seen = {rule for rule, *_ in RAISED.values()} | named | set(printed)
    assert set(list_rules()["rule"]) <= seen
