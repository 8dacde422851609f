"""中国城市双碳指数 2021-2022 (城市双碳指数研究课题组 2023): its tables against each other and against its text."""

from __future__ import annotations

import pytest

from carbonacct import load_published
from carbonacct.indices.readings import explain_score_changes, summarise_score_groups

SCORES = load_published("ccni-2022", "scores").set_index("area")
TOTALS = load_published("ccni-2022", "totals").pivot_table(
    index="sub_index", columns="period", values="value"
)
LEADERS = load_published("ccni-2022", "leaders")
STATEMENTS = load_published("ccni-2022", "statements")
STATED = STATEMENTS.drop_duplicates("statement", keep=False).set_index("statement")["value"]
CITIES = load_published("divisions-2022", "cities").set_index("area")
REGIONS = load_published("regions-2011", "provinces").set_index("area")["region"]
TIERS = load_published("city-tiers-2022", "tiers").set_index("area")["tier"]
REGION = CITIES["province"].map(REGIONS)
SUB_INDICES = ["ambition", "state", "trend"]


def named(ranking: str) -> list[str]:
    """Return the cities of a ranking, as the text orders them."""
    return LEADERS.loc[LEADERS["ranking"] == ranking, "area"].tolist()


def test_every_city_has_one_rank_and_ranks_follow_scores():
    """Table 2: 110 cities, ranks 1 to 110, no score above the one before it."""
    assert SCORES.index.is_unique
    assert SCORES["rank"].tolist() == list(range(1, 111))
    assert SCORES["score"].is_monotonic_decreasing
    assert len(SCORES) == STATED["cities"]


@pytest.mark.parametrize(("mark", "count"), [("rose", 68), ("held", 25), ("fell", 17)])
def test_as_many_rose_held_and_fell_as_the_text_counts(mark, count):
    """Table 2 against the section on the years: 68 rose, 25 held, 17 fell."""
    assert (SCORES["mark"] == mark).sum() == count == STATED[f"cities_{mark}"]


def test_held_and_fell_are_the_rest():
    """Preface: 42 cities held or fell."""
    assert STATED["cities_held"] + STATED["cities_fell"] == STATED["cities_held_or_fell"]
    assert STATED["cities_rose"] + STATED["cities_held_or_fell"] == STATED["cities"]


@pytest.mark.parametrize(("low", "high"), [(60, 100), (40, 60), (20, 40), (0, 20)])
def test_as_many_cities_in_each_band_as_the_text_counts(low, high):
    """Table 2 against the text below it: 9, 47, 51 and 3 cities."""
    assert ((SCORES["score"] >= low) & (SCORES["score"] < high)).sum() == STATED[
        f"cities_{low}_to_{high}"
    ]


def test_bands_open_with_the_cities_that_the_text_names():
    """Text below table 2: 广州 and 德阳 open the band of 40 to 60, 宝鸡 and 济宁 that of 20 to 40.

    日照, 马鞍山 and 榆林 are below 20.
    """
    assert SCORES.index[9:11].tolist() == ["广州", "德阳"]
    assert SCORES.index[56:58].tolist() == ["宝鸡", "济宁"]
    assert SCORES.index[107:].tolist() == ["日照", "马鞍山", "榆林"]


@pytest.mark.parametrize("period", ["2021-2022", "2020-2021"])
def test_sub_indices_add_up(period):
    """Table 3: 886.3 + 1980.4 + 1664.2 = 4530.9 and 867.6 + 1822.1 + 1397.7 = 4087.4."""
    assert TOTALS.loc[SUB_INDICES, period].sum() == pytest.approx(
        TOTALS.loc["total", period], abs=1e-9
    )


def test_scores_add_up_to_the_total_within_their_rounding():
    """Tables 2 and 3: 110 scores of one decimal sum to 4530.5, the total is 4530.9, each within 0.05."""
    assert round(SCORES["score"].sum(), 1) == 4530.5
    assert TOTALS.loc["total", "2021-2022"] == 4530.9
    assert abs(4530.9 - 4530.5) <= 110 * 0.05


@pytest.mark.parametrize("name", ["ambition", "state", "trend", "total"])
def test_rises_are_those_of_the_text(name):
    """Table 3 against the text: +18.7 (2.2 %), +158.3 (8.7 %), +266.5 (19.1 %), +443.5 in all."""
    rise = TOTALS.loc[name, "2021-2022"] - TOTALS.loc[name, "2020-2021"]
    assert round(rise, 1) == STATED[f"{name}_rise"]
    if name != "total":
        assert (
            round(100 * rise / TOTALS.loc[name, "2020-2021"], 1) == STATED[f"{name}_rise_percent"]
        )


def test_the_sum_of_all_cities_is_driven_by_abatement():
    """Table 3 read by the 50 % rule (ours: the report applies it to cities): the trend makes 60 % of the rise."""
    changes = (TOTALS["2021-2022"] - TOTALS["2020-2021"]).loc[SUB_INDICES].to_frame("110 cities").T
    read = explain_score_changes(changes, held_within=0)
    assert read.loc["110 cities", ["direction", "driver"]].tolist() == ["rose", "trend"]
    assert read.loc["110 cities", "share"] == pytest.approx(266.5 / 443.5)


def test_types_of_movers_against_the_marks():
    """Table 2: 17 cities fell; the four types of risen cities are 67, one short of the 68 of table 2."""
    types = load_published("ccni-2022", "mover_types").groupby("direction")["cities"].sum()
    assert types["fell"] == (SCORES["mark"] == "fell").sum()
    assert (types["rose"], (SCORES["mark"] == "rose").sum()) == (67, 68)


def test_named_movers_carry_their_mark():
    """Cities named by type have the mark of table 2, but for Shanghai: named as risen, marked and listed as held."""
    movers = load_published("ccni-2022", "mover_cities")
    wrong = movers[movers["direction"] != movers["area"].map(SCORES["mark"])]
    assert wrong[["direction", "driver", "area"]].to_numpy().tolist() == [["rose", "state", "上海"]]
    assert SCORES.loc["上海", "mark"] == "held"
    types = load_published("ccni-2022", "mover_types").set_index(["direction", "driver"])["cities"]
    counts = movers.groupby(["direction", "driver"]).size()
    assert (counts <= types.loc[counts.index]).all()
    assert {key for key in counts.index if counts[key] == types[key]} == {
        ("rose", "ambition"),
        ("rose", "combined"),
        ("fell", "ambition"),
        ("fell", "state"),
    }


def test_fastest_movers_carry_their_mark():
    """The five that rose and the three that fell most are marked so in table 2."""
    assert set(SCORES.loc[named("score_gain"), "mark"]) == {"rose"}
    assert set(SCORES.loc[named("score_loss"), "mark"]) == {"fell"}


def test_leaders_of_the_text_lead_the_table():
    """The nine cities of 60 points or more are the first nine of table 2, in the order of the text.

    德阳, 南平 and 佛山 have the ranks that the text gives.
    """
    total = LEADERS[LEADERS["ranking"] == "total"].set_index("area")["rank"]
    assert total.to_dict() == {
        **dict(zip(SCORES.index[:9], range(1, 10), strict=True)),
        "德阳": 11,
        "南平": 15,
        "佛山": 60,
    }
    assert (total == SCORES.loc[total.index, "rank"]).all()


def test_regions_among_the_first_ten():
    """总分前十: seven eastern, two western, one central city."""
    groups = summarise_score_groups(
        SCORES.assign(region=REGION), value="score", by="region", first=10
    )
    assert groups["among_first"].to_dict() == {"east": 7, "west": 2, "central": 1, "northeast": 0}
    assert groups["areas"].sum() == 110


def test_leaders_of_ambition_are_eastern():
    """气候雄心前十: all ten in the east."""
    assert set(REGION[named("ambition")]) == {"east"}
    assert len(named("ambition")) == 10


def test_leaders_of_the_trend_by_region():
    """排放趋势前十: four western, two central, three eastern, one northeastern city, where the text puts each."""
    leaders = LEADERS[LEADERS["ranking"] == "trend"]
    assert len(leaders) == 10
    for area, note in zip(leaders["area"], leaders["note"], strict=True):
        assert note.startswith(REGION[area])


def test_zones_of_the_plane_are_at_the_ends_of_the_table():
    """低碳发展领先区 are ranks 1, 2 and 8; 低碳转型滞后区 ranks 106, 108, 109 and 110."""
    assert sorted(SCORES.loc[named("leading_zone"), "rank"]) == [1, 2, 8]
    assert sorted(SCORES.loc[named("lagging_zone"), "rank"]) == [106, 108, 109, 110]


def test_tiers_among_the_first_fifty():
    """按城市类别分析: of 4, 15, 28 and 33 cities in four tiers all, 14, 16 and 10 are among the first 50."""
    groups = summarise_score_groups(
        SCORES.assign(tier=TIERS.reindex(SCORES.index)), value="score", by="tier", first=50
    )
    tiers = ["first", "new_first", "second", "third"]
    assert (
        groups.loc[tiers, "areas"].tolist()
        == [STATED[f"{tier}_tier_cities"] for tier in tiers]
        == [4, 15, 28, 33]
    )
    assert groups.loc[tiers, "among_first"].tolist() == [
        4,
        14,
        STATED["second_tier_in_first_50"],
        STATED["third_tier_in_first_50"],
    ]
    others = groups.loc[groups.index.isna()].iloc[0]
    assert others["areas"] == 30
    assert (
        others["among_first"]
        == STATED["fourth_tier_in_first_50"] + STATED["fifth_tier_in_first_50"]
    )
    assert (
        round(100 * groups.loc["second", "share_among_first"])
        == STATED["second_tier_in_first_50_percent"]
    )
    assert (
        round(100 * groups.loc["third", "share_among_first"])
        == STATED["third_tier_in_first_50_percent"]
    )


def test_tiers_and_the_ranks_that_the_text_gives():
    """按城市类别分析: all first-tier cities, 厦门 and 昆明 are among the first ten.

    No third-tier city is among the first fifteen.
    """
    tier = TIERS.reindex(SCORES.index)
    assert SCORES.loc[tier == "first", "rank"].max() == 10
    assert SCORES.index[(tier == "second") & (SCORES["rank"] <= 10)].tolist() == ["厦门", "昆明"]
    assert SCORES.loc[tier == "third", "rank"].min() > 15
    assert set(tier[named("lower_left")]) == {"new_first"}


def test_tiers_of_cities_that_held():
    """得分持平城市: the tiers of the text make 23 of the 25; two of the lower sixteen are not counted."""
    held = TIERS.reindex(SCORES.index[SCORES["mark"] == "held"]).fillna("below").value_counts()
    assert held.to_dict() == {"below": 11, "second": 7, "third": 5, "first": 1, "new_first": 1}
    tiers = ("first_tier", "new_first_tier", "second_tier", "third_and_fourth_tier")
    stated = [STATED[f"cities_held_{tier}"] for tier in tiers]
    assert stated == [1, 1, 7, 14]
    assert sum(stated) == STATED["cities_held"] - 2


@pytest.mark.parametrize(
    ("statement", "rise"), [("non_fossil_share", 9), ("new_energy_vehicle_share", 93)]
)
def test_relative_rises_of_means(statement, rise):
    """主要进展: 13.5 to 14.7 % is +9 %, 12.2 to 23.6 % is +93 %."""
    before, after = STATEMENTS[STATEMENTS["statement"] == statement].sort_values("year")["value"]
    assert round(100 * (after / before - 1)) == rise == STATED[f"{statement}_rise_percent"]
