import json
import os
import threading
from datetime import date

import pytest

from cli.conftest import WOMAN
from trabecula.assessment import Assessment


def test_a_record_is_answered_on_one_page(run, woman):
    """Who it is, the bones, the chance of a fracture, falls, what was missing, the evidence."""
    result = run("assess", woman, "--full")
    assert result.exit_code == 0, result.stderr
    for words in ("Woman of 44", "not a medical device", "Bones", "Fracture risk", "Falls", "Missing data"):
        assert words in result.stdout
    assert "trabecula evidence ID" in " ".join(result.stdout.split())
    assert "\x1b" not in result.stdout


def test_json_is_the_assessment(run, woman):
    """The data can be read back into the published model, with what was asked for in it."""
    result = run("assess", woman, "--format", "json", "--horizon", "5", "--seed", "7", "--draws", "30")
    answer = Assessment.model_validate_json(result.stdout)
    assert (answer.horizon_y, answer.seed, answer.draws, answer.date) == (5, 7, 30, date(2026, 11, 22))


def test_the_same_seed_gives_the_same_answer(run, woman):
    """Twice asked, once answered."""
    assert run("assess", woman).stdout == run("assess", woman).stdout


def test_markdown_has_headings_and_tables(run, woman):
    """The same page as a document."""
    text = run("assess", woman, "--format", "markdown").stdout
    assert text.startswith("# Trabecula")
    assert "## Bones" in text
    assert "| --- | ---: |" in text


@pytest.mark.parametrize(("country", "language", "name"), [("DE", "de", "Deutschland"), ("IT", "it", "Italia")])
def test_a_woman_of_germany_or_italy_is_answered_by_the_rates_of_her_country(run, tmp_path, country, language, name):
    """From the record to the page in her language; her average is not that of the United States."""
    path = tmp_path / "woman.yaml"
    path.write_text(WOMAN.replace("country: US", f"country: {country}"))
    answers = [json.loads(run("assess", path, "--format", "json", *more).stdout) for more in ((), ("--country", "US"))]
    assert [answer["country"] for answer in answers] == [country, "US"]
    assert answers[0]["fracture"] != answers[1]["fracture"]
    page = tmp_path / "page.md"
    said = run("report", path, "--lang", language, "--quick", "--output", page)
    assert said.exit_code == 0, said.stderr
    assert name in page.read_text(encoding="utf-8")


def test_standard_input_is_a_file(run):
    """A record can come through a pipe."""
    result = run("assess", "-", "--format", "json", input=WOMAN)
    assert json.loads(result.stdout)["person"]["sex"] == "female"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_with_a_name_is_read_once(run, tmp_path):
    """What a shell calls <(command) can't be opened twice."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(WOMAN,))
    writer.start()
    result = run("assess", pipe)
    writer.join()
    assert result.exit_code == 0, result.stderr


def test_a_date_comes_before_the_date_of_the_record(run, woman):
    """--date wins over assessed_on, and nothing has to be said."""
    result = run("assess", woman, "--date", "2026-12-24", "--format", "json")
    assert json.loads(result.stdout)["date"] == "2026-12-24"
    assert result.stderr == ""


def test_a_record_without_a_date_is_assessed_for_today_and_it_is_said(run, tmp_path):
    """The clock is read only when nobody named a day."""
    path = tmp_path / "undated.yaml"
    path.write_text(WOMAN.replace("assessed_on: 2026-11-22\n", "").replace("2026-10-19", "2023-10-19"))
    result = run("assess", path, "--format", "json")
    assert json.loads(result.stdout)["date"] == date.today().isoformat()
    assert f"Assessed for today, {date.today().isoformat()}; --date sets another day." in result.stderr


@pytest.mark.parametrize(("death", "day"), [("2025-01-05", "2025-01-04"), ("2025", "2024-12-31")])
def test_somebody_who_has_died_is_assessed_for_the_day_before(run, tmp_path, death, day):
    """Without a date; of a death known to the year, the last day on which the person was alive for certain."""
    path = tmp_path / "died.yaml"
    path.write_text(f"birth_date: 1982-04-05\nsex: male\ncountry: US\ndeath_date: {death}\n")
    result = run("assess", path, "--format", "json", "--draws", "20")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["date"] == day
    assert f"died on {death}, so the assessment is for the day before" in result.stderr


def test_a_bundle_says_what_was_not_used(run, bundle):
    """The page ends with what became of the record."""
    result = run("assess", bundle, "--date", "2026-11-22")
    assert "2 resources, 1 read, 1 not used" in result.stdout
    assert "code not used" in result.stdout


def test_a_bundle_in_full(run, bundle):
    """--verbose lists what was read, resource by resource."""
    text = run("assess", bundle, "--date", "2026-11-22", "--verbose").stdout
    assert "Patient: who the person is" in text


def test_json_from_a_bundle_has_the_losses_on_standard_error(run, bundle, tmp_path):
    """The answer stays data, and --loss-report writes the losses as data too."""
    losses = tmp_path / "losses.json"
    result = run("assess", bundle, "--date", "2026-11-22", "--format", "json", "--loss-report", losses)
    assert json.loads(result.stdout)["schema_version"] == "1"
    assert "1 not used" in result.stderr
    assert json.loads(losses.read_text())["ignored"][0]["resource"] == "Observation"


def test_a_plain_record_has_no_losses(run, woman, tmp_path):
    """Asking for a loss report where there is none is no error, and is said."""
    losses = tmp_path / "losses.json"
    result = run("assess", woman, "--loss-report", losses)
    assert result.exit_code == 0
    assert "No loss report written" in result.stderr
    assert not losses.exists()


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_the_page_is_as_wide_as_the_screen(run, woman, width):
    """COLUMNS sets the width, and no line is wider."""
    lines = run("assess", woman, "--full", env={"COLUMNS": width}).stdout.splitlines()
    assert max(map(len, lines)) == int(width)


def test_the_usual_answer_fits_a_screen_and_has_the_conclusion_of_the_data_first(run, woman):
    """24 lines of 80 columns: the sentences of `summary` in the JSON, in their order, right below the person."""
    told = run("assess", woman, env={"COLUMNS": "80"}).stdout
    summary = json.loads(run("assess", woman, "--format", "json").stdout)["summary"]
    assert len(told.splitlines()) <= 24
    assert " • ".join(summary["sentences"]).replace("\xa0", " ") in " ".join(told.split())
    assert "--full shows" in told


def test_the_conclusion_is_in_the_language_asked_for(run, woman):
    """Terminal and JSON alike."""
    told = run("assess", woman, "--language", "de").stdout
    summary = json.loads(run("assess", woman, "--format", "json", "--language", "de").stdout)["summary"]
    assert summary["sentences"][0].startswith("Osteoporosetypische Fraktur innerhalb von 10 Jahren")
    assert summary["sentences"][0].replace("\xa0", " ") in " ".join(told.split())


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_an_answer_in_a_file_is_the_answer_on_the_screen(run, woman, tmp_path, form):
    """--output changes the place and nothing else."""
    target = tmp_path / "answer"
    printed = run("assess", woman, "--format", form, env={"COLUMNS": "80"})
    written = run("assess", woman, "--format", form, "--output", target)
    assert written.exit_code == 0
    assert written.stdout == ""
    assert target.read_text(encoding="utf-8") == printed.stdout
