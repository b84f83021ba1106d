"""`trabecula serve`: the web app on this machine, or for others with a password.

It listens on loopback unless told otherwise, and then only with a password. The port is taken before the model is
warmed up, so that one that is taken is told at once; then one example is answered, so that the first person does not
wait for the compiler.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import whole_option
from trabecula.cli.output import CommandRefused, announcing_compilation, check_installed, refusing, say

if TYPE_CHECKING:  # what the extra `web` needs is imported when the command runs
    from collections.abc import Callable
    from socket import socket

PASSWORD = "TRABECULA_PASSWORD"
PASSWORD_FILE = "TRABECULA_PASSWORD_FILE"
"""Environment variables; the file is the safer one, since an environment can be read in a list of processes."""
SIGN_IN = "TRABECULA_SIGN_IN"
"""The environment variable that names the file of settings by which several users sign in."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHORTEST = 12
"""Characters of a password."""
_PORT, _LARGEST_PORT = 8040, 65_535
"""Where the app is found unless told otherwise; ports are 16 bits."""


@click.command(short_help="Run the web app on this computer.")
@whole_option("port", "a port", 0, _LARGEST_PORT, _PORT, "Port to listen on; 0 picks a free one.")
@click.option(
    "--host", metavar="ADDRESS", default=_LOOPBACK[0], show_default=True,
    help=f"Address to listen on. Anything but localhost needs a password in {PASSWORD} or {PASSWORD_FILE}.",
)  # fmt: skip
def serve(port: int, host: str) -> None:
    """Run the web app: fill in a form or open a file, and read the assessment.

    Nothing is stored, and no data leave this computer. Record systems can ask too (CDS Hooks 2.0 at /cds-services): the
    file that TRABECULA_HOOKS names says which. They can open it, too (SMART app launch): TRABECULA_SMART.

    \b
    Examples:
      trabecula serve
      TRABECULA_PASSWORD_FILE=/run/secrets/trabecula trabecula serve --host 0.0.0.0
      TRABECULA_HOOKS=hooks.json trabecula serve
      TRABECULA_SIGN_IN=sign-in.json TRABECULA_SMART=smart.json trabecula serve
    """
    password = _password()
    signing_in = bool(os.environ.get(SIGN_IN))
    if password is not None and signing_in:
        raise CommandRefused(f"{SIGN_IN}: found a password beside it; expected one of the two; unset {PASSWORD}")
    if host not in _LOOPBACK and password is None and not signing_in:
        raise CommandRefused(
            f"--host: found {host}, which others can reach, and no password; expected {_SHORTEST} or more "
            f"characters; set {PASSWORD_FILE} (or {PASSWORD}), or remove --host"
        )
    _run(host, port, password)


def _password() -> str | None:
    """The password from the environment or from a file it names; never from the command line, which others can see."""
    named = os.environ.get(PASSWORD_FILE)
    password = _first_line(named) if named else os.environ.get(PASSWORD)
    if password is not None and len(password) < _SHORTEST:
        raise CommandRefused(
            f"{PASSWORD_FILE if named else PASSWORD}: found {len(password)} characters; expected {_SHORTEST} or more; "
            "choose a longer password"
        )
    return password


def _first_line(named: str) -> str:
    """The password in a file: its first line."""
    try:
        lines = Path(named).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandRefused(f"{PASSWORD_FILE}: found {named}, which cannot be read ({type(error).__name__})") from None
    return lines[0].strip() if lines else ""


def _run(host: str, port: int, password: str | None) -> None:
    """Warm up, then serve until somebody stops it."""
    check_installed(
        "serve", "fastapi", "httpx", "itsdangerous", "joserfc", "python_multipart", "uvicorn", "jinja2", "matplotlib"
    )
    from trabecula.web import app, connections
    from trabecula.web.accounts import SignInRefused, read_sign_in
    from trabecula.web.hooks import SettingsRefused, read_settings
    from trabecula.web.launch import LaunchRefused, read_launch

    with refusing(SettingsRefused, SignInRefused, LaunchRefused):
        settings, sign_in, launch = read_settings(), read_sign_in(os.environ.get(SIGN_IN)), read_launch()
    listening = _listen(connections.listen, host, port)
    from trabecula.web.examples import warm_up

    with announcing_compilation():
        warm_up()
    say(f"Trabecula is at {connections.address(listening)} (Ctrl-C stops it). Not a medical device; nothing is stored.")
    if sign_in is not None:
        say(f"Users sign in at {sign_in.issuer} and come to {sign_in.public_url}. Who came stands in {sign_in.audit}.")
    elif host not in _LOOPBACK:
        say("Other computers can reach it. Without an HTTPS proxy, the password and pages can be read in transit.")
    app.server(password, settings, sign_in, launch).run([listening])


def _listen(listen: "Callable[[str, int], socket]", host: str, port: int) -> "socket":
    """The socket, or why there is none."""
    try:
        return listen(host, port)
    except OSError as error:
        raise CommandRefused(
            f"--port: found {port} on {host}, which is not available ({error.strerror}); choose another with --port"
        ) from None
