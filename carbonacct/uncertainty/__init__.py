"""How sure an inventory is: Approach 1, Approach 2, key categories, and where better data pay."""

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
