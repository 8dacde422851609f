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
    china = found[(found["area"] == "China") & (found["base"] == 2000) & (found["year"] == 2010)].iloc[0]
    panel = pd.read_csv(COUNTRIES).set_index(["area", "year"])["co2"]
    assert (china["start"], china["actual"]) == (panel["China", 2000], panel["China", 2010])
    # co2 went on as 1990 to 2000: the factors multiply to it
    assert china["middle"] == pytest.approx(panel["China", 2000] ** 2 / panel["China", 1990], rel=1e-9)
    last = summarise_backcast(found).iloc[-1]
    assert (last["ahead"], last["paths"]) == (10, 42)
    assert last["mean_absolute_error"] < last["of_no_change"]
    assert 0.3 < last["inside"] < 0.6


@pytest.mark.parametrize(
    ("change", "words", "message"),
    [
        (lambda panel: panel.drop(columns="gdp"), {}, "no column 'gdp'; a backcast needs area, year, co2, population"),
        (lambda panel: panel.assign(energy=0.0), {}, "China 1990: energy is absent or not above zero"),
        (lambda panel: panel, {"setting": Setting(window=20)}, "no area has 31 years in a row"),
        (lambda panel: panel, {"identity": "emissions = gdp * co2/gdp"}, "a path is of one column of the panel"),
    ],
)
def test_a_panel_that_does_not_do(change, words, message):
    """What lacks, where, and what to do."""
    with pytest.raises(PanelError, match=message):
        backcast(change(pd.read_csv(COUNTRIES)), **words)


def test_the_command(tmp_path):
    """The means by years ahead, or each path."""
    out = tmp_path / "a.csv"
    words = ["backcast", COUNTRIES, "--horizon", "3", "--draws", "20"]
    assert main([*words, "-o", str(out)]) == 0
    assert pd.read_csv(out)["ahead"].tolist() == [1, 2, 3]
    assert main([*words, "--each", "-o", str(out), "--overwrite"]) == 0
    assert len(pd.read_csv(out)) == 6 * 14 * 3
