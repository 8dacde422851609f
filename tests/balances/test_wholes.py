"""A product that is named like a total: the total of others, or one beside them."""

from __future__ import annotations

import pytest

import carbonacct as ca

HEAD = "厦门市规模以上工业企业主要能源产品消费量(2019年)\n"


def read(folder, text):
    """Return a table as read."""
    (folder / "table.csv").write_text(HEAD + text, encoding="utf-8")
    return ca.read_balance(folder / "table.csv")


def is_sibling(balance):
    """Return whether briquettes are taken out of all coal."""
    return balance.product_parents.get("briquettes") == ""


TABLES = {
    "blank where its parts stand": ("煤,煤制品", [(1000, 600), ("", 500)], True),
    "smaller than its parts": ("煤,煤制品", [(400, 600), (1000, 300)], True),
    "half of the rows are equal": ("煤,煤制品", [(600, 600), ("", 500)], False),
    "half of the rows that print both": ("煤,煤制品", [(600, 600), (100, 500), ("", 300)], False),
    "a third of the rows are equal": ("煤,煤制品", [(600, 600), (100, 500), (50, 300)], True),
    "sums within five per cent": ("煤,煤制品", [(1000, 960), (500, 510)], False),
    "the word of a total": ("煤合计,煤制品", [(1000, 600), ("", 500)], False),
    "larger than its parts": ("煤,煤制品", [(1000, 600), (700, 500)], False),
    "parts that are zero": ("煤,煤制品", [(1000, 0), (700, 0)], False),
}


@pytest.mark.parametrize(("head", "rows", "sibling"), TABLES.values(), ids=TABLES)
def test_the_numbers_decide(tmp_path, head, rows, sibling):
    """Once for the column, over all its rows."""
    names = [f"{name}(吨)" for name in head.split(",")]
    flows = ["纺织业", "食品制造业", "烟草制品业"]
    lines = [f"{flow},{a},{b}" for flow, (a, b) in zip(flows, rows, strict=False)]
    balance = read(tmp_path, "\n".join([",".join(["项目", *names]), *lines]))
    assert is_sibling(balance) is sibling
    said = any(finding.rule == "total-or-sibling" for finding in balance.findings)
    assert said is (rows == TABLES["larger than its parts"][1])


def test_what_numbers_leave_open_is_said(tmp_path):
    """Larger than its parts in every row: a total as the vocabulary has it, and what it would be worth."""
    balance = read(tmp_path, "项目,煤(吨),煤制品(吨)\n纺织业,1000,600\n食品制造业,700,500\n")
    (finding,) = [each for each in balance.findings if each.rule == "total-or-sibling"]
    assert sum(gap.amount for gap in finding.gaps) == 1100
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
