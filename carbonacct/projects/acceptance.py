"""Findings that a person accepts with a reason; an acceptance holds for what it was given for.

It is keyed by rule, area, year, what the finding is about (flows and products) and the differences
it names, in canonical units: not by file, cell or words. It survives another layout or unit of the
table, and ends when a number behind it changes, its review date has passed, the finding is graver
than it was, or its rule now asks something else.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from carbonacct.data import harmless
from carbonacct.errors import SEVERITIES, ProjectError, name_some
from carbonacct.projects.kept_rows import check_needed, read_kept
from carbonacct.projects.rules import find_rule_version
from carbonacct.projects.store import write_whole
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from carbonacct.errors import Finding, Severity
    from carbonacct.projects.run_record import Run

_ADDRESS = re.compile(r"[^\s,;:()]+![^\s,;:()]*")
_DIGITS = 10  # of a difference: a table in another unit gives the same number to that many
_SHOWN = 5
_FIRST = "1"  # version of a rule that asks what it always asked
_ANY_DAY = "2000-01-01"


@dataclass(frozen=True)
class FindingMeaning:
    """What a finding says, whatever the file, cell and unit it was printed in."""

    rule: str
    area: str
    year: str
    place: str
    operands: str


@dataclass(frozen=True)
class Acceptance(FindingMeaning):
    """A finding that somebody accepted, and why.

    Attributes
    ----------
    severity, version
        Of the finding and of its rule when it was accepted; blank where nobody wrote them down: as
        grave as it may be, and the first version.
    """

    because: str
    by: str
    on: str
    review_by: str = ""
    severity: str = ""
    version: str = ""

    @property
    def meaning(self) -> FindingMeaning:
        """What was accepted."""
        return FindingMeaning(
            **{one.name: getattr(self, one.name) for one in fields(FindingMeaning)}
        )


@dataclass(frozen=True)
class Judged:
    """Findings of a project: open, accepted, and acceptances that match none, each with why it ended.

    The reason is blank where no finding says what was accepted any more.
    """

    open: tuple[tuple[FindingMeaning, Finding], ...]
    accepted: tuple[tuple[Acceptance, Finding], ...]
    unused: tuple[tuple[Acceptance, str], ...]


def find_meaning(finding: Finding, places: Sequence[tuple[str, int]]) -> FindingMeaning:
    """Return what a finding says.

    Parameters
    ----------
    places
        Areas and years of the table that it is of.

    Examples
    --------
    >>> from carbonacct.errors import Finding, Gap
    >>> gap = Gap("A", 2020, "industry", "coke", 12.50)
    >>> found = Finding("sum-of-parts", "error", "12.5 off", "a.xlsx!S!B3", gaps=(gap,))
    >>> find_meaning(found, [("A", 2020)])
    FindingMeaning(rule='sum-of-parts', area='A', year='2020', place='industry/coke', operands='12.5')
    """
    if finding.gaps:
        gaps = sorted(finding.gaps)
        areas, years = ({gap[at] for gap in gaps} for at in (0, 1))
        place = "|".join(dict.fromkeys(f"{gap.flow}/{gap.product}" for gap in gaps))
        operands = "|".join(f"{gap.amount:.{_DIGITS}g}" for gap in gaps)
    else:
        areas, years = {area for area, _ in places}, {year for _, year in places}
        place, operands = "", " ".join(_ADDRESS.sub("", finding.message).split())
    area, year = (str(one.pop()) if len(one) == 1 else "*" for one in (areas, years))
    return FindingMeaning(finding.rule, area, year, place, operands)


def judge_findings(runs: Iterable[Run], accepted: Sequence[Acceptance], today: date) -> Judged:
    """Return which findings are open, which are accepted, and which acceptances match none."""
    given: dict[FindingMeaning, list[Acceptance]] = {}
    for one in accepted:
        given.setdefault(one.meaning, []).append(one)
    open_, settled, used = [], [], set[Acceptance]()
    ended: dict[Acceptance, str] = {}
    for run in runs:
        for finding in run.findings:
            meaning = find_meaning(finding, run.places)
            ends = {one: _say_end(one, finding, today) for one in given.get(meaning, ())}
            holding = next((one for one, why in ends.items() if not why), None)
            ended |= {one: why for one, why in ends.items() if why}
            if holding is None:
                open_.append((meaning, finding))
            else:
                settled.append((holding, finding))
                used.update(one for one, why in ends.items() if not why)
    unused = [(one, ended.get(one, "")) for one in accepted if one not in used]
    return Judged(tuple(open_), tuple(settled), tuple(unused))


def _say_end(one: Acceptance, finding: Finding, today: date) -> str:
    """Return why an acceptance of a finding holds no longer, "" where it holds."""
    if one.review_by and date.fromisoformat(one.review_by) < today:
        return say("its date {review_by} has passed", review_by=one.review_by)
    if one.severity and _gravity(finding.severity) > _gravity(one.severity):
        return say(
            "it was accepted as {before} and is {after} now",
            before=one.severity,
            after=finding.severity,
        )
    version = find_rule_version(finding.rule)
    if version > int(one.version or _FIRST):
        return say(
            "its rule is of version {after} and was of {before}",
            before=one.version or _FIRST,
            after=version,
        )
    return ""


def _gravity(severity: str) -> int:
    return -SEVERITIES.index(cast("Severity", severity))


def take_note(findings: Iterable[Finding], meaning: FindingMeaning, **given: str) -> Acceptance:
    """Return the acceptance of findings of one meaning, as grave as they are, by their rule as it is now.

    Parameters
    ----------
    given
        ``because, by, on, review_by``.
    """
    gravest = max((one.severity for one in findings), key=_gravity)
    version = str(find_rule_version(meaning.rule))
    return Acceptance(**asdict(meaning), **given, severity=gravest, version=version)


def read_accepted(path: Path) -> list[Acceptance]:
    """Return the acceptances of a project; none where the file is not there.

    Raises
    ------
    ProjectError
        If a line lacks what an acceptance has, or its date is none.
    """
    names = [one.name for one in fields(Acceptance)]
    found = []
    for row in read_kept(path):
        where = say("{name}: line {line}", name=path.name, line=row["line"])
        check_needed(row, ("rule", "because", "by"), names, where)
        one = Acceptance(**{name: row.get(name) or "" for name in names})
        if one.severity not in {"", *SEVERITIES} or not (one.version or _FIRST).isdecimal():
            raise ProjectError(
                say(
                    "{where}: severity and version are {severity!r} and {version!r}; write "
                    "warning and 1, or leave both blank",
                    where=where,
                    severity=one.severity,
                    version=one.version,
                )
            )
        try:
            date.fromisoformat(one.review_by or _ANY_DAY)
        except ValueError:
            raise ProjectError(
                say(
                    "{where}: review_by {review_by!r} is no date; write 2027-12-31",
                    where=where,
                    review_by=one.review_by,
                )
            ) from None
        found.append(one)
    return found


def accept_finding(
    judged: Judged, rule: str, *, because: str, by: str, place: str = "", review_by: str = ""
) -> Acceptance:
    """Return the acceptance of the one open finding of a rule that fits.

    Parameters
    ----------
    place
        What tells it from others of the rule: a part of its area, year, flow, product or cell.

    Raises
    ------
    ProjectError
        If none fits, or several do: they are listed.
    """
    if not because.strip() or not by.strip():
        raise ProjectError(say("an acceptance has a reason and a name; give --because and --by"))
    own = [(meaning, finding) for meaning, finding in judged.open if meaning.rule == rule]
    fitting = [(m, f) for m, f in own if place in f"{m.area} {m.year} {m.place} {f.where}"]
    meanings = list(dict.fromkeys(meaning for meaning, _ in fitting))
    if not meanings:
        known = sorted({meaning.rule for meaning, _ in judged.open})
        if own:
            more = say("{own_count} others of the rule are open", own_count=len(own))
        elif known:
            more = say("open: {known}", known=join_texts(", ", known))
        else:
            more = say("none is open")
        raise ProjectError(
            say(
                "{detail}; {more}",
                detail=say("no open finding of {rule} {place}", rule=rule, place=place)
                if place
                else say("no open finding of {rule}", rule=rule),
                more=more,
            )
        )
    if len(meanings) > 1:
        texts = [f"{m.area} {m.year} {m.place or f.where}".strip() for m, f in fitting]
        raise ProjectError(
            say(
                "{meaning_count} findings of {rule} are open; name one with --place: {texts}",
                meaning_count=len(meanings),
                rule=rule,
                texts=name_some(list(dict.fromkeys(texts)), _SHOWN),
            )
        )
    on = datetime.now(UTC).date().isoformat()
    own_findings = [finding for meaning, finding in fitting if meaning == meanings[0]]
    return take_note(
        own_findings,
        meanings[0],
        because=because.strip(),
        by=by.strip(),
        on=on,
        review_by=review_by,
    )


def write_accepted(path: Path, accepted: Sequence[Acceptance]) -> None:
    """Write acceptances, one a line, in an order that does not depend on when they were given."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    names = [one.name for one in fields(Acceptance)]
    writer.writerow(names)
    rows = sorted({tuple(harmless(getattr(one, name)) for name in names) for one in accepted})
    writer.writerows(rows)
    write_whole(path, held.getvalue().encode())
