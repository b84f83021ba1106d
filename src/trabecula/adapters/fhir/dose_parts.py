"""What the words of an instruction say together: a draft of each part while it is read, and the finished part.

What contradicts itself, or was understood in one of two ways, is told in the draft.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from trabecula import units

MOST_PARTS = 60
"""Steps of a taper."""
PER_WEEK = units.DAYS_PER_WEEK


@dataclass(frozen=True)
class DosePart:
    """One part of an instruction; None is what it leaves unsaid."""

    dose_mg: float | None = None
    """Each dose [mg]."""
    times: float | None = None
    """So many doses ..."""
    in_days: float = 1.0
    """... in so many days."""
    weekdays: frozenset[int] = frozenset()
    """The days of the week on which it is taken, Monday is 0; empty for no such choice."""
    days: int | None = None
    """How long it is taken [d]."""
    until: date | None = None

    @property
    def mg_per_day(self) -> float | None:
        """The mean dose a day [mg]."""
        return None if self.dose_mg is None or not self.times else self.dose_mg * self.times / self.in_days


@dataclass
class DoseDraft:
    """A part while it is read."""

    mg: list[float] = field(default_factory=list)
    pieces: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    often: list[tuple[float, float]] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    """Times of the day that are named."""
    weekdays: set[int] = field(default_factory=set)
    multiple: float | None = None
    """N of "N x 1 g"."""
    days: int | None = None
    count: float | None = None
    counts_days: bool = False
    """Whether that number, "bid x 3", may be one of days."""
    until: date | None = None
    heads: tuple[int, int] | None = None
    """The days that "day 1-3:" names."""
    split: bool = False
    """Whether the doses of a day are together the amount that is named."""
    divided: float | None = None
    handed_out: float | None = None
    """Tablets that are dispensed, behind all the rest: "1 tab, Oral, Daily, 30 tabs"."""
    product: tuple[float, float] | None = None
    """The frequency in "3x1"."""
    each: bool = False
    """Whether the strength stands behind a number of tablets."""
    total: bool = False
    over: bool = False
    stop: bool = False
    falls: tuple[str, float, float] | None = None
    """A fall by an amount (mg or pieces) every so many days."""
    early: bool = False
    """Whether it began with how often, behind a part that had all."""
    unread: list[str] = field(default_factory=list)


def finished_part(draft: DoseDraft, strength: float | None, infused: bool) -> DosePart:
    """The finished part; what contradicts itself is told in the draft."""
    dose = _dose(draft, strength)
    times, in_days = _often(draft)
    if draft.multiple is not None:
        if infused or (dose or 0) >= units.MG_PER_G / 2:
            draft.count = draft.multiple
        elif draft.pieces or draft.each:
            dose = None if dose is None else dose * draft.multiple
        elif times is None or (times, in_days) == (1.0, 1.0):
            times, in_days = draft.multiple, 1.0
        else:
            draft.unread.append(f"{draft.multiple:g} x")
    if draft.split and not draft.divided:
        is_clear = dose is not None and times is not None and times > 1 and in_days == 1.0
        draft.unread += [] if is_clear else ["divided"]
        dose = dose / times if is_clear and dose and times else dose
    if draft.divided and dose is not None:
        dose, times, in_days = dose / draft.divided, draft.divided, 1.0
    days = draft.days if draft.days is not None else _counted(draft, times, in_days)
    if days is None and draft.handed_out:
        a_dose = draft.pieces[0] if draft.pieces else (dose or 0.0) / (strength or 1.0)
        days = max(1, round(draft.handed_out / a_dose / (times or 1.0) * in_days)) if a_dose else None
        draft.unread.append(f"{draft.handed_out:g} tablets")
    if draft.heads:
        days = draft.heads[1] - draft.heads[0] + 1
    is_whole = draft.total and not draft.pieces
    if dose is not None and draft.days and times is None and (is_whole or draft.over):
        draft.unread += [] if is_whole else ["over"]
        dose, times, in_days = dose / draft.days, 1.0, 1.0
    elif is_whole:
        draft.unread.append("total")
    return DosePart(dose, times, in_days, frozenset(draft.weekdays), days, draft.until)


def _dose(draft: DoseDraft, strength: float | None) -> float | None:
    """Each dose [mg], from amounts, tablets, or both where they agree."""
    if not draft.pieces and not draft.mg and len(draft.bare) in (1, len(draft.at)):
        draft.pieces, draft.bare = draft.bare, []
    draft.unread += [f"{number:g}" for number in draft.bare]
    by_mg, by_pieces = sorted(set(draft.mg)), [count * strength if strength else None for count in draft.pieces]
    if not draft.pieces:
        return _only_amounts(draft)
    if len(draft.pieces) > 1:
        return _sum_of_day(draft, by_pieces)
    count, dose = draft.pieces[0], by_pieces[0]
    if not by_mg:
        return dose
    return _tablets_with_amounts(draft, by_mg, count, strength)


def _tablets_with_amounts(draft: DoseDraft, by_mg: list[float], count: float, strength: float | None) -> float | None:
    """ "2 tablets (10 mg)", "2 tablets of 5 mg", "5 mg tablet: take 2"."""
    own = by_mg[0] if draft.each or (len(by_mg) == 2 and abs(by_mg[0] * count - by_mg[1]) < 1e-6) else strength
    whole = None if own is None else own * count
    fits = whole is not None and all(min(abs(mg - whole), abs(mg - (own or 0))) < 1e-6 * mg for mg in by_mg)
    if strength and own != strength:
        draft.unread.append(f"{own:g} mg")
    if fits:
        return whole
    if own is None and (draft.total or count == 1) and len(by_mg) == 1:
        return by_mg[0]
    draft.unread += [f"{count:g} x", *(f"{mg:g} mg" for mg in by_mg)]
    return by_mg[-1] if own is None else whole


def _only_amounts(draft: DoseDraft) -> float | None:
    """One amount, or those of the times of a day."""
    if len(draft.mg) <= 1:
        return draft.mg[0] if draft.mg else None
    return _sum_of_day(draft, list(draft.mg))


def _sum_of_day(draft: DoseDraft, doses: list[float | None]) -> float | None:
    """Doses at several times of a day, together; without their times it is told which were found."""
    if len(set(doses)) == 1 and len(draft.at) in (0, len(doses)):
        return doses[0]
    if None in doses:
        return None
    known = [dose for dose in doses if dose is not None]
    if len(draft.at) == len(doses) and all(often == (1.0, 1.0) for often in draft.often):
        draft.at, draft.often = [], [(1.0, 1.0)]
        return sum(known)
    draft.unread += [f"{dose:g} mg" for dose in known]
    return max(known)


def _often(draft: DoseDraft) -> tuple[float | None, float]:
    """How often, from the words for it, the days of the week, or the times of a day."""
    said = list(dict.fromkeys(draft.often))
    if draft.product and any(often not in (draft.product, (1.0, 1.0)) for often in said):
        draft.unread.append(f"{draft.product[0]:g} x")
    if len(said) == 2 and (1.0, 1.0) in said and all(days == 1.0 for _, days in said):
        said.remove((1.0, 1.0))
    at = len(set(draft.at))
    if draft.weekdays:
        if any(days not in (1.0, PER_WEEK) or (days == PER_WEEK and n != len(draft.weekdays)) for n, days in said):
            draft.unread.append("days of the week")
        a_day = next((n for n, days in said if days == 1.0), None) or max(1, at)
        return a_day * len(draft.weekdays), PER_WEEK
    if len(said) == 2 and _is_of_seven(said):  # twice daily on 5 days a week
        (a_day, _), (on_days, week) = sorted(said, key=lambda often: often[1])
        return a_day * on_days, week
    if len(said) > 1:
        draft.unread += [f"{n:g} in {days:g} d" for n, days in said]
    said = [(n / days, 1.0) if days < 1 else (n, days) for n, days in said]
    if not said:
        return (float(at), 1.0) if at else (None, 1.0)
    return (float(at), 1.0) if said[0] == (1.0, 1.0) and at > 1 else said[0]


def _is_of_seven(said: list[tuple[float, float]]) -> bool:
    """So many a day, and so many days of a week."""
    return {days for _, days in said} == {1.0, PER_WEEK} and max(n for n, days in said if days == PER_WEEK) > 1


def _counted(draft: DoseDraft, times: float | None, in_days: float) -> int | None:
    """The days that a number of doses lasts."""
    if draft.count is None:
        return None
    if draft.weekdays or not draft.count.is_integer():
        draft.unread.append(f"{draft.count:g} doses")
    per_day = (times or 1.0) / in_days
    draft.unread += [f"x {draft.count:g}"] if draft.counts_days and per_day != 1 else []
    return max(1, -int(-draft.count // per_day) if per_day >= 1 else round((draft.count - 1) / per_day) + 1)


def fallen_parts(part: DosePart, draft: DoseDraft, before: list[DosePart], strength: float | None) -> list[DosePart]:
    """A part, or the steps by which its dose falls, to nothing unless a lower end is named."""
    if draft.falls is None:
        return [part] if part.dose_mg or part.times or part.days or part.until else []
    kind, by, every = draft.falls
    step = by if kind == "mg" else by * strength if strength else None
    start = part if part.dose_mg else before[-1] if before else part
    if not step or not start.dose_mg or every < 1:
        draft.unread.append("reduce by")
        return [part]
    n = int(start.dose_mg / step - 1e-9)
    draft.unread += ["reduce by"] if n > MOST_PARTS else []
    first = [] if start is not part else [replace(part, days=part.days or round(every))]
    lower = [round(start.dose_mg - place * step, 6) for place in range(1, min(n, MOST_PARTS) + 1)]
    return [*first, *(replace(start, dose_mg=dose, days=round(every), until=None) for dose in lower)]


def completed_parts(parts: list[DosePart]) -> tuple[list[DosePart], list[str]]:
    """Later parts take over how often the first is taken; a part in the middle without its length is told."""
    done: list[DosePart] = []
    for part in parts:
        before, same = done[-1] if done else part, {}
        if part.times is None:
            same = {"times": before.times, "in_days": before.in_days, "weekdays": before.weekdays}
        done.append(replace(part, dose_mg=part.dose_mg or before.dose_mg, **same))
    open_ones = [part for part in done[:-1] if part.days is None and part.until is None]
    return done, ["then"] if open_ones else []
