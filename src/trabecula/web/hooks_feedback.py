"""What became of cards: stored without anything about a patient, for whoever wants to know which cards help."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from trabecula.web.hooks_cards import OVERRIDES

_MOST_CARDS = 10_000
"""Cards whose kind is remembered until somebody says what became of them."""


class _Part(BaseModel):
    """A part of a feedback; fields that we do not know are let be."""

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel)


class Accepted(_Part):
    """A suggestion that was taken up."""

    id: UUID


class OverrideReason(_Part):
    """Why a card was set aside. The comment may hold health data: it is read and not kept."""

    reason: dict[str, Any] | None = None
    user_comment: str | None = None


class CardFeedback(_Part):
    """What became of one card."""

    card: UUID
    outcome: Literal["accepted", "overridden"]
    outcome_timestamp: datetime
    accepted_suggestions: tuple[Accepted, ...] = ()
    override_reason: OverrideReason | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "CardFeedback":
        """What was accepted is named."""
        if self.outcome == "accepted" and not self.accepted_suggestions:
            raise ValueError("acceptedSuggestions is needed")
        return self


class Feedback(_Part):
    """All that a client reports at once."""

    feedback: Annotated[tuple[CardFeedback, ...], Field(min_length=1, max_length=1_000)]


class FeedbackStore:
    """Keeps feedback as lines of JSON in a file, or nowhere; remembers which card was of which kind."""

    def __init__(self, file: Path | None = None) -> None:
        self.file, self._lock = file, threading.Lock()
        self._kinds: OrderedDict[str, str] = OrderedDict()

    def given(self, cards: Iterable[tuple[str, str]]) -> None:
        """Cards that were given, with their kinds."""
        with self._lock:
            self._kinds.update(cards)
            while len(self._kinds) > _MOST_CARDS:
                self._kinds.popitem(last=False)

    def keep(self, service: str, feedback: Feedback) -> None:
        """Keep what became of cards: when, which kind of card, what was done, and the code of the reason."""
        lines = [self._line(service, told) for told in feedback.feedback]
        if self.file is not None:
            with self._lock, self.file.open("a", encoding="utf-8") as file:
                file.writelines(f"{json.dumps(line)}\n" for line in lines)

    def _line(self, service: str, told: CardFeedback) -> dict[str, Any]:
        """One line. Only a code of ours is kept as a reason: another could say anything."""
        reason = told.override_reason.reason if told.override_reason else None
        is_ours = reason is not None and reason.get("system") == OVERRIDES
        return {
            "day": told.outcome_timestamp.date().isoformat(),
            "service": service,
            "card": self._kinds.get(str(told.card), "unknown"),
            "outcome": told.outcome,
            "accepted": len(told.accepted_suggestions),
            "reason": str(reason.get("code"))[:40] if is_ours and reason else None,
        }
