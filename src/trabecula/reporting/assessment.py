"""The page about one person for a terminal or as Markdown: numbers, causes, advice, and what stands around them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from trabecula.drawing.page import Block, Estimate, Item, Items, Page, Paragraph, Row, Section, Table, listed, section
from trabecula.reporting import advice, bones, risks
from trabecula.reporting.statements import estimate
from trabecula.vocabulary import rates_of, site_name
from trabecula.words.language import Language, language
from trabecula.words.message import Message

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.figures import Interval
    from trabecula.assessment.results import Assessment, Causes, CausesOf, Change, FollowUp
    from trabecula.guidelines.records import Objection

_SITES = ("hip", "major_osteoporotic")
"""The chances that causes are told of, in the order of the columns."""
_FINEST = 0.05
"""What is nearer to nothing has no figure [percentage points, per cent]."""


def assessment_page(assessment: "Assessment", read: Sequence[str] = (), code: str = "en") -> Page:
    """The page about one person.

    read: what an adapter has to say about the record, an indented line an entry of a list; code: the language.
    """
    lang = language(code)
    return Page(
        title=f"Trabecula {assessment.software.version}, {assessment.date.isoformat()}",
        opening=tuple(_opening(assessment, lang)),
        sections=tuple(_sections(assessment, read, lang)),
        lang=code,
    )


def _sections(assessment: "Assessment", read: Sequence[str], lang: Language) -> Iterator[Section]:
    """The sections that have something to say, in the order of a conversation."""
    parts = {
        "page.bones": bones.bones(assessment, lang),
        "page.bone_scans": bones.scans(assessment, lang),
        "page.chance_of_breaking_a_bone": risks.risks(assessment, lang),
        "page.falls_and_death": risks.falls(assessment, lang),
        "page.bone_turnover": bones.markers(assessment, lang),
        **_asked_for(assessment, lang),
        "page.what_guidelines_say": advice.in_short(assessment.advice, lang),
        "page.contraindications": against(assessment, lang),
        "page.what_is_due": advice.plan(assessment.tasks, lang),
        "page.not_in_the_record": _missing(assessment, lang),
        "page.worth_a_second_look": questions(assessment, lang),
        "page.notes": listed(Item("", lang.say(note)) for note in assessment.notes),
        "page.how_the_record_was_read": record_read(read),
        "page.evidence": _rests_on(assessment, lang),
    }
    for title, blocks in parts.items():
        yield from section(lang.text(title), blocks)


def _asked_for(assessment: "Assessment", lang: Language) -> dict[str, list[Block]]:
    """What is worked out only when somebody asks for it."""
    return {
        "page.causes": causes_blocks(assessment.causes, lang),
        "page.since_the_last_answer": _since(assessment.since, lang),
    }


def asked_for(assessment: "Assessment", lang: Language) -> Iterator[Section]:
    """Its sections."""
    for title, blocks in _asked_for(assessment, lang).items():
        yield from section(lang.text(title), blocks)


# --- Whom the numbers are about, and what they rest on -------------------------------------------------------------


def _opening(assessment: "Assessment", lang: Language) -> list[Block]:
    """The person in one line, and that this is no medical device."""
    return [
        Paragraph(lang.say(assessment.person.line)),
        *conclusion(assessment, lang),
        Items(tuple(_basis(assessment, lang))),
        Paragraph(lang.text("page.statement"), quiet=True),
    ]


def _basis(assessment: "Assessment", lang: Language) -> Iterator[Item]:
    """What is known about the two things that matter most in MS."""
    person = assessment.person
    if person.edss is not None:
        yield Item("EDSS", f"{estimate(person.edss, 'tenths', lang)}. {lang.say(person.edss_basis)}")
    yield Item(lang.text("page.steroids"), lang.say(person.steroids))


def conclusion(assessment: "Assessment", lang: Language) -> list[Block]:
    """The sentences of the conclusion, as a list."""
    if assessment.summary is None:
        return []
    return listed(Item("", lang.say(sentence)) for sentence in assessment.summary.sentences)


def against(assessment: "Assessment", lang: Language) -> list[Block]:
    """What must not be given, and what only with care, with the reasons: a line for medicines of the same reasons."""
    return listed(Item("", line) for line in objections(assessment, lang))


def objections(assessment: "Assessment", lang: Language) -> Iterator[str]:
    """The lines."""
    for id, kind in (("page.not_for_this_person", "refused"), ("page.only_with_care", "cautions")):
        grouped: dict[str, list[str]] = defaultdict(list)
        for check in assessment.medicines:
            objections: Sequence[Objection] = getattr(check, kind)
            if objections and not (kind == "cautions" and check.refused):
                reasons = dict.fromkeys(lang.say(objection.found) for objection in objections)
                grouped["; ".join(reasons)].append(lang.say(check.name))
        for reasons, names in grouped.items():
            yield lang.text(id, drugs=names, why=reasons)


def _missing(assessment: "Assessment", lang: Language) -> list[Block]:
    """What the record does not say, what was put in its place, what that costs."""
    return listed(
        Item(lang.say(gap.what), f"{lang.say(gap.assumed).rstrip('.')}; {lang.say(gap.cost)}")
        for gap in assessment.missing
    )


def questions(assessment: "Assessment", lang: Language) -> list[Block]:
    """Values that are possible but unusual."""
    return listed(Item(question.path, lang.say(question.message), code=True) for question in assessment.questions)


def record_read(read: Sequence[str]) -> list[Block]:
    """What became of the record on the way in, in the words of the adapter; indented lines are entries."""
    blocks: list[Block] = []
    for is_entry, group in groupby(read, key=lambda line: line.startswith(" ")):
        found = [line.strip() for line in group]
        blocks += listed(Item("", line) for line in found) if is_entry else [Paragraph(line) for line in found]
    return blocks


def _rests_on(assessment: "Assessment", lang: Language) -> list[Block]:
    """How many numbers the answer used, and how many of them nobody has measured or checked."""
    used = assessment.evidence
    text = lang.text(
        "page.rests_on",
        parameters=Message("page.n_parameters", {"n": len(used.parameters)}), assumed=len(used.assumed),
        findings=Message("page.n_findings", {"n": len(used.recalled)}), held=round(100 * assessment.interval),
        draws=assessment.draws, seed=assessment.seed, country=rates_of(assessment.country, assessment.stands_in_for),
    )  # fmt: skip
    return [Paragraph(text)]


# --- What did how much, and what is different since an earlier answer ----------------------------------------------


def causes_blocks(found: "Causes | None", lang: Language) -> list[Block]:
    """How much each cause contributes, in a sentence and in tables: first the chances that the sentence is about."""
    if found is None:
        return []
    horizon = lang.years(found.horizon_y)
    absent = ", ".join(lang.say(cause) for cause in found.absent)
    return [
        Paragraph(lang.say(found.sentence)),
        *_chances(lang.text("page.causes_beyond_age", horizon=horizon), found.beyond_age, lang),
        *_chances(lang.text("page.causes_against_30", horizon=horizon), found.risk, lang),
        _shares(lang.text("page.causes_of_density"), found.bone, 1.0, lang),
        Paragraph(lang.text("page.how_to_read_causes"), quiet=True),
        *([Paragraph(lang.text("page.not_in_this_person", causes=absent), quiet=True)] if absent else []),
        *(Paragraph(lang.say(note), quiet=True) for note in found.notes),
    ]


def _chances(corner: str, results: "list[CausesOf]", lang: Language) -> list[Table]:
    """The shares in the main chances, in percentage points; no table where there are none."""
    shown = sorted((causes for causes in results if causes.of in _SITES), key=lambda causes: _SITES.index(causes.of))
    filled = any(causes.shares for causes in shown)
    return [_shares(corner, shown, 100.0, lang)] if filled else []


def _shares(corner: str, results: "Sequence[CausesOf]", scale: float, lang: Language) -> Table:
    """One line a cause, one column a site; `scale` makes per cent or points of a share."""
    labels = {share.cause: lang.say(share.label) for causes in results for share in causes.shares}
    rows = []
    for cause, label in labels.items():
        found = [next((share for share in causes.shares if share.cause == cause), None) for causes in results]
        cells = tuple("" if share is None else _share(share.share, scale, lang) for share in found)
        rows.append(Row(label, cells))
    rows.append(Row(lang.text("page.together"), tuple(_share(causes.total, scale, lang) for causes in results)))
    columns = tuple(lang.heading(site_name(causes.of)) for causes in results)
    return Table(corner, columns, tuple(rows), max(len(results) - 1, 0))


def _share(share: "Interval", scale: float, lang: Language) -> Estimate | str:
    """A share with its range; next to nothing is less than a tenth, on either side."""
    low, middle, high = (scale * value for value in (share.low, share.mean, share.high))
    if max(abs(low), abs(high)) < _FINEST:
        return lang.figures("<0.1") if low or high else "0"
    ends = lang.written((low, high), "change")
    said = lang.written(middle, "change")
    return Estimate(said, "" if ends == said else ends)


def _since(found: "FollowUp | None", lang: Language) -> list[Block]:
    """What changed since an earlier answer, and why."""
    if found is None:
        return []
    new = ", ".join(lang.say(entry) for entry in found.new_entries) or lang.text("page.nothing")
    opening = lang.text("page.since", day=found.date, version=found.version, new=new)
    return [
        Paragraph(opening),
        Items(tuple(Item(lang.say(change.what), _changed(change, lang)) for change in found.changes)),
        *(Paragraph(lang.say(note), quiet=True) for note in found.notes),
    ]


def _changed(of: "Change", lang: Language) -> str:
    """One change in words; chances in per cent, their parts in points."""
    scale, style = (100.0, "percent") if of.unit == "1" else (1.0, "significant")
    before, now = (lang.written(end.told(of.unit), style) for end in (of.before, of.now))
    if not of.beyond_noise:
        return lang.text("page.no_more_than_chance", before=before, now=now)
    reasons = {
        "page.by_time": of.because.time,
        "page.by_new_data": of.because.new_data,
        "page.by_program_or_record": of.because.program_or_record,
    }
    parts = [lang.text(id, by=scale * part) for id, part in reasons.items() if abs(part) > 0.0]
    beyond = "page.changed_beyond" if of.outside_interval else "page.changed"
    return lang.text(beyond, before=before, now=now, parts=parts)
