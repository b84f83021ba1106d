"""`trabecula population run`: many virtual lives under scenarios of care, as one long table."""

from pathlib import Path

import click

from trabecula.cli.options import WholeNumber, language_option, whole_option
from trabecula.cli.output import CommandInterrupted, check_installed, refusing, say

MOST_PEOPLE, MOST_RUNS, MOST_WORKERS = 100_000_000, 10_000, 512
_STEP_S, _SECONDS_A_MINUTE, _MEGABYTE = 5.0, 60.0, 1e6
"""Seconds between two lines of progress."""


@click.command(short_help="Live the lives of a scenario file.")
@click.argument("scenario", metavar="SCENARIO.yaml")
@click.option("-o", "--output", metavar="DIR", required=True, help="The folder of the results.")
@click.option(
    "--people", type=WholeNumber("a number of people", 1, MOST_PEOPLE, "--people 20000"),
    help="How many people. [default: as the file says]",
)  # fmt: skip
@whole_option("draws", "a number of draws", 1, MOST_RUNS, 1, "Joint draws of the parameters; 1: their values.")
@whole_option("seeds", "a number of seeds", 1, MOST_RUNS, 1, "How often everybody is drawn anew.")
@whole_option("workers", "a number of processes", 0, MOST_WORKERS, 0, "Processes; 0: one a core.")
@click.option("--dask", metavar="ADDRESS", default="", help="A Dask scheduler whose workers do the work; they see DIR.")
@click.option("--resume", is_flag=True, help="Go on with a run in DIR: what is finished is kept.")
@language_option
def run(
    scenario: str, output: str, people: int | None, draws: int, seeds: int, workers: int, dask: str, resume: bool,
    language: str,
) -> None:  # fmt: skip
    """Live the lives of SCENARIO.yaml: its people, its years, its baseline and its scenarios of care.

    DIR gets results.parquet (scenario, draw, seed, year, stratum, measure, value), manifest.json with versions and
    hashes, and the finished pieces in cells/, which no later run works out again. The same people live in every
    scenario: whoever is treated alike has the same life to the last fracture.

    \b
    Examples:
      trabecula population run examples/scenarios/ms_clinic_dxa.yaml -o clinic
      trabecula population run examples/scenarios/united_states_2005.yaml -o us --people 100000 --draws 20 --resume
      trabecula population run examples/scenarios/united_states_2005.yaml -o us --dask tcp://cluster:8786
    """
    check_installed("population run", "pyarrow")
    if dask:
        check_installed("population run --dask", "distributed")
    from trabecula.evidence import Evidence
    from trabecula.simulation.cells import PopulationRefused
    from trabecula.simulation.reading import StudyRefused, read_study
    from trabecula.simulation.running import Ensemble, size_bytes
    from trabecula.simulation.running import run as lived

    with refusing(StudyRefused, where=scenario):
        study = read_study(Path(scenario), Evidence.load()).with_people(people)
    ensemble = Ensemble(draws, seeds)
    lives = study.people.number * len(study.cares) * draws * seeds
    say(f"{lives} lives of {study.years} years, about {size_bytes(study, ensemble) / _MEGABYTE:.0f} MB.")
    try:
        with refusing(PopulationRefused):
            found = lived(
                study, Path(output), ensemble, resume=resume, workers=workers, watch=_Watch(language), dask=dask
            )
    except KeyboardInterrupt:
        raise CommandInterrupted("stopped; what is finished is kept, --resume goes on.") from None
    say(f"{found['results']['rows']} rows in {Path(output) / found['results']['file']}.")


class _Watch:
    """Progress on standard error: a line every few seconds, with the time left."""

    def __init__(self, code: str) -> None:
        from trabecula.words.language import language

        self._lang, self._told = language(code), -_STEP_S

    def __call__(self, far: "object") -> None:
        """How far the run has come."""
        from trabecula.simulation.running import RunProgress

        assert isinstance(far, RunProgress)
        if far.seconds - self._told < _STEP_S and far.done < far.size:
            return
        self._told, left = far.seconds, far.seconds_left
        told = {"done": far.done, "size": far.size, "minutes": round((left or 0.0) / _SECONDS_A_MINUTE, 1)}
        say(self._lang.text("population.progress" if left is None else "population.progress_left", **told))
