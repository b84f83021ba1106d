"""`trabecula assess`: one person, answered."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from trabecula.cli import loss, reading
from trabecula.cli.errors import Refused, refusing, say
from trabecula.cli.options import (
    DRAWS,
    FEWEST_DRAWS,
    HORIZON_Y,
    LARGEST_SEED,
    MOST_DRAWS,
    SEED,
    IsoDate,
    Whole,
)
from trabecula.cli.output import check_apart, check_target, deliver, deliver_json, screen

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.assessment import Assessment
    from trabecula.assessment.follow_up import Earlier
    from trabecula.assessment.patient_state import PatientState
    from trabecula.cli.reading import Asked
    from trabecula.evidence import Evidence


@dataclass(frozen=True)
class Wanted:
    """What the options ask for."""

    horizon_y: int
    draws: int
    seed: int
    form: str
    output: str | None
    loss_report: str | None
    verbose: bool
    country: str | None
    causes: bool = False
    since: str | None = None


@click.command(short_help="Assess one person.")
@click.argument("file", metavar="FILE")
@click.option(
    "--horizon", metavar="YEARS", type=Whole("a whole number of years", 1, None, "--horizon 10"), default=HORIZON_Y,
    show_default=True, help="How far ahead to look.",
)  # fmt: skip
@click.option(
    "--date",
    "on",
    metavar="YYYY-MM-DD",
    type=IsoDate(),
    help="Day of assessment. [default: the record's, else today]",
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True,
    help="How to answer.",
)  # fmt: skip
@click.option(
    "--country", type=click.Choice(["US", "UK", "SE"]),
    help="Fracture and death rates to use instead of the record's country.",
)  # fmt: skip
@click.option("--output", metavar="FILE", help="Write the answer to a file instead of printing it.")
@click.option(
    "--draws", type=Whole("a number of draws", FEWEST_DRAWS, MOST_DRAWS, "--draws 200"), default=DRAWS,
    show_default=True, help="Draws of all uncertain numbers behind the intervals.",
)  # fmt: skip
@click.option(
    "--seed", type=Whole("a whole number", 0, LARGEST_SEED, "--seed 1"), default=SEED, show_default=True,
    help="Key of the draws: the same seed gives the same answer.",
)  # fmt: skip
@click.option(
    "--loss-report", metavar="FILE", help="Write what was read and left out of a FHIR Bundle, as JSON."
)
@click.option("--causes", is_flag=True, help="Say how much each cause contributes (takes some seconds more).")
@click.option(
    "--since", metavar="OLD.json", help="Say what changed since an earlier answer of --format json, and why."
)
@click.option("--verbose", is_flag=True, help="Say everything about how a FHIR Bundle was read.")
def assess(
    file: str, horizon: int, on: date | None, form: str, output: str | None, draws: int, seed: int,
    loss_report: str | None, verbose: bool, country: str | None, causes: bool, since: str | None,
) -> None:  # fmt: skip
    """Assess one person: bone density, the chance of breaking a bone, falls, and what was missing.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input.

    \b
    Examples:
      trabecula assess examples/ms_woman_44.yaml
      trabecula assess bundle.json --date 2026-11-22 --format json --output answer.json
      trabecula assess examples/ms_woman_44.yaml --causes
      cat record.yaml | trabecula assess - --horizon 5
    """
    wanted = Wanted(horizon, draws, seed, form, output, loss_report, verbose, country, causes, since)
    check_target(output, file, "--output")
    check_target(loss_report, file, "--loss-report")
    check_apart(output, loss_report)
    asked = reading.read(file, on)
    answer = _answer(asked, wanted)
    _tell(answer, asked, wanted)


def _answer(asked: "Asked", wanted: Wanted) -> "Assessment":
    """The assessment; refusals of the model become one message."""
    from trabecula.evidence import Evidence, EvidenceError

    with refusing(EvidenceError):
        evidence = Evidence.load()
        check_horizon(asked, wanted.horizon_y, evidence)
    announce_compiling()
    from trabecula.assessment.answer import answered
    from trabecula.assessment.patient_state import NotAssessable, prepare
    from trabecula.fracture import AgeRefused, CountryRefused
    from trabecula.skeleton import DoseRefused, MarchError

    earlier = _earlier(wanted.since) if wanted.since else None
    person = asked.person.model_copy(update={"country": wanted.country}) if wanted.country else asked.person
    with refusing(AgeRefused, CountryRefused, DoseRefused, MarchError, EvidenceError, NotAssessable):
        known = prepare(person, asked.on, evidence, wanted.draws, wanted.seed, float(wanted.horizon_y))
        answer = answered(known)
        if wanted.causes:
            from trabecula.assessment.causes import causes

            answer = answer.model_copy(update={"causes": causes(known)})
        return answer if earlier is None else _compared(answer, earlier, known)


def _earlier(path: str) -> "Earlier":
    """An earlier answer from its file."""
    from trabecula.adapters.files import InputError, read_data
    from trabecula.assessment.follow_up import SinceError, read_earlier

    with refusing(InputError), refusing(SinceError, where=f"--since {path}"):
        return read_earlier(read_data(path, "an answer in JSON"))


def _compared(answer: "Assessment", earlier: "Earlier", known: "PatientState") -> "Assessment":
    """The answer with what changed since an earlier one."""
    from trabecula.assessment.follow_up import SinceError, since

    with refusing(SinceError, where="--since"):
        return answer.model_copy(update={"since": since(earlier, known, answer)})


def check_horizon(asked: "Asked", horizon_y: int, evidence: "Evidence") -> None:
    """The tables of fractures and death end at a great age."""
    from trabecula.units import days_since_birth, years

    last_y = evidence.scalar("mortality.lifetime_until")
    left_y = int(last_y - years(days_since_birth(asked.on, asked.person.birth_date)))
    if horizon_y > left_y:
        raise Refused(
            f"--horizon: found {horizon_y}; expected at most {left_y} years, because the tables of fracture and"
            f" death end at an age of {last_y:.0f}; choose a shorter horizon (the lifetime is always shown)"
        )


def announce_compiling() -> None:
    """Say why the first run takes longer."""
    from trabecula.cli.compiling import is_compiled

    if not is_compiled():
        say("Compiling the skeleton's kernel, once (about 15 s) ...")


def _tell(answer: "Assessment", asked: "Asked", wanted: Wanted) -> None:
    """Deliver the answer in the form asked for."""
    _tell_loss(asked, wanted)
    if wanted.form == "json":
        deliver_json(answer.model_dump_json(indent=2), wanted.output)
        return
    from trabecula.reporting import assessment_page, to_markdown, to_terminal

    page = assessment_page(answer, loss.lines(asked.loss, verbose=wanted.verbose))
    view = screen(wanted.output)
    text = (
        to_markdown(page) if wanted.form == "markdown" else to_terminal(page, view.width, styled=view.styled)
    )
    deliver(text, wanted.output)


def _tell_loss(asked: "Asked", wanted: Wanted) -> None:
    """The loss report: into its file, and beside JSON, which has no place for it, on standard error."""
    if wanted.loss_report and asked.loss is None:
        say("No loss report was written: the record is no FHIR Bundle, and everything in it was read.")
    if asked.loss is None:
        return
    if wanted.loss_report:
        deliver_json(asked.loss.model_dump_json(indent=2), wanted.loss_report)
    if wanted.form == "json":
        say("\n".join(loss.lines(asked.loss, verbose=wanted.verbose)))
