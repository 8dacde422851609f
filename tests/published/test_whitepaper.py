"""中国双碳大数据指数白皮书 (2022): its tables against each other and against its text."""

from __future__ import annotations

import pandas as pd
import pytest

from carbonacct import load_index, load_published
from carbonacct.analysis.result_names import result_names

CLASSES = load_published("whitepaper-2022", "classes")
PM25 = load_published("whitepaper-2022", "pm25")
PROGRESS = load_published("whitepaper-2022", "progress")
PEAKS = load_published("whitepaper-2022", "peak_years")
MANAGEMENT = load_published("whitepaper-2022", "management_groups")
LEADERS = load_published("whitepaper-2022", "leaders")
STATED = load_published("whitepaper-2022", "statements")


def stated(name: str) -> float:
    """Return the value of a statement that is there once."""
    (value,) = STATED.loc[STATED["statement"] == name, "value"]
    return value


def named(ranking: str) -> list[str]:
    """Return the cities that the text names of a ranking, in its order."""
    return LEADERS.loc[LEADERS["ranking"] == ranking, "area"].tolist()


def test_the_same_35_cities_in_every_table():
    """图表 16, 21, 23 (three rankings), 25 and the two groups of management hold the same 35 cities, each once."""
    lists = [
        CLASSES["area"],
        PM25["area"],
        PEAKS["area"],
        MANAGEMENT["area"],
        *(part["area"] for _, part in PROGRESS.groupby("indicator")),
    ]
    assert len(lists) == 7
    for areas in lists:
        assert areas.is_unique
        assert set(areas) == set(CLASSES["area"])
    assert (
        len(CLASSES) == stated("cities") == stated("provincial_capitals") + stated("other_cities")
    )


def test_classes():
    """图表 16: 6 已脱钩, 14 在脱钩, 12 待脱钩, 3 能源基地; the first class opens with the first five of the ranking."""
    assert CLASSES["name_zh"].value_counts(sort=False).to_dict() == {
        "已脱钩": 6,
        "在脱钩": 14,
        "待脱钩": 12,
        "能源基地": 3,
    }
    assert CLASSES["area"].tolist()[:5] == named("total")
    assert (
        dict(zip(CLASSES["state"], CLASSES["name_zh"], strict=True)) == result_names("zh")["class"]
    )  # the ids that classify_areas gives


def test_pm25_is_printed_in_order():
    """图表 21: 35 concentrations from 16.9 (海口) to 63.2 (石家庄), none below the one before."""
    assert PM25["value"].is_monotonic_increasing
    assert PM25["value"].agg(["min", "max"]).tolist() == [16.9, 63.2]


@pytest.mark.parametrize(
    "indicator", ["services_share_rise", "energy_per_gdp_cut", "good_air_days_rise"]
)
def test_progress_is_printed_in_order(indicator):
    """图表 23: ranks follow the values down; only the energy cuts of 大连 and 济南 are not printed."""
    part = PROGRESS[PROGRESS["indicator"] == indicator]
    printed = part.dropna(subset=["value"])
    assert printed["value"].is_monotonic_decreasing
    assert printed["rank"].tolist() == list(range(1, len(printed) + 1))
    absent = part.loc[part["value"].isna(), "area"].tolist()
    assert absent == (["大连", "济南"] if indicator == "energy_per_gdp_cut" else [])


def test_peak_years_are_printed_in_order():
    """图表 25: 24 target years from 2018 to 2028, eleven cities without."""
    years = PEAKS["peak_year"].dropna()
    assert years.is_monotonic_increasing
    assert (len(years), years.min(), years.max()) == (24, 2018, 2028)
    assert PEAKS["peak_year"].isna().sum() == 11


def test_management_groups():
    """四(五): 27 cities in the first group, as the text counts."""
    assert MANAGEMENT["group"].value_counts().to_dict() == {
        1: stated("management_first_group"),
        2: 8,
    }


def test_municipalities_among_the_largest_emitters():
    """四(二): four of the five largest emitters are municipalities, all but 石家庄."""
    assert sum(area in {"北京", "上海", "天津", "重庆"} for area in named("co2")[:5]) == stated(
        "municipalities_among_five_largest_emitters"
    )
    assert "石家庄" in named("co2")


def test_named_leaders_are_among_the_cities_and_have_a_rank_each():
    """The text names 47 places of nine rankings, all cities of the index, no rank twice.

    Three rankings have no ranks.
    """
    assert set(LEADERS["area"]) <= set(CLASSES["area"])
    ranked = LEADERS.dropna(subset=["rank"])
    assert not ranked.duplicated(["ranking", "rank"]).any()
    assert set(LEADERS["ranking"]) - set(ranked["ranking"]) == {
        "co2_per_head_low",
        "progress",
        "orientation",
    }
    assert LEADERS.groupby("ranking").size().to_dict() == {
        "co2": 7,
        "co2_per_gdp_high": 5,
        "co2_per_gdp_low": 5,
        "co2_per_head_low": 5,
        "gdp": 5,
        "level": 5,
        "orientation": 5,
        "progress": 5,
        "total": 5,
    }


def test_facts_of_the_nation():
    """序言, 一(二), 四(四): 4.86 Gtce and 9.8 Gt in 2019; intensity -18.8 % on 2015, -48.4 % on 2005.

    In 2019 it is -48.1 % on 2005; CCNI prints -18.8 % too.
    """
    cuts = STATED[STATED["statement"] == "co2_per_gdp_cut"].set_index(["year", "base_year"])[
        "value"
    ]
    assert cuts.to_dict() == {(2020, 2015): 18.8, (2020, 2005): 48.4, (2019, 2005): 48.1}
    assert (stated("energy_consumption"), stated("co2")) == (4.86, 9.8)
    ccni = load_published("ccni-2022", "statements").set_index("statement")["value"]
    assert ccni["carbon_intensity_cut_nation"] == cuts[2020, 2015]


def _weigh(scores: pd.DataFrame) -> list[tuple[float, ...]]:
    """Return the weights, in steps of 2 %, by which the first five are those that the text names."""
    printed = set(LEADERS.loc[LEADERS["ranking"] == "progress", "area"])
    found = []
    for one in range(0, 101, 2):
        for other in range(0, 101 - one, 2):
            weights = (one / 100, other / 100, (100 - one - other) / 100)
            if set((scores * list(weights)).sum(axis=1).nlargest(5).index) == printed:
                found.append(weights)
    return found


def test_the_printed_five_of_progress_do_not_follow_from_the_printed_columns():
    """四(三) names five cities and prints chart 23 without rule or weights.

    Distances give them by no weights, ranks only with services below a fifth.
    """
    columns = PROGRESS.pivot_table("value", "area", "indicator").dropna()
    rules = {
        "energy_per_gdp_cut": "intensity-cut",
        "good_air_days_rise": "air-growth",
        "services_share_rise": "service-growth",
    }
    index = load_index("dual-carbon-big-data")
    bounds = {name: index.rules[rule] for name, rule in rules.items()}
    scores = pd.DataFrame(
        {
            name: (columns[name] - rule.minimum) / (rule.maximum - rule.minimum)
            for name, rule in bounds.items()
        }
    )
    printed = {"乌鲁木齐", "贵阳", "兰州", "西宁", "石家庄"}
    assert set(LEADERS.loc[LEADERS["ranking"] == "progress", "area"]) == printed
    ours = scores.mean(axis=1).sort_values(ascending=False)
    assert ours.index[:8].tolist() == [
        "兰州",
        "乌鲁木齐",
        "天津",
        "银川",
        "贵阳",
        "西宁",
        "上海",
        "石家庄",
    ]
    assert _weigh(scores) == []
    by_rank = _weigh(columns[list(rules)].rank(pct=True))
    assert by_rank
    assert max(weights[2] for weights in by_rank) < 0.2
