"""What happened to virtual people and what was measured: fractures, falls, scans, medicines, blood, activity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from trabecula.people.disease import MEDICINES, Disease, chosen, taken
from trabecula.people.life import Life
from trabecula.people.luck import Luck
from trabecula.units import MONTHS_PER_YEAR, Array, date_at, days
from trabecula.vocabulary.sites import sites_of

if TYPE_CHECKING:
    from trabecula.people.register import VirtualRegister

_ADULT = 18  # the record asks for fractures since this age
_YEARS = 100  # nobody has more years to break a bone in
_SITES = sites_of("major_osteoporotic")
_SCANNED = ("femoral_neck", "total_hip", "lumbar_spine")
_ONCE = (
    "noted.fractures", "noted.falls", "noted.calcidiol", "noted.activity", "noted.medicines", "dxa", "dxa.date",
    "dxa.second", "dxa.lunar", "bone.treated", "bone.drug", "bone.start", "bone.late", "other.drug", "other.start",
    "calcidiol.date", "falls", "steps",
)  # fmt: skip
_NORMAL = ("z.shared", "calcidiol", "falls.level", *(f"z.{site}" for site in _SCANNED))


@dataclass(frozen=True)
class _Chart:
    """One person with everything drawn for them."""

    register: "VirtualRegister"
    life: Life
    disease: Disease | None
    once: Mapping[str, float]
    normal: Mapping[str, float]
    breaks: Array
    """Whether and where a bone breaks, by year of age [year, 3]."""

    def scalar(self, name: str) -> float:
        """A parameter."""
        return self.register.evidence.scalar(name)

    def share(self, name: str) -> bool:
        """Whether the person is among the share of a parameter."""
        return self.once[name] < self.scalar(f"people.{name}")

    @property
    def sex(self) -> str:
        """As parameters have it."""
        return "women" if self.life.woman else "men"


def histories(
    register: "VirtualRegister", drawn: Sequence[Life], ill: Sequence[Disease | None], luck: Luck
) -> Iterator[dict[str, Any]]:
    """The fields of the record for each person of a block."""
    once = {name: luck.uniform(name) for name in _ONCE}
    normal = {name: luck.normal(name) for name in _NORMAL}
    breaks = np.stack([luck.uniform(f"fracture.{name}", _YEARS) for name in ("year", "site", "day")], axis=2)
    for n, (life, disease) in enumerate(zip(drawn, ill, strict=True)):
        chart = _Chart(
            register, life, disease, {name: float(all_[n]) for name, all_ in once.items()},
            {name: float(all_[n]) for name, all_ in normal.items()}, breaks[n],
        )  # fmt: skip
        yield _history(chart)


def _history(chart: _Chart) -> dict[str, Any]:
    """Everything that is on file."""
    fractures = list(_fractures(chart))
    scans = list(_scans(chart))
    found: dict[str, Any] = {"dxa": scans} if scans else {}
    if chart.share("noted.fractures"):
        found |= {"fractures": fractures} if fractures else {"no_fractures": True}
    if chart.share("noted.falls"):
        found["falls"] = [{"count": _falls(chart), "period_months": MONTHS_PER_YEAR}]
    if chart.share("noted.medicines"):
        found |= _medicines(chart, bool(fractures), scans)
    if chart.share("noted.calcidiol"):
        found["laboratory"] = [_calcidiol(chart)]
    if chart.share("noted.activity"):
        found["activity"] = [{"date": chart.register.on.isoformat(), "steps_per_day": _steps(chart)}]
    return found


# ---------------------------------------------------------------- fractures and falls


def _fractures(chart: _Chart) -> Iterator[dict[str, Any]]:
    """Breaks of the four sites since the age of 18."""
    ages = np.arange(_ADULT, int(chart.life.age_y))
    rates = chart.register.evidence.curve_at(f"people.fracture.rate.{chart.sex}", ages.astype(np.float64))
    for age, rate in zip(ages, np.atleast_1d(rates), strict=True):
        luck, where, when = chart.breaks[age - _ADULT]
        if luck < rate:
            day = date_at(days(float(age) + float(when)), chart.life.birth)
            trauma = {"trauma": "low"} if when < chart.scalar("people.fracture.low_trauma") else {}
            yield {"site": _site(chart, float(age), where), "date": day.isoformat(), **trauma}


def _site(chart: _Chart, age: float, luck: float) -> str:
    """Which bone, by age."""
    shares = [chart.register.evidence.curve_at(f"people.fracture.share.{site}", age) for site in _SITES]
    ends = np.cumsum(shares)
    return _SITES[int(min(np.searchsorted(ends, luck * ends[-1]), len(_SITES) - 1))]


def _falls(chart: _Chart) -> int:
    """Falls of the past year, as they are remembered."""
    rate = chart.register.evidence.curve_at("fall.rate.population", chart.life.age_y)
    if chart.disease is not None:
        rate += chart.register.evidence.curve_at("people.falls.by_edss", chart.disease.now)
    sd = chart.scalar("people.falls.log_sd")
    mean = float(rate) * np.exp(sd * chart.normal["falls.level"] - sd**2 / 2.0)
    return _poisson(mean, chart.once["falls"], int(chart.scalar("people.falls.most")))


def _poisson(mean: float, luck: float, most: int) -> int:
    """The count at a share of a Poisson distribution."""
    count, chance = 0, float(np.exp(-mean))
    below = chance
    while luck > below and count < most:
        count += 1
        chance *= mean / count
        below += chance
    return count


# ---------------------------------------------------------------- scans


def _scans(chart: _Chart) -> Iterator[dict[str, Any]]:
    """No scan in most, one or two in others: spine and hip on the same day."""
    if not chart.share("dxa"):
        return
    longest = min(days(chart.scalar("people.dxa.longest_ago")), days(chart.life.age_y - _ADULT))
    ago = int(longest * chart.once["dxa.date"])
    yield from _scan(chart, chart.register.on - timedelta(days=ago))
    if chart.share("dxa.second"):
        yield from _scan(chart, chart.register.on - timedelta(days=ago // 2))


def _scan(chart: _Chart, day: date) -> Iterator[dict[str, Any]]:
    """The sites of one scan; some have densities, others only T-scores."""
    for site in _SCANNED:
        bmd = _density(chart, site, (day - chart.life.birth).days)
        mean, sd = (chart.scalar(f"reference.t_score.{name}.{site}.{chart.sex}") for name in ("mean", "sd"))
        t_score = round((bmd - mean) / sd, 1)
        printed = {"bmd_g_cm2": round(bmd, 3), "device": "hologic"} if chart.share("dxa.lunar") else {}
        yield {"date": day.isoformat(), "site": site, "t_score": t_score, **printed}


def _density(chart: _Chart, site: str, day: int) -> float:
    """The density of a person at a site: average of the age and sex, their own level, less with MS."""
    evidence, age = chart.register.evidence, day / days(1.0)
    mean, sd = (float(evidence.curve_at(f"reference.{name}.{site}.{chart.sex}", age)) for name in ("bmd", "bmd_sd"))
    shared = chart.scalar("people.dxa.shared")
    z = np.sqrt(shared) * chart.normal["z.shared"] + np.sqrt(1.0 - shared) * chart.normal[f"z.{site}"]
    lower = 0.0 if chart.disease is None else chart.scalar(f"people.dxa.ms.{site}")
    least = chart.scalar("people.dxa.least")
    return max(least, mean + sd * float(z + lower))


# ---------------------------------------------------------------- medicines, blood, steps


def _medicines(chart: _Chart, broken: bool, scans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """For bone in some of those with a reason; something else in others."""
    reason = broken or any(scan["t_score"] <= chart.scalar("people.bone.t_score") for scan in scans)
    found = list(_other(chart))
    doses: list[dict[str, Any]] = []
    if reason and chart.share("bone.treated"):
        row = chosen(MEDICINES["bone"], chart.once["bone.drug"])
        start = chart.register.on - timedelta(
            days=int(days(chart.scalar("people.bone.longest")) * chart.once["bone.start"])
        )
        found.append(taken(row, start, None))
        doses = list(_doses(chart, row, start)) if row.get("injected") else []
    return ({"medicines": found} if found else {"no_medicines": True}) | ({"injections": doses} if doses else {})


def _doses(chart: _Chart, row: Mapping[str, Any], start: date) -> Iterator[dict[str, Any]]:
    """Injections at their interval; in some the last one was missed."""
    day, every = start, timedelta(days=int(row["every_days"]))
    late = every if chart.share("bone.late") else timedelta(0)
    while day <= start or day + late <= chart.register.on:
        yield {"drug": row["drug"], "date": day.isoformat()}
        day += every


def _other(chart: _Chart) -> Iterator[dict[str, Any]]:
    """One other medicine, or none."""
    luck = chart.once["other.drug"]
    begun = chart.register.on - timedelta(
        days=int(days(chart.scalar("people.bone.longest")) * chart.once["other.start"])
    )
    ends = np.cumsum([row["share"] for row in MEDICINES["others"]])
    which = int(np.searchsorted(ends, luck * (ends[-1] + 1.0)))
    if which < len(ends):
        yield taken(MEDICINES["others"][which], begun, None)


def _calcidiol(chart: _Chart) -> dict[str, Any]:
    """A level of vitamin D within the past two years [nmol/L]."""
    group = "population" if chart.disease is None else "ms"
    median, sd = chart.scalar(f"people.calcidiol.{group}"), chart.scalar("people.calcidiol.log_sd")
    day = chart.register.on - timedelta(days=int(days(2.0) * chart.once["calcidiol.date"]))
    value = float(np.clip(median * np.exp(sd * chart.normal["calcidiol"]), *_MEASURABLE))
    return {"date": day.isoformat(), "test": "25-OH-D", "value": float(round(value)), "unit": "nmol/L"}


_MEASURABLE = (10.0, 200.0)  # nmol/L that laboratories print


def _steps(chart: _Chart) -> float:
    """Steps a day, fewer with disability."""
    usual = chart.scalar("activity.reference.steps_per_day") * 2.0 * chart.once["steps"]
    if chart.disease is not None:
        usual *= float(chart.register.evidence.curve_at("timeline.activity.share_by_edss", chart.disease.now))
    return float(round(usual, -2))
