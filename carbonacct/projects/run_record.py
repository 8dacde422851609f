"""A run of a project: what a stage made of its files, or why it made nothing, as the store keeps it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonacct.errors import read_finding
from carbonacct.inventory.plain_findings import write_finding
from carbonacct.inventory.record import MadeFrom
from carbonacct.projects.store import digest_of, make_key, write_canonical
from carbonacct.texts import describe_text, join_texts, read_text, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.errors import Finding
    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.scanning import Source
    from carbonacct.projects.store import Store

_SHOWN = ("entries", "places", "findings", "refused")  # what outputs show of a run


@dataclass(frozen=True)
class Details:
    """What a run says beside its entries."""

    findings: tuple[Finding, ...] = ()
    made_from: tuple[MadeFrom, ...] = ()


@dataclass(frozen=True)
class Run:
    """What a stage made of its files, or why it made nothing.

    Attributes
    ----------
    key
        The hash of all that was read.
    value
        The hash of what came of it: of equal values nothing that follows is stale.
    files
        What was read, by name and bytes.
    places
        Area and year of each inventory in it.
    entries
        Digest of the entries, as text, in the store; ``""`` where it is refused.
    refused
        Why there is no inventory.
    counts
        How many findings of each severity and rule, known without reading them.
    load
        Gives findings and making, which are read when somebody asks.
    details
        Digest of what it reads, in the store.
    """

    key: str
    value: str
    files: tuple[Source, ...]
    places: tuple[tuple[str, int], ...] = ()
    entries: str = ""
    refused: str = ""
    counts: tuple[tuple[str, str, int], ...] = ()
    load: Callable[[], Details] = field(default=Details, repr=False, compare=False)
    details: str = field(default="", repr=False, compare=False)

    @property
    def is_made(self) -> bool:
        """Whether the store has its result, an inventory or a refusal."""
        return bool(self.value)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was noticed."""
        return self._details.findings

    @property
    def made_from(self) -> tuple[MadeFrom, ...]:
        """Program, method, editions, options and files, as the inventory says them."""
        return self._details.made_from

    @cached_property
    def _details(self) -> Details:
        return self.load()


def open_run(store: Store, key: str, value: str, files: Sequence[Source]) -> Run:
    """Return a run from what the store keeps of it under a digest."""
    held = json.loads(store.read(value))
    return Run(
        key=key,
        value=make_key("value", {name: held[name] for name in _SHOWN}),
        files=tuple(files),
        places=tuple((area, year) for area, year in held["places"]),
        entries=held["entries"],
        refused=read_text(held["refused"]),
        counts=tuple((severity, rule, count) for severity, rule, count in held["counts"]),
        load=lambda: _load_details(store, held["details"]),
        details=held["details"],
    )


def _load_details(store: Store, digest: str) -> Details:
    return _to_details(json.loads(store.read(digest))) if digest else Details()


def describe_run(
    made: Inventory | None = None, entries: str = "", refused: str = ""
) -> dict[str, Any]:
    """Return what the store keeps of a run in short."""
    held = made.entries if made is not None else None
    pairs = set() if held is None else set(zip(held["area"], held["year"].tolist(), strict=True))
    findings = [] if made is None else [write_finding(finding) for finding in made.findings]
    return {
        "entries": entries,
        "places": sorted([str(area), int(year)] for area, year in pairs),
        "findings": digest_of(write_canonical(findings)),
        "counts": [
            [*label, count]
            for label, count in sorted(
                Counter((f["severity"], f["rule"]) for f in findings).items()
            )
        ],
        "refused": describe_text(refused),
        "details": "",
    }


def describe_details(made: Inventory) -> dict[str, Any]:
    """Return what a run says beside its entries, as JSON can hold it."""
    return {
        "findings": [write_finding(finding) for finding in made.findings],
        "made_from": [asdict(one) for one in made.made_from],
    }


def _to_details(held: dict[str, Any]) -> Details:
    return Details(
        findings=tuple(read_finding(one) for one in held["findings"]),
        made_from=tuple(_to_making(one) for one in held["made_from"]),
    )


def _to_making(held: dict[str, Any]) -> MadeFrom:
    pairs = {name: tuple(map(tuple, held[name])) for name in ("options", "files")}
    return MadeFrom(**{**held, "editions": tuple(held["editions"]), **pairs})


def refuse_run(key: str, files: Sequence[Source], reason: str) -> Run:
    """Return the run of files that cannot be used."""
    return Run(
        key=key, value=make_key("refused", {"reason": reason}), files=tuple(files), refused=reason
    )


def list_refused(runs: Sequence[Run]) -> list[tuple[Run, str]]:
    """Return the runs that are refused and why; with the path where the reason names a file, and several bear its name.

    What is of no one file, such as a method that does not exist, is the same reason for all.

    Examples
    --------
    >>> from carbonacct.projects.scanning import Source
    >>> runs = [refuse_run("", [Source(f"{area}/2016.csv", "")], "2016.csv!A3: no row") for area in "ab"]
    >>> [str(reason) for _, reason in list_refused(runs)]
    ['a/2016.csv: 2016.csv!A3: no row', 'b/2016.csv: 2016.csv!A3: no row']
    >>> runs = [refuse_run("", [Source(f"{area}/2016.csv", "")], "no method") for area in "ab"]
    >>> [str(reason) for _, reason in list_refused(runs)]
    ['no method', 'no method']
    """
    names = Counter(file.name for run in runs for file in run.files)
    found: list[tuple[Run, str]] = []
    for run in runs:
        said = str(run.refused)
        alike = [one.path for one in run.files if names[one.name] > 1 and one.name in said]
        if run.refused and alike:
            paths = join_texts(", ", alike)
            found.append((run, say("{paths}: {refused}", paths=paths, refused=run.refused)))
        elif run.refused:
            found.append((run, run.refused))
    return found
