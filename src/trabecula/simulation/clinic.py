"""What a clinic does: once a year it sees what can be seen, orders scans and offers medicines by its rules.

Nothing else of a person reaches a rule: a scan has its error, the EDSS comes in half points.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trabecula.people import half_steps
from trabecula.simulation.crowd import Crowd
from trabecula.simulation.draw import OneDraw
from trabecula.simulation.scenario import Care, ClinicRule
from trabecula.skeleton import SITES
from trabecula.skeleton.density import t_score
from trabecula.units import Array

Flags = NDArray[np.bool_]

_NEVER = -1000
"""The year of a scan that was never done."""


@dataclass
class Clinic:
    """What is on file of a crowd, and what is done about it."""

    crowd: Crowd
    care: Care
    draw: OneDraw
    t_score: Array = field(init=False)
    """Lowest T-score of the latest scan; nan before the first [n]."""
    scanned: NDArray[np.int64] = field(init=False)
    """The year of the latest scan [n]."""
    years_on: NDArray[np.int64] = field(init=False)
    """Years on the medicine, this one included; 0: none [n]."""
    ended: Flags = field(init=False)
    """Whether it was stopped [n]."""

    def __post_init__(self) -> None:
        n = len(self.crowd)
        self.t_score = np.full(n, np.nan)
        self.scanned = np.full(n, _NEVER)
        self.years_on, self.ended = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool)

    @property
    def treated(self) -> Flags:
        """Who takes the medicine this year [n]."""
        return self.years_on > 0

    def visit(
        self, year: int, bmd: dict[str, Array], fractures: NDArray[np.int64], dose_mg: Array, alive: Flags
    ) -> tuple[Flags, Flags]:
        """The visit of a year: who is scanned, and who begins a medicine [n].

        bmd: true density by site [g/cm2]; fractures: since the first day; dose_mg: long-term steroids.
        """
        none = np.zeros(len(self.crowd), dtype=bool)
        scan, treat = self.care.scan, self.care.treat
        scanned = begins = none
        if scan is not None:
            due = self._holds(scan, year, fractures, dose_mg) & (year - self.scanned >= scan.every_years)
            scanned = alive & due & (self._luck("scan", year) < scan.done)
            self._scan(scanned, year, bmd)
        if treat is not None:
            goes_on = (self._luck("persistence", year) < treat.persistence) & (self.years_on < treat.longest_years)
            self.ended |= self.treated & ~goes_on
            self.years_on = np.where(self.treated & goes_on, self.years_on + 1, 0)
            asked = self._holds(treat, year, fractures, dose_mg) & ~self.treated & ~self.ended & alive
            begins = asked & (self._luck("accepted", year) < treat.accepted)
            self.years_on[begins] = 1
        return scanned, begins

    def _luck(self, what: str, year: int) -> Array:
        """A number of each person for the visit of a year."""
        return self.crowd.luck.uniform(f"clinic.{what}.{year}")

    def _scan(self, who: Flags, year: int, bmd: dict[str, Array]) -> None:
        """Measure those who come, with the error of a scanner."""
        if not who.any():
            return
        evidence, scores = self.draw.evidence, []
        for site in SITES:
            error = evidence.scalar(f"reference.dxa.precision_cv.{site}") * self.crowd.luck.normal(f"dxa.{site}.{year}")
            scores.append(t_score(evidence, site, self.crowd.sex, bmd[site] * (1.0 + error)))
        self.t_score = np.where(who, np.min(scores, axis=0), self.t_score)
        self.scanned = np.where(who, year, self.scanned)

    def _holds(self, rule: ClinicRule, year: int, fractures: NDArray[np.int64], dose_mg: Array) -> Flags:
        """Who fulfils a rule; what is not known does not [n]."""
        met = np.ones(len(self.crowd), dtype=bool)
        if not rule.when:
            return met
        seen = self._seen(year, fractures, dose_mg)
        for name, bounds in rule.when.items():
            with np.errstate(invalid="ignore"):
                low = -np.inf if bounds.at_least is None else bounds.at_least
                high = np.inf if bounds.at_most is None else bounds.at_most
                met &= (seen[name] >= low) & (seen[name] <= high)
        return met

    def _seen(self, year: int, fractures: NDArray[np.int64], dose_mg: Array) -> dict[str, Array]:
        """What a clinic sees, by the names of `scenario.SEEN` [n]."""
        age = self.crowd.age_y + year
        since = age - self.crowd.menopause_y
        return {
            "age_y": age,
            "edss": half_steps(self.crowd.edss(np.array([float(year)]), self.draw)[:, 0]),
            "t_score": self.t_score,
            "fractures": fractures.astype(np.float64),
            "prednisone_mg": dose_mg,
            "years_since_menopause": np.where(since >= 0.0, since, np.nan),
            "bmi": self.crowd.bmi,
        }
