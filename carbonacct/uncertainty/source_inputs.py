"""The numbers that entries of sources were worked out from, each once, and how sure each is."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct import dim_names
from carbonacct.equations import load_sector, sector_ids
from carbonacct.equations.arithmetic import NUMBER, states_of
from carbonacct.equations.expression_tree import Call, names_in, walk
from carbonacct.equations.factor_values import MIDDLE, load_factors
from carbonacct.equations.sector import AskedActivity
from carbonacct.errors import Finding, name_some
from carbonacct.factors.editions import FactorRow
from carbonacct.sectors.sources.method_labels import find_users
from carbonacct.texts import Both, say
from carbonacct.uncertainty.default_ranges import (
    find_bounding_edition,
    find_default_range,
    note_defaults,
)
from carbonacct.uncertainty.distributions import Uncertainty
from carbonacct.uncertainty.draw_model import DrawInput
from carbonacct.uncertainty.fitting import fit_bounds, fit_percent
from carbonacct.uncertainty.uncertain_inputs import (
    find_activity_source,
    find_factor_uncertainty,
    match_override,
    note_exact,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from carbonacct.equations import Evaluation, Sector
    from carbonacct.equations.axes import Numbers
    from carbonacct.factors.keyed import Parameter
    from carbonacct.uncertainty.knowledge import Knowledge
    from carbonacct.uncertainty.uncertain_inputs import ActivitySource

_EXACT = Uncertainty("exact", 1.0, 1.0, 1.0)
_LISTED = 3


@dataclass
class SourceInputs:
    """Collects the inputs of sector files: a number that serves twice is one input.

    Attributes
    ----------
    inputs
        What is uncertain, around 1.
    """

    knowledge: Knowledge
    inputs: list[DrawInput] = field(default_factory=list)
    _places: dict[Any, int] = field(default_factory=dict)  # -1: certain
    _exact_rows: list[FactorRow] = field(default_factory=list)
    _defaults: list[tuple[FactorRow, Uncertainty]] = field(default_factory=list)
    _stated: list[str] = field(default_factory=list)
    _shares: list[str] = field(default_factory=list)
    _kinds: dict[ActivitySource, list[str]] = field(default_factory=lambda: defaultdict(list))

    def number(
        self, evaluation: Evaluation, used: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Return for each number that was used its place among the inputs, -1 where it is certain.

        Returns
        -------
        dict
            By activity and parameter, of the shape of its numbers; those that are certain
            throughout are left out.
        """
        windows = set(_windows(evaluation.sector))
        found = {}
        for symbol, mask in used.items():
            numbers = evaluation.data.numbers[symbol]
            cells = numbers.cells
            there = mask & (states_of(cells) == NUMBER) & (cells.values != 0)
            if symbol in windows or not there.any():
                continue
            places = self._number_cells(evaluation, symbol, numbers, np.argwhere(there))
            if (places >= 0).any():
                found[symbol] = np.full(np.shape(cells.values), -1, np.int64)
                found[symbol][there] = places
        return found

    def _number_cells(
        self, evaluation: Evaluation, symbol: str, numbers: Numbers, cells: np.ndarray
    ) -> np.ndarray:
        """Return the input of each cell of a symbol; what came from one place is one input."""
        shape = np.shape(numbers.cells.values)
        nowhere = np.full((1,) * len(shape), -1)
        origins = np.broadcast_to(nowhere if numbers.origins is None else numbers.origins, shape)
        which = origins[tuple(cells.T)]
        named = np.array([bool(str(one)) for one in (*numbers.sources, "")], bool)
        alone = ~named[which]  # without a place, each cell is a number of its own
        keys = np.where(alone, len(named) + np.arange(len(cells)), which)
        _, first, back = np.unique(keys, return_index=True, return_inverse=True)
        places = [
            self._place(
                _first_number(
                    evaluation, symbol, "" if alone[at] else numbers.sources[which[at]], cells[at]
                )
            )
            for at in first
        ]
        return np.array(places)[back]

    def _place(self, one: _Number) -> int:
        key = one.key
        if key not in self._places:
            known = self._fit(one)
            self._places[key] = -1 if known.kind == "exact" else len(self.inputs)
            if known.kind != "exact":
                kind = "activity" if isinstance(one.about, AskedActivity) else one.about.id
                self.inputs.append(DrawInput(one.called, kind, one.said_item, known))
        return self._places[key]

    def _fit(self, one: _Number) -> Uncertainty:
        own = one.find_own(self.knowledge)
        if own is not None:
            return own
        if isinstance(one.about, AskedActivity):
            return self._fit_activity(one, one.about)
        if not isinstance(one.source, FactorRow):
            self._stated.append(one.called)
            return _EXACT
        return self._fit_row(one, one.source, one.about)

    def _fit_row(self, one: _Number, row: FactorRow, about: Parameter) -> Uncertainty:
        value = row.value
        printed = replace(row, value=math.nan) if row.item == MIDDLE else row
        found = find_factor_uncertainty(printed, value)
        if found is None and self.knowledge.bounds_from:
            found = _borrow(one.sector, row, about, self.knowledge.bounds_from)
        if found is None and not self.knowledge.exact:
            found = find_default_range(
                row, value, allow_unverified=self.knowledge.allow_unverified
            ) or _borrow(one.sector, row, about, find_bounding_edition())
            self._defaults += [(one.called_row(row), found)] if found is not None else []
        if found is None:
            self._exact_rows.append(one.called_row(row))
            return _EXACT
        return found

    def _fit_activity(self, one: _Number, about: AskedActivity) -> Uncertainty:
        if about.shares or about.at_most:
            self._shares.append(one.called)
            return _EXACT
        kind = find_activity_source(self.knowledge.sources, one.categories[0], "")
        self._kinds[kind].append(one.called)
        source = f"{kind.reference}: {kind.group}"
        found = fit_percent(1.0, kind.upper, source=source)
        top = about.maximum / one.value
        if 1 + kind.upper / 100 > top > 1:  # a share reaches to the whole and no further
            return fit_bounds(1.0, 1 - kind.upper / 100, top, source=source, what=one.name)
        if top <= 1:
            self._shares.append(one.called)
            return _EXACT
        return found

    def findings(self) -> Iterator[Finding]:
        """Say what counts as exact, and what takes a default range."""
        if self._defaults:
            yield note_defaults(self._defaults)
        if self._exact_rows:
            yield note_exact(self._exact_rows, self.knowledge.bounds_from)
        action = say("state their uncertainty (--inputs)")
        if self._stated:
            names = name_some(self._stated, _LISTED)
            message = say("factors stated in the tables count as exact: {names}", names=names)
            yield Finding("no-uncertainty", "warning", message, action=action)
        if self._shares:
            names = name_some(self._shares, _LISTED)
            message = say("shares of a whole count as exact: {names}", names=names)
            yield Finding("no-uncertainty", "warning", message, action=action)
        for kind, named in self._kinds.items():
            yield _note_kind(kind, named)

    @property
    def exact(self) -> int:
        """How many numbers count as exact for want of a range."""
        return len(self._exact_rows) + len(self._stated)


@dataclass(frozen=True)
class _Number:
    """One number that went in: what it is of, where it came from, and where it first serves."""

    sector: Sector
    about: AskedActivity | Parameter
    source: Any
    value: float
    area: str
    year: str
    labels: tuple[str, ...]

    @property
    def key(self) -> Any:
        """What two uses of one number have in common."""
        if isinstance(self.source, FactorRow):
            return self.source.place, self.source.value
        return self.about.id, self.source or (self.area, self.year, self.labels)

    @property
    def item(self) -> str:
        """The labels in words: of a row, its own."""
        if isinstance(self.source, FactorRow):
            return ",".join(word for _, word in self.source.labels if word)
        return ",".join(self.labels)

    @property
    def name(self) -> str:
        """A name of its own, the same whatever else is in the inventory."""
        if isinstance(self.source, FactorRow):
            return f"{self.source.place} {self.source.value:.15g}"
        words = (self.about.id, self.area, self.year, self.item)
        return "activity: " + " ".join(filter(None, words))

    @property
    def said_item(self) -> Both:
        """The labels as a message says them."""
        is_row = isinstance(self.source, FactorRow)
        labels = self.source.labels if is_row else zip(self.about.dims, self.labels, strict=False)
        return Both(self.item, self._say_labels(labels))

    @property
    def called(self) -> Both:
        """The name as a message says it; a row of a table bears its place in any language."""
        if isinstance(self.source, FactorRow):
            return Both(self.name, self.name)
        labels = self.said_item.zh
        words = (self.sector.name_of(self.about.id, "zh"), self.area, self.year, labels)
        return Both(self.name, " ".join(filter(None, words)))

    def called_row(self, row: FactorRow) -> FactorRow:
        """Return a row whose parameter and labels are said in both languages."""
        item = ",".join(word for _, word in row.labels if word)
        said = Both(row.item or row.product or item, self._say_labels(row.labels) or row.item)
        return replace(row, parameter=self.sector.called(row.parameter), item=said)

    def _say_labels(self, labels: Iterable[tuple[str, str]]) -> str:
        """Return labels by their Chinese names; a word that is none, such as a region, as it stands."""
        return "、".join(
            dim_names.dim_labels(dim).get(word, (word,))[0] for dim, word in labels if word
        )

    @property
    def categories(self) -> list[str]:
        """Of the sources that it serves, in the order of the file."""
        return [block.category for block in find_users(self.sector, self.about.id)]

    def find_own(self, knowledge: Knowledge) -> Uncertainty | None:
        """Return the user's own uncertainty: by its own name first, else as an activity."""
        names = [self.about.id]
        if isinstance(self.about, AskedActivity):
            names.append("activity")
        elif self.about.file != self.about.id:
            names.append(self.about.file)
        keys = {"area": self.area, "product": ",".join(self.labels)}
        for name in names:
            if not any(one.input == name for one in knowledge.overrides):
                continue
            for block in find_users(self.sector, self.about.id):
                more = {"flow": block.id, "category": block.category, "gas": ",".join(block.gases)}
                found = match_override(knowledge.overrides, name, keys | more)
                if found is not None:
                    knowledge.used.add(found.place)
                    return found.uncertainty
        return None


def _first_number(evaluation: Evaluation, symbol: str, source: Any, cell: np.ndarray) -> _Number:
    """Return the number that a cell of a symbol holds."""
    axes, sector = evaluation.data.axes, evaluation.sector
    values = evaluation.data.numbers[symbol].cells.values
    words = {
        dim: str(axes.labels_of(dim)[at])
        for dim, at, length in zip(axes.dims, cell, values.shape, strict=True)
        if length > 1 or len(axes.labels_of(dim)) == 1
    }
    having = sector.dims_of(symbol)
    return _Number(
        sector=sector,
        about=sector.activities.get(symbol) or sector.parameters[symbol],
        source=source,
        value=float(values[tuple(cell)]),
        area=words.get("area", ""),
        year=words.get("year", "").removeprefix("0"),
        labels=tuple(words[dim] for dim in axes.labels if dim in having and dim in words),
    )


def _windows(sector: Sector) -> Iterator[str]:
    """Go over the parameters that are a number of years: whole, and so certain."""
    for block in sector.blocks.values():
        for line in block.lines:
            for part in walk(line.tree):
                if isinstance(part, Call) and part.function == "average":
                    yield from names_in(part.of[1])


def _borrow(sector: Sector, row: FactorRow, about: Parameter, edition: str) -> Uncertainty | None:
    """Return the bounds of another edition's row of the same table and labels, in parts of its value."""
    name = f"{edition}/{sector.id.rpartition('/')[2]}"
    if name not in sector_ids():
        return None
    other = load_sector(name)
    asked = [one for one in other.parameters.values() if one.file == about.file]
    for held in (one for parameter in asked for one in load_factors(other, parameter)):
        for printed in held.rows.get(about.file, ()):
            alike = printed.labels == row.labels or not any(word for _, word in printed.labels)
            if (
                held.id == edition
                and alike
                and printed.value > 0
                and printed.lower <= printed.upper
            ):
                return fit_bounds(
                    1.0,
                    printed.lower / printed.value,
                    printed.upper / printed.value,
                    source=f"bounds of {printed.place}",
                    what=say("{place}: {parameter}", place=row.place, parameter=row.parameter),
                )
    return None


def _note_kind(kind: ActivitySource, names: Sequence[str]) -> Finding:
    """Say which range activities take by their kind of source."""
    values = {
        "percent": f"{kind.upper:g}",
        "group": kind.group,
        "reference": kind.reference,
        "names": name_some(names, _LISTED),
    }
    if kind.status == "unverified":
        text = (
            "{names}: +/- {percent} % is taken, the range of {group} ({reference}), which could not be"
            " checked against the document"
        )
        action = say("state your own (--inputs)")
        return Finding("unverified-uncertainty", "warning", say(text, **values), action=action)
    text = (
        "{names}: +/- {percent} % is taken, the default of {group} ({reference}); no range of their"
        " own kind of source could be checked"
    )
    action = say(
        "state their uncertainty (--inputs), or allow unverified ranges (--allow-unverified)"
    )
    return Finding("default-range", "warning", say(text, **values), action=action)
