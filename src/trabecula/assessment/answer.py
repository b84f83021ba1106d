"""From a person to an assessment: build the timeline, run the course, and say what came out with intervals."""

from datetime import date

import numpy as np

from trabecula import chance, course
from trabecula.assessment import results, summary
from trabecula.assessment.conclusion import conclude
from trabecula.assessment.facts import facts
from trabecula.assessment.figures import INTERVAL, Interval, interval, intervals, rounded
from trabecula.assessment.measured import above_measured
from trabecula.assessment.patient_state import Days, PatientState, prepare, risk_edges
from trabecula.assessment.results import Assessment
from trabecula.assessment.scans import by_plan, conditioning_notes, next_measurement, scan_checks, scans_for_rules
from trabecula.course import Bones
from trabecula.evidence import Draws, Evidence
from trabecula.evidence.registry import DRAWS
from trabecula.fracture import GROUPS, LIFETIME, Exposure, Hazards, Risks
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.guidelines import Facts, advise, to_show
from trabecula.guidelines.medicines import beside, checks
from trabecula.guidelines.plan import dated_plan, waited_for
from trabecula.model import Model
from trabecula.person import Person, questions
from trabecula.skeleton import SITES
from trabecula.skeleton.density import t_score, z_score
from trabecula.skeleton.markers import NAMES as MARKERS
from trabecula.timeline import Timeline
from trabecula.timeline.disability import examined
from trabecula.units import PER_CENT, Array, date_at, days_since_birth, years
from trabecula.words.message import Message, verbatim

HORIZONS_Y = (1.0, 2.0, 5.0, 10.0)
_BEYOND_REGISTERS = 5.0  # no register of MS prints more than this many times the average


def assess(
    person: Person, on: date, model: Model, draws: int = DRAWS, seed: int = 1, horizon_y: float = 10.0
) -> Assessment:
    """Assess one person on a day.

    person: the record; on: the day of assessment, nothing later is known; model: of which a fresh
    tracer is taken; draws, seed: size and key of the sample behind the intervals; horizon_y: up to where the
    course is printed [y]. Raises NotAssessable after death, CountryRefused for a
    country without tables, DoseRefused for absurd doses.
    """
    return answered(prepare(person, on, model, draws, seed, horizon_y))


def answered(known: PatientState) -> Assessment:
    """The answer about a person who has been conditioned on a day."""
    return _answered(known, in_full=True)[0]


def brief(known: PatientState) -> tuple[Assessment, Facts]:
    """The same answer without what fills pages, and the facts that guidelines were asked with.

    Left out are the courses of bone and markers (today's density stays), why each rule says what it says, and the
    evidence. Every number that is there is that of `answered`.
    """
    return _answered(known, in_full=False)


def _answered(known: PatientState, *, in_full: bool) -> tuple[Assessment, Facts]:
    """The answer, and the facts that it gives to guidelines.

    Guidelines are asked last: they read what was worked out. What they read of the registry joins the trace, so that
    the evidence of the answer is listed after them.
    """
    person, on, evidence = known.person, known.on, known.evidence
    exposure, risks = risks_ahead(known)
    answer = _worked_out(known, exposure, risks, in_full=in_full)
    known_facts = facts(person, answer, on, evidence)
    medicines = checks(known_facts, evidence)
    advice = beside(advise(known_facts, brief=None if in_full else waited_for(), everything=False), medicines)
    tasks = list(dated_plan(known_facts, advice, medicines))
    said: dict[str, object] = {"tasks": tasks}
    if in_full:
        said |= {"advice": to_show(advice), "medicines": [*medicines.values()]}
    if answer.next_measurement is not None:
        said["next_measurement"] = by_plan(answer.next_measurement, tasks)
    answer = answer.model_copy(update={**said, "evidence": _evidence_used(evidence, in_full=in_full)})
    return answer.model_copy(update={"summary": conclude(person, answer, known_facts, advice, tasks)}), known_facts


def _worked_out(known: PatientState, exposure: Exposure, risks: Risks, *, in_full: bool) -> Assessment:
    """What the model says, before guidelines are asked and the evidence behind it all is listed."""
    person, on, horizon_y = known.person, known.on, known.horizon_y
    timeline, sample, bones, evidence = known.timeline, known.sample, known.bones, known.evidence
    horizons = risks.horizons_y
    return Assessment(
        software=results.Software(version=known.model.version),
        date=on,
        horizon_y=horizon_y,
        country=exposure.country,
        stands_in_for=exposure.stands_in_for,
        draws=sample.n,
        seed=sample.seed,
        interval=INTERVAL,
        person=_summary(person, timeline, sample, on),
        bone=[_bone(site, known, in_full=in_full) for site in SITES],
        markers=[_marker(name, person, bones, known.days) for name in MARKERS] if in_full else [],
        falls=results.Falls(
            reported_per_year=exposure.falls and rounded(exposure.falls.count / exposure.falls.period_y),
            per_year=interval(risks.falls_per_year),
            average_per_year=rounded(np.mean(risks.average_falls_per_year)),
            basis=summary.falls_basis(person, exposure),
        ),
        caution=caution(risks, min(horizon_y, HORIZONS_Y[-1]), evidence),
        risks=_risks(risks, evidence),
        deaths=[_death(risks, h) for h in horizons],
        fracture=site_hazards(risks.hazards),
        scans=scan_checks(known.seen, person),
        scans_for_rules=scans_for_rules(person, on),
        next_measurement=next_measurement(known),
        missing=_missing(person, timeline, exposure),
        questions=[results.UnusualValue(path=asked.path, message=asked.message) for asked in questions(person, on)],
        notes=[*model_notes(known.model), *conditioning_notes(known.seen), *summary.notes(person)],
        evidence=_evidence_used(evidence, in_full=False),
    )


def model_notes(model: Model) -> list[Message]:
    """What of the model was replaced, so that nobody takes the answer for one of the model as it ships."""
    names = [verbatim(name) for name in model.changes]
    return [Message("note.model_changed", {"names": names})] if names else []


def risks_ahead(known: PatientState) -> tuple[Exposure, Risks]:
    """Falls, fractures and death from the day of assessment on, and what they were worked out from.

    The horizons are those that are always printed, the one asked for, and, where it is looked at, the rest of life.
    """
    until = known.evidence.scalar("mortality.lifetime_until") if known.lifetime else 0.0
    exposure = Exposure.from_person(known.person, known.timeline, risk_edges(known, until))
    ahead = sorted({*(h for h in HORIZONS_Y if h <= known.horizon_y), known.horizon_y})
    horizons = (*ahead, *((LIFETIME,) if known.lifetime else ()))
    return exposure, course.outcomes(known.bones, known.level, exposure, known.sample, horizons)


def _summary(person: Person, timeline: Timeline, draws: Draws, on: date) -> results.PersonSummary:
    """Who it is about: age to a tenth of a year, and nothing that names the person."""
    today = days_since_birth(on, person.birth_date)
    edss = None if person.ms is None else _edss(timeline, today, draws.evidence)
    return results.PersonSummary(
        line=summary.person_line(
            person, on, None if edss is None else edss.median, examined(person, on, draws.evidence)
        ),
        age_y=round(years(today), 1),
        sex=person.sex,
        ms_course=person.ms.course if person.ms else None,
        edss=edss,
        edss_basis=summary.edss_basis(person, on),
        steroids=summary.steroids_so_far(person, on, draws.evidence),
    )


def _edss(timeline: Timeline, today: float, evidence: Evidence) -> Interval:
    """The EDSS today, with what a translation, or the years since the last examination, leave open.

    A normal around the middle, cut at 0 and at the greatest EDSS of somebody alive, and so is the middle itself.
    """
    most = evidence.scalar("timeline.edss.greatest")
    middle = min(float(timeline.edss_at(today)), most)
    reach = timeline.edss_sd * float(chance.normal_quantile((1.0 + INTERVAL) / 2.0))
    low, high = max(middle - reach, 0.0), min(middle + reach, most)
    return Interval(mean=round(middle, 1), median=round(middle, 1), low=round(low, 1), high=round(high, 1))


def _bone(site: str, known: PatientState, *, in_full: bool) -> results.BoneSite:
    """Density at one site: the person's, with the level that scans have pinned, beside the average.

    in_full: its whole course, else today alone.
    """
    bones, days = known.bones, known.days
    density = bones.density(site, known.level)
    shown = days.printed if in_full else np.array([bones.on])
    return results.BoneSite(
        site=site,  # type: ignore[arg-type]
        scans=sum(scan.site == site for scan in known.measured.scans),
        change_percent=interval(_change(density, bones, days)),
        average_change_percent=rounded(np.median(_change(bones.average[site], bones, days))),
        now=int(np.searchsorted(shown, bones.on)),
        trajectory=_bone_points(site, known.person, bones, density, shown, known.evidence),
    )


def _change(density: Array, bones: Bones, days: Days) -> Array:
    """Change from today to the horizon in each draw [%, n]."""
    today, then = density[:, bones.now], density[:, bones.place(days.printed[-1])]
    return PER_CENT * (then / today - 1.0)


def _bone_points(
    site: str, person: Person, bones: Bones, density: Array, days: Array, evidence: Evidence
) -> list[results.BonePoint]:
    """Density on some days [T], as g/cm2, T- and Z-score; scores are taken draw by draw."""
    places = [bones.place(day) for day in days]
    bmd, ages_y = density[:, places], years(days)
    scores = t_score(evidence, site, person.sex, bmd), z_score(evidence, site, person.sex, ages_y, bmd, person.ancestry)
    found = zip(
        days.tolist(),
        ages_y.tolist(),
        *map(intervals, (bmd, *scores)),
        np.median(bones.average[site][:, places], axis=0).tolist(),
        strict=True,
    )
    return [
        results.BonePoint(
            date=date_at(day, person.birth_date),
            age_y=round(age_y, 1),
            bmd_g_cm2=own,
            t_score=t,
            z_score=z,
            average_bmd_g_cm2=rounded(average),
        )
        for day, age_y, own, t, z, average in found
    ]


def _marker(name: str, person: Person, bones: Bones, days: Days) -> results.MarkerCourse:
    """A marker from today on, and through the weeks after a recent steroid course, when it moves most."""
    shown = np.union1d(days.acute, days.printed[days.printed >= bones.on])
    values = intervals(bones.markers[name][:, [bones.place(day) for day in shown]])
    dates = (date_at(day, person.birth_date) for day in shown)
    points = [results.MarkerPoint(date=day, value=value) for day, value in zip(dates, values, strict=True)]
    return results.MarkerCourse(marker=name, course=points)  # type: ignore[arg-type]


def _risks(risks: Risks, evidence: Evidence) -> list[results.Risk]:
    """The chance of a first fracture at each site within each horizon, beside the average of the same age and sex."""
    asked = [(site, horizon_y) for site in (*GROUPS, *FRACTURE_SITES[1:]) for horizon_y in risks.horizons_y]
    own = intervals(np.column_stack([risks.at(*one) for one in asked]))
    averages = np.stack([risks.average_at(*one) for one in asked]).mean(axis=1)
    return [
        results.Risk(
            site=site,
            horizon_y="lifetime" if horizon_y == LIFETIME else horizon_y,
            risk=risk,
            average=rounded(average),
            above_measured=above_measured(risks, site, horizon_y, evidence),
        )
        for (site, horizon_y), risk, average in zip(asked, own, averages.tolist(), strict=True)
    ]


def caution(risks: Risks, horizon_y: float, evidence: Evidence) -> Message | None:
    """A word of caution where many strong risk factors meet: the chance is many times the average, or was never seen.

    Beyond `_BEYOND_REGISTERS` times no register of MS can say whether the product of so many factors holds.
    """
    least = above_measured(risks, "major_osteoporotic", horizon_y, evidence)
    if least is not None:
        return Message("note.above_measured", {"least": least})
    times = np.mean(risks.at("major_osteoporotic", horizon_y)) / np.mean(
        risks.average_at("major_osteoporotic", horizon_y)
    )
    return summary.TOO_HIGH if times > _BEYOND_REGISTERS else None


def _death(risks: Risks, horizon_y: float) -> results.Death:
    """The chance of death within a horizon, which competes with every fracture."""
    column = risks.horizons_y.index(horizon_y)
    return results.Death(
        horizon_y="lifetime" if horizon_y == LIFETIME else horizon_y,
        risk=interval(risks.death[:, column]),
        average=rounded(np.mean(risks.average_death[:, column])),
    )


def _missing(person: Person, timeline: Timeline, exposure: Exposure) -> list[results.Gap]:
    """What was not recorded, in the order of what it costs, and how rough entries were read."""
    gaps = (*timeline.assumptions, *summary.missing_for_fracture(person, exposure), *summary.rough_entries(person))
    return summary.gaps_of(gaps)


def _evidence_used(evidence: Evidence, *, in_full: bool) -> results.EvidenceUsed:
    """What the trace holds so far: every parameter that was read, and what stands behind it; nothing in brief."""
    if not in_full:
        return results.EvidenceUsed(parameters=[], findings=[], assumed=[], recalled=[])
    used = evidence.used()
    assumed = set(evidence.assumed())
    return results.EvidenceUsed(
        parameters=list(used),
        findings=list(evidence.findings_used()),
        assumed=[name for name in used if name in assumed],
        recalled=list(evidence.recalled(used)),
    )


def site_hazards(hazards: Hazards) -> dict[str, results.SiteHazard]:
    """Each site's hazard in the first step of the grid, part by part."""
    return {
        site: results.SiteHazard(
            per_year=_middle(hazards.per_year[site]),
            parts={name: _middle(part) for name, part in hazards.parts[site].items()},
        )
        for site in FRACTURE_SITES
    }


def _middle(values: Array) -> float:
    """Geometric mean over the draws in the first step: the only mean under which parts multiply back."""
    return float(np.exp(np.log(values[:, 0]).mean()))
