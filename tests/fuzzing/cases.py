"""Many changed tables, one after another from a seed, and what came of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fuzzing import harmless, labels, numbers, shape, units  # noqa: F401 - they enter kinds
from tests.fuzzing.draft import Draft
from tests.fuzzing.kinds import KINDS
from tests.fuzzing.outcome import Difference, compare, find_outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.fuzzing.base import Base
    from tests.fuzzing.kinds import Kind

GRAVE = 0.01  # of the direct emissions of an area and year
_TRIES = 30


@dataclass(frozen=True)
class Case:
    """One change of one table: what was done, and what the program said."""

    number: int
    kind: Kind
    table: str
    is_summed: bool
    done: str
    difference: Difference

    @property
    def is_grave(self) -> bool:
        """Whether more than 1 % of a total changed without a warning."""
        return self.difference.verdict in {"silent", "noted"} and self.difference.worth > GRAVE

    @property
    def holds(self) -> bool:
        """Whether the program did what the kind asks for."""
        if self.kind.shown == "harmless":
            return self.difference.verdict == "same"
        return self.difference.verdict != "traceback" and (
            self.kind.shown == "hidden" or not self.is_grave
        )


def run_cases(
    bases: Sequence[Base], kinds: Sequence[str], *, seed: int, count: int
) -> Iterator[Case]:
    """Change tables, each kind in turn, and compare what comes out.

    A case depends on the seed, its number and the tables alone: what comes before it does not
    matter, and ``run_case`` makes it again.
    """
    for number in range(count):
        case = run_case(bases, kinds[number % len(kinds)], seed=seed, number=number)
        if case is not None:
            yield case


def run_case(bases: Sequence[Base], kind: str, *, seed: int, number: int) -> Case | None:
    """Run one case; None where no table gives a place for the kind."""
    chance = random.Random(f"{seed}/{number}/{kind}")
    for _ in range(_TRIES):
        base = chance.choice(bases)
        draft = Draft(base, chance)
        done = KINDS[kind].change(draft)
        if done is not None:
            difference = compare(base.outcome, find_outcome(draft.sheets, base.method))
            spot = draft.picked
            return Case(
                number=number,
                kind=KINDS[kind],
                table=base.name,
                is_summed=spot is not None and (spot.flow, spot.product) in base.summed,
                done=done,
                difference=difference,
            )
    return None
