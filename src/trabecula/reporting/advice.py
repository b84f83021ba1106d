"""What guidelines say, on a page: what applies, what is open and what each answer would lead to, side by side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from trabecula.drawing.page import Block, Item, Items, Page, Paragraph, Section, section
from trabecula.guidelines import Advice, Truth
from trabecula.guidelines.activity_bands import Band
from trabecula.guidelines.plan import Task, asks_nothing
from trabecula.guidelines.reasons import is_plain
from trabecula.guidelines.records import STATUSES, ExceptionAdvice, Missing, Reason, status_meaning, status_name
from trabecula.guidelines.values import PROBABILITIES
from trabecula.words.language import Language, language
from trabecula.words.message import Message

if TYPE_CHECKING:  # advice need not wait for the compiler behind an assessment
    from trabecula.assessment.results import Assessment


def advice_page(
    advice: Sequence[Advice],
    opening: Sequence[Block],
    tasks: Sequence[Task] = (),
    band: Band | None = None,
    code: str = "en",
) -> Page:
    """A page of advice: who it is about, what to do when, activity, and what each guideline says.

    code: the language of the page; the blocks of `opening` are in it already.
    """
    lang = language(code)
    return Page(
        title=lang.text("page.what_guidelines_say"),
        opening=(*opening, Paragraph(lang.text("advice.side_by_side"))),
        sections=(
            *section(lang.text("advice.what_to_do_when"), [*_asks_nothing(advice, lang), *plan(tasks, lang)]),
            *([] if band is None else section(lang.text("advice.activity", band=band.title), activity(band, lang))),
            *advice_sections(advice, lang),
        ),
        lang=code,
    )


def advice_opening(assessment: "Assessment", read: Sequence[str] = (), code: str = "en") -> list[Block]:
    """Whom the advice is about and on which day, and what an adapter has to say about the record."""
    lang = language(code)
    who = f"{lang.say(assessment.person.line)}. {assessment.date.isoformat()}."
    notes = (lang.text("page.statement"), *read)
    return [Paragraph(who), *(Paragraph(note, quiet=True) for note in notes)]


def activity(band: Band, lang: Language) -> list[Block]:
    """What is realistic and safe in a band of disability."""
    items = [
        Item(
            lang.text(f"topic.{advice.topic.replace(' ', '_')}"),
            f"{lang.say(advice.text)} {advice.citation}, {advice.locator} ({lang.say(status_name(advice.status))}).",
        )
        for advice in band.advice
    ]
    return [Paragraph(lang.say(band.goal)), Items(tuple(items))]


def plan(tasks: Sequence[Task], lang: Language) -> list[Block]:
    """The dated plan, in order of time: the day and what to do, then why and who does it."""
    items = [
        Item(f"{task.date.isoformat()}, {lang.say(task.what)}", f"{lang.say(task.why)} [{lang.say(task.who)}]")
        for task in tasks
    ]
    return [Items(tuple(items))] if items else []


def _asks_nothing(advice: Sequence[Advice], lang: Language) -> list[Block]:
    """Why no task comes of the advice, where it is all of other countries."""
    why = asks_nothing(advice)
    return [] if why is None else [Paragraph(lang.say(why))]


def advice_sections(advice: Sequence[Advice], lang: Language) -> tuple[Section, ...]:
    """What applies by guideline, what is met outside its population, what is open, and how it was checked.

    advice: what is to be shown (`guidelines.to_show`), in the order of the guidelines; nothing is merged.
    """
    return (
        *_applying(advice, lang),
        *section(lang.text("advice.outside_the_population"), _outside(advice, lang)),
        *section(lang.text("advice.open_and_what_answers_lead_to"), _open(advice, lang)),
        *section(lang.text("advice.how_rules_were_checked"), _checked(advice, lang)),
    )


def in_short(advice: Sequence[Advice], lang: Language) -> list[Block]:
    """What applies, one line for each guideline's advice, for a page that is about more than advice.

    The guidelines of other countries are left to the page of advice. That no rule applies is said: it is an answer.
    """
    applying = [said for said in advice if said.verdict is Truth.TRUE and said.topic and said.place != "elsewhere"]
    if not applying:
        return [Paragraph(lang.text("advice.no_rule_applies"))] if advice else []
    items = [Item(lang.say(said.title), _recommendation(said, lang)) for said in applying]
    note = f"{lang.text('advice.side_by_side')} {lang.text('advice.only_medicines_and_density')}"
    return [Items(tuple(items)), Paragraph(note, quiet=True)]


def _recommendation(advice: Advice, lang: Language) -> str:
    """What is recommended, with its strength."""
    strength = f" [{lang.say(advice.strength)}]" if advice.strength else ""
    refused = f" {lang.say(advice.not_here)}" if advice.not_here else ""
    return f"{lang.say(advice.recommendation)}{strength}{refused}"


def _applying(advice: Sequence[Advice], lang: Language) -> tuple[Section, ...]:
    """A section for each guideline of which a rule applies."""
    found: dict[str, list[Advice]] = defaultdict(list)
    for said in advice:
        if said.verdict is Truth.TRUE:
            found[f"{lang.say(said.title)}, {lang.say(said.country)}"].append(said)
    if not found:
        return (Section(lang.text("advice.what_applies"), (Paragraph(lang.text("advice.no_rule_applies")),)),)
    return tuple(
        Section(title, (Items(tuple(item for rule in rules for item in _items(rule, lang))),))
        for title, rules in found.items()
    )


def _items(advice: Advice, lang: Language) -> Iterator[Item]:
    """A rule that applies: what is recommended, why, where it stands, and exceptions that are open."""
    why = lang.text("advice.because", rule=advice.rule, reasons=_reasons(advice.because, lang))
    place = f"{advice.citation}, {advice.section} ({lang.say(status_name(advice.status))})."
    text = " ".join(part for part in (why, place, lang.say(advice.note)) if part)
    yield Item(_recommendation(advice, lang).removesuffix("."), text)
    for exception in advice.exceptions:
        if exception.verdict is Truth.UNKNOWN:
            yield _unless(exception, lang)


def _unless(exception: ExceptionAdvice, lang: Language) -> Item:
    """An exception that nobody can rule out yet."""
    needs = [missing.what for missing in exception.missing]
    return Item(
        lang.text("advice.unless", condition=exception.condition),
        lang.text("advice.not_known_yet", needs=needs, then=exception.instead),
    )


def _reasons(because: Sequence[Reason], lang: Language) -> str:
    """Each fact once, with everything that is asked of it; a plain yes or no needs no question."""
    asked: dict[str, list[str]] = defaultdict(list)
    for reason in because:
        asked[lang.say(reason.found)] += [] if is_plain(reason.asked) else [lang.say(reason.asked)]
    return "; ".join(f"{fact} ({', '.join(asks)})" if asks else fact for fact, asks in asked.items())


def _outside(advice: Sequence[Advice], lang: Language) -> list[Block]:
    """Literal triggers in somebody the guideline was not written for."""
    items = [
        Item(
            f"{lang.say(said.title)}, {said.rule}",
            lang.text(
                "advice.written_for", recommendation=said.recommendation, population=said.population,
                reasons=_reasons(said.because, lang),
            ),
        )
        for said in advice
        if said.outside
    ]  # fmt: skip
    return [Paragraph(lang.text("advice.met_outside")), Items(tuple(items))] if items else []


def _open(advice: Sequence[Advice], lang: Language) -> list[Block]:
    """Each missing datum once, with the rules that wait for it."""
    waiting: dict[str, list[tuple[str, Missing]]] = defaultdict(list)
    beside: dict[str, str] = {}
    for said in advice:
        for missing in said.missing:
            what = lang.say(missing.what)
            waiting[what].append((said.rule, missing))
            beside.update((what, f"{lang.say(own)}. ") for own in _own_probability(said, missing))
    items = [Item(what, f"{beside.get(what, '')}{_leads(rules, lang)}") for what, rules in waiting.items()]
    return [Items(tuple(items))] if items else []


def _own_probability(said: Advice, missing: Missing) -> Iterator[Message]:
    """Our own probability beside a FRAX that is missing: it triggers nothing, but shows how near a threshold lies."""
    asked = {PROBABILITIES.get(reason.fact): reason.found for reason in said.because}
    if missing.fact in asked and asked[missing.fact].id == "reason.own_probability":
        yield asked[missing.fact]


def _leads(rules: Iterable[tuple[str, Missing]], lang: Language) -> str:
    """What each answer would lead to, rule by rule; answers that leave a rule open are left out."""
    settled, waits = [], []
    for rule, missing in rules:
        answers = [
            f"{lang.say(answer.answer)}: {lang.text(_SAYS[answer.verdict])}"
            for answer in missing.answers
            if answer.verdict is not Truth.UNKNOWN
        ]
        (settled if answers else waits).append(f"{rule} ({', '.join(answers)})" if answers else rule)
    also = [lang.text("advice.does_not_settle", rules=waits)] if waits else []
    return "; ".join([*settled, *also]) + "."


_SAYS = {Truth.TRUE: "advice.applies", Truth.FALSE: "advice.does_not_apply"}


def _checked(advice: Sequence[Advice], lang: Language) -> list[Block]:
    """Rules that rest on memory are named; the others are counted."""
    by_status: dict[str, list[str]] = defaultdict(list)
    for said in advice:
        by_status[said.status].append(said.rule)
    items = [
        Item(
            lang.say(status_name(status)),
            f"{lang.say(status_meaning(status))}: {lang.say(_rules(status, by_status[status]))}.",
        )
        for status in STATUSES
        if status in by_status
    ]
    return [Items(tuple(items))] if items else []


def _rules(status: str, rules: Sequence[str]) -> Message:
    """The names of rules that nobody checked; of the others, how many."""
    if status in ("recalled", "own"):
        return Message("reason.between", {"ends": rules})
    return Message("advice.n_rules", {"n": len(rules)})
