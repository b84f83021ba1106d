"""The page about a calibration: what the data moved, what they did not, and whether another run agrees.

python scripts/make_calibration_page.py run1 --check run2 --sbc docs/evidence/sbc.json
    --output docs/evidence/calibration.md
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from trabecula.evidence.draws import PosteriorDraws, read_posterior
from trabecula.lab.calibrate.likelihood import FreeParameter, free_parameters
from trabecula.lab.pages.document import page_text
from trabecula.units import Array

_STAYED = 0.9
"""With this share of its prior's width left, a parameter was not moved."""
_CORRELATED, _PAIRS = 0.6, 20
"""Pairs worth printing."""
_TAIL = 0.05
"""The band holds 90 %."""
_BY_LUCK = 0.05
"""One check in twenty."""
_BINS = 10
"""Bars of a rank histogram."""
_ALIKE = 0.3
"""A difference of means, in widths, that two runs of some hundred draws may have."""


@dataclass(frozen=True)
class CalibrationDraws:
    """Draws with their free parameters."""

    draws: PosteriorDraws
    """Draws and manifest as they were shipped."""
    free: Sequence[FreeParameter]
    """The parameters of their columns."""

    @property
    def width(self) -> Array:
        """Posterior over prior width [d]."""
        return self.draws.moves.std(axis=0) / np.array([parameter.sd for parameter in self.free])


def read(folder: Path) -> CalibrationDraws:
    """A run's draws from its folder."""
    draws = read_posterior(folder / "posterior")
    if draws is None:
        raise FileNotFoundError(f"{folder}: expected posterior/manifest.json of a finished `trabecula calibrate`")
    known = {parameter.name: parameter for parameter in free_parameters()}
    return CalibrationDraws(draws, [known[name] for name in draws.columns])


def page(run: CalibrationDraws, check: CalibrationDraws | None, sbc: Mapping[str, Mapping[str, object]]) -> str:
    """The whole page, with a second run and refits to made-up data where there are any."""
    manifest = run.draws.manifest
    stayed = [f"`{f.name}`" for f, left in zip(run.free, run.width, strict=True) if left > _STAYED]
    text = page_text("calibration.md").format(
        run=manifest,
        errors=", ".join(f"{e:.2f}" for e in _numbers(manifest["emulator_errors"])),
        moved=", ".join(f"{a:.0%}" for a in _numbers(manifest["moved"])),
        parameters="\n".join(_parameter_rows(run)),
        stayed=len(stayed),
        free=len(run.free),
        share=_STAYED,
        names=", ".join(stayed) or "none",
        correlated=_CORRELATED,
        pairs=_pairs(run),
    )
    return "".join([text, *([] if check is None else [_agreement(run, check)]), *map(_places, sbc, sbc.values())])


def _numbers(value: object) -> list[float]:
    return [float(number) for number in value] if isinstance(value, list) else []


def _parameter_rows(run: CalibrationDraws) -> Iterator[str]:
    """Prior and posterior of every free parameter, and how much of its width is left."""
    for i, (parameter, left) in enumerate(zip(run.free, run.width, strict=True)):
        moves = np.quantile(run.draws.moves[:, i], (_TAIL, 0.5, 1.0 - _TAIL))
        low, median, high = (_shown(parameter.value(float(move))) for move in moves)
        yield f"| `{parameter.name}` | {_shown(parameter.centre)} | {median} ({low} to {high}) | {left:.0%} |"


def _shown(value: Array) -> str:
    """Three digits; a curve by its middle knot."""
    return f"{float(value if value.ndim == 0 else value[len(value) // 2]):.3g}"


def _pairs(run: CalibrationDraws) -> str:
    """Parameters that go together in the draws: the data know a combination, not the two."""
    together = np.corrcoef(run.draws.moves.T).reshape(len(run.free), len(run.free)).tolist()
    pairs = sorted(combinations(range(len(run.free)), 2), key=lambda pair: -abs(together[pair[0]][pair[1]]))
    found = [(i, j) for i, j in pairs[:_PAIRS] if abs(together[i][j]) > _CORRELATED]
    lines = [f"| `{run.free[i].name}` | `{run.free[j].name}` | {together[i][j]:+.2f} |" for i, j in found]
    return "\n".join(["| | | correlation |", "|---|---|---:|", *lines]) if lines else "No pair.\n"


def _agreement(run: CalibrationDraws, check: CalibrationDraws) -> str:
    """How far a run with another seed and a wider start lands from this one."""
    sd = run.draws.moves.std(axis=0)
    apart = np.abs(run.draws.moves.mean(axis=0) - check.draws.moves.mean(axis=0)) / sd
    wider = check.draws.moves.std(axis=0) / sd
    worst = [f"`{run.free[i].name}` ({apart[i]:.2f})" for i in np.argsort(-apart)[:5]]
    return page_text("calibration_check.md").format(
        draws=len(check.draws.moves),
        apart=np.median(apart),
        differing=np.mean(apart > _ALIKE),
        alike=_ALIKE,
        largest=", ".join(worst),
        wider=np.median(wider),
        narrowest=wider.min(),
        widest=wider.max(),
    )


def _places(name: str, block: Mapping[str, object]) -> str:
    """Simulation-based calibration: where true values lie among the draws of refits to made-up data."""
    places, names = block["places"], block["parameters"]
    assert isinstance(places, dict)
    assert isinstance(names, list)
    kept = np.array([place for place in places.values() if place is not None])
    n, k = kept.shape
    draws = int(str(block["draws"]))
    counts = np.histogram(kept, bins=_BINS, range=(-0.5, draws + 0.5))[0]
    expected = kept.size / _BINS
    # how uneven each parameter is by itself: the Kolmogorov–Smirnov distance from even places
    even = (np.arange(n)[:, None] + 0.5) / n
    apart = np.abs(np.sort((kept + 0.5) / (draws + 1.0), axis=0) - even).max(axis=0) + 0.5 / n
    return page_text("calibration_refits.md").format(
        name=name,
        refits=n,
        findings=block["findings"],
        without=len(places) - n,
        parameters=k,
        tenths=", ".join(map(str, counts)),
        expected=expected,
        chi_square=float(np.sum((counts - expected) ** 2 / expected)),
        freedom=_BINS - 1,
        furthest=names[int(np.argmax(apart))],
        distance=apart.max(),
        limit=np.sqrt(-0.5 * np.log(0.5 * _BY_LUCK / k) / n),
    )


def main() -> None:
    """Write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path)
    options.add_argument("--check", type=Path)
    options.add_argument("--sbc", type=Path)
    options.add_argument("--output", type=Path, default=Path("docs/evidence/calibration.md"))
    given = options.parse_args()
    sbc = json.loads(given.sbc.read_text(encoding="utf-8")) if given.sbc else {}
    text = page(read(given.run), read(given.check) if given.check else None, sbc)
    given.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
