"""What can be wrong with the declaration of an index: every fault, with its key."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from carbonacct.errors import UnitError, near_or_known
from carbonacct.indices.aggregate import AGGREGATIONS
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor, parse_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

KINDS = ("index", "form")
ORIGINS = ("inventory", "activity", "analysis", "column", "judgement")
OPERATIONS = {
    "column": (0,),
    "ratio": (2,),
    "change": (1, 2),
    "cut": (1, 2),
    "change-completion": (1, 2),
    "cut-completion": (1, 2),
    "trend": (1, 2),
    "decoupling": (2,),
}
RULES = {
    "min-max": ("minimum", "maximum"),
    "group-min-max": (),
    "percentile": (),
    "ratio": ("reference",),
    "steps": ("steps", "beyond"),
    "grades": ("grades",),
    "states": ("grades",),
}
STATES = (
    "strong_decoupling",
    "weak_decoupling",
    "expansive_coupling",
    "expansive_negative_decoupling",
    "recessive_decoupling",
    "recessive_coupling",
    "weak_negative_decoupling",
    "strong_negative_decoupling",
)
_UNCHANGED = ("pressure_unchanged", "driver_unchanged", "both_unchanged")
_TOP = (
    "kind",
    "title",
    "title_zh",
    "publisher",
    "date",
    "reference",
    "scale",
    "missing",
    "aggregation",
    "weights_reason",
    "indicator",
    "rule",
    "input",
    "choice",
    "notes",
    "layout",
    "periods",
)
_RULE_KEYS = (
    "kind",
    "minimum",
    "maximum",
    "reference",
    "transform",
    "over",
    "steps",
    "beyond",
    "grades",
    "choice",
    "reason",
    "source",
    "unconfirmed",
)
_NODE_KEYS = (
    "id",
    "zh",
    "en",
    "parent",
    "level",
    "weight",
    "weight_choice",
    "unit",
    "unit_zh",
    "direction",
    "from",
    "value",
    "rule",
    "place",
    "note",
    "aggregation",
)
_CHOICES = ("published", "ours")
_PERCENT_OPERATIONS = ("change", "cut", "change-completion", "cut-completion")


def find_faults(content: Mapping[str, Any], shared: Mapping[str, Any]) -> list[str]:
    """Return every fault of a declaration, each with its key.

    Parameters
    ----------
    content
        The declaration as TOML gives it.
    shared
        The inputs that all indices may use.
    """
    faults = [*_unknown("", content, _TOP)]
    faults += [
        say("{key}: is missing", key=key)
        for key in ("title", "title_zh", "publisher", "date", "reference", "indicator")
        if not content.get(key)
    ]
    faults += _one_of("kind", content.get("kind", "index"), KINDS)
    faults += _one_of("aggregation", content.get("aggregation", "arithmetic"), AGGREGATIONS)
    faults += _one_of("missing", content.get("missing", "absent"), ("absent", "renormalise"))
    for number, about in enumerate(content.get("choice", [])):
        faults += [
            say("choice[{number}].{key}: is missing", number=number, key=key)
            for key in ("about", "reason")
            if not about.get(key)
        ]
    for name, rule in content.get("rule", {}).items():
        faults += _rule_faults(f"rule.{name}", rule)
    inputs: dict[str, str] = {name: about.unit for name, about in shared.items()}
    for about in content.get("input", []):
        where = f"input.{about.get('id', '?')}"
        faults += [
            say("{where}.{key}: is missing", where=where, key=key)
            for key in ("id", "zh", "en", "unit")
            if not about.get(key)
        ]
        faults += _unit_faults(where, about.get("unit", ""))
        inputs[about.get("id", "")] = about.get("unit", "")
    faults += _tree_faults(content, inputs)
    return faults


def _tree_faults(content: Mapping[str, Any], inputs: Mapping[str, str]) -> Iterator[str]:
    nodes: Sequence[Mapping[str, Any]] = content.get("indicator", [])
    ids = [node.get("id", "?") for node in nodes]
    yield from (
        say("indicator.{name}: stands there twice", name=name)
        for name in sorted({name for name in ids if ids.count(name) > 1})
    )
    used = {
        name
        for node in nodes
        for name in (*node.get("value", {}).get("of", ()), node.get("value", {}).get("target", ""))
    }
    used |= {about.get("id", "") for about in content.get("input", [])}
    yield from (
        say("indicator.{name}: is the name of an input that the index uses as well", name=name)
        for name in ids
        if name in used
    )
    parents = {node.get("id", "?"): node.get("parent", "") for node in nodes}
    form = content.get("kind") == "form"
    for node in nodes:
        where = f"indicator.{node.get('id', '?')}"
        yield from _unknown(where, node, _NODE_KEYS)
        yield from (
            say("{where}.{key}: is missing", where=where, key=key)
            for key in ("id", "zh", "en")
            if not node.get(key)
        )
        parent = node.get("parent", "")
        if parent and parent not in parents:
            yield (
                say(
                    "{where}.parent: {parent!r} is no indicator; {near}",
                    where=where,
                    parent=parent,
                    near=near_or_known(parent, ids),
                )
            )
        elif _runs_in_a_circle(node.get("id", "?"), parents):
            yield say("{where}.parent: leads back to itself", where=where)
        leaf = node.get("id") not in parents.values()
        yield from _one_of(
            f"{where}.aggregation",
            node.get("aggregation", ""),
            ("", *([] if leaf else AGGREGATIONS)),
        )
        if leaf:
            yield from _leaf_faults(where, node, content.get("rule", {}), inputs, form=form)
        if not form:
            yield from _weight_faults(where, node, content)
    used = {node.get("rule") for node in nodes}
    yield from (
        say("rule.{name}: no indicator uses it", name=name)
        for name in content.get("rule", {})
        if name not in used
    )
    if not form:
        yield from _sum_faults(nodes)


def _runs_in_a_circle(name: str, parents: Mapping[str, str]) -> bool:
    seen = set()
    while name:
        if name in seen:
            return True
        seen.add(name)
        name = parents.get(name, "")
    return False


def _weight_faults(
    where: str, node: Mapping[str, Any], content: Mapping[str, Any]
) -> Iterator[str]:
    choice = node.get("weight_choice", "published")
    yield from _one_of(f"{where}.weight_choice", choice, _CHOICES)
    if choice == "ours" and not content.get("weights_reason"):
        yield say(
            "{where}.weight_choice: is ours without a reason; say it in weights_reason", where=where
        )
    if not 0 <= _fraction(node.get("weight")) <= 1:
        yield (
            say(
                "{where}.weight: {weight!r} is not a share between 0 and 1, such as 0.3 or '5/15'",
                where=where,
                weight=node.get("weight"),
            )
        )


def _sum_faults(nodes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    sums: dict[str, list[float]] = {}
    for node in nodes:
        sums.setdefault(node.get("parent", ""), []).append(_fraction(node.get("weight")))
    for parent, weights in sums.items():
        if all(0 <= weight <= 1 for weight in weights) and abs(math.fsum(weights) - 1) > 1e-9:
            whose = f"indicator.{parent}" if parent else say("the index")
            yield (
                say(
                    "{whose}: the weights of its {weight_count} parts sum to {sum:.12g}, "
                    "expected 1; correct them",
                    whose=whose,
                    weight_count=len(weights),
                    sum=math.fsum(weights),
                )
            )


def _leaf_faults(
    where: str,
    node: Mapping[str, Any],
    rules: Mapping[str, Any],
    inputs: Mapping[str, str],
    *,
    form: bool,
) -> Iterator[str]:
    yield from (
        say("{where}.{key}: is missing", where=where, key=key)
        for key in ("unit", "place")
        if not node.get(key)
    )
    yield from _one_of(f"{where}.from", node.get("from", ""), ORIGINS)
    yield from _value_faults(where, node, inputs)
    if form:
        return
    yield from _one_of(f"{where}.direction", node.get("direction", ""), ("more", "less"))
    name = node.get("rule", "")
    if name not in rules:
        yield (
            say(
                "{where}.rule: {name!r} is no rule; {near}",
                where=where,
                name=name,
                near=near_or_known(name, rules),
            )
        )
        return
    rule = rules[name]
    if (rule.get("kind") == "states") != (node.get("value", {}).get("op") == "decoupling"):
        yield say(
            "{where}.rule: a rule of states goes with decoupling, and only with it", where=where
        )
    if (rule.get("kind") == "grades") != (node.get("unit") == "grade"):
        yield say(
            "{where}.rule: a rule of grades goes with the unit grade, and only with it", where=where
        )
    scores = (
        [pair[1] for pair in rule.get("steps", [])] + [rule.get("beyond", 0)]
        if rule.get("kind") == "steps"
        else []
    )
    if scores != sorted(scores, reverse=node.get("direction") == "less"):
        yield (
            say(
                "{where}.rule: the scores of {name} do not go with direction {direction!r}",
                where=where,
                name=name,
                direction=node.get("direction"),
            )
        )


def _value_faults(where: str, node: Mapping[str, Any], inputs: Mapping[str, str]) -> Iterator[str]:
    value: Mapping[str, Any] = node.get("value", {})
    yield from _unknown(f"{where}.value", value, ("op", "of", "span", "target"))
    operation, of = value.get("op", "column"), value.get("of", [])
    if operation not in OPERATIONS:
        yield (
            say(
                "{where}.value.op: {operation!r} is not known; {near}",
                where=where,
                operation=operation,
                near=near_or_known(operation, OPERATIONS),
            )
        )
        return
    if len(of) not in OPERATIONS[operation]:
        yield (
            say(
                "{where}.value.of: {of_count} inputs, {operation} takes {counts}",
                where=where,
                of_count=len(of),
                operation=operation,
                counts=join_texts(" or ", map(str, OPERATIONS[operation])),
            )
        )
    if operation.endswith("-completion") != bool(value.get("target")):
        yield say("{where}.value.target: goes with a completion, and only with it", where=where)
    unknown = [
        name
        for name in (*of, *([value["target"]] if value.get("target") else []))
        if name not in inputs
    ]
    yield from (
        say(
            "{where}.value: {name!r} is no input; {near}",
            where=where,
            name=name,
            near=near_or_known(name, inputs),
        )
        for name in unknown
    )
    if not isinstance(value.get("span", 1), int) or value.get("span", 1) < 1:
        yield say(
            "{where}.value.span: {span!r} is not a number of years",
            where=where,
            span=value.get("span"),
        )
    yield from _unit_faults(where, node.get("unit", ""))
    if operation == "ratio" and not unknown and len(of) == 2 and node.get("unit"):
        try:
            conversion_factor(f"{inputs[of[0]]}/({inputs[of[1]]})", node["unit"])
        except UnitError as error:
            yield say("{where}.unit: {error}", where=where, error=error)
    if operation in _PERCENT_OPERATIONS and node.get("unit") != "%":
        yield say("{where}.unit: {operation} is measured in %", where=where, operation=operation)


def _rule_faults(where: str, rule: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown(where, rule, _RULE_KEYS)
    kind = rule.get("kind", "")
    yield from _one_of(f"{where}.kind", kind, RULES)
    yield from (
        say("{where}.{key}: is missing", where=where, key=key)
        for key in RULES.get(kind, ())
        if key not in rule
    )
    yield from _one_of(f"{where}.transform", rule.get("transform", ""), ("", "log10"))
    yield from _one_of(f"{where}.over", rule.get("over", "year"), ("year", "panel"))
    choice = rule.get("choice", "published")
    yield from _one_of(f"{where}.choice", choice, _CHOICES)
    needed = "reason" if choice == "ours" else "source"
    if not rule.get(needed):
        yield (
            say(
                "{where}.{needed}: is missing; a {choice} rule says why",
                where=where,
                needed=needed,
                choice=choice,
            )
            if choice == "ours"
            else say(
                "{where}.{needed}: is missing; a {choice} rule says where it is printed",
                where=where,
                needed=needed,
                choice=choice,
            )
        )
    low, high = rule.get("minimum", 0), rule.get("maximum", 1)
    if kind == "min-max" and not low < high:
        yield say(
            "{where}: minimum {low} is not below maximum {high}", where=where, low=low, high=high
        )
    if kind == "min-max" and rule.get("transform") == "log10" and not low > 0:
        yield say("{where}.minimum: {low} has no logarithm", where=where, low=low)
    if kind == "ratio" and not rule.get("reference", 1) > 0:
        yield say(
            "{where}.reference: {reference} is not above 0",
            where=where,
            reference=rule["reference"],
        )
    bounds = [pair[0] for pair in rule.get("steps", [])]
    if bounds != sorted(set(bounds)):
        yield say("{where}.steps: the bounds are not in rising order", where=where)
    yield from _score_faults(where, rule)


def _score_faults(where: str, rule: Mapping[str, Any]) -> Iterator[str]:
    scores = {f"steps[{number}]": pair[1] for number, pair in enumerate(rule.get("steps", []))}
    scores |= {
        f"grades.{grade.get('id', '?')}": grade.get("score", math.nan)
        for grade in rule.get("grades", [])
    }
    scores |= {"beyond": rule["beyond"]} if "beyond" in rule else {}
    yield from (
        say(
            "{where}.{key}: {score} is not a score between 0 and 1",
            where=where,
            key=key,
            score=score,
        )
        for key, score in scores.items()
        if not 0 <= score <= 1
    )
    for grade in rule.get("grades", []):
        yield from (
            say(
                "{where}.grades.{id}.{key}: is missing",
                where=where,
                id=grade.get("id", "?"),
                key=key,
            )
            for key in ("id", "zh", "en")
            if not grade.get(key)
        )
    if rule.get("kind") == "states":
        given = [grade.get("id", "?") for grade in rule.get("grades", [])]
        yield from (
            say("{where}.grades.{state}: is missing", where=where, state=state)
            for state in STATES
            if state not in given
        )
        yield from _unknown(f"{where}.grades", given, (*STATES, *_UNCHANGED))


def _fraction(weight: object) -> float:
    above, _, below = str(weight).partition("/")
    try:
        return float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        return math.nan


def _unknown(where: str, content: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    for key in content:
        if key not in known:
            yield (
                say(
                    "{where}{key}: is not a key here; {near}",
                    where=where + "." if where else "",
                    key=key,
                    near=near_or_known(key, known),
                )
            )


def _one_of(where: str, seen: object, known: Collection[str]) -> Iterator[str]:
    if seen not in known:
        yield say(
            "{where}: {seen!r} is not one of {words}",
            where=where,
            seen=seen,
            words=join_texts(", ", (repr(word) for word in known)),
        )


def _unit_faults(where: str, unit: str) -> Iterator[str]:
    if unit and unit not in NO_UNITS:
        try:
            parse_unit(unit)
        except UnitError as error:
            yield say("{where}.unit: {error}", where=where, error=error)


# What is no quantity of the registry: judgements, calendar years, statistics, counts of things.
NO_UNITS = frozenset({"grade", "year", "z", "elasticity", "points", "number", "index"})
