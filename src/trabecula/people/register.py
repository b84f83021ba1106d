"""A virtual register: plausible people with MS, or of the general population, as a register has them.

    register = VirtualRegister(date(2026, 1, 1), seed=1, evidence=evidence)
    for person in register.people(range(500)): ...

Person 17 is the same whoever else is asked for: everything drawn is keyed by seed, purpose, step and number. The
records have the gaps of a register: much is not asked, some dates are known to the year. Shares and rates are
parameters `people.*`. What happened to a person (`disease`, `history`) is drawn apart from what was noted of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import numpy as np

from trabecula.evidence import Evidence
from trabecula.people.disease import Disease, diseases
from trabecula.people.history import histories
from trabecula.people.life import Life, lives
from trabecula.people.luck import Luck
from trabecula.person import Person
from trabecula.vocabulary import COUNTRIES

_BLOCK = 256  # people whose numbers are drawn together; it changes none of them


@dataclass(frozen=True)
class VirtualRegister:
    """A register that is drawn, person by person."""

    on: date
    """The day of the extract: nothing is known of what came later."""
    seed: int
    evidence: Evidence
    ms: bool = True
    """Whether they have MS; otherwise they are of the general population."""
    countries: tuple[str, ...] = tuple(COUNTRIES)
    """Where they live, in equal shares."""

    def people(self, numbers: Iterable[int]) -> Iterator[Person]:
        """The people of these numbers, in their order."""
        waiting = iter(numbers)
        while block := list(islice(waiting, _BLOCK)):
            yield from self._block(block)

    def _block(self, numbers: list[int]) -> Iterator[Person]:
        """Some of them."""
        luck = Luck(self.seed, np.asarray(numbers))
        drawn = lives(self, luck)
        ill = diseases(self, drawn, luck) if self.ms else [None] * len(numbers)
        noted = histories(self, drawn, ill, luck)
        for number, life, disease, history in zip(numbers, drawn, ill, noted, strict=True):
            yield Person.model_validate(self._record(number, life, disease, history), context={"on": self.on})

    def _record(self, number: int, life: Life, disease: Disease | None, history: dict[str, Any]) -> dict[str, Any]:
        """A person as plain data."""
        ms = {} if disease is None else {"ms": disease.noted, **disease.steroids}
        return {"id": f"S{self.seed}-{number}", "assessed_on": self.on.isoformat(), **life.noted, **ms, **history}
