"""The wheel in an empty environment, outside the checkout, for a user with nothing but a temporary folder.

Each extra is installed alone. Site-packages can only be read, there is no home, and no network. Started with
`make test-long`; `TRABECULA_PYTHONS` names other interpreters than this one, separated by colons. The sizes of the
environments are printed (pytest -s).
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from trabecula.installing import PARTS

pytestmark = pytest.mark.long

PYTHONS = [path for path in os.environ.get("TRABECULA_PYTHONS", "").split(os.pathsep) if path] or [sys.executable]
EXTRAS = ("", "frame", "report", "fhir", "web", "register", "omop", "validate")
NOBODY = 65_534
MB = 1_000_000
WOMAN = "examples/ms_woman_44.yaml"
TRIES, WAIT_S = 300, 0.2


class Installed:
    """An environment with the wheel and one extra, and a folder to work in."""

    def __init__(self, python, extra, wheel, folder):
        self.extra = extra
        self.environment, self.work = folder / "environment", folder / "work"
        self.work.mkdir()
        (folder / "tmp").mkdir()
        subprocess.run([python, "-m", "venv", self.environment], check=True)
        self.python = self.environment / "bin" / "python"
        what = f"{wheel}[{extra}]" if extra else str(wheel)
        subprocess.run([self.python, "-m", "pip", "install", "--quiet", "--no-compile", what], check=True)
        (self.site,) = self.environment.glob("lib/python*/site-packages")
        self.size_mb = size_mb(self.site)
        self.as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        offline = shutil.copytree(Path(__file__).parent / "offline", folder / "offline")
        self.variables = {"PATH": os.defpath, "PYTHONPATH": str(offline), "TMPDIR": str(folder / "tmp")}
        if libraries := os.environ.get("LD_LIBRARY_PATH"):  # of an interpreter that was copied
            self.variables["LD_LIBRARY_PATH"] = libraries
        for place in (self.work, folder / "tmp"):
            place.chmod(0o777)
        for place in [self.site, *self.site.rglob("*")]:
            if place.is_dir():
                place.chmod(0o555)
        self.run("examples")

    def run(self, *arguments, ends=0):
        """What a command says on both streams, and that it ended as expected."""
        asked = [self.python, "-m", "trabecula", *map(str, arguments)]
        done = subprocess.run(
            asked, cwd=self.work, env=self.variables, capture_output=True, text=True, check=False, **self.as_nobody
        )
        assert done.returncode == ends, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def refused(self, *arguments):
        """A command refuses in one sentence, with a command that installs what is missing."""
        said = self.run(*arguments, ends=2).strip()
        assert len(said.splitlines()) == 1, said
        assert f"{self.python} -m pip install " in said

    @contextlib.contextmanager
    def serving(self, port):
        """The web app, while it runs."""
        asked = [self.python, "-m", "trabecula", "serve", "--port", str(port)]
        server = subprocess.Popen(asked, cwd=self.work, env=self.variables, **self.as_nobody)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def size_mb(folder):
    """Megabytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / MB


def fetched(address):
    """A page, once the server is there."""
    for _ in range(TRIES):
        with contextlib.suppress(ConnectionError, urllib.error.URLError), urllib.request.urlopen(address) as page:
            return page.read().decode()
        time.sleep(WAIT_S)
    raise TimeoutError(address)


@pytest.fixture(scope="module", params=[(python, extra) for python in PYTHONS for extra in EXTRAS],
                ids=lambda asked: f"{Path(asked[0]).name}-{asked[1] or 'core'}")  # fmt: skip
def installed(request, wheel):
    """One environment after the other."""
    python, extra = request.param
    folder = Path(tempfile.mkdtemp(prefix="trabecula-installed-"))  # pytest's own is closed to other users
    folder.chmod(0o755)
    found = Installed(python, extra, wheel, folder)
    print(f"\n{Path(python).name}, {extra or 'core'}: {found.size_mb:.0f} MB")
    yield found
    for place in [found.site, *found.site.rglob("*")]:
        if place.is_dir():
            place.chmod(0o755)
    shutil.rmtree(folder)


def test_the_core_answers(installed):
    """Whatever the extra: an assessment, advice, a comparison, a letter, an export, and a sound doctor."""
    assert "The core is sound." in installed.run("doctor")
    assert "Major osteoporotic fracture in 10 years" in installed.run("assess", WOMAN)
    assert "alendronate" in installed.run("compare", WOMAN, "--plan", "alendronate").lower()
    assert "NICE" in installed.run("advise", WOMAN)
    assert "DXA" in installed.run("letter", WOMAN, "--to", "gp")
    assert json.loads(installed.run("schema", "person"))["type"] == "object"
    installed.run("export", WOMAN, "--to", "fhir", "--record-only", "-o", "bundle.json")
    installed.run("reproduce", "dolan_1997")
    assert installed.run("evidence").count("assumed")
    assert installed.run("--version").startswith("trabecula ")


COMMANDS = {
    "report": [
        ("report", WOMAN, "-o", "report.html"), ("report", WOMAN, "-o", "report.pdf"),
        ("letter", WOMAN, "--to", "dxa", "-o", "letter.pdf"), ("advise", WOMAN, "--format", "ics"),
        ("export", WOMAN, "--to", "fhir", "-o", "whole.json"),
    ],
    "register": [
        ("cohort", "synthesise", "--people", 4, "--format", "excel", "-o", "synthetic"),
        ("cohort", "score", "synthetic", "-o", "scores.parquet", "--date", "2026-11-30", "--workers", 2),
        ("cohort", "report", "scores.parquet", "-o", "page.html", "--worklist", "list.xlsx"),
        ("cohort", "template", "-o", "template.xlsx"),
    ],
    "omop": [
        ("cohort", "synthesise", "--people", 4, "--format", "omop", "-o", "cdm"),
        ("cohort", "score", "cdm", "-o", "omop.parquet", "--date", "2026-11-30", "--workers", 1),
    ],
    "fhir": [("fetch", "--help")],
}  # fmt: skip
"""What an extra is for; each is asked in an order in which one command uses what the one before has written."""
WITH = {"web": ("report", "fhir"), "omop": ("register", "omop")}
"""Extras that bring others along."""
WITHOUT = {
    "report": [("report", WOMAN, "-o", "no.html"), ("letter", WOMAN, "--to", "dxa", "-o", "no.pdf")],
    "register": [("cohort", "score", WOMAN, "-o", "no.parquet"), ("cohort", "report", "no.parquet")],
    "fhir": [("fetch", "https://fhir.example.org", "--patient", "1", "-o", "no.json")],
    "web": [("serve",)],
}
"""What is refused where an extra is missing."""


def test_an_extra_is_enough_for_its_commands(installed):
    """Nothing else has to be installed."""
    for extra in WITH.get(installed.extra, (installed.extra,)):
        for command in COMMANDS.get(extra, ()):
            installed.run(*command)


def test_without_an_extra_a_command_says_what_installs_it(installed):
    """One sentence, and no traceback."""
    has = {installed.extra, *WITH.get(installed.extra, ())}
    for extra, commands in WITHOUT.items():
        for command in commands if extra not in has else ():
            installed.refused(*command)


def test_the_app_serves_its_examples(installed):
    """Pages, styles and an answered example out of the package alone."""
    if installed.extra != "web":
        pytest.skip("serve needs the extra web")
    with installed.serving(8_973) as address:
        assert "Trabecula" in fetched(f"{address}/")
        assert "ms_woman_44" in fetched(f"{address}/")
        assert fetched(f"{address}/static/web.css")


def test_python_has_tables_where_pandas_is(installed):
    """The public door out of the package."""
    if installed.extra != "frame":
        pytest.skip("to_frame needs the extra frame")
    code = f"import trabecula as tb; print(len(tb.assess(tb.read({WOMAN!r})).to_frame('risks')))"
    asked = [installed.python, "-c", code]
    done = subprocess.run(
        asked, cwd=installed.work, env=installed.variables, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 0


def test_every_extra_but_spark_and_dask_is_tried():
    """Spark needs Java, and a cluster is started by `make test-engines`, which tries both."""
    assert {part.extra for part in PARTS} - {"spark", "dask"} == {*EXTRAS} - {""}
