"""`trabecula report`: one page for the clinician and one for the person, to print and hand over.

The name of the file decides the form: HTML that needs no connection, PDF, or Markdown. An interactive file holds every
choice of the library, worked out in advance, and answers "what if" without a program behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import ModelOptions, horizon_option, language_option, model_options, record_argument
from trabecula.cli.output import CommandRefused, check_installed, check_target, deliver, say, write
from trabecula.cli.subject import conditioned, read_subject

if TYPE_CHECKING:  # imported when the command runs, so that help comes at once
    from trabecula.assessment import Assessment
    from trabecula.assessment.patient_state import PatientState
    from trabecula.assessment.plans.plan import Plan
    from trabecula.assessment.results import Comparison
    from trabecula.person import Person

_FORMS = (".html", ".pdf", ".md")
_READERS = ("clinician", "person", "both")
_ON_PAPER = (
    "exercise", "falls-programme", "calcium-vitamin-d", "stop-smoking", "steroid-sparing", "alendronate", "zoledronate",
    "denosumab", "stop-denosumab", "denosumab-then-zoledronate", "pulses-yearly",
)  # fmt: skip
"""The choices of a printed page, in its order; `--interactive` works out the whole library."""


@dataclass(frozen=True)
class ReportOptions:
    """What is written, for whom, and in which language."""

    form: str
    """Of the file, as its name ends: .html, .pdf or .md."""
    output: str
    reader: str
    """clinician, person or both."""
    language: str
    quick: bool
    """Without causes and choices, which take most of the time."""
    interactive: bool
    """With every choice of the library, for one HTML file."""


@dataclass(frozen=True)
class ReportContent:
    """What a report is made from; a quick one has no comparison."""

    person: "Person"
    assessment: "Assessment"
    comparison: "Comparison | None"


@click.command(short_help="Make a printable report.")
@record_argument
@horizon_option
@model_options
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write it: .html, .pdf or .md.")
@click.option("--for", "reader", type=click.Choice(_READERS), default="both", show_default=True, help="Audience.")
@language_option
@click.option("--interactive", is_flag=True, help="One HTML file with every plan calculated in advance.")
@click.option("--quick", is_flag=True, help="Skip contributions and plans (the slow parts).")
def report(
    file: str, horizon: int, on: date | None, country: str | None, stand_in: str | None, draws: int, seed: int,
    output: str, reader: str, language: str, interactive: bool, quick: bool,
) -> None:  # fmt: skip
    """Make a report for one person: a clinician page and a plain-language patient page.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input. No data leave this computer, and the
    report works offline.

    \b
    Examples:
      trabecula report examples/ms_woman_44.yaml -o report.html
      trabecula report examples/ms_woman_44.yaml -o page.pdf --for person --language de
      trabecula report examples/ms_woman_44.yaml -o choices.html --interactive
    """
    form = _form(output, interactive, quick)
    check_target(output, file, "--output")
    _check_installed(form)
    options = ReportOptions(form, output, reader, language, quick, interactive)
    with conditioned(read_subject(file, on), ModelOptions(horizon, draws, seed, country, stand_in)) as known:
        content = _content(known, options)
    _deliver(content, options)


def _form(output: str, interactive: bool, quick: bool) -> str:
    """The form that the name of the file asks for; refuses names and options that do not go together."""
    form = Path(output).suffix.lower()
    if form not in _FORMS:
        raise CommandRefused(f"--output: found {output}; expected a name that ends in {', '.join(_FORMS)}")
    if interactive and form != ".html":
        raise CommandRefused(f"--interactive: found {output}; expected a name that ends in .html")
    if interactive and quick:
        raise CommandRefused("--interactive: found with --quick, which skips the plans; remove one of the two")
    return form


def _check_installed(form: str) -> None:
    """Say what to install before anything is computed."""
    check_installed("report", "jinja2", "matplotlib", *(["weasyprint"] if form == ".pdf" else []))


def _content(known: "PatientState", options: ReportOptions) -> ReportContent:
    """The assessment with its causes, and the choices."""
    from trabecula.assessment.answer import answered

    assessment = answered(known)
    if options.quick:
        return ReportContent(known.person, assessment, None)
    from trabecula.assessment.causes import causes

    say("Calculating contributions ...")
    assessment = assessment.model_copy(update={"causes": causes(known)})
    return ReportContent(known.person, assessment, _choices(known, options))


def _choices(known: "PatientState", options: ReportOptions) -> "Comparison":
    """The choices of the library that this person has."""
    from trabecula.assessment.compare import compare
    from trabecula.assessment.plans.reading import library

    plans = library()
    names = [*plans] if options.interactive else [name for name in _ON_PAPER if name in plans]
    chosen = _open_to(known.person, known.on, [plans[name] for name in names])
    say(f"Calculating {len(chosen)} plans ...")
    return compare(known, chosen)


def _open_to(person: "Person", on: date, plans: "Sequence[Plan]") -> "list[Plan]":
    """The plans that mean something for a person: who does not take what a plan stops would see it change nothing."""
    taken = {drug.generic for drug in person.medicines if drug.start <= on < (drug.end or date.max)}
    return [plan for plan in plans if {*plan.stop} <= taken]


def _deliver(content: ReportContent, options: ReportOptions) -> None:
    """Write the report in its form."""
    if options.form == ".md":
        deliver(_markdown(content, options), options.output)
    elif options.form == ".pdf":
        from trabecula.reporting.html import to_pdf

        write(to_pdf(_page(content, options)), Path(options.output))
    else:
        deliver(_page(content, options), options.output)
    say(f"Written: {options.output}")


def _page(content: ReportContent, options: ReportOptions) -> str:
    """The report as HTML."""
    from trabecula.reporting import html

    found, lang = content.assessment, options.language
    if options.interactive and content.comparison is not None:
        return html.page_interactive(found, content.comparison, lang, content.person)
    pages = {"clinician": html.page_clinician, "person": html.page_person, "both": html.page_both}
    return pages[options.reader](found, lang, content.person, content.comparison)


def _markdown(content: ReportContent, options: ReportOptions) -> str:
    """The report as Markdown."""
    from trabecula.reporting.html import markdown_pages

    readers = ("clinician", "person") if options.reader == "both" else (options.reader,)
    return markdown_pages(content.assessment, options.language, content.person, content.comparison, readers)
