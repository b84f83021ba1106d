"""What a command costs before it answers: `.venv/bin/python benchmarks/startup.py [--before COMMIT] [--repeats 5]`.

Every command is a process of its own, from its start to its end, in seconds of processor time (all threads, user and
system), the least of a few runs; commands and commits take turns, so that other work on the machine falls on all
alike. Beside each stands how many times that is of a bare `python -c "import click"`, and, with `--before`, how many
times of the same command at an earlier commit, which is checked out beside this one for as long as it takes. The
caches are filled first (of the compiler, of Python, of parsed data): `assess` here is cold as every command is, and not
as a first installation is.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PERSON = "examples/ms_woman_44.yaml"
BARE = ("-c", "import click")
COMMAND = ("-m", "trabecula")
ASKED = {
    "import click": BARE,
    "import trabecula": ("-c", "import trabecula as tb"),
    "--version": (*COMMAND, "--version"),
    "--help": (*COMMAND, "--help"),
    "assess --help": (*COMMAND, "assess", "--help"),
    "unknown option": (*COMMAND, "assess", PERSON, "--no-such-option"),
    "missing file": (*COMMAND, "assess", "nobody.yaml"),
    "schema person": (*COMMAND, "schema", "person"),
    "evidence": (*COMMAND, "evidence"),
    "assess": (*COMMAND, "assess", PERSON),
}


def environment(tree):
    """That of this process with the package of a tree; what Python compiles and we parse is kept, as it usually is."""
    unset = {"PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in unset} | {"PYTHONPATH": str(tree / "src")}


def processor_time(asked, tree):
    """What a process has cost when it ends, with the package of a tree [s]."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *asked], cwd=tree, env=environment(tree), check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(trees, repeats):
    """The least processor time of each command in each tree [s]; the first round fills the caches and is not kept."""
    runs = {(name, tree): [] for name in ASKED for tree in trees}
    for _ in range(repeats + 1):
        for name, tree in runs:
            runs[name, tree].append(processor_time(ASKED[name], tree))
    return {which: min(times[1:]) for which, times in runs.items()}


def table(trees, found):
    """A row a command: processor time, times of a bare `import click`, times of the commit before."""
    now, *earlier = trees
    print(
        f"{'processor time':20}{'[s]':>8}{'x click':>10}"
        + "".join(f"{'before [s]':>13}{'x before':>10}" for _ in earlier)
    )
    for name in ASKED:
        here, bare = found[name, now], found["import click", now]
        beside = "".join(f"{found[name, tree]:13.3f}{here / found[name, tree]:10.2f}" for tree in earlier)
        print(f"{name:20}{here:8.3f}{here / bare:10.1f}{beside}")


def main():
    """Measure this tree, and an earlier commit beside it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--before", metavar="COMMIT", help="also an earlier commit, in the same run")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    if options.before is None:
        table([ROOT], least([ROOT], options.repeats))
        return
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "before"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), options.before], check=True)
        try:
            table([ROOT, tree], least([ROOT, tree], options.repeats))
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


if __name__ == "__main__":
    main()
