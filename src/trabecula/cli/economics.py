"""`trabecula economics`: is it worth it? Each of its commands is a file of its own, `economics_<name>.py`."""

from importlib import import_module

import click

ECONOMICS_COMMANDS = ("run", "report")
"""Each is a file of this room, `economics_<name>.py`, with a command of the same name."""


class _Economics(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return [*ECONOMICS_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name."""
        if cmd_name not in ECONOMICS_COMMANDS:
            return None
        return getattr(import_module(f"trabecula.cli.economics_{cmd_name}"), cmd_name)


@click.group(cls=_Economics, short_help="Is it worth it? Costs, QALYs and decisions.")
def economics() -> None:
    """Compare what strategies cost and bring, for people on record, and report on it.

    \b
    Example:
      trabecula economics run examples/strategies/after-repeated-pulses.yaml -o worth
    """
