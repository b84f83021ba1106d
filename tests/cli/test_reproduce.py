import json
from importlib import import_module
from pathlib import Path

import pytest

from lab.studies import by_hand
from trabecula import installing
from trabecula.lab.studies import collection
from trabecula.lab.studies import reproduce as engine

command = import_module("trabecula.cli.reproduce")  # the module, not the command of the same name
NEEDED = {
    "study", "finding", "published", "published_lower", "published_upper", "model", "model_lower", "model_upper",
    "unit", "z", "se_kind", "role", "within",
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """The made-up studies, and an engine that gives numbers made by hand; what it was asked for is kept."""
    folder = tmp_path / "studies"
    folder.mkdir()
    by_hand.use(monkeypatch, folder)
    monkeypatch.chdir(tmp_path)
    seen = {}

    def by_hand_alone(_, names, draws, seed, done, known):
        seen.update(names=names, draws=draws, seed=seed)
        for name in names:
            done(known[name])
        return [each for name in names for each in by_hand.comparisons(name)]

    monkeypatch.setattr(engine, "reproduce", by_hand_alone)
    yield seen
    collection.studies.cache_clear()
    collection.fracture_studies.cache_clear()


def files_in(folder):
    """What is in a folder."""
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.usefixtures("asked")
def test_every_study_is_shown_and_the_summary_stands_last(run):
    """A table for each, then the misses, then the counts."""
    result = run("reproduce")
    assert result.exit_code == 0, result.output
    places = [result.stdout.index(each) for each in ("elsewhere_1991 ─", "nowhere_1990 ─", "Misses ─", "Summary ─")]
    assert places == sorted(places)


@pytest.mark.usefixtures("asked")
def test_json_is_a_list_of_findings(run):
    """With the fields that others rely on; the summary goes where people read it."""
    result = run("reproduce", "--format", "json")
    data = json.loads(result.stdout)
    assert len(data) == 6
    assert all(set(each) >= NEEDED for each in data)
    assert {each["se_kind"] for each in data} == {"printed", "imputed", "direction"}
    assert all((each["z"] is None) == (each["se_kind"] == "direction") for each in data)
    assert "Summary ─" in result.stderr


def test_only_the_studies_named_are_lived_through(run, asked):
    """In the order in which they are named, each once."""
    result = run("reproduce", "nowhere_1990", "elsewhere_1991", "nowhere_1990", "--draws", 5, "--seed", 7)
    assert result.exit_code == 0, result.output
    assert asked == {"names": ["nowhere_1990", "elsewhere_1991"], "draws": 5, "seed": 7}


@pytest.mark.usefixtures("asked")
def test_one_role_can_be_asked_for(run):
    """What was fitted is then out of sight, and out of the counts."""
    data = json.loads(run("reproduce", "--role", "predicted", "--format", "json").stdout)
    assert {each["role"] for each in data} == {"predicted"}
    assert len(data) == 4


def test_a_study_without_such_findings_is_not_lived_through(run, asked, tmp_path):
    """Nobody waits for what isn't shown; and where nothing is left, it is said."""
    only = by_hand.MADE_UP.replace("role: fitted", "role: predicted").replace("    seen: true\n", "")
    (tmp_path / "studies" / "nowhere_1990.yaml").write_text(only, encoding="utf-8")
    collection.studies.cache_clear()
    collection.fracture_studies.cache_clear()
    assert run("reproduce", "--role", "fitted").exit_code == 0
    assert asked["names"] == ["elsewhere_1991"]
    result = run("reproduce", "nowhere_1990", "--role", "fitted")
    assert result.exit_code == 2
    assert "--role: found fitted, but no finding of nowhere_1990 is" in result.stderr


@pytest.mark.parametrize(
    ("word", "meant"),
    [("nowhere", "nowhere_1990"), ("Elsewhere", "elsewhere_1991"), ("tablets", "nowhere_1990"),
     ("nowere_1990", "nowhere_1990")],
)  # fmt: skip
def test_an_unknown_study_is_answered_with_the_nearest(run, asked, word, meant):
    """By a part of its id, a word of its title, or its spelling."""
    result = run("reproduce", word)
    assert result.exit_code == 2
    assert f'reproduce: found "{word}"; expected the id of a study; did you mean' in result.stderr
    assert f"\n  {meant}" in result.stderr
    assert asked == {}


@pytest.mark.usefixtures("asked")
def test_a_study_like_no_other_is_answered_with_all(run):
    """Somebody who knows no id sees them."""
    result = run("reproduce", "qqqqqq")
    assert result.exit_code == 2
    assert "these are known:\n  elsewhere_1991\n  nowhere_1990" in result.stderr


@pytest.mark.usefixtures("asked")
def test_a_version_without_studies_says_so(run, tmp_path):
    """An incomplete installation is no agreement."""
    for each in (tmp_path / "studies").iterdir():
        each.unlink()
    collection.studies.cache_clear()
    collection.fracture_studies.cache_clear()
    result = run("reproduce")
    assert result.exit_code == 2
    assert "no study data" in result.stderr


@pytest.mark.usefixtures("asked")
def test_progress_is_told_study_by_study(run):
    """On standard error; standard output is for the answer."""
    result = run("reproduce")
    assert "Studies to process: 2\n  1 of 2: elsewhere_1991\n  2 of 2: nowhere_1990" in result.stderr
    assert "1 of 2" not in result.stdout


@pytest.mark.usefixtures("asked")
def test_stopping_says_how_far_it_came(run, monkeypatch, tmp_path):
    """One line, the exit code of shells, and no file."""

    def stopped(_, names, draws, seed, done, known):  # noqa: ARG001
        done(known[names[0]])
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "reproduce", stopped)
    result = run("reproduce", "--output", tmp_path / "answer.txt")
    assert result.exit_code == 130
    assert result.stderr.endswith("trabecula: stopped after 1 of 2 studies; nothing was written.\n")
    assert result.stdout == ""
    assert files_in(tmp_path) == ["studies"]


@pytest.mark.usefixtures("asked")
def test_an_answer_in_a_file_still_shows_the_summary(run, tmp_path):
    """Whoever keeps the answer sees the counts as well."""
    result = run("reproduce", "--output", tmp_path / "answer.txt")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "Summary ─" in result.stderr
    assert "Summary ─" in (tmp_path / "answer.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--draws", "1"], "--draws: found 1"), (["--seed", "x"], "--seed: found x"),
     (["--output", "missing/answer.txt"], "--output: found the folder missing"),
     (["--output", "studies"], "--output: found studies, a folder")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_before_anything_is_computed(run, asked, options, said):
    """One message, exit code 2."""
    result = run("reproduce", *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert asked == {}


def test_the_usual_number_of_draws_is_the_engines():
    """Said in two places, because help must not wait for the compiler."""
    assert command.DRAWS == engine.DRAWS


@pytest.mark.usefixtures("asked")
def test_html_writes_a_folder_with_the_page_its_pictures_and_its_numbers(run, tmp_path):
    """The whole page goes to docs/validation unless another folder is named."""
    result = run("reproduce", "--format", "html")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "docs" / "validation"
    assert files_in(folder) == [
        "README.md", "elsewhere_1991.svg", "index.html", "misses.md", "nowhere_1990.svg", "overview_oral.svg",
        "results.json", "steroid-tablets-over-months-and-years.md",
    ]  # fmt: skip
    assert len(json.loads((folder / "results.json").read_text(encoding="utf-8"))) == 6
    chapter = (folder / "steroid-tablets-over-months-and-years.md").read_text(encoding="utf-8")
    assert "(elsewhere_1991.svg)" in chapter
    assert "(steroid-tablets-over-months-and-years.md)" in (folder / "README.md").read_text(encoding="utf-8")
    assert "Summary ─" in result.stderr


@pytest.mark.usefixtures("asked")
def test_the_same_run_writes_the_same_folder(run, tmp_path):
    """To the byte."""
    for name in ("one", "two"):
        assert run("reproduce", "--format", "html", "--output", tmp_path / name).exit_code == 0
    for each in files_in(tmp_path / "one"):
        assert (tmp_path / "one" / each).read_bytes() == (tmp_path / "two" / each).read_bytes()


def test_a_part_does_not_replace_the_whole_page(run, asked, tmp_path):
    """A selection needs a folder of its own; pictures of an earlier run are named and left alone."""
    result = run("reproduce", "nowhere_1990", "--format", "html")
    assert result.exit_code == 2
    assert "name another folder with --output" in result.stderr
    assert asked == {}
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "old.svg").write_text("<svg/>")
    result = run("reproduce", "nowhere_1990", "--format", "html", "--output", tmp_path / "part")
    assert result.exit_code == 0, result.output
    assert "left unchanged: old.svg" in result.stderr


def test_pictures_need_an_extra_and_the_message_says_which(run, asked, monkeypatch):
    """Before anything is computed."""
    monkeypatch.setattr(installing, "find_spec", lambda _: None)
    result = run("reproduce", "--format", "html")
    assert result.exit_code == 2
    assert installing.set_up_command(["matplotlib"]) in result.stderr
    assert asked == {}


@pytest.mark.parametrize("place", ["file", "missing/folder"])
def test_a_folder_that_cannot_be_made_is_refused(run, asked, tmp_path, place):
    """A file stands there, or nothing to put it in."""
    (tmp_path / "file").write_text("a file")
    result = run("reproduce", "--format", "html", "--output", tmp_path / place)
    assert result.exit_code == 2
    assert "--output: found" in result.stderr
    assert asked == {}


EXAMPLE = Path(__file__).parents[2] / "examples" / "studies"


def test_studies_of_ones_own_are_lived_through_without_ours(run):
    """The example in both forms, as JSON with the fields of ours."""
    findings = EXAMPLE / "findings.csv"
    result = run(
        "reproduce", "--studies", EXAMPLE, "--findings", findings, "--only-mine", "--format", "json", "--draws", 2
    )
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert {row["study"] for row in data} == {"my_alendronate_trial", "my_fall_diary"}
    assert all(set(row) >= NEEDED for row in data)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--findings", "mine.csv"), "--findings: found no --studies"),
        (("--only-mine",), "--only-mine: found no --studies"),
        (("--studies", "nowhere"), "--studies: found nowhere, which is not a folder"),
        (("--studies", EXAMPLE, "--findings", "mine.csv"), "--findings: found mine.csv, which is not a file"),
        (("--studies", EXAMPLE, "--findings", EXAMPLE / "sources.csv"), "found no column topic"),
        (("--studies", EXAMPLE), "my_trial.nobody_2026.fallers: found no such finding"),
        (("--studies", EXAMPLE, "--format", "html"), "name another folder with --output"),
        (("--studies", EXAMPLE, "--findings", EXAMPLE / "findings.csv", "--only-mine", "flex"), '"flex"; expected'),
    ],
)
def test_own_studies_that_cannot_be_used_are_refused(run, tmp_path, monkeypatch, arguments, said):
    """With what was found, what was expected and what to do, and nothing is run."""
    monkeypatch.chdir(tmp_path)
    result = run("reproduce", *arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
