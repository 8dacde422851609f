"""The writers of files that a project builds with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.projects.build import Renderers
from carbonacct.report.analyses.analysis_files import write_analysis
from carbonacct.report.analyses.analysis_words import kinds
from carbonacct.report.frames import write_frame
from carbonacct.report.inventories import write_inventory
from carbonacct.report.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.projects.build import OutputRequest
    from carbonacct.report.uncertainty_tables import Assessment


def make_renderers() -> Renderers:
    """Return the writers of the inventory and of tables."""
    return Renderers(inventory=_render_inventory, table=_render_table, assess=_assess)


def _render_inventory(request: OutputRequest, place: Path) -> None:
    energy = tuple(request.energy)
    known = request.assessment.findings if request.assessment else ()
    alone = bool(energy) and request.is_energy_alone
    write_inventory(
        Shown(None if alone else request.inventory.with_findings(known), energy),
        str(place),
        lang=request.lang,
        gwp=request.metric,
        uncertainty=request.assessment,
        beside=request.beside,
    )


def _assess(request: OutputRequest, options: Mapping[str, Any]) -> Assessment:
    """Return how sure the totals are: of energy alone direct CO2, of all sectors each gas."""
    from carbonacct.report.uncertainty_tables import (  # noqa: PLC0415 - draws load much
        assess_uncertainty,
    )

    if request.is_energy_alone:
        return assess_uncertainty(request.energy, **options)
    return assess_uncertainty(request.inventory, gwp=request.metric, **options)


def _render_table(analysis: Analysis, place: Path, lang: str) -> None:
    if analysis.kind in kinds():
        write_analysis(analysis, str(place), lang=lang)
    else:  # the panel, which is data
        write_frame(analysis.frame, str(place), analysis.findings, title=analysis.kind)
