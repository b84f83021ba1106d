"""What the program answered when the baselines were written, it answers still.

A number that moved on purpose is written anew with `scripts/write_baselines.py`, which prints what moved.
"""

import importlib.util
from functools import cache
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "write_baselines.py"
spec = importlib.util.spec_from_file_location("write_baselines", SCRIPT)
assert spec is not None
assert spec.loader is not None
baselines = importlib.util.module_from_spec(spec)
spec.loader.exec_module(baselines)

kept = cache(baselines.kept)
# One study or more of each block; all of them with `scripts/write_baselines.py --check`.
STUDIES = (
    "adachi_1997_placebo", "bed_rest_2003", "burger_1994_women", "cohen_1999_risedronate", "coote_2013",
    "dolan_1997", "dovio_2004", "freedom_crossover", "freedom_fractures", "haentjens_2010", "howe_2011", "kanis_2000",
    "pharmo", "tai_2015", "uk_hip_women_scores", "van_staa_2000", "zorzon_2005",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(kept("examples")))
def test_the_shipped_examples_are_answered_as_before(name):
    """Every number, date and choice in the assessment of a shipped example stands where it stood."""
    assert _moved("examples", name) == []


@pytest.mark.parametrize("name", sorted(kept("clinic")))
def test_the_records_of_a_clinic_are_answered_as_before(name):
    """A record of the clinic gives the numbers that it gave, and one that was refused is refused."""
    _skip_without(baselines.CLINIC)
    assert _moved("clinic", name) == []


@pytest.mark.parametrize("name", sorted(kept("bundles")))
def test_the_bundles_are_answered_as_before(name):
    """A hospital's bundle gives the numbers that it gave."""
    _skip_without(baselines.BUNDLES)
    assert _moved("bundles", name) == []


@pytest.mark.parametrize("name", sorted(kept("causes")))
def test_the_causes_have_the_shares_they_had(name):
    """Steroids, falls and age each contribute to an example's bone and risk what they contributed."""
    assert _moved("causes", name) == []


@pytest.mark.parametrize("name", sorted(kept("compare")))
def test_plans_change_what_they_changed(name):
    """Two plans for each example win or lose as much density and risk as they did."""
    assert _moved("compare", name) == []


def test_studies_are_reproduced_as_before():
    """A study of every block has the same distance to what was published, finding by finding."""
    now = {name: ask() for name, ask in baselines.reproduce(*STUDIES).items()}
    before = {name: kept("reproduce")[name] for name in STUDIES}
    assert [*baselines.all_differences("reproduce", before, now)] == []


def test_baselines_are_at_hand_for_every_kind():
    """No kind of document is left out because its baseline is missing, and none of them is empty."""
    assert [kind for kind in baselines.KINDS if not kept(kind)] == []
    assert {*baselines.examples()} == {*kept("examples")}


def test_a_difference_names_document_path_before_and_now():
    """A number moved by a billionth part, a truth turned, a field gone: each is a line; a last digit is none."""
    before = {"a": 1.0, "b": True, "c": 2.0, "d": 1.0}
    now = {"a": 1.0 + 1e-8, "b": 1, "d": 1.0 + 1e-15}
    assert [*baselines.differences("x/y", before, now)] == [
        "x/y  a  1.0 -> 1.00000001",
        "x/y  b  True -> 1",
        "x/y  c  2.0 -> 'absent'",
    ]


def test_a_sentence_may_change_and_its_field_may_not():
    """Of a text only the place is kept; ids in a list are a set; elements go by what identifies them."""
    one = {"risks": [{"site": "hip", "risk": 0.1, "line": "So."}, {"site": "any", "risk": 0.2, "line": "No."}]}
    other = {"risks": [{"site": "any", "risk": 0.2, "line": "Not."}, {"site": "hip", "risk": 0.1, "line": ""}]}
    assert baselines.flat(one) == baselines.flat(other)
    assert baselines.flat({"rules": ["a_1", "b_2"]}) == baselines.flat({"rules": ["b_2", "a_1"]})
    assert baselines.flat({"line": "So."}) != baselines.flat({"sentence": "So."})


def _moved(kind, name):
    """What differs in one document."""
    return [*baselines.differences(f"{kind}/{name}", kept(kind)[name], baselines.KINDS[kind]()[name]())]


def _skip_without(folder):
    if not folder.is_dir():
        pytest.skip(f"nothing at {folder}: set SHARED to where the shared records are")
