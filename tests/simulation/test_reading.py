"""Scenario files: what can be run, and why the rest is refused."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from trabecula.evidence import Evidence
from trabecula.simulation.reading import StudyRefused, read_study, study_schema

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "scenarios").glob("*.yaml"))
GOOD = {"title": "A town", "people": {"number": 10}, "years": 1}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_read_and_meet_the_published_schema(path):
    """By us and by whoever checks with the schema."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.validate(data, study_schema())
    assert read_study(path, Evidence.load()).title == data["title"]


def test_a_scenario_is_the_baseline_with_what_it_names():
    """Down to the last field of a part."""
    base = {"treat": {"drug": "alendronate", "accepted": 0.5}}
    study = read_study({**GOOD, "baseline": base, "scenarios": {"more": {"treat": {"accepted": 0.9}}}}, Evidence.load())
    treat = study.scenarios["more"].treat
    assert treat is not None
    assert (treat.drug, treat.accepted) == ("alendronate", 0.9)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"yeers": 3}, "yeers"),
        ({"people": {"numbr": 3}}, "number"),
        ({"baseline": {"scan": {"if": {"true_density": {"at_most": 0.6}}}}}, "true_density.*t_score"),
        ({"baseline": {"scan": {"if": {"edss": {"at_leest": 4}}}}}, "at_least"),
        ({"baseline": {"scan": {"done": 1.4}}}, "1.4"),
        ({"baseline": {"treat": {"drug": "calcitonin"}}}, "alendronate"),
        ({"people": {"country": "FR"}}, "FR"),
        ({"people": {"age": {"youngest": 80, "oldest": 60}}}, "oldest"),
        ({"years": 1000}, "1000"),
        ({"scenarios": {"x": {"relapses": {"given": "leeches"}}}}, "leeches"),
        ({"title": None}, "title"),
    ],
)
def test_what_cannot_be_run_is_refused_with_what_to_change(change, said):
    """An unknown key, what no clinic sees, a share beyond 1, a country without tables: before anything runs."""
    with pytest.raises(StudyRefused, match=f"(?s){said}"):
        read_study({**GOOD, **change}, Evidence.load())


@pytest.mark.parametrize("text", ["", "- a list", "just text", "{broken"])
def test_a_file_that_holds_no_study_is_refused(tmp_path, text):
    """In one sentence."""
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(StudyRefused):
        read_study(path, Evidence.load())
