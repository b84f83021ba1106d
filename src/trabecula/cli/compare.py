"""`trabecula compare`: what each choice would change for one person."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from trabecula.cli import reading
from trabecula.cli.assess import announce_compiling, check_horizon
from trabecula.cli.errors import Refused, refusing
from trabecula.cli.options import (
    DRAWS,
    FEWEST_DRAWS,
    HORIZON_Y,
    LARGEST_SEED,
    MOST_DRAWS,
    SEED,
    IsoDate,
    Whole,
)
from trabecula.cli.output import check_target, deliver, deliver_json, screen

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.assessment.plans.plan import Plan
    from trabecula.assessment.results import Comparison
    from trabecula.cli.reading import Asked

_ENDINGS = (".yaml", ".yml", ".json")
_PER_CENT = 100.0  # per cent; units would have to wait for numpy


@dataclass(frozen=True)
class Wanted:
    """What the options ask for."""

    plans: tuple[str, ...]
    against: str | None
    force: bool
    more_than: float
    horizon_y: int
    draws: int
    seed: int
    form: str
    output: str | None
    country: str | None


class Points(click.ParamType):
    """A number of percentage points."""

    name = "points"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ARG002
        """The number, or why it is none."""
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if 0.0 <= number <= _PER_CENT:
            return number
        expected = "percentage points from 0 to 100, for example --more-than 1"
        raise Refused(f"--more-than: found {value}; expected {expected}")


@click.command(short_help="Compare plans for one person.")
@click.argument("file", metavar="FILE", required=False)
@click.option(
    "--plan",
    "plans",
    metavar="NAME|FILE",
    multiple=True,
    help="A plan of the library, or in a file of yours; may be repeated.",
)
@click.option("--list-plans", is_flag=True, help="List the plans of the library.")
@click.option("--against", metavar="NAME|FILE", help="Compare with this plan instead of what is recorded.")
@click.option("--force", is_flag=True, help="Compute plans that are refused, and mark them.")
@click.option(
    "--more-than",
    type=Points(),
    default=1.0,
    show_default=True,
    metavar="POINTS",
    help="A fall in risk that is worth having, in percentage points.",
)
@click.option(
    "--horizon",
    metavar="YEARS",
    type=Whole("a whole number of years", 1, None, "--horizon 10"),
    default=HORIZON_Y,
    show_default=True,
    help="How far ahead to look.",
)
@click.option(
    "--date",
    "on",
    metavar="YYYY-MM-DD",
    type=IsoDate(),
    help="Day of assessment. [default: the record's, else today]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="How to answer.",
)
@click.option(
    "--country",
    type=click.Choice(["US", "UK", "SE"]),
    help="Fracture and death rates to use instead of the record's country.",
)
@click.option("--output", metavar="FILE", help="Write the answer to a file instead of printing it.")
@click.option(
    "--draws",
    type=Whole("a number of draws", FEWEST_DRAWS, MOST_DRAWS, "--draws 200"),
    default=DRAWS,
    show_default=True,
    help="Draws of all uncertain numbers behind the intervals.",
)
@click.option(
    "--seed", type=Whole("a whole number", 0, LARGEST_SEED, "--seed 1"), default=SEED, show_default=True,
    help="Key of the draws: the same seed gives the same answer.",
)  # fmt: skip
def compare(
    file: str | None, plans: tuple[str, ...], list_plans: bool, against: str | None, force: bool, more_than: float,
    horizon: int, on: date | None, form: str, country: str | None, output: str | None, draws: int, seed: int,
) -> None:  # fmt: skip
    """Compare plans for one person: bone density, the chance of a fracture, side effects and burdens.

    FILE is a record as for "trabecula assess". A plan names only what it changes from the day of assessment on; the
    rest goes on as recorded.

    \b
    Examples:
      trabecula compare --list-plans
      trabecula compare examples/ms_woman_67.yaml --plan stop-denosumab --plan denosumab-then-zoledronate
      trabecula compare examples/ms_man_58.yaml --plan steroid-sparing --plan my_plan.yaml --format json
    """
    if list_plans:
        _list(form)
        return
    if file is None or not plans:
        missing = "FILE" if file is None else "--plan"
        raise Refused(
            f"{missing}: found nothing; expected a record and at least one --plan; see --list-plans"
        )
    share = more_than / _PER_CENT
    wanted = Wanted(plans, against, force, share, horizon, draws, seed, form, output, country)
    check_target(output, file, "--output")
    chosen, base = [_plan(each) for each in plans], _plan(against) if against else None
    _tell(_answer(reading.read(file, on), wanted, chosen, base), wanted)


def _plan(name: str) -> "Plan":
    """A plan of the library, or one in a file."""
    from trabecula.assessment.plans.reading import PlanError, library, read_plan
    from trabecula.person.wording import nearest

    if name in library():
        return library()[name]
    if not name.endswith(_ENDINGS):
        near = nearest(name, library())
        todo = f'did you mean "{near}"?' if near else '"trabecula compare --list-plans" lists them'
        expected = "the name of a plan in the library, or a file that ends in .yaml or .json"
        raise Refused(f'--plan: found "{name}"; expected {expected}; {todo}')
    from trabecula.adapters.files import InputError, read_data

    with refusing(InputError), refusing(PlanError, where=name):
        return read_plan(read_data(name, "a plan in YAML or JSON"))


def _list(form: str) -> None:
    """Print the plans of the library."""
    from trabecula.assessment.plans.reading import library

    plans = list(library().values())
    if form == "json":
        import json

        deliver_json(
            json.dumps([each.model_dump(mode="json", exclude_defaults=True) for each in plans], indent=2),
            None,
        )
        return
    from trabecula.reporting import to_markdown, to_terminal
    from trabecula.reporting.plans import library_page

    view = screen(None)
    page = library_page(plans)
    text = to_markdown(page) if form == "markdown" else to_terminal(page, view.width, styled=view.styled)
    deliver(text, None)


def _answer(asked: "Asked", wanted: Wanted, plans: list["Plan"], against: "Plan | None") -> "Comparison":
    """The comparison; refusals of the model become one message."""
    from trabecula.evidence import Evidence, EvidenceError

    with refusing(EvidenceError):
        evidence = Evidence.load()
        check_horizon(asked, wanted.horizon_y, evidence)
    announce_compiling()
    from trabecula.assessment.compare import compare as compared
    from trabecula.assessment.patient_state import NotAssessable, prepare
    from trabecula.assessment.plans.plan import RECORDED
    from trabecula.fracture import AgeRefused, CountryRefused
    from trabecula.skeleton import DoseRefused, MarchError

    person = asked.person.model_copy(update={"country": wanted.country}) if wanted.country else asked.person
    with refusing(AgeRefused, CountryRefused, DoseRefused, MarchError, EvidenceError, NotAssessable):
        known = prepare(person, asked.on, evidence, wanted.draws, wanted.seed, float(wanted.horizon_y))
        return compared(known, plans, wanted.force, against or RECORDED, wanted.more_than)


def _tell(answer: "Comparison", wanted: Wanted) -> None:
    """Deliver the answer in the form asked for."""
    if wanted.form == "json":
        deliver_json(answer.model_dump_json(indent=2), wanted.output)
        return
    from trabecula.reporting import to_markdown, to_terminal
    from trabecula.reporting.plans import comparison_page

    page, view = comparison_page(answer), screen(wanted.output)
    text = (
        to_markdown(page) if wanted.form == "markdown" else to_terminal(page, view.width, styled=view.styled)
    )
    deliver(text, wanted.output)
