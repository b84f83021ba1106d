"""The answer of one guideline in a word: how high the risk is, and whether a bone medicine is for this person."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.facts import ClosedRecord
from trabecula.guidelines.records import DRUGS, LEVELS, Advice, Drug, Level, Missing
from trabecula.words.message import Message


class GuidelineCategory(ClosedRecord):
    """What a guideline says of a person, for a program to read; the advice has the words and the reasons."""

    guideline: str
    """Id of the guideline."""
    title: Message
    """Name and version of the guideline."""
    rule: str | None
    """The rule that decides; None while all are open."""
    level: Level | None
    """How high the risk is; None where the guideline has no such word, or the rule is open."""
    drug: Drug | None
    """Whether a bone medicine is advised; None where no rule applies yet."""
    recommendation: Message | None
    """What the deciding rule recommends (paraphrase)."""
    missing: tuple[Missing, ...]
    """What rules wait for that could lead further."""


def category(advice: Sequence[Advice]) -> GuidelineCategory | None:
    """The answer of the first guideline that this person belongs to, in the order of the advice.

    advice: of all rules, as `advise` gives it, so that the guidelines of the person's own country come first; those of
    other countries are not asked. None where no guideline with such an answer was written for this person.
    """
    return next(categories(advice), None)


def categories(advice: Iterable[Advice]) -> Iterator[GuidelineCategory]:
    """The answer of each guideline that this person belongs to, in order."""
    deciding = (said for said in advice if (said.level or said.drug) and said.place != "elsewhere")
    for _, rules in groupby(deciding, key=lambda said: said.guideline):
        yield from _answer(list(rules))


def _answer(rules: Sequence[Advice]) -> Iterator[GuidelineCategory]:
    """The strongest of the rules that apply, and what open rules wait for; nothing when all are ruled out."""
    applies = [said for said in rules if said.verdict is Truth.TRUE]
    waits = [said for said in rules if said.verdict is Truth.UNKNOWN]
    if not applies and not waits:
        return
    first = max(applies, key=_strength, default=None)
    levels: list[Level] = [said.level for said in applies if said.level]
    level = max(levels, key=LEVELS.index, default=None)
    further = [said for said in waits if first is None or _strength(said) > _strength(first)]
    yield GuidelineCategory(
        guideline=rules[0].guideline,
        title=rules[0].title,
        rule=first.rule if first else None,
        level=level,
        drug=first.drug or None if first else None,
        recommendation=first.recommendation if first else None,
        missing=tuple({item.fact: item for said in further for item in said.missing}.values()),
    )


def _strength(said: Advice) -> tuple[int, int]:
    """How far a rule goes: the medicine first, then the risk."""
    return DRUGS.index(said.drug) if said.drug else -1, LEVELS.index(said.level) if said.level else -1
