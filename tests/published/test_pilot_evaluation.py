"""国家低碳城市试点工作进展评估报告 (生态环境部应对气候变化司 2023): its numbers against each other."""

from __future__ import annotations

import pytest

from carbonacct import load_published

DOMAINS = load_published("pilot-evaluation-2023", "domain_scores").set_index("domain")
GOOD = load_published("pilot-evaluation-2023", "good_cities")
STATED = load_published("pilot-evaluation-2023", "statements").set_index("statement")["value"]


def test_points_add_up_to_a_hundred():
    """附表: five domains of 15, 15, 35, 20 and 15 points."""
    assert DOMAINS["points"].tolist() == [15, 15, 35, 20, 15]
    assert DOMAINS["points"].sum() == 100


def test_the_mean_leaves_a_possible_rate_for_the_domain_that_is_not_printed():
    """附录: mean 79.2 with A 86.1, B 68.4, D 86.8 and E 72.1 % leaves 79.6 % for C.

    That lies between the lowest and the highest rate, as the text has it.
    """
    printed = DOMAINS.dropna(subset=["mean_score_rate"])
    points = (printed["points"].astype("float64") * printed["mean_score_rate"]).sum() / 100
    rate = 100 * (STATED["mean_score"] - points) / DOMAINS.loc["C", "points"]
    assert rate == pytest.approx(79.571, abs=5e-4)
    assert (
        DOMAINS["mean_score_rate"].min()
        == DOMAINS.loc["B", "mean_score_rate"]
        < rate
        < DOMAINS.loc["D", "mean_score_rate"]
        == DOMAINS["mean_score_rate"].max()
    )
    assert STATED["lowest_score"] < STATED["mean_score"] < STATED["highest_score"]


def test_forty_good_cities():
    """附录: forty cities, each once, in the printed order from 北京 to 秦皇岛."""
    assert GOOD["area"].is_unique
    assert GOOD["order"].tolist() == list(range(1, 41))
    assert (GOOD["area"].iloc[0], GOOD["area"].iloc[-1]) == ("北京", "秦皇岛")
    assert len(GOOD) <= STATED["pilots"]


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("low_carbon_plans", ["by_government", "by_commission", "by_leading_group"]),
        ("climate_plans", ["by_government", "by_commission", "by_leading_group", "by_several"]),
    ],
)
def test_plans_by_publisher_add_up(whole, parts):
    """二(一): 25 = 14 + 10 + 1 low-carbon plans, 24 = 7 + 12 + 4 + 1 climate plans."""
    assert STATED[whole] == sum(STATED[f"{whole}_{part}"] for part in parts)


def test_shares_of_innovations_done():
    """四(三): 68 of 127 are 54 %; 45 of 98 are 46 %, where the report prints 48 %."""
    done = {
        batch: 100 * STATED[f"innovations_{batch}_done"] / STATED[f"innovations_{batch}"]
        for batch in ("third_batch", "first_and_second_batch")
    }
    printed = {batch: STATED[f"innovations_{batch}_done_percent"] for batch in done}
    assert {batch: round(share) for batch, share in done.items()} == {
        "third_batch": 46,
        "first_and_second_batch": 54,
    }
    assert printed == {"third_batch": 48, "first_and_second_batch": 54}


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("emission_control_plans_by_government", "emission_control_plans"),
        ("pilot_plans_by_government", "pilot_plans"),
        ("inventories_ten_years_running", "inventories_ten_years"),
        ("inventories_ten_years", "regular_inventories"),
        ("targets_broken_down", "pilots"),
    ],
)
def test_parts_do_not_exceed_the_whole(part, whole):
    """二: what is counted within a group is no more than the group."""
    assert STATED[part] <= STATED[whole]
