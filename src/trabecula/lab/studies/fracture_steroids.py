"""Daily steroids as a total effect: the same people with and without the tablets, through skeleton and fractures."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws
from trabecula.lab.studies.fracture_record import DailySteroid
from trabecula.lab.studies.one_road import Lived, lived
from trabecula.person import HistoryDate, Person, SteroidCourse
from trabecula.units import MONTHS_PER_YEAR, date_at, days, days_since_birth

Array = NDArray[np.float64]
DAY_0 = date(2000, 1, 1)  # the tablets begin on this day
_EDGE_Y = 1e-6  # less than a step


class Bands:
    """The people of a setting on each dose and on none, lived through when they are asked for."""

    def __init__(self, setting: DailySteroid, draws: Draws) -> None:
        self.setting = setting
        self._draws = draws
        self._lives: dict[tuple[str, float], Lived] = {}

    def ratio(self, outcome: str, band: str, from_y: float = 0.0, to_y: float | None = None) -> Array:
        """Fractures of people on the dose of a band over those of the same people without, between two times [n]."""
        dose_mg = self.setting.dose_mg[band]
        until = self.setting.years if to_y is None else to_y
        shares = {"female": self.setting.women, "male": 1.0 - self.setting.women}
        own, theirs = (
            sum(
                (share * self._events(sex, dose, outcome, from_y, until) for sex, share in shares.items()),
                np.zeros(1),
            )
            for dose in (dose_mg, 0.0)
        )
        return own / theirs

    def excess_left(self, outcome: str, band: str, years_off: float) -> Array:
        """Excess some time after stopping over the excess at the end of the tablets [n]."""
        month, end = 1.0 / MONTHS_PER_YEAR, self.setting.years
        late = self.ratio(outcome, band, end + years_off - month, end + years_off) - 1.0
        return late / (self.ratio(outcome, band, end - month, end) - 1.0)

    def excess_reached(self, outcome: str, band: str, years_on: float) -> Array:
        """Excess some time after the start over the excess at the end of the tablets [n]."""
        month, end = 1.0 / MONTHS_PER_YEAR, self.setting.years
        early = self.ratio(outcome, band, years_on - month, years_on) - 1.0
        return early / (self.ratio(outcome, band, end - month, end) - 1.0)

    def _events(self, sex: str, dose_mg: float, outcome: str, from_y: float, to_y: float) -> Array:
        """Fractures expected between two times of a life [n]."""
        if (sex, dose_mg) not in self._lives:
            self._lives[sex, dose_mg] = _life(self.setting, sex, dose_mg, self._draws)
        life = self._lives[sex, dose_mg]
        middle = life.exposure.middle_y
        inside = (middle > from_y - _EDGE_Y) & (middle < to_y + _EDGE_Y)
        return life.events(outcome)[:, inside].sum(axis=1)


def measure(bands: Bands, what: str) -> Array:
    """A measure by its words [n]: "hip mid", "hip high/low"; "off spine mid" is the excess left after stopping."""
    *kind, outcome, band = what.split()
    if kind == ["off"]:
        return bands.excess_left(outcome, band, bands.setting.years_off)
    first, _, second = band.partition("/")
    ratio = bands.ratio(outcome, first)
    return ratio / bands.ratio(outcome, second) if second else ratio


def _life(setting: DailySteroid, sex: str, dose_mg: float, draws: Draws) -> Lived:
    """Months on a daily dose and off it; somebody of average density on the first day."""
    birth = HistoryDate.fromordinal(date_at(-days(setting.age_y), DAY_0).toordinal())
    last = date_at(days(setting.years) - 1.0, DAY_0)
    person = Person(birth_date=birth, sex=sex, country="US", steroids=_tablets(dose_mg, last))  # type: ignore[arg-type]
    months = np.arange(round((setting.years + setting.years_off) * MONTHS_PER_YEAR) + 1) / MONTHS_PER_YEAR
    return lived(person, days_since_birth(DAY_0, birth) + days(months), {}, draws)


def _tablets(dose_mg: float, last: date) -> tuple[SteroidCourse, ...]:
    """The course of tablets, if any."""
    if not dose_mg:
        return ()
    start, end = (HistoryDate.fromordinal(each.toordinal()) for each in (DAY_0, last))
    return (SteroidCourse(drug="prednisone", route="oral", dose_mg=dose_mg, start=start, end=end),)
