"""The page about many virtual lives beside published burdens, and the command that writes it.

`python scripts/make_population_page.py --output docs/validation/population.md`
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from trabecula import __version__
from trabecula.evidence import Evidence
from trabecula.lab.pages.document import markdown_rows, page_text, print_or_write
from trabecula.simulation.reading import read_study
from trabecula.simulation.running import Ensemble, run
from trabecula.simulation.summary import ResultRow, Results, read_results
from trabecula.units import PER_CENT

PEOPLE, CLINIC_PEOPLE, LIFETIME_PEOPLE = 40_000, 2_000, 6_000
"""Virtual people of a country, of a clinic, and of one age who are followed to the end."""
_LIFETIME_Y = 60
_SEXES = ("women", "men")
_DECADES = {"50-59": (50, 55), "60-69": (60, 65), "70-79": (70, 75), "80+": (80, 85)}
"""Bands of the page, and the bands of the census that they are made of."""
_MILLION = 1e6
_NEAR = 0.15
"""A burden holds within this share of what was published."""


@dataclass(frozen=True)
class Lived:
    """The runs behind the page."""

    country: Results
    clinic: Results
    lifetimes: dict[str, Results]
    evidence: Evidence


def lived(scale: float = 1.0) -> Lived:
    """Live the lives of the page. scale: a share of its people."""
    evidence = Evidence.load()
    town = {"title": "", "people": {"age": {"youngest": 50, "oldest": 100}}, "begins": 2005, "years": 1}
    clinic = {"title": "", "people": {"who": "ms", "age": {"youngest": 25, "oldest": 75}}, "years": 1}
    found = {name: _ran(data, round(n * scale), evidence) for name, data, n in (
        ("country", town, PEOPLE), ("clinic", clinic, CLINIC_PEOPLE),
    )}  # fmt: skip
    lifetimes = {}
    for country, age in (("US", 50), ("UK", 50), ("SE", 45)):
        people = {"country": country, "age": {"youngest": age, "oldest": age + 1}}
        data = {"title": "", "people": people, "years": _LIFETIME_Y}
        lifetimes[country] = _ran(data, round(LIFETIME_PEOPLE * scale), evidence)
    return Lived(found["country"], found["clinic"], lifetimes, evidence)


def _ran(data: dict[str, object], people: int, evidence: Evidence) -> Results:
    """The results of a study."""
    with TemporaryDirectory() as folder:
        run(read_study(data, evidence).with_people(people), Path(folder), Ensemble())
        return read_results(Path(folder))


def population_markdown(found: Lived) -> str:
    """The whole page."""
    return page_text("population.md").format(
        version=__version__, people=PEOPLE, clinic=CLINIC_PEOPLE, lifetime=LIFETIME_PEOPLE,
        households=_households(found.evidence) / _MILLION,
        burdens=markdown_rows(_burdens(found)), lifetimes=markdown_rows(_lifetimes(found)),
        prevalence=markdown_rows(_prevalence(found)), ms=markdown_rows(_ms(found)),
    )  # fmt: skip


# Burdens


def _band(row: ResultRow, sex: str, band: str) -> bool:
    """Whether a row is of a sex and a band of the page."""
    kind, _, ages = row.stratum.partition(".")
    return kind == sex and (ages == band or (band == "80+" and ages in ("80-89", "90+")))


def _census(evidence: Evidence, sex: str, band: str) -> float:
    """People in households of a sex and band."""
    share = sum(_value(evidence, f"population.acs_2005.us_{sex}_{age}") for age in _DECADES[band])
    return _value(evidence, f"population.acs_2005.us_{sex}") * share / PER_CENT


def _value(evidence: Evidence, finding: str) -> float:
    """A published number; of an open range its lower end."""
    found = evidence.finding(finding)
    number = found.value if found.value is not None else found.lower
    assert number is not None
    return float(number)


def _households(evidence: Evidence) -> float:
    """Everybody from 50 on in households."""
    return sum(_census(evidence, sex, band) for sex in _SEXES for band in _DECADES)


def _yearly(found: Lived, sites: Sequence[str], sexes: Sequence[str] = _SEXES) -> float:
    """Fractures a year in the country, by the census of its households."""
    total = 0.0
    for sex in sexes:
        for band in _DECADES:

            def kept(row: ResultRow, sex: str = sex, band: str = band) -> bool:
                return _band(row, sex, band)

            rate = sum(found.country.rate(f"fractures.{site}", kept) for site in sites)
            total += rate * _census(found.evidence, sex, band)
    return total


_ALL = ("any",)
_NOT_LEG_AND_OTHER = ("hip", "spine", "forearm", "humerus", "pelvis", "femoral_shaft")


def _burdens(found: Lived) -> Iterator[tuple[str, ...]]:
    """Fractures of a year, beside what was published."""
    of = "population_fracture"
    yield _burden("all, NIH", f"{of}.nih_orbd.fractures", _yearly(found, _NOT_LEG_AND_OTHER), found)
    yield _burden("hip, NIH", f"{of}.nih_orbd.hip", _yearly(found, ("hip",)), found)
    yield _burden("spine, NIH", f"{of}.nih_orbd.vertebral", _yearly(found, ("spine",)), found)
    yield _burden("forearm, NIH", f"{of}.nih_orbd.wrist", _yearly(found, ("forearm",)), found)
    burge = _value(found.evidence, f"{of}.burge_2007.fractures")
    yield _burden("all, Burge", f"{of}.burge_2007.fractures", _yearly(found, _ALL), found)
    for site, name in (
        ("hip", "site_hip"),
        ("spine", "site_vertebral"),
        ("forearm", "site_wrist"),
        ("pelvis", "site_pelvis"),
    ):
        published = burge * _value(found.evidence, f"{of}.burge_2007.{name}") / PER_CENT
        yield _line(f"{site}, Burge", published, _yearly(found, (site,)))
    share = PER_CENT * _yearly(found, _ALL, ("men",)) / _yearly(found, _ALL)
    printed = _value(found.evidence, f"{of}.burge_2007.men_share")
    yield ("men's share, Burge", f"{printed:.0f} %", f"{share:.0f} %", _holds(share, printed))


def _burden(name: str, finding: str, model: float, found: Lived) -> tuple[str, ...]:
    """A published burden beside the model's."""
    return _line(name, _value(found.evidence, finding), model)


def _line(name: str, published: float, model: float) -> tuple[str, ...]:
    """Two numbers of people side by side."""
    return (name, f"{published:,.0f}", f"{round(model, -3):,.0f}", _holds(model, published))


def _holds(model: float, published: float) -> str:
    """Whether two numbers are near each other."""
    return "yes" if abs(model / published - 1.0) <= _NEAR else f"no, {model / published:.2f} x"


def _lifetimes(found: Lived) -> Iterator[tuple[str, ...]]:
    """Shares who break a bone in the rest of their lives."""
    rows = (
        ("US", "any", "women", "nih_orbd.women_share"), ("US", "any", "men", "nih_orbd.men_share"),
        ("US", "hip", "women", "ettinger_2010.lifetime_hip_women"),
        ("US", "hip", "men", "ettinger_2010.lifetime_hip_men"),
        ("UK", "any", "women", "van_staa_2001_bone.lifetime_any_women"),
        ("UK", "any", "men", "van_staa_2001_bone.lifetime_any_men"),
        *(("SE", site, sex, f"kanis_2000.lifetime_{said}_{sex}") for site, said in (
            ("hip", "hip"), ("spine", "spine"), ("forearm", "forearm"), ("humerus", "humerus"),
            ("major_osteoporotic", "any")) for sex in _SEXES),
    )  # fmt: skip
    for country, site, sex, finding in rows:

        def kept(row: ResultRow, sex: str = sex) -> bool:
            return row.stratum.startswith(f"{sex}.")

        results = found.lifetimes[country]
        people = results.total("people", kept=lambda row, kept=kept: kept(row) and row.year == 0).mean
        share = PER_CENT * results.total(f"first_fractures.{site}", kept=kept).mean / people
        published = _value(found.evidence, f"population_fracture.{finding}")
        yield (
            f"{site.replace('_', ' ')}, {sex}, {country}",
            f"{published:.1f}",
            f"{share:.1f}",
            _holds(share, published),
        )


def _prevalence(found: Lived) -> Iterator[tuple[str, ...]]:
    """Osteoporosis at neck or spine by decade, beside NHANES."""
    for band in _DECADES:
        finding = f"prevalence.wright_2014.osteoporosis_women_{band.replace('-', '_').replace('+', 'plus')}"
        published = _value(found.evidence, finding)
        yield _share(f"women, {band}", published, found.country, lambda row, b=band: _band(row, "women", b))
    for sex in _SEXES:
        published = _value(found.evidence, f"prevalence.wright_2014.osteoporosis_{sex}")
        yield _share(
            f"{sex}, all from 50", published, found.country, lambda row, s=sex: row.stratum.startswith(f"{s}.")
        )


def _share(name: str, published: float, results: Results, kept: Callable[[ResultRow], bool]) -> tuple[str, ...]:
    """A share of people with osteoporosis beside a published one."""
    share = PER_CENT * results.rate("osteoporosis.neck_or_spine", kept, "people")
    return (name, f"{published:.1f}", f"{share:.1f}", f"{share - published:+.1f}")


def _ms(found: Lived) -> Iterator[tuple[str, ...]]:
    """What a clinic for MS would see in everybody."""
    for measure, low, high in (("osteoporosis", "14", "17"), ("osteopenia", "41", "43")):
        share = PER_CENT * found.clinic.rate(measure, lambda _: True, "people")
        yield (measure, f"{low} to {high}", f"{share:.0f}")


@click.command()
@click.option("--output", type=click.Path(path_type=Path), help="The page; without it on the screen.")
def main(output: Path | None) -> None:
    """Write the page."""
    print_or_write(population_markdown(lived()), output)


if __name__ == "__main__":
    main()
