"""`trabecula serve`: who may listen where, and how it starts and stops."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from trabecula.cli import cli
from trabecula.web import connections
from trabecula.words.language import LANGUAGES

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
    with connections.listen("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        assert f"found {port}" in refused("--port", port)


@contextmanager
def heeding_ctrl_c():
    """What is started now heeds Ctrl-C, also where tests run in the background and ignore it themselves."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def running(*arguments, **environment):
    """The command as somebody starts it, and the port that it prints."""
    command = [sys.executable, "-m", "trabecula.cli", "serve", "--port", "0", *arguments]
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE}
    with heeding_ctrl_c():
        process = subprocess.Popen(command, text=True, env=os.environ | environment, **pipes)
    said = next(line for line in process.stderr if "http://" in line)
    yield process, int(re.search(r"http://[\d.]+:(\d+)/", said)[1])
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.fixture
def started():
    """The command without anything, and its address."""
    with running() as (process, port):
        yield process, f"http://127.0.0.1:{port}/"


def test_whoever_opens_it_to_others_is_told_of_https_and_they_of_the_server():
    """What goes over a network can be read without HTTPS, and no page says then that it stays on this machine."""
    secret = "a long enough password"
    with running("--host", "0.0.0.0", TRABECULA_PASSWORD=secret) as (process, port):
        assert "HTTPS" in next(iter(process.stderr))
        pages = [
            httpx.get(f"http://127.0.0.1:{port}/", params={"lang": code}, auth=("x", secret)).text for code in LANGUAGES
        ]
    for page, words in zip(pages, ("your clinic", "Server Ihrer Praxis", "server del suo centro"), strict=True):
        assert page.count(words) == 2
        assert not any(each in page for each in ("this computer", "diesem Rechner", "questo computer"))


def test_it_prints_its_address_serves_and_stops_quietly(started):
    """A person opens the address, presses Ctrl-C, and sees no traceback."""
    process, address = started
    assert httpx.get(address).status_code == 200
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert "Traceback" not in errors
    assert output == ""


def test_nothing_about_a_person_reaches_a_log(started):
    """Whatever is typed, asked for or refused, the program that a person started writes not a line of it."""
    process, address = started
    typed = {"step": "person", "birth_date": "1961-07-13", "sex": "female"}
    for more in ({"do": "assess"}, {"do": "next", "height_cm": "soon"}, {"do": "go:review"}):
        httpx.post(f"{address}form", params={"lang": "de"}, data=typed | more, timeout=60)
    httpx.post(f"{address}upload", files={"file": ("Jane Doe.yaml", b"birth_date: 1961-07-13")})
    httpx.post(f"{address}api/assess", json={"person": {"birth_date": "1961-07-13", "mrn": 4711}})
    httpx.get(f"{address}nothing?name=Jane")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "trabecula: stopped.\n")
