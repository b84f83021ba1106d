"""A record from a file that somebody chose: YAML, JSON or a FHIR Bundle; what is hostile is refused with the reason.

Size and kind are looked at before anything is parsed; what is inside is left to the adapters, which refuse aliases,
tags, depth and control characters. The command line reads larger files than a browser may send.
"""

import datetime
from collections.abc import Iterator

from trabecula.adapters.files import MEGABYTE, InputError, read_bytes
from trabecula.adapters.loss import LossReport
from trabecula.drawing.characters import printable
from trabecula.person import Reading, write_person
from trabecula.web.entries import MOST_VALUES, is_too_much
from trabecula.words.message import Message, verbatim

LARGEST_TEXT = 1 * MEGABYTE
"""A record written by hand has some kilobytes."""
LARGEST_JSON = 20 * MEGABYTE
"""A FHIR Bundle of a whole life."""
LARGEST_REQUEST = LARGEST_JSON + MEGABYTE
_LONGEST_NAME = 60
"""Characters of a file name that are shown."""
_REMARKS = 12
"""Lines about a file that are shown."""
_PACKED = {b"PK": "a_zip_archive", b"\x1f\x8b": "a_gzip_archive", b"BZh": "a_bzip2_archive", b"7z": "a_7z_archive",
           b"\xfd7z": "an_xz_archive", b"%PDF": "a_pdf", b"\x28\xb5": "a_zstd_archive"}  # fmt: skip


def read_upload(raw: bytes, name: str, on: datetime.date) -> Reading:
    """The person in a file; raises InputError when it is no file for us, PersonError when its record has mistakes.

    `on` is the day of assessment for a file that brings none.
    """
    where = _shown(name)
    _check_kind(raw, where)
    _check_size(raw, where)
    reading = read_bytes(raw, verbatim(where), on)
    if is_too_much(write_person(reading.person)):
        raise too_much(name, Message("file.more_than_n_values", {"n": MOST_VALUES}))
    return reading


def too_much(name: str, found: Message) -> InputError:
    """Why a record that can be read is not answered here."""
    expected, todo = Message("file.one_persons_record"), Message("file.use_the_command_line_instead")
    return InputError(verbatim(_shown(name)), found, expected, todo)


def _shown(name: str) -> str:
    """The file's name, safe to show."""
    return printable(name.rpartition("/")[2].rpartition("\\")[2])[:_LONGEST_NAME].strip() or "the file"


def _check_kind(raw: bytes, where: str) -> None:
    """Archives are never unpacked: a small one may hold a file of any size."""
    for start, what in _PACKED.items():
        if raw.startswith(start):
            expected = Message("file.a_record_in_yaml_or_json")
            todo = Message("file.unpack_it_first_or_choose_another")
            raise InputError(verbatim(where), Message(f"file.{what}"), expected, todo)


def _check_size(raw: bytes, where: str) -> None:
    """What is read in a browser may be smaller than on the command line."""
    is_json = raw[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    largest = LARGEST_JSON if is_json else LARGEST_TEXT
    if len(raw) > largest:
        found = Message("file.so_many_mb", {"size": len(raw) / MEGABYTE})
        expected = Message("file.at_most_n_mb", {"n": largest // MEGABYTE})
        raise InputError(verbatim(where), found, expected, Message("file.check_that_this_is_the_file_you"))


def remarks(report: LossReport | None) -> Iterator[Message]:
    """What an adapter has to say about a bundle, in a few lines; the command line tells the rest.

    Messages, so that a page in another language can say them again.
    """
    if report is None:
        return
    lines = report.lines()
    yield from lines[:_REMARKS]
    if len(lines) > _REMARKS:
        yield Message("loss.more_lines", {"n": len(lines) - _REMARKS})
