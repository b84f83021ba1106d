"""Markers of turnover from a blood test: how likely each draw makes them.

A marker says little in one sample: people differ by half in their usual level, laboratories differ, and CTX falls by
more than a third after breakfast. Two samples of one person share the usual level, so that a *change* (a drug taken
or not taken) says more. The usual levels of the three markers go together, and so does the personal turnover of the
model, which a marker shows as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.person import Person
from trabecula.skeleton import unknown_person
from trabecula.skeleton.density import PEOPLE
from trabecula.skeleton.markers import NAMES
from trabecula.twin.gaussian import log_density
from trabecula.units import days_since_birth

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Marker:
    """One sample: a marker relative to a healthy 30-year-old of the same sex [1]."""

    day: float
    test: str
    ratio: float


def markers(person: Person, evidence: Evidence, on: float) -> tuple[Marker, ...]:
    """The markers of turnover up to a day [d since birth], oldest first."""
    read = [
        Marker(day, each.test, each.standard_value / evidence.scalar(_young(each.test, person.sex)))
        for each in person.laboratory
        if each.test in NAMES and (day := days_since_birth(each.date, person.birth_date)) <= on
    ]
    return tuple(sorted(read, key=lambda each: each.day))


def _young(test: str, sex: str) -> str:
    """The parameter that holds the usual value of a healthy 30-year-old."""
    return f"twin.marker.young.{test.lower()}.{PEOPLE[sex]}"


def log_likelihood(
    course: Mapping[str, Array], place: Sequence[int], measured: Sequence[Marker], draws: Draws
) -> Array:
    """Log-likelihood of the samples in each draw [n], the person's usual levels integrated out.

    course: markers through time [n, T]; place: where in it each sample lies.
    """
    turnover = draws["skeleton.trait.turnover"] * unknown_person(draws)["turnover"]
    expected = np.stack(
        [np.log(course[each.test][:, t]) + turnover for each, t in zip(measured, place, strict=True)], axis=-1
    )
    found = np.log([each.ratio for each in measured])
    return log_density(found - expected, _covariance(measured, draws.evidence)[None])


def _covariance(measured: Sequence[Marker], evidence: Evidence) -> Array:
    """How samples differ from the model's course, on the log scale [k, k]."""
    test = np.array([each.test for each in measured])
    between, within = (
        np.array([evidence.scalar(f"twin.marker.{what}.{each.test.lower()}") for each in measured])
        for what in ("between", "within")
    )
    together = np.where(test[:, None] == test, 1.0, evidence.scalar("twin.marker.correlation"))
    return together * np.outer(between, between) + np.diag(within**2)
