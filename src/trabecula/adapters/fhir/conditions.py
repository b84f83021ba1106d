"""Conditions, procedures and the family's history."""

import re
from collections.abc import Iterator
from dataclasses import replace

from trabecula.adapters.fhir import codes, elements
from trabecula.adapters.fhir.bundle import (
    BundleRecord,
    Fact,
    ResourceReading,
    ignore,
    named,
    names_relative,
    recalled,
    undated,
)
from trabecula.adapters.fhir.codes import Meaning
from trabecula.adapters.fhir.elements import Element, element, text
from trabecula.adapters.loss import AssumedLine, assumption
from trabecula.person.limits import LIMITS
from trabecula.vocabulary import RISK_FACTORS, SKELETAL_SITES
from trabecula.words.message import Message, sourced

# Reasons are ids of messages under "fhir.".
_NO_CODE = "no_code_that_is_used_here"
_NOT_TRUE = {
    "entered-in-error": "entered_in_error",
    "refuted": "refuted",
    "differential": "only_a_differential_diagnosis",
}
"""Values of Condition.verificationStatus that make it no diagnosis, with the reason."""
_UNSURE = {"unconfirmed", "provisional"}
"""A diagnosis with such a status is read, and the doubt is told."""
_MATTERS_IN_WORDS = re.compile(
    r"fractur|fraktur|frattur|\w*bruch\b|multiple scl|multipler? skl|sclerosi multipla|menopaus|klimakter"
    r"|rheumatoid arthritis|rheumatoide arthritis|artrite reumatoide"
)
"""Words of what moves a risk, in a diagnosis whose code is not known."""
_CERTAINTY = "diagnosesicherheit"
"""The end of the address of the German extension: A is excluded, V suspected, Z an earlier state, G certain."""
_EXCLUDED_IN_WORDS = re.compile(
    r"\b(?:ruled out|excluded|no evidence of|no history of|no h/o|negative for|denies|not present|absence of|keine?n?"
    r"|ausgeschlossen|ausschluss|esclus[aoie]|nessun[aoe]?|assenza di|nega)\b|^(?:no|not|non)\b"
)
_SUSPECTED_IN_WORDS = re.compile(
    r"\b(?:suspected|suspicion of|possible|probable|query|r/o|rule out|verdacht|vermutet|sospett[aoie]|possibile)\b"
    r"|\bv\.\s?a\.|\?\s*$"
)
"""What words beside a code say of it: that it is not so, or that nobody is sure."""
_RECORDED = ("recordedDate", "assertedDate", "dateRecorded")
"""When it was recorded, as R4, STU3 and DSTU2 call it."""
_OF_A_PARENT = ("parental_hip_fracture", "refused", "noted")
"""Readings that may speak of a relative."""
_LETTER = re.compile(r"[A-Z]\d\d(?:\.\d{1,2})?\s*[-!*+#]?\s*([AVZG])", re.IGNORECASE)
"""ICD-10-GM: the certainty written behind the code, "G35.9 A"."""
_OVER = {"resolved", "inactive"}
"""Values of Condition.clinicalStatus that say that it is over."""
_FOLLOW_UP = re.compile(r"[SM]\d{2}[0-9A-Z]{3}[DEFGHJKMNPQRS]")
"""ICD-10-CM: the seventh character of a fracture code tells a later encounter (D to R) or a sequela (S)."""


def read_condition(resource: Element, record: BundleRecord) -> ResourceReading:
    """A diagnosis (Condition), if its code matters here, its verificationStatus lets it stand, and it still holds.

    Fractures, falls, strokes and the menopause are history: a clinicalStatus of resolved does not take them back.
    """
    concept = resource.get("code")
    known = codes.meaning(concept)
    if known is None:
        return _unknown(resource)
    if names_relative(elements.all_words(concept)) and known.reads_as not in _OF_A_PARENT:
        reason = Message("fhir.about_somebody_else_than_the_patient")
        line = assumption("fhir.a_value_left_out", {"what": named(concept), "reason": reason})
        return replace(ignore(concept, reason), assumed=(line,))
    if denied := _status(resource, "verificationStatus") & _NOT_TRUE.keys():
        return ignore(concept, _NOT_TRUE[min(denied)])
    if "A" in _certainties(resource) or _EXCLUDED_IN_WORDS.search(elements.all_words(concept)):
        return ignore(concept, "excluded")
    if _is_over(resource, known):
        return ignore(concept, "recorded_as_resolved_or_inactive")
    outcome = _read_known(resource, record, known)
    doubts = tuple(_doubts(resource, known)) if outcome.facts else ()
    return replace(outcome, assumed=outcome.assumed + doubts)


def _status(resource: Element, name: str) -> set[str]:
    """The codes of a status, and its words where a program writes them instead ("Entered in error")."""
    said = elements.all_words(resource.get(name)).strip().replace(" ", "-")
    return elements.codes(resource.get(name)) | ({said} if said else set())


def _unknown(resource: Element) -> ResourceReading:
    """A diagnosis whose code is not known: where its words name a fracture, a fall or MS, that is told."""
    concept = resource.get("code")
    said = elements.all_words(concept)
    if not _MATTERS_IN_WORDS.search(said) or _EXCLUDED_IN_WORDS.search(said):
        return ignore(concept, _NO_CODE)
    line = assumption("fhir.a_diagnosis_by_its_words", {"what": named(concept)})
    return replace(ignore(concept, "a_code_that_is_not_known"), assumed=(line,))


def _doubts(resource: Element, known: Meaning) -> Iterator[AssumedLine]:
    """What the status of a diagnosis leaves in doubt: it is read all the same, and the record can be corrected."""
    what = {"what": named(resource.get("code"))}
    is_suspected = "V" in _certainties(resource) or _SUSPECTED_IN_WORDS.search(elements.all_words(resource.get("code")))
    if is_suspected or _status(resource, "verificationStatus") & _UNSURE:
        yield assumption("fhir.not_confirmed", what)
    is_over = "Z" in _certainties(resource) or _status(resource, "clinicalStatus") & _OVER
    if known.reads_as == "ms" and is_over:
        yield assumption("fhir.ms_recorded_as_over", what)


def _is_over(resource: Element, known: Meaning) -> bool:
    """Whether a passing condition has passed; a fracture, a fall or the menopause stay part of the history."""
    factor = RISK_FACTORS.get(known.value if known.reads_as == "condition" else known.reads_as)
    is_passing = factor is not None and not factor.lasting
    return is_passing and ("Z" in _certainties(resource) or bool(_status(resource, "clinicalStatus") & _OVER))


def _certainties(resource: Element) -> set[str]:
    """The German certainty of a diagnosis, on the coding, on the code or on the resource."""
    concept = element(resource.get("code"))
    holders = [resource, concept, *elements.elements(concept.get("coding"))]
    extensions = [held for holder in holders for held in elements.elements(holder.get("extension"))]
    said = [held for held in extensions if text(held.get("url")).lower().endswith(_CERTAINTY)]
    values = [text(element(held.get("valueCoding")).get("code")) or text(held.get("valueCode")) for held in said]
    german = [coding.code for coding in elements.codings(concept) if codes.is_german(coding)]
    values += [match[1] for code in german if (match := _LETTER.fullmatch(code))]
    return {value.upper() for value in values}


def _read_known(resource: Element, record: BundleRecord, known: Meaning) -> ResourceReading:
    """The facts of a condition whose code is known; `refused` and `noted` have their reason in the table."""
    concept, when = resource.get("code"), _when(resource, record)
    what = named(concept)
    if known.reads_as == "refused":
        return ignore(concept, sourced("reading", known.value))
    if known.reads_as in ("noted", "hip_prosthesis"):
        return ResourceReading(what, noted=sourced("reading", known.value))
    if known.reads_as in ("fracture", "fragility_fracture"):
        return _read_fracture(resource, record, known, when)
    facts = _facts(known, resource, record, when)
    if not facts:
        return undated(concept) if known.reads_as in ("fall", "ms_relapse") else ignore(concept, _NO_CODE)
    said = recalled(known, concept) + _assumed_date(resource, record, known, what)
    return ResourceReading(what, facts, assumed=said)


def _is_dated(resource: Element, record: BundleRecord, when: str) -> bool:
    """Whether a menopause has its own date, at an age at which it is usual; a state that was noted late has none."""
    born = elements.calendar_day(record.patient.resource.get("birthDate"))
    if not (when and born and any(name.startswith("onset") for name in resource)):
        return False
    age_y = float(when[:4]) - born.year
    return LIMITS["age_at_menopause"].is_usual(age_y)


def _facts(known: Meaning, resource: Element, record: BundleRecord, when: str) -> tuple[Fact, ...]:
    """The fields that a condition fills."""
    match known.reads_as:
        case "ms":
            return _ms_facts(resource, known, when)
        case "ms_relapse":
            return (Fact("ms.relapses", {"date": when}),) if when else ()
        case "condition":
            return (Fact(known.value, True, when),)
        case "menopause":
            dated = Fact("menopause", {"date": when, "cause": known.value}, when)
            return (dated if _is_dated(resource, record, when) else Fact("menopausal", True, when),)
        case "fall":
            return (Fact("falls", {"date": when}),) if when else ()
        case field if field in RISK_FACTORS:
            return (Fact(field, known.value, when),)
        case _:
            return ()


def _ms_facts(resource: Element, known: Meaning, when: str) -> tuple[Fact, ...]:
    """Onset (onset[x]), diagnosis (recordedDate) and course of MS; the bare disease when no date is known."""
    recorded = elements.iso_date(resource.get("recordedDate"))
    onset = when if when != recorded or "onsetDateTime" in resource else ""
    facts = [Fact("ms.onset", onset, onset)] if onset else []
    facts += [Fact("ms.diagnosis", recorded, recorded)] if recorded else []
    facts += [Fact("ms.course", known.value, when or recorded)] if known.value else []
    return tuple(facts) or (Fact("ms", {}),)


def _when(resource: Element, record: BundleRecord) -> str:
    """When it began, as an ISO date as exactly as it is known; empty when nothing tells it.

    onsetDateTime, onsetPeriod, onsetString, onsetAge (the year of that birthday), else the day of the visit, else
    recordedDate.
    """
    recorded = next((day for name in _RECORDED if (day := elements.iso_date(resource.get(name)))), "")
    return _onset(resource, record) or record.visit_day(resource) or recorded


def _onset(resource: Element, record: BundleRecord) -> str:
    """When it began, from onset[x] alone."""
    onset = elements.iso_date(resource.get("onsetDateTime"))
    onset = onset or elements.iso_date(element(resource.get("onsetPeriod")).get("start"))
    onset = onset or elements.iso_date(resource.get("onsetString"))
    return onset or _year_at_age(resource, record)


def _year_at_age(resource: Element, record: BundleRecord) -> str:
    """The year in which a person had the age of onset."""
    age_y = elements.number(element(resource.get("onsetAge")).get("value"))
    born = elements.calendar_day(record.patient.resource.get("birthDate"))
    if age_y is None or born is None or not LIMITS["age"].is_possible(age_y):
        return ""
    return str(born.year + int(age_y))


def _assumed_date(resource: Element, record: BundleRecord, known: Meaning, what: Message) -> tuple[AssumedLine, ...]:
    """Says when the date of recording stands for the date of the event, which may lie years before it."""
    has_onset = bool(_onset(resource, record))
    if known.reads_as == "menopause" and not has_onset:
        return (assumption("fhir.menopause_without_its_date", {"what": what}),)
    if has_onset or known.reads_as not in ("fracture", "fragility_fracture", "menopause", "fall", "ms_relapse"):
        return ()
    return (assumption("fhir.without_a_date_of_onset", {"what": what}),)


# ---------------------------------------------------------------- fractures


_VERTEBRA = "spine"
_GRADE = re.compile(r"\b(?:genant|grade|grad|grado)\b\D{0,12}([123])(?![\d.,])")
"""The grade of a vertebral fracture in words: "Genant grade 2", "Grad 3 nach Genant"."""


def _read_fracture(resource: Element, record: BundleRecord, known: Meaning, when: str) -> ResourceReading:
    """A fracture with its site ("unnamed" when nothing tells it); `follow_up` marks a later visit for it."""
    what = named(resource.get("code"))
    site, assumed = _fracture_site(resource, known, what)
    trauma = "low" if known.reads_as == "fragility_fracture" else "unknown"
    dated = {"date": when} if when else {"date_unknown": True}
    graded = _GRADE.search(elements.all_words(resource.get("code"))) if site == _VERTEBRA else None
    value = {"site": site, **dated, "trauma": trauma, "follow_up": _is_follow_up(resource)}
    value |= {"grade": int(graded[1])} if graded else {}
    past = () if when else (assumption("fhir.a_fracture_without_any_date", {"what": what}),)
    said = recalled(known, resource.get("code")) + assumed + (past or _assumed_date(resource, record, known, what))
    return ResourceReading(what, (Fact("fractures", value, when),), assumed=said)


def _fracture_site(resource: Element, known: Meaning, what: Message) -> tuple[str, tuple[AssumedLine, ...]]:
    """The site from the code, or from the body site where the code leaves it open; a femur without its part is the hip.

    Returns "unnamed" when neither tells it: another fracture of the same day may.
    """
    site = known.value
    if site in ("unnamed", "femur"):
        meanings = [codes.meaning(concept) for concept in elements.elements(resource.get("bodySite"))]
        named_sites = (found.value for found in meanings if found and found.reads_as == "body_site")
        site = next(named_sites, site)
        # A scanned bone breaks as a site of fractures; femur and pelvis are such sites themselves.
        site = SKELETAL_SITES[site].breaks_as if site in SKELETAL_SITES else site
    if site == "femur":
        return "hip", (assumption("fhir.femur_without_its_part", {"what": what}),)
    return site, ()


def _is_follow_up(resource: Element) -> bool:
    """Whether an ICD-10-CM code tells a later visit for the same fracture, which must not be counted again."""
    plain = (coding.code.upper().replace(".", "") for coding in elements.codings(resource.get("code")))
    return any(_FOLLOW_UP.fullmatch(code) for code in plain)


# ---------------------------------------------------------------- procedures and family

# Procedure.status of what was done, and v3-RoleCode or SNOMED CT for a parent.
_DONE = {"", "completed", "in-progress"}
_SIDES = {"left": re.compile(r"\bleft\b|\blinks|sinistr"), "right": re.compile(r"\bright\b|\brechts|destr")}
_PARENTS = {"mth", "fth", "nmth", "nfth", "prn", "72705000", "66839005"}


def read_procedure(resource: Element, record: BundleRecord) -> ResourceReading:
    """A Procedure that was done: a density scan or a hip replacement is noted, radiotherapy of the skeleton is read.

    Anything else with a known code is read like a diagnosis of the day on which it was performed.
    """
    concept = resource.get("code")
    known = codes.meaning(concept)
    if known is None:
        return ignore(concept, _NO_CODE)
    if text(resource.get("status")) not in _DONE or any(resource.get(n) is True for n in ("notDone", "notPerformed")):
        return ignore(concept, "not_done_or_not_finished")
    if known.reads_as == "noted":
        return ResourceReading(named(concept), noted=sourced("reading", known.value))
    if known.reads_as == "radiotherapy":
        return _read_radiotherapy(resource)
    if known.reads_as == "hip_prosthesis":
        return _read_prosthesis(resource, record, known)
    done = resource.get("performedDateTime") or element(resource.get("performedPeriod")).get("start")
    done = done or resource.get("occurrenceDateTime") or record.visit_day(resource)
    return _read_known(resource | {"onsetDateTime": done}, record, known)


def _read_prosthesis(resource: Element, record: BundleRecord, known: Meaning) -> ResourceReading:
    """An artificial hip on its side, so that the other one is scanned; without a side it is noted."""
    concept = resource.get("code")
    said = " ".join(elements.all_words(held) for held in (concept, *elements.elements(resource.get("bodySite"))))
    sides = [side for side, pattern in _SIDES.items() if pattern.search(said)]
    if len(sides) != 1:
        return ResourceReading(named(concept), noted=sourced("reading", known.value))
    done = resource.get("performedDateTime") or element(resource.get("performedPeriod")).get("start")
    day = elements.iso_date(done or resource.get("occurrenceDateTime")) or record.visit_day(resource)
    value = {"side": sides[0]} | ({"date": day} if day else {})
    return ResourceReading(named(concept), (Fact("hip_prostheses", value, day),))


def _read_radiotherapy(resource: Element) -> ResourceReading:
    """Radiotherapy counts when it was given to the spine, the pelvis or the femur."""
    concept = resource.get("code")
    sites = [codes.meaning(site) for site in elements.elements(resource.get("bodySite"))]
    if any(site and site.reads_as == "body_site" for site in sites):
        return ResourceReading(named(concept), (Fact("skeletal_radiation", True),))
    return ignore(concept, "radiotherapy_without_a_site")


def read_family(resource: Element, record: BundleRecord) -> ResourceReading:  # noqa: ARG001  # the same form as every reader
    """A hip fracture of a parent (FamilyMemberHistory), the one fact of a family that a risk is known for."""
    relationship = resource.get("relationship")
    if text(resource.get("status")) == "entered-in-error":
        return ignore(relationship, "entered_in_error")
    said = elements.all_words(relationship)
    is_parent = bool(elements.codes(relationship) & _PARENTS) or said.strip() in ("mother", "father", "parent")
    held = elements.elements(resource.get("condition"))
    conditions = (codes.meaning(condition.get("code")) for condition in held)
    broke_hip = any(found and found.reads_as.endswith("fracture") and found.value == "hip" for found in conditions)
    if not (is_parent and broke_hip):
        return ignore(relationship, "not_a_parents_hip_fracture")
    return ResourceReading(Message("fhir.a_parents_hip_fracture"), (Fact("parental_hip_fracture", True),))
