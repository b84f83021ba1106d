"""`trabecula examples`: the invented people and studies that come with the program, as files to try and to change."""

import shutil
from pathlib import Path

import click

from trabecula.cli.output import CommandRefused, say

SHIPPED = Path(__file__).resolve().parents[1] / "web" / "examples"
"""Where the package has them."""
_FOLDER = "examples"
"""What the examples of the help call them."""


@click.command(short_help="Copy the shipped examples into a folder.")
@click.option("-o", "--output", metavar="DIR", default=_FOLDER, show_default=True, help="A new folder.")
def examples(output: str) -> None:
    """Copy the shipped examples into a folder: records of three invented people, and two studies.

    They are the files that the examples in the help of the other commands name.

    \b
    Example:
      trabecula examples
      trabecula assess examples/ms_woman_44.yaml
    """
    target = Path(output)
    try:
        shutil.copytree(SHIPPED, target, copy_function=shutil.copyfile)
    except FileExistsError:
        raise CommandRefused(
            f"--output: found {output}, which is there already; expected a new folder; choose another name"
        ) from None
    except (OSError, shutil.Error) as error:
        raise CommandRefused(
            f"--output: {output} cannot be written ({getattr(error, 'strerror', None) or error}); choose another place"
        ) from None
    records = sorted(target.glob("*.yaml"))
    say(f"Written to {output}. Then, for example: trabecula assess {records[0]}")
