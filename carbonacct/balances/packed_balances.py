"""Balances that several processes read, as they travel between these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from carbonacct.balances.amounts.energy_balance import EnergyBalance
from carbonacct.balances.assemble.spread_arrays import label_arrays
from carbonacct.errors import CarbonacctError
from carbonacct.processes import in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    T = TypeVar("T")

_ARRAYS = ("amounts", "status", "place")


def in_workers(
    read: Callable[[T], EnergyBalance | CarbonacctError], items: Sequence[T], workers: int
) -> Generator[EnergyBalance | CarbonacctError]:
    """Yield what a function reads of each of some items, in order.

    Parameters as :func:`carbonacct.processes.in_processes` takes them.
    """
    return in_processes(read, items, workers, pack=pack_read, unpack=unpack_read)


def pack_read(read: EnergyBalance | CarbonacctError) -> Any:
    """Return what was read as it travels between processes.

    A balance goes without its labelled arrays, whose labels all of its kind share.

    Parameters
    ----------
    read
        A balance as :func:`carbonacct.read_balance` made it, or an error.
    """
    if isinstance(read, CarbonacctError):
        return read
    held = vars(read) | {name: getattr(read, name).values for name in _ARRAYS}
    held["standard"] = read.standard and pack_read(read.standard)
    labels = (read.areas, map(str, read.years), read.flows, read.products)
    return held, tuple(map(tuple, labels)), read.units


def unpack_read(packed: Any) -> EnergyBalance | CarbonacctError:
    """Return what was packed."""
    if isinstance(packed, CarbonacctError):
        return packed
    held, labels, units = packed
    held |= label_arrays({name: held[name] for name in _ARRAYS}, labels, units)
    held["standard"] = held["standard"] and unpack_read(held["standard"])
    balance = EnergyBalance.__new__(EnergyBalance)
    vars(balance).update(held)
    return balance
