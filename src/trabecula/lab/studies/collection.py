"""Studies read from their files: those of the package, and a stranger's beside them or instead of them.

A stranger's studies have the form of ours: one YAML file a study in a folder, of either kind, and their findings in a
CSV file with the columns of ours. Everything that could stop them half-way is looked for before anything is lived
through, and told all at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from trabecula.data_files import DataError, StrictLoader
from trabecula.evidence import Evidence
from trabecula.lab.studies.fracture_measures import measure_expected, treated_arm
from trabecula.lab.studies.fracture_record import FractureStudy, FractureTarget, FractureTrial
from trabecula.lab.studies.record import Arm, Study
from trabecula.lab.studies.split import with_roles
from trabecula.lab.studies.tolerance import AnyStudy, AnyTarget, published_value
from trabecula.lab.studies.virtual import DAY_0, person_in
from trabecula.people import Population, sample
from trabecula.vocabulary import generic_name, medicines

StudyT = TypeVar("StudyT", bound=AnyStudy)
DATA = Path(__file__).parent / "data"
"""The package's studies of density and markers; those of falls, fractures and death are in `fractures/`."""
_SHOWN = 60
"""Letters of a value in a message."""


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
    """One study of the package, its roles by the rule of the split; the file is named after its id."""
    return _named(Study.model_validate(with_roles(_yaml(path))), path)


def read_fracture_study(path: Path) -> FractureStudy:
    """One study of falls, fractures or death, as `read_study`."""
    return _named(FractureStudy.model_validate(with_roles(_yaml(path))), path)


def _yaml(path: Path) -> Any:
    """What a file says; it is read as a file, not as text, so that a complaint names it."""
    with path.open(encoding="utf-8") as file:
        return yaml.load(file, StrictLoader)


def _named(study: StudyT, path: Path) -> StudyT:
    """The study; ValueError where its file is not named after its id."""
    if study.id != path.stem:
        raise ValueError(f"{path.name}: the id is {study.id!r}; name the file {study.id}.yaml")
    return study


# --- A stranger's studies -----------------------------------------------------------------------------------------


class StudiesError(DataError):
    """A stranger's studies or findings that cannot be used; `problems` has every complaint, each with its place."""


@dataclass(frozen=True)
class StudyCollection:
    """Studies to reproduce by id, and a registry that has what their sources printed."""

    studies: Mapping[str, AnyStudy]
    """By id; the package's come first."""
    evidence: Evidence
    """The registry, with the findings of the studies."""


def package_collection(evidence: Evidence) -> StudyCollection:
    """The studies that come with the package."""
    return StudyCollection(every_study(), evidence)


def read_collection(
    folder: Path, findings: Path | None, evidence: Evidence, *, only_mine: bool = False
) -> StudyCollection:
    """The studies of a folder beside the package's, or alone.

    findings: a CSV file with the columns of `evidence/data/findings`; a `sources.csv` beside it may hold the documents.
    DataError, with every problem at once, where a file cannot be read, an id is taken, a study asks for what nobody
    printed or the model does not measure, or a finding is read by no study.
    """
    known = evidence if findings is None else evidence.with_findings(findings)
    mine, unreadable = _read_folder(folder)
    problems = [*unreadable]
    places = {study.id: path.name for path, study in mine}
    taken = Counter(study.id for _, study in mine)
    problems += [f"{name}: found {n} files with this id; expected one; rename" for name, n in taken.items() if n > 1]
    if not only_mine:
        problems += [
            f"{place}: found the id {name!r}, which a study of the package has; expected an id of your own; rename the"
            " file and its id, or leave the package's studies out with --only-mine"
            for name, place in places.items()
            if name in every_study()
        ]
    for path, study in mine:
        problems += [f"{path.name}: {problem}" for problem in _unusable(study, known)]
    if findings is not None and not unreadable:  # what nobody reads may be read by a file that cannot be
        problems += _unread(findings, evidence, known, (study for _, study in mine))
    if problems:
        raise StudiesError(problems)
    own = {study.id: study for _, study in mine}
    return StudyCollection(own if only_mine else {**every_study(), **own}, known)


def _read_folder(folder: Path) -> tuple[list[tuple[Path, AnyStudy]], list[str]]:
    """The studies of a folder and of the folders in it, and what is wrong with its files."""
    found, problems = [], []
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
    for path in paths:
        try:
            found.append((path, _read_either(path)))
        except DataError as error:
            problems += error.problems
    if not paths:
        problems.append(f"{folder}: found no study; expected files such as my_trial.yaml; name the folder they are in")
    return found, problems


def _read_either(path: Path) -> AnyStudy:
    """A study of either kind, told apart by `setting`: DataError with every complaint where it is none."""
    try:
        data = _yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise StudiesError([f"{path.name}: cannot be read as YAML: {' '.join(str(error).split())}"]) from None
    if not isinstance(data, Mapping):
        raise StudiesError([f"{path.name}: found no keys; expected a study that begins with `id:`"])
    kind = FractureStudy if "setting" in data else Study
    try:
        return _named(kind.model_validate(data), path)
    except ValidationError as error:
        raise StudiesError(f"{path.name}: {problem}" for problem in _complaints(kind, error)) from None
    except ValueError as error:
        raise StudiesError([str(error)]) from None


def _complaints(kind: type[BaseModel], error: ValidationError) -> Iterator[str]:
    """Pydantic's errors in our words: where, what was found, what was expected, what to do.

    What only follows from an error further inside (a list that is empty without its bad entries) is not told.
    """
    errors = error.errors()
    for item in errors:
        loc = item["loc"]
        if any(loc == other["loc"][: len(loc)] for other in errors if len(other["loc"]) > len(loc)):
            continue
        place, message = _place(loc), item["msg"].removeprefix("Value error, ")
        if item["type"] == "extra_forbidden":
            keys = _keys_at(kind, loc)
            yield f"{place}: found an unknown key; expected one of {', '.join(keys)}; {_meant(str(loc[-1]), keys)}"
        elif item["type"] == "missing":
            yield f"{place}: found nothing; expected this key; add it"
        elif item["type"] == "value_error":
            yield f"{place}: {message}" if place else message
        elif item["type"] == "union_tag_invalid":
            told = item.get("ctx", {})
            found, kinds = str(told.get("tag")), str(told.get("expected_tags"))
            yield f"{place}: found the kind {found!r}; expected one of {kinds}; {_meant(found, kinds.split(', '))}"
        elif item["type"] == "string_pattern_mismatch":
            yield f"{place}: found {item['input']!r}; expected small letters, digits and underscores; rename"
        else:
            expected = message.removeprefix("Input should ").removeprefix("be ").removeprefix("a valid ")
            yield f"{place}: found {_short(item['input'])}; expected {expected}; correct it"


def _place(loc: tuple[int | str, ...]) -> str:
    """The way to a key as a reader counts: entries from 1, without the kind of a setting, which is no key."""
    steps = [step for i, step in enumerate(loc) if not (i == 1 and loc[0] == "setting")]
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)


def _meant(found: str, known: Iterable[str]) -> str:
    """What to do about a word that nobody knows."""
    near = get_close_matches(found, [word.strip("' ") for word in known], n=1)
    return f"did you mean {near[0]}?" if near else "correct it"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _keys_at(kind: Any, place: Iterable[int | str]) -> list[str]:
    """The keys that are known where an unknown one stands: down the types of the record, step by step."""
    *way, _ = place
    for step in way:
        kind = next(iter(_inside(kind, step)), None)
    return [key for option in _options(kind) for key in getattr(option, "model_fields", ())]


def _options(kind: Any) -> Iterator[Any]:
    """The types that a type may stand for: itself, or the parts of a union."""
    if isinstance(kind, type) or get_origin(kind) in (tuple, list, dict):
        yield kind
    else:
        for part in get_args(kind):
            yield from _options(part)


def _inside(kind: Any, step: int | str) -> Iterator[Any]:
    """The type one step further in: a field, an entry, or the part of a union that bears this tag."""
    for option in _options(kind):
        if isinstance(option, type) and issubclass(option, BaseModel):
            fields = option.model_fields
            if step in fields:
                yield fields[str(step)].annotation
            elif "kind" in fields and step in get_args(fields["kind"].annotation):
                yield option
        elif get_args(option):
            yield next(part for part in reversed(get_args(option)) if part is not ...)


def _unusable(study: AnyStudy, evidence: Evidence) -> Iterator[str]:
    """What would stop a study half-way: findings nobody printed, measures and medicines that the model has not."""
    for target in study.targets:
        finding = evidence.findings().get(target.finding)
        if finding is None:
            todo = _meant(target.finding, evidence.findings())
            yield f"{target.finding}: found no such finding; expected an id of --findings or of the registry; {todo}"
        elif target.direction is None and published_value(target, finding) is None:
            yield f"{target.finding}: found no number in the finding; expected one; give the target a direction"
        yield from _unmeasurable(study, target)
    for name, arm in _arms_of(study).items():
        for medicine in arm.medicines:
            if generic_name(medicine.drug) not in medicines():
                todo = _meant(medicine.drug, medicines())
                yield f"{name}: found the medicine {medicine.drug!r}; expected one that the model knows; {todo}"
        try:
            person_in(arm, sample(_population_of(study), 1, DAY_0, 1, evidence)[0])
        except ValidationError as error:
            yield from (f"{name}: {' '.join(item['msg'].split())}" for item in error.errors())
        except ValueError as error:
            yield f"{name}: {error}"


def _unmeasurable(study: AnyStudy, target: AnyTarget) -> Iterator[str]:
    """What a target of falls, fractures or death asks for, if its setting does not measure it."""
    if isinstance(study, FractureStudy) and isinstance(target, FractureTarget):
        expected = measure_expected(study.setting, target)
        if expected:
            yield f"{target.finding}: found the measure {target.what!r}; expected {expected}; correct it"


def _arms_of(study: AnyStudy) -> Mapping[str, Arm]:
    """What is done to people in a study, by the place where the file says it."""
    if isinstance(study, Study):
        return {f"arms.{name}": arm for name, arm in study.arms.items()}
    return {"setting": treated_arm(study.setting)} if isinstance(study.setting, FractureTrial) else {}


def _population_of(study: AnyStudy) -> Population:
    """Who takes part in a study that has arms."""
    if isinstance(study, Study):
        return study.population
    assert isinstance(study.setting, FractureTrial)
    return Population(n=1, age_y=study.setting.age_y, women=study.setting.women)


def _unread(findings: Path, ours: Evidence, known: Evidence, mine: Iterable[AnyStudy]) -> Iterator[str]:
    """Findings of a file that no study reads: a misspelt id would otherwise be lost without a sound."""
    read = {target.finding for study in mine for target in study.targets}
    for name in known.findings():
        if name not in ours.findings() and name not in read:
            yield (
                f"{findings.name}: {name}: found a finding that no study of the folder reads; expected a target"
                " for each; add one, or take the row out"
            )
