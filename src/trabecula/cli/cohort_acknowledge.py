"""`trabecula cohort acknowledge`: somebody on the work list was seen, or is to wait; or that is taken back."""

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trabecula.cli.options import ACKNOWLEDGED, IsoDate, default_place, language_option
from trabecula.cli.output import CommandRefused, check_installed, refusing, say

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.register.kept import Acknowledgements

_STDIN = "-"


@click.command(short_help="Acknowledge or snooze people of the work list.")
@click.argument("scores", metavar="SCORES.parquet")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--until", metavar="YYYY-MM-DD", type=IsoDate(), help="Snooze: quiet up to that day.")
@click.option("--take-back", is_flag=True, help="Forget what was said about them: they are open again.")
@click.option("--by", metavar="NAME", help="Who says so.")
@click.option(
    "--acknowledged", metavar="FILE", envvar=ACKNOWLEDGED,
    help=f"Where it is kept: a file (.sqlite), or postgresql://... [{ACKNOWLEDGED}; default: beside the scores]",
)  # fmt: skip
@language_option
def acknowledge(
    scores: str, ids: tuple[str, ...], until: date | None, take_back: bool, by: str | None, acknowledged: str | None,
    language: str,
) -> None:  # fmt: skip
    """Say of people on the work list of SCORES.parquet that they were seen: they stay quiet until something changes.

    ID is what the register calls a person; - reads ids from standard input, one a line. trabecula serve --register
    does the same in the browser.

    \b
    Examples:
      trabecula cohort acknowledge scores.parquet p17 p18
      trabecula cohort acknowledge scores.parquet p17 --until 2027-01-15
      trabecula cohort acknowledge scores.parquet p17 --take-back
    """
    check_installed("cohort acknowledge", "pyarrow")
    if take_back and until:
        raise CommandRefused("--until: found it beside --take-back; expected one of the two; remove one")
    if until and until <= date.today():
        raise CommandRefused(f"--until: found {until}; expected a day after today; choose a later one")
    from trabecula.register.chunks import RunRefused, read_scores
    from trabecula.register.kept import Acknowledgements
    from trabecula.words.language import language as speaking
    from trabecula.words.message import Message, verbatim

    kept, lang = Acknowledgements(acknowledged or default_place(scores)), speaking(language)
    wanted = [line.strip() for line in sys.stdin if line.strip()] if ids == (_STDIN,) else [*ids]
    with refusing(RunRefused):
        rows = {row["id"]: row for row in read_scores(Path(scores))}
        for number, id in enumerate(wanted, start=1):
            if id not in rows:
                told = Message("register.no_such_person", {"n": number, "file": verbatim(Path(scores).name)})
                raise CommandRefused(lang.say(told))
        for id in wanted:
            done = _done(kept, rows[id], until, by, take_back=take_back)
            say(lang.say(Message(done, {"id": verbatim(id), **({"day": until} if until else {})})))


def _done(
    kept: "Acknowledgements", row: Mapping[str, Any], until: date | None, by: str | None, *, take_back: bool
) -> str:
    """Do it; the id of the sentence that says so."""
    if take_back:
        return "worklist.taken_back" if kept.take_back(row["id"]) else "worklist.nothing_said"
    kept.say(row, date.today(), until, by)
    return "worklist.snoozed" if until else "worklist.acknowledged"
