"""Guidelines side by side: every rule gives its own advice; nothing is merged, weighed or hidden."""

from collections.abc import Iterable, Iterator, Sequence

from trabecula.guidelines.conditions import Condition, Value, deciding
from trabecula.guidelines.facts import Facts
from trabecula.guidelines.logic import Truth, all_of
from trabecula.guidelines.missing import missing, whole
from trabecula.guidelines.reading import shipped
from trabecula.guidelines.records import Advice, ExceptionAdvice, Guideline, Reason, Rule, Unless
from trabecula.guidelines.values import values_of
from trabecula.guidelines.words import reason


class UnknownGuideline(ValueError):
    """A guideline that is not there."""


def advise(facts: Facts, guidelines: Sequence[str] | None = None) -> tuple[Advice, ...]:
    """What every rule says of these facts.

    guidelines: ids of the guidelines to ask; all that are shipped when not given. Raises UnknownGuideline.
    """
    return tuple(advice for each in chosen(guidelines) for advice in advise_by(facts, each))


def chosen(names: Sequence[str] | None) -> tuple[Guideline, ...]:
    """The shipped guidelines with these ids, in the shipped order; all when no name is given."""
    known = {each.id: each for each in shipped()}
    for name in names or ():
        if name not in known:
            raise UnknownGuideline(f'no guideline is called "{name}"; known are {", ".join(known)}')
    return tuple(each for each in shipped() if not names or each.id in names)


def advise_by(facts: Facts, guideline: Guideline) -> Iterator[Advice]:
    """The advice of one guideline, rule by rule."""
    values = values_of(facts, guideline)
    for rule in guideline.rules:
        yield _advice(rule, facts, guideline, values)


def _advice(rule: Rule, facts: Facts, guideline: Guideline, values: dict[str, Value]) -> Advice:
    """One rule read for one person."""
    scope, literal = rule.scope.truth(values), rule.when.truth(values)
    exceptions = tuple(_exception(each, rule, facts, guideline, values) for each in rule.unless)
    holds = [
        unless for unless, each in zip(rule.unless, exceptions, strict=True) if each.verdict is Truth.TRUE
    ]
    return Advice(
        guideline=guideline.id,
        title=f"{guideline.name} ({guideline.version})",
        country=guideline.country,
        rule=rule.id,
        verdict=all_of((scope, literal)),
        scope=scope,
        literal=literal,
        population=rule.population,
        condition=rule.condition,
        recommendation=holds[0].instead if holds else rule.recommendation,
        strength=rule.strength,
        section=rule.section,
        citation=rule.citation,
        status=rule.status,
        note=rule.note,
        beside=rule.beside,
        topic=rule.topic,
        stance=(holds[0].stance if holds else "") or rule.stance,
        because=_because(_asked(rule, scope, literal), rule, facts, values),
        missing=missing(whole(rule.scope, rule.when), facts, guideline),
        exceptions=exceptions,
    )


def _asked(rule: Rule, scope: Truth, literal: Truth) -> tuple[Condition, ...]:
    """The conditions that explain a verdict; a literal trigger outside the population explains both sides."""
    if scope is Truth.FALSE and literal is Truth.TRUE:
        return rule.scope, rule.when
    return (whole(rule.scope, rule.when),)


def _exception(
    each: Unless, rule: Rule, facts: Facts, guideline: Guideline, values: dict[str, Value]
) -> ExceptionAdvice:
    """One exception read for one person."""
    return ExceptionAdvice(
        name=each.name,
        verdict=each.when.truth(values),
        condition=each.condition,
        instead=each.instead,
        because=_because((each.when,), rule, facts, values),
        missing=missing(each.when, facts, guideline),
    )


def _because(
    conditions: Iterable[Condition], rule: Rule, facts: Facts, values: dict[str, Value]
) -> tuple[Reason, ...]:
    """The facts on which a verdict rests, each once."""
    found = (
        reason(leaf, negated, values, facts, rule)
        for condition in conditions
        for leaf, negated in deciding(condition, values)
    )
    return tuple(dict.fromkeys(found))


def to_show(advice: Sequence[Advice]) -> list[Advice]:
    """What is shown to a person: rules that apply or are open, and literal triggers beside the rule on their reach."""
    applies = {each.rule for each in advice if each.verdict is Truth.TRUE}
    return [
        each
        for each in advice
        if each.verdict is not Truth.FALSE or (each.outside and each.beside in applies)
    ]


def verdicts(facts: Facts, guideline: Guideline) -> dict[str, tuple[Truth, Truth, Truth]]:
    """By rule: verdict, scope, literal; and by `rule/exception` its truth three times. Fast: no words are made."""
    values = values_of(facts, guideline)
    found = {}
    for rule in guideline.rules:
        scope, literal = rule.scope.truth(values), rule.when.truth(values)
        found[rule.id] = (all_of((scope, literal)), scope, literal)
        for each in rule.unless:
            truth = each.when.truth(values)
            found[f"{rule.id}/{each.name}"] = (truth, truth, truth)
    return found
