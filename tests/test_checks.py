"""The identities find the defects of the source tables, name the cell, and say the likely cause."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.check import causes
from carbonacct.balances.check.checks import find_failing
from carbonacct.balances.check.identities import make_system
from tests.sectors.energy.building import table

# China Energy Statistical Yearbook 2008, tables 6-1 to 6-30: what does not add up beyond the rounding of the print, the
# supply rows apart (the stock at the start of the year is not printed).
DEFECTS_2007 = {
    ("Shandong", "final_consumption", "other_coking_products"): "16.78, the rows give 69.937",
    ("Heilongjiang", "final_consumption", "coal_total"): "2510.28, the rows give 2522.07",
    ("Sichuan", "statistical_difference", "raw_coal"): "difference",
    ("Xinjiang", "transformation", "raw_coal"): "difference",
    ("Xinjiang", "statistical_difference", "heat"): "difference",
    ("Shanghai", "transformation", "coke"): "763.02, the rows give 724.7",
    ("Anhui", "households", "oil_total"): "45.3, the rows give 36.3",
    ("Shaanxi", "feedstock", "coke_oven_gas"): "5.26, more than the 4.38 of industry",
    ("Qinghai", "feedstock", "other_coking_products"): "13.27, more than the 13.26 of industry",
}


@pytest.fixture(scope="module")
def balances_2007(real_tables):
    """Return the tables of the 27 provinces, by province."""
    files = sorted((real_tables / "china_ebt_2007").glob("6-*.xls"))
    return {re.search(r"6-\d+_(\w+)_2007", path.name)[1]: ca.read_balance(path) for path in files}


@pytest.fixture(scope="module")
def findings_2007(balances_2007):
    """Return the findings of the 27 provinces by province, flow and product, at each cell they name."""
    found = {}
    for province, balance in balances_2007.items():
        for finding in ca.check_balance(balance):
            for product, flow in re.findall(r"(\w+) of ([\w.]+)", finding.message):
                found.setdefault((province, flow, product), []).append(finding)
    return found


@pytest.mark.parametrize("place", DEFECTS_2007, ids="-".join)
def test_known_defects_of_2007_are_found(findings_2007, place):
    """Each known defect is named with its cell, both sides and the difference."""
    assert place in findings_2007
    assert any(
        DEFECTS_2007[place] in finding.message and re.search(r"!Sheet1![A-Z]+\d+$", finding.where)
        for finding in findings_2007[place]
    )


def test_the_number_of_violations_of_2007_by_identity(balances_2007):
    """The counts by identity are pinned: a change of the identities, or of their tolerance, shows here."""
    counts = Counter()
    for balance in balances_2007.values():
        system = make_system(balance)
        for failing in find_failing(balance, system).values():
            for identity in (system.identities[i] for i in failing):
                flow = balance.flows[identity.total[0]]
                counts[identity.rule, flow if identity.rule == "sum-of-parts" else ""] += 1
    assert counts == {
        ("sum-of-parts", "primary_supply"): 361,
        ("sum-of-parts", "transformation"): 4,
        ("sum-of-parts", "final_consumption"): 2,
        ("sum-of-parts", "households"): 1,
        ("sum-of-products", ""): 16,
        ("balance", ""): 4,
        ("total-consumption", ""): 21,
    }


def test_one_cause_is_one_finding_in_2007(balances_2007):
    """409 sums that do not hold and 2 parts above their whole are 66 findings; opening stock is one a table."""
    findings = [
        finding for balance in balances_2007.values() for finding in ca.check_balance(balance)
    ]
    assert Counter(finding.rule for finding in findings) == {
        "sum-of-parts": 32,
        "sum-of-products": 11,
        "total-consumption": 20,
        "balance": 1,
        "part-exceeds-whole": 2,
    }
    assert sum("the stock at the start of the year" in finding.action for finding in findings) == 25


CAUSES_2007 = {
    "Heilongjiang": "6-08_Heilongjiang_2007.xls!Sheet1!C32 may hold another number: 56.47 for 44.68, as 2 sums say",
    "Anhui": "6-12_Anhui_2007.xls!Sheet1!K39 may hold another number: 22.8 for 31.6; and "
    "6-12_Anhui_2007.xls!Sheet1!K40 may hold another number: 13.5 for 13.7, as 3 sums say",
    "Sichuan": "6-23_Sichuan_2007.xls!Sheet1!D42 may lack a number: -139.6, as 2 sums say",
    "Xinjiang": "6-30_Xinjiang_2007.xls!Sheet1!D21 may hold another number: -3105.52 "
    "for -3109.42, and its total with it "
    "(6-30_Xinjiang_2007.xls!Sheet1!C21), as 5 sums say",
}


@pytest.mark.parametrize("province", CAUSES_2007)
def test_causes_of_2007(balances_2007, province):
    """What is wrong follows from the sums that hold: the cell that all failing ones have in common."""
    assert CAUSES_2007[province] in [
        finding.action for finding in ca.check_balance(balances_2007[province])
    ]


LOST_DECIMALS_2019 = {
    ("final_consumption", "heat"): "54480839 for 544808.39",
    ("statistical_difference", "blast_furnace_gas"): "-23336 for -233.36",
    ("total_consumption", "other_gas"): "19139 for 191.39",
    ("total_consumption", "other_petroleum_products"): "1362633 for 13626.33",
    ("transformation", "white_spirit"): "8236 for 82.36",
    ("statistical_difference", "lng"): "-338 for -3.38",
}


@pytest.mark.parametrize("place", LOST_DECIMALS_2019, ids="-".join)
def test_lost_decimals_of_the_scanned_copy_of_2019(real_tables, place):
    """Every number of the scanned table 5-1 that lost its decimals is named with the number it should be."""
    balance = ca.read_balance(
        real_tables / "china_ebt_2019" / "national_2019_physical_5-1_and_4-2_ocr.xlsx", area="中国"
    )
    address = balance.address("中国", 2019, *place)
    wanted = f"{address} may have its decimal point in the wrong place: {LOST_DECIMALS_2019[place]}"
    assert any(wanted in finding.action for finding in ca.check_balance(balance))


def test_the_bilingual_copy_has_three_of_them_still(real_tables):
    """The other copy of 2019 keeps its decimals but for white spirit (8236, and the text -5,07) and LNG (-338)."""
    balance = ca.read_balance(
        real_tables / "china_ebt_2019" / "national_2019_physical_5-1_bilingual_3panels.xlsx",
        area="中国",
    )
    causes = [
        finding.action for finding in ca.check_balance(balance) if "decimal point" in finding.action
    ]
    assert {cause.rsplit(": ", 1)[1] for cause in causes} == {"8236 for 82.36", "-338 for -3.38"}
    assert any(
        finding.rule == "unreadable-number" and "white_spirit" in finding.message
        for finding in balance.findings
    )


def test_beijing_2012_lpg_block(real_tables):
    """The supply block of LPG is 100 times too large: 1060 for 10.6."""
    balance = ca.read_balance(next((real_tables / "beijing_gcam").glob("*rebuilt.csv")))
    assert any("1060 for 10.6" in finding.action for finding in ca.check_balance(balance))


def test_a_part_that_is_not_printed_is_not_missed(tmp_path):
    """Rounding of the print is no finding; one unit more is."""
    rows = {
        "final_consumption": {"raw_coal": 10.01, "coke": 1},
        "industry": {"raw_coal": 3.33, "coke": 1},
        "construction": {"raw_coal": 3.33, "coke": ""},
        "transport": {"raw_coal": 3.34, "coke": ""},
    }
    assert ca.check_balance(table(tmp_path, rows)) == []
    rows["final_consumption"]["raw_coal"] = 10.05
    (finding,) = ca.check_balance(table(tmp_path, rows))
    assert (finding.rule, finding.severity, finding.where) == (
        "remainder",
        "warning",
        "table.csv!B3",
    )
    assert finding.message.startswith(
        "final_consumption has 500 t of raw_coal beyond its printed parts"
    )
    rows["final_consumption"]["raw_coal"] = 9.95
    (finding,) = ca.check_balance(table(tmp_path, rows))
    assert (finding.rule, finding.severity, finding.where) == (
        "sum-of-parts",
        "error",
        "table.csv!B3",
    )
    assert "9.95, the rows give 10: difference -0.05" in finding.message


def test_a_total_in_coal_equivalent_beside_tonnes(tmp_path):
    """It is named as the odd one, and its sums are not checked."""
    path = tmp_path / "t.csv"
    text = (
        "某省能源平衡表 2018\n项目,煤合计(吨标准煤),原煤(吨),焦炭(吨)\n工业,1,2,3\n居民生活,3,4,5\n"
    )
    path.write_text(text, encoding="utf-8")
    (finding,) = ca.check_balance(ca.read_balance(path))
    assert finding.rule == "mixed-units"
    assert finding.message.startswith("coal_total is in coal equivalent beside raw_coal in t: ")


def test_a_wrong_sign_is_the_likely_cause(tmp_path):
    """If one sign alone would mend the balance, the finding says so."""
    rows = {
        "primary_supply": {"raw_coal": 50, "coke": ""},
        "transformation": {"raw_coal": 20, "coke": ""},
        "losses": {"raw_coal": 1, "coke": ""},
        "final_consumption": {"raw_coal": 29, "coke": ""},
        "statistical_difference": {"raw_coal": 0, "coke": ""},
    }
    findings = ca.check_balance(table(tmp_path, rows))
    assert [finding.rule for finding in findings] == ["balance"]
    assert "table.csv!B4 may have the wrong sign" in findings[0].action


@pytest.mark.parametrize(("most", "named"), [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_causes_of_one_table_are_bounded(tmp_path, monkeypatch, most, named):
    """Beyond the bound a sum that does not hold is told without a cause, and none is lost."""
    rows = {
        "primary_supply": {"raw_coal": 50, "coke": 70},
        "transformation": {"raw_coal": 20, "coke": 30},
        "losses": {"raw_coal": 1, "coke": 2},
        "final_consumption": {"raw_coal": 29, "coke": 38},
        "statistical_difference": {"raw_coal": 0, "coke": 0},
    }
    monkeypatch.setattr(causes, "_MOST_CAUSES", most)
    findings = ca.check_balance(table(tmp_path, rows))
    assert [finding.rule for finding in findings] == ["balance", "balance"]
    assert sum("wrong sign" in finding.action for finding in findings) == named


def test_parts_below_rows_that_are_not_printed_belong_to_the_next_row_above(tmp_path):
    """Parts of services, two levels down, count towards final consumption where no row between is printed."""
    path = tmp_path / "t.csv"
    rows = (
        "Energy balance of Ireland 2020\nItem,Diesel (kt),Coke (kt)\nTotal Final Consumption,100,1\nIndustry,40,1\n"
        "Education,30,\n"
    )
    path.write_text(rows + "Public administration,30,\n", encoding="utf-8")
    assert ca.check_balance(ca.read_balance(path)) == []
    path.write_text(rows + "Public administration,20,\n", encoding="utf-8")
    (finding,) = ca.check_balance(ca.read_balance(path))
    assert str(finding).startswith(
        "t.csv!B3: final_consumption has 10,000 t of diesel beyond its printed parts"
    )


def test_address_at_is_address_by_place(tmp_path):
    """A cell has one address, by its labels or by its places; a cell that no file holds has none."""
    rows = {"final_consumption": {"diesel": 10, "coke": 1}, "industry": {"diesel": 4, "coke": 1}}
    balance = table(tmp_path, rows)
    for f, flow in enumerate(balance.flows):
        for p, product in enumerate(balance.products):
            assert (
                balance.address_at(0, 0, f, p)
                == balance.address(balance.areas[0], 2021, flow, product)
                != ""
            )
    path = tmp_path / "long.csv"
    path.write_text(
        "地区,年份,项目,能源品种,实物量(万吨)\n北京,2019,工业,原煤,1\n北京,2019,建筑业,焦炭,2\n",
        encoding="utf-8",
    )
    assert ca.read_balance(path).address_at(0, 0, 0, 1) == ""


@pytest.mark.parametrize(
    ("unit", "lng", "gap"),
    [
        ("t", 10.0, 0.0),  # a tonne is 1,380 m3 of gas
        ("m3", 13800.0, 0.0),
        ("t", 9.0, 1380.0),
        ("t", None, 13800.0),
    ],
)
def test_gas_that_goes_on_as_lng_is_left_out_of_its_consumption(unit, lng, gap):
    """The nation's table prints of liquefaction what is not LNG; provinces print all that goes in."""
    rows = [
        ("total_consumption", "natural_gas", 1e6),
        ("final_consumption", "natural_gas", 1e6 - 6200),
        ("transformation", "natural_gas", -20000.0),
        ("gas_liquefaction", "natural_gas", -20000.0),
        ("transformation", "lng", lng),
        ("gas_liquefaction", "lng", lng),
    ]
    frame = pd.DataFrame(rows, columns=["flow", "product", "value"]).dropna()
    balance = ca.make_balance(frame.assign(area="中国", year=2019))
    if unit == "m3":
        balance = replace(
            balance, amounts=balance.amounts.assign_coords(unit=("product", ["m3", "m3"]))
        )
    found = [one for one in ca.check_balance(balance) if one.rule == "total-consumption"]
    assert bool(found) is bool(gap)


@pytest.mark.parametrize(
    ("feedstock", "industry", "exceeds"),
    [
        (5.26, 4.38, True),
        (4.38, 4.38, False),
        ("", 4.38, False),
        (5, "", False),
        ("", -1, False),
        (0, -1, True),
    ],
)
def test_feedstock_is_no_more_than_the_industry_that_holds_it(
    tmp_path, feedstock, industry, exceeds
):
    """Both numbers and where the part stands; a blank neither exceeds nor is exceeded."""
    rows = {
        "industry": {"coke": industry, "raw_coal": 1},
        "feedstock": {"coke": feedstock, "raw_coal": ""},
    }
    found = [
        one for one in ca.check_balance(table(tmp_path, rows)) if one.rule == "part-exceeds-whole"
    ]
    words = f"table.csv!B4: coke of feedstock is {feedstock}, more than the {industry} of industry; check both rows"
    assert [str(one) for one in found] == [words] * exceeds


SUM = {
    "final_consumption": {"raw_coal": 100.01},
    "industry": {"raw_coal": 60.3},
    "transport": {"raw_coal": 0.3971},
}


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        # 0.3971 for 39.71 mends the one sum that fails.
        (SUM, "sum-of-parts"),
        # Coke lacks some as well: both lack the same row.
        (
            {
                flow: line | {"coke": {"industry": 9, "transport": 5}.get(flow, 20)}
                for flow, line in SUM.items()
            },
            "remainder",
        ),
        # A row beside one part: nobody prints a total of one, though 60.3 is near 100.01 with a digit misread.
        (
            {"final_consumption": {"raw_coal": 100.01}, "industry": {"raw_coal": 10.001}},
            "remainder",
        ),
    ],
)
def test_a_row_that_has_more_than_its_parts(tmp_path, rows, rule):
    """One number that a slip explains is the cause; else what is left counts, and is said to."""
    (finding,) = ca.check_balance(
        table(tmp_path, {flow: line | {"diesel": ""} for flow, line in rows.items()})
    )
    assert finding.rule == rule


@pytest.mark.parametrize(
    ("parents", "rule"), [({}, "sum-of-parts"), ({"transport": "final_consumption"}, "remainder")]
)
def test_a_mark_says_that_parts_are_missing(tmp_path, parents, rule):
    """其中 names some of the parts of a row: its rest counts, though a slip of one of them would explain it."""
    balance = table(tmp_path, {flow: line | {"diesel": ""} for flow, line in SUM.items()})
    rules = [finding.rule for finding in ca.check_balance(replace(balance, parents=parents))]
    assert rules == [rule]


@pytest.mark.parametrize(
    ("flow", "number", "told"),
    [
        ("production", -1, True),
        ("industry", -1, True),
        ("final_consumption", -1, True),
        ("industry", 0, False),
        ("imports", -1, False),
        ("stock_change", -1, False),
        ("losses", -1, False),
        ("transformation", -1, False),
    ],
)
def test_production_and_use_are_not_negative(flow, number, told):
    """What is bought and sold, stored, lost or transformed may be."""
    frame = pd.DataFrame({"flow": [flow, "construction"], "value": [float(number), 1.0]})
    balance = ca.make_balance(frame.assign(area="A", year=2020, product="coke", unit="t"))
    found = [str(one) for one in ca.check_balance(balance) if one.rule == "negative-number"]
    assert found == [f"A 2020: coke of {flow} is negative: {number}; check its sign"] * told


@pytest.mark.parametrize(
    ("units", "odd"),
    [
        (
            {"coal_total": "tce", "raw_coal": "t", "cleaned_coal": "t"},
            "coal_total is in coal equivalent beside raw_coal in t",
        ),
        (
            {"coal_total": "t", "raw_coal": "t", "cleaned_coal": "tce"},
            "cleaned_coal is in coal equivalent beside coal_total in t",
        ),
        ({"coal_total": "tce", "raw_coal": "tce", "cleaned_coal": "tce"}, ""),
        ({"coal_total": "t", "raw_coal": "t", "cleaned_coal": "t"}, ""),
        ({"kerosene": "tce", "jet_kerosene": "t"}, ""),  # no total of several products
    ],
)
def test_a_total_and_its_products_are_in_one_unit(units, odd):
    """One in coal equivalent beside others in tonnes is from the wrong place: it is named with one of the others."""
    frame = pd.DataFrame({"product": list(units), "unit": list(units.values()), "value": 1.0})
    balance = ca.make_balance(frame.assign(area="A", year=2020, flow="industry"))
    found = [str(one) for one in ca.check_balance(balance) if one.rule == "mixed-units"]
    words = f"{odd}: the sums of coal_total are not checked; check the units of both columns"
    assert found == ([words] if odd else [])


def test_the_negative_cells_of_a_row_are_named_and_no_others():
    """Coke of industry below zero beside coal above it."""
    frame = pd.DataFrame({"product": ["coke", "raw_coal", "diesel"], "value": [-1.0, 5.0, 0.0]})
    balance = ca.make_balance(frame.assign(area="A", year=2020, flow="industry", unit="t"))
    found = [str(one) for one in ca.check_balance(balance) if one.rule == "negative-number"]
    assert found == ["A 2020: coke of industry is negative: -1; check its sign"]


def test_a_unit_of_another_order_is_named_at_the_first_cell_of_its_column(tmp_path):
    """0.8 in 万立方米 beside 120 and 30 in 万吨: 亿立方米 is meant."""
    path = tmp_path / "city.csv"
    lines = [
        "某市能源消费 2019",
        "项目,原煤(万吨),焦炭(万吨),天然气(万立方米)",
        "工业,120,30,0.8",
        "建筑业,2,3,0.1",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    (found,) = [
        one
        for one in ca.check_balance(ca.read_balance(path, area="某市"))
        if one.rule == "unit-scale"
    ]
    assert found.where == "city.csv!D3"
    assert found.message.startswith(
        "natural_gas is printed in 1e4 m3, and a table in 1e4 t prints it in 1e+08 m3: as printed, its energy is 1e-05 "
    )
