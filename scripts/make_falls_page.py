"""The page about falls: diaries beside the model, falls by EDSS, and how little of them breaks a bone.

`python scripts/make_falls_page.py --output docs/validation/falls.md`
"""

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from trabecula import __version__
from trabecula.evidence import Evidence
from trabecula.fracture import SITES, Exposure
from trabecula.lab.pages.document import markdown_rows, page_text, print_or_write
from trabecula.lab.studies import falls_diary, fracture_population
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.falls_diary import FallCounts, fall_counts
from trabecula.lab.studies.fracture_record import FallDiary, FallHistory, FractureStudy
from trabecula.model import Model, ModelDraws
from trabecula.units import PER_CENT

REPLICATES = 200
FEW_REPLICATES = 10
"""Diaries of other people."""
MAIN = "nilsagard_2015"
"""The diary that issue 5 asks for."""
_SURVEY = 1000
"""More people than any diary had."""
WORDS = {
    "fallers": "fell at least once [%]", "fallers_twice": "fell twice or more [%]",
    "fallers_thrice": "fell three times or more [%]", "mean": "falls per person",
    "fallers_count": "people who fell", "per_year": "falls per person-year",
}  # fmt: skip
"""Measures of a diary, as the table calls them."""
EDSS = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.5, 7.0, 8.0, 9.0)
"""Rows of a table."""
STEPS = np.arange(0.0, 9.5, 0.5)
"""The steps of the scale."""
AGE_Y = 50.0
"""The age of the example."""
WHEELCHAIR = 7.0
"""The EDSS of a wheelchair all day, by definition."""
POINTS, SHARE = 5.0, 0.25
"""How near issue 5 asks the model to be."""
TAIL = 0.05
"""The range over replicates holds 90 %."""
FEWER = 0.77
"""What is left of the falls after a programme that prevents 23 in a hundred."""


def falls_markdown(evidence: Evidence, seed: int) -> str:
    """The whole page."""
    central = Model(evidence).draws(1).central()
    kept = {study.id: _kept(study, central, seed) for study in _diaries()}
    through_falls = float(central["fall.share.limb.women"][0, 1])
    exponent = float(central["fall.exponent"][0])
    return page_text("falls.md").format(
        version=__version__,
        replicates=REPLICATES,
        seed=seed,
        expected=", ".join(_expected(kept[MAIN], evidence)),
        points=POINTS,
        share=PER_CENT * SHARE,
        diaries=markdown_rows(_diary_rows(kept, evidence)),
        by_edss=markdown_rows(_edss_rows(central)),
        peaks=" and ".join(f"{edss:g}" for edss in _peaks(central)),
        seated=_rate(WHEELCHAIR, central),
        selection=float(central["fall.selection.volunteers"][0]),
        histories=markdown_rows(_history_rows(evidence, central)),
        exponent=exponent,
        through_falls=PER_CENT * through_falls,
        prevented=PER_CENT * through_falls * (1.0 - FEWER**exponent),
    )


def _diaries() -> list[FractureStudy]:
    return [study for study in fracture_studies().values() if isinstance(study.setting, FallDiary)]


def _diary(study: FractureStudy) -> FallDiary:
    """The setting of a diary."""
    if not isinstance(study.setting, FallDiary):
        raise TypeError(f"{study.id} is no diary")
    return study.setting


def _kept(study: FractureStudy, draws: ModelDraws, seed: int) -> FallCounts:
    """A diary, so often; a survey of thousands less often."""
    many = _diary(study).n > _SURVEY
    return fall_counts(_diary(study), draws, FEW_REPLICATES if many else REPLICATES, seed)


def _expected(kept: FallCounts, evidence: Evidence) -> Iterator[str]:
    """What issue 5 asks of the main diary, beside the model, and whether it is near enough."""
    findings = {"fallers": "fallers", "fallers_twice": "fallers_2plus", "mean": "mean_3mo"}
    for what, finding in findings.items():
        printed = float(evidence.finding(f"ms_falls.nilsagard_2015.{finding}").value or 0.0)
        model = float(falls_diary.measure(kept, what)[0])
        near = abs(model - printed) <= (SHARE * printed if what == "mean" else POINTS)
        yield f"{WORDS[what]} {model:.3g} ({printed:g} published{'' if near else '; **too far**'})"


def _diary_rows(kept: dict[str, FallCounts], evidence: Evidence) -> Iterator[tuple[str, ...]]:
    """Every finding of every diary beside the diaries of other people."""
    for study in _diaries():
        for target in study.targets:
            finding, model = evidence.finding(target.finding), falls_diary.by_replicate(kept[study.id], target.what)[0]
            low, high = np.quantile(model, (TAIL, 1.0 - TAIL))
            shown = f"{model.mean():.3g} ({low:.3g} to {high:.3g})"
            who = "volunteers" if _diary(study).volunteers else "nobody chosen"
            yield study.title, who, WORDS[target.what], f"{finding.value:g} ({target.role})", shown


def _woman(edss: float) -> Exposure:
    """The woman of the example with MS; without it where the EDSS is not a number."""
    return Exposure("female", "US", np.array([AGE_Y]), np.ones(1), edss=edss)


def _edss_rows(draws: ModelDraws) -> Iterator[tuple[str, ...]]:
    """Falls and fractures step by step of disability, without MS first."""
    population, base = _rate(np.nan, draws), _fractures(np.nan, draws)
    for edss in (np.nan, *EDSS):
        rate, broken = _rate(edss, draws), _fractures(edss, draws)
        name, volunteer = "without MS" if np.isnan(edss) else f"{edss:g}", rate * draws["fall.selection.volunteers"][0]
        shown = f"{rate:.1f}", f"{volunteer:.1f}", f"{rate / population:.1f}", f"{broken / base:.2f}"
        yield name, *shown, f"{PER_CENT * broken / rate:.2f}"


def _rate(edss: float, draws: ModelDraws) -> float:
    return float(draws.model.hazards.own_falls(_woman(edss), draws)[0, 0])


def _fractures(edss: float, draws: ModelDraws) -> float:
    """Fractures a year at average density: only falls differ."""
    parts = draws.model.hazards.hazards(_woman(edss), {}, draws).parts
    return sum(float((parts[site]["baseline"] * parts[site]["falls"])[0, 0]) for site in SITES)


def _peaks(draws: ModelDraws) -> list[float]:
    """The steps of EDSS with more falls than the steps beside them."""
    rate = {edss: _rate(edss, draws) for edss in STEPS}
    return [edss for edss in list(rate)[1:-1] if rate[edss - 0.5] < rate[edss] > rate[edss + 0.5]]


def _history_rows(evidence: Evidence, draws: ModelDraws) -> Iterator[tuple[str, ...]]:
    """Fractures after falls of the past year, as printed and modelled."""
    for study in fracture_studies().values():
        if isinstance(study.setting, FallHistory):
            for target in study.targets:
                outcome, counted = target.what.split()
                model = float(fracture_population.fall_history(study.setting, target.what, draws)[0])
                printed = f"{evidence.finding(target.finding).value:g} ({target.role})"
                yield study.title, f"{counted}, {outcome.replace('_', ' ')}", printed, f"{model:.2f}"


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Output file (default: screen).")
@click.option("--seed", default=1, show_default=True, help="Random seed.")
def main(output: Path | None, seed: int) -> None:
    """Hold falls against the diaries and write the page about them."""
    text = falls_markdown(Evidence.load(), seed)
    print_or_write(text, output)


if __name__ == "__main__":
    main()
