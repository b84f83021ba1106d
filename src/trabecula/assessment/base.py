"""What every record of an answer is made of."""

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(Record):
    """A number and the range that holds it with the probability named in `Assessment.interval`."""

    median: float = Field(description="Half of the draws lie below.")
    low: float = Field(description="Lower end of the interval.")
    high: float = Field(description="Upper end of the interval.")
