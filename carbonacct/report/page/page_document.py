"""One self-contained page: its sections in order, in both languages, with the way back from every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.report.page.approaches_section import show_reference
from carbonacct.report.page.beside_section import show_accepted, show_filled
from carbonacct.report.page.changes_section import show_changes
from carbonacct.report.page.comparison import show_comparison
from carbonacct.report.page.derivations import list_derivations
from carbonacct.report.page.headline import show_breakdown, show_headline
from carbonacct.report.page.index_section import show_indices
from carbonacct.report.page.inventory_table import show_documents, show_findings, show_inventory
from carbonacct.report.page.key_category_section import show_key_categories
from carbonacct.report.page.official_section import list_official, show_official
from carbonacct.report.page.page_content import DETAILS, Content, collect_content
from carbonacct.report.page.page_words import (
    FILES,
    LANGUAGES,
    page_style,
    section,
    word,
)
from carbonacct.report.page.peaks import show_peaks
from carbonacct.report.page.quadrant import show_scores
from carbonacct.report.page.sankey import show_carbon, show_energy
from carbonacct.report.page.sector_section import show_sectors
from carbonacct.report.page.stated_section import show_stated
from carbonacct.report.page.svg import fill_template
from carbonacct.report.page.table_parts import add_parts
from carbonacct.report.page.target_section import show_targets_section
from carbonacct.report.page.traces import collect_traces, collect_words
from carbonacct.texts import join_names
from carbonacct.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from markupsafe import Markup

    from carbonacct.errors import Finding
    from carbonacct.projects.beside import KnownBeside
    from carbonacct.report.scores import Scores
    from carbonacct.report.shown import Showable
    from carbonacct.report.uncertainty_tables import Assessment

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
    "indices.indices": show_indices,
    "comparison.comparison": show_comparison,
    "scores.scores": show_scores,
    "sankey.energy": show_energy,
    "sankey.carbon": show_carbon,
    "bars.breakdown": show_breakdown,
    "reference.reference": show_reference,
    "official.official": show_official,
    "filled.filled": show_filled,
    "stated.stated": show_stated,
    "findings.findings": show_findings,
    "accepted.accepted": show_accepted,
    "inventory.inventory": show_inventory,
}
# Those of an inventory without energy.
_OF_SECTORS = (
    "sectors.sectors",
    "keys.keys",
    "official.official",
    "targets.targets",
    "indices.indices",
    "filled.filled",
    "stated.stated",
    "findings.findings",
    "accepted.accepted",
)


def render_page(
    inventories: Showable,
    *,
    lang: str = "en",
    drivers: pd.DataFrame | None = None,
    effects: pd.DataFrame | None = None,
    uncertainty: pd.DataFrame | None = None,
    reference: pd.DataFrame | None = None,
    scores: Scores | None = None,
    gwp: str | None = None,
    findings: Sequence[Finding] = (),
    assessment: Assessment | None = None,
    beside: KnownBeside | None = None,
) -> str:
    """Return inventories as one HTML page that needs no other file and no network.

    Parameters
    ----------
    inventories
        Of all sectors, or energy inventories, each area and year in one of them.
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
    assessment
        What is known of the uncertainty of totals and categories.
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
        assessment=assessment,
        beside=beside,
    )
    content = add_parts(content)
    if not content.inventories:
        empty: dict[str, Any] = {
            name: [] for name in ("areas", "flows", "products", "gases", "cells")
        }
        data = empty | {"words": collect_words()}
    elif content.detailed:
        data = collect_traces(content)
    else:
        data = {"cells": [], "words": collect_words()}
    bodies = [_show_body(content, one) for one in sorted(LANGUAGES, key=lambda one: one != lang)]
    return _fill(content, bodies, data, lang)


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
            style=page_style(),
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


def _list_making(content: Content, lang: str) -> tuple[list[str], list[str], list[str]]:
    """Return the titles of the methods, their ids, and the files that were read."""
    if content.sectors is not None and not content.inventories:
        made = content.sectors.made_from
        ids = list(dict.fromkeys(one.method for one in made))
        return ids, ids, [name for one in made for name, _ in one.files]
    methods = [one.method for one in content.inventories]
    titles = [(one.title_zh if lang == "zh" else "") or one.title for one in methods]
    places = [place[0] for one in content.inventories for place in one.table.places.sheets]
    return list(dict.fromkeys(titles)), [one.id for one in methods], places


def _show_body(content: Content, lang: str) -> dict[str, Any]:
    """Return the page in one language."""
    named = SECTIONS if content.inventories else _OF_SECTORS
    parts = {name: SECTIONS[name](content, lang) for name in named}
    if content.inventories:
        parts["documents.documents"] = show_documents(content, lang)
    periods = content.periods
    places = list(dict.fromkeys(area for area, _ in periods))
    years = sorted({year for _, year in periods})
    first, others = places[0], len(places) - 1
    areas = (
        join_names(places, lang)
        if others < 4
        else word("page.many_areas", lang, first=first, count=others + 1, others=others)
    )
    last = max(year for area, year in periods if area == first)
    titles, ids, files = _list_making(content, lang)
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
        "methods": join_names(titles, lang),
        "areas": places,
        "years": {str(i): content.years_of(area) for i, area in enumerate(content.areas)},
        "several": any(len(content.years_of(area)) > 1 for area in content.areas),
        "made": _tell_made(ids, files, lang),
        "picks": len(content.keys) if content.detailed else 1,
        "chosen": content.pick(first, last) if content.inventories else "",
        "too_many": (
            ""
            if content.detailed
            else word("page.too_many", lang, count=len(content.keys), limit=DETAILS)
        ),
    }
