"""One self-contained page: its sections in order, in both languages, with the way back from every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.page.approaches_section import show_reference
from carbonacct.report.page.beside_section import show_accepted, show_filled
from carbonacct.report.page.changes_section import show_changes
from carbonacct.report.page.comparison import show_comparison
from carbonacct.report.page.derivations import list_derivations
from carbonacct.report.page.headline import show_breakdown, show_headline
from carbonacct.report.page.inventory_table import show_documents, show_findings, show_inventory
from carbonacct.report.page.key_category_section import show_key_categories
from carbonacct.report.page.official_section import list_official, show_official
from carbonacct.report.page.page_content import DETAILS, Content, collect_content
from carbonacct.report.page.page_words import FILES, LANGUAGES, join_names, section, word
from carbonacct.report.page.peaks import show_peaks
from carbonacct.report.page.quadrant import show_scores
from carbonacct.report.page.sankey import show_carbon, show_energy
from carbonacct.report.page.sector_section import show_sectors
from carbonacct.report.page.svg import fill_template
from carbonacct.report.page.table_parts import add_parts
from carbonacct.report.page.target_section import show_targets_section
from carbonacct.report.page.traces import collect_traces, collect_words
from carbonacct.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from markupsafe import Markup

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.scores import Scores
    from carbonacct.report.uncertainty_tables import Assessment
    from carbonacct.sectors.energy import EnergyInventory

    Section = Callable[[Content, str], Markup | str]

_NAMED = 4  # areas in a title
# In the order of the page; the name is the anchor, and the word of the list of contents. A section
# with nothing to show is "".
SECTIONS: dict[str, Section] = {
    "sectors.sectors": show_sectors,
    "keys.keys": show_key_categories,
    "headline.headline": show_headline,
    "changes.changes": show_changes,
    "peaks.peaks": show_peaks,
    "targets.targets": show_targets_section,
    "comparison.comparison": show_comparison,
    "scores.scores": show_scores,
    "sankey.energy": show_energy,
    "sankey.carbon": show_carbon,
    "bars.breakdown": show_breakdown,
    "reference.reference": show_reference,
    "official.official": show_official,
    "filled.filled": show_filled,
    "findings.findings": show_findings,
    "accepted.accepted": show_accepted,
    "inventory.inventory": show_inventory,
}


def render_page(
    inventories: Sequence[EnergyInventory],
    *,
    lang: str = "en",
    drivers: pd.DataFrame | None = None,
    effects: pd.DataFrame | None = None,
    uncertainty: pd.DataFrame | None = None,
    reference: pd.DataFrame | None = None,
    scores: Scores | None = None,
    gwp: str | None = None,
    findings: Sequence[Finding] = (),
    sectors: Inventory | None = None,
    assessment: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> str:
    """Return inventories as one HTML page that needs no other file and no network.

    Parameters
    ----------
    inventories
        Each area and year in one of them.
    lang
        The language that shows first, ``"zh"`` or ``"en"``; the page holds both.
    drivers, effects, uncertainty, reference
        Plain tables, shown where they are given; columns as in
        :class:`carbonacct.report.page.page_content.Content`.
    scores
        Of an index, from :func:`carbonacct.report.scores.read_scores`.
    gwp
        A metric by which all gases of an inventory are also added up; there is no default.
    findings
        What belongs to the page beside the findings of the inventories.
    sectors
        The inventory of all sectors, of which the others are the energy part.
    assessment
        What is known of the uncertainty of its totals and categories.
    beside
        Filled years and accepted findings of a project.

    Raises
    ------
    OutputError
        If two inventories hold one area and year, or a table lacks a column.

    Examples
    --------
    >>> import carbonacct as ca
    >>> page = render_page([ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")])
    >>> page.startswith("<!doctype html>"), "http://" in page
    (True, False)
    """
    content = collect_content(
        inventories,
        drivers=drivers,
        effects=effects,
        uncertainty=uncertainty,
        reference=reference,
        scores=scores,
        gwp=gwp,
        findings=findings,
        sectors=sectors,
        assessment=assessment,
        beside=beside,
    )
    content = add_parts(content)
    data = collect_traces(content) if content.detailed else {"cells": [], "words": collect_words()}
    bodies = [_show_body(content, one) for one in sorted(LANGUAGES, key=lambda one: one != lang)]
    return _fill(content, bodies, data, lang)


def render_sectors(
    inventory: Inventory,
    *,
    lang: str = "en",
    gwp: str | None = None,
    assessment: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> str:
    """Return an inventory of sectors other than energy as one HTML page, as :func:`render_page`."""
    content = Content(
        (),
        sectors=inventory,
        gwp=gwp,
        findings=inventory.findings,
        assessment=assessment,
        beside=beside,
    )
    periods = inventory.total()
    areas, years = list(dict.fromkeys(periods["area"])), sorted(set(periods["year"]))
    bodies = []
    for one in sorted(LANGUAGES, key=lambda one: one != lang):
        parts = {
            "sectors.sectors": show_sectors(content, one),
            "keys.keys": show_key_categories(content, one),
            "official.official": show_official(content, one),
            "targets.targets": show_targets_section(content, one),
            "filled.filled": show_filled(content, one),
            "findings.findings": show_findings(content, one),
            "accepted.accepted": show_accepted(content, one),
        }
        bodies.append(
            {
                "lang": one,
                "title": word(
                    "page.title",
                    one,
                    areas=join_names(areas[:_NAMED], one),
                    years=f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]),
                ),
                "parts": [
                    {"id": f"{one}-{name.partition('.')[2]}", "name": word(name, one), "html": html}
                    for name, html in parts.items()
                    if html
                ],
                "words": section("page", one),
                "methods": join_names(
                    list(dict.fromkeys(made.method for made in inventory.made_from)), one
                ),
                "areas": areas,
                "years": {},
                "several": False,
                "made": _tell_made(
                    [made.method for made in inventory.made_from], _files_of(inventory), one
                ),
                "picks": 1,
                "chosen": "",
                "too_many": "",
            }
        )
    empty: dict[str, Any] = {name: [] for name in ("areas", "flows", "products", "gases", "cells")}
    return _fill(content, bodies, empty | {"words": collect_words()}, lang)


def _fill(
    content: Content, bodies: Sequence[dict[str, Any]], data: dict[str, Any], lang: str
) -> str:
    """Return the page of some bodies; what the sections refer to is known when all of them are written."""
    parts = content.parts
    amounts = [amount for _, amount in content.amounts.values()]
    more = list_derivations(content.derived, amounts, dict(parts.texts))
    data |= {
        "factors": [row for _, row in content.factors.values()],
        "official": list_official(content),
        "texts": more["texts"],
        "amounts": [*parts.amounts, *more["amounts"]],
        "derived": [*parts.derived, *more["derived"]],
    }
    return str(
        fill_template(
            "page.html",
            lang=lang,
            bodies=bodies,
            data=data,
            title=bodies[0]["title"],
            style=(FILES / "page.css").read_text(encoding="utf-8"),
            script=(FILES / "page.js").read_text(encoding="utf-8"),
        )
    )


def _tell_made(methods: Sequence[str], files: Sequence[str], lang: str) -> str:
    """Return what the page was made with and from."""
    named = list(dict.fromkeys(filter(None, files)))
    shown = join_names(named[:_NAMED], lang)
    if len(named) > _NAMED:
        shown = word("page.more_files", lang, files=shown, count=len(named))
    return word(
        "page.made",
        lang,
        version=__version__,
        methods=join_names(list(dict.fromkeys(methods)), lang),
        files=shown,
    )


def _files_of(inventory: Inventory) -> list[str]:
    return [name for made in inventory.made_from for name, _ in made.files]


def _show_body(content: Content, lang: str) -> dict[str, Any]:
    """Return the page in one language."""
    parts = {name: show(content, lang) for name, show in SECTIONS.items()}
    parts["documents.documents"] = show_documents(content, lang)
    years = content.years
    first, others = content.areas[0], len(content.areas) - 1
    areas = (
        join_names(content.areas, lang)
        if others < 4
        else word("page.many_areas", lang, first=first, count=others + 1, others=others)
    )
    last = (
        list(content.keys)[-1]
        if len(content.areas) == 1
        else (content.areas[0], content.years_of(content.areas[0])[-1])
    )
    return {
        "lang": lang,
        "title": word(
            "page.title",
            lang,
            areas=areas,
            years=f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0]),
        ),
        "parts": [
            {"id": f"{lang}-{name.partition('.')[2]}", "name": word(name, lang), "html": html}
            for name, html in parts.items()
            if html
        ],
        "words": section("page", lang),
        "methods": join_names(
            list(
                dict.fromkeys(
                    (inv.method.title_zh if lang == "zh" else "") or inv.method.title
                    for inv in content.inventories
                )
            ),
            lang,
        ),
        "areas": content.areas,
        "years": {str(i): content.years_of(area) for i, area in enumerate(content.areas)},
        "several": any(len(content.years_of(area)) > 1 for area in content.areas),
        "made": _tell_made(
            [inv.method.id for inv in content.inventories],
            [place[0] for inv in content.inventories for place in inv.balance.places.sheets],
            lang,
        ),
        "picks": len(content.keys) if content.detailed else 1,
        "chosen": content.pick(*last),
        "too_many": (
            ""
            if content.detailed
            else word("page.too_many", lang, count=len(content.keys), limit=DETAILS)
        ),
    }
