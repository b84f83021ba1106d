"""Processes that share the cores: a worker never outlives whoever started it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

CREW = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from {room} import {begin}
if __name__ == "__main__":
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), {begin}) as pool:
        with open("worker.part", "w") as file:
            print(pool.submit(os.getpid).result(), file=file)
        os.rename("worker.part", "worker")
        pool.submit(time.sleep, 60).result()
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes where Linux lists them")
@pytest.mark.parametrize(
    ("room", "begin"), [("trabecula.register.running", "_start_work"), ("trabecula.simulation.running", "begin_worker")]
)
def test_a_worker_ends_when_its_parent_is_killed_even_in_the_middle_of_its_work(tmp_path, room, begin):
    """A parent that is killed tells nobody; its workers would hold their cores and wait for ever."""
    (tmp_path / "crew.py").write_text(CREW.format(room=room, begin=begin))
    parent = subprocess.Popen([sys.executable, "crew.py"], cwd=tmp_path)
    within(60, (tmp_path / "worker").exists)
    worker = (tmp_path / "worker").read_text().strip()
    assert running(worker)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    within(10, lambda: not running(worker))


def within(seconds, happens):
    """Wait for something."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def running(process):
    """Whether a process is there and has not ended."""
    try:
        return "State:\tZ" not in (Path("/proc") / process / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
