"""A register in memory, for tests."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from types import MappingProxyType

from trabecula.person import Person
from trabecula.register import Entry

ON = date(2026, 11, 22)


def person(number):
    """Somebody with MS, of an age and a history that hang on the number."""
    birth = date(1950, 1, 1) + timedelta(days=211 * number)
    return Person.model_validate(
        {
            "birth_date": birth,
            "sex": "male" if number % 3 == 0 else "female",
            "ms": {"onset": "2010", "course": "relapsing"},
            "smoking": "current" if number % 4 == 0 else "never",
            "steroids": [
                {"start": f"{year}-03-01", "drug": "methylprednisolone", "dose_mg": 1000, "days": 5, "route": "iv"}
                for year in range(2026 - number % 3, 2027)
            ],
        }
    )


@dataclass
class InMemory:
    """A list of entries as a register."""

    entries: list

    kind = "memory"
    facts = MappingProxyType({"made": "by a test"})

    @property
    def size(self):
        """How many."""
        return len(self.entries)

    @property
    def fingerprint(self):
        """A hash of the ids."""
        return sha256(" ".join(entry.id for entry in self.entries).encode()).hexdigest()

    def __iter__(self):
        return iter(self.entries)


def register(n):
    """A register of so many."""
    return InMemory([Entry(f"p{number}", person(number)) for number in range(n)])
