"""What is read but is no amount of energy is passed over, and listed with what it is."""

from __future__ import annotations

import re

import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.words.other_quantities import name_quantity
from carbonacct.errors import TableError

HEADS = {
    "比上年增长(%)": "rates of growth",
    "占全部能源的比重": "shares",
    "指数(上年=100)": "indices",
    "能源消费弹性系数": "elasticities",
    "单位GDP能耗(吨标准煤/万元)": "intensities",
    "人均用电量": "intensities",
    "折标系数": "coefficients",
    "企业数(个)": "numbers of enterprises or users",
    "Number of establishments": "numbers of enterprises or users",
    "工业总产值(万元)": "money",
    "年末人口": "people",
}


@pytest.mark.parametrize("head", HEADS)
def test_columns_of_other_things_are_passed_over(tmp_path, head):
    """A column of rates, shares, counts or money is none of the balance: its numbers say why."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"重庆能源平衡表 2015\n项目,原煤(万吨),{head},焦炭(万吨)\n工业,1,77,2\n建筑业,3,88,4\n",
        encoding="utf-8",
    )
    reading = ca.read_tables(path)
    assert reading.balance is not None
    assert reading.balance.products == ["raw_coal", "coke"]
    passed = reading.fates[(reading.fates["column"] == "C") & (reading.fates["row"] > 2)]
    assert passed["fate"].tolist() == ["passed", "passed"]
    assert passed["reason"].unique().tolist() == [
        f"its column holds {HEADS[head]}, no amounts of energy"
    ]
    assert "left-out" in {finding.rule for finding in reading.balance.findings}


@pytest.mark.parametrize("label", [head for head in HEADS if HEADS[head] != "shares"])
def test_rows_of_other_things_are_passed_over(tmp_path, label):
    """The same of rows."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2\n{label},77,88\n建筑业,3,4\n",
        encoding="utf-8",
    )
    reading = ca.read_tables(path)
    assert reading.balance is not None
    assert reading.balance.flows == ["industry", "construction"]
    passed = reading.fates[reading.fates["row"] == 4]
    assert passed["fate"].unique().tolist() == ["passed"]
    assert passed["reason"].unique().tolist() == [
        f"its row holds {HEADS[label]}, no amounts of energy"
    ]


def test_no_word_of_energy_is_passed_over():
    """No flow or product of the vocabulary is taken for a rate or a count where it stands alone."""
    known = {word for kind in ("flow", "product") for word in vocabulary.words_of(kind)}
    assert {word: name_quantity(word) for word in known if name_quantity(word)} == {}


@pytest.mark.parametrize(
    ("label", "words"), [("外销量", "neither supply nor use"), ("企业运输工具用量", "vehicles")]
)
def test_a_label_that_is_no_one_thing_gets_a_sentence_that_helps(tmp_path, label, words):
    """What enterprises buy, or use as material, is refused with what it is; the proposal has it as the note."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"规模以上工业企业能源消费 2015\n品种,单位,消费量,{label},年末库存\n原煤,吨,1,2,3\n柴油,吨,4,5,6\n",
        encoding="utf-8",
    )
    (stop,) = ca.read_tables(path).stops
    assert str(stop.error).startswith(f"t.csv!D2: column '{label}' is not known; '{label}': ")
    assert words in str(stop.error)
    (line,) = ca.propose_mapping(path).to_dict("records")
    assert (line["kind"], line["name"]) == ("flow", label)
    assert words in line["note"]


@pytest.mark.parametrize("number", ["1e308", "9e303", "-1e300", "1e97"])
def test_a_number_larger_than_any_is_refused(tmp_path, number):
    """Such a number is refused with its cell: nothing is infinite, and nothing overflows on the way to it."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"重庆能源平衡表 2015\n项目,原煤(万吨),焦炭(万吨)\n工业,{number},2\n", encoding="utf-8"
    )
    shown = re.escape(f"{float(number):g}")
    with pytest.raises(
        TableError, match=rf"t\.csv!B3: raw_coal of industry is {shown} 1e4 t, more than any amount"
    ):
        ca.read_balance(path)


@pytest.mark.parametrize("corner", ["单位：万吨", "单位:万吨", "单位：万吨标准煤"])
def test_a_unit_in_the_corner_heads_the_labels_below_it(tmp_path, corner):
    """单位： over the labels was a rate, 单位…: they were passed over, and no table was found."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"重庆能源消费量 2015\n{corner},原煤,焦炭\n工业,1,2\n建筑业,3,4\n", encoding="utf-8"
    )
    balance = ca.read_balance(path)
    assert balance.flows == ["industry", "construction"]
    assert [name_quantity(text) for text in ("单位：万吨", "单位水泥耗煤")] == ["", "a rate"]
