"""What every answer is made of: closed records, and numbers with the range that holds them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator

from trabecula.described import Described

INTERVAL = 0.9
"""The probability that an interval holds."""
_TAIL = (1.0 - INTERVAL) / 2.0
_DIGITS = 4
"""Significant digits that are written down; what is shown to a person has two."""


class Result(Described):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(Result):
    """A number and the range that holds it with the probability named in `Assessment.interval`."""

    mean: float = Field(description="Mean over the draws: what is told of a probability, or of falls.")
    median: float = Field(description="Half of the draws lie below: what is told of a density or a score.")
    low: float = Field(description="Lower end of the interval.")
    high: float = Field(description="Upper end of the interval.")

    @model_validator(mode="before")
    @classmethod
    def _one_middle(cls, given: Any) -> Any:
        """Of a normal, and of answers written before means were, the middle is both."""
        if isinstance(given, dict) and "mean" not in given and "median" in given:
            return {"mean": given["median"], **given}
        return given

    def told(self, unit: str) -> float:
        """What is told: of a probability or of falls the mean, of a density the median."""
        return self.mean if unit in ("1", "fall/y") else self.median


def interval(values: NDArray[np.float64]) -> Interval:
    """Mean, median and interval of a sample [n]."""
    return intervals(values[:, None])[0]


def intervals(values: NDArray[np.float64]) -> list[Interval]:
    """The same of many samples, one a column [n, T]: `np.quantile`, a fraction of its time."""
    columns = np.ascontiguousarray(values.T)
    means, columns = columns.mean(axis=1), np.sort(columns, axis=1)
    places = np.multiply((_TAIL, 0.5, 1.0 - _TAIL), columns.shape[1] - 1)
    before = places.astype(np.intp)
    after = np.minimum(before + 1, columns.shape[1] - 1)
    ends = columns[:, before] + (columns[:, after] - columns[:, before]) * (places - before)
    return [
        Interval(mean=rounded(mean), median=rounded(median), low=rounded(low), high=rounded(high))
        for mean, (low, median, high) in zip(means.tolist(), ends.tolist(), strict=True)
    ]


def rounded(value: float | np.floating[Any]) -> float:
    """Four significant digits: more would be noise of the sample."""
    return float(f"{float(value):.{_DIGITS}g}")
