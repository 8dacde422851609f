"""Figures of what drives emissions: waterfall and stack of effects, intensity plane, decoupling wheel."""

from carbonacct.report.figures.effects import draw_effects, draw_waterfall
from carbonacct.report.figures.planes import draw_decoupling_wheel, draw_intensity_plane

__all__ = ["draw_decoupling_wheel", "draw_effects", "draw_intensity_plane", "draw_waterfall"]
