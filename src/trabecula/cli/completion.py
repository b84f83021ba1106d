"""`trabecula completion`: the script by which a shell completes commands and options."""

import click

from trabecula.cli.output import deliver

_SHELLS = ("bash", "zsh", "fish")
_OPEN = {"complete_func": "_trabecula_completion", "complete_var": "_TRABECULA_COMPLETE", "prog_name": "trabecula"}
"""What the template of a shell leaves open: its function, the variable by which it asks what fits, and the program."""


@click.command(short_help="Print the script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(shell: str) -> None:
    """Print the script by which SHELL completes commands, options and their values when Tab is pressed.

    \b
    Examples:
      trabecula completion bash > ~/.local/share/bash-completion/completions/trabecula
      trabecula completion zsh > ~/.zfunc/_trabecula
      trabecula completion fish > ~/.config/fish/completions/trabecula.fish
    """
    from click.shell_completion import get_completion_class  # start-up time: asked for once in a life

    kind = get_completion_class(shell)
    if kind is not None:  # not `source()`, which looks for the shell on this machine: the script may go elsewhere
        deliver(kind.source_template % _OPEN, None)
