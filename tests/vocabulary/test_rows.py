"""The tables of the vocabulary: they load, their codes and names mean one thing, and a bad overlay is refused."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from trabecula import data_files, vocabulary
from trabecula.data_files import OVERLAY
from trabecula.evidence import Evidence, EvidenceError, library
from trabecula.vocabulary import rows
from trabecula.words.language import language

BISQUADATE = """
bisquadate:
  label: bisquadate
  class: bisphosphonate
"""
ROWS = list(rows.all_rows())


@pytest.fixture
def overlay(tmp_path, monkeypatch):
    """A folder that is laid over the package's tables once its files are written."""
    caches = (data_files.overlays, rows._read, library.package_library)

    def clear():
        for cache in caches:
            cache.cache_clear()

    def laid(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml").replace("_po", ".po")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        monkeypatch.setenv(OVERLAY, str(tmp_path))
        clear()
        return tmp_path

    yield laid
    monkeypatch.undo()
    clear()


def refusal():
    """What is said when the tables are read."""
    with pytest.raises(vocabulary.VocabularyError) as raised:
        rows._read()
    return str(raised.value)


# ---------------------------------------------------------------- the package's own tables


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}.{row.key}")
def test_every_row_speaks_three_languages(row):
    """English stands in the row, German and Italian in the catalogues, which English does not repeat."""
    for message in row.messages():
        assert language("en").say(message) == message.source
        for code in ("de", "it"):
            assert language(code).knows(message.id), message.id


def test_no_code_means_two_things():
    """Of each system, a code stands in one row."""
    found = Counter((code.system, code.code) for row in ROWS for code in row.codes)
    assert [code for code, count in found.items() if count > 1] == []


def test_every_parameter_and_finding_of_a_row_is_in_the_registry():
    """A row names numbers by their ids, and there is nothing behind a wrong one."""
    evidence = Evidence.load()
    parameters = [name for _, _, name in vocabulary.named_ids(vocabulary.ParameterId)]
    findings = [name for _, _, name in vocabulary.named_ids(vocabulary.FindingId)]
    assert [name for name in parameters if name not in evidence] == []
    assert [name for name in findings if name not in evidence.findings()] == []
    assert parameters
    assert findings


def test_a_row_of_an_overlay_is_added(overlay):
    """The table has it after its own rows; the package's are as before."""
    overlay(bone_drugs_yaml=BISQUADATE)
    assert [*vocabulary.BONE_DRUGS][-1] == "bisquadate"
    assert vocabulary.BONE_DRUGS["bisquadate"].drug_class == "bisphosphonate"


def test_a_row_may_take_the_place_of_another_if_it_says_so(overlay):
    """A hospital may know a brand that we do not."""
    text = "pamidronate: {label: pamidronate, class: bisphosphonate, aliases: [aredia], replaces: true}"
    overlay(bone_drugs_yaml=text)
    assert vocabulary.BONE_DRUGS["pamidronate"].aliases == ("aredia",)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{BISQUADATE}  half_life: 3\n", ("found the unknown key half_life", "expected label", "leave it out")),
        ("bisquadate: {class: bisphosphonate}", ("found no label", "add label")),
        ("bisquadate: {label: bisquadate}", ("found no class", "add class")),
        ("bisquadate: {label: bisquadate, class: bifosfonate}", ('found "bifosfonate"', "bisphosphonate, denosumab")),
        (
            f"{BISQUADATE}  codes: [{{system: ATC, code: M05BA04, status: recalled, display: x}}]\n",
            ('the code "ATC M05BA04", which bone_drugs.yaml, alendronate has too', "take the code out"),
        ),
        (f"{BISQUADATE}  aliases: [Fosamax]\n", ('the name "fosamax", which bone_drugs.yaml, alendronate has too',)),
        (f"{BISQUADATE}  aliases: [solu-medrol]\n", ("which steroids.yaml, methylprednisolone has too",)),
        (f"{BISQUADATE}  replaces: true\n", ("found replaces: true", "a key that exists already")),
        (f"{BISQUADATE}  taken: {{enters: daily, daily_dose: x}}\n", ("taken", "a channel for daily")),
        (f"{BISQUADATE}  codes: [{{system: ATZ}}]\n", ("codes.0.system: 'ATZ'", "'ATC', 'RxNorm'")),
        ("bisquadate: 3", ("found 3", "a row with its fields")),
        ("Bis quadate: {label: x, class: serm}", ('found the key "Bis quadate"', "small letters")),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_place_and_what_to_do(overlay, text, said):
    """File, row, what was found, what was expected, what to do."""
    overlay(bone_drugs_yaml=text)
    message = refusal()
    assert "bone_drugs.yaml, " in message
    assert "; expected " in message
    assert [part for part in said if part not in message] == []


def test_a_key_that_exists_is_refused(overlay):
    """Two rows for one drug could disagree."""
    overlay(bone_drugs_yaml="denosumab: {label: denosumab, class: denosumab}")
    assert 'found a key that bone_drugs.yaml has; expected a new key; choose another key, or add "replaces' in refusal()


def test_a_table_that_nobody_knows_is_refused(overlay):
    """A file that is not read would look as if it were."""
    overlay(bone_drug_yaml=BISQUADATE)
    said = refusal()
    assert "found bone_drug.yaml; expected one of" in said
    assert "bone_drugs, " in said


@pytest.mark.parametrize("text", ["- a list", "key: {", "bisquadate: {}\nbisquadate: {}"])
def test_a_file_that_is_no_table_is_refused_by_its_name(overlay, text):
    """Broken YAML, a list, a key written twice."""
    overlay(bone_drugs_yaml=text)
    assert refusal().startswith("bone_drugs.yaml: ")


def test_all_that_is_wrong_is_said_at_once(overlay):
    """Who repairs a table wants the whole list."""
    overlay(bone_drugs_yaml="one: {class: serm}\ntwo: {class: serm}")
    assert len(refusal().splitlines()) == 2


def test_an_overlay_with_a_catalogue_names_its_rows_in_it(overlay):
    """A German catalogue without the drug would leave English on a German page unmarked."""
    overlay(bone_drugs_yaml=BISQUADATE, words__de_po='msgid ""\nmsgstr ""\n\nmsgid "drug.other"\nmsgstr "Anderes"\n')
    assert "found no text for drug.bisquadate in words/de.po" in refusal()


def test_without_a_catalogue_english_stands_and_is_marked(overlay):
    """Nobody takes it for German."""
    overlay(bone_drugs_yaml=BISQUADATE)
    name = vocabulary.BONE_DRUGS["bisquadate"].name
    assert language("de").say(name) == "bisquadate [en]"
    assert language("en").say(name) == "bisquadate"


def test_a_parameter_that_does_not_exist_is_refused_by_the_registry(overlay):
    """The vocabulary stands below the registry, which holds the rows against what it has."""
    taken = "taken: {enters: oral_bisphosphonate, daily_dose: bisquadate.daily_dose, potency: bisquadate.potency}"
    overlay(bone_drugs_yaml=f"{BISQUADATE}  {taken}\n")
    with pytest.raises(EvidenceError) as raised:
        Evidence.load()
    first = raised.value.problems[0]
    assert first.startswith('bone_drugs.yaml, bisquadate: found the parameter "bisquadate.daily_dose"; expected the id')
    assert first.endswith("correct it, or add the parameter to a file in parameters/")


def test_a_finding_that_does_not_exist_is_refused_by_the_registry(overlay):
    """A contraindication rests on a label that somebody can look up."""
    rule = "{rule: x, sign: pregnancy, finding: label.nobody, reason: None.}"
    overlay(bone_drugs_yaml=f"{BISQUADATE}  contraindications: [{rule}]\n")
    with pytest.raises(EvidenceError, match=r"bisquadate: found the finding .label\.nobody.; expected the id"):
        Evidence.load().findings()


def test_a_parameter_id_twice_is_refused(overlay):
    """Ids are unique, in overlays too."""
    text = """
- id: timeline.medicine.alendronate.daily_dose
  label: Labelled daily dose of alendronate
  unit: mg/d
  value: 10.0
  spread: {kind: none}
  method: assumed
  because: The same id as in the package.
  reviewed: 2026-11-22
"""
    overlay(parameters__mine_yaml=text)
    with pytest.raises(EvidenceError, match=r"already taken in timeline\.yaml"):
        Evidence.load()


@pytest.mark.parametrize("command", [["assess", "{record}"], ["schema", "person"], ["evidence"]])
def test_the_command_line_says_it_in_one_message(tmp_path, command):
    """Exit code 2, no traceback, the file and the row."""
    (tmp_path / "bone_drugs.yaml").write_text("bisquadate: {class: bisphosphonate}", encoding="utf-8")
    record = tmp_path / "record.yaml"
    record.write_text("birth_date: 1960\nsex: female\nmedicines: [{drug: prolia, start: 2025}]\n", encoding="utf-8")
    words = [word.format(record=record) for word in command]
    found = subprocess.run(
        [sys.executable, "-m", "trabecula.cli", *words],
        env={**os.environ, OVERLAY: str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2, found.stderr
    assert "bone_drugs.yaml, bisquadate: found no label" in found.stderr
    assert "Traceback" not in found.stderr


def test_an_overlay_that_is_no_folder_is_refused(tmp_path):
    """A path with a slip must not be passed over in silence."""
    found = subprocess.run(
        [sys.executable, "-m", "trabecula.cli", "evidence"],
        env={**os.environ, OVERLAY: str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert "nowhere, which is no folder" in found.stderr
