"""Findings that a person accepts with a reason; an acceptance holds for what it was given for.

It is keyed by rule, area, year, what the finding is about (flows and products) and the differences
it names, in canonical units: not by file, cell or words. It survives another layout or unit of the
table, and ends when a number behind it changes or its review date has passed.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from carbonacct.data import harmless
from carbonacct.errors import ProjectError, name_some
from carbonacct.projects.kept_rows import check_needed, read_kept
from carbonacct.projects.store import write_whole
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from carbonacct.errors import Finding
    from carbonacct.projects.run_record import Run

_ADDRESS = re.compile(r"[^\s,;:()]+![^\s,;:()]*")
_DIGITS = 10  # of a difference: a table in another unit gives the same number to that many
_SHOWN = 5


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
    """A finding that somebody accepted, and why."""

    because: str
    by: str
    on: str
    review_by: str = ""

    @property
    def meaning(self) -> FindingMeaning:
        """What was accepted."""
        return FindingMeaning(
            **{one.name: getattr(self, one.name) for one in fields(FindingMeaning)}
        )


@dataclass(frozen=True)
class Judged:
    """Findings of a project: open, accepted, and acceptances that match none."""

    open: tuple[tuple[FindingMeaning, Finding], ...]
    accepted: tuple[tuple[Acceptance, Finding], ...]
    unused: tuple[Acceptance, ...]


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
    area, year = (str(one.pop()) if len(one) == 1 else "*" for one in (set(areas), set(years)))
    return FindingMeaning(finding.rule, area, year, place, operands)


def judge_findings(runs: Iterable[Run], accepted: Sequence[Acceptance], today: date) -> Judged:
    """Return which findings are open, which are accepted, and which acceptances match none."""
    valid = {one.meaning: one for one in accepted if not _is_over(one, today)}
    open_, settled, used = [], [], set[FindingMeaning]()
    for run in runs:
        for finding in run.findings:
            meaning = find_meaning(finding, run.places)
            if meaning in valid:
                settled.append((valid[meaning], finding))
                used.add(meaning)
            else:
                open_.append((meaning, finding))
    unused = [one for one in accepted if one.meaning not in used]
    return Judged(tuple(open_), tuple(settled), tuple(unused))


def _is_over(one: Acceptance, today: date) -> bool:
    return bool(one.review_by) and date.fromisoformat(one.review_by) < today


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
        one = Acceptance(**{name: row.get(name, "") for name in names})
        try:
            _is_over(one, datetime.now(UTC).date())
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
        more = (
            say("open: {known}", known=join_texts(", ", known))
            if not own
            else say("{own_count} others of the rule are open", own_count=len(own))
        )
        raise ProjectError(
            say(
                "{detail}; {more}",
                detail=say("no open finding of {rule} {place}", rule=rule, place=place)
                if place
                else say("no open finding of {rule}", rule=rule),
                more=more or say("none is open"),
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
    return Acceptance(
        **asdict(meanings[0]), because=because.strip(), by=by.strip(), on=on, review_by=review_by
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
