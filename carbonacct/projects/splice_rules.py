"""Rules of a project that fill years without a print, as it declares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonacct.errors import ProjectError
from carbonacct.projects.declaration_keys import NEEDED, read_years, take_choice
from carbonacct.projects.filled_series import FORMS
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Mapping

TECHNIQUES = ("interpolation", "extrapolation", "surrogate", "overlap")
LEVELS = ("emission", "factor", "activity")  # what fills first comes last
_NEEDS = {"surrogate": ("surrogate",), "overlap": ("previous", "form")}  # of a technique


@dataclass(frozen=True)
class Splice:
    """A rule that fills years of series where no print exists.

    Attributes
    ----------
    level
        What is filled: ``emission``; ``factor``, by which the printed activity becomes emissions; or
        ``activity``, which factors of the year turn into emissions.
    surrogate, previous
        Columns of the drivers: what goes with the series, or the series by an earlier source.
    form
        Of an overlap: ``mean_of_ratios`` or ``ratio_of_sums``.
    percent
        Half width of the 95 % interval of the printed numbers, in %.
    longest
        Years that an interpolated gap may have at most.
    single_year
        Whether an overlap may have one year alone; `percent` is stated then.
    """

    years: tuple[int, ...]
    technique: str
    because: str
    flow: str = "*"
    product: str = "*"
    level: str = "emission"
    surrogate: str = ""
    previous: str = ""
    form: str = ""
    percent: float = 0.0
    longest: int = 5
    single_year: bool = False


def read_splice(one: Mapping[str, Any]) -> Splice:
    """Return a rule from its table in the declaration."""
    lacking = [key for key in NEEDED["splice"] if key not in one]
    if lacking:
        raise ProjectError(
            say("splice has no {lacking}; a filled year says how and why", lacking=lacking[0])
        )
    technique = take_choice("splice.technique", one["technique"], TECHNIQUES)
    if needs := [key for key in _NEEDS.get(technique, ()) if not one.get(key)]:
        raise ProjectError(
            say("a splice by {technique} needs {key}; name it", technique=technique, key=needs[0])
        )
    single_year = one.get("single_year", False)
    if not isinstance(single_year, bool) or (single_year and technique != "overlap"):
        raise ProjectError(
            say(
                "splice.single_year is {value!r}; write true in a splice by overlap, or leave it out",
                value=single_year,
            )
        )
    return Splice(
        years=read_years(one["years"]),
        technique=technique,
        level=take_choice("splice.level", one.get("level", "emission"), LEVELS),
        previous=str(one.get("previous", "")),
        form=take_choice("splice.form", one["form"], FORMS) if "form" in one else "",
        because=str(one["because"]),
        flow=str(one.get("flow", "*")),
        product=str(one.get("product", "*")),
        surrogate=str(one.get("surrogate", "")),
        percent=float(one.get("percent", 0.0)),
        longest=int(one.get("longest", 5)),
        single_year=single_year,
    )
