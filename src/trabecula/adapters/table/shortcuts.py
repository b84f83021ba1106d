"""What a clinic writes into a person's row and the record has in a list: the last EDSS, DXA, course, falls."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from trabecula.vocabulary import SKELETAL_SITES

_PERIOD_MONTHS = 12
_WITH_DATE = {"steroid": ("steroids", "course", "as_written"), "medicine": ("medicines", "drug", "drug")}
"""By the first part of a column: the list, the last part of the column, and the field of the entry."""


def in_place(values: Mapping[str, Any], on: date, *, has_ms: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """The record of a row, and the column behind each path of it that is not called so."""
    data: dict[str, Any] = {"ms": {}} if has_ms else {}
    places: dict[str, str] = {}
    for name, value in values.items():
        group, _, field = name.partition(".")
        if group in ("menopause", "ms") and field:
            if group != "ms" or has_ms:
                data.setdefault(group, {})[field] = value
                places[name] = name
        elif not field and name not in ("id", "ms", "age", "edss", "falls_past_year"):
            data[name] = places[name] = value
            places[name] = name
    _age(values, data, places, on)
    _edss(values, data, places, on)
    _falls(values, data, places)
    _scans(values, data, places, on)
    _with_date(values, data, places)
    return data, places


def _age(values: Mapping[str, Any], data: dict[str, Any], places: dict[str, str], on: date) -> None:
    """An age in place of a date of birth: the year is known to one."""
    age = values.get("age")
    if "birth_date" not in data and isinstance(age, float | int):
        data["birth_date"], places["birth_date"] = str(on.year - int(age)), "age"


def _edss(values: Mapping[str, Any], data: dict[str, Any], places: dict[str, str], on: date) -> None:
    """The last EDSS; one without a date counts as examined on the day."""
    if "edss" in values and "ms" in data:
        data["ms"]["disability"] = [{"date": values.get("edss.date", on.isoformat()), "edss": values["edss"]}]
        places |= {"ms.disability[0]": "edss", "ms.disability[0].edss": "edss"}
        places["ms.disability[0].date"] = "edss.date" if "edss.date" in values else "edss"


def _falls(values: Mapping[str, Any], data: dict[str, Any], places: dict[str, str]) -> None:
    """Falls in the past year."""
    if "falls_past_year" in values:
        data["falls"] = [{"count": values["falls_past_year"], "period_months": _PERIOD_MONTHS}]
        places |= {"falls[0]": "falls_past_year", "falls[0].count": "falls_past_year"}


def _scans(values: Mapping[str, Any], data: dict[str, Any], places: dict[str, str], on: date) -> None:
    """The last scan, a site a column; one without a date counts as of the day."""
    for site in SKELETAL_SITES:
        prefix = f"scan.{site}."
        found = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
        if found:
            scans = data.setdefault("dxa", [])
            path = f"dxa[{len(scans)}]"
            scans.append({"date": values.get("scan.date", on.isoformat()), "site": site, **found})
            places |= {path: f"{prefix}{next(iter(found))}", **{f"{path}.{name}": f"{prefix}{name}" for name in found}}
            places[f"{path}.date"] = "scan.date"


def _with_date(values: Mapping[str, Any], data: dict[str, Any], places: dict[str, str]) -> None:
    """A course of steroids, or a medicine, with the day on which it began."""
    for group, (name, last, field) in _WITH_DATE.items():
        said = values.get(f"{group}.{last}")
        if said is None:
            continue
        entry = {field: said} | ({"start": values[f"{group}.start"]} if f"{group}.start" in values else {})
        path = f"{name}[{len(data.setdefault(name, []))}]"
        data[name].append(entry)
        places |= {path: f"{group}.{last}", f"{path}.{field}": f"{group}.{last}", f"{path}.start": f"{group}.start"}
