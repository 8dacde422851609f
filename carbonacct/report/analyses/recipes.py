"""The charts of analyses by the names that ``factors/analyses/analyses.toml`` calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.report.analyses.effects import draw_effects
from carbonacct.report.analyses.over_years import (
    draw_areas,
    draw_fitted,
    draw_indexed,
    draw_neutral,
    draw_path,
    draw_peaks,
    draw_states,
)
from carbonacct.report.analyses.ranked import (
    draw_intervals,
    draw_progress,
    draw_ranking,
    draw_ranks,
    make_shares,
)
from carbonacct.report.analyses.scenario_charts import (
    draw_budget,
    draw_envelope,
    draw_errors,
    draw_hindsight,
    draw_inside,
    draw_levels,
    draw_paths,
    draw_sectors,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.analysis.analysis_result import Analysis
    from carbonacct.report.analyses.parts import Drawn

RECIPES: dict[str, Callable[[Analysis, str], Drawn]] = {
    "effects": draw_effects,
    "fitted": draw_fitted,
    "peaks": draw_peaks,
    "indexed": draw_indexed,
    "states": draw_states,
    "path": draw_path,
    "progress": draw_progress,
    "areas": draw_areas,
    "neutral": draw_neutral,
    "intervals": draw_intervals,
    "variances": make_shares("variance_contribution", "variance", "category"),
    "shares": make_shares("level", "level", "category"),
    "inputs": make_shares("share", "variance", "item"),
    "ranking": draw_ranking,
    "ranks": draw_ranks,
    "paths": draw_paths,
    "envelope": draw_envelope,
    "budget": draw_budget,
    "sectors": draw_sectors,
    "errors": draw_errors,
    "inside": draw_inside,
    "hindsight": draw_hindsight,
    "levels": draw_levels,
}
