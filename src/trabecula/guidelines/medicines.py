"""What stands against a bone medicine for a person: asked here by the plan, the advice, comparisons and every page.

    found = checks(facts, evidence)
    found["zoledronate"].refused      # why it must not be given, with what is on file and the source

What stands against a drug is in its row of the vocabulary: which sign, beyond which limit, by which finding. What each
sign is stands here. Nothing is proposed in one place that another refuses, because there is no other place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from trabecula.evidence import Evidence
from trabecula.guidelines.facts import ClosedRecord, Facts, MedicineUse, label
from trabecula.guidelines.kidney import clearance, low_clearance
from trabecula.guidelines.records import Advice, Objection
from trabecula.units import DAYS_PER_MONTH, MONTHS_PER_YEAR
from trabecula.vocabulary import BONE_DRUGS, CLASSES, BoneDrug, Contraindication
from trabecula.words.message import Message, verbatim

_A_MONTH = timedelta(days=31)
"""Whether a drug may be begun or go on is asked of the month ahead."""
Sign = Callable[["Situation", BoneDrug, Contraindication], Message | None]
"""What is on file that speaks against a drug by a rule of its row, if anything."""


@dataclass(frozen=True)
class Situation:
    """The facts on a day, and the bone medicines of a life: past, running and planned."""

    facts: Facts
    evidence: Evidence
    uses: tuple[MedicineUse, ...]
    until: date
    """The last day that is looked at; a course without an end goes on until then."""

    def limit(self, rule: Contraindication) -> float:
        """The number that decides a rule."""
        if rule.limit is None:
            raise ValueError(f"{rule.rule} has no limit")
        return self.evidence.scalar(rule.limit)

    def end_of(self, use: MedicineUse) -> date:
        """The last day of a course."""
        return use.end or self.until

    def courses(self, drug: str) -> list[MedicineUse]:
        """All courses of a medicine."""
        return [use for use in self.uses if use.drug == drug]

    def months_of(self, *drugs: str) -> float:
        """How long some medicines are taken in all [mo]; where no course is listed, as long as the facts say."""
        listed = sum((self.end_of(use) - use.start).days for drug in drugs for use in self.courses(drug))
        if self.facts.medicines is not None:
            return listed / DAYS_PER_MONTH
        names = {BONE_DRUGS[drug].years_fact for drug in drugs} - {None}
        before = max((getattr(self.facts, str(name)) or 0.0 for name in names), default=0.0)
        return listed / DAYS_PER_MONTH + before * MONTHS_PER_YEAR


# ---------------------------------------------------------------- signs that a row can name


def _below(at: Situation, rule: Contraindication, fact: str, sign: str, value: str) -> Message | None:
    """A blood test below the limit of a rule."""
    found, least = getattr(at.facts, fact), at.limit(rule)
    return Message(f"on_file.{sign}", {value: found, "least": least}) if found is not None and found < least else None


def _high_calcium(at: Situation, _drug: BoneDrug, rule: Contraindication) -> Message | None:
    """The latest calcium in blood is above the limit [mmol/L]."""
    calcium, most = at.facts.calcium_mmol_l, at.limit(rule)
    high = calcium is not None and calcium > most
    return Message("on_file.high_calcium", {"calcium": calcium, "most": most}) if high else None


def _heart_or_stroke(at: Situation, _drug: BoneDrug, _rule: Contraindication) -> Message | None:
    """A heart attack or a stroke at any time."""
    had = [Message(f"on_file.{name}") for name in ("stroke", "heart_attack") if getattr(at.facts, name)]
    if not had and at.facts.heart_attack_or_stroke_past_year:
        had = [label("heart_attack_or_stroke_past_year")]
    return Message("on_file.several", {"parts": had}) if had else None


def _recorded(present: bool | None, name: str) -> Message | None:
    """A sign that is simply so: radiation, a pregnancy that is planned or possible, periods, a man."""
    return Message(f"on_file.{name}") if present else None


def _before_menopause(at: Situation, _drug: BoneDrug, _rule: Contraindication) -> Message | None:
    """A woman who has periods."""
    return _recorded(at.facts.sex != "male" and at.facts.postmenopausal is False, "before_menopause")


def _longer(at: Situation, drug: BoneDrug, rule: Contraindication) -> Message | None:
    """More months in life than the label allows."""
    taken, most = at.months_of(drug.key), at.limit(rule)
    return Message("on_file.months", {"months": taken, "drug": drug.name}) if round(taken) > most else None


def _class_longer(at: Situation, drug: BoneDrug, rule: Contraindication) -> Message | None:
    """More months in life than the label allows, the other drugs of its class counted with it."""
    alike = [row.key for row in BONE_DRUGS.values() if row.drug_class == drug.drug_class]
    taken, kind = at.months_of(*alike), CLASSES[drug.drug_class].name
    return Message("on_file.months", {"months": taken, "drug": kind}) if round(taken) > at.limit(rule) else None


def _ends_alone(at: Situation, drug: BoneDrug, rule: Contraindication) -> Message | None:
    """Its last course ends within the time that is looked at, and nothing takes over in time."""
    last = max(at.courses(drug.key), key=at.end_of, default=None)
    if last is None or last.end is None or last.end >= at.until:
        return None
    grace_d = at.limit(rule) * DAYS_PER_MONTH
    for use in at.uses:
        follows = use.drug in BONE_DRUGS and BONE_DRUGS[use.drug].follows
        if follows and (use.start - last.end).days <= grace_d and at.end_of(use) > last.end:
            return None
    return Message("on_file.ends_alone", {"drug": drug.name, "day": last.end})


SIGNS: dict[str, Sign] = {
    "low_clearance": lambda at, _drug, rule: low_clearance(at.facts, at.limit(rule)),
    "low_egfr": lambda at, _drug, rule: _below(at, rule, "egfr_ml_min", "low_egfr", "egfr"),
    "low_calcium": lambda at, _drug, rule: _below(at, rule, "calcium_mmol_l", "low_calcium", "calcium"),
    "low_vitamin_d": lambda at, _drug, rule: _below(at, rule, "vitamin_d_nmol_l", "low_vitamin_d", "vitamin_d"),
    "high_calcium": _high_calcium,
    "heart_or_stroke": _heart_or_stroke,
    "radiation": lambda at, _drug, _rule: _recorded(at.facts.skeletal_radiation, "radiation"),
    "pregnancy": lambda at, _drug, _rule: _recorded(at.facts.pregnancy_possible, "pregnancy"),
    "before_menopause": _before_menopause,
    "longer": _longer,
    "class_longer": _class_longer,
    "ends_alone": _ends_alone,
    "man": lambda at, _drug, _rule: _recorded(at.facts.sex == "male", "man"),
}
"""In the order in which objections are told."""
_NEEDS: Mapping[str, str] = {
    "low_calcium": "calcium_mmol_l",
    "low_egfr": "egfr_ml_min",
    "low_clearance": "egfr_ml_min",
    "low_vitamin_d": "vitamin_d_nmol_l",
}
"""The blood test that a sign looks at: where it is missing the drug waits for it."""


def by_rule(at: Situation, against: Iterable[tuple[BoneDrug, Contraindication]]) -> Iterator[Objection]:
    """Each rule that holds, once, although several drugs may have it."""
    signs, told = [*SIGNS], set[str]()
    for drug, rule in sorted(against, key=lambda pair: signs.index(pair[1].sign)):
        found = None if rule.rule in told else SIGNS[rule.sign](at, drug, rule)
        if found is not None:
            told.add(rule.rule)
            source = verbatim(at.evidence.source(rule.finding).reference)
            yield Objection(rule=rule.rule, reason=rule.message, found=found, source=source)


# ---------------------------------------------------------------- all bone medicines of a person


class MedicineCheck(ClosedRecord):
    """What stands against one bone medicine for a person."""

    drug: str
    """Generic name."""
    name: Message
    refused: tuple[Objection, ...]
    """Contraindications and limits of the label that hold: it is not given."""
    cautions: tuple[Objection, ...]
    """Warnings of the label that hold."""
    specialist: bool
    """Whether one of the warnings leaves it to a specialist."""
    unknown: tuple[Message, ...]
    """What must be measured first."""

    @property
    def open(self) -> bool:
        """Whether a clinician may give it: nothing refuses it, and it needs no specialist by its label."""
        return not self.refused and not self.specialist


def checks(facts: Facts, evidence: Evidence) -> dict[str, MedicineCheck]:
    """Every bone medicine that the skeleton knows, in the order of the vocabulary."""
    return {drug.key: check(drug, facts, evidence) for drug in BONE_DRUGS.values() if drug.modelled}


def check(drug: BoneDrug, facts: Facts, evidence: Evidence) -> MedicineCheck:
    """One medicine, as if it were given in the month ahead."""
    at = _ahead(drug, facts, evidence)
    cautions = [rule for rule in drug.cautions if rule.sign != "ends_alone"]
    held = tuple(by_rule(at, ((drug, rule) for rule in cautions)))
    strict = {rule.rule for rule in cautions if rule.specialist}
    return MedicineCheck(
        drug=drug.key,
        name=drug.name,
        refused=tuple(by_rule(at, ((drug, rule) for rule in drug.contraindications))),
        cautions=held,
        specialist=any(objection.rule in strict for objection in held),
        unknown=tuple(_unknown(drug, facts)),
    )


def _ahead(drug: BoneDrug, facts: Facts, evidence: Evidence) -> Situation:
    """The facts with a month of the drug to come, in place of what is taken now."""
    on = facts.on or date.max - _A_MONTH
    listed = [use for use in facts.medicines or () if use.start <= on]
    runs = any(use.drug == drug.key and (use.end is None or use.end > on) for use in listed)
    switched = tuple(
        use if use.drug == drug.key else use.model_copy(update={"end": min(use.end or on, on)}) for use in listed
    )
    begun = MedicineUse(drug=drug.key, kind=drug.drug_class, start=on, end=on + _A_MONTH)
    return Situation(facts, evidence, switched if runs else (*switched, begun), on + _A_MONTH)


def _unknown(drug: BoneDrug, facts: Facts) -> Iterator[Message]:
    """The blood tests that decide and are not on file."""
    asked = dict.fromkeys(rule.sign for rule in (*drug.contraindications, *drug.cautions))
    needed = dict.fromkeys(_NEEDS[sign] for sign in asked if sign in _NEEDS)
    for name in needed:
        known = clearance(facts) if name == "egfr_ml_min" else getattr(facts, name)
        if known is None:
            yield label(name)


def what_stands(objections: Iterable[Objection]) -> list[Message]:
    """What is on file against some medicines: each thing once, though their limits differ."""
    found = {objection.found.id.removesuffix("_for_clearance"): objection.found for objection in [*objections][::-1]}
    return [*found.values()][::-1]


# ---------------------------------------------------------------- beside advice


_AGAINST = ("stop", "do not", "avoid")
"""How a recommendation begins that is against what it names."""


@cache
def _names() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a guideline may call bone medicines, and which they are."""
    rows = [drug for drug in BONE_DRUGS.values() if drug.modelled]
    found = {name: (drug.key,) for drug in rows for name in drug.names()}
    for key, row in CLASSES.items():
        drugs = tuple(drug.key for drug in rows if drug.drug_class == key)
        found |= {name: drugs for name in (key, row.label.lower()) if drugs}
    building = [
        drug.key for drug in rows if (kind := CLASSES[drug.drug_class]).needs_follow_on and not kind.antiresorptive
    ]
    return tuple({**found, "osteoanabolic": tuple(building)}.items())


def proposed(recommendation: Message, facts: Facts) -> tuple[str, ...]:
    """The bone medicines that a recommendation names in favour; "continue" is about what is taken."""
    text = (recommendation.source or "").lower()
    if text.startswith(_AGAINST):
        return ()
    found = [drug for name, drugs in _names() if name in text for drug in drugs]
    if "continu" in text and facts.on is not None:
        found += [use.drug for use in facts.medicines or () if use.start <= facts.on <= (use.end or facts.on)]
    return tuple(dict.fromkeys(drug for drug in found if drug in BONE_DRUGS))


def beside(advice: Iterable[Advice], found: Mapping[str, MedicineCheck]) -> tuple[Advice, ...]:
    """Advice with what stands against the medicines that it proposes."""
    return tuple(_with_objections(said, found) for said in advice)


def _with_objections(said: Advice, found: Mapping[str, MedicineCheck]) -> Advice:
    """One rule: the medicines that it names and that are refused, and why."""
    refused = [found[drug] for drug in said.proposes if drug in found and found[drug].refused]
    if not refused:
        return said
    why = what_stands(objection for check in refused for objection in check.refused)
    not_here = Message("advice.not_here", {"drugs": [check.name for check in refused], "why": why})
    left = tuple(drug for drug in said.proposes if drug not in {check.drug for check in refused})
    return said.model_copy(update={"not_here": not_here, "proposes": left})
