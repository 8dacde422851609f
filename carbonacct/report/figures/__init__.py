"""Figures: effects, key categories, areas beside one another, intensity plane, quadrants, decoupling wheel."""

from carbonacct.report.figures.area_charts import draw_small_multiples
from carbonacct.report.figures.effect_charts import draw_effects, draw_waterfall
from carbonacct.report.figures.key_category_chart import draw_key_categories
from carbonacct.report.figures.planes import draw_decoupling_wheel, draw_intensity_plane
from carbonacct.report.figures.quadrants import draw_income_groups, draw_quadrants

__all__ = [
    "draw_decoupling_wheel",
    "draw_effects",
    "draw_income_groups",
    "draw_intensity_plane",
    "draw_key_categories",
    "draw_quadrants",
    "draw_small_multiples",
    "draw_waterfall",
]
