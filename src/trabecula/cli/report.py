"""`trabecula report`: one page for the clinician and one for the person, to print and hand over.

The name of the file decides the form: HTML that needs no connection, PDF, or Markdown. Each page of a PDF is one sheet
of A4; the sources that its small numbers stand for are written beside it.
An interactive file holds every choice of the library, worked out in advance, and answers "what if" without a program
behind it.
"""

from datetime import date
from pathlib import Path

import click

from trabecula.cli.options import ModelOptions, horizon_option, language_option, model_options, record_argument
from trabecula.cli.output import CommandRefused, check_installed, check_target, deliver, say, write
from trabecula.cli.subject import conditioned, read_subject
from trabecula.reporting import FORMS, READERS


@click.command(short_help="Make a printable report.")
@record_argument
@horizon_option
@model_options
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write it: .html, .pdf or .md.")
@click.option("--for", "reader", type=click.Choice(READERS), default="both", show_default=True, help="Audience.")
@language_option
@click.option("--interactive", is_flag=True, help="One HTML file with every plan calculated in advance.")
@click.option("--quick", is_flag=True, help="Skip contributions and plans (the slow parts).")
def report(
    file: str, horizon: int, on: date | None, country: str | None, stand_in: str | None, draws: int, seed: int,
    output: str, reader: str, language: str, interactive: bool, quick: bool,
) -> None:  # fmt: skip
    """Make a report for one person: a clinician page and a plain-language patient page.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input. No data leave this computer, and the
    report works offline. As PDF each page is one sheet of A4, and the sources are a second file beside it.

    \b
    Examples:
      trabecula report examples/ms_woman_44.yaml -o report.html
      trabecula report examples/ms_woman_44.yaml -o page.pdf --for person --language de
      trabecula report examples/ms_woman_44.yaml -o choices.html --interactive
    """
    form = _form(output, interactive, quick)
    check_target(output, file, "--output")
    check_installed("report", *FORMS[form])
    with conditioned(read_subject(file, on), ModelOptions(horizon, draws, seed, country, stand_in)) as known:
        from trabecula.door.writing import ReportForm, written

        found = written(known, ReportForm(form, reader, language, quick, interactive), Path(output), say)
    for path, made in found.items():
        write(made, path) if isinstance(made, bytes) else deliver(made, str(path))
        say(f"Written: {path}")


def _form(output: str, interactive: bool, quick: bool) -> str:
    """The form that the name of the file asks for; refuses names and options that do not go together."""
    form = Path(output).suffix.lower()
    if form not in FORMS:
        raise CommandRefused(f"--output: found {output}; expected a name that ends in {', '.join(FORMS)}")
    if interactive and form != ".html":
        raise CommandRefused(f"--interactive: found {output}; expected a name that ends in .html")
    if interactive and quick:
        raise CommandRefused("--interactive: found with --quick, which skips the plans; remove one of the two")
    return form
