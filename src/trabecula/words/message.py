"""What a room has to say: the id of a sentence and what fills its places. Nobody but `words` makes it a sentence.

Message("gap.scan.assumed", {"who": Message("who.woman")})

A value is a number, a date, a name, another message, or several of them; the catalogue says how it is written
(`{edss:.1f}`). `verbatim` is for what a person typed or a file holds: it is the same in every language.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Union
from zlib import crc32

from pydantic import GetCoreSchemaHandler, SerializationInfo, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from trabecula.errors import TrabeculaError

Value = Union[str, float, date, "Message", Sequence["Value"], None]
VERBATIM = "verbatim"
_SLUG = 6
"""The words of a sentence that make its id; a longer one has a checksum behind them."""
WHOLE: Mapping[str, str] = MappingProxyType({"messages": "whole"})
"""The `context` of a serialisation that a program reads back with the same context: messages stay messages."""
_TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Unicode's controls of direction (UAX 9)."""
_NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True)
class Message:
    """A sentence by its id, with what fills its places.

    source: the English of a data file that keeps its sentences beside what they are about (a guideline's rule, a
    plan); the catalogues of other languages have it under the id.
    """

    id: str
    values: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)
    source: str | None = None

    def __hash__(self) -> int:
        return hash((self.id, tuple(sorted(self.values)), self.source))

    def __reduce__(self) -> tuple[Any, ...]:
        """How it goes to another process: a view of a mapping can't."""
        return Message, (self.id, dict(self.values), self.source)

    def __bool__(self) -> bool:
        """Whether it says anything: an empty text of a data file does not."""
        return self.id != VERBATIM or bool(self.values["text"])

    def __str__(self) -> str:
        """The sentence in English, for logs, errors and notebooks."""
        from trabecula.words.language import language  # a message is known to whoever reads messages

        return language("en").say(self)

    def inside(self) -> Iterator["Message"]:
        """The message, and all that it holds."""
        yield self
        for value in self.values.values():
            yield from _messages(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """In JSON a message is its sentence, in the language that the serialisation is asked for (`context`)."""
        return core_schema.with_info_plain_validator_function(
            _read,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.plain_serializer_function_ser_schema(
                _written, info_arg=True, return_schema=core_schema.str_schema()
            ),
        )


class MessageError(TrabeculaError, ValueError):
    """A refusal as a message, which web and command line say in the reader's language; as text it is English."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


def sourced(kind: str, english: str) -> Message:
    """A sentence of a data file, which keeps the English beside what it is about; the id follows from the English.

    Whoever changes the English changes the id, so that no translation of an older sentence can stay. An empty text is
    an empty message.
    """
    if not english:
        return verbatim("")
    words = re.findall(r"[a-z0-9]+", english.lower())
    more = "" if len(words) <= _SLUG else f"_{crc32(english.encode()):08x}"
    return Message(f"{kind}.{'_'.join(words[:_SLUG])}{more}", source=english)


def verbatim(text: str) -> Message:
    """What stands as it is in every language: a name, an id, what a person typed.

    Characters that turn the direction of writing are left out: one of them in a name reverses the sentence around it.
    """
    return Message(VERBATIM, {"text": text.translate(_TURNING)})


def pack(message: Message) -> str:
    """A message as a text that keeps its id and values; for a program's own use, as `unpack` trusts it."""
    return json.dumps(_packed(message), ensure_ascii=False, default=lambda number: number.item())


def unpack(text: str) -> Message:
    """The message that was packed."""
    return _unpacked(json.loads(text))


def _packed(value: Value) -> Any:
    """A value as JSON has it; a message and a date say what they are."""
    if isinstance(value, Message):
        return {"id": value.id, "values": {key: _packed(part) for key, part in value.values.items()}} | (
            {"source": value.source} if value.source else {}
        )
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value if isinstance(value, str) or not isinstance(value, Sequence) else [_packed(part) for part in value]


def _unpacked(data: Any) -> Any:
    """The value again."""
    if isinstance(data, list):
        return tuple(_unpacked(part) for part in data)
    if not isinstance(data, dict):
        return data
    if "date" in data:
        return date.fromisoformat(data["date"])
    return Message(data["id"], {key: _unpacked(part) for key, part in data["values"].items()}, data.get("source"))


def _messages(value: Value) -> Iterator[Message]:
    """The messages in a value."""
    if isinstance(value, Message):
        yield from value.inside()
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from _messages(part)


def _read(value: Any, info: ValidationInfo) -> Message:
    """A message, or a sentence out of JSON; a packed one where the context says that messages are whole."""
    if isinstance(value, Message):
        return value
    if isinstance(value, str):
        return unpack(value) if info.context == WHOLE else verbatim(value)
    raise ValueError("a message or a text")


def _written(message: Message, info: SerializationInfo) -> str:
    """The sentence in the language of the serialisation, or the message itself, packed."""
    if info.context == WHOLE:
        return pack(message)
    from trabecula.words.language import language

    return language((info.context or {}).get("language", "en")).say(message)
