"""The page about the simulated registers of MS, and the command that writes it.

`python scripts/make_register_page.py --output docs/validation/register.md`
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import click
import numpy as np

from trabecula import __version__
from trabecula.data_files import read_mapping
from trabecula.lab.pages.document import TEXTS, markdown_rows, markdown_table, page_text, print_or_write
from trabecula.lab.studies import register
from trabecula.lab.studies.collection import fracture_studies
from trabecula.lab.studies.life_course import LifeCourse, life_course
from trabecula.lab.studies.register import MAIN, SITES, RegisterCohort, SimulatedRegisters, SiteVerdict
from trabecula.lab.studies.tolerance import WITHIN, tolerance
from trabecula.model import Model, ModelDraws
from trabecula.person import Person
from trabecula.units import PER_CENT, Array, days, days_since_birth
from trabecula.vocabulary import simulated_sites, site_name, sites_of

DRAWS = 24
"""Number of Monte Carlo draws."""
TAIL = 0.05
"""The band holds 90 %."""
EDSS_STEPS = (0.0, 3.0, 6.0, 7.0, 10.0)
"""Groups of the table."""
_COUNTED = (0.0, 3.0, 6.0, 7.25, 10.5)
"""The steps in which Olmsted County was counted."""
_COUNTRY, _TODAY, _YEARS = "UK", date(2026, 1, 1), 10
"""Where and when the people of a table live, and how long they are followed [y]."""
_AGES, _EXAMINED, _OUTCOMES = (40, 50, 60, 70, 80), (2.0, 4.0, 6.0, 8.0), ("hip", "spine", "any")
"""Its rows and columns."""
_NINETEEN_OF_TWENTY = 1.96
"""Standard errors from the middle to the end of a 95 % interval."""
PARTS = ("density", "steroids", "falls", "factors", "joint")
"""Factors of a hazard."""


def register_markdown(found: SimulatedRegisters) -> str:
    """The whole page."""
    sites = register.site_verdicts(found)
    young = next(name for name, target in found.targets() if target.what.startswith("help"))
    followed = {"young": found.cohorts[young], "main": found.cohorts[MAIN]}
    return page_text("register.md").format(
        version=__version__,
        registers=len(found.studies),
        found=found,
        main=MAIN,
        young=young,
        verdict=_verdict(sites),
        sites=markdown_rows(_site_row(site) for site in sites),
        findings=markdown_rows(_register_rows(found)),
        hazard_parts=markdown_rows(_part_row(found, site) for site in SITES if site != "any"),
        residuals=markdown_rows(_residual_row(found, site) for site in _asked(found)),
        help={name: _band(cohort.help_ratio("osteoporotic")) for name, cohort in followed.items()},
        helped={name: _band(cohort.ratio("osteoporotic", "help")) for name, cohort in followed.items()},
        seen=_by_number(found, young),
        people=markdown_rows(_people_rows(found)),
        country=_COUNTRY,
        persons=markdown_rows(_person_rows(Model(found.evidence).draws(found.draws, found.seed))),
        density=_density(found.cohorts[MAIN]),
        misses="".join(_misses(sites)),
    )


def _name(site: str) -> str:
    """What a site or a group is called, in English: this page has one language."""
    return str(site_name(site))


def _verdict(sites: Sequence[SiteVerdict]) -> str:
    """How many of the six sites lie inside the published range."""
    inside, outside = ([_name(site.site) for site in sites if site.inside is met] for met in (True, False))
    text = f"**{len(inside)} of {len(sites)} sites lie inside the published range**"
    text += f": {', '.join(inside)}." if inside else "."
    return text + (f" Outside: {', '.join(outside)}." if outside else "")


def _site_row(site: SiteVerdict) -> tuple[str, ...]:
    lows, highs = [ratio.low for ratio in site.printed], [ratio.high for ratio in site.printed]
    values = [ratio.value for ratio in site.printed]
    return (
        _name(site.site),
        _band(site.model),
        f"{min(lows):.2f} to {max(highs):.2f}",
        f"{min(values):.2f} to {max(values):.2f}" if len(values) > 1 else f"{values[0]:.2f}",
        "**outside**" if not site.inside else "yes" if site.among_estimates else "yes, beyond the estimates",
    )


def _register_rows(found: SimulatedRegisters) -> Iterator[tuple[str, ...]]:
    for name, target in found.targets():
        value, low, high = found.limits_of(name, target)
        model = register.measure(found.cohorts[name], target.what)
        finding = found.evidence.finding(target.finding)
        allowed = tolerance(target, finding, found.studies[name], found.evidence)
        z = allowed.z(float(np.median(model)), value)
        met = "" if abs(z) <= WITHIN else "**miss**"
        shown = f"{value:.2f} ({low:.2f} to {high:.2f})"
        yield found.studies[name].title, _measured(target.what), target.role, shown, _band(model), f"{z:+.2f}", met


def _measured(what: str) -> str:
    kind, *outcome = what.split()
    name = _name(outcome[0]) if outcome else ""
    return {
        "ratio": f"ratio, {name}", "rate": f"rate with MS, {name}", "control_rate": f"rate without, {name}",
        "help": f"EDSS ≥ 6 versus < 6, {name}", "death_ratio": "ratio of death rates",
    }[kind]  # fmt: skip


def _by_number(found: SimulatedRegisters, name: str) -> dict[str, str]:
    """How many fractures a register would see with help to walk and without, and the interval that they alone leave."""
    study, cohort = found.studies[name], found.cohorts[name]
    target = next(target for target in study.targets if target.what.startswith("help"))
    people, published = study.n or len(cohort.lives), found.limits_of(name, target)[0]
    helped, others = (
        people / len(cohort.lives) * float(np.median(cohort.counted("osteoporotic", which=which)[0]))
        for which in ("help", "no_help")
    )
    wide = np.exp(_NINETEEN_OF_TWENTY * np.sqrt(1 / helped + 1 / others))
    limits = f"{published / wide:.1f} to {published * wide:.1f}"
    return {"people": f"{people:,}", "helped": f"{helped:.0f}", "others": f"{others:.0f}", "limits": limits}


def _part_row(found: SimulatedRegisters, site: str) -> tuple[str, ...]:
    cohort = found.cohorts[MAIN]
    parts = (f"{float(np.median(cohort.part(site, part))):.2f}" for part in PARTS)
    return _name(site), *parts, f"{float(np.median(cohort.ratio(site))):.2f}"


def _asked(found: SimulatedRegisters) -> list[str]:
    """The sites that any register prints, the six first."""
    named = [target.what.split()[1] for _, target in found.targets() if target.what.startswith("ratio ")]
    return [*SITES, *dict.fromkeys(site for site in named if site not in SITES)]


def _residual_row(found: SimulatedRegisters, site: str) -> tuple[str, ...]:
    """What a site would have to be multiplied with to meet each register."""
    needed = [
        (printed.study, printed.value / float(np.median(found.cohorts[printed.study].ratio(site))))
        for printed in found.printed(f"ratio {site}")
    ]
    low, high = min(residual for _, residual in needed), max(residual for _, residual in needed)
    span = f"{low:.2f}" if len(needed) == 1 else f"{low:.2f} to {high:.2f}"
    return _name(site), span, ", ".join(f"{name} {value:.2f}" for name, value in needed)


def _people_rows(found: SimulatedRegisters) -> Iterator[tuple[str, ...]]:
    """Age, time since onset, disability and falls of the people sampled."""
    for name, cohort in found.cohorts.items():
        edss, mean = cohort.first_edss(), cohort.mean
        shares = (
            PER_CENT * mean(((edss >= low) & (edss < high)).astype(np.float64)) for low, high in pairwise(_COUNTED)
        )
        age = mean(np.array([pair.ms.exposure.age_y[0] for pair in cohort.lives]))
        since = mean(np.array([pair.years_since_onset for pair in cohort.lives]))
        falls = _band(cohort.falls_per_year(), 1)
        yield name, f"{age:.0f}", f"{since:.0f}", *(f"{share:.0f} %" for share in shares), falls


def _person_rows(draws: ModelDraws) -> Iterator[tuple[str, ...]]:
    """Ten years of people of whom nothing but MS, or MS and an EDSS, is known."""
    for sex, word in (("female", "woman"), ("male", "man")):
        for age in _AGES:
            for edss in (None, *_EXAMINED):
                life = _ten_years(sex, age, edss, draws)
                name = "not examined" if edss is None else f"EDSS {edss:g}"
                yield f"{word} of {age}", name, *(_over_average(life, outcome) for outcome in _OUTCOMES)


def _ten_years(sex: str, age: int, edss: float | None, draws: ModelDraws) -> LifeCourse:
    """A person of average density, examined on the first day if at all."""
    seen = {} if edss is None else {"disability": [{"date": _TODAY, "edss": edss}]}
    born = _TODAY.replace(year=_TODAY.year - age)
    person = Person.model_validate({"birth_date": born, "sex": sex, "country": _COUNTRY, "ms": seen})
    first = days_since_birth(_TODAY, person.birth_date)
    return life_course(person, first + days(np.arange(_YEARS + 1.0)), {}, draws)


def _over_average(life: LifeCourse, outcome: str) -> str:
    """Fractures over those that the general population would have in the same years, mean and median."""
    parts = life.risks.hazards.parts
    average = sum(((parts[site]["baseline"] * life.alive()).sum(axis=1) for site in sites_of(outcome)), np.zeros(1))
    own = life.events(outcome).sum(axis=1)
    return f"{own.mean() / average.mean():.1f} ({np.median(own / average):.1f})"


def _density(cohort: RegisterCohort) -> str:
    """How much lower density is than the controls', by disability."""
    rows = [
        (f"{low:g} to below {high:g}", *(_band(cohort.density_lost(site, low, high)) for site in simulated_sites()))
        for low, high in pairwise(EDSS_STEPS)
    ]
    columns = ("EDSS on the first day", *(_name(site).capitalize() for site in simulated_sites()))
    return markdown_table(columns, rows)


def _misses(sites: Sequence[SiteVerdict]) -> Iterator[str]:
    """Each site outside the published range, and what may be wrong there."""
    reasons = read_mapping(TEXTS / "register.yaml")
    for site in sites:
        if not site.inside:
            high = float(np.median(site.model)) > max(ratio.high for ratio in site.printed)
            way = "too high" if high else "too low"
            why = reasons[way].get(site.site, "not known.")
            yield f"- **{_name(site.site).capitalize()}** comes out {way}: {why}\n"


def _band(values: Array, digits: int = 2) -> str:
    """Median and 90 % band."""
    low, middle, high = np.quantile(values, (TAIL, 0.5, 1.0 - TAIL))
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Output file (default: screen).")
@click.option("--people", default=register.PEOPLE, show_default=True, help="People with MS for each register.")
@click.option("--draws", default=DRAWS, show_default=True, help="Number of Monte Carlo draws.")
@click.option("--seed", default=1, show_default=True, help="Random seed.")
def main(output: Path | None, people: int, draws: int, seed: int) -> None:
    """Simulate the registers of MS and write the page about them."""
    text = register_markdown(register.follow_all(fracture_studies(), Model.default(), people, draws, seed))
    print_or_write(text, output)


if __name__ == "__main__":
    main()
