"""`trabecula economics report`: the report of a run that is finished, on the screen or as a file."""

import json
from pathlib import Path
from typing import Any

import click

from trabecula.cli.economics_run import RESULT
from trabecula.cli.output import CommandRefused, check_installed, deliver, write


@click.command(short_help="Report on a finished run.")
@click.argument("folder", metavar="DIR")
@click.option("-o", "--output", metavar="FILE", help="A Markdown file; without it the screen.")
@click.option("--pictures", is_flag=True, help="Write plane.svg, acceptability.svg and tornado.svg into DIR as well.")
def report(folder: str, output: str | None, pictures: bool) -> None:
    """Report on DIR, as trabecula economics run has written it.

    Incremental analysis, acceptability, value of information, one parameter at a time, costs with their year and
    source, what is assumed, and CHEERS 2022 item by item.

    \b
    Example:
      trabecula economics report worth -o report.md --pictures
    """
    from trabecula.economics.report import report as written

    place = Path(folder) / RESULT
    try:
        found = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        expected = "a folder that `trabecula economics run` has written"
        raise CommandRefused(f"{place}: cannot be read ({error}); expected {expected}") from None
    if pictures:
        _draw(Path(folder), found)
    deliver(written(found), output)


def _draw(folder: Path, found: dict[str, Any]) -> None:
    """The pictures, beside the tables that they show."""
    check_installed("economics report --pictures", "matplotlib")
    from trabecula.economics.files import read_outcomes
    from trabecula.reporting import economics

    for name, svg in economics.written([*economics.pictures(found, read_outcomes(folder))]).items():
        write(svg, folder / name)
