"""The page about what pulses cost bone: every study with infusions and density, with and without its steroids.

python scripts/make_pulses_page.py --output docs/validation/pulses.md
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import numpy as np

from trabecula import __version__
from trabecula.course import history
from trabecula.evidence import Evidence
from trabecula.lab.pages.document import markdown_rows, page_text, print_or_write
from trabecula.lab.studies.collection import studies
from trabecula.lab.studies.record import Arm, Statistic, Study, StudyTarget
from trabecula.lab.studies.reproduce import DRAWS, FindingComparison, compare
from trabecula.lab.studies.statistics import measured
from trabecula.lab.studies.tolerance import WITHIN, goes_as_printed, tolerance
from trabecula.lab.studies.virtual import run
from trabecula.model import Model, ModelDraws
from trabecula.person import Person
from trabecula.skeleton import SITES
from trabecula.timeline import build_timeline
from trabecula.units import DAYS_PER_MONTH, PER_CENT, Array, days_since_birth
from trabecula.vocabulary import site_name

PULSE_MG = 250.0
"""The smallest infusion that is called a pulse here."""
CHANGES = (Statistic.PERCENT_CHANGE, Statistic.PERCENT_PER_YEAR)
"""Statistics of density through time."""
HAUGEBERG = "haugeberg_2004"
ABOUT_PULSES = "acute"
"""The chapter of studies that were about the pulses; others followed people who had some in passing."""
START = date(2020, 1, 1)
"""Day of the courses of the second table."""
END = date(2022, 1, 1)
WHO = {
    "sex": "female", "birth_date": "1985-01-01", "height_cm": 167, "weight_kg": 66, "country": "US",
    "menopausal": False,
    "ms": {"onset": "2012-01-01", "course": "relapsing",
           "disability": [{"date": str(on), "edss": 2.0} for on in (date(2012, 6, 1), START, END)]},
}  # fmt: skip
COURSES = {
    f"{days} g in {days} days": {
        "drug": "methylprednisolone", "route": "iv", "dose_mg": 1000.0,
        "start": str(START), "end": str(START + timedelta(days=days - 1)),
    }
    for days in (5, 3)
}  # fmt: skip
READ_MONTHS = (3.0, 6.0, 12.0, 24.0)


@dataclass(frozen=True)
class PulseFinding:
    """One density after pulses: what was printed, what the model says, and what of it the steroids do."""

    study: Study
    target: StudyTarget
    total: FindingComparison
    net: Array
    """Total minus the same people without steroids, in the finding's unit [n]."""
    net_inside: bool
    net_within: bool
    """Whether the net change is met by the tolerance."""

    @property
    def inside(self) -> bool:
        """Whether the model's median lies in the printed interval, or goes the printed way."""
        return _inside(self.total, self.total.model, self.total.within)


def _inside(printed: FindingComparison, value: float, by_direction: bool) -> bool:
    if printed.published_lower is None or printed.published_upper is None:
        return by_direction
    return printed.published_lower <= value <= printed.published_upper


def with_pulses(arm: Arm) -> bool:
    """Whether an arm is given infusions that are pulses."""
    return any(course.route == "iv" and course.dose_mg >= PULSE_MG for course in arm.steroids)


def pulse_targets(study: Study) -> list[StudyTarget]:
    """The targets of a study that are changes of density under pulses."""
    return [
        target for target in study.targets
        if target.quantity in SITES and target.statistic in CHANGES and target.versus is None
        and with_pulses(study.arms[target.arm])
    ]  # fmt: skip


def findings(draws: ModelDraws) -> Iterator[PulseFinding]:
    """Every pulse finding of the registry, its study lived through with and without steroids."""
    for study in studies().values():
        targets = pulse_targets(study)
        if not targets:
            continue
        total = {each.finding: each for each in compare(study, draws)}
        own, bare = (run(variant, draws) for variant in (study, without_steroids(study)))
        for target in targets:
            net = measured(target, own, draws.evidence) - measured(target, bare, draws.evidence)
            allowed = tolerance(target, draws.evidence.finding(target.finding), study, draws.evidence)
            median = float(np.median(net))
            goes = target.direction is not None and goes_as_printed(target, median, allowed)
            printed, met = total[target.finding], goes
            if printed.published is not None:
                met = abs(allowed.z(median, printed.published)) <= WITHIN
            yield PulseFinding(study, target, printed, net, _inside(printed, median, goes), met)


def without_steroids(study: Study) -> Study:
    """The same people without infusions and tablets."""
    arms = {name: arm.model_copy(update={"steroids": ()}) for name, arm in study.arms.items()}
    return study.model_copy(update={"arms": arms})


def course_rows(draws: ModelDraws) -> Iterator[tuple[str, ...]]:
    """What one course alone costs spine and neck, by the months since [rows of a table]."""
    bare = _density(WHO, draws)
    for name, course in COURSES.items():
        with_course = _density(WHO | {"steroids": [course]}, draws)
        for site in ("lumbar_spine", "femoral_neck"):
            change = PER_CENT * (with_course[site] / bare[site] - 1.0)
            yield name, str(site_name(site)), *(_band(change[:, i]) for i in range(len(READ_MONTHS)))


def _density(record: dict[str, Any], draws: ModelDraws) -> Mapping[str, Array]:
    """Density of a person some months after the course [n, months]."""
    person = Person.model_validate(record)
    first, last = (days_since_birth(on, person.birth_date) for on in (START, END))
    read = np.array([*(first + DAYS_PER_MONTH * np.array(READ_MONTHS[:-1])).round(), last])
    timeline = build_timeline(person, draws.evidence, END, END, grid_days=list(read))
    return history(person, timeline, draws, read).skeleton.density


def _band(values: Array) -> str:
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return f"{_signed(middle)} ({_signed(low)} to {_signed(high)})"


def _signed(value: float) -> str:
    """Two decimals, a sign unless it is nothing."""
    text = f"{abs(value):.2f}"
    return text if not text.strip("0.") else f"{'−' if value < 0 else '+'}{text}"


def _row(one: PulseFinding) -> tuple[str, ...]:
    total = one.total
    change = f"{_signed(total.model)} ({_signed(total.model_lower)} to {_signed(total.model_upper)}) {total.unit}"
    z = ("met" if total.within else "**miss**") if total.z is None else f"{_signed(total.z)}"
    months = f"{(one.target.day - one.target.since_day) / DAYS_PER_MONTH:.0f}"
    return (
        one.study.title, str(site_name(one.target.quantity)), months, str(total.role), _printed(total), change, z,
        _yes(one.inside), _band(one.net), _yes(one.net_within), _yes(one.net_inside),
    )  # fmt: skip


_PRINTED_WAY = {"none": "no change", "up": "a gain", "down": "a loss"}


def _printed(total: FindingComparison) -> str:
    if total.published is None or total.published_lower is None or total.published_upper is None:
        return _PRINTED_WAY[str(total.direction)]
    return f"{_signed(total.published)} ({_signed(total.published_lower)} to {_signed(total.published_upper)})"


def _yes(holds: bool) -> str:
    return "yes" if holds else "**no**"


@click.command()
@click.option("--draws", type=click.IntRange(min=2), default=DRAWS, show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write to.")
def main(draws: int, output: Path | None) -> None:
    """Live through every study of pulses, with and without its steroids, and print what they cost bone."""
    model = Model(Evidence.load())
    sample = model.draws(draws, 1)
    found = list(findings(sample))
    about = [one for one in found if one.study.block == ABOUT_PULSES]
    page = page_text("pulses.md").format(
        version=__version__,
        pulse=PULSE_MG,
        draws=draws,
        n=len(about),
        met=sum(one.total.within for one in about),
        inside=sum(one.inside for one in about),
        inside_net=sum(one.net_inside for one in about),
        met_net=sum(one.net_within for one in about),
        others=markdown_rows(_row(one) for one in found if one not in about),
        n_low=studies()[HAUGEBERG].population.n,
        rows=markdown_rows(map(_row, about)),
        courses=markdown_rows(course_rows(sample)),
    )
    print_or_write(page, output)


if __name__ == "__main__":
    main()
