"""`trabecula cohort report`: who comes first and why, as a page, a table, and a work list for a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trabecula.cli.options import language_option
from trabecula.cli.output import CommandRefused, check_installed, deliver, refusing, say, write

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.register.worklist import WorkLine

_SCREEN = 20
"""People in the table on a screen."""


@click.command(short_help="Report on a table of scores: who first and why.")
@click.argument("scores", metavar="SCORES.parquet")
@click.option("-o", "--output", metavar="FILE", help="The page (.html); without it a table on the screen.")
@click.option("--worklist", metavar="FILE", help="The work list as .csv or .xlsx.")
@click.option("--since", metavar="OLD.parquet", help="The scores of the last run: what is new since then is marked.")
@click.option(
    "--acknowledged", metavar="FILE", help="What was acknowledged and snoozed: a file (.sqlite), or postgresql://..."
)
@language_option
def report(
    scores: str, output: str | None, worklist: str | None, since: str | None, acknowledged: str | None, language: str
) -> None:
    """Report on SCORES.parquet, as trabecula cohort score has written it: the work list first, then the clinic.

    Late denosumab and recent hip or vertebral fractures come first, then who should be treated by the guideline of the
    country, then overdue DXA. Cells of fewer than 5 people are kept back in the summary.

    \b
    Examples:
      trabecula cohort report scores.parquet -o report.html --worklist worklist.xlsx
      trabecula cohort report scores.parquet --since last_month.parquet -o report.html
    """
    check_installed("cohort report", "jinja2", "pyarrow")
    from trabecula.register.chunks import RunRefused, read_scores
    from trabecula.register.kept import Acknowledgements
    from trabecula.register.worklist import worklist as listed

    with refusing(RunRefused):
        rows = read_scores(Path(scores))
        earlier = {row["id"]: row for row in read_scores(Path(since))} if since else None
        kept = Acknowledgements(acknowledged)() if acknowledged else {}
    on = rows[0]["date"] if rows else date.min
    lines = listed(rows, on, earlier, kept)
    if worklist:
        _write_list(lines, Path(worklist), language)
    if output:
        from trabecula.reporting.cohort import cohort_page

        write(cohort_page(rows, lines, language, compared=earlier is not None), Path(output))
        say(f"Written to {output}.")
    elif not worklist:
        _print(lines, language)


def _cells(lines: "Sequence[WorkLine]", language: str) -> list[tuple[Any, ...]]:
    """The work list; a cell that a spreadsheet would take for a formula is quoted."""
    from trabecula.reporting.cohort import is_plain, worklist_cells

    return [tuple(cell if is_plain(cell) else f"'{cell}" for cell in row) for row in worklist_cells(lines, language)]


def _write_list(lines: "Sequence[WorkLine]", target: Path, language: str) -> None:
    """The work list as a file for a spreadsheet."""
    rows = _cells(lines, language)
    if target.suffix == ".csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";" if language != "en" else ",", lineterminator="\r\n").writerows(rows)
        write("\ufeff" + text.getvalue(), target)
    elif target.suffix == ".xlsx":
        check_installed("--worklist", "openpyxl", otherwise="name a .csv file")
        from trabecula.adapters.table.writing import write_workbook

        write_workbook({"worklist": rows}, target)
    else:
        raise CommandRefused(f"--worklist: found {target}; expected a .csv or an .xlsx file")
    say(f"{len(lines)} people on the work list, written to {target}.")


def _print(lines: "Sequence[WorkLine]", language: str) -> None:
    """The first of the list on the screen."""
    rows = [[str(cell) for cell in row[:8]] for row in _cells(lines, language)[: _SCREEN + 1]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    text = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    deliver(f"{text}\n", None)
