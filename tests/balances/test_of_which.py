"""其中 and #: what a marked label is a part of, among flows and among products."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.path.of_which import Ladder, join


@pytest.mark.parametrize(
    ("rows", "wholes"),
    [
        ("a 0, b 1, c 1", ", a, a"),
        ("a 0, b 1, c 2, d 1, e 0, f 1", ", a, b, a, , e"),
        (
            "a 0, b 2, c 2, d 1",
            ", a, a, a",
        ),  # no label between: beside each other, parts of the one above
        ("a 1, b 1, c 2", ", , b"),
        ("a 0, b 0, c 1", ", , b"),
    ],
)
def test_a_marked_label_is_a_part_of_the_nearest_above_with_fewer_marks(rows, wholes):
    """Of none where nothing stands above it."""
    ladder = Ladder()
    assert ladder.last == ("", 0)
    pairs = [(name, int(depth)) for name, depth in (row.split() for row in rows.split(", "))]
    found = []
    for name, depth in pairs:
        found.append(ladder.add(name, depth))
        assert ladder.last == (name, depth)
    assert ", ".join(found) == wholes
    ladder.restart()
    assert ladder.add("z", 1) == ""


@pytest.mark.parametrize(
    ("product", "parent", "parents"),
    [
        ("naphtha", "other_petroleum_products", {"naphtha": "other_petroleum_products"}),
        ("diesel", "oil_products", {"diesel": "oil_products"}),  # the tree has it, the mark says it
        ("diesel", "oil_total", {}),  # the tree has it between others
        ("diesel", "total_energy", {}),  # of which everything is a part
        ("oil_products", "diesel", {}),
        ("naphtha", "", {}),
    ],
)
def test_a_mark_makes_a_product_a_part(product, parent, parents):
    """Unless the tree says so by itself, or the other way round."""
    found = {}
    join(found, product, parent)
    assert found == parents


@pytest.mark.parametrize(
    ("rows", "parents"),
    [
        ("工业,其他石油制品,10\n工业,#石脑油,4\n", {"naphtha": "other_petroleum_products"}),
        ("工业,其他石油制品,10\n交通运输,#石脑油,4\n", {}),
        ("工业,其他石油制品,10\n工业,柴油,5\n工业,#石脑油,4\n", {"naphtha": "diesel"}),
    ],
)
def test_products_are_parts_within_one_flow(tmp_path, rows, parents):
    """A mark at the head of a flow refers to none above: naphtha of transport is no part of industry."""
    path = tmp_path / "t.csv"
    path.write_text(f"某市2019年能源消费量（吨）\n部门,品种,数量\n{rows}", encoding="utf-8")
    assert dict(ca.read_balance(path, area="某市").product_parents) == parents


FUELS = (
    "某市2022年分品种能源消费量\n品种,计量单位,消费量\n原煤,万吨,1235.6\n{part},万吨,810.2\n"
    "天然气,亿立方米,12.5\n汽油,万吨,56.1\n"
)


@pytest.mark.parametrize(
    ("part", "flow", "product"),
    [
        ("其中：发电用煤", "thermal_power.input", "raw_coal"),
        (
            "发电用煤",
            "thermal_power.input",
            "coal_total",
        ),  # without a mark the label alone says which coal
        ("其中：工业用煤", "industry", "raw_coal"),
        ("其中：工业用洗精煤", "industry", "cleaned_coal"),
    ],
)
def test_a_line_of_one_use_in_a_list_of_fuels_is_no_heading_of_the_fuels_below(
    tmp_path, part, flow, product
):
    """Its number is its own: gas and gasoline stay consumption of all; a part of raw coal is raw coal."""
    path = tmp_path / "t.csv"
    path.write_text(FUELS.format(part=part), encoding="utf-8")
    balance = ca.read_balance(path)
    amounts = balance.amounts.values[0, 0]
    held = {
        (one, kind): abs(float(amounts[f, p]))
        for f, one in enumerate(balance.flows)
        for p, kind in enumerate(balance.products)
        if amounts[f, p] == amounts[f, p]  # a number
    }
    assert held == {
        ("total_consumption", "raw_coal"): pytest.approx(12356000),
        (flow, product): pytest.approx(8102000),
        ("total_consumption", "natural_gas"): pytest.approx(1.25e9),
        ("total_consumption", "gasoline"): pytest.approx(561000),
    }
