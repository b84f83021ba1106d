"""Rows and tables: one row per thing of the field, read from `data/*.yaml` and from overlay folders.

A table is one YAML file: a key a row, its fields below it. The English label stands in the row; its translations stand
in the catalogues under the row's message id (`drug.denosumab`). All tables are read together, when a row is first
asked for, and checked together: `VocabularyError` has everything that is wrong, each with file and row.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from trabecula.data_files import DataError, overlay_files, overlays, read_mapping
from trabecula.words import LANGUAGES
from trabecula.words.message import Message

DATA = Path(__file__).parent / "data"
"""The tables that come with the package."""
_ENTRY = re.compile(r'^msgid "(?P<id>.+)"\nmsgstr (?!""\n(?!"))', re.MULTILINE)
"""An entry of a catalogue that has a text."""


class VocabularyError(DataError):
    """Tables that are not in order."""


class ParameterId(str):
    """The id of a parameter of the registry, which checks that it exists: the vocabulary stands below it."""

    __slots__ = ()


class FindingId(str):
    """The id of a finding of the registry."""

    __slots__ = ()


Parameter = Annotated[str, AfterValidator(ParameterId)]
"""A field that names a parameter."""
FindingName = Annotated[str, AfterValidator(FindingId)]
"""A field that names a finding."""


Lower = Annotated[str, AfterValidator(str.lower)]
"""A word as it is compared with what a person typed."""


class Cell(BaseModel):
    """What stands in a row: frozen, and no field that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Code(Cell):
    """The code of a thing in a code system of the clinic."""

    system: Literal["ATC", "RxNorm", "SNOMED", "LOINC", "ICD10", "OMOP", "UCUM"]
    code: str = Field(min_length=1)
    status: Literal["verified", "recalled"]
    """Whether somebody has looked it up, or it was quoted from memory."""
    display: str
    """What the code system calls it."""
    says: str = ""
    """What it says beside the thing itself: the strength of a product (`10 MG`), the side of a scan."""
    note: str = ""


class Concept(Cell):
    """One thing. Subclasses add what is known about it; `kind` begins the message id."""

    kind: ClassVar[str]
    links: ClassVar[Mapping[str, str]] = {}
    """Fields that name a row of another table, or several, with that table."""
    key_form: ClassVar[tuple[str, str]] = (r"[a-z0-9][a-z0-9_]*", "small letters, digits and low lines")
    """What a key looks like, as an expression and in words."""
    key: str
    """The key under which the row stands; other programs and records know the thing by it."""
    label: str = Field(min_length=1)
    """Its name in English, as it stands in the middle of a sentence."""
    aliases: tuple[Lower, ...] = ()
    """Other names, in lower case: salts, spellings, words of other languages."""
    codes: tuple[Code, ...] = ()
    replaces: bool = False
    """In an overlay: whether the row takes the place of the one with this key."""

    @property
    def name(self) -> Message:
        """What it is called, in every language."""
        return Message(f"{self.kind}.{self.key}", source=self.label)

    def messages(self) -> Iterator[Message]:
        """Everything that the row says to people, each with its English beside it."""
        yield self.name

    def names(self) -> Iterator[str]:
        """Every word that must mean this thing and no other, in lower case."""
        yield self.key
        yield from self.aliases

    def needs(self) -> Iterator[tuple[str, ...]]:
        """The parameters that belong to it by its key: each a choice of ids, of which one is enough."""
        yield from ()


RowT = TypeVar("RowT", bound=Concept, covariant=True)


class ConceptTable(Mapping[str, RowT], Generic[RowT]):
    """Rows by key, in the order of the file: `STEROIDS["prednisone"]`. The files are read at the first look."""

    def __init__(self, name: str, row: type[RowT]) -> None:
        """`name`: of the file, without its ending; `row`: what every row of it is read as."""
        self.name = name
        self.row = row
        _TABLES[name] = self

    @property
    def rows(self) -> Mapping[str, RowT]:
        """The rows by key."""
        return _read()[0][self.name]

    def __getitem__(self, key: str) -> RowT:
        return self.rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __hash__(self) -> int:
        return hash(self.name)


_TABLES: dict[str, ConceptTable[Any]] = {}


@dataclass(frozen=True)
class _Place:
    """Where a row stands."""

    file: Path
    key: str

    def __str__(self) -> str:
        return f"{self.file.name}, {self.key}"


def refused(place: object, found: str, expected: str, todo: str) -> str:
    """A complaint: where, what was found, what was expected, what to do."""
    return f"{place}: found {found}; expected {expected}; {todo}"


@cache
def _read() -> tuple[Mapping[str, Mapping[str, Any]], Mapping[tuple[str, str], _Place]]:
    """All tables, and where each row stands; everything that is wrong with them is raised at once."""
    reader = _Reader()
    for table in _TABLES.values():
        reader.read(table, DATA / f"{table.name}.yaml")
        for path in overlay_files(f"{table.name}.yaml"):
            reader.read(table, path)
    reader.check_files()
    reader.check_links()
    reader.check_codes()
    reader.check_names()
    reader.check_words()
    if reader.problems:
        raise VocabularyError(reader.problems)
    return reader.rows, reader.places


class _Reader:
    """Reads tables, and notes what is wrong."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Concept]] = {name: {} for name in _TABLES}
        self.places: dict[tuple[str, str], _Place] = {}
        self.problems: list[str] = []

    def read(self, table: ConceptTable[Any], path: Path) -> None:
        """The rows of one file."""
        try:
            found = read_mapping(path)
        except DataError as error:
            self.problems += error.problems
            return
        for key, fields in found.items():
            place = _Place(path, str(key))
            row = self._row(table, place, fields)
            if row is not None and self._may_stand(table, row, place):
                self.rows[table.name][row.key] = row
                self.places[table.name, row.key] = place

    def _row(self, table: ConceptTable[Any], place: _Place, fields: object) -> Concept | None:
        """One row; None, with its complaints noted, when it cannot be read."""
        form, in_words = table.row.key_form
        if not re.fullmatch(form, place.key):
            todo = "write it in this form"
            self.problems.append(refused(place, f'the key "{place.key}"', f"a key of {in_words}", todo))
            return None
        if not isinstance(fields, Mapping):
            todo = "write the fields below the key, each with two spaces before it"
            self.problems.append(refused(place, repr(fields), "a row with its fields", todo))
            return None
        try:
            return table.row.model_validate({**fields, "key": place.key})
        except ValidationError as error:
            self.problems += [_complaint(table.row, place, detail) for detail in error.errors()]
            return None

    def _may_stand(self, table: ConceptTable[Any], row: Concept, place: _Place) -> bool:
        """Whether a row is new, or replaces one and says so."""
        before = self.places.get((table.name, row.key))
        if before is None and row.replaces:
            todo = "correct the key, or leave it out"
            self.problems.append(refused(place, "replaces: true", "a key that exists already", todo))
        elif before is not None and not row.replaces:
            todo = 'choose another key, or add "replaces: true" to put this row in its place'
            self.problems.append(refused(place, f"a key that {before.file.name} has", "a new key", todo))
            return False
        return True

    def check_files(self) -> None:
        """Every table of an overlay has a name that is known here."""
        for path in overlay_files("*.yaml"):
            if path.stem not in _TABLES:
                known = f"one of {', '.join(_TABLES)} (.yaml)"
                self.problems.append(refused(path, path.name, known, "rename the file"))

    def check_links(self) -> None:
        """A row that names a row of another table names one that is there."""
        for (table, key), place in self.places.items():
            row = self.rows[table][key]
            for field, target in row.links.items():
                linked, known = getattr(row, field), self.rows[target]
                for name in (linked,) if isinstance(linked, str) else linked or ():
                    if name and name not in known:
                        todo = f"choose one of them, or add a row to {target}.yaml"
                        self.problems.append(refused(place, f'"{name}"', f"one of {', '.join(known)}", todo))

    def check_codes(self) -> None:
        """No code of a system means two things."""
        self._unique(lambda row: {f"{code.system} {code.code}" for code in row.codes}, lambda _row: "", "code")

    def check_names(self) -> None:
        """No name means two things of one kind."""
        self._unique(lambda row: set(row.names()), lambda row: row.kind, "name")

    def _unique(self, marks: Callable[[Concept], set[str]], scope: Callable[[Concept], str], what: str) -> None:
        """Each mark belongs to one row of its scope."""
        first: dict[tuple[str, str], _Place] = {}
        ours_first = sorted(self.places.items(), key=lambda item: item[1].file.parent != DATA)
        for (table, key), place in ours_first:
            row = self.rows[table][key]
            for mark in sorted(marks(row)):
                other = first.setdefault((scope(row), mark), place)
                if other != place:
                    found = f'the {what} "{mark}", which {other} has too'
                    todo = f"take the {what} out of one of the two rows"
                    self.problems.append(refused(place, found, f"a {what} that means one thing", todo))

    def check_words(self) -> None:
        """An overlay that brings a catalogue says in it what its rows say; without one, English stands, marked."""
        for folder in overlays():
            ours = [place for place in self.places.items() if place[1].file.parent == folder]
            for catalogue in sorted(folder.glob("words/*.po")):
                if catalogue.stem == "en":
                    continue
                ids = {match["id"] for match in _ENTRY.finditer(catalogue.read_text(encoding="utf-8"))}
                for (table, key), place in ours:
                    for message in self.rows[table][key].messages():
                        if message.id not in ids:
                            found = f"no text for {message.id} in words/{catalogue.name}"
                            todo = f'add msgid "{message.id}" with its msgstr'
                            self.problems.append(refused(place, found, "all that the row says in this language", todo))


def _complaint(row: type[Concept], place: _Place, detail: Any) -> str:
    """One of pydantic's errors in our words."""
    path = ".".join(str(step) for step in detail["loc"])
    fields = [info.alias or name for name, info in row.model_fields.items() if name != "key"]
    known = ", ".join(fields) if len(detail["loc"]) == 1 else "a field that this part of a row has"
    if detail["type"] == "extra_forbidden":
        return refused(place, f"the unknown key {path}", known, "correct it, or leave it out")
    if detail["type"] == "missing":
        return refused(place, f"no {path}", f"{path}: what every row of this table has", f"add {path}")
    message = detail["msg"].removeprefix("Value error, ")
    return refused(place, f"{path}: {detail['input']!r}", message[:1].lower() + message[1:], "correct it")


# ---------------------------------------------------------------- what the rooms above ask


def named_ids(kind: type[str]) -> Iterator[tuple[str, str, str]]:
    """(file, row, id) for every id of a kind (ParameterId, FindingId) that a row names; the registry checks them."""
    rows, places = _read()
    for (table, key), place in places.items():
        for found in _ids_in(rows[table][key], kind):
            yield place.file.name, key, found


def is_shipped(table: str, key: str) -> bool:
    """Whether a row came with the package; else an overlay brought it."""
    return _read()[1][table, key].file.parent == DATA


def needed_ids() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(file, row, ids) for what a row needs by its key; one of the ids is enough, and the registry checks that."""
    rows, places = _read()
    for (table, key), place in places.items():
        for ids in rows[table][key].needs():
            yield place.file.name, key, ids


def _ids_in(value: object, kind: type[str]) -> Iterator[str]:
    """The ids in a value, however deep."""
    if isinstance(value, kind):
        yield value
    elif value is None or isinstance(value, str | int | float):
        return
    elif isinstance(value, BaseModel):
        yield from _ids_in(vars(value), kind)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _ids_in(inner, kind)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _ids_in(inner, kind)


def all_rows() -> Iterator[Concept]:
    """Every row of every table."""
    for table in _TABLES.values():
        yield from table.values()


def codes_of(*tables: ConceptTable[Concept]) -> Iterator[tuple[Concept, Code]]:
    """Every code of some tables, with the row it means."""
    for table in tables:
        for row in table.values():
            yield from ((row, code) for code in row.codes)


@cache
def _keys_by_name(table: ConceptTable[Any]) -> Mapping[str, str]:
    """The key of a row by every name of it, in small letters, and by what each language calls it."""
    from trabecula.words.language import language  # start-up time

    said = {language(code).say(row.name).lower(): row.key for row in table.values() for code in LANGUAGES}
    return said | {name: row.key for row in table.values() for name in row.names()}


class OneOf:
    """Marks a text that must be a key of a table: `Annotated[str, OneOf(STEROIDS)]`.

    The table is looked at when a value is checked, or a schema is asked for, and not before: so that a command can
    still say what is wrong with an overlay. `more`: words that are allowed beside the keys, before them.
    """

    def __init__(self, keys: "Callable[[], tuple[str, ...]] | ConceptTable[Any]", *more: str) -> None:
        self._keys = keys
        self._more = more

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that are allowed."""
        return (*self._more, *(self._keys if isinstance(self._keys, ConceptTable) else self._keys()))

    def name_of(self, choice: str) -> Message | None:
        """What a choice is called; None for one that is no row of the table."""
        row = self._keys.get(choice) if isinstance(self._keys, ConceptTable) else None
        return None if row is None else row.name

    def called(self, word: str) -> str | None:
        """The key of a row by any of its names, in any language; None for one that is not known."""
        if not isinstance(self._keys, ConceptTable):
            return None
        return _keys_by_name(self._keys).get(word.strip().lower())

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], CoreSchema]) -> CoreSchema:
        """A text, then the table."""
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Callable[[Any], Any]) -> dict[str, Any]:
        """The choices, for other programs."""
        return {"enum": [*self.choices], "type": "string"}

    def _check(self, value: Any) -> str:
        """The word, if it is one of them; the error is that of a Literal."""
        if isinstance(value, str) and value in self.choices:
            return value
        expected = ", ".join(f"'{choice}'" for choice in self.choices)
        raise PydanticKnownError("literal_error", {"expected": expected})
