"""A person as FHIR R4: the record alone, or with what was worked out for it."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trabecula.adapters.fhir.building import to_json
from trabecula.adapters.fhir.estimates import ReportFile
from trabecula.adapters.fhir.writing import Answered, WrittenBundle, write_bundle
from trabecula.assessment.answer import answered
from trabecula.door.checks import HORIZON_Y, SEED, a_day, a_language, a_path, a_person, asked_of, needs
from trabecula.evidence.registry import DRAWS
from trabecula.model import Model
from trabecula.person import Person
from trabecula.words.language import language as spoken

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment

BUNDLE, LOSS = "bundle.json", "loss.json"
"""What is written into a folder; no name says whose it is."""
PARTS = ("jinja2", "matplotlib")
"""What the report in a bundle needs."""


def to_fhir(
    person: Person, folder: str | Path | None = None, on: date | None = None,
    *, record_only: bool = False, language: Literal["en", "de", "it"] = "en",
    model: Model | None = None, draws: int = DRAWS, seed: int = SEED, horizon_y: float = HORIZON_Y,
) -> dict[str, Any]:  # fmt: skip
    """A person as a FHIR R4 Bundle: the record, the risks and scores worked out, what is proposed, report and origin.

    folder: also write it there, as `bundle.json` with exact decimals, with `loss.json`: what other systems will not
    read. record_only: without what was worked out. language: of its sentences. The other arguments are those of
    `tb.assess`. Numbers are `Decimal`, as the file has them. Reading the Bundle (`tb.read`) gives the same record.

    Raises TrabeculaError where a package that draws the report is missing, and for what `tb.assess` refuses.

    >>> import trabecula as tb
    >>> bundle = tb.to_fhir(tb.read("examples/ms_woman_44.yaml"), record_only=True)
    >>> bundle["entry"][0]["resource"]["resourceType"]
    'Patient'
    """
    who, lang = a_person(person), a_language(language)
    target = None if folder is None else a_path(folder, 'tb.to_fhir(person, "out")')
    if record_only:
        written = write_bundle(who, a_day(on, who))
    else:
        needs("a_report", *PARTS)
        written = bundle_of(answered(asked_of(person, on, model, draws, seed, horizon_y).lived()), who, lang)
    if target is not None:
        target.mkdir(parents=True, exist_ok=True)
        for name, text in files(written, lang).items():
            target.joinpath(name).write_text(text, encoding="utf-8")
    return written.bundle


def bundle_of(answer: "Assessment", person: Person, language: str) -> WrittenBundle:
    """A person and the answer about them, with the clinician's page as the report."""
    from trabecula.reporting import html  # an extra that is slow to start

    lang = spoken(language)
    report = ReportFile.page(html.page_clinician(answer, language, person, None), lang)
    return write_bundle(person, answered=Answered(answer, lang, report))


def files(written: WrittenBundle, language: str) -> dict[str, str]:
    """The files of a folder."""
    loss = written.loss.model_dump_json(context={"language": language}, indent=1)
    return {BUNDLE: to_json(written.bundle) + "\n", LOSS: loss + "\n"}
