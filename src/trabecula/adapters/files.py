"""A record from a file or from standard input: YAML, JSON or a FHIR Bundle, recognised by what is in it.

Every file that cannot be read is refused here, with what was found, what was expected and what to do.
"""

import datetime
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from trabecula.adapters.yaml_text import YamlError, read_yaml
from trabecula.person import Reading, read_person

MEGABYTE = 1_000_000
LARGEST_RECORD = 10 * MEGABYTE  # a limit on files
"""A record written by hand has some kilobytes; only an exported bundle may be larger."""
LARGEST_BUNDLE = 500 * MEGABYTE  # a limit on files
STDIN = "-"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALF = re.compile(r"[\ud800-\udfff]")
_RECORD = "a person record in YAML or JSON, or a FHIR Bundle in JSON"


class InputError(ValueError):
    """A file that cannot be read: where, what was found, what was expected, what to do."""

    def __init__(self, where: str, found: str, expected: str, todo: str) -> None:
        self.where, self.found, self.expected, self.todo = where, found, expected, todo
        super().__init__(f"{where}: found {found}; expected {expected}; {todo}")


def read_record(source: str | Path, on: datetime.date | None = None) -> Reading:
    """The person in a file (or on standard input, "-") and, for a bundle, the report of what was lost.

    `on` is the date of assessment; a record may bring its own, a bundle needs one. Raises InputError when the
    file cannot be read and PersonError when the record in it cannot be.
    """
    where = "standard input" if str(source) == STDIN else str(source)
    raw = sys.stdin.buffer.read(LARGEST_BUNDLE + 1) if str(source) == STDIN else _bytes(Path(source))
    return read_bytes(raw, where, on)


def read_bytes(raw: bytes, where: str, on: datetime.date | None = None) -> Reading:
    """The person in the contents of a file; `where` is its name in error messages."""
    try:
        return _read_text(_text(raw, where), where, on)
    except RecursionError:
        _refuse(
            where,
            "groups within groups within groups, too deep to follow",
            "a record of a few levels",
            _CHECK,
        )


def read_data(source: str | Path, what: str) -> Mapping[str, Any]:
    """Any other group of fields in a YAML or JSON file: a plan, an answer of ours; `what` is named when it is none."""
    where = str(source)
    text = _text(_bytes(Path(source)), where)
    data = _json(text, where) if text.lstrip()[0] in "{[" else _yaml(text, where)
    if not isinstance(data, Mapping):
        _refuse(where, _kind(data), what, _CHECK)
    return data


_CHECK = "check that this is the file you meant"


def _bytes(path: Path) -> bytes:
    """The contents of a file that is there, is a file, and is not too large."""
    where = str(path)
    if path.is_dir():
        _refuse(where, "a folder", "one file", "name a file in it")
    if not path.exists():
        _refuse(where, "no such file", "a file that exists", "check the name and the folder")
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BUNDLE + 1)
    except OSError as error:
        _refuse(
            where,
            f"a file that cannot be opened ({error.strerror})",
            "a readable file",
            "check its permissions",
        )


def _text(raw: bytes, where: str) -> str:
    """The file as text: not empty, not too large, in UTF-8, not binary."""
    _check_size(raw, where)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(where, "text in UTF-16", "text in UTF-8", "save the file as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 (0x{raw[error.start]:02x} at byte {error.start})"
        _refuse(where, found, "text in UTF-8", "save the file as UTF-8, or check that it is a text file")
    if not text.strip():
        _refuse(where, "an empty file", _RECORD, "see examples/ for records to start from")
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        _refuse(
            where, f"a control character (0x{ord(control.group()):02x} in line {line})", "plain text", _CHECK
        )
    return text


def _check_size(raw: bytes, where: str) -> None:
    """Only something that looks like JSON may be larger than a record."""
    could_be_bundle = raw[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    largest = LARGEST_BUNDLE if could_be_bundle else LARGEST_RECORD
    if len(raw) > largest:
        size = "more than " if len(raw) > LARGEST_BUNDLE else ""
        size += f"{min(len(raw), LARGEST_BUNDLE) / MEGABYTE:.0f} MB"
        _refuse(where, size, f"at most {largest // MEGABYTE} MB", _CHECK)


def _read_text(text: str, where: str, on: datetime.date | None) -> Reading:
    """JSON begins with a bracket; everything else is YAML."""
    data = _json(text, where) if text.lstrip()[0] in "{[" else _yaml(text, where)
    if not isinstance(data, Mapping):
        _refuse(where, _kind(data), "fields with values, such as `sex: female`", "see examples/ for a record")
    if "resourceType" in data:
        return _from_bundle(data, where, on)
    if len(text) > LARGEST_RECORD:
        _refuse(
            where,
            f"a record of {len(text) / MEGABYTE:.0f} MB",
            f"at most {LARGEST_RECORD // MEGABYTE} MB",
            _CHECK,
        )
    return Reading(read_person(data, on), None)


def _kind(data: object) -> str:
    """What stands at the top of a file that holds no record."""
    if data is None:
        return "only comments"
    return "a list at the top" if isinstance(data, list) else f'only the text "{str(data)[:40]}"'


def _from_bundle(bundle: Mapping[str, Any], where: str, on: datetime.date | None) -> Reading:
    """The patient of a FHIR Bundle."""
    if bundle["resourceType"] != "Bundle":
        todo = "export the patient's whole record as a Bundle"
        _refuse(where, f"a FHIR {str(bundle['resourceType'])[:40]}", "a FHIR Bundle", todo)
    from trabecula.adapters.fhir import (
        FhirError,
        read_bundle,
    )  # only who has a bundle waits for the code tables

    if on is None:
        _refuse(
            where,
            "a FHIR Bundle without a date of assessment",
            "the day to assess it for",
            "add --date YYYY-MM-DD",
        )
    try:
        return Reading(*read_bundle(dict(bundle), on))
    except FhirError as error:
        raise InputError(f"{where}, {error.path}", error.found, error.expected, error.todo) from None


def _yaml(text: str, where: str) -> Any:
    """YAML as plain data."""
    try:
        return read_yaml(text)
    except YamlError as problem:
        place = f", line {problem.line}, column {problem.column}" if problem.line else ""
        raise InputError(where + place, problem.found, problem.expected, problem.todo) from None


def _json(text: str, where: str) -> Any:
    """JSON as plain data; a key written twice, NaN and half a character are errors."""
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse_json(text, where, error)
    except _NotJsonError as error:
        _refuse(where, error.found, error.expected, "correct it, or leave the field out")
    except ValueError:
        _refuse(where, "a number of thousands of digits", "JSON with ordinary numbers", _CHECK)
    if "\\u" in text and has_half_character(data):
        _refuse(where, HALF_CHARACTER, "plain text", _CHECK)
    return data


HALF_CHARACTER = "half of a character"


def has_half_character(data: Any) -> bool:
    """Whether a text in JSON's data is one half of a surrogate pair: an escape can write it, nothing can print it."""
    if isinstance(data, str):
        return _HALF.search(data) is not None
    if isinstance(data, dict):
        return any(has_half_character(each) for pair in data.items() for each in pair)
    return isinstance(data, list) and any(map(has_half_character, data))


class _NotJsonError(Exception):
    """Something that Python's JSON reader takes and a record does not allow."""

    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(found)


def _refuse_json(text: str, where: str, error: json.JSONDecodeError) -> NoReturn:
    """A file that breaks off, or that has a mistake somewhere."""
    place = f"{where}, line {error.lineno}, column {error.colno}"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        _refuse(
            place,
            "the end of the file in the middle of the JSON",
            "a complete file",
            "copy or export it again",
        )
    _refuse(
        place, f"JSON that cannot be read ({error.msg.lower()})", "valid JSON", "correct it at this place"
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which every key stands once."""
    keys = [key for key, _ in pairs]
    if has_half_character(keys):
        raise _NotJsonError(HALF_CHARACTER, "plain text")
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _NotJsonError(f'the field "{twice[:40]}" written twice in one group', "each field once")
    return dict(pairs)


def _no_number(word: str) -> NoReturn:
    """NaN and infinity are no JSON."""
    raise _NotJsonError(f"{word}, which is not a number", "numbers")


def _refuse(where: str, found: str, expected: str, todo: str) -> NoReturn:
    """Refuse the file."""
    raise InputError(where, found, expected, todo)
