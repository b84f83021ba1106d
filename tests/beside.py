"""Server processes that run beside a test."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

TRIES, WAIT_S = 1200, 0.1
"""A busy machine takes its time to start one."""


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def process(script: Path, *arguments: object, asked: str) -> Iterator[str]:
    """The address of a script's server, its port the last argument, once it answers for a path; ended at the end."""
    port = free_port()
    running = subprocess.Popen([sys.executable, str(script), *map(str, arguments), str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(TRIES):
            try:
                httpx.get(f"{address}/{asked}")
                break
            except httpx.ConnectError:
                time.sleep(WAIT_S)
        yield address
    finally:
        running.kill()  # an answer without an end would keep it
        running.wait()
