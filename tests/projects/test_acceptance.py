"""When an acceptance ends: another number, a graver finding, another version of its rule, its date."""

from __future__ import annotations

from datetime import date

import pytest

from carbonacct.errors import Finding, Gap, ProjectError
from carbonacct.projects import acceptance, rules
from carbonacct.projects.acceptance import (
    Judged,
    accept_finding,
    find_meaning,
    judge_findings,
    read_accepted,
    write_accepted,
)
from carbonacct.projects.run_record import Details, Run

TODAY = date(2026, 11, 30)
SEVERITIES = ("info", "warning", "error")


def judge(accepted=(), severity="warning", amount=12.5):
    """Return what is open and accepted of a project with one finding."""
    gap = Gap("A", 2020, "industry", "coke", amount)
    finding = Finding("sum-of-parts", severity, "off", "a.xlsx!S!B3", gaps=(gap,))
    run = Run(key="", value="", files=(), places=(("A", 2020),), load=lambda: Details((finding,)))
    return judge_findings([run], accepted, TODAY)


def accept(judged: Judged, **options):
    """Return the acceptance of its finding."""
    return accept_finding(judged, "sum-of-parts", because="as printed", by="王", **options)


@pytest.mark.parametrize("before", SEVERITIES)
@pytest.mark.parametrize("now", SEVERITIES)
def test_a_graver_finding_is_open_again(before, now):
    """What was accepted as a warning is none when it becomes an error; what becomes milder stays accepted."""
    one = accept(judge(severity=before))
    found = judge([one], severity=now)
    graver = SEVERITIES.index(now) > SEVERITIES.index(before)
    assert (len(found.open), len(found.accepted)) == ((1, 0) if graver else (0, 1))
    assert found.unused == (
        ((one, f"it was accepted as {before} and is {now} now"),) if graver else ()
    )


def test_a_graver_finding_is_accepted_again():
    """Both lines stay; the one that holds settles it, and the other is listed with why it ended."""
    mild, grave = accept(judge(severity="warning")), accept(judge(severity="error"))
    for lines in ([mild, grave], [grave, mild]):
        found = judge(lines, severity="error")
        assert [one for one, _ in found.accepted] == [grave]
        assert [one for one, _ in found.unused] == [mild]
        assert not found.open


def test_another_version_of_the_rule_ends_an_acceptance(monkeypatch):
    """What the rule asked then is not what it asks now; a line given since holds."""
    old = accept(judge())
    monkeypatch.setattr(rules, "_read_versions", lambda: {"sum-of-parts": 2})
    found = judge([old])
    assert found.unused == ((old, "its rule is of version 2 and was of 1"),)
    assert len(found.open) == 1
    assert len(judge([accept(found)]).accepted) == 1


def test_a_line_without_severity_and_version_is_of_the_first(tmp_path, monkeypatch):
    """Lines of earlier programs hold however grave the finding is, until the rule changes."""
    path = tmp_path / "accepted.csv"
    head, line = (
        "rule,area,year,place,operands,because,by,on,review_by",
        "sum-of-parts,A,2020,industry/coke,12.5,x,y,,",
    )
    path.write_text(f"{head}\n{line}\n", encoding="utf-8")
    (one,) = read_accepted(path)
    assert len(judge([one], severity="error").accepted) == 1
    monkeypatch.setattr(rules, "_read_versions", lambda: {"sum-of-parts": 2})
    assert len(judge([one]).open) == 1


def test_a_date_and_another_number_end_it_as_well():
    """The date says why; of another number there is no finding any more."""
    late = accept(judge(), review_by="2026-11-29")
    assert judge([late]).unused == ((late, "its date 2026-11-29 has passed"),)
    today = accept(judge(), review_by="2026-11-30")
    assert judge([today]).unused == ()
    assert judge([today], amount=13.0).unused == ((today, ""),)


def test_what_is_written_reads_back(tmp_path):
    """Severity and version are columns of the file; what is none of them is an error of one line."""
    path = tmp_path / "accepted.csv"
    one = accept(judge(severity="error"))
    write_accepted(path, [one])
    assert read_accepted(path) == [one]
    text = path.read_text(encoding="utf-8")
    for wrong in (text.replace("error,1", "grave,1"), text.replace("error,1", "error,x")):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(ProjectError, match=r"accepted\.csv: line 2: severity and version are"):
            read_accepted(path)


def test_versions_are_of_rules_that_there_are():
    """A version above one says what is asked since, in both languages."""
    from carbonacct.data import data_folder, read_rows  # noqa: PLC0415 - of this test alone

    known = rules.load_rules()
    for row in read_rows(data_folder() / "vocabulary" / "rule_versions.csv"):
        assert row["rule"] in known
        assert int(row["version"]) > 1
        assert row["since_zh"]
        assert row["since_en"]
    assert acceptance.find_rule_version("sum-of-parts") == 1


def note(*gaps, message="2 off a.xlsx!S!B3 and b.csv!C4: check", rule="balance"):
    """Return a finding of some differences."""
    return Finding(rule, "warning", message, "a.xlsx!S!B3", gaps=tuple(Gap(*gap) for gap in gaps))


def test_a_finding_means_its_place_and_its_differences():
    """In any order; of several areas or years it is of none in particular; cells and words say nothing."""
    one, other = ("A", 2020, "industry", "coke", 12.5), ("A", 2021, "industry", "coke", 1 / 3)
    found = find_meaning(note(one, other), [("Z", 1999)])
    assert (found.area, found.year) == ("A", "*")
    assert (found.place, found.operands) == ("industry/coke", "12.5|0.3333333333")
    assert found == find_meaning(note(other, one, message="else"), [])
    twice = note(one, ("B", 2020, "losses", "heat", -2.0))
    assert find_meaning(twice, []).area == "*"
    assert find_meaning(twice, []).place == "industry/coke|losses/heat"
    alike = find_meaning(note(("A", 2020, "industry", "coke", 12.5 * (1 + 1e-12))), [])
    assert alike == find_meaning(note(one), [])


def test_a_finding_without_differences_means_its_words_without_cells():
    """And the places of its table."""
    found = find_meaning(note(), [("A", 2020), ("A", 2021)])
    assert (found.area, found.year, found.place) == ("A", "*", "")
    assert found.operands == "2 off and : check"
    assert (
        find_meaning(
            note(message="2 off x.xlsx!T!Q9 and y.csv!A1: check"), [("A", 2020), ("A", 2021)]
        )
        == found
    )


def judge_all(*findings):
    """Return what is open of a project with some findings."""
    run = Run(key="", value="", files=(), places=(("A", 2020),), load=lambda: Details(findings))
    return judge_findings([run], (), TODAY)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"because": " "}, "an acceptance has a reason and a name"),
        ({"by": ""}, "an acceptance has a reason and a name"),
        (
            {"place": "transport"},
            "no open finding of balance transport; 2 others of the rule are open",
        ),
        ({"rule": "other"}, "no open finding of other; open: balance"),
        (
            {},
            "2 findings of balance are open; name one with --place: A 2020 industry/coke, A 2020 losses/heat",
        ),
    ],
)
def test_what_cannot_be_accepted_says_what_is_open(options, said):
    """No reason, no such finding, or several that fit."""
    judged = judge_all(
        note(("A", 2020, "industry", "coke", 1.0)), note(("A", 2020, "losses", "heat", 1.0))
    )
    given = {"rule": "balance", "because": "as printed", "by": "王"} | options
    with pytest.raises(ProjectError, match=said):
        accept_finding(judged, given.pop("rule"), **given)
    with pytest.raises(ProjectError, match="no open finding of balance; none is open"):
        accept_finding(judge_all(), "balance", because="x", by="y")


def test_findings_of_one_meaning_are_accepted_as_the_gravest():
    """One place of several is named by a part of it; what was given is stripped."""
    coke = ("A", 2020, "industry", "coke", 1.0)
    both = note(coke), Finding("balance", "error", "other words", "b.csv!A1", gaps=(Gap(*coke),))
    judged = judge_all(*both, note(("A", 2020, "losses", "heat", 1.0)))
    one = accept_finding(judged, "balance", because=" as printed ", by=" 王 ", place="coke")
    assert (one.because, one.by, one.severity, one.place) == (
        "as printed",
        "王",
        "error",
        "industry/coke",
    )
    held = judge_findings(
        [Run(key="", value="", files=(), load=lambda: Details(both))], [one], TODAY
    )
    assert [len(part) for part in (held.open, held.accepted, held.unused)] == [0, 2, 0]
