"""What a folder of data adds goes through every door: nothing in the program knows of the invented drug."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from trabecula import vocabulary
from trabecula.data_files import OVERLAY

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a process with the overlay answers, by door."""
    found = subprocess.run(
        [sys.executable, str(HERE / "overlay_session.py"), str(tmp_path_factory.mktemp("doors"))],
        env={**os.environ, OVERLAY: str(HERE / "overlay")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_nobody_knows_it_without_the_overlay():
    """The drug is invented, and stands in the tests alone."""
    assert "bisquadate" not in vocabulary.medicines()
    assert vocabulary.generic_name("Quadrabon") == "quadrabon"


def test_the_guide_shows_the_overlay_of_the_tests():
    """What a reader copies is what is tried here."""
    guide = (HERE.parents[1] / "docs" / "how-to" / "add-a-drug.md").read_text(encoding="utf-8")
    overlay = "".join(path.read_text(encoding="utf-8") for path in sorted((HERE / "overlay").rglob("*.*")))
    blocks = guide.split("```text\n")[1:]
    assert len(blocks) == 3
    assert [block for block in blocks if block.split("```")[0] not in overlay] == []


class TestDrug:
    """An invented weekly tablet, known to the overlay under a brand, a code and four parameters."""

    def test_assess_knows_its_brand_and_its_effect(self, answers):
        """Who takes it has denser bone than who does not, and nobody asks what it is."""
        without, with_drug = (
            {
                site["site"]: site["trajectory"][site["now"]]["bmd_g_cm2"]["median"]
                for site in answers["assess"][name]["bone"]
            }
            for name in ("without", "with")
        )
        assert with_drug["lumbar_spine"] > without["lumbar_spine"]
        assert "Quadrabon" not in json.dumps(answers["assess"]["with"]["questions"])

    def test_assess_names_the_evidence_behind_it(self, answers):
        """Its parameters are among those that were used, with the finding behind them."""
        evidence = json.dumps(answers["assess"]["with"]["evidence"])
        assert "overlay.bisquadate.potency" in evidence
        assert "overlay.invented_2026.dose" in evidence

    def test_compare_works_a_plan_with_it_out(self, answers):
        """A plan in a file names it; after ten years there is more bone in every draw."""
        (plan,) = answers["compare"]["works"]["plans"]
        assert not plan["refused"]
        assert plan["bone"][0]["difference_percent"]["low"] > 0.0

    def test_compare_refuses_it_by_its_own_contraindication(self, answers):
        """An eGFR of 55 is enough for every other tablet, and not for this one."""
        assert "eGFR 55, below 60" in " ".join(answers["compare"]["refused"]["en"].split())

    def test_advise_sees_a_bone_medicine_of_its_class(self, answers):
        """Guidelines ask for the class and for the time on tablets, and get both."""
        facts = answers["advise"]["facts"]
        assert facts["bone_drug"] == "bisphosphonate"
        assert facts["oral_bisphosphonate_y"] == pytest.approx(2.8, abs=0.05)

    @pytest.mark.parametrize(("code", "name"), [("en", "bisquadate"), ("de", "Bisquadat"), ("it", "bisquadato")])
    def test_report_calls_it_by_its_name_in_the_language(self, answers, code, name):
        """Nobody reads an English name on a German page."""
        assert re.search(rf"\b{name}\b", answers["report"][code])
        assert code == "en" or not re.search(r"\bbisquadate\b", answers["report"][code])

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("en", "Bisquadate is not for kidneys that work badly."),
            ("de", "Bisquadat ist nichts für Nieren, die schlecht arbeiten."),
            ("it", "Il bisquadato non è per reni che lavorano male."),
        ],
    )
    def test_compare_gives_the_reason_in_the_language(self, answers, code, words):
        """The reason stands in the row, and its translations in the words of the overlay."""
        assert words in " ".join(answers["compare"]["refused"][code].split())

    def test_the_form_takes_it(self, answers):
        """Typed by its brand it is no question, and the answer speaks of it."""
        assert "bisquadate" in answers["form"]["answer"]
        assert "Quadrabon" not in answers["form"]["answer"]

    def test_a_bundle_brings_it_by_its_code(self, answers):
        """An order with nothing but an ATC code becomes the medicine."""
        assert answers["fhir"]["person"]["medicines"] == [{"drug": "bisquadate", "start": "2024-02-01"}]
        assert answers["fhir"]["questions"] == []
