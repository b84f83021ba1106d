"""The import of findings: idempotent, append-only, and it never improves a status."""

import csv
import importlib.util
from pathlib import Path

import pytest

from trabecula.evidence.reading import read_findings, read_sources

from .conftest import FINDING, RECALLED

SCRIPT = Path(__file__).parents[2] / "scripts" / "import_findings.py"


@pytest.fixture(scope="module")
def script():
    """The import script as a module."""
    spec = importlib.util.spec_from_file_location("import_findings", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def table(tmp_path, script):
    """Writes a table of findings to import."""

    def write(*rows):
        path = tmp_path / "findings.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, script.COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def data(tmp_path):
    """An empty registry."""
    return tmp_path / "data"


def written(data):
    """The bytes of all files of a registry."""
    return {path.name: path.read_bytes() for path in data.rglob("*.csv")}


def test_importing_again_changes_nothing(script, table, data):
    """The same table gives the same bytes."""
    script.import_table(table(FINDING, RECALLED), data)
    before = written(data)
    script.import_table(table(RECALLED, FINDING), data)
    assert {"imported.csv", "sources.csv"} == before.keys()
    assert before == written(data)


def test_every_status_is_kept(script, table, data):
    """Recalled stays recalled."""
    answer = script.import_table(table(FINDING, RECALLED), data)
    findings = read_findings(data)
    assert (findings[FINDING["id"]].status, findings[RECALLED["id"]].status) == ("abstract", "recalled")
    assert answer == "2 findings (1 abstract, 1 recalled) from 2 documents"


def test_findings_are_sorted_by_id(script, table, data):
    """A new finding is one new line in the history of the file."""
    script.import_table(table(FINDING, RECALLED), data)
    assert [RECALLED["id"], FINDING["id"]] == list(read_findings(data))


def test_a_new_finding_is_added(script, table, data):
    """The registry grows."""
    script.import_table(table(FINDING), data)
    script.import_table(table(FINDING, RECALLED), data)
    assert len(read_findings(data)) == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([FINDING | {"value": "-3.5"}], "value was '-3.4' and is now '-3.5'"),
        ([FINDING | {"status": "derived"}], "status was 'abstract' and is now 'derived'"),
        ([RECALLED], "was imported and is not in the table"),
    ],
    ids=["changed value", "changed status", "dropped"],
)
def test_a_finding_that_changed_is_refused_until_somebody_looked(script, table, data, rows, message):
    """The registry is append-only; --accept-changes is the signature of a person."""
    script.import_table(table(FINDING), data)
    before = written(data)
    with pytest.raises(script.ImportRefusedError, match=message):
        script.import_table(table(*rows), data)
    assert before == written(data)
    script.import_table(table(*rows), data, accept_changes=True)
    assert before != written(data)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([FINDING, FINDING], "the id occurs 2 times"),
        ([FINDING | {"status": "rumour"}], "status 'rumour'"),
        ([FINDING | {"value": "about 3"}], "value 'about 3'"),
        ([FINDING | {"lower": "nan?"}], "lower 'nan\\?'"),
        ([FINDING | {"n": "many"}], "n 'many'"),
        ([FINDING | {"unit": ""}], "unit"),
        ([FINDING | {"id": "Someone"}], "dotted and lower case"),
    ],
    ids=["id twice", "status", "value", "lower", "n", "unit", "id"],
)
def test_a_table_with_a_wrong_row_is_refused_and_nothing_is_written(script, table, data, rows, message):
    """The message names the row, the cell and what was found there."""
    with pytest.raises(script.ImportRefusedError, match=message):
        script.import_table(table(*rows), data)
    assert written(data) == {}


def test_a_table_with_other_columns_is_refused(script, tmp_path, data):
    """The columns are part of the agreement."""
    path = tmp_path / "findings.csv"
    path.write_text("id,value\nx.y,1\n", encoding="utf-8")
    with pytest.raises(script.ImportRefusedError, match="the columns must be id,topic,quantity"):
        script.import_table(path, data)


def test_a_row_with_a_loose_comma_is_refused(script, table, data):
    """A comma that is not quoted would move every later cell."""
    path = table(RECALLED)
    path.write_text(path.read_text(encoding="utf-8").replace("Elder 1990", "Elder, 1990"), encoding="utf-8")
    with pytest.raises(script.ImportRefusedError, match=r"findings\.csv line 2: more or fewer cells"):
        script.import_table(path, data)


def test_a_document_keeps_its_id_and_what_was_added_by_hand(script, table, data):
    """A licence that somebody looked up survives the next import."""
    script.import_table(table(FINDING), data)
    sources = data / "sources.csv"
    by_hand = sources.read_text(encoding="utf-8").replace("10.1000/someone,,", "10.1000/someone,,CC BY 4.0")
    sources.write_text(by_hand, encoding="utf-8")
    script.import_table(table(FINDING | {"id": "oral_gc.another.x"}, FINDING), data)
    assert [source.licence for source in read_sources(data).values()] == ["CC BY 4.0"]
    assert list(read_sources(data)) == ["someone_2001"]


def test_on_the_command_line_a_refusal_is_a_message_and_not_a_traceback(script, table, data, capsys):
    """Exit code 1, and the reason on the error stream."""
    assert script.main([str(table(FINDING)), "--data", str(data)]) == 0
    assert script.main([str(table(FINDING | {"value": "1"})), "--data", str(data)]) == 1
    assert "run again with --accept-changes" in capsys.readouterr().err
