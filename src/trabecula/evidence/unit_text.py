"""Units as people write them in the registry, parsed so that a typing error is found.

A unit is a product of known names with whole powers: "1/d", "g/cm2", "%/y", "mg/kg/d". What is after a slash
divides. `1` is a plain number.
"""

import re

_PLAIN = "1 % percentage_points ln logit SD person persons per_person_year per_1000_person_years QALY"
_TIME = "s min h d wk mo y"
_SIZE = "kg g mg ug ng pg m km cm mm um L dL mL mol mmol umol nmol pmol IU kcal MET Hz microstrain"
_EVENT = (
    "fall falls fracture fractures relapse relapses step steps session sessions course courses dose doses"
)
_CLINIC = "EDSS USD GBP EUR SEK"
KNOWN_UNITS = frozenset(" ".join((_PLAIN, _TIME, _SIZE, _EVENT, _CLINIC)).split())

_FACTOR = re.compile(r"(?P<name>[A-Za-z_]+)(?P<power>-?\d)?")


class UnitError(ValueError):
    """A unit that cannot be read."""


def parse_unit(text: str) -> tuple[tuple[str, int], ...]:
    """The factors of a unit with their powers: `g/cm2` is (("g", 1), ("cm", -2))."""
    numerator, *denominators = text.split("/")
    above = [_factor(word, text) for word in re.split(r"[ *]", numerator)]
    below = [_factor(word, text) for part in denominators for word in re.split(r"[ *]", part)]
    return (*above, *((name, -power) for name, power in below))


def _factor(word: str, text: str) -> tuple[str, int]:
    """One factor, such as `cm2`, as its name and power."""
    if word in KNOWN_UNITS:
        return word, 1
    match = _FACTOR.fullmatch(word)
    if match is None or match["name"] not in KNOWN_UNITS:
        raise UnitError(
            f"unit {text!r} has a part {word!r} that is not known; write for example 1, %, 1/d, g/cm2,"
            f" nmol/L, mg/kg/d, or add the new unit to KNOWN_UNITS in evidence/unit_text.py"
        )
    return match["name"], int(match["power"] or 1)
