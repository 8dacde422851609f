"""The grammar: what is read, how it is written back, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.equations.equation_text import write, write_latex
from carbonacct.equations.expression_tree import (
    Binary,
    Call,
    Literal,
    Negative,
    Symbol,
    names_in,
    names_now,
)
from carbonacct.equations.parsing import parse_equation, parse_rule
from carbonacct.errors import EquationError
from tests.equations.building import write_lines

names = st.sampled_from(["heads", "factor", "熟料产量", "x_1"])


@st.composite
def trees(draw, depth=4):
    """Any tree of the grammar."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.one_of(names.map(Symbol), st.sampled_from([Literal(0.0), Literal(1.0)])))
    part = trees(depth=depth - 1)
    kind = draw(st.sampled_from(["binary", "negative", "sum", "first", "exp", "average", "change"]))
    if kind == "binary":
        return Binary(draw(st.sampled_from("+-*/^")), draw(part), draw(part))
    if kind == "negative":
        return Negative(draw(part))
    others = {
        "sum": st.just(()),
        "first": st.lists(part, min_size=1, max_size=2).map(tuple),
        "average": st.tuples(names.map(Symbol)),
    }
    dims = st.lists(st.sampled_from(["animal", "mode"]), min_size=1, unique=True).map(tuple)
    more = draw(others.get(kind, st.just(())))
    return Call(kind, (draw(part), *more), draw(dims) if kind == "sum" else ())


@given(trees())
def test_what_is_written_reads_back_as_the_same_tree(tree):
    """Reading the canonical text gives the tree that was written."""
    assert parse_equation(f"CO2 = {write(tree)}")[0].tree == tree


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a=(b)", "a = b"),
        ("a = b - (c - d)", "a = b - (c - d)"),
        ("a = (b - c) - d", "a = b - c - d"),
        ("a = b/(c*d)", "a = b / (c * d)"),
        ("a = -(b+c)^-d", "a = -(b + c) ^ -d"),
        ("a = (-b)^c^d", "a = (-b) ^ c ^ d"),
        ("a = b ** c", "a = b ^ c"),
        ("a ＝ b × （1 － c）÷ d", "a = b * (1 - c) / d"),
        ("产量排放 = 产量 * 因子", "产量排放 = 产量 * 因子"),
        ("a = first(b,\n   c * d)", "a = first(b, c * d)"),
        ("\n  b = 1\n\n  a = b\n", "b = 1\na = b"),
        ("a = previous(a) + sum(b, x, y)", "a = previous(a) + sum(b, x, y)"),
    ],
)
def test_the_grammar(text, canonical):
    """Brackets stay where they matter, full-width signs are plain ones, lines go on in brackets."""
    assert write_lines(parse_equation(text)) == canonical


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CO2 = 0.5 * a", "the number 0.5 has no source"),
        ("CO2 = a * 1e-3", "the number 1e-3 has no source"),
        ("CO2 = 44 / 12", "the number 44 has no source"),
        ("CO2 = .5", "the number .5 has no source"),
        ("CO2 = a *", "nothing stands where a name, 0, 1 or a bracket is expected"),
        ("CO2 = a b", "'b' stands where a sign or the end of the line is expected"),
        ("CO2 = (a", "nothing stands where ) or a sign is expected"),
        ("CO2 : a", "':' stands where = is expected"),
        ("= a", "'=' stands where a name and = is expected"),
        ("CO2 = summ(a, x)", "there is no function summ; did you mean sum?"),
        ("CO2 = sum(a)", "sum has 1 part; write sum(x, dim)"),
        ("CO2 = first(a)", "first has 1 part; write first(x, y)"),
        ("CO2 = exp(a, b)", "exp has 2 parts; write exp(x)"),
        ("CO2 = average(a)", "average has 1 part; write average(x, years)"),
        ("CO2 = previous(a * b)", "'*' stands where ) or a sign is expected"),
        ("CO2 = sum + a", "sum is a function; write sum(...)"),
        ("", "the equation is empty"),
        ("CO2 = __import__('os')", "there is no function __import__"),
        ("CO2 = a.b", "'.' stands where"),
        ("CO2 = a; b", "';' stands where"),
    ],
)
def test_what_is_refused(text, message):
    """A fault says what stands where something else is expected."""
    with pytest.raises(EquationError) as caught:
        parse_equation(text)
    assert message in str(caught.value)


def test_rules():
    """A check is two expressions with <= or == between them."""
    assert parse_rule("a ≤ b * c").sign == "<="
    assert parse_rule("a == b").sign == "=="
    with pytest.raises(EquationError, match="has no <= or =="):
        parse_rule("a < b")
    with pytest.raises(EquationError, match="end of the line"):
        parse_rule("a <= b <= c")


def test_names():
    """Names are listed once, and those of the year before are told apart."""
    tree = parse_equation("a = previous(a) * b + sum(b * c, x)")[0].tree
    assert names_in(tree) == ("a", "b", "c")
    assert names_now(tree) == ("b", "c")


def test_latex_and_names():
    """Quotients are fractions, names are text, what LaTeX reads as a command is escaped."""
    tree = parse_equation("E = sum(a_b, x) * exp(-k) / (c + d) ^ n - first(p, -q) * average(r, y)")
    assert write_latex(tree[0].tree) == (
        r"\frac{\sum_{\text{x}} \left(\text{a\_b}\right) \cdot \exp\left(-\text{k}\right)}"
        r"{\left(\text{c} + \text{d}\right)^{\text{n}}} - \operatorname{first}\left(\text{p}, "
        r"-\text{q}\right) \cdot \operatorname{average}\left(\text{r}, \text{y}\right)"
    )
    plain = write(tree[0].tree.right, lambda name: f"[{name}]", times="×", minus="−")
    assert plain == "first([p], −[q]) × average([r], [y])"
