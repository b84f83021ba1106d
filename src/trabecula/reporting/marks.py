"""Who says so: small numbers behind statements, and the list they lead to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from trabecula.evidence import Evidence
from trabecula.words.language import Language

RECORD, MODEL = "record", "model"


@dataclass
class Marks:
    """The sources of a page in the order in which they are first named; `page` sets their anchors apart."""

    page: str
    lang: Language
    texts: dict[str, str] = field(default_factory=dict)

    def __call__(self, *names: str) -> tuple[int, ...]:
        """The numbers of sources: the record, the model, or ids of documents in the registry."""
        for name in names:
            self.texts.setdefault(name, self._reference(name))
        places = [*self.texts]
        return tuple(places.index(name) + 1 for name in names)

    def findings(self, names: Iterable[str]) -> tuple[int, ...]:
        """The numbers of the documents that printed some findings."""
        printed = printed_in()
        return self(*dict.fromkeys(printed[each] for each in names if each in printed))

    def cited(self, text: str) -> tuple[int, ...]:
        """The number of a document that is cited in words."""
        self.texts.setdefault(text, text)
        return ([*self.texts].index(text) + 1,)

    def _reference(self, name: str) -> str:
        """A document as a reader can find it."""
        return references().get(name, name)


@cache
def printed_in() -> dict[str, str]:
    """The id of the document of each finding."""
    evidence = Evidence.load()
    return {each: evidence.source(each).id for each in evidence.findings()}


@cache
def references() -> dict[str, str]:
    """Every document of the registry that printed a finding, by its id."""
    evidence = Evidence.load()
    return {evidence.source(each).id: evidence.source(each).reference for each in evidence.findings()}


def behind(findings: Iterable[str]) -> tuple[str, ...]:
    """The references behind findings, in the order of the alphabet."""
    known, printed = references(), printed_in()
    return tuple(sorted({known[printed[each]] for each in findings if each in printed}, key=str.lower))
