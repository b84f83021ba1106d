"""`trabecula report`: one page for the clinician and one for the person, to print and hand over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli import reading
from trabecula.cli.assess import announce_compiling, assess, check_horizon
from trabecula.cli.errors import Refused, refusing, say
from trabecula.cli.output import check_target, deliver, write

if TYPE_CHECKING:  # imported when the command runs
    from trabecula.assessment import Assessment
    from trabecula.assessment.patient_state import PatientState
    from trabecula.assessment.plans.plan import Plan
    from trabecula.assessment.results import Comparison
    from trabecula.cli.reading import Asked
    from trabecula.person import Person

_FORMS = (".html", ".pdf", ".md")
_READERS = ("clinician", "person", "both")
_LIKE_ASSESS = ("file", "horizon", "on", "country", "draws", "seed")
_ON_PAPER = (
    "exercise", "falls-programme", "calcium-vitamin-d", "stop-smoking", "steroid-sparing", "alendronate", "zoledronate",
    "denosumab", "stop-denosumab", "denosumab-then-zoledronate", "pulses-yearly",
)  # fmt: skip
"""The choices of a printed page, in its order; `--interactive` works out the whole library."""


@dataclass(frozen=True)
class Wanted:
    """What the options ask for."""

    horizon_y: int
    draws: int
    seed: int
    country: str | None
    quick: bool
    reader: str
    lang: str
    interactive: bool


@dataclass(frozen=True)
class Answered:
    """What a report is made from."""

    asked: "Asked"
    assessment: "Assessment"
    comparison: "Comparison | None"


@click.command(
    short_help="A page to print and hand over.",
    params=[each for each in assess.params if each.name in _LIKE_ASSESS],
)
@click.option("-o", "--output", metavar="FILE", required=True, help="Where to write it: .html, .pdf or .md.")
@click.option(
    "--for", "reader", type=click.Choice(_READERS), default="both", show_default=True, help="Whom it is for."
)
@click.option(
    "--lang", type=click.Choice(["en", "de", "it"]), default="en", show_default=True, help="The language."
)
@click.option("--interactive", is_flag=True, help="One HTML file with every choice worked out in advance.")
@click.option("--quick", is_flag=True, help="Leave out causes and choices, which take most of the time.")
def report(
    file: str, horizon: int, on: date | None, country: str | None, draws: int, seed: int,
    output: str, reader: str, lang: str, interactive: bool, quick: bool,
) -> None:  # fmt: skip
    """Make a report of one person: a page for the clinician, and a page in plain language for the person.

    FILE is a record in YAML or JSON, or a FHIR Bundle; "-" reads standard input. Nothing leaves this machine, and
    the report needs no connection.

    \b
    Examples:
      trabecula report examples/ms_woman_44.yaml -o report.html
      trabecula report examples/ms_woman_44.yaml -o page.pdf --for person --lang de
      trabecula report examples/ms_woman_44.yaml -o choices.html --interactive
    """
    form = _form(output, interactive, quick)
    check_target(output, file, "--output")
    _check_installed(form)
    asked = reading.read(file, on)
    wanted = Wanted(horizon, draws, seed, country, quick, reader, lang, interactive)
    _deliver(_answer(asked, wanted), wanted, form, output)


def _form(output: str, interactive: bool, quick: bool) -> str:
    """The form that the name of the file asks for."""
    form = Path(output).suffix.lower()
    if form not in _FORMS:
        raise Refused(f"--output: found {output}; expected a name that ends in {', '.join(_FORMS)}")
    if interactive and form != ".html":
        raise Refused(f"--interactive: found {output}; expected a name that ends in .html")
    if interactive and quick:
        raise Refused(
            "--interactive: found with --quick, which leaves out the choices; leave out one of the two"
        )
    return form


def _check_installed(form: str) -> None:
    """Say what to install before anything is computed."""
    needed = ["babel", "jinja2", "matplotlib", *(["weasyprint"] if form == ".pdf" else [])]
    missing = [each for each in needed if not _is_there(each)]
    if missing:
        raise Refused(
            f'report: needs {", ".join(missing)}, not installed here; pip install "trabecula[report]" brings it'
        )


def _is_there(package: str) -> bool:
    """Whether a package can be imported."""
    from importlib.util import find_spec

    return find_spec(package) is not None


def _answer(asked: "Asked", wanted: Wanted) -> Answered:
    """The assessment with its causes, and the choices; refusals of the model become one message."""
    from trabecula.evidence import Evidence, EvidenceError

    with refusing(EvidenceError):
        evidence = Evidence.load()
        check_horizon(asked, wanted.horizon_y, evidence)
    announce_compiling()
    from trabecula.assessment.answer import answered
    from trabecula.assessment.patient_state import NotAssessable, prepare
    from trabecula.fracture import AgeRefused, CountryRefused
    from trabecula.skeleton import DoseRefused, MarchError

    person = asked.person.model_copy(update={"country": wanted.country}) if wanted.country else asked.person
    with refusing(AgeRefused, CountryRefused, DoseRefused, MarchError, EvidenceError, NotAssessable):
        known = prepare(person, asked.on, evidence, wanted.draws, wanted.seed, float(wanted.horizon_y))
        assessment = answered(known)
        if wanted.quick:
            return Answered(asked, assessment, None)
        return Answered(asked, _with_causes(assessment, known), _choices(known, wanted))


def _with_causes(assessment: "Assessment", known: "PatientState") -> "Assessment":
    """The assessment with the shares of the causes."""
    from trabecula.assessment.causes import causes

    say("Working out the causes ...")
    return assessment.model_copy(update={"causes": causes(known)})


def _choices(known: "PatientState", wanted: Wanted) -> "Comparison":
    """The choices of the library that this person has."""
    from trabecula.assessment.compare import compare
    from trabecula.assessment.plans.reading import library

    plans = library()
    names = [*plans] if wanted.interactive else [each for each in _ON_PAPER if each in plans]
    chosen = _open_to(known.person, known.on, [plans[each] for each in names])
    say(f"Working out {len(chosen)} choices ...")
    return compare(known, chosen)


def _open_to(person: "Person", on: date, plans: "Sequence[Plan]") -> "list[Plan]":
    """The plans that stop nothing but what the person takes."""
    taken = {
        each.generic for each in person.medicines if each.start <= on and (each.end is None or each.end > on)
    }
    return [each for each in plans if {*each.stop} <= taken]


def _deliver(found: Answered, wanted: Wanted, form: str, output: str) -> None:
    """Write the report in its form."""
    if form == ".md":
        deliver(_markdown(found, wanted), output)
    elif form == ".pdf":
        from trabecula.reporting.pdf import to_pdf

        write(to_pdf(_page(found, wanted)), Path(output))
    else:
        deliver(_page(found, wanted), output)
    say(f"Written: {output}")


def _page(found: Answered, wanted: Wanted) -> str:
    """The report as HTML."""
    from trabecula.reporting import html

    if wanted.interactive and found.comparison is not None:
        return html.page_interactive(found.assessment, found.comparison, wanted.lang, found.asked.person)
    pages = {"clinician": html.page_clinician, "person": html.page_person, "both": html.page_both}
    return pages[wanted.reader](found.assessment, wanted.lang, found.asked.person, found.comparison)


def _markdown(found: Answered, wanted: Wanted) -> str:
    """The report as Markdown."""
    from trabecula.reporting.markdown_pages import markdown_pages

    readers = ("clinician", "person") if wanted.reader == "both" else (wanted.reader,)
    return markdown_pages(found.assessment, wanted.lang, found.asked.person, found.comparison, readers)
