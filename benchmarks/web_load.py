"""Many people at once: errors, waiting times, processor time and memory of the web app under load, on this machine.

.venv/bin/python benchmarks/web_load.py [--people 50] [--think 20] [--seconds 180] [--requests 2000]

It starts `trabecula serve` on a free port and walks through it alone, to see what each page costs; asks for ten first
pages at once; lets so many people walk through it (an example, both views, a choice, the form), each thinking for so
many seconds between two pages while what contributed is worked out behind them; and sends so many requests one after
the other while it watches the memory of the server.

Waiting times say something only when nothing else uses the machine; processor time says it on a busy one too.
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
CORES = os.cpu_count() or 1
TOGETHER = 10
STEPS = ("example", "person", "what-if", "choice", "review", "step", "learn")
POLL_S = 0.4
"""How often a page asks how far its work is [s]."""
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
    """A browser of its own: it keeps its cookie, and goes where an answer leads it."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits, follow_redirects=True) as client:
        await client.get("/learn")
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


async def contributed(client, answer, times, errors):
    """What a browser with scripts does on an answer: has what contributed worked out, and asks until it is there.

    Gives what its forms carry from then on; nothing where the page does not ask for it.
    """
    if 'hx-post="/causes"' not in answer.text:
        return None
    started, headers = time.monotonic(), {"HX-Request": "true"}
    part = await client.post("/causes", data={"state": STATE.search(answer.text)[1]}, headers=headers)
    while (where := re.search(r'hx-get="(/causes/[^"]+)"', part.text)) and part.status_code == 200:
        await asyncio.sleep(POLL_S)
        part = await client.get(where[1], headers=headers)
    found = STATE.search(part.text)
    times.setdefault("behind" if found else "not yet", []).append(time.monotonic() - started)
    if part.status_code != 200:
        errors.append(("behind", part.status_code))
    return found and found[1]


async def person(address, until, think_s, times, errors, rng):
    """One person, page after page until the time is over."""
    await asyncio.sleep(rng.uniform(0, think_s))
    async with asking(address) as client:
        await walks(client, until, think_s, times, errors, rng)


async def walks(client, until, think_s, times, errors, rng):
    """Walks of one person, one after the other."""
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
            behind = asyncio.create_task(contributed(client, answer, times, errors))
            await asyncio.sleep(min(rng.uniform(think_s / 2, 3 * think_s / 2), max(until - time.monotonic(), 0)))
            if behind.done():
                state = behind.result() or state
            behind.cancel()


async def crowd(address, people, think_s, seconds):
    """So many people for so many seconds."""
    times, errors = {}, []
    until = time.monotonic() + seconds
    await asyncio.gather(*(person(address, until, think_s, times, errors, random.Random(n)) for n in range(people)))
    return times, errors


async def at_once(address, people):
    """What each of so many people waits for a first page that all ask for at the same moment [s]."""

    async def waits(n):
        async with asking(address) as client:
            began = time.monotonic()
            answer = await step(client, "example", "", EXAMPLES[n % len(EXAMPLES)])
            answer.raise_for_status()
            return time.monotonic() - began

    return await asyncio.gather(*map(waits, range(people)))


def memory_mb(pid):
    """Memory the server holds [MB]."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_s(pid):
    """Processor time the server has used, all its threads together [s]."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


async def alone(address, pid, rounds):
    """What each page costs when nobody else asks: processor and waiting time [s], and its size [bytes]."""
    found = {name: [] for name in STEPS}
    async with asking(address) as client:
        for n in range(rounds):
            state, example = "", EXAMPLES[n % len(EXAMPLES)]
            for name in STEPS:
                began, used = time.monotonic(), processor_s(pid)
                answer = await step(client, name, state, example)
                took = time.monotonic() - began
                found[name].append((processor_s(pid) - used, took, len(answer.content)))
                if state_found := STATE.search(answer.text):
                    state = state_found[1]
    return found


async def sequence(address, pid, requests):
    """So many requests, every tenth a choice and every fortieth a whole answer: memory after each tenth, and errors."""
    held, errors = {0: memory_mb(pid)}, 0
    async with asking(address) as client:
        state = STATE.search((await client.post(f"/example/{EXAMPLES[0]}")).text)[1]
        for n in range(requests):
            name = "example" if n % 40 == 5 else "choice" if n % 10 == 0 else ("review", "step", "learn")[n % 3]
            answer = await step(client, name, state, EXAMPLES[n % len(EXAMPLES)])
            errors += answer.is_error
            if (n + 1) % max(requests // 10, 1) == 0:
                held[n + 1] = memory_mb(pid)
    return held, errors


def say_alone(found, people, think_s):
    """What each page costs, and how much of this machine so many people would use."""
    print(f"alone, {len(found['example'])} walks: processor time, waiting time, size")
    for name, runs in found.items():
        used, took, size = (median(each) for each in zip(*runs, strict=True))
        print(f"  {name:8} {used:5.2f} s, {took:5.2f} s, {size / 1e3:4.0f} kB")
    mean = sum(used for runs in found.values() for used, _, _ in runs) / sum(map(len, found.values()))
    busy = mean * people / think_s / CORES
    print(
        f"mean request {mean:.3f} s of processor time: {people} people, one page in {think_s} s each, use {busy:.0%} of"
        f" {CORES} cores",
        flush=True,
    )


def say_crowd(times, errors, used_s, wanted):
    """What many people at once waited."""
    every = sorted(each for name, found in times.items() if name in STEPS for each in found)
    tenths, twentieths = quantiles(every, n=10), quantiles(every, n=20)
    print(f"{wanted.people} people, {wanted.think} s between pages, {wanted.seconds} s: {len(every)} pages")
    print(f"errors: {len(errors)} {errors[:5]}")
    print(
        f"waiting: median {median(every):.2f} s, nine in ten below {tenths[-1]:.2f} s, 19 in 20 below"
        f" {twentieths[-1]:.2f} s; processor time {used_s / len(every):.3f} s a page"
    )
    for name, found in times.items():
        most = quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
        print(
            f"  {name:8} {len(found):4} pages, median {median(found):.2f} s, 19 in 20 below {most:.2f} s, longest"
            f" {max(found):.2f} s"
        )
    sys.stdout.flush()


def main():
    """Measure, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("people", 50), ("think", 20), ("seconds", 180), ("requests", 2000), ("walks", 9)):
        parser.add_argument(f"--{name}", type=int, default=default)
    wanted = parser.parse_args()
    with serving() as (address, pid):
        say_alone(asyncio.run(alone(address, pid, wanted.walks)), wanted.people, wanted.think)
        waited = asyncio.run(at_once(address, TOGETHER))
        print(f"{TOGETHER} first pages at once: shortest {min(waited):.2f} s, longest {max(waited):.2f} s", flush=True)
        before = processor_s(pid)
        times, errors = asyncio.run(crowd(address, wanted.people, wanted.think, wanted.seconds))
        say_crowd(times, errors, processor_s(pid) - before, wanted)
        held, wrong = asyncio.run(sequence(address, pid, wanted.requests))
        parts = ", ".join(f"{memory:.0f} after {n}" for n, memory in held.items())
        print(
            f"memory in MB over {wanted.requests} requests, one after the other: {parts}; errors: {wrong}", flush=True
        )


if __name__ == "__main__":
    main()
