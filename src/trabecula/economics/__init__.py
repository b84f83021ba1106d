"""Is it worth it? Costs, quality of life, and decisions while much is uncertain.

Yearly events come in (`tables`), whoever made them: virtual people, or the expectation for people on record
(`expectation`). They are valued (`valuing`, with prices of a stated year and utilities by EDSS and after fractures),
discounted (`discounting`), compared (`comparing`: frontier, net benefit, acceptability), and asked what it would be
worth to know more (`information`). Which strategies are compared, and under which rules, stands in a file of
strategies (`strategies`).

Draw i is the same world in every strategy, so that a difference between two of them is theirs.
"""

from trabecula.economics.comparing import CostsAndQalys, Increment, acceptability, frontier, net_benefit
from trabecula.economics.discounting import WithinYear, discount_factors, person_years
from trabecula.economics.information import perfect_information, perfect_information_about
from trabecula.economics.strategies import StrategiesRefused, StrategyFile, read_strategies, strategies_schema
from trabecula.economics.tables import YearlyEvents
