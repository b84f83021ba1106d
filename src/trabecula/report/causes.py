"""Causes and changes on a page: what did how much, and what is different since an earlier answer."""

from typing import TYPE_CHECKING

from trabecula.report.names import BONES, FRACTURES, named
from trabecula.report.numbers import change, percent, significant, span, years
from trabecula.report.page import Block, Estimate, Item, Items, Paragraph, Row, Table

if TYPE_CHECKING:  # a page about something else need not wait for the compiler behind an assessment
    from trabecula.assess.base import Interval
    from trabecula.assess.causes_record import Causes, CausesOf
    from trabecula.assess.since_record import Change, Since

_SITES = ("hip", "major_osteoporotic")
_FINEST = 0.05  # not a parameter: what is nearer to nothing is written as nothing


def causes(found: "Causes | None") -> list[Block]:
    """How much each cause contributes, in a sentence and in tables."""
    if found is None:
        return []
    risks = [each for each in found.risk if each.of in _SITES]
    risks = sorted(risks, key=lambda each: _SITES.index(each.of))
    absent = (
        [Paragraph(f"Not in this person: {', '.join(found.absent)}.", quiet=True)] if found.absent else []
    )
    return [
        Paragraph(found.sentence),
        _table("Density so far, %", found.bone, {site.of: named(site.of, BONES) for site in found.bone}, 1.0),
        _table(
            f"Chance within {years(found.horizon_y)}, points",
            risks,
            {site.of: named(site.of, FRACTURES) for site in risks},
            100.0,  # not a parameter: per cent
        ),
        Paragraph(_HOW_TO_READ, quiet=True),
        *absent,
        *(Paragraph(each, quiet=True) for each in found.notes),
    ]


_HOW_TO_READ = (
    "Each column divides the difference from the same person at 30 on whom nothing acts: density in per cent, chances"
    " in percentage points. Averages over the draws add up exactly, the middle values shown only nearly."
)


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
    """A share with its range; next to nothing is nothing."""
    low, median, high = (scale * each for each in (share.low, share.median, share.high))
    if max(abs(low), abs(high)) < _FINEST:
        return "0"
    low_text, high_text = change(low), change(high)
    return Estimate(change(median), span(low_text, high_text) if low_text != high_text else "")


def since(found: "Since | None") -> list[Block]:
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
    scale, written = (100.0, percent) if of.unit == "1" else (1.0, significant)  # not a parameter: per cent
    values = f"{written(of.before.median)} then, {written(of.now.median)} now"
    if not of.beyond_noise:
        return f"{values}: no more than chance between two samples"
    reasons = {
        "time": of.because.time,
        "new data": of.because.new_data,
        "the program or corrections of the record": of.because.program_or_record,
    }
    parts = ", ".join(f"{name} {_signed(scale * part)}" for name, part in reasons.items() if abs(part) > 0.0)
    beyond = "; outside the earlier range" if of.outside_interval else ""
    return f"{values} ({parts}{beyond})"


def _signed(part: float) -> str:
    """A part of a change with its sign, two figures."""
    return ("+" if part > 0 else "") + significant(part)
