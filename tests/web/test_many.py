"""Many at once: connections that drip are dropped while others are served, and fifty users get their pages."""

import asyncio
import contextlib
import random
import time

import httpx
import pytest
from anyio import CapacityLimiter

from trabecula.web import connections, create_app, session

from .calling import finished
from .conftest import FEW_DRAWS, TODAY
from .serving import served

SLOW, USERS = 300, 50


@pytest.fixture
def app():
    """The address of an app."""
    with served(create_app(today=lambda: TODAY, draws=FEW_DRAWS), timeout_keep_alive=connections.IDLE_S) as address:
        yield address


async def drip(host, port):
    """Sends the head of a request byte by byte, until the other side hangs up; how long that took [s]."""
    reader, writer = await asyncio.open_connection(host, port)
    begun = time.monotonic()
    try:
        writer.write(b"GET / HTTP/1.1\r\nX: ")
        while time.monotonic() - begun < 120.0:
            writer.write(b"x")
            await writer.drain()
            try:
                if await asyncio.wait_for(reader.read(1), 0.25) == b"":
                    break
            except TimeoutError:
                continue
    except OSError:
        pass
    finally:
        writer.close()
    return time.monotonic() - begun


async def ask(address, stopped):
    """Asks for a page again and again; the statuses."""
    statuses = []
    async with httpx.AsyncClient(base_url=address, timeout=600) as client:
        while not stopped.is_set():
            statuses.append((await client.get("/about")).status_code)
            await asyncio.sleep(0.2)
    return statuses


def test_300_connections_that_drip_are_dropped_while_others_are_served(app, monkeypatch):
    """None is held beyond the time that the head of a request may take."""
    monkeypatch.setattr(connections, "HEAD_S", 4.0)
    host, port = app.removeprefix("http://").split(":")

    async def all_of_them():
        stopped = asyncio.Event()
        asking = asyncio.create_task(ask(app, stopped))
        held = await asyncio.gather(*(drip(host, int(port)) for _ in range(SLOW)))
        stopped.set()
        return held, await asking

    held, statuses = finished(all_of_them())
    assert len(held) == SLOW
    assert max(held) < 60.0
    assert set(statuses) == {200}


def test_work_that_is_given_up_keeps_its_lane_until_it_is_done(monkeypatch):
    """Whoever waited is told at once; the thread goes on, and nobody gets its place before."""

    async def give_up():
        lane = CapacityLimiter(1)
        monkeypatch.setattr(session, "_limit", lambda _: lane)
        begun = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.1):
                await session.heavily(time.sleep, 3.0)
        return time.monotonic() - begun, lane.borrowed_tokens

    waited, lanes = finished(give_up())
    assert waited < 2.0
    assert lanes == 1


async def read(address, seed):
    """A user who opens pages and thinks between them; the statuses."""
    thought, statuses = random.Random(seed), []
    async with httpx.AsyncClient(base_url=address, timeout=600, follow_redirects=True) as client:
        await asyncio.sleep(thought.uniform(0.0, 3.0))
        for path in ("/", "/form", "/learn"):
            statuses.append((await client.get(path)).status_code)
            await asyncio.sleep(thought.uniform(0.2, 1.0))
        if seed % 5 == 0:
            statuses.append((await client.post("/example/ms_woman_44")).status_code)
    return statuses


def test_fifty_users_get_their_pages(app):
    """An answer for every fifth of them; nobody is refused or left without one."""

    async def all_of_them():
        return await asyncio.gather(*(read(app, seed) for seed in range(USERS)))

    assert {status for statuses in finished(all_of_them()) for status in statuses} == {200}
