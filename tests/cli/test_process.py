"""The command as the shell sees it."""

import os
import signal
import subprocess
import sys

import pytest

from cli.conftest import WOMAN
from trabecula.cli import main

COMMAND = [sys.executable, "-m", "trabecula.cli"]


def shell(*arguments, **options):
    """Run the command in a process of its own."""
    environment = {**os.environ, **options.pop("env", {})}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, env=environment, timeout=120, check=False, **options
    )


def test_the_version_is_printed():
    """Name and number."""
    result = shell("--version")
    assert result.returncode == 0
    assert result.stdout.startswith(b"trabecula 0.")


def test_bad_input_ends_with_one_message_and_no_traceback(tmp_path):
    """Exit code 2, one line on standard error, nothing on standard output."""
    result = shell("assess", tmp_path / "nobody.yaml")
    assert result.returncode == 2
    assert result.stdout == b""
    assert len(result.stderr.splitlines()) == 1


def test_an_ascii_screen_gets_ascii(tmp_path):
    """No character is lost on a screen without bars and minus signs, and no line moves."""
    path = tmp_path / "woman.yaml"
    path.write_text(WOMAN)
    env = {"PYTHONIOENCODING": "ascii", "COLUMNS": "80", "PYTHONUTF8": "0"}
    result = shell("assess", path, "--draws", "20", "--full", env=env)
    assert result.returncode == 0, result.stderr
    text = result.stdout.decode("ascii")
    figures = text[text.index("\nBones ") : text.index("What guidelines say")]
    assert "?" not in figures  # what is due may ask a question
    assert max(map(len, text.splitlines())) <= 80


def test_json_on_an_ascii_screen_is_still_json():
    """Characters that the screen lacks are written as escapes."""
    result = shell("evidence", "--assumed", "--format", "json", env={"PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0, result.stderr
    result.stdout.decode("ascii")


def test_a_reader_that_goes_away_is_no_error():
    """`trabecula evidence --assumed | head -1` ends quietly."""
    process = subprocess.Popen([*COMMAND, "evidence", "--assumed"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(60)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_ctrl_c_ends_with_130_and_one_line(tmp_path):
    """Whatever it was doing, it stops and says so."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*COMMAND, "assess", pipe],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background doesn't hear it
    )
    with pipe.open("wb"):  # opens when the command opens the other end, and now waits for us
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert err.decode().strip() == "trabecula: stopped."


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize(("env", "styled"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_bold_unless_it_is_not_wanted(env, styled):
    """NO_COLOR and a plain terminal get plain text."""
    mine, theirs = os.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environment |= {"TERM": "xterm", **env}
    subprocess.run([*COMMAND, "evidence"], stdout=theirs, env=environment, timeout=60, check=True)
    os.close(theirs)
    shown = os.read(mine, 100_000)
    os.close(mine)
    assert (b"\x1b[1m" in shown) == styled


@pytest.mark.parametrize("examples", ["assess", "serve"])
def test_help_names_the_program_as_it_was_called(examples, tmp_path):
    """Where its name alone finds nothing, the examples can be copied all the same."""
    program = tmp_path / "trabecula"
    program.write_text("from trabecula.cli import main\nmain()\n")
    ran = subprocess.run(
        [sys.executable, program, examples, "--help"], env={**os.environ, "PATH": ""}, capture_output=True, check=True,
        timeout=120, text=True,
    )  # fmt: skip
    assert f"Usage: {program} {examples}" in ran.stdout
    shown = [line for line in ran.stdout.splitlines() if f"trabecula {examples}" in line]
    assert len(shown) > 2
    assert all(f"{program} {examples}" in line for line in shown)


def test_a_fault_of_the_program_is_called_one(monkeypatch, capsys):
    """Not the record is to blame; the way to see more is named."""

    def broken():
        raise ZeroDivisionError("no bones")

    monkeypatch.setattr("trabecula.cli.cli", broken)
    monkeypatch.delenv("TRABECULA_DEBUG", raising=False)
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 70
    assert "internal error, not a problem with your record" in capsys.readouterr().err


def test_a_fault_can_be_looked_into(monkeypatch):
    """With TRABECULA_DEBUG the traceback is there."""

    def broken():
        raise ZeroDivisionError("no bones")

    monkeypatch.setattr("trabecula.cli.cli", broken)
    monkeypatch.setenv("TRABECULA_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main()
