"""A folder of records is found wherever it lies."""

from pathlib import Path

import pytest

from trabecula.adapters.records import found_in


@pytest.mark.parametrize("way", ["../people", "../.hidden/people"])
def test_where_a_folder_lies_is_no_matter(tmp_path, monkeypatch, way):
    """Two dots on the way, or a hidden folder above it; what is hidden in it is left out."""
    here = tmp_path / "here"
    folder = here / way
    here.mkdir()
    folder.resolve().mkdir(parents=True)
    for name in ("a.json", ".b.json", "~c.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(here)
    assert [file.name for file in found_in(Path(way), (".json",))] == ["a.json"]
