"""Studies read from their files: those of the package, and a stranger's beside them or instead of them."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from trabecula.data_files import StrictLoader
from trabecula.lab.studies.fracture_record import FractureStudy
from trabecula.lab.studies.record import Study
from trabecula.lab.studies.tolerance import AnyStudy

DATA = Path(__file__).parent / "data"
"""The package's studies of density and markers; those of falls, fractures and death are in `fractures/`."""


@lru_cache(maxsize=1)
def studies() -> dict[str, Study]:
    """Every study of density and markers of the package by id, in the order of their ids."""
    return {path.stem: read_study(path) for path in sorted(DATA.glob("*.yaml"))}


@lru_cache(maxsize=1)
def fracture_studies() -> dict[str, FractureStudy]:
    """Every study of falls, fractures and death of the package by id, in the order of their ids."""
    return {path.stem: read_fracture_study(path) for path in sorted((DATA / "fractures").glob("*.yaml"))}


def every_study() -> dict[str, AnyStudy]:
    """Every study of the package by id: of the skeleton first, then of falls, fractures and death."""
    return {**studies(), **fracture_studies()}


def read_study(path: Path) -> Study:
    """One study; the file is named after its id."""
    study = Study.model_validate(_yaml(path))
    _refuse_another_name(study, path)
    return study


def read_fracture_study(path: Path) -> FractureStudy:
    """One study of falls, fractures or death; the file is named after its id."""
    study = FractureStudy.model_validate(_yaml(path))
    _refuse_another_name(study, path)
    return study


def _yaml(path: Path) -> Mapping[str, object]:
    """What a file says; it is read as a file, not as text, so that a complaint names it."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, StrictLoader)


def _refuse_another_name(study: AnyStudy, path: Path) -> None:
    """ValueError where a file is not named after the id of its study."""
    if study.id != path.stem:
        raise ValueError(f"{path.name}: the id is {study.id!r}; name the file {study.id}.yaml")
