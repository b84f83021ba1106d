"""`trabecula export`: a person as FHIR R4, for a record system or a registry that reads it."""

from datetime import date
from pathlib import Path

import click

from trabecula.cli.options import ModelOptions, horizon_option, language_option, model_options, record_argument
from trabecula.cli.output import CommandRefused, check_installed, say, write
from trabecula.cli.subject import conditioned, read_subject


@click.command(short_help="Write a person as FHIR R4.")
@record_argument
@click.option("--to", "to", type=click.Choice(["fhir"]), required=True, help="Format.")
@horizon_option
@model_options
@click.option("-o", "--output", metavar="DIR", required=True, help="Folder to write to; it is made if it is not there.")
@click.option("--record-only", is_flag=True, help="The record alone, without what is calculated.")
@language_option
def export(
    file: str, to: str, horizon: int, on: date | None, country: str | None, stand_in: str | None, draws: int, seed: int,
    output: str, record_only: bool, language: str,
) -> None:  # fmt: skip
    """Write a person as a FHIR R4 Bundle: the record, risks and scores, proposals, the report and where it is all from.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input. The folder then has bundle.json and
    loss.json, which lists what other systems will not read. Proposals are drafts: nothing is ordered.

    \b
    Examples:
      trabecula export examples/ms_woman_67.yaml --to fhir -o out
      trabecula export examples/ms_woman_67.yaml --to fhir -o out --record-only
    """
    del to  # the only one so far
    target = _folder(output)
    subject = read_subject(file, on)
    if record_only:
        from trabecula.adapters.fhir.writing import write_bundle  # start-up time

        written = write_bundle(subject.person, subject.on)
    else:
        check_installed("export", "jinja2", "matplotlib", otherwise="add --record-only")
        with conditioned(subject, ModelOptions(horizon, draws, seed, country, stand_in)) as known:
            from trabecula.assessment.answer import answered
            from trabecula.door.exporting import bundle_of

            written = bundle_of(answered(known), known.person, language)
    from trabecula.door.exporting import files

    target.mkdir(parents=True, exist_ok=True)
    for name, text in files(written, language).items():
        write(text, target / name)
    say(f"Written: {target} ({len(written.bundle['entry'])} resources; loss.json lists what others will not read)")


def _folder(output: str) -> Path:
    """The folder, unless it cannot be one."""
    target = Path(output)
    if target.exists() and not target.is_dir():
        raise CommandRefused(f"--output: found {output}, a file; expected a folder; choose another")
    if not target.exists() and not target.absolute().parent.is_dir():
        raise CommandRefused(f"--output: found {output}, in a folder that is not there; create it, or choose another")
    return target
