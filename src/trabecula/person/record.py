"""The person: who, history, measurements. Frozen data; nothing is computed here beyond reading."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, ValidationInfo, create_model, model_validator

from trabecula import units
from trabecula.person.dates import HistoryDate, Past, When, begun, read_date
from trabecula.person.history import DepotProgestogen, Fall, Fracture, HormoneTherapy, Immobility, Menopause, Pregnancy
from trabecula.person.limits import LIMITS, WithinLimits
from trabecula.person.measurements import (
    Activity,
    BalanceTest,
    DvoRisk,
    Dxa,
    FraxResult,
    Height,
    HipProsthesis,
    Laboratory,
)
from trabecula.person.medicines import InjectedDose, Medicine
from trabecula.person.parts import Many, RecordPart
from trabecula.person.problems import PartProblem, field_name, known_day, nearest, refusal, require
from trabecula.person.sclerosis import Aid as Aid
from trabecula.person.sclerosis import MultipleSclerosis
from trabecula.person.steroids import SteroidCourse
from trabecula.units import MONTHS_PER_YEAR
from trabecula.vocabulary import RISK_FACTORS, CountryKey, TerritoryCode, VocabularyError
from trabecula.vocabulary.risk_factors import RiskFactor
from trabecula.words.message import Message, verbatim

SCHEMA_VERSION = "1"


def _version(value: object) -> object:
    """The version, also without quotation marks; any other is refused, since nothing translates between formats yet."""
    found = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if found != SCHEMA_VERSION:
        raise refusal(found, Message("expected.this_format", {"ours": SCHEMA_VERSION}), Message("todo.another_version"))
    return found


class _Background(RecordPart):
    """The first part of a record: who it is about, hormones, MS, medicines, nutrition, blood tests, activity."""

    schema_version: Annotated[Literal["1"], BeforeValidator(_version)] = SCHEMA_VERSION
    """Format version."""
    assessed_on: When | None = None
    """The day for which the record is assessed, when no other is asked for."""
    id: str | None = Field(default=None, max_length=64)
    """A pseudonym; never a name, never a hospital number."""
    birth_date: Past
    """The date (or year) of birth."""
    death_date: When | None = None
    """Date of death; a person who has died can be assessed for an earlier date."""
    sex: Literal["female", "male"]
    """Sex at birth: peak bone mass and reference data follow it; hormones taken since are in hormone_therapy."""
    country: TerritoryCode | None = None
    """The country the person lives in, in two letters: its fracture rates and life table are used."""
    stand_in: CountryKey | None = None
    """The country whose rates stand in where there are none for the person's own; marked wherever a figure stands."""
    height_cm: Annotated[float, WithinLimits("height_cm")] | None = None
    """Height today, in cm."""
    weight_kg: Annotated[float, WithinLimits("weight_kg")] | None = None
    """Weight today, in kg."""
    ancestry: Literal["white", "black", "asian", "hispanic", "other"] | None = None
    """Used to choose reference data for bone density and fractures."""
    menopause: Menopause | None = None
    """The menopause, when its time is known."""
    menopausal: bool | None = None
    """Whether postmenopausal, if the date is not known."""
    hormone_therapy: Many[HormoneTherapy] = ()
    """Sex hormones taken, of either kind and in any sex: they make up for a loss of one's own."""
    no_hormone_therapy: bool | None = None
    """true if no sex hormones are or were taken (hormone_therapy: none says the same); omit if not asked."""
    gonads_removed: Past | None = None
    """When both ovaries or both testes were removed; in a woman the same as a surgical menopause."""
    depot_progestogen: Many[DepotProgestogen] = ()
    """Contraceptive injections."""
    pregnancies: Many[Pregnancy] = ()
    """Pregnancies that ended in a birth."""
    immobility: Many[Immobility] = ()
    """Periods of bed rest or paralysis not due to MS."""
    pregnancy_wish: bool | None = None
    """Whether a pregnancy is planned or possible; affects which medicines are advised."""
    ms: MultipleSclerosis | None = None
    """Multiple sclerosis; left out in a person without it."""
    steroids: Many[SteroidCourse] = ()
    """Courses of glucocorticoids, tablets and infusions. An empty list means unknown: see no_steroids."""
    no_steroids: bool | None = None
    """true if no glucocorticoid was ever taken (steroids: none says the same); omit if not asked."""
    medicines: Many[Medicine] = ()
    """Other medicines, for bone and for anything else."""
    injections: Many[InjectedDose] = ()
    """Injections and infusions of bone medicines by date: how late denosumab is, when zoledronate was last given."""
    no_medicines: bool | None = None
    """true if no other medicine is or was taken (medicines: none says the same); omit if not asked."""
    calcium_mg_per_day: Annotated[float, WithinLimits("calcium_mg_per_day")] | None = None
    """Calcium from food and tablets together, in mg a day."""
    vitamin_d_ug_per_day: Annotated[float, WithinLimits("vitamin_d_ug_per_day")] | None = None
    """Vitamin D from tablets, in micrograms a day (1 microgram is 40 IU)."""
    laboratory: Many[Laboratory] = ()
    """Blood tests."""
    balance_tests: Many[BalanceTest] = ()
    """Tests of balance and walking; rules about falls read the latest of the past year."""
    frax: Many[FraxResult] = ()
    """FRAX results; guidelines read the latest, with BMD before without."""
    dvo_risk: Many[DvoRisk] = ()
    """Three-year risks of the DVO guideline; its rules read the latest."""
    activity: Many[Activity] = ()
    """How active the person was, at one or more times."""


def _risk_factors(base: type[RecordPart]) -> type[RecordPart]:
    """The record with the fields of `vocabulary.RISK_FACTORS`: a row there is a field here, with its description."""
    fields: dict[str, Any] = {
        key: (_answer(row) | None, Field(default=None, description=row.about))
        for key, row in RISK_FACTORS.items()
        if row.is_field
    }
    if taken := fields.keys() & base.model_fields.keys():
        names = ", ".join(sorted(taken))
        raise VocabularyError([f"risk_factors: found {names}, which the record has; expected other keys; rename them"])
    return create_model("RiskFactors", __base__=base, __module__=__name__, **fields)


def _answer(row: RiskFactor) -> Any:
    """The type of an answer to a risk factor."""
    if row.value == "choice":
        return Literal[tuple(row.choices)]
    if row.limits is not None and row.limits not in LIMITS:
        expected = f"one of the quantities in limits.csv, such as {nearest(row.limits, LIMITS) or 'dose_mg'}"
        raise VocabularyError([f"risk_factors, {row.key}: found {row.limits}; expected {expected}; correct it"])
    return Annotated[float, WithinLimits(row.limits)] if row.limits is not None else bool


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
        kyphosis: bool | None = None
        back_pain: bool | None = None
        oral_bisphosphonate_unsuitable: bool | None = None

else:
    RiskFactors = _risk_factors(_Background)


class _Refusing(type(RiskFactors)):
    """Makes persons: what is wrong with the fields is told as of a file, all at once, and not in pydantic's words."""

    def __call__(cls, **fields: Any) -> Any:
        """The person with these fields; PersonError, with every problem."""
        with suppress(ValidationError):  # what is raised below is raised outside of pydantic
            return super().__call__(**fields)
        return _read(fields)


def _read(data: Any) -> "Person":
    """Data read as a record of a file is, for its PersonError."""
    from trabecula.person.reading import read_person  # which reads with this class

    return read_person(data)


class Person(RiskFactors, metaclass=_Refusing):
    """One person: who they are, what happened, what was measured. Only birth_date and sex are needed.

    What is left out is unknown, also in lists. An assessment says what it assumed instead. Units are in the names of
    the fields; times are `datetime.date` or text such as "2019", "2019-03" and "2019-03-01". A person never changes:
    `person.model_copy(update={...})` is another one. Every problem of the fields is told at once, in one PersonError,
    which is a `TrabeculaError` and a `ValueError`.

    >>> import trabecula as tb
    >>> fields = {"birth_date": "1978-06-02", "sex": "female", "ms": {"onset": "2012-03"}, "smoking": "never"}
    >>> person = tb.Person.model_validate(fields)
    >>> person.smoking, person.ms.onset.year, person.height_cm
    ('never', 2012, None)
    """

    fractures: Many[Fracture] = ()
    """Fractures since age 18, in any order. An empty list means unknown: see no_fractures."""
    no_fractures: bool | None = None
    """true if no fracture since age 18 (fractures: none says the same); omit if not asked."""
    height_loss_cm: Annotated[float, WithinLimits("height_loss_cm")] | None = None
    """Height lost since the age of 25, in cm."""
    heights: Many[Height] = ()
    """Heights by date: rules read the loss since the tallest, and the loss between the last two."""
    stroke_on: Past | None = None
    """The latest stroke; romosozumab waits a year."""
    heart_attack_on: Past | None = None
    """The latest heart attack; romosozumab waits a year."""
    hip_prostheses: Many[HipProsthesis] = ()
    """Artificial hips."""
    dxa_not_practicable: bool | None = None
    """true if a DXA scan cannot be made (transfer, contractures, metal, no scanner in reach)."""
    falls: Many[Fall] = ()
    """Falls: dated, or counted over a period; a number alone, such as 0, is that of the past 12 months."""
    dxa: Many[Dxa] = ()
    """DXA scans, one entry for each site and day."""

    if not TYPE_CHECKING:  # the type checker sees pydantic's own, which has the same shape

        @classmethod
        def model_validate(cls, obj: Any, *, context: Any = None, **how: Any) -> "Person":
            """The person that these data hold; PersonError, with every problem. A context brings pydantic's own."""
            with suppress(*([] if context else [ValidationError])):
                return super().model_validate(obj, context=context, **how)
            return _read(obj)

    @model_validator(mode="before")
    @classmethod
    def _none_is_an_answer(cls, given: Any) -> Any:
        """`steroids: none` and `falls: 0` in the fields that keep them; what is none of this stays as it is."""
        return {**given, **_answers(given)} if isinstance(given, Mapping) else given

    @model_validator(mode="after")
    def _is_one_life(self, info: ValidationInfo) -> Self:
        """What happened fits between birth and death, and to the sex; who died in the year of assessment has died."""
        context = info.context or {}
        if self.death_date is not None:
            object.__setattr__(self, "death_date", begun(self.death_date, context.get("on")))
        for name, value in _following(self):
            object.__setattr__(self, name, value)
        require(contradictions(self, context))
        return self


# ---------------------------------------------------------------- none is an answer

DENIED = {name: f"no_{name}" for name in ("hormone_therapy", "steroids", "medicines", "fractures")}
"""The lists of which a record can say that nothing belongs in them, with the field that keeps it."""
_NONE = "none"


def _answers(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields for what stands in place of a list: none, or the number of falls in the past year."""
    denied = [name for name in DENIED if given.get(name) == _NONE and given.get(DENIED[name]) is not False]
    falls = 0 if given.get("falls") == _NONE else given.get("falls")
    count = {"falls": [{"count": falls, "period_months": MONTHS_PER_YEAR}]}
    said = count if isinstance(falls, int) and not isinstance(falls, bool) else {}
    return {**said, **dict.fromkeys(denied, ()), **{DENIED[name]: True for name in denied}}


def _following(person: Person) -> Iterator[tuple[str, Any]]:
    """Fields that others fill: a dated stroke is one, the last height is today's, ovaries removed are a menopause."""
    for name in ("stroke", "heart_attack"):
        if getattr(person, name) is None and getattr(person, f"{name}_on") is not None:
            yield name, True
    if person.height_cm is None and person.heights:
        yield "height_cm", max(person.heights, key=lambda height: height.date).height_cm
    if person.sex == "female" and person.menopause is None and person.gonads_removed is not None:
        yield "menopause", Menopause(date=person.gonads_removed, cause="surgical")


# ---------------------------------------------------------------- what one part says about another

MAY_FOLLOW_DEATH = frozenset({"assessed_on", "end", "death_date", "birth_date"})
WOMEN_ONLY = ("menopause", "menopausal", "depot_progestogen", "pregnancies", "pregnancy_wish")


def contradictions(person: Person, context: Mapping[str, Any]) -> list[PartProblem]:
    """Everything that cannot be; `context["guessed"]` names fields that stand in for unreadable ones."""
    guessed = context.get("guessed", ())
    found = [] if "sex" in guessed else list(_sex(person))
    if "birth_date" not in guessed:
        found += [*_age(person, context.get("on")), *_before_birth(person), *_ages_at(person)]
    return [*found, *_after_death(person), *_contradictions(person)]


def dates_of(part: BaseModel, path: str = "") -> Iterator[tuple[str, HistoryDate]]:
    """Every date in a record with its path, `ms.relapses[0].date`."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, datetime.date | BaseModel | tuple):  # most of a record is none of these
            yield from _dates_in(value, f"{path}.{name}" if path else name)


def _dates_in(value: object, path: str) -> Iterator[tuple[str, HistoryDate]]:
    """The dates in a value: itself, in a part, or in a list of parts."""
    if isinstance(value, datetime.date):
        yield path, read_date(value)
    elif isinstance(value, BaseModel):
        yield from dates_of(value, path)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _dates_in(entry, f"{path}[{index}]")


def age_y(birth: datetime.date, when: datetime.date) -> float:
    """Age on a day [y]."""
    return units.years(units.days_since_birth(when, birth))


def _sex(person: Person) -> Iterator[PartProblem]:
    """What only women have."""
    if person.sex == "female":
        return
    for name in WOMEN_ONLY:
        if getattr(person, name):
            found = Message("found.what_in_a_man", {"what": field_name(name)})
            expected = Message("expected.this_field_in_women_only")
            todo = Message("todo.check_sex_or_leave_the_field")
            yield PartProblem(name, found, expected, todo)


def _age(person: Person, on: datetime.date | None) -> Iterator[PartProblem]:
    """Nobody is 130."""
    limits = LIMITS["age"]
    last = person.death_date or on or person.assessed_on
    if last is not None and age_y(person.birth_date, last) > limits.possible[1]:
        age = round(age_y(person.birth_date, last))
        found = Message("found.day_an_age_of_age", {"day": known_day(person.birth_date), "age": age})
        yield PartProblem("birth_date", found, limits.possible_range, Message("todo.check_the_year_of_birth"))


def _before_birth(person: Person) -> Iterator[PartProblem]:
    """Nothing happens before birth."""
    birth = read_date(person.birth_date)
    for path, when in dates_of(person):
        if when.last < birth.first:
            expected = Message("expected.a_day_after_birth_day", {"day": known_day(birth)})
            todo = Message("todo.correct_this_date_or_birth_date")
            yield PartProblem(path, known_day(when), expected, todo)


def _after_death(person: Person) -> Iterator[PartProblem]:
    """Nothing happens after death, except that a treatment is not recorded as ended."""
    if person.death_date is None:
        return
    death = read_date(person.death_date)
    for path, when in dates_of(person):
        if when.first > death.last and path.rpartition(".")[2] not in MAY_FOLLOW_DEATH:
            expected = Message("expected.a_day_before_death_day", {"day": known_day(death)})
            todo = Message("todo.correct_this_date_or_death_date")
            yield PartProblem(path, known_day(when), expected, todo)


def events_with_age(person: Person) -> Iterator[tuple[str, str, datetime.date]]:
    """Dated events that have an age of their own: path, quantity in the table, date."""
    if person.menopause is not None and person.menopause.date is not None:
        yield "menopause.date", "age_at_menopause", person.menopause.date
    for index, pregnancy in enumerate(person.pregnancies):
        yield f"pregnancies[{index}].delivery", "age_at_delivery", pregnancy.delivery


def _ages_at(person: Person) -> Iterator[PartProblem]:
    """Menopause and births have their ages (what is before birth is told elsewhere)."""
    for path, quantity, when in events_with_age(person):
        limits, age = LIMITS[quantity], age_y(person.birth_date, when)
        if age >= 0 and not limits.is_possible(age):
            found = Message("found.day_at_the_age_of_age", {"day": known_day(when), "age": round(age)})
            todo = Message("todo.correct_this_date_or_birth_date")
            yield PartProblem(path, found, limits.possible_range, todo)


def _contradictions(person: Person) -> Iterator[PartProblem]:
    """Two fields that cannot both be true."""
    todo = Message("todo.leave_one_out")
    if person.menopausal is False and person.menopause is not None:
        found = Message("found.false_beside_a_menopause_that_has")
        yield PartProblem("menopausal", found, Message("expected.either_a_menopause_with_its_time"), todo)
    if person.no_fractures and person.fractures:
        found = Message("found.true_beside_fractures", {"n": len(person.fractures)})
        yield PartProblem("no_fractures", found, Message("expected.either_no_fractures_true_or_a"), todo)
    for name in ("stroke", "heart_attack"):
        if getattr(person, name) is False and getattr(person, f"{name}_on") is not None:
            found = Message("found.false_beside_what", {"what": field_name(f"{name}_on")})
            yield PartProblem(name, found, Message("expected.true_beside_its_date"), todo)
    for name in ("hormone_therapy", "steroids", "medicines"):
        if getattr(person, DENIED[name]) and getattr(person, name):
            found = Message("found.true_beside_what", {"what": verbatim(f"{name}[0]")})
            places = {"field": verbatim(DENIED[name]), "list": verbatim(name)}
            expected = Message("expected.either_none_or_a_list", places)
            yield PartProblem(DENIED[name], found, expected, todo)
