"""Numbers of several parts: a printed total counts what its printed parts leave, or is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from carbonacct.dim_names import called_label, dim_labels
from carbonacct.errors import Finding, name_some
from carbonacct.sectors.sources.activity_names import ALL, UNSPECIFIED
from carbonacct.sectors.sources.method_labels import usable_labels
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from carbonacct.sectors.sources.activity_names import Names
    from carbonacct.sectors.sources.activity_numbers import ActivityNumber


@dataclass(frozen=True)
class Whole:
    """A printed number that several activities, or labels of one, are parts of.

    Attributes
    ----------
    name
        As it is printed.
    dim, parts
        The dim whose labels are the parts, and these; no dim where the parts are activities, which
        need not be all of it.
    why
        Why the total itself is no activity.
    """

    number: ActivityNumber
    name: str
    dim: str
    parts: tuple[str, ...]
    why: str = ""


def whole_of(
    names: Names, number: ActivityNumber, name: str, *, parts: str = "", why: str = ""
) -> Whole | None:
    """Return the whole that a number is; None where it is one activity.

    Parameters
    ----------
    parts
        What the vocabulary says: ``heads animal=sheep|goats``, or activities: ``nitrogen_fertiliser|...``.
    why
        Why it is no activity itself.
    """
    if parts:
        _, _, split = parts.partition(" ")
        dim, _, labels = split.partition("=")
        return Whole(number, name, dim, tuple((labels or parts).split("|")), why)
    own_labels = dict(number.labels)
    about = names.about(number.symbol)
    for dim in about.dims:
        if own_labels.get(dim, UNSPECIFIED) == UNSPECIFIED:
            known = usable_labels(names.using(about.id)[0], about.id, dim)
            return Whole(number, name, dim, tuple(known))
    return None


def find_wholes_of_kinds(numbers: Iterable[ActivityNumber]) -> list[Whole]:
    """Return the numbers of all kinds of an activity that stand beside some of its kinds.

    The kinds are those that are given: forest of all species beside that of fir, pigs however they
    are kept beside those of households.
    """
    found: dict[tuple[Any, ...], list[tuple[str, ActivityNumber]]] = {}
    for number in numbers:
        for dim, label in number.labels:
            known = dim_labels(dim)
            if (not known or UNSPECIFIED in known) and not number.notation:
                others = tuple(pair for pair in number.labels if pair[0] != dim)
                key = (number.symbol, *_place(number), dim, others)
                found.setdefault(key, []).append((label, number))
    return [
        Whole(number, number.name, dim, (*(kind for kind, _ in kinds if kind != label), label))
        for (_, _, _, dim, _), kinds in found.items()
        for label, number in kinds
        if label in {ALL, UNSPECIFIED} and len(kinds) > 1
    ]


def settle_wholes(
    wholes: Sequence[Whole], numbers: Iterable[ActivityNumber]
) -> tuple[list[ActivityNumber], list[Finding]]:
    """Return what printed totals add to the numbers of an inventory, and what is to be said of them.

    A total that its parts explain adds nothing. Where one part alone is missing, it is the rest. Where
    more are missing, there is no number, and a finding says so.
    """
    known = list(numbers)
    made: list[ActivityNumber] = []
    findings: list[Finding] = []
    unsettled: list[Whole] = []
    # Those that count as they stand, then the smaller: what they give are parts of the larger.
    for whole in sorted(wholes, key=lambda one: (not _is_bare(one), len(one.parts))):
        held = _parts_held(whole, known)
        value = whole.number.value
        if whole.number.notation or not value or (held and not whole.dim):
            continue
        if any(_is_within(one, whole) for one in unsettled):
            continue  # what it leaves cannot be told from what the smaller total leaves
        rest = value - sum(part.value for part in held)
        rounding = whole.number.origin.rounding + sum(part.origin.rounding for part in held)
        labels = {dict(part.labels).get(whole.dim) for part in held}
        missing = [part for part in whole.parts if part not in labels]
        number = None
        if held and abs(rest) <= rounding + 1e-9 * value:
            continue
        if not held and _is_bare(whole):
            number = whole.number
        elif rest < 0 or not missing:
            findings.append(_sum_finding(whole, held))
        elif held and len(missing) == 1:
            number = _rest_of(whole, held, missing[0], max(rest, 0.0))
            findings.append(_rest_finding(whole, held, number))
        else:
            unsettled.append(whole)
            findings.append(_unsettled_finding(whole, missing))
        if number is not None:
            made.append(number)
            known.append(number)
    return made, findings


def _is_bare(whole: Whole) -> bool:
    """Return whether the total may count as it stands where no part is given: animals however they are kept."""
    return dict(whole.number.labels).get(whole.dim) == UNSPECIFIED


def _is_within(one: Whole, other: Whole) -> bool:
    return _place(one.number) == _place(other.number) and set(one.parts) < set(other.parts)


def _place(number: ActivityNumber) -> tuple[str, int]:
    return number.area, number.year


def _parts_held(whole: Whole, known: Sequence[ActivityNumber]) -> list[ActivityNumber]:
    """Return the numbers of a total's area and year that are parts of it."""
    here = [one for one in known if _place(one) == _place(whole.number) and not one.notation]
    if not whole.dim:
        return [one for one in here if one.symbol in whole.parts]
    labels = {
        dim: label
        for dim, label in whole.number.labels
        if dim != whole.dim and label != UNSPECIFIED
    }
    return [
        one
        for one in here
        if one.symbol == whole.number.symbol
        and dict(one.labels).get(whole.dim) in whole.parts
        and labels.items() <= dict(one.labels).items()
    ]


def _rest_of(
    whole: Whole, held: Sequence[ActivityNumber], label: str, rest: float
) -> ActivityNumber:
    """Return the one part that a total leaves, with the cells that it is the difference of."""
    labels = {**dict(whole.number.labels), whole.dim: label}
    order = [dim for dim, _ in held[0].labels]
    origin = whole.number.origin
    where = " - ".join((origin.where, *(part.origin.where for part in held)))
    rounding = origin.rounding + sum(part.origin.rounding for part in held)
    return replace(
        whole.number,
        labels=tuple((dim, labels[dim]) for dim in order),
        value=rest,
        origin=replace(origin, where=where, rounding=rounding),
    )


def _rest_finding(whole: Whole, held: Sequence[ActivityNumber], made: ActivityNumber) -> Finding:
    return Finding(
        "activity-rest",
        "info",
        say(
            "{part} is what {whole} leaves beside {parts}: {value}",
            part=made.name,
            whole=whole.name,
            parts=name_some([part.name for part in held], 4),
            value=f"{made.value:.6g}",
        ),
        whole.number.origin.where,
        say("give it in an activity table where it is known"),
    )


def _sum_finding(whole: Whole, held: Sequence[ActivityNumber]) -> Finding:
    return Finding(
        "activity-sum",
        "error",
        say(
            "{whole} is {value:.6g}, its parts add to {total:.6g}: {parts}",
            whole=whole.name,
            value=whole.number.value,
            total=sum(part.value for part in held),
            parts=name_some([part.name for part in held], 4),
        ),
        whole.number.origin.where,
        say("one of them is misread or misprinted; the parts count"),
    )


def _unsettled_finding(whole: Whole, missing: Sequence[str]) -> Finding:
    number = whole.number
    if not whole.dim:
        text = say("{whole} is not used: {why}", whole=whole.name, why=whole.why)
        return Finding("activity-not-used", "warning", text, number.origin.where)
    return Finding(
        "activity-unsplit",
        "error",
        say(
            "{whole} of {area} {year} is not counted: how much of it is {parts} is not given",
            whole=whole.name,
            area=number.area,
            year=number.year,
            parts=name_some([called_label(whole.dim, part) for part in missing], 6),
        ),
        number.origin.where,
        say(
            "give the parts in an activity table, such as {row}",
            row=f"{number.area},{number.year},{number.symbol},{missing[0]},...",
        ),
    )
