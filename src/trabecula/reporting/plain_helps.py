"""What helps, in plain words: what was worked out to lower the chance, and what guidelines say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from trabecula.guidelines.conditions import Truth
from trabecula.reporting.marks import MODEL
from trabecula.reporting.plain_words import HELPS, MEDICINES, PLANS, TREATMENT, Plain
from trabecula.reporting.statements import Statement, Writer
from trabecula.words.language import Language
from trabecula.words.numbers import people, span

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison, PlanResult
    from trabecula.guidelines.records import Advice

_MAIN = "major_osteoporotic"
_MANY = 1000  # the people of whom so many are counted
_SHOWN = 5  # things that help, more would not be read


@dataclass(frozen=True)
class Told:
    """Something to do or to ask, how much it does, and who says so."""

    what: str
    source: str
    much: str = ""

    def written(self, write: Writer) -> Statement:
        """The statement, whose source is numbered now."""
        return write.own(f"{self.what} {self.much}".strip(), self.source)


def helps(assessment: "Assessment", comparison: "Comparison | None", write: Writer) -> list[Statement]:
    """What one can do, worked out or advised, then medicines that were worked out; each once.

    A medicine lowers anybody's chance a little: it is told only where a guideline speaks for one. Where the chances
    are known to be too high, no number is told.
    """
    lang, found = write.lang, dict[str, Told]()
    for each in (
        *_worked_out(comparison, PLANS, lang),
        *advised(assessment, HELPS, lang),
        *(_worked_out(comparison, MEDICINES, lang) if _treatment_is_advised(assessment) else ()),
    ):
        found.setdefault(each.what.split(".")[0], each)
    told = islice(found.values(), _SHOWN)
    return [(replace(each, much="") if assessment.caution else each).written(write) for each in told]


def _worked_out(comparison: "Comparison | None", words: Mapping[str, str], lang: Language) -> Iterator[Told]:
    """The plans that help, the strongest first, with how much."""
    plans = () if comparison is None else comparison.plans
    helping = [each for each in plans if each.name in words and _does_help(each)]
    for plan in sorted(helping, key=_difference):
        risk = next(each for each in plan.risks if each.site == _MAIN)
        low, median, high = sorted((-risk.difference.low, -risk.difference.median, -risk.difference.high))
        n, fewest, most = (lang.figures(people(each, _MANY)) for each in (median, low, high))
        much = lang.text("plain.out_of_many_people_like_you",
                         many=lang.figures(f"{_MANY:,}"), n=n, range=span(fewest, most))  # fmt: skip
        yield Told(lang.text(words[plan.name]), MODEL, much)


def _does_help(plan: "PlanResult") -> bool:
    """Whether a plan surely lowers the main chance, by one of a thousand or more, and nothing warns of it."""
    found = next((each.difference for each in plan.risks if each.site == _MAIN), None)
    return found is not None and found.high < 0 and -found.median * _MANY >= 1 and not plan.warnings


def _difference(plan: "PlanResult") -> float:
    """What a plan does to the main chance."""
    return next(each.difference.median for each in plan.risks if each.site == _MAIN)


def _treatment_is_advised(assessment: "Assessment") -> bool:
    """Whether a rule for a bone medicine applies."""
    return any(each.verdict is Truth.TRUE and each.rule in TREATMENT.rules for each in assessment.advice)


def advised(assessment: "Assessment", words: Sequence[Plain], lang: Language) -> Iterator[Told]:
    """Plain sentences for the rules that apply, with the first rule as their source."""
    applies = [each for each in assessment.advice if each.verdict is Truth.TRUE]
    for plain in words:
        rule = next((each for each in applies if each.rule in plain.rules), None)
        if rule is not None:
            yield Told(lang.text(plain.words), cited(rule))


def cited(advice: "Advice") -> str:
    """Where a rule stands."""
    return f"{advice.citation}, {advice.section}"
