"""What changed since an earlier answer, as data."""

from datetime import date

from pydantic import Field

from trabecula.assessment.base import Interval, Record


class Reasons(Record):
    """Why the middle of a result changed; the three add up to the change."""

    program_or_record: float = Field(
        description="Another version of the program, or entries that were corrected or added for the time before."
    )
    time: float = Field(description="Time alone: the same record, looked at later.")
    new_data: float = Field(description="What was recorded since.")


class Change(Record):
    """One result then and now."""

    what: str
    unit: str
    before: Interval
    now: Interval
    change: float = Field(description="Of the median.")
    beyond_noise: bool = Field(description="More than two samples of this size differ by chance.")
    outside_interval: bool = Field(description="The new median lies outside the earlier interval.")
    because: Reasons


class Since(Record):
    """What changed since an earlier answer, by how much beyond noise, and why."""

    date: date
    version: str = Field(description="Version of the program that gave the earlier answer.")
    new_entries: list[str] = Field(description="What was recorded since.")
    changes: list[Change]
    notes: list[str]
