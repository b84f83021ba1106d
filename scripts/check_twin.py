"""Check that the twin does what it says, on people made by the model itself. No validation: real people are not asked.

    python scripts/check_twin.py                 # 500 people, some minutes
    python scripts/check_twin.py --histories 10

A virtual person is one draw of everything (parameters, traits, a wandering personal factor) with one history. DXA
"measures" them with the scanner's error today and five years ago. The twin, which knows the history and the scans but
not the draw, then foretells the next DXA. Printed: how often its 90 % interval holds the value measured, how much a
second DXA narrows it, and how widely people spread who have never been scanned.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from trabecula import chance, course, twin
from trabecula.course import Bones
from trabecula.evidence import Evidence
from trabecula.model import Model, ModelDraws
from trabecula.people import MsPopulation, Population, TruncatedNormal, sample
from trabecula.person import Person, read_person
from trabecula.skeleton import SITES
from trabecula.timeline import build_timeline
from trabecula.twin.level import Path, personal_path
from trabecula.units import date_at, days, days_since_birth

Array = NDArray[np.float64]
ON = date(2026, 11, 22)
AHEAD_Y = (2.0, 5.0)
BACK_Y = 5.0
HELD = 0.9
TRUTHS_EACH = 5
TRUTH_SEED = 1000
STEROIDS = (
    [],
    [{"as_written": "5 x 1 g IV methylprednisolone", "start": f"{year}-05-01"} for year in (2019, 2022, 2024, 2025)],
    [{"drug": "prednisone", "route": "oral", "dose_mg": 7.5, "start": "2021-03-01", "end": "2027-03-01"}],
)
POPULATION = Population(
    n=1,
    age_y=TruncatedNormal(mean=55, sd=12, low=30, high=80),
    women=0.7,
    ms=MsPopulation(
        years_since_onset=TruncatedNormal(mean=15, sd=8, low=1), edss=TruncatedNormal(mean=4, sd=2, low=0, high=8)
    ),
)


@dataclass(frozen=True)
class Life:
    """One history: the bones of a sample of draws (what the twin works with), and of the true people."""

    pool: Bones
    draws: ModelDraws
    truth: Bones
    truth_path: Path

    def true_density(self, site: str, who: int, day: float) -> float:
        """Density of a true person [g/cm2]."""
        factor = self.truth_path.at(site, np.array([day]))[who, 0]
        return float(self.truth.typical[site][who, self.truth.place(day)] * factor)


def people(histories: int, evidence: Evidence) -> Iterator[Person]:
    """People with MS of every kind: each third one on steroid pulses, each third one on daily steroids."""
    for i, person in enumerate(sample(POPULATION, histories, ON, 1, evidence)):
        record = person.model_dump(mode="json", exclude_none=True)
        yield read_person({**record, "steroids": STEROIDS[i % len(STEROIDS)]}, ON)


def live(person: Person, evidence: Evidence, draws: int, seed: int) -> Life:
    """March the sample and the truth of one history."""
    today = days_since_birth(ON, person.birth_date)
    read = sorted({today - days(BACK_Y), today, *(today + days(y) for y in AHEAD_Y)})
    timeline = build_timeline(person, evidence, ON, date_at(int(read[-1]) + 2, person.birth_date), read)
    pool, truth = Model(evidence).draws(draws), Model(evidence).draws(TRUTHS_EACH, seed)
    true_bones = course.bones(person, timeline, truth, today, read)
    return Life(
        course.bones(person, timeline, pool, today, read), pool, true_bones, personal_path(true_bones, (), truth)
    )


def scan(life: Life, site: str, who: int, day: float, seed: int) -> twin.Scan:
    """What the scanner prints for a true person."""
    cv = life.draws.evidence.scalar(f"reference.dxa.precision_cv.{site}")
    density = life.true_density(site, who, day)
    error = chance.normal(seed, f"check.{site}", int(day), who)
    return twin.Scan(day, site, float(density * (1.0 + cv * error)), cv)


def conditioned(life: Life, measured: Sequence[twin.Scan]) -> twin.Twin:
    """The twin of somebody with scans."""
    return twin.condition(life.pool, twin.Measurements(tuple(measured)), life.draws)


def next_scans(life: Life, seen: twin.Twin) -> dict[tuple[float, str], tuple[float, float]]:
    """Ends of the intervals that the twin foretells for scans of later years, by (years ahead, site)."""
    own = seen.own(life.pool)
    who = np.arange(life.draws.n)
    ends = {}
    for years_ahead in AHEAD_Y:
        day = own.on + days(years_ahead)
        for site in SITES:
            error = chance.normal(life.draws.seed, f"check.foretold.{site}", int(day), who)
            cv = life.draws.evidence.scalar(f"reference.dxa.precision_cv.{site}")
            printed = own.density(site, seen.level)[:, own.place(day)] * (1.0 + cv * error)
            low, high = np.quantile(printed, ((1.0 - HELD) / 2.0, (1.0 + HELD) / 2.0))
            ends[years_ahead, site] = float(low), float(high)
    return ends


def check(histories: int, draws: int) -> dict[str, float]:
    """Shares of next scans inside the interval by site and horizon, with one scan and with two; and the spreads."""
    evidence = Evidence.load()
    held: dict[str, list[float]] = {}
    for i, person in enumerate(people(histories, evidence)):
        seed = TRUTH_SEED + i
        life = live(person, evidence, draws, seed)
        _spreads(life, held)
        for who in range(TRUTHS_EACH):
            _person(life, who, seed, held)
    return {name: float(np.mean(values)) for name, values in held.items()}


def _person(life: Life, who: int, seed: int, held: dict[str, list[float]]) -> None:
    """One true person: their next scans against what is foretold from one scan and from two."""
    now = [scan(life, site, who, life.pool.on, seed) for site in SITES]
    before = [scan(life, site, who, life.pool.on - days(BACK_Y), seed) for site in SITES]
    twins = [conditioned(life, scans) for scans in (now, [*before, *now], before)]
    one, two, old = (next_scans(life, seen) for seen in twins)
    held.setdefault("effective_share.two_scans", []).append(twins[1].effective / life.draws.n)
    for each in twins[1].forecasts:
        held.setdefault(f"called_surprising.{'second' if each.earlier else 'first'}_scan", []).append(each.surprising)
    for years_ahead, site in one:
        found = scan(life, site, who, life.pool.on + days(years_ahead), seed).bmd_g_cm2
        for name, ends in {"one": one, "two": two}.items():
            low, high = ends[years_ahead, site]
            held.setdefault(f"held.{name}.{years_ahead:g}y.{site}", []).append(low <= found <= high)
        width = [high - low for low, high in (ends[years_ahead, site] for ends in (one, two, old))]
        held.setdefault(f"narrowed.a_scan_of_five_years_ago_added.{years_ahead:g}y", []).append(width[1] / width[0])
        held.setdefault(f"narrowed.a_scan_of_today_added.{years_ahead:g}y", []).append(width[1] / width[2])


def _spreads(life: Life, held: dict[str, list[float]]) -> None:
    """Standard deviation of Z-scores of people never scanned, today and in five years: 1 is the reference's."""
    seen = conditioned(life, ())
    own = seen.own(life.pool)
    for name, day in {"today": own.on, "5y": own.on + days(AHEAD_Y[-1])}.items():
        for site in SITES:
            t = own.place(day)
            z = own.density(site, seen.level)[:, t] / np.median(own.typical[site][:, t]) - 1.0
            held.setdefault(f"spread.{name}.{site}", []).append(float(z.std()) / own.cv[site])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=100, help=f"each is lived by {TRUTHS_EACH} people")
    parser.add_argument("--draws", type=int, default=200)
    asked = parser.parse_args()
    for name, value in check(asked.histories, asked.draws).items():
        print(f"{name:40s} {value:.3f}")


if __name__ == "__main__":
    main()
