"""`trabecula economics run`: live people through strategies, value what happens, and write the tables."""

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import DRAWS, FEWEST_DRAWS, MOST_DRAWS, WholeNumber, seed_option, together, whole_option
from trabecula.cli.output import CommandRefused, announcing_compilation, check_installed, refusing, say, write
from trabecula.cli.subject import read_subject

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.assessment.plans.plan import Plan
    from trabecula.economics.running import Setting
    from trabecula.economics.strategies import RepresentedPeople, StrategyFile
    from trabecula.person import Person

RESULT, MANIFEST = "result.json", "manifest.json"
"""Files of the folder: what was found, and from what."""
_ENDINGS = (".yaml", ".yml")
MOST_WORKERS = 512


@click.command(short_help="Compare strategies: costs, QALYs, what is worth it.")
@click.argument("strategies", metavar="STRATEGIES.yaml")
@click.option("-o", "--output", metavar="DIR", required=True, help="The folder for the tables.")
@click.option("--resume", is_flag=True, help="Go on with a folder that an earlier run of the same file left.")
@together(
    whole_option("draws", "a number of draws", FEWEST_DRAWS, MOST_DRAWS, DRAWS, "Number of Monte Carlo draws."),
    seed_option("Random seed: the same seed gives the same result."),
    whole_option("workers", "a number of processes", 1, MOST_WORKERS, 1, "Processes, for many people."),
)
@click.option(
    "--people", type=WholeNumber("a number of people", 1, None, "--people 100"),
    help="How many virtual people, instead of the number in the file.",
)  # fmt: skip
@click.option(
    "--until", type=click.FloatRange(0.0, min_open=True), metavar="MONEY",
    help="Stop once the best strategy's net benefit over the next best is known to so much a person, 90 %.",
)  # fmt: skip
def run(
    strategies: str, output: str, resume: bool, draws: int, seed: int, workers: int, people: int | None,
    until: float | None,
) -> None:  # fmt: skip
    """Live the people of STRATEGIES.yaml through every strategy, value what happens, and write the tables to DIR.

    result.json has everything; bcea_eff.csv, bcea_cost.csv, bcea_inputs.csv and hesim_ce.csv are read by the R packages
    BCEA and hesim; report.md answers CHEERS 2022. Events are expected for every person, not drawn; people are records,
    a register or virtual. People that are finished are kept in DIR/people: with --resume they are not lived through
    again, and the result is the same.

    \b
    Examples:
      trabecula economics run examples/strategies/after-repeated-pulses.yaml -o worth
      trabecula economics run mine.yaml -o worth --draws 1000 --resume
      trabecula economics run mine.yaml -o worth --people 2000 --until 5
    """
    path, folder = Path(strategies), Path(output)
    if folder.exists() and any(folder.iterdir()) and not resume:
        raise CommandRefused(f"--output: found {folder}, which is not empty; name a new folder, or add --resume")
    from trabecula.data_files import DataError
    from trabecula.economics.strategies import with_lines
    from trabecula.evidence import EvidenceError

    with refusing(DataError, EvidenceError, OSError):
        setting = _setting(path, seed, people)
        with with_lines(path):
            _run(setting, path, folder, (draws, seed, workers), until)


def _setting(path: Path, seed: int, people: int | None) -> "Setting":
    """The file with its people and plans; people are taken to live in the country of the file.

    people: how many virtual people there are, instead of the number in the file.
    """
    from trabecula.economics.running import Setting
    from trabecula.economics.strategies import read_strategies
    from trabecula.evidence import Evidence

    file = read_strategies(path, Evidence.load())
    everybody: list[Person] = []
    shares: list[float] = []
    if file.population is not None:
        return Setting(file, [], [1.0], {})
    for one in file.people:
        found = [*_represented(one, file, path, seed, people)]
        everybody += [person.model_copy(update={"country": file.country}) for person in found]
        shares += [one.share / len(found)] * len(found)
    return Setting(file, everybody, shares, _plans(file, path))


def _represented(
    one: "RepresentedPeople", file: "StrategyFile", path: Path, seed: int, people: int | None
) -> "Iterator[Person]":
    """The people of one entry: a record, a register, or virtual."""
    if one.file is not None:
        yield read_subject(str(path.parent / one.file), file.begin).person
    elif one.cohort is not None:
        yield from _registered(str(path.parent / one.cohort), file.begin)
    else:
        from trabecula.evidence import Evidence
        from trabecula.people import VirtualRegister

        drawn = VirtualRegister(file.begin, seed, Evidence.load(), countries=(file.country,))
        yield from drawn.people(range(1, (people or one.virtual or 1) + 1))


def _registered(source: str, on: date) -> "Iterator[Person]":
    """Everybody of a register who can be read; how many could not is said."""
    from trabecula.adapters.files import InputError
    from trabecula.adapters.registers import register_of

    with refusing(InputError):
        entries = list(register_of(source, on))
    found = [entry.person for entry in entries if entry.person is not None]
    if not found:
        raise CommandRefused(f"{source}: found nobody who can be read; trabecula cohort validate says why")
    if len(found) < len(entries):
        say(f"{len(entries) - len(found)} of {len(entries)} people of {source} can't be read and are left out.")
    yield from found


def _plans(file: "StrategyFile", path: Path) -> "dict[str, Plan]":
    """The plan of each strategy that has one: of the library, or a file beside the file of strategies."""
    from trabecula.assessment.plans.reading import PlanError, library, read_plan
    from trabecula.data_files import load_yaml

    found = {}
    for strategy in file.strategies:
        if strategy.plan is None:
            continue
        if strategy.plan.endswith(_ENDINGS):
            with refusing(PlanError, OSError, where=strategy.plan):
                found[strategy.name] = read_plan(load_yaml(path.parent / strategy.plan))
        elif strategy.plan in library():
            found[strategy.name] = library()[strategy.plan]
        else:
            names = ", ".join(library())
            raise CommandRefused(f"{path.name}: plan: found {strategy.plan!r}; expected a file, or one of {names}")
    return found


def _run(setting: "Setting", path: Path, folder: Path, how: tuple[int, int, int], until: float | None) -> None:
    """Evaluate, and write what was found; how: draws, seed, processes; until: how well it must be known."""
    draws, seed, workers = how
    from trabecula.assessment.patient_state import NotAssessable
    from trabecula.economics import files, running
    from trabecula.economics.population import read_population
    from trabecula.economics.report import report
    from trabecula.economics.summary import summary, varying_inputs
    from trabecula.fracture import AgeRefused, CountryRefused
    from trabecula.model import Model
    from trabecula.skeleton import DoseRefused, MarchError

    model = Model.default()
    with announcing_compilation(), refusing(AgeRefused, CountryRefused, DoseRefused, MarchError, NotAssessable):
        if setting.file.population is None:
            running.check_people(setting, model)
            folder.mkdir(parents=True, exist_ok=True)
            found = running.evaluate(setting, model, draws, seed, folder / "people", _say, workers, until)
            setting = setting.first(found.people)
        else:
            check_installed("economics run of a population", "pyarrow")
            table = read_population(path.parent / setting.file.population, setting.file)
            folder.mkdir(parents=True, exist_ok=True)
            found = running.evaluate_counted(setting, table, model, draws, seed)
    said = summary(setting, found, model, draws, seed)
    sample = running.model_of(setting.file, model).evidence.draws(draws, seed)
    files.write_bcea(folder, found.outcomes, varying_inputs(found, sample))
    files.write_hesim(folder, found.outcomes)
    write(json.dumps(said, indent=1), folder / RESULT)
    write(report(said), folder / "report.md")
    manifest = {
        "strategies": path.name, "sha256": sha256(path.read_bytes()).hexdigest(), "version": said["version"],
        "draws": draws, "seed": seed, "people": len(setting.people), "parameters_read": list(found.used),
    }  # fmt: skip
    write(json.dumps(manifest, indent=1), folder / MANIFEST)
    say(f"Written to {folder}: report.md, {RESULT}, tables for BCEA and hesim.")


def _say(done: int, of: int) -> None:
    """How far the run is."""
    say(f"{done} of {of} people.")
