"""A product that is named like a total: the total of others, or one beside them."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct import vocabulary

HEAD = "厦门市规模以上工业企业主要能源产品消费量(2019年)\n"


def read(folder, text):
    """Return a table as read."""
    (folder / "table.csv").write_text(HEAD + text, encoding="utf-8")
    return ca.read_balance(folder / "table.csv")


def is_sibling(balance):
    """Return whether briquettes are taken out of all coal."""
    return not vocabulary.is_product_within("briquettes", "coal_total", balance.product_parents)


# What the numbers say of the first product beside the others: a total of them, one beside them, or nothing.
TABLES = {
    "blank where its parts stand": ("煤,煤制品", [(1000, 600), ("", 500)], "sibling"),
    "smaller than its parts": ("煤,煤制品", [(400, 600), (1000, 300)], "sibling"),
    "smaller, beside a row without parts": (
        "煤,煤制品",
        [(400, 600), (300, 500), (100, 0)],
        "sibling",
    ),
    "half of the rows are equal": ("煤,煤制品", [(600, 600), ("", 500)], "total"),
    "equal within print": ("煤,煤制品", [(11, 10), ("", 500)], "total"),
    "apart by more than print": ("煤,煤制品", [(12, 10), ("", 500)], "sibling"),
    "half of the rows that print both": ("煤,煤制品", [(600, 600), (100, 500), ("", 300)], "total"),
    "a third of the rows are equal": ("煤,煤制品", [(600, 600), (100, 500), (50, 300)], "sibling"),
    "a third of the rows are equal, the others larger": (
        "煤,煤制品",
        [(600, 600), (900, 500), (900, 300)],
        "open",
    ),
    "two parts, equal within print": ("煤,煤制品,洗精煤", [(11, 6, 4), ("", 1, 2)], "total"),
    "two parts, apart by more than print": (
        "煤,煤制品,洗精煤",
        [(12, 6, 4), ("", 1, 2)],
        "sibling",
    ),
    "sums within five per cent": ("煤,煤制品", [(1000, 960), (500, 510)], "total"),
    "sums apart by five per cent": ("煤,煤制品", [(1000, 950), (500, 475)], "total"),
    "the word of a total": ("煤合计,煤制品", [(1000, 600), ("", 500)], "total"),
    "larger than its parts": ("煤,煤制品", [(1000, 600), (700, 500)], "open"),
    "parts that are zero": ("煤,煤制品", [(1000, 0), (700, 0)], "total"),
}


@pytest.mark.parametrize("across", [True, False], ids=["products across", "products below"])
@pytest.mark.parametrize(("head", "rows", "verdict"), TABLES.values(), ids=TABLES)
def test_the_numbers_decide(tmp_path, head, rows, verdict, across):
    """Once for the product, over all its numbers, wherever its label stands."""
    names = head.split(",")
    flows = ["纺织业", "食品制造业", "烟草制品业"]
    padded = [*rows, *[[""] * len(names)] * (len(flows) - len(rows))]
    lines = [
        ["项目", *names],
        *([flow, *numbers] for flow, numbers in zip(flows, padded, strict=True)),
    ]
    if not across:
        lines = list(zip(*lines, strict=True))
    balance = read(tmp_path, "单位:吨\n" + "\n".join(",".join(map(str, line)) for line in lines))
    assert is_sibling(balance) is (verdict == "sibling")
    said = any(finding.rule == "total-or-sibling" for finding in balance.findings)
    assert said is (verdict == "open")


def test_of_several_labels_the_first_counts(tmp_path):
    """Coal without the word of a total in the first of its rows: the numbers decide."""
    lines = [
        "项目,品种,消费量(吨)",
        "纺织业,煤,1000",
        "纺织业,煤制品,600",
        "食品制造业,煤制品,500",
        "烟草制品业,煤合计,10",
    ]
    assert is_sibling(read(tmp_path, "\n".join(lines)))


def test_what_numbers_leave_open_is_said(tmp_path):
    """Larger than its parts in every row: a total as the vocabulary has it, and what it would be worth."""
    balance = read(
        tmp_path, "项目,煤(吨),煤制品(吨)\n食品制造业,1000,0\n烟草制品业,1000,600\n纺织业,700,500\n"
    )
    (finding,) = [each for each in balance.findings if each.rule == "total-or-sibling"]
    assert [gap.amount for gap in finding.gaps] == [600, 500]
    assert finding.severity == "warning"
    assert finding.where == "table.csv!C4"  # of the first branch in the order of the vocabulary


def test_one_blank_total_proves_nothing(tmp_path):
    """Nine rows are equal and one total is blank (as in a row of feedstock): a total."""
    flows = ["纺织业", "食品制造业", "烟草制品业", "医药制造业", "家具制造业"]
    lines = [f"{flow},{n}00,{n}00" for n, flow in enumerate(flows[:-1], start=1)]
    text = "\n".join(["项目,煤(吨),煤制品(吨)", *lines, f"{flows[-1]},,900"])
    assert not is_sibling(read(tmp_path, text))


def test_units_that_differ_decide_nothing(tmp_path):
    """Coal in coal equivalent beside briquettes in tonnes: no sum of either."""
    balance = read(tmp_path, "项目,煤(吨标准煤),煤制品(吨)\n纺织业,400,600\n食品制造业,,500\n")
    assert not balance.product_parents


def test_a_sibling_stays_a_part_of_what_holds_both(tmp_path):
    """Jet kerosene beside kerosene is of the oil beside both, as in Chile's tables, and counts once."""
    text = "Energy use of 厦门市 2019 (TJ)\nSector,Oil products,Diesel,Kerosene,Jet kerosene\n"
    lines = ["Industry,105,70,5,30", "Transport,360,250,0,110", "Residential,20,5,15,0"]
    (tmp_path / "table.csv").write_text(text + "\n".join(lines), encoding="utf-8")
    balance = ca.read_balance(tmp_path / "table.csv")
    assert balance.product_parents == {"jet_kerosene": "oil_products"}
    assert not [each for each in ca.check_balance(balance) if each.rule == "sum-of-products"]
    inventory = ca.compile_inventory(balance, method="ipcc-2006").to_frame()
    assert not inventory["product"].str.contains("remainder").any()
    used = inventory.query("flow == 'industry'")["value"].sum()
    assert used == pytest.approx(
        70e3 * 0.0741 + 5e3 * 0.0719 + 30e3 * 0.0715
    )  # IPCC 2006, Vol. 2, table 2.2


def test_hard_coal_holds_its_kinds_whatever_gave_the_ids(tmp_path):
    """SIEC codes: 0100 is the sum of 0110 and 0129, and counts once.

    Standard International Energy Product Classification.
    """
    lines = ["DATAFLOW,REF_AREA,COMMODITY,TRANSACTION,TIME_PERIOD,OBS_VALUE,UNIT_MULT,UNIT_MEASURE"]
    numbers = [
        ("0100", "121", 1000),
        ("0110", "121", 200),
        ("0129", "121", 800),
        ("0100", "1231", 50),
        ("0110", "1231", 50),
    ]
    lines += [
        f"UNSD:DF_UNDATA_ENERGY(1.2),276,{code},{row},2019,{number},3,TN"
        for code, row, number in numbers
    ]
    (tmp_path / "un.csv").write_text("\n".join(lines), encoding="utf-8")
    inventory = ca.compile_inventory(tmp_path / "un.csv", method="ipcc-2006").to_frame()
    assert set(inventory["product"]) == {"anthracite", "bituminous_coal"}


# Coal, briquettes, electricity and the total of all energy: does it hold the briquettes beside the coal?
OF_ALL = {
    "with them": ([(1000, 600, 50, 1650), (700, 500, 40, 1240)], "sibling"),
    "without them": ([(1000, 600, 50, 1050), (700, 500, 40, 740)], "total"),
    "neither": ([(1000, 600, 50, 1111), (700, 500, 40, 777)], "open"),
    "one row with and one without": ([(1000, 600, 50, 1650), (700, 500, 40, 740)], "open"),
    "two rows with and one without": (
        [(1000, 600, 50, 1650), (700, 500, 40, 1240), (900, 500, 30, 930)],
        "sibling",
    ),
    "within half a unit of each column": ([(1000, 600, 50, 1652), (700, 500, 40, 1238)], "sibling"),
    "beyond that": ([(1000, 600, 50, 1653), (700, 500, 40, 1237)], "open"),
    "without the smallest parts": (
        [(1000, 2, 50, 1052), (700, 2, 40, 742)],
        "open",
    ),  # as much as rounding
}


@pytest.mark.parametrize("first", [False, True], ids=["total last", "total first"])
@pytest.mark.parametrize(("rows", "verdict"), OF_ALL.values(), ids=OF_ALL)
def test_a_total_of_all_energy_says_what_stands_beside_what(tmp_path, rows, verdict, first):
    """Where the numbers of the two leave it open, the column that holds all of them decides, row by row."""
    flows = ["纺织业", "食品制造业", "烟草制品业"]
    order = [3, 0, 1, 2] if first else [0, 1, 2, 3]
    lines = [
        ["项目", "煤", "煤制品", "电力", "能源合计"],
        *([flow, *row] for flow, row in zip(flows, rows, strict=False)),
    ]
    turned = [[line[0], *(line[1 + k] for k in order)] for line in lines]
    balance = read(
        tmp_path, "单位:吨标准煤\n" + "\n".join(",".join(map(str, line)) for line in turned)
    )
    assert is_sibling(balance) is (verdict == "sibling")
    assert any(finding.rule == "total-or-sibling" for finding in balance.findings) is (
        verdict == "open"
    )


def test_a_total_of_all_energy_in_another_unit_says_nothing(tmp_path):
    """Electricity in its own unit beside tonnes of coal equivalent: no row can be added up."""
    lines = [
        "项目,煤(吨标准煤),煤制品(吨标准煤),电力(万千瓦时),能源合计(吨标准煤)",
        "纺织业,1000,600,50,1650",
        "食品制造业,700,500,40,1240",
    ]
    balance = read(tmp_path, "\n".join(lines))
    assert [finding.rule for finding in balance.findings if "sibling" in finding.rule] == [
        "total-or-sibling"
    ]
