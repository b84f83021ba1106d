"""The work list of a large register, a page at a time: searched, filtered and sorted as Arrow columns.

    listing = Listing.of(Path("scores.parquet"))
    found = listing.find(ListQuery(text="17", reason="dxa"), kept, on)

The rules are those of `worklist`, asked once for each row when the file is read; what is asked afterwards is a matter
of columns. A person's whole row is read from the file when they are opened. The file stays open, so that one that is
replaced meanwhile is still read as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from trabecula.register.chunks import open_scores
from trabecula.register.columns import RANKED_BY, SCORED
from trabecula.register.summary import RISK_BANDS
from trabecula.register.worklist import WATCHED, Acknowledged, Scores, is_quiet, news, rank, reasons

if TYPE_CHECKING:  # an extra
    import pyarrow as pa
    import pyarrow.parquet as pq

PAGE = 50
"""People on a page."""
SHOWN = ("open", "quiet", "everybody")
"""Who is shown: with something to do, acknowledged or snoozed, or all, refused and idle ones too."""
SORTS = {"urgency": (), "risk": ((RANKED_BY, "descending"),), "due": (("action_on", "ascending"),),
         "age": (("age_y", "descending"),), "id": (("id", "ascending"),)}  # fmt: skip
"""By which people may be sorted; those who are alike stand by urgency."""
_URGENCY = (("rank", "ascending"), (RANKED_BY, "descending"), ("id", "ascending"))
_READ = (
    "id", "status", "date", "age_y", "sex", *WATCHED, "action_on", "action_message", "dxa_due", "on_bone_medicine",
    RANKED_BY, f"{RANKED_BY}_low", f"{RANKED_BY}_high", f"{RANKED_BY}_average",
)  # fmt: skip

_READING = Lock()
"""A file that is open is read by one thread at a time."""


@dataclass(frozen=True)
class ListQuery:
    """What is asked of the list; empty where all are meant."""

    text: str = ""
    """Part of an id, in capitals or not."""
    show: str = SHOWN[0]
    reason: str = ""
    action: str = ""
    band: str = ""
    """The place of a band in `RISK_BANDS`."""
    news: str = ""
    """`yes`: only who is new, or has changed, since the last run."""
    sort: str = "urgency"
    page: int = 1


@dataclass(frozen=True)
class ListPage:
    """A page of the list."""

    rows: list[dict[str, Any]]
    """Rows with the columns of the list; `reasons`, `news` and `place` (in the file) beside those of the scores."""
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Listing:
    """A table of scores, read for its list."""

    file: "pq.ParquetFile"
    stamp: tuple[int, ...]
    """What changes when the file does."""
    table: "pa.Table"
    """A row a person with the columns of the list, in the order of the file."""
    compared: bool
    """Whether the last run is known."""

    @classmethod
    def of(cls, file: Path, earlier: Path | None = None) -> "Listing":
        """Read a file; raises RunRefused where it is no table of scores of ours."""
        import pyarrow as pa  # an extra

        scores, stamp = open_scores(file), stamp_of(file)
        table = scores.read(columns=list(_READ))
        before = {} if earlier is None else {row["id"]: row for row in _rows_of(earlier)}
        rows = table.to_pylist()
        scored = [row["status"] == SCORED for row in rows]
        told = list(zip(rows, scored, strict=True))
        texts = pa.list_(pa.string())
        made = {
            "place": pa.array(range(len(rows)), pa.int64()),
            "reasons": pa.array([list(reasons(row)) if has else [] for row, has in told], texts),
            "why": pa.array([f",{','.join(reasons(row))}," if has else "" for row, has in told], pa.string()),
            "rank": pa.array([rank(row) if has else len(rows) for row, has in told], pa.int64()),
            "news": pa.array([list(news(row, before)) if has and earlier else [] for row, has in told], texts),
        }
        for name, column in made.items():
            table = table.append_column(name, column)
        return cls(scores, stamp, table, earlier is not None)

    @property
    def day(self) -> date | None:
        """The day of assessment; None for a table of nobody."""
        return self.table["date"][0].as_py() if self.table.num_rows else None

    @cached_property
    def actions(self) -> Mapping[str, str]:
        """Kinds of the next action with a message of each, the commonest first."""
        rows = self.table.select(["action", "action_message"]).to_pylist()
        counts: dict[str, int] = {}
        said: dict[str, str] = {}
        for row in rows:
            if row["action"] and row["action_message"]:
                counts[row["action"]] = counts.get(row["action"], 0) + 1
                said.setdefault(row["action"], row["action_message"])
        return {name: said[name] for name in sorted(counts, key=lambda name: -counts[name])}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each person stands in the file, by id."""
        return {id: place for place, id in enumerate(self.table["id"].to_pylist())}

    def row(self, place: int) -> dict[str, Any]:
        """A person's whole row."""
        groups, first = self.file.metadata, 0
        for group in range(groups.num_row_groups):
            size = groups.row_group(group).num_rows
            if place < first + size:
                with _READING:
                    return self.file.read_row_group(group).slice(place - first, 1).to_pylist()[0]
            first += size
        raise IndexError(place)

    def line(self, place: int) -> dict[str, Any]:
        """A person's row of the list."""
        return self.table.slice(place, 1).to_pylist()[0]

    def find(self, asked: ListQuery, kept: Mapping[str, Acknowledged], on: date) -> ListPage:
        """A page of those who are meant; one beyond the last is the last."""
        pc = _functions()
        found = self.table.filter(self._meant(asked, kept, on))
        pages = max(-(-found.num_rows // PAGE), 1)
        page = min(max(asked.page, 1), pages)
        keys = [*SORTS.get(asked.sort, ()), *_URGENCY]
        order = pc.sort_indices(found, sort_keys=list(dict(keys).items()))
        shown = found.take(order.slice((page - 1) * PAGE, PAGE)).to_pylist()
        return ListPage(shown, found.num_rows, page, pages)

    def _meant(self, asked: ListQuery, kept: Mapping[str, Acknowledged], on: date) -> "pa.ChunkedArray":
        """Who is meant, as a column of yes and no."""
        import pyarrow as pa  # an extra

        pc, table = _functions(), self.table
        has_reason = pc.greater(pc.list_value_length(table["reasons"]), 0)
        quiet = pc.is_in(table["id"], pa.array(self._quiet(kept, on), pa.string()))
        meant = {
            "open": lambda: pc.and_(has_reason, pc.invert(quiet)),
            "quiet": lambda: pc.and_(has_reason, quiet),
        }.get(asked.show, lambda: pc.is_valid(table["id"]))()
        if asked.text:
            meant = pc.and_(meant, pc.match_substring(table["id"], asked.text, ignore_case=True))
        if asked.reason:
            meant = pc.and_(meant, pc.match_substring(table["why"], f",{asked.reason},"))
        if asked.action:
            meant = pc.and_(meant, pc.fill_null(pc.equal(table["action"], asked.action), False))
        if asked.band:
            low, high = RISK_BANDS[int(asked.band)]
            risk = table[RANKED_BY]
            within = pc.and_(pc.greater_equal(risk, low), pc.less(risk, high))
            meant = pc.and_(meant, pc.fill_null(within, False))
        if asked.news:
            meant = pc.and_(meant, pc.greater(pc.list_value_length(table["news"]), 0))
        return meant

    def _quiet(self, kept: Mapping[str, Acknowledged], on: date) -> list[str]:
        """The ids of those who stay quiet: the rule is asked of those alone about whom something was said."""
        places = [self.places[id] for id in kept if id in self.places]
        rows: list[Scores] = self.table.select(["id", *WATCHED]).take(places).to_pylist() if places else []
        return [row["id"] for row in rows if is_quiet(row, on, kept[row["id"]])]


def _functions() -> Any:
    """Arrow's functions, which it makes as it is loaded, so that no type checker knows them."""
    import pyarrow.compute as pc  # an extra

    return pc


def stamp_of(file: Path) -> tuple[int, ...]:
    """What changes when a file does; empty where it is gone."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of an earlier run, as far as changes are looked for."""
    with open_scores(file) as scores:
        return scores.read(columns=["id", "status", *WATCHED, RANKED_BY]).to_pylist()
