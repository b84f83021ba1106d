import pytest
from hypothesis import given
from hypothesis import strategies as st

from trabecula.drawing.characters import encodable, printable


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp1252", "cp437", "utf-8"]))
def test_any_text_can_be_written_in_any_encoding_without_moving_a_column(text, encoding):
    """Every character is replaced by one character that the encoding has."""
    text = text.encode("utf-8", "ignore").decode()
    written = encodable(text, encoding)
    assert written.encode(encoding).decode(encoding) == written
    assert len(written) == len(text)


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [("−1.0 (−2.3 to 0.3)", "-1.0 (-2.3 to 0.3)"), ("2.0–8.1", "2.0-8.1"), ("g/cm²", "g/cm2"), ("▁█│", "_#|"),
     ("× 1.3", "x 1.3"), ("Müller", "Muller"), ("骨", "?")],
)  # fmt: skip
def test_ascii_keeps_the_sense(text, ascii_text):
    """A minus stays a minus and a bar a bar where only ASCII can be shown."""
    assert encodable(text, "ascii") == ascii_text


def test_an_encoding_keeps_what_it_has():
    """Latin-1 has the multiplication sign and the square, but no minus sign and no bars."""
    assert encodable("× ² − ▁", "latin-1") == "× ² - _"


@pytest.mark.parametrize("encoding", [None, "no-such-encoding"])
def test_an_unknown_encoding_is_taken_for_ascii(encoding):
    """What cannot be looked up is not trusted with anything else."""
    assert encodable("−1", encoding) == "-1"


@pytest.mark.parametrize("character", ["\x1b", "\r", "\n", "\x07", "\u202e", "\u200b", "\x9b"])
def test_nothing_in_a_text_steers_the_terminal(character):
    """Control and direction characters from a record never reach the screen."""
    assert printable(f"a{character}b") == "a b"


def test_letters_and_no_break_spaces_are_left_alone():
    """What can be seen is shown."""
    assert printable("Grünebaum 4.1\xa0%") == "Grünebaum 4.1\xa0%"
