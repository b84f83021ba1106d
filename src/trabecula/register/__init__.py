"""Many real people: an iterator of entries in, a table of scores out.

    entries -> one row a person: scored, or refused with the reason -> Parquet in chunks -> one file and its manifest

Whoever reads a register (`adapters`) yields an `Entry` for every person that it finds, also for those whom it could not
read; whoever scores keeps each of them. So people in are people scored and people refused, always.
"""

from trabecula.register.columns import SCHEMA_VERSION, schema
from trabecula.register.entries import Entry, Register
from trabecula.register.rows import Scoring, score, table
from trabecula.register.running import HowFar, run
