"""Guidelines side by side: every rule gives its own advice; nothing is merged, weighed or hidden."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from trabecula.errors import TrabeculaError
from trabecula.guidelines.conditions import Condition, Truth, Values, all_of, deciding
from trabecula.guidelines.facts import Facts
from trabecula.guidelines.medicines import proposed
from trabecula.guidelines.order import order_for, place_of
from trabecula.guidelines.reading import shipped
from trabecula.guidelines.reasons import missing, reason, whole
from trabecula.guidelines.records import Advice, ExceptionAdvice, Guideline, Reason, Rule, Unless
from trabecula.guidelines.values import values_of
from trabecula.words.message import Message

SCAN_IS_RECENT_Y = 1.0
"""A scan this young is used before another is asked for; of this project, no guideline gives a shorter interval."""
MEASURED = Message("rule.measured_lately")

_SAFETY = ("labels", "bone_care")
"""Guidelines that say what to take care of: a medicine that they name is not proposed."""


class UnknownGuideline(TrabeculaError, ValueError):
    """A guideline that is not there."""


def advise(
    facts: Facts,
    guidelines: Sequence[str] | None = None,
    *,
    brief: Collection[str] | None = None,
    everything: bool = True,
) -> tuple[Advice, ...]:
    """What every rule says of these facts; the guidelines of the person's own country come first.

    guidelines: ids of the guidelines to ask; all that are shipped when not given. brief: only what a plan and a
    category follow from: of another country's rules these alone, no rule that is ruled out, and nothing of why but what
    those wait for that decide a category or are among these. everything: also why a rule does not apply that is never
    shown (`to_show`). Raises UnknownGuideline.
    """
    order = order_for(facts.country)
    asked = sorted(chosen(guidelines), key=lambda guideline: order.index(guideline.id))
    return tuple(advice for guideline in asked for advice in advise_by(facts, guideline, brief, everything=everything))


def chosen(names: Sequence[str] | None) -> tuple[Guideline, ...]:
    """The shipped guidelines with these ids, in the shipped order; all when no name is given."""
    known = {guideline.id: guideline for guideline in shipped()}
    for name in names or ():
        if name not in known:
            raise UnknownGuideline(f'no guideline is called "{name}"; known are {", ".join(known)}')
    return tuple(guideline for guideline in known.values() if not names or guideline.id in names)


def advise_by(
    facts: Facts, guideline: Guideline, brief: Collection[str] | None = None, *, everything: bool = True
) -> Iterator[Advice]:
    """The advice of one guideline, rule by rule."""
    elsewhere = brief is not None and place_of(guideline.id, facts.country) == "elsewhere"
    rules = [rule for rule in guideline.rules if not elsewhere or rule.id in (brief or ())]
    values = values_of(facts, guideline) if rules else {}
    for rule in rules:
        if brief is None or Truth.FALSE not in (rule.scope.truth(values), rule.when.truth(values)):
            yield _advice(rule, facts, guideline, values, brief, everything=everything)


def _advice(
    rule: Rule, facts: Facts, guideline: Guideline, values: Values, brief: Collection[str] | None, *, everything: bool
) -> Advice:
    """One rule read for one person."""
    place = place_of(guideline.id, facts.country)
    scope, literal = rule.scope.truth(values), rule.when.truth(values)
    verdict = all_of((scope, literal))
    why = brief is None and (everything or verdict is not Truth.FALSE or literal is Truth.TRUE)
    waits = why or rule.id in (brief or ()) or ((rule.level or rule.drug) and place != "elsewhere")
    exceptions = tuple(_exception(unless, rule, facts, guideline, values) for unless in rule.unless if why)
    holds = [unless for unless in rule.unless if unless.when.truth(values) is Truth.TRUE]
    recommendation, stance = _recommended(rule, holds, values)
    return Advice(
        guideline=guideline.id,
        title=guideline.title,
        country=guideline.country,
        rule=rule.id,
        verdict=verdict,
        scope=scope,
        literal=literal,
        population=rule.population,
        condition=rule.condition,
        recommendation=recommendation,
        strength=rule.strength,
        section=rule.section,
        citation=rule.citation,
        status=rule.status,
        note=rule.note,
        beside=rule.beside,
        topic=rule.topic,
        stance=stance,
        level=rule.level,
        drug=rule.drug,
        place=place,
        because=_because(_asked(rule, scope, literal), rule, facts, values) if why else (),
        missing=missing(whole(rule.scope, rule.when), facts, guideline, values, answers=why) if waits else (),
        exceptions=exceptions,
        proposes=proposed(recommendation, facts) if guideline.id not in _SAFETY and stance != "against" else (),
    )


def _recommended(rule: Rule, holds: Sequence[Unless], values: Values) -> tuple[Message, str]:
    """What is recommended, and the stance: of the first exception that holds, or of a scan that is there already."""
    told = holds[0].instead if holds else rule.recommendation
    stance = (holds[0].stance if holds else "") or rule.stance
    since = values.get("years_since_dxa")
    asks = rule.topic == "density" and stance.startswith("measure") and stance != "measured already"
    if asks and isinstance(since, float) and since <= SCAN_IS_RECENT_Y:
        return MEASURED, "measured already"
    return told, stance


def _asked(rule: Rule, scope: Truth, literal: Truth) -> tuple[Condition, ...]:
    """The conditions that explain a verdict; a literal trigger outside the population explains both sides."""
    if scope is Truth.FALSE and literal is Truth.TRUE:
        return rule.scope, rule.when
    return (whole(rule.scope, rule.when),)


def _exception(unless: Unless, rule: Rule, facts: Facts, guideline: Guideline, values: Values) -> ExceptionAdvice:
    """One exception read for one person."""
    return ExceptionAdvice(
        name=unless.name,
        verdict=unless.when.truth(values),
        condition=unless.condition,
        instead=unless.instead,
        because=_because((unless.when,), rule, facts, values),
        missing=missing(unless.when, facts, guideline, values),
    )


def _because(conditions: Iterable[Condition], rule: Rule, facts: Facts, values: Values) -> tuple[Reason, ...]:
    """The facts on which a verdict rests, each once."""
    found = (
        reason(leaf, negated, values, facts, rule)
        for condition in conditions
        for leaf, negated in deciding(condition, values)
    )
    return tuple(dict.fromkeys(found))


def to_show(advice: Sequence[Advice]) -> list[Advice]:
    """What is shown to a person: rules that apply or are open, and literal triggers beside the rule on their reach."""
    applies = {said.rule for said in advice if said.verdict is Truth.TRUE}
    return [said for said in advice if said.verdict is not Truth.FALSE or (said.outside and said.beside in applies)]


def verdicts(facts: Facts, guideline: Guideline) -> dict[str, tuple[Truth, Truth, Truth]]:
    """By rule: verdict, scope, literal; and by `rule/exception` its truth three times. Fast: no words are made."""
    values = values_of(facts, guideline)
    found = {}
    for rule in guideline.rules:
        scope, literal = rule.scope.truth(values), rule.when.truth(values)
        found[rule.id] = (all_of((scope, literal)), scope, literal)
        for unless in rule.unless:
            truth = unless.when.truth(values)
            found[f"{rule.id}/{unless.name}"] = (truth, truth, truth)
    return found
