"""OMOP CDM 5.4: people out of DuckDB, PostgreSQL or Spark, and a person as its rows.

register = OmopRegister(DuckDbEngine(Path("cdm")), date(2026, 11, 30))
for entry in register: ...
"""

from trabecula.adapters.omop.engines import DuckDbEngine, Engine, PostgresEngine, SparkEngine
from trabecula.adapters.omop.folder import write_folder
from trabecula.adapters.omop.register import OmopRegister
from trabecula.adapters.omop.sources import PACKAGES, engine_of, omop_register
from trabecula.adapters.omop.writing import OmopRows, write_rows
