"""A record from a file or from standard input: YAML, JSON or a FHIR Bundle, recognised by what is in it.

Every file that cannot be read is refused here, with what was found, what was expected and what to do. YAML is read as
plain data: safe, without aliases, each field once, dates that are none left as text.
"""

import datetime
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from trabecula.errors import TrabeculaError
from trabecula.words.message import Message, sourced, verbatim

if TYPE_CHECKING:  # a file that is refused does not wait for the models of a record
    from trabecula.person import Reading

MEGABYTE = 1_000_000
"""Bytes."""
LARGEST_RECORD = 10 * MEGABYTE
"""A record written by hand has some kilobytes; only an exported bundle may be larger."""
LARGEST_BUNDLE = 500 * MEGABYTE
"""Some decades of a hospital's record; what is larger holds a population, or was not meant."""
_NAME_SHOWN = 40
"""Characters of a name or a word out of a file that are shown."""
CHOICE = "#"
"""Between the name of a file with several patients and the id of the one that is meant."""
_FORM_SHOWN = 4000
"""Characters of a file in which the type of its first resource stands."""
STDIN = "-"
"""The name under which standard input is read."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_RECORD = Message("file.a_person_record_in_yaml_or")
_CHECK = Message("file.check_that_this_is_the_file")
_PLAIN = Message("file.plain_text")
_ESCAPE = "Invalid \\u"
"""How Python begins to say, in signs, what `_NO_ESCAPE` says in words."""
_NO_ESCAPE = "a character written as a backslash and u without four hexadecimal digits"
STANDARD_INPUT = Message("file.standard_input")
TOO_DEEP, A_FEW_LEVELS = Message("file.too_deep_to_follow"), Message("file.a_record_of_a_few_levels")
HALF_CHARACTER = Message("file.half_of_a_character")


class InputError(TrabeculaError, ValueError):
    """A file that cannot be read: where, what was found, what was expected, what to do; each of them a message.

    `message` has all four in one; `str(error)` is its English.
    """

    def __init__(self, where: Message, found: Message, expected: Message, todo: Message) -> None:
        self.where, self.found, self.expected, self.todo = where, found, expected, todo
        parts = {"path": where, "found": found, "expected": expected, "todo": todo}
        self.message = Message("problem.at_path", parts)
        super().__init__(str(self.message))


def read_record(source: str | Path, on: datetime.date | None = None) -> "Reading":
    """The person in a file (or on standard input, "-") and, for a bundle, the report of what was lost.

    `on` is the date of assessment; a record may bring its own, a bundle needs one. Raises InputError when the
    file cannot be read and PersonError when the record in it cannot be.
    """
    if str(source) == STDIN:
        return read_bytes(sys.stdin.buffer.read(LARGEST_BUNDLE + 1), STANDARD_INPUT, on)
    path, patient = chosen(source)
    if patient and path.is_dir():
        return _one_of_many(path, on, patient)
    return read_bytes(_bytes(path), str(path), on, patient)


def chosen(source: str | Path) -> tuple[Path, str]:
    """The file or folder that is named, and the id of the patient that is meant, empty where none is."""
    path = Path(source)
    if path.exists() or CHOICE not in path.name:
        return path, ""
    name, _, patient = path.name.rpartition(CHOICE)
    return path.with_name(name), patient


def _one_of_many(folder: Path, on: datetime.date | None, patient: str) -> "Reading":
    """One patient of a folder with a bulk export."""
    from trabecula.adapters.fhir import FhirError
    from trabecula.adapters.fhir.many import ManyPatients

    where = verbatim(str(folder))
    if on is None:
        _refuse(where, "a_fhir_bundle_without_a_date", "the_day_to_assess_it_for", "add_date_yyyy_mm_dd")
    try:
        return ManyPatients(folder, on).one(patient)
    except FhirError as error:
        place = Message("file.in_part", {"file": where, "part": error.path})
        raise InputError(place, error.found, error.expected, error.todo) from None


def read_bytes(raw: bytes, where: str | Message, on: datetime.date | None = None, patient: str = "") -> "Reading":
    """The person in the contents of a file; `where` is its name in error messages.

    patient: of several patients in one file the id of the one that is meant.
    """
    place = verbatim(where) if isinstance(where, str) else where
    try:
        return _read_text(_text(raw, place), place, on, patient)
    except RecursionError:
        raise InputError(place, TOO_DEEP, A_FEW_LEVELS, _CHECK) from None


def read_data(source: str | Path, what: Message) -> Mapping[str, Any]:
    """Any other group of fields in a YAML or JSON file: a plan, an answer of ours.

    what: what was expected, said when the file holds something else. Raises InputError.
    """
    where = verbatim(str(source))
    data = plain_data(_bytes(Path(source)), where)
    if not isinstance(data, Mapping):
        _refuse(where, _kind(data), what, _CHECK)
    return data


def plain_data(raw: bytes, where: Message) -> Any:
    """The contents of a YAML or JSON file as they stand there; raises InputError."""
    text = _text(raw, where)
    return _json(text, where) if text.lstrip()[0] in "{[" else _yaml(text, where)


def check_file(source: str | Path) -> None:
    """Refuse a path where nothing is, or a folder out of which nobody is chosen; raises InputError."""
    path, patient = chosen(source)
    where = verbatim(str(path))
    if path.is_dir() and not patient:
        _refuse(where, "a_folder", "one_file", "name_a_file_in_it")
    if not path.exists():
        _refuse(where, "no_such_file", "a_file_that_exists", "check_the_name_and_the_folder")


def _bytes(path: Path) -> bytes:
    """The contents of a file that is there, is a file, and is not too large."""
    check_file(path)
    where = verbatim(str(path))
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BUNDLE + 1)
    except OSError as error:
        found = Message("file.that_cannot_be_opened", {"reason": sourced("file", error.strerror or "")})
        _refuse(where, found, "a_readable_file", "check_its_permissions")


def _text(raw: bytes, where: Message) -> str:
    """The file as text: not empty, not too large, in UTF-8 (a byte order mark is passed over), not binary."""
    _check_size(raw, where)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(where, "text_in_utf_16", "text_in_utf_8", "save_the_file_as_utf_8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = {"byte": f"0x{raw[error.start]:02x}", "place": str(error.start)}
        _refuse(where, Message("file.a_byte_that_is_not_utf", byte), "text_in_utf_8", "save_the_file_as_utf_8_or")
    if not text.strip():
        _refuse(where, "an_empty_file", _RECORD, "see_examples_for_records_to_start")
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        place = {"character": f"0x{ord(control.group()):02x}", "line": str(line)}
        _refuse(where, Message("file.a_control_character_what", place), _PLAIN, _CHECK)
    return text


def _check_size(raw: bytes, where: Message) -> None:
    """Only something that looks like JSON may be larger than a record."""
    could_be_bundle = raw[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"<"))
    largest = LARGEST_BUNDLE if could_be_bundle else LARGEST_RECORD
    if len(raw) > largest:
        found = "file.more_than_n_mb" if len(raw) > LARGEST_BUNDLE else "file.n_mb"
        size = Message(found, {"n": round(min(len(raw), LARGEST_BUNDLE) / MEGABYTE)})
        _refuse(where, size, _at_most(largest), _CHECK)


def _read_text(text: str, where: Message, on: datetime.date | None, patient: str) -> "Reading":
    """JSON begins with a bracket, XML with another; everything else is YAML. Only a resourceType makes it a bundle."""
    if (other := _other_form(text, where)) is not None:
        return _from_bundle(other, where, on, patient)
    data = _json(text, where) if text.lstrip()[0] in "{[" else _yaml(text, where)
    if not isinstance(data, Mapping):
        _refuse(where, _kind(data), "fields_with_values_such_as_sex", "see_examples_for_a_record")
    if "resourceType" in data:
        return _from_bundle(data, where, on, patient)
    if len(text) > LARGEST_RECORD:
        size = Message("file.a_record_of_n_mb", {"n": round(len(text) / MEGABYTE)})
        _refuse(where, size, _at_most(LARGEST_RECORD), _CHECK)
    from trabecula.person import Reading, read_person

    return Reading(read_person(data, on), None)


def _at_most(size: int) -> Message:
    """How large a file may be."""
    return Message("file.at_most_n_mb", {"n": size // MEGABYTE})


def _kind(data: object) -> Message:
    """What stands at the top of a file that holds no record, shortened."""
    if data is None:
        return Message("file.only_comments")
    if isinstance(data, list):
        return Message("file.a_list_at_the_top")
    return Message("file.only_the_text_what", {"what": verbatim(f'"{str(data)[:_NAME_SHOWN]}"')})


def _other_form(text: str, where: Message) -> Mapping[str, Any] | None:
    """A Bundle out of XML or of NDJSON; None for every other text."""
    start = text.lstrip()[:_FORM_SHOWN]
    if not (start.startswith("<") or (start.startswith("{") and "resourceType" in start)):
        return None
    from trabecula.adapters.fhir import FhirError, forms

    try:
        if start.startswith("<"):
            return forms.from_xml(text)
        return forms.from_ndjson(text) if forms.is_ndjson(text) else None
    except FhirError as error:
        place = Message("file.in_part", {"file": where, "part": error.path})
        raise InputError(place, error.found, error.expected, error.todo) from None


def _from_bundle(bundle: Mapping[str, Any], where: Message, on: datetime.date | None, patient: str) -> "Reading":
    """The patient of a FHIR Bundle, or the one of several that is named."""
    if bundle["resourceType"] != "Bundle":
        kind = Message("file.a_fhir_what", {"what": verbatim(str(bundle["resourceType"])[:_NAME_SHOWN])})
        _refuse(where, kind, "a_fhir_bundle", "export_the_patients_whole_record_as")
    from trabecula.adapters.fhir import FhirError, forms, read_bundle  # only a bundle has to wait for the code tables
    from trabecula.person import Reading

    if on is None:
        _refuse(where, "a_fhir_bundle_without_a_date", "the_day_to_assess_it_for", "add_date_yyyy_mm_dd")
    try:
        return Reading(*read_bundle(forms.only(dict(bundle), patient) if patient else dict(bundle), on))
    except FhirError as error:
        place = Message("file.in_part", {"file": where, "part": error.path})
        raise InputError(place, error.found, error.expected, error.todo) from None


def _yaml(text: str, where: Message) -> Any:
    """YAML as plain data."""
    try:
        return read_yaml(text)
    except YamlError as problem:
        place = _at(where, problem.line, problem.column) if problem.line else where
        raise InputError(place, problem.found, problem.expected, problem.todo) from None


def _json(text: str, where: Message) -> Any:
    """JSON as plain data; a key written twice, NaN and half a character are errors (RFC 8259 leaves them open)."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse_json(text, where, error)
    except _NotJsonError as error:
        _refuse(where, error.found, error.expected, "correct_it_or_leave_the_field")
    except ValueError:
        _refuse(where, Message("found.thousands_of_digits"), "json_with_ordinary_numbers", _CHECK)
    if "\\u" in text and has_half_character(data):
        _refuse(where, HALF_CHARACTER, _PLAIN, _CHECK)
    return data


def has_half_character(data: Any) -> bool:
    """Whether a text in JSON's data is one half of a surrogate pair: an escape can write it, nothing can print it."""
    if isinstance(data, str):
        return _HALF.search(data) is not None
    if isinstance(data, dict):
        return any(has_half_character(part) for pair in data.items() for part in pair)
    return isinstance(data, list) and any(map(has_half_character, data))


class _NotJsonError(Exception):
    """Something that Python's JSON reader takes and a record does not allow."""

    def __init__(self, found: Message, expected: Message) -> None:
        self.found, self.expected = found, expected
        super().__init__(str(found))


def _refuse_json(text: str, where: Message, error: json.JSONDecodeError) -> NoReturn:
    """A file that breaks off, or that has a mistake somewhere."""
    place = _at(where, error.lineno, error.colno)
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        _refuse(place, "the_end_of_the_file_in", "a_complete_file", "copy_or_export_it_again")
    what = _NO_ESCAPE if error.msg.startswith(_ESCAPE) else error.msg.lower()
    found = Message("file.json_that_cannot_be_read_what", {"what": sourced("json", what)})
    _refuse(place, found, "valid_json", "correct_it_at_this_place")


def _at(where: Message, line: int, column: int) -> Message:
    """A place in a file."""
    return Message("file.line_column", {"file": where, "line": str(line), "column": str(column)})


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which every key stands once."""
    keys = [key for key, _ in pairs]
    if has_half_character(keys):
        raise _NotJsonError(HALF_CHARACTER, _PLAIN)
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _NotJsonError(_written_twice(twice), Message("file.each_field_once"))
    return dict(pairs)


def _written_twice(key: str) -> Message:
    """What is said of a field that stands twice in its group."""
    return Message("file.the_field_what_written_twice_in", {"what": _quoted(key)})


def _quoted(text: str) -> Message:
    """What was written, shortened, in quotation marks."""
    from trabecula.person.problems import quoted  # brings the models of a record

    return quoted(text)


def _no_number(word: str) -> NoReturn:
    """NaN and infinity are no JSON."""
    found = Message("file.what_which_is_not_a_number", {"what": word})
    raise _NotJsonError(found, Message("file.numbers"))


def _refuse(where: Message, found: str | Message, expected: str | Message, todo: str | Message) -> NoReturn:
    """Refuse the file; a part that is a text is the id of a message about files."""
    parts = (part if isinstance(part, Message) else Message(f"file.{part}") for part in (found, expected, todo))
    raise InputError(where, *parts)


# ---------------------------------------------------------------- YAML

DEEPEST = 50
"""Levels of nesting; a record has five."""


class YamlError(ValueError):
    """YAML that is not read, with its place (line 0 when it is not known)."""

    def __init__(self, mark: Any, found: Message, expected: Message, todo: Message) -> None:
        self.line, self.column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        self.found, self.expected, self.todo = found, expected, todo
        super().__init__(str(found))


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """The safe loader, stricter: it makes no objects, and what it would pass over in silence is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A group in which every field stands once."""
        seen: dict[Any, int] = {}
        for key, held in node.value:
            if node.flow_style and getattr(held, "value", None) == "" and str(getattr(key, "value", ""))[:1].isdigit():
                found = Message("file.a_number_without_a_field", {"what": _quoted(key.value)})
                todo = Message("file.write_the_decimal_point")
                raise YamlError(key.start_mark, found, Message("file.a_field_with_its_value"), todo)
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                todo, first = (
                    Message("todo.keep_one_of_the_two"),
                    {"what": _quoted(key.value), "line": str(seen[key.value])},
                )
                found = Message("file.the_field_what_written_twice_since", first)
                raise YamlError(key.start_mark, found, Message("file.each_field_once"), todo)
            seen[key.value if isinstance(key, yaml.ScalarNode) else id(key)] = key.start_mark.line + 1
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        """A date; what only looks like one stays a text, and the record's own rules complain about it."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def read_yaml(text: str) -> Any:
    """The data in one YAML document."""
    try:
        _check_none(text)
        _check_shape(text)
        return yaml.load(text, _Loader)
    except YamlError:
        raise
    except yaml.MarkedYAMLError as error:
        found, expected = Message("file.yaml_that_cannot_be_read"), Message("file.valid_yaml")
        todo = Message("file.check_indentation_colons_and_quotation_marks")
        raise YamlError(error.problem_mark or error.context_mark, found, expected, todo) from None
    except yaml.YAMLError:
        found, todo = Message("file.characters_that_yaml_does_not_allow"), Message("file.remove_them")
        raise YamlError(None, found, Message("file.plain_text"), todo) from None
    except (ValueError, OverflowError):
        found, expected = Message("file.a_number_that_cannot_be_read"), Message("file.ordinary_numbers")
        raise YamlError(None, found, expected, Message("file.check_numbers_for_missing_blanks")) from None


_NONE_ABOVE_A_LIST = re.compile(r"^(?P<field>\w+): *none *(?:#.*)?\n(?:\s*(?:#.*)?\n)*\s*- ", re.MULTILINE)
"""`steroids: none` with a list below it, which YAML takes for one long text."""


def _check_none(text: str) -> None:
    """Refuse a field that says none and has a list below; both places are told."""
    if found := _NONE_ABOVE_A_LIST.search(text):
        first, last = (text.count("\n", 0, place) + 1 for place in found.span())
        said = Message("file.none_with_a_list", {"what": found["field"], "first": str(first), "last": str(last)})
        raise YamlError(None, said, Message("file.none_or_a_list"), Message("todo.leave_one_out"))


def _check_shape(text: str) -> None:
    """No aliases (a short file can unfold into a huge one), no tags, not too deep, one document."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent):
            _refuse_at(event, "an_alias", "a_record_without_aliases", "write_the_value_out_instead")
        if getattr(event, "tag", None) is not None:
            _refuse_at(event, "a_tag", "plain_values", "write_the_value_without_a_tag")
        if depth > DEEPEST:
            _refuse_at(event, "more_than_n_levels", "a_few_levels", "check_the_file", n=DEEPEST)
        if documents > 1:
            _refuse_at(event, "a_second_document", "one_record_in_one_file", "divide_the_file")


def _refuse_at(event: yaml.Event, found: str, expected: str, todo: str, n: int = 0) -> NoReturn:
    """Refuse at the place of an event; the parts are ids of messages about files, `n` fills what was found."""
    parts = Message(f"file.{found}", {"n": n}), Message(f"file.{expected}"), Message(f"file.{todo}")
    raise YamlError(event.start_mark, *parts)
