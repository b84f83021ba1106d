"""Published studies beside the model, for a script."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

from trabecula.door.checks import LARGEST_SEED, MOST_DRAWS, SEED, a_model, a_number, one_of, refuse
from trabecula.door.results import Reproduction
from trabecula.model import Model
from trabecula.words.message import Message

DRAWS, FEWEST_DRAWS = 24, 2
"""Behind the band of an arm; a band has two ends."""


def reproduce(
    *studies: str, role: Literal["fitted", "predicted"] | None = None,
    folder: str | Path | None = None, findings: str | Path | None = None, only_mine: bool = False,
    model: Model | None = None, draws: int = DRAWS, seed: int = SEED,
) -> Reproduction:  # fmt: skip
    """Live through published studies with virtual people, and compare with what was published.

    studies: ids (docs/validation lists them); none means all, which takes minutes. role: only findings with this role.
    folder, findings: studies of your own in the form of ours, and what was printed; only_mine leaves ours out. model:
    what to live through them with, the package's unless given. draws, seed: size (2 to 10,000) and key of the sample
    behind the bands.

    Raises TrabeculaError for a study that is not known, with the nearest; for findings of a role that no chosen study
    has; and with every problem of your own files.

    >>> import trabecula as tb
    >>> found = tb.reproduce("leblanc_1990", draws=2)
    >>> found.findings[0].study, found.findings[0].role
    ('leblanc_1990', 'fitted')
    """
    from trabecula.lab.pages.agreement import by_study  # only who reproduces opens the laboratory
    from trabecula.lab.studies.collection import package_collection, read_collection
    from trabecula.lab.studies.reproduce import reproduce as reproduced

    by = a_model(model)
    n = a_number("draws", draws, FEWEST_DRAWS, MOST_DRAWS, DRAWS)
    key = a_number("seed", seed, 0, LARGEST_SEED, SEED)
    if folder is None:
        collection = package_collection(by.evidence)
    else:
        mine = None if findings is None else Path(findings)
        collection = read_collection(Path(folder), mine, by.evidence, only_mine=only_mine)
    names = [one_of("studies", name, collection.studies, Message("door.list_studies")) for name in studies]
    chosen = {
        name: collection.studies[name]
        for name in names or collection.studies
        if role is None or role in {target.role for target in collection.studies[name].targets}
    }
    if not chosen:
        refuse("role", role, "a_role_of_the_studies", Message("door.leave_it_out"))
    found = reproduced(replace(by, evidence=collection.evidence), [*chosen], n, key, known=chosen)
    kept = [finding for finding in found if role in (None, finding.role)]
    return Reproduction(by_study(kept, chosen, collection.evidence), collection.evidence)
