import io
import sys

import pytest

from trabecula.cli.output import CommandInterrupted, Progress


class Terminal(io.StringIO):
    """A screen."""

    encoding = "utf-8"

    def isatty(self):
        """Somebody is watching."""
        return True


def watched(monkeypatch):
    """Standard error as a screen."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


def stopped_after_one(steps):
    """Somebody presses Ctrl-C in the second step."""
    with Progress(steps, "studies", "nothing was written") as progress:
        progress.done(steps[0])
        raise KeyboardInterrupt


def test_a_terminal_gets_a_bar_that_goes_away(monkeypatch):
    """With what is under way, and nothing left of it afterwards."""
    terminal = watched(monkeypatch)
    with Progress(["one", "two"], "studies", "nothing was written") as progress:
        progress.done("one")
        progress.done("two")
    assert "0/2" in terminal.getvalue()
    assert "one" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")


def test_a_bar_that_is_stopped_is_cleared_before_the_message(monkeypatch):
    """The message says how far it came."""
    terminal = watched(monkeypatch)
    with pytest.raises(CommandInterrupted, match=r"stopped after 1 of 2 studies; nothing was written\."):
        stopped_after_one(["one", "two"])
    assert "\x1b[?25h" in terminal.getvalue(), "the cursor is back"


def test_a_file_gets_a_line_a_step(capsys):
    """A log can be read afterwards."""
    with Progress(["one"], "studies", "nothing was written") as progress:
        progress.done("one")
    assert capsys.readouterr().err == "Studies to process: 1\n  1 of 1: one\n"


def test_a_fault_is_not_taken_for_a_stop(monkeypatch):
    """Other errors go on as they are."""
    terminal = watched(monkeypatch)
    with pytest.raises(ValueError, match="broken"), Progress(["one"], "studies", "nothing was written"):
        raise ValueError("broken")
    assert "stopped" not in terminal.getvalue()
