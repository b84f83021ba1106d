"""Files with data: read as strictly from what was kept of them as from themselves."""

import pytest
import yaml

from trabecula import data_files


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of its own with one file."""
    monkeypatch.setattr(data_files, "_PACKAGE", tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    path = tmp_path / "rows.yaml"
    path.write_text("a: 1\n")
    return path


def test_a_file_that_was_kept_is_read_without_being_parsed(package, monkeypatch):
    """The second command finds what the first has parsed."""
    assert data_files.load_yaml(package) == {"a": 1}
    monkeypatch.setattr(data_files.yaml, "load", None)
    assert data_files.load_yaml(package) == {"a": 1}


def test_another_content_is_never_answered_by_what_was_kept(package):
    """Whoever changes a file finds the change, and nothing of the earlier file stays."""
    data_files.load_yaml(package)
    package.write_text("a: 2\n")
    assert data_files.load_yaml(package) == {"a": 2}
    assert len([*(package.parent / "__pycache__").iterdir()]) == 1


def test_what_was_kept_and_is_damaged_is_parsed_again(package):
    """A disk that was full leaves half a file: it is not believed."""
    data_files.load_yaml(package)
    (kept,) = (package.parent / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:5])
    assert data_files.load_yaml(package) == {"a": 1}


@pytest.mark.usefixtures("package")
def test_a_file_of_somebody_else_leaves_nothing_beside_it(tmp_path_factory):
    """An overlay is a folder of the user's: nothing is written there."""
    path = tmp_path_factory.mktemp("overlay") / "rows.yaml"
    path.write_text("a: 1\n")
    assert data_files.load_yaml(path) == {"a": 1}
    assert [*path.parent.iterdir()] == [path]


def test_a_key_written_twice_is_refused_and_not_kept(package):
    """What is wrong stays wrong for the next command too."""
    package.write_text("a: 1\na: 2\n")
    for _ in range(2):
        with pytest.raises(yaml.YAMLError, match="twice"):
            data_files.load_yaml(package)
