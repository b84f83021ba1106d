"""What a page says and who says so: sentences with small numbers behind them, and the list that these lead to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from trabecula.drawing.page import Estimate, Item
from trabecula.evidence import Evidence
from trabecula.vocabulary import rates_of, stand_in_note
from trabecula.words.language import SOURCE, Language
from trabecula.words.message import Message
from trabecula.words.numbers import significant, span

if TYPE_CHECKING:
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Answer, Assessment, EvidenceUsed, Falls, Risk, RiskEffect, Software

_RARELY = 0.1
"""Falls a year below which a figure would be false precision."""
RECORD, MODEL = "record", "model"
"""Who says something that stands in no document."""
_BY_MEAN = ("percent", "share", "people_of_100", "people_of_1000")
"""The styles of a probability, which is told by its mean: the median is not the share of people."""


def estimate(value: "Interval", style: str, lang: Language, reach: str = "") -> Estimate:
    """A number with its range as a language writes them; a range that is no wider than the number is left out.

    style: one of `words.numbers.STYLES`, which says the unit of the value (`percent` and `share` take a probability,
    `change` per cent) and whether the mean is told, as of a probability, or the median; reach: the style of the range,
    where the unit stands behind the number alone.
    """
    middle = lang.written(value.mean if style in _BY_MEAN else value.median, style)
    ends = lang.written((value.low, value.high), reach or style)
    return Estimate(middle, "" if ends in middle else ends)


def risk_told(risk: "Risk | RiskEffect", lang: Language, raised: object = None) -> Estimate:
    """A chance in per cent with its range; above what any cohort has measured, that it is above, and no figure.

    raised: anything where the page says that chances are to be read as clearly raised and not as numbers.
    """
    if risk.above_measured is not None:
        return Estimate(lang.text("page.above_measured", least=risk.above_measured), "")
    if raised:
        return Estimate(lang.text("page.clearly_raised"), "")
    return estimate(risk.risk, "percent", lang, "share")


def falls_told(falls: "Falls", lang: Language) -> Estimate:
    """Falls a year: as they were reported, else what is expected, with its range; hardly any have no figure."""
    if falls.reported_per_year is not None:
        return Estimate(lang.text("page.falls_reported", n=lang.written(falls.reported_per_year, "plain")), "")
    by = falls.per_year
    return Estimate(lang.figures(rare(by.mean)), lang.figures(span(rare(by.low), rare(by.high))))


def rare(per_year: float) -> str:
    """Falls a year, two figures; hardly any have none."""
    return significant(per_year) if per_year >= _RARELY else f"<{_RARELY}"


@dataclass
class Marks:
    """The sources of a page in the order in which they are first named.

    A number is given when a source is named for the first time and never changes, so that the list below the page can
    be made last.
    """

    page: str
    """A letter that sets the anchors of this page apart from those of another in the same file."""
    texts: dict[str, str] = field(default_factory=dict)
    """What each source is called in the list, by its id: RECORD, MODEL, a document of the registry, or its own text."""

    def __call__(self, *names: str) -> tuple[int, ...]:
        """The numbers of sources: the record, the model, or ids of documents in the registry."""
        for name in names:
            self.texts.setdefault(name, references().get(name, name))
        places = [*self.texts]
        return tuple(places.index(name) + 1 for name in names)

    def findings(self, names: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the documents that printed some findings, each document once; unknown findings have none."""
        printed = printed_in()
        return self(*dict.fromkeys(printed[name] for name in names if name in printed))


@dataclass(frozen=True)
class Writer:
    """Writes statements and figures in a language, and keeps the list of sources.

    Its functions take `sources`: RECORD, MODEL, ids of documents in the registry, or a citation in words.
    """

    lang: Language
    marks: Marks

    def own(self, text: str, *sources: str, head: str = "") -> Item:
        """A sentence of this page, already in its language."""
        return Item(head, text, marks=self.marks(*sources))

    def model(self, message: Message, *sources: str, head: str = "") -> Item:
        """What a room below has to say."""
        return self.own(self.lang.say(message), *sources, head=head)

    def stand_in(self, answer: "Answer | Basis") -> Item | None:
        """Whose rates stand in for those of the person's country; None where its own are used."""
        note = stand_in_note(answer.country, answer.stands_in_for)
        return None if note is None else self.model(note, MODEL)

    def chance(self, value: "Interval") -> Estimate:
        """A probability with its range, in per cent."""
        return estimate(value, "percent", self.lang, "share")


def rates_named(title: str, answer: "Answer", lang: Language) -> str:
    """The title of a picture of chances; with whose rates they are where those of another country stand in."""
    if answer.stands_in_for is None:
        return title
    return f"{title} ({lang.say(rates_of(answer.country, answer.stands_in_for))})"


@cache
def printed_in() -> dict[str, str]:
    """The id of the document of each finding."""
    evidence = Evidence.load()
    return {name: evidence.source(name).id for name in evidence.findings()}


@cache
def references() -> dict[str, str]:
    """Every document of the registry that printed a finding, by its id."""
    evidence = Evidence.load()
    return {evidence.source(name).id: evidence.source(name).reference for name in evidence.findings()}


def behind(findings: Iterable[str]) -> tuple[str, ...]:
    """The references behind findings, in the order of the alphabet."""
    known, printed = references(), printed_in()
    return tuple(sorted({known[printed[name]] for name in findings if name in printed}, key=str.lower))


@dataclass(frozen=True)
class Basis:
    """What an answer that is no assessment rests on (a comparison of plans), under the names an assessment has."""

    software: "Software"
    date: date
    draws: int
    seed: int
    interval: float
    """The share of the draws that a range holds."""
    country: str
    stands_in_for: str | None
    """The person's country, where the rates of `country` stand in for it."""
    evidence: "EvidenceUsed"


def sources(assessment: "Assessment | Basis", marks: Marks, lang: Language, *, plain: bool = False) -> list[Item]:
    """What each number stands for; in plain words for the person's page. Documents are cited in English."""
    own = _plain(assessment, lang) if plain else _exact(assessment, lang)
    return [Item("", own[name]) if name in own else Item("", text, lang=SOURCE) for name, text in marks.texts.items()]


def _plain(assessment: "Assessment | Basis", lang: Language) -> dict[str, str]:
    """Record and model in plain words."""
    return {
        RECORD: lang.text("page.your_record_as_it_was_on", day=assessment.date),
        MODEL: lang.text("page.trabecula_version_a_computer_model_the", version=assessment.software.version),
    }


def _exact(assessment: "Assessment | Basis", lang: Language) -> dict[str, str]:
    """Record and model as somebody needs them who wants to check."""
    used = assessment.evidence
    return {
        RECORD: lang.text("page.the_record_as_read_for_day", day=assessment.date),
        MODEL: lang.text(
            "page.trabecula_version_draws_draws_seed_seed",
            version=assessment.software.version, draws=assessment.draws, seed=assessment.seed,
            held=round(100 * assessment.interval), parameters=len(used.parameters), assumed=len(used.assumed),
            recalled=len(used.recalled), country=rates_of(assessment.country, assessment.stands_in_for),
        ),
    }  # fmt: skip
