"""Whoever waits for the compiler is told why, once; numba itself says when it compiles."""

import pytest
from numba import njit

from cli.conftest import WOMAN
from trabecula.cli.output import announcing_compilation

ANNOUNCEMENT = "Compiling the model"


@pytest.fixture
def doubled():
    """A function that has never been compiled."""

    @njit
    def doubled(x):
        return x + x

    return doubled


def test_compiling_is_announced_once(doubled, capsys):
    """Somebody who waits is told why, on standard error, and not for every function anew."""
    with announcing_compilation():
        assert doubled(1) == 2
        assert doubled(1.5) == 3.0
    output, errors = capsys.readouterr()
    assert errors.count(ANNOUNCEMENT) == 1
    assert output == ""


def test_what_is_compiled_is_not_announced(doubled, capsys):
    """Nothing is said when nothing takes long."""
    doubled(1)
    with announcing_compilation():
        doubled(2)
    assert capsys.readouterr().err == ""


def test_a_kernel_that_is_there_is_not_announced(run):
    """The second answer of a program needs no compiler."""
    run("assess", "-", input=WOMAN)
    assert ANNOUNCEMENT not in run("assess", "-", input=WOMAN).stderr
