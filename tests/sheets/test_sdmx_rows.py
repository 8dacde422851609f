"""Observations of SDMX messages, in JSON and XML, as rows: what is said of each, in the order of its dims."""

from __future__ import annotations

import pytest

from carbonacct.errors import TableError
from carbonacct.sheets import sdmx
from carbonacct.sheets.sdmx import is_message, keeps, multiply_units, read_message
from carbonacct.sheets.sdmx_markup import is_markup, read_markup


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (["UNIT", "UNIT_MULT"], ["TJ", "3"], ["10^3 TJ", ""]),
        (["UNIT", "UNIT_MULT"], ["TJ", "0"], ["TJ", ""]),
        (["UNIT", "UNIT_MULT"], ["TJ", ""], ["TJ", ""]),
        (["UNIT", "PowerCode"], ["t", "Millions"], ["10^6 t", ""]),
        (["UNIT", "SCALAR_FACTOR"], ["t", "units "], ["t", ""]),
        (["UNIT", "UNIT_MULT", "PowerCode"], ["t", "6", "millions"], ["10^6 t", "", ""]),
        (["UNIT", "UNIT_MULT"], ["", "3"], ["", ""]),
        (
            ["UNIT", "Unit of measure", "UNIT_MULT"],
            ["t", "tonnes", "2"],
            ["10^2 t", "10^2 tonnes", ""],
        ),
        (["UNIT", "UNIT_MULT"], ["TJ", "many"], None),
        (["UNIT", "UNIT_MULT"], ["TJ", "-3"], None),
        (["UNIT", "UNIT_MULT"], ["TJ", "300"], None),
        (["UNIT", "UNIT_MULT", "PowerCode"], ["t", "6", "thousands"], None),
        (["UNIT", "UNIT_MULT"], ["TJ"], None),  # a short row says no multiplier
        (["UNIT", "OTHER"], ["TJ", "3"], None),
        (["OTHER", "UNIT_MULT"], ["TJ", "3"], None),
    ],
)
def test_a_multiplier_goes_into_the_units_of_its_row(header, row, expected):
    """One power of ten by number or word, or the table stays as it is."""
    table = [[*header, "V"], [*row, "1"][: len(header) + 1] if len(row) == len(header) else row]
    found = multiply_units(table)
    if expected is None:
        assert found == table
    else:
        blank = ["" if name.lower() in sdmx._MULTIPLIERS else name for name in header]
        assert found == [[*blank, "V"], [*expected, "1"]]
        assert multiply_units([*table, []]) == [*found, []]


def test_a_table_of_nothing_stays():
    """Without a header there is no multiplier."""
    assert multiply_units([]) == []
    assert multiply_units([["UNIT_MULT", "UNIT"], ["3"]]) == [
        ["", "UNIT"],
        [""],
    ]  # a row that ends before its unit


def concept(name, *codes, label=None):
    """Return a dim or attribute with its codes, each with a label or without."""
    values = [
        {"id": code, "name": text} if text else {"id": code}
        for code, _, text in (one.partition("=") for one in codes)
    ]
    return {"id": name, "values": values} | ({"name": label} if label else {})


def message(data_set, *, observation=(), series=(), whole=(), attributes=None, **more):
    """Return a message of one data set."""
    dims = {"dataSet": list(whole), "series": list(series), "observation": list(observation)}
    return {
        "data": {
            "dataSets": [data_set],
            "structure": {"dimensions": dims, "attributes": attributes or {}},
        }
        | more
    }


FUEL, YEAR = concept("FUEL", "C=Coal", "G=Gas", label="Fuel"), concept("YEAR", "2018", "2019")
AREA = concept("AREA", "IE=Ireland")


def rows(content):
    """Return the cells of a message of one data set."""
    (sheet,) = read_message("a.json", content)
    return sheet.rows


def test_observations_of_series_and_flat_ones_are_the_same_rows():
    """Codes, labels where they differ, dims of the whole first; a value that is not there is no row."""
    series = {
        "series": {
            "0": {"observations": {"0": [1.5], "1": [None]}},
            "1": {"observations": {"1": ["x"]}},
        }
    }
    flat = {"observations": {"0:0": [1.5], "0:1": [None], "1:1": ["x"]}}
    expected = [
        ["AREA", "AREA (label)", "FUEL", "Fuel", "YEAR", "OBS_VALUE"],
        ["IE", "Ireland", "C", "Coal", "2018", 1.5],
        ["IE", "Ireland", "G", "Gas", "2019", "x"],
    ]
    assert rows(message(series, series=[FUEL], observation=[YEAR], whole=[AREA])) == expected
    assert rows(message(flat, observation=[FUEL, YEAR], whole=[AREA])) == expected


def test_attributes_of_all_levels_are_said():
    """Unit, multiplier and status alone are read; others are named once; one that is not said is blank."""
    attributes = {
        "dataSet": [concept("UNIT", "TJ"), concept("SOURCE", "x")],
        "series": [concept("NOTE", "n"), concept("UNIT_MULT", "0", "3")],
        "observation": [concept("OBS_STATUS", "A", "E"), concept("DECIMALS", "1")],
        "dimensionGroup": [concept("TITLE", "t")],
    }
    data_set = {
        "attributes": [0, 0],
        "series": {
            "0": {"attributes": [0, 1], "observations": {"0": [1, 1], "1": [2, None, 0]}},
            "1": {"observations": {"0": [3]}},
        },
    }
    (sheet,) = read_message(
        "a.json", message(data_set, series=[FUEL], observation=[YEAR], attributes=attributes)
    )
    assert sheet.rows == [
        ["FUEL", "Fuel", "YEAR", "UNIT", "", "OBS_STATUS", "OBS_VALUE"],
        ["C", "Coal", "2018", "10^3 TJ", "", "E", 1.0],
        ["C", "Coal", "2019", "10^3 TJ", "", "", 2.0],
        ["G", "Gas", "2018", "TJ", "", "", 3.0],
    ]
    assert (
        sheet.findings[0].message
        == "4 attributes of the observations are not read: DECIMALS, NOTE, SOURCE, TITLE"
    )
    assert [keeps(name) for name in ("unit", "UNIT_MULT", "Conf_Status", "DECIMALS")] == [
        True,
        True,
        True,
        False,
    ]


def test_an_attribute_may_be_said_in_words():
    """In place of a place in its list, for all its columns."""
    attributes = {"observation": [concept("UNIT", "TJ=Terajoule"), concept("OBS_STATUS", "A")]}
    content = message(
        {"observations": {"0": [1, "kt", "E"]}}, observation=[YEAR], attributes=attributes
    )
    assert rows(content)[1] == ["2018", "kt", "kt", "E", 1.0]


def test_several_data_sets_are_sheets_with_their_own_structure():
    """By its number in version 2; the only one has no name."""
    content = message({"observations": {"0": [1]}}, observation=[YEAR])["data"]
    other = {"dimensions": {"observation": [FUEL]}}
    content = {
        "dataSets": [{"observations": {"0": [1]}}, {"structure": 1, "observations": {"1": [2]}}],
        "structures": [content["structure"], other],
    }
    first, second = read_message("a.json", {"data": content})
    assert (first.name, first.rows) == ("1", [["YEAR", "OBS_VALUE"], ["2018", 1.0]])
    assert (second.name, second.rows) == ("2", [["FUEL", "Fuel", "OBS_VALUE"], ["G", "Gas", 2.0]])
    assert (
        read_message(
            "a.json", {"dataSets": content["dataSets"][:1], "structure": content["structures"][0]}
        )[0].name
        == ""
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, 1.0),
        (-2.5, -2.5),
        (0, 0.0),
        (True, "True"),
        (float("inf"), "inf"),
        ("y" * 200, "y" * 100),
        ("c", "c"),
    ],
)
def test_a_value_is_a_number_or_the_text_in_its_place(value, shown):
    """As a cell of a table."""
    assert rows(message({"observations": {"0": [value]}}, observation=[YEAR]))[1] == ["2018", shown]


@pytest.mark.parametrize("key", ["0:0", "-1", "2", "x", ""])
def test_a_key_that_leads_nowhere_is_an_error(key):
    """The reader of the file says so."""
    with pytest.raises((ValueError, IndexError)):
        rows(message({"observations": {key: [1]}}, observation=[YEAR]))


def test_labels_are_english_where_there_are_several():
    """In any spelling of the versions: names, a name by language, or one."""
    for named in (
        {"names": {"fr": "Charbon", "en": "Coal"}},
        {"name": {"fr": "Charbon", "en": "Coal"}},
        {"name": "Coal"},
    ):
        dim = {"id": "FUEL", "values": [{"id": "C"} | named], "names": {"en": "Fuel"}}
        assert rows(message({"observations": {"0": [1]}}, observation=[dim])) == [
            ["FUEL", "Fuel", "OBS_VALUE"],
            ["C", "Coal", 1.0],
        ]
    french = {"id": "FUEL", "values": [{"id": "C", "name": {"fr": "Charbon"}}]}
    assert rows(message({"observations": {"0": [1]}}, observation=[french]))[1] == [
        "C",
        "Charbon",
        1.0,
    ]
    assert not is_message({"dataSets": {}})
    assert not is_message([])
    assert is_message({"data": {"dataSets": []}})


@pytest.mark.parametrize(("most", "fits"), [(4, True), (3, False)])
def test_a_message_of_more_cells_than_a_table_is_refused(monkeypatch, most, fits):
    """Two rows of two cells, before the next is laid out."""
    monkeypatch.setattr(sdmx, "MAX_CELLS", most)
    content = message({"observations": {"0": [1], "1": [2]}}, observation=[YEAR])
    markup = b'<m xmlns="http://sdmx.org"><Series>%b</Series></m>' % (
        b'<Obs A="1" OBS_VALUE="1"/>' * 3
    )
    if fits:
        assert rows(content)
        assert read_markup("a.xml", markup)
    else:
        for read, held in ((read_message, content), (read_markup, markup)):
            with pytest.raises(TableError, match="has more than 3 cells; ask for fewer values"):
                read("a.json", held)


def xml(body: str) -> list[list[object]]:
    """Return the cells of a message in XML."""
    (sheet,) = read_markup(
        "a.xml", f'<m xmlns="http://sdmx.org/x" xmlns:g="http://sdmx.org/g">{body}</m>'.encode()
    )
    return sheet.rows


SPECIFIC = (
    '<Series FUEL="C" UNIT="TJ"><Obs YEAR="2018" OBS_VALUE="1"/>'
    '<Obs YEAR="2019" OBS_VALUE="2" OBS_STATUS="E"/></Series>'
)
GENERIC = """<g:Series><g:SeriesKey><g:Value id="FUEL" value="C"/></g:SeriesKey>
    <g:Attributes><g:Value id="UNIT" value="TJ"/><g:Value id="TITLE" value="t"/></g:Attributes>
    <g:Obs><g:ObsDimension id="YEAR" value="2018"/><g:ObsValue value="1"/></g:Obs>
    <g:Obs><g:ObsDimension id="YEAR" value="2019"/><g:ObsValue value="2"/>
    <g:Attributes><g:Value id="OBS_STATUS" value="E"/></g:Attributes></g:Obs></g:Series>"""
OLD = """<g:Series><g:SeriesKey><g:Value concept="FUEL" value="C"/><g:Value concept="UNIT" value="TJ"/></g:SeriesKey>
    <g:Obs><g:Time> 2018 </g:Time><g:ObsValue value="1"/></g:Obs>
    <g:Obs><g:Time>2019</g:Time><g:ObsValue value="2"/>
    <g:Attributes><g:Value concept="OBS_STATUS" value="E"/></g:Attributes></g:Obs></g:Series>"""
GROUPED = """<Group><GroupKey><Value id="FUEL" value="no"/></GroupKey></Group>
    <Group FUEL="C" UNIT="TJ" TITLE="t"/><Group FUEL="G" UNIT="kt"/>
    <Series FUEL="C"><Obs YEAR="2018" OBS_VALUE="1"/><Obs YEAR="2019" OBS_VALUE="2" OBS_STATUS="E"/></Series>"""


@pytest.mark.parametrize("body", [SPECIFIC, GENERIC, OLD.replace("g:Time", "Time"), GROUPED])
def test_messages_of_all_versions_are_the_same_rows(body):
    """What a series or a group says holds for all of its own; a time has no other name in the oldest version."""
    found = xml(body)
    year = "YEAR" if "YEAR" in found[0] else "TIME_PERIOD"
    order = [found[0].index(name) for name in ("FUEL", "UNIT", year, "OBS_STATUS", "OBS_VALUE")]
    assert [[row[j] for j in order] for row in found[1:]] == [
        ["C", "TJ", "2018", "", "1"],
        ["C", "TJ", "2019", "E", "2"],
    ]
    assert found[0][-1] == "OBS_VALUE"


def test_what_a_series_said_does_not_hold_for_the_next():
    """Nor what an observation says; one without a value is no row; attributes that are not read are named."""
    found = xml(
        SPECIFIC + '<Series FUEL="G"><Obs YEAR="2018" OBS_VALUE="3"/>'
        '<Obs YEAR="2019" OBS_VALUE="NaN"/><Obs YEAR="2020"/></Series>'
    )
    assert found == [
        ["FUEL", "UNIT", "YEAR", "OBS_STATUS", "OBS_VALUE"],
        ["C", "TJ", "2018", "", "1"],
        ["C", "TJ", "2019", "E", "2"],
        ["G", "", "2018", "", "3"],
    ]
    (sheet,) = read_markup(
        "a.xml", f'<m xmlns="http://sdmx.org/x" xmlns:g="x">{GENERIC}</m>'.encode()
    )
    assert sheet.findings[0].message == "1 attributes of the observations are not read: TITLE"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<m xmlns='sdmx'><Series>", "is damaged XML"),
        (b"<m xmlns='sdmx'/>", "holds no observation of SDMX"),
        (b"<!DOCTYPE m><m xmlns='sdmx'/>", "declares a document type, and no data does"),
    ],
)
def test_what_is_no_message_is_refused(content, message):
    """With what to do."""
    with pytest.raises(TableError, match=rf"a\.xml: {message}"):
        read_markup("a.xml", content)


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (b"\xef\xbb\xbf\n<m xmlns='SDMX'>", True),
        (b"a sdmx", False),
        (b"<html sdmx>", False),
        (b"<m>", False),
        (b"<" + b" " * 5000 + b"sdmx", False),
    ],
)
def test_a_message_in_xml_shows_at_its_head(content, is_one):
    """Its name space stands in its first element; a page that speaks of it is a page."""
    assert is_markup(content) is is_one


def test_an_element_that_is_no_value_says_nothing_of_an_observation():
    """Annotations may carry an id and a value too."""
    body = GENERIC.replace("<g:Obs>", '<g:Annotation id="UNIT" value="no"/><g:Obs>')
    assert xml(body) == xml(GENERIC)
