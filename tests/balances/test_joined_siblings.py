"""Joined labels that mean something by the others of their sheet: ``|`` between labels."""

from __future__ import annotations

import pytest

from carbonacct.balances.label.joined_siblings import read_joined_siblings
from carbonacct.balances.words.mapping import Mapping

OTHER = {"其他煤炭消费总量": ("other_services", "coal_total")}


@pytest.mark.parametrize(
    ("labels", "meant"),
    [
        # 其他 behind two sectors with the same words is the other sectors.
        ("工业煤炭消费总量|建筑业煤炭消费总量|其他煤炭消费总量", OTHER),
        ("其他煤炭消费总量|工业煤炭消费总量|建筑业煤炭消费总量", OTHER),
        (
            "工业天然气用量|居民天然气用量|其他天然气用量",
            {"其他天然气用量": ("other_services", "natural_gas")},
        ),
        # One sector, other words, or rows that are no sectors say nothing of it; nor do two products.
        ("工业煤炭消费总量|其他煤炭消费总量", {}),
        ("工业煤炭消费总量|工业煤炭消费总量|其他煤炭消费总量", {}),
        ("工业煤炭消费总量|建筑业煤炭消费量|其他煤炭消费总量", {}),
        ("火力发电煤炭消费总量|损失煤炭消费总量|其他煤炭消费总量", {}),
        ("煤炭进口量|煤炭出口量|其他进口量", {}),
        ("工业煤炭消费总量|建筑业柴油消费总量|其他消费总量", {}),
        ("工业煤炭消费总量|建筑业煤炭消费总量", {}),
        # Industry with 终端 and without: what has none holds what its plants take in.
        (
            "工业煤炭消费总量|工业煤炭终端消费量",
            {"工业煤炭消费总量": ("industry_total", "coal_total")},
        ),
        ("工业煤炭消费总量|工业原油终端消费量", {}),
        ("工业煤炭终端消费量", {}),
        ("农业煤炭消费总量|农业煤炭终端消费量", {}),
    ],
)
def test_what_joined_labels_mean_by_the_others(labels, meant):
    """The flow, with the product that its own words name."""
    texts = labels.split("|")
    found = read_joined_siblings("\n".join(texts), [*texts, 2019.0], Mapping())
    assert {label: (one.flow, one.product) for label, one in found.items()} == meant
