"""`trabecula cohort synthesise`: people who do not exist, in every form, in whole or not at all."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from trabecula.adapters import synthetic
from trabecula.adapters.files import read_record
from trabecula.cli.cohort_synthesise import synthesise
from trabecula.evidence import Evidence
from trabecula.people import VirtualRegister

ON = date(2026, 11, 30)


def run(*arguments: object):
    """The command with these arguments."""
    return CliRunner().invoke(synthesise, [*map(str, arguments)])


def people(size: int, seed: int = 1):
    """The people that the command draws."""
    return list(VirtualRegister(ON, seed, Evidence.load()).people(range(1, size + 1)))


def test_an_omop_folder_holds_the_people_that_were_drawn(tmp_path):
    """And says that nobody in it is real, in the manifest and in the description of the source."""
    from trabecula.adapters.omop import omop_register

    done = run("--people", 5, "--format", "omop", "-o", tmp_path / "cdm")
    assert done.exit_code == 0, done.output
    register = omop_register(str(tmp_path / "cdm"), ON)
    assert register is not None
    assert [entry.person for entry in register] == people(5)
    assert "SYNTHETIC" in json.loads((tmp_path / "cdm" / synthetic.MANIFEST).read_text())["synthetic"]
    assert "SYNTHETIC" in (tmp_path / "cdm" / "cdm_source.csv").read_text()


def test_each_bundle_of_fhir_is_one_person_and_test_data(tmp_path):
    """Every resource carries the tag; the record comes back but for its pseudonym and the day."""
    assert run("--people", 3, "--format", "fhir", "-o", tmp_path / "fhir").exit_code == 0
    for person in people(3):
        file = tmp_path / "fhir" / f"{person.id}.json"
        entries = json.loads(file.read_text())["entry"]
        assert all(entry["resource"]["meta"]["tag"][0]["code"] == "HTEST" for entry in entries)
        back = read_record(file, ON).person
        assert back.model_copy(update={"id": person.id, "assessed_on": person.assessed_on}) == person


def test_the_size_is_said_first_and_is_about_right(tmp_path):
    """Before anything is written; within a factor of two."""
    done = run("--people", 40, "--format", "omop", "-o", tmp_path / "cdm")
    assert "40 synthetic people as omop: about 1 MB" in done.output
    size = sum(file.stat().st_size for file in (tmp_path / "cdm").iterdir())
    assert 0.5 < size / (40 * synthetic.BYTES_EACH["omop"]) < 2.0


def test_nothing_is_overwritten(tmp_path):
    """A folder that is there stays as it is."""
    (tmp_path / "there").mkdir()
    done = run("--people", 2, "--format", "omop", "-o", tmp_path / "there")
    assert done.exit_code == 2
    assert "which is there already" in done.output
    assert list((tmp_path / "there").iterdir()) == []


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    """Neither the folder nor a part of it."""

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(synthetic._WRITERS, "omop", full)
    done = run("--people", 2, "--format", "omop", "-o", tmp_path / "cdm")
    assert done.exit_code == 2
    assert "No space left on device" in done.output
    assert list(tmp_path.iterdir()) == []


def test_more_than_the_disk_holds_is_refused_before_anything_is_drawn(tmp_path, monkeypatch):
    """With what there is room for."""
    monkeypatch.setattr(synthetic, "free_bytes", lambda _folder: 1_000_000)
    done = run("--people", 1_000_000, "--format", "omop", "-o", tmp_path / "cdm")
    assert done.exit_code == 2
    assert "1 MB that are free" in done.output


def test_a_workbook_holds_no_million_people(tmp_path):
    """A sheet ends at a million rows."""
    done = run("--people", 100_000, "--format", "excel", "-o", tmp_path / "book")
    assert done.exit_code == 2
    assert "use --format csv or omop" in done.output


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_tables_hold_the_people_that_were_drawn(tmp_path, form):
    """In the form of the template, from which the register reads the same people."""
    pytest.importorskip("trabecula.adapters.table.register")
    from trabecula.adapters.registers import register_of

    assert run("--people", 6, "--format", form, "-o", tmp_path / "tables").exit_code == 0
    found = [entry.person for entry in register_of(str(tmp_path / "tables"), ON)]
    assert [person and person.ms for person in found] == [person.ms for person in people(6)]
    assert [person and person.steroids for person in found] == [person.steroids for person in people(6)]
