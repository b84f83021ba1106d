"""The person: who, history, measurements. Frozen data; nothing is computed here beyond reading."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationInfo, create_model, model_validator

from trabecula.person import checks
from trabecula.person.base import Many, Part
from trabecula.person.dates import Past, When, begun
from trabecula.person.history import (
    DepotProgestogen,
    Fall,
    Fracture,
    HormoneTherapy,
    Immobility,
    Menopause,
    Pregnancy,
)
from trabecula.person.limits import Within
from trabecula.person.measurements import Activity, Dxa, Laboratory
from trabecula.person.medicines import Medicine
from trabecula.person.problems import require
from trabecula.person.sclerosis import Aid as Aid
from trabecula.person.sclerosis import MultipleSclerosis
from trabecula.person.steroids import SteroidCourse
from trabecula.vocabulary import RISK_FACTORS, CountryKey
from trabecula.vocabulary.risk_factors import RiskFactor

SCHEMA_VERSION = "1"


def _version(value: object) -> object:
    """The version may be written without quotation marks."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Background(Part):
    """The first part of a record: who it is about, hormones, MS, medicines, nutrition, blood tests, activity."""

    schema_version: Annotated[Literal["1"], BeforeValidator(_version)] = SCHEMA_VERSION
    """The version of this format."""
    assessed_on: When | None = None
    """The day for which the record is assessed, when no other is asked for."""
    id: str | None = Field(default=None, max_length=64)
    """A pseudonym; never a name, never a hospital number."""
    birth_date: Past
    """The day (or the year) of birth."""
    death_date: When | None = None
    """The day of death; somebody who has died can be assessed for an earlier day, on which it lies ahead."""
    sex: Literal["female", "male"]
    """The sex at birth: it sets peak bone mass and hormones."""
    country: CountryKey | None = None
    """The country whose fracture rates and life table are used."""
    height_cm: Annotated[float, Within("height_cm")] | None = None
    """Height today, in cm."""
    weight_kg: Annotated[float, Within("weight_kg")] | None = None
    """Weight today, in kg."""
    ancestry: Literal["white", "black", "asian", "hispanic", "other"] | None = None
    """As the reference data of bone density and fracture are divided."""
    menopause: Menopause | None = None
    """The menopause, when its time is known."""
    menopausal: bool | None = None
    """Whether menopause has passed, when its time is not known."""
    hormone_therapy: Many[HormoneTherapy] = ()
    """Hormone therapies."""
    depot_progestogen: Many[DepotProgestogen] = ()
    """Contraceptive injections."""
    pregnancies: Many[Pregnancy] = ()
    """Pregnancies that ended in a birth."""
    immobility: Many[Immobility] = ()
    """Times in bed or paralysed for a reason other than MS."""
    pregnancy_wish: bool | None = None
    """Whether a pregnancy is planned or possible: it decides which medicines may be advised."""
    ms: MultipleSclerosis | None = None
    """Multiple sclerosis; left out in a person without it."""
    steroids: Many[SteroidCourse] = ()
    """Courses of glucocorticoids, tablets and infusions."""
    medicines: Many[Medicine] = ()
    """Other medicines, for bone and for anything else."""
    calcium_mg_per_day: Annotated[float, Within("calcium_mg_per_day")] | None = None
    """Calcium from food and tablets together, in mg a day."""
    vitamin_d_ug_per_day: Annotated[float, Within("vitamin_d_ug_per_day")] | None = None
    """Vitamin D from tablets, in micrograms a day (1 microgram is 40 IU)."""
    laboratory: Many[Laboratory] = ()
    """Blood tests."""
    activity: Many[Activity] = ()
    """How active the person was, at one or more times."""


def _risk_factors(base: type[Part]) -> type[Part]:
    """The record with the fields of `vocabulary.RISK_FACTORS`: a row there is a field here, with its description."""
    fields: dict[str, Any] = {
        key: (_answer(row) | None, Field(default=None, description=row.about))
        for key, row in RISK_FACTORS.items()
        if row.is_field
    }
    return create_model("RiskFactors", __base__=base, __module__=__name__, **fields)


def _answer(row: RiskFactor) -> Any:
    """The type of an answer to a risk factor."""
    if row.value == "choice":
        return Literal[tuple(row.choices)]
    return Annotated[float, Within(row.limits)] if row.limits is not None else bool


if TYPE_CHECKING:

    class RiskFactors(_Background):
        """The risk factors that code reads by name, for the type checker; `_risk_factors` makes all of them."""

        smoking: Literal["never", "former", "current"] | None = None
        alcohol_units_per_day: float | None = None
        rheumatoid_arthritis: bool | None = None
        secondary_osteoporosis: bool | None = None
        diabetes: Literal["none", "type1", "type2"] | None = None
        stroke: bool | None = None
        heart_attack: bool | None = None
        skeletal_radiation: bool | None = None
        parental_hip_fracture: bool | None = None
        epilepsy: bool | None = None
        copd: bool | None = None
        chronic_kidney_disease: bool | None = None

else:
    RiskFactors = _risk_factors(_Background)


class Person(RiskFactors):
    """One person: who they are, what happened, what was measured. Only birth_date and sex are needed.

    What is left out is unknown, also in lists. An assessment says what it assumed instead.
    """

    fractures: Many[Fracture] = ()
    """Broken bones since the age of 18, in any order. An empty list says nothing: see no_fractures."""
    no_fractures: bool | None = None
    """true when no bone was ever broken since the age of 18; left out when nobody asked."""
    height_loss_cm: Annotated[float, Within("height_loss_cm")] | None = None
    """Height lost since the age of 25, in cm."""
    falls: Many[Fall] = ()
    """Falls: dated, or counted over a period."""
    dxa: Many[Dxa] = ()
    """DXA scans, one entry for each site and day."""

    @model_validator(mode="after")
    def _is_one_life(self, info: ValidationInfo) -> Self:
        """What happened fits between birth and death, and to the sex; who died in the year of assessment has died."""
        context = info.context or {}
        if self.death_date is not None:
            object.__setattr__(self, "death_date", begun(self.death_date, context.get("on")))
        require(checks.contradictions(self, context))
        return self
