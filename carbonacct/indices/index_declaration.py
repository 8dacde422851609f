"""Composite indices and indicator forms as data: ``factors/indices/<index>.toml``, validated when loaded.

A declaration holds the tree of indicators with weights, what each is computed from, how it becomes
a score, the place where the source prints it, and every rule that the source leaves open, marked as
ours with its reason. Nothing in the code knows an index's name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import data_folder, list_data, read_rows, read_toml
from carbonacct.display import legible
from carbonacct.errors import IndexDataError, near_or_known
from carbonacct.indices.declaration_faults import find_faults
from carbonacct.texts import join_texts, say
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Input:
    """A column of the user's table (or a number that an inventory gives).

    Attributes
    ----------
    unit, unit_zh
        The unit that numbers are kept in, as an expression of the registry, and as printed in
        Chinese.
    additive
        Whether areas add up: amounts do, shares and judgements do not.
    minimum, maximum
        Bounds outside which a number is a mistake; NaN where there are none.
    grades
        Allowed words with their scores, for a judgement.
    scopes, flows, products
        What of an inventory it is: scopes to add, and flows (with their parts), all where empty.
        With products and no scopes, what of an energy balance it is.
    energy_flows, power
        What of a balance in coal equivalent it is: flows, those with a minus taken off; and whether
        a rate of power plants is ``"added"`` to it or it is ``"primary"`` electricity.
    activities
        What of activity tables it is: the sum over all labels of these.
    """

    id: str
    zh: str
    en: str
    unit: str
    unit_zh: str = ""
    additive: bool = False
    minimum: float = math.nan
    maximum: float = math.nan
    grades: tuple[Grade, ...] = ()
    scopes: tuple[int, ...] = ()
    flows: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    energy_flows: tuple[str, ...] = ()
    power: str = ""
    activities: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grade:
    """One allowed word of a judgement, with its score between 0 and 1."""

    id: str
    zh: str
    en: str
    score: float


@dataclass(frozen=True)
class ScoreRule:
    """How a value becomes a score between 0 and 1.

    Attributes
    ----------
    kind
        ``"min-max"`` (stated bounds), ``"group-min-max"``, ``"percentile"``, ``"ratio"`` (to a
        target or a benchmark), ``"steps"`` (points table), ``"grades"`` or ``"states"`` (grades of
        decoupling).
    over
        The group of a group rule: ``"year"`` (the areas of one year) or ``"panel"`` (all areas and
        years).
    steps, beyond
        Pairs of an upper bound and a score, and the score above the last bound.
    choice, reason, source
        ``"published"`` with its source, or ``"ours"`` with the reason.
    unconfirmed
        Which part of a number could not be checked against its source; a score by the rule leaves a finding
        that says it.
    """

    name: str
    kind: str
    minimum: float = math.nan
    maximum: float = math.nan
    reference: float = math.nan
    transform: str = ""
    over: str = "year"
    steps: tuple[tuple[float, float], ...] = ()
    beyond: float = math.nan
    grades: tuple[Grade, ...] = ()
    choice: str = "published"
    reason: str = ""
    source: str = ""
    unconfirmed: str = ""


@dataclass(frozen=True)
class Indicator:
    """A node of the tree. A leaf has a value and a rule, a node above it the weighted mean of its parts.

    Attributes
    ----------
    level
        As the source counts it; 1 for what stands right under the index.
    weight
        Share of its parent; the parts of a node sum to one.
    direction
        ``"more"`` or ``"less"``: which is better.
    origin
        ``"inventory"``, ``"activity"``, ``"analysis"``, ``"column"`` or ``"judgement"``.
    op, of, span, target
        How the value is computed: see :func:`carbonacct.indices.indicator_values.compute_values`.
    place
        Table and number in the source.
    aggregation
        Of a node, how the scores of its parts are joined; ``""`` as the index says.
    """

    id: str
    zh: str
    en: str
    parent: str
    level: int
    weight: float
    weight_choice: str
    leaf: bool
    unit: str = ""
    unit_zh: str = ""
    direction: str = ""
    origin: str = ""
    op: str = ""
    of: tuple[str, ...] = ()
    span: int = 1
    target: str = ""
    rule: str = ""
    place: str = ""
    note: str = ""
    aggregation: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The inputs that the value is computed from."""
        own = (self.id,) if self.op == "column" else self.of
        return (*own, self.target) if self.target else own


@legible
@dataclass(frozen=True, repr=False, eq=False)
class Index:
    """A composite index, or a form of indicators without weights (``kind`` is ``"form"``).

    Attributes
    ----------
    scale
        The best score: 100, 1 or another.
    missing
        ``"absent"``: a node with an absent part has no score; ``"renormalise"``: the weights of the
        others are scaled up.
    aggregation
        ``"arithmetic"`` or ``"geometric"``: how the scores of parts become that of their node, of
        the index itself and of every node that says nothing else.
    indicators
        In the order of the source.
    choices
        What the source leaves open, beside weights and rules: pairs of subject and reason.
    notes
        Where the source disagrees with itself.
    layout, periods
        Of a form: its printed heads, and the years that it has columns for.
    """

    id: str
    kind: str
    title: str
    title_zh: str
    publisher: str
    date: str
    reference: str
    scale: float
    missing: str
    aggregation: str
    weights_reason: str
    indicators: tuple[Indicator, ...]
    rules: Mapping[str, ScoreRule]
    inputs: Mapping[str, Input]
    choices: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    layout: tuple[str, ...]
    periods: tuple[int, ...]

    @property
    def leaves(self) -> tuple[Indicator, ...]:
        """The indicators that have a value of their own."""
        return tuple(indicator for indicator in self.indicators if indicator.leaf)

    def aggregation_of(self, node: str) -> str:
        """Return how the parts of a node are joined, or those of the index itself for ``""``."""
        own = next(
            (indicator.aggregation for indicator in self.indicators if indicator.id == node), ""
        )
        return own or self.aggregation

    @property
    def sums(self) -> bool:
        """Whether every node is an arithmetic mean, so that weighted leaves add up to the index."""
        nodes = {indicator.parent for indicator in self.indicators}
        return all(self.aggregation_of(node) == "arithmetic" for node in nodes)

    def children(self, parent: str) -> tuple[Indicator, ...]:
        """Return the parts of a node, or of the index itself for ``""``."""
        return tuple(indicator for indicator in self.indicators if indicator.parent == parent)


_FILES = "indices/*.toml"


def index_ids() -> list[str]:
    """Return the ids of the indices and forms that ship with the package, and those that other packages bring.

    Examples
    --------
    >>> "ccni-2.0" in index_ids()
    True
    """
    return sorted(path.stem for path in list_data(_FILES).values())


def load_index(name: str | Path) -> Index:
    """Return an index by its id, or from a declaration file of one's own (a path that ends in ``.toml``).

    Raises
    ------
    IndexDataError
        If it does not exist, or its declaration has faults: all of them, with file and key.

    Examples
    --------
    >>> index = load_index("ccni-2.0")
    >>> [len([i for i in index.indicators if i.level == level]) for level in (1, 2, 3)], len(index.leaves)
    ([3, 5, 16], 16)
    """
    name = str(name)
    if name.endswith(".toml"):
        return read_index(name)
    if name not in index_ids():
        raise IndexDataError(
            say(
                "no index {name!r}; {near}",
                name=name,
                near=near_or_known(name, index_ids()),
            )
        )
    return _load_shipped(name)


@cache
def _load_shipped(name: str) -> Index:
    return read_index(list_data(_FILES)[f"indices/{name}.toml"])


def read_index(path: str | Path) -> Index:
    """Read a declaration file.

    Raises
    ------
    IndexDataError
        Every fault of the file, one a line, with file and key.
    """
    path = Path(path)
    try:
        content = read_toml(path)
    except OSError as error:
        raise IndexDataError(
            say(
                "{path}: cannot be opened ({strerror}); name an index or a .toml declaration",
                path=path,
                strerror=error.strerror,
            )
        ) from None
    except ValueError as error:
        raise IndexDataError(say("{name}: {error}", name=path.name, error=error)) from None
    if faults := [
        say("{name}: {fault}", name=path.name, fault=fault)
        for fault in find_faults(content, shared_inputs())
    ]:
        raise IndexDataError(join_texts("\n", faults))
    rules = {name: _rule(name, about) for name, about in content.get("rule", {}).items()}
    nodes = content["indicator"]
    parents = {node["id"]: node.get("parent", "") for node in nodes}
    indicators = tuple(_indicator(node, parents) for node in nodes)
    return Index(
        id=path.stem,
        kind=content.get("kind", "index"),
        title=content["title"],
        title_zh=content["title_zh"],
        publisher=content["publisher"],
        date=str(content["date"]),
        reference=content["reference"],
        scale=float(content.get("scale", 1)),
        missing=content.get("missing", "absent"),
        aggregation=content.get("aggregation", "arithmetic"),
        weights_reason=content.get("weights_reason", ""),
        indicators=indicators,
        rules=rules,
        inputs=_inputs(content, indicators, rules),
        choices=tuple((choice["about"], choice["reason"]) for choice in content.get("choice", [])),
        notes=tuple(content.get("notes", [])),
        layout=tuple(content.get("layout", [])),
        periods=tuple(content.get("periods", [])),
    )


@cache
def shared_inputs() -> Mapping[str, Input]:
    """Return the inputs that indices share: ``factors/vocabulary/index_inputs.csv``."""
    return {
        row["id"]: Input(
            id=row["id"],
            zh=row["name_zh"],
            en=row["name_en"],
            unit=row["unit"],
            unit_zh=row["unit_zh"],
            additive=row["additive"] == "yes",
            minimum=_bound(row["minimum"]),
            maximum=_bound(row["maximum"]),
            grades=(),
            scopes=tuple(map(int, row["scopes"].split())),
            flows=tuple(row["flows"].split()),
            products=tuple(row["products"].split()),
            energy_flows=tuple(row["energy_flows"].split()),
            power=row["power"],
            activities=tuple(row["activities"].split()),
        )
        for row in read_rows(data_folder() / "vocabulary" / "index_inputs.csv")
    }


def read_fraction(weight: object) -> float:
    """Return a weight that is written as a number or as a fraction such as ``"5/15"``."""
    above, _, below = str(weight).partition("/")
    return float(above) / float(below or 1)


def _bound(text: object) -> float:
    return math.nan if text in ("", None) else float(str(text))


def _rule(name: str, about: Mapping[str, Any]) -> ScoreRule:
    made = dict(about)
    made["steps"] = tuple((float(bound), float(score)) for bound, score in about.get("steps", []))
    made["grades"] = tuple(
        Grade(g["id"], g["zh"], g["en"], float(g["score"])) for g in about.get("grades", [])
    )
    return ScoreRule(name, **made)


def _indicator(node: Mapping[str, Any], parents: Mapping[str, str]) -> Indicator:
    level = 1 + sum(1 for _ in climb(node.get("parent", ""), parents.__getitem__))
    leaf = node["id"] not in parents.values()
    value = node.get("value", {})
    return Indicator(
        id=node["id"],
        zh=node["zh"],
        en=node["en"],
        parent=node.get("parent", ""),
        level=node.get("level", level),
        weight=read_fraction(node.get("weight", "nan")),
        weight_choice=node.get("weight_choice", "published"),
        leaf=leaf,
        unit=node.get("unit", ""),
        unit_zh=node.get("unit_zh", ""),
        direction=node.get("direction", ""),
        origin=node.get("from", ""),
        op=value.get("op", "column") if leaf else "",
        of=tuple(value.get("of", ())),
        span=value.get("span", 1),
        target=value.get("target", ""),
        rule=node.get("rule", ""),
        place=node.get("place", ""),
        note=node.get("note", ""),
        aggregation=node.get("aggregation", ""),
    )


def _inputs(
    content: Mapping[str, Any], indicators: tuple[Indicator, ...], rules: Mapping[str, ScoreRule]
) -> dict[str, Input]:
    """Return every input of the index in the order in which the tree asks for it; a leaf may also be given itself."""
    local = {
        about["id"]: Input(
            about["id"],
            about["zh"],
            about["en"],
            about["unit"],
            about.get("unit_zh", ""),
            about.get("additive", False),
            _bound(about.get("minimum")),
            _bound(about.get("maximum")),
        )
        for about in content.get("input", [])
    }
    found: dict[str, Input] = {}
    for leaf in indicators:
        if not leaf.leaf:
            continue
        for need in leaf.needs:
            if need != leaf.id:
                found.setdefault(need, local.get(need) or shared_inputs()[need])
        grades = rules[leaf.rule].grades if leaf.rule else ()
        points = rules[leaf.rule] if leaf.unit == "points" else None
        low, high = (points.minimum, points.maximum) if points else (math.nan, math.nan)
        found[leaf.id] = Input(
            leaf.id,
            leaf.zh,
            leaf.en,
            leaf.unit,
            leaf.unit_zh,
            minimum=low,
            maximum=high,
            grades=grades,
        )
    return found
