"""`trabecula cohort template`: an empty workbook to fill in."""

from pathlib import Path

import click

from trabecula.cli.output import CommandRefused, check_installed, say


@click.command(short_help="Write an empty workbook to fill in.")
@click.option("-o", "--output", metavar="FILE", required=True, help="A workbook (.xlsx), or a folder for CSV files.")
def template(output: str) -> None:
    """Write empty tables: people, EDSS, steroid courses, scans, medicines, injections, fractures, falls, blood tests.

    Only id, birth_date and sex are needed; what is left empty is unknown. Your own workbook needs no template: columns
    are recognised by their names in English, German and Italian, and --mapping names the others.

    \b
    Examples:
      trabecula cohort template -o people.xlsx
      trabecula cohort template -o people/
    """
    target = Path(output)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise CommandRefused(f"--output: found {output}, which is there already; choose another name")
    from trabecula.adapters.table.writing import template as empty
    from trabecula.adapters.table.writing import write_csv, write_workbook

    if target.suffix == ".xlsx":
        check_installed("cohort template", "openpyxl", otherwise="name a folder for CSV files")
        write_workbook(empty(), target)
    else:
        write_csv(empty(), target)
    say(f"Written to {output}; fill it in, then: trabecula cohort score {output} -o scores.parquet")
