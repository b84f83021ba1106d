"""Sex hormones as facts: taken, of whichever kind, and the loss of one's own.

A trans person's skeleton follows the sex recorded at birth and the hormones taken since: bone stays or grows on the
usual hormones, and is lost in who has neither own nor taken ones for a year (Rosen 2019 J Clin Densitom 22:544, the
ISCD's position). So the record asks for the hormones and for their purpose, never guesses it, and a purpose that
nobody wrote down is none here.
"""

from datetime import date
from typing import Any

from trabecula.person import HormoneTherapy, Person
from trabecula.units import age_on

_OESTROGENS = ("oestrogen", "combined", "tibolone")
_OWN_KINDS = {"female": _OESTROGENS, "male": ("testosterone",)}


def hormones(person: Person, on: date) -> dict[str, Any]:
    """The facts on a day."""
    now = [taken for taken in person.hormone_therapy if taken.start <= on and (taken.end is None or taken.end >= on)]
    silent = not person.hormone_therapy and not person.no_hormone_therapy and not person.no_medicines
    oestrogens = {None if taken.kind is None else taken.kind in _OESTROGENS for taken in now}
    return {
        "sex_hormones": None if silent else bool(now),
        "oestrogen_therapy": True if True in oestrogens else None if silent or None in oestrogens else False,
        "gender_affirming_hormones": any(_affirms(taken, person) for taken in now),
        "gonads_removed": person.gonads_removed is not None and person.gonads_removed <= on,
        "age_at_menopause_y": _age_at_menopause_y(person, on),
    }


def affirms_gender(person: Person) -> bool:
    """Whether hormones that affirm a gender are or were taken."""
    return any(_affirms(taken, person) for taken in person.hormone_therapy)


def _affirms(taken: HormoneTherapy, person: Person) -> bool:
    """Whether a hormone is said to affirm a gender; oestrogen in who is recorded as male has no other use here."""
    if taken.gender_affirming is not None:
        return taken.gender_affirming
    return person.sex == "male" and taken.kind in _OESTROGENS


def _age_at_menopause_y(person: Person, on: date) -> float | None:
    """The age at a menopause that has passed [y]."""
    menopause = person.menopause
    if person.sex == "male" or menopause is None:
        return None
    age_y = menopause.age_y if menopause.date is None else age_on(menopause.date, person.birth_date)
    return age_y if age_y is not None and age_y <= age_on(on, person.birth_date) else None
