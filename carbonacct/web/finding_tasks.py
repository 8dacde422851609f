"""Findings of a project by cause: open, accepted, and the corrections that were made."""

from __future__ import annotations

from dataclasses import asdict, astuple
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from carbonacct.errors import SEVERITIES
from carbonacct.projects.acceptance import read_accepted, take_note, write_accepted
from carbonacct.projects.kept_corrections import read_corrections, write_corrections
from carbonacct.projects.rules import load_rules
from carbonacct.projects.status import judge_project
from carbonacct.web.exchange import WebError
from carbonacct.web.keeping import find_version, hold
from carbonacct.web.page_texts import tell
from carbonacct.web.project_tasks import open_at
from carbonacct.web.project_view import list_tables
from carbonacct.web.safe_names import make_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.errors import Finding
    from carbonacct.projects.acceptance import Acceptance, FindingMeaning, Judged
    from carbonacct.projects.project_declaration import Declaration
    from carbonacct.sheets.cell_corrections import Correction


def list_findings(progress: Callable[[str], None], *, folder: str, lang: str) -> dict[str, Any]:
    """Return what the checks found in what was made, grouped by rule, the gravest first."""
    progress("")
    workshop = open_at(folder, making=False)
    declaration = workshop.declaration
    judged = judge_project(workshop)
    ids = {PurePosixPath(one.path).name: one.id for one in list_tables(declaration)}
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for meaning, finding in dict.fromkeys(judged.open):
        shown = _show(meaning, finding, ids, lang)
        groups.setdefault((finding.severity, finding.rule), []).append(shown)
    made = [
        _describe_group(severity, rule, _merge(found), lang)
        for (severity, rule), found in groups.items()
    ]
    made.sort(key=lambda one: (SEVERITIES.index(one["severity"]), -one["worth"], one["rule"]))
    corrections = read_corrections(declaration.folder / declaration.corrections)
    return {
        "tables": len(ids),
        "groups": made,
        "accepted": [_show_accepted(one, finding, lang) for one, finding in judged.accepted],
        "unused": [_show_unused(one, why, lang) for one, why in judged.unused],
        "corrections": [_show_correction(one) for one in corrections],
        "unmade": [
            file.path for _, run in workshop.runs() if not run.is_made for file in run.files
        ],
        "version": find_version(*_list_files(declaration)),
    }


def _list_files(declaration: Declaration) -> list[Path]:
    return [declaration.folder / declaration.accepted, declaration.folder / declaration.corrections]


def name_meaning(meaning: FindingMeaning) -> str:
    """Return the id of what a finding says."""
    return make_id("finding", *(str(part) for part in astuple(meaning)))


def _show(
    meaning: FindingMeaning, finding: Finding, ids: dict[str, str], lang: str
) -> dict[str, Any]:
    where = _find_place(finding, ids)
    file, _, cell = where.partition("!")
    worth = finding.worth
    return {
        "id": name_meaning(meaning),
        "place": " ".join(one for one in (meaning.area, meaning.year) if one not in {"", "*"}),
        "where": where,
        "table": ids.get(file, ""),
        "cell": cell,
        "text": tell(finding.message, lang),
        "action": tell(finding.action, lang),
        "worth": abs(worth) if worth is not None else 0.0,
        "severity": finding.severity,
        "rule": finding.rule,
    }


def _find_place(finding: Finding, ids: dict[str, str]) -> str:
    """Return where a finding is; that of a table that was refused stands at the head of its message."""
    head = str(finding.message).partition(": ")[0]
    return finding.where or (head if head.partition("!")[0] in ids else "")


def _merge(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return findings of one meaning as one: they are accepted as one."""
    merged: dict[str, dict[str, Any]] = {}
    for one in found:
        merged.setdefault(one["id"], one | {"more": 0})
        merged[one["id"]]["more"] += 1
    return sorted(merged.values(), key=lambda one: (-one["worth"], one["place"], one["where"]))


def _describe_group(
    severity: str, rule: str, found: list[dict[str, Any]], lang: str
) -> dict[str, Any]:
    about = load_rules().get(rule)
    return {
        "severity": severity,
        "rule": rule,
        "what": about.what[lang] if about else rule,
        "why": tell(about.why[lang], lang) if about else "",
        "action": tell(about.action[lang], lang) if about else "",
        "worth": sum(one["worth"] for one in found),
        "found": found,
    }


def _show_accepted(one: Acceptance, finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "id": name_meaning(one.meaning),
        "text": tell(finding.message, lang),
        "where": finding.where,
        **{key: getattr(one, key) for key in ("rule", "because", "by", "on", "review_by")},
    }


def _show_unused(one: Acceptance, why: str, lang: str) -> dict[str, Any]:
    return asdict(one) | {"id": name_meaning(one.meaning), "why": tell(why, lang)}


def _show_correction(one: Correction) -> dict[str, Any]:
    return asdict(one) | {"id": _name_correction(one)}


def _name_correction(one: Correction) -> str:
    return make_id("correction", one.file, one.sheet, one.cell)


def accept(
    progress: Callable[[str], None],
    *,
    folder: str,
    version: str,
    picked: Sequence[str],
    because: str,
    by: str,
    review_by: str,
) -> dict[str, Any]:
    """Accept some open findings for one reason."""
    progress("")
    if not picked:
        raise WebError(422, "error.nothing_chosen")
    if not because.strip() or not by.strip():
        raise WebError(422, "error.no_reason")
    _check_date(review_by)
    workshop = open_at(folder, making=False)
    declaration = workshop.declaration
    with hold(declaration.folder, version, *_list_files(declaration)):
        known = _index_open(judge_project(workshop))
        chosen = [known[one] for one in picked if one in known]
        if not chosen:
            raise WebError(409, "error.version")
        path = declaration.folder / declaration.accepted
        on = datetime.now(UTC).date().isoformat()
        given = {"because": because.strip(), "by": by.strip(), "on": on, "review_by": review_by}
        new = [take_note(findings, meaning, **given) for meaning, findings in chosen]
        write_accepted(path, [*read_accepted(path), *new])
    return {"accepted": len(new)}


def _check_date(text: str) -> None:
    try:
        if text:
            date.fromisoformat(text)
    except ValueError:
        raise WebError(422, "error.date", text=text) from None


def _index_open(judged: Judged) -> dict[str, tuple[FindingMeaning, list[Finding]]]:
    found: dict[str, tuple[FindingMeaning, list[Finding]]] = {}
    for meaning, finding in judged.open:
        found.setdefault(name_meaning(meaning), (meaning, []))[1].append(finding)
    return found


def withdraw(
    progress: Callable[[str], None], *, folder: str, version: str, picked: str
) -> dict[str, Any]:
    """Take an acceptance or a correction back."""
    progress("")
    workshop = open_at(folder, making=False)
    declaration = workshop.declaration
    accepted, corrections = _list_files(declaration)
    with hold(declaration.folder, version, accepted, corrections):
        held = read_accepted(accepted)
        left = [one for one in held if name_meaning(one.meaning) != picked]
        if len(left) < len(held):
            write_accepted(accepted, left)
        corrected = read_corrections(corrections)
        kept = [one for one in corrected if _name_correction(one) != picked]
        if len(kept) < len(corrected):
            write_corrections(corrections, kept)
    return {}
