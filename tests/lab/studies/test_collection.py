"""Somebody's own studies beside ours or instead of them: what is read, and what is refused before anything is run."""

from pathlib import Path
from shutil import copytree

import pytest

from trabecula.data_files import DataError
from trabecula.evidence import Evidence
from trabecula.lab.studies.collection import every_study, package_collection, read_collection
from trabecula.lab.studies.fracture_measures import measure_expected
from trabecula.lab.studies.fracture_record import FractureStudy
from trabecula.lab.studies.reproduce import reproduce
from trabecula.model import Model

EXAMPLE = Path(__file__).parents[3] / "examples" / "studies"
TRIAL, DIARY, FINDINGS = "my_alendronate_trial.yaml", "my_fall_diary.yaml", "findings.csv"


@pytest.fixture(scope="module")
def evidence():
    """The registry that ships."""
    return Evidence.load()


@pytest.fixture
def folder(tmp_path):
    """The example, to be spoilt."""
    copytree(EXAMPLE, tmp_path / "mine")
    return tmp_path / "mine"


def spoil(folder, file, old, new):
    """Write something else into a file of the example."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def refusal(folder, evidence, **how):
    """What is said of a folder that cannot be used."""
    with pytest.raises(DataError) as said:
        read_collection(folder, folder / FINDINGS, evidence, **{"only_mine": True, **how})
    return "\n".join(said.value.problems)


def test_the_example_stands_alone_or_beside_ours(evidence):
    """Studies of both kinds are read, and ours come first."""
    mine = read_collection(EXAMPLE, EXAMPLE / FINDINGS, evidence, only_mine=True)
    assert [*mine.studies] == ["my_alendronate_trial", "my_fall_diary"]
    both = read_collection(EXAMPLE, EXAMPLE / FINDINGS, evidence)
    assert [*both.studies] == [*every_study(), *mine.studies]


def test_findings_of_ones_own_have_their_document(evidence):
    """Beside the file, in sources.csv, or else as the row cites it; the registry itself keeps what it had."""
    found = read_collection(EXAMPLE, EXAMPLE / FINDINGS, evidence).evidence
    assert found.finding("my_trial.nobody_2026.fallers").value == 52
    assert found.source("my_trial.nobody_2026.fallers").id == "nobody_2026"
    assert found.finding("pulse_bmd.zorzon_2005.fn_bmd_vs_edss_r") == evidence.finding(
        "pulse_bmd.zorzon_2005.fn_bmd_vs_edss_r"
    )
    assert "my_trial.nobody_2026.fallers" not in evidence.findings()


def test_studies_of_ones_own_are_reproduced_like_ours(evidence):
    """Every finding has its row, its role is what the file says, and ours are the same with or without them."""
    mine = read_collection(EXAMPLE, EXAMPLE / FINDINGS, evidence)
    found = reproduce(Model(mine.evidence), ["my_fall_diary", "leslie_2019"], draws=3, known=mine.studies)
    own = [row for row in found if row.study == "my_fall_diary"]
    assert [row.finding.rpartition(".")[2] for row in own] == ["fallers", "mean_falls"]
    assert {row.role for row in own} == {"predicted"}
    alone = package_collection(evidence)
    assert found[len(own) :] == reproduce(Model(alone.evidence), ["leslie_2019"], draws=3, known=alone.studies)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (TRIAL, "    supplements:", "    suplements:", "unknown key; expected one of steroids, medicines"),
        (TRIAL, "    supplements:", "    suplements:", "did you mean supplements?"),
        (DIARY, "  months: 3", "  month: 3", "setting.month: found an unknown key; expected one of kind, n, months"),
        (DIARY, "kind: diary", "kind: dairy", "setting: found the kind 'dairy'; expected one of 'diary'"),
        (TRIAL, "role: predicted", "role: guessed", "targets.1.role: found 'guessed'; expected 'fitted' or"),
        (TRIAL, "id: my_alendronate_trial", "id: other", "name the file other.yaml"),
        (TRIAL, "id: my_alendronate_trial", "id: ../x", "expected small letters, digits and underscores"),
        (TRIAL, "drug: alendronate", "drug: alendrite", "the medicine 'alendrite'; expected one that the model knows"),
        (DIARY, ".fallers: fallers", ".fallers: falers", "the measure 'falers'; expected one of fallers"),
        (FINDINGS, ".mean_falls,", ".falls,", "my_trial.nobody_2026.mean_falls: found no such finding"),
        (FINDINGS, ".mean_falls,", ".falls,", "my_trial.nobody_2026.falls: found a finding that no study"),
        (FINDINGS, ",unit,", ",units,", "found no column unit, the unknown column 'units'; expected the columns id"),
        (FINDINGS, "3 mo,52,", "3 mo,,", "found no number in the finding; expected one; give the target a direc"),
        (FINDINGS, ",CI95,", ",CI99,", "findings.csv line 2: my_trial.nobody_2026.spine_24mo: `interval`"),
        (FINDINGS, "my_trial.nobody_2026.fallers", "ms_falls.nilsagard_2015.fallers", "already taken in"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_before_anything_is_run(folder, evidence, file, old, new, said):
    """The message says where, what was found, what was expected, and what to do."""
    spoil(folder, file, old, new)
    assert said in refusal(folder, evidence)


def test_all_problems_are_told_at_once(folder, evidence):
    """Nobody mends a folder in ten attempts."""
    spoil(folder, TRIAL, "    supplements:", "    suplements:")
    spoil(folder, DIARY, "kind: diary", "kind: dairy")
    assert len(refusal(folder, evidence).splitlines()) >= 3


def test_an_id_of_ours_is_refused_beside_ours_and_free_without(folder, evidence):
    """Two studies of one name could not be told apart."""
    spoil(folder, TRIAL, "id: my_alendronate_trial", "id: flex")
    (folder / TRIAL).rename(folder / "flex.yaml")
    assert "found the id 'flex', which a study of the package has" in refusal(folder, evidence, only_mine=False)
    assert "flex" in read_collection(folder, folder / FINDINGS, evidence, only_mine=True).studies


def test_a_folder_without_studies_and_files_of_another_kind_are_refused(tmp_path, folder, evidence):
    """An empty folder, a list, a torn file, findings in another encoding."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="found no study; expected files"):
        read_collection(tmp_path / "empty", None, evidence)
    (folder / "list.yaml").write_text("- 1\n")
    (folder / "torn.yaml").write_text("a: [1\n")
    said = refusal(folder, evidence)
    assert "list.yaml: found no keys" in said
    assert "torn.yaml: cannot be read as YAML" in said
    (folder / FINDINGS).write_bytes("id,topic\nä,ä\n".encode("latin-1"))
    assert "expected a CSV file in UTF-8" in refusal(folder, evidence)


def test_the_words_of_every_measure_of_ours_are_known():
    """What is refused in a stranger's file is what no file of ours says."""
    asked = [
        (study.setting, target)
        for study in every_study().values()
        if isinstance(study, FractureStudy)
        for target in study.targets
    ]
    assert [target.what for setting, target in asked if measure_expected(setting, target)] == []
