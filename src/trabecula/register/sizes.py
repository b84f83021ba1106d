"""How much is asked about everybody, and how people are shared out; told here once, since a command says it at once."""

DRAWS, FINE_DRAWS = 20, 200
"""Draws of everybody, and of the highest ranked."""
MOST_HIGHEST, ONE_OF = 500, 10
"""The highest ranked: one of ten, and at most so many."""
CHUNK, FINE_CHUNK = 20, 4
"""People in a chunk, and in one of the highest ranked: a few seconds of work each, so that all workers end together."""
MOST_CHUNKS = 1_000
"""A register with more people than so many chunks hold has larger chunks, or there would be too many files."""


def chunk_of(size: int | None) -> int:
    """People in a chunk of a register of a size; of one whose size is not known, ten times the smallest."""
    if size is None:
        return 10 * CHUNK
    return max(CHUNK, CHUNK * -(-size // (CHUNK * MOST_CHUNKS)))
