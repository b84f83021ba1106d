"""Causes and changes on a page: what did how much, and what is different since an earlier answer."""

from typing import TYPE_CHECKING

from trabecula.drawing.page import Block, Estimate, Item, Items, Paragraph, Row, Table
from trabecula.vocabulary import site_name
from trabecula.words.language import language
from trabecula.words.numbers import change, percent, signed, significant, span, years

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assessment.results import Causes, CausesOf, Change, FollowUp, Interval

_SITES = ("hip", "major_osteoporotic")
_FINEST, _LESS = 0.05, "<0.1"  # what is nearer to nothing has no figure


def causes(found: "Causes | None") -> list[Block]:
    """How much each cause contributes, in a sentence and in tables: first the chances that the sentence is about."""
    if found is None:
        return []
    absent = (
        [Paragraph(f"Not in this person: {', '.join(found.absent)}.", quiet=True)] if found.absent else []
    )
    horizon = years(found.horizon_y)
    return [
        Paragraph(found.sentence),
        *_chances(f"Beyond age, {horizon}, points", found.beyond_age),
        *_chances(f"Against age 30, {horizon}, points", found.risk),
        _table(
            "Density so far, %",
            found.bone,
            {site.of: language("en").heading(site_name(site.of)) for site in found.bone},
            1.0,
        ),
        Paragraph(_HOW_TO_READ, quiet=True),
        *absent,
        *(Paragraph(each, quiet=True) for each in found.notes),
    ]


_HOW_TO_READ = (
    "Beyond age: against the same person at the same age on whom nothing else acts. Against age 30, and density:"
    " against the same person at 30 on whom nothing acts. Each column divides its difference: chances in percentage"
    " points, density in per cent. Averages over the draws add up exactly, the middle values shown only nearly."
)


def _chances(corner: str, results: "list[CausesOf]") -> list[Table]:
    """The shares in the main chances, in percentage points; no table where there are none."""
    shown = sorted((each for each in results if each.of in _SITES), key=lambda each: _SITES.index(each.of))
    names = {each.of: language("en").heading(site_name(each.of)) for each in shown}
    per_cent = 100.0
    return [_table(corner, shown, names, per_cent)] if any(each.shares for each in shown) else []


def _table(corner: str, results: "list[CausesOf]", names: dict[str, str], scale: float) -> Table:
    """One line a cause, one column a site."""
    labels = {each.cause: each.label for result in results for each in result.shares}
    rows = []
    for cause, label in labels.items():
        found = [next((each for each in result.shares if each.cause == cause), None) for result in results]
        rows.append(Row(label, tuple("" if each is None else _share(each.share, scale) for each in found)))
    rows.append(Row("together", tuple(_share(each.total, scale) for each in results)))
    return Table(corner, tuple(names[each.of] for each in results), tuple(rows), max(len(results) - 1, 0))


def _share(share: "Interval", scale: float) -> Estimate | str:
    """A share with its range; next to nothing is less than a tenth, on either side."""
    low, median, high = (scale * each for each in (share.low, share.median, share.high))
    if max(abs(low), abs(high)) < _FINEST:
        return _LESS if low or high else "0"
    low_text, high_text = change(low), change(high)
    return Estimate(change(median), span(low_text, high_text) if low_text != high_text else "")


def since(found: "FollowUp | None") -> list[Block]:
    """What changed since an earlier answer, and why."""
    if found is None:
        return []
    new = ", ".join(found.new_entries) or "nothing"
    opening = f"Since {found.date.isoformat()} (version {found.version}). Recorded since: {new}."
    return [
        Paragraph(opening),
        Items(tuple(Item(each.what, _changed(each)) for each in found.changes)),
        *(Paragraph(each, quiet=True) for each in found.notes),
    ]


def _changed(of: "Change") -> str:
    """One change in words; chances in per cent, their parts in points."""
    scale, written = (100.0, percent) if of.unit == "1" else (1.0, significant)
    values = f"{written(of.before.median)} then, {written(of.now.median)} now"
    if not of.beyond_noise:
        return f"{values}: no more than chance between two samples"
    reasons = {
        "time": of.because.time,
        "new data": of.because.new_data,
        "the program or corrections of the record": of.because.program_or_record,
    }
    parts = ", ".join(f"{name} {signed(scale * part)}" for name, part in reasons.items() if abs(part) > 0.0)
    beyond = "; outside the earlier range" if of.outside_interval else ""
    return f"{values} ({parts}{beyond})"
