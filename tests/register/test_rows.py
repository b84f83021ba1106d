"""One row a person: the numbers of an assessment, and nobody passed over."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from register_people import person

from trabecula.adapters.files import read_record
from trabecula.assessment.answer import assess
from trabecula.evidence import Evidence
from trabecula.model import Model
from trabecula.people import VirtualRegister
from trabecula.person import Person
from trabecula.register import Entry, Scoring, table
from trabecula.register.columns import RISK_SITES, columns
from trabecula.words.message import Message, unpack, verbatim

ON = date(2026, 11, 22)
SCORING = Scoring(ON)
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("ms_*.yaml"))


@pytest.fixture(scope="module")
def model():
    """The model as it ships."""
    return Model.default()


PEOPLE = [*(read_record(path).person for path in EXAMPLES), *(person(number) for number in range(9))]


@pytest.fixture(scope="module")
def rows(model):
    """Everybody's row, worked out together with one sample."""
    return table([Entry(str(n), one) for n, one in enumerate(PEOPLE)], SCORING, model).to_pylist()


@pytest.mark.parametrize("number", range(len(PEOPLE)))
def test_a_row_has_the_numbers_of_an_assessment(number, rows, model):
    """The register and a person's page answer by the same code: every number of a row is that of `assess`."""
    row, answer = rows[number], assess(PEOPLE[number], ON, model, SCORING.draws)
    by_place = {(risk.site, risk.horizon_y): risk for risk in answer.risks}
    assert row["status"] == "scored"
    for site in RISK_SITES:
        for horizon, name in ((1.0, "1y"), (2.0, "2y"), (5.0, "5y"), (10.0, "10y")):
            risk = by_place[site, horizon]
            assert risk.risk.mean == row[f"risk_{site}_{name}"]
            assert (risk.risk.low, risk.risk.high) == (row[f"risk_{site}_{name}_low"], row[f"risk_{site}_{name}_high"])
            assert risk.average == row[f"risk_{site}_{name}_average"]
    for bone in answer.bone:
        assert bone.trajectory[bone.now].t_score.median == row[f"t_score_{bone.site}"]
    said = answer.summary
    assert [*map(str, said.sentences)] == [str(unpack(text)) for text in row["conclusion_messages"]]
    assert (said.task, said.due, said.dxa_on) == (row["action"], row["action_on"], row["dxa_next_on"])
    assert [gap.what.id.removeprefix("gap.") for gap in answer.missing] == row["gaps"]


def test_two_hundred_people_have_the_numbers_of_their_assessments(model):
    """A register of made-up people with MS, side by side, and each of them alone: the same figures, few draws each."""
    made = VirtualRegister(ON, 3, Evidence.load(), True).people(range(1, 201))
    scoring, wrong = Scoring(ON, draws=3), []
    entries = [Entry(str(number), one) for number, one in enumerate(made)]
    found = table(entries, scoring, model).to_pylist()
    for entry, row in zip(entries, found, strict=True):
        answer = assess(entry.person, ON, model, scoring.draws)
        risks = {
            f"risk_{risk.site}_{risk.horizon_y:g}y": risk.risk.mean
            for risk in answer.risks
            if risk.site in RISK_SITES and risk.horizon_y in (1.0, 2.0, 5.0, 10.0)
        }
        ahead = (answer.summary.task, answer.summary.dxa_on)
        if {name: row[name] for name in risks} != risks or (row["action"], row["dxa_next_on"]) != ahead:
            wrong.append(entry.id)
    assert not wrong


def test_a_row_does_not_hang_on_who_stands_beside_it(model):
    """The same people one by one, by seven and all together: the same table, to the last bit."""
    entries = [Entry(str(number), one) for number, one in enumerate(PEOPLE)]
    whole = table(entries, SCORING, model)
    for size in (1, 7):
        parts = [table(entries[i : i + size], SCORING, model) for i in range(0, len(entries), size)]
        assert pa.concat_tables(parts).combine_chunks().equals(whole.combine_chunks())


def test_people_in_are_people_scored_and_refused(model):
    """Somebody who was not read, and somebody who has died, each have a row with the reason."""
    dead = Person(birth_date="1950-03-01", sex="male", death_date="2020-01-01")
    why = Message("refusal.dead", {"death": date(2020, 1, 1), "day": ON})
    rows = [
        Entry("a", refusal=verbatim("row 2: no sex")),
        Entry("b", dead),
        Entry("c", Person(birth_date="1980-01-01", sex="female")),
    ]
    found = table(rows, SCORING, model)
    assert found.column("id").to_pylist() == ["a", "b", "c"]
    assert found.column("status").to_pylist() == ["refused", "refused", "scored"]
    assert found.column("refusal").to_pylist() == ["row 2: no sex", str(why), None]
    assert found.column_names == [column.name for column in columns()]


def test_an_entry_is_read_or_refused():
    """An entry without a person and without a reason would be somebody passed over."""
    with pytest.raises(ValueError, match="person or a refusal"):
        Entry("1")
