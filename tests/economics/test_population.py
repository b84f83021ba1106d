"""Virtual people who were counted are valued like anybody else."""

import json

import numpy as np
import pytest

from trabecula.economics import StrategiesRefused, read_strategies
from trabecula.economics.population import averaged, counted_events, for_draws, read_population
from trabecula.economics.running import Setting, evaluate_counted
from trabecula.evidence import Evidence
from trabecula.model import Model

TEXT = """\
schema_version: "1"
title: A scan at EDSS 4
country: UK
currency: GBP
price_year: 2025
begin: 2026-12-01
horizon_y: 2
edss: 4
population: counted
strategies:
  - {name: none, scenario: baseline, costs: nothing}
  - name: scan
    costs:
      - {what: a scan, amount: 100, currency: GBP, price_year: 2025, per: scan}
      - {what: a year, amount: 250, currency: GBP, price_year: 2025, per: treated_year}
"""
COUNTS = {
    ("baseline", 2026): {"people": 100, "person_years": 98.0, "deaths": 4, "fractures.hip": 5},
    ("baseline", 2027): {"people": 96, "person_years": 95.0, "deaths": 2, "fractures.hip": 5},
    ("scan", 2026): {"people": 100, "person_years": 98.0, "deaths": 4, "fractures.hip": 3, "scans": 40},
    ("scan", 2027): {"people": 96, "person_years": 95.0, "deaths": 2, "fractures.hip": 2, "people_treated": 20},
}


def columns(**more):
    """The long table of one draw and seed: half of everybody women of 60 to 69, half men."""
    rows = [
        (scenario, 0, year, stratum, measure, value / 2)
        for (scenario, year), counts in COUNTS.items()
        for measure, value in (counts | more).items()
        for stratum in ("women.60-69", "men.60-69")
    ]
    names = ("scenario", "draw", "year", "stratum", "measure", "value")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


@pytest.fixture
def file(tmp_path):
    """The file of strategies."""
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return read_strategies(path, Evidence.load())


def test_counts_become_events_per_person(file):
    """Of 100 people 96 and 94 are alive at the ends of the years, and 5 and 5 hips were broken."""
    table = counted_events(columns(), file)
    assert table.alive[0, 0].tolist() == pytest.approx([1.0, 0.96, 0.94])
    assert table.fractures["hip"][:, 0].tolist() == [[0.05, 0.05], [0.03, 0.02]]
    assert table.male == 0.5
    assert table.age_y.tolist() == pytest.approx([65.0, 65.0])
    assert table.edss.tolist() == [[4.0, 4.0], [4.0, 4.0]]


def test_the_edss_that_was_counted_is_used(file):
    """EDSS years over years lived: 2 of each."""
    counted = columns(edss_years=0.0)
    counted["value"] = [
        2.0 * dict(COUNTS[s, y])["person_years"] / 2 if m == "edss_years" else v
        for s, y, m, v in zip(*(counted[c] for c in ("scenario", "year", "measure", "value")), strict=True)
    ]
    assert counted_events(counted, file).edss == pytest.approx(np.full((2, 2), 2.0))


def test_scans_and_treated_years_cost_as_they_were_counted(file):
    """40 scans of 100 in the first year, 20 years of 250 in the second, at the middles of the years."""
    setting = Setting(file, [], [1.0], {})
    found = evaluate_counted(setting, counted_events(columns(), file), Model.default(), 30, 1)
    assert found.by_category["a scan"][1] == pytest.approx(np.full(30, 0.4 * 100 * 1.035**-0.5))
    assert found.by_category["a year"][1] == pytest.approx(np.full(30, 0.2 * 250 * 1.035**-1.5))
    assert found.by_category["a scan"][0].tolist() == [0.0] * 30
    assert (found.outcomes.qalys[1] > found.outcomes.qalys[0]).all()
    assert (found.by_category["fractures"][1] < found.by_category["fractures"][0]).all()


def test_events_of_few_draws_come_again(file):
    """Three draws of one: the same events, and their mean is themselves."""
    table = counted_events(columns(), file)
    assert for_draws(table, 3).alive.shape == (2, 3, 3)
    assert averaged(for_draws(table, 3)).alive == pytest.approx(table.alive)


def test_a_run_is_read_from_its_folder(file, tmp_path):
    """Parquet and manifest; people of another country, and a folder without a run, are refused."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    folder = tmp_path / "counted"
    folder.mkdir()
    pq.write_table(pa.table(columns()), folder / "results.parquet")
    manifest = {"study": {"people": {"country": "UK"}}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert read_population(folder, file).strategies == ("none", "scan")
    (folder / "manifest.json").write_text(json.dumps({"study": {"people": {"country": "US"}}}), encoding="utf-8")
    with pytest.raises(StrategiesRefused, match="found people of US; expected people of UK"):
        read_population(folder, file)
    with pytest.raises(StrategiesRefused, match="cannot be read"):
        read_population(tmp_path / "nowhere", file)


def test_scenarios_and_years_that_were_not_counted_are_refused(file):
    """With what there is."""
    renamed = columns()
    renamed["scenario"] = ["other" if name == "scan" else name for name in renamed["scenario"]]
    with pytest.raises(StrategiesRefused, match="found no scenario scan; expected baseline, other"):
        counted_events(renamed, file)
    with pytest.raises(StrategiesRefused, match="horizon_y: found 9; expected 2 at most"):
        counted_events(columns(), file.model_copy(update={"horizon_y": 9}))
