"""The sentences that data files keep in English, gathered for the tests."""

from collections.abc import Iterator

from trabecula.assessment.plans.reading import library
from trabecula.guidelines import shipped
from trabecula.guidelines.activity_bands import bands
from trabecula.guidelines.plan_tasks import entries
from trabecula.words.message import Message, sourced


def data_messages() -> list[Message]:
    """Everything that data files can say."""
    return [*guideline_messages(), *plan_messages()]


def guideline_messages() -> list[Message]:
    """Everything that guidelines, the dated plan and the advice on activity can say."""
    return [message for message in (*_rules(), *_tasks(), *_activity()) if message]


def plan_messages() -> list[Message]:
    """The titles of plans, and why somebody would choose them."""
    texts = (text for plan in library().values() for text in (plan.title, plan.because) if text)
    return [text if isinstance(text, Message) else sourced("plan", text) for text in texts]


def _rules() -> Iterator[Message]:
    for guideline in shipped():
        yield from (guideline.title, guideline.country, guideline.population)
        for rule in guideline.rules:
            yield from (rule.population, rule.condition, rule.recommendation, rule.strength, rule.note)
            for unless in rule.unless:
                yield from (unless.condition, unless.instead)


def _tasks() -> Iterator[Message]:
    listed = entries()
    rows = (*listed.asked, *listed.missing, *listed.with_medicine, *listed.courses, listed.follow_on)
    for entry in (*rows, *listed.care.values()):
        yield from (sourced("task", getattr(entry, "what", "")), sourced("whose", entry.who))
        yield sourced("task", getattr(entry, "refused", None) or "")
        yield sourced("task_reason", getattr(entry, "why", ""))
        yield sourced("task_time", getattr(entry, "ours", ""))
    for entry in listed.asked:
        yield from (sourced("task_time", timing.ours) for timing in entry.rules.values())


def _activity() -> Iterator[Message]:
    for band in bands():
        yield from (band.title, band.goal, *(advice.text for advice in band.advice))
