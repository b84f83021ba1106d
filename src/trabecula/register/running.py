"""A run over a register: everybody scored in chunks by a few workers, then the highest ranked in full, then one file.

    found = run(register, Scoring(on=date(2026, 11, 22)), Path("scores.parquet"))

The file is the same to the last byte for any number of workers, and for a run that was killed and went on.
"""

import gc
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from trabecula import __version__
from trabecula.model import Model, ModelDraws
from trabecula.register.chunks import Chunks, RunRefused, hash_of, whole, write_tables
from trabecula.register.columns import RANKED_BY, REFUSED, SCHEMA_VERSION
from trabecula.register.entries import Entry, Register
from trabecula.register.rows import Scoring, table
from trabecula.register.sizes import FINE_CHUNK, MOST_HIGHEST, ONE_OF, chunk_of
from trabecula.skeleton.cores import begin_worker, cores
from trabecula.words.message import Message, unpack

if TYPE_CHECKING:  # an extra
    import pyarrow as pa

_AHEAD = 2
"""Chunks that are read for each worker before it is free."""
_NEW_OBJECTS = 50_000
"""Made before a worker looks for garbage."""
_ALL, _HIGHEST = "all", "highest"


@dataclass(frozen=True)
class HowFar:
    """How far a run has come."""

    stage: str
    """all: everybody; highest: the highest ranked in full."""
    done: int
    """People."""
    size: int | None
    """Of so many, where that is known."""
    seconds: float
    """Since the stage began."""
    skipped: int
    """People of chunks that were finished before."""

    @property
    def seconds_left(self) -> float | None:
        """The time left at this pace; None before anything was worked out, or where the size is not known."""
        fresh = self.done - self.skipped
        return None if self.size is None or fresh <= 0 else (self.size - self.done) * self.seconds / fresh


Watching = Callable[[HowFar], None]


def run(
    register: Register, scoring: Scoring, output: Path, workers: int = 0, watch: Watching = lambda _: None
) -> dict[str, object]:
    """Score everybody into a Parquet file, with its manifest beside it (`scores.json`), which is returned.

    workers: processes; as many as there are cores unless given. Raises RunRefused where the output cannot be written,
    where its folder of chunks belongs to another run, or when a worker is lost: what is finished stays for the next.
    """
    chunks = Chunks(output.with_name(f"{output.name}.parts"))
    chunks.begin(_asked(register, scoring))
    with _Crew(workers or cores(), scoring, chunks) as crew:
        everybody = _stage(crew, _ALL, _batches(_each_once(register), chunk_of(register.size)), register.size, watch)
        chosen = _highest(chunks, everybody, scoring.highest)
        _stage(crew, _HIGHEST, _batches(_those(register, chosen), FINE_CHUNK), len(chosen), watch)
    write_tables(output, _joined(chunks, everybody, chosen))
    found = _manifest(register, scoring, output, chunks, everybody)
    whole(output.with_suffix(".json"), json.dumps(found, indent=2, ensure_ascii=False).encode())
    chunks.remove()
    return found


def _asked(register: Register, scoring: Scoring) -> str:
    """A hash of all that decides on the numbers of a run."""
    asked = {name: str(value) for name, value in asdict(scoring).items()}
    sizes = chunk_of(register.size), FINE_CHUNK
    parts = [SCHEMA_VERSION, __version__, Model.default().fingerprint.hex(), register.fingerprint, *sizes]
    return sha256(json.dumps([parts, asked]).encode()).hexdigest()


def _each_once(register: Register) -> Iterator[Entry]:
    """Everybody; whoever comes under an id that was there before is refused: nobody knows who of the two is meant."""
    seen: set[str] = set()
    for entry in register:
        twice = entry.id in seen
        seen.add(entry.id)
        yield Entry(entry.id, None, Message("register.id_twice"), entry.notes) if twice else entry


def _batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    """Entries in lists of a size; the last one is shorter."""
    left = iter(entries)
    while batch := list(islice(left, size)):
        yield batch


def _stage(crew: "_Crew", kind: str, batches: Iterable[list[Entry]], size: int | None, watch: Watching) -> int:
    """Work through all batches, skipping those that are finished; how many there are."""
    begin, done, skipped, number = time.monotonic(), 0, 0, 0
    waiting: dict[Future[None], int] = {}

    def tell() -> None:
        watch(HowFar(kind, done, size, time.monotonic() - begin, skipped))

    for number, batch in enumerate(batches, 1):
        if crew.chunks.has(kind, number):
            done, skipped = done + len(batch), skipped + len(batch)
            tell()
            continue
        waiting[crew.give(kind, number, batch)] = len(batch)
        while len(waiting) >= crew.most:
            done += _finished(waiting)
            tell()
    while waiting:
        done += _finished(waiting)
        tell()
    return number


def _finished(waiting: dict[Future[None], int]) -> int:
    """Wait for the next batch; the people in those that are finished."""
    try:
        ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in ready:
            future.result()
    except BrokenProcessPool:
        raise RunRefused(Message("register.worker_lost")) from None
    return sum(waiting.pop(future) for future in ready)


class _Crew:
    """The workers: processes of their own, or this one."""

    def __init__(self, workers: int, scoring: Scoring, chunks: Chunks) -> None:
        self.scoring, self.chunks, self.most = scoring, chunks, _AHEAD * workers
        self._pool: ProcessPoolExecutor | None = None
        if workers > 1:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when a worker imports numpy
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(workers, context, _start_work)
        else:
            self.most = 1

    def __enter__(self) -> "_Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def give(self, kind: str, number: int, batch: list[Entry]) -> "Future[None]":
        """Give a batch to whoever is free."""
        work = (self.chunks, kind, number, batch, self.scoring)
        if self._pool is not None:
            return self._pool.submit(_work, *work)
        found: Future[None] = Future()
        _work(*work)
        found.set_result(None)
        return found


def _start_work() -> None:
    """A worker looks for garbage seldom, and has one core."""
    gc.set_threshold(_NEW_OBJECTS)
    begin_worker()


def _work(chunks: Chunks, kind: str, number: int, batch: Sequence[Entry], scoring: Scoring) -> None:
    """Score a batch and keep it."""
    fine = kind == _HIGHEST
    asked = replace(scoring, draws=scoring.fine_draws) if fine else scoring
    sample = _sample(asked.draws, asked.seed)
    chunks.keep(kind, number, table(batch, asked, sample.model, in_full=fine, sample=sample))


@cache
def _sample(draws: int, seed: int) -> ModelDraws:
    """The draws of everybody, and what follows from them: the same in all chunks of a worker."""
    return Model.default().draws(draws, seed)


# --- The highest ranked, and one file --------------------------------------------------------------------------


def _highest(chunks: Chunks, n: int, asked: int | None) -> list[int]:
    """The places of the highest ranked among everybody: what is urgent first, then by risk; in order of place.

    asked: how many; a tenth of all, and at most `MOST_HIGHEST`, unless given.
    """
    import numpy as np

    found = [chunks.read(_ALL, number).select(["urgent", RANKED_BY]) for number in range(1, n + 1)]
    urgent = [value is not None for part in found for value in part.column("urgent").to_pylist()]
    risk = [value for part in found for value in part.column(RANKED_BY).to_pylist()]
    places = [place for place, value in enumerate(risk) if value is not None]
    most = min(MOST_HIGHEST, -(-len(places) // ONE_OF)) if asked is None else asked
    order = sorted(places, key=lambda place: (not urgent[place], -risk[place], place))
    return np.sort(np.array(order[:most], dtype=int)).tolist()


def _those(register: Register, chosen: Sequence[int]) -> Iterator[Entry]:
    """The entries at some places, in order."""
    wanted = set(chosen)
    for place, entry in enumerate(_each_once(register)):
        if place in wanted:
            yield entry
            wanted.remove(place)
            if not wanted:
                return


def _joined(chunks: Chunks, n: int, chosen: Sequence[int]) -> Iterator["pa.Table"]:
    """All chunks in order, the rows of the highest ranked in the place of their first ones."""
    import pyarrow as pa  # an extra

    fine = iter(chosen)
    rows = (chunks.read(_HIGHEST, 1 + k // FINE_CHUNK).slice(k % FINE_CHUNK, 1) for k in range(len(chosen)))
    at, before = next(fine, None), 0
    for number in range(1, n + 1):
        part, pieces, begin = chunks.read(_ALL, number), [], 0
        while at is not None and at < before + len(part):
            pieces += [part.slice(begin, at - before - begin), next(rows)]
            begin, at = at - before + 1, next(fine, None)
        before += len(part)
        yield pa.concat_tables([*pieces, part.slice(begin)]).combine_chunks()


def _manifest(register: Register, scoring: Scoring, output: Path, chunks: Chunks, n: int) -> dict[str, object]:
    """What was run, with what, on how many: no id, no name, no path of anybody."""
    import numpy as np
    import pyarrow as pa  # an extra

    status: list[str] = []
    refusals: dict[str, int] = {}
    for number in range(1, n + 1):
        part = chunks.read(_ALL, number)
        status += part.column("status").to_pylist()
        for packed in part.column("refusal_message").to_pylist():
            if packed is not None:
                kind = unpack(packed).id
                refusals[kind] = refusals.get(kind, 0) + 1
    refused = status.count(REFUSED)
    return {
        "made_by": {"trabecula": __version__, "numpy": np.__version__, "pyarrow": pa.__version__},
        "schema_version": SCHEMA_VERSION,
        "model": Model.default().fingerprint.hex(),
        "asked": {name: str(v) if name == "on" else v for name, v in asdict(scoring).items()},
        "source": {"kind": register.kind, "fingerprint": register.fingerprint, **register.facts},
        "people": {"in": len(status), "scored": len(status) - refused, "refused": refused},
        "refused_because": dict(sorted(refusals.items())),
        "chunks": [hash_of(chunks.path(_ALL, number)) for number in range(1, n + 1)],
        "scores": {"file": output.name, "sha256": hash_of(output)},
    }
