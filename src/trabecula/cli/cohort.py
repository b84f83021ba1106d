"""`trabecula cohort`: many people at once; each of its commands is a file of its own, `cohort_<name>.py`."""

from importlib import import_module

import click

COHORT_COMMANDS = ("report", "acknowledge", "validate", "fit", "score", "synthesise", "template")
"""Each is a file of this room, `cohort_<name>.py`, with a command of the same name."""


class _Cohort(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return [*COHORT_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in COHORT_COMMANDS:
            return None
        return getattr(import_module(f"trabecula.cli.cohort_{cmd_name}"), cmd_name)


@click.group(cls=_Cohort, short_help="Many people at once: score a register, report on it.")
def cohort() -> None:
    """Score every person of a register, and report who comes first.

    \b
    Example:
      trabecula cohort score people.xlsx -o scores.parquet
    """
