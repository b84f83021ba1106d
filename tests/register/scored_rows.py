"""Tables of scores made by hand, for what reads them."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq

from trabecula.register.columns import columns, schema
from trabecula.words.message import Message, pack

ON = date(2026, 11, 22)
SCAN = pack(
    Message(
        "task.measure_height_and_compare_it_with_45db43fa", {}, "Measure height and compare it with tallest-ever height"
    )
)


def scores(id, risk=0.1, **more):
    """The whole row of somebody who was scored, without anything to do."""
    numbers = {column.name: 0.05 for column in columns() if column.name.startswith(("risk_", "death_"))}
    densities = {column.name: -1.5 for column in columns() if column.name.startswith("t_score_")}
    ranked = {f"risk_major_osteoporotic_10y{end}": risk * by for end, by in (("", 1), ("_low", 0.5), ("_high", 2))}
    plain = {
        "id": id, "status": "scored", "date": ON, "draws": 20, "age_y": 50.0, "sex": "female", "country": "DE",
        "ms": True, "category": "low", "on_bone_medicine": False, "dxa_overdue": False, "dxa_due": False,
        "denosumab_late": False, "gaps": ["scan"], "action": "dxa", "action_on": ON, "action_message": SCAN,
    }  # fmt: skip
    return dict.fromkeys(column.name for column in columns()) | numbers | densities | ranked | plain | more


def refused(id):
    """The row of somebody who was refused."""
    return {"id": id, "status": "refused", "date": ON, "refusal": "no birth date",
            "refusal_message": pack(Message("register.save_without_password"))}  # fmt: skip


def many(n):
    """So many people, each unlike the one before; the first of each hundred waits for denosumab."""
    return [
        scores(
            f"p{number:05d}", (number * 7919 % 1000) / 2500.0, age_y=30.0 + number % 50, dxa_overdue=number % 3 == 0,
            urgent="denosumab" if number % 100 == 0 else None, denosumab_late=number % 100 == 0,
            action_on=ON + timedelta(days=number % 90), sex="male" if number % 3 == 0 else "female",
        )
        for number in range(n)
    ]  # fmt: skip


def written(rows, file, of=None):
    """A file of scores, in groups of 250 as a run writes them."""
    pq.write_table(pa.Table.from_pylist(rows, schema=of or schema()), file, row_group_size=250, compression="zstd")
    return file
