"""What is wrong with, or to be known of, the numbers of activity tables taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.errors import Finding, name_some
from carbonacct.sectors.sources.names import UNSPECIFIED, sector_name
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from carbonacct.records.rows import LabelledRow
    from carbonacct.sectors.sources.names import Names

_SHARE_ROOM = 0.005  # what the rounding of printed shares may leave


@dataclass(frozen=True)
class ActivityNumber:
    """A row that is understood."""

    symbol: str
    area: str
    year: int
    labels: tuple[tuple[str, str], ...]
    value: float
    notation: str
    row: LabelledRow

    @property
    def key(self) -> tuple[Any, ...]:
        """What no two rows may have in common."""
        return self.symbol, self.area, self.year, self.labels

    @property
    def name(self) -> str:
        """What a message calls it."""
        said = (self.symbol, *(label for _, label in self.labels), self.area, self.year)
        return " ".join(str(part) for part in said if part)


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
                    address=parts[0].row.address("value"),
                    symbol=symbol,
                    area=area,
                    year=year,
                    total=total,
                    dim=dim,
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
            passed=name_some(list(passed), 6),
        ),
        "",
        say("name their sectors, or leave --sectors out"),
    )
    return kept, [finding]


def find_labels_left_out(found: Iterable[ActivityNumber]) -> Iterator[Finding]:
    """Find numbers that do not say a label which may be left out."""
    bare: dict[tuple[str, str], list[ActivityNumber]] = {}
    for number in found:
        for dim, label in number.labels:
            if label == UNSPECIFIED:
                bare.setdefault((number.symbol, dim), []).append(number)
    for (symbol, dim), numbers in bare.items():
        items = dict.fromkeys(
            label for number in numbers for name, label in number.labels if name != dim
        )
        known = dict(vocabulary.dim_labels(dim))
        _, meant = known.pop(UNSPECIFIED)
        yield Finding(
            "label-left-out",
            "warning",
            say(
                "{symbol} of {items} is read as {meant!r}",
                symbol=symbol,
                items=name_some(list(items), 6),
                meant=meant,
            ),
            numbers[0].row.address("item"),
            say("split it if that is known: {known}", known=join_texts(", ", known)),
        )
