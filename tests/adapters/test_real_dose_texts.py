"""Dose texts of public samples, each labelled by reading it before any program did (`texts/real_doses.tsv`).

A meaning has one part after the other, "1t 2/1 10 > 1t 1/1 -": a tablet (or mg) each, doses in days, and for how many
days. "?" is what nobody could tell, a range is one, "vague" says that something else in it changes the dose: then the
report must name it. "prn" is taken as needed.
"""

import csv
import re
from pathlib import Path

import pytest

from .test_dose_texts import STRENGTH, is_right, read_mg

TEXTS = Path(__file__).parent / "texts" / "real_doses.tsv"


def rows():
    """Every text with its meaning."""
    with TEXTS.open(encoding="utf-8") as file:
        return [(row["text"], row["meaning"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def truth(meaning):
    """The parts with mg a day and days; None where nobody could tell."""
    if "?" in meaning or "vague" in meaning or re.search(r"\d-\d", meaning):
        return None
    return [part(said) for said in meaning.replace(" prn", "").split(" > ")]


def part(said):
    """ "1t 2/1 10" in mg a day and days."""
    dose, often, days = said.split()
    mg = float(dose[:-1]) * STRENGTH if dose.endswith("t") else float(dose.removesuffix("mg"))
    times, in_days = often.split("/")
    return mg * float(times) / float(in_days), None if days == "-" else int(days)


def outcome(text, meaning):
    """Right, named, or silently other."""
    person, named = read_mg(text)
    known = truth(meaning)
    right = known is not None and bool(person.steroids) and is_right(person, known)
    return "right" if right else "named" if named else "other"


def test_no_real_dose_text_is_silently_read_as_another():
    """Understood right, or named; and of those that can be understood nine of ten are."""
    found = [(text, meaning, outcome(text, meaning)) for text, meaning in rows()]
    assert [(text, meaning) for text, meaning, came in found if came == "other"] == []
    clear = [came for _, meaning, came in found if truth(meaning)]
    assert clear.count("right") >= 0.9 * len(clear)


@pytest.mark.parametrize("at_least", [300])
def test_there_are_enough_real_dose_texts(at_least):
    """From a dozen producers."""
    assert len(rows()) >= at_least
