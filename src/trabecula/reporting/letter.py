"""A letter to whoever goes on with the care: general practice, DXA unit, fracture liaison service, dentist.

letter(assessment, person, "gp", language("en")), to_text(letter(...)), page_letter(letter(...))

Everything in it stands in the record or in the assessment; each recipient reads what they need for what is asked, and
no more. It is a draft: the sender's lines are empty, HTML and text can be changed before it is sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from trabecula.data_files import read_mapping
from trabecula.drawing.characters import printable
from trabecula.drawing.page import Item, Items, Section
from trabecula.guidelines.plan_tasks import references
from trabecula.reporting.clinician import record_name
from trabecula.reporting.medicines import taken
from trabecula.vocabulary import LABORATORY, RISK_FACTORS, bone_classes, drug_name, site_name
from trabecula.words.language import Language
from trabecula.words.message import Message
from trabecula.words.numbers import SPACE

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment
    from trabecula.guidelines.plan_tasks import Task
    from trabecula.person import Dxa, Fracture, Medicine, Person

CODES = Path(__file__).parent / "letter_codes.yaml"
_SYSTEMS = {"ICD10": "ICD-10", "SNOMED": "SNOMED CT"}
_WIDE = 78
"""Letters of a line of text."""
_VISITS = 2
"""Visits to a scanner that a letter tells of."""
_YEAR = 366
"""What general practice is not asked for yet is due later [d]."""


@dataclass(frozen=True)
class Recipient:
    """What somebody reads of a person, and what they are asked to do."""

    findings: tuple[str, ...]
    """Parts of the findings, by name, in their order."""
    tasks: frozenset[str] | None
    """Kinds of tasks that are theirs, whenever they are due; None: all that are due within a year."""
    in_short: bool = False
    """Whether the conclusion stands first, and what must not be given below it."""
    line: bool = True
    """Whether the line about the person is theirs to read, with disability and fractures."""


_ALL = (
    "diagnoses",
    "fractures",
    "density",
    "prostheses",
    "laboratory",
    "falls",
    "bone_medicines",
    "steroids",
    "medicines",
)
_LIAISON = frozenset({
    "treat_or_refer", "late_denosumab", "replete_vitamin_d", "stop_bisphosphonate", "ckd_mbd", "fracture_risk", "dxa",
    "vertebral_imaging", "vitamin_d", "calcium", "renal_function", "physiotherapy", "falls_prevention", "thigh_pain",
    "bisphosphonate_review", "follow_on", "denosumab_check", "denosumab_dose", "zoledronate_dose", "contraception",
})  # fmt: skip
RECIPIENTS: Mapping[str, Recipient] = {
    "gp": Recipient(_ALL, None, in_short=True),
    "dxa": Recipient(
        ("diagnoses", "fractures", "density", "prostheses", "steroids", "medicines"),
        frozenset({"dxa", "vertebral_imaging"}),
    ),
    "fls": Recipient(_ALL, _LIAISON, in_short=True),
    "dentist": Recipient(("bone_medicines", "steroids", "medicines"), frozenset({"dental_check"}), line=False),
}
"""To whom a letter can go."""


@dataclass(frozen=True)
class Letter:
    """A letter, ready to be laid out."""

    lang: Language
    to: str
    """The recipient, in words."""
    about: str
    """The record, and whom it is about."""
    date: date
    record: str
    sections: tuple[Section, ...]
    """What was found, what must not be given, what is asked by when."""
    foot: tuple[str, ...]
    """That codes must be checked where they were quoted from memory, that this is no medical device, what made it."""


def letter(assessment: "Assessment", person: "Person", to: str, lang: Language) -> Letter:
    """The letter about a person; to: a key of RECIPIENTS."""
    recipient = RECIPIENTS[to]
    in_short = [lang.say(said) for said in assessment.summary.sentences] if assessment.summary else []
    parts = {
        "page.in_short": [Item("", said) for said in in_short] if recipient.in_short else [],
        "letter.findings": [*_findings(assessment, person, recipient, lang)],
        "page.contraindications": [*_against(assessment, lang)] if recipient.in_short else [],
        "letter.asked": _asked(assessment, recipient, lang),
    }
    sections = tuple(Section(lang.text(title), (Items(tuple(items)),)) for title, items in parts.items() if items)
    foot = [lang.text("letter.check_codes")] if _has_recalled(sections) else []
    foot += [lang.text("letter.draft", version=assessment.software.version), lang.text("page.statement")]
    return Letter(
        lang, lang.text(f"letter.to.{to}"), _about(assessment, person, recipient, lang), assessment.date,
        record_name(person), sections, tuple(foot),
    )  # fmt: skip


def _about(assessment: "Assessment", person: "Person", to: Recipient, lang: Language) -> str:
    """Whom the letter is about: the name of the record, the day of birth, and the line about the person."""
    parts = [lang.text("page.record_name", name=record_name(person))] if record_name(person) else []
    line = [lang.say(assessment.person.line)] if to.line else []
    return ", ".join([*parts, lang.text("letter.born", day=person.birth_date), *line])


# --- What was found ------------------------------------------------------------------------------------------------


def _findings(assessment: "Assessment", person: "Person", to: Recipient, lang: Language) -> Iterator[Item]:
    """The findings that a recipient reads, each part that has something to say."""
    on = assessment.date
    said = {
        "diagnoses": _listed(_diagnoses(person, lang)),
        "fractures": _listed(_fractures(person, on, lang)),
        "density": _listed(_density(person, on, lang)),
        "prostheses": _listed(lang.text(f"letter.side.{hip.side}") for hip in person.hip_prostheses),
        "laboratory": _listed(_laboratory(person, on, lang)),
        "falls": lang.say(assessment.falls.basis),
        "bone_medicines": _listed(_bone_medicines(person, on, lang)),
        "steroids": lang.say(assessment.person.steroids),
        "medicines": _listed(map(lang.say, taken(person, on))),
    }
    for name in to.findings:
        if said[name]:
            yield Item(lang.text(f"letter.{name}"), said[name])


def _listed(parts: Iterable[str]) -> str:
    """Several things in one line."""
    return "; ".join(parts)


def _bone_medicines(person: "Person", on: date, lang: Language) -> Iterator[str]:
    """The bone medicines up to a day with their times, taken now or once, and the latest dose that has a date."""
    for medicine in person.medicines:
        if medicine.kind in bone_classes() and medicine.start <= on:
            yield _times(medicine, on, lang)
    given = {
        dose.generic: dose.date for dose in sorted(person.injections, key=lambda dose: dose.date) if dose.date <= on
    }
    for drug, day in given.items():
        yield lang.text("letter.last_dose", name=drug_name(drug), day=day)


def _times(medicine: "Medicine", on: date, lang: Language) -> str:
    """A medicine with the time over which it was taken, or since when it is."""
    name, end = drug_name(medicine.generic), medicine.end
    if end is None or end > on:
        return lang.text("letter.taken_since", name=name, start=medicine.start)
    return lang.text("letter.taken_from_to", name=name, first=medicine.start.year, last=end.year)


def _diagnoses(person: "Person", lang: Language) -> Iterator[str]:
    """MS and the diseases of the record that have a code, with it."""
    if person.ms is not None:
        kind = f"who.ms.{person.ms.course}" if person.ms.course else "who.ms"
        yield _coded(lang.text(kind), "ms")
    for key, row in RISK_FACTORS.items():
        if f"factor.{key}" in _codes() and getattr(person, key, None) is True:
            yield _coded(lang.say(row.name), f"factor.{key}")


def _fractures(person: "Person", on: date, lang: Language) -> Iterator[str]:
    """Each fracture up to a day, with its year, its force as recorded and its codes."""
    for fracture in person.fractures:
        if fracture.when is None or fracture.when.first <= on:
            yield _coded(_fracture(fracture, lang), f"fracture.{fracture.site}")


def _fracture(fracture: "Fracture", lang: Language) -> str:
    """A bone that broke, when, and by what force."""
    site = lang.say(site_name(fracture.site))
    when = "" if fracture.when is None else f" {fracture.when.year}"
    return f"{site}{when} ({lang.text(f'letter.trauma.{fracture.trauma}')})"


def _density(person: "Person", on: date, lang: Language) -> Iterator[str]:
    """The scans of the latest visits, as the record has them: day, site, density, scores."""
    days = sorted({scan.date for scan in person.dxa if scan.date <= on}, reverse=True)[:_VISITS]
    for day in days:
        scans = [_scan(scan, lang) for scan in person.dxa if scan.date == day]
        yield f"{lang.day(day)}: {', '.join(scans)}"


def _scan(scan: "Dxa", lang: Language) -> str:
    """A scan of one site."""
    density = [] if scan.bmd_g_cm2 is None else [f"{lang.figures(f'{scan.bmd_g_cm2:.3f}')}{SPACE}g/cm²"]
    scores = [(sign, value) for sign, value in (("T", scan.t_score), ("Z", scan.z_score)) if value is not None]
    told = [*density, *(f"{sign}{SPACE}{lang.written(value, 'tenths')}" for sign, value in scores)]
    return f"{lang.say(site_name(scan.site))} {' '.join(told)}"


def _laboratory(person: "Person", on: date, lang: Language) -> Iterator[str]:
    """The latest result of each blood test, as the record has it."""
    past = sorted((sample for sample in person.laboratory if sample.date <= on), key=lambda sample: sample.date)
    for sample in {sample.test: sample for sample in past}.values():
        name = lang.say(LABORATORY[sample.test].name)
        yield f"{name} {lang.written(sample.value)}{SPACE}{sample.unit} ({lang.short_day(sample.date)})"


# --- Codes ---------------------------------------------------------------------------------------------------------


@cache
def _codes() -> Mapping[str, list[Mapping[str, str]]]:
    """The codes that a letter writes, by finding."""
    return read_mapping(CODES)


def _coded(finding: str, key: str) -> str:
    """A finding with its codes; one quoted from memory has a star."""
    codes = [f"{_SYSTEMS[code['system']]} {code['code']}{_star(code)}" for code in _codes().get(key, [])]
    return f"{finding} [{', '.join(codes)}]" if codes else finding


def _star(code: Mapping[str, str]) -> str:
    """The mark of a code that nobody has looked up."""
    return "*" if code["status"] == "recalled" else ""


def _has_recalled(sections: Iterable[Section]) -> bool:
    """Whether a code of the letter has a star."""
    blocks = (block for section in sections for block in section.blocks if isinstance(block, Items))
    return any("*" in item.text and "[" in item.text for block in blocks for item in block.entries)


# --- What must not be given, and what is asked ---------------------------------------------------------------------


def _against(assessment: "Assessment", lang: Language) -> Iterator[Item]:
    """Medicines that must not be given or only with care, each reason once, with its source."""
    found: dict[tuple[str, Message, Message], list[Message]] = {}
    for check in assessment.medicines:
        for kind, objections in (("refused", check.refused), ("cautions", check.cautions)):
            for objection in objections:
                found.setdefault((kind, objection.reason, objection.source), []).append(check.name)
    for (kind, reason, source), names in found.items():
        cited = f" ({lang.say(source)})" if source else ""
        yield Item(lang.text(f"page.medicine_{kind}", names=names), f"{lang.say(reason)}{cited}")


def _asked(assessment: "Assessment", to: Recipient, lang: Language) -> list[Item]:
    """What is asked, by when, why and on whose word; that nothing is due where the plan has nothing for them."""
    until = assessment.date + timedelta(days=_YEAR)
    due = [task for task in assessment.tasks if (task.date <= until if to.tasks is None else task.task in to.tasks)]
    first = {task.task: task for task in reversed(due)}  # a dose that comes every half year is asked for once
    return [_task(task, lang) for task in due if task is first[task.task]] or [
        Item("", lang.text("letter.nothing_is_due"))
    ]


def _task(task: "Task", lang: Language) -> Item:
    """A task with its day."""
    source = references().get(task.rules[0], "") if task.rules else ""
    what = lang.say(task.what)
    text = f"{what if what.endswith(('?', '.')) else f'{what}.'} {lang.say(task.why)}"
    return Item(lang.text("letter.by", day=task.date), f"{text} ({source})" if source else text)


# --- As text -------------------------------------------------------------------------------------------------------


def to_text(of: Letter) -> str:
    """The letter as plain text of at most 78 letters a line."""
    lang = of.lang
    lines = [lang.text("letter.from"), lang.text("letter.to", to=of.to), lang.day(of.date), ""]
    lines += [*_wrapped(lang.text("letter.about", about=of.about)), "", lang.text("letter.greeting"), ""]
    for section in of.sections:
        lines.append(section.title.upper())
        for block in section.blocks:
            if isinstance(block, Items):
                lines += [line for item in block.entries for line in _entry(item)]
        lines.append("")
    lines += [lang.text("letter.regards"), "", lang.text("letter.signature"), ""]
    return "\n".join([*lines, *(line for text in of.foot for line in _wrapped(text))]).replace(SPACE, " ") + "\n"


def _entry(item: Item) -> list[str]:
    """An entry of a list, indented behind its dash."""
    head = f"{item.head.rstrip(':.')}: " if item.head else ""
    return wrap(printable(f"- {head}{item.text}"), _WIDE, subsequent_indent="  ", break_on_hyphens=False)


def _wrapped(text: str) -> list[str]:
    """Running text."""
    return wrap(printable(text), _WIDE, break_on_hyphens=False)
