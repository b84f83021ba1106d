"""Where machine code is kept when the program is installed where nobody can write."""

import pytest
from numba import config

from trabecula import compiled


@pytest.fixture
def read_only(monkeypatch, tmp_path):
    """An install that can only be read, and a user without a home; the temporary folder is given."""
    real = compiled.njit

    def numba(**options):
        if options.get("cache") and not config.CACHE_DIR:
            raise RuntimeError("cannot cache function: no locator available")
        return real(**{**options, "cache": False})

    monkeypatch.setattr(compiled, "njit", numba)
    monkeypatch.setattr(compiled, "KEEPING", {})
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path


def test_a_folder_of_our_own_takes_it(read_only):
    """Machine code goes into a temporary folder that this user alone can write to."""
    assert compiled.kept()(lambda x: x)
    folder = compiled.KEEPING["folder"]
    assert folder is not None
    assert folder.parent == read_only
    assert folder.stat().st_mode & 0o777 == 0o700
    assert str(folder) == config.CACHE_DIR


def test_a_folder_that_others_can_write_to_is_not_trusted(read_only):
    """Machine code is run as it is found: from a folder that somebody else prepared, none is taken."""
    for path in (read_only / f"trabecula-compiled-{compiled.os.getuid()}",):
        path.mkdir()
        path.chmod(0o777)
    assert compiled.kept()(lambda x: x)
    assert compiled.KEEPING == {"folder": None}
    assert compiled.kept()(lambda x: x)
