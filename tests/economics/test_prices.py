"""Money has a year and a country, and a cost that is not on record is refused by its name."""

import pytest

from trabecula.economics.prices import CostRefused, price_factor, unit_cost, unit_costs
from trabecula.evidence import Evidence

EVIDENCE = Evidence.load()


def test_every_cost_on_record_has_a_parameter_in_its_currency():
    """No cost without a number, a source or a reason, a year and a country."""
    for cost in unit_costs().values():
        parameter = EVIDENCE[cost.parameter]
        assert parameter.unit.startswith(cost.currency), cost.name
        assert parameter.from_ or parameter.assumed, cost.name
        assert cost.says, cost.name
        assert 1996 <= cost.price_year <= 2026, cost.name


def test_prices_are_chained_by_the_index():
    """From 2021/22 to 2022/23 NHS pay and prices rose by 7.32 %."""
    assert price_factor(EVIDENCE, "UK", 2022, 2023) == pytest.approx(1.0732, abs=1e-4)
    assert price_factor(EVIDENCE, "UK", 2023, 2022) == pytest.approx(1 / 1.0732, abs=1e-4)
    assert price_factor(EVIDENCE, "IT", 2014, 2014) == 1.0


def test_a_year_or_a_country_without_an_index_is_refused():
    """Nothing is guessed."""
    with pytest.raises(CostRefused, match="found the year 2031; expected a year from 1996 to 2025"):
        price_factor(EVIDENCE, "UK", 2031, 2020)
    with pytest.raises(CostRefused, match="no price index of this country on record"):
        price_factor(EVIDENCE, "IT", 2014, 2020)


def test_a_missing_cost_is_named():
    """With what there is."""
    with pytest.raises(CostRefused, match=r"uk.scan: no such cost on record; on record are uk.hip"):
        unit_cost("uk.scan")
