"""Drivers of a scenario: which entries each scales, its path, and draws over its range."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import did_you_mean
from carbonacct.inventory.entry_columns import SECTORS
from carbonacct.product_groups import group_of
from carbonacct.texts import say
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from carbonacct.analysis.assumptions import Driver
    from carbonacct.analysis.series import Floats
    from carbonacct.texts import Text

ALL, OTHERS = "all", "*"
_CLOSED = 1e-6  # how far shares may be from 1
_NORMAL_95 = 1.959963984540054  # half of a 95 % interval, in standard deviations
# The terms that scale each kind of entry.
_SCALES = {
    "emission": ("activity", "structure", "efficiency", "fuel_mix"),
    "scope2": ("activity", "structure", "efficiency", "fuel_mix", "grid_factor"),
    "removal": ("removals",),
}


@shown_in_notebooks
@dataclass(frozen=True)
class Basis:
    """What paths start from and how they are drawn.

    Attributes
    ----------
    area, year
        Of the inventory; the one area and the last year, unless given.
    gas, gwp
        One of both: a gas, or a metric that adds all up.
    scopes
        1, or 1 and 2.
    error
        Half of the 95 % interval of the base year, as a share of it: 0.05 is 5 %.
    draws, seed
        How many paths are drawn, and from which seed.
    """

    area: str = ""
    year: int = 0
    gas: str = ""
    gwp: str = ""
    scopes: tuple[int, ...] = (1,)
    error: float = 0.0
    draws: int = 1000
    seed: int = 0


@dataclass(frozen=True)
class DriverLine:
    """Entries of the base year that one set of drivers scales, in t."""

    sector: str
    flow: str
    product: str
    kind: str
    value: float

    @property
    def label(self) -> str:
        """Flow and product."""
        return f"{self.flow} {self.product}".rstrip()

    @property
    def top(self) -> str:
        """The flow by which results are shown: branches of industry are industry."""
        return self.flow.partition(".")[0]

    @property
    def wholes(self) -> tuple[str, ...]:
        """What the entry lies in, nearest first: its flow, what that is a part of, its sector, all."""
        known = vocabulary.flows()
        chain = list(
            climb(
                self.flow,
                lambda flow: (
                    (known[flow].parent if flow in known else "") or flow.rpartition(".")[0]
                ),
            )
        )
        return (*chain, *((self.sector,) if self.sector not in chain else ()), ALL)


@dataclass(frozen=True, eq=False)
class Held:
    """The drivers of a scenario over the years of it."""

    drivers: tuple[Driver, ...]
    years: np.ndarray
    basis: Basis

    def find(self, line: DriverLine) -> tuple[Driver, ...]:
        """Return the drivers that scale an entry: of each term and name that of the nearest sector."""
        terms, wholes = _SCALES[line.kind], line.wholes
        chosen: dict[tuple[str, str], tuple[int, Driver]] = {}
        for driver in self.drivers:
            sector = self._sectors[driver.sector]
            if driver.term not in terms or driver.term == "fuel_mix" or sector not in wholes:
                continue
            slot, near = (driver.term, driver.of), -wholes.index(sector)
            if slot not in chosen or near > chosen[slot][0]:
                chosen[slot] = near, driver
        mix = self._find_mix(line) if "fuel_mix" in terms else ()
        return (*(driver for _, driver in chosen.values()), *mix)

    def _find_mix(self, line: DriverLine) -> tuple[Driver, ...]:
        """Return the share of an entry's fuel in the mix of the nearest sector that has one."""
        known = vocabulary.products().get(line.product)
        names = (line.product, known.group if known else line.product, OTHERS)
        for whole in line.wholes:
            mix = {
                self._products[driver.of]: driver
                for driver in self.drivers
                if driver.term == "fuel_mix" and self._sectors[driver.sector] == whole
            }
            if mix:
                return next(((mix[name],) for name in names if name in mix), ())
        return ()

    @cached_property
    def _sectors(self) -> dict[str, str]:
        """The id of each sector that drivers name."""
        return {
            driver.sector: (
                driver.sector
                if driver.sector in {*SECTORS, ALL, *vocabulary.flows()}
                else vocabulary.resolve("flow", driver.sector) or driver.sector
            )
            for driver in self.drivers
        }

    @cached_property
    def _products(self) -> dict[str, str]:
        """The id of each product, or group of products, that drivers name."""
        groups = {OTHERS, *(product.group for product in vocabulary.products().values())}
        found = {}
        for driver in self.drivers:
            name = vocabulary.resolve("product", driver.of) or driver.of
            group = name.removesuffix("_total")  # all coal is its kinds
            found[driver.of] = next((one for one in (driver.of, group) if one in groups), name)
        return found

    @property
    def amounts(self) -> tuple[Driver, ...]:
        """Removals that are given in t."""
        return tuple(driver for driver in self.drivers if driver.form == "amount")

    def ratio(self, driver: Driver) -> Floats:
        """Return a driver over its base year, by draw and year; the first draw is the middle."""
        if driver not in self._ratios:
            self._ratios[driver] = self._make_ratio(driver)
        return self._ratios[driver]

    @cached_property
    def _ratios(self) -> dict[Driver, Floats]:
        return {}

    def _make_ratio(self, driver: Driver) -> Floats:
        base = self.basis.year
        if driver.form == "amount":  # added, and not scaled
            return np.zeros((self.basis.draws + 1, len(self.years)))
        if driver.form == "rest":
            others = [self._read(one) for one in self._members(driver) if one.form != "rest"]
            left: Floats = 1.0 - np.sum(others, axis=0)
            return np.asarray(left / left[:, :1])
        if driver.form != "rate":
            path = self._read(driver)
            return np.asarray(path / path[:, :1])
        numbers = [number for number in driver.numbers if number.until > base]
        position = np.searchsorted([number.until for number in numbers], self.years[1:])
        rates = self._draw(driver, np.array([[n.lower, n.middle, n.upper] for n in numbers]))
        start = np.ones((len(rates), 1))
        return np.concatenate([start, np.cumprod(1.0 + rates[:, position], axis=1)], axis=1)

    def amount(self, driver: Driver, start: Floats) -> Floats:
        """Return removals in t by draw and year, from those of the base year to each given number."""
        numbers = [number for number in driver.numbers if number.until > self.basis.year]
        drawn = self._draw(driver, np.array([[n.lower, n.middle, n.upper] for n in numbers]))
        years = [self.basis.year, *(number.until for number in numbers)]
        whole = np.concatenate([start, drawn], axis=1)
        return np.array([np.interp(self.years, years, path) for path in whole])

    def draw_error(self) -> Floats:
        """Return the error of the base year by draw, which all years and sectors share."""
        half = self.basis.error / _NORMAL_95
        drawn = self._generator("base").standard_normal(self.basis.draws)
        return np.concatenate([[1.0], np.maximum(1.0 + half * drawn, 0.0)])[:, None]

    def find_faults(self) -> list[Text]:
        """Return what is wrong with drivers: where they start and end, shares that do not close."""
        faults = [fault for driver in self.drivers for fault in self._find_gaps(driver)]
        if faults:
            return faults
        wholes = dict.fromkeys(
            _whole(driver) for driver in self.drivers if driver.form in {"share", "rest"}
        )
        for whole in wholes:
            members = [driver for driver in self.drivers if _whole(driver) == whole]
            faults += self._find_open(
                [driver for driver in members if driver.form == "share"], members
            )
        return faults

    def find_idle(self, found: Mapping[DriverLine, Sequence[Driver]]) -> list[Text]:
        """Return the drivers that scale nothing, and fuels that are in no mix of their sector."""
        used = {driver for drivers in found.values() for driver in drivers}
        known = dict.fromkeys(whole for line in found for whole in line.wholes)
        faults = []
        for driver in self.drivers:
            is_known = self._sectors[driver.sector] in {ALL, *SECTORS, *vocabulary.flows()}
            is_added = driver.form in {"rest", "amount"} or self._is_clean(driver)
            if driver in used or (is_added and is_known):
                continue
            near = did_you_mean(driver.sector, known)
            faults.append(
                say(
                    "{where}: {what} scales no entry of the base year; {near}",
                    where=driver.where,
                    what=" ".join(filter(None, driver.key)),
                    near=near or say("leave it out, or name what emits"),
                )
            )
        mixed = {driver.sector for driver in self.drivers if driver.term == "fuel_mix"}
        if mixed:
            faults += [fault for line in found for fault in self._find_unmixed(line)]
        return faults

    def _find_unmixed(self, line: DriverLine) -> Iterable[Text]:
        mixes = [
            driver
            for driver in self.drivers
            if driver.term == "fuel_mix" and self._sectors[driver.sector] in line.wholes
        ]
        if mixes and "fuel_mix" in _SCALES[line.kind] and not self._find_mix(line):
            yield say(
                "{where}: the mix lacks {label}; add its share, or the rest as *",
                where=mixes[0].where,
                label=line.label,
            )

    def _is_clean(self, driver: Driver) -> bool:
        """Return whether a driver is the share of what emits nothing where it is used."""
        known = vocabulary.products().get(self._products.get(driver.of, ""))
        if driver.term != "fuel_mix" or known is None:
            return False
        group = group_of(known.id)
        if known.id in group.burnt:
            return False
        is_gas_of_carbon = self.basis.gas == "CO2"  # CO2 of biomass is a memo, its CH4 is not
        return not group.has_carbon and (is_gas_of_carbon or not group.is_fuel)

    def _find_gaps(self, driver: Driver) -> Iterable[Text]:
        """Yield where the numbers of a driver leave years without one."""
        base, last = self.basis.year, int(self.years[-1])
        if driver.form == "rest":
            return
        if driver.term == "fuel_mix" and not self._is_product(driver.of):
            near = did_you_mean(driver.of, vocabulary.products())
            yield say(
                "{where}: no product {of!r}; {near} name one, a group of them (coal, oil, gas), or *",
                where=driver.where,
                of=driver.of,
                near=near,
            )
            return
        if driver.numbers[-1].until < last:
            yield say(
                "{where}: {sector} {term} ends in {until}; say what holds until {last}, the last "
                "year of all assumptions",
                where=driver.where,
                sector=driver.sector,
                term=driver.term,
                until=driver.numbers[-1].until,
                last=last,
            )
        if driver.form not in {"share", "level"}:
            return
        start = next((number for number in driver.numbers if number.until == base), None)
        if driver.numbers[0].until > base or (start is not None and start.lower < start.upper):
            yield say(
                "{where}: {sector} {term} needs its {form} of the base year {base}, one number",
                where=driver.where,
                sector=driver.sector,
                term=driver.term,
                form=driver.form,
                base=base,
            )
        elif not _interpolate(driver, "middle", self.years)[0] and not self._is_clean(driver):
            yield say(
                "{where}: {sector} {of} has no share in the base year, so nothing of it can be scaled",
                where=driver.where,
                sector=driver.sector,
                of=driver.of,
            )

    def _is_product(self, of: str) -> bool:
        products = vocabulary.products()
        return self._products[of] in {OTHERS, *products, *(one.group for one in products.values())}

    def _members(self, driver: Driver) -> list[Driver]:
        return [one for one in self.drivers if _whole(one) == _whole(driver)]

    def _find_open(self, shares: Sequence[Driver], members: Sequence[Driver]) -> Iterable[Text]:
        """Yield why shares of a whole do not add up to it."""
        where, rests = members[0].where, len(members) - len(shares)
        if rests > 1 or not shares:
            yield say(
                "{where}: one rest stands beside shares that are given; {count} do here",
                where=where,
                count=rests,
            )
            return
        sums = {
            side: np.sum([_interpolate(one, side, self.years) for one in shares], axis=0)
            for side in ("middle", "upper")
        }
        is_drawn = (sums["upper"] > sums["middle"]).any()
        if not rests and (is_drawn or (abs(sums["middle"] - 1) > _CLOSED).any()):
            position = int(np.argmax(abs(sums["middle"] - 1)))
            yield say(
                "{where}: shares add up to {total:.4g} in {year}, and ranges do not close; make one "
                "of them the rest",
                where=where,
                total=sums["middle"][position],
                year=int(self.years[position]),
            )
        elif rests and (sums["upper"].max() > 1 or sums["middle"][0] >= 1):
            position = int(np.argmax(sums["upper"]))
            yield say(
                "{where}: shares reach {total:.4g} in {year} and leave nothing for the rest; lower "
                "them",
                where=where,
                total=sums["upper"][position],
                year=int(self.years[position]),
            )

    def _read(self, driver: Driver) -> Floats:
        """Return shares or levels by draw and year, straight lines between the given years."""
        numbers = driver.numbers
        drawn = self._draw(driver, np.array([[n.lower, n.middle, n.upper] for n in numbers]))
        years = [number.until for number in numbers]
        return np.array([np.interp(self.years, years, path) for path in drawn])

    def _draw(self, driver: Driver, numbers: Floats) -> Floats:
        """Return numbers by draw: the middle first, then one quantile of all ranges a draw."""
        chance = self._generator("|".join(driver.key)).random((self.basis.draws, 1))
        lower, middle, upper = numbers.T
        wide = np.where(upper > lower, upper - lower, 1.0)
        # Quantiles of the triangle from lower over middle to upper.
        turn = (middle - lower) / wide
        rising = lower + np.sqrt(chance * wide * (middle - lower))
        falling = upper - np.sqrt((1 - chance) * wide * (upper - middle))
        drawn = np.where(chance < turn, rising, falling)
        drawn = np.where(upper > lower, drawn, middle)
        return np.concatenate([middle[None], drawn])

    def _generator(self, label: str) -> np.random.Generator:
        """Return random numbers of a driver, the same in each scenario."""
        # crc32, for hash() differs from run to run.
        return np.random.default_rng([self.basis.seed, zlib.crc32(label.encode())])


def _whole(driver: Driver) -> tuple[str, str]:
    """Return what shares are of: a whole that structure names, the energy of a sector."""
    return driver.term, driver.sector if driver.term == "fuel_mix" else driver.of


def _interpolate(driver: Driver, side: str, years: np.ndarray) -> Floats:
    numbers = driver.numbers
    path: Floats = np.interp(
        years, [one.until for one in numbers], [getattr(one, side) for one in numbers]
    )
    return path
