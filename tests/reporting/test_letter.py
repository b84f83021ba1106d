"""Letters: what each recipient reads and is asked, with codes, and nothing that neither record nor assessment says."""

import csv
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

import trabecula
from reporting.conftest import make_assessment
from trabecula.guidelines.medicines import MedicineCheck
from trabecula.guidelines.plan_tasks import Task
from trabecula.guidelines.records import Objection
from trabecula.person import read_person
from trabecula.reporting import ADDRESSEES
from trabecula.reporting.html import page_letter, to_pdf
from trabecula.reporting.letter import CODES, RECIPIENTS, letter, to_text
from trabecula.vocabulary import FRACTURE_SITES, RISK_FACTORS
from trabecula.words.language import LANGUAGES, language
from trabecula.words.message import verbatim

SOURCE = Path(trabecula.__file__).parent
RECORD = {
    "birth_date": "1959-10-30", "sex": "female", "id": "example-67", "ms": {"onset": 1994, "course": "relapsing"},
    "steroids": [{"start": "2012-04-02", "as_written": "500 mg oral methylprednisolone x 5 days"}],
    "medicines": [
        {"drug": "alendronate", "start": "2017-02", "end": "2022-01-31", "dose_mg": 70, "per": "week"},
        {"drug": "denosumab", "start": "2022-02-14", "dose_mg": 60, "per": "6 months"},
        {"drug": "gabapentin", "start": "2019-08"},
    ],
    "laboratory": [
        {"date": "2025-10-06", "test": "25-OH-D", "value": 40, "unit": "nmol/L"},
        {"date": "2026-10-06", "test": "25-OH-D", "value": 71, "unit": "nmol/L"},
    ],
    "rheumatoid_arthritis": True,
    "fractures": [
        {"site": "forearm", "date": "2016-12-18", "trauma": "low"},
        {"site": "spine", "date": "2020", "trauma": "unknown"},
    ],
    "dxa": [
        {"date": "2026-09-22", "site": "lumbar_spine", "bmd_g_cm2": 0.842, "t_score": -1.9, "device": "hologic"},
        {"date": "2009-09-22", "site": "lumbar_spine", "t_score": -0.1},
        {"date": "2010-09-22", "site": "lumbar_spine", "t_score": -0.2},
    ],
}  # fmt: skip


def task(kind, day, what):
    """A thing to do."""
    return Task(
        date=day, task=kind, what=verbatim(what), why=verbatim("Because."), who=verbatim("somebody"), rules=("ms_8",),
        source="",
    )  # fmt: skip


@pytest.fixture
def assessment():
    """Somebody to whom something is due from each recipient."""
    reason = Objection(rule="r", reason="The kidneys are too weak.", found="eGFR 20", source="Label 2020")
    check = MedicineCheck(
        drug="zoledronate", name=verbatim("zoledronate"), refused=(reason,), cautions=(), specialist=False, unknown=()
    )
    return make_assessment(
        medicines=[check],
        tasks=[
            task("dental_check", date(2026, 12, 1), "Look at the teeth"),
            task("dxa", date(2026, 12, 2), "Scan spine and hip"),
            task("denosumab_dose", date(2027, 2, 14), "Next injection"),
            task("denosumab_dose", date(2027, 8, 14), "Next injection"),
            task("review", date(2028, 12, 1), "Look at everything"),
        ],
    )


@pytest.fixture
def person():
    """A woman who broke a wrist, on denosumab after alendronate."""
    return read_person(RECORD, date(2026, 11, 22))


def said(assessment, person, to, code="en"):
    """The letter as one line of text."""
    return " ".join(to_text(letter(assessment, person, to, language(code))).split())


def test_findings_stand_with_their_codes_and_as_they_were_recorded(assessment, person):
    """ICD-10 and SNOMED CT where they are mapped; what was quoted from memory has a star that is explained."""
    text = said(assessment, person, "gp")
    assert (
        "relapsing MS [ICD-10 G35, SNOMED CT 24700007]; rheumatoid arthritis [ICD-10 M06.9*, SNOMED CT 69896004]"
        in text
    )
    assert "forearm, wrist 2016 (low-energy) [ICD-10 S52*, SNOMED CT 65966004]" in text
    assert "spine 2020 (force not recorded)" in text
    assert "22 September 2026: lumbar spine 0.842 g/cm² T −1.9; 22 September 2010: lumbar spine T −0.2" in text
    assert "25-OH-vitamin D 71 nmol/L (6 Oct 2026)" in text
    assert "denosumab since February 2022" in text
    assert "alendronate 2017–2022" in text
    assert "* Code quoted from memory: check it before coding." in text


def test_a_code_never_says_more_than_the_record(assessment, person):
    """Which vertebra broke is not on file, so the fracture has no code."""
    assert not re.search(r"spine 2020 \(force not recorded\) \[", said(assessment, person, "fls"))


@pytest.mark.parametrize(
    ("to", "asked"),
    [("gp", ["teeth", "spine and hip", "injection"]), ("dxa", ["spine and hip"]), ("dentist", ["teeth"]),
     ("fls", ["spine and hip", "injection"])],
)  # fmt: skip
def test_each_is_asked_what_is_theirs_by_its_day(assessment, person, to, asked):
    """And nothing else; a dose that comes every half year is asked for once."""
    text = said(assessment, person, to).split("WHAT WE ASK")[1].split("Kind regards")[0]
    everything = ("teeth", "spine and hip", "injection", "everything")
    assert [what for what in everything if what in text] == asked
    assert text.count("injection") <= 1
    assert text.count("By ") == len(asked)


def test_a_letter_without_anything_due_says_so(person):
    """It does not make up a request."""
    assert "Nothing is due from you" in said(make_assessment(), person, "dxa")


def test_a_dentist_reads_no_more_than_a_dentist_needs(assessment, person):
    """Bone medicines and steroids, not disability, fractures or risk."""
    text = said(assessment, person, "dentist")
    assert "denosumab since February 2022" in text
    assert not re.search(r"EDSS|relapsing|wrist|DXA|rheumatoid", text)


@pytest.mark.parametrize("to", ["gp", "fls"])
def test_what_must_not_be_given_is_in_the_letter(assessment, person, to):
    """With its reason and source."""
    text = said(assessment, person, to)
    assert "Do not give zoledronate: The kidneys are too weak. (Label 2020)" in text


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("to", ADDRESSEES)
def test_a_letter_says_whose_it_is_and_that_it_is_a_draft(assessment, person, to, code):
    """The record, the day, the recipient, no medical device; the sender's lines are empty, in every language."""
    lang, text = language(code), said(assessment, person, to, code)
    for expected in ("example-67", lang.day(assessment.date), lang.text(f"letter.to.{to}"), "Trabecula 0.1.0", "____"):
        assert expected in text
    assert " ".join(lang.text("page.statement").split()) in text
    assert all(len(line) <= 78 for line in to_text(letter(assessment, person, to, lang)).splitlines())


def test_everybody_to_whom_a_letter_can_go_has_a_letter():
    """The names of the command are those of the letters."""
    assert tuple(RECIPIENTS) == ADDRESSEES


def test_a_letter_as_a_page_can_be_changed_and_says_the_same(assessment, person):
    """In the browser, without a script; what a record holds is text."""
    of = letter(assessment, person.model_copy(update={"id": "<b>x</b>"}), "gp", language("en"))
    page = page_letter(of)
    assert 'contenteditable="true"' in page
    assert "<script" not in page
    assert "<b>x</b>" not in page
    body = re.sub(r"\W+", "", re.sub(r"<[^>]+>", "", page))
    for section in of.sections:
        for item in section.blocks[0].entries:
            assert re.sub(r"\W+", "", item.text) in body


def test_a_letter_as_pdf_names_the_record(assessment, person):
    """A4, tagged, with the record in its title."""
    printed = PdfReader(BytesIO(to_pdf(page_letter(letter(assessment, person, "fls", language("de"))))))
    assert "example-67" in printed.metadata.title
    assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] == [595, 842]


def test_every_code_of_a_letter_is_one_that_records_are_read_by():
    """With the same status, in the vocabulary or in the tables of the adapters, under the same finding."""
    known = {(row.key, code.system, code.code): code.status for table in (FRACTURE_SITES, RISK_FACTORS)
             for row in table.values() for code in row.codes}  # fmt: skip
    imported = {}
    for name in ("codes.csv", "readings.csv"):
        with (SOURCE / "adapters" / "data" / name).open(encoding="utf-8", newline="") as file:
            imported |= {(row["system"], row["code"]): row["status"] for row in csv.DictReader(file) if row["status"]}
    for finding, codes in yaml.safe_load(CODES.read_text("utf-8")).items():
        key = finding.partition(".")[2]
        for code in codes:
            place = code["system"], code["code"]
            assert code["status"] == known.get((key, *place), imported.get(place)), (finding, code)
