"""How each kind of setting measures what a finding of falls, fractures or death printed.

A measure is named by words, as a study's file has them under `findings`; `measure_of` finds what reads them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zlib import crc32

import numpy as np

from trabecula.fracture import SITES, Exposure
from trabecula.lab.studies import falls_diary, fracture_population, register
from trabecula.lab.studies import fracture_record as settings
from trabecula.lab.studies.fracture_record import (
    DailySteroid,
    DisabledGroup,
    FractureStudy,
    FractureTarget,
    FractureTrial,
    Setting,
)
from trabecula.lab.studies.life_course import LifeCourse, life_course
from trabecula.lab.studies.record import Arm, ArmHormoneTherapy
from trabecula.lab.studies.virtual import DAY_0, person_in
from trabecula.model import ModelDraws
from trabecula.people import Population, sample
from trabecula.person import HistoryDate, Person, SteroidCourse
from trabecula.skeleton import SITES as BONE_SITES
from trabecula.units import MONTHS_PER_YEAR, Array, date_at, days, days_since_birth
from trabecula.vocabulary import FRACTURE_GROUPS, sites_of

Measure = Callable[[str], Array]
"""Gives a measure by its words [n]."""
_AGE = r"\d+(\.\d+)?"
"""An age or a number of years in the words of a measure."""


ARM = 8
"""Virtual people an arm of a trial, the same in both."""


@dataclass(frozen=True)
class VirtualPeople:
    """How many stand for those of a study; a calibration, which asks a thousand times, makes do with few."""

    trial: int = ARM
    """An arm of a trial."""
    register: int = register.PEOPLE
    """People with MS of a register, each with a control."""


MANY = VirtualPeople()


def measure_of(study: FractureStudy, draws: ModelDraws, people: VirtualPeople = MANY) -> Measure:
    """What reads a measure off a study, under each draw [n]; whatever has to be lived through is lived through once."""
    setting, key = study.setting, crc32(study.id.encode())
    match setting:
        case settings.FallDiary():
            return falls_diary.expected_falls(setting, draws, key).measure
        case settings.GeneralPopulation():
            return lambda what: fracture_population.general(setting, what, draws)
        case settings.FallHistory():
            return lambda what: fracture_population.fall_history(setting, what, draws)
        case settings.DisabledGroup():
            return lambda what: disabled_ratio(setting, what, draws)
        case settings.ProbabilityTable():
            return fracture_population.probabilities(study, draws).__getitem__
        case settings.DailySteroid():
            return SteroidBands(setting, draws).measure
        case settings.FractureTrial():
            return TrialArms(setting, draws, key, people.trial).ratio
        case settings.RegisterSetting():
            cohort = register.follow(setting, draws, people.register, register.key_of(study.id, draws.seed))
            return lambda what: register.measure(cohort, what)


def measure_expected(setting: Setting, target: FractureTarget) -> str:
    """What a setting measures, in words, if it does not measure what a target asks for; nothing if it does."""
    known = (*SITES, *FRACTURE_GROUPS)
    outcome, sex = "|".join(known), "|".join(fracture_population.SEX)
    outcomes = f"an outcome is one of {', '.join(known)}"
    match setting:
        case settings.FallDiary():
            pattern, expected = "|".join(falls_diary.MEASURES), f"one of {', '.join(falls_diary.MEASURES)}"
        case settings.GeneralPopulation():
            pattern = (
                rf"rate ({outcome}) ({sex}) \d+_\d+|crude ({outcome}) ({sex}|both) \d+(_\d+)?( per_\d+)?"
                rf"|sex_ratio ({outcome}) ({sex}) \d+(_\d+)?|ms_death_ratio ({sex}) {_AGE} {_AGE}"
                rf"|(lifetime|ten_years|gradient|fracture_per_fall) ({outcome}) ({sex}) {_AGE}"
                rf"|overlap ({sex}) {_AGE}|after_hip_(ratio|excess|death) ({sex}) {_AGE} {_AGE}"
            )
            expected = (
                '"rate hip women 50_54", "crude hip both 50", "sex_ratio any men 18_49", "lifetime hip women 50",'
                ' "gradient hip women 70", "ms_death_ratio women 50 6", "fracture_per_fall any women'
                f' 78", "overlap women 50" or "after_hip_ratio women 80 1" (ratio, excess or death); {outcomes}'
            )
        case settings.FallHistory():
            pattern = rf"({outcome}) \d+\+?"
            expected = f'an outcome and a count of falls such as "hip 3+"; {outcomes}'
        case settings.DisabledGroup():
            pattern = rf"ratio ({outcome})|odds ({outcome}) ({outcome})"
            expected = f'"ratio hip" or "odds leg hip"; {outcomes}'
        case settings.ProbabilityTable():
            pattern = fracture_population.UK_CELL if target.finding == _cell_id(target) else "(?!)"
            expected = f"the last part of the id of a finding of {fracture_population.UK_SOURCE}"
        case settings.DailySteroid():
            band = "|".join(map(re.escape, setting.dose_mg))
            pattern = rf"off ({outcome}) ({band})|({outcome}) ({band})(/({band}))?"
            expected = f'"hip BAND", "hip BAND/BAND" or "off spine BAND", of {", ".join(setting.dose_mg)}; {outcomes}'
        case settings.FractureTrial():
            pattern, expected = outcome, outcomes
        case settings.RegisterSetting():
            pattern = rf"death_ratio|(ratio|rate|control_rate) ({outcome})( help| no_help)?|help ({outcome})"
            expected = f'"ratio hip", "rate any", "control_rate any", "help any" or "death_ratio"; {outcomes}'
    return "" if re.fullmatch(pattern, target.what) else expected


def _cell_id(target: FractureTarget) -> str:
    """The id of the cell of the table of the United Kingdom that a target names."""
    return f"{fracture_population.UK_SOURCE}.{target.what}"


# --- A trial of a medicine ----------------------------------------------------------------------------------------

STEPS_A_YEAR = 4
"""Steps in which fractures are counted."""


class TrialArms:
    """Both arms of a trial: the same people with and without the medicine, through density to fractures.

    key: tells the people of one study from those of another.
    """

    def __init__(self, setting: FractureTrial, draws: ModelDraws, key: int, size: int) -> None:
        """Both arms, from the first tablet to the end of the trial."""
        who = Population(n=size, age_y=setting.age_y, women=setting.women)
        sampled = sample(who, size, DAY_0, draws.seed + key, draws.evidence)
        arm, self._since_y = treated_arm(setting), setting.since_y
        self._treated = [_years_of_trial(setting, person_in(arm, person), draws) for person in sampled]
        self._untreated = [_years_of_trial(setting, person, draws) for person in sampled]

    def ratio(self, outcome: str) -> Array:
        """Fractures per year lived with the medicine over those without it [n]."""
        own, theirs = (_events_per_year(lives, outcome, self._since_y) for lives in (self._treated, self._untreated))
        return own / theirs


def _events_per_year(lives: list[LifeCourse], outcome: str, since_y: float) -> Array:
    """Fractures per year lived from a time of the trial on [n]."""
    counted = lives[0].exposure.middle_y > since_y
    found = sum((life.events(outcome)[:, counted].sum(axis=1) for life in lives), np.zeros(1))
    return found / sum((life.alive()[:, counted].sum(axis=1) for life in lives), np.zeros(1))


def _years_of_trial(setting: FractureTrial, person: Person, draws: ModelDraws) -> LifeCourse:
    first = days_since_birth(date.fromordinal(DAY_0.toordinal()), person.birth_date)
    steps = np.arange(round(setting.years * STEPS_A_YEAR) + 1) / STEPS_A_YEAR
    return life_course(person, first + days(steps), dict.fromkeys(BONE_SITES, setting.z), draws)


def treated_arm(setting: FractureTrial) -> Arm:
    """What those in the trial were given."""
    last = round(days(setting.years))
    hormones = (ArmHormoneTherapy(from_day=0, to_day=last),) if setting.hormone_therapy else ()
    return Arm(medicines=setting.medicines, hormone_therapy=hormones, supplements=setting.supplements)


# --- A disability that is not MS ----------------------------------------------------------------------------------


def disabled_ratio(setting: DisabledGroup, what: str, draws: ModelDraws) -> Array:
    """A measure by its words [n]: "ratio hip", or "odds leg hip", the ratio of one over that of the other."""
    kind, *outcomes = what.split()
    ratios = [_ratio_of_disabled(setting, outcome, draws) for outcome in outcomes]
    return ratios[0] / ratios[1] if kind == "odds" else ratios[0]


def _ratio_of_disabled(setting: DisabledGroup, outcome: str, draws: ModelDraws) -> Array:
    """Fractures of both sexes together, theirs over those of people of the same age without the disability [n]."""
    shares = {"female": setting.women, "male": 1.0 - setting.women}
    own, others = (
        sum(share * _fracture_rate(setting, sex, outcome, disabled, draws) for sex, share in shares.items())
        for disabled in (True, False)
    )
    return np.asarray(own / others)


def _fracture_rate(setting: DisabledGroup, sex: str, outcome: str, disabled: bool, draws: ModelDraws) -> Array:
    """Fractures a year; the others have the density of the population [n]."""
    exposure = Exposure(
        sex,
        setting.country,
        np.array([setting.age_y]),
        np.ones(1),
        wheelchair=disabled and setting.sits,
        fall_ratio=setting.falls if disabled else setting.falls_of_others,
    )
    z = {bone: np.full((1, 1), distance) for bone, distance in setting.z.items()} if disabled else {}
    found = draws.model.hazards.hazards(exposure, z, draws).per_year
    return sum((found[site] for site in sites_of(outcome)), np.zeros((1, 1)))[:, 0]


# --- Daily steroids -----------------------------------------------------------------------------------------------

FIRST_TABLET = date(2000, 1, 1)
"""The tablets begin on this day."""
_EDGE_Y = 1e-6
"""Less than a step [y]."""


class SteroidBands:
    """Daily steroids as a total effect: the same people on each dose and on none, lived through when asked for."""

    def __init__(self, setting: DailySteroid, draws: ModelDraws) -> None:
        """Nobody has lived yet."""
        self.setting = setting
        self._draws = draws
        self._lives: dict[tuple[str, float], LifeCourse] = {}

    def measure(self, what: str) -> Array:
        """A measure by its words [n]: "hip mid", "hip high/low"; "off spine mid" is the excess left after stopping."""
        *kind, outcome, band = what.split()
        if kind == ["off"]:
            return self.excess_left(outcome, band, self.setting.years_off)
        first, _, second = band.partition("/")
        ratio = self.ratio(outcome, first)
        return ratio / self.ratio(outcome, second) if second else ratio

    def ratio(self, outcome: str, band: str, from_y: float = 0.0, to_y: float | None = None) -> Array:
        """Fractures of people on the dose of a band over those of the same people without, between two times [n]."""
        until = self.setting.years if to_y is None else to_y
        shares = {"female": self.setting.women, "male": 1.0 - self.setting.women}
        own, theirs = (
            sum((share * self._events(sex, dose, outcome, from_y, until) for sex, share in shares.items()), np.zeros(1))
            for dose in (self.setting.dose_mg[band], 0.0)
        )
        return own / theirs

    def excess_left(self, outcome: str, band: str, years_off: float) -> Array:
        """Excess some time after stopping over the excess at the end of the tablets [n]."""
        return self._share_of_last_excess(outcome, band, self.setting.years + years_off)

    def excess_reached(self, outcome: str, band: str, years_on: float) -> Array:
        """Excess some time after the start over the excess at the end of the tablets [n]."""
        return self._share_of_last_excess(outcome, band, years_on)

    def _share_of_last_excess(self, outcome: str, band: str, at_y: float) -> Array:
        """Excess in the month before a time over that in the last month of the tablets [n]."""
        month, end = 1.0 / MONTHS_PER_YEAR, self.setting.years
        there = self.ratio(outcome, band, at_y - month, at_y) - 1.0
        return there / (self.ratio(outcome, band, end - month, end) - 1.0)

    def _events(self, sex: str, dose_mg: float, outcome: str, from_y: float, to_y: float) -> Array:
        """Fractures expected between two times of a life [n]."""
        if (sex, dose_mg) not in self._lives:
            self._lives[sex, dose_mg] = _months_on_tablets(self.setting, sex, dose_mg, self._draws)
        life = self._lives[sex, dose_mg]
        middle = life.exposure.middle_y
        inside = (middle > from_y - _EDGE_Y) & (middle < to_y + _EDGE_Y)
        return life.events(outcome)[:, inside].sum(axis=1)


def _months_on_tablets(setting: DailySteroid, sex: str, dose_mg: float, draws: ModelDraws) -> LifeCourse:
    """Months on a daily dose and off it; somebody of average density on the first day."""
    birth = HistoryDate.fromordinal(date_at(-days(setting.age_y), FIRST_TABLET).toordinal())
    last = date_at(days(setting.years) - 1.0, FIRST_TABLET)
    person = Person(birth_date=birth, sex=sex, country="US", steroids=_tablets(dose_mg, last))  # type: ignore[arg-type]
    months = np.arange(round((setting.years + setting.years_off) * MONTHS_PER_YEAR) + 1) / MONTHS_PER_YEAR
    return life_course(person, days_since_birth(FIRST_TABLET, birth) + days(months), {}, draws)


def _tablets(dose_mg: float, last: date) -> tuple[SteroidCourse, ...]:
    if not dose_mg:
        return ()
    start, end = (HistoryDate.fromordinal(day.toordinal()) for day in (FIRST_TABLET, last))
    return (SteroidCourse(drug="prednisone", route="oral", dose_mg=dose_mg, start=start, end=end),)
