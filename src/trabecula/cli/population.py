"""`trabecula population`: many virtual lives; each of its commands is a file of its own, `population_<name>.py`."""

from importlib import import_module

import click

POPULATION_COMMANDS = ("run", "report")
"""Each is a file of this room, `population_<name>.py`, with a command of the same name."""


class _Population(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return [*POPULATION_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in POPULATION_COMMANDS:
            return None
        return getattr(import_module(f"trabecula.cli.population_{cmd_name}"), cmd_name)


@click.group(cls=_Population, short_help="Many virtual lives: run scenarios, report on them.")
def population() -> None:
    """Live many virtual lives under scenarios of care, and report what each would change.

    \b
    Example:
      trabecula population run examples/scenarios/ms_clinic_dxa.yaml -o clinic
    """
