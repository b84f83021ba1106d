"""What became of a record from another system: in a few lines, or in full."""

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported when a record is read
    from trabecula.adapters.loss import LossReport

_SHOWN = 10  # lines of the short form


def lines(report: "LossReport | None", *, verbose: bool) -> tuple[str, ...]:
    """What was left out, by reason, and how much was assumed; `verbose`: everything, one by one."""
    if report is None:
        return ()
    everything = report.lines()
    return everything if verbose else (everything[0], *_reasons(report), *_assumed(report))


def _reasons(report: "LossReport") -> list[str]:
    """Why something was left out, the commonest reason first."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in report.ignored:
        counts[each.resource, each.reason] += each.n
    said = [f"  {n} {resource}: {reason}" for (resource, reason), n in counts.most_common()]
    more = (
        [f"  and {len(said) - _SHOWN} more reasons; --verbose lists everything"] if len(said) > _SHOWN else []
    )
    return said[:_SHOWN] + more


def _assumed(report: "LossReport") -> list[str]:
    """How much had to be assumed."""
    return [f"  {len(report.assumed)} assumed on the way; --verbose lists them"] if report.assumed else []
