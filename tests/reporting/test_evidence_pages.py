import pytest

from trabecula.evidence import Evidence
from trabecula.reporting.evidence import assumed_page, found_page, look_up, nearest, summary_page
from trabecula.reporting.terminal import to_terminal


@pytest.fixture(scope="module")
def evidence():
    """The registry that ships."""
    return Evidence.load()


@pytest.fixture(scope="module")
def measured(evidence):
    """A parameter that rests on findings."""
    return next(evidence[name] for name in evidence if evidence[name].from_ and not evidence[name].is_curve)


def plain(page):
    """A page as one line of words."""
    return " ".join(to_terminal(page).split())


def test_the_summary_counts_every_number_once(evidence):
    """Parameters by method, findings by status, and how many are assumed."""
    text = plain(summary_page(evidence))
    assert f"{len(evidence)} parameters from {len(evidence.findings()):,} findings" in text
    for method, n in evidence.summary().items():
        assert f"• {n:,} {method}:" in text


def test_every_assumption_gives_its_reason(evidence):
    """Assumed is honourable; hidden it is not."""
    text = plain(assumed_page(evidence))
    for name in evidence.assumed():
        assert name in text
        assert " ".join(evidence[name].because.split()[:5]) in text


def test_a_parameter_says_everything_about_itself(evidence, measured):
    """Value, spread, method, reason, and each finding behind it with its status."""
    text = plain(found_page(look_up(evidence, measured.id)))
    for words in (measured.label, str(measured.method), measured.because.split(".")[0], "spread", "reviewed"):
        assert " ".join(words.split()) in text
    for name in measured.from_:
        assert name in text
        assert evidence.finding(name).status.meaning in text


def test_a_curve_shows_its_knots(evidence):
    """Every knot with its value."""
    curve = next(evidence[name] for name in evidence if evidence[name].is_curve)
    table = found_page(look_up(evidence, curve.id)).opening[1]
    assert [float(row.label.replace(",", "").replace("−", "-")) for row in table.rows] == list(curve.at)


def test_a_calibrated_parameter_says_what_its_fit_leaves_open(evidence):
    """A fit is no measurement."""
    fitted = next(evidence[name] for name in evidence if evidence[name].fit)
    text = plain(found_page(look_up(evidence, fitted.id), evidence.fit(fitted.fit)))
    assert "not identified" in text


def test_a_finding_names_its_document_and_who_rests_on_it(evidence, measured):
    """From what was printed forward to what uses it."""
    name = measured.from_[0]
    text = plain(found_page(look_up(evidence, name)))
    assert evidence.source(name).id in text
    assert measured.id in text


def test_a_document_lists_what_it_printed_and_who_rests_on_it(evidence, measured):
    """From a paper forward to every number that rests on it."""
    source = evidence.source(measured.from_[0])
    found = look_up(evidence, source.id)
    assert found.kind == "source"
    assert measured.from_[0] in found.findings
    assert measured.id in found.used_by


def test_every_record_of_the_registry_can_be_shown(evidence):
    """No finding and no parameter is too odd to print, and no line too wide but for addresses."""
    for name in [*evidence, *evidence.findings()][::7]:
        found = look_up(evidence, name)
        assert found.record.id == name
        long = [line for line in to_terminal(found_page(found), 80).splitlines() if len(line) > 80]
        assert all(" " not in line.strip("• ") for line in long)


def test_an_id_that_is_not_there_finds_nothing(evidence):
    """No record is put in its place."""
    assert look_up(evidence, "no.such.thing") is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [("fall.ms.rat", "fall.ms.rate"), ("FALL.MS.RATE", "fall.ms.rate"), ("fal.ms.rate", "fall.ms.rate")],
)
def test_the_nearest_ids_are_suggested(evidence, word, meant):
    """By their beginning, whatever the case, or by their looks."""
    assert meant in nearest(evidence, word)


def test_nothing_near_is_no_suggestion(evidence):
    """A word that resembles nothing gets no guess."""
    assert nearest(evidence, "zzzzqqqq") == []
