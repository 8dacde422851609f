"""Laws that hold whatever the numbers: additivity, linearity, units, order, carbon, derivatives."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.equations import arrange, differentiate, evaluate, find_used
from carbonacct.equations.arithmetic import NumbersAndStates
from carbonacct.equations.axes import Numbers
from carbonacct.equations.evaluation import work_out
from carbonacct.equations.examples import find_example_faults, lay_given
from carbonacct.errors import EquationError
from tests.equations.building import FOREST, KILN, LANDFILL, MANURE, row, rows_of, sector_of

if TYPE_CHECKING:
    from carbonacct.equations.axes import Data

SECTORS = {
    name: sector_of(text)
    for name, text in (("kiln", KILN), ("manure", MANURE), ("landfill", LANDFILL))
}
FORESTS = sector_of(FOREST)
positive = st.floats(0.1, 1e6)
ANIMALS, MODES = ("cow", "sheep", "goat"), ("stable", "pasture")


FACTORS = {
    "manure_factor": {"cow": 1.8, "sheep": 0.2, "goat": 0.3},
    "grazing": {"stable": 0.1, "pasture": 0.9},
}
herds = st.lists(positive, min_size=6, max_size=6).map(lambda numbers: np.reshape(numbers, (3, 2)))


def heads(numbers: np.ndarray) -> dict[str, float]:
    """Return heads by animal and mode."""
    return {
        f"{animal},{mode}": float(numbers[a, m])
        for a, animal in enumerate(ANIMALS)
        for m, mode in enumerate(MODES)
    }


def manure_of(numbers: dict[str, float]) -> dict[str, float]:
    """Return N2O by animal of one area and year."""
    sector = SECTORS["manure"]
    found = evaluate(sector, lay_given(sector, {"heads": numbers, **FACTORS}, [2020]))
    return dict(zip(found.labels("manure")["beast"], found.values("manure")[0, 0], strict=True))


@given(herds, herds)
def test_additive_over_any_partition(one, two):
    """Two herds apart emit what they emit together, animal by animal."""
    apart = [manure_of(heads(herd)) for herd in (one, two)]
    together = manure_of(heads(one + two))
    for animal in ANIMALS:
        assert apart[0][animal] + apart[1][animal] == pytest.approx(together[animal], rel=1e-12)


@given(herds, st.floats(0, 1000))
def test_linear_in_the_activity(numbers, times):
    """So many times the animals, so many times the gas."""
    more, one = manure_of(heads(times * numbers)), manure_of(heads(numbers))
    for animal in ANIMALS:
        assert more[animal] == pytest.approx(times * one[animal], rel=1e-12)


@given(herds, st.randoms())
def test_the_order_of_rows_is_nothing(numbers, random):
    """Numbers in another order give the same for the same labels."""
    listed = heads(numbers)
    shuffled = dict(random.sample(list(listed.items()), len(listed)))
    assert manure_of(shuffled) == pytest.approx(manure_of(listed), rel=1e-12)


@given(
    positive,
    st.sampled_from([("t", 1), ("kt", 1e3), ("kg", 1e-3), ("万吨", 1e4), ("t clinker", 1)]),
)
def test_the_unit_of_the_table_is_nothing(amount, unit):
    """The same amount in another unit gives the same emission."""
    name, size = unit
    rows = rows_of(row("made", amount / size, unit=name), row("factor", 0.5))
    sector = SECTORS["kiln"]
    found = evaluate(sector, arrange(sector, rows)).values("kiln")[0, 0]
    assert found == pytest.approx(amount * 0.5, rel=1e-12)


def landfill_data(deposits: np.ndarray, decay: float, oxidised: float = 0.0) -> Data:
    """Return data of a landfill: deposits by year and kind of waste."""
    given = {
        "deposited": {"food": deposits[:, 0].tolist(), "wood": deposits[:, 1].tolist()},
        "carbon": {"food": 0.1, "wood": 0.4},
        "decay": {"food": decay, "wood": decay / 3},
        "to_methane": 2 / 3,
        "oxidised": oxidised,
    }
    return lay_given(SECTORS["landfill"], given, range(2000, 2000 + len(deposits)))


deposits = st.lists(st.tuples(positive, positive), min_size=1, max_size=12).map(np.array)
rates = st.floats(0.01, 0.5)


@given(deposits, rates)
def test_decay_conserves_carbon(amounts, rate):
    """Carbon buried is carbon decomposed and carbon still there, in every year."""
    found = evaluate(SECTORS["landfill"], landfill_data(amounts, rate)).blocks["landfill"].lines
    buried, gone = (np.cumsum(found[name].values, axis=1) for name in ("buried", "decomposed"))
    np.testing.assert_allclose(gone + found["stock"].values, buried, rtol=1e-9)


@given(deposits, rates)
def test_decay_is_the_sum_of_cohorts(amounts, rate):
    """Every year's deposit decays for itself; the landfill is all of them together."""
    whole = evaluate(SECTORS["landfill"], landfill_data(amounts, rate)).values("landfill")
    cohorts = 0
    for year in range(len(amounts)):
        alone = np.zeros_like(amounts)
        alone[year] = amounts[year]
        cohorts = cohorts + evaluate(SECTORS["landfill"], landfill_data(alone, rate)).values(
            "landfill"
        )
    np.testing.assert_allclose(cohorts, whole, rtol=1e-9)


def test_decay_and_mass_balance_agree_in_the_steady_state():
    """Where deposits are the same for centuries, what decays in a year is one year's deposit."""
    amounts = np.full((400, 2), 100.0)
    found = evaluate(SECTORS["landfill"], landfill_data(amounts, 0.2)).values("landfill")
    assert found[0, -1] == pytest.approx(100 * (0.1 + 0.4) * 2 / 3, rel=1e-9)


def nudge(data: Data, name: str, where: tuple[int, ...], by: float) -> Data:
    """Return data with one number changed."""
    numbers = data.numbers[name]
    values = np.array(numbers.cells.values)
    values[where] += by
    changed = replace(numbers, cells=NumbersAndStates(values, numbers.cells.states))
    return replace(data, numbers={**data.numbers, name: changed})


def forest_data(volumes: np.ndarray, **more: float) -> Data:
    """Return data of a forest measured in three years."""
    given = {
        "volume": {"pine": volumes[:, 0].tolist(), "oak": volumes[:, 1].tolist()},
        "density": {"pine": 0.4, "oak": 0.7},
        "carbon_in_wood": 0.5,
        "carbon_to_co2": 3.6,
        **more,
    }
    return lay_given(FORESTS, given, [2010, 2013, 2018])


OTHERS = """
[activity.yield]
unit = "t crop"
dims = ["plant"]
[activity.stated]
unit = "t N"
[parameter.content]
unit = "kg N/(t crop)"
keys = ["plant"]
[parameter.base]
unit = "1"
[parameter.exponent]
unit = "1"
[parameter.window]
unit = "1"
[parameter.factor]
unit = "t {gas}/(t N)"
keys = ["gas"]
[[quantity]]
id = "nitrogen"
unit = "t N"
equation = "nitrogen = first(stated, sum(yield * content, plant)) * (1 + base) ^ -exponent"
[[source]]
id = "soils"
cite = "a test"
category = "3.C.4"
gas = ["N2O", "CH4"]
equation = "E = average(nitrogen, window) * factor / exp(base)"
[[source.example]]
given = { stated = 100, base = 0, exponent = 1, window = 1, factor = { N2O = 0.01, CH4 = 0.02 } }
gives = { N2O = 1, CH4 = 2 }
"""
SOILS = sector_of(OTHERS)


def soils_data(numbers: np.ndarray) -> Data:
    """Return data of soils: two crops in three years, and a stated amount in the last."""
    given = {
        "yield": {"rice": numbers[:, 0].tolist(), "wheat": numbers[:, 1].tolist()},
        "content": {"rice": 12, "wheat": 20},
        "base": 0.3,
        "exponent": 0.7,
        "window": 2,
        "factor": {"N2O": 0.01, "CH4": 0.002},
    }
    data = lay_given(SOILS, given, [2018, 2019, 2020])
    stated = NumbersAndStates(
        np.array([0, 0, 70.0]).reshape(1, 3, 1, 1), np.array([3, 3, 0], np.int8).reshape(1, 3, 1, 1)
    )
    return replace(data, numbers={**data.numbers, "stated": Numbers(stated)})


amounts_of_three = st.lists(positive, min_size=6, max_size=6).map(
    lambda one: np.reshape(one, (3, 2))
)


@settings(max_examples=10)
@given(amounts_of_three, st.data())
@pytest.mark.parametrize("case", ["landfill", "growth", "stock_change", "soils"])
def test_derivatives_are_what_a_small_step_changes(case, numbers, data):
    """The derivative by every number is the difference that a small step makes, over the step."""
    sector, given_data = {
        "landfill": (SECTORS["landfill"], landfill_data(numbers, 0.2, 0.1)),
        "growth": (FORESTS, forest_data(numbers, growth_rate=0.05)),
        "stock_change": (FORESTS, forest_data(np.cumsum(numbers, axis=0))),
        "soils": (SOILS, soils_data(numbers)),
    }[case]
    found = evaluate(sector, given_data)
    values = found.values(case)
    weights = np.array(
        data.draw(st.lists(st.floats(-2, 2), min_size=values.size, max_size=values.size))
    )
    weights = weights.reshape(values.shape)
    derivatives = differentiate(found, case, weights)
    for name, derivative in derivatives.items():
        cells = found.data.numbers[name].cells
        for where in np.ndindex(*cells.values.shape):
            if cells.states is not None and cells.states[where] != 0:
                continue
            step = max(abs(cells.values[where]) * 1e-6, 1e-6)
            up, down = (
                np.sum(
                    work_out(sector, nudge(found.data, name, where, by), [case])[
                        case
                    ].cells.values.squeeze()
                    * weights.squeeze()
                )
                for by in (step, -step)
            )
            scale = np.nansum(abs(values * weights)) / max(abs(cells.values[where]), 1e-3)
            assert derivative[where] == pytest.approx(
                (up - down) / (2 * step), rel=1e-4, abs=1e-6 * scale + 1e-12
            )


def test_what_was_used():
    """An option that did not serve, and a factor times zero, were not used."""
    found = evaluate(SOILS, soils_data(np.ones((3, 2))))
    last = np.zeros(found.values("soils").shape, bool)
    last[0, 2, 0] = True  # N2O of 2020: the mean of 2019, from yields, and 2020, stated
    used = find_used(found, "soils", last)
    assert used["yield"].any(axis=(0, 2, 3)).tolist() == [False, True, False]
    assert used["stated"].ravel().tolist() == [False, False, True]
    assert used["window"].ravel().tolist() == [False, False, True]
    assert used["factor"].any(axis=(0, 1, 2)).tolist() == [True, False]
    manure = SECTORS["manure"]
    given = {"heads": {"cow,stable": 0, "sheep,stable": 5}, **FACTORS}
    found = evaluate(manure, lay_given(manure, given, [2020]))
    used = find_used(found, "manure", np.ones((1, 1, 3), bool))
    assert used["manure_factor"].ravel().tolist() == [False, True, False]


def test_gases_are_a_label():
    """Several gases lie along an axis, and derivatives reach each its own factor."""
    found = evaluate(SOILS, soils_data(np.full((3, 2), 100.0)))
    assert found.labels("soils") == {"gas": ("N2O", "CH4")}
    only = np.zeros(found.values("soils").shape)
    only[..., 1] = 1
    assert differentiate(found, "soils", only)["factor"].ravel()[0] == 0


@settings(max_examples=20)
@given(st.lists(positive, min_size=1, max_size=6))
def test_one_area_does_not_need_another(numbers):
    """Areas worked out together are areas worked out alone."""
    sector = SECTORS["kiln"]
    rows = [row("made", number, area=f"area {place}") for place, number in enumerate(numbers)]
    together = evaluate(sector, arrange(sector, rows_of(*rows, row("factor", 0.5)))).values("kiln")
    alone = [
        evaluate(sector, arrange(sector, rows_of(one, row("factor", 0.5)))).values("kiln")
        for one in rows
    ]
    assert together.tolist() == np.concatenate(alone).tolist()


def test_draws_go_along_an_axis_of_their_own():
    """Values with a leading axis of draws give entries with one; one by one they are the same."""
    sector, draws = SECTORS["landfill"], np.array([0.1, 0.2, 0.3])
    data = evaluate(sector, landfill_data(np.full((6, 2), 50.0), 0.2)).data
    decay = data.numbers["decay"]
    drawn = decay.cells.values * draws.reshape(-1, *[1] * decay.cells.values.ndim)

    def entries(values: np.ndarray) -> np.ndarray:
        numbers = {**data.numbers, "decay": replace(decay, cells=NumbersAndStates(values))}
        return work_out(sector, replace(data, numbers=numbers))["landfill"].cells.values

    many = entries(drawn)
    assert many.shape == (3, 1, 6, 1)
    for place in range(3):
        np.testing.assert_array_equal(entries(drawn[place]), many[place])


@pytest.mark.parametrize("text", [KILN, MANURE, LANDFILL], ids=["kiln", "manure", "landfill"])
def test_a_changed_sign_is_seen_by_the_examples(text):
    """Every sign of every equation, changed, makes an example fail: units do not see it."""
    changed = []
    for found in re.finditer(r"(?s)equation = (\"{3}.*?\"{3}|\"[^\n]*\")", text):
        for sign in re.finditer(r" ([-+]) ", found[0]):
            at = found.start() + sign.start(1)
            changed.append(text[:at] + {"-": "+", "+": "-"}[sign[1]] + text[at + 1 :])
    assert changed
    for one in changed:
        with pytest.raises(EquationError, match=r"example.*expected"):
            sector_of(one)


def test_sound_examples_have_no_faults():
    """The examples of the files that these tests use come out."""
    assert [find_example_faults(sector) for sector in (*SECTORS.values(), FORESTS, SOILS)] == [
        []
    ] * 5
