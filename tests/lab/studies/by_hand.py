"""A study nobody did, with findings nobody printed: every number is known, and no real study is looked at."""

from dataclasses import replace

import yaml

from trabecula.evidence import Evidence, Finding, Status
from trabecula.lab.studies import collection, record
from trabecula.lab.studies.reproduce import FindingComparison

MADE_UP = """\
id: nowhere_1990
title: Tablets or none in Nowhere
source: Nobody 1990 J Nothing 1:1-2
block: oral
population:
  n: 200
  age_y: {mean: 40, sd: 5, low: 30, high: 50}
  women: 0.0
arms:
  tablets:
    steroids:
      - {drug: prednisone, dose_mg: 10, to_day: 60}
  none: {}
targets:
  - finding: nowhere.nobody_1990.spine
    arm: tablets
    quantity: lumbar_spine
    statistic: percent_change
    day: 60
    role: predicted
    because: Never used for a fit.
  - finding: nowhere.nobody_1990.hip
    arm: tablets
    versus: none
    quantity: total_hip
    statistic: percent_change
    day: 60
    role: fitted
    because: Used for a fit.
    seen: true
  - finding: nowhere.nobody_1990.p1np
    arm: tablets
    quantity: P1NP
    statistic: percent_change
    day: 10
    direction: down
    role: predicted
    because: Never used for a fit.
assumed:
  - Everything.
meaning_of_a_miss: Nothing follows from a miss, because nobody did this study.
"""
STUDY = record.Study.model_validate(yaml.safe_load(MADE_UP))
STUDIES = {
    "nowhere_1990": STUDY,
    "elsewhere_1991": STUDY.model_copy(
        update={"id": "elsewhere_1991", "title": "Tablets or none in Elsewhere", "block": "acute"}
    ),
}
OTHER = MADE_UP.replace("nowhere_1990", "elsewhere_1991").replace("Nowhere", "Elsewhere")


def finding(name, **fields):
    """A finding with the fields that matter."""
    needed = {"topic": "nowhere", "quantity": "change", "unit": "%", "source": "Nobody 1990"}
    return Finding(id=name, status=Status.READ, **{**needed, **fields})


FINDINGS = {
    each.id: each
    for each in (
        finding("nowhere.nobody_1990.spine", value=-2.0, lower=-3.0, upper=-1.0, interval="CI95"),
        finding("nowhere.nobody_1990.hip", value=-1.0),
        finding("nowhere.nobody_1990.p1np"),
    )
}


def use(monkeypatch, folder):
    """Put the made-up studies in the place of the real ones."""
    (folder / "nowhere_1990.yaml").write_text(MADE_UP, encoding="utf-8")
    (folder / "elsewhere_1991.yaml").write_text(OTHER, encoding="utf-8")
    monkeypatch.setattr(collection, "DATA", folder)
    monkeypatch.setattr(Evidence, "finding", lambda _, name: FINDINGS[name])
    collection.studies.cache_clear()
    collection.fracture_studies.cache_clear()


SPINE = FindingComparison(
    study="nowhere_1990",
    finding="nowhere.nobody_1990.spine",
    block="oral",
    published=-2.0,
    published_lower=-3.0,
    published_upper=-1.0,
    model=-5.0,
    model_lower=-6.0,
    model_upper=-4.0,
    unit="%",
    z=-2.67,
    se_kind="printed",
    role="predicted",
    seen=False,
    direction=None,
    within=False,
    covered=False,
    covered_by_rule=False,
    covered_by_draws=False,
)
HIP = replace(
    SPINE,
    finding="nowhere.nobody_1990.hip",
    published=-1.0,
    published_lower=-1.84,
    published_upper=-0.16,
    model=-1.2,
    model_lower=-1.5,
    model_upper=-0.9,
    z=-0.18,
    se_kind="imputed",
    role="fitted",
    seen=True,
    within=True,
    covered=True,
    covered_by_rule=True,
    covered_by_draws=True,
)
P1NP = replace(
    SPINE,
    finding="nowhere.nobody_1990.p1np",
    published=None,
    published_lower=None,
    published_upper=None,
    model=-30.0,
    model_lower=-41.0,
    model_upper=-22.0,
    z=None,
    se_kind="direction",
    direction="down",
    within=True,
    covered=None,
    covered_by_rule=None,
    covered_by_draws=None,
)


def comparisons(study="nowhere_1990"):
    """The three findings of a study beside a model nobody ran: a wide miss, a fit, a direction."""
    return [replace(each, study=study) for each in (SPINE, HIP, P1NP)]
