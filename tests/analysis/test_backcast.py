"""Paths from past years against what came: the countries of the docs, and panels whose paths are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import Setting, backcast, summarise_backcast
from carbonacct.cli import main
from carbonacct.errors import PanelError

COUNTRIES = "docs/tables/countries_1990_2016.csv"


@settings(max_examples=20, deadline=None)
@given(rates=st.lists(st.floats(-0.1, 0.1), min_size=2, max_size=2))
def test_constant_rates_are_foreseen(rates):
    """Where each factor goes on as it did, the path is what came, and its range is nothing."""
    years = np.arange(2000, 2021)
    gdp, intensity = (np.exp(rate * (years - 2000)) for rate in rates)
    panel = pd.DataFrame({"area": "A", "year": years, "gdp": gdp, "co2": gdp * intensity})
    found = backcast(panel, "co2 = gdp * co2/gdp", Setting(window=6, horizon=5, draws=5))
    assert len(found) == 5 * (21 - 6 - 5)
    assert found["error"].abs().max() < 1e-9
    assert (found["upper"] / found["lower"] - 1).max() < 1e-9


def test_the_countries():
    """Seven base years of six countries; a path does better than no change, and its range holds too few outcomes."""
    found = backcast(pd.read_csv(COUNTRIES), setting=Setting(draws=300))
    assert found.groupby("area")["base"].unique().map(list).map(len).eq(7).all()
    china = found[
        (found["area"] == "China") & (found["base"] == 2000) & (found["year"] == 2010)
    ].iloc[0]
    panel = pd.read_csv(COUNTRIES).set_index(["area", "year"])["co2"]
    assert (china["start"], china["actual"]) == (panel["China", 2000], panel["China", 2010])
    # co2 went on as 1990 to 2000: the factors multiply to it
    assert china["middle"] == pytest.approx(
        panel["China", 2000] ** 2 / panel["China", 1990], rel=1e-9
    )
    last = summarise_backcast(found).iloc[-1]
    assert (last["ahead"], last["paths"]) == (10, 42)
    assert last["mean_absolute_error"] < last["of_no_change"]
    assert 0.3 < last["inside"] < 0.6


@pytest.mark.parametrize(
    ("change", "words", "message"),
    [
        (
            lambda panel: panel.drop(columns="gdp"),
            {},
            "no column 'gdp'; a backcast needs area, year, co2, population",
        ),
        (
            lambda panel: panel.assign(energy=0.0),
            {},
            "China 1990: energy is absent or not above zero",
        ),
        (lambda panel: panel, {"setting": Setting(window=20)}, "no area has 31 years in a row"),
        (
            lambda panel: panel,
            {"identity": "emissions = gdp * co2/gdp"},
            "a path is of one column of the panel",
        ),
    ],
)
def test_a_panel_that_does_not_do(change, words, message):
    """What lacks, where, and what to do."""
    with pytest.raises(PanelError, match=message):
        backcast(change(pd.read_csv(COUNTRIES)), **words)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (Setting(window=0, horizon=1), "a window of 0, a horizon of 1"),
        (Setting(window=-1, horizon=1), "a window of -1, a horizon of 1"),
        (Setting(window=2, horizon=0), "a window of 2, a horizon of 0"),
        (Setting(window=2, horizon=2, draws=-3), "a horizon of 2 and -3 draws"),
    ],
)
def test_a_path_needs_years_before_and_behind_it(setting, said):
    """Without a window no rate is known, without a horizon there is nothing to compare with."""
    with pytest.raises(PanelError, match=said):
        backcast(pd.read_csv(COUNTRIES), setting=setting)


FIVE = pd.DataFrame(
    {"area": "A", "year": range(2000, 2005), "co2": [1.0, 2, 4, 6, 9], "gdp": [1.0, 2, 4, 8, 16]}
)
SHORT = Setting(window=1, horizon=1, draws=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda panel: pd.concat([panel, panel.iloc[:1]], ignore_index=True),
            "year 2000 is there twice",
        ),
        (lambda panel: panel.assign(year=panel["year"] + 0.5), r"2000\.5 is not a whole year"),
        (lambda panel: panel.assign(area=["A", None, "A", "A", "A"]), "row 1: has no area"),
        (lambda panel: panel.assign(co2=["1", "2", "some", "6", "9"]), "'some' is not a number"),
        (
            lambda panel: panel.assign(co2=[1, 2, "-", 6, 9]),
            "A 2002: co2 is absent or not above zero",
        ),
    ],
)
def test_faults_of_a_panel_are_named(change, message):
    """A year that is there twice and one that is missing would else pass for two years in a row."""
    with pytest.raises(PanelError, match=message):
        backcast(change(FIVE), "co2 = gdp * co2/gdp", SHORT)


def test_one_rate_goes_on_by_hand():
    """Without draws the path is the middle: what the year before gave, applied once more, and its range is nothing."""
    found = backcast(FIVE, "co2 = gdp * co2/gdp", SHORT)
    assert found["base"].tolist() == [2001, 2002, 2003]
    assert found["middle"].tolist() == pytest.approx([2 * 2 / 1, 4 * 4 / 2, 6 * 6 / 4])
    assert found["lower"].tolist() == found["upper"].tolist() == found["middle"].tolist()
    assert found["error"].tolist() == pytest.approx([0, 8 / 6 - 1, 0])
    assert not found["inside"][1]  # 8 came as 6
    assert found["chance_below"].tolist() == [0, 0, 0]
    more = pd.concat([FIVE[FIVE["year"] != 2002], FIVE.assign(area="B")]).sample(
        frac=1, random_state=1
    )
    gap = backcast(more, "co2 = gdp * co2/gdp", SHORT)
    assert gap[["area", "base"]].to_numpy().tolist() == [["B", 2001], ["B", 2002], ["B", 2003]]
    both = backcast(pd.concat([FIVE.assign(area="B"), FIVE]), "co2 = gdp * co2/gdp", SHORT)
    assert both["area"].tolist() == [*"BBBAAA"]


def test_draws_lie_between_the_slowest_and_the_fastest_span():
    """Of a window of four years the rates of spans of two give the range; steady growth has none."""
    years = np.arange(2000, 2007)
    co2 = np.array([1.0, 1.1, 1.3, 1.5, 2.0, 2.2, 2.5])
    panel = pd.DataFrame({"area": "A", "year": years, "co2": co2, "people": 1.0})
    found = backcast(
        panel, "co2 = people * co2/people", Setting(window=4, horizon=2, draws=400, seed=2)
    )
    spans = (co2[2:5] / co2[:3]) ** 0.5
    assert found["middle"].tolist() == pytest.approx([2 * 2**0.25, 2 * 2**0.5])
    assert (found["lower"] > 2 * spans.min() ** found["ahead"]).all()
    assert (found["upper"] < 2 * spans.max() ** found["ahead"]).all()
    assert (found["lower"] < found["middle"]).all()
    assert (found["middle"] < found["upper"]).all()
    assert found["start"].tolist() == [2.0, 2.0]
    assert found["actual"].tolist() == [2.2, 2.5]


def test_the_summary_by_hand():
    """By hand, over paths of the same length: errors with and without sign, no change, Brier score."""
    found = pd.DataFrame(
        {
            "ahead": [1, 1, 2],
            "start": [10.0, 10, 10],
            "actual": [8.0, 12.5, 20],
            "error": [0.1, -0.3, 0.5],
            "inside": [True, False, True],
            "chance_below": [0.75, 0.5, 0.0],
            "below": [True, False, False],
        }
    )
    made = summarise_backcast(found).set_index("ahead")
    assert made["paths"].tolist() == [2, 1]
    assert made["mean_error"].tolist() == pytest.approx([-0.1, 0.5])
    assert made["mean_absolute_error"].tolist() == pytest.approx([0.2, 0.5])
    assert made["of_no_change"].tolist() == pytest.approx([(0.25 + 0.2) / 2, 0.5])
    assert made["inside"].tolist() == [0.5, 1]
    assert made["brier"].tolist() == pytest.approx([(0.25**2 + 0.5**2) / 2, 0])


def test_the_command(tmp_path):
    """The means by years ahead, or each path."""
    out = tmp_path / "a.csv"
    words = ["backcast", COUNTRIES, "--horizon", "3", "--draws", "20"]
    assert main([*words, "-o", str(out)]) == 0
    assert pd.read_csv(out)["ahead"].tolist() == [1, 2, 3]
    assert main([*words, "--each", "-o", str(out), "--overwrite"]) == 0
    assert len(pd.read_csv(out)) == 6 * 14 * 3
