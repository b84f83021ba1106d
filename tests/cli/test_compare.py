"""`trabecula compare`: plans side by side, refusals in plain words, and nothing that cannot be read back."""

import json
from pathlib import Path

import pytest

from cli.conftest import EXAMPLES, WOMAN
from trabecula.assessment.results import Comparison

PLANS = sorted((Path(__file__).parents[1] / "refused" / "plans").glob("*.yaml"))
WOMAN_67 = EXAMPLES / "ms_woman_67.yaml"


@pytest.fixture
def compare(run):
    """Runs the command with few draws."""
    return lambda *arguments: run("compare", *arguments, "--draws", "20")


def unwrapped(result):
    """A page without its line ends."""
    return " ".join(result.stdout.split())


def test_plans_stand_beside_each_other_on_one_page(compare, woman):
    """What each does to fractures and to bone, what it costs, and what is not known."""
    result = compare(woman, "--plan", "exercise", "--plan", "zoledronate")
    assert result.exit_code == 0, result.stderr
    for words in (
        "not a medical device",
        "as-recorded",
        "exercise",
        "zoledronate",
        "difference",
        "Side effects",
        "Sources",
    ):
        assert words in result.stdout


def test_json_is_the_comparison(compare, woman):
    """The data can be read back into the published model."""
    result = compare(woman, "--plan", "exercise", "--format", "json", "--horizon", "5", "--more-than", "2")
    answer = Comparison.model_validate_json(result.stdout)
    assert (answer.horizon_y, [each.name for each in answer.plans]) == (5.0, ["exercise"])
    assert answer.plans[0].risks[0].helps[1].by_more_than == 0.02


def test_a_plan_of_ones_own_is_read_from_a_file(compare, woman, tmp_path):
    """In YAML or in JSON."""
    plan = {"name": "mine", "title": "My plan", "falls_programme": True}
    for ending in ("yaml", "json"):
        path = tmp_path / f"plan.{ending}"
        path.write_text(json.dumps(plan), encoding="utf-8")
        assert "My plan" in compare(woman, "--plan", path).stdout


def test_plans_can_be_compared_with_another_plan(compare, woman):
    """`--against` replaces what is recorded."""
    result = compare(woman, "--plan", "exercise", "--against", "pulses-yearly")
    assert "Yearly methylprednisolone infusion course" in " ".join(result.stdout.split())


def test_the_library_is_listed(run):
    """Each plan by its name, also as data."""
    page, data = (run("compare", "--list-plans").stdout, run("compare", "--list-plans", "--format", "json").stdout)
    names = [each["name"] for each in json.loads(data)]
    assert {"stop-denosumab", "exercise", "steroid-sparing", "zoledronate", "edss-worse"} <= set(names)
    assert all(name in page for name in names)


def test_a_refused_plan_is_told_and_not_computed(compare, tmp_path):
    """With its reason, what is on file and the source; `--force` computes it and says so."""
    path = tmp_path / "woman.yaml"
    path.write_text(WOMAN + "stroke: true\n", encoding="utf-8")
    refused = compare(path, "--plan", "romosozumab-then-alendronate")
    assert refused.exit_code == 0
    assert "Refused; not calculated" in unwrapped(refused)
    assert "Record: a stroke." in unwrapped(refused)
    forced = compare(path, "--plan", "romosozumab-then-alendronate", "--force")
    assert "Calculated despite the refusal" in unwrapped(forced)


def test_markdown_has_headings_and_tables(compare, woman):
    """The same page as a document."""
    text = compare(woman, "--plan", "exercise", "--format", "markdown").stdout
    assert text.startswith("# Trabecula")
    assert "| --- | ---: |" in text


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_bad_plan_is_refused_in_the_agreed_words(run, woman, path):
    """What is wrong, where, what was expected and what to do: word by word."""
    result = run("compare", woman, "--plan", path)
    assert result.exit_code == 2
    assert result.stdout == ""
    said = result.stderr.replace(str(path), path.name)
    assert path.with_name(f"{path.name}.txt").read_text(encoding="utf-8") == said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plan", "excercise"], 'did you mean "exercise"?'),
        (["--plan", "nonsense"], "--list-plans"),
        (["--plan", "missing.yaml"], "no such file"),
        ([], "at least one --plan"),
        (["--plan", "exercise", "--more-than", "much"], "percentage points from 0 to 100"),
        (["--plan", "exercise", "--more-than", "nan"], "percentage points from 0 to 100"),
        (["--plan", "exercise", "--horizon", "90"], "choose a shorter horizon"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run, woman, arguments, words):
    """No traceback, exit code 2."""
    result = run("compare", woman, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_no_record_is_asked_for(run):
    """The command without a record says what it needs."""
    assert "FILE: found nothing" in run("compare", "--plan", "exercise").stderr


def test_causes_and_changes_are_answered_on_request(run, woman, tmp_path):
    """`assess --causes` and `assess --since`."""
    page = unwrapped(run("assess", woman, "--causes"))
    assert "Causes" in page
    assert "no direct effect of MS" in page
    old = tmp_path / "old.json"
    old.write_text(run("assess", woman, "--format", "json").stdout, encoding="utf-8")
    later = run("assess", woman, "--date", "2027-11-22", "--since", old)
    assert "Changes since the last assessment" in later.stdout
    same = run("assess", woman, "--since", old)
    assert same.exit_code == 2
    assert "expected an earlier assessment" in same.stderr
    assert run("assess", woman, "--since", woman).exit_code == 2
