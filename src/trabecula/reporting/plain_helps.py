"""What helps and what to ask, in plain words: short sentences that somebody of 13 can read.

Every sentence stands for rules or plans that the clinician's page shows in full, and carries their source.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from trabecula.drawing.page import Item
from trabecula.guidelines import Advice, shipped
from trabecula.guidelines.conditions import Truth
from trabecula.reporting.medicines import running_bone_medicines
from trabecula.reporting.statements import MODEL, RECORD, Writer
from trabecula.units import DAYS_PER_YEAR
from trabecula.words.language import Language

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, Comparison, PlanResult
    from trabecula.person import Person

_MAIN = "major_osteoporotic"
_MANY = 1000
"""The people of whom so many are counted."""
_SHOWN = 5
"""Things that help; more would not be read."""
_LATE_Y = 60
"""An age at which nobody is asked whether periods go on."""


@dataclass(frozen=True)
class PlainRule:
    """A plain sentence, by its id, for any of several rules of guidelines."""

    words: str
    rules: frozenset[str]


def _plain(words: str, rules: str) -> PlainRule:
    """A sentence for rules, written one behind the other."""
    return PlainRule(words, frozenset(rules.split()))


HELPS = (
    _plain("plain.keep_moving_aim_for_150_minutes", "ms_8 who_adults who_65 who_disability"),
    _plain("plain.plan_your_exercise_with_a_physical", "ms_9"),
    _plain("plain.join_a_class_that_trains_balance", "ms_2"),
    _plain("plain.get_enough_calcium_and_vitamin_d_food", "bhof_2 acr_l40 acr_l_lt40"),
    _plain("plain.do_not_put_off_your_next", "label_denosumab_delay"),
)
_RULES = [rule for guideline in shipped() for rule in guideline.rules]
TREATMENT = _plain(
    "plain.would_a_bone_medicine_help_me",
    " ".join(rule.id for rule in _RULES if rule.drug not in ("", "none")) + " ms_6",
)
"""What to ask where a rule speaks for a bone medicine."""
ASKS = (
    _plain(
        "plain.should_i_have_a_bone_scan", " ".join(rule.id for rule in _RULES if rule.stance.startswith("measure"))
    ),
    TREATMENT,
    _plain("plain.is_my_vitamin_d_high_enough", "ms_3 dose_1"),
    _plain("plain.do_i_have_a_broken_bone", "nogg_7"),
)
_DONE = {"plain.should_i_have_a_bone_scan"}
"""What nobody asks whose bones were scanned within a year."""
PLANS = {
    "exercise": "plain.train_your_muscles_and_your_balance",
    "exercise-with-impact": "plain.train_with_jumps_or_dance_if",
    "falls-programme": "plain.join_a_class_that_trains_balance",
    "calcium-vitamin-d": "plain.get_enough_calcium_and_vitamin_d",
    "stop-smoking": "plain.stop_smoking",
    "steroid-sparing": "plain.take_fewer_steroid_tablets_do_this",
}
"""The plans of the library that are something to do; a scenario is not."""
MEDICINES = {
    "alendronate": "plain.a_bone_medicine_taken_as_a",
    "zoledronate": "plain.a_bone_medicine_given_by_drip",
    "denosumab": "plain.a_bone_medicine_given_as_a",
}
"""Those that a doctor has to give; they come after what one can do, and only where a rule speaks for one."""
GAPS = {
    "gap.falls": "plain.how_often_did_you_fall_in",
    "gap.fractures": "plain.have_you_broken_a_bone_as",
    "gap.menopause": "plain.when_did_your_periods_stop_or",
    "gap.body": "plain.tell_them_your_height_and_weight",
    "factor.parental_hip_fracture": "plain.did_your_mother_or_father_break",
    "factor.smoking": "plain.do_you_smoke",
}
"""What a record may not say, as a question to bring along."""
GAPS_LATE = {"gap.menopause": "plain.when_did_your_periods_stop"}
"""The same for people in whom it is long settled that they did."""


@dataclass(frozen=True)
class PlainAdvice:
    """Something to do or to ask, how much it does, and who says so."""

    what: str
    source: str
    much: str = ""

    def written(self, write: Writer) -> Item:
        """The statement, whose source is numbered now."""
        return write.own(f"{self.what} {self.much}".strip(), self.source)


def helps(
    assessment: "Assessment", comparison: "Comparison | None", person: "Person | None", write: Writer
) -> list[Item]:
    """What one can do, worked out or advised, then medicines that were worked out; each once.

    A medicine lowers anybody's chance a little: it is told only where a guideline speaks for one, and nobody who takes
    one already is offered another on top of it. Where the chance has no figure, no number is told.
    """
    taken = [] if person is None else running_bone_medicines(person, assessment.date)
    lang, found = write.lang, dict[str, PlainAdvice]()
    for advice in (
        *_worked_out(comparison, PLANS, lang),
        *_advised(assessment, HELPS, lang),
        *(_worked_out(comparison, MEDICINES, lang) if _treatment_is_advised(assessment) and not taken else ()),
    ):
        found.setdefault(advice.what.split(".")[0], advice)
    shown = islice(found.values(), _SHOWN)
    summary = assessment.summary
    careful = assessment.caution or (summary is not None and summary.above_measured is not None)
    return [(replace(advice, much="") if careful else advice).written(write) for advice in shown]


def asks(assessment: "Assessment", person: "Person | None", write: Writer) -> list[Item]:
    """What to ask, and what the record does not say yet; nobody asks for what was done or is taken."""
    done = _DONE if person is not None and _was_scanned(person, assessment) else set[str]()
    done |= {TREATMENT.words} if person is not None and running_bone_medicines(person, assessment.date) else set()
    missing = {message.id for gap in assessment.missing for message in gap.what.inside()}
    questions = GAPS if assessment.person.age_y < _LATE_Y else {**GAPS, **GAPS_LATE}
    open_yet = [question for question in ASKS if question.words not in done]
    advised = [advice.written(write) for advice in _advised(assessment, open_yet, write.lang)]
    return [*advised, *(write.own(write.lang.text(questions[gap]), RECORD) for gap in questions if gap in missing)]


def _was_scanned(person: "Person", assessment: "Assessment") -> bool:
    """Whether a bone was scanned in the year before."""
    days = ((assessment.date - scan.date).days for scan in person.dxa)
    return any(0 <= passed < DAYS_PER_YEAR for passed in days)


def _worked_out(comparison: "Comparison | None", words: Mapping[str, str], lang: Language) -> Iterator[PlainAdvice]:
    """The plans that help, the strongest first, with how much."""
    plans = () if comparison is None else comparison.plans
    helping = [plan for plan in plans if plan.name in words and _does_help(plan)]
    for plan in sorted(helping, key=_difference):
        by = next(risk for risk in plan.risks if risk.site == _MAIN).difference
        low, median, high = sorted((-by.low, -by.mean, -by.high))
        much = lang.text("plain.out_of_many_people_like_you", many=_MANY, n=median, range=(low, high))
        yield PlainAdvice(lang.text(words[plan.name]), MODEL, much)


def _does_help(plan: "PlanResult") -> bool:
    """Whether a plan surely lowers the main chance, by one of a thousand or more, and nothing warns of it."""
    found = next((risk.difference for risk in plan.risks if risk.site == _MAIN), None)
    return found is not None and found.high < 0 and -found.mean * _MANY >= 1 and not plan.warnings


def _difference(plan: "PlanResult") -> float:
    """What a plan does to the main chance."""
    return next(risk.difference.mean for risk in plan.risks if risk.site == _MAIN)


def _treatment_is_advised(assessment: "Assessment") -> bool:
    """Whether a rule for a bone medicine applies."""
    return any(said.rule in TREATMENT.rules for said in _near(assessment))


def _near(assessment: "Assessment") -> list[Advice]:
    """The rules that apply, without those of other countries."""
    return [said for said in assessment.advice if said.verdict is Truth.TRUE and said.place != "elsewhere"]


def _advised(assessment: "Assessment", words: Sequence[PlainRule], lang: Language) -> Iterator[PlainAdvice]:
    """Plain sentences for the rules that apply, with the first rule as their source."""
    applies = [said for said in _near(assessment) if said.stance != "measured already"]
    for plain in words:
        rule = next((said for said in applies if said.rule in plain.rules), None)
        if rule is not None:
            yield PlainAdvice(lang.text(plain.words), f"{rule.citation}, {rule.section}")
