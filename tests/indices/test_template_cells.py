"""The spreadsheet that a person fills in: what its cells take, and what it says of them."""

from __future__ import annotations

import pytest

from carbonacct.indices.index_declaration import Grade, Input, load_index
from carbonacct.indices.template import asked_inputs, describe_allowed, make_template

NAN = float("nan")
GRADES = (Grade("good", "好", "good", 1.0), Grade("bad", "差", "bad", 0.0))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "数 number"),
        ({"minimum": 0.0}, "数 number ≥ 0"),
        ({"maximum": 100.0}, "数 number ≤ 100"),
        (
            {"minimum": 0.0, "maximum": 100.0, "unit": "%"},
            "数 number ≥ 0 ≤ 100: 15 % is written 15",
        ),
        ({"grades": GRADES}, "好 / good; 差 / bad"),
        ({"grades": GRADES, "unit": "%"}, "好 / good; 差 / bad"),
    ],
)
def test_what_a_cell_takes_is_said(told, words):
    """Numbers with their bounds, or words in both languages."""
    assert describe_allowed(Input("x", "某", "some", **{"unit": "t", **told})) == words


@pytest.mark.parametrize("name", ["ccni-2.0", "peaking-pilot-city", "tai-2001"])
def test_a_template_has_what_the_index_asks(name):
    """Three head rows, a row for each area and year, and a line for each column; cells take what the reader takes."""
    index = load_index(name)
    asked = asked_inputs(index)
    book = make_template(index, areas=["甲", "=1+1"], years=[2019, 2020])
    rows = list(book["data"].iter_rows(values_only=True))
    assert rows[0] == ("area", "year", *(one.id for one in asked))
    assert rows[1][2:] == tuple(one.zh for one in asked)
    assert rows[2][2:] == tuple(one.unit_zh or one.unit for one in asked)
    assert [row[:2] for row in rows[3:]] == [
        ("甲", 2019),
        ("甲", 2020),
        ("=1+1", 2019),
        ("=1+1", 2020),
    ]
    assert book["data"]["A6"].data_type == "s"  # a text that begins with = is no formula
    assert book["data"].freeze_panes == "C4"
    rules = {str(rule.sqref): rule for rule in book["data"].data_validations.dataValidation}
    for column, about in enumerate(asked, start=3):
        letter = book["data"].cell(1, column).column_letter
        rule = rules.get(f"{letter}4:{letter}2000")
        has_bounds = about.minimum == about.minimum and about.maximum == about.maximum
        assert (rule is not None) == bool(about.grades or has_bounds)
        if about.grades:
            assert (rule.type, rule.formula1) == (
                "list",
                f'"{",".join(one.zh for one in about.grades)}"',
            )
        elif has_bounds:
            assert (rule.type, float(rule.formula1), float(rule.formula2)) == (
                "decimal",
                about.minimum,
                about.maximum,
            )
    explained = list(book["explanations"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in explained] == [one.id for one in asked]
    assert [row[4] for row in explained] == [describe_allowed(one) for one in asked]
    for row, about in zip(explained, asked, strict=True):
        assert bool(row[5]) == bool(about.scopes or about.products)
        users = [leaf.id for leaf in index.leaves if about.id in leaf.needs]
        assert all(f"({user})" in (row[6] or "") for user in users)


def test_what_is_computed_is_not_asked():
    """Leaves with an arithmetic of their own are left out, inputs of it are there."""
    index = load_index("peaking-pilot-city")
    asked = {one.id for one in asked_inputs(index)}
    computed = {leaf.id for leaf in index.leaves if leaf.op != "column"}
    assert computed
    assert not asked & computed
    assert asked | computed >= set(index.inputs)
