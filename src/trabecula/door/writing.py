"""A report of one person as a file: a page for the clinician, and one in plain language for the person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from trabecula.assessment.answer import answered
from trabecula.assessment.causes import causes
from trabecula.assessment.compare import compare
from trabecula.assessment.plans.plan import Plan
from trabecula.assessment.plans.reading import library
from trabecula.door.checks import HORIZON_Y, SEED, a_language, a_path, asked_of, needs, one_of, refuse
from trabecula.evidence.registry import DRAWS
from trabecula.model import Model
from trabecula.person import Person
from trabecula.reporting import FORMS, READERS
from trabecula.words.message import Message

if TYPE_CHECKING:
    from trabecula.assessment.patient_state import PatientState

_ON_PAPER = (
    "exercise", "falls-programme", "calcium-vitamin-d", "stop-smoking", "steroid-sparing", "alendronate", "zoledronate",
    "denosumab", "stop-denosumab", "denosumab-then-zoledronate", "pulses-yearly",
)  # fmt: skip
"""The choices of a printed page, in its order; an interactive one has the whole library."""


@dataclass(frozen=True)
class ReportForm:
    """What is written, for whom, and in which language."""

    form: str
    """Of the file, as its name ends: .html, .pdf or .md."""
    reader: str
    """clinician, person or both."""
    language: str
    quick: bool
    """Without causes and choices, which take most of the time."""
    interactive: bool
    """With every choice of the library, for one HTML file."""


def report(
    person: Person, path: str | Path, on: date | None = None,
    *, reader: Literal["clinician", "person", "both"] = "both", language: Literal["en", "de", "it"] = "en",
    quick: bool = False, interactive: bool = False,
    model: Model | None = None, draws: int = DRAWS, seed: int = SEED, horizon_y: float = HORIZON_Y,
) -> Path:  # fmt: skip
    """Write a report of one person, and return where: a page to print and hand over, which needs no connection.

    path: the file; its name decides the form: .html, .pdf or .md. Sources and notes have no room on the sheets of a
    PDF: they are written beside it (`report-sources.pdf` beside `report.pdf`). reader: whom it is for. quick: without
    causes and choices, which take most of the time. interactive: one HTML file with every choice of the library worked
    out. The other arguments are those of `tb.assess`.

    Raises TrabeculaError for a name with another ending, a folder that is not there, where a package that draws
    it is missing, and for what `tb.assess` refuses.

    >>> import tempfile
    >>> import trabecula as tb
    >>> folder = tempfile.mkdtemp()
    >>> tb.report(tb.read("examples/ms_woman_44.yaml"), f"{folder}/report.html", quick=True, draws=20).name
    'report.html'
    """
    target = a_path(path, 'tb.report(person, "report.html")')
    one_of("path", target.suffix.lower(), FORMS)
    if not target.parent.is_dir():
        refuse("path", str(target.parent), "a_folder_that_is_there", Message("door.make_it"))
    form = ReportForm(
        target.suffix.lower(), one_of("reader", reader, READERS), a_language(language), quick, interactive
    )
    needs("a_report", *FORMS[form.form])
    asked = asked_of(person, on, model, draws, seed, horizon_y)
    for file, made in written(asked.lived(), form, target).items():
        file.write_bytes(made if isinstance(made, bytes) else made.encode())
    return target


def written(
    known: "PatientState", form: ReportForm, target: Path, say: Callable[[str], None] = lambda _: None
) -> dict[Path, str | bytes]:
    """The files of a report, the report itself first, with causes and choices unless it is quick.

    `say` hears what takes time. Only a PDF has a second file: the sources that its small numbers stand for.
    """
    from trabecula.reporting import html  # an extra that is slow to start

    assessment, comparison = answered(known), None
    if not form.quick:
        say("Calculating contributions ...")
        assessment = assessment.model_copy(update={"causes": causes(known)})
        medicines = form.interactive or any(task.drugs for task in assessment.tasks)
        chosen = open_to(known.person, known.on, library() if form.interactive else _ON_PAPER, medicines=medicines)
        say(f"Calculating {len(chosen)} plans ...")
        comparison = compare(known, chosen)
    readers = ("clinician", "person") if form.reader == "both" else (form.reader,)
    if form.form == ".md":
        return {target: html.markdown_pages(assessment, form.language, known.person, comparison, readers)}
    if form.interactive and comparison is not None:
        return {target: html.page_interactive(assessment, comparison, form.language, known.person)}
    pages = {"clinician": html.page_clinician, "person": html.page_person, "both": html.page_both}
    page = pages[form.reader](assessment, form.language, known.person, comparison)
    if form.form != ".pdf":
        return {target: page}
    sources = html.page_sources(assessment, form.language, known.person, comparison, readers)
    return {target: html.to_pdf(page), sources_beside(target): html.to_pdf(sources)}


def sources_beside(target: Path) -> Path:
    """Where the sources of a printed report are written."""
    return target.with_stem(f"{target.stem}-sources")


def open_to(person: Person, on: date, names: Iterable[str] = _ON_PAPER, *, medicines: bool = True) -> list[Plan]:
    """The plans that mean something for a person: who does not take what a plan stops would see it change nothing.

    medicines: whether plans that begin a medicine are among them; on paper only where the dated plan names one.
    """
    taken = {drug.generic for drug in person.medicines if drug.start <= on < (drug.end or date.max)}
    plans = [plan for plan in (library()[name] for name in names) if {*plan.stop} <= taken]
    return [plan for plan in plans if medicines or not plan.medicines]
