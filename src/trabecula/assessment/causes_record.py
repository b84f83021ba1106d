"""Shares of causes, as data."""

from pydantic import Field

from trabecula.assessment.base import Interval, Record


class Share(Record):
    """What one cause contributes."""

    cause: str = Field(description="The switch that was turned off.")
    label: str
    share: Interval = Field(description="In the unit of the total; negative: it protects.")
    mean: float = Field(
        description="Mean over the draws, not rounded: the means add up to the mean of the total."
    )


class CausesOf(Record):
    """The causes of one result."""

    of: str = Field(description="The site of the bone, or of the fracture.")
    unit: str
    total: Interval = Field(description="What all causes make together.")
    mean: float = Field(description="Mean of the total over the draws, not rounded.")
    shares: list[Share]


class Causes(Record):
    """How much each cause has done to density so far, and does to the chance of a fracture."""

    bone: list[CausesOf] = Field(
        description="Density today against the same person as a healthy 30-year-old on whom nothing acts [%]."
    )
    risk: list[CausesOf] = Field(
        description="Chance of a fracture within the horizon against the same person at 30 on whom nothing acts."
    )
    beyond_age: list[CausesOf] = Field(
        description="The same chance against the same person of the same age on whom nothing else acts."
    )
    horizon_y: float
    sentence: str = Field(description="How much is due to the disease itself.")
    absent: list[str] = Field(description="Causes that this person does not have: their share is zero.")
    notes: list[str]
