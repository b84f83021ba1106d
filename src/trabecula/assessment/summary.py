"""Sentences about a person that more than one page needs."""

from collections import Counter
from datetime import date

from trabecula.assessment.results import Gap
from trabecula.evidence import Evidence
from trabecula.fracture import Exposure
from trabecula.person import Disability, Person, SteroidCourse
from trabecula.person.dates import read_date
from trabecula.person.record import dates_of
from trabecula.timeline.disability import LastExamined
from trabecula.units import MG_PER_G, days_since_birth, years

TOO_HIGH = (
    "Several strong risk factors meet in this person. No register follows people like this, and in the registers of MS "
    "the model's chances come out too high: read them as 'clearly raised', not as numbers."
)
_USUAL_FALLS = "The usual rate for this disability, age and sex; no falls are recorded."
OLD_FALLS = "The usual rate for this disability, age and sex; the recorded falls are more than a year old."
LONG_AGO = "last examined years ago"
COURSES = {
    "clinically_isolated": "clinically isolated syndrome",
    "relapsing": "relapsing MS",
    "secondary_progressive": "secondary progressive MS",
    "primary_progressive": "primary progressive MS",
}


def person_line(person: Person, on: date, edss: float | None, seen: LastExamined) -> str:
    """Who it is, in one line without anything that names the person.

    edss: today's; seen: when it was examined. One that nobody has examined is a guess, and not told as theirs.
    """
    who = "Woman" if person.sex == "female" else "Man"
    parts = [f"{who} of {int(years(days_since_birth(on, person.birth_date)))}"]
    if person.ms is not None:
        parts.append(COURSES.get(person.ms.course or "", "MS"))
        parts.append("EDSS unknown" if edss is None or seen == "never" else f"EDSS {edss:.1f}")
        parts += [LONG_AGO] if seen == "long ago" else []
    courses = past_courses(person, on)
    if courses:
        parts.append(f"{len(courses)} steroid course{'s' if len(courses) > 1 else ''}")
    scans = sum(each.is_used and each.date <= on for each in person.dxa)
    parts.append(f"{scans} bone scan{'s' if scans != 1 else ''}" if scans else "no bone scan")
    return ", ".join(parts)


def past_courses(person: Person, on: date) -> list[SteroidCourse]:
    """The steroid courses that began up to a day."""
    return [each for each in person.steroids if each.start <= on]


def steroid_sentence(person: Person, on: date, evidence: Evidence) -> str:
    """All glucocorticoids so far: how many courses, how much, since when."""
    courses = past_courses(person, on)
    if not courses:
        return "No steroid course is recorded."
    totals: Counter[str] = Counter()
    for course in courses:
        totals.update(course.total_mg(on, evidence))
    amounts = " and ".join(f"{_amount(mg)} of {drug}" for drug, mg in totals.most_common())
    count = f"{len(courses)} course{'s' if len(courses) > 1 else ''}"
    return f"{count} since {min(each.start for each in courses).year}: {amounts} in all."


def _amount(mg: float) -> str:
    """A dose as a clinic writes it: milligrams, or grams from one gram on."""
    return f"{mg:.3g} mg" if mg < MG_PER_G else f"{mg / MG_PER_G:.3g} g"


def edss_basis(person: Person, on: date) -> str:
    """Where the EDSS comes from."""
    if person.ms is None:
        return "No MS is recorded."
    visits = [each for each in person.ms.disability if each.date <= on]
    if not visits:
        return "No examination is recorded: the usual course since onset."
    last = max(visits, key=lambda each: each.date)
    return f"{_measure(last)} of {read_date(last.date).written}, carried on to the day of assessment."


def _measure(visit: Disability) -> str:
    """What was recorded of a disability."""
    if visit.walking_distance_m is not None:
        return "Walking"
    return "EDSS" if visit.edss is not None else "PDDS" if visit.pdds is not None else "Walking aid"


def falls_basis(person: Person, exposure: Exposure) -> str:
    """What the fall rate rests on."""
    if exposure.falls is not None:
        return "The recorded falls and the usual rate for this disability, age and sex."
    return OLD_FALLS if person.falls else _USUAL_FALLS


_AVERAGE = "the population's average"
_ASKED = ("smoking", "parental_hip_fracture", "rheumatoid_arthritis")


def missing_for_fracture(person: Person, exposure: Exposure) -> list[Gap]:
    """Gaps that bear on fractures alone."""
    unknown = [name.replace("_", " ") for name in _ASKED if getattr(person, name) is None]
    gaps = (
        (
            person.country is None,
            "country",
            f"fracture and death rates of the {exposure.country}",
            "fracture rates differ up to threefold between countries",
        ),
        (
            exposure.falls is None,
            "falls in the last year",
            "the usual number for this disability",
            "past falls predict the next best; one question narrows the rate",
        ),
        (
            not person.fractures and not person.no_fractures,
            "earlier fractures",
            _AVERAGE,
            "a recent fracture about doubles the risk",
        ),
        (
            exposure.bmi is None,
            "height and weight",
            _AVERAGE,
            "a low weight raises the risk of a hip fracture",
        ),
        (bool(unknown), ", ".join(unknown), _AVERAGE, "each would move the risk by a tenth to a half"),
    )
    return [Gap(what=what, assumed=assumed, cost=cost) for absent, what, assumed, cost in gaps if absent]


def rough_entries(person: Person) -> list[Gap]:
    """Dates known to the month or year, and steroid courses without all their details."""
    rough = sum(when.precision != "day" for _, when in dates_of(person))
    days = (
        "the exact day of",
        rough,
        "the middle of the month or year",
        "little, except for a recent steroid course",
    )
    details = Counter(str(gap) for course in person.steroids for gap in course.assumptions)
    courses = [("details of", n, text, _DETAIL_COST) for text, n in details.items()]
    entries = [days, *courses] if rough else courses
    return [
        Gap(what=f"{what} {n} {'entry' if n == 1 else 'entries'}", assumed=assumed, cost=cost)
        for what, n, assumed, cost in entries
    ]


_DETAIL_COST = "little for a pulse; the dose of tablets taken for long may be far from the true one"
_NOT_USED = {
    "secondary_osteoporosis": "another cause of osteoporosis",
    "heart_attack": "heart attack",
    "skeletal_radiation": "radiation of bones",
    "height_loss_cm": "lost height",
}


def _unused(person: Person) -> list[str]:
    """What the record says and the answer does not use yet: nothing is ignored in silence."""
    recorded = [name for field, name in _NOT_USED.items() if getattr(person, field)]
    recorded += ["a scan of the forearm"] if not all(each.is_used for each in person.dxa) else []
    return [f"Recorded, but not used in this answer yet: {', '.join(recorded)}."] if recorded else []


def notes(person: Person) -> list[str]:
    """What to know when reading the numbers: what the model is not yet, and where it is known to be wrong."""
    said = [
        "The skeleton's parameters are drawn from what published trials leave possible; many are hardly held by them.",
        "Calcium and vitamin D move bone density a little, by about one per cent at most. Smoking and alcohol are read "
        "but do not move it.",
    ]
    if person.ms is not None:
        said.append(
            "No multiplier for MS is used: what exceeds the average comes from disability, falls and medicines. "
            "Together they may come out too high for people who need an aid to walk."
        )
    if person.steroids:
        said.append(
            "That bone recovers after a short steroid course is in the model, but how much rests on an assumption. "
            "Known to be wrong: people who have taken steroids daily for years lose less than the model says, so that "
            "long forecasts on daily steroids are too pessimistic."
        )
    if any(each.generic == "denosumab" for each in person.medicines):
        said.append(
            "Known to be wrong: after denosumab is stopped, resorption overshoots less than in trials."
        )
    return said + _unused(person)
