"""Make the blocks of a sector file: read their equations, put them in order, check their units."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct import dim_names, vocabulary
from carbonacct.categories import categories
from carbonacct.data import data_folder
from carbonacct.equations.dimensions import measure
from carbonacct.equations.expression_tree import Call, looked_back_at, names_in, names_now, walk
from carbonacct.equations.line_by_line import find_loop
from carbonacct.equations.parsing import parse_equation, parse_rule
from carbonacct.equations.sector import Check, EquationBlock, Partner
from carbonacct.equations.unit_check import Known, UnitCheck
from carbonacct.errors import EquationError, UnitError, did_you_mean, near_or_known
from carbonacct.texts import join_texts, say
from carbonacct.units import nouns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from carbonacct.equations.expression_tree import EquationLine, Tree
    from carbonacct.equations.sector import AskedActivity
    from carbonacct.factors.keyed import Parameter

_CATEGORY = re.compile(r"[1-5](?:\.[A-Za-z0-9]+)*")


def assemble(
    content: Mapping[str, Any],
    activities: Mapping[str, AskedActivity],
    parameters: Mapping[str, Parameter],
    faults: list[str],
) -> dict[str, EquationBlock]:
    """Return the blocks, each behind those that it needs; faults go to the list."""
    can_check = not faults  # without the units of what is declared no equation can be checked
    read: dict[str, EquationBlock] = {}
    broken: set[str] = set()
    for kind in ("quantity", "source"):
        for about in content.get(kind, []):
            try:
                block = _read_block(kind, about)
            except EquationError as error:
                found = [str(error)]
            else:
                read[block.id] = block
                found = list(_block_faults(about, block))
            faults += [say("{id}: {fault}", id=about["id"], fault=fault) for fault in found]
            broken |= {about["id"]} if found else set()
    faults += _mention_faults(read)
    checked: dict[str, EquationBlock] = {}
    if can_check:
        declared: list[AskedActivity | Parameter] = [*activities.values(), *parameters.values()]
        known = {about.id: Known(measure(about.unit), about.dims) for about in declared}
        for name in _in_order(read, faults):
            # What uses a broken block cannot be checked either: its own fault is said.
            if name in broken or broken & set(_names_used(read[name])):
                broken.add(name)
            else:
                _check_block(read[name], known, checked, faults)
    if not broken - set(read):
        faults += _unused(activities, parameters, read)
    return checked


def _names_used(block: EquationBlock) -> list[str]:
    return [name for tree in _trees(block) for name in names_in(tree)]


def _read_block(kind: str, about: Mapping[str, Any]) -> EquationBlock:
    gas = about.get("gas", ())
    gases = (gas,) if isinstance(gas, str) else tuple(gas)
    lines = parse_equation(about["equation"])
    unit = about.get("unit") or ("t {gas}" if len(gases) > 1 else f"t {gases[0]}")
    partner = about.get("partner")
    return EquationBlock(
        id=about["id"],
        kind="quantity" if kind == "quantity" else about.get("kind", "emission"),
        unit=unit,
        text=about["equation"].strip(),
        lines=lines,
        zh=about.get("zh", ""),
        en=about.get("en", ""),
        category=about.get("category", ""),
        gases=gases,
        cite=about.get("cite", ""),
        dims=tuple(about.get("dims", ())),
        units={**about.get("units", {}), lines[-1].name: unit},
        starts=about.get("starts", {}),
        checks=tuple(
            Check(check["rule"], parse_rule(check["rule"]), check["else"] == "refuse")
            for check in about.get("checks", [])
        ),
        excludes=tuple(about.get("excludes", ())),
        partner=(
            Partner(
                sector=partner["sector"],
                quantity=partner["quantity"],
                product=partner.get("product", ""),
                flow=partner.get("flow", ""),
                both=partner["both"],
                labels={dim: tuple(own) for dim, own in partner.get("labels", {}).items()},
            )
            if partner
            else None
        ),
        examples=tuple(about.get("example", ())),
        line_dims={name: tuple(dims) for name, dims in about.get("keeps", {}).items()},
    )


def _block_faults(about: Mapping[str, Any], block: EquationBlock) -> Iterator[str]:
    """Find what contradicts itself within one block."""
    if block.is_source:
        yield from _source_faults(block)
    names = [line.name for line in block.lines]
    wanted = block.id if not block.is_source else "E" if len(block.gases) > 1 else block.gases[0]
    if names[-1] != wanted:
        yield say("the last line is {name}; call it {wanted}", name=names[-1], wanted=wanted)
    twice = sorted({name for name in names if names.count(name) > 1})
    yield from (say("the line {name} stands there twice", name=name) for name in twice)
    for key in ("units", "keeps", "starts"):
        for name in about.get(key, {}):
            if name not in names:
                yield say(
                    "{key} has {name}, which is no line; {near}",
                    key=key,
                    name=name,
                    near=did_you_mean(name, names),
                )
    yield from (
        say("the line {name} has no unit; add it to units", name=name)
        for name in names
        if name not in block.units
    )
    yield from _lookback_faults(block)


def _source_faults(block: EquationBlock) -> Iterator[str]:
    if not _CATEGORY.fullmatch(block.category):
        yield say(
            "category {category!r} is not an IPCC category such as 2.A.1", category=block.category
        )
    elif block.category not in categories():
        near = did_you_mean(block.category, categories()) or say(
            "factors/vocabulary/categories.csv lists them"
        )
        yield say("{code} is no category; {near}", code=block.category, near=near)
    gases = [noun for noun, kind in nouns().items() if kind == "gas"]
    for gas in block.gases:
        if gas not in gases:
            near = near_or_known(gas, gases)
            yield say("{gas!r} is no gas; {near}", gas=gas, near=near)
    if not block.cite.strip():
        yield say("has no cite; name document, chapter and equation, or the report of your own")
    if not block.examples:
        yield say("has no [[source.example]]; units see no wrong sign, a worked example does")


def _lookback_faults(block: EquationBlock) -> Iterator[str]:
    """Find lines that look back without a first value, or over years at themselves."""
    back = {name for line in block.lines for name in looked_back_at(line.tree)}
    for name in sorted(back - set(block.starts)):
        yield say("previous({name}) has no first value; say starts = {{ {name} = 0 }}", name=name)
    for name in sorted(set(block.starts) - back):
        yield say("starts has {name}, which no previous(...) looks back at", name=name)
    looping = find_loop(block.lines)
    for line in block.lines:
        for part in walk(line.tree):
            if not isinstance(part, Call) or part.function not in {"change", "average"}:
                continue
            if line.name in looping and looping.intersection(names_in(part)):
                yield say(
                    "{function} looks over the years of {name} itself; use previous",
                    function=part.function,
                    name=line.name,
                )


@cache
def _sources_that_ship() -> frozenset[str]:
    """Return the ids of the sources of all sector files: those of another method may be excluded."""
    paths = (data_folder() / "methods").glob("*/*.toml")
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    return frozenset(source["id"] for file in files for source in file.get("source", ()))


def _mention_faults(blocks: Mapping[str, EquationBlock]) -> Iterator[str]:
    """Find blocks that name others which do not exist."""
    for block in blocks.values():
        others = [other.id for other in blocks.values() if other.is_source and other is not block]
        for name in block.excludes:
            if name not in others and (name in blocks or name not in _sources_that_ship()):
                near = (
                    did_you_mean(name, others)
                    or did_you_mean(name, _sources_that_ship())
                    or say("name a source of this file or of another that ships")
                )
                yield say(
                    "{id}: excludes {name}, which is no other source; {near}",
                    id=block.id,
                    name=name,
                    near=near,
                )
        if block.partner and block.partner.quantity not in blocks:
            near = did_you_mean(block.partner.quantity, blocks) or say(
                "add a [[quantity]] of that id"
            )
            yield say(
                "{id}.partner: there is no quantity {quantity}; {near}",
                id=block.id,
                quantity=block.partner.quantity,
                near=near,
            )
        if block.partner:
            for word, known in (
                (block.partner.flow, vocabulary.flows()),
                (block.partner.product, vocabulary.products()),
            ):
                if word and word not in known:
                    near = did_you_mean(word, known) or say("see factors/vocabulary")
                    yield say(
                        "{id}.partner: {word!r} is no row or fuel of a balance; {near}",
                        id=block.id,
                        word=word,
                        near=near,
                    )
            yield from _subtract_faults(block, blocks)


def _subtract_faults(block: EquationBlock, blocks: Mapping[str, EquationBlock]) -> Iterator[str]:
    """Find partners whose carbon cannot be taken out: it is no carbon, or of no such labels."""
    partner = block.partner
    if partner is None or partner.quantity not in blocks:
        return
    quantity = blocks[partner.quantity]
    if partner.both == "subtract" and quantity.unit != "t C":
        yield say(
            '{source}.partner: {quantity} is in {unit}; what both = "subtract" takes out is carbon in t C',
            source=block.id,
            quantity=quantity.id,
            unit=quantity.unit,
        )
    for dim, labels in partner.labels.items():
        known = dim_names.dim_labels(dim)
        for label in labels:
            if dim not in quantity.dims or (known and label not in known):
                yield say(
                    "{source}.partner: {quantity} has no {dim} {label!r}; correct labels",
                    source=block.id,
                    quantity=quantity.id,
                    dim=dim,
                    label=label,
                )


def _in_order(blocks: Mapping[str, EquationBlock], faults: list[str]) -> list[str]:
    """Return the blocks as they stand in the file, but each behind those that it uses."""
    needs = {
        block.id: [name for name in _names_used(block) if name in blocks]
        for block in blocks.values()
    }
    order: list[str] = []
    circles: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = " -> ".join([*path[path.index(name) :], name])
            circles.append(
                say("{name}: the blocks go in a circle: {circle}", name=name, circle=circle)
            )
        elif name not in order:
            for needed in needs[name]:
                visit(needed, (*path, name))
            order.append(name)

    for name in blocks:
        if not circles:
            visit(name, ())
    faults += circles
    return [] if circles else order


def _check_block(
    block: EquationBlock,
    known: dict[str, Known],
    checked: dict[str, EquationBlock],
    faults: list[str],
) -> None:
    """Check a block by units and labels; a checked block may be used by those behind it."""
    found: list[str] = []
    clash = sorted(({line.name for line in block.lines} - {block.id}) & set(known))
    found += [say("the line {name} has the name of something else", name=name) for name in clash]
    try:
        known[block.id] = Known(measure(block.unit), block.all_dims)  # for those that use it
        done = _check_units(block, known, found)
    except (EquationError, UnitError) as error:
        found.append(str(error))
    else:
        found += [*_gas_faults(done, checked), *_unused_lines(done)]
        checked[block.id] = done
    faults += [say("{id}: {fault}", id=block.id, fault=fault) for fault in found]


def _check_units(
    block: EquationBlock, known: Mapping[str, Known], faults: list[str]
) -> EquationBlock:
    """Return a block with its scales put in; faults of its checks go to the list."""
    back = {name for line in block.lines for name in looked_back_at(line.tree)}
    keeps = dict.fromkeys(back, ()) | dict(block.line_dims) | {block.result: block.all_dims}
    declared = {
        line.name: Known(measure(block.units[line.name]), keeps.get(line.name, ()))
        for line in block.lines
    }
    check = UnitCheck(known, declared)
    lines: list[EquationLine] = []
    for position, line in enumerate(block.lines):
        _refuse_later(line, {later.name for later in block.lines[position:]})
        done, names = check.check_line(line, block.units[line.name], keeps.get(line.name))
        lines.append(done)
        check.names[line.name] = names
    checks: list[Check] = []
    for one in block.checks:
        try:
            checks.append(replace(one, rule=check.check_rule(one.rule)))
        except EquationError as error:
            faults.append(say("checks: {error}", error=error))
    dims = {line.name: check.names[line.name].dims for line in lines}
    return replace(block, lines=tuple(lines), checks=tuple(checks), line_dims=dims)


def _gas_faults(block: EquationBlock, checked: Mapping[str, EquationBlock]) -> Iterator[str]:
    """Find other blocks by gas whose gases are others: entries would not lie side by side."""
    for name in _names_used(block):
        other = checked.get(name)
        if other and "gas" in other.all_dims and other.gases != block.gases:
            yield say(
                "uses {name}, which is of {gases}: other gases",
                name=name,
                gases=join_texts(", ", other.gases),
            )


def _unused_lines(block: EquationBlock) -> Iterator[str]:
    used = set(_names_used(block))
    for line in block.lines[:-1]:
        if line.name not in used:
            yield say("the line {name} is not used; take it out", name=line.name)


def _trees(block: EquationBlock) -> Iterator[Tree]:
    """Go over the right sides of a block's lines and both sides of its checks."""
    yield from (line.tree for line in block.lines)
    for check in block.checks:
        yield from (check.rule.left, check.rule.right)


def _refuse_later(line: EquationLine, later: set[str]) -> None:
    for name in names_now(line.tree):
        if name in later:
            raise EquationError(
                say(
                    "the line {name} uses {needed}, which is not worked out before it; move it up",
                    name=line.name,
                    needed=name,
                )
            )


def _unused(
    activities: Mapping[str, AskedActivity],
    parameters: Mapping[str, Parameter],
    blocks: Mapping[str, EquationBlock],
) -> Iterator[str]:
    """Find what is declared and used by no source."""
    used = {name for block in blocks.values() for tree in _trees(block) for name in names_in(tree)}
    used |= {block.partner.quantity for block in blocks.values() if block.partner}
    kinds = [("activity", activities), ("parameter", parameters)]
    quantities = {name: block for name, block in blocks.items() if not block.is_source}
    for kind, names in [*kinds, ("quantity", quantities)]:
        for name in names:
            if name not in used:
                yield say(
                    "{kind} {name}: is declared but used by no source; use it or take it out",
                    kind=kind,
                    name=name,
                )
