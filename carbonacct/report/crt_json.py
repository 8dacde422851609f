"""CRT JSON: common reporting tables in the shape in which reporting tools exchange them."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from carbonacct.data import read_text, shown_name
from carbonacct.errors import Finding, OutputError, TableError, name_some
from carbonacct.inventory.official.layouts import load_layout
from carbonacct.report.frames import write_json_text
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.inventory.official.layouts import OfficialColumn

CRT_TABLES = ("crt-1", "crt-2", "crt-2-fluorinated", "crt-3", "crt-4", "crt-5")
COLUMNS = ("area", "year", "code", "gas", "unit", "value", "notation")
_SUBSCRIPTS, _DIGITS = "₀₁₂₃₄₅₆₇₈₉", "0123456789"
_FORMULA = re.compile(r"\b(CO2|CH4|N2O|SF6|NF3)\b")
_VARIABLE = re.compile(
    r"\[(?P<code>\d[\w.]*)\. [^\]]*\]\[no classification\]\[Emissions\]"
    r"\[(?P<gas>[^\]]+)\]\[no parameter\]\[(?P<unit>[^\]]+)\]"
)
_EQUIVALENT = " CO₂ equivalent"
_MANY = 5


def write_crt_json(
    tables: Sequence[OfficialTable], path: Path, *, uids: Mapping[str, str] | None = None
) -> list[Finding]:
    """Write common reporting tables as JSON, and return what has no variable.

    Parameters
    ----------
    tables
        Those of :data:`CRT_TABLES`, of one area.
    uids
        Name of a variable -> its identifier, as :func:`read_variables` returns it; only variables
        that have one are written then. Without it they bear their names alone.

    Raises
    ------
    OutputError
        If the tables are of several areas.

    Notes
    -----
    ``data.values`` has one record an inventory year with a list of variables and values, as in the
    CRT data exchange format of the UNFCCC's reporting tools. A value is a number, or text with
    notation keys. A variable that two tables hold is there once.
    """
    areas = list(dict.fromkeys(area for table in tables for area, _ in table.periods))
    if len(areas) > 1:
        raise OutputError(
            say(
                "{file}: holds one area, and the tables are of {areas}; write one at a time",
                file=shown_name(path),
                areas=name_some(areas, _MANY),
            )
        )
    years: dict[int, dict[str, dict[str, Any]]] = {}
    lacking: dict[str, None] = {}
    for year, name, value in _list_cells(tables):
        held = years.setdefault(year, {})
        if uids is None:
            held.setdefault(name, {"variable": name, "value": value})
        elif name in uids:
            record = {"variable_uid": uids[name], "variable": name, "value": value}
            held.setdefault(name, record)
        else:
            lacking[name] = None
    values = [
        {"inventory_year": str(year), "values": list(held.values())}
        for year, held in sorted(years.items())
    ]
    about = {"area": areas[0], "nodes": [], "variables": []}
    write_json_text({"country_specific_data": about, "data": {"values": values}}, path)
    if not lacking:
        return []
    return [
        Finding(
            "crt-no-variable",
            "warning",
            say(
                "{count} cells have no variable in the definitions: {names}",
                count=len(lacking),
                names=name_some(list(lacking), _MANY),
            ),
            shown_name(path),
            say("enter them in the reporting tool by hand"),
        )
    ]


def _list_cells(tables: Sequence[OfficialTable]) -> Iterator[tuple[int, str, float | str]]:
    """Yield year, variable and value of each cell that the exchange format has."""
    sectors = {row.code: row.en for row in load_layout("crt-summary").rows if row.level == 0}
    for table in tables:
        for period, (_, year) in enumerate(table.periods):
            for place in table.shown_rows(period):
                row = table.layout.rows[place]
                for at, column in enumerate(table.columns):
                    if row.code[0].isdigit() and not column.gas.startswith("CO2e"):
                        name = name_variable(row.code, sectors.get(row.code, row.en), column)
                        yield year, name, table.cell(period, place, at)


def name_variable(code: str, name: str, column: OfficialColumn) -> str:
    """Return what the exchange format calls the cell of a row and a column.

    Examples
    --------
    >>> from carbonacct.inventory.official.layouts import OfficialColumn
    >>> name_variable("2.B.7", "Soda ash production", OfficialColumn("CO2", "kt"))
    '[2.B.7. Soda ash production][no classification][Emissions][CO₂][no parameter][kt]'
    >>> name_variable("2.B.9.a", "By-product emissions", OfficialColumn("HFC23", "t"))
    '[2.B.9.a. By-product emissions][no classification][Emissions][HFC-23][no parameter][t]'
    """
    unit = column.unit + (_EQUIVALENT if column.is_equivalent else "")
    shown = _FORMULA.sub(lambda found: _lower_digits(found[0]), name)
    where = f"[{code}. {shown}][no classification][Emissions]"
    return f"{where}[{_spell(column.gas)}][no parameter][{unit}]"


def _lower_digits(text: str) -> str:
    return text.translate(str.maketrans(_DIGITS, _SUBSCRIPTS))


def _spell(gas: str) -> str:
    """Return a gas as the tables print it."""
    if gas in {"HFCs", "PFCs"}:
        return gas
    if gas.startswith("HFC"):
        return f"HFC-{gas.removeprefix('HFC')}"
    return _lower_digits(f"c-{gas[1:]}" if gas.startswith("c") else gas)


def _read_gas(shown: str) -> str:
    """Return the id of a gas as the tables print it."""
    plain = shown.translate(str.maketrans(_SUBSCRIPTS, _DIGITS))
    return plain.replace("HFC-", "HFC").replace("c-", "c")


def read_variables(path: str | Path) -> dict[str, str]:
    """Return name and identifier of the variables in the definitions of the reporting tool.

    Parameters
    ----------
    path
        Its JSON: ``Metadata``, a list of records with ``variable``, a list of records with ``uid``
        and ``name``.

    Raises
    ------
    TableError
        If it is none.
    """
    content = _load(path)
    try:
        found = {
            str(variable["name"]): str(variable["uid"])
            for part in content["Metadata"]
            for variable in part["variable"]
        }
    except (KeyError, TypeError):
        found = {}
    if not found:
        raise TableError(
            say(
                "{file}: holds no definitions of variables; give the JSON with Metadata of the "
                "reporting tool",
                file=shown_name(path),
            )
        )
    return found


def read_crt_json(path: str | Path) -> pd.DataFrame:
    """Return the cells of a CRT JSON: ``area, year, code, gas, unit, value, notation``.

    Raises
    ------
    TableError
        If it is no CRT JSON, or has a variable of which only the identifier is known.

    Examples
    --------
    >>> import carbonacct as ca, tempfile, pathlib
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ipcc-2006")
    >>> table = ca.fill_official(ca.to_inventory(cube), "crt-1")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "chongqing.crt.json"
    ...     _ = write_crt_json([table], file)
    ...     cells = read_crt_json(file)
    >>> cells.drop(columns="notation").equals(table.to_long().drop(columns="notation"))
    True
    """
    content = _load(path)
    name = shown_name(path)
    rows = []
    try:
        area = content["country_specific_data"].get("area", "")
        for held in content["data"]["values"]:
            year = int(held["inventory_year"])
            for record in held["values"]:
                found = _VARIABLE.fullmatch(record.get("variable", ""))
                if found is None:
                    raise TableError(
                        say(
                            "{file}: variable {variable} of {year} has no name that says row and "
                            "gas; write the file with names",
                            file=name,
                            variable=record.get("variable") or record.get("variable_uid"),
                            year=year,
                        )
                    )
                gas, unit = _read_gas(found["gas"]), found["unit"].removesuffix(_EQUIVALENT)
                cell = _read_cell(record["value"])
                rows.append((area, year, found["code"], gas, unit, *cell))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(
            say("{file}: is no CRT JSON ({reason})", file=name, reason=str(error))
        ) from None
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _read_cell(value: object) -> tuple[float, str]:
    """Return the number and the keys of a value."""
    if isinstance(value, (int, float)):
        return float(value), ""
    number, _, keys = str(value).partition(",")
    try:
        return float(number), keys
    except ValueError:
        return math.nan, str(value)


def _load(path: str | Path) -> Any:
    try:
        return json.loads(read_text(Path(path)))
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError as error:
        reason = str(error)
    raise TableError(say("{file}: cannot be read ({reason})", file=shown_name(path), reason=reason))
