import json

import jsonschema
import pytest
import yaml

from cli.conftest import EXAMPLES, WOMAN
from trabecula.evidence import Evidence


def test_the_summary_counts(run):
    """Without an id: numbers by method and by status."""
    text = run("evidence").stdout
    assert f"{len(Evidence.load())} parameters" in text
    assert "assumed: our assumption, with its reason" in text
    assert "recalled: from memory" in text


def test_everything_about_one_number(run):
    """With an id: the record, what is behind it, what rests on it."""
    result = run("evidence", "fall.ms.rate")
    assert result.exit_code == 0
    assert result.stdout.startswith("Parameter fall.ms.rate\n")
    assert "Findings behind it" in result.stdout


def test_an_unknown_id_is_refused_with_the_nearest(run):
    """The beginning of an id suggests the ids that begin so."""
    result = run("evidence", "fall.ms.rat")
    assert result.exit_code == 2
    assert 'found "fall.ms.rat"' in result.stderr
    assert "\n  fall.ms.rate\n" in result.stderr
    assert result.stdout == ""


def test_an_id_that_resembles_nothing_is_refused_without_a_guess(run):
    """The message says where ids can be found."""
    result = run("evidence", "zzzzqqqq")
    assert result.exit_code == 2
    assert "lists the ids" in result.stderr


def test_assumptions_are_listed_and_counted(run):
    """As many as the registry has."""
    text = run("evidence", "--assumed").stdout
    assert f"{len(Evidence.load().assumed())} of " in text


def test_an_id_and_assumed_do_not_go_together(run):
    """Two questions at once are refused."""
    assert run("evidence", "fall.ms.rate", "--assumed").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ([], {"parameters", "by_method", "assumed", "findings", "by_status"}),
        (["--assumed"], {"assumed"}),
        (["fall.ms.rate"], {"kind", "record", "findings", "sources", "used_by"}),
        (["mazumder_2014"], {"kind", "record", "findings", "sources", "used_by"}),
    ],
)
def test_evidence_can_be_had_as_data(run, arguments, keys):
    """Every answer of the command is also JSON."""
    assert json.loads(run("evidence", *arguments, "--format", "json").stdout).keys() == keys


def test_the_schema_of_a_person_describes_the_examples(run):
    """What is shipped follows what is published."""
    schema = json.loads(run("schema", "person").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "birth_date" in schema["properties"]


def test_the_schema_of_an_assessment_describes_an_answer(run):
    """An answer passes the published schema."""
    schema = json.loads(run("schema", "assessment").stdout)
    answer = json.loads(run("assess", "-", "--format", "json", input=WOMAN).stdout)
    jsonschema.Draft202012Validator(schema).validate(answer)


def test_every_example_is_answered(run):
    """What the documentation shows works."""
    examples = sorted(EXAMPLES.glob("*.yaml"))
    assert examples
    for path in examples:
        assert run("assess", path).exit_code == 0, path


def test_an_unknown_schema_is_refused(run):
    """The two that exist are named."""
    result = run("schema", "planet")
    assert result.exit_code == 2
    assert "person" in result.stderr


@pytest.mark.parametrize("command", ["assess", "evidence", "schema"])
def test_every_command_has_help_with_an_example(run, command):
    """The example begins with the command itself."""
    text = run(command, "--help").stdout
    assert "Example" in text
    assert f"    trabecula {command} " in text


def test_yaml_and_json_records_are_answered_alike(run):
    """The same record in two notations."""
    record = yaml.safe_load(WOMAN)
    as_json = json.dumps(record, default=str)
    assert run("assess", "-", input=as_json).stdout == run("assess", "-", input=WOMAN).stdout
