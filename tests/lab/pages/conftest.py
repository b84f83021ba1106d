"""Two made-up studies beside a model nobody ran, and the page about them."""

from dataclasses import replace

import pytest

from lab.pages.tree import Tree
from lab.studies import by_hand
from lab.studies.by_hand import FINDINGS, STUDIES
from trabecula.evidence import Evidence
from trabecula.lab.pages.agreement import by_study
from trabecula.lab.pages.document import document_html, document_markdown
from trabecula.lab.pages.validation import ReproductionRun, validation


@pytest.fixture(scope="package")
def evidence():
    """The registry, with the findings nobody printed."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Evidence, "finding", lambda _, name: FINDINGS[name])
        yield Evidence.load()


@pytest.fixture(scope="package")
def studies(evidence):
    """Two studies of three findings: in one a prediction is missed, in the other a fit as well."""
    elsewhere = by_hand.comparisons("elsewhere_1991")
    elsewhere[0] = replace(elsewhere[0], model=-2.5, z=-0.4, within=True)
    elsewhere[1] = replace(elsewhere[1], model=3.0, model_upper=4.0, z=3.3, within=False)
    return by_study([*elsewhere, *by_hand.comparisons()], STUDIES, evidence)


@pytest.fixture(scope="package")
def lines(studies):
    """The three findings of the second study."""
    return {line.comparison.finding.rpartition(".")[2]: line for line in studies[1].lines}


@pytest.fixture(scope="package")
def page(studies, evidence):
    """The validation page."""
    return validation(ReproductionRun(studies, 3, 24, 1), evidence)


@pytest.fixture(scope="package")
def html(page):
    """The page as HTML."""
    return document_html(page, "Made by hand.")


@pytest.fixture(scope="package")
def tree(html):
    """The page as a browser reads it."""
    return Tree(html)


@pytest.fixture(scope="package")
def markdown(page):
    """The page as Markdown."""
    return document_markdown(page, "Made by hand.")
