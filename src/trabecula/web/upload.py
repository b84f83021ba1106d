"""A record from a file that somebody chose: YAML, JSON or a FHIR Bundle; what is hostile is refused with the reason."""

import datetime
from collections.abc import Iterator

from trabecula.adapters.files import MEGABYTE, InputError, read_bytes
from trabecula.adapters.loss import LossReport
from trabecula.drawing.characters import printable
from trabecula.person import Reading, write_person
from trabecula.web.entries import MOST_VALUES, is_too_much

LARGEST_TEXT = 1 * MEGABYTE
"""A record written by hand has some kilobytes."""
LARGEST_JSON = 20 * MEGABYTE
"""A FHIR Bundle of a whole life."""
LARGEST_REQUEST = LARGEST_JSON + MEGABYTE
_LONGEST_NAME = 60
"""Characters of a file name that are shown."""
_REMARKS = 12
"""Lines about a file that are shown."""
_PACKED = {b"PK": "a ZIP archive", b"\x1f\x8b": "a gzip archive", b"BZh": "a bzip2 archive", b"7z": "a 7z archive",
           b"\xfd7z": "an xz archive", b"%PDF": "a PDF", b"\x28\xb5": "a zstd archive"}  # fmt: skip


def read_upload(raw: bytes, name: str, on: datetime.date) -> Reading:
    """The person in a file; raises InputError when it is no file for us, PersonError when its record has mistakes.

    `on` is the day of assessment for a file that brings none.
    """
    where = _shown(name)
    _check_kind(raw, where)
    _check_size(raw, where)
    reading = read_bytes(raw, where, on)
    if is_too_much(write_person(reading.person)):
        raise too_much(name, f"more than {MOST_VALUES:,} values")
    return reading


def too_much(name: str, found: str) -> InputError:
    """Why a record that can be read is not answered here."""
    return InputError(_shown(name), found, "one person's record", "use the command line instead")


def _shown(name: str) -> str:
    """The file's name, safe to show."""
    return printable(name.rpartition("/")[2].rpartition("\\")[2])[:_LONGEST_NAME].strip() or "the file"


def _check_kind(raw: bytes, where: str) -> None:
    """Archives are never unpacked: a small one may hold a file of any size."""
    for start, what in _PACKED.items():
        if raw.startswith(start):
            raise InputError(
                where,
                what,
                "a record in YAML or JSON, or a FHIR Bundle in JSON",
                "unpack it first, or choose another file",
            )


def _check_size(raw: bytes, where: str) -> None:
    """What is read in a browser may be smaller than on the command line."""
    is_json = raw[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    largest = LARGEST_JSON if is_json else LARGEST_TEXT
    if len(raw) > largest:
        found, expected = f"{len(raw) / MEGABYTE:.1f} MB", f"at most {largest // MEGABYTE} MB"
        raise InputError(
            where, found, expected, "check that this is the file you meant, or use the command line"
        )


def remarks(report: LossReport | None) -> Iterator[str]:
    """What an adapter has to say about a bundle, in a few lines."""
    if report is None:
        return
    lines = report.lines()
    yield from lines[:_REMARKS]
    if len(lines) > _REMARKS:
        yield f"and {len(lines) - _REMARKS} more lines; trabecula assess --verbose lists everything"
