"""The registry that comes with the package is in order, to the last record."""

import csv
import os
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from trabecula.evidence import Evidence, Method, Status
from trabecula.evidence.reading import DATA, read_findings, read_parameters, read_sources

SHARED = Path(os.environ.get("SHARED", Path(__file__).parents[3] / "shared"))
# What was printed may be stored in these forms; nothing else counts as printed.
AS_USED = (
    lambda printed: printed,
    lambda printed: printed / 100,
    lambda printed: printed / 1000,
    lambda printed: 1 + printed / 100,
    lambda printed: printed - 1,
    lambda printed: -printed,
)
PRINTED_ELSEWHERE = {
    "mortality.us.men": "the whole column of a life table, of which findings hold a few ages",
    "mortality.us.women": "the whole column of a life table, of which findings hold a few ages",
    "fracture.alcohol.limit": "the definition of the exposure, not its effect",
}


@pytest.fixture(scope="module")
def shipped():
    """The package's own registry."""
    return Evidence.load()


def test_every_record_loads_and_every_finding_that_is_named_exists():
    """Loading with the check on raises nothing."""
    assert len(Evidence.load(check=True)) > 0


def test_every_file_of_parameters_holds_some():
    """No file is skipped."""
    texts = [path.read_text(encoding="utf-8") for path in (DATA / "parameters").glob("*.yaml")]
    begun = [len(re.findall(r"^- (id|\{id):", text, re.MULTILINE)) for text in texts]
    assert all(begun)
    assert len(read_parameters(DATA)) == sum(begun)


def test_no_parameter_rests_on_recalled_findings_without_saying_assumed(shipped):
    """What is quoted from memory is an assumption."""
    for name in shipped:
        if shipped.recalled([name]):
            assert shipped.fresh()[name].method is Method.ASSUMED, name


def printed_numbers(findings):
    """The numbers that findings printed; an SD may stand as a range, "no difference" without a number."""
    for finding in findings:
        numbers = [finding.value, finding.lower, finding.upper]
        if numbers == [None, None, None]:
            numbers = [0.0]
        if finding.value is not None and finding.upper is not None:
            numbers.append(finding.upper - finding.value)
        yield from (round(form(number), 9) for number in numbers if number is not None for form in AS_USED)


def test_what_is_called_as_printed_was_printed(shipped):
    """Each value with method as_printed is a number of one of its findings, maybe as a share or a factor."""
    view = shipped.fresh()
    unprinted = {
        name: sorted(set(values) - set(printed_numbers(map(shipped.finding, view[name].from_))))
        for name in shipped
        if view[name].method is Method.AS_PRINTED and name not in PRINTED_ELSEWHERE
        for values in [[round(value, 9) for value in np.ravel(view[name].value).tolist()]]
    }
    assert {name: numbers for name, numbers in unprinted.items() if numbers} == {}


def test_a_reason_is_specific_to_its_number(shipped):
    """One reason, word for word, serves three numbers at most, or one number in several places."""
    view = shipped.fresh()
    numbers = defaultdict(set)
    for name in shipped:
        numbers[view[name].because].add(view[name].value)
    assert {reason: len(values) for reason, values in numbers.items() if len(values) > 3} == {}


def test_every_finding_has_its_document(shipped):
    """From each printed number the way leads to a document."""
    for name in shipped.findings():
        assert shipped.source(name).citation == shipped.finding(name).source


def test_imported_findings_have_their_documents_on_record():
    """The import keeps sources.csv complete."""
    citations = {source.citation for source in read_sources(DATA).values()}
    with (DATA / "findings" / "imported.csv").open(encoding="utf-8", newline="") as file:
        assert {row["source"] for row in csv.DictReader(file)} <= citations


def test_findings_keep_the_status_they_were_given():
    """Nothing recalled has become printed on its way into the registry."""
    table = SHARED / "science" / "findings.csv"
    if not table.exists():
        pytest.skip("the table that was imported is not on this machine")
    with table.open(encoding="utf-8", newline="") as file:
        given = {row["id"]: row["status"] for row in csv.DictReader(file)}
    imported = read_findings(DATA)
    assert {name: Status(status) for name, status in given.items()} == {name: imported[name].status for name in given}


def test_every_symbol_of_the_remodelling_equations_has_a_parameter(shipped):
    """The letters of the equations lead to their numbers."""
    letters = (
        "phi kP kC cc kQ chi kB aE sE gS gW gA kS kV_LS kV_TH kV_FN am km gs ns gR hV kY fage E_deno T_deno"
        " bD kBP E_bp aBP E_romo T_romo tR tW tB qC qP EC u50 iA tauS gB gQ gY sG tauA zG kOC"
        " marker_weight_LS"
    )
    assert set(letters.split()) <= shipped.symbols.keys()


def test_a_citation_of_everything_mentions_every_assumption(shipped):
    """The longest citation there is can be written, with each assumption under its id."""
    text = shipped.citation(list(shipped))
    assert all(f"\n{name}: " in text for name in shipped.assumed())
