"""`trabecula serve`: who may listen where, and how it starts and stops."""

import re
import signal
import subprocess
import sys

import httpx
import pytest
from click.testing import CliRunner

from trabecula.cli import cli
from trabecula.web import server

QUIET = {"TRABECULA_PASSWORD": None, "TRABECULA_PASSWORD_FILE": None}


def refused(*arguments, **environment):
    """What the command says when it refuses to start."""
    result = CliRunner().invoke(cli, ["serve", *arguments], env={**QUIET, **environment})
    assert result.exit_code == 2
    return result.stderr


def test_nobody_else_reaches_the_app_without_a_password():
    """An address that others can reach is refused, and the message says what to set."""
    message = refused("--host", "0.0.0.0")
    assert "no password" in message
    assert "TRABECULA_PASSWORD_FILE" in message


def test_a_short_password_is_refused():
    """A password that can be guessed is none."""
    assert "12 or more" in refused("--host", "0.0.0.0", TRABECULA_PASSWORD="secret")


def test_a_password_file_that_is_missing_is_told(tmp_path):
    """The message names the file."""
    assert "nothing-here" in refused(TRABECULA_PASSWORD_FILE=str(tmp_path / "nothing-here"))


def test_a_port_that_is_taken_is_told():
    """Two apps cannot share a port, and the second one says so."""
    with server.listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        assert f"found {port}" in refused("--port", port)


@pytest.fixture
def started():
    """The command as somebody starts it, and the address that it prints."""
    command = [sys.executable, "-m", "trabecula.cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    said = next(line for line in process.stderr if "http://" in line)
    yield process, re.search(r"http://127\.0\.0\.1:\d+/", said)[0]
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_it_prints_its_address_serves_and_stops_quietly(started):
    """A person opens the address, presses Ctrl-C, and sees no traceback."""
    process, address = started
    assert httpx.get(address).status_code == 200
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert output == ""
