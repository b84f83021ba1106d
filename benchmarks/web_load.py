"""Many people at once: errors, waiting times and memory of the web app under load, on this machine.

.venv/bin/python benchmarks/web_load.py [--people 50] [--think 20] [--seconds 90] [--requests 2000]

It starts `trabecula serve` on a free port, lets so many people walk through it (an example, both views, a choice, the
form), each thinking for so many seconds between two pages, and then sends so many requests one after the other while it
watches the memory of the server.
"""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

STATE = re.compile(r'name="state"[^>]* value="([^"]*)"')
STEPS = ("example", "person", "what-if", "choice", "review", "step", "learn")
EXAMPLES = ("ms_woman_44", "ms_man_58", "ms_woman_67")


@contextmanager
def serving():
    """The address and the process id of a server of its own."""
    command = [sys.executable, "-m", "trabecula.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if found := re.search(r"http://\S+", line):
                break
        yield found[0].rstrip("/"), process.pid
        process.terminate()


@asynccontextmanager
async def asking(address) -> AsyncIterator[httpx.AsyncClient]:
    """A client without limits of its own."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        yield client


async def step(client, name, state, example):
    """One page of the walk: what is sent."""
    if name == "example":
        return await client.post(f"/example/{example}")
    if name == "learn":
        return await client.get("/learn")
    sent = {
        "person": ("/result", {"view": "person"}),
        "what-if": ("/what-if", {}),
        "choice": ("/what-if", {"training": "exercise"}),
        "review": ("/form", {"do": "go:review"}),
        "step": ("/form", {"do": "go:bones"}),
    }
    path, data = sent[name]
    headers = {"HX-Request": "true"} if name == "choice" else {}
    return await client.post(path, data={"state": state, **data}, headers=headers)


async def person(client, until, think_s, times, errors, rng):
    """One person, page after page until the time is over."""
    await asyncio.sleep(rng.uniform(0, think_s))
    while True:
        state, example = "", rng.choice(EXAMPLES)
        for name in STEPS:
            if time.monotonic() > until:
                return
            started = time.monotonic()
            answer = await step(client, name, state, example)
            times.setdefault(name, []).append(time.monotonic() - started)
            if answer.status_code != 200:
                errors.append((name, answer.status_code))
            if found := STATE.search(answer.text):
                state = found[1]
            await asyncio.sleep(
                min(rng.uniform(think_s / 2, 3 * think_s / 2), max(until - time.monotonic(), 0))
            )


async def crowd(address, people, think_s, seconds):
    """So many people for so many seconds."""
    times, errors = {}, []
    until = time.monotonic() + seconds
    async with asking(address) as client:
        await asyncio.gather(
            *(person(client, until, think_s, times, errors, random.Random(n)) for n in range(people))
        )
    return times, errors


def memory_mb(pid):
    """Memory the server holds [MB]."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def sequence(address, pid, requests):
    """So many requests, most of them light, every tenth with an answer; memory after each tenth part."""
    held = [memory_mb(pid)]
    async with asking(address) as client:
        state = STATE.search((await client.post(f"/example/{EXAMPLES[0]}")).text)[1]
        for n in range(requests):
            name = "choice" if n % 10 == 0 else ("review", "step", "learn")[n % 3]
            await step(client, name, state, EXAMPLES[0])
            if (n + 1) % max(requests // 10, 1) == 0:
                held.append(memory_mb(pid))
    return held


def main():
    """Measure, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("people", 50), ("think", 20), ("seconds", 90), ("requests", 2000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    with serving() as (address, pid):
        times, errors = asyncio.run(crowd(address, wanted.people, wanted.think, wanted.seconds))
        every = sorted(each for found in times.values() for each in found)
        print(
            f"{wanted.people} people, {wanted.think} s between pages, {wanted.seconds} s: {len(every)} pages"
        )
        print(f"errors: {len(errors)} {errors[:5]}", flush=True)
        print(
            f"waiting: median {median(every):.2f} s, nine in ten below {quantiles(every, n=10)[-1]:.2f} s",
            flush=True,
        )
        for name, found in times.items():
            print(
                f"  {name:8} {len(found):4} pages, median {median(found):.2f} s, longest {max(found):.2f} s"
            )
        held = asyncio.run(sequence(address, pid, wanted.requests))
        print(
            f"memory over {wanted.requests} requests: " + ", ".join(f"{each:.0f}" for each in held) + " MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
