"""`trabecula advise`: what published guidelines say of one person, side by side, and a dated plan.

The assessment comes first, since rules read chances, densities and doses from it (`assessment.facts`); the rules are
then read over these facts (`guidelines`), and what they ask for is put in order and dated (`guidelines.plan`). Nothing
is simulated for a rule alone.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.assess import assessed
from trabecula.cli.options import HORIZON_Y, ModelOptions, answer_options, model_options, record_argument
from trabecula.cli.output import (
    STDOUT,
    CommandRefused,
    check_installed,
    check_target,
    deliver,
    deliver_json,
    deliver_page,
    refusing,
    write,
)
from trabecula.cli.subject import Subject, loss_lines, read_subject

if TYPE_CHECKING:  # imported when the command runs, so that help comes at once
    from trabecula.door.results import GuidelineAdvice

_HIGHEST = 100.0
"""A probability in per cent."""


@dataclass(frozen=True)
class AdviseOptions:
    """Output format."""

    form: str
    """table, json, markdown or ics."""
    output: str | None
    language: str


@click.command(short_help="Guideline advice for one person, with a dated plan.")
@record_argument
@model_options
@click.option(
    "--guideline", "guidelines", metavar="NAME", multiple=True,
    help="Use only this guideline; may be repeated. An unknown name prints the list.",
)  # fmt: skip
@answer_options("ics")
@click.option("--frax-mof", type=float, help="FRAX, major osteoporotic fracture in 10 years [%].")
@click.option("--frax-hip", type=float, help="FRAX, hip fracture in 10 years [%].")
@click.option("--frax-with-bmd/--frax-without-bmd", default=None, help="Whether FRAX used femoral neck BMD.")
@click.option(
    "--frax-adjusted/--frax-not-adjusted", default=None,
    help="Whether FRAX is already adjusted for steroid dose.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Include rules that do not apply (json only).")
def advise(
    file: str, on: date | None, country: str | None, stand_in: str | None, language: str, output: str | None,
    draws: int, seed: int, guidelines: tuple[str, ...], form: str, frax_mof: float | None, frax_hip: float | None,
    frax_with_bmd: bool | None, frax_adjusted: bool | None, everything: bool,
) -> None:  # fmt: skip
    """Read published guidelines for one person: what applies and why, what is missing, what to do when.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input. Enter FRAX as the calculator gives
    it; without it Trabecula's own probability is used and labelled as such.

    \b
    Examples:
      trabecula advise examples/ms_man_58.yaml
      trabecula advise examples/ms_woman_67.yaml --frax-mof 24 --frax-hip 6.1 --guideline nogg_2024
      trabecula advise examples/ms_woman_67.yaml --format ics --output plan.ics
    """
    _check_frax(frax_mof, "--frax-mof")
    _check_frax(frax_hip, "--frax-hip")
    from trabecula.guidelines import UnknownGuideline, chosen

    with refusing(UnknownGuideline, where="--guideline"):
        chosen(guidelines)
    _check_form(form)
    check_target(output, file, "--output")
    from trabecula.assessment.facts import Frax

    frax = Frax(frax_mof, frax_hip, frax_with_bmd, frax_adjusted)
    subject = read_subject(file, on)
    assessment = assessed(subject, ModelOptions(HORIZON_Y, draws, seed, country, stand_in))
    from trabecula.door.answers import advice_on
    from trabecula.evidence import Evidence

    everything = everything and form == "json"
    found = advice_on(assessment, subject.person, Evidence.load(), frax, guidelines, everything=everything)
    _deliver(found, subject, AdviseOptions(form, output, language))


def _check_frax(percent: float | None, option: str) -> None:
    """Refuse what is no probability in per cent, the unit in which FRAX is read off its page."""
    if percent is not None and not 0.0 <= percent <= _HIGHEST:
        raise CommandRefused(
            f"{option}: found {percent:g}; expected a probability in per cent, 0 to 100, for example 12"
        )


def _check_form(form: str) -> None:
    """A calendar needs a part that not every installation has."""
    if form == "ics":
        check_installed("--format ics", "icalendar", otherwise="choose --format json")


def _deliver(found: "GuidelineAdvice", subject: Subject, options: AdviseOptions) -> None:
    """Deliver the advice in the form asked for."""
    if options.form == "json":
        text = json.dumps(found.to_dict(options.language), indent=2, ensure_ascii=False, allow_nan=False)
        deliver_json(text, options.output)
    elif options.form == "ics":
        _deliver_calendar(found, subject, options)
    else:
        _deliver_page(found, subject, options)


def _deliver_page(found: "GuidelineAdvice", subject: Subject, options: AdviseOptions) -> None:
    """The page on the terminal or as Markdown."""
    from trabecula.reporting.advice import advice_opening, advice_page
    from trabecula.words.language import language as language_of

    assessment = found.assessment
    lines = tuple(map(language_of(options.language).say, loss_lines(subject.loss, verbose=False)))
    opening = advice_opening(assessment, lines, options.language)
    page = advice_page(found.advice, opening, found.tasks, found.activity, options.language)
    deliver_page(page, options.form, options.output)


def _deliver_calendar(found: "GuidelineAdvice", subject: Subject, options: AdviseOptions) -> None:
    """The dated plan as a calendar."""
    from trabecula.reporting.calendar import to_ics

    text = to_ics(found.tasks, subject.on, options.language).decode()
    if options.output in (None, STDOUT):
        deliver(text, options.output)
    else:
        write(text, Path(str(options.output)))
