"""`trabecula compare`: what each choice would change for one person.

A plan names what it changes from the day of assessment on; all plans begin with the same past and the same draws, so
that a difference between them is theirs and not chance.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import ModelOptions, answer_options, horizon_option, model_options
from trabecula.cli.output import CommandRefused, check_target, deliver_json, deliver_page, refusing
from trabecula.cli.subject import Subject, conditioned, read_subject

if TYPE_CHECKING:  # imported when the command runs, so that help comes at once
    from trabecula.assessment.plans.plan import Plan
    from trabecula.assessment.results import Comparison

_ENDINGS = (".yaml", ".yml", ".json")
_PER_CENT = 100.0
"""Percentage points in a probability of 1; `units` would have to wait for numpy."""


@dataclass(frozen=True)
class CompareOptions:
    """What is compared, and how to answer."""

    plans: "tuple[Plan, ...]"
    against: "Plan | None"
    """What the plans stand beside; None for what is recorded."""
    force: bool
    """Whether plans that are refused for this person are computed all the same, and marked."""
    more_than: float
    """A fall in risk that is worth having [probability]; the chance that a plan brings at least that is told."""
    form: str
    """table, json or markdown."""
    output: str | None
    language: str


class PercentagePoints(click.ParamType):
    """A number of percentage points, 0 to 100: of a risk of 12 %, a fall to 11 % is one of them."""

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
        raise CommandRefused(f"--more-than: found {value}; expected {expected}")


@click.command(short_help="Compare plans for one person.")
@click.argument("file", metavar="FILE", required=False)
@click.option(
    "--plan", "plans", metavar="NAME|FILE", multiple=True,
    help="A library plan, or your own plan file; may be repeated.",
)  # fmt: skip
@click.option("--list-plans", is_flag=True, help="List the library plans.")
@click.option("--against", metavar="NAME|FILE", help="Compare with this plan instead of what is recorded.")
@click.option("--force", is_flag=True, help="Calculate plans even if refused, and mark them.")
@click.option(
    "--more-than", type=PercentagePoints(), default=1.0, show_default=True, metavar="POINTS",
    help="Smallest worthwhile risk reduction, in percentage points.",
)  # fmt: skip
@horizon_option
@model_options
@answer_options()
def compare(
    file: str | None, plans: tuple[str, ...], list_plans: bool, against: str | None, force: bool, more_than: float,
    horizon: int, on: date | None, form: str, country: str | None, stand_in: str | None, language: str,
    output: str | None, draws: int, seed: int,
) -> None:  # fmt: skip
    """Compare plans for one person: bone density, fracture risk, side effects and treatment burden.

    FILE is a record as for "trabecula assess". A plan lists only what changes from the assessment date; the rest
    continues as recorded.

    \b
    Examples:
      trabecula compare --list-plans
      trabecula compare examples/ms_woman_67.yaml --plan stop-denosumab --plan denosumab-then-zoledronate
      trabecula compare examples/ms_man_58.yaml --plan steroid-sparing --plan my_plan.yaml --format json
    """
    if list_plans:
        _list(form, language)
        return
    if file is None or not plans:
        missing = "FILE" if file is None else "--plan"
        raise CommandRefused(f"{missing}: found nothing; expected a record and at least one --plan; see --list-plans")
    check_target(output, file, "--output")
    chosen, base = tuple(_plan(name) for name in plans), _plan(against) if against else None
    options = CompareOptions(chosen, base, force, more_than / _PER_CENT, form, output, language)
    answer = _answer(read_subject(file, on), ModelOptions(horizon, draws, seed, country, stand_in), options)
    _deliver(answer, options)


def _plan(name: str) -> "Plan":
    """A plan of the library, or one in a file; a name that is neither is refused with the nearest that there is.

    A name of the library is stronger than a file of that name: a file is told by its ending.
    """
    from trabecula.assessment.plans.reading import PlanError, library, read_plan
    from trabecula.person.problems import nearest

    if name in library():
        return library()[name]
    if not name.endswith(_ENDINGS):
        near = nearest(name, library())
        todo = f'did you mean "{near}"?' if near else '"trabecula compare --list-plans" lists them'
        expected = "the name of a plan in the library, or a file that ends in .yaml or .json"
        raise CommandRefused(f'--plan: found "{name}"; expected {expected}; {todo}')
    from trabecula.adapters.files import InputError, read_data
    from trabecula.words.message import Message

    with refusing(InputError), refusing(PlanError, where=name):
        return read_plan(read_data(name, Message("expected.a_plan_in_yaml_or_json")))


def _list(form: str, language: str) -> None:
    """Print the plans of the library."""
    from trabecula.assessment.plans.reading import library
    from trabecula.reporting.plans import library_page

    plans = list(library().values())
    if form == "json":
        data = [plan.model_dump(mode="json", exclude_defaults=True) for plan in plans]
        deliver_json(json.dumps(data, indent=2), None)
    else:
        deliver_page(library_page(plans, language), form, None)


def _answer(subject: Subject, model: ModelOptions, options: CompareOptions) -> "Comparison":
    """The comparison; refusals of the model become one message."""
    with conditioned(subject, model) as known:
        from trabecula.assessment.compare import compare as compared
        from trabecula.assessment.plans.plan import RECORDED

        against = options.against or RECORDED
        return compared(known, options.plans, options.force, against, options.more_than)


def _deliver(answer: "Comparison", options: CompareOptions) -> None:
    """Deliver the answer in the form asked for."""
    if options.form == "json":
        text = answer.model_dump_json(indent=2, context={"language": options.language})
        deliver_json(text, options.output)
        return
    from trabecula.reporting.plans import comparison_page

    deliver_page(comparison_page(answer, options.language), options.form, options.output)
