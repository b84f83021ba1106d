"""`trabecula letter`: a draft of a letter to whoever goes on with the care.

Without a file the text is printed, to be pasted into the clinic's own letter; the name of a file decides the form:
text, HTML that can be changed in the browser, or PDF.
"""

from datetime import date
from pathlib import Path

import click

from trabecula.cli.options import HORIZON_Y, ModelOptions, language_option, model_options, record_argument
from trabecula.cli.output import CommandRefused, check_installed, check_target, deliver, say, write
from trabecula.cli.subject import conditioned, read_subject
from trabecula.reporting import ADDRESSEES, LETTER_FORMS

_TEXT = ".txt"


@click.command(short_help="Draft a letter to general practice, DXA unit, fracture liaison service or dentist.")
@record_argument
@click.option("--to", "to", type=click.Choice(ADDRESSEES), required=True, help="Recipient.")
@model_options
@language_option
@click.option("-o", "--output", metavar="FILE", help="Write it to a file: .txt, .html or .pdf.")
def letter(
    file: str, to: str, on: date | None, country: str | None, stand_in: str | None, draws: int, seed: int,
    language: str, output: str | None,
) -> None:  # fmt: skip
    """Draft a letter about one person: findings with their codes, what is asked, and by when.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input. The letter says only what the record
    and the assessment say; the sender's lines are left empty, and text and HTML can be edited. ICD-10 and SNOMED CT
    codes are written where they are mapped; those with a star were quoted from memory.

    \b
    Examples:
      trabecula letter examples/ms_woman_67.yaml --to gp
      trabecula letter examples/ms_man_58.yaml --to dxa -o letter.pdf --language de
      trabecula letter examples/ms_woman_67.yaml --to dentist -o letter.html
    """
    form = _form(output)
    check_target(output, file, "--output")
    check_installed("letter", *LETTER_FORMS[form])
    with conditioned(read_subject(file, on), ModelOptions(HORIZON_Y, draws, seed, country, stand_in)) as known:
        from trabecula.assessment.answer import answered
        from trabecula.reporting.letter import letter as drafted
        from trabecula.reporting.letter import to_text
        from trabecula.words.language import language as spoken

        found = drafted(answered(known), known.person, to, spoken(language))
    if form == _TEXT:
        deliver(to_text(found), output)
        return
    from trabecula.reporting.html import page_letter, to_pdf

    page, target = page_letter(found), Path(str(output))
    write(to_pdf(page) if form == ".pdf" else page, target)
    say(f"Written: {target}")


def _form(output: str | None) -> str:
    """The form that the name of the file asks for; text where there is none."""
    form = _TEXT if output in (None, "-") else Path(str(output)).suffix.lower()
    if form not in LETTER_FORMS:
        raise CommandRefused(f"--output: found {output}; expected a name that ends in {', '.join(LETTER_FORMS)}")
    return form
