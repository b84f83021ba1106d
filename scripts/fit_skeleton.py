"""Fit the skeleton's parameters to the fitted findings of the studies: one honest least-squares point, no posterior.

    python scripts/fit_skeleton.py --people 4 --steps 12 --write

Gauss-Newton with damping on the distances z of the tolerance rule, with a ridge that holds each parameter to the
value it starts from (on the logarithmic or logit scale). Every parameter is moved a little in a draw of its own, so
that one pass through the studies gives the value and the whole Jacobian. Predicted findings are never looked at.
`--write` puts the new values into the registry's files, with the findings that moved each most; a parameter that no
finding moves stays as it was.
"""

import argparse
import re
import textwrap
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Draws, Evidence
from trabecula.studies.record import Study, Target, studies
from trabecula.studies.reproduce import published_value
from trabecula.studies.statistics import measured
from trabecula.studies.tolerance import Tolerance, tolerance
from trabecula.studies.virtual import run

Array = NDArray[np.float64]
FILES = Path(__file__).parents[1] / "src/trabecula/evidence/data/parameters"
RIDGE_SD = (
    0.4  # how far a parameter may move on its scale before the ridge costs as much as one finding at z = 1
)
NUDGE = 0.02  # step of the finite differences on the same scale
FIT = "trials_2026_11"
MOVED_BY = 3  # findings named for each parameter
UNMOVED = 0.15  # a finding that answers by less than this of its tolerance, for one unit of the scale, moves nothing
PREFIXES = ("skeleton.", "nutrition.calcium.drive")
NOT_FITTED = ("skeleton.trait.", "skeleton.marker.", "skeleton.unfilled_space.recruitment")


@dataclass(frozen=True)
class Free:
    """A parameter that the fit may move, on a scale without bounds."""

    name: str
    logit: bool
    start: Array

    def value(self, moved: float) -> Array:
        """The value (or the curve) after moving by so much on the scale."""
        if not self.logit:
            return self.start * np.exp(moved)
        inside = np.clip(self.start, 1e-9, 1.0 - 1e-9)
        odds = inside / (1.0 - inside) * np.exp(moved)
        return np.where((self.start > 0.0) & (self.start < 1.0), odds / (1.0 + odds), self.start)


class Moved(Draws):
    """Draws that are not random: central values, but for the free parameters one given value a draw."""

    __slots__ = ()

    def __init__(self, evidence: Evidence, free: list[Free], moves: Array) -> None:
        super().__init__(evidence, len(moves), 1, central=True)
        for column, each in enumerate(free):
            values = np.stack([each.value(float(row[column])) for row in moves])
            self._values[each.name] = np.ascontiguousarray(values)


@dataclass(frozen=True)
class Goal:
    """A fitted finding with its tolerance."""

    study: Study
    target: Target
    published: float
    allowed: Tolerance


def free_parameters(evidence: Evidence) -> list[Free]:
    """Everything of the skeleton that has a spread."""
    found = []
    for name in evidence:
        parameter = evidence[name]
        if not name.startswith(PREFIXES) or name.startswith(NOT_FITTED) or parameter.spread.kind == "none":
            continue
        start = np.asarray(parameter.value, dtype=np.float64)
        found.append(Free(name, parameter.spread.kind in ("logitnormal", "beta"), start))
    return found


def goals(evidence: Evidence) -> dict[str, list[Goal]]:
    """The fitted findings by study."""
    found: dict[str, list[Goal]] = {}
    for study in studies().values():
        for target in study.targets:
            if target.role != "fitted" or target.direction is not None:
                continue
            finding = evidence.finding(target.finding)
            value = published_value(target, finding)
            assert value is not None
            found.setdefault(study.id, []).append(
                Goal(study, target, value, tolerance(target, finding, study, evidence))
            )
    return found


def distances(draws: Draws, wanted: dict[str, list[Goal]], people: int) -> Array:
    """z of every fitted finding under every draw [goals, n]."""
    rows = []
    for found in wanted.values():
        arms = run(found[0].study, draws, people)
        for goal in found:
            model = measured(goal.target, arms, draws.evidence)
            rows.append((model - goal.published) / np.hypot(goal.allowed.se, goal.allowed.tau))
    return np.array(rows)


def weights(wanted: dict[str, list[Goal]]) -> Array:
    """Each study counts as at most as many findings as the root of their number allows."""
    return np.concatenate([np.full(len(found), len(found) ** -0.25) for found in wanted.values()])


def step(z: Array, jacobian: Array, at: Array, damping: float) -> Array:
    """One damped Gauss-Newton step with the ridge."""
    A = jacobian.T @ jacobian + np.eye(len(at)) * (1.0 / RIDGE_SD**2 + damping)
    return np.linalg.solve(A, -(jacobian.T @ z + at / RIDGE_SD**2)).astype(np.float64)


def fit(evidence: Evidence, people: int, steps: int) -> tuple[list[Free], Array, list[list[str]]]:
    """The free parameters, how far each moved, and the findings that moved it most."""
    free, wanted = free_parameters(evidence), goals(evidence)
    w, at, damping = weights(wanted), np.zeros(len(free)), 5.0
    print(f"{len(free)} free parameters, {len(w)} fitted findings of {len(wanted)} studies", flush=True)
    best = np.inf
    moves = np.vstack([at, at + NUDGE * np.eye(len(free))])
    z = distances(Moved(evidence, free, moves), wanted, people)
    for turn in range(steps):
        begin = time.perf_counter()
        r, J = w * z[:, 0], w[:, None] * (z[:, 1:] - z[:, :1]) / NUDGE
        best = r @ r + at @ at / RIDGE_SD**2
        candidate = at + np.clip(step(r, J, at, damping), -0.5, 0.5)
        z_new = distances(
            Moved(evidence, free, np.vstack([candidate, candidate + NUDGE * np.eye(len(free))])),
            wanted,
            people,
        )
        cost = (w * z_new[:, 0]) @ (w * z_new[:, 0]) + candidate @ candidate / RIDGE_SD**2
        if np.isfinite(cost) and cost < best:
            at, z, damping = candidate, z_new, damping / 3.0
        else:
            damping *= 5.0
        inside = np.mean(np.abs(z[:, 0]) <= 1.96)
        print(
            f"{turn:2d}  cost {best:8.1f} -> {cost:8.1f}  within {inside:.0%}  {time.perf_counter() - begin:.0f} s",
            flush=True,
        )
    names = [goal.target.finding for found in wanted.values() for goal in found]
    J = w[:, None] * (z[:, 1:] - z[:, :1]) / NUDGE
    return free, at, [movers(J[:, column], names) for column in range(len(free))]


def movers(column: Array, names: list[str]) -> list[str]:
    """The findings that answer most to one parameter, the strongest first."""
    strongest = np.argsort(-np.abs(column))
    return [names[i] for i in strongest[:MOVED_BY] if abs(column[i]) > UNMOVED]


def write(free: list[Free], at: Array, moved_by: list[list[str]]) -> None:
    """Put the new values into the files: the value, the method, the findings and where it came from."""
    for path in FILES.glob("*.yaml"):
        records = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
        known = {
            f"- id: {each.name}\n": (each, moved, by)
            for each, moved, by in zip(free, at, moved_by, strict=True)
        }
        changed = [
            rewritten(record, *known[head]) if (head := record.partition("\n")[0] + "\n") in known else record
            for record in records
        ]
        path.write_text("".join(changed), encoding="utf-8")


def rewritten(record: str, free: Free, moved: float, by: list[str]) -> str:
    """One record with its new value; without findings that move it, as it was."""
    if not by:
        return record
    value = free.value(moved)
    written = f"{float(value):.3g}" if value.ndim == 0 else "[" + ", ".join(f"{v:.3g}" for v in value) + "]"
    before = f"{float(free.start):.3g}" if free.start.ndim == 0 else "the curve before"
    record = re.sub(r"(?m)^  value: .*$", f"  value: {written}", record)
    record = re.sub(r"(?ms)^  (?:method|from|fit):[ \n].*?(?=^  [a-z_]+:|\Z)", "", record)
    sources = "".join(f"    - {name}\n" for name in by)
    block = f"  method: calibrated\n  from:\n{sources}  fit: {FIT}\n"
    record = re.sub(r"(?m)^  because: ", lambda found: block + found.group(0), record, count=1)
    history = (
        f"Fitted together with all others to the fitted findings, starting from {before}; "
        "those named moved it most."
    )
    return with_reason(record, history)


def with_reason(record: str, history: str) -> str:
    """The record with a sentence at the end of its reason, in place of an earlier one of the kind."""
    found = re.search(r"(?ms)^  because: (.*?)(?=^  [a-z_]+:|\Z)", record)
    assert found is not None, record
    text = " ".join(found.group(1).removeprefix(">-").split())
    text = re.sub(r" ?Fitted together with all others.*$", "", text) + " " + history
    folded = textwrap.fill(text, 118, initial_indent="    ", subsequent_indent="    ")
    return record[: found.start()] + f"  because: >-\n{folded}\n" + record[found.end() :]


def main() -> None:
    """Fit, print, and write if asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=4)
    options.add_argument("--steps", type=int, default=12)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    free, at, moved_by = fit(Evidence.load(), given.people, given.steps)
    for each, moved in sorted(zip(free, at, strict=True), key=lambda pair: -abs(pair[1])):
        then, now = (np.array2string(each.value(m), precision=4) for m in (0.0, float(moved)))
        print(f"{each.name:55s} {moved:+.2f}  {then} -> {now}")
    if given.write:
        write(free, at, moved_by)


if __name__ == "__main__":
    main()
