"""`trabecula cohort score`: everybody of a register in a table of scores."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from trabecula.cli.options import (
    FEWEST_DRAWS,
    MOST_DRAWS,
    IsoDate,
    WholeNumber,
    language_option,
    seed_option,
    whole_option,
)
from trabecula.cli.output import STDOUT, CommandInterrupted, CommandRefused, check_installed, refusing, say, write
from trabecula.register.sizes import DRAWS, FINE_DRAWS

_MOST_WORKERS = 512
_STEP_S, _SECONDS_A_MINUTE = 5.0, 60.0
"""Seconds between two lines of progress."""


@click.command(short_help="Score every person of a register.")
@click.argument("source", metavar="SOURCE")
@click.option("-o", "--output", metavar="FILE", required=True, help="The table of scores, as Parquet.")
@click.option(
    "--date", "on", metavar="YYYY-MM-DD", type=IsoDate(), help="Assessment date of everybody. [default: today]"
)
@whole_option("draws", "a number of draws", FEWEST_DRAWS, MOST_DRAWS, DRAWS, "Draws behind everybody's intervals.")
@whole_option("fine-draws", "a number of draws", FEWEST_DRAWS, MOST_DRAWS, FINE_DRAWS, "Draws of the highest ranked.")
@click.option(
    "--highest", type=WholeNumber("a number of people", 0, None, "--highest 500"),
    help="How many of the highest ranked get all causes and finer draws. [default: one of ten, at most 500]",
)  # fmt: skip
@whole_option("workers", "a number of processes", 0, _MOST_WORKERS, 0, "Processes; 0: one a core.")
@click.option("--mapping", metavar="FILE", help="YAML with the names of a table's columns; written if it is not there.")
@seed_option("Random seed: the same seed gives the same result.")
@language_option
def score(
    source: str, output: str, on: date | None, draws: int, fine_draws: int, highest: int | None, workers: int,
    mapping: str | None, seed: int, language: str,
) -> None:  # fmt: skip
    """Score every person of SOURCE: risks, conclusion, next action, scans and injections that are late, gaps.

    SOURCE is an Excel workbook, a CSV file or a folder of them, a folder or file of records (YAML, JSON, FHIR), a FHIR
    bulk export, or an OMOP database; which one is told by what is in it. People in are people scored and people
    refused, each with the reason. A run that was stopped goes on when the command is repeated. Beside FILE stands a
    manifest (.json) with versions, hashes and counts; it names nobody.

    \b
    Examples:
      trabecula cohort score people.xlsx -o scores.parquet
      trabecula cohort score export/ -o scores.parquet --date 2026-11-22 --workers 2
    """
    check_installed("cohort score", "pyarrow")
    target = Path(output)
    _check_output(target)
    from trabecula.adapters.files import InputError
    from trabecula.adapters.registers import register_of
    from trabecula.register import Scoring, run
    from trabecula.register.chunks import RunRefused

    day = on or date.today()
    if on is None:
        say(f"Assessed for today, {day.isoformat()}; --date sets another day.")
    with refusing(InputError):
        register = register_of(source, day, Path(mapping) if mapping else None)
    _report(register, mapping, language)
    scoring = Scoring(day, draws, seed, highest, fine_draws)
    try:
        with refusing(RunRefused, InputError):
            found = run(register, scoring, target, workers, _Watch(language))
    except KeyboardInterrupt:
        raise CommandInterrupted("stopped; what is finished is kept, repeat the command to go on.") from None
    _tell(found, target, language)


def _report(register: Any, mapping: str | None, code: str) -> None:
    """How a table was understood; the mapping is written where it is not there yet."""
    from trabecula.adapters.files import InputError
    from trabecula.words.language import language

    if not hasattr(register, "report"):
        return
    with refusing(InputError):
        lines = register.report()
    say("\n".join(map(language(code).say, lines)))
    if mapping and not Path(mapping).exists():
        write(register.mapping_text, Path(mapping))


def _check_output(target: Path) -> None:
    """Refuse a place that cannot be written before anybody is scored."""
    if str(target) == STDOUT or target.suffix != ".parquet":
        raise CommandRefused(
            f"--output: found {target}; expected a name ending in .parquet, for example scores.parquet"
        )
    if not target.parent.is_dir():
        raise CommandRefused(f"--output: found the folder {target.parent}, which does not exist; create it")


class _Watch:
    """Progress on standard error: a line every few seconds, with the time left."""

    def __init__(self, code: str) -> None:
        from trabecula.words.language import language

        self._lang, self._told, self._stage = language(code), 0.0, ""

    def __call__(self, far: "object") -> None:
        """How far the run has come."""
        from trabecula.register import HowFar

        assert isinstance(far, HowFar)
        is_end = far.size is not None and far.done >= far.size
        if far.stage == self._stage and far.seconds - self._told < _STEP_S and not is_end:
            return
        self._stage, self._told = far.stage, far.seconds
        left = far.seconds_left
        values = {"done": far.done, "size": far.size or 0, "minutes": round((left or 0.0) / _SECONDS_A_MINUTE, 1)}
        name = far.stage if far.size is None or left is None else f"{far.stage}_left"
        say(self._lang.text(f"cohort.progress.{name}", **values))


def _tell(found: dict[str, object], target: Path, code: str) -> None:
    """What was done, in a line or two."""
    from trabecula.words.language import language

    people = found["people"]
    assert isinstance(people, dict)
    lang = language(code)
    values = {"people": people["in"], "scored": people["scored"], "refused": people["refused"]}
    say(lang.text("cohort.scored", file=str(target), **values))
    if people["refused"]:
        say(lang.text("cohort.see_refused"))
