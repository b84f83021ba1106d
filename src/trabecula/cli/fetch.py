"""`trabecula fetch`: a patient's record, or a bulk export, from a FHIR server into a file or a folder.

Reading from the network and working out an answer are two commands, so that what came can be looked at, kept or thrown
away, and so that no other command ever opens a connection.
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import IsoDate
from trabecula.cli.output import CommandRefused, check_installed, refusing, say

if TYPE_CHECKING:  # what the extra `web` needs is imported when the command runs
    from trabecula.adapters.server.export import ExportNotes
    from trabecula.adapters.server.smart import ServerSettings

_STDIN = "-"
_LONGEST_ID = 200
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_PAGES, _BYTES, _SECONDS = 2_000, 500_000_000, 1_800.0
"""What one patient's record may take."""
OWN_FILE, OWN_FOLDER = 0o600, 0o700
"""Rights of what only its owner may read."""
_LAST = "last"


class _Since(click.ParamType):
    """A day, or the word for the time of the export before."""

    name, day = "date", IsoDate()

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The day, or the word."""
        return value if value == _LAST else self.day.convert(value, param, ctx).isoformat()


@click.command(short_help="Bring records from a FHIR server.")
@click.argument("settings", metavar="SETTINGS")
@click.option("--patient", metavar="ID", help='One patient by the id of the Patient; "-" reads it from standard input.')
@click.option("--group", metavar="ID", help="All patients of a Group, as a bulk export.")
@click.option("--all", "everybody", is_flag=True, help="All patients, as a bulk export.")
@click.option(
    "--since", metavar="DATE", type=_Since(), help='Of an export what changed since a day, or since the "last".'
)
@click.option(
    "-o", "--output", metavar="PATH", required=True, help="The file of a patient, or the folder of an export."
)
def fetch(
    settings: str, patient: str | None, group: str | None, everybody: bool, since: str | None, output: str
) -> None:
    """Bring a record, or many, from a FHIR server; nothing is ever written to it.

    SETTINGS is a JSON file with the address of the server, our name there and the file with our key (SMART Backend
    Services). An export that broke off goes on when the command is given again. Files are readable by you alone.

    \b
    Examples:
      trabecula fetch server.json --patient - -o record.json
      trabecula fetch server.json --group ms-clinic -o export
      trabecula fetch server.json --group ms-clinic --since last -o export
    """
    if sum((patient is not None, group is not None, everybody)) != 1:
        raise CommandRefused("fetch: found none or several of --patient, --group and --all; expected one of them")
    if patient is not None and since is not None:
        raise CommandRefused("--since: found it with --patient; expected a whole record; remove it")
    check_installed("fetch", "httpx", "joserfc")
    from trabecula.adapters.server.pages import ServerRefused
    from trabecula.adapters.server.smart import read_settings

    with refusing(ServerRefused):
        found = read_settings(settings)
        if patient is not None:
            _one(found, sys.stdin.readline(_LONGEST_ID).strip() if patient == _STDIN else patient, Path(output))
        else:
            _many(found, _level(group), since or "", Path(output))


def _level(group: str | None) -> str:
    """Whose data an export has."""
    if group is not None and not _ID.fullmatch(group):
        raise CommandRefused(f"--group: found {group}; expected an id of FHIR (letters, digits, - and .); correct it")
    return "Patient" if group is None else f"Group/{group}"


def _one(settings: "ServerSettings", patient: str, target: Path) -> None:
    """One patient's record as a Bundle."""
    from trabecula.adapters.fhir.building import to_json

    if target.is_dir() or not target.absolute().parent.is_dir():
        raise CommandRefused(f"--output: found {target}; expected a file in a folder that is there; choose another")
    bundle = asyncio.run(_record(settings, patient))
    part = target.with_name(f"{target.name}.part")
    part.touch(mode=OWN_FILE)
    part.write_text(to_json(bundle), encoding="utf-8")
    part.rename(target)
    say(f"Written: {target} ({len(bundle['entry'])} resources)")


async def _record(settings: "ServerSettings", patient: str) -> dict:
    """The Bundle."""
    import httpx

    from trabecula.adapters.server.pages import Budget, FhirServer
    from trabecula.adapters.server.patient import ASKED, record_of
    from trabecula.adapters.server.smart import BackendToken

    async with httpx.AsyncClient(timeout=_SECONDS) as client:
        bearer = BackendToken(client, settings, ASKED) if settings.client_id else None
        server = FhirServer(client, settings.base_url, Budget(_PAGES, _BYTES, _SECONDS), bearer)
        return await record_of(server, patient)


def _many(settings: "ServerSettings", level: str, since: str, folder: Path) -> None:
    """A bulk export into a folder."""
    if folder.exists() and not folder.is_dir():
        raise CommandRefused(f"--output: found {folder}, a file; expected a folder; choose another")
    if not folder.absolute().parent.is_dir():
        raise CommandRefused(f"--output: found {folder}, in a folder that is not there; create it, or choose another")
    folder.mkdir(mode=OWN_FOLDER, exist_ok=True)
    since = f"{since}T00:00:00Z" if since not in ("", _LAST) else since
    notes = asyncio.run(_export(settings, level, since, folder))
    errors = len([*folder.glob(f"error.{notes.n_exports}-*")])
    say(f"Complete as of {notes.transaction}: {folder}" + (f" ({errors} files of errors)" if errors else ""))


async def _export(settings: "ServerSettings", level: str, since: str, folder: Path) -> "ExportNotes":
    """The export, to its end."""
    import httpx

    from trabecula.adapters.server.export import BulkExport
    from trabecula.adapters.server.patient import ASKED
    from trabecula.adapters.server.smart import BackendToken

    async with httpx.AsyncClient() as client:
        bearer = BackendToken(client, settings, ASKED) if settings.client_id else None
        return await BulkExport(client, settings.base_url, folder, ASKED, say, bearer).run(level, since)
