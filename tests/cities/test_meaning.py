"""The meaning of a label of a city's yearbook: use, total, branch, indicator or unknown."""

from __future__ import annotations

import pytest

from carbonacct.cities.meaning import StatementMeaning, find_declared, find_meaning, measure
from carbonacct.errors import UnitError
from tests.cities.test_facts import state

SAID = ("kind", "flow", "product", "indicator", "group", "rank", "is_part", "carrier", "covers")


def say(meaning):
    """Return what a meaning says, a word for each field that says something."""
    return " ".join(str(value) for name in SAID if (value := getattr(meaning, name)))


@pytest.mark.parametrize(
    ("stated", "meaning"),
    [
        # What the vocabulary of cities declares, with what it says of groups, ranks and parts.
        (state("全社会用电量"), "total electricity electricity"),
        (state("城乡居民生活用电"), "sum households electricity home_power"),
        (state("外购电量"), "use moved_in electricity power_in 2"),
        (state("火电"), "use thermal_power electricity thermal_generation True"),
        (state("农村用电量"), "pass electricity"),
        # About: the words of the table or of the labels above say of what.
        (state("第一产业", table="某市用电情况"), "sum farming electricity farm_power"),
        (state("用电", "第一产业"), "sum farming electricity farm_power"),
        (state("第一产业"), "unread"),
        (state("工业", table="某市天然气消费"), "use industry natural_gas"),
        (state("工业"), "unread"),
        # Brackets and the unit behind a stroke are no part of a label.
        (state("天然气（管道）消费量/亿立方米"), "total natural_gas"),
        (state("年末常住人口(万人)"), "indicator population"),
        (state("综合能源消费量"), "indicator energy_industry"),
        # A use joined to its product; industry above size is a branch of it.
        (state("液化石油气家庭用量"), "use households lpg"),
        (state("纺织业原煤消费量"), "use industry.textile raw_coal"),
        (state("规模以上工业原煤消费量"), "branch industry raw_coal"),
        # Subtotals hold other rows, and energy of all kinds is no fuel.
        (state("第三产业用电量"), "unread"),
        (state("工业能源消费量"), "unread"),
        (state("煤炭进口量"), "unread"),
        (state(), "unread"),
    ],
)
def test_what_a_label_means(stated, meaning):
    """By the vocabulary of cities first, then as a label of a balance."""
    assert say(find_meaning(stated)) == meaning


@pytest.mark.parametrize(
    ("stated", "meaning"),
    [
        (state("原煤(吨)", sector="纺织业"), "branch industry.textile raw_coal"),
        (state(sector="纺织业", product="焦炭"), "branch industry.textile coke"),
        (state("工业总产值", sector="纺织业"), "indicator industry.textile output_industry"),
        (state("怪", sector="纺织业"), "unread"),
        (state("原煤", sector="怪业"), "unread"),
        (state("原煤", sector="批发和零售业"), "unread"),  # no branch of industry
    ],
)
def test_what_a_number_of_a_branch_means(stated, meaning):
    """A fuel that it uses, or an indicator of it; no number that is declared of the whole city."""
    assert say(find_meaning(stated)) == meaning
    assert find_declared(stated) is None


@pytest.mark.parametrize(
    ("unit", "product", "number", "kept"),
    [
        ("t", "raw_coal", 2.0, "t"),
        ("万吨", "raw_coal", 2e4, "t"),
        ("亿千瓦时", "electricity", 2e8, "kWh"),
        ("TJ", "raw_coal", 2e3, "GJ"),
        ("万立方米", "raw_coal", None, ""),
        ("t", "electricity", None, ""),
    ],
)
def test_a_number_is_kept_in_a_unit_of_its_product(unit, product, number, kept):
    """None where its own cannot measure it."""
    fact = measure(state("煤", unit=unit, value=2.0), StatementMeaning("use", "industry", product))
    assert (fact and (fact.value, fact.unit)) == (number and (pytest.approx(number), kept))


def test_a_unit_that_is_not_known_is_refused_by_its_cell():
    """With the word as printed."""
    with pytest.raises(UnitError, match=r"a.csv!B2: 'xx' is not a unit"):
        measure(state("煤", unit="xx"), StatementMeaning("use", "industry", "raw_coal"))
