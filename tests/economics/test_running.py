"""From a file to its report: the whole way of a small evaluation."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner

from trabecula.cli import cli as command_line
from trabecula.economics.files import read_outcomes

from .test_strategies import EXAMPLE

DRAWS = "60"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The example with few draws, as the command writes it."""
    folder = tmp_path_factory.mktemp("economics") / "worth"
    answer = run("run", str(EXAMPLE), "-o", str(folder), "--draws", DRAWS)
    assert answer.exit_code == 0, answer.output
    return folder


def run(*arguments):
    """The command, in this process."""
    return CliRunner().invoke(command_line, ["economics", *arguments])


def test_bcea_and_hesim_read_the_same_numbers(finished):
    """A row a draw and a column a strategy; and long, a row a sample and strategy."""
    outcomes = read_outcomes(finished)
    assert outcomes.strategies == ("as recorded", "exercise", "alendronate", "zoledronate")
    assert outcomes.costs.shape == (4, int(DRAWS))
    with (finished / "hesim_ce.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 * int(DRAWS)
    first = [row for row in rows if row["sample"] == "1"]
    assert [float(row["costs"]) for row in first] == outcomes.costs[:, 0].tolist()
    with (finished / "bcea_inputs.csv").open(encoding="utf-8") as file:
        assert "economics.cost.uk.hip" in next(csv.reader(file))


def test_every_strategy_prevents_fractures_and_says_what_it_costs(finished):
    """No worse than what is recorded, in the same worlds."""
    result = json.loads((finished / "result.json").read_text(encoding="utf-8"))
    recorded, *others = result["strategies"]
    for one in others:
        assert one["fractures_per_1000"]["hip"]["mean"] < recorded["fractures_per_1000"]["hip"]["mean"]
        assert one["qaly"]["mean"] > recorded["qaly"]["mean"]
    assert recorded["costs"]["uk.dxa"]["mean"] == 0.0
    assert all(cost["sources"] or cost["parameter"] in result["assumed"] for cost in result["costs_used"])


def test_totals_are_sums_of_their_parts(finished):
    """Costs by category add up to costs."""
    result = json.loads((finished / "result.json").read_text(encoding="utf-8"))
    for one in result["strategies"]:
        assert sum(part["mean"] for part in one["costs"].values()) == pytest.approx(one["cost"]["mean"])


def test_the_report_answers_every_item_of_cheers(finished):
    """28 items, each with an answer, and the areas of ESCEO and IOF."""
    text = run("report", str(finished)).output
    items = text.split("## CHEERS 2022")[1].split("## ESCEO")[0].strip().splitlines()[2:]
    assert len([line for line in items if line.startswith("|")]) == 28
    assert all(line.count("|") == 4 and line.split("|")[3].strip() for line in items if line.startswith("|"))
    assert "{" not in text
    assert text == (finished / "report.md").read_text(encoding="utf-8")


def test_a_run_that_was_stopped_goes_on_with_the_same_result(finished):
    """What was finished is lost: resumed, the tables are the same to the last digit."""
    before = {name: (finished / name).read_bytes() for name in ("bcea_cost.csv", "bcea_eff.csv", "result.json")}
    kept = sorted((finished / "people").glob("*.npz"))
    kept[0].unlink()
    refused = run("run", str(EXAMPLE), "-o", str(finished), "--draws", DRAWS)
    assert refused.exit_code == 2
    assert "not empty" in refused.output
    assert run("run", str(EXAMPLE), "-o", str(finished), "--draws", DRAWS, "--resume").exit_code == 0
    assert before == {name: (finished / name).read_bytes() for name in before}


def test_a_horizon_past_the_life_table_is_refused(tmp_path):
    """Before anybody is lived through, with its line."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("horizon_y: 10", "horizon_y: 70")
    file = tmp_path / "long.yaml"
    file.write_text(text.replace("../ms", str(EXAMPLE.parents[1] / "ms")), encoding="utf-8")
    answer = run("run", str(file), "-o", str(tmp_path / "worth"))
    assert answer.exit_code == 2
    line = 1 + text.splitlines().index(next(each for each in text.splitlines() if each.startswith("horizon_y")))
    told = f"long.yaml line {line}: horizon_y: found 70 years from age 58 on; expected 52 at most"
    assert told in " ".join(answer.output.split())
    assert not (tmp_path / "worth").exists()


def test_a_folder_without_a_run_is_refused(tmp_path):
    """The report says what it expected."""
    answer = run("report", str(tmp_path))
    assert answer.exit_code == 2
    assert "expected a folder that `trabecula economics run` has written" in answer.output


def test_the_mean_is_that_of_the_draws(finished):
    """What the report prints is what BCEA would print."""
    result = json.loads((finished / "result.json").read_text(encoding="utf-8"))
    assert np.mean(read_outcomes(finished).qalys[2]) == pytest.approx(result["strategies"][2]["qaly"]["mean"])


VIRTUAL = """\
schema_version: "1"
title: Six virtual people
country: UK
currency: GBP
price_year: 2025
begin: 2026-12-01
horizon_y: 5
people:
  - {virtual: 6, share: 1.0}
strategies:
  - {name: as recorded, costs: nothing}
  - name: tablets
    plan: alendronate
    costs: [{cost: uk.alendronate}]
"""


def test_several_processes_and_a_loss_on_the_way_change_nothing(tmp_path):
    """Six virtual people in one process; then in two, after a block of an earlier run was lost."""
    file = tmp_path / "virtual.yaml"
    file.write_text(VIRTUAL, encoding="utf-8")
    one, two = tmp_path / "one", tmp_path / "two"
    assert run("run", str(file), "-o", str(one), "--draws", DRAWS).exit_code == 0
    assert run("run", str(file), "-o", str(two), "--draws", DRAWS, "--workers", "2").exit_code == 0
    lost = sorted((two / "people").glob("*.npz"))[0]
    lost.unlink()
    assert run("run", str(file), "-o", str(two), "--draws", DRAWS, "--workers", "2", "--resume").exit_code == 0
    for name in ("bcea_cost.csv", "bcea_eff.csv", "result.json"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_run_stops_once_enough_is_known_with_the_same_result_however_many_work(tmp_path):
    """Of sixty people the first forty are enough for a hundred pounds; they stand for all, and the report says so."""
    file = tmp_path / "virtual.yaml"
    file.write_text(VIRTUAL.replace("horizon_y: 5", "horizon_y: 1"), encoding="utf-8")
    asked = ("run", str(file), "--draws", "20", "--people", "60", "--until", "100")
    one, two = tmp_path / "one", tmp_path / "two"
    assert run(*asked, "-o", str(one)).exit_code == 0
    assert run(*asked, "-o", str(two), "--workers", "2").exit_code == 0
    found = json.loads((one / "result.json").read_text(encoding="utf-8"))
    assert found["lived_through"] == 40
    assert 0.0 < found["half_width"] < 100.0
    assert "40 people were lived through" in (one / "report.md").read_text(encoding="utf-8")
    assert found["strategies"][0]["life_years"]["mean"] == pytest.approx(1.0, abs=0.02)
    assert (one / "result.json").read_bytes() == (two / "result.json").read_bytes()


def test_one_parameter_at_a_time_moves_what_is_chosen_beside_the_next_best(finished):
    """Not the first of the file beside itself."""
    bars = json.loads((finished / "result.json").read_text(encoding="utf-8"))["tornado"]
    assert bars["of"] != bars["beside"]
    assert any(bar["low"] != bar["high"] for bar in bars["bars"])


def test_the_number_of_virtual_people_can_be_given(tmp_path):
    """Two instead of the six of the file, and the manifest says so."""
    file = tmp_path / "virtual.yaml"
    file.write_text(VIRTUAL, encoding="utf-8")
    folder = tmp_path / "worth"
    assert run("run", str(file), "-o", str(folder), "--draws", DRAWS, "--people", "2").exit_code == 0
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["people"] == 2


def test_pictures_have_words_and_are_drawn_the_same_twice(finished):
    """Plane, acceptability and tornado: each with a title, a description, and the same bytes."""
    names = ("plane.svg", "acceptability.svg", "tornado.svg")
    assert run("report", str(finished), "--pictures").exit_code == 0
    before = {name: (finished / name).read_text(encoding="utf-8") for name in names}
    assert all("<title" in svg and "<desc" in svg for svg in before.values())
    assert "one would choose alendronate" in before["acceptability.svg"]
    assert run("report", str(finished), "--pictures").exit_code == 0
    assert before == {name: (finished / name).read_text(encoding="utf-8") for name in names}
