"""What guidelines say, on a page: what applies, what is open and what each answer would lead to, side by side."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from trabecula.drawing.page import Block, Item, Items, Page, Paragraph, Section, section
from trabecula.guidelines import Advice, Truth
from trabecula.guidelines.activity_bands import Band
from trabecula.guidelines.plan import Task
from trabecula.guidelines.records import STATUS_MEANING, ExceptionAdvice, Missing, Reason
from trabecula.words.numbers import counted

SIDE_BY_SIDE = (
    "Each guideline speaks for itself, within the population it was written for; where two disagree, both stand here. "
    "The texts are our paraphrases: the guideline itself decides."
)
_OUTSIDE = (
    "The condition is met as it is written, by somebody the guideline was not written for. Read it with the rule that "
    "says so."
)
_NONE = "No rule applies with what is known."


def advice_page(
    advice: Sequence[Advice], opening: Sequence[Block], tasks: Sequence[Task] = (), band: Band | None = None
) -> Page:
    """A page of advice: who it is about, what to do when, activity, and what each guideline says."""
    return Page(
        title="What guidelines say",
        opening=(*opening, Paragraph(SIDE_BY_SIDE)),
        sections=(
            *section("What to do, and when", plan(tasks)),
            *([] if band is None else section(f"Activity: {band.title}", activity(band))),
            *advice_sections(advice),
        ),
    )


def activity(band: Band) -> list[Block]:
    """What is realistic and safe in a band of disability."""
    items = [
        Item(each.topic, f"{each.text} {each.citation}, {each.locator} ({each.status}).")
        for each in band.advice
    ]
    return [Paragraph(band.goal), Items(tuple(items))]


def plan(tasks: Sequence[Task]) -> list[Block]:
    """The dated plan, in order of time."""
    items = [Item(f"{each.date.isoformat()}, {each.what}", f"{each.why} [{each.who}]") for each in tasks]
    return [Items(tuple(items))] if items else []


def advice_sections(advice: Sequence[Advice]) -> tuple[Section, ...]:
    """What applies by guideline, what is met outside its population, what is open, and how it was checked."""
    return (
        *_applying(advice),
        *section("Met as written, outside the guideline's population", _outside(advice)),
        *section("Open: what is missing, and what each answer would lead to", _open(advice)),
        *section("How the rules were checked", _checked(advice)),
    )


def in_short(advice: Sequence[Advice]) -> list[Block]:
    """What applies, one line for each guideline's advice, for a page that is about more than advice."""
    applying = [each for each in advice if each.verdict is Truth.TRUE and each.topic]
    if not applying:
        return []
    items = [Item(each.title, _recommendation(each)) for each in applying]
    return [Items(tuple(items)), Paragraph(f"{SIDE_BY_SIDE} {_IN_SHORT}", quiet=True)]


_IN_SHORT = (
    "Only what is said of medicines and of measuring bone density stands here; `trabecula advise` has the rest, the "
    "reasons, what is missing, and a dated plan."
)


def _name(each: Advice) -> str:
    """The guideline and the rule, shortly."""
    return f"{each.title}, {each.rule}"


def _recommendation(each: Advice) -> str:
    """What is recommended, with its strength."""
    return f"{each.recommendation}{f' [{each.strength}]' if each.strength else ''}"


def _applying(advice: Sequence[Advice]) -> tuple[Section, ...]:
    """A section for each guideline of which a rule applies."""
    found: dict[str, list[Advice]] = defaultdict(list)
    for each in advice:
        if each.verdict is Truth.TRUE:
            found[f"{each.title}, {each.country}"].append(each)
    if not found:
        return (Section("What applies", (Paragraph(_NONE),)),)
    return tuple(
        Section(title, (Items(tuple(item for each in rules for item in _items(each))),))
        for title, rules in found.items()
    )


def _items(each: Advice) -> list[Item]:
    """A rule that applies: what is recommended, why, where it stands, and exceptions that are open."""
    why = f"{each.rule}, because of {_reasons(each.because)}."
    place = f"{each.citation}, {each.section} ({each.status})."
    text = " ".join(part for part in (why, place, each.note) if part)
    head = _recommendation(each).removesuffix(".")
    return [Item(head, text), *(_unless(other) for other in each.exceptions if _is_open(other))]


def _is_open(exception: ExceptionAdvice) -> bool:
    return exception.verdict is Truth.UNKNOWN


def _unless(exception: ExceptionAdvice) -> Item:
    """An exception that nobody can rule out yet."""
    needs = ", ".join(missing.what for missing in exception.missing)
    return Item(f"Unless {exception.condition}", f"not known yet ({needs}). Then: {exception.instead}")


def _reasons(because: Sequence[Reason]) -> str:
    """Each fact once, with everything that is asked of it; a plain yes or no needs no question."""
    asked: dict[str, list[str]] = defaultdict(list)
    for each in because:
        asked[each.found] += [] if each.asked in ("yes", "not yes") else [each.asked]
    return "; ".join(f"{fact} ({', '.join(asks)})" if asks else fact for fact, asks in asked.items())


def _outside(advice: Sequence[Advice]) -> list[Block]:
    """Literal triggers in somebody the guideline was not written for."""
    found = [each for each in advice if each.outside]
    if not found:
        return []
    items = [
        Item(
            _name(each),
            f"{each.recommendation} Written for {each.population}. Here: {_reasons(each.because)}.",
        )
        for each in found
    ]
    return [Paragraph(_OUTSIDE), Items(tuple(items))]


def _open(advice: Sequence[Advice]) -> list[Block]:
    """Each missing datum once, with the rules that wait for it."""
    waiting: dict[str, list[tuple[str, Missing]]] = defaultdict(list)
    for each in advice:
        for missing in each.missing:
            waiting[missing.what].append((each.rule, missing))
    items = [Item(what, _leads(rules)) for what, rules in waiting.items()]
    return [Items(tuple(items))] if items else []


def _leads(rules: Iterable[tuple[str, Missing]]) -> str:
    """What each answer would lead to, rule by rule; answers that leave a rule open are left out."""
    told, waits = [], []
    for rule, missing in rules:
        settled = [each for each in missing.answers if each.verdict is not Truth.UNKNOWN]
        answers = ", ".join(f"{each.answer}: {_SAYS[each.verdict]}" for each in settled)
        (told if answers else waits).append(f"{rule} ({answers})" if answers else rule)
    also = f"alone it does not settle {', '.join(waits)}" if waits else ""
    return "; ".join([*told, *([also] if also else [])]) + "."


_SAYS = {Truth.TRUE: "applies", Truth.FALSE: "does not apply"}


def _checked(advice: Sequence[Advice]) -> list[Block]:
    """Rules that rest on memory are named; the others are counted."""
    by_status: dict[str, list[str]] = defaultdict(list)
    for each in advice:
        by_status[each.status].append(each.rule)
    items = [
        Item(status, f"{STATUS_MEANING[status]}: {_rules(status, by_status[status])}.")
        for status in STATUS_MEANING
        if status in by_status
    ]
    return [Items(tuple(items))] if items else []


def _rules(status: str, rules: Sequence[str]) -> str:
    """The names of rules that nobody checked; of the others, how many."""
    return ", ".join(rules) if status in ("recalled", "own") else counted(len(rules), "rule")
