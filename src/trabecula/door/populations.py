"""Many virtual lives, for a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trabecula.door.checks import a_number, a_path, needs
from trabecula.door.frames import to_frame
from trabecula.door.results import Shown
from trabecula.drawing.page import Page, Row, Table
from trabecula.evidence import Evidence
from trabecula.simulation.reading import read_study
from trabecula.simulation.running import Ensemble, run
from trabecula.simulation.summary import Results, read_results
from trabecula.vocabulary import followed_sites
from trabecula.words.language import Language

if TYPE_CHECKING:  # an extra
    from pandas import DataFrame

_MOST_PEOPLE, _MOST_RUNS, _PEOPLE = 100_000_000, 10_000, 20_000


@dataclass(frozen=True, repr=False)
class PopulationRun(Shown):
    """Many virtual lives under scenarios of care: counts by year, age and sex, also as files in `folder`."""

    results: Results
    folder: Path

    def to_frame(self) -> "DataFrame":
        """One count a row; docs/reference/python.md has columns and units.

        >>> import tempfile, trabecula as tb
        >>> study = {"title": "A few", "people": {"number": 20}, "years": 1}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     found = tb.population(study, folder)
        >>> frame = found.to_frame()
        >>> int(frame[frame.measure == "people"].value.sum())
        20
        """
        return to_frame("PopulationRun", "results", self, "en")

    def to_dict(self) -> dict[str, Any]:
        """The manifest: study, ensemble, versions and hashes."""
        return dict(self.results.manifest)

    def citation(self) -> str:
        """What the numbers rest on."""
        return f"Trabecula {self.results.manifest['made_by']['trabecula']}, model {self.results.manifest['model'][:12]}"

    def _line(self) -> str:
        study = self.results.study
        return f"{study.title}: {study.people.number} people, {study.years} years, {len(study.cares)} scenarios"

    def _page(self, lang: Language) -> Page:
        from trabecula.reporting.population import measure_name

        measures = [f"fractures.{site}" for site in (*followed_sites(), "any")]
        rows = [
            Row(
                measure_name(measure, lang),
                tuple(_whole(self.results, measure, name) for name in self.results.scenarios),
            )
            for measure in (*measures, "deaths")
        ]
        return _page_of(self.results, tuple(rows))


def population(
    study: str | Path | Mapping[str, Any], folder: str | Path, *, people: int | None = None, draws: int = 1,
    seeds: int = 1, resume: bool = False,
) -> PopulationRun:  # fmt: skip
    """Live many virtual lives, under a baseline and scenarios of care, and count what happens.

    study: a scenario file, or its content (`tb.schema("population")`). folder: a new or empty folder for
    results.parquet and manifest.json; with `resume` one whose finished pieces are kept. people: how many, in place of
    what the study says. draws: joint draws of the parameters (1: their values); seeds: how often everybody is drawn
    anew.

    Raises TrabeculaError for a study that cannot be run, with every problem; for a folder that is in use, and for a
    disk that is too small, before anything runs.

    >>> import tempfile, trabecula as tb
    >>> study = {"title": "A few", "people": {"number": 20}, "years": 1}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(tb.population(study, folder))
    A few: 20 people, 1 years, 1 scenarios
    """
    needs("many_lives", "pyarrow")
    source = study if isinstance(study, Mapping) else a_path(study, 'tb.population("scenario.yaml", "results")')
    read = read_study(source, Evidence.load())
    number = None if people is None else a_number("people", people, 1, _MOST_PEOPLE, _PEOPLE)
    n, often = (a_number(name, value, 1, _MOST_RUNS, 1) for name, value in (("draws", draws), ("seeds", seeds)))
    target = a_path(folder, 'tb.population("scenario.yaml", "results")')
    run(read.with_people(number), target, Ensemble(n, often), resume=resume)
    return PopulationRun(read_results(target), target)


def _whole(results: Results, measure: str, scenario: str) -> str:
    """A total, rounded."""
    return f"{results.total(measure, scenario).mean:.0f}"


def _page_of(results: Results, rows: tuple[Row, ...]) -> Page:
    """A table under its title."""
    return Page(results.study.title, (Table("", results.scenarios, rows),), ())
