"""Rows about medicines: bone drugs, glucocorticoids, drugs against MS, hormones, others, and the classes of them all.

    BONE_DRUGS["denosumab"].given.interval
    generic_name("Prolia"), class_of("Prolia")

What a row says is a fact about the drug; every number is a parameter of the registry, named by its id. The tables are
in `data/`: a new drug is a row there, or in an overlay folder.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from trabecula.vocabulary.rows import Cell, Concept, ConceptTable, FindingName, Lower, OneOf, Parameter
from trabecula.words.message import Message, verbatim

Route = Literal["oral", "iv", "im"]
Country = Annotated[str, Field(pattern=r"[a-z]{2}|any")]
"""Where a brand is sold: a country's two letters, or `any` where nobody has looked."""


_WITH_A_LIMIT = (
    "low_clearance", "low_egfr", "low_calcium", "low_vitamin_d", "high_calcium", "longer", "class_longer", "ends_alone",
)  # fmt: skip
"""Signs for which a number decides."""


class DrugClass(Concept):
    """A class of medicines, and what holds for all of it."""

    kind: ClassVar[str] = "drug_class"
    bone: bool = False
    """Whether it is taken for bone: it stands under pictures of a life, and two of them at once are remarked on."""
    guideline_rank: int | None = None
    """For bone medicines that guidelines ask about: the one with the lowest number matters most for what comes next."""
    needs_follow_on: bool = False
    """Whether bone is lost when it ends and nothing follows."""
    never_late: bool = False
    """Whether a dose that comes late costs bone, and vertebrae may break: its days are watched."""
    antiresorptive: bool = False
    """Whether it keeps what another medicine has built, so that stopping the other one does no harm."""
    teratogenic: bool = False
    """Whether a pregnancy must be asked for first."""
    years_fact: str | None = None
    """The guideline fact with the time on any medicine of the class in life [y]."""


class Contraindication(Cell):
    """Why a plan with a drug is refused or warned of: what is looked for, and the finding behind it."""

    rule: str
    """Its name in results; one that several drugs share has the same name."""
    sign: Literal[
        "low_clearance", "low_egfr", "low_calcium", "low_vitamin_d", "high_calcium", "heart_or_stroke", "radiation",
        "pregnancy", "before_menopause", "longer", "class_longer", "ends_alone", "man",
    ]  # fmt: skip
    """What is looked for in the record, or in the plan."""
    limit: Parameter | None = None
    """Where a number decides: least clearance, eGFR, calcium or vitamin D, most calcium, most months of the drug or of
    its class in all, months within which something follows."""
    specialist: bool = False
    """For a caution: whether the label leaves it to a specialist where it holds."""
    finding: FindingName
    """The label or study that says so."""
    reason: str
    """In English; translations are under `contraindication.<rule>`."""

    @model_validator(mode="after")
    def _has_its_limit(self) -> "Contraindication":
        """A number decides where there is one to compare."""
        if (self.limit is None) == (self.sign in _WITH_A_LIMIT):
            raise ValueError(f"a limit for {', '.join(_WITH_A_LIMIT)}, and for nothing else")
        return self

    @property
    def message(self) -> Message:
        """Why, in every language."""
        return Message(f"contraindication.{self.rule}", source=self.reason)


class DailyUse(Cell):
    """A drug that is taken day by day (or week by week), as a mean daily amount."""

    enters: Literal["daily", "oral_bisphosphonate"]
    """daily: acts while it is taken, as the share of the labelled dose. oral_bisphosphonate: is taken up by bone."""
    daily_dose: Parameter
    """The labelled daily dose [mg/d]."""
    channel: Literal["teriparatide", "raloxifene"] | None = None
    """For daily: the input of the skeleton that it fills."""
    potency: Parameter | None = None
    """For oral_bisphosphonate: the milligrams of alendronate that one milligram is worth. For daily: the labelled doses
    of the drug after which the channel is called that one of its own is worth; 1 unless given."""
    longest: Parameter | None = None
    """Where the label ends it [d], unless the record has an end of its own."""

    @model_validator(mode="after")
    def _enters_somehow(self) -> "DailyUse":
        """Each way of entering has what it needs."""
        if (self.channel is None) == (self.enters == "daily") or (self.channel is None and self.potency is None):
            raise ValueError("a channel for daily, or a potency for oral_bisphosphonate")
        return self


class Injection(Cell):
    """A drug that is injected or infused, each dose on its day."""

    enters: Literal["infusion", "antibody"]
    """infusion: a bisphosphonate that reaches bone at once. antibody: what is left of all doses acts."""
    dose: Parameter
    """The labelled dose [mg]."""
    interval: Parameter
    """From dose to dose [d]."""
    most_mg: Parameter
    """The largest dose that is no error of unit [mg]."""
    per_mg: Parameter | None = None
    """For an infusion: the skeletal bisphosphonate that one milligram leaves [1/mg]."""
    antibody: Literal["denosumab", "romosozumab"] | None = None
    """For an antibody: the state of the skeleton that it adds to."""
    most_doses: Parameter | None = None
    """Where the label ends it, also when a longer use is recorded."""

    @model_validator(mode="after")
    def _enters_somehow(self) -> "Injection":
        """Each way of entering has what it needs."""
        wrong = (self.per_mg is None) == (self.enters == "infusion")
        if wrong or (self.antibody is None) == (self.per_mg is None):
            raise ValueError("per_mg for an infusion, or the antibody whose state it adds to")
        return self


class Substance(Concept):
    """What is sold under brand names."""

    kind: ClassVar[str] = "drug"
    brands: Mapping[Country, tuple[Lower, ...]] = {}
    """Brand names by country, in lower case."""
    about: str = ""
    """What it does in the model, where its effect ends, and what is not modelled."""

    def names(self) -> Iterator[str]:
        """Key, other names and brands."""
        yield from super().names()
        for brands in self.brands.values():
            yield from brands


class Drug(Substance):
    """A medicine other than a glucocorticoid."""

    links: ClassVar[Mapping[str, str]] = {"drug_class": "drug_classes"}
    drug_class: str = Field(alias="class")
    acts: bool = True
    """Whether the model knows an effect where the class lets one expect it."""
    salt: bool = False
    """Whether other medicines are salts of it: in the name of a product it must stand first."""
    supplement: Parameter | None = None
    """For calcium and vitamin D: the usual dose [mg/d]."""

    @property
    def modelled(self) -> bool:
        """Whether the model knows the effect that its class lets one expect."""
        return self.acts


class BoneDrug(Drug):
    """A medicine against osteoporosis: how it is given, how it enters the skeleton, and what its label limits."""

    taken: DailyUse | None = None
    given: Injection | None = None
    injected_from: Parameter | None = None
    """For a drug with both forms: the interval from which on it is the injection [d]."""
    follows: bool = False
    """Whether it can take over when a medicine is stopped that needs a follow-on."""
    contraindications: tuple[Contraindication, ...] = ()
    """Why a plan with it is refused."""
    cautions: tuple[Contraindication, ...] = ()
    """Why a plan with it, or one that stops it, is worked out with a warning."""
    known_error: str = ""
    """Where the model is known to be wrong about it; in English."""
    years_fact: str | None = None
    """The guideline fact with the time on it [y]; where only that is known, this drug stands for the medicine."""
    days_since_dose_fact: str | None = None
    """The guideline fact with the days since its latest dose [d]."""
    doses_fact: str | None = None
    """The guideline fact with the number of its doses that are dated."""

    @model_validator(mode="after")
    def _forms_are_told_apart(self) -> "BoneDrug":
        """Two forms need something that tells them apart."""
        if (self.injected_from is None) == (self.taken is not None and self.given is not None):
            raise ValueError("injected_from for a drug that is both taken and given, and for no other")
        return self

    @property
    def error(self) -> Message | None:
        """Where the model is known to be wrong about it, in every language."""
        return Message(f"{self.name.id}.error", source=self.known_error) if self.known_error else None

    def messages(self) -> Iterator[Message]:
        """Its name, where the model errs, and why plans with it are refused or warned of."""
        yield from super().messages()
        yield from (rule.message for rule in (*self.contraindications, *self.cautions))
        if self.error is not None:
            yield self.error

    @property
    def modelled(self) -> bool:
        """Whether the skeleton knows it."""
        return self.taken is not None or self.given is not None

    @property
    def label_ends_it(self) -> bool:
        """Whether the label limits how long it is taken, or how often it is given."""
        longest = self.taken.longest if self.taken else None
        return (longest or (self.given.most_doses if self.given else None)) is not None


class OralKinetics(Cell):
    """What is left of a tablet falls as one exponential."""

    bioavailability: Parameter
    elimination: Parameter


class InfusionKinetics(Cell):
    """What is left of an infusion falls as two exponentials."""

    elimination: Parameter
    tail_share: Parameter
    tail_half_life: Parameter


class Glucocorticoid(Substance):
    """A glucocorticoid: strength, kinetics, and the words in which clinics write it."""

    equivalence: Parameter
    """The dose that is worth the same as those of the others [mg]."""
    oral: OralKinetics
    injected: InfusionKinetics
    time_course: Literal["own", "assumed"] = "own"
    """Whether the kinetics were measured for it, or are those of another one."""
    only_oral: bool = False
    """Whether there is no injection of it."""
    infused_from: Parameter | None = None
    """The dose from which on it is an infusion unless tablets are named [mg]."""
    unnamed: bool = False
    """Whether it is meant where a course names no drug."""
    shorthand: tuple[Lower, ...] = ()
    """Words that mean it in the text of a course only."""
    infusions: tuple[Lower, ...] = ()
    """Brands and words that mean an infusion of it."""

    def names(self) -> Iterator[str]:
        """Also the names of its infusions."""
        yield from super().names()
        yield from self.infusions


class Hormone(Substance):
    """A hormone, as it is named in the clinic, and the field of a record in which it has its place."""

    field: Literal["hormone_therapy", "depot_progestogen"]
    therapy: str | None = None
    """The kind of hormone therapy."""


CLASSES = ConceptTable("drug_classes", DrugClass)
"""Classes of medicines; those of the timeline are flagged in this order."""
BONE_DRUGS = ConceptTable("bone_drugs", BoneDrug)
"""Medicines for bone; tablets and injections enter the skeleton in this order."""
STEROIDS = ConceptTable("steroids", Glucocorticoid)
"""Glucocorticoids, which have a place of their own in a record."""
DISEASE_MODIFYING = ConceptTable("disease_modifying", Drug)
"""Drugs against MS."""
OTHER_DRUGS = ConceptTable("other_drugs", Drug)
"""Everything else that touches bone, falls or their treatment."""
HORMONES = ConceptTable("hormones", Hormone)
"""Hormone therapy and depot progestogens, which have places of their own in a record."""

_MEDICINES: tuple[ConceptTable[Drug], ...] = (BONE_DRUGS, OTHER_DRUGS, DISEASE_MODIFYING)

GlucocorticoidName = Annotated[str, OneOf(STEROIDS)]
"""A field with a glucocorticoid."""
ClassName = Annotated[str, OneOf(CLASSES)]
"""A field with a class of medicines."""


@cache
def medicines() -> Mapping[str, Drug]:
    """Every medicine other than a glucocorticoid or a hormone, by its generic name."""
    return {key: row for table in _MEDICINES for key, row in table.items()}


@cache
def _generic_names() -> Mapping[str, str]:
    """The generic name behind every name of a medicine or a glucocorticoid, in lower case."""
    rows: Iterator[Substance] = chain(medicines().values(), STEROIDS.values())
    return {name.replace("_", " "): row.key for row in rows for name in row.names()}


def medicine_names() -> tuple[str, ...]:
    """Every name by which a medicine is known here: generic names first, then salts, spellings and brands."""
    return (*medicines(), *(name for row in medicines().values() for name in row.names() if name != row.key))


def generic_name(drug: str) -> str:
    """The generic name of a medicine as it was written ("Prolia" is denosumab); what is not known stays as it is."""
    plain = " ".join(drug.lower().split())
    return _generic_names().get(plain.replace("_", " "), plain)


def known_medicine(drug: str) -> bool:
    """Whether a name is that of a medicine or a glucocorticoid in the vocabulary."""
    return " ".join(drug.lower().split()).replace("_", " ") in _generic_names()


def drug_name(drug: str) -> Message:
    """What a medicine is called, in every language; one that is not known here has the name that was written."""
    generic = generic_name(drug)
    row = medicines().get(generic) or STEROIDS.get(generic) or HORMONES.get(generic)
    return verbatim(drug) if row is None else row.name


def class_of(drug: str) -> DrugClass | None:
    """The class of a medicine, or None when it is not known here."""
    row = medicines().get(generic_name(drug))
    return None if row is None else CLASSES[row.drug_class]


def supplements(*classes: str) -> tuple[str, ...]:
    """The generic names of the supplements of some classes."""
    return tuple(key for key, row in medicines().items() if row.supplement and row.drug_class in classes)


def bone_classes() -> tuple[str, ...]:
    """The classes of medicines that are taken for bone."""
    return tuple(key for key, row in CLASSES.items() if row.bone)


def guideline_classes() -> tuple[str, ...]:
    """The classes of bone medicine that guidelines ask about."""
    return tuple(key for key, row in CLASSES.items() if row.guideline_rank is not None)


def ranked_classes() -> tuple[str, ...]:
    """The same; the one that matters most for what comes next first."""
    return tuple(sorted(guideline_classes(), key=lambda key: CLASSES[key].guideline_rank or 0))


@cache
def unnamed_steroid() -> str:
    """The glucocorticoid that is meant where a course names none."""
    return next(row.key for row in STEROIDS.values() if row.unnamed)
