"""Identities as text: factors that multiply to a left side, checked by counting exponents."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows
from carbonacct.display import shown_in_notebooks
from carbonacct.errors import IdentityError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RESERVED = frozenset({"total", "residual"})
_TOKEN = re.compile(
    r"\s*(?:`(?P<quoted>[^`]+)`|(?P<name>[^\W\d]\w*)|(?P<number>\d[\d.]*)|(?P<sign>\S))"
)
_TIMES = str.maketrans(
    {
        "×": "*",
        "·": "*",
        "÷": "/",
        "＊": "*",
        "／": "/",
        "＝": "=",
        "［": "[",
        "］": "]",
        "（": "(",
        "）": ")",
    }
)


@dataclass(frozen=True, order=True)
class Quantity:
    """A column of the panel, kept apart by the dims in its tag: ``energy[sector]``."""

    name: str
    dims: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the quantity as an identity writes it."""
        return f"{self.name}[{','.join(self.dims)}]" if self.dims else self.name


@dataclass(frozen=True)
class Factor:
    """A quantity, or a quotient of products of quantities, with its text as written."""

    text: str
    numerator: tuple[Quantity, ...]
    denominator: tuple[Quantity, ...] = ()


@shown_in_notebooks
@dataclass(frozen=True)
class Identity:
    """An identity: the factors multiply to the left side, summed over the dims of the tags.

    Attributes
    ----------
    text
        As written.
    left
        A column, a ratio of columns, or a new name.
    factors
        In the order written; their texts are the terms of a decomposition.
    product
        What the factors multiply to after cancelling.
    defines
        Whether the left side is a new name that the product defines.

    Examples
    --------
    >>> identity = parse_identity("co2 = gdp * energy/gdp * co2/energy")
    >>> identity.terms, identity.names
    (('gdp', 'energy/gdp', 'co2/energy'), ('gdp', 'energy', 'co2'))
    """

    text: str
    left: Factor
    factors: tuple[Factor, ...]
    product: Factor
    defines: bool = False

    @property
    def terms(self) -> tuple[str, ...]:
        """Return the factors as written."""
        return tuple(factor.text for factor in self.factors)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Return the quantities of the factors, each once, in the order written."""
        return tuple(
            dict.fromkeys(
                q for factor in self.factors for q in (*factor.numerator, *factor.denominator)
            )
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns that the factors need, in the order written."""
        return tuple(dict.fromkeys(quantity.name for quantity in self.quantities))

    @property
    def dims(self) -> tuple[str, ...]:
        """Return the dims of the tags, in the order written."""
        return tuple(dict.fromkeys(dim for quantity in self.quantities for dim in quantity.dims))


def parse_identity(text: str, *, columns: Iterable[str] = ()) -> Identity:
    """Return an identity from its text, or from the id of a preset, after checking that its product cancels.

    Parameters
    ----------
    text
        ``left = factor * factor * ...``. A factor is a name or a quotient (``energy/gdp``,
        ``(gva*ppp)/population``); a name in backquotes may hold any character. ``[sector]`` behind
        a name keeps the sectors apart; the name without it is then the total over sectors. Or the
        id of a preset, such as ``kaya``.
    columns
        Columns of the panel, where they are known: a left side that is not among them is a new name.

    Raises
    ------
    IdentityError
        If the text cannot be read, or the product does not cancel to the left side; the message
        names what is left over.

    Notes
    -----
    A left side that no factor mentions is a new name, which the product defines (``co2 = activity *
    factor``). A product that cancels to one other name is refused: a factor is missing.

    Examples
    --------
    >>> parse_identity("co2 = population * gdp/population * energy/gdp * co2/energy").product.text
    'co2'
    >>> parse_identity("fuel-mix").dims
    ('product',)
    >>> parse_identity("co2 = gdp * energy/gdp * co2/population")
    Traceback (most recent call last):
    carbonacct.errors.IdentityError: the factors multiply to co2*energy/population, not to co2: ...
    """
    if "=" not in _plain_signs(text):
        text = _preset(text.strip())
    sides = [side.strip() for side in _split(_plain_signs(text), "=")]
    if len(sides) != 2 or not all(sides):
        raise IdentityError(
            say(
                "{text!r} is no identity; write it as co2 = gdp * energy/gdp * co2/energy",
                text=text,
            )
        )
    lefts = [part.strip() for part in _split(sides[0], "*")]
    if len(lefts) != 1:
        raise IdentityError(
            say(
                "{text!r}: the left side is {side!r}; write a name or a ratio there",
                text=text,
                side=sides[0],
            )
        )
    left, factors = (
        _parse_factor(lefts[0]),
        tuple(_parse_factor(part.strip()) for part in _split(sides[1], "*")),
    )
    for term, count in Counter(factor.text for factor in factors).items():
        if count > 1:
            raise IdentityError(
                say(
                    "{text!r}: the factor {term} is written {count} times; write each factor once",
                    text=text,
                    term=term,
                    count=count,
                )
            )
        if term in RESERVED:
            raise IdentityError(
                say(
                    "{text!r}: a factor cannot be called {term}, which names a row of the "
                    "result; rename the column",
                    text=text,
                    term=term,
                )
            )
    tagged = [quantity for quantity in (*left.numerator, *left.denominator) if quantity.dims]
    if tagged:
        raise IdentityError(
            say(
                "{text!r}: the left side is the total; write {name} there, and name {dim} "
                "in by to keep it apart",
                text=text,
                name=tagged[0].name,
                dim=tagged[0].dims[0],
            )
        )
    exponents = _multiply(factors)
    product = _as_factor(exponents)
    if not product.numerator:
        raise IdentityError(
            say(
                "{text!r}: the factors multiply to {product_text}; correct a factor",
                text=text,
                product_text=product.text,
            )
        )
    return Identity(
        text, left, factors, product, _defines(left, exponents, factors, frozenset(columns))
    )


def preset_ids() -> tuple[str, ...]:
    """Return the ids of the identities that ship with the package.

    Examples
    --------
    >>> preset_ids()[:3]
    ('gdp-intensity', 'kaya', 'kaya-fossil')
    """
    return tuple(_presets())


@cache
def _presets() -> dict[str, str]:
    return {
        row["id"]: row["identity"]
        for row in read_rows(data_folder() / "identities" / "identities.csv")
    }


def _preset(word: str) -> str:
    if word not in _presets():
        near = did_you_mean(word, _presets())
        raise IdentityError(
            say(
                "{word!r} is no identity; {near}",
                word=word,
                near=near
                or say(
                    "write one with =, or a preset: {presets}", presets=join_texts(", ", _presets())
                ),
            )
        )
    return _presets()[word]


def _plain_signs(text: str) -> str:
    """Return an identity with plain signs; a name in backquotes keeps its own, as its column has them."""
    pieces = text.split("`")
    return "`".join(
        piece if number % 2 else piece.translate(_TIMES) for number, piece in enumerate(pieces)
    )


def _split(text: str, sign: str) -> list[str]:
    """Return the parts of a text between a sign that stands outside of brackets and backquotes."""
    parts, depth, quoted = [""], 0, False
    for letter in text:
        quoted ^= letter == "`"
        depth += 0 if quoted else (letter in "([") - (letter in ")]")
        if letter == sign and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _parse_factor(text: str) -> Factor:
    """Return one factor: names times or over names, with brackets."""
    tokens = [
        (found.lastgroup or "", found[found.lastgroup or 0]) for found in _TOKEN.finditer(text)
    ]
    exponents, end = _parse_product(text, tokens, 0)
    if end < len(tokens):
        raise IdentityError(
            say(
                "factor {text!r}: {token!r} stands where * or / is expected; write names, "
                "*, / and brackets",
                text=text,
                token=tokens[end][1],
            )
        )
    over = _as_factor(exponents)
    if not over.numerator:
        raise IdentityError(
            say(
                "factor {text!r} cancels to {over_text}; write a name or a ratio of names",
                text=text,
                over_text=over.text,
            )
        )
    return Factor(text, over.numerator, over.denominator)


def _parse_product(
    text: str, tokens: Sequence[tuple[str, str]], at: int
) -> tuple[Counter[Quantity], int]:
    """Return the exponents of a product from a position on, and where it ends."""
    exponents, power = Counter[Quantity](), 1
    while True:
        if at < len(tokens) and tokens[at] == ("sign", "("):
            inner, at = _parse_product(text, tokens, at + 1)
            if at >= len(tokens) or tokens[at] != ("sign", ")"):
                raise IdentityError(
                    say("factor {text!r}: a bracket is not closed; close it", text=text)
                )
            at += 1
        else:
            quantity, at = _parse_quantity(text, tokens, at)
            inner = Counter({quantity: 1})
        for quantity, count in inner.items():
            exponents[quantity] += power * count
        if at >= len(tokens) or tokens[at][1] not in {"*", "/"}:
            return exponents, at
        power, at = (1 if tokens[at][1] == "*" else -1), at + 1


def _parse_quantity(text: str, tokens: Sequence[tuple[str, str]], at: int) -> tuple[Quantity, int]:
    kind, word = tokens[at] if at < len(tokens) else ("", "")
    if kind not in {"name", "quoted"}:
        seen = say("{word!r} stands", word=word) if word else say("nothing stands")
        hint = (
            say("a constant changes nothing: leave it out")
            if kind == "number"
            else say("write names, *, / and brackets")
        )
        raise IdentityError(
            say(
                "factor {text!r}: {seen} where a name is expected; {hint}",
                text=text,
                seen=seen,
                hint=hint,
            )
        )
    at += 1
    dims: list[str] = []
    if at < len(tokens) and tokens[at][1] == "[":
        at += 1
        while at < len(tokens) and tokens[at][0] in {"name", "quoted"}:
            dims.append(tokens[at][1])
            at += 1 + (at + 1 < len(tokens) and tokens[at + 1][1] in {",", "，"})
        if not dims or at >= len(tokens) or tokens[at][1] != "]":
            raise IdentityError(
                say(
                    "factor {text!r}: the tag of {word} is not a list of dims; write "
                    "{word}[sector] or {word}[sector,product]",
                    text=text,
                    word=word,
                )
            )
        at += 1
    return Quantity(word, tuple(sorted(dims))), at


def _multiply(factors: Iterable[Factor]) -> Counter[Quantity]:
    exponents = Counter[Quantity]()
    for factor in factors:
        exponents.update(factor.numerator)
        exponents.subtract(factor.denominator)
    return exponents


def _as_factor(exponents: Counter[Quantity]) -> Factor:
    numerator = tuple(q for q, power in exponents.items() for _ in range(power))
    denominator = tuple(q for q, power in exponents.items() for _ in range(-power))
    over = "*".join(sorted(map(str, numerator))) or "1"
    under = "*".join(sorted(map(str, denominator)))
    text = over + (f"/({under})" if len(denominator) > 1 else f"/{under}" if under else "")
    return Factor(text, numerator, denominator)


def _defines(
    left: Factor, exponents: Counter[Quantity], factors: Iterable[Factor], columns: frozenset[str]
) -> bool:
    """Return False where the product is the left side, True where the left side is a new name; else raise."""
    product = _as_factor(exponents)
    summed = [quantity for quantity in product.numerator if quantity.dims]
    totals = Counter(
        {Quantity(quantity.name): power for quantity, power in exponents.items() if power}
    )
    wanted = _multiply([left])
    linear = len(summed) <= 1 and not any(quantity.dims for quantity in product.denominator)
    if linear and _as_factor(_drop_tags(exponents)).text == _as_factor(wanted).text:
        return False
    if totals == wanted:
        raise IdentityError(
            say(
                "the sum of {text} is not {left_text}; write {denominator} without a tag in "
                "the last factor",
                text=product.text,
                left_text=left.text,
                denominator=left.denominator[0] if left.denominator else say("it"),
            )
        )
    mentioned = {
        quantity.name for factor in factors for quantity in (*factor.numerator, *factor.denominator)
    }
    if not left.denominator and left.numerator[0].name not in mentioned:
        name = left.numerator[0].name
        alias = len(product.numerator) == 1 and not product.denominator
        if not alias or (columns and name not in columns):
            return True
        raise IdentityError(
            say(
                "the factors multiply to {text}, not to {name}: a factor is missing; add "
                "{name}/{text}, or write {numerator_name} on the left",
                text=product.text,
                name=name,
                numerator_name=product.numerator[0].name,
            )
        )
    over = _drop_tags(exponents)
    over.subtract(wanted)
    raise IdentityError(
        say(
            "the factors multiply to {text}, not to {left_text}: {divisor} is left over; "
            "correct a factor",
            text=product.text,
            left_text=left.text,
            divisor=_as_factor(over).text,
        )
    )


def _drop_tags(exponents: Counter[Quantity]) -> Counter[Quantity]:
    """Return the exponents with the sum's tag taken off its numerator, where the name stands there once."""
    dropped = Counter[Quantity]()
    for quantity, power in exponents.items():
        dropped[Quantity(quantity.name) if quantity.dims and power == 1 else quantity] += power
    return dropped
