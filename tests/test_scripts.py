"""Scripts, benchmarks and the set-up keep up with the package, and say what they do before they do it."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted([*(ROOT / "scripts").glob("*.py"), *(ROOT / "benchmarks").glob("*.py")])
BASH = shutil.which("bash") or "bash"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_finds_what_it_imports(path, monkeypatch):
    """A room that moved takes its scripts along; nothing is run but the top of the file."""
    monkeypatch.syspath_prepend(str(path.parent))
    spec = importlib.util.spec_from_file_location(f"script_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)


# --- The set-up -------------------------------------------------------------------------------------------------------


def names(requirements):
    """Packages by name, without our own."""
    found = {re.split(r"[^\w.-]", line.strip(), maxsplit=1)[0].lower() for line in requirements}
    return found - {"trabecula"}


def test_make_demo_installs_what_every_command_of_the_readme_needs():
    """The report, the web app and the example in Python too: their packages are in the lock that it installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = names([*project["dependencies"], *extras["report"], *extras["web"], *extras["frame"]])
    lock = (ROOT / "requirements" / "core.txt").read_text(encoding="utf-8")
    assert needed <= names(line for line in lock.splitlines() if "==" in line)
    assert "-r requirements/core.txt" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_nothing_recommends_our_name_on_a_public_index():
    """Whoever holds that name there is not us."""
    places = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "Makefile"]
    places += [*(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.po")]
    places += [*(ROOT / "scripts").iterdir()]
    advice = re.compile(r"(pip|uv|pipx|conda)3? (install|add)\b[^\n]*(?<![\w./-])trabecula(?![\w/])", re.IGNORECASE)
    found = [place.name for place in places if place.is_file() and advice.search(place.read_text(encoding="utf-8"))]
    assert found == []


def with_commands(folder, **commands):
    """A folder of commands that is the whole path: a shell's body for each."""
    for name, body in commands.items():
        command = folder / name.replace("_", "-")
        command.write_text(f"#!{BASH}\n{body}\n")
        command.chmod(0o755)
    return {"PATH": str(folder)}


SET_UPS = [
    pytest.param("make_venv.sh", ("old", "venv"), "python3-venv", id="venv"),
    pytest.param("find_browser.sh", (), "chromium", id="browser"),
]
OLD_PYTHON = '[[ "$*" == *version_info* || "$1" == -m ]] && exit 0; exit 1'
"""A Python that is new enough and has no venv module."""


@pytest.mark.parametrize(("script", "arguments", "package"), SET_UPS)
def test_make_says_what_it_installs_on_the_system_before_it_does(script, arguments, package, tmp_path):
    """Which package, by what, and how to do without; then apt-get runs."""
    path = with_commands(tmp_path, id="echo 0", apt_get='echo "apt-get $*"', old=OLD_PYTHON)
    told = subprocess.run(
        [BASH, ROOT / "scripts" / script, *arguments], env=path, capture_output=True, text=True, check=True
    ).stdout
    announced, _, installed = told.partition("apt-get update")
    assert f"Installing {package} on this system with apt-get" in announced
    assert "To do without" in announced
    assert installed


@pytest.mark.parametrize(("who", "apt"), [("0", "no"), ("1000", "yes")])
@pytest.mark.parametrize(("script", "arguments", "package"), SET_UPS)
def test_make_installs_nothing_on_the_system_when_told_or_not_allowed(script, arguments, package, who, apt, tmp_path):
    """One sentence says what to install."""
    path = with_commands(tmp_path, id=f"echo {who}", apt_get="echo installed", old=OLD_PYTHON)
    done = subprocess.run(
        [BASH, ROOT / "scripts" / script, *arguments], env={**path, "APT": apt}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"apt-get install {package}" in done.stderr


def test_make_hands_the_wish_on_to_its_scripts():
    """`make APT=no` reaches them."""
    assert "export APT ?= yes" in (ROOT / "Makefile").read_text(encoding="utf-8")
