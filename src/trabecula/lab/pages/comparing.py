"""How a finding beside the model is put in words: what was measured, when, in whom, and by how much it is missed."""

from math import isfinite

from trabecula.drawing.page import Estimate
from trabecula.lab.pages.agreement import Count, Line
from trabecula.lab.studies.fracture_record import FractureTarget
from trabecula.lab.studies.record import Statistic, Target
from trabecula.units import DAYS_PER_MONTH, DAYS_PER_WEEK, PER_CENT, years
from trabecula.words.names import BONES, in_english
from trabecula.words.numbers import SPACE, fixed, printed, significant, span

QUANTITIES = {**BONES, "any_site": "Lowest site", "CTX": "CTX", "P1NP": "P1NP", "osteocalcin": "Osteocalcin"}
NO_NUMBER = "–"
_DIRECTIONS = {"up": "up", "down": "down", "none": "no change"}
_UNITS = {
    Statistic.PERCENT_CHANGE: "%",
    Statistic.PERCENT_OF_BASELINE: "% of day 0",
    Statistic.PERCENT_PER_YEAR: "%/y",
    Statistic.PERCENT_OF_ARM: "% of {versus}",
    Statistic.PERCENT_ABOVE_ARM: "% above {versus}",
    Statistic.CHANGE_PER_YEAR: "g/cm²/y",
    Statistic.MEAN: "g/cm²",
    Statistic.SMD: "SD",
    Statistic.PARTIAL_R_EDSS: "r",
    Statistic.R_STEROID_DOSE: "r",
    Statistic.SHARE_LOW: "% of people",
    Statistic.SHARE_OSTEOPOROSIS: "% of people",
}
_DECIMALS = {  # as many as publications print
    "density_change": 1,
    "density_percent_rate": 1,
    "density_relative": 1,
    "marker_change": 0,
    "density": 3,
    "density_rate": 4,
    "standardised": 2,
    "share": 0,
    "fall_share": 0,
    "log_falls": 2,
    "log_rate": 2,
    "log_ratio": 2,
}
# Up to here people count days, weeks or months.
_IN_DAYS, _IN_WEEKS, _IN_MONTHS = 62.0, 366.0, 1100.0  # days


def label(line: Line) -> str:
    """What was measured: "Lumbar spine, month 12, alendronate against placebo"."""
    target = line.target
    if isinstance(target, FractureTarget):
        return line.quantity[:1].upper() + line.quantity[1:]
    parts = [in_english(target.quantity, QUANTITIES), when(target), _people(line)]
    return ", ".join(part for part in parts if part)


def when(target: Target) -> str:
    """The day of the reading, or the days between; nothing for a study of one day."""
    if target.since_day:
        return f"{at(target.since_day)} to {at(target.day)}"
    return at(target.day) if target.day else ""


def at(day: float) -> str:
    """A day of a study as papers say it: day 5, week 26, month 18, year 5."""
    if abs(day) <= _IN_DAYS:
        return f"day{SPACE}{printed(day)}"
    if abs(day) <= _IN_WEEKS and day % DAYS_PER_WEEK == 0:
        return f"week{SPACE}{printed(day / DAYS_PER_WEEK)}"
    if abs(day) <= _IN_MONTHS:
        return f"month{SPACE}{fixed(day / DAYS_PER_MONTH, 0)}"
    return f"year{SPACE}{significant(years(day)).removesuffix('.0')}"


def _people(line: Line) -> str:
    """The arm, and the arm beside it; nothing where there is one arm."""
    if isinstance(line.target, FractureTarget):
        return ""
    arm, versus = (_plain(each or "") for each in (line.target.arm, line.target.versus))
    if versus:
        return f"{arm} against {versus}"
    return arm if line.n_arms > 1 else ""


def _plain(name: str) -> str:
    """The name of an arm in plain letters."""
    return name.replace("_", " ")


def unit(line: Line) -> str:
    """What the numbers of a finding count."""
    if isinstance(line.target, FractureTarget):
        return _plain_unit(line.comparison.unit)
    return _UNITS[line.target.statistic].format(versus=_plain(line.target.versus or "the other arm"))


def _plain_unit(name: str) -> str:
    """A unit of a finding; a ratio has none to show."""
    return "ratio" if name == "1" else name


def short_unit(line: Line) -> str:
    """The unit where space is short."""
    return "" if unit(line) in ("r", "ratio") else unit(line).split(" ")[0]


def decimals(line: Line) -> int:
    """How many decimals are shown."""
    return _DECIMALS[line.group]


def published(line: Line) -> Estimate:
    """The printed number with the 95 % interval of its standard error, or the way it went."""
    found = line.comparison
    if found.published is None:
        return Estimate(_DIRECTIONS[found.direction or "none"])
    low, high = found.published_lower, found.published_upper
    if low is None or high is None:
        return Estimate(printed(found.published))
    return Estimate(printed(found.published), span(fixed(low, decimals(line)), fixed(high, decimals(line))))


def modelled(line: Line) -> Estimate:
    """The model's number with its 90 % band."""
    found, digits = line.comparison, decimals(line)
    if not isfinite(found.model):
        return Estimate("no answer")
    low, high = fixed(found.model_lower, digits), fixed(found.model_upper, digits)
    return Estimate(fixed(found.model, digits), span(low, high))


def distance(line: Line) -> str:
    """The distance from model to publication in allowed distances, with its sign."""
    z = line.comparison.z
    if z is None or not isfinite(z):
        return NO_NUMBER
    text = fixed(z, 2)
    return text if z < 0 or text.strip("0.") == "" else f"+{text}"


def verdict(line: Line) -> str:
    """Whether the finding is met."""
    return "agrees" if line.comparison.within else "miss"


def role(line: Line) -> str:
    """Whether the finding was fitted or predicted."""
    return "fitted (seen)" if line.comparison.seen else line.comparison.role


def share(found: Count) -> str:
    """A count as a share."""
    return f"{fixed(PER_CENT * found.within / found.of, 0)}{SPACE}%" if found.of else NO_NUMBER


_AXES = {
    Statistic.PERCENT_CHANGE: "Change, %",
    Statistic.PERCENT_OF_BASELINE: "Level, day 0 = 100",
    Statistic.PERCENT_PER_YEAR: "Change a year, %",
    Statistic.PERCENT_OF_ARM: "Level, the other arm = 100",
    Statistic.PERCENT_ABOVE_ARM: "Level above the other arm, %",
    Statistic.CHANGE_PER_YEAR: "Change a year, g/cm²",
    Statistic.MEAN: "Density, g/cm²",
    Statistic.SMD: "Difference between arms, standard deviations",
    Statistic.PARTIAL_R_EDSS: "Correlation of density with EDSS",
    Statistic.R_STEROID_DOSE: "Correlation of density with the dose of steroids",
    Statistic.SHARE_LOW: "People with low density (T-score below −1), %",
    Statistic.SHARE_OSTEOPOROSIS: "People with osteoporosis (T-score −2.5 or less), %",
}


_FRACTURE_AXES = {
    "fall_share": "People who fell, %",
    "log_falls": "Falls, {unit}",
    "log_rate": "Without MS, {unit}",
    "log_ratio": "Ratio, rate or share, {unit}",
    "share": "Deaths beyond those of others, % of people",
}


def axis_label(line: Line) -> str:
    """What the scale of a picture measures; lines with the same words share it."""
    if isinstance(line.target, FractureTarget):
        return _FRACTURE_AXES[line.target.group].format(unit=unit(line))
    of = "Marker: " if line.group == "marker_change" else ""
    return of + _AXES[line.target.statistic] + (", sign as printed" if line.target.flip else "")
