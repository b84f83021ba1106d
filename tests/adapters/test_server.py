"""Reading from a FHIR server and its authorisation server, both a process of the tests', over HTTP."""

import asyncio
import json
import stat
from datetime import date
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from joserfc.jwk import ECKey, OctKey, RSAKey

from beside import process
from trabecula.adapters.fhir.many import ManyPatients
from trabecula.adapters.fhir.writing import write_bundle
from trabecula.adapters.files import read_record
from trabecula.adapters.server import patient
from trabecula.adapters.server.addresses import is_within
from trabecula.adapters.server.pages import Budget, FhirServer, ServerRefused
from trabecula.adapters.server.smart import BackendToken, read_settings, scopes
from trabecula.cli import cli
from trabecula.person import read_person

from .smart_server import AT, CLIENT

TODAY = date(2026, 11, 22)
KEY = ECKey.generate_key("P-384", {"kid": "ours"})
SECRET_WORDS = ("p1", "Musterfrau", "127.0.0.1")
RECORD = {
    "birth_date": "1970-05-02", "sex": "female", "country": "DE", "ms": {"onset": "2004-01-01"},
    "dxa": [{"date": f"20{year}-12-01", "site": site, "t_score": -2.5} for year in (18, 20, 22)
            for site in ("lumbar_spine", "femoral_neck")],
    "injections": [{"drug": "denosumab", "date": f"202{year}-03-01"} for year in range(1, 6)],
    "steroids": [{"drug": "prednisone", "start": "2015-01-01", "end": "2015-03-01", "dose_mg": 20.0}],
}  # fmt: skip


def resources():
    """A record as a server has it: each resource with an id, all about p1."""
    held = [entry["resource"] for entry in write_bundle(read_person(RECORD, TODAY), TODAY).bundle["entry"]]
    plain = json.loads(json.dumps(held, default=float))
    for number, resource in enumerate(plain):
        resource["id"] = "p1" if resource["resourceType"] == "Patient" else f"r{number}"
        for name in ("subject", "patient"):
            if name in resource:
                resource[name] = {"reference": "Patient/p1"}
    return plain


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of the server."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "data.json").write_text(json.dumps(resources()))
    (folder / "keys.json").write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}))
    script = Path(__file__).with_name("smart_server.py")
    with process(script, folder / "data.json", folder / "keys.json", asked="asked") as address:
        yield address


@pytest.fixture
def settings(server, tmp_path):
    """Makes a file of settings for a manner of the server."""
    (tmp_path / "key.json").write_text(json.dumps(KEY.as_dict(private=True)))

    def made(manner, **more):
        held = {"base_url": f"{server}/{manner}", "client_id": CLIENT, "key_file": str(tmp_path / "key.json"), **more}
        path = tmp_path / f"{manner}.settings"
        path.write_text(json.dumps(held))
        return str(path)

    return made


def fetch(*arguments, input=None):
    """The command."""
    return CliRunner().invoke(cli, ["fetch", *map(str, arguments)], input=input)


async def _record(settings, budget):
    """A record, with a budget of its own."""
    async with httpx.AsyncClient() as client:
        bearer = BackendToken(client, settings, patient.ASKED)
        return await patient.record_of(FhirServer(client, settings.base_url, budget, bearer), "p1")


def brought(path, budget=Budget(200, 20_000_000, 500.0)):  # noqa: B008  # frozen
    """The resources of a record."""
    bundle = asyncio.run(_record(read_settings(path), budget))
    return [entry["resource"] for entry in bundle["entry"]]


@pytest.mark.parametrize("manner", ["well", "busy", "short"])
def test_a_record_is_fetched_with_all_its_pages(server, settings, manner):
    """Also from a server that is busy at first, and from one whose tokens end after three uses."""
    found = brought(settings(manner))
    kept = [held for held in resources() if held["resourceType"] in patient.ASKED]
    assert sorted(held["id"] for held in found) == sorted(held["id"] for held in kept)
    asked = httpx.get(f"{server}/asked").json()
    assert {line.split()[0] for line in asked if "/token" not in line} == {"GET"}
    if manner == "short":
        assert asked.count("POST /token") > 2


def test_the_command_writes_a_file_that_is_read_like_any(settings, tmp_path):
    """The id may come by standard input; the file is its owner's alone."""
    target = tmp_path / "record.json"
    result = fetch(settings("well"), "--patient", "-", "-o", target, input="p1\n")
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "p1" not in result.output.replace(str(tmp_path), "")
    person = read_record(target, TODAY).person
    assert (len(person.dxa), len(person.injections), len(person.steroids)) == (6, 5, 1)


def test_what_a_server_does_not_give_is_named_in_the_report(settings, tmp_path):
    """Two types are not given and one way of asking is not known: the record says so under Assumed."""
    target = tmp_path / "record.json"
    result = fetch(settings("partial"), "--patient", "p1", "-o", target)
    assert result.exit_code == 0, result.output
    report = read_record(target, TODAY).report
    told = " ".join(str(line.what) for line in report.assumed)
    assert "MedicationAdministration: not given by the server" in told
    assert "FamilyMemberHistory: not given by the server" in told


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        ("broken", "Observation: found an error of the server (500, exception)"),
        ("slow", "found no answer in time"),
        ("loop", "found a page that was there before"),
        ("endless", "found more pages than are read"),
        ("away", "found a link to another server"),
        ("noise", "Observation: found more data than are read"),
    ],
)
def test_a_server_that_misbehaves_is_refused_in_a_sentence_without_an_id(settings, manner, said):
    """Half a record is no record: nothing is kept of it, and nothing in the sentence says about whom it is."""
    path = settings(manner)
    with pytest.raises(ServerRefused) as refused:
        brought(path, Budget(60, 5_000_000, 6.0 if manner == "slow" else 500.0))
    assert said in str(refused.value)
    assert not any(word in str(refused.value) for word in SECRET_WORDS)


def test_a_patient_who_is_not_there_leaves_no_file(settings, tmp_path):
    """The sentence does not repeat the id."""
    result = fetch(settings("well"), "--patient", "p-777", "-o", tmp_path / "record.json")
    assert (result.exit_code, (tmp_path / "record.json").exists()) == (2, False)
    assert "404" in result.output
    assert "p-777" not in result.output


def test_another_key_is_not_taken(settings, tmp_path):
    """The authorisation server says no; its code is told."""
    path = settings("well")
    (tmp_path / "key.json").write_text(json.dumps(RSAKey.generate_key(2048, {"kid": "ours"}).as_dict(private=True)))
    result = fetch(path, "--patient", "p1", "-o", tmp_path / "record.json")
    assert result.exit_code == 2
    assert "invalid_client" in result.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"base_url": "http://fhir.example/r4"}, "https"),
        ({"client_id": ""}, "belong together"),
        ({"scopes": "system/*.write"}, "reading alone"),
        ({"scopes": "system/*.cruds"}, "reading alone"),
        ({"scopes": "user/*.read"}, "reading alone"),
        ({"kye_file": "x"}, "kye_file"),
        ({"key_file": "/nowhere"}, "no private key"),
    ],
)
def test_settings_that_are_unsafe_or_misspelt_are_refused(settings, change, said):
    """Before anything is sent."""
    with pytest.raises(ServerRefused, match=said):
        read_settings(settings("well", **change))


@pytest.mark.parametrize("key", [ECKey.generate_key("P-256"), OctKey.generate_key(256), None])
def test_a_key_of_another_kind_is_refused(settings, tmp_path, key):
    """A curve that the profile does not have, a shared secret, a public key."""
    path = settings("well")
    held = KEY.as_dict(private=False) if key is None else key.as_dict(private=True)
    (tmp_path / "key.json").write_text(json.dumps(held))
    with pytest.raises(ServerRefused, match="no private key"):
        read_settings(path)


def test_scopes_are_for_reading_type_by_type():
    """Of the version that the server speaks."""
    assert scopes("system", {"Patient", "Observation"}, {}) == "system/Observation.read system/Patient.read"
    assert scopes("patient", {"Patient"}, {"capabilities": ["permission-v2"]}) == "patient/Patient.rs"


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        ("https://a.example/fhir", True),
        ("https://a.example/fhir/Patient/1", True),
        ("https://a.example/fhir?_getpages=x", True),
        ("https://a.example/fhirother", False),
        ("https://a.example/fhir/../admin", False),
        ("https://a.example/fhir/%2e%2e/admin", False),
        ("https://a.example.evil/fhir", False),
        ("https://evil.example/?https://a.example/fhir", False),
    ],
)
def test_a_token_goes_nowhere_but_below_the_base_address(address, is_inside):
    """What looks alike is another server."""
    assert is_within("https://a.example/fhir/", address) is is_inside


# ---------------------------------------------------------------- bulk export


def scans(folder):
    """Scans and MS of the one patient of a folder."""
    (found,) = ManyPatients(folder, TODAY)
    return len(found.reading.person.dxa), found.reading.person.ms is not None


@pytest.mark.parametrize("manner", ["well", "short", "cut"])
def test_an_export_becomes_a_folder_that_is_read_as_patients(settings, tmp_path, manner):
    """Kick-off, waiting, files; also where tokens end and where a file breaks off at first."""
    folder = tmp_path / "export"
    result = fetch(settings(manner), "--group", "ms-clinic", "-o", folder)
    assert result.exit_code == 0, result.output
    assert AT[0] in result.output
    assert scans(folder) == (6, True)
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert not [*folder.glob("*.part")]


def test_an_export_that_broke_off_goes_on_where_it_was(server, settings, tmp_path):
    """Files that are here are not asked for again, and nothing is begun anew."""
    folder, path = tmp_path / "export", settings("stops")
    broken = fetch(path, "--all", "-o", folder)
    assert broken.exit_code == 2
    assert "run it again to go on" in broken.output
    httpx.post(f"{server}/mend")
    before = len(httpx.get(f"{server}/asked").json())
    again = fetch(path, "--all", "-o", folder)
    assert again.exit_code == 0, again.output
    asked = httpx.get(f"{server}/asked").json()[before:]
    assert not [line for line in asked if "$export" in line or "Condition" in line]
    assert scans(folder) == (6, True)


def test_a_later_export_asks_for_changes_alone(settings, tmp_path):
    """What was deleted since is gone; without the word, a finished folder is left as it is."""
    folder, path = tmp_path / "export", settings("well")
    assert fetch(path, "--all", "-o", folder).exit_code == 0
    assert "finished export" in fetch(path, "--all", "-o", folder).output
    result = fetch(path, "--all", "--since", "last", "-o", folder)
    assert result.exit_code == 0, result.output
    assert AT[1] in result.output
    assert scans(folder) == (6, False)


def test_a_token_is_not_sent_to_where_somebody_elses_files_are(settings, tmp_path):
    """A list of files at another host is refused before anything is asked there."""
    result = fetch(settings("elsewhere"), "--all", "-o", tmp_path / "export")
    assert result.exit_code == 2
    assert "another server" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "none or several"),
        (["--all", "--patient", "p1"], "none or several"),
        (["--patient", "p1", "--since", "last"], "whole record"),
        (["--group", "../x"], "an id of FHIR"),
        (["--all", "--since", "last"], "no export"),
        (["--all", "--since", "yesterday"], "YYYY-MM-DD"),
    ],
)
def test_what_was_asked_for_must_be_clear(settings, tmp_path, arguments, said):
    """In one sentence."""
    result = fetch(settings("well"), *arguments, "-o", tmp_path / "x")
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_no_address_reaches_a_log(settings, caplog):
    """The library would write down every address at the level of information."""
    caplog.set_level("INFO")
    brought(settings("well"))
    assert not [line for line in caplog.messages if "p1" in line]
