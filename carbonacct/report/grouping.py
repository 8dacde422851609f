"""Findings of several tables: the same cause in the tables of several years is one finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from carbonacct.errors import Finding


def group_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, each once, those of one cause in several years as one.

    Parameters
    ----------
    findings
        Of one table or of several. Those of one rule and severity whose gaps name the same area,
        flows and products are of one cause.

    Examples
    --------
    >>> from carbonacct.errors import Finding, Gap
    >>> found = [Finding("sum-of-parts", "error", f"coke of industry is off in {year}", f"{year}.csv!B4",
    ...                  gaps=(Gap("A", year, "industry", "coke", 5.0),)) for year in (2019, 2020)]
    >>> print(group_findings(found)[0])
    2019.csv!B4: coke of industry is off in 2019; likewise in 2020 (2020.csv!B4)
    """
    groups: dict[Hashable, list[Finding]] = {}
    for finding in dict.fromkeys(findings):
        groups.setdefault(_cause_of(finding), []).append(finding)
    return [finding for group in groups.values() for finding in _join(group)]


def _cause_of(finding: Finding) -> Hashable:
    cells = frozenset((gap.area, gap.flow, gap.product) for gap in finding.gaps)
    return (finding.rule, finding.severity, cells) if cells else finding


def _join(group: list[Finding]) -> list[Finding]:
    """Return a group as one finding, if each is of other years than the rest."""
    first, others = group[0], group[1:]
    if not others or sum(len(_years(one)) for one in group) > len(set().union(*map(_years, group))):
        return group
    listed = join_texts(
        ", ",
        (
            say("{years} ({where})", years="/".join(map(str, sorted(_years(one)))), where=one.where)
            for one in others
        ),
    )
    gaps = tuple(gap for one in group for gap in one.gaps)
    return [
        replace(
            first,
            message=say("{message}; likewise in {listed}", message=first.message, listed=listed),
            gaps=gaps,
        )
    ]


def _years(finding: Finding) -> set[int]:
    return {gap.year for gap in finding.gaps}
