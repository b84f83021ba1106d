"""A message that a program keeps for itself is the same message again, in whatever language it is said then."""

from datetime import date

import numpy as np
from pydantic import BaseModel

from trabecula.words.message import WHOLE, Message, verbatim


class Answer(BaseModel):
    """Something with sentences in it."""

    note: Message
    more: list[Message]


ANSWER = Answer(
    note=Message("time.in_years", {"n": np.int64(3), "on": date(2026, 11, 22), "share": 0.25}),
    more=[verbatim("é"), Message("plan.x", {"parts": (verbatim("a"), Message("y"))}, source="In the data file")],
)


def test_messages_stay_messages_when_both_sides_say_so():
    """As text and as data; ids, numbers, dates, lists and the English of data files included."""
    assert Answer.model_validate_json(ANSWER.model_dump_json(context=WHOLE), context=WHOLE) == ANSWER
    assert Answer.model_validate(ANSWER.model_dump(mode="json", context=WHOLE), context=WHOLE) == ANSWER


def test_anybody_else_gets_sentences_and_can_bring_only_text():
    """JSON of others is taken at its word, whatever it looks like."""
    assert Answer(note=ANSWER.note, more=[]).model_dump_json(context={"language": "de"}).count("3 Jahren") == 1
    packed = ANSWER.model_dump_json(context=WHOLE)
    assert Answer.model_validate_json(packed).note.id == "verbatim"
