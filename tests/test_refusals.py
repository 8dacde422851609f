"""A word that is none of those known is refused, with what it is, the nearest that is known, or all that are."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.analysis.decoupling import measure_effort
from carbonacct.analysis.groups import group_against_reference
from carbonacct.equations.loading import load_sector
from carbonacct.errors import CarbonacctError
from carbonacct.indices.index_declaration import load_index
from carbonacct.inventory.official.layouts import load_layout
from carbonacct.sectors.energy.transfers import account_transfers
from carbonacct.uncertainty.key_categories import find_key_categories
from carbonacct.uncertainty.sampling import check_sampler

TABLE = "docs/tables/chongqing_2007.csv"
STATES = pd.DataFrame({"year": [0, 1], "a": [1.0, 2.0], "b": [3.0, 4.0]})
EFFECTS = pd.DataFrame({"from": [2010], "to": [2015], "term": ["gdp"], "number": [1.0]})
NO_TABLE = pd.DataFrame({"category": [], "gas": [], "base": [], "latest": []})
PLACES = pd.DataFrame({"gdp_per_head": [1.0]}, index=["Beijing"])


@pytest.fixture(scope="module")
def cube():
    """Return an energy inventory, which carries the balance that it was compiled from."""
    return ca.compile_inventory(TABLE, method="provincial-2011")


@pytest.fixture(scope="module")
def inventory(cube):
    """Return the same as entries."""
    return ca.to_inventory(cube)


OF_WORDS = {
    "no sector file 'provincial-2011/proceses'; did you mean": lambda: load_sector(
        "provincial-2011/proceses"
    ),
    "no method 'provincial-2012'; did you mean": lambda: ca.load_method("provincial-2012"),
    "no index 'ccni-2.1'; did you mean": lambda: load_index("ccni-2.1"),
    "no table 'provinciall'; did you mean": lambda: load_layout("provinciall"),
    "no approach 3; known: 1, 2": lambda: find_key_categories(NO_TABLE, approach=3),
    "no sampler 'sobl'; did you mean": lambda: check_sampler("sobl", 1000, 0),
    "99 draws; an interval at 95 % needs 100": lambda: check_sampler("sobol", 99, 0),
    "seed -1; give 0 or more": lambda: check_sampler("random", 100, -1),
    "no method 'lmdi'; ": lambda: ca.decompose(STATES, "v = a * b", method="lmdi"),
    "the factor b is written 2 times; write each factor once": lambda: ca.decompose(
        STATES, "v = a * b * b"
    ),
    "no column 'value'": lambda: measure_effort(EFFECTS, driver="gdp"),
    "no column 'co2_per_head'": lambda: group_against_reference(PLACES, "Beijing"),
}


@pytest.mark.parametrize("words", OF_WORDS)
def test_a_word_that_is_not_known_is_refused(words):
    """What is not known is named, and what it may be."""
    with pytest.raises(CarbonacctError) as caught:
        OF_WORDS[words]()
    assert words in str(caught.value)


OF_INVENTORIES = {
    "no scope 3; known: 1, 2": lambda _, inventory: inventory.by("sector", scope=3),
    "no sector 'enrgy'; did you mean energy": lambda _, inventory: inventory.by(
        "gas", sector="enrgy"
    ),
    "no metric 'AR7GWP100'; did you mean": lambda _, inventory: inventory.co2e("AR7GWP100"),
    "no table '1.Z'": lambda cube, _: ca.fill_tables(cube, tables=["1.Z"]),
    "no approach 'producers'; known: ": lambda cube, _: account_transfers(
        cube.balance, approach="producers"
    ),
    "0 threads; give 1 or more": lambda cube, _: ca.simulate(ca.model_inventory(cube), threads=0),
    "area, year, mapping, layout and sheet are for files": lambda cube, _: ca.compile_inventory(
        cube.balance, method="ceads", area="重庆"
    ),
}


@pytest.mark.parametrize("words", OF_INVENTORIES)
def test_a_word_that_an_inventory_does_not_know_is_refused(cube, inventory, words):
    """So are dims, scopes, tables and options that are for something else."""
    with pytest.raises(CarbonacctError) as caught:
        OF_INVENTORIES[words](cube, inventory)
    assert words in str(caught.value)
