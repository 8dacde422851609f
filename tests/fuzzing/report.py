"""What came of many cases, as tables for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from tests.fuzzing.kinds import KINDS
from tests.fuzzing.outcome import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.fuzzing.cases import Case


def describe(cases: Sequence[Case], *, examples: int = 3) -> Iterator[str]:
    """Return the lines of a report in Markdown: rates, kinds, tables and the worst cases."""
    yield f"{len(cases)} changes of {len({case.table for case in cases})} tables\n"
    yield from _rates(cases)
    yield "\n## By kind\n"
    yield from _table(cases, "kind", lambda case: case.kind.name)
    yield "\n## By table\n"
    yield from _table(cases, "table", lambda case: case.table)
    yield "\n## Harmless changes that were not\n"
    wrong = [case for case in cases if case.kind.shown == "harmless" and not case.holds]
    yield from tell_cases(wrong, examples)
    yield "\n## Silent, and more than 1 % of a total\n"
    yield from tell_cases([case for case in cases if case.is_grave], examples)
    yield "\n## What no single table shows\n"
    yield from (
        f"- {kind.name}: {kind.reason}" for kind in KINDS.values() if kind.shown == "hidden"
    )


def grave_share(cases: Sequence[Case]) -> float:
    """Return the share of cases in which more than 1 % of a total changed without a warning."""
    return sum(case.is_grave for case in cases) / len(cases) if cases else 0.0


def _rates(cases: Sequence[Case]) -> Iterator[str]:
    found = Counter(case.difference.verdict for case in cases)
    yield ", ".join(f"{name} {found[name]} ({found[name] / len(cases):.1%})" for name in VERDICTS)
    harmful = [case for case in cases if case.kind.shown != "harmless"]
    shown = [case for case in harmful if case.kind.shown == "shown"]
    summed = [case for case in shown if case.is_summed]
    yield "\nSilent, and more than 1 % of a total:\n"
    for what, group in [
        ("all changes that are not harmless", harmful),
        ("of these, the kinds that a single table shows", shown),
        ("of these, at numbers that stand in a sum", summed),
    ]:
        yield f"- {what}: {_grave(group)} of {len(group)}, {grave_share(group):.2%}"


def _table(cases: Sequence[Case], name: str, key: Callable[[Case], str]) -> Iterator[str]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[key(case)].append(case)
    yield f"| {name} | shown | cases | {' | '.join(VERDICTS)} | silent > 1 % |"
    yield f"|---|---|{'--:|' * (len(VERDICTS) + 2)}"
    rows = sorted(groups.items(), key=lambda item: (-_grave(item[1]) / len(item[1]), item[0]))
    for label, group in rows:
        found = Counter(case.difference.verdict for case in group)
        what = group[0].kind.shown if name == "kind" else ""
        counts = " | ".join(str(found[each] or "") for each in VERDICTS)
        yield f"| {label} | {what} | {len(group)} | {counts} | {_grave(group) or ''} |"


def _grave(cases: Sequence[Case]) -> int:
    return sum(case.is_grave for case in cases if case.kind.shown != "harmless")


def tell_cases(cases: Sequence[Case], count: int = 3) -> Iterator[str]:
    """Return a line for each kind, and for its worst cases."""
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.kind.name].append(case)
    for kind, group in sorted(groups.items()):
        yield f"- {kind} ({group[0].kind.shown}; {len(group)} cases)"
        for case in sorted(group, key=lambda case: -case.difference.worth)[:count]:
            says = f": {case.difference.says[:200]}" if case.difference.says else ""
            what = f"{case.difference.verdict}, {case.difference.worth:.3g} of the total{says}"
            yield f"  - case {case.number}, {case.table}: {case.done[:200]} ({what})"
