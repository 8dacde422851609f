"""Libraries that pandas, xarray and pint load wherever they are installed, though few commands have a use for them."""

from __future__ import annotations

import sys
from threading import Lock

# xarray asks for pint when it makes an index of a list, pandas for pyarrow when it starts; both, and
# pint, ask for dask.
_LEFT_OUT = ("dask", "pint", "pyarrow")
_LOCK = Lock()


def leave_out() -> None:
    """Keep a program from loading them, 0.6 s of its start; those that the caller loaded stay."""
    for name in _LEFT_OUT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def take_in(name: str) -> None:
    """Let a library be imported from now on, by whoever needs it.

    Examples
    --------
    >>> sys.modules["pyarrow.no_such_library"] = None
    >>> take_in("pyarrow.no_such_library")
    >>> "pyarrow.no_such_library" in sys.modules
    False
    """
    with _LOCK:  # another thread may be loading it already
        if sys.modules.get(name, name) is not None:
            return
        del sys.modules[name]
    # xarray remembers that it was not there, and would take a quantity for a bare number.
    asked = sys.modules.get("xarray.namedarray.pycompat")
    getattr(asked, "_cached_duck_array_modules", {}).pop(name, None)
