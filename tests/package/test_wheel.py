"""What is in the package that a stranger installs."""

import email
import re
import subprocess
import tomllib
import zipfile

import pytest

from .conftest import ROOT, built

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def names(wheel):
    """The files of the wheel."""
    with zipfile.ZipFile(wheel) as packed:
        return {name for name in packed.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def metadata(wheel):
    """What an installer reads."""
    with zipfile.ZipFile(wheel) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(packed.read(name))


def tracked(folder):
    """The files of a folder that are kept in the repository."""
    listed = subprocess.run(["git", "ls-files", "-z", folder], cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in listed.stdout.split("\0") if name and not (ROOT / name).is_symlink()}


def test_every_file_of_the_program_is_in_the_wheel(names):
    """Data, catalogues, templates and what a page needs, built by way of the source distribution."""
    assert {name.removeprefix("src/") for name in tracked("src")} - names == set()


def test_the_examples_are_in_the_wheel(names):
    """The app's examples are those of the repository, by a link that a package does not carry: the files are there."""
    expected = {name.replace("examples/", "trabecula/web/examples/", 1) for name in tracked("examples")}
    assert expected - names == set()


def test_nothing_else_is_in_the_wheel(names):
    """No tests, no documents, no compiled leftovers of the machine that built it."""
    ours = {name for name in names if not re.match(r"trabecula-[\d.]+\.dist-info/", name)}
    assert {name for name in ours if not name.startswith("trabecula/") or "__pycache__" in name} == set()


def test_the_licence_and_the_command_come_along(names, metadata):
    """The text of the licence, and a command of the name."""
    assert metadata["License-Expression"] == "Apache-2.0"
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names)


def test_every_extra_is_offered(metadata):
    """What pyproject.toml names can be asked for when it is installed."""
    assert {*PROJECT["optional-dependencies"]} == {*metadata.get_all("Provides-Extra")}


def test_the_wheel_of_the_checkout_is_the_same(names, tmp_path):
    """With or without the source distribution between."""
    with zipfile.ZipFile(built(ROOT, "wheel", tmp_path)) as packed:
        assert sorted(names) == sorted(packed.namelist())


def test_two_builds_give_the_same_bytes(sdist, tmp_path):
    """Whoever builds the same source gets the same source distribution, and can compare hashes."""
    assert sdist.read_bytes() == built(ROOT, "sdist", tmp_path).read_bytes()
