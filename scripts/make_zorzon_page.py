"""The page about the trial of Zorzon 2005 done many times over, and the command that writes it."""

from collections.abc import Mapping
from pathlib import Path

import click
import numpy as np

from trabecula import __version__
from trabecula.evidence import Evidence
from trabecula.lab.pages.document import markdown_rows, page_text, print_or_write
from trabecula.lab.studies.collection import studies
from trabecula.lab.studies.zorzon import MS_ARMS, REPLICATES, TOOK_PART, TrialMeasure, ZorzonTrial, replicate
from trabecula.model import Model
from trabecula.units import PER_CENT
from trabecula.vocabulary import site_name

Measures = Mapping[tuple[str, str], TrialMeasure]
WHAT = {
    "dose": "Partial correlation with cumulative steroid dose, adjusted for age and sex [1]",
    "arms": "Pulsed minus relapse-only [SD]",
    "ms": "MS minus controls [SD]",
    "edss": "Partial correlation with EDSS, adjusted for age and sex [1]",
}
"""Measures of the trial, as the table calls them."""
EDSS_FINDING = "pulse_bmd.zorzon_2005.fn_bmd_vs_edss_r"
"""The one correlation that the abstract prints as a number."""
_PRINTED_IN_WORDS = {"dose": "no association", "ms": "no difference"}
"""What the abstract says without a number."""
_NOT_PRINTED = {("ms", "total_hip"), ("dose", "total_hip")}
"""What it does not say."""
_HOW_WELL = (
    (0.1, "has little power to show", "says nothing either way"),
    (0.3, "has some power to show", "says little either way"),
    (1.0, "has the power to show", "says something"),
)
"""Distance of an area from 0.5, how that is called, and what follows."""


def zorzon_markdown(trial: ZorzonTrial, evidence: Evidence) -> str:
    """The whole page."""
    arms = studies()["zorzon_2005"].arms
    edss_r = evidence.finding(EDSS_FINDING).value or 0.0
    by_dose, by_any = _best(trial, ("dose", "arms")), _best(trial, tuple(WHAT))
    how, follows = next(words for limit, *words in _HOW_WELL if by_dose < limit)
    return page_text("zorzon.md").format(
        version=__version__,
        trial=trial,
        rows=markdown_rows(_row(trial, *key, evidence) for key in trial.model),
        error_r=_error(trial, ("dose", "edss")),
        error_sd=_error(trial, ("arms", "ms")),
        how=how,
        follows=follows,
        area=0.5 + by_dose,
        area_of_any=0.5 + by_any,
        edss_r=_two(edss_r),
        as_strong=[
            _per_cent(variant["edss", "femoral_neck"].share_at_or_below(edss_r)) for variant in _variants(trial)
        ],
        no_difference=[_per_cent(_share_without_difference(variant)) for variant in _variants(trial)],
        doses=" and ".join(f"{_sd(evidence, TOOK_PART[arm]):.1f}" for arm in MS_ARMS),
        last_edss=[arms[arm].edss_mean[-1][1] for arm in MS_ARMS],
        edss_change=" and ".join(sorted({f"{arms[arm].edss_change_sd:g}" for arm in MS_ARMS})),
    )


def _variants(trial: ZorzonTrial) -> tuple[Measures, Measures]:
    """The measures under the model, and without recovery."""
    return trial.model, trial.without_recovery


def _row(trial: ZorzonTrial, what: str, site: str, evidence: Evidence) -> tuple[str, ...]:
    """One measure at one site: printed, under both variants, and how well a trial tells them apart."""
    cells = (cell for variant in _variants(trial) for cell in _cells(variant[what, site]))
    told_apart = f"{trial.told_apart(what, site):.2f}"
    return WHAT[what], str(site_name(site)), _printed(what, site, evidence), *cells, told_apart


def _printed(what: str, site: str, evidence: Evidence) -> str:
    if what == "edss":
        finding = evidence.finding(EDSS_FINDING)
        return f"{_two(finding.value or 0.0)} ({finding.note})"
    return "not available" if (what, site) in _NOT_PRINTED else _PRINTED_IN_WORDS.get(what, "not available")


def _cells(measure: TrialMeasure) -> tuple[str, str]:
    low, high = measure.range
    return (f"{_two(measure.mean)} ({_two(low)} to {_two(high)})", _per_cent(measure.share_found))


def _two(value: float) -> str:
    """Two decimals, with a real minus sign; a rounded nothing has no sign."""
    text = f"{abs(value):.2f}"
    return f"−{text}" if value < 0 and text.strip("0.") else text


def _error(trial: ZorzonTrial, whats: tuple[str, ...]) -> float:
    """The largest standard error of the means of these measures, in their unit."""
    return max(trial.model[key].monte_carlo_se for key in trial.model if key[0] in whats)


def _best(trial: ZorzonTrial, whats: tuple[str, ...]) -> float:
    """How far from 0.5 the area of the most telling of these measures lies, in either direction."""
    return max(abs(trial.told_apart(*key) - 0.5) for key in trial.model if key[0] in whats)


def _share_without_difference(variant: Measures) -> float:
    """Share of trials that find no difference between MS and controls at spine or neck."""
    return float(np.mean(~(variant["ms", "lumbar_spine"].found | variant["ms", "femoral_neck"].found)))


def _per_cent(share: float) -> str:
    return f"{PER_CENT * share:.0f} %"


def _sd(evidence: Evidence, name: str) -> float:
    """The printed standard deviation of a finding."""
    finding = evidence.finding(name)
    if finding.interval != "SD" or finding.lower is None or finding.upper is None:
        raise ValueError(f"{name}: no standard deviation is entered")
    return (finding.upper - finding.lower) / 2.0


@click.command()
@click.option("--replicates", type=click.IntRange(min=2), default=REPLICATES, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write to.")
def main(replicates: int, seed: int, output: Path | None) -> None:
    """Do the trial of Zorzon 2005 many times, under the model and without recovery, and print what it can show."""
    evidence = Evidence.load()
    page = zorzon_markdown(replicate(Model(evidence), replicates, seed), evidence)
    print_or_write(page, output)


if __name__ == "__main__":
    main()
