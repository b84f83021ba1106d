"""A run: scenarios x draws x seeds x chunks of people, each a cell; then one long table and its manifest.

    found = run(study, Path("out"), Ensemble(draws=20, seeds=1))

The table is the same for any split of the work and after any number of kills: people are numbered, sums are of whole
numbers, and every scenario begins from the same past.
"""

import json
import multiprocessing
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trabecula import __version__
from trabecula.evidence.registry import DRAWS
from trabecula.model import Model
from trabecula.simulation.cells import CHUNK, LivesPiece, PopulationRefused, keep, key, place, unwritable, write_table
from trabecula.simulation.counting import QUANTUM, Row, counted
from trabecula.simulation.crowd import crowds
from trabecula.simulation.draw import OneDraw
from trabecula.simulation.life import CrowdLives
from trabecula.simulation.scenario import PopulationStudy
from trabecula.skeleton.cores import begin_worker, cores
from trabecula.words.message import Message, verbatim

if TYPE_CHECKING:  # an extra
    import pyarrow as pa

RESULTS, MANIFEST, STUDY = "results.parquet", "manifest.json", "study.json"
_ROWS_A_YEAR, _BYTES_A_ROW, _BYTES_A_CELL = 2 * 8 * 36, 3, 5_000
"""What a cell holds, about: strata times measures, and bytes of the file that are there without any row."""
_SPARE = 0.9
"""The share of a disk that a run may fill."""
_SAMPLE_SEED = 1
_PATIENCE_S = 10
"""How long a scheduler may take to answer [s]."""
_COLUMNS = ("scenario", "draw", "seed", "year", "stratum", "measure")
"""Of the results, beside the value."""


@dataclass(frozen=True)
class Ensemble:
    """How often lives are lived: under how many draws of the parameters, with how many seeds of chance."""

    draws: int = 1
    """1: the values of the parameters themselves; more: so many of the joint draws."""
    seeds: int = 1


@dataclass(frozen=True)
class RunProgress:
    """How far a run has come."""

    done: int
    """Pieces, those that were there before included."""
    size: int
    skipped: int
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """The time left at this pace; None before anything was worked out."""
        fresh = self.done - self.skipped
        return None if fresh <= 0 else (self.size - self.done) * self.seconds / fresh


Watching = Callable[[RunProgress], None]


def pieces(study: PopulationStudy, ensemble: Ensemble, chunk: int = CHUNK) -> Iterator[LivesPiece]:
    """The work of a run, in order."""
    numbers = [0] if ensemble.draws == 1 else range(1, ensemble.draws + 1)
    for draw in numbers:
        for seed in range(1, ensemble.seeds + 1):
            for first in range(0, study.people.number, chunk):
                yield LivesPiece(draw, seed, first, min(first + chunk, study.people.number))


def size_bytes(study: PopulationStudy, ensemble: Ensemble, chunk: int = CHUNK) -> int:
    """How much a run writes, about [bytes]."""
    chunks = -(-study.people.number // chunk)
    cells = chunks * ensemble.draws * ensemble.seeds * len(study.cares)
    return cells * (_BYTES_A_CELL + _BYTES_A_ROW * _ROWS_A_YEAR * study.years)


def run(
    study: PopulationStudy, folder: Path, ensemble: Ensemble, *, resume: bool = False, workers: int = 0,
    chunk: int = CHUNK, watch: Watching = lambda _: None, dask: str = "",
) -> Mapping[str, Any]:  # fmt: skip
    """Live all lives and write `results.parquet` and `manifest.json`, which is returned.

    workers: processes; as many as there are cores unless given. dask: the address of a Dask scheduler whose workers do
    the work instead; they see the folder under the same name. Raises PopulationRefused where the folder is in use,
    the disk too small, or a worker lost: what is finished stays, and a run with `resume` goes on.
    """
    _prepare(study, folder, ensemble, resume=resume, chunk=chunk)
    model = Model.default()
    work = list(pieces(study, ensemble, chunk))
    missing = [piece for piece in work if _missing(study, folder, piece, model.fingerprint)]
    begin, done = time.monotonic(), len(work) - len(missing)
    skipped = done
    watch(RunProgress(done, len(work), skipped, 0.0))
    by = partial(_by_dask, scheduler=dask) if dask else partial(_worked, workers=workers or cores())
    for n in by(study, folder, missing):
        done += n
        watch(RunProgress(done, len(work), skipped, time.monotonic() - begin))
    return _finished(study, folder, ensemble, work, model)


def _prepare(study: PopulationStudy, folder: Path, ensemble: Ensemble, *, resume: bool, chunk: int) -> None:
    """Take the folder; refuse one that is in use, and a disk that is too small."""
    if not resume and folder.exists() and any(folder.iterdir()):
        raise PopulationRefused(Message("population.folder_in_use", {"folder": verbatim(str(folder))}))
    try:
        (folder / "cells").mkdir(parents=True, exist_ok=True)
        needs, free = size_bytes(study, ensemble, chunk), shutil.disk_usage(folder).free
        if needs > _SPARE * free:
            raise PopulationRefused(Message("population.disk", {"needs": needs / 1e9, "free": free / 1e9}))
        whole(folder / STUDY, study.model_dump_json(indent=2, by_alias=True).encode())
    except OSError as error:
        raise PopulationRefused(unwritable(folder, error)) from None


def whole(target: Path, content: bytes) -> None:
    """Write a file in whole or not at all."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(target)


def _missing(study: PopulationStudy, folder: Path, piece: LivesPiece, model: bytes) -> dict[str, str]:
    """The scenarios whose cell is not there: their names, and the names of their cells."""
    names = {name: key(study, care, piece, model) for name, care in study.cares.items()}
    return {name: cell for name, cell in names.items() if not place(folder, cell).is_file()}


def _worked(study: PopulationStudy, folder: Path, missing: list[LivesPiece], workers: int) -> Iterator[int]:
    """Work through pieces; how many were finished, time and again."""
    if workers == 1 or len(missing) <= 1:
        for piece in missing:
            work_out(study, folder, piece)
            yield 1
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when a worker imports numpy
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(missing)), context, begin_worker) as pool:
        left, waiting = iter(missing), set[Future[None]]()
        try:
            for _ in range(2 * workers):
                waiting |= {pool.submit(work_out, study, folder, piece) for piece in _next(left)}
            while waiting:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    future.result()
                    waiting |= {pool.submit(work_out, study, folder, piece) for piece in _next(left)}
                yield len(ready)
        except BrokenProcessPool:
            raise PopulationRefused(Message("population.worker_lost")) from None


def _by_dask(study: PopulationStudy, folder: Path, missing: list[LivesPiece], scheduler: str) -> Iterator[int]:
    """The same by the workers of a Dask cluster, which write their cells into the folder themselves."""
    from distributed import Client, as_completed  # pyright: ignore[reportMissingImports] -- an extra

    try:
        with Client(scheduler, timeout=_PATIENCE_S) as client:
            asked = client.map(partial(work_out, study, folder.resolve()), missing, pure=False)
            for future in as_completed(asked):
                future.result()
                yield 1
    except (OSError, ValueError) as error:  # nobody there, or no address
        raise PopulationRefused(Message("population.no_scheduler", {"address": verbatim(scheduler)})) from error


def _next(left: Iterator[LivesPiece]) -> list[LivesPiece]:
    """The next piece, if there is one."""
    return [piece for piece in [next(left, None)] if piece is not None]


@lru_cache(maxsize=2)
def draw_of(number: int) -> OneDraw:
    """A draw by its number; 0: the values themselves."""
    sample = Model.default().draws(DRAWS, _SAMPLE_SEED)
    return OneDraw(sample.central(), 0) if number == 0 else OneDraw(sample, (number - 1) % DRAWS)


def work_out(study: PopulationStudy, folder: Path, piece: LivesPiece) -> None:
    """Live the lives of a piece in each scenario that is not there yet, from one past."""
    asked = _missing(study, folder, piece, Model.default().fingerprint)
    if not asked:
        return
    draw, rows = draw_of(piece.draw), {name: list[Row]() for name in asked}
    for crowd in crowds(study.people, np.arange(piece.first, piece.last), piece.seed, draw):
        lives = CrowdLives(crowd, study, piece.seed, draw)
        for name in asked:
            for year in lives.years(study.cares[name]):
                rows[name] += counted(year, crowd.sex)
    for name, cell in asked.items():
        keep(folder, cell, rows[name])


# One table


def _finished(
    study: PopulationStudy, folder: Path, ensemble: Ensemble, work: list[LivesPiece], model: Model
) -> Mapping[str, Any]:
    """Join the cells, and write what was run."""
    table = _joined(study, folder, work, model.fingerprint)
    write_table(folder / RESULTS, table)
    content = sha256((folder / RESULTS).read_bytes()).hexdigest()
    found = {
        "made_by": {"trabecula": __version__, "numpy": np.__version__},
        "model": model.fingerprint.hex(),
        "ensemble": asdict(ensemble),
        "study": study.model_dump(mode="json", by_alias=True),
        "cells": len(work) * len(study.cares),
        "results": {"file": RESULTS, "rows": table.num_rows, "sha256": content},
    }
    whole(folder / MANIFEST, json.dumps(found, indent=2, ensure_ascii=False).encode())
    return found


def _joined(study: PopulationStudy, folder: Path, work: list[LivesPiece], model: bytes) -> "pa.Table":
    """The sums over all chunks as one long table, in order."""
    import pyarrow as pa  # an extra
    import pyarrow.parquet as pq

    total: dict[tuple[str, int, int, int, str, str], int] = {}
    for piece in work:
        for name, care in study.cares.items():
            cell = pq.read_table(place(folder, key(study, care, piece, model)))
            columns = (cell.column(column).to_pylist() for column in ("year", "stratum", "measure", "quanta"))
            for year, stratum, measure, quanta in zip(*columns, strict=True):
                where = (name, piece.draw, piece.seed, year, stratum, measure)
                total[where] = total.get(where, 0) + quanta
    order = {name: n for n, name in enumerate(study.cares)}
    rows = sorted(total.items(), key=lambda item: (order[item[0][0]], *item[0][1:]))
    columns = list(zip(*(where for where, _ in rows), strict=True)) or [()] * len(_COLUMNS)
    kinds = (pa.string(), pa.int32(), pa.int32(), pa.int16(), pa.string(), pa.string())
    found = {name: pa.array(column, kind) for name, column, kind in zip(_COLUMNS, columns, kinds, strict=True)}
    return pa.table({**found, "value": pa.array([quanta * QUANTUM for _, quanta in rows], pa.float64())})
