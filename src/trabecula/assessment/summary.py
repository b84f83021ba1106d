"""What is said about a person beside the numbers: who it is, what is missing, what to know when reading the answer."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from trabecula.assessment.hormone_facts import affirms_gender
from trabecula.assessment.results import Gap
from trabecula.evidence import Evidence
from trabecula.fracture import Exposure
from trabecula.person import Disability, Fracture, Person, SteroidCourse
from trabecula.person.dates import read_date
from trabecula.person.record import dates_of
from trabecula.timeline import Assumption
from trabecula.timeline.disability import LastExamined
from trabecula.timeline.gaps import gap
from trabecula.units import MG_PER_G, age_on
from trabecula.vocabulary import BONE_DRUGS, RISK_FACTORS, country_name, drug_name, site_name
from trabecula.words.message import Message, Value

TOO_HIGH = Message("note.too_high")
"""That many strong risk factors meet, for which no register says how to read the chances."""


_SEXES = {"female": "woman", "male": "man"}


def person_line(person: Person, on: date, edss: float | None, seen: LastExamined) -> Message:
    """Who it is, in one line without anything that names the person.

    edss: today's; seen: when it was examined. One that nobody has examined is a guess, and not told as theirs.
    """
    age_y = int(age_on(on, person.birth_date))
    sexes = {"female": "recorded_woman", "male": "recorded_man"} if affirms_gender(person) else _SEXES
    parts = [_who(sexes[person.sex], age=age_y), *_broken(person, on)]
    if person.ms is not None:
        parts.append(_who(f"ms.{person.ms.course}" if person.ms.course else "ms"))
        parts.append(_who("edss_unknown") if edss is None or seen == "never" else _who("edss", edss=edss))
        parts += [_who("examined_long_ago")] if seen == "long ago" else []
    if courses := past_courses(person, on):
        parts.append(_who("steroid_courses", n=len(courses)))
    return _who("line", parts=[*parts, _scanned(person, on)])


def _scanned(person: Person, on: date) -> Message:
    """The scans up to a day, several sites of a day being one; a forearm alone is a scan too, and has its T-score."""
    done = [scan for scan in person.dxa if scan.date <= on]
    if visits := {scan.date for scan in done if scan.is_used}:
        return _who("bone_scans", n=len(visits))
    if not done:
        return _who("no_bone_scan")
    t = max(done, key=lambda scan: scan.date).t_score
    return _who("forearm_scan") if t is None else _who("forearm_scan.t_score", t=t)


def _broken(person: Person, on: date) -> list[Message]:
    """The fractures up to a day, the latest first: nothing says more about what comes."""
    past = [
        (fracture.when, fracture) for fracture in person.fractures if not fracture.when or fracture.when.first <= on
    ]
    if not past:
        return []
    past.sort(key=lambda found: found[0].first if found[0] else date.min, reverse=True)
    told = [_fracture(fracture, None if when is None else when.year) for when, fracture in past]
    return [_who("fractures", n=len(told), fractures=told)]


def _fracture(fracture: Fracture, year: int | None) -> Message:
    """A broken bone with its year; what an accident broke is marked."""
    force = "high" if fracture.trauma == "high" else "low"
    site = site_name(fracture.site)
    return (
        _who(f"fracture.{force}", site=site) if year is None else _who(f"fracture.{force}.year", site=site, year=year)
    )


def _who(name: str, **values: Value) -> Message:
    """A part of the line about a person."""
    return Message(f"who.{name}", values)


def past_courses(person: Person, on: date) -> list[SteroidCourse]:
    """The steroid courses that began up to a day."""
    return [course for course in person.steroids if course.start <= on]


def steroids_so_far(person: Person, on: date, evidence: Evidence) -> Message:
    """All glucocorticoids so far: how many courses, how much of each drug, since when."""
    courses = past_courses(person, on)
    if not courses:
        return Message("basis.never_steroids" if person.no_steroids else "basis.no_steroids")
    totals: Counter[str] = Counter()
    for course in courses:
        totals.update(course.total_mg(on, evidence))
    amounts = [_amount(mg, drug) for drug, mg in totals.most_common()]
    first = min(course.start for course in courses)
    return Message("basis.steroids", {"n": len(courses), "year": first.year, "amounts": amounts})


def _amount(mg: float, drug: str) -> Message:
    """A dose as a clinic writes it: milligrams, or grams from one gram on."""
    name = drug_name(drug)
    if mg < MG_PER_G:
        return Message("basis.milligrams", {"mg": mg, "drug": name})
    return Message("basis.grams", {"grams": mg / MG_PER_G, "drug": name})


def edss_basis(person: Person, on: date) -> Message:
    """Where the EDSS comes from."""
    if person.ms is None:
        return Message("basis.no_ms")
    visits = [visit for visit in person.ms.examinations if visit.date <= on]
    if not visits:
        return Message("basis.no_examination")
    last = visits[-1]
    when = read_date(last.date)
    values = {"what": Message(f"basis.{_measure(last)}"), "day": when, "year": when.year}
    return Message(f"basis.examination.{when.precision}", values)


def _measure(visit: Disability) -> str:
    """What was recorded of a disability."""
    if visit.walking_distance_m is not None:
        return "walking"
    return "edss" if visit.edss is not None else "pdds" if visit.pdds is not None else "walking_aid"


def falls_basis(person: Person, exposure: Exposure) -> Message:
    """What the fall rate rests on."""
    if exposure.falls is not None:
        return Message("basis.falls.recorded")
    return Message("basis.falls.old" if person.falls else "basis.falls.usual")


def gaps_of(assumptions: Sequence[Assumption]) -> list[Gap]:
    """What is missing, as the answer has it."""
    return [Gap(what=missing.what, assumed=missing.assumed, cost=missing.cost) for missing in assumptions]


def missing_for_fracture(person: Person, exposure: Exposure) -> list[Assumption]:
    """Gaps that bear on fractures alone; risk factors that are left open are told of together."""
    asked = [factor for factor in RISK_FACTORS.values() if factor.asked]
    unknown = [factor.name for factor in asked if getattr(person, factor.key) is None]
    gaps = (
        (person.country is None, gap("country", country=country_name(exposure.country))),
        (exposure.stands_in_for is not None, _stand_in(exposure)),
        (exposure.falls is None, gap("falls")),
        (not person.fractures and not person.no_fractures, gap("fractures")),
        (exposure.bmi is None, gap("body")),
        (bool(unknown), gap("risk_factors", factors=unknown)),
    )
    return [missing for absent, missing in gaps if absent]


def _stand_in(exposure: Exposure) -> Assumption:
    """That there are no rates of the person's country, and whose stand in."""
    own = country_name(exposure.stands_in_for or exposure.country)
    return gap("stand_in", person=own, country=country_name(exposure.country))


def rough_entries(person: Person) -> list[Assumption]:
    """Dates known to the month or year, and steroid courses without all their details."""
    rough = sum(when.precision != "day" for _, when in dates_of(person))
    details = Counter(assumed for course in person.steroids for assumed in course.assumptions)
    courses = [
        Assumption(Message("gap.details", {"n": n}), assumed, Message("gap.details.cost"))
        for assumed, n in details.items()
    ]
    return [gap("exact_day", n=rough), *courses] if rough else courses


def _unused(person: Person) -> list[Message]:
    """What the record says and the answer does not use yet: nothing is ignored in silence."""
    idle = [factor for factor in RISK_FACTORS.values() if factor.is_field and not (factor.effects or factor.falls)]
    recorded = [factor.name for factor in idle if getattr(person, factor.key)]
    recorded += [Message("note.unused.height_loss_cm")] if person.height_loss_cm else []
    recorded += [] if all(scan.is_used for scan in person.dxa) else [Message("note.unused.forearm_scan")]
    recorded += [Message("note.unused.tbs")] if any(scan.tbs for scan in person.dxa) else []
    recorded += [Message("note.unused.testes")] if person.sex == "male" and person.gonads_removed else []
    return [Message("note.unused", {"what": recorded})] if recorded else []


def notes(person: Person) -> list[Message]:
    """What to know when reading the numbers: what the model is not yet, and where it is known to be wrong."""
    told = (
        ("draws", True),
        ("nutrition", True),
        ("no_multiplier_for_ms", person.ms is not None),
        ("steroid_recovery", bool(person.steroids)),
        ("gender_affirming", affirms_gender(person)),
    )
    taken = {medicine.generic for medicine in person.medicines}
    errors = [drug.error for key, drug in BONE_DRUGS.items() if key in taken and drug.error is not None]
    return [*(Message(f"note.{name}") for name, holds in told if holds), *errors, *_unused(person)]
