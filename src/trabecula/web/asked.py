"""One person whom a page is asked about: what earlier pages worked out is used, the rest is worked out once."""

import datetime
from dataclasses import replace
from functools import cached_property

from trabecula.assessment import Assessment
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.snapshot import kept
from trabecula.person import Person
from trabecula.web import answering
from trabecula.web.state import LARGEST_HISTORY, Lived, Page


class Asked:
    """A person on a day. `page` is what the next page carries: it grows by what is worked out here."""

    def __init__(self, page: Page, person: Person, on: datetime.date, draws: int) -> None:
        lived = page.lived
        is_of_today = lived is not None and (lived.on, lived.draws) == (on.isoformat(), draws)
        self.page = page if is_of_today else replace(page, lived=None, causes=None)
        self.person, self.on, self.draws = person, on, draws

    @cached_property
    def known(self) -> PatientState:
        """The person from whom every future begins; the past is only lived through when no page carries it."""
        if self.page.lived is not None and self.page.lived.history:
            return answering.known(self.person, self.on, self.draws, kept=self.page.lived.history)
        return self._lived_through()

    @cached_property
    def assessment(self) -> Assessment:
        """The answer; raises NoAnswer with the reason."""
        if self.page.lived is not None and self.page.lived.answer:
            return Assessment.model_validate_json(self.page.lived.answer)
        found = answering.answer(self._lived_through())
        assert self.page.lived is not None, "it was just lived through"
        lived = replace(self.page.lived, answer=found.model_dump_json().encode())
        self.page = replace(self.page, lived=lived)
        return found

    def _lived_through(self) -> PatientState:
        """The person with the whole history."""
        whole = answering.known(self.person, self.on, self.draws)
        history = kept(whole.past.skeleton, whole.measured)
        carried = history if len(history) <= LARGEST_HISTORY else b""
        self.page = replace(self.page, lived=Lived(self.on.isoformat(), self.draws, carried))
        return whole
