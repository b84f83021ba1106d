"""The list of sources under a page, in the order of their numbers."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from trabecula.reporting.marks import MODEL, RECORD, Marks
from trabecula.reporting.statements import Statement
from trabecula.words.language import SOURCE, Language

if TYPE_CHECKING:
    from trabecula.assessment.results import Assessment, EvidenceUsed, Software


@dataclass(frozen=True)
class Basis:
    """What an answer that is no assessment rests on (a comparison of plans), under the names an assessment has."""

    software: "Software"
    date: date
    draws: int
    seed: int
    interval: float
    country: str
    evidence: "EvidenceUsed"


def sources(
    assessment: "Assessment | Basis", marks: Marks, lang: Language, *, plain: bool = False
) -> list[Statement]:
    """What each number stands for; in plain words for the person's page. Documents are cited in English."""
    own = _plain(assessment, lang) if plain else _exact(assessment, lang)
    return [
        Statement(own[name], lang.code) if name in own else Statement(text, SOURCE)
        for name, text in marks.texts.items()
    ]


def _plain(assessment: "Assessment | Basis", lang: Language) -> dict[str, str]:
    """Record and model in plain words."""
    version = assessment.software.version
    return {
        RECORD: lang.text("page.your_record_as_it_was_on", day=lang.day(assessment.date)),
        MODEL: lang.text(
            "page.trabecula_version_a_computer_model_the",
            version=version,
        ),
    }


def _exact(assessment: "Assessment | Basis", lang: Language) -> dict[str, str]:
    """Record and model as somebody needs them who wants to check."""
    used = assessment.evidence
    return {
        RECORD: lang.text("page.the_record_as_read_for_day", day=lang.day(assessment.date)),
        MODEL: lang.text(
            "page.trabecula_version_draws_draws_seed_seed",
            version=assessment.software.version, draws=assessment.draws, seed=assessment.seed,
            held=round(100 * assessment.interval), parameters=len(used.parameters), assumed=len(used.assumed),
            recalled=len(used.recalled), country=assessment.country,
        ),
    }  # fmt: skip
