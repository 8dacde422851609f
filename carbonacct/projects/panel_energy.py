"""Energy consumption of a project's own balances in coal equivalent, by the definition that it declares."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from carbonacct.errors import CarbonacctError, Finding, ProjectError, read_finding
from carbonacct.inventory.plain_findings import write_finding
from carbonacct.projects.declaration_keys import take_choice, take_number
from carbonacct.projects.driver_bases import list_bases_of_energy
from carbonacct.projects.own_files import find_method
from carbonacct.projects.store import make_key, write_canonical
from carbonacct.texts import Both, describe_text, join_texts, read_text, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from carbonacct.projects.runs import Workshop
    from carbonacct.projects.table_group import TableGroup

# Keys of [energy] that say how the panel counts energy; the others are of the inventory.
KEYS = ("tce", "coal_equivalent", "power_rate")
_COEFFICIENTS = "gb-t-2589-2020"


@dataclass(frozen=True)
class EnergyBasis:
    """How energy consumption is counted.

    Attributes
    ----------
    definition
        Id of ``factors/vocabulary/energy_totals.csv``.
    coefficients
        Method whose coefficients of coal equivalent count.
    power_rate
        Coal of power plants, kgce/kWh; None takes that of each table's own thermal power.
    """

    definition: str
    coefficients: str = _COEFFICIENTS
    power_rate: float | None = None


def read_energy_basis(held: Mapping[str, Any]) -> EnergyBasis | None:
    """Return how the panel counts energy, None where the project does not say.

    Raises
    ------
    ProjectError
        If no such definition is known, or one of its options stands without it.
    """
    if "tce" not in held:
        if lost := [key for key in KEYS if key in held]:
            raise ProjectError(
                say(
                    "energy.{key} says how energy is added up; write energy.tce beside it, such as "
                    '"calorific", or leave it out',
                    key=lost[0],
                )
            )
        return None
    return EnergyBasis(
        definition=take_choice("energy.tce", held["tce"], list_bases_of_energy()),
        coefficients=str(held.get("coal_equivalent", _COEFFICIENTS)),
        power_rate=take_number("energy.power_rate", held.get("power_rate")),
    )


def add_up_energy(workshop: Workshop, groups: Iterable[TableGroup]) -> pd.DataFrame | None:
    """Return the energy consumption of tables by area and year, None where the project asks for none.

    What follows from one table lies in the store.

    Returns
    -------
    DataFrame or None
        Columns ``area, year, energy`` in tce. ``attrs["findings"]`` says by which definition, and of
        which tables there is no number, and why.
    """
    import pandas as pd  # noqa: PLC0415 - the local page reads declarations without it

    basis = workshop.declaration.energy_basis
    if basis is None:
        return None
    rows: list[list[Any]] = []
    findings = [_say_basis(basis)]
    for group in groups:
        key = make_key(
            "energy total",
            {
                "reading": workshop.list_readings(group),
                "basis": asdict(basis),
                "coefficients": workshop.key_method(basis.coefficients),
                "program": workshop.program,
            },
        )
        digest = workshop.store.find(key)
        if digest is None:
            record = _make_record(workshop, group, basis)
            digest = workshop.store.put(write_canonical(record), under=key)
        held = json.loads(workshop.store.read(digest))
        rows += held["rows"]
        findings += [read_finding(one) for one in held["findings"]]
        if held["refused"]:
            rows += [[area, year, None] for area, year in group.places]
            findings.append(_say_refused(group, read_text(held["refused"])))
    frame = pd.DataFrame(rows, columns=["area", "year", "energy"])
    frame = frame.astype({"area": object, "year": int, "energy": float})
    frame.attrs = {"findings": tuple(dict.fromkeys(findings))}
    return frame


def _make_record(workshop: Workshop, group: TableGroup, basis: EnergyBasis) -> dict[str, Any]:
    """Return the totals of a table as the store keeps them, or why there are none."""
    from carbonacct.sectors.energy.energy_total import (  # noqa: PLC0415 - few projects ask for it
        total_energy,
    )

    try:
        frame, findings = total_energy(
            workshop.balance(group),
            definition=basis.definition,
            method=find_method(workshop.declaration.folder, basis.coefficients),
            power_rate=basis.power_rate,
        )
    except CarbonacctError as error:
        return {"rows": [], "findings": [], "refused": describe_text(str(error))}
    totals = frame[frame["term"] == "total"]
    rows = [
        [str(area), int(year), None if math.isnan(value) else float(value)]
        for area, year, value in totals[["area", "year", "value"]].itertuples(index=False)
    ]
    return {"rows": rows, "findings": [write_finding(one) for one in findings], "refused": ""}


def _say_basis(basis: EnergyBasis) -> Finding:
    from carbonacct.sectors.energy.energy_total import (  # noqa: PLC0415 - few projects ask for it
        list_definitions,
    )

    about = list_definitions()[basis.definition]
    text = say(
        "energy of the panel is {definition}: {name}; coefficients of {method}",
        definition=basis.definition,
        name=Both(about["name_en"], about["name_zh"]),
        method=basis.coefficients,
    )
    return Finding("energy-basis", "info", text)


def _say_refused(group: TableGroup, reason: str) -> Finding:
    places = (f"{area} {year}" for area, year in group.places)
    text = say(
        "{place} has no energy consumption: {reason}",
        place=join_texts(", ", places),
        reason=reason,
    )
    return Finding("absent", "warning", text)
