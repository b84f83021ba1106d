import os

import pytest

from cli.conftest import WOMAN
from trabecula.cli import compiling


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty place for compiled code."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folder = tmp_path / "skeleton_123"
    folder.mkdir()
    return folder


@pytest.mark.usefixtures("cache")
def test_nothing_is_compiled_in_an_empty_cache():
    """The first run has to compile."""
    assert not compiling.is_compiled()


def test_compiled_code_is_found(cache):
    """A later run has not."""
    (cache / "kernel._march_many.locals.march_some-1.py311.nbi").touch()
    assert compiling.is_compiled()


def test_compiled_code_older_than_its_source_does_not_count(cache):
    """After an update it is compiled again."""
    index = cache / "kernel._march_many.locals.march_some-1.py311.nbi"
    index.touch()
    os.utime(index, (0, 0))
    assert not compiling.is_compiled()


def test_compiling_is_announced(run, monkeypatch):
    """Somebody who waits is told why, on standard error."""
    monkeypatch.setattr(compiling, "is_compiled", lambda: False)
    result = run("assess", "-", input=WOMAN)
    assert "Compiling the skeleton's kernel" in result.stderr
    assert "Compiling" not in result.stdout


def test_a_compiled_kernel_is_not_announced(run, monkeypatch):
    """Nothing is said when nothing takes long."""
    monkeypatch.setattr(compiling, "is_compiled", lambda: True)
    assert "Compiling" not in run("assess", "-", input=WOMAN).stderr
