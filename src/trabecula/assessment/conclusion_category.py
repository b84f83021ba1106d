"""The category of a conclusion: what the guideline of the person's own country says, and the lowest measured score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trabecula.guidelines import Advice, Facts, Truth
from trabecula.guidelines.reasons import word
from trabecula.vocabulary import site_name
from trabecula.words.message import Message, Value, verbatim

_OWN: Mapping[str, tuple[str, ...]] = {
    "UK": ("nogg_2024", "nice_ta464"),
    "US": ("acr_2022", "bhof_2022"),
    "DE": ("dvo_2023",),
    "AT": ("dvo_2023",),
    "CH": ("dvo_2023",),
    "CA": ("canada_2023",),
}
"""The guidelines on medicines of a country, the first one first; elsewhere the European one."""
_ELSEWHERE = ("european",)
_MEDICINE = "medicine"
_STANCES = {
    "for, see a specialist": "very_high",
    "for, osteoanabolic first": "very_high",
    "for": "treat",
    "suggested": "consider",
    "can be considered": "consider",
    "against": "low",
}
"""What a stance on medicines is called here."""
_STRONGEST = ("very_high", "treat", "consider", "low")
_SITES = ("lumbar_spine", "femoral_neck", "total_hip")
_OLDER_Y = 50.0
"""The age from which on a man's density is told by its T-score (ISCD)."""
_LOW_Z, _OSTEOPOROSIS, _NORMAL = -2.0, -2.5, -1.0
"""Below the range expected for age up to this Z-score; osteoporosis up to this T-score; normal from this one on."""


@dataclass(frozen=True)
class Classed:
    """A category: one word, and a sentence."""

    key: str
    message: Message


def category(facts: Facts, advice: Sequence[Advice], country: str) -> Classed:
    """What the guidelines of a country say of a bone medicine, and the class of the lowest measured score."""
    key, verdict = _verdict(facts, advice, country)
    values = {"verdict": verdict, "score": score(facts)}
    return Classed(key, Message("conclusion.category" if verdict else "conclusion.category_by_score", values))


def _verdict(facts: Facts, advice: Sequence[Advice], country: str) -> tuple[str, Message | None]:
    """The verdict of the first guideline that has one; else that it waits for a datum; else that no rule applies."""
    own = _OWN.get(country, _ELSEWHERE)
    of_own = {name: [said for said in advice if said.guideline == name and said.topic == _MEDICINE] for name in own}
    for name, rules in of_own.items():
        keys = {_STANCES[said.stance] for said in rules if said.verdict is Truth.TRUE and said.stance in _STANCES}
        if keys:
            return _named(next(key for key in _STRONGEST if key in keys), name, facts)
    for name, rules in of_own.items():
        waits = [said for said in rules if said.verdict is Truth.UNKNOWN and said.scope is Truth.TRUE and said.missing]
        if waits:
            return "open", _says("open", name, what=waits[0].missing[0].what)
    return ("elsewhere", None) if _anybody_treats(advice) else ("none", Message("conclusion.verdict.none"))


def _named(key: str, guideline: str, facts: Facts) -> tuple[str, Message]:
    """A category by its guideline; where a bone medicine is taken already, that it is."""
    drug = facts.bone_drug
    if key != "low" and drug is not None and drug != "none":
        return "treated", _says("treated", guideline, drug=word(drug))
    return key, _says(key, guideline)


def _says(key: str, guideline: str, **values: Value) -> Message:
    """What a guideline says, under its short name."""
    return Message(f"conclusion.verdict.{key}", {"guideline": _short(guideline), **values})


def _short(guideline: str) -> Message:
    """A guideline as clinicians call it: NOGG 2024."""
    return verbatim(guideline.replace("_", " ").upper()) if guideline[-1].isdigit() else Message(f"short.{guideline}")


def _anybody_treats(advice: Sequence[Advice]) -> bool:
    """Whether a rule of any guideline speaks for a medicine."""
    held = (said for said in advice if said.verdict is Truth.TRUE and said.topic == _MEDICINE)
    return any(_STANCES.get(said.stance) != "low" for said in held)


def score(facts: Facts) -> Message:
    """The class of the lowest measured score: the T-score after menopause and in men from 50, else the Z-score."""
    by_t = facts.postmenopausal or (facts.sex == "male" and (facts.age_y or 0.0) >= _OLDER_Y)
    kind = "t" if by_t else "z"
    scores = {site: getattr(facts, f"{kind}_score_{site}") for site in _SITES}
    known = {site: value for site, value in scores.items() if value is not None}
    if not known:
        return Message("conclusion.score.none")
    lowest = min(known, key=lambda site: known[site])
    name = _t_class(known[lowest]) if by_t else "z_low" if known[lowest] <= _LOW_Z else "z_within"
    return Message(f"conclusion.score.{name}", {"score": known[lowest], "site": site_name(lowest)})


def _t_class(t_score: float) -> str:
    """The class of the World Health Organization."""
    return "t_osteoporosis" if t_score <= _OSTEOPOROSIS else "t_low" if t_score < _NORMAL else "t_normal"
