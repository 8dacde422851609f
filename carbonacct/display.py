"""How records show themselves: a short line, a table in a notebook, and equality by value."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from html import escape
from typing import Any, TypeVar

T = TypeVar("T", bound=type)

_LONGEST = 60  # characters of a text
_MOST_SHOWN = 4  # of a short list


def legible(record: T) -> T:
    """Give a frozen record a short ``repr``, a table for notebooks, and equality that does not raise.

    Stands above ``@dataclass(frozen=True)``. Arrays are shown by their dims and compared by value,
    where no number equals no number.

    Examples
    --------
    >>> import carbonacct as ca
    >>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    >>> len(repr(inventory)) < 1000
    True
    >>> inventory == ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    True
    """
    record.__repr__ = _show  # type: ignore[method-assign,assignment]
    record.__eq__ = is_equal  # type: ignore[method-assign,assignment]
    record.__hash__ = _hash  # type: ignore[method-assign,assignment]
    record._repr_html_ = _to_html  # type: ignore[attr-defined]
    return record


def shown_in_notebooks(record: T) -> T:
    """Give a record a table for notebooks; its ``repr`` and equality stay.

    Stands above ``@dataclass``.

    Examples
    --------
    >>> from carbonacct.errors import Finding
    >>> Finding("sum-of-parts", "error", "x")._repr_html_()[:14]
    '<b>Finding</b>'
    """
    record._repr_html_ = _to_html  # type: ignore[attr-defined]
    return record


def is_equal(one: Any, other: Any) -> bool:
    """Return whether two values, records of arrays and tables included, are the same.

    Examples
    --------
    >>> import numpy as np
    >>> is_equal((1, np.array([1.0, np.nan])), (1, np.array([1.0, np.nan])))
    True
    """
    if one is other or type(one) is not type(other):
        return one is other
    parts = _list_parts(one)
    if parts is not None:
        others = _list_parts(other) or []
        return len(parts) == len(others) and all(map(is_equal, parts, others))
    for method in ("identical", "equals"):  # of xarray, of pandas
        if hasattr(one, method):
            return bool(getattr(one, method)(other))
    if hasattr(one, "dtype"):
        import numpy as np  # noqa: PLC0415 - whoever has an array has loaded it

        return np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
    return bool(one == other)


def _list_parts(value: Any) -> list[Any] | None:
    """Return what a record, a mapping or a list is made of; None of anything else."""
    if is_dataclass(value):
        return [getattr(value, f.name) for f in fields(value) if f.compare]
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value, key=repr)]
    return list(value) if isinstance(value, (tuple, list)) else None


def _show(record: Any) -> str:
    fields = (f"{name}={text}" for name, text in _list_fields(record))
    return f"{type(record).__name__}({', '.join(fields)})"


def _hash(record: Any) -> int:
    return hash(_show(record))


def _to_html(record: Any) -> str:
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(text)}</td></tr>"
        for name, text in _list_fields(record)
    )
    frame = record.to_frame() if hasattr(record, "to_frame") else None
    table = frame._repr_html_() if frame is not None else ""
    return f"<b>{escape(type(record).__name__)}</b><table>{rows}</table>{table}"


def _list_fields(record: Any) -> list[tuple[str, str]]:
    return [(f.name, _summarise(getattr(record, f.name))) for f in fields(record) if f.repr]


def _summarise(value: Any) -> str:
    """Return one value in a few words."""
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else f"{value[: _LONGEST - 3]}...")
    if size := _say_size(value):
        return f"<{size}>"
    if is_dataclass(value):
        named = next((getattr(value, name) for name in ("id", "name") if hasattr(value, name)), "")
        return f"<{type(value).__name__}{f' {named}' if named else ''}>"
    if isinstance(value, (tuple, list, dict, frozenset, set)):
        return _summarise_many(value)
    return repr(value)


def _say_size(value: Any) -> str:
    """Return the size of an array or table, "" of anything else."""
    if hasattr(value, "sizes"):  # xarray
        return ", ".join(f"{dim}: {size}" for dim, size in value.sizes.items())
    if hasattr(value, "columns"):  # pandas
        return f"{len(value)} rows x {len(value.columns)} columns"
    if hasattr(value, "dtype"):
        return f"{' x '.join(map(str, value.shape))} {value.dtype}"
    return ""


def _summarise_many(values: Any) -> str:
    """Return a list in a few words: itself where it is short and plain, or how many it holds."""
    items = list(values)
    plain = all(isinstance(item, (str, int, float)) for item in items)
    if not items or (plain and len(items) <= _MOST_SHOWN and not isinstance(values, dict)):
        return repr(values) if len(repr(values)) <= _LONGEST else f"<{len(items)}>"
    kinds = sorted({type(item).__name__ for item in items})
    return f"<{len(items)}{f' {kinds[0]}' if len(kinds) == 1 and not plain else ''}>"
