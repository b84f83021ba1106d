"""What guideline rules read: one frozen record of facts about a person, every one of which may be unknown."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import model_validator

from trabecula.guidelines import facts_fields as fields
from trabecula.guidelines.facts_fields import Range, Taken

__all__ = ["DERIVED", "Facts", "Range", "Taken", "about", "implied", "lowest"]


class Facts(
    fields.Living,
    fields.Treatment,
    fields.Conditions,
    fields.Sclerosis,
    fields.Blood,
    fields.Risk,
    fields.Steroids,
    fields.Fractures,
    fields.Density,
    fields.Who,
    fields.Day,
):
    """The facts on one day. None means unknown; nothing is taken for granted because nobody wrote it down."""

    @model_validator(mode="before")
    @classmethod
    def _follow_up(cls, given: Any) -> Any:
        """What follows from what is given: a broken hip is a fragility fracture; no fracture at all is no hip."""
        return implied(dict(given)) if isinstance(given, dict) else given

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """No fracture is denied and described at once."""
        if self.fragility_fracture is False and any(getattr(self, name) for name in _FRACTURES):
            raise ValueError("fragility_fracture is false beside a fracture; correct one of them")
        return self

    def with_(self, changed: Mapping[str, Any]) -> "Facts":
        """The same person with some facts changed, and what follows from them made anew."""
        return Facts.model_validate({**self.model_dump(exclude_none=True), **changed})


_FRACTURES = (
    "hip_fracture", "vertebral_fracture", "major_fracture", "central_fracture_after_40", "fragility_fractures",
)  # fmt: skip


_STEROIDS = ("steroid_mg_per_day", "steroid_pulses_past_year", "steroid_stopped")


def implied(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with those that follow from them; what is given is never overruled."""
    follows: dict[str, Any] = {}
    if given.get("sex") == "male":
        follows |= {"postmenopausal": False, "pregnancy_possible": False}
    if given.get("hip_fracture") or given.get("vertebral_fracture"):
        follows["major_fracture"] = True
    if any(given.get(name) for name in _STEROIDS):
        follows["steroid_ever"] = True
    if any(given.get(name) for name in _FRACTURES):
        follows["fragility_fracture"] = True
    elif given.get("fragility_fracture") is False or given.get("fragility_fractures") == 0:
        follows |= {**dict.fromkeys(_FRACTURES, False), "fragility_fractures": 0, "fragility_fracture": False}
    known = {name: value for name, value in given.items() if value is not None}
    return {**follows, **known}


def lowest(*scores: float | None) -> float | None:
    """The lowest of those that are known."""
    known = [each for each in scores if each is not None]
    return min(known) if known else None


def about(name: str) -> tuple[str, str]:
    """A fact in few words, and its unit."""
    if name in DERIVED:
        return DERIVED[name]
    extra = Facts.model_fields[name].json_schema_extra
    assert isinstance(extra, dict), "every fact is described"
    return str(extra["name"]), str(extra["unit"])


DERIVED = {
    "t_score": ("lowest T-score", "SD"),
    "z_score": ("lowest Z-score", "SD"),
    "spine_below_neck_sd": ("T-score of the spine below that of the neck", "SD"),
    "mof_percent": ("FRAX, major fracture", "%"),
    "hip_percent": ("FRAX, hip", "%"),
}
"""What rules may also ask: read from the facts, FRAX with the factors of the guideline that asks."""
