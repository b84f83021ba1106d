"""`trabecula cohort fit`: chosen parameters fitted to what happened to one's own people."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.cohort_validate import HORIZONS, SITES
from trabecula.cli.options import FEWEST_DRAWS, MOST_DRAWS, IsoDate, seed_option, whole_option
from trabecula.cli.output import CommandRefused, check_installed, deliver, refusing, say
from trabecula.register.sizes import DRAWS

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.register.fitting import OwnFit
    from trabecula.register.validation import Outcomes

_TOLD = 5
"""Passes through everybody between two lines of progress."""


@click.command(short_help="Fit chosen parameters to what happened to your own people.")
@click.argument("source", metavar="SOURCE")
@click.argument("outcomes", metavar="OUTCOMES.csv")
@click.option(
    "--date", "on", metavar="YYYY-MM-DD", type=IsoDate(), required=True, help="The day from which they were followed."
)
@click.option(
    "--parameter", "names", metavar="ID", multiple=True, required=True,
    help="A parameter to fit, by its id (`trabecula evidence list`); repeat it for up to four.",
)  # fmt: skip
@click.option("-o", "--output", metavar="DIR", required=True, help="A new folder for the draws.")
@click.option("--site", type=click.Choice(SITES), default=SITES[0], show_default=True, help="Which fractures.")
@click.option(
    "--years",
    type=click.Choice(HORIZONS),
    default="5",
    show_default=True,
    help="Compare the risk within so many years.",
)
@whole_option("draws", "a number of draws", FEWEST_DRAWS, MOST_DRAWS, DRAWS, "Draws of all that is not fitted.")
@seed_option("Random seed: the same seed gives the same result.")
def fit(
    source: str, outcomes: str, on: date, names: tuple[str, ...], output: str, site: str, years: str, draws: int,
    seed: int,
) -> None:  # fmt: skip
    """Fit parameters to what happened to the people of SOURCE since a day in the past, as OUTCOMES.csv tells it.

    SOURCE is a register as for `cohort score`; OUTCOMES.csv has a row a person: id, years (followed since that day) and
    event (fracture, death, or none). The prior is the posterior that ships. DIR is an overlay: every command uses the
    new draws while TRABECULA_OVERLAY names it, and every answer then says that the model is not as it ships.

    \b
    Examples:
      trabecula cohort fit people.xlsx outcomes.csv --date 2016-01-01 --parameter fall.ms.rate -o our_fit
      TRABECULA_OVERLAY=our_fit trabecula cohort score people.xlsx -o scores.parquet
    """
    check_installed("cohort fit", "pyarrow")
    folder = Path(output)
    if folder.exists() and any(folder.iterdir()):
        raise CommandRefused(f"--output: found {folder}, which is in use; expected a new folder; name another one")
    from trabecula.adapters.files import InputError
    from trabecula.adapters.registers import register_of
    from trabecula.adapters.table.outcomes import followed
    from trabecula.adapters.table.register import id_key
    from trabecula.evidence import EvidenceError
    from trabecula.evidence.draws import write_posterior
    from trabecula.model import Model
    from trabecula.register.fitting import FitRefused, fitted, foretold

    with refusing(InputError, FitRefused, EvidenceError):
        people = {id_key(entry.id): entry.person for entry in register_of(source, on, None) if entry.person is not None}
        ids, seen = followed(Path(outcomes), people)
        who, model = [people[id] for id in ids], Model.default()
        found = fitted(who, seen, names, site, on, model, draws, seed, _progress)
        write_posterior(found.draws, folder / "posterior")
        after = Model(model.evidence.with_posterior(folder), model.equations, model.hazards)
        risks = [foretold(who, site, float(years), on, one, draws, seed) for one in (model, after)]
    deliver(_text(found, site, years, risks, seen), None)
    say(f"Draws in {folder}; they are used while TRABECULA_OVERLAY={folder}.")


def _progress(times: int) -> None:
    """How often everybody has been lived through, now and then."""
    if times % _TOLD == 1:
        say(f"Everybody lived through {times} times ...")


def _text(found: "OwnFit", site: str, years: str, risks: list[float], seen: "Outcomes") -> str:
    """The fit in lines: each parameter before and after, and what is foretold beside what was seen."""
    from trabecula.register.validation import incidence

    left_out = f", {found.left_out} who could not be lived through left out" if found.left_out else ""
    before, after = risks
    lines = [
        f"{found.people} people, {found.fractures} fractures ({site}){left_out}",
        "",
        "Parameter, median (5 % to 95 %)",
        *(line for one in found.parameters for line in _lines(one)),
        "",
        f"Within {years} years: foretold {before:.1%} before and {after:.1%} after, observed"
        f" {incidence(seen, float(years)):.1%} (Aalen-Johansen)",
        f"The normal distribution is off by {found.bent:.2g} of 2 two standard deviations from the middle"
        + ("." if found.bent < 1 else ": too far to rely on it; fit fewer parameters, or more people."),
    ]
    return "\n".join(lines) + "\n"


def _lines(one: "object") -> list[str]:
    """A parameter before and after, and how much narrower it has become."""
    from trabecula.register.fitting import FittedParameter

    assert isinstance(one, FittedParameter)
    written = ["{1:.4g} ({0:.4g} to {2:.4g})".format(*ends) for ends in (one.before, one.after)]
    narrower = f"{one.said:.0%} narrower" if one.said > 0 else "no narrower"
    return [f"  {one.name} [{one.unit}]", f"    before {written[0]}", f"    after  {written[1]}, {narrower}"]
