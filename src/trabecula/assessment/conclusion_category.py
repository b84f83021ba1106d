"""The category of a conclusion: what the guideline of the person's own country says, and the lowest measured score."""

from collections.abc import Sequence
from dataclasses import dataclass

from trabecula.guidelines import Advice, Facts, GuidelineCategory, shipped
from trabecula.guidelines.category import categories
from trabecula.guidelines.reasons import word
from trabecula.vocabulary import site_name
from trabecula.words.message import Message, Value, verbatim

_KEYS = {"specialist": "very_high", "treat": "treat", "consider": "consider", "none": "low"}
"""What a guideline's answer about a bone medicine is called here."""
_SCORES = ("frax_mof_percent", "frax_hip_percent", "mof_percent", "hip_percent", "dvo_3y_percent")
"""Risk scores, which decide most."""
_WHEN_BROKEN = "years_since"
"""How the names of facts begin that say how long ago a bone broke."""
_SITES = ("lumbar_spine", "femoral_neck", "total_hip")
_FOREARM = "radius"
"""The site that is told where neither spine nor hip was measured (ISCD: the 33 % radius)."""
_OLDER_Y = 50.0
"""The age from which on a man's density is told by its T-score (ISCD)."""
_LOW_Z, _OSTEOPOROSIS, _NORMAL = -2.0, -2.5, -1.0
"""Below the range expected for age up to this Z-score; osteoporosis up to this T-score; normal from this one on."""


@dataclass(frozen=True)
class Classed:
    """A category: one word, and a sentence."""

    key: str
    message: Message


def classed(facts: Facts, advice: Sequence[Advice]) -> Classed:
    """What the guidelines of the person's country say of a bone medicine, and the class of the lowest measured score.

    advice: of every rule, those of the person's own country first.
    """
    key, verdict = _verdict(facts, advice)
    return Classed(key, Message("conclusion.category", {"verdict": verdict, "score": score(facts)}))


def _verdict(facts: Facts, advice: Sequence[Advice]) -> tuple[str, Message]:
    """The first guideline that speaks for a medicine; else the first with any answer, which may wait for a datum."""
    found = [*categories(advice)]
    speaks = next((said for said in found if said.drug not in (None, "none")), None)
    first = speaks or next(iter(found), None)
    if first is None:
        return "none", Message("conclusion.verdict.none")
    waits = _waits_for(first, facts)
    if waits is not None and first.drug in (None, "none"):
        return "open", _says("open", first, what=waits)
    return _decided(first, facts)


def _waits_for(said: GuidelineCategory, facts: Facts) -> Message | None:
    """The datum that a guideline waits for: a risk score before all others; of no fracture nobody asks when it was."""
    none_broken = facts.fragility_fracture is False
    asked = [missing for missing in said.missing if not (none_broken and missing.fact.startswith(_WHEN_BROKEN))]
    return min(asked, key=lambda missing: missing.fact not in _SCORES).what if asked else None


def _decided(said: GuidelineCategory, facts: Facts) -> tuple[str, Message]:
    """A category by its guideline; where a bone medicine is taken already, that it is."""
    if said.drug is None:
        return "none", Message("conclusion.verdict.none")
    drug = facts.bone_drug
    if said.drug != "none" and drug is not None and drug != "none":
        return "treated", _says("treated", said, drug=word(drug))
    key = "very_high" if said.level == "very_high" else _KEYS[said.drug]
    return key, _says(key, said)


def _says(key: str, said: GuidelineCategory, **values: Value) -> Message:
    """What a guideline says, under its short name."""
    return Message(f"conclusion.verdict.{key}", {"guideline": short_name(said.guideline), **values})


def short_name(guideline: str) -> Message:
    """A guideline as clinicians call it: NOGG, ACR, IOF-ESCEO."""
    name = next(known.name for known in shipped() if known.id == guideline)
    return verbatim(name.split(",")[0].replace(" and ", "-"))


def score(facts: Facts) -> Message:
    """The class of the lowest measured score: the T-score after menopause and in men from 50, else the Z-score."""
    by_t = facts.postmenopausal or (facts.sex == "male" and (facts.age_y or 0.0) >= _OLDER_Y)
    kind = "t" if by_t else "z"
    scores = {site: getattr(facts, f"{kind}_score_{site}") for site in _SITES}
    known = {site: value for site, value in scores.items() if value is not None}
    forearm = getattr(facts, f"{kind}_score_{_FOREARM}")
    if not known and forearm is not None:
        known = {_FOREARM: forearm}
    if not known:
        return Message("conclusion.score.none")
    lowest = min(known, key=lambda site: known[site])
    name = _t_class(known[lowest]) if by_t else "z_low" if known[lowest] <= _LOW_Z else "z_within"
    return Message(f"conclusion.score.{name}", {"score": known[lowest], "site": site_name(lowest)})


def _t_class(t_score: float) -> str:
    """The class of the World Health Organization."""
    return "t_osteoporosis" if t_score <= _OSTEOPOROSIS else "t_low" if t_score < _NORMAL else "t_normal"
