"""`trabecula doctor`: what is installed, what is missing and what for, and whether known answers come out.

Exit code 0 when every command that needs no extra works, 1 when something that all of them rest on is not in order.
"""

import json
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import format_option
from trabecula.cli.output import announcing_compilation, deliver, deliver_json

if TYPE_CHECKING:
    from trabecula.cli.doctor_checks import Check

NOT_SOUND = 1
"""The exit code when the core is not in order."""
_MARGIN = " " * 12
"""As wide as what stands beside the name of a check."""


@click.command(short_help="Check this installation.")
@format_option(forms=("table", "json"))
@click.pass_context
def doctor(ctx: click.Context, form: str) -> None:
    """Check this installation: packages, extras and what they are for, data, compiled code, and known answers.

    The shipped examples are assessed and compared with stored results. A missing extra is no fault; the exit code is 0
    when the core is sound, 1 when it is not.

    \b
    Examples:
      trabecula doctor
      trabecula doctor --format json
    """
    from trabecula.cli.doctor_checks import State, checked  # start-up time

    try:
        with announcing_compilation():
            found = [*checked()]
    except ImportError:  # without the compiler nothing is announced, and the checks say that it is missing
        found = [*checked()]
    sound = all(check.state is not State.FAULT for check in found)
    if form == "json":
        deliver_json(json.dumps({"sound": sound, "checks": [asdict(check) for check in found]}, indent=2), None)
    else:
        deliver(_text(found, sound), None)
    ctx.exit(0 if sound else NOT_SOUND)


def _text(found: "list[Check]", sound: bool) -> str:
    """A line for each check, under the name of its area, and what follows."""
    width = max(len(check.name) for check in found)
    lines: list[str] = []
    for area, checks in groupby(found, lambda check: check.area):
        lines.append(area.capitalize())
        for check in checks:
            lines.append(f"  {check.state:<6}  {check.name:<{width}}  {check.told}")
            lines.extend([f"{'':{width}}{_MARGIN}{check.todo}"] if check.todo else [])
    lines.append("The core is sound." if sound else "The core is not sound: see what is marked as fault.")
    return "\n".join(lines) + "\n"
