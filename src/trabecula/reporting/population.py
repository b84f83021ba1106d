"""The page of a run over many virtual lives: what breaks, when, in whom, and what each scenario would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from trabecula.drawing.picture import AVERAGE, DRUG, EVENT, PERSON, Data, Drawing, canvas, finished, quiet_axes
from trabecula.reporting.html import render
from trabecula.simulation.counting import DECADES, stratum
from trabecula.simulation.summary import BASELINE, Reckoned, ResultRow, Results
from trabecula.vocabulary import followed_sites, site_name
from trabecula.words.language import Language, language

_COLOURS = (PERSON, AVERAGE, DRUG, EVENT)
_MARK = 4
"""The size of a mark [points]."""
_MARKS = ("o", "s", "^", "D")
_PER = 1000.0
_WIDE, _HIGH = 6.0, 3.0
"""A picture [inches]."""
_DENSITY = ("osteoporosis.femoral_neck", "osteoporosis", "osteopenia")
_AVERTED = ("fractures.any", "fractures.hip", "fractures.spine", "deaths")
Cells = tuple[str, ...]


@dataclass(frozen=True)
class PopulationTable:
    """A titled table of the page, perhaps below its picture."""

    title: str
    text: str
    columns: Cells
    rows: Sequence[Cells]
    drawing: Drawing | None = None


@dataclass(frozen=True)
class PopulationPage:
    """What the template shows."""

    title: str
    line: str
    statement: str
    tables: Sequence[PopulationTable]


def population_page(results: Results, code: str = "en") -> str:
    """The page as HTML."""
    lang, study = language(code), results.study
    told = {"people": study.people.number, "years": study.years, "runs": results.runs, "begins": str(study.begins)}
    page = PopulationPage(
        title=study.title,
        line=lang.text(f"population.page.line_{study.people.who}", **told),
        statement=lang.text("population.page.statement"),
        tables=[
            *_averted(results, lang), _by_site(results, lang), _by_year(results, lang), _by_age(results, lang),
            _density(results, lang),
        ],
    )  # fmt: skip
    return render("tables.html", code, page=page)


def _averted(results: Results, lang: Language) -> list[PopulationTable]:
    """What each scenario changes, and what it takes to tell."""
    rows = []
    for scenario in results.scenarios[1:]:
        for measure in _AVERTED:
            needed = results.people_needed(measure, scenario)
            cells = (
                _reach(results.averted(measure, scenario), lang),
                "" if needed is None else lang.written(needed, ".0f"),
            )
            rows.append((scenario, measure_name(measure, lang), *cells))
    if not rows:
        return []
    heads = _heads(lang, "scenario", "measure", "averted", "needed")
    return [PopulationTable(_title("averted", lang), _title("averted_text", lang), heads, rows)]


def _by_site(results: Results, lang: Language) -> PopulationTable:
    """Fractures by site in each scenario."""
    measures = [f"fractures.{site}" for site in (*followed_sites(), "any")]
    rows = [
        (measure_name(measure, lang), *(_reach(results.total(measure, name), lang) for name in results.scenarios))
        for measure in (*measures, "deaths", "falls", "scans", "people_treated")
    ]
    heads = ("", *(_scenario(name, lang) for name in results.scenarios))
    return PopulationTable(_title("sites", lang), _title("sites_text", lang), heads, rows)


def _by_year(results: Results, lang: Language) -> PopulationTable:
    """Fractures of each year, as a picture and a table."""
    years = range(results.study.years)
    found = {
        name: [results.total("fractures.any", name, lambda row, y=year: row.year == y).mean for year in years]
        for name in results.scenarios
    }
    heads = ("", *(_scenario(name, lang) for name in found))
    rows = [
        (str(results.study.begins + year), *(lang.written(values[year], ".0f") for values in found.values()))
        for year in years
    ]
    title = lang.text("population.page.years")
    drawing = _lines(
        "years", title, [results.study.begins + year for year in years], found, Data(title, heads, tuple(rows)), lang
    )
    return PopulationTable(title, "", (), (), drawing)


def _by_age(results: Results, lang: Language) -> PopulationTable:
    """Fractures per 1,000 person-years by age and sex, in the baseline."""
    found: dict[str, list[float]] = {}
    places = [place for place in range(len(DECADES)) if any(_lived(results, sex, place) for sex in ("female", "male"))]
    for sex in ("female", "male"):
        found[sex] = [_PER * results.rate("fractures.any", _in(stratum(sex, place))) for place in places]
    ages = [stratum("female", place).partition(".")[2] for place in places]
    heads = ("", *(lang.text(f"cohort.sex.{sex}") for sex in found))
    rows = tuple((age, *(lang.written(values[n], ".1f") for values in found.values())) for n, age in enumerate(ages))
    title = lang.text("population.page.ages")
    named = {lang.text(f"cohort.sex.{sex}"): values for sex, values in found.items()}
    return PopulationTable(title, "", (), (), _lines("ages", title, ages, named, Data(title, heads, rows), lang))


def _density(results: Results, lang: Language) -> PopulationTable:
    """Who has osteoporosis on the first day, by age and sex."""
    rows = []
    for sex in ("female", "male"):
        for place in range(len(DECADES)):
            name = stratum(sex, place)
            if not _lived(results, sex, place):
                continue
            kept = _in(name, first=True)
            shares = [lang.written(results.rate(measure, kept, "people"), "percent") for measure in _DENSITY]
            rows.append((lang.text(f"cohort.sex.{sex}"), name.partition(".")[2], *shares))
    heads = _heads(lang, "sex", "age", "neck", "lowest", "osteopenia")
    return PopulationTable(_title("density", lang), _title("density_text", lang), heads, rows)


def _lived(results: Results, sex: str, place: int) -> bool:
    """Whether anybody was in a stratum on the first day."""
    return results.total("people", kept=_in(stratum(sex, place), first=True)).mean > 0


class _in:  # noqa: N801 - read as a word
    """Whether a row is of a stratum; first: in the first year alone."""

    def __init__(self, name: str, *, first: bool = False) -> None:
        self.name, self.first = name, first

    def __call__(self, row: ResultRow) -> bool:
        return row.stratum == self.name and (row.year == 0 or not self.first)


def _reach(found: Reckoned, lang: Language) -> str:
    """A number with its interval."""
    return f"{lang.written(found.mean, '.0f')} ({lang.written(found.low, '.0f')} – {lang.written(found.high, '.0f')})"


def measure_name(measure: str, lang: Language) -> str:
    """What a measure is called."""
    kind, _, site = measure.partition(".")
    if kind == "fractures" and site != "any":
        return lang.say(site_name(site))
    return lang.text(f"population.measure.{kind}")


def _scenario(name: str, lang: Language) -> str:
    """What a scenario is called: as its file says."""
    return lang.text("population.baseline") if name == BASELINE else name


def _title(name: str, lang: Language) -> str:
    """A title or a text of the page."""
    return lang.text(f"population.page.{name}")


def _heads(lang: Language, *names: str) -> Cells:
    """The heads of columns."""
    return tuple(lang.text(f"population.column.{name}") for name in names)


def _lines(
    name: str, title: str, x: Sequence[object], found: dict[str, list[float]], table: Data, lang: Language
) -> Drawing:
    """A line for each of several courses."""
    with canvas(_WIDE, _HIGH) as figure:
        axes = figure.add_subplot()
        quiet_axes(axes)
        for n, (named, values) in enumerate(found.items()):
            colour, mark = _COLOURS[n % len(_COLOURS)], _MARKS[n % len(_MARKS)]
            words = _scenario(named, lang)
            axes.plot([str(one) for one in x], values, color=colour, marker=mark, markersize=_MARK, label=words)
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
        return finished(figure, name, title, title, table)
