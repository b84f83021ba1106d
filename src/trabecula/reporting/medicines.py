"""The medicines of a person by name: what is taken, and what stands behind "other medicines" where causes are told."""

from datetime import date

from trabecula.drawing.page import Item
from trabecula.person import Medicine, Person
from trabecula.reporting.statements import RECORD, Writer
from trabecula.vocabulary import CLASSES, RISK_FACTORS, bone_classes, drug_name
from trabecula.words.message import Message


def taken(person: Person, on: date) -> list[Message]:
    """Every medicine that is taken on a day, once: for bone, others, steroids, for MS; one nobody knows says so."""
    running = sorted((medicine for medicine in person.medicines if _runs(medicine, on)), key=_is_for_bone, reverse=True)
    names = [_named(medicine) for medicine in running]
    steroids = [course for course in person.steroids if course.ongoing and course.start <= on]
    names += [drug_name(drug) for course in steroids if (drug := course.phases[-1].drug) is not None]
    against_ms = () if person.ms is None else person.ms.disease_modifying_drugs
    names += [drug_name(medicine.generic) for medicine in against_ms if _runs(medicine, on)]
    return list(dict.fromkeys(names))


def _named(medicine: Medicine) -> Message:
    """A medicine by its generic name; marked where nothing is known of it, since then it counts as not taken."""
    name = drug_name(medicine.generic)
    return name if medicine.kind is not None else Message("page.medicine_not_recognised", {"name": name})


def running_bone_medicines(person: Person, on: date) -> list[str]:
    """The bone medicines that are taken on a day, by generic name."""
    return [medicine.generic for medicine in person.medicines if _is_for_bone(medicine) and _runs(medicine, on)]


def has_never_late(person: Person | None, on: date) -> bool:
    """Whether a medicine is taken on a day of which no dose may be late."""
    running = () if person is None else person.medicines
    return any(
        (kind := medicine.kind) is not None and kind in CLASSES and CLASSES[kind].never_late
        for medicine in running
        if _runs(medicine, on)
    )


def acting(person: Person, on: date) -> list[Message]:
    """What of the medicines, taken now or once, changes bone or the chance of a fracture in the model."""
    names = [medicine.generic for medicine in person.medicines if medicine.start <= on and _acts(medicine)]
    return [drug_name(name) for name in dict.fromkeys(names)]


def taken_item(person: Person | None, on: date, write: Writer) -> Item | None:
    """What is taken on a day, as a line of the clinician's page; None where nothing is on file."""
    names = [] if person is None else taken(person, on)
    if not names:
        return None
    return write.own(write.lang.text("page.names", names=names), RECORD, head=write.lang.text("page.medicines"))


def behind_other_medicines(person: Person | None, on: date, write: Writer) -> Item | None:
    """Which medicines the cause "other medicines" stands for."""
    names = [] if person is None else acting(person, on)
    if not names:
        return None
    return write.own(
        write.lang.text("page.names", names=names), RECORD, head=write.lang.text("page.other_medicines_are")
    )


def _runs(medicine: Medicine, on: date) -> bool:
    """Whether it is taken on a day."""
    return medicine.start <= on < (medicine.end or date.max)


def _is_for_bone(medicine: Medicine) -> bool:
    """Whether it is taken for bone."""
    return medicine.kind in bone_classes()


def _acts(medicine: Medicine) -> bool:
    """Whether the model has an effect for its class."""
    factor = RISK_FACTORS.get(medicine.kind or "")
    return _is_for_bone(medicine) or (factor is not None and bool(factor.effects or factor.falls))
