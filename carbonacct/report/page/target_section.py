"""The section of targets that a project declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.catalogue import in_language
from carbonacct.report.page.derivations import Derivation, FormulaPart, in_both, join
from carbonacct.report.page.svg import fill_template
from carbonacct.report.target_tables import COLUMNS, NUMBERS, show_targets, word
from carbonacct.texts import join_parts

if TYPE_CHECKING:
    from markupsafe import Markup

    from carbonacct.charts.drawing import Shown
    from carbonacct.report.page.page_content import Content

_CLASSES = {
    **dict.fromkeys(("id", "due", "to", "status"), "text"),
    **dict.fromkeys(("what", "reason"), "text wrap"),
}


def show_targets_section(content: Content, lang: str) -> Markup | str:
    """Return progress, needed pace and verdict of each target; nothing where a project has none."""
    beside = content.beside
    if beside is None or not (len(beside.targets) or beside.untold):
        return ""
    judged = beside.targets
    shown = show_targets(judged, lang, beside.units) if len(judged) else []
    columns = [name for name in COLUMNS[1:] if any(row[name] for row in shown)]
    areas: dict[str, list[list[Shown]]] = {}
    for row, verdict in zip(shown, judged.to_dict("records"), strict=True):
        opens = _derive(content, verdict)
        cells = [(row[name], opens if name in NUMBERS else None) for name in columns]
        areas.setdefault(row["area"], []).append(cells)
    return fill_template(
        "targets.html",
        title=word("targets", lang),
        note=word("note", lang),
        untold=in_language(beside.untold, lang),
        heads=[(word(name, lang), _CLASSES.get(name, "")) for name in columns],
        parts=[
            {
                "pick": str(content.areas.index(area)) if area in content.areas else "",
                "title": join_parts(lang, word("targets", lang), area),
                "rows": rows,
            }
            for area, rows in areas.items()
        ],
    )


def _derive(content: Content, verdict: dict[Any, Any]) -> int | None:
    """Return what the numbers of a target open: all of them with their digits, and where they are from."""
    names = [name for name in NUMBERS if name in verdict and verdict[name] == verdict[name]]
    parts = tuple(
        FormulaPart((_name(name, "zh"), _name(name, "en")), float(verdict[name]), "")
        for name in names
    )
    title = join(str(verdict["area"]), str(verdict["id"]))
    return content.refer(
        Derivation(title, "", parts, note=in_both(lambda lang: word("opened", lang)))
    )


def _name(column: str, lang: str) -> str:
    """Return the name of a column without its percent: what opens shows shares as fractions.

    Examples
    --------
    >>> _name("progress", "zh"), _name("progress", "en")
    ('进度', 'progress')
    """
    return word(column, lang).removesuffix(" (%)").removesuffix("（%）")
