"""Hormones through time: menopause, hormone therapy, pregnancy, lactation and contraceptive injections."""

from collections.abc import Sequence
from dataclasses import dataclass

from trabecula.evidence import Evidence
from trabecula.person import Person
from trabecula.timeline.channels import Clock, DatedSpell, Span, Spans
from trabecula.units import DAYS_PER_MONTH, years


@dataclass(frozen=True)
class Hormones:
    """What acts on oestrogen: the age at menopause if it is known, and spells of everything else."""

    menopause_age_y: float | None
    """Age at menopause [y]; None where it is to be drawn, and in men."""
    menopause_cause: str | None
    """natural, surgical or medical; None where it was not recorded."""
    therapy: Spans
    """Spells of hormone therapy."""
    pregnancy: Spans
    """From conception to delivery."""
    lactation: Spans
    """From delivery to weaning."""
    depot_progestogen: Spans
    """Spells of contraceptive injections, which lower oestrogen."""

    @property
    def days(self) -> tuple[float, ...]:
        """The days on which a spell begins or ends."""
        return (*self.therapy.days, *self.pregnancy.days, *self.lactation.days, *self.depot_progestogen.days)


def hormones_of(person: Person, clock: Clock, evidence: Evidence) -> Hormones:
    """The hormones of a person."""
    pregnancy_d = evidence.scalar("timeline.pregnancy.length") if person.pregnancies else 0.0
    usual_months = evidence.scalar("timeline.lactation.usual_months") if person.pregnancies else 0.0
    deliveries = [
        (clock.day(child.delivery), usual_months if child.lactation_months is None else child.lactation_months)
        for child in person.pregnancies
    ]
    return Hormones(
        menopause_age_y(person, clock, evidence),
        person.menopause.cause if person.menopause is not None else None,
        spells(person.hormone_therapy, clock),
        Spans(tuple(Span(day - pregnancy_d, day) for day, _ in deliveries)),
        Spans(tuple(Span(day, day + months * DAYS_PER_MONTH) for day, months in deliveries)),
        spells(person.depot_progestogen, clock),
    )


def menopause_age_y(person: Person, clock: Clock, evidence: Evidence) -> float | None:
    """The age at menopause [y]: recorded, or the usual one if it has passed; None is for drawing."""
    if person.sex == "male":
        return None
    if person.menopause is not None and person.menopause.date is not None:
        return years(clock.day(person.menopause.date))
    if person.menopause is not None:
        return person.menopause.age_y
    if person.menopausal:
        return min(evidence.scalar("menopause.age.mean"), years(clock.today))
    return None


def spells(given: Sequence[DatedSpell], clock: Clock) -> Spans:
    """Spells from their first to their last day, both included."""
    return Spans(tuple(Span(clock.day(spell.start), clock.first_day_after(spell)) for spell in given))
