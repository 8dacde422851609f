"""A word changed: of a row, a column or a title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from tests.fuzzing.kinds import hidden, shown
from tests.fuzzing.words import UNIT, name_of, parent_of, parts_of, without_unit

if TYPE_CHECKING:
    from tests.fuzzing.base import Dim, Place, Spot
    from tests.fuzzing.draft import Draft

_OF = re.compile(r"^\s*(?:#|其中[::]?|of which:?)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SIBLINGS = "their sum is the same whichever is which; only what is usual for each shows it"


def row_labels(draft: Draft, spot: Spot) -> list[Place]:
    """Return the words that name a number's flow."""
    return draft.base.words(spot, "flow")


def header_labels(draft: Draft, spot: Spot) -> list[Place]:
    """Return the words that name a number's product."""
    return draft.base.words(spot, "product")


def _next_label(draft: Draft, spot: Spot, dim: Dim) -> str:
    """Return the flow or product that is printed next."""
    labels = list(draft.base.printed[dim])
    following = labels[labels.index(getattr(spot, dim)) + 1 :]
    return following[0] if following else ""


def _swap(draft: Draft, dim: Dim, *, sisters: bool) -> str | None:
    def near(spot: Spot) -> bool:
        other = _next_label(draft, spot, dim)
        return bool(other) and _sisters(draft, dim, getattr(spot, dim), other) == sisters

    spot = draft.pick(near)
    if spot is None:
        return None
    other = draft.base.printed[dim][_next_label(draft, spot, dim)]
    return _exchange(draft, draft.base.words(spot, dim), draft.base.words(other, dim))


def _exchange(draft: Draft, ones: list[Place], others: list[Place]) -> str | None:
    if len(ones) != len(others) or not ones:
        return None
    done = []
    for one, other in zip(ones, others, strict=True):
        here, there = draft.get(one), draft.get(other)
        draft.put(other, here)
        done.append(draft.put(one, there))
    return "; ".join(done[:2])


def _sisters(draft: Draft, dim: Dim, one: str, other: str) -> bool:
    """Return whether two flows or products are parts of one printed total, or of none."""
    if dim == "flow" and {vocabulary.flows()[each].part for each in (one, other)} != {"sum"}:
        return False
    if {one, other} & draft.base.wholes[dim]:
        return False
    return draft.base.printed_whole(dim, one) == draft.base.printed_whole(dim, other)


@hidden(f"the rows are parts of one row: {_SIBLINGS}")
def sister_flows_relabelled(draft: Draft) -> str | None:
    """Swap the labels of two neighbouring parts of one row."""
    return _swap(draft, "flow", sisters=True)


@shown
def flows_relabelled(draft: Draft) -> str | None:
    """Swap the labels of two neighbouring rows that are no parts of one row."""
    return _swap(draft, "flow", sisters=False)


@hidden(f"the products are parts of one total, or of none: {_SIBLINGS}")
def sister_products_relabelled(draft: Draft) -> str | None:
    """Swap the names of two neighbouring products of one total, or of none."""
    return _swap(draft, "product", sisters=True)


@shown
def products_relabelled(draft: Draft) -> str | None:
    """Swap the names of two neighbouring products of different totals."""
    return _swap(draft, "product", sisters=False)


def _reword(draft: Draft, places: list[Place], word: str) -> str | None:
    """Put one word for all the words of a row or column, its unit kept."""
    if not places or not word:
        return None
    done = []
    for number, place in enumerate(places):
        unit = UNIT.search(str(draft.get(place)))
        text = word if number == 0 else ""
        done.append(draft.put(place, f"{text}({unit[0]})" if unit else text))
    return "; ".join(done[:2])


def _misspell(draft: Draft, places: list[Place]) -> str | None:
    done = []
    for place in places[:1]:
        text = str(draft.get(place))
        at = [i for i, letter in enumerate(text) if letter.isalpha()]
        if not at:
            return None
        i = draft.chance.choice(at)
        how = draft.chance.choice(["drop", "double", "other"])
        new = {
            "drop": text[:i] + text[i + 1 :],
            "double": text[:i] + text[i] + text[i:],
            "other": text[:i] + ("x" if text[i].isascii() else "口") + text[i + 1 :],
        }[how]
        done.append(draft.put(place, new))
    return "; ".join(done) or None


@shown
def flow_misspelt(draft: Draft) -> str | None:
    """Drop, double or misread a letter of a row's label."""
    spot = draft.pick()
    return _misspell(draft, row_labels(draft, spot)) if spot else None


@shown
def product_misspelt(draft: Draft) -> str | None:
    """Drop, double or misread a letter of a product's name."""
    spot = draft.pick()
    return _misspell(draft, header_labels(draft, spot)) if spot else None


@shown
def flow_coarser(draft: Draft) -> str | None:
    """Print the name of the row that a row is a part of."""
    spot = draft.pick(lambda spot: bool(parent_of("flow", spot.flow)))
    if spot is None:
        return None
    return _reword(draft, row_labels(draft, spot), name_of("flow", parent_of("flow", spot.flow)))


@shown
def product_coarser(draft: Draft) -> str | None:
    """Print the name of the total that a product is a part of."""
    spot = draft.pick(lambda spot: bool(parent_of("product", spot.product)))
    if spot is None:
        return None
    return _reword(
        draft, header_labels(draft, spot), name_of("product", parent_of("product", spot.product))
    )


@shown
def flow_finer(draft: Draft) -> str | None:
    """Print the name of a part of a row."""
    spot = draft.pick(lambda spot: bool(parts_of("flow", spot.flow)))
    if spot is None:
        return None
    return _reword(
        draft,
        row_labels(draft, spot),
        name_of("flow", draft.chance.choice(parts_of("flow", spot.flow))),
    )


@shown
def product_finer(draft: Draft) -> str | None:
    """Print the name of a kind of a product."""
    spot = draft.pick(lambda spot: bool(parts_of("product", spot.product)))
    if spot is None:
        return None
    word = name_of("product", draft.chance.choice(parts_of("product", spot.product)))
    return _reword(draft, header_labels(draft, spot), word)


@shown
def flow_unknown(draft: Draft) -> str | None:
    """Print a word that nobody knows, in front of, behind or instead of a row's label."""
    spot = draft.pick()
    if spot is None or not (places := row_labels(draft, spot)):
        return None
    text = str(draft.get(places[0])).strip()
    words = [f"{text}甲类", f"新型{text}", "特种用途", "能源供应部门", "化工原料用途"]
    return _reword(draft, places, draft.chance.choice(words))


@shown
def product_unknown(draft: Draft) -> str | None:
    """Print a word that nobody knows, in front of, behind or instead of a product's name."""
    spot = draft.pick()
    if spot is None or not (places := header_labels(draft, spot)):
        return None
    text = without_unit(str(draft.get(places[0])))
    new = draft.chance.choice([f"{text}新品", f"合成{text}", "水煤膏", "生物航油"])
    return _reword(draft, places, new)


@shown
def flow_of_another_row(draft: Draft) -> str | None:
    """Label a row as another row of the table."""
    spot = draft.pick()
    other = draft.pick(lambda each: spot is not None and each.flow != spot.flow)
    if spot is None or other is None:
        return None
    return _reword(draft, row_labels(draft, spot), name_of("flow", other.flow))


@shown
def of_which_added(draft: Draft) -> str | None:
    """Mark a row as a part of the row above it."""
    spot = draft.pick(
        lambda spot: (
            bool(row_labels(draft, spot))
            and not _OF.match(str(draft.get(row_labels(draft, spot)[0])))
        )
    )
    if spot is None:
        return None
    place = row_labels(draft, spot)[0]
    return draft.put(place, draft.chance.choice(["#", "其中:"]) + str(draft.get(place)).strip())


@shown
def of_which_removed(draft: Draft) -> str | None:
    """Lose the mark of a part of the row above."""
    spot = draft.pick(
        lambda spot: any(_OF.match(str(draft.get(place))) for place in row_labels(draft, spot))
    )
    if spot is None:
        return None
    return "; ".join(
        draft.put(place, _OF.sub("", str(draft.get(place)))) for place in row_labels(draft, spot)
    )


@shown
def flow_label_blanked(draft: Draft) -> str | None:
    """Leave out the label of a row."""
    spot = draft.pick()
    places = row_labels(draft, spot) if spot else []
    return "; ".join(draft.put(place, "") for place in places) or None


@shown
def product_label_blanked(draft: Draft) -> str | None:
    """Leave out the name of a product."""
    spot = draft.pick()
    places = header_labels(draft, spot) if spot else []
    return "; ".join(draft.put(place, "") for place in places) or None


def _titles(draft: Draft) -> list[Place]:
    return [
        (number, i, j)
        for number, sheet in enumerate(draft.sheets)
        for i, row in enumerate(
            sheet.rows[: min(4, draft.base.data_rows[number][0])]
            if number in draft.base.data_rows
            else []
        )
        for j, cell in enumerate(row)
        if isinstance(cell, str)
        and len(cell.strip()) > 5
        and not UNIT.search(cell)
        and sum(map(bool, row)) < 4
    ]


@shown
def title_dropped(draft: Draft) -> str | None:
    """Leave out the title."""
    places = [place for place in _titles(draft) if place[0] == 0]
    return "; ".join(draft.put(place, "") for place in places) or None


@hidden("nothing in a table depends on its year but the factors of that year")
def year_changed(draft: Draft) -> str | None:
    """Print another year in the title."""
    shift = draft.chance.choice([-10, -1, 1, 3])
    done = [
        draft.put(place, _YEAR.sub(lambda found: str(int(found[0]) + shift), str(draft.get(place))))
        for place in _titles(draft)
        if _YEAR.search(str(draft.get(place)))
    ]
    return "; ".join(done) or None


@shown
def one_year_of_two_changed(draft: Draft) -> str | None:
    """Print another year in one of several titles."""
    places = [place for place in _titles(draft) if _YEAR.search(str(draft.get(place)))]
    if len(places) < 2:
        return None
    place = draft.chance.choice(places)
    return draft.put(place, _YEAR.sub(lambda found: str(int(found[0]) + 1), str(draft.get(place))))
