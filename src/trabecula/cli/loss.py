"""What became of a record from another system: in a few lines, in full, or as data."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # imported when a record is read
    from trabecula.adapters.loss import LossReport


def lines(report: "LossReport | None", *, verbose: bool) -> tuple[str, ...]:
    """What was left out, and how much was assumed; `verbose`: everything."""
    if report is None:
        return ()
    everything = report.lines()
    if verbose:
        return everything
    ignored = [f"{each.resource}: {each.what or 'all'}: {each.reason} ({each.n})" for each in report.ignored]
    assumed = f"{len(report.assumed)} assumed on the way; --verbose lists them" if report.assumed else ""
    return (everything[0], *ignored, *([assumed] if assumed else []))
