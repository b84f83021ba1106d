"""`trabecula serve`: the web app on this machine, or for others with a password.

It listens on loopback unless told otherwise, and then only with a password. The port is taken before the model is
warmed up, so that one that is taken is told at once; then one example is answered, so that the first person does not
wait for the compiler.
"""

import os
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import ACKNOWLEDGED, default_place, whole_option
from trabecula.cli.output import CommandRefused, announcing_compilation, check_installed, refusing, say

if TYPE_CHECKING:  # what the extra `web` needs is imported when the command runs
    from collections.abc import Callable
    from socket import socket

    from trabecula.register import Register
    from trabecula.web.registerpages import RegisterSettings

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
@click.option("--register", metavar="SCORES.parquet", help="Show the work list of a register that was scored.")
@click.option("--since", metavar="OLD.parquet", help="The scores of the last run: what is new since then is marked.")
@click.option(
    "--acknowledged", metavar="FILE", envvar=ACKNOWLEDGED,
    help="Where what is acknowledged and snoozed is kept: a file (.sqlite), or postgresql://... "
    f"[{ACKNOWLEDGED}; default: beside the scores]",
)  # fmt: skip
@click.option("--source", metavar="SOURCE", help="The register itself, for the whole answer of somebody on the list.")
def serve(
    port: int, host: str, register: str | None, since: str | None, acknowledged: str | None, source: str | None
) -> None:
    """Run the web app: fill in a form or open a file, and read the assessment.

    Nothing is stored but what is said about people of --register, and no data leave this computer. Record systems
    can ask too (CDS Hooks 2.0 at /cds-services): the file that TRABECULA_HOOKS names says which. They can open it, too
    (SMART app launch): TRABECULA_SMART.

    \b
    Examples:
      trabecula serve
      TRABECULA_PASSWORD_FILE=/run/secrets/trabecula trabecula serve --host 0.0.0.0
      TRABECULA_HOOKS=hooks.json trabecula serve
      TRABECULA_SIGN_IN=sign-in.json TRABECULA_SMART=smart.json trabecula serve
      trabecula serve --register scores.parquet --since last_month.parquet
    """
    if register is None and (since or source):
        raise CommandRefused(f"--{'since' if since else 'source'}: found no --register; expected it beside; add it")
    password = _password()
    signing_in = bool(os.environ.get(SIGN_IN))
    if password is not None and signing_in:
        raise CommandRefused(f"{SIGN_IN}: found a password beside it; expected one of the two; unset {PASSWORD}")
    if host not in _LOOPBACK and password is None and not signing_in:
        raise CommandRefused(
            f"--host: found {host}, which others can reach, and no password; expected {_SHORTEST} or more "
            f"characters; set {PASSWORD_FILE} (or {PASSWORD}), or remove --host"
        )
    _run(host, port, password, None if register is None else (register, since, acknowledged, source))


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


def _run(
    host: str, port: int, password: str | None, listed: tuple[str, str | None, str | None, str | None] | None
) -> None:
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
    register = None if listed is None else _register(*listed)
    listening = _listen(connections.listen, host, port)
    from trabecula.web.examples import warm_up

    with announcing_compilation():
        warm_up()
    else_ = "" if register is None else "else "
    address = connections.address(listening)
    say(f"Trabecula is at {address} (Ctrl-C stops it). Not a medical device; nothing {else_}is stored.")
    if sign_in is not None:
        say(f"Users sign in at {sign_in.issuer} and come to {sign_in.public_url}. Who came stands in {sign_in.audit}.")
    elif host not in _LOOPBACK:
        say("Other computers can reach it. Without an HTTPS proxy, the password and pages can be read in transit.")
    from trabecula.register.chunks import RunRefused

    with refusing(RunRefused):
        serving = app.server(password, settings, sign_in, launch, register)
    serving.run([listening])


def _register(scores: str, since: str | None, acknowledged: str | None, source: str | None) -> "RegisterSettings":
    """Whose work list is shown; what cannot be read is told now."""
    check_installed("serve --register", "pyarrow")
    where = default_place(scores) if acknowledged is None else acknowledged
    if where.startswith("postgres"):
        check_installed("--acknowledged postgresql://...", "psycopg", otherwise="name a file (.sqlite)")
    from trabecula.register.chunks import RunRefused, open_scores
    from trabecula.register.kept import Acknowledgements, Unanswered
    from trabecula.web.registerpages import RegisterSettings

    with refusing(RunRefused):
        for file in filter(None, (scores, since)):
            open_scores(Path(file)).close()
        with suppress(Unanswered):  # it may come back; the list is readable without it
            Acknowledgements(where)()
    say(f"Work list of {scores}; what is acknowledged is kept in {'PostgreSQL' if '://' in where else where}.")
    return RegisterSettings(Path(scores), where, None if since is None else Path(since), _opener(source))


def _opener(source: str | None) -> "Callable[[date], Register] | None":
    """What opens the register itself; a source that there is not is refused now."""
    if source is None:
        return None
    from trabecula.adapters.files import InputError
    from trabecula.adapters.registers import register_of

    with refusing(InputError):
        register_of(source, date.today())
    return partial(register_of, source)


def _listen(listen: "Callable[[str, int], socket]", host: str, port: int) -> "socket":
    """The socket, or why there is none."""
    try:
        return listen(host, port)
    except OSError as error:
        raise CommandRefused(
            f"--port: found {port} on {host}, which is not available ({error.strerror}); choose another with --port"
        ) from None
