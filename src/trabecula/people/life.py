"""Who a virtual person is: age, sex, body, country, menopause, habits; and what of it is noted."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trabecula.people.luck import Luck
from trabecula.person.limits import LIMITS
from trabecula.units import PER_CENT, date_at, days

if TYPE_CHECKING:
    from trabecula.people.register import VirtualRegister

_SMOKING = ("never", "former", "current")


@dataclass(frozen=True)
class Life:
    """A person, before anything happened."""

    number: int
    """Their place in the block."""
    age_y: float
    birth: date
    woman: bool
    menopause_y: float
    """Age at the last period, whether it has come or not [y]."""
    noted: dict[str, Any]
    """The fields of the record."""


def lives(register: "VirtualRegister", luck: Luck) -> list[Life]:
    """The people of a block."""
    evidence, group = register.evidence, "ms" if register.ms else "population"
    youngest, oldest = evidence.scalar("people.age.youngest"), evidence.scalar("people.age.oldest")
    mean, sd = (evidence.scalar(f"people.age.{group}.{name}") for name in ("mean", "sd"))
    age = luck.between("age", mean, sd, youngest, oldest)
    share = evidence.scalar("fall.ms.women.share" if register.ms else "people.women")
    woman = luck.uniform("sex") < share
    drawn = evidence.scalar("menopause.age.mean") + evidence.scalar("menopause.age.sd") * luck.normal("menopause")
    stop = np.clip(drawn, *LIMITS["age_at_menopause"].possible)  # one woman in three thousand is drawn beyond
    fields = [_body(register, luck, woman), _habits(register, luck), _country(register, luck)]
    asked = luck.uniform("noted.menopause") < evidence.scalar("people.noted.menopause")
    found = []
    for n, years in enumerate(age):
        birth = date_at(-days(float(years)), register.on)
        own: dict[str, Any] = {"birth_date": birth.isoformat(), "sex": "female" if woman[n] else "male"}
        for field in fields:
            own |= field[n]
        if woman[n] and asked[n]:
            own |= _menopause(float(years), float(stop[n]))
        found.append(Life(n, float(years), birth, bool(woman[n]), float(stop[n]), own))
    return found


def _menopause(age_y: float, stop_y: float) -> dict[str, Any]:
    """That it has not come, or when it came, in whole years as women remember it."""
    return {"menopause": {"age_y": float(round(stop_y)), "cause": "natural"}} if round(stop_y) <= age_y else {
        "menopausal": False
    }  # fmt: skip


def _body(register: "VirtualRegister", luck: Luck, woman: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Height and weight, where they were measured."""
    evidence = register.evidence
    mean = np.where(woman, *(evidence.scalar(f"people.height.{sex}") for sex in ("women", "men")))
    height = mean + evidence.scalar("people.height.sd") * luck.normal("height")
    index = evidence.scalar("people.bmi.median") * np.exp(evidence.scalar("people.bmi.log_sd") * luck.normal("bmi"))
    index = np.clip(index, evidence.scalar("people.bmi.least"), evidence.scalar("people.bmi.most"))
    weight = index * (height / PER_CENT) ** 2
    measured = luck.uniform("noted.body") < evidence.scalar("people.noted.body")
    return [
        {"height_cm": round(float(tall), 1), "weight_kg": round(float(heavy), 1)} if known else {}
        for tall, heavy, known in zip(height, weight, measured, strict=True)
    ]


def _habits(register: "VirtualRegister", luck: Luck) -> list[dict[str, Any]]:
    """Smoking, alcohol, a parent's hip, diabetes and the like, where somebody asked."""
    evidence = register.evidence
    ends = np.cumsum([evidence.scalar(f"people.smoking.{kind}") for kind in _SMOKING[:-1]])
    smoking = np.digitize(luck.uniform("smoking"), ends)
    asked = luck.uniform("noted.smoking") < evidence.scalar("people.noted.smoking")
    found = [{"smoking": _SMOKING[kind]} if known else {} for kind, known in zip(smoking, asked, strict=True)]
    for field in ("parental_hip_fracture", "rheumatoid_arthritis", "epilepsy"):
        has = luck.uniform(field) < evidence.scalar(f"people.{field}")
        known = luck.uniform(f"noted.{field}") < evidence.scalar("people.noted.risk_factors")
        for own, is_so, is_known in zip(found, has, known, strict=True):
            own |= {field: bool(is_so)} if is_known else {}
    return found


def _country(register: "VirtualRegister", luck: Luck) -> list[dict[str, Any]]:
    """Where they live."""
    which = (luck.uniform("country") * len(register.countries)).astype(int)
    return [{"country": register.countries[n]} for n in which]
