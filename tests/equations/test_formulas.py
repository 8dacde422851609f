"""What is written for a workbook, a page and LaTeX says what the arrays compute."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from carbonacct.equations import evaluate, load_sector, write_block, write_formula
from carbonacct.equations.arithmetic import MISSING, NUMBER, NumbersAndStates, numbers_or_nan
from carbonacct.equations.axes import Axes
from carbonacct.equations.examples import lay_given
from carbonacct.equations.expression_tree import Binary, Call, Literal, Negative, Symbol
from carbonacct.equations.expressions import Expression
from carbonacct.equations.parsing import parse_equation
from carbonacct.errors import EquationError
from tests.equations.building import FOREST, LANDFILL, sector_of
from tests.equations.workbook import work_out

AXES = Axes(("a",), (2020,), {"kind": ("x", "y", "z")})
NAMES = {"one": (), "two": (), "many": ("kind",), "more": ("kind",)}


@st.composite
def expressions(draw, dims=frozenset(), depth=4):
    """Any expression over two numbers, and over two by kind inside of sums."""
    symbols = [name for name, having in NAMES.items() if set(having) <= dims]
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.one_of(st.sampled_from(symbols).map(Symbol), st.just(Literal(1.0))))
    part = expressions(dims=dims, depth=depth - 1)
    kind = draw(st.sampled_from(["binary", "binary", "negative", "sum", "first", "exp"]))
    if kind == "binary":
        return Binary(draw(st.sampled_from("+-*/^")), draw(part), draw(part))
    if kind == "negative":
        return Negative(draw(part))
    if kind == "first":
        return Call("first", (draw(st.sampled_from(symbols).map(Symbol)), draw(part)))
    if kind == "sum" and not dims:
        inside = draw(expressions(dims=frozenset({"kind"}), depth=depth - 1))
        return Call("sum", (Binary("*", Symbol("many"), inside),), ("kind",))
    return Call("exp", (draw(part),))


numbers = st.one_of(st.floats(0.1, 3), st.none())


@given(expressions(), st.lists(numbers, min_size=8, max_size=8))
def test_the_workbook_computes_what_the_arrays_do(tree, given_numbers):
    """The formula, read the way a workbook reads it, gives the number of the evaluation."""
    cells, names, place = {}, {}, 0
    for name, dims in NAMES.items():
        shape = AXES.shape(dims)
        count = int(np.prod(shape))
        values = given_numbers[place : place + count]
        place += count
        for at, label in enumerate(AXES.labels["kind"] if dims else [""]):
            cells[f"{name.upper()}{label.upper()}1"] = values[at]
        states = np.array([NUMBER if value is not None else MISSING for value in values], np.int8)
        array = np.array([value or 0.0 for value in values])
        names[name] = NumbersAndStates(
            array.reshape(shape), states.reshape(shape) if states.any() else None
        )
    with np.errstate(over="ignore"):
        expected = float(numbers_or_nan(Expression(AXES, names, {}).work(tree)).squeeze())
    assume(np.isfinite(expected) and abs(expected) < 1e100)

    def cell(name, labels, years_back):
        assert years_back == 0
        return f"{name.upper()}{labels.get('kind', '').upper() if NAMES[name] else ''}1"

    formula = write_formula(tree, cell, AXES.labels)
    try:
        found = work_out(formula, cells)
    except (OverflowError, ZeroDivisionError):
        reject()
    assume(not isinstance(found, complex))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def formula_of(text: str) -> str:
    """Return the formula of an expression over cells named like their symbols."""
    tree = parse_equation(f"x = {text}")[0].tree
    back = {0: "", 1: "_before"}
    return write_formula(
        tree,
        lambda name, labels, years: "".join([name, *labels.values(), back[years]]),
        {"d": ("p", "q")},
    )


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("-a ^ b", "-(a^b)"),
        ("(-a) ^ b", "(-a)^b"),
        ("a ^ b ^ c", "a^(b^c)"),
        ("a - (b - c)", "a-(b-c)"),
        ("a / (b * c)", "a/(b*c)"),
        ("a * -b", "a*(-b)"),
        ("a - -b", "a-(-b)"),
        ("(a + b) * c", "(a+b)*c"),
        ("sum(a * b, d)", "SUM(ap*bp,aq*bq)"),
        ("exp(-a)", "EXP(-a)"),
        ("previous(a) + b", "a_before+b"),
        ("first(a, b * c, d_)", "IF(COUNT(a)=1,a,IF(COUNT(b,c)=2,b*c,d_))"),
        ("first(sum(a, d), b)", "IF(COUNT(ap,aq)=2,SUM(ap,aq),b)"),
        ("change(a) * b", "change(a)*b"),
    ],
)
def test_formulas(text, formula):
    """Brackets stand where a workbook would read something else."""
    assert formula_of(text) == formula


def test_long_sums_are_sums_of_sums():
    """A workbook takes 255 parts in one SUM: more of them are summed in groups."""
    tree = parse_equation("x = sum(a, d)")[0].tree
    labels = {"d": [str(place) for place in range(500)]}
    formula = write_formula(tree, lambda _, here, __: f"A{here['d']}", labels)
    assert formula.startswith("SUM(SUM(A0,")
    assert formula.count("SUM(") == 4
    assert work_out(formula, {f"A{place}": 1.0 for place in range(500)}) == 500


def test_decay_in_a_workbook():
    """The lines of a landfill, a row a year: each formula gives the number of its array."""
    sector = sector_of(LANDFILL)
    given_numbers = dict(sector.blocks["landfill"].examples[1]["given"])
    worked = evaluate(sector, lay_given(sector, given_numbers, [2010, 2011])).find("landfill")
    columns = {
        name: f"{'ABCDEFGHIJKLMNOP'[at]}" for at, name in enumerate([*worked.inputs, *worked.lines])
    }
    cells = {}
    for name, column in columns.items():
        values = (worked.inputs.get(name) or worked.lines[name]).values
        for year in (1, 2):
            cells[f"{column}{year}"] = float(values.ravel()[min(year, values.size) - 1])
    cells[f"{columns['stock']}0"] = worked.block.starts["stock"]
    for line in worked.block.lines:
        for year in (1, 2):
            formula = write_formula(
                line.tree,
                lambda name, _, back, year=year: f"{columns[name]}{year - back}",
                worked.axes.labels,
            )
            assert work_out(formula, cells) == pytest.approx(
                cells[f"{columns[line.name]}{year}"], rel=1e-12
            )


def test_equations_for_people():
    """A block with ids, with names in either language, for a page and for LaTeX."""
    sector = load_sector("provincial-2011/processes")
    assert (
        write_block(sector, "nitric_acid")
        == "N2O = nitric_acid_output * nitric_acid_factor * 0.001"
    )
    assert write_block(sector, "cement", lang="zh").splitlines()[1] == (
        "CO2 = (clinker − 电石渣生产的熟料产量) × 水泥熟料排放因子"
    )
    assert write_block(sector, "hcfc22", lang="en").splitlines()[0] == (
        "generated = HCFC-22 output × HFC-23 made along with HCFC-22"
    )
    assert write_block(sector, "lime", form="latex") == (
        r"\text{CO2} = \text{lime\_output} \cdot \text{lime\_factor}"
    )
    marked = sector_of(
        FOREST.replace("[activity.volume]", '[activity.volume]\nen = "Stock <a> & b"')
    )
    assert "Stock &lt;a&gt; &amp; b" in write_block(marked, "growth", lang="en", form="html")
    with pytest.raises(EquationError, match="did you mean cement"):
        write_block(sector, "cment")
