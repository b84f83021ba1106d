"""A study of many virtual lives: who they are, for how long, and the care that is compared.

    title: DXA once a cane is needed
    people: {who: ms, number: 1000}
    years: 20
    baseline: {}
    scenarios:
      scans:
        scan: {if: {edss: {at_least: 4}}, every_years: 5}
        treat: {if: {t_score: {at_most: -2.5}}, drug: zoledronate}

A scenario is the baseline with what it names in its place. A rule reads what a clinic sees (`SEEN`) and nothing else.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from trabecula.vocabulary import BONE_DRUGS, CountryKey

SEEN = {
    "age_y": "age [y]",
    "edss": "EDSS at the visit, in half points; nobody without MS has one",
    "t_score": "the lowest T-score of the latest scan, with its measurement error; unknown before the first",
    "fractures": "fractures since the first day",
    "prednisone_mg": "long-term steroids [mg/d of prednisone]",
    "years_since_menopause": "in women after it [y]",
    "bmi": "body mass index [kg/m2]",
}
"""What a clinic sees of a person at its yearly visit."""
Share = Annotated[float, Field(ge=0.0, le=1.0)]
_MOST_YEARS = 60
"""Nobody is followed for longer."""
_YOUNGEST, _USUAL_YOUNGEST, _USUAL_OLDEST, _OLDEST = 25.0, 50.0, 90.0, 105.0
"""Ages on the first day: the march of bones begins at the first, life tables end behind the last [y]."""
_PEOPLE, _MOST_PEOPLE = 20_000, 100_000_000
_EVERY_YEARS, _LONGEST_YEARS, _MOST_APART = 5, 5, 50
_YEAR, _FIRST_YEAR, _LAST_YEAR = 2026, 1950, 2100


class _Part(BaseModel):
    """Frozen, and closed to fields nobody described."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Ages(_Part):
    """The youngest and the oldest on the first day [y]."""

    youngest: float = Field(default=_USUAL_YOUNGEST, ge=_YOUNGEST, le=_OLDEST)
    oldest: float = Field(default=_USUAL_OLDEST, ge=_YOUNGEST, le=_OLDEST)

    @model_validator(mode="after")
    def _in_order(self) -> "Ages":
        """Somebody lies between."""
        if self.oldest <= self.youngest:
            raise PydanticCustomError("ages", "the oldest must be older than the youngest")
        return self


class StudiedPeople(_Part):
    """Who they are."""

    who: Literal["general", "ms"] = Field(default="general", description="The general population, or people with MS.")
    number: int = Field(default=_PEOPLE, ge=1, le=_MOST_PEOPLE, description="How many people.")
    country: CountryKey = Field(default="US", description="Whose tables of fractures and deaths are used.")
    age: Ages = Field(default=Ages(), description="Ages on the first day, as survivors of the life table have them.")
    women: Share | None = Field(default=None, description="Share of women; as usual unless given.")
    stand_for: float | None = Field(default=None, gt=0.0, description="How many people of the country they stand for.")


class Bounds(_Part):
    """From and up to a value."""

    at_least: float | None = None
    at_most: float | None = None


class ClinicRule(_Part):
    """A rule on what a clinic sees: all that it names must hold; what is not known does not."""

    when: Mapping[str, Bounds] = Field(default={}, alias="if", description=f"What must hold: {', '.join(SEEN)}.")

    @field_validator("when")
    @classmethod
    def _is_seen(cls, when: Mapping[str, Bounds]) -> Mapping[str, Bounds]:
        """Refuse what no clinic sees."""
        for name in when:
            if name not in SEEN:
                told = {"name": name, "seen": ", ".join(SEEN)}
                raise PydanticCustomError("unseen", "a clinic cannot see {name}; it sees {seen}", told)
        return when


class ScanRule(ClinicRule):
    """Who gets a bone scan, at the visit of a year."""

    every_years: int = Field(default=_EVERY_YEARS, ge=1, le=_MOST_APART, description="Not again for so many years.")
    done: Share = Field(default=1.0, description="The share of those asked who come, each time.")


class TreatRule(ClinicRule):
    """Who is offered a medicine for bone, at the visit of a year."""

    drug: str = Field(description="A bone drug that is simulated.")
    accepted: Share = Field(default=1.0, description="The share of those offered who begin, each time.")
    persistence: Share = Field(default=1.0, description="The share who go on, from one year to the next.")
    longest_years: int = Field(default=_LONGEST_YEARS, ge=1, le=_MOST_APART, description="It ends after so many years.")

    @field_validator("drug")
    @classmethod
    def _is_simulated(cls, drug: str) -> str:
        """Refuse a drug that bone does not know here."""
        known = [name for name, row in BONE_DRUGS.items() if row.modelled]
        if drug not in known:
            told = {"name": drug, "known": ", ".join(known)}
            raise PydanticCustomError("drug", "{name} is not simulated; known are {known}", told)
        return drug


class Relapses(_Part):
    """What is given against relapses from the first day on."""

    given: Literal["pulses", "tablets", "nothing"] = Field(
        default="pulses", description="pulses at each; tablets every day instead, to those who have relapsing MS."
    )
    tablets_mg: float = Field(default=10.0, gt=0.0, le=100.0, description="Prednisone a day, for tablets [mg].")


class Care(_Part):
    """What is done for bones, and against MS as far as bones feel it."""

    scan: ScanRule | None = None
    treat: TreatRule | None = None
    relapses: Relapses = Relapses()


class PopulationStudy(_Part):
    """A study as a file holds it."""

    title: str
    people: StudiedPeople
    begins: int = Field(default=_YEAR, ge=_FIRST_YEAR, le=_LAST_YEAR, description="The calendar year of the first day.")
    years: int = Field(default=10, ge=1, le=_MOST_YEARS, description="For how long lives are followed.")
    baseline: Care = Care()
    scenarios: Mapping[str, Care] = Field(default={}, description="Each: what it changes of the baseline.")

    @model_validator(mode="before")
    @classmethod
    def _over_baseline(cls, data: Any) -> Any:
        """Put each scenario over the baseline, part by part."""
        if not isinstance(data, Mapping) or not isinstance(data.get("scenarios"), Mapping):
            return data
        base = data.get("baseline") or {}
        over = {name: _merged(base, change or {}) for name, change in data["scenarios"].items()}
        return {**data, "baseline": base, "scenarios": over}

    def with_people(self, number: int | None) -> "PopulationStudy":
        """The same with another number of people, if one is given."""
        return (
            self
            if number is None
            else self.model_copy(update={"people": self.people.model_copy(update={"number": number})})
        )

    @property
    def cares(self) -> Mapping[str, Care]:
        """All that is compared, the baseline first."""
        return {"baseline": self.baseline, **self.scenarios}


def _merged(base: Any, change: Any) -> Any:
    """A mapping with another put over it; anything else gives way."""
    if not isinstance(base, Mapping) or not isinstance(change, Mapping):
        return change
    return {**base, **{key: _merged(base.get(key), value) for key, value in change.items()}}
