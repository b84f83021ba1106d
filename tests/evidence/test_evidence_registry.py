"""The registry as a calculation sees it: it answers, remembers what was read, and is never edited."""

import pytest

from trabecula.evidence import EvidenceError, UnknownIdError

from .conftest import CURVE, FINDING, NUMBER, RECALLED


def test_a_parameter_answers_with_value_unit_and_reason(evidence):
    """Everything that answers can be asked why."""
    loss = evidence["bone.loss.first_year"]
    assert (3.4, "%/y", "as_printed", (FINDING["id"],)) == (loss.value, loss.unit, loss.method, loss.from_)
    assert "The one trial at hand" in evidence.because("bone.loss.first_year")
    assert "[as_printed]" in evidence.because("bone.loss.first_year")


def test_a_curve_has_a_value_at_each_knot(evidence):
    """Values and knots come as tuples that cannot be changed."""
    load = evidence["bone.load.edss"]
    assert (load.value, load.at) == ((1.0, 0.8, 0.3), (0.0, 5.0, 8.0))


def test_a_scalar_or_a_curve_is_read_as_plain_numbers(evidence):
    """A calculation reads one number, a curve, or a curve at a point; each read leaves its trace."""
    assert evidence.scalar("bone.loss.first_year") == 3.4
    assert evidence.used() == ("bone.loss.first_year",)
    assert evidence.curve("bone.load.edss") == ((0.0, 5.0, 8.0), (1.0, 0.8, 0.3))
    assert evidence.curve_at("bone.load.edss", 2.5) == pytest.approx(0.9)
    assert evidence.curve_at("bone.load.edss", 9.0) == 0.3, "level beyond the last knot"
    assert "bone.load.edss" in evidence.used()


def test_one_number_is_no_curve_and_a_curve_no_number(evidence):
    """The wrong way of reading is told, with what the parameter is."""
    with pytest.raises(TypeError, match=r"bone\.load\.edss is a curve over EDSS: one number was expected"):
        evidence.scalar("bone.load.edss")
    with pytest.raises(TypeError, match=r"bone\.loss\.first_year is one number: a curve was expected"):
        evidence.curve("bone.loss.first_year")


def test_an_unknown_id_is_refused_with_the_nearest_one(evidence):
    """A slip of the pen is answered with what was probably meant."""
    with pytest.raises(UnknownIdError, match=r"no parameter 'bone\.los\.first_year'.*'bone\.loss\.first_year'"):
        evidence["bone.los.first_year"]
    with pytest.raises(UnknownIdError, match="no finding"):
        evidence.finding("oral_gc.someone_2001.ls_2y")


def test_an_unknown_id_is_a_key_error(evidence):
    """Callers may treat the registry as a mapping."""
    with pytest.raises(KeyError):
        evidence["nothing.of_the_kind"]
    assert "nothing.of_the_kind" not in evidence


def test_what_was_read_is_remembered_and_nothing_else(evidence):
    """A result can list the parameters it used."""
    assert evidence.used() == ()
    assert evidence["bone.load.edss"]
    assert evidence.used() == ("bone.load.edss",)


def test_asking_why_or_citing_is_not_a_use(evidence):
    """Only a value that enters a calculation counts as used."""
    evidence.because("bone.loss.first_year")
    evidence.citation(["bone.loss.first_year"])
    evidence.summary()
    assert "bone.loss.first_year" in evidence
    assert evidence.used() == ()


def test_two_calculations_remember_apart(evidence):
    """A fresh view shares the records and nothing of what was read."""
    other = evidence.fresh()
    assert other["bone.load.edss"] is evidence["bone.load.edss"]
    assert evidence.fresh().used() == ()


def test_draws_are_remembered_as_uses(evidence):
    """Reading a draw of a parameter, or its knots, is a use of the parameter."""
    draws = evidence.draws(n=3)
    assert evidence.used() == ()
    assert draws["bone.loss.first_year"].shape == (3,)
    assert draws.knots("bone.load.edss").tolist() == [0, 5, 8]
    assert evidence.used() == ("bone.load.edss", "bone.loss.first_year")


def test_a_what_if_overrides_and_never_edits(evidence):
    """Replacing gives another registry; the first one keeps its value."""
    what_if = evidence.replacing({"bone.loss.first_year": 1})
    assert (what_if["bone.loss.first_year"].value, evidence["bone.loss.first_year"].value) == (1.0, 3.4)
    assert (what_if.replaced(), evidence.replaced()) == (("bone.loss.first_year",), ())


def test_a_replaced_value_holds_in_every_draw_and_says_that_it_was_replaced(evidence):
    """A what-if is certain about its own value, and honest about where it comes from."""
    what_if = evidence.replacing({"bone.loss.first_year": 0.0})
    assert what_if.draws(n=4)["bone.loss.first_year"].tolist() == [0.0] * 4
    assert "Replaced for a what-if; the registry has 3.4" in what_if.because("bone.loss.first_year")
    assert "bone.loss.first_year" in what_if.assumed()


def test_replacing_can_be_repeated(evidence):
    """A second what-if on top of the first keeps both values, and a fresh view keeps them too."""
    what_if = evidence.replacing({"bone.loss.first_year": 1.0}).replacing({"bone.load.edss": [1, 1, 1]}).fresh()
    assert (what_if["bone.loss.first_year"].value, what_if["bone.load.edss"].value) == (1.0, (1.0, 1.0, 1.0))


def test_a_whole_parameter_can_be_put_in_place(evidence):
    """A researcher may change the spread as well as the value."""
    wide = evidence["bone.loss.first_year"].model_copy(update={"value": 5.0})
    what_if = evidence.replacing({"bone.loss.first_year": wide})
    assert what_if.draws(n=50)["bone.loss.first_year"].std() > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bone.loss.frist_year": 1.0}, r"Did you mean 'bone\.loss\.first_year'"),
        ({"bone.loss.first_year": [1.0, 2.0]}, "is one number: replace it by one number in %/y"),
        ({"bone.loss.first_year": float("nan")}, "is one number"),
        ({"bone.load.edss": 1.0}, "is a curve: replace it by 3 numbers"),
        ({"bone.load.edss": [1.0, 0.5]}, r"is a curve: replace it by 3 numbers, at \(0\.0, 5\.0, 8\.0\) EDSS"),
    ],
)
def test_a_what_if_that_does_not_fit_is_refused_kindly(evidence, change, message):
    """The message says what the parameter is and how to replace it."""
    with pytest.raises(EvidenceError, match=message):
        evidence.replacing(change)


def test_a_parameter_cannot_take_the_place_of_another(evidence):
    """Putting one parameter under the id of another is a mistake."""
    with pytest.raises(EvidenceError, match="keep the id"):
        evidence.replacing({"bone.loss.first_year": evidence["bone.load.edss"]})


def test_a_renamed_parameter_is_still_found_under_its_former_id(registry):
    """Ids are permanent: a rename leaves an alias."""
    evidence = registry.load(NUMBER | {"formerly": ["bone.loss.year_1"]})
    assert evidence["bone.loss.year_1"].id == "bone.loss.first_year"
    assert evidence.used() == ("bone.loss.first_year",)
    assert evidence.replacing({"bone.loss.year_1": 2.0})["bone.loss.first_year"].value == 2.0


def test_symbols_lead_to_ids(evidence):
    """The letter of an equation finds its parameter."""
    assert evidence.symbols == {"l1": "bone.loss.first_year"}


def test_the_summary_counts_methods_and_lists_what_is_assumed(evidence):
    """How much is assumed is one question away."""
    assert evidence.summary() == {"as_printed": 1, "pooled": 0, "transported": 0, "calibrated": 0, "assumed": 1}
    assert evidence.assumed() == ("bone.load.edss",)
    assert (list(evidence), len(evidence)) == (["bone.load.edss", "bone.loss.first_year"], 2)


def test_a_finding_answers_with_what_was_printed_and_its_document(evidence):
    """From a number in use to the printed number to the document is two steps."""
    finding = evidence.finding(FINDING["id"])
    assert (finding.value, finding.unit, finding.status) == (-3.4, "%", "abstract")
    assert evidence.source(FINDING["id"]).doi == "10.1000/someone"
    assert evidence.source("someone_2001").reference == "Someone 2001 Bone 1:1-9 doi:10.1000/someone"


def test_the_citation_has_references_for_exactly_what_was_used(evidence):
    """Documents of parameters that were not read do not appear."""
    assert evidence.citation() == "References\nnone"
    assert evidence["bone.loss.first_year"]
    assert evidence.citation() == "References\nSomeone 2001 Bone 1:1-9 doi:10.1000/someone"


def test_the_citation_lists_what_is_assumed_apart_with_its_reason(evidence):
    """An assumption is never dressed up as a reference."""
    assert evidence["bone.load.edss"]
    references, assumed = evidence.citation().split("\n\n")
    assert references == "References\nnone"
    assert assumed.startswith("Assumed\nbone.load.edss: A guess")


def test_a_document_that_is_only_recalled_is_marked_in_the_citation(registry):
    """A reader sees which references nobody has looked at."""
    evidence = registry.load(NUMBER | {"from": [RECALLED["id"]], "method": "assumed"})
    assert evidence["bone.loss.first_year"]
    assert "Elder 1990 (2001) [recalled, not checked]" in evidence.citation()
    assert evidence.recalled() == (RECALLED["id"],)


def test_findings_used_are_those_behind_the_parameters_used(evidence):
    """The trace goes on from parameters to findings."""
    assert evidence["bone.load.edss"]
    assert evidence.findings_used() == ()
    assert evidence["bone.loss.first_year"]
    assert evidence.findings_used() == (FINDING["id"],)


def test_a_parameter_cannot_be_changed(evidence):
    """Records are frozen."""
    with pytest.raises(Exception, match="frozen"):
        evidence["bone.loss.first_year"].value = 2.0


def test_rows_of_one_citation_with_two_dois_are_two_documents(registry):
    """A citation that lumps papers together does not lend one paper's doi to another's number."""
    rows = [
        FINDING | {"id": f"oral_gc.lump_{key}.x", "source": "Lump, meta-analyses", "doi": doi}
        for key, doi in (("a", "10.1000/a"), ("b", "10.1000/b"), ("c", ""))
    ]
    registry.write_findings(rows, "found_lump.csv")
    evidence = registry.load()
    assert [evidence.source(row["id"]).doi for row in rows] == ["10.1000/a", "10.1000/b", None]


def test_rows_of_one_citation_share_the_doi_that_one_of_them_has(registry):
    """A doi noted once is the doi of the document."""
    registry.write_findings([FINDING | {"id": "oral_gc.someone_2001.ls_2y", "doi": ""}], "found_more.csv")
    assert registry.load().source("oral_gc.someone_2001.ls_2y").doi == "10.1000/someone"


def test_unknown_documents_and_fits_are_refused(evidence):
    """Also a document or a fit that does not exist is told with the nearest one."""
    with pytest.raises(UnknownIdError, match=r"no source 'sombody_2001'.*'someone_2001'"):
        evidence.source("sombody_2001")
    with pytest.raises(UnknownIdError, match=r"no fit 'frist'.*'first'"):
        evidence.fit("frist")
    assert evidence.fit("first").numbers_fitted == 3


def test_curve_is_the_other_parameter(evidence):
    """A number has no knots."""
    assert evidence[CURVE["id"]].is_curve
    with pytest.raises(ValueError, match="it has no knots"):
        evidence.draws(n=1).knots(NUMBER["id"])
