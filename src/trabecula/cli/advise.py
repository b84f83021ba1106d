"""`trabecula advise`: what published guidelines say of one person, side by side, and a dated plan."""

import json
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli import loss, reading
from trabecula.cli.assess import Wanted, assess
from trabecula.cli.assess import _answer as answered
from trabecula.cli.errors import Refused, refusing
from trabecula.cli.options import HORIZON_Y
from trabecula.cli.output import STDOUT, check_target, deliver, deliver_json, screen, write

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.assessment import Assessment
    from trabecula.assessment.facts import Frax
    from trabecula.cli.reading import Asked
    from trabecula.guidelines import Advice, Facts
    from trabecula.guidelines.plan import Task

_LIKE_ASSESS = ("file", "on", "country", "draws", "seed", "output")
_HIGHEST = 100.0  # a share in per cent


@dataclass(frozen=True)
class Advised:
    """The answer: what rules read, what they say, and what to do when."""

    facts: "Facts"
    advice: "list[Advice]"
    tasks: "tuple[Task, ...]"


@click.command(
    short_help="What guidelines say of one person, with a dated plan.",
    params=[each for each in assess.params if each.name in _LIKE_ASSESS],
)
@click.option(
    "--guideline", "guidelines", metavar="NAME", multiple=True,
    help="Only this guideline; may be repeated. An unknown name lists those that are known.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown", "ics"]), default="table",
    show_default=True, help="How to answer; ics is the dated plan as a calendar.",
)  # fmt: skip
@click.option("--frax-mof", type=float, help="FRAX, major osteoporotic fracture in 10 years [%].")
@click.option("--frax-hip", type=float, help="FRAX, hip fracture in 10 years [%].")
@click.option(
    "--frax-with-bmd/--frax-without-bmd", default=None, help="Whether FRAX was calculated with bone density."
)
@click.option(
    "--frax-adjusted/--frax-not-adjusted", default=None,
    help="Whether FRAX is adjusted for the steroid dose already.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Also the rules that do not apply (json only).")
def advise(
    file: str, on: date | None, country: str | None, draws: int, seed: int, output: str | None,
    guidelines: tuple[str, ...], form: str, frax_mof: float | None, frax_hip: float | None,
    frax_with_bmd: bool | None, frax_adjusted: bool | None, everything: bool,
) -> None:  # fmt: skip
    """Read published guidelines for one person: what applies and why, what is missing, what to do when.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input. FRAX is taken as you read it off;
    without it our own probability stands in, under its own name.

    \b
    Examples:
      trabecula advise examples/ms_man_58.yaml
      trabecula advise examples/ms_woman_67.yaml --frax-mof 24 --frax-hip 6.1 --guideline nogg_2024
      trabecula advise examples/ms_woman_67.yaml --format ics --output plan.ics
    """
    _check_frax(frax_mof, "--frax-mof")
    _check_frax(frax_hip, "--frax-hip")
    _check_guidelines(guidelines)
    _check_form(form)
    check_target(output, file, "--output")
    from trabecula.assessment.facts import Frax

    frax = Frax(frax_mof, frax_hip, frax_with_bmd, frax_adjusted)
    asked = reading.read(file, on)
    wanted = Wanted(HORIZON_Y, draws, seed, form, output, None, False, country)
    assessment = answered(asked, wanted)
    found = _advised(asked, assessment, frax, guidelines)
    _tell(found, assessment, asked, wanted, everything=everything)


def _check_frax(percent: float | None, option: str) -> None:
    """A probability in per cent."""
    if percent is not None and not 0.0 <= percent <= _HIGHEST:
        raise Refused(
            f"{option}: found {percent:g}; expected a probability in per cent, 0 to 100, for example 12"
        )


def _check_guidelines(names: tuple[str, ...]) -> None:
    """Only guidelines that are there, before anything is computed."""
    from trabecula.guidelines import UnknownGuideline, chosen

    with refusing(UnknownGuideline, where="--guideline"):
        chosen(names)


def _check_form(form: str) -> None:
    """A calendar needs a part that not every installation has."""
    if form == "ics" and find_spec("icalendar") is None:
        raise Refused(
            "--format ics: a calendar needs icalendar, which isn't installed; run"
            " `pip install 'trabecula[report]'`, or choose --format json"
        )


def _advised(asked: "Asked", assessment: "Assessment", frax: "Frax", guidelines: tuple[str, ...]) -> Advised:
    """The facts, every rule's advice, and the plan that follows."""
    from trabecula.assessment.facts import facts
    from trabecula.evidence import Evidence
    from trabecula.guidelines import advise
    from trabecula.guidelines.plan import dated_plan

    known = facts(asked.person, assessment, asked.on, Evidence.load(), frax)
    advice = advise(known, guidelines)
    return Advised(known, list(advice), dated_plan(known, advice))


def _tell(
    found: Advised, assessment: "Assessment", asked: "Asked", wanted: Wanted, *, everything: bool
) -> None:
    """Deliver the advice in the form asked for."""
    if wanted.form == "json":
        deliver_json(_json(found, assessment, everything=everything), wanted.output)
    elif wanted.form == "ics":
        _deliver_calendar(found, asked, wanted.output)
    else:
        _tell_page(found, assessment, asked, wanted)


def _json(found: Advised, assessment: "Assessment", *, everything: bool) -> str:
    """Facts and advice as data."""
    from trabecula.guidelines import to_show
    from trabecula.guidelines.activity_bands import band_of

    shown = found.advice if everything else to_show(found.advice)
    band = band_of(found.facts.edss)
    data = {
        "statement": assessment.statement,
        "date": assessment.date.isoformat(),
        "facts": found.facts.model_dump(mode="json", exclude_none=True),
        "advice": [each.model_dump(mode="json") for each in shown],
        "activity": None if band is None else band.model_dump(mode="json"),
        "tasks": [each.model_dump(mode="json") for each in found.tasks],
    }
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)


def _tell_page(found: Advised, assessment: "Assessment", asked: "Asked", wanted: Wanted) -> None:
    """The page on the terminal or as Markdown."""
    from trabecula.drawing.page import Paragraph
    from trabecula.guidelines import to_show
    from trabecula.guidelines.activity_bands import band_of
    from trabecula.reporting import to_markdown, to_terminal
    from trabecula.reporting.advice import advice_page

    who = f"{assessment.person.line}. {assessment.date.isoformat()}."
    opening = [Paragraph(who), Paragraph(assessment.statement, quiet=True)]
    opening += [Paragraph(line, quiet=True) for line in loss.lines(asked.loss, verbose=wanted.verbose)]
    page = advice_page(to_show(found.advice), opening, found.tasks, band_of(found.facts.edss))
    view = screen(wanted.output)
    text = (
        to_markdown(page) if wanted.form == "markdown" else to_terminal(page, view.width, styled=view.styled)
    )
    deliver(text, wanted.output)


def _deliver_calendar(found: Advised, asked: "Asked", output: str | None) -> None:
    """The dated plan as a calendar."""
    from trabecula.reporting.calendar import to_ics

    text = to_ics(found.tasks, asked.on).decode()
    if output in (None, STDOUT):
        deliver(text, output)
    else:
        write(text, Path(str(output)))
