"""A mapping file is filled in once: the right id is among the candidates of each line, and the table reads with it.

What a person would choose is written down here for each table of ``tests/data/kinds_of_tables``.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

import carbonacct as ca

FOLDER = Path(__file__).parents[1] / "data" / "kinds_of_tables"

# File, its area, the id that a person gives to each label, and an amount that is then read.
ANSWERS = [
    (
        "cn_product_among_uses.csv",
        "某市",
        {"天然气": "total_consumption + natural_gas"},
        {"flow": "total_consumption", "product": "natural_gas", "year": 2019},
        130_000,
    ),
    (
        "cn_fuel_below_sector_unmarked.csv",
        "某市",
        {"天然气": "total_consumption + natural_gas"},
        {"flow": "total_consumption", "product": "natural_gas", "year": 2021},
        1.45e9,
    ),
    (
        "cn_use_among_products.csv",
        "某市",
        {"工业": "industry + natural_gas"},
        {"flow": "industry", "product": "natural_gas", "year": 2019},
        3e8,
    ),
    (
        "cn_uses_of_no_product.csv",
        "某市",
        {"数量": "coal_total"},
        {"flow": "construction", "product": "coal_total", "year": 2019},
        500_000,
    ),
    (
        "cn_products_of_no_use.csv",
        "某市",
        {"数量": "total_consumption"},
        {"flow": "total_consumption", "product": "electricity", "year": 2019},
        5e9,
    ),
    (
        "gas_of_no_product.csv",
        None,
        {"家庭用量": "households + natural_gas"},
        {"flow": "households", "product": "natural_gas", "year": 2015, "area": "南京市"},
        3e8,
    ),
    (
        "gas_in_watt_hours_untold.csv",
        None,
        {
            "Domestic consumption": "households + natural_gas",
            "Non-domestic consumption": "non_household + natural_gas",
            "Total consumption": "total_consumption + natural_gas",
        },
        {"flow": "households", "product": "natural_gas"},
        None,
    ),
    (
        "title_names_gas_otherwise.csv",
        "Deutschland",
        {"Menge": "natural_gas"},
        {"flow": "households", "product": "natural_gas"},
        None,
    ),
    (
        "cn_buildings.csv",
        "某市",
        {"公共建筑": "other_services"},
        {"flow": "other_services", "product": "electricity", "year": 2018},
        None,
    ),
    (
        "total_with_plants.csv",
        "某市",
        {"合计": "total_consumption"},
        {"flow": "total_consumption", "product": "coal_total", "year": 2015},
        1.2e6,
    ),
    (
        "cn_intensity_and_total_rows.csv",
        "某市",
        {"总量": "total_consumption"},
        {"flow": "total_consumption", "product": "total_energy", "year": 2019},
        1.25e7,
    ),
    (
        "cn_single_buildings.csv",
        "某市",
        {"建筑名称": "other_services", "合计": "pass over"},
        {"flow": "other_services", "product": "electricity", "year": 2019},
        2.2e6,
    ),
    (
        "cn_enterprise_in_each_branch.csv",
        "某市",
        {"单位名称": "sum"},
        {"flow": "industry.chemicals", "product": "raw_coal", "year": 2021},
        120_000,
    ),
    (
        "enterprises_no_code.csv",
        "某市",
        {"企业名称": "industry"},
        {"flow": "industry", "product": "electricity", "year": 2019},
        2.9e8,
    ),
    (
        "rural_use.csv",
        None,
        {"农村用电量": "households_rural + electricity"},
        {"flow": "households_rural", "product": "electricity", "area": "唐山市"},
        7e9,
    ),
    (
        "kinds_within_one_id.csv",
        "某市",
        {"汽油": "pass over"},
        {"flow": "construction", "product": "gasoline", "year": 2019},
        6,
    ),
    (
        "one_use_twice.csv",
        "某市",
        {"construction#2": "pass over"},
        {"flow": "construction", "product": "coke", "year": 2019},
        2,
    ),
    (
        "fuel_of_a_use_as_column.csv",
        "X",
        {"Transport diesel": "diesel"},
        {"flow": "households", "product": "diesel", "year": 2019},
        2,
    ),
]


@pytest.mark.parametrize(
    ("file", "area", "answers", "place", "amount"),
    [pytest.param(*each, id=each[0]) for each in ANSWERS],
)
def test_one_round_reads_the_table(tmp_path, file, area, answers, place, amount):
    """Each line has the right id among its candidates; no line is asked for a label that is none of the table's."""
    lines = ca.propose_mapping(FOLDER / file, area=area)
    assert set(lines["name"]) == set(answers)
    for line in lines.to_dict("records"):
        assert answers[line["name"]] in line["candidates"].split(" | "), line
    filled = lines.assign(id=lines["name"].map(answers), note="r")
    path = tmp_path / "mapping.csv"
    filled.to_csv(path, index=False)
    balance = ca.read_balance(FOLDER / file, area=area, mapping=path)
    found = balance.amounts.sel(place)
    assert int(found.count())
    if amount is not None:
        assert math.isclose(float(found.squeeze()), amount, rel_tol=1e-6)


def test_nothing_is_asked_where_no_answer_would_help():
    """Of columns that are months no label is asked for: the refusal says why."""
    path = FOLDER / "months_alone.csv"
    (stop,) = ca.read_tables(path, area="某省").stops
    assert "its columns are parts of a year" in str(stop.error)
    assert not stop.unknown
    assert ca.propose_mapping(path, area="某省").empty


def test_sales_of_a_network_to_a_user_are_its_use(tmp_path):
    """Gas sold to households is their use, as a network delivers it; sales of goods are passed over."""
    path = tmp_path / "t.csv"
    path.write_text(
        "Sub-national gas sales and numbers of customers 2013,,\nLocal Authority,Sales (GWh) - Domestic consumption,"
        "Sales - Goods\nFife,10,3\nAngus,20,4\nMoray,5,6\n",
        encoding="utf-8",
    )
    lines = ca.propose_mapping(path).set_index("name")
    assert lines.loc["Sales - Domestic consumption", "candidates"].startswith(
        "households + natural_gas | "
    )
    assert not lines.loc["Sales - Domestic consumption", "note"]
    assert lines.loc["Sales - Goods", "candidates"] == "pass over"
    assert lines.loc["Sales - Goods", "note"]


def test_words_of_another_language_are_not_named(tmp_path):
    """An English table asks for Waste with English words, a Chinese one with Chinese."""
    path = tmp_path / "t.csv"
    pd.DataFrame(
        {"Sector": ["Industry", "Households", "Transport", "Waste"], "Coal (t)": [1, 2, 3, 4]}
    ).to_csv(path, index=False)
    (stop,) = ca.read_tables(path, area="X", year=2020).stops
    assert "Scrap and waste" in str(stop.error)
    assert "Ajuste" not in str(stop.error)


# Sentences of statistical communiqués, with the line that the refusal offers, and what that line reads as.
SENTENCES = [
    (
        "初步核算，全年能源消费总量57.2亿吨标准煤，比上年增长5.7%。煤炭消费量增长5.6%。",
        "能源消费总量,57.2,亿吨标准煤",
        "total_consumption",
        "total_energy",
    ),
    (
        "全年全社会用电量92241亿千瓦时，增长6.7%。第一产业用电量1278亿千瓦时。",
        "全社会用电量,92241,亿千瓦时",
        "total_consumption",
        "electricity",
    ),
    (
        "2022年全市规模以上工业综合能源消费量为1250.35万吨标准煤，同比下降2.1%。",
        "规模以上工业综合能源消费量,1250.35,万吨标准煤",
        "industry",
        "total_energy",
    ),
    (
        "全年天然气消费量达到3646亿立方米，增长7.2 %；煤炭消费量占比为56.2%。",
        "天然气消费量,3646,亿立方米",
        "total_consumption",
        "natural_gas",
    ),
    (
        "年末集中供热面积1.2亿平方米。全年城市天然气供气总量15.6亿立方米。",
        "天然气供气总量,15.6,亿立方米",
        "final_consumption",
        "natural_gas",
    ),
    (
        "全年原煤产量45.6亿吨，比上年增长10.5%；原油产量20472.2万吨。",
        "原煤产量,45.6,亿吨",
        "production",
        "raw_coal",
    ),
    (
        "据初步核算,2021年全省能源消费总量为24 323万吨标准煤，增长4.1%。",
        "能源消费总量,24323,万吨标准煤",
        "total_consumption",
        "total_energy",
    ),
    (
        "全年城乡居民生活用电量达87.6亿千瓦时，增长9.4%。工业用电量约为412.3亿千瓦时。",
        "城乡居民生活用电量,87.6,亿千瓦时",
        "households",
        "electricity",
    ),
    (
        "全年全社会能源消费总量比上年增长3.3%，达到6754.8万吨标准煤。能耗下降2.7%。",
        "全社会能源消费总量,6754.8,万吨标准煤",
        "total_consumption",
        "total_energy",
    ),
    (
        "全市液化石油气供应总量 12.5 万吨，家庭用量8.3万吨。年末用气人口320万人。",
        "液化石油气供应总量,12.5,万吨",
        "final_consumption",
        "lpg",
    ),
    (
        "Energy consumption totalled 5.72 billion tonnes of coal equivalent. It rose by 5.7 percent.",
        "Energy consumption,5.72,billion tonnes of coal equivalent",
        "total_consumption",
        "total_energy",
    ),
]


@pytest.mark.parametrize(("sentence", "line", "flow", "product"), SENTENCES)
def test_the_line_offered_for_a_sentence_reads(tmp_path, sentence, line, flow, product):
    """The refusal of prose ends in a line that, below a header, reads as what the sentence says."""
    prose, table = tmp_path / "prose.txt", tmp_path / "table.csv"
    prose.write_text(f"{sentence}\n", encoding="utf-8")
    (stop,) = ca.read_tables(prose, area="某市", year=2023).stops
    assert str(stop.error).endswith(f"such as {line}")
    table.write_text(f"项目,数值,单位\n{line}\n", encoding="utf-8")
    balance = ca.read_balance(table, area="某市", year=2023)
    assert (balance.flows, balance.products) == ([flow], [product])


def test_enterprises_of_one_branch_add_up_where_a_mapping_says_so(tmp_path):
    """Two of iron and steel are one number with a finding; one enterprise in two branches is refused."""
    table, mapping = tmp_path / "t.csv", tmp_path / "m.csv"
    head = "某市重点用能单位2021年能源消费情况\n单位名称,所属行业,原煤(吨)\n"
    rows = "甲厂,黑色金属冶炼和压延加工业,100\n乙厂,黑色金属冶炼和压延加工业,20\n丙厂,纺织业,3\n"
    table.write_text(head + rows, encoding="utf-8")
    mapping.write_text("类别,名称,编码\n列,单位名称,加总\n", encoding="utf-8")
    balance = ca.read_balance(table, area="某市", mapping=mapping)
    assert float(balance.amounts.sel(flow="industry.ferrous_smelting").squeeze()) == 120
    assert float(balance.amounts.sel(flow="industry.textile").squeeze()) == 3
    assert "added-up" in [one.rule for one in balance.findings]
    table.write_text(head + rows + "甲厂,纺织业,5\n", encoding="utf-8")
    (stop,) = ca.read_tables(table, area="某市", mapping=mapping).stops
    assert "stands in two branches" in str(stop.error)
