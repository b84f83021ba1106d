"""Answers of a questionnaire: EDSS and the other scores by their words, and falls that were counted in a time.

An answer is read as an observation of the day on which it was given; one about falls, fractures or steroids that is
not understood is told under Assumed.
"""

import re
from collections.abc import Iterator
from typing import Any

from trabecula.adapters.fhir import elements, observations
from trabecula.adapters.fhir.bundle import BundleRecord, Fact, ResourceReading, ignore, undated
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.words.message import Message, verbatim

_ANSWERED = {"", "completed", "amended"}
_SYSTEMS = ("http://loinc.org", "http://snomed.info/sct")
_FALLS = re.compile(r"\bfall(?:s|en)?\b|\bst[uü]rz|cadut|\bcaden", re.IGNORECASE)
_MATTERS = re.compile(
    r"fract|frakt|fratt|bruch|broken bone|steroid|cortiso|kortiso|predniso|menopaus|edss", re.IGNORECASE
)
_TIMES = (
    (re.compile(r"12 months?|past year|last year|1 year|one year|12 monat|letzten jahr|ultimo anno|12 mesi"), 12.0),
    (re.compile(r"6 months?|six months|6 monat|sechs monat|6 mesi|sei mesi"), 6.0),
    (re.compile(r"3 months?|three months|3 monat|drei monat|3 mesi|tre mesi"), 3.0),
)
"""The time that a question about falls names [months]."""
_SHOWN = 60  # characters of a question


def read_questionnaire(resource: Element, record: BundleRecord) -> ResourceReading:
    """The facts in the answers of a QuestionnaireResponse that was filled in."""
    what = {"text": text(element(resource.get("questionnaire")).get("display")) or "QuestionnaireResponse"}
    if text(resource.get("status")) not in _ANSWERED:
        return ignore(what, "its_status_does_not_say_that_it_is_valid")
    day = elements.iso_date(resource.get("authored")) or record.visit_day(resource)
    read = [_answer(item, day, record) for item in _items(resource)]
    facts = tuple(fact for outcome in read for fact in outcome.facts)
    assumed = tuple(dict.fromkeys(line for outcome in read for line in outcome.assumed))
    name = verbatim(what["text"])
    return ResourceReading(name, facts, None if facts else Message("fhir.no_answer_that_is_used_here"), assumed)


def _items(held: Element) -> Iterator[Element]:
    """Every question with an answer, also those in groups and below answers."""
    for item in elements.elements(held.get("item")) + elements.elements(element(held.get("group")).get("question")):
        if elements.elements(item.get("answer")):
            yield item
        yield from _items(item)
        for answer in elements.elements(item.get("answer")):
            yield from _items(answer)


def _answer(item: Element, day: str, record: BundleRecord) -> ResourceReading:
    """One question and its answer, as an observation."""
    question, answers = text(item.get("text")), elements.elements(item.get("answer"))
    coded = [{"system": system, "code": text(item.get("linkId")).strip("/")} for system in _SYSTEMS]
    concept = {"text": question, "coding": coded}
    values = {f"value{name[5:]}": held for name, held in answers[0].items() if name.startswith("value")}
    if "valueCoding" in values:
        values["valueCodeableConcept"] = {"coding": [values.pop("valueCoding")]}
    if _FALLS.search(question):
        return _falls(question, values, day, concept)
    found = observations.read_observation({"code": concept, "effectiveDateTime": day} | values, record)
    return found if found.facts or found.assumed else ResourceReading(found.what, assumed=tuple(_told(question)))


def _falls(question: str, values: dict[str, Any], day: str, concept: Element) -> ResourceReading:
    """Falls that were counted in a time; a question without its time, or answered with yes, is told."""
    months = next((months for pattern, months in _TIMES if pattern.search(question.lower())), None)
    count = elements.number(next((held for name, held in values.items() if name != "valueBoolean"), None))
    count = 0.0 if values.get("valueBoolean") is False else count
    if months is None or count is None or not count.is_integer():
        return ResourceReading(verbatim(question[:_SHOWN]), assumed=tuple(_told(question)))
    if not day:
        return undated(concept)
    value = {"count": int(count), "period_months": months, "until": day}
    return ResourceReading(verbatim(question[:_SHOWN]), (Fact("falls", value, day),))


def _told(question: str) -> Iterator[AssumedLine]:
    """An answer that would move a risk and was not read."""
    if _FALLS.search(question) or _MATTERS.search(question):
        yield assumption("fhir.an_answer_not_read", {"what": verbatim(question[:_SHOWN])})
