"""Put a finished calibration into the registry's files: the most probable values, their widths, what moved them.

    trabecula calibrate --output run1 --ship
    python scripts/write_calibration.py run1

A parameter's value is that of the most probable point; its spread is the width of its posterior draws, for the
reader: the draws themselves are joint and ship apart. A parameter that no finding moves keeps its record.
"""

import argparse
import re
import textwrap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trabecula.evidence import Evidence
from trabecula.lab.calibrate import FreeParameter, Likelihood, free_parameters
from trabecula.lab.calibrate.likelihood import fitted_findings
from trabecula.model import Model

Array = NDArray[np.float64]
FILES = Path(__file__).parents[1] / "src/trabecula/evidence/data/parameters"
FIT = "posterior_2026_11"
MOVED_BY = 3  # findings named for each parameter
UNMOVED = 0.15  # a finding that answers by less than this of its tolerance, for one unit of the scale, moves nothing
WIDTH = "The width of the posterior draws, which ship with the package and are joint; without them it would be"


def movers(column: Array, names: list[str]) -> list[str]:
    """The findings that answer most to one parameter, the strongest first."""
    strongest = np.argsort(-np.abs(column))
    return [names[i] for i in strongest[:MOVED_BY] if abs(column[i]) > UNMOVED]


def rewritten(record: str, free: FreeParameter, move: float, width: float, by: list[str]) -> str:
    """One record with its new value and width; without findings that move it, with its width alone."""
    kind = "logitnormal" if free.share else "lognormal"
    reason = folded(f"{WIDTH} {free.sd:g} on this scale, its prior's.")
    spread = f"  spread: {{kind: {kind}, sd: {width:.2g}}}\n  spread_because: >-\n{reason}\n"
    record = re.sub(r"(?m)^  spread: .*\n", lambda _: spread, _without(record, "spread_because"))
    if not by:
        return record
    for key in ("method", "from", "fit"):
        record = _without(record, key)
    record = re.sub(r"(?m)^  value: .*$", f"  value: {written(free.value(move))}", record)
    sources = "".join(f"    - {name}\n" for name in by)
    block = f"  method: calibrated\n  from:\n{sources}  fit: {FIT}\n"
    record = re.sub(r"(?m)^  because: ", lambda found: block + found.group(0), record, count=1)
    centre = f"{float(free.centre):.3g}" if free.centre.ndim == 0 else "the first curve"
    return with_reason(
        record,
        f"Fitted together with all others to the fitted findings, from a prior around {centre}; those named moved it"
        " most.",
    )


def _without(record: str, key: str) -> str:
    """A record without one of its fields."""
    return re.sub(rf"(?ms)^  {key}:[ \n].*?(?=^  [a-z_]+:|\Z)", "", record)


def written(value: Array) -> str:
    """A number or a curve with three digits."""
    return f"{float(value):.3g}" if value.ndim == 0 else "[" + ", ".join(f"{v:.3g}" for v in value) + "]"


def with_reason(record: str, history: str) -> str:
    """The record with a sentence at the end of its reason, in place of an earlier one of the kind."""
    found = re.search(r"(?ms)^  because: (.*?)(?=^  [a-z_]+:|\Z)", record)
    assert found is not None, record
    text = " ".join(found.group(1).removeprefix(">-").split())
    text = re.sub(r" ?Fitted together with all others.*$", "", text) + " " + history
    return record[: found.start()] + f"  because: >-\n{folded(text)}\n" + record[found.end() :]


def folded(text: str) -> str:
    """Text as YAML folds it."""
    return textwrap.fill(text, 118, initial_indent="    ", subsequent_indent="    ")


def write(folder: Path) -> None:
    """Rewrite every record that the calibration moved."""
    likelihood = Likelihood(Model.default(), free_parameters(), fitted_findings(Evidence.load()))
    mode, draws = np.load(folder / "mode.npz"), np.load(folder / "posterior" / "draws.npy")
    new = {
        f"- id: {each.name}\n": (
            each,
            float(mode["moves"][i]),
            float(draws[:, i].std()),
            movers(mode["jacobian"][:, i], likelihood.names),
        )
        for i, each in enumerate(likelihood.free)
    }
    for path in sorted(FILES.glob("*.yaml")):
        records = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
        heads = [record.partition("\n")[0] + "\n" for record in records]
        changed = [
            rewritten(record, *new[head]) if head in new else record
            for head, record in zip(heads, records, strict=True)
        ]
        path.write_text("".join(changed), encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    write(options.parse_args().folder)
