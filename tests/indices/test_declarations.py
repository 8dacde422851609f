"""Shipped declarations have the source's order, names and weights; every fault is named with its key."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.errors import IndexDataError
from carbonacct.indices.index_declaration import index_ids, load_index, read_index
from tests.indices import facts

INDICES = [name for name in index_ids() if load_index(name).kind == "index"]


def test_the_indices_and_forms_that_ship():
    """Five systems, the peaking form in two."""
    assert index_ids() == [
        "ccni-2.0",
        "dual-carbon-big-data",
        "peaking-pilot-city",
        "peaking-pilot-park",
        "pilot-evaluation",
        "tai-2001",
    ]


@pytest.mark.parametrize("name", INDICES)
def test_the_weights_of_every_node_sum_to_one(name):
    """Parts share their parent's weight fully."""
    index = load_index(name)
    for parent in {indicator.parent for indicator in index.indicators}:
        assert math.isclose(
            math.fsum(part.weight for part in index.children(parent)), 1, abs_tol=1e-12
        )


@pytest.mark.parametrize("name", index_ids())
def test_nothing_of_ours_is_without_a_reason(name):
    """Every rule is published with a source, or ours with a reason; every leaf has its place in the source."""
    index = load_index(name)
    for rule in index.rules.values():
        assert rule.source if rule.choice == "published" else rule.reason
    assert all(leaf.place for leaf in index.leaves)
    assert index.weights_reason or not [i for i in index.indicators if i.weight_choice == "ours"]


def test_ccni_follows_table_1():
    """Table 1: three parts, five of the second level and sixteen indicators, with the printed weights."""
    index = load_index("ccni-2.0")
    assert [sum(i.level == level for i in index.indicators) for level in (1, 2, 3)] == [3, 5, 16]
    for (name, weight, parts), top in zip(facts.CCNI, index.children(""), strict=True):
        assert (top.zh, top.weight, top.weight_choice) == (name, weight, "published")
        for part, node in zip(parts, index.children(top.id), strict=True):
            if isinstance(part, str):
                assert (node.zh, node.level, node.weight_choice) == (part, 3, "ours")
            else:
                assert (node.zh, node.weight, node.weight_choice) == (part[0], part[1], "published")
                assert [leaf.zh for leaf in index.children(node.id)] == list(part[2])
                assert {leaf.weight_choice for leaf in index.children(node.id)} == {"ours"}


def test_dual_carbon_follows_chart_8():
    """Four domains and twenty indicators in order; all weights are ours, for none is printed."""
    index = load_index("dual-carbon-big-data")
    assert {
        top.zh: tuple(leaf.zh for leaf in index.children(top.id)) for top in index.children("")
    } == facts.DUAL_CARBON
    assert {indicator.weight_choice for indicator in index.indicators} == {"ours"}


def test_pilot_evaluation_follows_the_annex():
    """A to E with their indicators and points; the points add up to 100."""
    index = load_index("pilot-evaluation")
    assert {
        top.id: (top.zh, round(top.weight * 100, 9)) for top in index.children("")
    } == facts.PILOT_PARTS
    points = {top.id: top.weight for top in index.children("")}
    seen = [
        (
            leaf.id,
            leaf.zh,
            round(100 * points[leaf.parent or leaf.id] * (leaf.weight if leaf.parent else 1), 9),
        )
        for leaf in index.leaves
    ]
    assert seen == list(facts.PILOTS)
    assert sum(row[2] for row in facts.PILOTS) == 100


@pytest.mark.parametrize(
    ("name", "rows"),
    [("peaking-pilot-city", facts.PEAKING_CITY), ("peaking-pilot-park", facts.PEAKING_PARK)],
)
def test_peaking_forms_follow_tables_1_and_2(name, rows):
    """26 and 14 indicators with their units, in order."""
    index = load_index(name)
    assert [(leaf.zh, leaf.unit_zh or leaf.unit) for leaf in index.leaves] == list(rows)
    assert len(rows) == {"peaking-pilot-city": 26, "peaking-pilot-park": 14}[name]
    assert index.periods == (2022, 2025, 2030)


BASE = """
title = "t"
title_zh = "题"
publisher = "p"
date = "2020"
reference = "r"
[rule.r]
kind = "min-max"
minimum = 0
maximum = 10
source = "s"
[[indicator]]
id = "a"
zh = "甲"
en = "a"
weight = 0.5
unit = "%"
direction = "more"
from = "column"
rule = "r"
place = "table 1"
[[indicator]]
id = "b"
zh = "乙"
en = "b"
weight = 0.5
unit = "t CO2/person"
direction = "less"
from = "inventory"
value = { op = "ratio", of = ["co2", "population"] }
rule = "r"
place = "table 1"
"""


def read(tmp_path, text):
    """Read a declaration from text."""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_index(path)


def test_an_indicator_may_have_the_name_of_an_input_that_the_index_does_not_use(tmp_path):
    """An indicator co2 is a column of its own unit, where nothing else of the index is computed from emissions."""
    text = BASE.replace('value = { op = "ratio", of = ["co2", "population"] }\n', "").replace(
        'id = "b"', 'id = "co2"'
    )
    index = read(tmp_path, text)
    data = pd.DataFrame({"area": ["x"], "year": [2020], "a": [5.0], "co2": [2.0]})
    assert ca.score_index(index, data).total().item() == pytest.approx(0.5 * 0.5 + 0.5 * 0.8)


HDI = """title = "Human Development Index"
title_zh = "人类发展指数"
publisher = "United Nations Development Programme"
date = "2020"
reference = "Human Development Report 2020, technical note 1"
aggregation = "geometric"
weights_reason = "equal"
"""
_GOALPOSTS = {
    "life": ("year", 20, 85),
    "expected_schooling": ("year", 0, 18),
    "mean_schooling": ("year", 0, 15),
    "income": ("index", 100, 75000),
}


def test_the_human_development_index_can_be_said(tmp_path):
    """A geometric mean of three dimensions, one an arithmetic mean: Norway 2019 is 0.957 (HDR 2020, table 1)."""
    text = HDI
    for name, (_, low, high) in _GOALPOSTS.items():
        text += f'[rule.{name}]\nkind = "min-max"\nminimum = {low}\nmaximum = {high}\nsource = "HDR 2020"\n'
        text += 'transform = "log10"\n' if name == "income" else ""
    text += '[[indicator]]\nid = "education"\nzh = "教育"\nen = "education"\n'
    text += 'weight = "1/3"\naggregation = "arithmetic"\n'
    for name, (unit, _, _) in _GOALPOSTS.items():
        parent, weight = (
            ('parent = "education"\n', "1/2") if name.endswith("schooling") else ("", "1/3")
        )
        text += (
            f'[[indicator]]\nid = "{name}"\n{parent}zh = "{name}"\nen = "{name}"\nweight = "{weight}"\nunit = '
            f'"{unit}"\n'
        )
        text += f'direction = "more"\nfrom = "column"\nrule = "{name}"\nplace = "table 1"\n'
    index = read(tmp_path, text)
    norway = pd.DataFrame(
        {
            "area": ["Norway"],
            "year": [2019],
            "life": [82.4],
            "expected_schooling": [18.1],
            "mean_schooling": [12.9],
            "income": [66494],
        }
    )
    found = ca.score_index(index, norway)
    assert round(found.total().item(), 3) == 0.957
    assert found.score.sel(indicator="education").item() == pytest.approx((1 + 12.9 / 15) / 2)
    assert np.isnan(found.weighted.values).all()  # leaves of a product do not add up
    alike = ca.score_index(read(tmp_path, text.replace('aggregation = "arithmetic"\n', "")), norway)
    assert alike.total().item() < found.total().item()  # geometric within education too


def test_an_index_of_ones_own_needs_no_code(tmp_path):
    """A declaration file is an index, by its path."""
    read(tmp_path, BASE)
    assert load_index(str(tmp_path / "mine.toml")).id == "mine"
    read(tmp_path, BASE.replace('title = "t"', 'title = "changed"'))
    assert load_index(str(tmp_path / "mine.toml")).title == "changed"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'weight = 0.5\nunit = "%"',
            'weight = 0.6\nunit = "%"',
            "mine.toml: the index: the weights of its 2 parts sum to 1.1, expected 1; correct them",
        ),
        (
            'weight = 0.5\nunit = "%"',
            'weight = "half"\nunit = "%"',
            "indicator.a.weight: 'half' is not a share between 0 and 1, such as 0.3 or '5/15'",
        ),
        ('rule = "r"\nplace', 'rule = "q"\nplace', "indicator.a.rule: 'q' is no rule; known: r"),
        (
            '["co2", "population"]',
            '["co2", "populaton"]',
            "indicator.b.value: 'populaton' is no input; did you mean population?",
        ),
        (
            'unit = "t CO2/person"',
            'unit = "t/person"',
            "indicator.b.unit: 1e4 t CO2/(1e4 person) cannot be turned into t/person",
        ),
        (
            'unit = "t CO2/person"',
            'unit = "bananas"',
            "indicator.b.unit: 'bananas' is not a unit known here",
        ),
        (
            'direction = "less"',
            'direction = "down"',
            "indicator.b.direction: 'down' is not one of 'more', 'less'",
        ),
        (
            'from = "inventory"',
            'from = "heaven"',
            "indicator.b.from: 'heaven' is not one of 'inventory', 'activity', 'analysis', 'column', 'judgement'",
        ),
        (
            'op = "ratio"',
            'op = "ration"',
            "indicator.b.value.op: 'ration' is not known; did you mean ratio",
        ),
        (
            'op = "ratio"',
            'op = "trend", target = "gdp"',
            "indicator.b.value.target: goes with a completion, and only with it",
        ),
        (
            'op = "ratio", of = ["co2", "population"]',
            'op = "ratio", of = ["co2"]',
            "indicator.b.value.of: 1 inputs, ratio takes 2",
        ),
        (
            'op = "ratio"',
            'op = "change", span = 0',
            "indicator.b.value.span: 0 is not a number of years",
        ),
        ('op = "ratio"', 'op = "change"', "indicator.b.unit: change is measured in %"),
        (
            'op = "ratio"',
            'op = "decoupling"',
            "indicator.b.rule: a rule of states goes with decoupling, and only with it",
        ),
        ('id = "b"', 'id = "a"', "indicator.a: stands there twice"),
        (
            'id = "b"',
            'id = "population"',
            "indicator.population: is the name of an input that the index uses as well",
        ),
        (
            'en = "b"',
            'en = "b"\naggregation = "geometric"',
            "indicator.b.aggregation: 'geometric' is not one of ''",
        ),
        (
            'en = "b"',
            'parent = "z"\nen = "b"',
            "indicator.b.parent: 'z' is no indicator; known: a, b",
        ),
        ('en = "b"', 'parent = "b"\nen = "b"', "indicator.b.parent: leads back to itself"),
        ('zh = "乙"\n', "", "indicator.b.zh: is missing"),
        ('place = "table 1"\n[[', "[[", "indicator.a.place: is missing"),
        ('en = "b"', 'en = "b"\ncolour = "red"', "indicator.b.colour: is not a key here"),
        ('title = "t"', 'titel = "t"', "titel: is not a key here; did you mean title"),
        (
            'title = "t"',
            'title = "t"\nmissing = "zero"',
            "missing: 'zero' is not one of 'absent', 'renormalise'",
        ),
        (
            'title = "t"',
            'title = "t"\naggregation = "median"',
            "aggregation: 'median' is not one of 'arithmetic', 'geometric'",
        ),
        ('title = "t"', 'title = "t"\nkind = "list"', "kind: 'list' is not one of 'index', 'form'"),
        ('title = "t"', 'title = "t"\nchoice = [{ about = "x" }]', "choice[0].reason: is missing"),
        (
            'title = "t"',
            'title = "t"\ninput = [{ id = "q", zh = "q", en = "q", unit = "furlong" }]',
            "input.q.unit: 'furlong' is not a unit known here",
        ),
        ('source = "s"', 'choice = "ours"', "rule.r.reason: is missing; a ours rule says why"),
        (
            'source = "s"\n',
            "",
            "rule.r.source: is missing; a published rule says where it is printed",
        ),
        ("minimum = 0", "minimum = 10", "rule.r: minimum 10 is not below maximum 10"),
        ("minimum = 0", 'minimum = 0\ntransform = "log10"', "rule.r.minimum: 0 has no logarithm"),
        ("minimum = 0\n", "", "rule.r.minimum: is missing"),
        ('kind = "min-max"', 'kind = "max-min"', "rule.r.kind: 'max-min' is not one of"),
        ('kind = "min-max"', 'kind = "ratio"\nreference = 0', "rule.r.reference: 0 is not above 0"),
        (
            'kind = "min-max"',
            'kind = "steps"\nsteps = [[1, 0.2], [0, 0.4]]\nbeyond = 1.0',
            "rule.r.steps: the bounds are not in rising order",
        ),
        (
            'kind = "min-max"',
            'kind = "steps"\nsteps = [[0, 0.2], [1, 2.0]]\nbeyond = 1.0',
            "rule.r.steps[1]: 2.0 is not a score between 0 and 1",
        ),
        (
            'kind = "min-max"',
            'kind = "steps"\nsteps = [[0, 0.2], [1, 0.6]]\nbeyond = 1.0',
            "indicator.b.rule: the scores of r do not go with direction 'less'",
        ),
        (
            'kind = "min-max"',
            'kind = "grades"\ngrades = [{ id = "y", zh = "是", score = 1.0 }]',
            "rule.r.grades.y.en: is missing",
        ),
        (
            'kind = "min-max"',
            'kind = "states"\ngrades = [{ id = "strong_decoupling", zh = "强脱钩", en = "s", score = 1.0 }]',
            "rule.r.grades.weak_decoupling: is missing",
        ),
        (
            "[rule.r]",
            '[rule.spare]\nkind = "percentile"\nsource = "s"\n[rule.r]',
            "rule.spare: no indicator uses it",
        ),
        (
            'en = "b"',
            'en = "b"\nweight_choice = "ours"',
            "indicator.b.weight_choice: is ours without a reason; say it in weights_reason",
        ),
    ],
)
def test_a_fault_of_a_declaration_is_one_line_with_file_and_key(tmp_path, old, new, message):
    """Each way in which a declaration can be wrong says what and where."""
    assert BASE.count(old) >= 1
    with pytest.raises(IndexDataError) as raised:
        read(tmp_path, BASE.replace(old, new, 1))
    assert message in str(raised.value)
    assert all(line.startswith("mine.toml: ") for line in str(raised.value).splitlines())


def test_all_faults_come_at_once(tmp_path):
    """Two faults, two lines."""
    with pytest.raises(IndexDataError) as raised:
        read(
            tmp_path,
            BASE.replace("minimum = 0", "minimum = 20").replace('id = "b"', 'id = "population"'),
        )
    assert len(str(raised.value).splitlines()) == 2


def test_a_file_that_is_no_declaration(tmp_path):
    """A missing file, a broken file, an unknown name: one line each."""
    with pytest.raises(IndexDataError, match="cannot be opened"):
        load_index(str(tmp_path / "none.toml"))
    (tmp_path / "broken.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(IndexDataError, match=r"broken\.toml: Invalid value"):
        read_index(tmp_path / "broken.toml")
    with pytest.raises(IndexDataError, match=r"no index 'ccni'; did you mean ccni-2\.0\?"):
        load_index("ccni")


@pytest.mark.parametrize("name", index_ids())
def test_every_index_has_a_page_whose_tree_comes_from_its_declaration(name):
    """A page of the documentation shows the tree and choices of each index, made by `docs/conf.py`."""
    key = name.replace("-", "_").replace(".", "_")
    pages = [path.read_text(encoding="utf-8") for path in Path("docs").glob("indices-*.md")]
    assert (
        sum(
            f"{{{{ tree_{key} }}}}" in page and f"{{{{ choices_{key} }}}}" in page for page in pages
        )
        == 1
    )
    assert f"`{name}`" in Path("docs/indices.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("span", ["", ", span = 1", ", span = 5"])
def test_a_span_of_a_year_or_more_is_no_fault(tmp_path, span):
    """One year is the least, and what holds where none is said."""
    with pytest.raises(IndexDataError) as caught:
        read(tmp_path, BASE.replace('op = "ratio"', f'op = "change"{span}'))
    assert "change is measured in %" in str(caught.value)
    assert "span" not in str(caught.value)
