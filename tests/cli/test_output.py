import os
import stat

import pytest

from trabecula.cli import output
from trabecula.cli.output import CommandRefused


def files_in(folder):
    """What is in a folder."""
    return sorted(each.name for each in folder.iterdir())


def test_a_refused_record_leaves_no_file(run, tmp_path):
    """No answer, no file."""
    result = run("assess", tmp_path / "nobody.yaml", "--output", tmp_path / "answer.txt")
    assert result.exit_code == 2
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("name", ["", "missing/answer.txt"])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(run, woman, tmp_path, name):
    """A folder, or a folder that isn't there."""
    result = run("assess", woman, "--output", tmp_path / name)
    assert result.exit_code == 2
    assert "--output: found" in result.stderr
    assert files_in(tmp_path) == ["woman.yaml"]


def test_a_device_is_no_place_for_an_answer(run, woman):
    """Moving a file over /dev/null would replace it."""
    result = run("assess", woman, "--output", "/dev/null")
    assert result.exit_code == 2
    assert "not a regular file" in result.stderr


def test_the_record_is_not_overwritten(run, woman):
    """Not even by another name of the same file."""
    before = woman.read_text()
    result = run("assess", woman, "--output", woman.parent / "." / woman.name)
    assert result.exit_code == 2
    assert "the record itself" in result.stderr
    assert woman.read_text() == before


def test_two_answers_do_not_go_to_one_file(run, woman, tmp_path):
    """The loss report would replace the answer."""
    result = run("assess", woman, "--output", tmp_path / "a", "--loss-report", tmp_path / "." / "a")
    assert result.exit_code == 2
    assert "--loss-report: found" in result.stderr


def test_a_file_is_replaced_in_whole(tmp_path):
    """What was there before is gone, and nothing else is left behind."""
    target = tmp_path / "answer.txt"
    target.write_text("a longer text than the next")
    output.write("short\n", target)
    assert target.read_text() == "short\n"
    assert files_in(tmp_path) == ["answer.txt"]


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path, monkeypatch):
    """The new text is moved into place only when it is complete."""
    target = tmp_path / "answer.txt"
    target.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(CommandRefused, match="No space left on device"):
        output.write("new", target)
    assert target.read_text() == "old"
    assert files_in(tmp_path) == ["answer.txt"]


def test_a_text_that_cannot_be_encoded_leaves_nothing(tmp_path):
    """Even a fault of the program leaves no part of a file."""
    with pytest.raises(UnicodeEncodeError):
        output.write("\ud800", tmp_path / "answer.txt")
    assert files_in(tmp_path) == []


def test_a_link_stays_a_link(tmp_path):
    """The file it points to is replaced."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    output.write("new", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_new_file_has_the_usual_permissions(tmp_path):
    """As the user's umask says."""
    mask = os.umask(0o027)
    try:
        output.write("text", tmp_path / "answer.txt")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "answer.txt").stat().st_mode) == 0o640


def test_a_folder_without_permission_is_refused(run, woman, tmp_path, monkeypatch):
    """The folder is named. Root may write anywhere, so the system's answer is made up."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    result = run("assess", woman, "--output", closed / "answer.txt")
    assert result.exit_code == 2
    assert "not writable" in result.stderr
