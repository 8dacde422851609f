"""Units as a table of indicators prints them -> the unit of an input."""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UnitError
from carbonacct.indices.declaration_faults import NO_UNITS
from carbonacct.texts import say
from carbonacct.units import conversion_factor, read_unit
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from carbonacct.indices.index_declaration import Input

# What an amount is of: tables print its mass alone.
_SPECIES = ("CO2", "waste")


def unit_factor(about: Input, printed: str, where: str, faults: list[str]) -> float:
    """Return the number by which a column is multiplied to come into the unit of the input."""
    if fold(printed) in {fold(about.unit), fold(about.unit_zh)}:
        return 1.0
    if about.unit in NO_UNITS:
        faults.append(
            say(
                "{where}: unit {printed!r} of {id}; write {unit}",
                where=where,
                printed=printed,
                id=about.id,
                unit=about.unit_zh or about.unit,
            )
        )
        return math.nan
    try:
        expression = _spelt_units().get(
            unicodedata.normalize("NFKC", printed).strip().lower()
        ) or read_unit(printed.replace("CO2", ""))
        species = next((f" {one}" for one in _SPECIES if about.unit.endswith(f" {one}")), "")
        return conversion_factor(expression + species, about.unit)
    except UnitError as error:
        faults.append(
            say(
                "{where}: {error}; write {unit}",
                where=where,
                error=error,
                unit=about.unit_zh or about.unit,
            )
        )
        return math.nan


@cache
def _spelt_units() -> dict[str, str]:
    return {
        unicodedata.normalize("NFKC", row["spelling"]).lower(): row["unit"]
        for row in read_rows(data_folder() / "vocabulary" / "index_units.csv")
    }
