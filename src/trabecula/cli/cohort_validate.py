"""`trabecula cohort validate`: whether scores foretold what happened to a register's own people."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.output import CommandRefused, check_installed, deliver, deliver_json, refusing

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.register.validation import Validation

SITES = ("major_osteoporotic", "any", "hip", "spine")
HORIZONS = ("1", "2", "5", "10")


@click.command(short_help="Compare scores with what happened: calibration, discrimination, net benefit.")
@click.argument("scores", metavar="SCORES.parquet")
@click.argument("outcomes", metavar="OUTCOMES.csv")
@click.option("--site", type=click.Choice(SITES), default=SITES[0], show_default=True, help="Which fractures.")
@click.option("--years", type=click.Choice(HORIZONS), default="5", show_default=True, help="Within how many years.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--output", metavar="FILE", help="Write the output to a file instead of the screen.")
def validate(scores: str, outcomes: str, site: str, years: str, form: str, output: str | None) -> None:
    """Compare SCORES.parquet, worked out for a day in the past, with what happened since.

    OUTCOMES.csv has a row a person: id, years (followed since that day) and event (fracture, death, or none where
    follow-up ended). Observed risks are Aalen-Johansen estimates, in which death competes.

    \b
    Examples:
      trabecula cohort score people.xlsx --date 2016-01-01 -o scores_2016.parquet
      trabecula cohort validate scores_2016.parquet outcomes.csv --years 10
    """
    check_installed("cohort validate", "pyarrow")
    from trabecula.adapters.files import InputError
    from trabecula.adapters.table.outcomes import read_outcomes
    from trabecula.register.chunks import RunRefused, read_scores
    from trabecula.register.validation import validated

    with refusing(RunRefused, InputError):
        rows = read_scores(Path(scores))
        predicted, seen = read_outcomes(Path(outcomes), rows, f"risk_{site}_{years}y")
    try:
        found = validated(predicted, seen, float(years))
    except ValueError as error:
        raise CommandRefused(
            f"{outcomes}: found {error}; expected more; choose a longer time or another site"
        ) from None
    if form == "json":
        deliver_json(json.dumps(asdict(found), indent=2), output)
    else:
        deliver(_text(found, site, years), output)


def _text(found: "Validation", site: str, years: str) -> str:
    """The comparison in lines."""
    lines = [
        f"{found.people} people, {found.fractures} fractures ({site}) and {found.deaths} deaths in {years} years",
        f"Foretold {found.predicted:.1%}, observed {found.observed:.1%}; observed over foretold {found.ratio:.2f}"
        f" ({found.ratio_low:.2f} to {found.ratio_high:.2f})",
        f"Concordance {found.concordance:.2f} (0.5 is chance)",
        "",
        "People   Foretold   Observed (90 % interval)",
        *(
            f"{group.people:6d}   {group.predicted:8.1%}   {group.observed:8.1%} ({group.low:.1%} to {group.high:.1%})"
            for group in found.groups
        ),
        "",
        "Threshold   Net benefit per 1,000   of treating everybody",
        *(f"{t:9.0%}   {1000 * own:21.1f}   {1000 * everybody:21.1f}" for t, own, everybody in found.net_benefit),
    ]
    return "\n".join(lines) + "\n"
