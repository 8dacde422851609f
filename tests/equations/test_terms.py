"""Entries as sums of products: they add up to the entry, and scale as the equation does."""

from __future__ import annotations

import numpy as np
import pytest

from carbonacct.equations import Evaluation, load_sector, sector_ids
from carbonacct.equations.evaluation import work_out
from carbonacct.equations.examples import lay_given
from carbonacct.equations.judging import fill_absent
from carbonacct.equations.source_entries import rework
from carbonacct.equations.terms import Monomials, Terms, expand
from tests.equations.building import KILN, evaluate_rows, row, sector_of

# Where an uncertain number stands in exp(), below a sum, in a power, or needs other years.
NO_POLYNOMIAL = {
    "ipcc-2006/agriculture": {"rice"},
    "ipcc-2006/land": {"forest_stock_change", "wood_products"},
    "ipcc-2006/processes": {"cooling", "foams", "aerosols", "solvent_hfc"},
    "ipcc-2006/waste": {"landfill_decay"},
    "provincial-2011/land": {"forest_growth"},
}


def number_all(evaluation: Evaluation) -> dict[str, np.ndarray]:
    """Return an input for each number."""
    found, count = {}, 0
    for name, numbers in evaluation.data.numbers.items():
        shape = np.shape(numbers.cells.values)
        found[name] = np.arange(count, count + int(np.prod(shape))).reshape(shape)
        count += int(np.prod(shape))
    return found


def add_up(terms: Terms, monomials: Monomials, relative: np.ndarray) -> np.ndarray:
    """Return the entries where each input is multiplied by a number."""
    factors = np.array(
        [np.prod([relative[one] ** power for one, power in powers]) for powers in monomials.powers]
    )
    return np.bincount(
        terms.at, terms.value * factors[terms.monomial], int(np.prod(terms.shape))
    ).reshape(terms.shape)


def work(text: str) -> Evaluation:
    """Return a kiln worked out."""
    return evaluate_rows(
        sector_of(text), row("made", 1000.0), row("sold", 100.0), row("factor", 0.5)
    )


@pytest.mark.parametrize("name", sector_ids())
def test_entries_of_what_ships_are_the_sums_of_their_products(name: str) -> None:
    """Over each worked example, also with every number changed."""
    sector = load_sector(name)
    kept = set()
    for block in sector.sources:
        for example in block.examples:
            filled = fill_absent(
                sector, lay_given(sector, example["given"], example.get("years") or [0])
            )
            evaluation = Evaluation(sector, filled.data, work_out(sector, filled.data), ())
            inputs, monomials = number_all(evaluation), Monomials()
            terms = expand(evaluation, inputs, monomials, [block.id]).get(block.id)
            if terms is None:
                kept.add(block.id)
                continue
            count = sum(part.size for part in inputs.values())
            relative = np.random.default_rng(7).uniform(0.8, 1.2, count)
            scaled = rework(
                evaluation, {key: relative[part] for key, part in inputs.items()}, [block.id]
            )[block.id]
            entries = evaluation.find(block.id).cells.values
            assert add_up(terms, monomials, np.ones(count)) == pytest.approx(
                entries, rel=1e-12, abs=1e-12
            )
            assert add_up(terms, monomials, relative) == pytest.approx(scaled, rel=1e-11, abs=1e-12)
    assert kept == NO_POLYNOMIAL.get(name, set())


def test_a_number_that_is_certain_is_part_of_the_value() -> None:
    """Only the factor is uncertain: one product."""
    evaluation = work(KILN)
    monomials = Monomials()
    terms = expand(evaluation, {"factor": np.zeros((1, 1), int)}, monomials, ["kiln"])["kiln"]
    assert terms.value.tolist() == [450]
    assert monomials.powers[terms.monomial[0]] == ((0, 1),)


def test_what_is_divided_by_a_sum_is_no_polynomial_and_by_a_number_is_one() -> None:
    """A number that is certain may stand anywhere."""
    text = KILN.replace("(made - sold) * factor", "made * factor / (1 + sold / made)").replace(
        "gives = 450", "gives = 454.5454545454545"
    )
    evaluation = work(text)
    assert not expand(evaluation, number_all(evaluation), Monomials(), ["kiln"])
    certain = {"factor": np.zeros((1, 1), int)}
    assert expand(evaluation, certain, Monomials(), ["kiln"])["kiln"].value == pytest.approx(
        [500 / 1.1]
    )


POWER = KILN.replace(
    "[[source]]", '[parameter.kept]\nunit = "1"\n[parameter.steps]\nunit = "1"\n[[source]]'
).replace("* factor", "* factor * kept ^ steps")
POWER = POWER.replace("factor = 0.5", "factor = 0.5, kept = 1, steps = 1")


@pytest.mark.parametrize(
    ("steps", "is_product"),
    [(1, True), (2, True), (8, True), (9, False), (0, False), (1.5, False)],
)
def test_a_whole_power_is_a_product(steps, is_product):
    """A whole power from 1 to 8 is a product of so many factors; any other is left to its equation."""
    rows = [row("made", 1000.0), row("sold", 100.0), row("factor", 0.5), row("kept", 0.9)]
    evaluation = evaluate_rows(sector_of(POWER), *rows, row("steps", steps))
    monomials = Monomials()
    found = expand(evaluation, {"kept": np.zeros((1, 1), int)}, monomials, ["kiln"])
    assert bool(found) == is_product
    if is_product:
        terms = found["kiln"]
        assert terms.value == pytest.approx([450 * 0.9**steps])
        assert [monomials.powers[one] for one in terms.monomial] == [((0, steps),)]


@pytest.mark.parametrize(
    ("steps", "inputs"),
    [
        ((2, 2), [0, 0]),
        ((2, 2), [0, -1]),  # in one area alone it is uncertain
        ((2, 2), [-1, 0]),
        ((2, 3), [-1, -1]),  # certain, and another in each area
    ],
)
def test_a_power_that_is_uncertain_or_differs_is_no_product(steps, inputs):
    """In any area, also where the base is certain; the same certain power everywhere is one."""
    rows = [row("sold", 100.0), row("factor", 0.5), row("kept", 0.9)]
    rows += [row("made", 1000.0, area=area) for area in "AB"]
    rows += [row("steps", step, area=area) for step, area in zip(steps, "AB", strict=True)]
    evaluation = evaluate_rows(sector_of(POWER), *rows)
    uncertain = {"steps": np.array(inputs)[:, None], "kept": np.ones((2, 1), int)}
    assert not expand(evaluation, uncertain, Monomials(), ["kiln"])
    evaluation = evaluate_rows(sector_of(POWER), *rows[:-1], row("steps", steps[0], area="B"))
    uncertain["steps"] = np.array([[-1], [-1]])
    assert expand(evaluation, uncertain, Monomials(), ["kiln"])
