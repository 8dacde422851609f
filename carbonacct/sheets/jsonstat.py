"""Data in JSON-stat (and SDMX messages in JSON) -> a sheet with a row a value: labels and codes, dim by dim."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from carbonacct.data import MAX_CELLS
from carbonacct.errors import TableError
from carbonacct.sheets.raw_sheets import Cell, Sheet
from carbonacct.sheets.sdmx import is_message, read_message
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_JSON = 20 * 2**20
_MAX_PLACES = 50_000_000


def read_jsonstat(file: str, text: str) -> list[Sheet]:
    """Return the values of a data set in JSON-stat or SDMX-JSON that are there, one row each.

    A dim is a column of codes under its id and, where they differ, one of labels under its label.

    Raises
    ------
    TableError
        If it is neither, or holds more than any table.
    """
    if len(text) > _MAX_JSON:
        raise TableError(
            say(
                "{file}: has {megabytes} million characters; ask for fewer values, or for CSV",
                file=file,
                megabytes=len(text) >> 20,
            )
        )
    try:
        content = json.loads(text)
        if is_message(content):
            return read_message(file, content)
        found = content.get("dataset", content)
        sheet = _read_dataset(file, found)
    except TableError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise TableError(
            say(
                "{file}: is JSON and no data set in JSON-stat or SDMX-JSON; save the table as .csv"
                " or .xlsx",
                file=file,
            )
        ) from None
    return [sheet]


def _read_dataset(file: str, found: Mapping[str, Any]) -> Sheet:
    dims = found["dimension"]
    names = list(found["id"] if "id" in found else dims["id"])
    sizes = [int(size) for size in (found["size"] if "size" in found else dims["size"])]
    if len(sizes) != len(names) or min(sizes, default=0) < 1 or math.prod(sizes) > _MAX_PLACES:
        raise ValueError(say("its sizes are not those of a table"))
    values = found["value"]
    held = values.items() if isinstance(values, dict) else enumerate(values)
    status = found.get("status") or {}
    flags = (
        dict(enumerate(status))
        if isinstance(status, list)
        else {int(k): v for k, v in status.items()}
    )
    columns = [
        column
        for name, size in zip(names, sizes, strict=True)
        for column in _list_columns(name, dims[name], size)
    ]
    rows: list[list[Cell]] = [[*(head for head, _, _ in columns), "OBS_VALUE"]]
    strides = [math.prod(sizes[number + 1 :]) for number in range(len(sizes))]
    at = {name: number for number, name in enumerate(names)}
    for key, value in held:
        place = int(key)
        if value is None and not flags.get(place):
            continue
        if len(rows) * len(rows[0]) > MAX_CELLS:
            raise TableError(
                say(
                    "{file}: has more than {max_cells} cells; ask for fewer values",
                    file=file,
                    max_cells=MAX_CELLS,
                )
            )
        where = [place // stride % size for stride, size in zip(strides, sizes, strict=True)]
        labels: list[Cell] = [texts[where[at[name]]] for _, name, texts in columns]
        rows.append([*labels, _show(value, flags.get(place))])
    return Sheet(file, "", rows)


def _list_columns(
    name: str, dim: Mapping[str, Any], size: int
) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the heading of each column of a dim, its dim, and its texts in order."""
    category = dim["category"]
    labels = category.get("label") or {}
    index = category.get("index") or list(labels)
    codes = (
        sorted(index, key=lambda code: int(index[code])) if isinstance(index, dict) else list(index)
    )
    if len(codes) != size:
        raise ValueError(
            say(
                "{name} has {code_count} codes for {size} places",
                name=name,
                code_count=len(codes),
                size=size,
            )
        )
    texts = [str(labels.get(code, code)) for code in codes]
    yield str(name), name, list(map(str, codes))
    if texts != codes:
        yield str(dim.get("label") or name), name, texts


def _show(value: object, flag: object) -> Cell:
    """Return a value with its flag as tables print it (``12.5 e``); nothing is ``:``."""
    mark = f" {flag}" if isinstance(flag, str) and flag else ""
    if value is None:
        return f":{mark}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)[:100]
    return f"{value!r}{mark}" if mark else float(value)
