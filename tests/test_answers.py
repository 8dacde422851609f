"""Answers that are kept for the next process: right, of one program, and none where nobody asked for it."""

from __future__ import annotations

import json

import pytest

from carbonacct import answers, near_words, units, vocabulary
from carbonacct.answers import give, let_go, may_keep, take_up
from carbonacct.errors import UnitError
from carbonacct.projects.store import write_canonical


@pytest.fixture(autouse=True)
def _nothing_is_kept_afterwards():
    yield
    let_go()


def ask(held, *words):
    """Ask a function that counts under what is kept; return its answer and how often it worked."""
    worked = []

    @may_keep
    def count(*asked):
        worked.append(asked)
        return len(asked[0])

    take_up(held)
    return count(*words), len(worked)


def test_a_kept_answer_is_not_worked_out_again():
    """What one process gave answers the next, by the words that were asked and no others."""
    assert ask({}, "coal") == (4, 1)
    held = json.loads(json.dumps(give()))
    assert ask(held, "coal") == (4, 0)
    assert ask(held, "coke, dry") == (9, 1)
    assert ask(held, "coal", "") == (4, 1)


def test_nothing_is_kept_unless_a_program_takes_up():
    """A library user's process keeps no answers and reads none."""
    let_go()
    assert answers._Memory.held is None
    units.conversion_factor.cache_clear()
    units.conversion_factor("1e4 t", "kg")
    assert give() is None


def test_what_cannot_be_answered_is_not_kept():
    """An error is raised anew by each process."""
    take_up({})
    units.conversion_factor.cache_clear()
    for _ in range(2):
        with pytest.raises(UnitError, match="cannot be turned into"):
            units.conversion_factor("t C", "t CO2")
    assert not any(
        held for name, held in (give() or {}).items() if name.endswith("conversion_factor")
    )


def test_answers_survive_being_written():
    """A number is read back to the last bit, and words keep their order, which near names follow."""
    take_up({})
    for function in (units.conversion_factor, vocabulary.words_of):
        function.cache_clear()
    asked = [("1e4 tce", "TJ"), ("Btu", "J"), ("barrel", "m3"), ("1e8 kWh", "tce")]
    numbers = [units.conversion_factor(*pair) for pair in asked]
    words = list(vocabulary.words_of("product").items())
    held = json.loads(json.dumps(give(), ensure_ascii=False))
    take_up(held)
    for function in (units.conversion_factor, vocabulary.words_of):
        function.cache_clear()
    assert [units.conversion_factor(*pair) for pair in asked] == numbers
    assert list(vocabulary.words_of("product").items()) == words
    assert give() is None  # nothing was worked out


def test_what_is_near_to_an_unknown_word_can_be_kept():
    """Answers of a label that is not known are what a store can hold, and answer the next process alike."""
    near_words._languages.cache_clear()
    take_up({})
    said = str(near_words.near_names("flow", "Waste", ["Industry", "Households", "Transport"]))
    held = json.loads(write_canonical(give()))
    assert any(name.endswith("near_words._languages") for name in held)
    near_words._languages.cache_clear()
    take_up(held)
    assert (
        str(near_words.near_names("flow", "Waste", ["Industry", "Households", "Transport"])) == said
    )
    assert (
        not (give() or {}).get("carbonacct.near_words._languages", {}).keys()
        - held["carbonacct.near_words._languages"].keys()
    )
