"""How methods and spreads are called on a page."""


def in_english(name: str, names: dict[str, str]) -> str:
    """Transition: the same in English, for pages that speak only English."""
    from trabecula.words.language import language

    return language("en").text(named(name, names))


def named(name: str, names: dict[str, str]) -> str:
    """The name of something; of what is not in the list, its own in plain letters."""
    return names.get(name, name.replace("_", " ").capitalize())


METHODS = {
    "as_printed": "method.as_printed",
    "pooled": "method.pooled",
    "transported": "method.transported",
    "calibrated": "method.calibrated",
    "assumed": "method.assumed",
}
SPREADS = {
    "lognormal": "spread.lognormal",
    "logitnormal": "spread.logitnormal",
    "normal": "spread.normal",
    "beta": "spread.beta",
}
"""What the standard deviation of a spread is measured in."""

INTERVALS = {"CI95": "interval.CI95", "CI90": "interval.CI90"}
