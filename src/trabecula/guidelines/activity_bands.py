"""Activity by band of disability: what is realistic and safe to do, each piece of advice with where it was read.

The bands are those of the National MS Society (Kalb 2020): EDSS 0 to 4.5, 5 to 6.5 and 7 to 9.
"""

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from trabecula.data_files import load_yaml
from trabecula.guidelines.facts import ClosedRecord
from trabecula.guidelines.records import Status
from trabecula.words.message import Message, sourced

Topic = Literal["how much", "what", "strength", "standing", "bone", "falls", "safety"]


class ActivityAdvice(ClosedRecord):
    """One piece of advice, in our words."""

    topic: Topic
    text: Message
    citation: str
    """The document."""
    locator: str
    """Where in the document, and what of it is ours."""
    status: Status
    """How well it was checked against the document."""


class Band(ClosedRecord):
    """A band of disability and its advice."""

    id: str
    title: Message
    edss_below: float
    """The band ends below this EDSS."""
    goal: Message
    advice: Annotated[tuple[ActivityAdvice, ...], Field(min_length=1)]


@lru_cache(maxsize=1)
def bands() -> tuple[Band, ...]:
    """The bands, from the mildest on."""
    file = resources.files("trabecula.guidelines").joinpath("data/activity/bands.yaml")
    raw = load_yaml(Path(str(file)))
    sources = raw["sources"]
    return tuple(
        Band(
            id=band["id"],
            title=sourced("activity", band["title"]),
            edss_below=band["edss_below"],
            goal=sourced("activity", band["goal"]),
            advice=tuple(_advice(advice, sources) for advice in band["advice"]),
        )
        for band in raw["bands"]
    )


def _advice(raw: dict[str, str], sources: dict[str, str]) -> ActivityAdvice:
    """A piece of advice with its document written out; an unknown document is an error."""
    rest = {name: value for name, value in raw.items() if name != "source"}
    text = sourced("activity", raw["text"])
    return ActivityAdvice.model_validate({**rest, "text": text, "citation": sources[raw["source"]]})


def band_of(edss: float | None) -> Band | None:
    """The band of an EDSS; None when it is unknown or beyond 9, where nobody has made recommendations."""
    if edss is None:
        return None
    return next((band for band in bands() if edss < band.edss_below), None)
