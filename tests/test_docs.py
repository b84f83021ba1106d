"""Documentation that cannot rot: what a page says is run, followed, or compared with the program."""

import contextlib
import importlib.util
import io
import re
from datetime import date
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
import yaml
from click import Context, Group
from click.testing import CliRunner

from trabecula import skeleton
from trabecula.assessment.plans.reading import read_plan
from trabecula.cli import COMMANDS, cli
from trabecula.evidence import Evidence, Method, Status
from trabecula.fracture import GROUPS
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.person import Aid, read_person
from trabecula.person.sclerosis import MsCourse
from trabecula.skeleton.markers import NAMES as MARKERS
from trabecula.timeline import build_timeline

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
WRITTEN = [page for page in PAGES if DOCS / "reference" not in page.parents]
LONGEST_WORDS = 12_000
"""Of a page that somebody reads."""
EVIDENCE = Evidence.load()


def name_of(page):
    """A page as it is called in this repository."""
    return str(page.relative_to(ROOT))


@cache
def text_of(page):
    """The text of a page."""
    return page.read_text(encoding="utf-8")


def blocks(page, language):
    """The fenced blocks of a language on a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.DOTALL | re.MULTILINE)


def headings(page):
    """The headings of a page."""
    without_code = re.sub(r"^```.*?^```", "", text_of(page), flags=re.DOTALL | re.MULTILINE)
    return re.findall(r"^#+ (.*)$", without_code, re.MULTILINE)


def anchors(page):
    """What a link to a heading of a page may end in."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings(page))
    return {each.replace(" ", "-") for each in plain}


@pytest.fixture(scope="module")
def make_reference():
    """The script that writes docs/reference."""
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "scripts" / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_what_the_program_says(make_reference):
    """Nobody edits docs/reference by hand, and nobody forgets to renew it."""
    stale = [
        name
        for name, text in make_reference.pages().items()
        if not make_reference.is_fresh(make_reference.REFERENCE / name, text)
    ]
    assert stale == [], "run `make reference`"


def test_every_parameter_has_a_heading():
    """A reader who has an id finds it."""
    pages = sorted((DOCS / "reference" / "parameters").glob("*.md"))
    assert sorted(EVIDENCE) == sorted(name for page in pages for name in headings(page)[1:])


def test_every_command_has_a_heading():
    """A command that exists is documented, and so are the commands of a group."""
    groups = {name: cli.get_command(Context(cli), name) for name in COMMANDS}
    inner = {
        f"{name} {one}"
        for name, group in groups.items()
        if isinstance(group, Group)
        for one in group.list_commands(Context(group))
    }
    expected = {"trabecula", *(f"trabecula {name}" for name in {*COMMANDS, *inner})}
    assert expected == set(headings(DOCS / "reference" / "commands.md")) - {"Commands"}


def test_every_room_is_in_the_table_of_contributors():
    """Whoever wants to change something finds where it goes."""
    lines = text_of(ROOT / "CONTRIBUTING.md").splitlines()
    table = "\n".join(line for line in lines if line.startswith("| "))
    package = ROOT / "src" / "trabecula"
    rooms = {f"{each.parent.name}/" for each in package.glob("*/__init__.py")}
    modules = {each.name for each in package.glob("*.py")} - {"__init__.py"}
    assert [each for each in sorted(rooms | modules) if f"`src/trabecula/{each}" not in table] == []


TUTORIALS = DOCS / "tutorials"
"""Run by `make docs` with what they type in a terminal; here only when there is time."""
MARKS = {True: (pytest.mark.long,), False: ()}


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=MARKS[page.parent == TUTORIALS]) for page in WRITTEN if blocks(page, "python")],
    ids=name_of,
)
def test_python_on_a_page_runs(page, monkeypatch):
    """Blocks of one page run one after the other, from the root of the repository."""
    if blocks(page, "sh"):
        pytest.skip("rests on what it types in a terminal: make docs")
    monkeypatch.chdir(ROOT)
    names = {"__name__": "page"}
    with contextlib.redirect_stdout(io.StringIO()):
        for block in blocks(page, "python"):
            exec(compile(block, name_of(page), "exec"), names)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_import_only_the_door(page):
    """What a reader copies keeps working: no page and no example on one shows a private room."""
    assert re.findall(r"^[\s>.]*(?:from|import) trabecula(?! as tb$).*$", text_of(page), re.MULTILINE) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_can_be_read(page):
    """None is so long that nobody would."""
    assert len(text_of(page).split()) <= LONGEST_WORDS


@pytest.mark.parametrize("page", sorted((DOCS / "readers").glob("*.md")), ids=name_of)
def test_every_kind_of_reader_is_led_on(page):
    """The contents and the site know them all, and each is sent to at least three pages."""
    assert f"readers/{page.name}" in text_of(DOCS / "README.md")
    assert len(set(re.findall(r"\]\((?!http)([^)\s]+)\)", text_of(page)))) >= 3


@pytest.mark.parametrize("page", [page for page in WRITTEN if blocks(page, "yaml")], ids=name_of)
def test_records_on_a_page_can_be_read(page):
    """A YAML block is a whole record, to be copied and assessed, a whole plan, or a study that ships as an example."""
    for block in blocks(page, "yaml"):
        data = yaml.safe_load(block)
        if "meaning_of_a_miss" in data:
            assert block == (ROOT / "examples" / "studies" / f"{data['id']}.yaml").read_text(encoding="utf-8")
        elif "title" in data:
            assert read_plan(data).name in text_of(page)
        else:
            assert read_person(data).assessed_on is not None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    """Every link to a file or a heading of this repository has its target."""
    without_code = re.sub(r"```.*?```|`[^`]*`", "", text_of(page), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} is not there"
        assert not anchor or anchor in anchors(there), f"{target} has no such heading"


MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|usr|opt|var|mnt|work|srv|Users|private)/|[A-Z]:\\")
REGISTRY = re.compile(r"(?:pypi|pythonhosted|npmjs|conda|anaconda|artifactory|nexus)\.", re.IGNORECASE)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_place_on_a_machine(page):
    """Paths of somebody's machine and addresses of package registries do not belong on a page."""
    lines = text_of(page).splitlines()
    assert [line for line in lines if MACHINE.search(line) or REGISTRY.search(line)] == []


def test_the_glossary_has_the_words_of_code_and_output():
    """Categories that a record, the registry or an answer uses are in the glossary."""
    glossary = text_of(DOCS / "glossary.md")
    words = [*get_args(MsCourse), *get_args(Aid), *skeleton.SITES, *FRACTURE_SITES, *GROUPS, *MARKERS, *Method, *Status]
    bare = re.sub(r"[`*]", " ", glossary).lower()
    assert [word for word in words if not re.search(rf"\b{re.escape(str(word).lower())}\b", bare)] == []


def test_every_recalled_finding_is_on_its_page():
    """Nothing that was written from memory is out of sight."""
    patterns = re.findall(r"`([^`]+)`", text_of(DOCS / "evidence" / "recalled.md"))
    recalled = [name for name, each in EVIDENCE.findings().items() if each.status is Status.RECALLED]
    assert [name for name in recalled if not any(fnmatch(name, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize("page", sorted((DOCS / "decisions").glob("*.md")), ids=name_of)
def test_a_decision_says_what_was_decided_and_what_was_measured(page):
    """The two sections that a later reader needs to overturn it."""
    sections = [heading.lower() for heading in headings(page)[1:]]
    assert "decision" in sections
    assert any("measured" in section for section in sections)


def test_the_readme_shows_what_the_program_prints(monkeypatch):
    """Each line of the example stands in the output of the command, whatever was left out between them."""
    monkeypatch.chdir(ROOT)
    shown = re.search(r"<!-- demo:begin -->(.*?)<!-- demo:end -->", text_of(ROOT / "README.md"), re.DOTALL)
    assert shown is not None
    lines = [" ".join(line.split()) for line in shown[1].splitlines() if not line.startswith("```")]
    if not any(lines):
        pytest.skip("the example is not filled in yet")
    answer = CliRunner().invoke(cli, ["assess", "examples/ms_woman_44.yaml"], env={"COLUMNS": "80"})
    printed = {" ".join(line.split()) for line in answer.stdout.splitlines()}
    assert [line for line in lines if line and line not in printed and line not in ("...", "…")] == []


# --- The known failures: when one is mended, its row on the page has to change. ------------------------------------

BEGIN = date(2010, 1, 1)
READ_ON = date(2026, 1, 1)
YEARS_D = {1: 365, 3: 1095, 5: 1826, 10: 3652}
WOMAN_65 = {"sex": "female", "birth_date": "1945-01-01", "menopause": {"age_y": 50}}


def lived(days_on, evidence=EVIDENCE, **record):
    """The skeleton of a man of 30 (or of whom the record says), read some days after the beginning."""
    person = read_person({"birth_date": "1980-01-01", "sex": "male", **record}, READ_ON)
    days = [float((BEGIN - person.birth_date).days + each) for each in days_on]
    timeline = build_timeline(person, evidence, READ_ON, READ_ON, days)
    return skeleton.simulate(timeline, evidence.draws(1).central(), days)


def change(after, before):
    """A relative change in per cent."""
    return 100 * (after / before - 1)


def prednisone(dose_mg, start="2010-01-01"):
    """Tablets every day from a day on."""
    return {"steroids": [{"start": start, "drug": "prednisone", "route": "oral", "dose_mg": dose_mg}]}


def pulse_loss(site):
    """Density after five grams in five days, relative to none: worst, after one year, after ten [%]."""
    days = [*range(0, 180, 2), YEARS_D[1], YEARS_D[10]]
    pulse = {"steroids": [{"start": "2010-01-01", "as_written": "5 x 1 g IV methylprednisolone"}]}
    loss = change(lived(days, **pulse).density[site][0], lived(days).density[site][0])
    return loss.min(), loss[-2], loss[-1]


def tablet_loss(evidence=EVIDENCE):
    """Spine density on 20 mg of prednisone, relative to none, after one, three and ten years [%]."""
    days = [YEARS_D[year] for year in (1, 3, 10)]
    on, off = (lived(days, evidence, **record).density["lumbar_spine"][0] for record in (prednisone(20.0), {}))
    return change(on, off)


def tablet_loss_kept():
    """Spine density two years after three years of 20 mg of prednisone, relative to none [%]."""
    three_years = {"steroids": [{**prednisone(20.0)["steroids"][0], "end": "2012-12-31"}]}
    on, off = (lived([YEARS_D[5]], **record).density["lumbar_spine"][0, 0] for record in (three_years, {}))
    return change(on, off)


def teriparatide_gain(**record):
    """Spine density after 18 months of teriparatide, relative to its beginning [%]."""
    medicines = [{"drug": "teriparatide", "start": "2010-01-01", "end": "2011-12-31"}]
    spine = lived([0, 547], medicines=medicines, **record).density["lumbar_spine"][0]
    return change(spine[1], spine[0])


def edss_loss(site, edss):
    """Density after ten years of an EDSS that stays, relative to none [%]."""
    visits = [{"date": day, "edss": edss} for day in ("2010-01-02", "2025-12-31")]
    record = {"ms": {"onset": "2010-01-01", "disability": visits}}
    return change(*(lived([YEARS_D[10]], **each).density[site][0, 0] for each in (record, {})))


def alendronate(dose_mg, end=None):
    """Alendronate tablets every day."""
    return {"medicines": [{"drug": "alendronate", "start": "2010-01-01", "end": end, "dose_mg": dose_mg, "per": "day"}]}


def test_known_failures_are_as_the_page_says():
    """The sizes on the page of known failures are those of this version at central values."""
    worst, one_year, ten_years = pulse_loss("lumbar_spine")
    hip_worst, hip_one_year, _ = pulse_loss("total_hip")
    tablets = tablet_loss()
    without_death = tablet_loss(EVIDENCE.replacing({"skeleton.steroid.osteocyte_loss": 0.0}))[-1]
    expected = [
        f"spine {-worst:.2f} % at the worst", f"still {-one_year:.2f} % after one year",
        f"{-ten_years:.2f} % after ten",
        f"{100 * (1 - one_year / worst):.0f} % of it is regained within a year, "
        f"{100 * (1 - hip_one_year / hip_worst):.0f} % at the hip",
        f"spine {tablets[0]:.1f} % after one year, {tablets[1]:.1f} % after three, {tablets[2]:.1f} % after ten",
        f"two years after three years of it still {tablet_loss_kept():.1f} %",
        f"gains {teriparatide_gain(**prednisone(10.0, '2005-01-01')):.1f} % at the spine in 18 months",
        f"without it {teriparatide_gain():.1f} %",
        f"costs {-tablets[2]:.1f} % with it and {-without_death:.1f} % without",
    ]  # fmt: skip
    page = text_of(DOCS / "explanation" / "skeleton.md")
    assert [each for each in expected if each not in page] == []


def test_known_failures_of_unloading_are_as_the_page_says():
    """The same for bed rest, paralysis and the load by EDSS."""
    days = [*range(0, 119), 119, YEARS_D[1], YEARS_D[3]]
    bed = lived(days, immobility=[{"kind": "bed_rest", "start": "2010-01-01", "end": "2010-04-29"}])
    paralysed = lived(days, immobility=[{"kind": "paralysis", "start": "2010-01-01"}])
    up = lived(days)
    ctx, p1np = (change(bed.markers[name], up.markers[name])[0, 60] for name in ("CTX", "P1NP"))
    spine, neck = (change(bed.density[site], up.density[site])[0, 119] for site in ("lumbar_spine", "femoral_neck"))
    hip = change(paralysed.density["total_hip"], up.density["total_hip"])[0]
    expected = [
        f"CTX {ctx:+.0f} % [", f"P1NP {p1np:.0f} % [", f"spine {spine:.1f} % [", f"neck {neck:.1f} % [",
        f"hip {hip[-2]:.0f} % after one year and {hip[-1]:.0f} % after three",
        *(
            f"EDSS {edss:.0f} for ten years: neck {edss_loss('femoral_neck', edss):.1f} %, "
            f"spine {edss_loss('lumbar_spine', edss):.1f} %"
            for edss in (2.0, 6.0)
        ),
    ]  # fmt: skip
    page = text_of(DOCS / "explanation" / "skeleton.md")
    assert [each for each in expected if each not in page] == []


def test_known_failures_of_bone_medicines_are_as_the_page_says():
    """The same for stopping, dosing and ordering bone medicines."""
    stopped, going_on = (
        lived([YEARS_D[10]], **WOMAN_65, **alendronate(10.0, end)).density["total_hip"][0, 0]
        for end in ("2014-12-31", None)
    )
    year = [lived([0, YEARS_D[1]], **WOMAN_65, **alendronate(dose)).density["lumbar_spine"][0] for dose in (1.0, 10.0)]
    denosumab = {"drug": "denosumab", "dose_mg": 60, "per": "6 months"}
    days = range(0, 3000, 10)
    stop = {"medicines": [{**denosumab, "start": "2010-01-01", "end": "2012-12-01"}]}
    ctx = lived(days, **WOMAN_65, **stop).markers["CTX"] / lived(days, **WOMAN_65).markers["CTX"]
    sequence = [
        {"drug": "teriparatide", "start": "2010-01-01", "end": "2011-12-31"}, {**denosumab, "start": "2012-01-01"}
    ]  # fmt: skip
    spine = lived([0, 1460], **WOMAN_65, medicines=sequence).density["lumbar_spine"][0]
    expected = [
        f"the hip is {-change(stopped, going_on):.1f} % below going on",
        f"1 mg a day gains {change(year[0][1], year[0][0]):.1f} % at the spine in a year",
        f"10 mg {change(year[1][1], year[1][0]):.1f} %",
        f"passes the untreated course by {100 * (ctx.max() - 1):.0f} %",
        f"Spine {change(spine[1], spine[0]):+.1f} % in four years",
    ]
    page = text_of(DOCS / "explanation" / "skeleton.md")
    assert [each for each in expected if each not in page] == []
