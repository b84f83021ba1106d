"""The work list a page at a time: it is the work list, only faster."""

import pyarrow as pa
import pytest
from scored_rows import ON, many, refused, scores, written

from trabecula.register.chunks import RunRefused, open_scores, read_scores
from trabecula.register.columns import schema
from trabecula.register.listing import PAGE, Listing, ListQuery
from trabecula.register.worklist import Acknowledged, watched, worklist

ROWS = [*many(400), scores("calm"), refused("nobody")]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A table of scores."""
    return written(ROWS, tmp_path_factory.mktemp("listing") / "scores.parquet")


def _all(listing, asked=None, kept=None, **more):
    """Everybody who is found, page after page."""
    asked = asked or ListQuery(**more)
    pages = listing.find(asked, kept or {}, ON).pages
    return [row for page in range(1, pages + 1) for row in listing.find(
        ListQuery(**{**asked.__dict__, "page": page}), kept or {}, ON).rows]  # fmt: skip


def test_the_pages_together_are_the_work_list(file):
    """The same people in the same order as the list of the report, without whoever is quiet."""
    listing, rows = Listing.of(file), read_scores(file)
    kept = {row["id"]: Acknowledged(None, watched(row)) for row in rows[:60:3]}
    kept["p00099"] = Acknowledged(None, watched(rows[99]) | {"category": "treat"})
    expected = [(line.row["id"], line.reasons) for line in worklist(rows, ON, kept=kept)]
    assert [(row["id"], tuple(row["reasons"])) for row in _all(listing, kept=kept)] == expected
    assert listing.find(ListQuery(show="quiet"), kept, ON).total == 20
    assert len(_all(listing, show="everybody")) == len(ROWS)


def test_what_is_asked_is_found(file):
    """Part of an id, a reason, an action, a band of risk, the order; a page beyond the last is the last."""
    listing = Listing.of(file, file)
    assert {row["id"] for row in _all(listing, text="P0010")} == {"p00100", "p00102", "p00105", "p00108"}
    assert all("denosumab" in row["reasons"] for row in _all(listing, reason="denosumab"))
    assert len(_all(listing, reason="denosumab")) == 4
    risks = [row["risk_major_osteoporotic_10y"] for row in _all(listing, band="2", sort="risk")]
    assert risks == sorted(risks, reverse=True)
    assert 0.1 <= risks[-1] <= risks[0] < 0.2
    assert (
        listing.find(ListQuery(news="yes"), {}, ON).total == listing.find(ListQuery(action="none"), {}, ON).total == 0
    )
    assert listing.find(ListQuery(page=999), {}, ON).page == -(-len(worklist(ROWS, ON)) // PAGE)
    assert listing.find(ListQuery(text="p.*["), {}, ON).total == 0


def test_a_person_is_read_whole_even_if_the_file_is_replaced_meanwhile(tmp_path):
    """The file stays open as it was; nobody gets the row of another."""
    file = written(many(600), tmp_path / "scores.parquet")
    listing = Listing.of(file)
    written(many(3), tmp_path / "new.parquet").replace(file)
    assert [listing.row(place)["id"] for place in (0, 251, 599)] == ["p00000", "p00251", "p00599"]


def test_scores_of_another_version_and_files_that_are_none_are_refused(tmp_path):
    """Told by what the file says of itself, and by its columns."""
    newer = schema().with_metadata({"trabecula.scores": "2.0"})
    fewer = pa.schema(list(schema())[:30], schema().metadata)
    for of, told in (
        (newer, "version 2.0"),
        (fewer, "version 1.0"),
        (schema().with_metadata({}), "no table of scores"),
    ):
        with pytest.raises(RunRefused, match=told):
            open_scores(written([scores("a")], tmp_path / "other.parquet", of))
    (tmp_path / "text.parquet").write_text("no table")
    for name in ("text.parquet", "missing.parquet"):
        with pytest.raises(RunRefused, match="no table of scores"):
            open_scores(tmp_path / name)
