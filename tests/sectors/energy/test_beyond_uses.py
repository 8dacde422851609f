"""What total consumption holds beyond the uses that a table prints is said, with its tonnes and its worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.sectors.energy.product_account import make_account

PRINTED = """表6-3 绍兴市能源消费量(2022年),,,,
指标,原煤(万吨),汽油(万吨),天然气(亿立方米),电力(亿千瓦时)
消费总量,500.12,34.2,12.3,230.1
#工业,410.11,3.1,8.8,150.2
#生活消费,20.3,31.1,2.1,41.2
"""


def frame(**columns):
    """Return a long table of one area and year: amounts by flow for each product, in tonnes."""
    return pd.DataFrame(
        [
            {"area": "A", "year": 2020, "flow": flow, "product": p, "value": value, "unit": "t"}
            for p, amounts in columns.items()
            for flow, value in amounts.items()
        ]
    )


def beyond(table, **options):
    """Return the gaps of the findings: amount by product."""
    found = ca.compile_inventory(table, method="provincial-2011", **options).findings
    return {
        gap.product: pytest.approx(gap.amount, abs=1e-6)
        for finding in found
        if finding.rule == "beyond-uses"
        for gap in finding.gaps
    }


def test_feedstock_is_a_use_of_industry_and_no_other():
    """Feedstock lies inside industry: 1,000 - 300 - 200, and not 100 less; electricity of pumps inside farming."""
    amounts = {"total_consumption": 1000, "industry": 300, "feedstock": 100, "households": 200}
    assert beyond(frame(diesel=amounts)) == {"diesel": 500}
    power = {"total_consumption": 900, "farming": 300, "farming.irrigation": 250, "households": 200}
    table = frame(electricity=power).assign(unit="万千瓦时", area="北京市", year=2022)
    made = ca.compile_inventory(table, method="provincial-2011")
    rest = made.balance.flows.index("total_consumption.remainder")
    assert made.balance.amounts.values[0, 0, rest, 0] == pytest.approx(400e4)
    per_kwh = made.indirect.values[0, 0, rest].sum() / 400e4
    assert np.nansum(made.indirect.values) == pytest.approx(per_kwh * 900e4)


def test_sectors_that_a_table_of_some_leaves_out(tmp_path):
    """A table of 其中 leaves the other sectors in its total: each product is said with its cell, tonnes and worth."""
    # 500.12 - 410.11 - 20.3 = 69.71 (1e4 t); gasoline closes; 12.3 - 8.8 - 2.1 = 1.4 (1e8 m3)
    (tmp_path / "some.csv").write_text(PRINTED, encoding="utf-8")
    found = ca.compile_inventory(tmp_path / "some.csv", method="provincial-2011").findings
    said = [finding for finding in found if finding.rule == "beyond-uses"]
    assert [finding.where for finding in said] == [f"some.csv!{cell}" for cell in ("B3", "D3")]
    gaps = [gap for finding in said for gap in finding.gaps]
    assert [(gap.product, round(gap.amount)) for gap in gaps] == [
        ("raw_coal", 697_100),
        ("natural_gas", 140_000_000),
    ]
    # raw coal as burnt in the table: 410.11 + 20.3 (1e4 t) emit what the inventory says
    by = ca.compile_inventory(tmp_path / "some.csv", method="provincial-2011").by("product")
    each = by.sel(product="raw_coal").item().magnitude / (410.11e4 + 20.3e4)
    assert said[0].worth == pytest.approx(
        697_100 * each, rel=0.02
    )  # industry and households differ
    assert {finding.severity for finding in said} == {"error"}


@settings(max_examples=30)
@given(
    st.integers(0, 10**6),
    st.integers(1, 10**6),
    st.integers(0, 10**6),
    st.just(0) | st.integers(3, 10**5),
)
def test_what_is_left_of_total_consumption_is_said_to_the_tonne(industry, transport, losses, rest):
    """Whatever the uses are, the rest of their total is said, beyond the rounding of the print."""
    uses = {"industry": industry, "transport": transport, "losses": losses}
    table = frame(diesel={"total_consumption": sum(uses.values()) + rest, **uses})
    assert beyond(table) == ({"diesel": rest} if rest else {})


def test_kinds_that_the_total_prints_are_compared_each_by_itself():
    """A total of kinds that stands beside its kinds says nothing new."""
    sectors = {"industry": 50, "transport": 40}
    total = {"total_consumption": 100}
    both = frame(
        oil_total={"total_consumption": 300, "industry": 90},
        diesel=total | sectors,
        gasoline={"total_consumption": 200, **sectors},
    )
    assert beyond(both) == {"diesel": 10, "gasoline": 110}


def test_a_kind_of_which_the_uses_print_only_the_total_is_not_compared():
    """Uses of coal as a whole may hold all of the raw coal."""
    table = frame(
        raw_coal={"total_consumption": 100},
        coal_total={"total_consumption": 160, "industry": 100, "households": 60},
    )
    assert beyond(table) == {}


def test_total_of_which_the_uses_print_the_kinds():
    """Kinds of the uses are taken from the total of all kinds."""
    table = frame(
        coal_total={"total_consumption": 160},
        raw_coal={"industry": 100},
        briquettes={"industry": 40},
    )
    assert beyond(table) == {"coal_total": 20}


def test_inputs_of_plants_are_for_the_identities_of_the_table():
    """Where plants are printed, total consumption is an identity of its own."""
    table = frame(
        diesel={
            "total_consumption": 100,
            "final_consumption": 60,
            "industry": 60,
            "transformation": -30,
            "thermal_power": -30,
        }
    )
    found = ca.compile_inventory(table, method="provincial-2011").findings
    rules = {finding.rule for finding in found if finding.severity != "info"}
    assert "beyond-uses" not in rules
    assert "total-consumption" in rules


def test_plants_that_are_all_the_uses_of_a_table_leave_the_rest_of_its_total_open():
    """其中：发电用煤 in a list of fuels: all else is said to the tonne; what coke ovens take in is a use as well."""
    table = frame(
        raw_coal={"total_consumption": 100, "thermal_power.input": -60},
        cleaned_coal={"total_consumption": 80, "coking.input": -70},
        gasoline={"total_consumption": 9},
    )
    assert beyond(table) == {"raw_coal": 40, "cleaned_coal": 10, "gasoline": 9}
    households = pd.concat([table, frame(gasoline={"households": 4})])
    # Beside uses what is left of a fuel may be the loss of its plants; no plant takes gasoline.
    assert beyond(households) == {"gasoline": 5}


def test_an_enterprise_table_whose_total_has_one_part_is_no_row_of_another_table(tmp_path):
    """工业生产消费 is a part of 消费量: what it leaves in every product is a remainder, no misplaced row."""
    (tmp_path / "stock.csv").write_text(
        "规模以上工业企业能源购进、消费与库存(2022年),,,,,\n"
        "能源名称,计量单位,年初库存量,消费量合计,#工业生产消费,期末库存量\n"
        '原煤,吨,100,"8,101,220","8,100,900",90\n'
        "汽油,吨,120,8640,2310,130\n"
        "柴油,吨,450,23390,10220,470\n"
        "天然气,万立方米,,85230,85010,\n"
        "焦炭,吨,2300,45120,45120,2780\n",
        encoding="utf-8",
    )
    found = ca.compile_inventory(
        tmp_path / "stock.csv", method="provincial-2011", area="绍兴"
    ).findings
    assert "other-row" not in {finding.rule for finding in found}
    (rest,) = [finding for finding in found if finding.rule == "remainder"]
    assert {gap.product: round(gap.amount) for gap in rest.gaps} == {
        "raw_coal": 320,
        "gasoline": 6330,
        "diesel": 13170,
        "natural_gas": 2_200_000,
    }


def scope2(table):
    """Return t CO2 of electricity brought in by area and year."""
    return ca.compile_inventory(table, method="provincial-2011").total(scope=2).item().magnitude


def power(**amounts):
    """Return a long table of electricity in 2022, in 1e4 kWh."""
    return pd.DataFrame(
        [
            {
                "area": "浙江",
                "year": 2022,
                "flow": flow,
                "product": "electricity",
                "value": value,
                "unit": "万千瓦时",
            }
            for flow, value in amounts.items()
        ]
    )


@settings(max_examples=20)
@given(st.integers(1000, 10**7), st.integers(0, 999), st.integers(0, 1))
def test_electricity_of_the_whole_society_counts_whole_whatever_sectors_stand_beside_it(
    total, share, homes
):
    """全社会用电量 is what the area uses: 其中 changes the lines, not the sum (provincial guideline 2011, 1.4)."""
    parts = {"industry": total * share // 1000}
    parts |= {"households": total // 1000} if homes else {}
    whole = scope2(power(total_consumption=total))
    assert scope2(power(total_consumption=total, **parts)) == pytest.approx(whole, rel=1e-9)


def test_the_rest_of_electricity_names_the_cells_it_is_the_difference_of(tmp_path):
    """The trace of what is left names the total and the uses."""
    (tmp_path / "power.csv").write_text(
        "城市用电情况(2022年),,\n城市,全社会用电量(万千瓦时),#工业用电\n宁波市,8234567,6012345\n",
        encoding="utf-8",
    )
    inventory = ca.compile_inventory(tmp_path / "power.csv", method="provincial-2011")
    found = ca.trace(inventory, flow="total_consumption.remainder", product="electricity")
    assert "power.csv!B3 - power.csv!C3" in found.to_text()
    assert found.amount == 22_222_220_000


def test_electricity_beside_supply_is_counted_by_what_crosses_the_border():
    """A table of supply says what is brought in: the total of its uses adds nothing."""
    supply = {"primary_supply": 1000, "production": 600, "moved_in": 400}
    some = power(total_consumption=1000, industry=700, **supply)
    assert scope2(some) == pytest.approx(scope2(power(industry=700, **supply)))
    findings = ca.compile_inventory(some, method="provincial-2011").findings
    assert "remainder" not in {finding.rule for finding in findings}


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(1, 10**6), st.just(0) | st.integers(3, 10**5))
def test_uses_that_hold_more_than_their_total_are_said(industry, transport, over):
    """One use printed twice makes the sum too high: the error says by how much."""
    uses = {"industry": industry, "transport": transport + over}
    table = frame(diesel={"total_consumption": industry + transport, **uses})
    found = ca.compile_inventory(table, method="provincial-2011").findings
    gaps = [round(gap.amount) for one in found if one.rule == "above-total" for gap in one.gaps]
    assert gaps == ([over] if over else [])


def test_electricity_of_uses_above_the_whole_society_is_said():
    """Electricity has no remainder then, and its uses count."""
    table = power(total_consumption=100, industry=70, households=50)
    found = ca.compile_inventory(table, method="provincial-2011")
    assert [one.rule for one in found.findings if one.severity == "error"] == ["above-total"]
    assert scope2(table) == pytest.approx(scope2(power(industry=70, households=50)))


@pytest.mark.parametrize(
    ("name", "burnt"),
    [
        ("cn_plants_within_industry", {"coal_total": 5_203_000}),
        ("cn_plants_within_purchases", {"raw_coal": 5_101_000, "diesel": 5_100}),
        ("cn_plants_within_power_branch", {"coal_total": 5_111_000}),
        ("cn_plants_set_in", {"coal_total": 5_111_000}),
        ("cn_plants_second_column", {"coal_total": 5_111_000}),
        ("cn_plants_numbered", {"raw_coal": 5_111_000, "diesel": 5_120}),
        ("cn_plants_by_total", {"coal_total": 5_111_000}),
        ("cn_plants_beside_by_total", {"coal_total": 8_313_000}),
        ("cn_plants_in_branches", {"coal_total": 5_111_000}),
        ("cn_plants_of_purchases_unmarked", {"raw_coal": 5_101_000, "diesel": 5_100}),
        ("cn_coal_by_use", {"coal_total": 5_200_000}),
        (
            "cn_final_use_within_industry",
            {"coal_total": 230_000_000},
        ),  # without what is made into coke
        ("cn_final_use_second_column", {"raw_coal": 5_000_000}),
    ],
)
def test_plants_that_are_printed_as_a_part_of_industry_burn_once(name, burnt):
    """工业, #火力发电: the plants and what is left of industry are the printed industry, and no sum fails."""
    balance = ca.read_balance(f"tests/data/kinds_of_tables/{name}.csv", area="某市")
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    account = make_account(inventory).groupby("product").counted.apply(lambda one: one.abs().sum())
    assert {product: round(account[product]) for product in burnt} == burnt
    assert not [one for one in inventory.findings if one.severity == "error"]


def test_plants_of_which_nothing_says_whether_industry_holds_them_are_an_error():
    """工业, 火力发电, 供热 flat and without a total: both readings are named, and a mapping settles it either way."""
    path = "tests/data/kinds_of_tables/cn_plants_open.csv"
    found = ca.compile_inventory(path, method="provincial-2011", area="某市")
    errors = [one for one in found.findings if one.severity == "error"]
    assert [one.rule for one in errors] == ["plants-open"]
    assert "5,111,000 t" in errors[0].message
    assert "8,313,000" in errors[0].message
    assert [gap.amount for gap in errors[0].gaps] == [3_202_000]


def test_open_plants_are_said_by_the_fuel_of_most_energy(tmp_path):
    """A million cubic metres of gas are less than a hundred thousand tonnes of coal."""
    path = tmp_path / "open.csv"
    path.write_text(
        "某市2021年能源消费量\n指标,原煤（吨）,天然气（立方米）\n工业,200000,5000000\n火力发电,100000,1000000\n居民生活,1000,2000\n",
        encoding="utf-8",
    )
    (error,) = [
        one for one in ca.read_balance(path, area="某市").findings if one.severity == "error"
    ]
    assert error.rule == "plants-open"
    assert "201,000 t of raw_coal" in error.message


@pytest.mark.parametrize(
    ("ids", "burnt"),
    [
        (("thermal_power", "heating"), 8_313_000),
        (("industry.transformation.thermal_power", "industry.transformation.heating"), 5_111_000),
    ],
)
def test_a_mapping_says_whether_industry_holds_its_plants(tmp_path, ids, burnt):
    """What a person says is asked no more."""
    words = tmp_path / "mapping.csv"
    words.write_text(
        "kind,name,id\nflow,火力发电,{}\nflow,供热,{}\n".format(*ids), encoding="utf-8"
    )
    path = "tests/data/kinds_of_tables/cn_plants_open.csv"
    balance = ca.read_balance(path, area="某市", mapping=words)
    inventory = ca.compile_inventory(balance, method="provincial-2011")
    assert make_account(inventory).counted.abs().sum() == pytest.approx(burnt)
    assert not [one for one in inventory.findings if one.severity == "error"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [  # the total; more than industry; a section of its own; a number of the same kind
        ("消费总量,180\n工业,100\n火力发电,70\n居民生活,10\n", []),
        ("工业,100\n火力发电,170\n居民生活,10\n", []),
        ("工业,100\n居民生活,10\n加工转换投入量,\n火力发电,70\n", []),
        ("一、工业,100\n二、火力发电,70\n三、居民生活,10\n", []),
        ("工业,100\n火力发电,70\n居民生活,10\n", ["plants-open"]),
        # Branches add up either way: a branch of power that is smaller than plants holds none of them.
        # A heading of inputs directly behind industry, whose plants it may hold.
        ("工业,100\n加工转换投入量,70\n火力发电,70\n居民生活,10\n", ["plants-open"]),
        ("消费总量,180\n工业,100\n加工转换投入量,70\n火力发电,70\n居民生活,10\n", []),
        ("工业,100\n加工转换投入量,-70\n火力发电,-70\n居民生活,10\n", []),
        (
            "消费总量,180\n工业,100\n制造业,95\n电力热力生产和供应业,5\n火力发电,70\n居民生活,10\n",
            [],
        ),
        (
            "工业,100\n制造业,95\n电力热力生产和供应业,5\n火力发电,70\n居民生活,10\n",
            ["plants-open"],
        ),
    ],
)
def test_what_tells_that_plants_stand_beside_industry(tmp_path, text, rules):
    """All plants count beside industry here; an error only where nothing says it."""
    path = tmp_path / "uses.csv"
    path.write_text(f"某市2019年能源消费量（吨）\n项目,原煤\n{text}", encoding="utf-8")
    inventory = ca.compile_inventory(path, method="ipcc-2006", area="某市")
    plants = sum(abs(float(line.split(",")[1])) for line in text.split() if "火力发电" in line)
    assert make_account(inventory).counted.abs().sum() == pytest.approx(110 + plants)
    assert [one.rule for one in inventory.findings if one.severity == "error"] == rules


def test_plants_beside_industry_of_final_consumption_lie_outside_it():
    """终端消费量:工业 as a header holds no plants, so that nothing is open."""
    path = "tests/data/kinds_of_tables/cn_vendor_source_below_years.csv"
    inventory = ca.compile_inventory(path, method="provincial-2011")
    assert not [one for one in inventory.findings if one.severity == "error"]
    assert make_account(inventory).counted.abs().sum() == pytest.approx(177_806_000)


def test_inputs_behind_industry_lie_in_it_where_the_total_says_so(tmp_path):
    """消费总量 that is the sum without 加工转换投入量: industry holds it, and its coal counts once."""
    path = tmp_path / "uses.csv"
    text = (
        "某市2019年能源消费量（吨）\n项目,原煤\n消费总量,110\n工业,100\n加工转换投入量,70\n"
        "火力发电,70\n居民生活,10\n"
    )
    path.write_text(text, encoding="utf-8")
    inventory = ca.compile_inventory(path, method="ipcc-2006", area="某市")
    assert make_account(inventory).counted.sum() == pytest.approx(110)
    assert not [one for one in inventory.findings if one.severity == "error"]


@pytest.mark.parametrize(
    "plants",
    [
        "#发电和供热,3500\n",
        "#发电和供热,3500\n##火力发电,3002\n##供热,498\n",
        "#工业自备电厂,3500\n",
        "采矿业,100\n制造业,1000\n电力、热力、燃气及水生产和供应业,4001\n#火力发电,3002\n",
        "采矿业,100\n制造业,1000\n电力、热力生产和供应业,4001\n#火力发电,3002\n",
    ],
)
def test_any_plants_that_a_mark_makes_a_part_of_industry_burn_once(tmp_path, plants):
    """Power and heat as one, kinds below it, plants of industry and of utilities are parts of industry."""
    path = tmp_path / "uses.csv"
    text = f"某市2019年能源消费量（吨）\n项目,原煤\n工业,5101\n{plants}居民生活,1000\n"
    path.write_text(text, encoding="utf-8")
    account = make_account(ca.compile_inventory(path, method="ipcc-2006", area="某市"))
    assert account.counted.sum() == pytest.approx(6101)


@pytest.mark.parametrize("mark", ["", "其中：", "#"])
def test_plants_of_secondary_industry_leave_what_its_rest_burns(tmp_path, mark):
    """第二产业, 火力发电, 供热: no sum says that they are all of it; it did, with an error."""
    path = tmp_path / "uses.csv"
    text = f"消费总量,110\n第一产业,1\n第二产业,100\n{mark}火力发电,60\n{mark}供热,10\n第三产业,4\n居民生活,5\n"
    path.write_text(f"某市2019年能源消费量（吨）\n项目,原煤\n{text}", encoding="utf-8")
    inventory = ca.compile_inventory(path, method="ipcc-2006", area="某市")
    assert make_account(inventory).counted.sum() == pytest.approx(110)
    assert not [one for one in inventory.findings if one.severity == "error"]


@pytest.mark.parametrize(("plants", "gap"), [("", [3500]), ("##火力发电,3002\n##供热,498\n", [])])
def test_plants_of_industry_as_one_row_are_an_error(tmp_path, plants, gap):
    """加工转换投入 without a kind of plant: fuel of power plants is not counted, and its tonnes are said."""
    path = tmp_path / "uses.csv"
    text = f"某市2019年能源消费量（吨）\n项目,原煤\n工业,5101\n#加工转换投入,3500\n{plants}居民生活,1000\n"
    path.write_text(text, encoding="utf-8")
    found = ca.compile_inventory(path, method="ipcc-2006", area="某市").findings
    errors = [one for one in found if one.severity == "error"]
    assert {one.rule for one in errors} <= {"plants-as-one"}
    assert [round(each.amount) for one in errors for each in one.gaps] == gap


@pytest.mark.parametrize(("industry", "over"), [(400, 0), (500, 60), (600, 160)])
def test_a_sector_that_holds_its_plants_without_a_mark_is_said(industry, over):
    """Total consumption 1000, industry and plants beside each other: what they hold beyond it is named."""
    uses = {"industry": industry, "households": 160, "thermal_power": -350, "heating": -50}
    table = frame(coal_total={"total_consumption": 1000, **uses})
    found = ca.compile_inventory(table, method="provincial-2011").findings
    gaps = [round(gap.amount) for one in found if one.rule == "above-total" for gap in one.gaps]
    assert gaps == ([over] if over else [])
