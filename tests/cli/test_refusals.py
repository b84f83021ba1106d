"""What is refused: one message on standard error, exit code 2, nothing on standard output, no file."""

import pytest

from cli.conftest import WOMAN


def refused(result):
    """The message of a refusal, which is all there is."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("trabecula: ")
    return result.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"\x00\x01\xff", "found"),
        (b"sex: [", "line"),
        (b"- 1\n- 2\n", "a list at the top level"),
        (b'{"resourceType": "Bundle"', "complete file"),
        (b'{"resourceType": "Patient"}', "found"),
        (WOMAN.encode("utf-16"), "UTF-8"),
        (b"hello", "hello"),
    ],
)
def test_a_file_that_is_no_record_is_refused(run, tmp_path, content, words):
    """Whatever is in the file, the message names the file and what was found."""
    path = tmp_path / "record"
    path.write_bytes(content)
    message = refused(run("assess", path, "--date", "2026-11-22"))
    assert str(path) in message
    assert words in message


def test_a_file_that_is_not_there_is_refused(run, tmp_path):
    """And so is a folder."""
    assert "no such file" in refused(run("assess", tmp_path / "nobody.yaml"))
    assert "a folder" in refused(run("assess", tmp_path))


def test_all_problems_of_a_record_are_told_at_once(run, tmp_path):
    """Each with its path, what was found, what was expected and what to do."""
    path = tmp_path / "wrong.yaml"
    path.write_text("birth_date: 1982-03-14\nsex: woman\nheight_cm: 1.66\ncolour: blue\n")
    message = refused(run("assess", path, "--date", "2026-11-22"))
    assert f"{path}: 3 problems found" in message
    for line in ("  sex: found", "  height_cm: found", "  colour: found"):
        assert line in message
    assert message.count("expected") == 3


def test_one_problem_is_not_called_problems(run, tmp_path):
    """Grammar is courtesy."""
    path = tmp_path / "wrong.yaml"
    path.write_text("birth_date: 1982-03-14\nsex: woman\n")
    assert "1 problem found" in refused(run("assess", path, "--date", "2026-11-22"))


@pytest.mark.parametrize("years", ["0", "-1", "200", "2.5", "ten", "", "1e3", "１０"])
def test_a_horizon_that_makes_no_sense_is_refused_kindly(run, woman, years):
    """With what was found and what would do."""
    message = refused(run("assess", woman, "--horizon", years))
    assert f"--horizon: found {years}" in message
    assert "expected" in message


def test_the_longest_horizon_ends_with_the_tables(run, woman):
    """A woman of 44 can look 65 years ahead and no further."""
    assert "at most 65 years" in refused(run("assess", woman, "--horizon", "66"))
    assert run("assess", woman, "--horizon", "65").exit_code == 0


@pytest.mark.parametrize("day", ["2026-02-30", "22.11.2026", "20261122", "tomorrow", "2026-W47-7"])
def test_a_date_must_be_a_day(run, woman, day):
    """Only YYYY-MM-DD, and only days that exist."""
    assert f"--date: found {day}" in refused(run("assess", woman, "--date", day))


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "9999-12-31"])
def test_a_date_outside_the_life_is_refused(run, woman, day):
    """Nobody is assessed before birth, or at an age that nobody reaches."""
    refused(run("assess", woman, "--date", day))


@pytest.mark.parametrize(("option", "value"), [("--draws", "0"), ("--draws", "1000000"), ("--seed", "-1")])
def test_draws_and_seed_have_limits(run, woman, option, value):
    """Too few draws have no interval, too many only take time."""
    assert f"{option}: found {value}" in refused(run("assess", woman, option, value))


def test_a_country_without_tables_is_refused(run, tmp_path):
    """Its rates are not replaced by another country's: the record names those that are known."""
    path = tmp_path / "dane.yaml"
    path.write_text(WOMAN.replace("country: US", "country: DK"))
    message = refused(run("assess", path))
    assert "country" in message
    assert "SE" in message


@pytest.mark.parametrize("arguments", [["--form"], ["extra"], ["--format", "pdf"]])
def test_an_unknown_option_shows_how_to_use_the_command(run, woman, arguments):
    """The command line's own mistakes come with the usage."""
    result = run("assess", woman, *arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr


def test_a_message_cannot_steer_the_terminal(run, tmp_path):
    """Control characters of a file's name or content don't reach the screen."""
    message = refused(run("assess", tmp_path / "\x1b[31mred\u202e.yaml"))
    assert "\x1b" not in message
    assert "\u202e" not in message


@pytest.mark.parametrize("command", ["assess", "compare", "report"])
def test_a_child_is_refused_with_the_ages_in_hand(run, tmp_path, command):
    """By every command that works out a person, and never as a fault of the program."""
    path = tmp_path / "child.yaml"
    path.write_text(WOMAN.replace("1982-03-14", "2010-03-14"))
    more = {"compare": ["--plan", "exercise"], "report": ["--output", tmp_path / "page.md", "--quick"]}
    message = refused(run(command, path, "--draws", "20", *more.get(command, ())))
    assert "for age 16" in message
    assert "fault" not in message
