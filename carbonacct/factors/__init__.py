"""Factor editions and methods -> the row chosen for each cell. Knows nothing of tables."""

from carbonacct.factors.edition_series import load_series
from carbonacct.factors.editions import (
    FactorRow,
    FactorSource,
    edition_ids,
    load_edition,
    read_edition,
)
from carbonacct.factors.method import Method
from carbonacct.factors.method_names import method_ids
from carbonacct.factors.methods import load_method
from carbonacct.factors.selection import (
    FactorTable,
    Selection,
    find_stand_ins,
    row_value,
    select,
)

__all__ = [
    "FactorRow",
    "FactorSource",
    "FactorTable",
    "Method",
    "Selection",
    "edition_ids",
    "find_stand_ins",
    "load_edition",
    "load_method",
    "load_series",
    "method_ids",
    "read_edition",
    "row_value",
    "select",
]
