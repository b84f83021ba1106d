"""`trabecula assess`: one person, answered.

Record to subject, subject to patient state, patient state to assessment: the same four steps as everywhere. A table is
for a terminal, Markdown for a file that people read, JSON for programs: its fields never change with the language, its
sentences do.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import ModelOptions, answer_options, horizon_option, model_options, record_argument
from trabecula.cli.output import check_apart, check_target, deliver_json, deliver_page, refusing, say
from trabecula.cli.subject import Subject, conditioned, loss_lines, read_subject

if TYPE_CHECKING:  # imported when the command runs, so that help comes at once
    from trabecula.assessment import Assessment
    from trabecula.assessment.follow_up import EarlierAnswer


@dataclass(frozen=True)
class AssessOptions:
    """How to answer, beside what the model is asked (`ModelOptions`)."""

    form: str
    """table, json or markdown."""
    output: str | None
    """A file; None, or a hyphen, for standard output."""
    language: str
    loss_report: str | None
    """A file for what was read and left out of a FHIR Bundle."""
    verbose: bool
    """Whether everything about that is told, or reasons and numbers."""
    causes: bool
    """Whether the causes are worked out, a counterfactual life for each set of them."""
    since: str | None
    """A file with an earlier answer, to say what changed and why."""
    full: bool
    """Whether the table has everything, or what fits a screen of 24 lines."""


@click.command(short_help="Assess one person.")
@record_argument
@horizon_option
@model_options
@answer_options()
@click.option(
    "--loss-report", metavar="FILE", help="Write a report of what was read and ignored in a FHIR Bundle, as JSON."
)
@click.option("--causes", is_flag=True, help="Show each factor's contribution (takes a few seconds longer).")
@click.option("--since", metavar="OLD.json", help="Show what changed since an earlier --format json output, and why.")
@click.option("--full", is_flag=True, help="Show everything: all sites and years, guidelines, the plan, missing data.")
@click.option("--verbose", is_flag=True, help="Report in full how a FHIR Bundle was read.")
def assess(
    file: str, horizon: int, on: date | None, form: str, country: str | None, stand_in: str | None, language: str,
    output: str | None, draws: int, seed: int, loss_report: str | None, causes: bool, since: str | None, verbose: bool,
    full: bool,
) -> None:  # fmt: skip
    """Assess one person: the conclusion first, then fracture risk, falls and bone density.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input.

    \b
    Examples:
      trabecula assess examples/ms_woman_44.yaml
      trabecula assess bundle.json --date 2026-11-22 --format json --output answer.json
      trabecula assess examples/ms_woman_44.yaml --full --causes
      cat record.yaml | trabecula assess - --horizon 5
    """
    options = AssessOptions(form, output, language, loss_report, verbose, causes, since, full)
    check_target(output, file, "--output")
    check_target(loss_report, file, "--loss-report")
    check_apart(output, loss_report)
    subject = read_subject(file, on)
    answer = _answer(subject, ModelOptions(horizon, draws, seed, country, stand_in), options)
    _deliver(answer, subject, options)


def assessed(subject: Subject, model: ModelOptions) -> "Assessment":
    """The assessment of a person, without its causes; refusals of the model become one message.

    For commands that build on an assessment.
    """
    with conditioned(subject, model) as known:
        from trabecula.assessment.answer import answered

        return answered(known)


def _answer(subject: Subject, model: ModelOptions, options: AssessOptions) -> "Assessment":
    """The assessment, with its causes and what changed since an earlier one where that is asked for.

    The earlier answer is read first: a file that is none should be told before anybody waits.
    """
    earlier = _earlier(options.since) if options.since else None
    with conditioned(subject, model) as known:
        from trabecula.assessment.answer import answered

        answer = answered(known)
        if options.causes:
            from trabecula.assessment.causes import causes

            answer = answer.model_copy(update={"causes": causes(known)})
        if earlier is None:
            return answer
        from trabecula.assessment.follow_up import FollowUpError, follow_up

        with refusing(FollowUpError, where="--since"):
            return answer.model_copy(update={"since": follow_up(earlier, known, answer)})


def _earlier(path: str) -> "EarlierAnswer":
    """An earlier answer from its file."""
    from trabecula.adapters.files import InputError, read_data
    from trabecula.assessment.follow_up import FollowUpError, read_earlier
    from trabecula.words.message import Message

    with refusing(InputError), refusing(FollowUpError, where=f"--since {path}"):
        return read_earlier(read_data(path, Message("expected.an_answer_in_json")))


def _deliver(answer: "Assessment", subject: Subject, options: AssessOptions) -> None:
    """Deliver the answer in the form asked for."""
    from trabecula.words.language import language as language_of

    lang = language_of(options.language)
    lines = tuple(map(lang.say, loss_lines(subject.loss, verbose=options.verbose)))
    _deliver_loss(subject, options, lines)
    if options.form == "json":
        text = answer.model_dump_json(indent=2, context={"language": options.language})
        deliver_json(text, options.output)
        return
    from trabecula.reporting.assessment import assessment_page
    from trabecula.reporting.short import short_page

    short = options.form == "table" and not options.full
    page = (short_page if short else assessment_page)(answer, lines, options.language)
    deliver_page(page, options.form, options.output)


def _deliver_loss(subject: Subject, options: AssessOptions, lines: tuple[str, ...]) -> None:
    """The loss report: into its file, and beside JSON, which has no place for it, on standard error."""
    if options.loss_report and subject.loss is None:
        say("No loss report written: the input is not a FHIR Bundle, and all of it was read.")
    if options.loss_report and subject.loss is not None:
        said = {"language": options.language}
        deliver_json(subject.loss.model_dump_json(indent=2, context=said), options.loss_report)
    if options.form == "json" and lines:
        say("\n".join(lines))
