"""Records of nobody: what a clinic may write down about bones and medicines, at random, the dangerous often."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

ON = date(2026, 11, 22)
_DRUGS = (
    "alendronate",
    "risedronate",
    "ibandronate",
    "zoledronate",
    "denosumab",
    "teriparatide",
    "romosozumab",
    "Prolia",
)
_OTHERS = ("baclofen", "letrozole", "tamoxifen", "sertraline", "omeprazole", "carbamazepine")
_TESTS = {"eGFR": (10, 110, "mL/min/1.73m2"), "calcium": (1.9, 2.8, "mmol/L"), "25-OH-D": (12, 120, "nmol/L")}
_SITES = ("spine", "hip", "forearm", "humerus")


def records(n: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """So many records, each by a key of its own."""
    return (record(Random(f"{seed} {i}")) for i in range(n))


def record(draw: Random) -> dict[str, Any]:
    """One record; what was not asked is left out."""
    born = date(draw.randint(1934, 2006), draw.randint(1, 12), draw.randint(1, 28))
    sex = draw.choice(("female", "female", "male"))
    given = {
        "assessed_on": ON.isoformat(),
        "birth_date": born.isoformat(),
        "sex": sex,
        "country": draw.choice(("UK", "US", "SE")),
        "height_cm": maybe(draw, draw.randint(150, 185)),
        "weight_kg": maybe(draw, draw.randint(42, 100)),
        "ms": _ms(draw, born),
        "medicines": [_medicine(draw, born) for _ in range(draw.choice((0, 0, 1, 1, 2)))],
        "laboratory": [_test(draw, name) for name in _TESTS if draw.random() < 0.6],
        "fractures": [_fracture(draw, born) for _ in range(draw.choice((0, 0, 1, 2)))],
        "dxa": [_scan(draw)] if draw.random() < 0.6 else [],
        "steroids": [_steroid(draw)] if draw.random() < 0.3 else [],
        "falls": [{"count": draw.choice((0, 1, 2, 5)), "period_months": 12, "until": ON.isoformat()}],
        **{name: maybe(draw, draw.random() < 0.3) for name in ("stroke", "heart_attack", "skeletal_radiation")},
        **(_woman(draw, born) if sex == "female" else {}),
    }
    return {name: value for name, value in given.items() if value not in (None, [])}


def maybe(draw: Random, value: Any) -> Any:
    """What was asked of two in three."""
    return value if draw.random() < 2 / 3 else None


def _woman(draw: Random, born: date) -> dict[str, Any]:
    """Menopause, or periods with or without the wish for a child."""
    if ON.year - born.year >= 50:
        return {"menopause": {"age_y": draw.randint(38, 50)}} if draw.random() < 0.9 else {}
    return {"menopausal": False, "pregnancy_wish": maybe(draw, draw.random() < 0.4)}


def _day(draw: Random, first: date, last: date = ON) -> str:
    """A day between two."""
    return (first + timedelta(days=draw.randint(0, max((last - first).days, 0)))).isoformat()


def _ms(draw: Random, born: date) -> dict[str, Any]:
    """Onset as an adult, and perhaps an EDSS."""
    onset = min(born + timedelta(days=365 * 20), date(2025, 1, 1))
    visit = {"date": "2026-10-01", "edss": draw.choice((0, 2, 4, 5.5, 6.5, 7, 8))}
    return {"onset": onset.isoformat(), "disability": [visit] if draw.random() < 0.8 else []}


def _medicine(draw: Random, born: date) -> dict[str, Any]:
    """A bone medicine, sometimes another one; half of them have ended."""
    drug = draw.choice(_DRUGS) if draw.random() < 0.8 else draw.choice(_OTHERS)
    start = _day(draw, max(date(2012, 1, 1), born + timedelta(days=365 * 18)))
    over = {"end": _day(draw, date.fromisoformat(start))} if draw.random() < 0.5 else {}
    return {"drug": drug, "start": start, **over}


def _test(draw: Random, name: str) -> dict[str, Any]:
    """A blood test of the past year."""
    low, high, unit = _TESTS[name]
    return {
        "date": _day(draw, date(2025, 12, 1)),
        "test": name,
        "value": round(draw.uniform(low, high), 2),
        "unit": unit,
    }


def _fracture(draw: Random, born: date) -> dict[str, Any]:
    """A fracture as an adult."""
    adult = born + timedelta(days=365 * 19)
    return {"site": draw.choice(_SITES), "date": _day(draw, adult), "trauma": draw.choice(("low", "low", "high"))}


def _scan(draw: Random) -> dict[str, Any]:
    """A T-score at one site."""
    site = draw.choice(("lumbar_spine", "femoral_neck", "total_hip"))
    return {
        "date": _day(draw, date(2024, 1, 1)),
        "site": site,
        "t_score": round(draw.uniform(-4.5, 1.0), 1),
        "device": "hologic",
    }


def _steroid(draw: Random) -> dict[str, Any]:
    """Tablets that go on, or a course of infusions."""
    if draw.random() < 0.5:
        return {
            "start": _day(draw, date(2025, 6, 1)),
            "drug": "prednisone",
            "route": "oral",
            "dose_mg": draw.choice((5, 10, 30)),
        }
    return {"start": _day(draw, date(2018, 1, 1)), "as_written": "3 x 1 g IV methylprednisolone"}
