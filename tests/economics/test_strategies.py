"""A file of strategies is read whole, or refused with every line."""

from pathlib import Path

import pytest

from trabecula.economics import StrategiesRefused, read_strategies, strategies_schema
from trabecula.evidence import Evidence

EXAMPLE = Path(__file__).parents[2] / "examples" / "strategies" / "after-repeated-pulses.yaml"
TEXT = """\
schema_version: "1"
title: Two ways
country: UK
currency: GBP
price_year: 2025
begin: 2026-12-01
horizon_y: 10
people:
  - {file: a.yaml, share: 0.5}
  - {file: b.yaml, share: 0.5}
strategies:
  - name: as recorded
    costs: nothing
  - name: tablets
    plan: alendronate
    costs:
      - {cost: uk.alendronate, years: 5}
"""
REFUSED = {
    "no price": (("    costs: nothing\n", ""), "line 12: strategies[0].costs: is missing; a strategy needs its price"),
    "empty price": (("    costs: nothing\n", "    costs: []\n"), "line 13: strategies[0].costs: found an empty list"),
    "mixed currencies": (
        ("{cost: uk.alendronate, years: 5}", "{what: tablets, amount: 20, currency: EUR, price_year: 2025}"),
        "line 17: strategies[1].costs[0]: found EUR; expected GBP: currencies are not mixed",
    ),
    "another country": (
        ("cost: uk.alendronate", "cost: it.hip"),
        "line 17: strategies[1].costs[0]: found it.hip, a cost of IT; expected one of UK",
    ),
    "unknown cost": (("uk.alendronate", "uk.tablets"), "line 17: strategies[1].costs[0]: uk.tablets: no such cost"),
    "utility above 1": (
        ("people:", "utilities: {at: [0, 9], values: [1.2, 0]}\npeople:"),
        "line 8: utilities.values[0]: found 1.2; input should be less than or equal to 1",
    ),
    "shares": (
        ("b.yaml, share: 0.5", "b.yaml, share: 0.4"),
        "line 8: people: found shares that add to 0.9; expected 1",
    ),
    "probability": (
        ("    plan: alendronate", "    plan: alendronate\n    taken_by: 1.4"),
        "line 16: strategies[1].taken_by: found 1.4; input should be less than or equal to 1",
    ),
    "nobody": (
        ("{file: a.yaml, share: 0.5}", "{file: a.yaml, virtual: 3, share: 0.5}"),
        "line 9: people[0]: found file and virtual; expected one of file, cohort or virtual",
    ),
    "unknown key": (("horizon_y: 10", "horizon_y: 10\nhorizon: 5"), "line 8: horizon: unknown key"),
    "unknown set": (
        ("people:", "utilities: mine\npeople:"),
        "line 8: utilities: found 'mine'; expected ahmad_eq5d3l or",
    ),
    "twice": (("name: tablets", "name: as recorded"), "line 14: strategies[1].name: found 'as recorded' twice"),
    "amount without year": (
        ("{cost: uk.alendronate, years: 5}", "{what: tablets, amount: 20, currency: GBP}"),
        "line 17: strategies[1].costs[0]: found no price_year; write `cost: uk.dxa`",
    ),
}


def read(tmp_path, text):
    """The file as it is read."""
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return read_strategies(path, Evidence.load())


def test_the_example_and_a_small_file_are_read(tmp_path):
    """Names, people and plans as they stand."""
    found = read(tmp_path, TEXT)
    assert [strategy.name for strategy in found.strategies] == ["as recorded", "tablets"]
    assert read_strategies(EXAMPLE, Evidence.load()).horizon_y == 10


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_its_line(tmp_path, case):
    """What was found, in which line, and what was expected."""
    (old, new), message = REFUSED[case]
    assert old in TEXT
    with pytest.raises(StrategiesRefused) as refused:
        read(tmp_path, TEXT.replace(old, new, 1))
    assert f"mine.yaml {message}" in str(refused.value)


def test_several_problems_are_told_at_once(tmp_path):
    """Nobody mends a file one line a run."""
    with pytest.raises(StrategiesRefused) as refused:
        read(tmp_path, TEXT.replace("share: 0.5}", "share: 0.3}").replace("uk.alendronate", "uk.tablets"))
    assert len(refused.value.problems) == 2


def test_the_schema_describes_every_field():
    """The published schema says what belongs into each field."""
    schema = strategies_schema()
    assert {"country", "currency", "price_year", "strategies"} <= set(schema["required"])
    assert schema["$defs"]["StrategyCost"]["properties"]["price_year"]["description"].startswith("Of your own amount")
