"""The methods of index decomposition by name and form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.analysis import divisia, laspeyres, shapley
from carbonacct.errors import MethodError, near_or_known
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from carbonacct.analysis.state_changes import Changes, Effects

FORMS = ("additive", "multiplicative")
METHODS: dict[str, dict[str, Callable[[Changes], Effects]]] = {
    "lmdi-1": {
        "additive": divisia.decompose_lmdi1,
        "multiplicative": divisia.decompose_lmdi1_ratio,
    },
    "lmdi-2": {
        "additive": divisia.decompose_lmdi2,
        "multiplicative": divisia.decompose_lmdi2_ratio,
    },
    "shapley": {
        "additive": shapley.decompose_shapley,
        "multiplicative": shapley.decompose_fisher_ratio,
    },
    "fisher": {"multiplicative": shapley.decompose_fisher_ratio},
    "laspeyres": {
        "additive": laspeyres.decompose_laspeyres,
        "multiplicative": laspeyres.decompose_laspeyres_ratio,
    },
    "marshall-edgeworth": {
        "additive": laspeyres.decompose_marshall_edgeworth,
        "multiplicative": laspeyres.decompose_marshall_edgeworth_ratio,
    },
}


def find_method(method: str, form: str) -> Callable[[Changes], Effects]:
    """Return the kernel of a method in a form; multiplicative kernels return logarithms.

    Raises
    ------
    MethodError
        If there is no such method or form.
    """
    if form not in FORMS:
        raise MethodError(
            say(
                "no form {form!r}; {near}",
                form=form,
                near=near_or_known(form, FORMS),
            )
        )
    if method not in METHODS:
        raise MethodError(
            say(
                "no method {method!r}; {near}",
                method=method,
                near=near_or_known(method, METHODS),
            )
        )
    if form not in METHODS[method]:
        raise MethodError(
            say(
                "{method} has no {form} form; the {form} mean over all orders is shapley",
                method=method,
                form=form,
            )
        )
    return METHODS[method][form]
