"""Many files -> the energy balance of each, in one process or several."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from carbonacct.balances.balance import read_balance
from carbonacct.balances.packed_balances import in_workers
from carbonacct.balances.words.mapping import read_words
from carbonacct.errors import CarbonacctError
from carbonacct.processes import count_workers
from carbonacct.sheets.folders import find_files

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from carbonacct.balances.amounts.energy_balance import EnergyBalance
    from carbonacct.balances.words.mapping import Mapping


def read_balances(
    *paths: str | Path,
    area: str | None = None,
    year: int | None = None,
    mapping: str | Path | Mapping | None = None,
    layout: str | Path | None = None,
    workers: int = 1,
) -> tuple[dict[Path, EnergyBalance], dict[Path, CarbonacctError]]:
    """Read many energy balance or consumption tables, each file by itself.

    Parameters
    ----------
    paths
        Files, folders of them, or patterns such as ``tables/*.xlsx``.
    area, year, mapping, layout
        Of every file, as :func:`carbonacct.read_balance` takes them.
    workers
        How many processes read. More than one are used on Linux, where this process has no other
        thread; elsewhere this process reads. What is read is the same.

    Returns
    -------
    tuple of dict
        The balance of each file that could be read, and what is wrong with each of the others, both
        in the order of the files.

    Raises
    ------
    TableError
        If a folder or a pattern holds no table, or a mapping file or layout has faults.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balances, faults = ca.read_balances("docs/tables/*_2007.csv", workers=2)
    >>> [path.name for path in balances], len(faults)
    (['beijing_2007.csv', 'chongqing_2007.csv'], 0)
    """
    own = read_words(mapping, layout)
    balances: dict[Path, EnergyBalance] = {}
    faults: dict[Path, CarbonacctError] = {}
    files = find_files(paths)
    reads = read_each(files, area=area, year=year, mapping=own, workers=workers)
    for path, read in zip(files, reads, strict=True):
        if isinstance(read, CarbonacctError):
            faults[path] = read
        else:
            balances[path] = read
    return balances, faults


def read_each(
    files: Sequence[str | Path],
    *,
    area: str | None = None,
    year: int | None = None,
    mapping: Mapping | None = None,
    workers: int = 1,
) -> Generator[EnergyBalance | CarbonacctError]:
    """Yield the balance of each file, or what is wrong with it, in order.

    Parameters
    ----------
    files
        Files alone.
    area, year, mapping, workers
        As :func:`read_balances` takes them.
    """
    return in_workers(partial(_read, area=area, year=year, mapping=mapping), files, workers)


def read_every(
    files: Sequence[str | Path], *, mapping: Mapping | None = None
) -> list[EnergyBalance]:
    """Return the balance of each file, read by the user's own words in as many processes as pay.

    Raises
    ------
    CarbonacctError
        What is wrong with the first that does not read.
    """
    balances = []
    with closing(read_each(files, mapping=mapping, workers=count_workers(len(files)))) as reads:
        for read in reads:
            if isinstance(read, CarbonacctError):
                raise read
            balances.append(read)
    return balances


def _read(
    path: str | Path, *, area: str | None, year: int | None, mapping: Mapping | None
) -> EnergyBalance | CarbonacctError:
    try:
        return read_balance(path, area=area, year=year, mapping=mapping)
    except CarbonacctError as error:
        return error
