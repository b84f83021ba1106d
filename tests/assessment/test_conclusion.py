"""The conclusion: at most five sentences, urgent things first, with the numbers and dates of the answer."""

import json

import pytest

from assessment.conftest import EVIDENCE, TODAY, person
from assessment.random_records import ON, records
from trabecula.assessment import Assessment
from trabecula.assessment.answer import answered
from trabecula.assessment.conclusion import PLAIN_TASKS
from trabecula.assessment.patient_state import prepare
from trabecula.guidelines.plan_tasks import entries
from trabecula.model import Model
from trabecula.person import read_person
from trabecula.reporting.short import short_page
from trabecula.reporting.terminal import to_terminal
from trabecula.words.language import LANGUAGES, language

HIP = [{"site": "hip", "date": "2026-10-20", "trauma": "low"}]
DENOSUMAB = {"drug": "denosumab", "start": "2021-03-10", "dose_mg": 60, "per": "6 months"}


def answer(**record):
    """The answer about a woman of 60, or whom the record says."""
    return answered(prepare(person(**record), TODAY, Model(EVIDENCE), 40))


def said(**record):
    """The sentences of her conclusion."""
    return list(map(str, answer(**record).summary.sentences))


RECORDS = ({}, {"fractures": HIP, "country": "UK"}, {"medicines": [{**DENOSUMAB, "end": "2026-03-12"}]})


@pytest.mark.parametrize("record", RECORDS)
def test_it_has_at_most_five_sentences_and_as_many_plain_ones(record):
    """One for each thing that somebody has to know."""
    found = answer(**record).summary
    assert 3 <= len(found.sentences) <= 5
    assert 3 <= len(found.plain) <= 5


@pytest.mark.parametrize("record", RECORDS)
def test_its_numbers_and_dates_are_those_of_the_answer(record):
    """The main risk and its average, the date of a task of the plan, the date of the planned scan."""
    whole = answer(**record)
    found = whole.summary
    main = next(risk for risk in whole.risks if (risk.site, risk.horizon_y) == ("major_osteoporotic", whole.horizon_y))
    assert (found.chance, found.average) == (main.risk, main.average)
    assert (found.task, found.due) in {(task.task, task.date) for task in whole.tasks}
    assert found.dxa_on == min(task.date for task in whole.tasks if task.task == "dxa")


def test_a_recent_hip_fracture_is_the_first_word():
    """Before the risk; and that no bone medicine is known."""
    first = said(fractures=HIP, country="UK")[0]
    assert first == "Recent hip fracture (20 Oct 2026), no bone medicine recorded."


@pytest.mark.parametrize("broken", [{"date": "2019-10-20", "trauma": "low"}, {"date": "2026-10-20", "trauma": "high"}])
def test_an_old_or_violent_fracture_is_not_urgent(broken):
    """It counts in the risk, and the risk comes first."""
    assert said(fractures=[{"site": "hip", **broken}])[0].startswith("Major osteoporotic fracture")


def test_late_denosumab_is_urgent_and_the_person_is_told_to_ring():
    """Eight months after the last injection, whatever else is known."""
    found = answer(medicines=[{**DENOSUMAB, "end": "2026-03-12"}]).summary
    assert "denosumab injection is overdue" in str(found.sentences[0])
    assert "ring the clinic now" in str(found.plain[0])
    assert "never stop it on your own" in str(found.plain[0])


def test_denosumab_on_time_is_not_urgent():
    """The last injection two months ago."""
    assert answer(medicines=[{**DENOSUMAB, "start": "2026-09-10"}]).summary.urgent is None


def test_a_woman_before_menopause_is_not_called_osteoporotic_by_a_t_score():
    """Her Z-score is told (ISCD 2023)."""
    scan = {"date": "2026-09-10", "site": "total_hip", "t_score": -2.7, "z_score": -1.6, "device": "hologic"}
    young = str(answer(birth_date="1990-03-01", menopausal=False, dxa=[scan]).summary.category)
    assert "Z-score −1.6" in young
    assert "osteoporosis" not in young
    older = str(answer(menopause={"age_y": 50}, dxa=[scan]).summary.category)
    assert "T-score −2.7 (total hip), osteoporosis" in older


def test_a_man_of_49_is_told_his_z_score_and_one_of_50_his_t_score():
    """The age from which the diagnosis is made by T-score (ISCD 2023)."""
    scan = {"date": "2026-09-10", "site": "total_hip", "t_score": -2.7, "z_score": -1.6, "device": "hologic"}
    for born, kind in (("1977-03-01", "Z"), ("1976-03-01", "T")):
        assert f"{kind}-score" in str(answer(sex="male", birth_date=born, dxa=[scan]).summary.category)


def test_the_guideline_of_her_own_country_waits_for_frax_and_says_so():
    """NOGG in the United Kingdom, DVO with its own score in Germany; our own probability stands in for neither."""
    for country, said in (("UK", "NOGG: undetermined until known: FRAX"), ("DE", "DVO: undetermined until known: DVO")):
        found = answer(country=country, menopause={"age_y": 50}, no_fractures=True).summary
        assert (found.category_key, str(found.category)[: len(said)]) == ("open", said)


def test_nobody_is_sent_to_treatment_before_the_specialist():
    """A wish for pregnancy and a vertebral fracture: the plain words ask for a specialist, not for a medicine."""
    spine = [{"site": "spine", "date": "2026-03", "trauma": "low"}]
    found = answer(birth_date="1993-07-07", menopausal=False, pregnancy_wish=True, fractures=spine).summary
    assert found.task == "treat_or_refer"
    assert any("bone specialist" in str(sentence) for sentence in found.plain)
    assert not any("about a medicine" in str(sentence) for sentence in found.plain)


def test_little_data_names_the_one_thing_to_ask():
    """A birth year, a sex, a country and MS: the disability comes first, then fractures."""
    assert str(answer(ms={}).summary.ask).startswith("Ask next: ")
    assert answer(ms=None).summary.ask is None or "fractures" in str(answer(ms=None).summary.ask)


@pytest.mark.parametrize("code", LANGUAGES)
def test_kinds_of_tasks_have_plain_words_in_every_language(code):
    """And so have categories, drivers and urgent things."""
    listed = entries()
    parts = (listed.asked, listed.missing, listed.with_medicine, listed.courses, (listed.follow_on,))
    kinds = {entry.task for part in parts for entry in part} | {*listed.care}
    assert kinds - {*PLAIN_TASKS} == {"dxa"}
    ids = [f"plain.action.{task}" for task in PLAIN_TASKS]
    ids += [f"plain.category.{key}" for key in ("treated", "very_high", "treat", "consider", "low", "open", "none")]
    ids += [f"driver.{part}" for part in ("falls", "density", "prior", "steroids", "factors")]
    assert [id for id in ids if not language(code).knows(f"conclusion.{id}")] == []


@pytest.mark.parametrize("record", [*records(8)])
def test_whoever_it_is_the_terminal_says_what_the_data_say(record):
    """Random records: the same sentences, at most five, on both; the action is a task of the plan, not refused."""
    found = answered(prepare(read_person(record, ON), ON, Model(EVIDENCE), 10))
    told = json.loads(found.model_dump_json())["summary"]
    text = " ".join(to_terminal(short_page(found), 100).split())
    assert 3 <= len(told["sentences"]) <= 5
    assert " • ".join(" ".join(sentence.split()) for sentence in told["sentences"]) in text
    assert (told["task"], told["due"]) in {(task.task, task.date.isoformat()) for task in found.tasks}
    refused = {check.drug for check in found.medicines if check.refused}
    chosen = next(task for task in found.tasks if task.task == told["task"])
    assert not refused & {*chosen.drugs}


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_stands_in_the_json_in_the_language_asked_for(code):
    """And is read back."""
    whole = answer()
    text = whole.model_dump_json(context={"language": code})
    assert Assessment.model_validate_json(text).summary.dxa_on == whole.summary.dxa_on
    assert language(code).say(whole.summary.sentences[0]) in text
