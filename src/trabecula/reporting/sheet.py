"""What has room on a sheet of A4 at a size that can be read: lines of 8 points. A screen shows everything.

The style (`static/report.css`) sets the sizes for paper; the figures here are what was counted on sheets that it made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LINES, WIDE, COLUMN = 78.0, 118, 55
"""Lines of a sheet; letters of a line across it, and in one of its two columns."""
HEADING, APART = 1.9, 0.25
"""Lines that a heading takes with its rule, and the space from one entry of a list to the next."""
_POINTS, _POINTS_PER_INCH = 9.8, 72.0
"""From one line to the next, and an inch [points]."""


def lines(text: str, wide: int = COLUMN) -> float:
    """Lines that an entry of a list takes."""
    return -(-len(text) // wide) + APART


def lines_of(inches: float) -> float:
    """Lines that a picture takes at its own size."""
    return inches * _POINTS_PER_INCH / _POINTS


@dataclass
class SheetColumn:
    """A column of a sheet, and the lines that are left in it."""

    left: float

    def takes(self, entries: Sequence[str], most: int | None = None) -> int:
        """How many of the first entries have room, with their heading; None of `most`: all, whatever it takes.

        What must never be cut is taken first, and may use more than there is: then the sheet has to run over.
        """
        if not entries:
            return 0
        self.left -= HEADING
        taken = 0
        for text in entries[:most]:
            needed = lines(text)
            if most is not None and needed > self.left:
                break
            self.left -= needed
            taken += 1
        self.left += HEADING if not taken else 0.0
        return taken

    def holds(self, inches: float, words: float = 0.0) -> bool:
        """Whether a picture with a heading and some lines of words has room; then it takes it."""
        needed = HEADING + lines_of(inches) + words
        if needed > self.left:
            return False
        self.left -= needed
        return True
