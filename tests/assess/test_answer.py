"""What an answer says of the person, and what it makes of entries that are rough, old or of no use to it."""

from assess.conftest import EVIDENCE, TODAY, person
from trabecula.assess.answer import answered
from trabecula.assess.conditioned import prepare


def answer(draws=40, **record):
    """The answer about a woman of 60, or whom the record says."""
    return answered(prepare(person(**record), TODAY, EVIDENCE, draws))


def test_infusions_and_denosumab_of_this_month_are_not_lost():
    """Written as "2026-11", they count as those of a day in November do: a course so far, a next dose to give."""
    infusion = {"as_written": "3 x 1 g IV methylprednisolone"}
    drug = {"drug": "denosumab", "dose_mg": 60, "per": "6 months"}
    month, day = (
        answer(steroids=[{"start": start, **infusion}], medicines=[{"start": start, **drug}])
        for start in ("2026-11", "2026-11-11")
    )
    assert month.person.steroids == "1 course since 2026: 3 g of methylprednisolone in all."
    assert (month.person, month.tasks) == (day.person, day.tasks)
    assert any("denosumab" in each.what.lower() for each in month.tasks)
