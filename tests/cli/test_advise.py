"""`trabecula advise`: guidelines side by side for one person, and a dated plan."""

import json
import re

import pytest

MAN = """\
assessed_on: 2026-11-22
birth_date: 1968-07-09
sex: male
country: US
ms:
  onset: 1999
  disability:
    - {date: 2026-09-08, edss: 6.5, aid: two_canes}
steroids:
  - {start: 2016-04-01, drug: prednisone, route: oral, dose_mg: 10}
fractures:
  - {site: rib, date: 2024-01, trauma: low}
"""
PULSED = """\
assessed_on: 2026-11-22
birth_date: 1982-03-14
sex: female
country: US
ms:
  onset: 2013-06
steroids:
  - {start: 2026-06-04, as_written: "5 x 1 g IV methylprednisolone"}
"""


BOTH = ("--guideline", "acr_2022", "--guideline", "project_practice")
"""The guideline whose trigger is met, and the rule of ours that says why it was not meant."""


@pytest.fixture
def advise(run, tmp_path):
    """Runs `advise` on a record given as text."""

    def advise(text, *arguments):
        path = tmp_path / "record.yaml"
        path.write_text(text, encoding="utf-8")
        return run("advise", path, "--draws", "20", *arguments)

    return advise


def by_rule(result):
    """The advice of a JSON answer, by rule."""
    assert result.exit_code == 0, result.stderr
    return {each["rule"]: each for each in json.loads(result.stdout)["advice"]}


def test_advice_says_what_why_where_and_what_is_missing(advise):
    """An old man on daily steroids with a broken rib: very high risk by one guideline, open by another."""
    result = advise(MAN.replace("1968", "1946"))
    assert result.exit_code == 0, result.stderr
    text = " ".join(result.stdout.split())
    for words in (
        "not a medical device",
        "What to do, and when",
        "ACR, glucocorticoid-induced osteoporosis (2022), US",
        "low-trauma (fragility) fracture",
        "Humphrey 2023",
        "(not FRAX)",
        "Undetermined: missing data",
        "lowest T-score (spine or hip)",
        "from memory, not checked",
    ):
        assert words in text, words


def test_pulses_show_the_trigger_and_that_it_was_written_for_others(advise):
    """5 x 1 g of methylprednisolone are 6.25 g of prednisone, and nothing but a pulse."""
    found = by_rule(advise(PULSED, "--format", "json", *BOTH))
    trigger, reach = found["acr_vh40"], found["own_pulses"]
    assert (trigger["literal"], trigger["scope"], reach["verdict"]) == ("true", "false", "true")
    assert "6.25 g" in json.dumps(trigger["because"])
    text = advise(PULSED, *BOTH).stdout
    assert "Met as written, outside the guideline's population" in text


def test_a_frax_value_is_taken_as_it_was_read_off(advise):
    """27 % is below the 30 % of very high risk; 10 mg of prednisone a day lift it to 31 %."""
    record = MAN.split("fractures:")[0]
    options = ("--format", "json", "--guideline", "acr_2022", "--frax-mof", "27", "--frax-hip", "1")
    lifted = by_rule(advise(record, *options, "--frax-not-adjusted"))["acr_vh40"]
    assert lifted["verdict"] == "true"
    assert "27 %, adjusted to 31" in json.dumps(lifted["because"], ensure_ascii=False)
    assert by_rule(advise(record, *options, "--frax-adjusted"))["acr_vh40"]["verdict"] == "unknown"


def test_json_holds_facts_advice_and_tasks(advise):
    """With --all the rules that do not apply as well."""
    answer = json.loads(advise(MAN, "--format", "json").stdout)
    everything = json.loads(advise(MAN, "--format", "json", "--all").stdout)
    assert answer["facts"]["steroid_mg_per_day"] == 10
    assert len(answer["advice"]) < len(everything["advice"])
    assert {each["verdict"] for each in everything["advice"]} == {"true", "false", "unknown"}
    assert answer["tasks"]


def test_markdown_is_a_document(advise):
    """The same page with headings."""
    text = advise(MAN, "--format", "markdown").stdout
    assert text.startswith("# What guidelines say")
    assert "## Undetermined: missing data" in text


def test_a_calendar_goes_into_a_file(advise, tmp_path):
    """The dated plan for any calendar."""
    pytest.importorskip("icalendar")
    target = tmp_path / "plan.ics"
    assert advise(MAN, "--format", "ics", "--output", target).exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--guideline", "nogg"), 'no guideline is called "nogg"; known are aace_2020'),
        (("--frax-mof", "120"), "--frax-mof: found 120; expected a probability in per cent"),
        (("--frax-hip", "-1"), "--frax-hip: found -1"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_computed(advise, arguments, said):
    """A wrong name or value is said in one line."""
    result = advise(MAN, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_an_assessment_has_the_advice_in_it(run, woman):
    """On its page, where a rule on medicines or density applies (an EDSS of 4), and in its data."""
    woman.write_text(re.sub(r"edss: [\d.]+", "edss: 4", woman.read_text(encoding="utf-8")), encoding="utf-8")
    assert "What guidelines say" in run("assess", woman, "--full").stdout
    answer = json.loads(run("assess", woman, "--format", "json").stdout)
    assert {"ms_1", "ms_8"} <= {each["rule"] for each in answer["advice"]}
