import re
from collections import Counter
from dataclasses import replace

from lab.studies import by_hand
from lab.studies.by_hand import STUDIES
from trabecula.lab.pages.agreement import by_study
from trabecula.lab.pages.figures import in_words, study_figure
from trabecula.lab.pages.validation import ReproductionRun, validation


def test_the_same_numbers_give_the_same_picture(studies):
    """To the byte: no date, no luck."""
    first, second = (study_figure(studies[1]) for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first
    assert "metadata" not in first


def test_a_picture_can_be_read_without_colour(studies):
    """Verdicts are words, roles are shapes, and an imputed standard error is dotted."""
    svg = study_figure(studies[1])
    assert ">miss, z −2.67</text>" in svg
    assert ">agrees, z −0.18</text>" in svg
    assert ">agrees, published: down</text>" in svg
    assert {"predicted", "fitted", "imputed"} <= set(re.findall(r">([a-z]+)</text>", svg))
    assert "stroke-dasharray" in svg


def test_a_picture_is_told_to_whoever_cannot_see_it(studies):
    """A title, and what it shows; the numbers stand in the table below it."""
    told = in_words(studies[1]).replace("\xa0", " ")
    assert told == "Model compared with published values: 2 of 3 agree. Missed: Lumbar spine, day 60, tablets."
    svg = study_figure(studies[1])
    assert 'role="img"' in svg
    assert f'<desc id="figure-nowhere_1990-desc">{in_words(studies[1])}</desc>' in svg


def test_a_picture_asks_nobody_for_anything(page):
    """No address but the names of the format itself, and no script."""
    for picture in page.pictures:
        addresses = set(re.findall(r"https?://[^\"' <]+", picture.svg))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert "<script" not in picture.svg
        assert "<!DOCTYPE" not in picture.svg


def test_a_picture_refers_only_to_itself(page):
    """Every id that is used is there, and is nobody else's."""
    for picture in page.pictures:
        ids = set(re.findall(r' id="([^"]+)"', picture.svg))
        used = set(re.findall(r'url\(#([^)]+)|href="#([^"]+)', picture.svg))
        assert {one or other for one, other in used} <= ids
    every = [each for picture in page.pictures for each in re.findall(r' id="([^"]+)"', picture.svg)]
    assert max(Counter(every).values()) == 1


def test_every_study_has_a_picture_and_every_block_an_overview(page):
    """One file each."""
    assert [each.file for each in page.pictures] == [
        "overview_acute.svg", "elsewhere_1991.svg", "overview_oral.svg", "nowhere_1990.svg",
    ]  # fmt: skip


def test_a_far_miss_stays_on_the_overview(evidence):
    """At the edge, as a triangle."""
    far = [replace(each, z=each.z and -40.0) for each in by_hand.comparisons()]
    run = ReproductionRun(by_study(far, STUDIES, evidence), 1, 24, 1)
    assert "nowhere 1990" in validation(run, evidence).pictures[0].svg


def test_a_model_without_an_answer_leaves_its_band_out(evidence):
    """What was published is drawn all the same, and the finding is missed."""
    nan = float("nan")
    none = {"model": nan, "model_lower": nan, "model_upper": nan, "within": False}
    (found,) = by_study([replace(each, **none, z=each.z and nan) for each in by_hand.comparisons()], STUDIES, evidence)
    svg = study_figure(found)
    assert "miss, z –" in svg
    assert '="nan' not in svg
    assert validation(ReproductionRun((found,), 1, 24, 1), evidence).pictures
