"""What is wrong with, or to be known of, the numbers of activity tables taken together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct import dim_names
from carbonacct.errors import Finding, name_some
from carbonacct.records.area_names import area_id
from carbonacct.sectors.sources.activity_names import UNSPECIFIED, sector_name
from carbonacct.texts import Both, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from carbonacct.equations.sector import AskedActivity
    from carbonacct.factors.keyed import Parameter
    from carbonacct.sectors.sources.activity_names import Names

_SHARE_ROOM = 0.005  # what the rounding of printed shares may leave


@dataclass(frozen=True)
class NumberOrigin:
    """Where a number stands.

    Attributes
    ----------
    where, item
        The cells of the number, and of what it is of.
    printed, source
        The number and its unit as they stand there, and the source that the row states.
    rounding
        Half a unit of the last printed digit, in the declared unit; 0 where the number is taken as exact.
    is_page
        Whether a page of a yearbook prints it, and no row that names its activity.
    """

    where: str
    item: str = ""
    printed: str = ""
    source: str = ""
    rounding: float = 0.0
    is_page: bool = False


@dataclass(frozen=True)
class ActivityNumber:
    """A number that is understood."""

    symbol: str
    called: str
    area: str
    year: int
    labels: tuple[tuple[str, str], ...]
    value: float
    notation: str
    origin: NumberOrigin

    @property
    def key(self) -> tuple[Any, ...]:
        """What no two rows may have in common."""
        return self.symbol, self.area, self.year, self.labels

    def agrees_with(self, other: ActivityNumber) -> bool:
        """Return whether two prints are of one number, within the rounding of the coarser."""
        if self.notation or other.notation:
            return self.notation == other.notation
        # A change of unit may leave the last bit.
        room = max(self.origin.rounding, other.origin.rounding) + 1e-12 * abs(self.value)
        return abs(self.value - other.value) <= room

    @property
    def name(self) -> str:
        """What a message calls it."""
        labels = [dim_names.called_label(dim, label) for dim, label in self.labels]
        parts = [self.called, *labels, self.area, str(self.year or "")]
        return join_texts(" ", filter(None, parts))


def twice_printed(number: ActivityNumber, other: ActivityNumber) -> str:
    """Say that two numbers of one meaning differ."""
    return say(
        "{address}: {name} is {printed} here and {other_printed} in {other_address}; keep one",
        address=number.origin.where,
        name=number.name,
        printed=number.origin.printed,
        other_printed=other.origin.printed,
        other_address=other.origin.where,
    )


def overruled(printed: ActivityNumber, stated: ActivityNumber) -> Finding:
    """Return the finding that a row of an activity table stands before another number of a page."""
    return Finding(
        "activity-overruled",
        "info",
        say(
            "{name} is {printed} here and counts as {stated}, as {where} states",
            name=printed.name,
            printed=printed.origin.printed,
            stated=stated.origin.printed.strip() or stated.notation,
            where=stated.origin.where,
        ),
        printed.origin.where,
    )


class AreasAndYears:
    """Which area and year a number is of that names none, and how areas are spelled."""

    def __init__(self, area: str | None, year: int | None, areas: Sequence[str] = ()) -> None:
        self.area, self.year = area or "", year or 0
        self._known = {area_id(name) for name in areas}
        self._spelled = {area_id(name): name for name in areas}

    def spell(self, name: str) -> str:
        """Return an area as the balances spell it, or as it was first spelled."""
        name = name or self.area
        return self._spelled.setdefault(area_id(name), name)

    def is_elsewhere(self, name: str) -> bool:
        """Return whether there are balances, and none of them is of an area."""
        return bool(self._known) and area_id(name) not in self._known


def find_bound_fault(
    names: Names, about: AskedActivity | Parameter, value: float, declared: str
) -> str:
    """Return what is wrong with a value in the declared unit, or an empty string."""
    if math.isfinite(value) and about.minimum <= value <= about.maximum:
        return ""
    shown = f"{value:g} {declared}".removesuffix(" 1")
    if about.maximum == math.inf:
        return say(
            "{id} is {shown}; it cannot be below {minimum:g}; correct it",
            id=names.called(about.id),
            shown=shown,
            minimum=about.minimum,
        )
    hint = say("a percentage has the unit %") if about.maximum == 1 else say("correct it")
    return say(
        "{id} is {shown}; it lies between {minimum:g} and {maximum:g}; {hint}",
        id=names.called(about.id),
        shown=shown,
        minimum=about.minimum,
        maximum=about.maximum,
        hint=hint,
    )


def find_share_faults(
    names: Names, found: Mapping[tuple[Any, ...], ActivityNumber]
) -> Iterator[str]:
    """Find shares that do not add to 1 (or go beyond it) over their dim."""
    groups: dict[tuple[Any, ...], list[ActivityNumber]] = {}
    for number in found.values():
        about = names.about(number.symbol)
        dim = getattr(about, "shares", "") or getattr(about, "at_most", "")
        if dim and not number.notation:
            rest = tuple(pair for pair in number.labels if pair[0] != dim)
            key = (number.symbol, number.area, number.year, rest)
            groups.setdefault(key, []).append(number)
    for (symbol, area, year, _), parts in groups.items():
        about = names.about(symbol)
        total = sum(part.value for part in parts)
        exact = bool(getattr(about, "shares", ""))
        if total - 1 > _SHARE_ROOM or (exact and 1 - total > _SHARE_ROOM):
            dim = getattr(about, "shares", "") or getattr(about, "at_most", "")
            wanted = "1" if exact else say("at most 1")
            yield (
                say(
                    "{address}: {symbol} of {area} {year} adds to {total:.4g} over {dim}, "
                    "not to {wanted}; correct the shares",
                    address=parts[0].origin.where,
                    symbol=names.called(symbol),
                    area=area,
                    year=year,
                    total=total,
                    dim=Both(dim, "各项"),
                    wanted=wanted,
                )
            )


def keep_sectors(
    names: Names, found: Mapping[tuple[Any, ...], ActivityNumber], sectors: Sequence[str] | None
) -> tuple[list[ActivityNumber], list[Finding]]:
    """Return the numbers that some sectors use, and what is passed over."""
    if sectors is None:
        return list(found.values()), []
    kept, passed = [], dict[str, int]()
    for number in found.values():
        users = {sector_name(sector.id) for sector in names.using(number.symbol)}
        if users & set(sectors):
            kept.append(number)
        else:
            passed[number.symbol] = passed.get(number.symbol, 0) + 1
    if not passed:
        return kept, []
    finding = Finding(
        "activity-passed",
        "info",
        say(
            "{sum} numbers of other sectors are passed over: {passed}",
            sum=sum(passed.values()),
            passed=name_some([names.called(symbol) for symbol in passed], 6),
        ),
        "",
        say("name their sectors, or leave --sectors out"),
    )
    return kept, [finding]


def find_labels_left_out(names: Names, found: Iterable[ActivityNumber]) -> Iterator[Finding]:
    """Find numbers that do not say a label which may be left out."""
    bare: dict[tuple[str, str], list[ActivityNumber]] = {}
    for number in found:
        for dim, label in number.labels:
            if label == UNSPECIFIED:
                bare.setdefault((number.symbol, dim), []).append(number)
    for (symbol, dim), numbers in bare.items():
        items = dict.fromkeys(
            dim_names.called_label(name, label)
            for number in numbers
            for name, label in number.labels
            if name != dim
        )
        known = dict(dim_names.dim_labels(dim))
        chinese, english = known.pop(UNSPECIFIED)
        yield Finding(
            "label-left-out",
            "warning",
            say(
                "{symbol} of {items} is read as '{meant}'",
                symbol=names.called(symbol),
                items=name_some(list(items), 6),
                meant=Both(english, chinese),
            ),
            numbers[0].origin.item,
            say(
                "split it if that is known: {known}",
                known=join_texts(", ", (dim_names.called_label(dim, label) for label in known)),
            ),
        )
