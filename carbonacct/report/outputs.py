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
    from pathlib import Path

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.projects.build import OutputRequest


def make_renderers() -> Renderers:
    """Return the writers of the inventory and of tables."""
    return Renderers(inventory=_render_inventory, table=_render_table)


def _render_inventory(request: OutputRequest, place: Path) -> None:
    energy = tuple(request.energy)
    record = None if energy and request.is_energy_alone else request.inventory
    write_inventory(
        Shown(record, energy),
        str(place),
        lang=request.lang,
        gwp=request.metric,
        beside=request.beside,
    )


def _render_table(analysis: Analysis, place: Path, lang: str) -> None:
    if analysis.kind in kinds():
        write_analysis(analysis, str(place), lang=lang)
    else:  # the panel, which is data
        write_frame(analysis.frame, str(place), analysis.findings, title=analysis.kind)
