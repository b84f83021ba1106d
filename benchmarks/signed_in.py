"""Many users who have signed in: errors and waiting times of the web app, on this machine.

.venv/bin/python benchmarks/signed_in.py [--people 50] [--think 20] [--seconds 120] [--short]

It starts the OpenID provider of the tests and `trabecula serve` with it; each user signs in, then walks as in
`web_load.py`. `--short`: ten users who think for 5 s, for 40 s.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx

from web_load import processor_s, say_crowd, walks

PROVIDER = Path(__file__).parents[1] / "tests" / "web" / "provider.py"
SECRET = "a secret of the client"


def free_port():
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@contextmanager
def serving(folder):
    """The addresses of the app and of the provider, and the process of the app."""
    issuer, address = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    (folder / "secret").write_text(SECRET)
    (folder / "sign-in.json").write_text(json.dumps({
        "public_url": address, "issuer": issuer, "client_id": "trabecula",
        "client_secret_file": str(folder / "secret"), "roles": {"bone-clinic": "clinician"},
        "audit": str(folder / "audit.jsonl"),
    }))  # fmt: skip
    command = [sys.executable, "-m", "trabecula.cli", "serve", "--port", address.rpartition(":")[2]]
    environment = os.environ | {"TRABECULA_SIGN_IN": str(folder / "sign-in.json")}
    with (
        subprocess.Popen([sys.executable, str(PROVIDER), issuer.rpartition(":")[2]]) as provider,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process,
    ):
        for line in process.stderr:
            if re.search(r"http://\S+", line):
                break
        yield address, issuer, process.pid
        process.terminate()
        provider.terminate()


@asynccontextmanager
async def signed_in(address, issuer, n, turn):
    """The browser of one user, who has signed in."""
    limits = httpx.Limits(max_connections=None)
    headers = {"sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(
        base_url=address, timeout=300, limits=limits, follow_redirects=True, headers=headers
    ) as client:
        async with turn:  # the provider signs in whom it was told last
            await client.post(f"{issuer}/next", json={"claims": {"sub": f"user-{n}"}})
            page = await client.get("/form")
            page.raise_for_status()
            assert any("session" in name for name in client.cookies), "not signed in"
        yield client


async def crowd(address, issuer, people, think_s, seconds):
    """So many users for so many seconds after everybody has signed in."""
    times, errors, turn, ready = {}, [], asyncio.Lock(), asyncio.Barrier(people)

    async def user(n):
        rng = random.Random(n)
        async with signed_in(address, issuer, n, turn) as client:
            await ready.wait()
            await asyncio.sleep(rng.uniform(0, think_s))
            await walks(client, time.monotonic() + seconds, think_s, times, errors, rng)

    await asyncio.gather(*map(user, range(people)))
    return times, errors


def main():
    """Measure, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name, default in (("people", 50), ("think", 20), ("seconds", 120)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--short", action="store_true")
    wanted = parser.parse_args()
    if wanted.short:
        wanted.people, wanted.think, wanted.seconds = 10, 5, 40
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (address, issuer, pid):
        before = processor_s(pid)
        times, errors = asyncio.run(crowd(address, issuer, wanted.people, wanted.think, wanted.seconds))
        say_crowd(times, errors, processor_s(pid) - before, wanted)
        lines = (Path(folder) / "audit.jsonl").read_text().splitlines()
        print(f"audit log: {len(lines)} lines, {sum('signed_in' in line for line in lines)} sign-ins")


if __name__ == "__main__":
    main()
