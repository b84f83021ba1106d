import pytest
import yaml
from pydantic import ValidationError

from lab.studies.by_hand import MADE_UP
from trabecula.lab.studies.collection import read_study, studies
from trabecula.lab.studies.record import Statistic, Study
from trabecula.lab.studies.tolerance import _CLASS


def changed(**fields):
    """The made-up study with other fields."""
    return {**yaml.safe_load(MADE_UP), **fields}


def target(**fields):
    """The first finding of the made-up study with other fields."""
    return {**yaml.safe_load(MADE_UP)["targets"][0], **fields}


def test_every_file_is_a_study_by_its_name(made_up):
    """Studies come in the order of their ids."""
    assert [*studies()] == ["elsewhere_1991", "nowhere_1990"]
    assert made_up is studies()["nowhere_1990"]


def test_a_file_with_another_name_than_its_study_is_refused(tmp_path):
    """Whoever looks for a study finds it where its name says."""
    (tmp_path / "other.yaml").write_text(MADE_UP, encoding="utf-8")
    with pytest.raises(ValueError, match=r"name the file nowhere_1990\.yaml"):
        read_study(tmp_path / "other.yaml")


def test_a_word_written_twice_is_refused(tmp_path):
    """Otherwise the first of two doses or arms would be lost without a sound."""
    twice = MADE_UP.replace("  none: {}\n", "  none: {}\n  none: {}\n")
    (tmp_path / "nowhere_1990.yaml").write_text(twice, encoding="utf-8")
    with pytest.raises(yaml.YAMLError, match=r"key written twice: \['none'\]\n.*nowhere_1990\.yaml"):
        read_study(tmp_path / "nowhere_1990.yaml")


@pytest.mark.parametrize(
    ("study", "said"),
    [
        (changed(colour="red"), "Extra inputs"),
        (changed(targets=[]), "at least 1"),
        (changed(meaning_of_a_miss="none"), "at least 20"),
        (changed(targets=[target(arm="placebo")]), "there is no arm 'placebo'"),
        (changed(targets=[target(versus="placebo")]), "there is no arm 'placebo'"),
        (changed(targets=[target(because="why")]), "at least 8"),
        (changed(targets=[target(statistic="mode")]), "statistic"),
        (changed(targets=[target(statistic="smd")]), "needs `versus`"),
        (changed(arms={"tablets": {"steroids": [{"drug": "prednisone", "dose_mg": 0, "to_day": 9}]}}), "greater"),
    ],
)  # fmt: skip
def test_a_study_that_cannot_be_meant_is_refused(study, said):
    """Fields nobody described, arms nobody had."""
    with pytest.raises(ValidationError, match=said):
        Study.model_validate(study)


def test_a_study_cannot_be_changed_once_read(made_up):
    """The split into fitted and predicted stays what it was."""
    with pytest.raises(ValidationError, match="frozen"):
        made_up.targets[0].role = "fitted"


def test_every_statistic_can_be_judged():
    """A new statistic needs a class of tolerance."""
    assert set(Statistic) == set(_CLASS)
