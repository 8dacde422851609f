"""How sure an inventory is: Approach 1, Approach 2, key categories, and where better data pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used

if TYPE_CHECKING:
    from carbonacct.uncertainty.adapter import model_inventory
    from carbonacct.uncertainty.agreement import compare_approaches
    from carbonacct.uncertainty.approach1 import ErrorPropagation, propagate_errors
    from carbonacct.uncertainty.approach2 import Intervals, simulate
    from carbonacct.uncertainty.category_uncertainty import tabulate_categories
    from carbonacct.uncertainty.contributions import rank_contributions
    from carbonacct.uncertainty.distributions import Uncertainty
    from carbonacct.uncertainty.draw_model import DrawInput, DrawModel, build_model
    from carbonacct.uncertainty.fitting import fit_bounds, fit_cv, fit_percent
    from carbonacct.uncertainty.key_categories import find_key_categories
    from carbonacct.uncertainty.moments import approximate
    from carbonacct.uncertainty.propagation import propagate

_HOMES = {
    "DrawInput": "draw_model",
    "DrawModel": "draw_model",
    "ErrorPropagation": "approach1",
    "Intervals": "approach2",
    "Uncertainty": "distributions",
    "approximate": "moments",
    "build_model": "draw_model",
    "compare_approaches": "agreement",
    "find_key_categories": "key_categories",
    "fit_bounds": "fitting",
    "fit_cv": "fitting",
    "fit_percent": "fitting",
    "model_inventory": "adapter",
    "propagate": "propagation",
    "propagate_errors": "approach1",
    "rank_contributions": "contributions",
    "simulate": "approach2",
    "tabulate_categories": "category_uncertainty",
}
__all__ = [
    "DrawInput",
    "DrawModel",
    "ErrorPropagation",
    "Intervals",
    "Uncertainty",
    "approximate",
    "build_model",
    "compare_approaches",
    "find_key_categories",
    "fit_bounds",
    "fit_cv",
    "fit_percent",
    "model_inventory",
    "propagate",
    "propagate_errors",
    "rank_contributions",
    "simulate",
    "tabulate_categories",
]
__getattr__ = load_when_used(__name__, _HOMES)
