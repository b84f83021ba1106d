"""The work list and the clinic's summary, on rows made by hand."""

from datetime import date

from trabecula.register.summary import kept_back, summary
from trabecula.register.worklist import Acknowledged, watched, worklist

ON = date(2026, 11, 22)


def row(id, risk=0.1, **more):
    """A row of somebody without anything to do."""
    plain = {
        "id": id, "status": "scored", "date": ON, "urgent": None, "category": "low", "on_bone_medicine": False,
        "dxa_overdue": False, "dxa_due": False, "denosumab_late": False, "action": None, "action_on": None, "ms": True,
        "dxa_last_on": None, "gaps": [], "risk_major_osteoporotic_10y": risk,
    }  # fmt: skip
    return plain | more


def test_who_comes_first():
    """Late denosumab, then a recent hip fracture, then who should be treated, then overdue scans; by risk within."""
    rows = [
        row("quiet", 0.5),
        row("first scan", 0.7, dxa_due=True),
        row("scan", 0.3, dxa_overdue=True),
        row("treat", 0.2, category="treat"),
        row("treat more", 0.4, category="treat"),
        row("hip", 0.1, urgent="hip"),
        row("late", 0.05, urgent="denosumab", denosumab_late=True),
        row("treated", 0.6, category="treat", on_bone_medicine=True),
    ]
    assert [line.row["id"] for line in worklist(rows, ON)] == [
        "late",
        "hip",
        "treat more",
        "treat",
        "scan",
        "first scan",
    ]


def test_what_is_new_since_the_last_run():
    """Who was not there, and what changed; a risk that moved a little is not new."""
    before = {"a": row("a", 0.30, dxa_overdue=True), "b": row("b", 0.2)}
    now = [row("a", 0.31, dxa_overdue=True), row("b", 0.2, dxa_overdue=True), row("c", dxa_overdue=True)]
    found = {line.row["id"]: line.news for line in worklist(now, ON, before)}
    assert found == {"a": (), "b": ("dxa_overdue",), "c": ("new",)}


def test_acknowledged_people_stay_quiet_until_something_changes():
    """Seen: quiet. Snoozed: quiet until the day. Changed: back at once."""
    late = row("a", dxa_overdue=True)
    seen = Acknowledged(None, watched(late))
    snoozed = Acknowledged(date(2027, 1, 1), watched(late))
    assert worklist([late], ON, kept={"a": seen}) == []
    assert worklist([late], ON, kept={"a": snoozed}) == []
    assert len(worklist([late], date(2027, 1, 1), kept={"a": snoozed})) == 1
    assert len(worklist([late | {"category": "treat"}], ON, kept={"a": seen})) == 1


def test_small_cells_are_kept_back_and_cannot_be_worked_out():
    """One small cell alone would follow from the total: the next smallest goes with it."""
    assert kept_back({"a": 3, "b": 7, "c": 40}, 5) == {"a": None, "b": None, "c": 40}
    assert kept_back({"a": 0, "b": 7}, 5) == {"a": 0, "b": 7}


def test_measures_have_denominators():
    """How many of those for whom a medicine is indicated take one."""
    rows = [row(f"t{n}", category="treat", on_bone_medicine=n < 8) for n in range(20)] + [row("other")]
    treated = next(measure for measure in summary(rows).measures if measure.name == "treated")
    assert (treated.met, treated.of, treated.share) == (8, 20, 0.4)
